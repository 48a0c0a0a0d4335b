/* SPDX-License-Identifier: MIT */
/* check.c - each needed flow through each way there is.
 *
 * Exit status: 1 if a needed flow is denied or gets through in part only, or if
 * a document had to be left out; 3 if one is not known; with --strict, 1 for
 * rules that let in too much.
 */
#include "tools/pl-nsg/nsg.h"

#include <string.h>

#define REPORT_MAX ((size_t)64 << 20)

const char *pl_nsg_ports(struct pl_nsg_run *run, unsigned first, unsigned last)
{
	const char *text;

	if (first == 0 && last == 65535)
		return "*";
	text = first == last
		   ? diag_arena_printf(&run->call->arena, "%u", first)
		   : diag_arena_printf(&run->call->arena, "%u-%u", first, last);
	return text != NULL ? text : "";
}

const char *pl_nsg_flow_text(struct pl_nsg_run *run,
			     const struct diag_flow *flow)
{
	const char *text = diag_arena_printf(
	    &run->call->arena, "%s %s %s %s",
	    flow->dir == DIAG_IN ? "in" : "out",
	    flow->proto == DIAG_TCP ? "tcp" : "udp", flow->peer.text,
	    pl_nsg_ports(run, flow->port, flow->port_last));

	return text != NULL ? text : "";
}

/* --- judging ---------------------------------------------------------------
 */

static struct diag_nsg_world world_of(const struct pl_nsg_run *run,
				      const struct diag_nsg_list *groups)
{
	return (struct diag_nsg_world){ .groups = groups,
					.vnet = run->vnet,
					.n_vnet = run->n_vnet,
					.tags = run->tags,
					.region = run->region };
}

static bool judge_flow(struct pl_nsg_run *run, struct pl_nsg_way *way, size_t i,
		       struct diag_err *err)
{
	struct diag_nsg_world world = world_of(run, way->groups);
	const struct diag_flow *flow = &run->flows[i];

	if (!diag_nsg_evaluate(&world, flow, &run->call->arena,
			       &way->verdicts[i], err))
		return false;
	if (flow->port == flow->port_last ||
	    way->verdicts[i].result == DIAG_FLOW_ALLOWED ||
	    way->verdicts[i].result == DIAG_FLOW_DENIED)
		return true;
	return diag_nsg_parts(&world, flow, &run->call->arena, &way->parts[i],
			      &way->n_parts[i], err);
}

static bool judge_way(struct pl_nsg_run *run, struct pl_nsg_way *way,
		      struct diag_err *err)
{
	struct diag_nsg_world world = world_of(run, way->groups);
	struct diag_arena *arena = &run->call->arena;
	const struct diag_flow_list flows = { .items = run->flows,
					      .n = run->n_flows };
	size_t n = run->n_flows;

	way->verdicts = diag_arena_array(arena, n + 1, sizeof(*way->verdicts));
	way->parts = diag_arena_array(arena, n + 1, sizeof(*way->parts));
	way->n_parts = diag_arena_array(arena, n + 1, sizeof(*way->n_parts));
	if (way->verdicts == NULL || way->parts == NULL || way->n_parts == NULL)
		return diag_fail_nomem(err, "pl-nsg");
	for (size_t i = 0; i < n; i++) {
		if (!judge_flow(run, way, i, err))
			return false;
	}
	return diag_nsg_repairs(&world, &flows, way->verdicts, arena,
				&way->repairs, err) &&
	       diag_nsg_too_wide(&world, &flows, arena, &way->wide, err);
}

static bool judge(struct pl_nsg_run *run, struct diag_err *err)
{
	const struct diag_nsg_list *lists;

	if (!diag_nsg_ways(&run->groups, &run->call->arena, &lists,
			   &run->n_ways, err))
		return false;
	run->ways = diag_arena_array(&run->call->arena, run->n_ways,
				     sizeof(*run->ways));
	if (run->ways == NULL)
		return diag_fail_nomem(err, "pl-nsg");
	if (run->n_ways > 1)
		tool_note(
		    run->call,
		    "the groups hang on different subnets or network "
		    "interfaces: each way in is judged by itself; --group "
		    "chooses");
	for (size_t i = 0; i < run->n_ways; i++) {
		run->ways[i].groups = &lists[i];
		if (!judge_way(run, &run->ways[i], err))
			return false;
	}
	return true;
}

static enum tool_status status_of(const struct pl_nsg_run *run)
{
	bool wrong = run->skipped > 0;
	bool unknown = false;

	for (size_t w = 0; w < run->n_ways; w++) {
		const struct pl_nsg_way *way = &run->ways[w];

		for (size_t i = 0; i < run->n_flows; i++) {
			enum diag_flow_result r = way->verdicts[i].result;

			if (run->flows[i].optional || r == DIAG_FLOW_ALLOWED)
				continue;
			unknown = unknown || r == DIAG_FLOW_UNKNOWN;
			wrong = wrong || r != DIAG_FLOW_UNKNOWN;
		}
		wrong = wrong || (run->call->strict && way->wide.n > 0);
	}
	if (wrong)
		return TOOL_WRONG;
	return unknown ? TOOL_UNDECIDED : TOOL_GOOD;
}

/* --- the command -----------------------------------------------------------
 */

static enum tool_status tell(struct pl_nsg_run *run, struct diag_err *err)
{
	static const struct {
		const char *format;
		bool (*put)(struct pl_nsg_run *run, struct diag_buf *out);
	} faces[] = { { "text", pl_nsg_text },
		      { "json", pl_nsg_json },
		      { "junit", pl_nsg_junit } };
	struct diag_buf out;
	bool ok = true;

	diag_buf_init(&out, REPORT_MAX);
	for (size_t i = 0; i < sizeof(faces) / sizeof(*faces); i++) {
		if (strcmp(run->call->format, faces[i].format) == 0)
			ok = faces[i].put(run, &out) ||
			     diag_fail_nomem(err, "pl-nsg");
	}
	ok = ok && diag_buf_ok(&out, err, "pl-nsg");
	if (ok)
		tool_write_buf(run->call, &out);
	diag_buf_clear(&out);
	return ok ? status_of(run) : TOOL_TROUBLE;
}

enum tool_status pl_nsg_check(struct tool_call *call, struct diag_err *err)
{
	const struct pl_nsg *opt = call->options;
	struct pl_nsg_run run = { .call = call };
	enum tool_status status;

	if (call->argc == 0 && opt->inventory == NULL)
		return tool_examples(call);
	if (pl_nsg_load(&run, err) && judge(&run, err))
		status = tell(&run, err);
	else
		status = tool_bad_input(err);
	pl_nsg_unload(&run);
	return status;
}
