/* SPDX-License-Identifier: MIT */
/* state_dir_posix.c - a place for the journal that nobody else can touch.
 *
 * Whoever can write there can make root write anything anywhere.  So the
 * folders belong to us and have mode 0700, they are opened through links only
 * above the last part, and the names in them are hashes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "fix/writer_internal.h"

#define OP	   "state folder"
#define ROOT_STATE "/var/lib"
#define OTHERS	   (S_IWGRP | S_IWOTH)

/* Under sudo XDG_STATE_HOME may be the user's: what it says counts for root
 * only if it is a folder that root alone can write to. */
static bool base_is_ours(const char *folder)
{
	struct stat st;

	return geteuid() != 0 ||
	       (stat(folder, &st) == 0 && S_ISDIR(st.st_mode) &&
		st.st_uid == 0 && (st.st_mode & OTHERS) == 0);
}

/* XDG Base Directory Specification 0.8: paths that are not absolute are
 * ignored. */
static const char *absolute_env(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] == '/' ? value : NULL;
}

static const char *chosen(const char *given, struct diag_arena *arena)
{
	const char *xdg = absolute_env("XDG_STATE_HOME");
	const char *home = absolute_env("HOME");

	if (given != NULL)
		return diag_arena_strdup(arena, given);
	if (xdg != NULL && base_is_ours(xdg))
		return diag_arena_printf(arena, "%s/pldiag", xdg);
	if (geteuid() == 0)
		return diag_arena_strdup(arena, ROOT_STATE "/pldiag");
	return diag_arena_printf(arena, "%s/.local/state/pldiag",
				 home != NULL ? home : "");
}

/* *made: something was. */
static bool make_parents(char *path, bool *made)
{
	for (char *p = path + 1; *p != '\0'; p++) {
		bool ok;

		if (*p != '/')
			continue;
		*p = '\0';
		ok = mkdir(path, 0700) == 0;
		*made = *made || ok;
		/* A folder that is there says EEXIST, EROFS, EACCES … */
		ok = ok || access(path, F_OK) == 0;
		*p = '/';
		if (!ok)
			return false;
	}
	return true;
}

/* Ours, and nobody else may write to it; then nobody may read it either. */
static bool check_folder(int fd, const char *path, struct diag_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return diag_fail_sys(err, OP, "%s", path);
	if (st.st_uid != geteuid())
		return diag_fail(err, DIAG_EUSAGE, OP,
				 "%s: belongs to somebody else (uid %u); "
				 "remove it or name another one",
				 path, st.st_uid);
	if ((st.st_mode & OTHERS) != 0)
		return diag_fail(err, DIAG_EUSAGE, OP,
				 "%s: others may write to it (mode %04o); "
				 "check what is in it, then chmod 700",
				 path, st.st_mode & 07777u);
	if ((st.st_mode & 0777) != 0700 && fchmod(fd, 0700) != 0)
		return diag_fail_sys(err, OP, "%s", path);
	return true;
}

/* name in the folder at (AT_FDCWD: a path), made if it is not there; shown:
 * how people know it. */
static bool open_folder(int at, const char *name, const char *shown, int *fd,
			bool *made, struct diag_err *err)
{
	bool fresh = mkdirat(at, name, 0700) == 0;

	if (!fresh && errno != EEXIST)
		return diag_fail_sys(err, OP, "%s", shown);
	*made = *made || fresh;
	*fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*fd < 0)
		return diag_fail_sys(err, OP, "%s", shown);
	return check_folder(*fd, shown, err);
}

/* New folders have to last as long as what is written into them.  Forcing the
 * whole file system is one call for all of them, and comes once. */
static bool force_made(int fd, const char *path, struct diag_err *err)
{
	return syncfs(fd) == 0 || diag_fail_sys(err, OP, "%s", path);
}

bool diag_writer_state_dir(const char *given, struct diag_arena *arena,
			   const char **out, struct diag_err *err)
{
	const char *path = chosen(given, arena);
	char *copy = diag_arena_strdup(arena, path);
	bool made = false, ok;
	int fd = -1;

	if (copy == NULL)
		return diag_fail_nomem(err, OP);
	if (copy[0] == '\0') {
		errno = ENOENT;
		return diag_fail_sys(err, OP, "an empty path");
	}
	ok = make_parents(copy, &made) || diag_fail_sys(err, OP, "%s", path);
	ok = ok && open_folder(AT_FDCWD, path, path, &fd, &made, err) &&
	     (!made || force_made(fd, path, err));
	if (fd >= 0)
		(void)close(fd);
	*out = path;
	return ok;
}

bool writer_state_file(const struct diag_writer *w, const char *name, int *fd,
		       struct diag_err *err)
{
	struct stat st;

	*fd = openat(w->state, name,
		     O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
		     0600);
	if (*fd < 0 || fstat(*fd, &st) != 0)
		return writer_fail(w, err, errno,
				   "its %s in the state folder cannot be "
				   "opened",
				   name);
	return S_ISREG(st.st_mode) ||
	       writer_fail(w, err, 0,
			   "its %s in the state folder is not a file", name);
}

bool writer_state_open(struct diag_writer *w, const char *state_dir,
		       struct diag_err *err)
{
	char key[DIAG_SHA256_TEXT];
	bool made = false, made_key = false, ok;
	int fd = -1;

	if (!diag_sha256_of(w->real, strlen(w->real), key))
		return diag_fail_nomem(err, OP);
	w->log_name =
	    diag_arena_printf(&w->arena, "%s/%s/journal", state_dir, key);
	if (w->log_name == NULL)
		return diag_fail_nomem(err, OP);
	ok = open_folder(AT_FDCWD, state_dir, state_dir, &fd, &made, err) &&
	     (!made || force_made(fd, state_dir, err)) &&
	     open_folder(fd, key, state_dir, &w->state, &made_key, err);
	if (ok && made_key && !diag_fd_sync(fd))
		ok = diag_fail_sys(err, OP, "%s", state_dir);
	if (fd >= 0)
		(void)close(fd);
	return ok;
}
