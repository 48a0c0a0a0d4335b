/* SPDX-License-Identifier: MIT */
/* run.c - the run itself: plan, probes, facts into the case. */
#include "tools/pl-doctor/doctor.h"

#include "base/version.h"

#include "probes/probes.h"

/* A system look-up that is stuck is given up this long before the deadline,
 * so that the rest of the report is still told in time. */
#define SYSTEM_GRACE_MS 500
#define DNS_TIMEOUT_MS	3000
#define MAX_PER_TARGET	16
/* Questions to name servers need no descriptor each: 900 silent targets fit in
 * one round of deadlines. */
#define IN_FLIGHT 16384

static const struct diag_probe_ops *const probes[] = {
	&probe_dns,	   &probe_system_dns, &probe_route, &probe_connect,
	&probe_http_proxy, &probe_mtu,	      NULL
};

static unsigned system_timeout(unsigned deadline_ms)
{
	return deadline_ms > 2 * SYSTEM_GRACE_MS ? deadline_ms - SYSTEM_GRACE_MS
						 : deadline_ms / 2;
}

static const struct diag_view_spec *specs(struct tool_call *call,
					  const struct diag_origin *o)
{
	struct diag_view_spec *s =
	    diag_arena_array(&call->arena, o->n_views + 1, sizeof(*s));

	for (size_t i = 0; s && i < o->n_views; i++) {
		s[i].text = o->views[i].text;
		s[i].at = o->views[i].at;
	}
	return s;
}

static bool make_plan(struct tool_call *call, const struct diag_case *c,
		      struct diag_plan *plan, struct diag_err *err)
{
	const struct doctor *o = call->options;
	struct diag_doctor_options d = {
		.inventory = c->inventory,
		.machine = c->origins[0].machine,
		.views = specs(call, &c->origins[0]),
		.n_views = c->origins[0].n_views,
		.dns_timeout_ms = DNS_TIMEOUT_MS,
		.connect_timeout_ms = o->timeout_ms,
		.system_timeout_ms = system_timeout(o->deadline_ms),
		.ask_a = true,
		.ask_aaaa = true,
		.fingerprint = o->fingerprint,
		.repeat = o->repeat,
		.max_per_target = MAX_PER_TARGET,
	};

	if (!d.views)
		return diag_fail_nomem(err, "plan");
	return diag_plan_doctor(&d, plan, err);
}

bool doctor_run(struct tool_call *call, struct diag_case *c,
		struct diag_run_result *result, struct diag_err *err)
{
	const struct doctor *o = call->options;
	struct diag_run_options r = {
		.probes = probes,
		.sink = diag_store_sink(&c->facts),
		.machine = c->origins[0].machine,
		.inventory = c->inventory,
		.ca_file = o->ca_file,
		.user_agent = "pldiag/" DIAG_VERSION,
		.clock_s = c->origins[0].started_s,
		.deadline_ms = o->deadline_ms,
		.max_in_flight = IN_FLIGHT,
		.handle_signals = true,
		.progress = call->progress ? tool_progress : NULL,
	};
	struct diag_plan plan;
	bool ok;

	diag_run_prepare(c->inventory->n_targets);
	if (!make_plan(call, c, &plan, err))
		return false;
	ok = diag_run(&plan, &r, result, err);
	tool_progress_end(call);
	c->origins[0].complete = ok && result->complete;
	c->origins[0].took_ms = result->took_ms;
	return ok;
}
