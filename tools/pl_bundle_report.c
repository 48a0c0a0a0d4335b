/* SPDX-License-Identifier: MIT */
/* pl_bundle_report.c */
#include "tools/pl_bundle.h"

enum tool_status pl_bundle_report(struct tool_call *call, struct diag_err *err)
{
	(void)call;
	(void)diag_fail(err, DIAG_EUSAGE, "report", "not built");
	return TOOL_USAGE;
}
