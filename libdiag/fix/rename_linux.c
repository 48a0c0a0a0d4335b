/* SPDX-License-Identifier: MIT */
/* rename_linux.c - names that change hands in one step, rename(2).
 *
 * renameat2() is not everywhere: not on every file system, and some sandboxes
 * refuse what they do not know.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fd.h"
#include "fix/writer_internal.h"

bool writer_exchange(const struct diag_writer *w, const char *a, const char *b)
{
	return renameat2(w->folder, a, w->folder, b, RENAME_EXCHANGE) == 0;
}

static bool unknown_call(void)
{
	return errno == EINVAL || errno == ENOSYS || errno == ENOTSUP ||
	       errno == EPERM;
}

/* link(2) does not replace either; a crash between the two steps leaves both
 * names, which recovery knows. */
bool writer_rename_new(const struct diag_writer *w, const char *from,
		       const char *to)
{
	int sys;

	if (renameat2(w->folder, from, w->folder, to, RENAME_NOREPLACE) == 0)
		return true;
	if (!unknown_call() || linkat(w->folder, from, w->folder, to, 0) != 0)
		return false;
	if (unlinkat(w->folder, from, 0) == 0)
		return true;
	sys = errno;
	(void)unlinkat(w->folder, to, 0);
	errno = sys;
	return false;
}

bool writer_sync_folder(const struct diag_writer *w, int fd)
{
	return w->folder_readable ? diag_fd_sync(w->folder)
				  : fd < 0 || syncfs(fd) == 0;
}
