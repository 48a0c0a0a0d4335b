/* SPDX-License-Identifier: MIT */
/* file_posix.c - whole files in and out, for POSIX systems.
 *
 * Writing never touches the old file: the new bytes go into a file of their
 * own in the same folder (rename(2) is atomic only inside one file system),
 * are forced to disk, and take the name in one step.  Then the folder itself
 * is forced, or the name might be lost with the power.  Links are followed
 * first, so that a link stays a link and its target is replaced.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"

#define CHUNK	   16384 /* bytes copied at once */
#define TEMP_TRIES 100

/* "-", and the names under which the shell hands us its own descriptors: to
 * open those anew would write over the start of a file that "> file" or
 * ">> file" has open already.  -1: an ordinary path. */
static int given_fd(const char *path, int dash)
{
	struct diag_slice rest = diag_slice_of(path);
	struct diag_cursor c = diag_cursor_of(path, rest.len);
	uint64_t fd;

	if (strcmp(path, "-") == 0)
		return dash;
	if (strcmp(path, "/dev/stdin") == 0)
		return STDIN_FILENO;
	if (strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	if (strncmp(path, "/dev/fd/", 8) != 0 || !diag_cursor_skip(&c, 8))
		return -1;
	rest = (struct diag_slice){ path + 8, diag_cursor_left(&c) };
	return diag_slice_number(rest, 0, 1 << 20, &fd) ? (int)fd : -1;
}

bool diag_file_read(const char *path, size_t max, struct diag_buf *out,
		    struct diag_err *err)
{
	int given = given_fd(path, STDIN_FILENO);
	int fd = given >= 0 ? given : open(path, O_RDONLY | O_CLOEXEC);
	bool ok;

	diag_buf_init(out, max);
	if (fd < 0)
		return diag_fail_sys(err, "read", "%s",
				     path[0] != '\0' ? path : "\"\"");
	ok = diag_fd_read(fd, out) || diag_fail_sys(err, "read", "%s", path);
	if (given < 0)
		(void)close(fd);
	if (ok && out->code == DIAG_ELIMIT)
		return diag_fail(err, DIAG_ELIMIT, "read",
				 "%s: more than %zu bytes", path, max);
	return ok && diag_buf_ok(out, err, "read");
}

/* What a file shall hold: bytes, or with from >= 0 those of another file. */
struct content {
	const void *data;
	size_t len;
	int from;
};

static bool pour(int fd, const struct content *what)
{
	char chunk[CHUNK];
	off_t at = 0;
	ssize_t n;

	if (what->from < 0)
		return diag_fd_write(fd, what->data, what->len);
	do {
		n = pread(what->from, chunk, sizeof(chunk), at);
		if (n > 0 && !diag_fd_write(fd, chunk, (size_t)n))
			return false;
		at += n > 0 ? n : 0;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n == 0;
}

bool diag_file_straight(const char *path, int *fd, struct diag_err *err)
{
	int given = given_fd(path, STDOUT_FILENO);
	struct stat st;

	*fd = -1;
	if (given >= 0)
		*fd = fcntl(given, F_DUPFD_CLOEXEC, 0);
	else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		*fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	else
		return true;
	return *fd >= 0 || diag_fail_sys(err, "write", "%s", path);
}

/* errno, or 0. */
static int stands_against(const char *path)
{
	char target[DIAG_PATH_LEN];
	struct stat st;

	if (path[0] == '\0')
		return ENOENT;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return EISDIR;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 ? 0
									: errno;
	return diag_path_follow(path, target) && diag_path_takes(target)
		   ? 0
		   : errno;
}

bool diag_file_can_write(const char *path, struct diag_err *err)
{
	if (given_fd(path, STDOUT_FILENO) >= 0)
		return true;
	errno = stands_against(path);
	return errno == 0 || diag_fail_sys(err, "write", "%s", path);
}

/* A name nobody has, in the folder of target; the name does not contain
 * target's, which may be as long as a name can be. */
static int open_temp(const char *target, unsigned mode,
		     char temp[DIAG_PATH_LEN])
{
	int folder = (int)diag_path_folder(target);
	int fd = -1;

	for (int i = 0; i < TEMP_TRIES && fd < 0; i++) {
		int n = snprintf(temp, DIAG_PATH_LEN, "%.*s.pldiag-%ld-%d",
				 folder, target, (long)getpid(), i);

		if (n < 0 || n >= DIAG_PATH_LEN) {
			errno = ENAMETOOLONG;
			return -1;
		}
		fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			  (mode_t)mode);
		if (fd < 0 && errno != EEXIST)
			return -1;
	}
	return fd;
}

/* A folder we may not read cannot be forced; the file is in place already. */
static bool sync_folder(const char *target)
{
	char folder[DIAG_PATH_LEN];
	int fd;
	bool ok;

	(void)snprintf(folder, sizeof(folder), "%.*s",
		       (int)diag_path_folder(target), target);
	fd = open(folder[0] != '\0' ? folder : ".",
		  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return true;
	ok = diag_fd_sync(fd);
	(void)close(fd);
	return ok;
}

static bool replace(const char *target, const struct content *what,
		    unsigned mode)
{
	char temp[DIAG_PATH_LEN];
	int fd = open_temp(target, mode, temp);
	bool ok;
	int sys;

	if (fd < 0)
		return false;
	ok = pour(fd, what) && diag_fd_sync(fd);
	sys = errno; /* of the first thing that failed */
	if (close(fd) != 0 && ok) {
		sys = errno;
		ok = false;
	}
	if (ok && rename(temp, target) != 0) {
		sys = errno;
		ok = false;
	}
	if (ok)
		return sync_folder(target);
	(void)unlink(temp);
	errno = sys;
	return false;
}

static bool put_file(const char *path, const struct content *what,
		     unsigned mode, struct diag_err *err)
{
	char target[DIAG_PATH_LEN];
	int fd;
	bool ok;

	if (!diag_file_straight(path, &fd, err))
		return false;
	if (fd < 0)
		return (diag_path_follow(path, target) &&
			replace(target, what, mode)) ||
		       diag_fail_sys(err, "write", "%s", path);
	ok = pour(fd, what) || diag_fail_sys(err, "write", "%s", path);
	if (close(fd) != 0 && ok)
		ok = diag_fail_sys(err, "write", "%s", path);
	return ok;
}

bool diag_file_write(const char *path, const void *data, size_t len,
		     unsigned mode, struct diag_err *err)
{
	const struct content what = { data, len, -1 };

	return put_file(path, &what, mode, err);
}

bool diag_file_copy(const char *path, int from, unsigned mode,
		    struct diag_err *err)
{
	const struct content what = { NULL, 0, from };

	return put_file(path, &what, mode, err);
}
