/* SPDX-License-Identifier: MIT */
/* rules_net - which way the packets go, and why that way cannot work.
 *
 * All of these look at the right private addresses only, and none blames a
 * path that works: an address behind which the service was met is left alone.
 *
 * Where does this machine stand?  "Inside" cannot be read off an interface
 * address alone: a home network that overlaps with the VNet gives the laptop
 * an address in the VNet's range.  So an address that is on-link counts as
 * the VNet only when something of the VNet was met there: the service itself
 * behind the same interface, or Azure's own resolver (168.63.129.16) among the
 * configured servers, or a configured server inside the networks that is not
 * the default gateway (Azure keeps the first addresses of each subnet, so no
 * server there is a gateway).
 *
 *   local-overlap       on-link, on an interface that is no tunnel, outside
 *   not-through-tunnel  a tunnel is up and the route goes elsewhere
 *   vpn.down            no tunnel, nothing answers, and the machine stands
 *                       outside.  Not when a firewall says "prohibited": then
 *                       there is a path, and somebody closed it.
 *   no-route            the kernel has no way at all
 *   unreachable         an ICMP error, with its sender
 */
#include "verdict/path.h"

#include <errno.h>
#include <string.h>

static bool works(const struct ev_target *t, const struct ev_addr *a)
{
	const struct ev_conn *c = ev_conn_of(a, 443);

	if (a->service == EV_SERVICE_YES)
		return true;
	return t->path_open && c && ev_ran(c->tcp) &&
	       c->tcp->status == DIAG_ST_OPEN;
}

static const char *iface(struct judge *j, const struct ev_addr *a)
{
	if (a->route && a->route->route.interface)
		return judge_text(j, "%s", a->route->route.interface);
	return "?";
}

/* --- inside or outside ---------------------------------------------------- */

static bool is_gateway(const struct diag_machine *m, const struct diag_addr *a)
{
	for (size_t i = 0; i < m->n_routes; i++)
		if (m->routes[i].to.len == 0 &&
		    diag_addr_eq(&m->routes[i].gateway, a))
			return true;
	return false;
}

static bool has_vnet_server(const struct judge *j, const struct ev_origin *o)
{
	for (size_t i = 0; i < o->n_views; i++) {
		const struct ev_view *v = &o->views[i];

		if (!v->server || v->n_replies == 0)
			continue;
		if (v->azure)
			return true;
		if (diag_inventory_has_net(j->ev->inv, &v->at.addr) &&
		    o->machine && !is_gateway(o->machine, &v->at.addr))
			return true;
	}
	return false;
}

static bool met_behind(const struct ev_origin *o, const char *interface)
{
	for (size_t i = 0; i < o->n_targets; i++) {
		const struct ev_target *t = &o->targets[i];

		for (size_t k = 0; k < t->n_addrs; k++) {
			const struct ev_addr *a = &t->addrs[k];

			if (ev_class_is_private(a->cls) && a->route &&
			    a->route->route.interface &&
			    strcmp(a->route->route.interface, interface) == 0 &&
			    a->service == EV_SERVICE_YES)
				return true;
		}
	}
	return false;
}

/* Does this machine stand in the VNet, as far as this interface tells? */
static bool is_inside(const struct judge *j, const struct ev_origin *o,
		      const char *interface)
{
	return met_behind(o, interface) || has_vnet_server(j, o);
}

static bool outside_role(const struct judge *j)
{
	return j->c->role == DIAG_ROLE_CLIENT ||
	       j->c->role == DIAG_ROLE_JUMPBOX;
}

/* --- overlap -------------------------------------------------------------- */

static bool on_link(const struct ev_addr *a)
{
	return a->route && a->route->status == DIAG_ST_OK &&
	       a->route->route.on_link && !a->route->route.is_tunnel &&
	       a->route->route.interface;
}

static bool overlaps(const struct judge *j, const struct ev_target *t,
		     const struct ev_addr *a)
{
	const struct diag_interface *i = ev_interface_to(t->origin, a);

	if (!on_link(a) || works(t, a) || !outside_role(j))
		return false;
	/* docker0 and its kind never lead to a VNet */
	if (i && i->container)
		return true;
	return !is_inside(j, t->origin, a->route->route.interface);
}

