/* SPDX-License-Identifier: MIT */
/* look_linux.c - what a file is, and who else has it open. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "fix/writer_internal.h"

bool writer_open_file(const struct diag_writer *w, const char *name, int *fd,
		      struct stat *st, struct diag_err *err)
{
	/* O_NONBLOCK: a pipe that somebody laid there shall not hold us. */
	*fd = openat(w->folder, name,
		     O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0 && errno == ENOENT)
		return true;
	if (*fd < 0 && errno == ELOOP)
		return writer_changed_meanwhile(w, err);
	if (*fd < 0 || fstat(*fd, st) != 0)
		return writer_fail(w, err, errno, "cannot be opened");
	if (S_ISREG(st->st_mode))
		return true;
	(void)close(*fd);
	*fd = -1;
	return writer_fail(w, err, 0, "not a file that can be rewritten");
}

bool writer_same_stat(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* A read lease is granted only while nobody has the file open for writing,
 * fcntl(2).  Somebody who opens it in the moment we have the lease makes the
 * kernel send a signal, which by default would end us: SIGURG does not. */
enum writer_open_elsewhere writer_elsewhere(int fd)
{
	if (fcntl(fd, F_SETSIG, SIGURG) != 0)
		return WRITER_UNKNOWN;
	if (fcntl(fd, F_SETLEASE, F_RDLCK) != 0)
		return errno == EAGAIN ? WRITER_SOMEBODY : WRITER_UNKNOWN;
	(void)fcntl(fd, F_SETLEASE, F_UNLCK);
	return WRITER_NOBODY;
}

/* Older kernels and some file systems tell the flags only here,
 * ioctl_iflags(2). */
static void old_flags(const struct diag_writer *w, const char *name, int flags,
		      struct diag_file_state *out)
{
	int fd = openat(w->folder, name,
			O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | flags);
	int bits = 0;

	if (fd < 0)
		return;
	if (ioctl(fd, FS_IOC_GETFLAGS, &bits) == 0) {
		out->immutable = out->immutable || (bits & FS_IMMUTABLE_FL);
		out->append_only = out->append_only || (bits & FS_APPEND_FL);
	}
	(void)close(fd);
}

/* Flags of the file, or of the folder it is in: both forbid a rename. */
static void look_flags(const struct diag_writer *w, const char *name, int flags,
		       struct diag_file_state *out)
{
	struct statx sx;

	if (statx(w->folder, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS,
		  &sx) != 0)
		return;
	out->immutable =
	    out->immutable || (sx.stx_attributes & STATX_ATTR_IMMUTABLE);
	out->append_only =
	    out->append_only || (sx.stx_attributes & STATX_ATTR_APPEND);
	/* Kernels before 5.8 do not tell; there the rename does (EBUSY). */
	if ((flags & O_DIRECTORY) == 0)
		out->mount_point =
		    (sx.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
	if ((sx.stx_attributes_mask & STATX_ATTR_IMMUTABLE) == 0)
		old_flags(w, name, flags, out);
}

/* Of the file if it is a mount of its own, else of its folder. */
static void look_space(const struct diag_writer *w, struct diag_file_state *out)
{
	struct statvfs fs;
	int fd = -1;

	if (out->mount_point)
		fd = openat(w->folder, w->name,
			    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fstatvfs(fd >= 0 ? fd : w->folder, &fs) == 0) {
		out->read_only_fs = (fs.f_flag & ST_RDONLY) != 0;
		out->free_bytes =
		    (uint64_t)(geteuid() == 0 ? fs.f_bfree : fs.f_bavail) *
		    fs.f_frsize;
	}
	if (fd >= 0)
		(void)close(fd);
}

static bool may_write(const struct diag_writer *w, const char *name, int mode)
{
	/* EROFS is told by read_only_fs, and has its own sentence. */
	return faccessat(w->folder, name, mode, AT_EACCESS) == 0 ||
	       errno == EROFS;
}

bool writer_look(const struct diag_writer *w, struct diag_file_state *out,
		 struct stat *st, struct diag_err *err)
{
	*out = (struct diag_file_state){ .real_path = w->real,
					 .symlink = w->symlink,
					 .mode = 0644,
					 .uid = geteuid(),
					 .gid = getegid() };
	*st = (struct stat){ 0 };
	out->missing =
	    fstatat(w->folder, w->name, st, AT_SYMLINK_NOFOLLOW) != 0;
	if (out->missing && errno != ENOENT)
		return writer_fail(w, err, errno, "cannot be looked at");
	out->folder_writable = may_write(w, ".", W_OK | X_OK);
	out->file_writable = out->missing || may_write(w, w->name, W_OK);
	if (!out->missing) {
		out->hard_links = (unsigned)st->st_nlink;
		out->mode = st->st_mode & 07777u;
		out->uid = st->st_uid;
		out->gid = st->st_gid;
		look_flags(w, w->name, 0, out);
	}
	if (!out->mount_point)
		look_flags(w, ".", O_DIRECTORY, out);
	look_space(w, out);
	return true;
}
