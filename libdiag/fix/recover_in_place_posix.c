/* SPDX-License-Identifier: MIT */
/* recover_in_place_posix.c - a mix of old and new becomes the old file.
 *
 * A crash while a file is written over leaves blocks of both; after a power
 * cut in any order, and zeros where the disk had room but no bytes yet.  Its
 * length is that of one of the two or lies between.  A file that is such a mix
 * was made by us.  One that is not was edited by somebody since, and is left
 * alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "fix/writer_internal.h"

#define BLOCK 512 /* bytes; no disk writes less at once */

/* One of the two texts, and its part of the block that is looked at. */
struct kept {
	int fd;
	uint64_t len; /* of all of it */
	char block[BLOCK];
	size_t got;
};

static bool load(struct kept *k, uint64_t at)
{
	return diag_fd_read_at(k->fd, k->block, BLOCK, at, &k->got);
}

/* first as far as it goes; behind its end what was there, or zeros. */
static bool is_block(const char *block, size_t len, const struct kept *first,
		     const struct kept *other)
{
	bool same = true, zero = true;

	for (size_t i = 0; i < len; i++) {
		if (i < first->got) {
			same = same && block[i] == first->block[i];
			continue;
		}
		zero = zero && block[i] == '\0';
		if (!zero && (i >= other->got || block[i] != other->block[i]))
			return false;
	}
	return same;
}

static bool zeros(const char *block, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (block[i] != '\0')
			return false;
	return true;
}

static bool is_mix(int fd, struct kept *was, struct kept *will)
{
	char block[BLOCK];
	uint64_t at = 0;
	size_t got = 0;

	do {
		if (!diag_fd_read_at(fd, block, sizeof(block), at, &got) ||
		    !load(was, at) || !load(will, at))
			return false;
		if (!is_block(block, got, was, will) &&
		    !is_block(block, got, will, was) && !zeros(block, got))
			return false;
		at += got;
	} while (got == sizeof(block));
	return at >= (was->len < will->len ? was->len : will->len) &&
	       at <= (was->len < will->len ? will->len : was->len);
}

static bool mix_of_kept(const struct diag_writer *w, int fd,
			const struct diag_change *c)
{
	struct kept was = { .fd = writer_kept_open(w, c->old_sha256),
			    .len = c->old_len };
	struct kept will = { .fd = writer_kept_open(w, c->new_sha256),
			     .len = c->new_len };
	bool mix = was.fd >= 0 && will.fd >= 0 && is_mix(fd, &was, &will);

	if (was.fd >= 0)
		(void)close(was.fd);
	if (will.fd >= 0)
		(void)close(will.fd);
	return mix;
}

static bool restore(struct diag_writer *w, struct diag_err *err)
{
	const struct diag_journal_entry *e = writer_last(w);
	const struct writer_rights rights = { .mode = e->mode };
	int fd = openat(w->folder, w->name,
			O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	bool ok = fd >= 0 &&
		  writer_in_place_restore(w, fd, e->change.old_sha256, &rights);

	if (!ok)
		(void)writer_fail(w, err, errno,
				  "an interrupted write cannot be taken back");
	if (fd >= 0)
		(void)close(fd);
	return ok;
}

bool writer_in_place_recover(struct diag_writer *w, bool *happened,
			     struct diag_err *err)
{
	const struct diag_change *c = &writer_last(w)->change;
	char now[DIAG_SHA256_TEXT] = "";
	struct stat st;
	bool ok = true;
	int fd;

	if (!writer_open_file(w, w->name, &fd, &st, err))
		return false;
	if (fd >= 0 && !writer_hash_fd(w, fd, now, err))
		ok = false;
	else if (strcmp(now, c->new_sha256) == 0)
		*happened = diag_fd_sync(fd);
	else if (strcmp(now, c->old_sha256) == 0)
		*happened = false;
	else if (fd >= 0 && mix_of_kept(w, fd, c))
		ok = restore(w, err);
	else
		*happened = true;
	if (fd >= 0)
		(void)close(fd);
	return ok;
}
