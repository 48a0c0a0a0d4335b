/* SPDX-License-Identifier: MIT */
/* rules_tcp - ports that must be open and are not, and what cannot be proven
 * from one end.
 *
 * Silence, RST, and a reset after open are three findings, because three
 * parties are behind them: something that drops (a network security group, a
 * firewall), a host where nobody listens (or a firewall that rejects), and a
 * middlebox.  Only ports that the role needs make findings; optional ones
 * stay in the facts.
 *
 * endpoint.silent is the same silence with a better story: one private
 * address says nothing on any port while its neighbours answer, so the path
 * to the subnet is fine and this endpoint is not (not approved, deleted, or
 * filtered by itself).  A neighbour is another expected address in the same
 * /24 (the subnet's real prefix is not known here); a refusal is an answer.
 */
#include "verdict/path.h"

#include <string.h>

static bool in_ports(const struct diag_ports *ports, uint16_t port)
{
	for (size_t i = 0; i < ports->n; i++) {
		const struct diag_port *p = &ports->items[i];
		uint16_t last = p->port_last ? p->port_last : p->port;

		if (p->dir == DIAG_OUT && p->proto == DIAG_TCP &&
		    port >= p->port && port <= last)
			return true;
	}
	return false;
}

static bool is_required(const struct path *p)
{
	return in_ports(&p->t->t->ports, p->c->port);
}

static const char *port_subject(struct judge *j, const struct path *p)
{
	return judge_text(j, "port %u", (unsigned)p->c->port);
}

static const char *name_of(const struct path *p)
{
	return p->t->t->fqdn ? p->t->t->fqdn : "the node";
}

/* --- silence -------------------------------------------------------------- */

static bool tcp_is(const struct ev_conn *c, enum diag_status s)
{
	return ev_ran(c->tcp) && c->tcp->status == s;
}

static bool answered(const struct ev_addr *a)
{
	for (size_t i = 0; i < a->n_conns; i++)
		if (tcp_is(&a->conns[i], DIAG_ST_OPEN) ||
		    tcp_is(&a->conns[i], DIAG_ST_REFUSED) ||
		    tcp_is(&a->conns[i], DIAG_ST_RESET))
			return true;
	return false;
}

static bool all_silent(const struct ev_addr *a)
{
	bool any = false;

	for (size_t i = 0; i < a->n_conns; i++) {
		if (!ev_ran(a->conns[i].tcp))
			continue;
		if (!tcp_is(&a->conns[i], DIAG_ST_TIMEOUT))
			return false;
		any = true;
	}
	return any;
}

static bool same_24(const struct diag_addr *a, const struct diag_addr *b)
{
	return a->family == DIAG_IPV4 && b->family == DIAG_IPV4 &&
	       memcmp(a->bytes, b->bytes, 3) == 0;
}

/* An address near a that answers, on the same machine's word. */
static const struct ev_addr *neighbour(const struct ev_origin *o,
				       const struct ev_addr *a)
{
	for (size_t i = 0; i < o->n_targets; i++) {
		const struct ev_target *t = &o->targets[i];

		for (size_t k = 0; k < t->n_addrs; k++) {
			const struct ev_addr *b = &t->addrs[k];

			if (ev_class_is_private(b->cls) && b->path &&
			    same_24(&a->addr, &b->addr) &&
			    !diag_addr_eq(&a->addr, &b->addr) && answered(b))
				return b;
		}
	}
	return NULL;
}

static const struct diag_fact *answer_fact(const struct ev_addr *a)
{
	for (size_t i = 0; i < a->n_conns; i++)
		if (ev_ran(a->conns[i].tcp) &&
		    a->conns[i].tcp->status != DIAG_ST_TIMEOUT)
			return a->conns[i].tcp;
	return NULL;
}

static void endpoint_silent(struct judge *j, const struct path *p,
			    const struct ev_addr *near)
{
	const char *at = judge_addr(j, &p->a->addr);
	struct draft *d = path_draft(j, "endpoint.silent", at, p, p->c->tcp);

	draft_detail(j, d,
		     "The private endpoint %s says nothing, while %s in the "
		     "same subnet answers: its connection is not approved, it "
		     "was deleted, or something filters this one address.",
		     at, judge_addr(j, &near->addr));
	draft_proof(j, d, p->c->tcp, "%s: no answer to SYN in %.1f s",
		    path_text(j, p), p->c->tcp->took_ms / 1000.0);
	draft_proof(j, d, answer_fact(near), "its neighbour %s answers",
		    judge_addr(j, &near->addr));
}

