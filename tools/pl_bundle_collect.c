/* SPDX-License-Identifier: MIT */
/* pl_bundle_collect.c */
#include "tools/pl_bundle.h"

enum tool_status pl_bundle_collect(struct tool_call *call, struct diag_err *err)
{
	(void)call;
	(void)diag_fail(err, DIAG_EUSAGE, "collect", "not built");
	return TOOL_USAGE;
}
