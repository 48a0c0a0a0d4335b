/* SPDX-License-Identifier: MIT */
/* path_linux.c - where we are ourselves: proc(5). */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/path.h"

static bool is_short(int n)
{
	if (n >= 0 && n < DIAG_PATH_LEN)
		return true;
	errno = ENAMETOOLONG;
	return false;
}

bool diag_path_self(char out[DIAG_PATH_LEN])
{
	ssize_t n = readlink("/proc/self/exe", out, DIAG_PATH_LEN);

	if (n < 0 || !is_short((int)n))
		return false;
	out[n] = '\0';
	return true;
}

bool diag_path_beside(const char *name, char out[DIAG_PATH_LEN])
{
	char self[DIAG_PATH_LEN];

	return diag_path_self(self) &&
	       is_short(snprintf(out, DIAG_PATH_LEN, "%.*s%s",
				 (int)diag_path_folder(self), self, name));
}
