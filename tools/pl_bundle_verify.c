/* SPDX-License-Identifier: MIT */
/* pl_bundle_verify.c */
#include "tools/pl_bundle.h"

enum tool_status pl_bundle_verify(struct tool_call *call, struct diag_err *err)
{
	(void)call;
	(void)diag_fail(err, DIAG_EUSAGE, "verify", "not built");
	return TOOL_USAGE;
}
