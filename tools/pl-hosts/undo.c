/* SPDX-License-Identifier: MIT */
/* undo.c - put back, byte for byte, what was there before, and show
 * what we changed. */
#include "tools/pl-hosts/hosts.h"

enum tool_status pl_hosts_undo(struct tool_call *call, struct diag_err *err)
{
	const struct pl_hosts *o = call->options;
	const struct change_back back = {
		.subject = pl_hosts_subject(call),
		.id = o->id,
		.tool = "pl-hosts undo",
	};

	return change_undo(call, &back, err);
}

enum tool_status pl_hosts_history(struct tool_call *call, struct diag_err *err)
{
	const struct change_subject subject = pl_hosts_subject(call);

	return change_history(call, &subject, "pl-hosts history", err);
}
