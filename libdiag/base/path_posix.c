/* SPDX-License-Identifier: MIT */
/* path_posix.c - through links to the file itself. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"

#define LINKS_MAX 40 /* as the kernel counts them, path_resolution(7) */

_Static_assert(DIAG_PATH_LEN >= PATH_MAX, "realpath(3) fills PATH_MAX bytes");

size_t diag_path_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

static bool too_long(void)
{
	errno = ENAMETOOLONG;
	return false;
}

bool diag_path_takes(const char *path)
{
	char folder[DIAG_PATH_LEN];
	size_t len = diag_path_folder(path);

	if (len >= sizeof(folder))
		return too_long();
	(void)snprintf(folder, sizeof(folder), "%.*s", (int)len, path);
	return faccessat(AT_FDCWD, len > 0 ? folder : ".", W_OK | X_OK,
			 AT_EACCESS) == 0;
}

/* What the link at path points to, seen from where we stand. */
static bool follow_once(char path[DIAG_PATH_LEN], bool *was_link)
{
	char target[DIAG_PATH_LEN];
	ssize_t n = readlink(path, target, sizeof(target));
	size_t folder;

	*was_link = n >= 0;
	if (n < 0)
		return errno == EINVAL || errno == ENOENT;
	folder = n > 0 && target[0] == '/' ? 0 : diag_path_folder(path);
	if (folder + (size_t)n >= DIAG_PATH_LEN)
		return too_long();
	memcpy(path + folder, target, (size_t)n);
	path[folder + (size_t)n] = '\0';
	return true;
}

bool diag_path_follow(const char *path, char out[DIAG_PATH_LEN])
{
	bool was_link = true;

	if (strlen(path) >= DIAG_PATH_LEN)
		return too_long();
	memcpy(out, path, strlen(path) + 1);
	for (int i = 0; i < LINKS_MAX && was_link; i++)
		if (!follow_once(out, &was_link))
			return false;
	if (was_link)
		errno = ELOOP;
	return !was_link;
}

/* out is "FOLDER/" or "FOLDER"; the name comes behind it. */
static bool join(char out[DIAG_PATH_LEN], const char *name)
{
	size_t len = strlen(out);
	size_t slash = len > 0 && out[len - 1] == '/' ? 0 : 1;

	if (len + slash + strlen(name) >= DIAG_PATH_LEN)
		return too_long();
	if (slash > 0)
		out[len++] = '/';
	memcpy(out + len, name, strlen(name) + 1);
	return true;
}

bool diag_path_real(const char *path, char out[DIAG_PATH_LEN])
{
	char file[DIAG_PATH_LEN], folder[DIAG_PATH_LEN];
	const char *name;
	size_t len;

	if (!diag_path_follow(path, file))
		return false;
	len = diag_path_folder(file);
	name = file + len;
	if (name[0] == '\0' || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0) {
		errno = path[0] == '\0' ? ENOENT : EISDIR;
		return false;
	}
	(void)snprintf(folder, sizeof(folder), "%.*s", (int)len, file);
	return realpath(len > 0 ? folder : ".", out) != NULL && join(out, name);
}
