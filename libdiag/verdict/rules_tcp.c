/* SPDX-License-Identifier: MIT */
/* rules_tcp - ports that must be open and are not, and what cannot be proven
 * from one end.
 *
 * Silence, RST, and a reset after open are three findings, because three
 * parties are behind them: something that drops (a network security group, a
 * firewall), a host where nobody listens (or a firewall that rejects), and a
 * middlebox.
 *
 * endpoint.silent is the same silence with a better story: one private
 * address says nothing on any port while a neighbour's port opens, so the path
 * to the subnet is fine and this endpoint is not (not approved, deleted, or
 * filtered by itself).  A neighbour is another right address in the same
 * subnet, or in the same /24 where the inventory does not tell subnets.  A
 * refusal proves no path: a firewall that rejects some and drops others could
 * have sent it.
 */
#include "verdict/blocked.h"
#include "verdict/where.h"

static const char *port_subject(struct judge *j, const struct path *p)
{
	return judge_text(j, "port %u", (unsigned)p->c->port);
}

static bool tcp_is(const struct ev_conn *c, enum diag_status s)
{
	return ev_ran(c->tcp) && c->tcp->status == s;
}

/* --- silence -------------------------------------------------------------- */

static const struct diag_fact *neighbour(const struct path *p)
{
	struct path_near n;

	if (!ev_class_is_private(p->a->cls) || !path_is_silent(p->a))
		return NULL;
	n = path_near(p->t->origin, p->a);
	return n.itself ? NULL : n.neighbour;
}

static void endpoint_silent(struct judge *j, const struct path *p,
			    const struct diag_fact *near)
{
	const char *at = judge_addr(j, &p->a->addr);
	const char *other = judge_addr(j, &near->tcp.address);
	struct draft *d = path_draft(j, "endpoint.silent", at, p, p->c->tcp);

	draft_detail(j, d,
		     "The private endpoint %s says nothing, while %s in the "
		     "same subnet answers: its connection is not approved, it "
		     "was deleted, or something filters this one address.",
		     at, other);
	draft_proof(j, d, p->c->tcp, "%s: no answer to SYN in %.1f s",
		    path_text(j, p), p->c->tcp->took_ms / 1000.0);
	draft_proof(j, d, near, "its neighbour %s opens port %u", other,
		    (unsigned)near->tcp.port);
}

/* What the rules of the inventory say, where they are not to blame. */
static void prove_rules(struct judge *j, struct draft *d, const struct path *p,
			const struct blocked *b)
{
	if (b->result == DIAG_FLOW_ALLOWED && b->policies == DIAG_POLICIES_OFF)
		draft_proof(j, d, NULL,
			    "no network security group holds %s: network "
			    "policies for private endpoints are off on its "
			    "subnet",
			    judge_addr(j, &p->a->addr));
	else if (b->result == DIAG_FLOW_ALLOWED && b->rule)
		draft_proof(j, d, NULL,
			    "network security groups allow it, by %s: look "
			    "elsewhere (a firewall on the host or on the way, "
			    "the route back)",
			    blocked_by(j, b));
	else if (b->only_place)
		draft_proof(j, d, NULL,
			    "which group stands before %s is not known; if "
			    "it is this one, %s denies it",
			    judge_addr(j, &p->a->addr), blocked_by(j, b));
}

/* What silence means.  A capture shows neither tunnels nor proxy settings, so
 * there it means less. */
struct sight {
	const struct ev_origin *of;
	bool sealed, vpn_unknown;
};

static void say_silence(struct judge *j, struct draft *d, const struct path *p,
			const struct sight *s)
{
	unsigned port = p->c->port;

	if (s->vpn_unknown && ev_class_is_private(p->a->cls))
		draft_detail(j, d,
			     "Nothing answers on port %u, at no private "
			     "endpoint: the VPN is not connected, or something "
			     "on the way drops the packets.  A capture does "
			     "not show which.",
			     port);
	else if (s->sealed && ev_wants_public(p->t->t))
		draft_detail(j, d,
			     "Nothing answers on port %u: something on the way "
			     "drops the packets, as where only a proxy leads "
			     "to the internet.  A capture does not show "
			     "whether one is to be used: then it is the proxy "
			     "that has to answer.",
			     port);
	else
		draft_detail(j, d,
			     "Nothing answers on port %u: something on the way "
			     "drops the packets (a network security group, a "
			     "firewall), or the address is not in use.",
			     port);
}

/* With a story of its own the address (or the rule) is the subject, so that
 * the story explains it; else the port, which firewalls know. */
static void filtered(struct judge *j, const struct path *p, bool silent,
		     const struct sight *s)
{
	struct blocked b;
	bool denied = blocked_denies(j, p, &b);
	const char *subject = denied   ? blocked_subject(j, p, &b)
			      : silent ? judge_addr(j, &p->a->addr)
				       : port_subject(j, p);
	struct draft *d = path_draft(j, "tcp.filtered", subject, p, p->c->tcp);

	say_silence(j, d, p, s);
	draft_proof(j, d, p->c->tcp, "%s for %s: no answer to SYN in %.1f s",
		    path_text(j, p), path_name(p->t),
		    p->c->tcp->took_ms / 1000.0);
	prove_rules(j, d, p, &b);
}

