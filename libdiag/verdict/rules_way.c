/* SPDX-License-Identifier: MIT */
/* rules_way - which way the packets go, and why that way cannot work.
 *
 * All of these look at the right private addresses only, and none blames a way
 * that works: an address where the service was met is left alone.  An address
 * that was blamed here is told: no other path rule adds to it.
 *
 *   local-overlap       on-link, on an interface that is no tunnel, of a
 *                       machine that stands outside (where.c)
 *   not-through-tunnel  a tunnel is up, the packets go elsewhere and are lost
 *   vpn.down            no tunnel, everything is lost, and nothing of the VNet
 *                       was met
 *
 * Overlap has two look-alikes.  A jumpbox is on-link too: a machine with an
 * address in the networks is one by default, so its word is taken unless the
 * link itself says otherwise (nobody answers ARP for an endpoint; Azure's
 * network always does).  And an interface whose own network is wider than the
 * VNet (a company's 10.0.0.0/8 around 10.150.0.0/16) does no harm once the VPN
 * is up, for the narrower route wins (RFC 1812, 5.2.4.3): there the missing
 * tunnel, or its profile, is to blame.
 */
#include "verdict/path.h"
#include "verdict/where.h"

#include <errno.h>
#include <string.h>

/* --- overlap -------------------------------------------------------------- */

static bool on_link(const struct ev_addr *a)
{
	return a->route && a->route->status == DIAG_ST_OK &&
	       a->route->route.on_link && !a->route->route.is_tunnel &&
	       a->route->route.interface;
}

static bool is_private_path(const struct ev_addr *a)
{
	return a->path && !a->told && ev_class_is_private(a->cls);
}

/* An address that somebody gave pl-probe by hand, of no workspace and in no
 * network that we know of, may be anywhere; nothing says that a VPN leads to
 * it. */
static bool may_be_anywhere(const struct judge *j, const struct ev_target *t,
			    const struct ev_addr *a)
{
	const struct diag_inventory *inv = j->ev->inv;
	const char *tool = t->origin->o->tool;

	return tool && strcmp(tool, "pl-probe") == 0 &&
	       inv->workspace_id[0] == '\0' && inv->name[0] == '\0' &&
	       !diag_inventory_has_net(inv, &a->addr);
}

/* The longest of the inventory's networks around a; -1: none. */
static int network_len(const struct judge *j, const struct diag_addr *a)
{
	const struct diag_inventory *inv = j->ev->inv;
	int len = -1;

	for (size_t i = 0; i < inv->n_networks; i++)
		if (diag_cidr_has(&inv->networks[i], a) &&
		    (int)inv->networks[i].len > len)
			len = (int)inv->networks[i].len;
	return len;
}

/* A tunnel's route to the network would win over the one that is there. */
static bool tunnel_would_win(const struct judge *j, const struct ev_target *t,
			     const struct ev_addr *a)
{
	const struct diag_machine *m = t->origin->machine;
	const struct diag_route *r = m ? diag_machine_route(m, &a->addr) : NULL;

	return r && r->interface &&
	       strcmp(r->interface, a->route->route.interface) == 0 &&
	       (int)r->to.len < network_len(j, &a->addr);
}

/* Nobody answers ARP: EHOSTUNREACH, and no router said it. */
static bool nobody_there(const struct ev_addr *a)
{
	for (size_t i = 0; i < a->n_conns; i++) {
		const struct diag_fact *f = a->conns[i].tcp;

		if (ev_ran(f) && f->status == DIAG_ST_UNREACHABLE &&
		    f->sys_errno == EHOSTUNREACH &&
		    (!f->tcp.icmp.seen ||
		     diag_addr_eq(&f->tcp.icmp.from, &f->tcp.local_address)))
			return true;
	}
	return false;
}

static bool is_foreign_link(const struct ev_origin *o, const char *interface)
{
	for (size_t i = 0; i < o->n_targets; i++)
		for (size_t k = 0; k < o->targets[i].n_addrs; k++) {
			const struct ev_addr *a = &o->targets[i].addrs[k];

			if (a->path && on_link(a) &&
			    strcmp(a->route->route.interface, interface) == 0 &&
			    nobody_there(a))
				return true;
		}
	return false;
}

