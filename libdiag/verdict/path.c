/* SPDX-License-Identifier: MIT */
/* See path.h. */
#include "verdict/path.h"

#include <string.h>

bool path_excused(const struct ev_target *t)
{
	return t->proxy && t->through_proxy && ev_wants_public(t->t);
}

/* Does the role need this port of the target itself? */
static bool is_required(const struct ev_target *t, uint16_t port,
			enum diag_proto proto)
{
	const struct diag_ports *ports = &t->t->ports;

	for (size_t i = 0; i < ports->n; i++) {
		const struct diag_port *p = &ports->items[i];
		uint16_t last = p->port_last ? p->port_last : p->port;

		if (p->dir == DIAG_OUT && p->proto == proto && !p->peer &&
		    port >= p->port && port <= last)
			return true;
	}
	return false;
}

static bool next_conn(struct path *p)
{
	for (; p->i_addr < p->t->n_addrs; p->i_addr++, p->i_conn = 0) {
		p->a = &p->t->addrs[p->i_addr];
		while (p->a->path && !p->a->told && p->i_conn < p->a->n_conns) {
			p->c = &p->a->conns[p->i_conn++];
			if (is_required(p->t, p->c->port, DIAG_TCP))
				return true;
		}
	}
	return false;
}

static bool next_datagram(struct path *p)
{
	for (; p->i_addr < p->t->n_addrs; p->i_addr++, p->i_conn = 0) {
		p->a = &p->t->addrs[p->i_addr];
		while (p->a->path && !p->a->told && p->i_conn < p->a->n_udp) {
			p->udp = p->a->udp[p->i_conn++];
			if (is_required(p->t, p->udp->udp.port, DIAG_UDP))
				return true;
		}
	}
	return false;
}

static bool next_of(const struct judge *j, struct path *p,
		    bool (*next)(struct path *p))
{
	while (!p->t || path_excused(p->t) || !next(p)) {
		p->t = p->t ? judge_next(j, p->t) : judge_first(j);
		p->i_addr = 0;
		p->i_conn = 0;
		if (!p->t)
			return false;
	}
	return true;
}

bool path_next(const struct judge *j, struct path *p)
{
	return next_of(j, p, next_conn);
}

bool path_next_udp(const struct judge *j, struct path *p)
{
	return next_of(j, p, next_datagram);
}

const struct diag_fact *path_fact(const struct path *p)
{
	return p->c ? p->c->tcp : p->udp;
}

uint16_t path_port(const struct path *p)
{
	return p->c ? p->c->port : p->udp->udp.port;
}

const struct diag_addr *path_local(const struct path *p)
{
	static const struct diag_addr none = { .family = DIAG_NOFAM };
	const struct diag_fact *f = path_fact(p);

	if (!f)
		return &none;
	return p->c ? &f->tcp.local_address : &f->udp.local_address;
}

bool path_is_tls(const struct ev_target *t, uint16_t port)
{
	if (port != 443)
		return false;
	return !t->row || t->row->tls;
}

enum path_proof path_proof(const struct ev_target *t, const struct ev_conn *c)
{
	if (!ev_ran(c->tcp))
		return PATH_UNSEEN;
	if (c->tcp->status != DIAG_ST_OPEN)
		return PATH_BAD;
	if (!path_is_tls(t, c->port) && !c->tls)
		return PATH_GOOD;
	if (!ev_ran(c->tls))
		return PATH_UNSEEN;
	if (c->tls->status != DIAG_ST_OK)
		return PATH_BAD;
	/* In a capture the handshake is as far as anybody sees. */
	if (!ev_ran(c->http))
		return t->origin->sealed ? PATH_GOOD : PATH_UNSEEN;
	return c->http->status == DIAG_ST_ANSWER ||
		       c->http->status == DIAG_ST_CLIENT_CERT_WANTED
		   ? PATH_GOOD
		   : PATH_BAD;
}

