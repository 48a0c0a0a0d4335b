/* SPDX-License-Identifier: MIT */
/* print.c - a machine as JSON, pldiag.machine/1.  What is empty or unknown is
 * left out, so that parse(print(m)) prints the same again. */
#include "base/time.h"
#include "machine/internal.h"

static void put_names(struct diag_jw *w, const char *key,
		      const char *const *items, size_t n)
{
	if (n == 0)
		return;
	diag_jw_kopen(w, key, '[');
	for (size_t i = 0; i < n; i++)
		diag_jw_str(w, items[i]);
	diag_jw_close(w, ']');
}

static void put_text(struct diag_jw *w, const char *key, const char *s)
{
	diag_jw_kstr(w, key, s != NULL && s[0] != '\0' ? s : NULL);
}

static void put_flag(struct diag_jw *w, const char *key, bool on)
{
	if (on)
		diag_jw_kbool(w, key, true);
}

static void put_server(struct diag_jw *w, const struct diag_nameserver *s)
{
	char at[DIAG_ENDPOINT_TEXT];

	diag_jw_open(w, '{');
	diag_jw_kstr(w, "at", diag_endpoint_text(&s->at, at));
	put_text(w, "interface", s->interface);
	put_text(w, "source", s->source);
	diag_jw_kuint(w, "order", s->order);
	put_flag(w, "stub", s->stub);
	put_flag(w, "behind_stub", s->behind_stub);
	put_names(w, "domains", s->domains, s->n_domains);
	put_flag(w, "default_route", s->default_route);
	diag_jw_close(w, '}');
}

static void put_resolv(struct diag_jw *w, const struct diag_resolv *r)
{
	diag_jw_kopen(w, "resolv", '{');
	put_names(w, "search", r->search, r->n_search);
	diag_jw_kuint(w, "ndots", r->ndots);
	diag_jw_kuint(w, "timeout_ms", (uint64_t)r->timeout_s * 1000);
	diag_jw_kuint(w, "attempts", r->attempts);
	put_flag(w, "rotate", r->rotate);
	put_flag(w, "use_vc", r->use_vc);
	put_flag(w, "edns0", r->edns0);
	put_flag(w, "trust_ad", r->trust_ad);
	put_flag(w, "single_request", r->single_request);
	diag_jw_close(w, '}');
}

static void put_interface(struct diag_jw *w, const struct diag_interface *f)
{
	char text[DIAG_ADDR_TEXT];

	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", f->name);
	diag_jw_kbool(w, "up", f->up);
	put_flag(w, "loopback", f->loopback);
	put_flag(w, "tunnel", f->tunnel);
	put_flag(w, "container", f->container);
	diag_jw_kuint(w, "mtu", f->mtu);
	if (f->n_addresses > 0) {
		diag_jw_kopen(w, "addresses", '[');
		for (size_t i = 0; i < f->n_addresses; i++) {
			diag_jw_open(w, '{');
			diag_jw_kstr(w, "address",
				     diag_addr_text(&f->addresses[i], text));
			diag_jw_kstr(w, "prefix",
				     diag_cidr_text(&f->prefixes[i], text));
			diag_jw_close(w, '}');
		}
		diag_jw_close(w, ']');
	}
	diag_jw_close(w, '}');
}

static void put_route(struct diag_jw *w, const struct diag_route *r)
{
	char text[DIAG_ADDR_TEXT];

	diag_jw_open(w, '{');
	diag_jw_kstr(w, "to", diag_cidr_text(&r->to, text));
	if (r->gateway.family != DIAG_NOFAM)
		diag_jw_kstr(w, "gateway", diag_addr_text(&r->gateway, text));
	put_text(w, "interface", r->interface);
	diag_jw_kuint(w, "metric", r->metric);
	diag_jw_close(w, '}');
}

static void put_proxy(struct diag_jw *w, const struct diag_proxy *p)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "scheme", p->scheme);
	diag_jw_kstr(w, "url", p->url);
	put_flag(w, "has_credentials", p->has_credentials);
	put_text(w, "source", p->source);
	diag_jw_close(w, '}');
}