static bool is_outside(const struct judge *j, const struct ev_origin *o,
		       const char *interface)
{
	if (j->c->role != DIAG_ROLE_CLIENT && j->c->role != DIAG_ROLE_JUMPBOX)
		return false;
	if (where_is_inside(j, o, interface))
		return false;
	return j->c->role == DIAG_ROLE_CLIENT || is_foreign_link(o, interface);
}

static bool overlaps(const struct judge *j, const struct ev_target *t,
		     const struct ev_addr *a)
{
	const struct diag_interface *i = ev_interface_to(t->origin, a);

	if (!on_link(a) || where_met(t, a))
		return false;
	/* docker0 and its kind never lead to a VNet */
	if (i && i->container)
		return true;
	return !tunnel_would_win(j, t, a) &&
	       is_outside(j, t->origin, a->route->route.interface);
}

static void overlap(struct judge *j, const struct ev_target *t,
		    struct ev_addr *a)
{
	const char *name = where_interface(j, t->origin, a);
	struct draft *d =
	    judge_find(j, "net.local-overlap", judge_cap(t, DIAG_ERROR), name);

	a->told = true;
	draft_target(j, d, t);
	draft_detail(j, d,
		     "The local network on %s uses the same addresses as the "
		     "VNet: packets to the private endpoints stay here and "
		     "never reach it.",
		     name);
	draft_proof(j, d, a->route, "%s is on-link on %s (%s)",
		    judge_addr(j, &a->addr), name,
		    a->route->route.source.family
			? judge_addr(j, &a->route->route.source)
			: "no source");
	for (size_t i = 0; i < a->n_conns; i++)
		draft_fact(j, d, a->conns[i].tcp);
}

/* --- beside the tunnel ---------------------------------------------------- */

/* A connection was tried, and all that were are lost. */
static bool all_lost(const struct ev_addr *a)
{
	bool any = false;

	for (size_t i = 0; i < a->n_conns; i++) {
		if (!ev_ran(a->conns[i].tcp))
			continue;
		if (!where_is_lost(a->conns[i].tcp))
			return false;
		any = true;
	}
	return any;
}

static bool beside_tunnel(const struct judge *j, const struct ev_target *t,
			  const struct ev_addr *a)
{
	if (!t->origin->tunnel_up || j->c->role != DIAG_ROLE_CLIENT ||
	    !a->route || a->route->status != DIAG_ST_OK ||
	    !a->route->route.interface || !all_lost(a))
		return false;
	return !ev_through_tunnel(t->origin, a) &&
	       !where_is_inside(j, t->origin, a->route->route.interface);
}

static const char *tunnel_name(const struct ev_origin *o)
{
	for (size_t i = 0; o->machine && i < o->machine->n_interfaces; i++) {
		const struct diag_interface *f = &o->machine->interfaces[i];

		if (f->tunnel && f->up && f->n_addresses > 0)
			return f->name;
	}
	return "?";
}

static void not_through_tunnel(struct judge *j, const struct ev_target *t,
			       struct ev_addr *a)
{
	const char *name = where_interface(j, t->origin, a);
	struct draft *d = judge_find(j, "net.not-through-tunnel",
				     judge_cap(t, DIAG_ERROR), name);

	a->told = true;
	draft_target(j, d, t);
	draft_detail(j, d,
		     "A tunnel (%s) is up, but packets to the private "
		     "endpoints leave through %s and are lost: the VPN's "
		     "profile does not carry this network, or %s is another "
		     "VPN and the right one is not connected.",
		     tunnel_name(t->origin), name, tunnel_name(t->origin));
	draft_proof(j, d, a->route, "%s goes out on %s%s",
		    judge_addr(j, &a->addr), name,
		    a->route->route.is_default ? " (default route)" : "");
	for (size_t i = 0; i < a->n_conns; i++)
		draft_fact(j, d, a->conns[i].tcp);
}

