/* SPDX-License-Identifier: MIT */
/* hosts.c - which ports of an inventory a machine can try by itself.
 *
 * A flow whose other end is a service tag, or that comes in, is between the
 * target and somebody else: no connection from here stands in for it, and none
 * is made.
 */
#include "tools/pl-probe/probe.h"

#include <stdlib.h>
#include <string.h>

#define HTTPS 443

/* How far a connection goes. */
static enum diag_stage stage_of(const struct probe *o,
				const struct diag_target *t,
				const struct diag_cat_row *row, uint16_t port)
{
	if (o->http)
		return DIAG_STAGE_HTTP;
	if (o->tls)
		return DIAG_STAGE_TLS;
	if (o->tcp)
		return DIAG_STAGE_TCP;
	if (port == HTTPS && t->fqdn != NULL && (row == NULL || row->tls))
		return DIAG_STAGE_HTTP;
	return DIAG_STAGE_TCP;
}

struct make {
	struct tool_call *call;
	const struct diag_target *t;
	const struct diag_cat_row *row;
	struct diag_probe_host *host;
	struct diag_probe_ports *ports;
	size_t n;
	uint64_t count; /* single ports */
};

static bool add(struct make *m, uint16_t first, uint16_t last,
		enum diag_proto proto, enum diag_stage stage)
{
	struct diag_probe_ports *at =
	    first > last ? m->ports
			 : diag_arena_push(&m->call->arena, &m->ports, &m->n,
					   sizeof(*at));

	if (first > last)
		return true;
	if (at == NULL)
		return false;
	*at = (struct diag_probe_ports){
		.port = first, .last = last, .proto = proto, .stage = stage
	};
	m->count += (uint64_t)last - first + 1;
	return true;
}

/* A range with 443 inside has three parts. */
static bool add_range(struct make *m, const struct diag_probe_ports *p)
{
	const struct probe *o = m->call->options;
	enum diag_stage plain = stage_of(o, m->t, m->row, 0);

	if (p->proto == DIAG_UDP || p->port > HTTPS || p->last < HTTPS)
		return add(m, p->port, p->last, p->proto, plain);
	return add(m, p->port, HTTPS - 1, p->proto, plain) &&
	       add(m, HTTPS, HTTPS, p->proto,
		   stage_of(o, m->t, m->row, HTTPS)) &&
	       add(m, HTTPS + 1, p->last, p->proto, plain);
}

/* --- each port once ------------------------------------------------------- */

struct ranges {
	struct diag_probe_ports *items;
	size_t n;
};

static bool collect(struct make *m, const struct diag_ports *ports,
		    struct ranges *out)
{
	const struct probe *o = m->call->options;

	for (size_t i = 0; i < ports->n; i++) {
		const struct diag_port *p = &ports->items[i];
		struct diag_probe_ports *at;

		if (p->dir != DIAG_OUT || p->peer != NULL)
			continue;
		at = diag_arena_push(&m->call->arena, &out->items, &out->n,
				     sizeof(*at));
		if (at == NULL)
			return false;
		*at = (struct diag_probe_ports){
			.port = p->port,
			.last = p->port_last > p->port ? p->port_last : p->port,
			.proto = o->udp ? DIAG_UDP : p->proto,
		};
	}
	return true;
}

static int by_port(const void *a, const void *b)
{
	const struct diag_probe_ports *x = a, *y = b;

	if (x->proto != y->proto)
		return x->proto < y->proto ? -1 : 1;
	return (int)x->port - (int)y->port;
}

/* Sorted, what overlaps lies side by side. */
static void join(struct ranges *r)
{
	size_t n = 0;

	if (r->n > 1)
		qsort(r->items, r->n, sizeof(*r->items), by_port);
	for (size_t i = 0; i < r->n; i++) {
		struct diag_probe_ports *last = n > 0 ? &r->items[n - 1] : NULL;
		const struct diag_probe_ports *p = &r->items[i];

		if (last == NULL || last->proto != p->proto ||
		    last->last < p->port)
			r->items[n++] = *p;
		else if (last->last < p->last)
			last->last = p->last;
	}
	r->n = n;
}

static bool add_ports(struct make *m, bool words)
{
	struct ranges r = { .n = 0 };

	if (!collect(m, &m->t->ports, &r) ||
	    (!words && !collect(m, &m->t->optional_ports, &r)))
		return false;
	join(&r);
	for (size_t i = 0; i < r.n; i++)
		if (!add_range(m, &r.items[i]))
			return false;
	return true;
}

/* --- the browser's question ----------------------------------------------- */

static bool is_storage(enum diag_service s)
{
	switch (s) {
	case DIAG_SVC_STORAGE_BLOB:
	case DIAG_SVC_STORAGE_FILE:
	case DIAG_SVC_STORAGE_DFS:
		return true;
	default:
		return false;
	}
}

/* What a browser asks before a page of the studio may read from storage. */
static bool add_preflight(struct make *m)
{
	struct diag_http_question *q;

	if (m->row == NULL || m->row->http.path == NULL ||
	    !is_storage(m->t->service))
		return true;
	q = diag_arena_alloc(&m->call->arena, sizeof(*q));
	if (q == NULL)
		return false;
	*q = m->row->http;
	q->method = "OPTIONS";
	q->origin = "https://ml.azure.com";
	m->host->preflight = q;
	return true;
}

/* --- hosts ---------------------------------------------------------------- */

static bool make_host(struct make *m, bool words)
{
	const struct diag_target *t = m->t;

	m->host->name = t->fqdn;
	m->host->addresses = t->addresses;
	m->host->n_addresses = t->n_addresses;
	/* --address is instead of asking; what an inventory expects is not. */
	m->host->ask = t->fqdn && (!words || t->n_addresses == 0);
	if (m->row && m->row->http.path)
		m->host->http = &m->row->http;
	if (!add_ports(m, words) || !add_preflight(m))
		return false;
	m->host->ports = m->ports;
	m->host->n_ports = m->n;
	return true;
}

static const struct diag_cat_row *row_of(const struct diag_inventory *inv,
					 const struct diag_target *t)
{
	return t->fqdn ? diag_cat_row_of(inv->cloud, t->service, t->fqdn)
		       : diag_cat_row(inv->cloud, t->service);
}

/* A wildcard is no name that anybody can ask for. */
static bool can_try(const struct diag_target *t)
{
	return t->fqdn ? t->fqdn[0] != '*' : t->n_addresses > 0;
}

bool probe_hosts_of(struct tool_call *call, const struct diag_inventory *inv,
		    bool words, struct probe_hosts *out, struct diag_err *err)
{
	*out = (struct probe_hosts){ .n = 0 };
	out->items =
	    diag_arena_array(&call->arena, inv->n_targets ? inv->n_targets : 1,
			     sizeof(*out->items));
	if (out->items == NULL)
		return diag_fail_nomem(err, "probe");
	for (size_t i = 0; i < inv->n_targets; i++) {
		const struct diag_target *t = &inv->targets[i];
		struct make m = { .call = call,
				  .t = t,
				  .row = row_of(inv, t),
				  .host = &out->items[out->n] };

		if (!can_try(t))
			continue;
		if (!make_host(&m, words))
			return diag_fail_nomem(err, "probe");
		if (m.n == 0)
			continue;
		out->n++;
		out->n_ports +=
		    m.count * (t->n_addresses > 0 ? t->n_addresses : 1);
	}
	return out->n_ports <= PROBE_PAIRS_MAX ||
	       diag_fail(err, DIAG_ELIMIT, "probe",
			 "more than %llu ports in all",
			 (unsigned long long)PROBE_PAIRS_MAX);
}
