/* SPDX-License-Identifier: MIT */
/* See blocked.h. */
#include "verdict/blocked.h"

#include <string.h>

const struct diag_nsg_list *blocked_groups(struct judge *j)
{
	struct diag_err err = { .code = DIAG_OK };

	if (j->nsgs_read)
		return j->nsgs.n > 0 ? &j->nsgs : NULL;
	j->nsgs_read = true;
	if (diag_nsg_of_inventory(j->c->inventory, &j->v->arena, &j->nsgs,
				  &err))
		return j->nsgs.n > 0 ? &j->nsgs : NULL;
	/* Groups that nobody can read say nothing; judging by some of them
	 * would be judging wrongly. */
	j->failed |= err.code == DIAG_ENOMEM;
	j->nsgs = (struct diag_nsg_list){ .n = 0 };
	j->nsgs_bad = judge_text(j, "%s", err.what);
	return NULL;
}

/* --- one flow ------------------------------------------------------------- */

static struct diag_nsg_peer peer_of(struct judge *j, const struct diag_addr *a)
{
	struct diag_nsg_peer peer = {
		.kind = DIAG_PEER_ANY, .tag = "", .region = "", .text = "*"
	};

	if (!a || a->family == DIAG_NOFAM)
		return peer;
	peer.kind = DIAG_PEER_CIDR;
	peer.cidr.addr = *a;
	peer.cidr.len = a->family == DIAG_IPV4 ? 32 : 128;
	peer.text = judge_addr(j, a);
	return peer;
}

static struct diag_nsg_world world_of(const struct judge *j,
				      const struct diag_nsg_list *groups)
{
	const struct diag_inventory *inv = j->c->inventory;

	return (struct diag_nsg_world){ .groups = groups,
					.vnet = inv->networks,
					.n_vnet = inv->n_networks,
					.region =
					    inv->region ? inv->region : "" };
}

/* Lists are not const, and nobody writes to them. */
static struct diag_nsg_list one_group(const struct diag_nsg *g)
{
	return (struct diag_nsg_list){ (struct diag_nsg *)(uintptr_t)g, 1 };
}

static struct diag_flow_verdict ask(struct judge *j,
				    const struct diag_nsg_list *groups,
				    const struct diag_flow *flow)
{
	const struct diag_inventory *inv = j->c->inventory;
	struct diag_nsg_world world = { .groups = groups,
					.vnet = inv->networks,
					.n_vnet = inv->n_networks,
					.region =
					    inv->region ? inv->region : "" };
	struct diag_flow_verdict v = { .result = DIAG_FLOW_UNKNOWN };
	struct diag_err err = { .code = DIAG_OK };

	if (!diag_nsg_evaluate(&world, flow, &j->v->arena, &v, &err)) {
		j->failed |= err.code == DIAG_ENOMEM;
		v = (struct diag_flow_verdict){ .result = DIAG_FLOW_UNKNOWN };
	}
	return v;
}

/* From where it is sent, as far as is known. */
static const struct diag_addr *source_of(const struct path *p)
{
	const struct diag_addr *local = path_local(p);

	if (local->family != DIAG_NOFAM)
		return local;
	return p->a->route ? &p->a->route->route.source : NULL;
}

static struct diag_flow flow_of(struct judge *j, const struct path *p,
				enum diag_dir dir)
{
	struct diag_nsg_peer there = peer_of(j, &p->a->addr);
	struct diag_nsg_peer here = peer_of(j, source_of(p));

	return (struct diag_flow){
		.dir = dir,
		.proto = p->c ? DIAG_TCP : DIAG_UDP,
		.peer = dir == DIAG_IN ? here : there,
		.self = dir == DIAG_IN ? there : here,
		.port = path_port(p),
		.port_last = path_port(p),
		.why = "",
	};
}

static struct blocked_end end_at(const struct path *p, enum diag_dir dir)
{
	return (struct blocked_end){
		.dir = dir,
		.addr = dir == DIAG_IN ? &p->a->addr : source_of(p),
		.endpoint =
		    dir == DIAG_IN && p->t->t->service != DIAG_SVC_COMPUTE_NODE,
	};
}

/* --- denials that something met contradicts ------------------------------- */

static bool is_open(const struct ev_conn *c)
{
	return ev_ran(c->tcp) && c->tcp->status == DIAG_ST_OPEN;
}

static struct diag_flow_verdict
ask_one(struct judge *j, const struct diag_nsg *g, const struct diag_flow *flow)
{
	struct diag_nsg_list one = one_group(g);

	return ask(j, &one, flow);
}

