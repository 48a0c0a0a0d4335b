/* SPDX-License-Identifier: MIT */
/* extract.c - items as files, in a new folder and nowhere else.
 *
 * Paths were checked when the bundle was read (diag_bundle_path_ok).  All the
 * same each name on the way is opened by itself, below the folder we made, and
 * never through a link: somebody else may write there while we do.  What was
 * made before a failure is taken away again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "tools/pl-bundle/bundle.h"

#define FOLDER_MODE 0700
#define FILE_MODE   0600

/* Goes through the folders of path, making them, and gives its last name;
 * *at is then the folder of that (to be closed).  NULL with errno. */
static const char *enter(int root, const char *path, int *at)
{
	char name[DIAG_BUNDLE_PATH + 1];

	*at = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (*at >= 0 && strchr(path, '/') != NULL) {
		size_t len = strcspn(path, "/");
		int next;

		(void)snprintf(name, sizeof(name), "%.*s", (int)len, path);
		if (mkdirat(*at, name, FOLDER_MODE) != 0 && errno != EEXIST)
			break;
		next = openat(*at, name,
			      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		(void)close(*at);
		*at = next;
		path += len + 1;
	}
	return *at >= 0 && strchr(path, '/') == NULL ? path : NULL;
}

static bool put_bytes(int folder, const char *name, const void *bytes,
		      size_t len)
{
	int fd = openat(folder, name,
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			FILE_MODE);
	bool ok;

	if (fd < 0)
		return false;
	ok = diag_fd_write(fd, bytes, len);
	return close(fd) == 0 && ok;
}

static bool put_file(int root, const char *path, const void *bytes, size_t len)
{
	int folder;
	const char *name = enter(root, path, &folder);
	bool ok = name != NULL && put_bytes(folder, name, bytes, len);
	int sys = errno;

	if (folder >= 0)
		(void)close(folder);
	errno = sys;
	return ok;
}

static bool put_all(int root, const struct diag_bundle *b, struct diag_err *err)
{
	struct diag_buf manifest;
	bool ok;

	diag_buf_init(&manifest, PL_BUNDLE_DOC_MAX);
	diag_manifest_print(b, &manifest);
	ok = diag_buf_ok(&manifest, err, "extract") &&
	     (put_file(root, DIAG_BUNDLE_MANIFEST, manifest.data,
		       manifest.len) ||
	      diag_fail_sys(err, "extract", DIAG_BUNDLE_MANIFEST));
	diag_buf_clear(&manifest);
	for (size_t i = 0; ok && i < b->n_items; i++) {
		const struct diag_item *item = &b->items[i];

		ok = item->bytes == NULL ||
		     put_file(root, item->path, item->bytes, item->len) ||
		     diag_fail_sys(err, "extract", "%s", item->path);
	}
	return ok;
}

/* The file, and the folders above it that are empty then. */
static void take_away(int root, const char *path)
{
	char at[DIAG_BUNDLE_PATH + 1];
	char *slash;

	(void)snprintf(at, sizeof(at), "%s", path);
	(void)unlinkat(root, at, 0);
	while ((slash = strrchr(at, '/')) != NULL) {
		*slash = '\0';
		(void)unlinkat(root, at, AT_REMOVEDIR);
	}
}

/* A place where it cannot be is the user's mistake; a full disk is not. */
static bool make_folder(const char *folder, struct diag_err *err)
{
	if (mkdir(folder, FOLDER_MODE) == 0)
		return true;
	switch (errno) {
	case EEXIST:
		return diag_fail(err, DIAG_EUSAGE, "extract",
				 "%s: is there already", folder);
	case ENOENT:
	case ENOTDIR:
	case EACCES:
	case EROFS:
		return diag_fail(err, DIAG_EUSAGE, "extract",
				 "%s cannot be made there: %s", folder,
				 strerror(errno));
	default:
		return diag_fail_sys(err, "extract", "%s", folder);
	}
}

bool pl_bundle_extract(const struct diag_bundle *b, const char *folder,
		       struct diag_err *err)
{
	int root;
	bool ok;

	if (!make_folder(folder, err))
		return false;
	root = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	ok = root >= 0 ? put_all(root, b, err)
		       : diag_fail_sys(err, "extract", "%s", folder);
	if (!ok && root >= 0) {
		take_away(root, DIAG_BUNDLE_MANIFEST);
		for (size_t i = 0; i < b->n_items; i++)
			take_away(root, b->items[i].path);
		(void)rmdir(folder);
	}
	if (root >= 0)
		(void)close(root);
	return ok;
}
