/* SPDX-License-Identifier: MIT */
/* pl_bundle_mask.c */
#include "tools/pl_bundle.h"

enum tool_status pl_bundle_mask(struct tool_call *call, struct diag_err *err)
{
	(void)call;
	(void)diag_fail(err, DIAG_EUSAGE, "mask", "not built");
	return TOOL_USAGE;
}