static void filtered(struct judge *j, const struct path *p)
{
	struct draft *d =
	    path_draft(j, "tcp.filtered", port_subject(j, p), p, p->c->tcp);

	draft_detail(j, d,
		     "Nothing answers on port %u: something on the way drops "
		     "the packets (a network security group, a firewall), or "
		     "the address is not in use.",
		     (unsigned)p->c->port);
	draft_proof(j, d, p->c->tcp, "%s for %s: no answer to SYN in %.1f s",
		    path_text(j, p), name_of(p), p->c->tcp->took_ms / 1000.0);
}

static void run_silence(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);) {
		const struct ev_addr *near = NULL;

		if (!tcp_is(p.c, DIAG_ST_TIMEOUT) || !is_required(&p))
			continue;
		if (ev_class_is_private(p.a->cls) && all_silent(p.a))
			near = neighbour(p.t->origin, p.a);
		if (near)
			endpoint_silent(j, &p, near);
		filtered(j, &p);
	}
}

/* --- refusals and resets -------------------------------------------------- */

static void run_refused(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);) {
		struct draft *d;

		if (!tcp_is(p.c, DIAG_ST_REFUSED) || !is_required(&p))
			continue;
		d = path_draft(j, "tcp.refused", port_subject(j, &p), &p,
			       p.c->tcp);
		draft_detail(j, d,
			     "The connection to port %u is refused (RST): "
			     "nobody listens there, or a firewall rejects "
			     "it.",
			     (unsigned)p.c->port);
		draft_proof(j, d, p.c->tcp, "%s for %s: refused after %.0f ms",
			    path_text(j, &p), name_of(&p), p.c->tcp->took_ms);
	}
}

static void run_reset(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);) {
		struct draft *d;

		if (!tcp_is(p.c, DIAG_ST_RESET) || !is_required(&p) ||
		    path_is_tls(p.t, p.c->port))
			continue;
		d = path_draft(j, "tcp.reset", port_subject(j, &p), &p,
			       p.c->tcp);
		draft_detail(j, d,
			     "Port %u opens and the connection is reset at "
			     "once: a middlebox accepts for somebody else, or "
			     "the service turns this client away.",
			     (unsigned)p.c->port);
		draft_proof(j, d, p.c->tcp, "%s for %s: reset after open",
			    path_text(j, &p), name_of(&p));
	}
}

/* --- what one end cannot prove -------------------------------------------- */

static const char *flow_text(struct judge *j, const struct diag_port *p)
{
	const char *proto = p->proto == DIAG_UDP ? "UDP" : "TCP";
	const char *peer = p->peer ? p->peer : "anywhere";

	if (p->port_last > p->port)
		return judge_text(j, "%s %u-%u %s %s", proto, p->port,
				  p->port_last,
				  p->dir == DIAG_IN ? "from" : "to", peer);
	return judge_text(j, "%s %u %s %s", proto, p->port,
			  p->dir == DIAG_IN ? "from" : "to", peer);
}

static bool by_tag(const struct diag_port *p)
{
	return p->peer && (p->dir == DIAG_IN || p->proto == DIAG_UDP);
}

static void run_not_provable(struct judge *j)
{
	for (struct ev_target *t = judge_first(j); t; t = judge_next(j, t)) {
		const struct diag_ports *ports = &t->t->ports;

		for (size_t i = 0; i < ports->n; i++) {
			const struct diag_port *p = &ports->items[i];
			const char *flow;
			struct draft *d;

			if (!by_tag(p))
				continue;
			flow = flow_text(j, p);
			d = judge_find(j, "port.not-provable-from-here",
				       DIAG_INFO, flow);
			draft_target(j, d, t);
			draft_detail(j, d,
				     "%s is admitted by a service tag: a "
				     "probe from here cannot stand in for "
				     "Azure's own machines.",
				     flow);
		}
	}
}

const struct diag_rule rules_tcp[] = {
	{ .code = "endpoint.silent", .run = run_silence },
	{ .code = "tcp.refused", .run = run_refused },
	{ .code = "tcp.reset", .run = run_reset },
	{ .code = "port.not-provable-from-here", .run = run_not_provable },
	{ .code = NULL },
};
