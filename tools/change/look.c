/* SPDX-License-Identifier: MIT */
/* look.c - a file as plan sees it: nothing is locked. */
#include <errno.h>

#include "base/file.h"
#include "tools/change/change.h"

bool change_look(const char *path, struct diag_buf *text, bool *missing,
		 struct diag_err *err)
{
	struct diag_err why = { .code = DIAG_OK };

	*missing = false;
	if (diag_file_read(path, DIAG_WRITER_BYTES, text, &why))
		return true;
	*missing = why.code == DIAG_EIO && why.sys == ENOENT;
	if (!*missing)
		*err = why;
	return *missing;
}
