/* SPDX-License-Identifier: MIT */
/* recover_in_place_posix.c - a mix of old and new becomes the old file.
 *
 * A crash while a file is written over leaves blocks of both; after a power
 * cut in any order, and zeros where the disk had room but no bytes yet.  A
 * file that is such a mix was made by us.  One that is not was edited by
 * somebody since, and is left alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "fix/writer_internal.h"

#define BLOCK 512 /* bytes; no disk writes less at once */

/* Bytes [at, at + len) of the kept text are these? */
static bool block_of(int kept, const char *block, size_t len, uint64_t at)
{
	char want[BLOCK];
	size_t got = 0;

	return diag_fd_read_at(kept, want, len, at, &got) && got == len &&
	       memcmp(want, block, len) == 0;
}

static bool zeros(const char *block, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (block[i] != '\0')
			return false;
	return true;
}

static bool is_mix(int fd, int old_fd, int new_fd)
{
	char block[BLOCK];
	uint64_t at = 0;
	size_t got = 0;

	do {
		if (!diag_fd_read_at(fd, block, sizeof(block), at, &got))
			return false;
		if (!block_of(old_fd, block, got, at) &&
		    !block_of(new_fd, block, got, at) && !zeros(block, got))
			return false;
		at += got;
	} while (got == sizeof(block));
	return true;
}

static bool mix_of_kept(const struct diag_writer *w, int fd,
			const struct diag_change *c)
{
	int old_fd = writer_kept_open(w, c->old_sha256);
	int new_fd = writer_kept_open(w, c->new_sha256);
	bool mix = old_fd >= 0 && new_fd >= 0 && is_mix(fd, old_fd, new_fd);

	if (old_fd >= 0)
		(void)close(old_fd);
	if (new_fd >= 0)
		(void)close(new_fd);
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
