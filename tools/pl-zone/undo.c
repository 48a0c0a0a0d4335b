/* SPDX-License-Identifier: MIT */
/* undo.c - put back, byte for byte, what was there before, and show
 * what we changed. */
#include "tools/pl-zone/zone.h"

/* The server has to take the old text as well. */
static bool restored(const struct change_back *back, struct tool_call *call,
		     struct diag_err *err)
{
	(void)back;
	(void)err;
	return pl_zone_reload(call);
}

enum tool_status pl_zone_undo(struct tool_call *call, struct diag_err *err)
{
	const struct pl_zone *o = call->options;
	struct change_back back = {
		.id = o->id,
		.tool = "pl-zone undo",
		.restored = restored,
	};

	if (o->server && o->file) {
		(void)diag_fail(err, DIAG_EUSAGE, "--server",
				"not together with --file: a file is taken "
				"back, or an update of a server");
		return TOOL_USAGE;
	}
	if (o->server)
		return pl_zone_undo_server(call, err);
	if (!pl_zone_subject(call, &back.subject, err))
		return TOOL_USAGE;
	return change_undo(call, &back, err);
}

enum tool_status pl_zone_history(struct tool_call *call, struct diag_err *err)
{
	struct change_subject subject;

	if (!pl_zone_subject(call, &subject, err))
		return TOOL_USAGE;
	return change_history(call, &subject, "pl-zone history", err);
}
