/* SPDX-License-Identifier: MIT */
/* pl_bundle_compare.c */
#include "tools/pl_bundle.h"

enum tool_status pl_bundle_compare(struct tool_call *call, struct diag_err *err)
{
	(void)call;
	(void)diag_fail(err, DIAG_EUSAGE, "compare", "not built");
	return TOOL_USAGE;
}
