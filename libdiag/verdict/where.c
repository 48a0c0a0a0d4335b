/* SPDX-License-Identifier: MIT */
/* See where.h.
 *
 * "Inside" cannot be read off an interface address: a home network that
 * overlaps gives the laptop an address in the VNet's range.  Nor off a name
 * server's address: the home network's own server may stand in that range too.
 * What counts is what was met:
 *
 *   the service itself, behind the same interface
 *   168.63.129.16, configured and answering: Azure hands it to its machines.
 *     (Where it is only asked, a home router that answers for every server
 *     could speak in its place: then it must see a private zone.)
 *   a server inside the networks that answers and is not the default gateway
 *     (Azure keeps the first addresses of each subnet for itself, so no
 *     server there is a gateway).  The role `client` says that the machine
 *     stands outside, so for it such a server must see a private zone.
 */
#include "verdict/where.h"

#include <errno.h>
#include <string.h>

bool where_met(const struct ev_target *t, const struct ev_addr *a)
{
	bool tls = !t->row || t->row->tls;

	if (a->service == EV_SERVICE_YES)
		return true;
	for (size_t i = 0; i < a->n_conns; i++) {
		const struct ev_conn *c = &a->conns[i];

		if (ev_tls_named(c->tls))
			return true;
		if (!tls && ev_ran(c->tcp) && c->tcp->status == DIAG_ST_OPEN)
			return true;
	}
	return false;
}

const char *where_interface(struct judge *j, const struct ev_origin *o,
			    const struct ev_addr *a)
{
	const struct diag_interface *i = ev_interface_to(o, a);

	if (a->route && a->route->route.interface)
		return judge_text(j, "%s", a->route->route.interface);
	return i ? i->name : "?";
}

/* --- name servers --------------------------------------------------------- */

static bool is_gateway(const struct diag_machine *m, const struct diag_addr *a)
{
	for (size_t i = 0; i < m->n_routes; i++)
		if (m->routes[i].to.len == 0 &&
		    diag_addr_eq(&m->routes[i].gateway, a))
			return true;
	return false;
}

bool where_sees_zone(const struct ev_origin *o, const struct ev_view *v)
{
	for (size_t i = 0; i < o->n_targets; i++) {
		const struct ev_target *t = &o->targets[i];
		const struct diag_fact *soa;

		if (!t->row || !t->row->zone)
			continue;
		if (ev_zone_seen(o, v, t->row->zone, &soa) == EV_SEEN_YES &&
		    soa && ev_soa_is_private(&soa->dns.soa))
			return true;
	}
	return false;
}

/* An answering server that stands in the VNet; sure: even to a client. */
static bool is_vnet_server(const struct judge *j, const struct ev_origin *o,
			   const struct ev_view *v, bool sure)
{
	if (v->system || v->n_replies == 0 || !o->machine)
		return false;
	if (v->azure)
		return v->server || v->n_private > 0 || where_sees_zone(o, v);
	if (!diag_inventory_has_net(j->ev->inv, &v->at.addr) ||
	    is_gateway(o->machine, &v->at.addr))
		return false;
	return !sure || v->n_private > 0 || where_sees_zone(o, v);
}

static bool is_reached_by(const struct diag_machine *m, const struct ev_view *v,
			  const char *interface)
{
	const struct diag_route *r = diag_machine_route(m, &v->at.addr);

	return !r || !r->interface || strcmp(r->interface, interface) == 0;
}

static bool met_behind(const struct ev_origin *o, const char *interface)
{
	for (size_t i = 0; i < o->n_targets; i++) {
		const struct ev_target *t = &o->targets[i];

		for (size_t k = 0; k < t->n_addrs; k++) {
			const struct ev_addr *a = &t->addrs[k];
			const struct diag_interface *f = ev_interface_to(o, a);

			if (ev_class_is_private(a->cls) && f &&
			    strcmp(f->name, interface) == 0 && where_met(t, a))
				return true;
		}
	}
	return false;
}

bool where_is_inside(const struct judge *j, const struct ev_origin *o,
		     const char *interface)
{
	bool sure = j->c->role == DIAG_ROLE_CLIENT;

	for (size_t i = 0; i < o->n_views; i++)
		if (is_vnet_server(j, o, &o->views[i], sure) &&
		    is_reached_by(o->machine, &o->views[i], interface))
			return true;
	return met_behind(o, interface);
}

bool where_has_vnet_dns(const struct judge *j, const struct ev_origin *o)
{
	for (size_t i = 0; i < o->n_views; i++) {
		const struct ev_view *v = &o->views[i];

		if (!v->system && v->n_replies > 0 &&
		    (is_vnet_server(j, o, v, false) || where_sees_zone(o, v)))
			return true;
	}
	return false;
}

/* --- how connections are lost --------------------------------------------- */

/* RFC 792 and RFC 1812, 5.2.7.1: prohibited; port unreachable in answer to a
 * SYN comes from packet filters only (RFC 1122, 3.2.2.1).  RFC 4443, 3.1. */
static bool says_closed(const struct diag_icmp_seen *i)
{
	if (i->from.family == DIAG_IPV6)
		return i->type == 1 &&
		       (i->code == 1 || i->code == 4 || i->code == 5);
	return i->type == 3 &&
	       (i->code == 3 || i->code == 9 || i->code == 10 || i->code == 13);
}

bool where_is_closed(const struct diag_fact *tcp)
{
	const struct diag_icmp_seen *i = &tcp->tcp.icmp;

	if (tcp->status != DIAG_ST_UNREACHABLE)
		return false;
	if (!i->seen) /* a filter of this machine's own */
		return tcp->sys_errno == EACCES || tcp->sys_errno == EPERM;
	return says_closed(i) && diag_scope_of(&i->from) != DIAG_SCOPE_PUBLIC;
}

bool where_is_lost(const struct diag_fact *tcp)
{
	if (tcp->status == DIAG_ST_TIMEOUT)
		return true;
	return tcp->status == DIAG_ST_UNREACHABLE && !where_is_closed(tcp);
}