/* It opened, and the same rule would have denied it. */
static bool contradicts(struct judge *j, const struct blocked *b,
			const struct path *p)
{
	struct blocked_end end = end_at(p, b->dir);
	struct diag_flow flow = flow_of(j, p, b->dir);
	struct diag_flow_verdict v;

	if (!is_open(p->c) ||
	    (b->dir == DIAG_IN && !ev_class_is_private(p->a->cls)) ||
	    !blocked_is_before(j, &end, b->group))
		return false;
	v = ask_one(j, b->group, &flow);
	return v.result == DIAG_FLOW_DENIED && v.rule == b->rule;
}

static bool is_contradicted(struct judge *j, const struct blocked *b,
			    const struct ev_origin *o)
{
	for (size_t i = 0; i < o->n_targets; i++)
		for (size_t k = 0; k < o->targets[i].n_addrs; k++) {
			struct path p = { .t = &o->targets[i],
					  .a = &o->targets[i].addrs[k] };

			for (size_t n = 0; n < p.a->n_conns; n++) {
				p.c = &p.a->conns[n];
				if (contradicts(j, b, &p))
					return true;
			}
		}
	return false;
}

/* Worked out once per rule and machine: a rule may deny hundreds of them. */
static bool is_refuted(struct judge *j, const struct blocked *b,
		       const struct ev_origin *o)
{
	struct refuted_rule *r;

	for (size_t i = 0; i < j->n_refuted; i++) {
		r = &j->refuted[i];
		if (r->rule == b->rule && r->origin == o)
			return r->refuted;
	}
	r = diag_arena_push(&j->v->arena, &j->refuted, &j->n_refuted,
			    sizeof(*r));
	if (!r) {
		j->failed = true;
		return true;
	}
	*r = (struct refuted_rule){ .rule = b->rule, .origin = o };
	r->refuted = is_contradicted(j, b, o);
	return r->refuted;
}

/* --- both ends ------------------------------------------------------------ */

static struct blocked blocked_at(const struct diag_flow_verdict *v,
				 enum diag_dir dir)
{
	return (struct blocked){ .result = v->result,
				 .dir = dir,
				 .group = v->group,
				 .rule = v->rule };
}

struct blocked blocked_alone(struct judge *j, const struct diag_nsg *g,
			     const struct diag_flow *flow)
{
	struct diag_flow_verdict v = ask_one(j, g, flow);

	return blocked_at(&v, flow->dir);
}

/* Nobody knows which group is in the way, and one of them would deny it. */
static void look_for_place(struct judge *j, const struct diag_nsg_list *groups,
			   const struct diag_flow *flow,
			   const struct ev_origin *o, struct blocked *b)
{
	for (size_t i = 0; i < groups->n; i++) {
		struct blocked one = blocked_alone(j, &groups->items[i], flow);

		if (one.result != DIAG_FLOW_DENIED || is_refuted(j, &one, o))
			continue;
		*b = one;
		b->result = DIAG_FLOW_UNKNOWN;
		b->only_place = true;
		return;
	}
}

static struct blocked end_of(struct judge *j, const struct path *p,
			     enum diag_dir dir)
{
	struct blocked_end end = end_at(p, dir);
	struct diag_nsg_list groups = blocked_before(j, &end);
	struct diag_flow flow = flow_of(j, p, dir);
	struct diag_flow_verdict v = { .result = DIAG_FLOW_UNKNOWN };
	struct blocked b;

	if (groups.n > 0)
		v = ask(j, &groups, &flow);
	else if (blocked_policies(j, &end) == DIAG_POLICIES_OFF)
		v.result = DIAG_FLOW_ALLOWED;
	b = blocked_at(&v, dir);
	b.policies = blocked_policies(j, &end);
	if (v.result == DIAG_FLOW_DENIED && is_refuted(j, &b, p->t->origin))
		b.result = DIAG_FLOW_UNKNOWN;
	else if (v.result == DIAG_FLOW_UNKNOWN && v.doubt == DIAG_DOUBT_PLACE)
		look_for_place(j, &groups, &flow, p->t->origin, &b);
	return b;
}

/* Rules for what leaves a machine count only where it stands in the VNet.  A
 * capture may hold several machines, and an address in the VNet's range may be
 * of a home network or a VPN's pool: there it has to be in a subnet that is
 * known. */
static bool is_inside(const struct judge *j, const struct path *p)
{
	const struct ev_origin *o = p->t->origin;
	const struct diag_addr *here = source_of(p);

	if (!o->inside || j->c->role == DIAG_ROLE_CLIENT)
		return false;
	return !o->sealed ||
	       (here && diag_inventory_subnet(j->c->inventory, here) != NULL);
}

