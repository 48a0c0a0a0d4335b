/* SPDX-License-Identifier: MIT */
/* pl_bundle_show.c */
#include "tools/pl_bundle.h"

enum tool_status pl_bundle_show(struct tool_call *call, struct diag_err *err)
{
	(void)call;
	(void)diag_fail(err, DIAG_EUSAGE, "show", "not built");
	return TOOL_USAGE;
}