static void overlap(struct judge *j, const struct ev_target *t,
		    const struct ev_addr *a)
{
	const char *name = iface(j, a);
	struct draft *d =
	    judge_find(j, "net.local-overlap", judge_cap(t, DIAG_ERROR), name);

	draft_target(j, d, t);
	draft_detail(j, d,
		     "The local network on %s uses the same addresses as the "
		     "VNet: packets to the private endpoints stay here and "
		     "never reach the tunnel.",
		     name);
	draft_proof(j, d, a->route, "%s is on-link on %s (%s)",
		    judge_addr(j, &a->addr), name,
		    a->route->route.source.family
			? judge_addr(j, &a->route->route.source)
			: "no source");
}

/* --- the tunnel ----------------------------------------------------------- */

static bool beside_tunnel(const struct judge *j, const struct ev_target *t,
			  const struct ev_addr *a)
{
	if (!t->origin->tunnel_up || j->c->role != DIAG_ROLE_CLIENT)
		return false;
	if (!a->route || a->route->status != DIAG_ST_OK || works(t, a))
		return false;
	return !ev_through_tunnel(t->origin, a) && !on_link(a) &&
	       !is_inside(
		   j, t->origin,
		   a->route->route.interface ? a->route->route.interface : "");
}

static void not_through_tunnel(struct judge *j, const struct ev_target *t,
			       const struct ev_addr *a)
{
	const char *name = iface(j, a);
	struct draft *d = judge_find(j, "net.not-through-tunnel",
				     judge_cap(t, DIAG_ERROR), name);

	draft_target(j, d, t);
	draft_detail(j, d,
		     "A VPN tunnel is up, but the route to the private "
		     "addresses leaves through %s: the VPN profile does not "
		     "carry this network.",
		     name);
	draft_proof(j, d, a->route, "%s goes out on %s%s",
		    judge_addr(j, &a->addr), name,
		    a->route->route.is_default ? " (default route)" : "");
}

/* Rules about one private path address at a time. */
static void ways_of(struct judge *j, struct ev_target *t)
{
	for (size_t i = 0; i < t->n_addrs; i++) {
		const struct ev_addr *a = &t->addrs[i];

		if (!a->path || !ev_class_is_private(a->cls))
			continue;
		if (overlaps(j, t, a))
			overlap(j, t, a);
		else if (beside_tunnel(j, t, a))
			not_through_tunnel(j, t, a);
	}
}

static void run_ways(struct judge *j)
{
	for (struct ev_target *t = judge_first(j); t; t = judge_next(j, t))
		ways_of(j, t);
}

/* --- vpn.down ------------------------------------------------------------- */

/* RFC 792 and RFC 1812, 5.2.7.1: a filter says so; so does RFC 4443 code 1. */
static bool is_prohibited(const struct diag_icmp_seen *i)
{
	if (!i->seen)
		return false;
	if (i->from.family == DIAG_IPV6)
		return i->type == 1 && i->code == 1;
	return i->type == 3 && (i->code == 9 || i->code == 10 || i->code == 13);
}

static bool is_lost(const struct diag_fact *tcp)
{
	if (tcp->status == DIAG_ST_TIMEOUT)
		return true;
	return tcp->status == DIAG_ST_UNREACHABLE &&
	       !is_prohibited(&tcp->tcp.icmp);
}

struct vpn {
	size_t n_tried, n_lost, n_routed;
	const struct diag_fact *first;
	const struct diag_fact *route;
	bool through_tunnel, local;
};

static void look_at(const struct judge *j, struct vpn *v,
		    const struct ev_target *t, const struct ev_addr *a)
{
	if (!a->expected || !ev_class_is_private(a->cls))
		return;
	if (a->route && a->route->status == DIAG_ST_OK) {
		v->n_routed++;
		v->route = v->route ? v->route : a->route;
	}
	if (ev_through_tunnel(t->origin, a))
		v->through_tunnel = true;
	if (overlaps(j, t, a))
		v->local = true;
	for (size_t i = 0; i < a->n_conns; i++) {
		const struct diag_fact *f = a->conns[i].tcp;

		if (!ev_ran(f))
			continue;
		v->n_tried++;
		v->n_lost += is_lost(f) ? 1 : 0;
		v->first = v->first ? v->first : f;
	}
}

