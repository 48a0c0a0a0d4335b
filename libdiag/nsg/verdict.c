/* SPDX-License-Identifier: MIT */
/* verdict.c - the answer for a flow: every way it may take, and the pieces of
 * its port range. */
#include "nsg/evaluate.h"

#include <string.h>

const char *diag_flow_result_key(enum diag_flow_result r)
{
	static const char *const keys[] = {
		[DIAG_FLOW_ALLOWED] = "allowed",
		[DIAG_FLOW_DENIED] = "denied",
		[DIAG_FLOW_PARTLY] = "partly",
		[DIAG_FLOW_UNKNOWN] = "unknown",
	};

	return keys[r];
}

/* --- one way ---------------------------------------------------------------
 */

struct answer {
	enum diag_flow_result result;
	struct nsg_reason why;
};

static struct answer answer_of(const struct nsg_tally *t)
{
	static const enum nsg_cell_end told_by[] = {
		[DIAG_FLOW_ALLOWED] = NSG_CELL_ALLOWED,
		[DIAG_FLOW_DENIED] = NSG_CELL_DENIED,
		[DIAG_FLOW_PARTLY] = NSG_CELL_DENIED,
		[DIAG_FLOW_UNKNOWN] = NSG_CELL_UNKNOWN,
	};
	struct answer a = { .result = nsg_tally_result(t) };

	if (t->too_many)
		a.why.doubt = DIAG_DOUBT_LIMIT;
	else if (t->seen[told_by[a.result]])
		a.why = t->why[told_by[a.result]];
	else /* some allowed, some denied, and neither for certain */
		a.why = t->why[NSG_CELL_DENIED];
	return a;
}

/* The whole Internet, or everybody, can be looked at in two ways: address by
 * address, which knows nothing of tags, or by names, which knows nothing of
 * addresses.  Both are right, so what either knows is known. */
static bool by_names(const struct nsg_world *w, const struct nsg_way *way,
		     const struct diag_flow *flow, struct answer *a)
{
	static const struct diag_nsg_peer internet = {
		.kind = DIAG_PEER_TAG,
		.tag = "Internet",
		.region = "",
		.text = "Internet",
		.tag_kind = NSG_TAG_INTERNET,
	};
	bool all = flow->peer.kind == DIAG_PEER_ANY;
	struct diag_flow named = *flow;
	struct nsg_tally tally;
	struct answer b;

	if (a->result != DIAG_FLOW_UNKNOWN ||
	    (!all && (flow->peer.kind != DIAG_PEER_TAG ||
		      nsg_tag_kind(&flow->peer) != NSG_TAG_INTERNET)))
		return true;
	named.peer = internet;
	if (!nsg_walk(w, way, &named, true, &tally))
		return false;
	b = answer_of(&tally);
	if (b.result == DIAG_FLOW_PARTLY ||
	    (!all && b.result != DIAG_FLOW_UNKNOWN))
		*a = b;
	return true;
}

/* The host's own services are not held back, unless a rule names them. */
static void pass_platform(const struct diag_flow *flow, struct answer *a)
{
	static const char *const own[] = { "168.63.129.16", "169.254.169.254" };
	const struct diag_nsg_rule *r = a->why.rule;
	bool is_own = false;

	for (size_t i = 0; i < 2; i++) {
		struct diag_cidr c;

		is_own =
		    is_own || (flow->peer.kind == DIAG_PEER_CIDR &&
			       diag_cidr_parse(own[i], false, &c) &&
			       c.len == flow->peer.cidr.len &&
			       diag_addr_eq(&c.addr, &flow->peer.cidr.addr));
	}
	if (!is_own || flow->dir != DIAG_OUT || a->result == DIAG_FLOW_ALLOWED)
		return;
	for (size_t i = 0; r != NULL && i < r->n_to; i++) {
		if (r->to[i].kind == DIAG_PEER_TAG &&
		    nsg_tag_kind(&r->to[i]) == NSG_TAG_PLATFORM)
			return;
	}
	a->result = DIAG_FLOW_UNKNOWN;
	a->why.doubt = DIAG_DOUBT_PLATFORM;
}

static bool one_way(const struct nsg_world *w, const struct nsg_way *way,
		    const struct diag_flow *flow, struct answer *a)
{
	const struct diag_nsg **turned;
	struct nsg_way met = *way;
	struct nsg_tally tally;

	if (flow->dir == DIAG_OUT && way->n > 1) {
		turned = diag_arena_array(w->arena, way->n, sizeof(*turned));
		if (turned == NULL)
			return false;
		for (size_t i = 0; i < way->n; i++)
			turned[i] = way->groups[way->n - 1 - i];
		met.groups = turned;
	}
	if (!nsg_walk(w, &met, flow, false, &tally))
		return false;
	*a = answer_of(&tally);
	if (!by_names(w, &met, flow, a))
		return false;
	pass_platform(flow, a);
	return true;
}

/* --- all ways --------------------------------------------------------------
 */

static bool all_ways(const struct nsg_world *w, const struct diag_flow *flow,
		     struct answer *out)
{
	struct nsg_ways ways;

