/* SPDX-License-Identifier: MIT */
/* check_cmd.c - pl-zone check. */
#include "tools/pl-zone/check.h"
#include "tools/pl-zone/server.h"

static bool put(struct tool_call *call, const struct zone_check_job *job,
		const struct zone_check *c, struct diag_err *err)
{
	struct zone_doc d;

	if (!zone_doc_wanted(call))
		return zone_check_print(call, c, err);
	zone_doc_begin(&d, call, &job->server);
	zone_check_json(c, &d.w);
	return zone_doc_end(&d, call, err);
}

static enum tool_status check(struct tool_call *call,
			      const struct zone_check_job *job,
			      struct diag_err *err)
{
	enum tool_status status = TOOL_TROUBLE;
	struct zone_check c;

	if (zone_check_run(call, job, &c, err) && put(call, job, &c, err))
		status = zone_check_status(&c);
	call->signal = c.signal;
	zone_check_clear(&c);
	return status;
}

enum tool_status pl_zone_check(struct tool_call *call, struct diag_err *err)
{
	const struct pl_zone *o = call->options;
	struct diag_inventory *read = NULL, *inv = NULL;
	struct zone_check_job job = { .timeout_ms = o->timeout_ms,
				      .wait_ms = o->wait_ms,
				      .fingerprint = o->fingerprint };
	enum tool_status status;

	if (!pl_zone_server(o, &job.server, err) ||
	    !pl_zone_inventory(call, &read, &inv, err) ||
	    !zone_check_targets(call, inv, !o->no_public, &job.targets, &job.n,
				err)) {
		status = tool_bad_input(err);
	} else if (job.n == 0) {
		(void)diag_fail(err, DIAG_EUSAGE, "inventory",
				"it has no name that could be asked for");
		status = TOOL_USAGE;
	} else {
		job.inv = inv;
		status = check(call, &job, err);
	}
	diag_inventory_free(inv);
	diag_inventory_free(read);
	return status;
}
