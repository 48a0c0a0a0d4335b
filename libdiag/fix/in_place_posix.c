/* SPDX-License-Identifier: MIT */
/* in_place_posix.c - where no rename is possible: a file that is a mount point
 * of its own, as /etc/hosts of a container.
 *
 * Such a file can only be written over, and a crash in the middle leaves a mix
 * of old and new.  So both are in the state folder, forced to disk, before the
 * first byte is touched; the next run sees the mix and makes it the old file.
 * Room on the disk is reserved before as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "fix/writer_internal.h"

#define CHUNK ((size_t)256 << 10)

static const void *text_of(const struct writer_change *c)
{
	return c->order->text != NULL ? c->order->text : diag_buf_str(&c->text);
}

/* The file is the only one there will be, so edits are made in memory. */
static bool hash_new(struct writer_change *c, struct diag_err *err)
{
	struct diag_change *change = &writer_last(c->w)->change;

	if (c->order->edits != NULL &&
	    !diag_writer_edited(c->w, c->order->edits, &c->text, err))
		return false;
	change->new_len = c->order->len;
	return diag_sha256_of(text_of(c), c->order->len, change->new_sha256) ||
	       diag_fail_nomem(err, WRITER_OP);
}

bool writer_in_place_prepare(struct writer_change *c, struct diag_err *err)
{
	struct diag_writer *w = c->w;

	if (writer_removes(c->order))
		return writer_fail(w, err, EBUSY,
				   "it is a mount point and cannot be removed");
	return writer_keep_fd(w, c->old, w->seen.sha256, err) &&
	       hash_new(c, err) &&
	       writer_keep_bytes(w, text_of(c), c->order->len,
				 writer_last(w)->change.new_sha256, err) &&
	       writer_log_ready(w, err);
}

/* The same file again, for writing: our own descriptor would look like another
 * program's before the last check. */
static bool open_again(struct writer_change *c, struct diag_err *err)
{
	struct stat st;

	c->temp = openat(c->w->folder, c->w->name,
			 O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (c->temp < 0 || fstat(c->temp, &st) != 0)
		return writer_fail(c->w, err, errno,
				   "cannot be opened for writing");
	return writer_same_stat(&st, &c->old_st) ||
	       writer_changed_meanwhile(c->w, err);
}

/* Blocks behind the end, if the file system can; a full disk is found here. */
static bool reserve(const struct writer_change *c)
{
	return c->order->len == 0 ||
	       fallocate(c->temp, FALLOC_FL_KEEP_SIZE, 0,
			 (off_t)c->order->len) == 0 ||
	       (errno != ENOSPC && errno != EDQUOT && errno != EIO);
}

bool writer_in_place(struct writer_change *c, struct diag_err *err)
{
	const struct writer_order *o = c->order;

	if (!writer_still_same(c, err) || !writer_surely_same(c, err) ||
	    !open_again(c, err))
		return false;
	writer_rights_take(c->temp, &c->rights);
	if (!reserve(c))
		return writer_fail(c->w, err, errno,
				   "no room for the new bytes");
	c->replaced = true;
	return (diag_fd_write_at(c->temp, text_of(c), o->len, 0) &&
		ftruncate(c->temp, (off_t)o->len) == 0 &&
		writer_rights_give(c->temp, &c->rights) &&
		diag_fd_sync(c->temp)) ||
	       writer_fail(c->w, err, errno, "cannot be written");
}

static bool copy(int from, int to, char *chunk, uint64_t *len)
{
	size_t got;

	*len = 0;
	do {
		if (!diag_fd_read_at(from, chunk, CHUNK, *len, &got) ||
		    !diag_fd_write_at(to, chunk, got, *len))
			return false;
		*len += got;
	} while (got == CHUNK);
	return true;
}

bool writer_in_place_restore(struct diag_writer *w, int fd, const char *sha256,
			     const struct writer_rights *rights)
{
	int from = writer_kept_open(w, sha256);
	char *chunk = from >= 0 ? diag_alloc(CHUNK) : NULL;
	uint64_t len = 0;
	bool ok = chunk != NULL && writer_kept_there(w, sha256) &&
		  copy(from, fd, chunk, &len) &&
		  ftruncate(fd, (off_t)len) == 0 &&
		  writer_rights_give(fd, rights) && diag_fd_sync(fd);

	diag_free(chunk);
	if (from >= 0)
		(void)close(from);
	return ok;
}

bool writer_in_place_back(struct writer_change *c)
{
	if (!c->replaced)
		return true;
	c->replaced = false;
	return writer_in_place_restore(c->w, c->temp, c->w->seen.sha256,
				       &c->rights);
}