struct blocked blocked_of(struct judge *j, const struct path *p)
{
	struct blocked in = { .result = DIAG_FLOW_ALLOWED };
	struct blocked out = { .result = DIAG_FLOW_ALLOWED };

	if (!blocked_groups(j))
		return (struct blocked){ .result = DIAG_FLOW_UNKNOWN };
	if (ev_class_is_private(p->a->cls))
		in = end_of(j, p, DIAG_IN);
	if (in.result == DIAG_FLOW_DENIED)
		return in;
	if (is_inside(j, p))
		out = end_of(j, p, DIAG_OUT);
	if (out.result == DIAG_FLOW_DENIED)
		return out;
	/* what is not known on one end is not known */
	return in.result == DIAG_FLOW_ALLOWED &&
		       (out.result != DIAG_FLOW_ALLOWED ||
			(!in.group && in.policies != DIAG_POLICIES_OFF))
		   ? out
		   : in;
}

struct blocked blocked_flow(struct judge *j, const struct diag_port *port)
{
	const struct diag_nsg_list *groups = blocked_groups(j);
	struct diag_flow flow = {
		.dir = port->dir,
		.proto = port->proto,
		.peer = { .kind = DIAG_PEER_TAG,
			  .tag = port->peer,
			  .region = "",
			  .text = port->peer },
		.self = peer_of(j, NULL),
		.port = port->port,
		.port_last = port->port_last ? port->port_last : port->port,
		.why = "",
	};
	struct diag_flow_verdict v;

	if (!groups || !port->peer)
		return (struct blocked){ .result = DIAG_FLOW_UNKNOWN };
	v = ask(j, groups, &flow);
	return blocked_at(&v, port->dir);
}

/* --- words ---------------------------------------------------------------- */

/* ".../subnets/training" */
static const char *last_part(const char *id)
{
	const char *slash = strrchr(id, '/');

	return slash ? slash + 1 : id;
}

static const char *place_of(struct judge *j, const struct diag_nsg *g)
{
	if (g->n_subnets > 0)
		return judge_text(j, " (on subnet %s%s)",
				  last_part(g->subnets[0]),
				  g->n_subnets > 1 ? " and others" : "");
	if (g->n_nics > 0)
		return judge_text(j, " (on network interface %s%s)",
				  last_part(g->nics[0]),
				  g->n_nics > 1 ? " and others" : "");
	return "";
}

const char *blocked_by(struct judge *j, const struct blocked *b)
{
	return judge_text(j, "rule %s (priority %u) of %s%s", b->rule->name,
			  b->rule->priority,
			  b->group->name[0] ? b->group->name : "a group",
			  place_of(j, b->group));
}

static const char *name_or(struct judge *j, const char *name,
			   const char *placeholder)
{
	return name && name[0] ? judge_word(j, name) : placeholder;
}

/* The rule is for all machines that need it, not for the one that asked. */
static struct diag_flow needed(struct judge *j, const struct path *p,
			       enum diag_dir dir)
{
	static const struct diag_nsg_peer vnet = { .kind = DIAG_PEER_TAG,
						   .tag = "VirtualNetwork",
						   .region = "",
						   .text = "VirtualNetwork" };
	const struct diag_addr *here = source_of(p);
	struct diag_flow flow = flow_of(j, p, dir);

	if (dir == DIAG_OUT)
		flow.self = peer_of(j, NULL);
	else if (here && diag_inventory_has_net(j->c->inventory, here))
		flow.peer = vnet;
	return flow;
}

const char *blocked_repair(struct judge *j, const struct blocked *b,
			   const struct path *p)
{
	struct diag_nsg_list one = one_group(b->group);
	struct diag_nsg_world world = world_of(j, &one);
	struct diag_flow flow = needed(j, p, b->dir);
	struct diag_flow_verdict v = { .result = DIAG_FLOW_DENIED };
	const struct diag_flow_list flows = { .items = &flow, .n = 1 };
	struct diag_nsg_repair_list repairs;
	struct diag_err err = { .code = DIAG_OK };

	if (diag_nsg_repairs(&world, &flows, &v, &j->v->arena, &repairs, &err))
		return repairs.n > 0 ? repairs.items[0].command : NULL;
	j->failed |= err.code == DIAG_ENOMEM;
	return NULL;
}

const char *blocked_narrow(struct judge *j, const struct blocked *b,
			   const char *source)
{
	return judge_text(
	    j,
	    "az network nsg rule update --resource-group %s --nsg-name %s "
	    "--name %s --source-address-prefixes %s",
	    name_or(j, b->group->resource_group, "RESOURCE-GROUP"),
	    name_or(j, b->group->name, "GROUP"),
	    name_or(j, b->rule->name, "RULE"), source);
}