static void look_from(const struct judge *j, const struct ev_origin *o,
		      struct sight *s)
{
	if (s->of == o || o == NULL)
		return;
	*s = (struct sight){ .of = o,
			     .sealed = o->sealed,
			     .vpn_unknown = where_vpn_is_unknown(j, o) };
}

static void run_silence(struct judge *j)
{
	struct sight s = { .of = NULL };

	for (struct path p = { 0 }; path_next(j, &p);) {
		const struct diag_fact *near;

		if (!tcp_is(p.c, DIAG_ST_TIMEOUT))
			continue;
		look_from(j, p.t->origin, &s);
		near = neighbour(&p);
		if (near)
			endpoint_silent(j, &p, near);
		filtered(j, &p, near != NULL, &s);
	}
}

/* --- refusals and resets -------------------------------------------------- */

static void run_refused(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);) {
		struct draft *d;

		if (!tcp_is(p.c, DIAG_ST_REFUSED))
			continue;
		d = path_draft(j, "tcp.refused", port_subject(j, &p), &p,
			       p.c->tcp);
		draft_detail(j, d,
			     "The connection to port %u is refused (RST): "
			     "nobody listens there, or a firewall rejects "
			     "it.",
			     (unsigned)p.c->port);
		draft_proof(j, d, p.c->tcp, "%s for %s: refused after %.0f ms",
			    path_text(j, &p), path_name(p.t),
			    p.c->tcp->took_ms);
	}
}

static void run_reset(struct judge *j)
{
	for (struct path p = { 0 }; path_next(j, &p);) {
		struct draft *d;

		if (!tcp_is(p.c, DIAG_ST_RESET) || path_is_tls(p.t, p.c->port))
			continue;
		d = path_draft(j, "tcp.reset", port_subject(j, &p), &p,
			       p.c->tcp);
		draft_detail(j, d,
			     "Port %u opens and the connection is reset at "
			     "once: a middlebox accepts for somebody else, or "
			     "the service turns this client away.",
			     (unsigned)p.c->port);
		draft_proof(j, d, p.c->tcp, "%s for %s: reset after open",
			    path_text(j, &p), path_name(p.t));
	}
}

/* --- what one end cannot prove -------------------------------------------- */

static const char *flow_text(struct judge *j, const struct diag_port *p)
{
	const char *proto = p->proto == DIAG_UDP ? "UDP" : "TCP";
	const char *way = p->dir == DIAG_IN ? "from" : "to";
	const char *peer = p->peer ? p->peer : "anywhere";

	if (p->dir == DIAG_OUT && !p->peer)
		peer = "the address itself";
	if (p->port_last > p->port)
		return judge_text(j, "%s %u-%u %s %s", proto, p->port,
				  p->port_last, way, peer);
	return judge_text(j, "%s %u %s %s", proto, p->port, way, peer);
}

/* Its other end is a service tag, or silence would prove nothing. */
static bool is_beyond_us(const struct diag_port *p)
{
	return p->peer || p->dir == DIAG_IN || p->proto == DIAG_UDP;
}

/* No probe shows it; what the rules say is worth a line all the same. */
static void prove_flow(struct judge *j, struct draft *d,
		       const struct diag_port *p)
{
	struct blocked b = blocked_flow(j, p);

	if (d->n_proof > 0 || !b.rule)
		return;
	if (b.result == DIAG_FLOW_ALLOWED)
		draft_proof(j, d, NULL,
			    "network security groups allow it, by %s",
			    blocked_by(j, &b));
	else if (b.result == DIAG_FLOW_DENIED)
		draft_proof(j, d, NULL,
			    "%s denies it: a fault only if this compute needs "
			    "it (pl-nsg check tells)",
			    blocked_by(j, &b));
}

static void not_provable(struct judge *j, const struct ev_target *t,
			 const struct diag_port *p)
{
	const char *flow = flow_text(j, p);
	struct draft *d =
	    judge_find(j, "port.not-provable-from-here", DIAG_INFO, flow);

	draft_target(j, d, t);
	draft_detail(j, d,
		     "%s cannot be judged by a probe from here: the other "
		     "end is Azure's own, known by a service tag, or it does "
		     "not answer strangers.",
		     flow);
	prove_flow(j, d, p);
}

/* Nodes have no fact of their own: all targets, not only those asked. */
static void run_not_provable(struct judge *j)
{
	const struct ev_origin *o = &j->ev->origins[0];

	for (size_t i = 0; i < o->n_targets; i++) {
		const struct ev_target *t = &o->targets[i];

		for (size_t k = 0; k < t->t->ports.n && !t->unused; k++)
			if (is_beyond_us(&t->t->ports.items[k]))
				not_provable(j, t, &t->t->ports.items[k]);
	}
}

const struct diag_rule rules_tcp[] = {
	{ .code = "endpoint.silent", .run = run_silence },
	{ .code = "tcp.refused", .run = run_refused },
	{ .code = "tcp.reset", .run = run_reset },
	{ .code = "port.not-provable-from-here", .run = run_not_provable },
	{ .code = NULL },
};