static void put_edge(struct diag_jw *w, const struct diag_hosts_edge *e)
{
	char text[DIAG_ADDR_TEXT];

	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", e->name);
	diag_jw_kstr(w, "address", diag_addr_text(e->addr, text));
	diag_jw_kuint(w, "line", e->line);
	diag_jw_kuint(w, "column", e->column);
	put_flag(w, "canonical", e->canonical);
	diag_jw_close(w, '}');
}

static void put_fault(struct diag_jw *w, const struct diag_hosts_fault *f)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "kind", diag_hosts_fault_key(f->kind));
	diag_jw_kuint(w, "line", f->line);
	diag_jw_kuint(w, "column", f->column);
	put_text(w, "meant", f->meant);
	put_text(w, "text", f->text);
	put_text(w, "corrected", f->corrected);
	diag_jw_close(w, '}');
}

static void put_hosts(struct diag_jw *w, const struct diag_machine *m,
		      bool (*keep)(void *ctx, const char *name), void *ctx)
{
	const struct diag_hosts *h = &m->hosts;

	diag_jw_kopen(w, "hosts", '{');
	put_text(w, "path", m->hosts_path);
	diag_jw_kopen(w, "edges", '[');
	for (size_t i = 0; i < h->n_edges; i++)
		if (keep == NULL || keep(ctx, h->edges[i].name))
			put_edge(w, &h->edges[i]);
	diag_jw_close(w, ']');
	diag_jw_kopen(w, "faults", '[');
	for (size_t i = 0; i < h->n_faults; i++)
		if (keep == NULL || h->faults[i].meant == NULL ||
		    keep(ctx, h->faults[i].meant))
			put_fault(w, &h->faults[i]);
	diag_jw_close(w, ']');
	diag_jw_close(w, '}');
}

static void put_net(struct diag_jw *w, const struct diag_machine *m)
{
	diag_jw_kopen(w, "interfaces", '[');
	for (size_t i = 0; i < m->n_interfaces; i++)
		put_interface(w, &m->interfaces[i]);
	diag_jw_close(w, ']');
	diag_jw_kopen(w, "routes", '[');
	for (size_t i = 0; i < m->n_routes; i++)
		put_route(w, &m->routes[i]);
	diag_jw_close(w, ']');
	if (m->n_proxies > 0) {
		diag_jw_kopen(w, "proxies", '[');
		for (size_t i = 0; i < m->n_proxies; i++)
			put_proxy(w, &m->proxies[i]);
		diag_jw_close(w, ']');
	}
	put_names(w, "no_proxy", m->no_proxy, m->n_no_proxy);
}

static void put_rest(struct diag_jw *w, const struct diag_machine *m)
{
	char time[DIAG_TIME_TEXT];

	diag_jw_kopen(w, "roots", '{');
	put_text(w, "path", m->roots_path);
	put_names(w, "local", m->local_roots, m->n_local_roots);
	diag_jw_close(w, '}');
	diag_jw_kopen(w, "clock", '{');
	diag_jw_kstr(w, "time", diag_time_text(m->clock_s, time));
	if (m->clock_sync_known)
		diag_jw_kbool(w, "synchronised", m->clock_synchronised);
	diag_jw_close(w, '}');
	put_flag(w, "emulated", m->emulated);
}

void diag_machine_print(const struct diag_machine *m,
			bool (*keep)(void *ctx, const char *name), void *ctx,
			struct diag_jw *w)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "schema", MACHINE_SCHEMA);
	put_text(w, "host", m->host);
	put_text(w, "platform", m->platform);
	put_text(w, "os", m->os);
	put_text(w, "container", m->container);
	put_names(w, "nss_hosts", m->nss_hosts, m->n_nss_hosts);
	diag_jw_kopen(w, "servers", '[');
	for (size_t i = 0; i < m->n_servers; i++)
		put_server(w, &m->servers[i]);
	diag_jw_close(w, ']');
	put_resolv(w, &m->resolv);
	put_hosts(w, m, keep, ctx);
	put_net(w, m);
	put_rest(w, m);
	diag_jw_close(w, '}');
}
