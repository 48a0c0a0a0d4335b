/* SPDX-License-Identifier: MIT */
/* temp.h - a place for files that another program has to see by name. */
#ifndef DIAG_TOOLS_TEMP_H
#define DIAG_TOOLS_TEMP_H

#include "base/err.h"

#define TOOL_TEMP_LEN 64

/* Make a folder that only we may look into, below $TMPDIR or /tmp. */
DIAG_MUST_USE
bool tool_temp_folder(char out[TOOL_TEMP_LEN], struct diag_err *err);

#endif