	if (!nsg_ways_of(w->given->groups, w->arena, &ways))
		return false;
	*out = (struct answer){ .result = DIAG_FLOW_ALLOWED };
	if (ways.too_many) {
		out->result = DIAG_FLOW_UNKNOWN;
		out->why.doubt = DIAG_DOUBT_PLACE;
	}
	for (size_t i = 0; i < ways.n; i++) {
		struct answer a;

		if (!one_way(w, &ways.items[i], flow, &a))
			return false;
		if (i == 0) {
			*out = a;
		} else if (a.result != out->result) {
			out->result = DIAG_FLOW_UNKNOWN;
			out->why.doubt = DIAG_DOUBT_PLACE;
			break;
		}
	}
	return true;
}

static enum diag_family family_of(const struct diag_nsg_peer *p)
{
	return p->kind == DIAG_PEER_CIDR ? p->cidr.addr.family : DIAG_NOFAM;
}

static bool judge(const struct diag_nsg_world *world,
		  const struct diag_flow *flow, struct diag_arena *scratch,
		  struct answer *a, struct diag_err *err)
{
	enum diag_family family = family_of(&flow->peer);
	enum diag_family own = family_of(&flow->self);
	struct nsg_world w;

	if (family == DIAG_NOFAM)
		family = own != DIAG_NOFAM ? own : DIAG_IPV4;
	if (own != DIAG_NOFAM && own != family)
		return diag_fail(err, DIAG_EUSAGE, "flow",
				 "%s and %s are of two families",
				 flow->peer.text, flow->self.text);
	if (!nsg_world_open(&w, world, family, scratch) ||
	    !all_ways(&w, flow, a))
		return diag_fail_nomem(err, "flow");
	return true;
}

bool diag_nsg_evaluate(const struct diag_nsg_world *world,
		       const struct diag_flow *flow, struct diag_arena *arena,
		       struct diag_flow_verdict *out, struct diag_err *err)
{
	struct diag_arena scratch;
	struct answer a = { .result = DIAG_FLOW_UNKNOWN };
	bool ok;

	diag_arena_init(&scratch, 0);
	ok = judge(world, flow, &scratch, &a, err);
	diag_arena_clear(&scratch);
	if (!ok)
		return false;
	*out = (struct diag_flow_verdict){ .result = a.result,
					   .group = a.why.group,
					   .rule = a.why.rule };
	if (a.result != DIAG_FLOW_UNKNOWN)
		return true;
	out->doubt = a.why.doubt;
	out->why_unknown = nsg_doubt_text(&a.why, flow, arena);
	return out->why_unknown != NULL || diag_fail_nomem(err, "flow");
}

/* --- pieces ----------------------------------------------------------------
 */

struct edges {
	uint16_t at[DIAG_FLOW_PARTS]; /* first ports of pieces, sorted */
	size_t n;
	bool too_many;
};

static void add_edge(struct edges *e, const struct diag_flow *flow,
		     unsigned port)
{
	size_t i = 0;

	if (port <= flow->port || port > flow->port_last)
		return;
	while (i < e->n && e->at[i] < port)
		i++;
	if (i < e->n && e->at[i] == port)
		return;
	if (e->n == DIAG_FLOW_PARTS) {
		e->too_many = true;
		return;
	}
	memmove(&e->at[i + 1], &e->at[i], (e->n - i) * sizeof(e->at[0]));
	e->at[i] = (uint16_t)port;
	e->n++;
}

static void rule_edges(const struct diag_nsg_rule *r,
		       const struct diag_flow *flow, struct edges *e)
{
	if (r->dir != flow->dir)
		return;
	for (size_t k = 0; k < r->n_to_ports; k++) {
		add_edge(e, flow, r->to_ports[k].first);
		add_edge(e, flow, r->to_ports[k].last + 1U);
	}
}

static void edges_of(const struct diag_nsg_list *groups,
		     const struct diag_flow *flow, struct edges *e)
{
	for (size_t i = 0; groups != NULL && i < groups->n; i++) {
		const struct diag_nsg *g = &groups->items[i];

		for (size_t j = 0; j < g->n_rules; j++)
			rule_edges(&g->rules[j], flow, e);
	}
}

static bool same(const struct diag_flow_verdict *a,
		 const struct diag_flow_verdict *b)
{
	return a->result == b->result && a->group == b->group &&
	       a->rule == b->rule && a->doubt == b->doubt;
}

bool diag_nsg_parts(const struct diag_nsg_world *world,
		    const struct diag_flow *flow, struct diag_arena *arena,
		    const struct diag_flow_part **out, size_t *n,
		    struct diag_err *err)
{
	struct edges e = { .n = 1, .at = { flow->port } };
	struct diag_flow_part *parts;

	edges_of(world->groups, flow, &e);
	if (e.too_many)
		e.n = 1;
	parts = diag_arena_array(arena, e.n, sizeof(*parts));
	if (parts == NULL)
		return diag_fail_nomem(err, "flow");
	*n = 0;
	for (size_t i = 0; i < e.n; i++) {
		struct diag_flow piece = *flow;
		struct diag_flow_part *p = &parts[*n];

		piece.port = e.at[i];
		if (i + 1 < e.n)
			piece.port_last = (uint16_t)(e.at[i + 1] - 1);
		p->port = piece.port;
		p->port_last = piece.port_last;
		if (!diag_nsg_evaluate(world, &piece, arena, &p->verdict, err))
			return false;
		if (*n > 0 && same(&p[-1].verdict, &p->verdict))
			p[-1].port_last = p->port_last;
		else
			(*n)++;
	}
	*out = parts;
	return true;
}
