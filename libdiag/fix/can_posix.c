/* SPDX-License-Identifier: MIT */
/* can_posix.c - why a write would fail, in the order in which a person would
 * have to repair it.  Checked before anything is touched; what cannot be known
 * before (a quota) fails the write, which then leaves the old file. */
#include <errno.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "fix/writer_internal.h"

#define SLACK_BLOCKS 8 /* for names, the journal and what others take */

static bool no_room(const struct diag_writer *w, const char *where,
		    uint64_t need, uint64_t have, struct diag_err *err)
{
	return writer_fail(
	    w, err, ENOSPC, "the disk %s is full: %llu bytes needed, %llu free",
	    where, (unsigned long long)need, (unsigned long long)have);
}

/* Is the old file kept itself, and not a copy?  As writer_may_move(), but of
 * a file that nobody opened. */
static bool will_move(const struct diag_writer *w,
		      const struct diag_file_state *file, const struct stat *st)
{
	struct stat state;

	return !file->mount_point && st->st_nlink == 1 &&
	       st->st_uid == geteuid() && fstat(w->state, &state) == 0 &&
	       state.st_dev == st->st_dev;
}

static bool enough_room(const struct diag_writer *w,
			const struct diag_file_state *file,
			const struct stat *st, uint64_t len,
			struct diag_err *err)
{
	struct statvfs fs;
	struct stat state, folder;
	uint64_t keep = 0, slack, free_here;

	if (fstatvfs(w->state, &fs) != 0 || fstat(w->state, &state) != 0 ||
	    fstat(w->folder, &folder) != 0)
		return true;
	slack = (uint64_t)fs.f_frsize * SLACK_BLOCKS;
	free_here =
	    (uint64_t)(geteuid() == 0 ? fs.f_bfree : fs.f_bavail) * fs.f_frsize;
	if (!file->missing && !will_move(w, file, st))
		keep = (uint64_t)st->st_size + (file->mount_point ? len : 0);
	if (free_here < keep + slack)
		return no_room(w, "of the state folder", keep + slack,
			       free_here, err);
	if (!file->mount_point && folder.st_dev == state.st_dev)
		len += keep;
	else if (file->mount_point)
		len -=
		    len < (uint64_t)st->st_size ? len : (uint64_t)st->st_size;
	if (file->free_bytes < len + slack && len > 0)
		return no_room(w, "that it is on", len + slack,
			       file->free_bytes, err);
	return true;
}

/* In a folder with the sticky bit only the owner of a file, of the folder, or
 * root may rename or remove the file, inode(7). */
static bool sticky_forbids(const struct diag_writer *w,
			   const struct diag_file_state *file)
{
	struct stat folder;
	uid_t us = geteuid();

	return us != 0 && !file->missing && !file->mount_point &&
	       fstat(w->folder, &folder) == 0 &&
	       (folder.st_mode & S_ISVTX) != 0 && folder.st_uid != us &&
	       file->uid != us;
}

static bool owner_lost(const struct diag_file_state *file)
{
	return geteuid() != 0 && !file->missing && !file->mount_point &&
	       file->uid != geteuid();
}

bool writer_can(const struct diag_writer *w, const struct diag_file_state *file,
		const struct stat *st, size_t len, struct diag_err *err)
{
	if (!file->missing && !S_ISREG(st->st_mode))
		return writer_fail(w, err, 0,
				   "not a file that can be rewritten");
	if (len > DIAG_WRITER_BYTES)
		return diag_fail(err, DIAG_ELIMIT, WRITER_OP,
				 "more than %zu bytes", DIAG_WRITER_BYTES);
	if (file->read_only_fs)
		return writer_fail(w, err, EROFS,
				   "the file system it is on is mounted "
				   "read-only");
	if (file->immutable)
		return writer_fail(w, err, EPERM,
				   "it or its folder is immutable; chattr -i "
				   "takes that away");
	if (file->append_only)
		return writer_fail(w, err, EPERM,
				   "it or its folder is append-only; chattr -a "
				   "takes that away");
	if (!file->mount_point && !file->folder_writable)
		return writer_fail(w, err, EACCES,
				   "its folder may not be written to; try as "
				   "root");
	if (!file->file_writable)
		return writer_fail(w, err, EACCES,
				   "it may not be written to (mode %04o, "
				   "uid %u)",
				   file->mode, file->uid);
	if (sticky_forbids(w, file))
		return writer_fail(w, err, EPERM,
				   "in a folder like this only its owner (uid "
				   "%u) may replace it",
				   file->uid);
	if (owner_lost(file))
		return writer_fail(w, err, EPERM,
				   "its owner (uid %u) could not be kept; try "
				   "as root",
				   file->uid);
	return enough_room(w, file, st, len, err);
}