static void ways_of(struct judge *j, struct ev_target *t)
{
	for (size_t i = 0; i < t->n_addrs; i++) {
		struct ev_addr *a = &t->addrs[i];

		if (!is_private_path(a) || may_be_anywhere(j, t, a))
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
		if (!path_excused(t))
			ways_of(j, t);
}

/* --- vpn.down ------------------------------------------------------------- */

struct vpn {
	size_t n_tried, n_lost, n_routed;
	const struct diag_fact *first, *route;
	bool through_tunnel, local;
};

static bool has_route(const struct ev_origin *o, const struct ev_addr *a)
{
	if (a->route)
		return a->route->status == DIAG_ST_OK;
	return diag_machine_route(o->machine, &a->addr) != NULL;
}

static void look_at(const struct judge *j, struct vpn *v,
		    const struct ev_target *t, const struct ev_addr *a)
{
	if (!a->expected || !a->path || !ev_class_is_private(a->cls) ||
	    may_be_anywhere(j, t, a))
		return;
	v->local |= a->told;
	v->through_tunnel |= ev_through_tunnel(t->origin, a);
	if (has_route(t->origin, a)) {
		v->n_routed++;
		v->route = v->route ? v->route : a->route;
	}
	for (size_t i = 0; i < a->n_conns; i++) {
		const struct diag_fact *f = a->conns[i].tcp;

		if (!ev_ran(f))
			continue;
		v->n_tried++;
		v->n_lost += where_is_lost(f) ? 1 : 0;
		v->first = v->first ? v->first : f;
	}
}

/* Every connection to a private endpoint was lost. */
static bool is_cut_off(const struct judge *j, const struct ev_origin *o,
		       struct vpn *v)
{
	if (j->c->role != DIAG_ROLE_CLIENT || where_has_vnet_dns(j, o))
		return false;
	for (size_t i = 0; i < o->n_targets; i++)
		for (size_t k = 0; k < o->targets[i].n_addrs; k++)
			look_at(j, v, &o->targets[i], &o->targets[i].addrs[k]);
	return v->n_tried > 0 && v->n_lost == v->n_tried;
}

static bool is_down(const struct judge *j, const struct ev_origin *o,
		    struct vpn *v)
{
	const struct diag_machine *m = o->machine;

	return !o->tunnel_up && m && m->n_interfaces > 0 &&
	       is_cut_off(j, o, v) && v->n_routed > 0 && !v->through_tunnel &&
	       !v->local;
}

bool where_vpn_is_unknown(const struct judge *j, const struct ev_origin *o)
{
	struct vpn v = { 0 };

	return o->sealed && is_cut_off(j, o, &v);
}

static void tell_addresses(struct ev_target *t)
{
	for (size_t i = 0; i < t->n_addrs; i++)
		if (is_private_path(&t->addrs[i]))
			t->addrs[i].told = true;
}

static void vpn_down(struct judge *j, struct ev_origin *o, const struct vpn *v)
{
	struct draft *d = judge_find(j, "vpn.down", DIAG_ERROR, NULL);

	for (size_t i = 0; i < o->n_targets; i++) {
		struct ev_target *t = &o->targets[i];

		if (!t->any_fact || t->unused || !ev_wants_private(t->t) ||
		    t->kind == EV_PUBLIC_WORKS)
			continue;
		draft_target(j, d, t);
		tell_addresses(t);
	}
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
		    "all %zu connections to private endpoints were lost",
		    v->n_tried);
}

static void run_vpn(struct judge *j)
{
	for (size_t i = 0; i < j->ev->n_origins; i++) {
		struct vpn v = { 0 };

		if (is_down(j, &j->ev->origins[i], &v))
			vpn_down(j, &j->ev->origins[i], &v);
	}
}

const struct diag_rule rules_way[] = {
	{ .code = "net.local-overlap", .run = run_ways },
	{ .code = "vpn.down", .run = run_vpn },
	{ .code = NULL },
};
