/* SPDX-License-Identifier: MIT */
/* file_create_linux.c - a new file that is there as a whole or not at all.
 *
 * The bytes go into a file without a name (open(2), O_TMPFILE), which the
 * kernel takes back when we die, whatever kills us; linkat(2) gives it its name
 * and fails if somebody has it, be it as a link that leads nowhere.  Where
 * there are no such files it gets a name of its own first, and signals that end
 * us wait until that is gone again.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"

#define TEMP_TRIES 100
#define TEMP_LEN   64
#define FD_PATH	   64 /* /proc/self/fd/N */

struct making {
	int folder;
	const char *name; /* in it */
	const struct diag_buf *data;
	mode_t mode;
	bool replace;
};

static bool pour(int fd, const struct making *m)
{
	return diag_fd_write(fd, diag_buf_str(m->data), m->data->len) &&
	       diag_fd_sync(fd);
}

/* A name that is free, made by make(); false with errno. */
static bool with_temp(const struct making *m, char temp[TEMP_LEN],
		      bool (*make)(const struct making *m, const char *temp,
				   int *fd),
		      int *fd)
{
	for (int i = 0; i < TEMP_TRIES; i++) {
		(void)snprintf(temp, TEMP_LEN, ".pldiag-%ld-%d", (long)getpid(),
			       i);
		if (make(m, temp, fd))
			return true;
		if (errno != EEXIST)
			return false;
	}
	return false;
}

static bool name_it(const struct making *m, const char *name, int *fd)
{
	char self[FD_PATH];

	(void)snprintf(self, sizeof(self), "/proc/self/fd/%d", *fd);
	return linkat(AT_FDCWD, self, m->folder, name, AT_SYMLINK_FOLLOW) == 0;
}

static bool create_it(const struct making *m, const char *name, int *fd)
{
	*fd = openat(m->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		     m->mode);
	return *fd >= 0;
}

/* One that nobody has.  FAT knows no second name of a file, and some file
 * systems and sandboxes no renameat2(): one of the two works. */
static bool take_free(const struct making *m, const char *temp)
{
	if (renameat2(m->folder, temp, m->folder, m->name, RENAME_NOREPLACE) ==
	    0)
		return true;
	return errno != EEXIST &&
	       linkat(m->folder, temp, m->folder, m->name, 0) == 0 &&
	       unlinkat(m->folder, temp, 0) == 0;
}

/* From a name of its own to the one that was asked for; the former is gone in
 * any case. */
static bool take_name(const struct making *m, const char *temp)
{
	bool ok = m->replace
		      ? renameat(m->folder, temp, m->folder, m->name) == 0
		      : take_free(m, temp);
	int sys = errno;

	if (!ok)
		(void)unlinkat(m->folder, temp, 0);
	errno = sys;
	return ok;
}

/* --- without a name --------------------------------------------------------
 */

static bool make_unnamed(const struct making *m, int fd)
{
	char temp[TEMP_LEN];

	if (!pour(fd, m))
		return false;
	if (!m->replace)
		return name_it(m, m->name, &fd);
	return with_temp(m, temp, name_it, &fd) && take_name(m, temp);
}

/* --- with one --------------------------------------------------------------
 */

static bool make_named(const struct making *m)
{
	char temp[TEMP_LEN];
	int fd = -1;
	int sys;
	bool ok;

	if (!with_temp(m, temp, create_it, &fd))
		return false;
	ok = pour(fd, m);
	sys = errno;
	if (close(fd) != 0 && ok) {
		ok = false;
		sys = errno;
	}
	if (ok)
		return take_name(m, temp);
	(void)unlinkat(m->folder, temp, 0);
	errno = sys;
	return false;
}

static bool make_undisturbed(const struct making *m)
{
	sigset_t ends, old;
	bool ok;
	int sys;

	(void)sigemptyset(&ends);
	(void)sigaddset(&ends, SIGINT);
	(void)sigaddset(&ends, SIGTERM);
	(void)sigaddset(&ends, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &ends, &old);
	ok = make_named(m);
	sys = errno;
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	errno = sys;
	return ok;
}

/* No such files here, or no /proc to name one by. */
static bool is_unknown(int sys)
{
	return sys == EOPNOTSUPP || sys == EISDIR || sys == EINVAL ||
	       sys == ENOENT;
}

static bool make(const struct making *m)
{
	int fd =
	    openat(m->folder, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, m->mode);
	bool ok = false;
	int sys;

	if (fd >= 0) {
		ok = make_unnamed(m, fd);
		sys = errno;
		(void)close(fd);
		errno = sys;
	}
	if (!ok && is_unknown(errno))
		ok = make_undisturbed(m);
	return ok;
}

/* --- the door --------------------------------------------------------------
 */

/* What stands against a name that somebody has; 0: nothing. */
static int taken(const struct stat *st, bool replace)
{
	if (!replace)
		return EEXIST;
	if (S_ISREG(st->st_mode) || S_ISLNK(st->st_mode))
		return 0;
	return S_ISDIR(st->st_mode) ? EISDIR : EINVAL;
}

static int open_folder(const char *path)
{
	char folder[DIAG_PATH_LEN];
	size_t len = diag_path_folder(path);

	if (len >= sizeof(folder)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(folder, path, len);
	folder[len] = '\0';
	return open(len > 0 ? folder : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

bool diag_file_can_create(const char *path, bool replace, struct diag_err *err)
{
	const char *name = path + diag_path_folder(path);
	struct stat st;

	if (name[0] == '\0')
		errno = EISDIR;
	else if (lstat(path, &st) == 0)
		errno = taken(&st, replace);
	if ((errno == ENOENT || errno == 0) && diag_path_takes(path))
		return true;
	return diag_fail_sys(err, "create", "%s", path);
}

/* A folder we may not read cannot be forced; the file is in place already. */
static bool sync_folder(int folder)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return true;
	ok = diag_fd_sync(fd);
	(void)close(fd);
	return ok;
}

bool diag_file_create(const char *path, const struct diag_buf *data,
		      unsigned mode, bool replace, struct diag_err *err)
{
	struct making m = { .name = path + diag_path_folder(path),
			    .data = data,
			    .mode = (mode_t)mode,
			    .replace = replace };
	bool ok;

	if (!diag_file_can_create(path, replace, err))
		return false;
	m.folder = open_folder(path);
	if (m.folder < 0)
		return diag_fail_sys(err, "create", "%s", path);
	ok = (make(&m) && sync_folder(m.folder)) ||
	     diag_fail_sys(err, "create", "%s", path);
	(void)close(m.folder);
	return ok;
}
