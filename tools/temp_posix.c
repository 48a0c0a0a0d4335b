/* SPDX-License-Identifier: MIT */
/* temp_posix.c - see temp.h. */
#include "tools/temp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER_MAX 32 /* bytes of $TMPDIR; a longer one is not taken */

bool tool_temp_folder(char out[TOOL_TEMP_LEN], struct diag_err *err)
{
	const char *tmp = getenv("TMPDIR");
	bool fits = tmp != NULL && tmp[0] == '/' && strlen(tmp) < FOLDER_MAX;

	(void)snprintf(out, TOOL_TEMP_LEN, "%s/pldiag-XXXXXX",
		       fits ? tmp : "/tmp");
	if (mkdtemp(out) != NULL)
		return true;
	out[0] = '\0';
	return diag_fail_sys(err, "temporary files", "no folder for them");
}
