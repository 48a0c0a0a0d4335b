/* SPDX-License-Identifier: MIT */
/* text_facts.c - every fact on a line, for -vv: what the #numbers mean. */
#include <string.h>

#include "base/text.h"
#include "report/page.h"

static const char *addresses(struct page *p, const struct diag_addr *a,
			     size_t n)
{
	const char *list = "";

	for (size_t i = 0; i < n && i < 4; i++) {
		char text[DIAG_ADDR_TEXT];

		list = page_text(p, "%s %s", list,
				 page_clean(p, diag_addr_text(&a[i], text)));
	}
	return n > 4 ? page_text(p, "%s +%zu", list, n - 4) : list;
}

static const char *dns(struct page *p, const struct diag_dns_fact *d)
{
	const char *path = page_clean(p, d->name);

	for (size_t i = 0; i < d->n_chain && i < 8; i++)
		if (d->chain[i].type == DIAG_RR_CNAME)
			path = page_text(p, "%s -> %s", path,
					 page_clean(p, d->chain[i].value));
	return page_text(p, "%s %s %s%s", page_clean(p, d->view),
			 diag_rrtype_key(d->type), path,
			 addresses(p, d->addresses, d->n_addresses));
}

static const char *peer(struct page *p, const struct diag_addr *a,
			unsigned port)
{
	struct diag_endpoint e = { .addr = *a, .port = (uint16_t)port };
	char text[DIAG_ENDPOINT_TEXT];

	return page_clean(p, diag_endpoint_text(&e, text));
}

static const char *route(struct page *p, const struct diag_route_fact *r)
{
	char text[DIAG_ADDR_TEXT];
	const char *to = page_clean(p, diag_addr_text(&r->address, text));

	return page_text(
	    p, "%s through %s%s%s", to,
	    page_clean(p, r->interface != NULL ? r->interface : "nothing"),
	    r->is_tunnel ? " (tunnel)" : "", r->on_link ? " (on-link)" : "");
}

static const char *http(struct page *p, const struct diag_http_fact *h)
{
	const char *code = h->code > 0 ? page_text(p, " %d", h->code) : "";

	return page_text(p, "%s%s%s%s", page_clean(p, h->url), code,
			 h->proxy != NULL ? " through " : "",
			 page_clean(p, h->proxy));
}

static const char *tls(struct page *p, const struct diag_tls_fact *t)
{
	return page_text(
	    p, "%s %s %s", peer(p, &t->address, t->port),
	    page_clean(p, t->version),
	    page_clean(p, t->n_chain > 0 ? t->chain[0].subject : NULL));
}

static const char *mtu(struct page *p, const struct diag_mtu_fact *m)
{
	char text[DIAG_ADDR_TEXT];
	const char *line = page_clean(p, diag_addr_text(&m->address, text));

	if (m->mtu > 0)
		line = page_text(p, "%s takes %u bytes", line, m->mtu);
	if (m->how != NULL)
		line = page_text(p, "%s (%s)", line, page_clean(p, m->how));
	return m->lost > 0 ? page_text(p, "%s, loses %u", line, m->lost) : line;
}

const char *page_fact_about(struct page *p, const struct diag_fact *f)
{
	switch (f->kind) {
	case DIAG_FACT_DNS:
		return dns(p, &f->dns);
	case DIAG_FACT_SYSTEM_DNS:
		return page_text(p, "%s%s", page_clean(p, f->system_dns.name),
				 addresses(p, f->system_dns.addresses,
					   f->system_dns.n_addresses));
	case DIAG_FACT_ROUTE:
		return route(p, &f->route);
	case DIAG_FACT_TCP:
		return peer(p, &f->tcp.address, f->tcp.port);
	case DIAG_FACT_TLS:
		return tls(p, &f->tls);
	case DIAG_FACT_HTTP:
		return http(p, &f->http);
	case DIAG_FACT_UDP:
		return peer(p, &f->udp.address, f->udp.port);
	case DIAG_FACT_ARRIVAL:
		return page_text(
		    p, "port %u%s from %s", f->arrival.port,
		    f->arrival.protocol ? "/udp" : "",
		    peer(p, &f->arrival.from, f->arrival.from_port));
	case DIAG_FACT_MTU:
		return mtu(p, &f->mtu);
	}
	return "";
}

static void put_fact(struct page *p, const struct diag_fact *f)
{
	const char *error = page_clean(p, f->error);

	page_cell(p, PAGE_DIM, page_text(p, "#%u", f->id), 6);
	page_cell(p, PAGE_PLAIN, diag_fact_kind_key(f->kind), 12);
	page_cell(p, PAGE_PLAIN, diag_status_key(f->status), 15);
	page_paragraph(p, 33,
		       page_text(p, "%s  %s%s%s", page_ms(p, f->took_ms),
				 page_fact_about(p, f),
				 error[0] != '\0' ? ": " : "", error));
}

void page_facts(struct page *p)
{
	const struct diag_store *s = &p->in->c->facts;
	struct diag_arena whole = p->arena;

	if (s->n == 0)
		return;
	page_end_line(p);
	for (size_t i = 0; i < s->n; i++) {
		/* There may be millions; each has its own memory. */
		diag_arena_init(&p->arena, 0);
		put_fact(p, s->facts[i]);
		diag_arena_clear(&p->arena);
	}
	p->arena = whole;
}
