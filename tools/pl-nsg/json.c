/* SPDX-License-Identifier: MIT */
/* json.c - pldiag.nsg/1. */
#include "tools/pl-nsg/nsg.h"

struct json {
	struct pl_nsg_run *run;
	struct diag_jw w;
};

static void put_rule(struct json *j, const struct diag_flow_verdict *v)
{
	diag_jw_key(&j->w, "rule");
	if (v->rule == NULL) {
		diag_jw_null(&j->w);
		return;
	}
	diag_jw_open(&j->w, '{');
	diag_jw_kstr(&j->w, "name", v->rule->name);
	diag_jw_kuint(&j->w, "priority", v->rule->priority);
	diag_jw_kstr(&j->w, "group", v->group->name);
	if (v->rule->is_default)
		diag_jw_kbool(&j->w, "default", true);
	diag_jw_close(&j->w, '}');
}

static void put_parts(struct json *j, const struct pl_nsg_way *way, size_t i)
{
	if (way->n_parts[i] < 2)
		return;
	diag_jw_kopen(&j->w, "parts", '[');
	for (size_t k = 0; k < way->n_parts[i]; k++) {
		const struct diag_flow_part *p = &way->parts[i][k];

		diag_jw_open(&j->w, '{');
		diag_jw_kstr(&j->w, "ports",
			     pl_nsg_ports(j->run, p->port, p->port_last));
		diag_jw_kstr(&j->w, "result",
			     diag_flow_result_key(p->verdict.result));
		put_rule(j, &p->verdict);
		diag_jw_close(&j->w, '}');
	}
	diag_jw_close(&j->w, ']');
}

static void put_repairs(struct json *j, const struct pl_nsg_way *way, size_t i)
{
	bool any = false;

	for (size_t k = 0; k < way->repairs.n; k++) {
		const struct diag_nsg_repair *r = &way->repairs.items[k];

		if (r->flow != i)
			continue;
		if (!any)
			diag_jw_kopen(&j->w, "repairs", '[');
		any = true;
		diag_jw_open(&j->w, '{');
		diag_jw_kstr(&j->w, "group", r->group->name);
		if (r->command != NULL)
			diag_jw_kuint(&j->w, "priority", r->priority);
		diag_jw_kstr(&j->w, "command", r->command);
		diag_jw_kstr(&j->w, "problem", r->problem);
		diag_jw_close(&j->w, '}');
	}
	if (any)
		diag_jw_close(&j->w, ']');
}

static void put_names(struct json *j, const struct diag_nsg_list *groups)
{
	diag_jw_kopen(&j->w, "groups", '[');
	for (size_t i = 0; i < groups->n; i++)
		diag_jw_str(&j->w, groups->items[i].name);
	diag_jw_close(&j->w, ']');
}

static void put_flow(struct json *j, const struct pl_nsg_way *way, size_t i)
{
	const struct diag_flow *f = &j->run->flows[i];
	const struct diag_flow_verdict *v = &way->verdicts[i];

	diag_jw_open(&j->w, '{');
	diag_jw_kstr(&j->w, "direction", f->dir == DIAG_IN ? "in" : "out");
	diag_jw_kstr(&j->w, "protocol", f->proto == DIAG_TCP ? "tcp" : "udp");
	diag_jw_kstr(&j->w, "peer", f->peer.text);
	if (f->self.kind != DIAG_PEER_ANY)
		diag_jw_kstr(&j->w, "self", f->self.text);
	diag_jw_kstr(&j->w, "ports",
		     pl_nsg_ports(j->run, f->port, f->port_last));
	diag_jw_kstr(&j->w, "result", diag_flow_result_key(v->result));
	put_rule(j, v);
	diag_jw_kbool(&j->w, "required", !f->optional);
	diag_jw_kstr(&j->w, "why", f->why);
	put_names(j, way->groups);
	diag_jw_kstr(&j->w, "unknown", v->why_unknown);
	put_parts(j, way, i);
	put_repairs(j, way, i);
	diag_jw_close(&j->w, '}');
}

static void put_wide(struct json *j, const struct diag_nsg_wide *wide)
{
	diag_jw_open(&j->w, '{');
	diag_jw_kstr(&j->w, "code", "nsg.too-wide");
	diag_jw_kopen(&j->w, "rule", '{');
	diag_jw_kstr(&j->w, "name", wide->rule->name);
	diag_jw_kuint(&j->w, "priority", wide->rule->priority);
	diag_jw_kstr(&j->w, "group", wide->group->name);
	diag_jw_close(&j->w, '}');
	diag_jw_kstr(&j->w, "lets_in", wide->lets_in);
	diag_jw_kstr(&j->w, "needed", wide->need->peer.text);
	diag_jw_kstr(
	    &j->w, "ports",
	    pl_nsg_ports(j->run, wide->need->port, wide->need->port_last));
	diag_jw_kstr(&j->w, "command", wide->command);
	diag_jw_close(&j->w, '}');
}

static void put_group(struct json *j, const struct diag_nsg *g)
{
	diag_jw_open(&j->w, '{');
	diag_jw_kstr(&j->w, "name", g->name);
	diag_jw_kstr(&j->w, "id", g->id);
	diag_jw_kstr(&j->w, "resource_group", g->resource_group);
	diag_jw_kstr(&j->w, "from", g->from);
	diag_jw_kuint(&j->w, "rules", g->n_rules);
	diag_jw_close(&j->w, '}');
}

bool pl_nsg_json(struct pl_nsg_run *run, struct diag_buf *out)
{
	struct json j = { .run = run };

	diag_jw_init(&j.w, out, 2);
	diag_jw_open(&j.w, '{');
	diag_jw_kstr(&j.w, "schema", "pldiag.nsg/1");
	if (run->by_role) {
		diag_jw_kstr(&j.w, "role", diag_role_key(run->role));
		diag_jw_kstr(&j.w, "era", diag_era_key(run->era));
	}
	if (run->region[0] != '\0')
		diag_jw_kstr(&j.w, "region", run->region);
	diag_jw_kopen(&j.w, "groups", '[');
	for (size_t i = 0; i < run->groups.n; i++)
		put_group(&j, &run->groups.items[i]);
	diag_jw_close(&j.w, ']');
	diag_jw_kopen(&j.w, "flows", '[');
	for (size_t w = 0; w < run->n_ways; w++) {
		for (size_t i = 0; i < run->n_flows; i++)
			put_flow(&j, &run->ways[w], i);
	}
	diag_jw_close(&j.w, ']');
	diag_jw_kopen(&j.w, "warnings", '[');
	for (size_t w = 0; w < run->n_ways; w++) {
		for (size_t i = 0; i < run->ways[w].wide.n; i++)
			put_wide(&j, &run->ways[w].wide.items[i]);
	}
	diag_jw_close(&j.w, ']');
	diag_jw_kuint(&j.w, "skipped", run->skipped);
	diag_jw_close(&j.w, '}');
	diag_buf_putc(out, '\n');
	return true;
}
