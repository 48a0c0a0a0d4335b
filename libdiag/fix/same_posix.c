/* SPDX-License-Identifier: MIT */
/* same_posix.c - nobody's edit is lost to ours.
 *
 * The bytes are compared by their hash while the new file is made, and again
 * around the step itself.  A big file is not read again before the step: what
 * was there then is looked at after it, when it cannot change any more.  And
 * one that was last changed long ago is not read then either: a change would
 * show in its times.  In one that was changed just now it might not, because
 * these times are as coarse as the kernel's tick.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fix/writer_internal.h"

#define SMALL ((off_t)1 << 20) /* bytes; read as quickly as asked about */

int64_t writer_long_ago_s = 2; /* many ticks */

bool writer_changed_meanwhile(const struct diag_writer *w, struct diag_err *err)
{
	return writer_fail(w, err, 0,
			   "was changed by somebody else meanwhile; nothing "
			   "was written");
}

bool writer_same_bytes(const struct writer_change *c, struct diag_err *err)
{
	char now[DIAG_SHA256_TEXT];

	if (!writer_hash_fd(c->w, c->old, now, err))
		return false;
	return strcmp(now, c->w->seen.sha256) == 0 ||
	       writer_changed_meanwhile(c->w, err);
}

bool writer_times_tell(const struct stat *st, int64_t now_s)
{
	int64_t past = now_s - writer_long_ago_s;

	return st->st_size > SMALL && st->st_mtim.tv_sec < past &&
	       st->st_ctim.tv_sec < past;
}

static bool nobody_writes(const struct writer_change *c, struct diag_err *err)
{
	return writer_elsewhere(c->old) != WRITER_SOMEBODY ||
	       writer_fail(c->w, err, 0,
			   "another program has it open for writing; nothing "
			   "was written");
}

/* ctime too: a new mode or attribute would be lost as well. */
bool writer_untouched(const struct stat *a, const struct stat *b)
{
	return writer_same_stat(a, b) &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

bool writer_still_same(const struct writer_change *c, struct diag_err *err)
{
	struct stat now;
	bool there =
	    fstatat(c->w->folder, c->w->name, &now, AT_SYMLINK_NOFOLLOW) == 0;

	if (!there && errno != ENOENT)
		return writer_fail(c->w, err, errno, "cannot be looked at");
	if (there != (c->old >= 0) ||
	    (there && !writer_untouched(&now, &c->old_st)))
		return writer_changed_meanwhile(c->w, err);
	if (!there)
		return true;
	return nobody_writes(c, err) &&
	       (c->old_st.st_size > SMALL || writer_same_bytes(c, err));
}

bool writer_surely_same(const struct writer_change *c, struct diag_err *err)
{
	return c->old < 0 || c->old_st.st_size <= SMALL || c->times_tell ||
	       writer_same_bytes(c, err);
}

static bool same_rights(const struct stat *a, const struct stat *b)
{
	return a->st_mode == b->st_mode && a->st_uid == b->st_uid &&
	       a->st_gid == b->st_gid;
}

/* The rename itself may count as a change, so ctime says nothing now.  An
 * overlay file system gives a file that it copies up another number; then the
 * bytes decide. */
bool writer_displaced_same(struct writer_change *c, struct diag_err *err)
{
	const char *temp = writer_last(c->w)->temp;
	struct stat now;
	int fd;

	if (!writer_open_file(c->w, temp, &fd, &now, err))
		return false;
	if (fd < 0)
		return writer_changed_meanwhile(c->w, err);
	(void)close(c->old);
	c->old = fd;
	if (!same_rights(&now, &c->old_st))
		return writer_changed_meanwhile(c->w, err);
	if (!nobody_writes(c, err))
		return false;
	return (c->times_tell && writer_same_stat(&now, &c->old_st)) ||
	       writer_same_bytes(c, err);
}