enum path_proof path_proof_udp(const struct diag_fact *f)
{
	if (f->status == DIAG_ST_SILENT)
		return PATH_UNSEEN;
	return f->status == DIAG_ST_REPLY &&
		       (!f->udp.peer || strcmp(f->udp.peer, "met") == 0)
		   ? PATH_GOOD
		   : PATH_BAD;
}

/* --- silence -------------------------------------------------------------- */

static bool tcp_is(const struct ev_conn *c, enum diag_status s)
{
	return ev_ran(c->tcp) && c->tcp->status == s;
}

static const struct diag_fact *open_at(const struct ev_addr *a)
{
	for (size_t i = 0; i < a->n_conns; i++)
		if (tcp_is(&a->conns[i], DIAG_ST_OPEN))
			return a->conns[i].tcp;
	return NULL;
}

bool path_is_silent(const struct ev_addr *a)
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

/* Where a subnet is not known a /24 stands for it. */
static bool same_subnet(const struct diag_inventory *inv,
			const struct diag_addr *a, const struct diag_addr *b)
{
	const struct diag_subnet *x = diag_inventory_subnet(inv, a);
	const struct diag_subnet *y = diag_inventory_subnet(inv, b);

	return x && y ? x == y : same_24(a, b);
}

static void look_near(const struct diag_inventory *inv, struct path_near *n,
		      const struct ev_addr *a, const struct ev_addr *b)
{
	const struct diag_fact *f = open_at(b);

	if (!f || !b->path || !ev_class_is_private(b->cls))
		return;
	if (diag_addr_eq(&a->addr, &b->addr))
		n->itself = true;
	else if (!n->neighbour && same_subnet(inv, &a->addr, &b->addr))
		n->neighbour = f;
}

struct path_near path_near(const struct ev_origin *o, const struct ev_addr *a)
{
	struct path_near n = { NULL, false };

	for (size_t i = 0; i < o->n_targets; i++)
		for (size_t k = 0; k < o->targets[i].n_addrs; k++)
			look_near(o->inv, &n, a, &o->targets[i].addrs[k]);
	return n;
}

/* --- how bad, and in words ------------------------------------------------ */

/* Some other right address serves this port. */
static bool served_beside(const struct path *p)
{
	for (size_t i = 0; p->c && i < p->t->n_addrs; i++) {
		const struct ev_addr *a = &p->t->addrs[i];
		const struct ev_conn *c = ev_conn_of(a, p->c->port);

		if (a != p->a && a->path && c &&
		    path_proof(p->t, c) == PATH_GOOD)
			return true;
	}
	return false;
}

enum diag_severity path_severity(const struct path *p)
{
	return judge_cap(p->t, served_beside(p) ? DIAG_WARNING : DIAG_ERROR);
}

const char *path_text(struct judge *j, const struct path *p)
{
	const char *addr = judge_addr(j, &p->a->addr);
	bool six = p->a->addr.family == DIAG_IPV6;

	return judge_text(j, "%s%s%s:%u%s", six ? "[" : "", addr,
			  six ? "]" : "", (unsigned)path_port(p),
			  p->c ? "" : "/udp");
}

const char *path_subject(struct judge *j, const struct path *p)
{
	return judge_text(j, "port %u%s", (unsigned)path_port(p),
			  p->c ? "" : "/udp");
}

const char *path_silence(struct judge *j, const struct path *p)
{
	return judge_text(j, "no answer%s in %.1f s", p->c ? " to SYN" : "",
			  path_fact(p)->took_ms / 1000.0);
}

const char *path_name(const struct ev_target *t)
{
	return t->t->fqdn ? t->t->fqdn : "the node";
}

struct draft *path_draft(struct judge *j, const char *code, const char *subject,
			 const struct path *p, const struct diag_fact *f)
{
	struct draft *d = judge_find(j, code, path_severity(p), subject);

	draft_target(j, d, p->t);
	draft_fact(j, d, f);
	return d;
}