static bool is_down(const struct judge *j, const struct ev_origin *o,
		    struct vpn *v)
{
	if (j->c->role != DIAG_ROLE_CLIENT || o->tunnel_up ||
	    has_vnet_server(j, o))
		return false;
	for (size_t i = 0; i < o->n_targets; i++)
		for (size_t k = 0; k < o->targets[i].n_addrs; k++)
			look_at(j, v, &o->targets[i], &o->targets[i].addrs[k]);
	return v->n_tried > 0 && v->n_lost == v->n_tried && v->n_routed > 0 &&
	       !v->through_tunnel && !v->local;
}

static void vpn_down(struct judge *j, const struct ev_origin *o,
		     const struct vpn *v)
{
	struct draft *d = judge_find(j, "vpn.down", DIAG_ERROR, NULL);

	for (size_t i = 0; i < o->n_targets; i++)
		if (o->targets[i].any_fact && !o->targets[i].unused &&
		    ev_wants_private(o->targets[i].t))
			draft_target(j, d, &o->targets[i]);
	draft_detail(j, d,
		     "No VPN tunnel is up on this machine, and none of the "
		     "private endpoints can be reached without one.");
	if (v->route)
		draft_proof(
		    j, d, v->route, "%s would leave through %s%s",
		    judge_addr(j, &v->route->route.address),
		    v->route->route.interface ? v->route->route.interface : "?",
		    v->route->route.is_default ? " (default route)" : "");
	draft_proof(j, d, v->first,
		    "%zu of %zu connections to private endpoints were lost",
		    v->n_lost, v->n_tried);
}

static void run_vpn(struct judge *j)
{
	for (size_t i = 0; i < j->ev->n_origins; i++) {
		struct vpn v = { 0 };

		if (is_down(j, &j->ev->origins[i], &v))
			vpn_down(j, &j->ev->origins[i], &v);
	}
}

/* --- no route, unreachable ------------------------------------------------ */

static bool has_no_route(const struct path *p)
{
	if (p->a->route && p->a->route->status == DIAG_ST_NONE)
		return true;
	return !p->a->route && ev_ran(p->c->tcp) && !p->c->tcp->tcp.icmp.seen &&
	       p->c->tcp->sys_errno == ENETUNREACH;
}

static void no_route(struct judge *j, const struct path *p)
{
	struct draft *d = path_draft(j, "net.no-route", NULL, p, p->c->tcp);

	draft_detail(j, d,
		     "This machine has no route to %s: no interface and no "
		     "gateway leads there.",
		     judge_addr(j, &p->a->addr));
	draft_proof(j, d, p->a->route ? p->a->route : p->c->tcp,
		    "no route to %s", judge_addr(j, &p->a->addr));
}

static void unreachable(struct judge *j, const struct path *p)
{
	const struct diag_icmp_seen *i = &p->c->tcp->tcp.icmp;
	const char *from = i->seen && i->from.family != DIAG_NOFAM
			       ? judge_addr(j, &i->from)
			       : "this machine";
	struct draft *d = path_draft(j, "net.unreachable", from, p, p->c->tcp);

	if (!i->seen)
		draft_detail(j, d,
			     "The address is unreachable (%s): nobody on the "
			     "local link has it, or a filter on this machine "
			     "refuses it.",
			     p->c->tcp->error ? p->c->tcp->error : "no answer");
	else if (is_prohibited(i))
		draft_detail(j, d,
			     "%s says that a filter prohibits this "
			     "connection (ICMP type %d, code %d).",
			     from, i->type, i->code);
	else
		draft_detail(j, d,
			     "%s says that the address or port cannot be "
			     "reached (ICMP type %d, code %d).",
			     from, i->type, i->code);
	draft_proof(j, d, p->c->tcp, "%s: unreachable, told by %s",
		    path_text(j, p), from);
}

static void run_unreachable(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);) {
		if (!ev_ran(p.c->tcp) ||
		    p.c->tcp->status != DIAG_ST_UNREACHABLE)
			continue;
		if (has_no_route(&p))
			no_route(j, &p);
		else
			unreachable(j, &p);
	}
}

const struct diag_rule rules_net[] = {
	{ .code = "net.local-overlap", .run = run_ways },
	{ .code = "vpn.down", .run = run_vpn },
	{ .code = "net.no-route", .run = run_unreachable },
	{ .code = NULL },
};
