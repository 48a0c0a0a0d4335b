/* SPDX-License-Identifier: MIT */
/* compare_rows_told.c - what the two machines are told: search list, servers,
 * documents of Azure's, proxies. */
#include "bundle/compare_internal.h"

#include <string.h>

static const char *search_text(struct cmp *x, const struct diag_resolv *r)
{
	const char *all = r->n_search > 0 ? "search" : "no search list";

	for (size_t i = 0; i < r->n_search && all != NULL; i++)
		all = cmp_text(x, "%s %s", all, r->search[i]);
	return all != NULL ? cmp_text(x, "%s, ndots:%u", all, r->ndots) : NULL;
}

static bool same_search(const struct diag_resolv *a,
			const struct diag_resolv *b)
{
	if (a->n_search != b->n_search || a->ndots != b->ndots)
		return false;
	for (size_t i = 0; i < a->n_search; i++)
		if (strcmp(a->search[i], b->search[i]) != 0)
			return false;
	return true;
}

void cmp_row_search(struct cmp *x)
{
	struct cmp_said said = { .key = "" };

	if (x->good.m->n_servers == 0 || x->bad.m->n_servers == 0 ||
	    same_search(&x->good.m->resolv, &x->bad.m->resolv))
		return;
	said.there = search_text(x, &x->good.m->resolv);
	said.here = search_text(x, &x->bad.m->resolv);
	cmp_differ(x, NULL, &said);
}

static bool has_server(const struct diag_machine *m,
		       const struct diag_nameserver *s)
{
	for (size_t i = 0; i < m->n_servers; i++)
		if (diag_endpoint_eq(&m->servers[i].at, &s->at))
			return true;
	return false;
}

static const char *servers_text(struct cmp *x, const struct diag_machine *m)
{
	const char *all = "";
	char text[DIAG_ADDR_TEXT];

	for (size_t i = 0; i < m->n_servers && all != NULL; i++)
		all = cmp_text(x, "%s%s%s", all, i > 0 ? ", " : "",
			       diag_addr_text(&m->servers[i].at.addr, text));
	return all;
}

/* Only the bad case's machine has this server. */
static bool is_only_bad(const struct cmp *x, const char *view)
{
	struct diag_nameserver s = { .order = 0 };

	return diag_endpoint_parse(view, 53, &s.at) &&
	       has_server(x->bad.m, &s) && !has_server(x->good.m, &s);
}

/* A finding about names that stands on what such a server said. */
static const char *made_by_server(const struct cmp *x)
{
	const struct diag_verdict *v = x->bad.s->v;

	for (size_t i = 0; i < v->n_causes; i++) {
		const struct diag_finding *f = v->causes[i].finding;

		if (!cmp_is_open(x, &v->causes[i]))
			continue;
		for (size_t k = 0; k < f->n_evidence; k++) {
			const struct diag_fact *fact =
			    diag_store_get(&x->bad.s->c->facts, f->evidence[k]);

			if (fact != NULL && fact->kind == DIAG_FACT_DNS &&
			    is_only_bad(x, fact->dns.view))
				return f->info->code;
		}
	}
	return NULL;
}

void cmp_row_servers(struct cmp *x)
{
	size_t missing = 0;
	struct cmp_said said = { .key = "" };

	if (x->good.m->n_servers == 0 || x->bad.m->n_servers == 0 ||
	    !x->addresses)
		return;
	for (size_t i = 0; i < x->bad.m->n_servers; i++)
		missing += !has_server(x->good.m, &x->bad.m->servers[i]);
	for (size_t i = 0; i < x->good.m->n_servers; i++)
		missing += !has_server(x->bad.m, &x->good.m->servers[i]);
	if (missing == 0)
		return;
	said.there = servers_text(x, x->good.m);
	said.here = servers_text(x, x->bad.m);
	said.only = made_by_server(x);
	said.harmless = said.only == NULL;
	cmp_differ(x, NULL, &said);
}

/* --- what it was told of Azure -------------------------------------------- */

static bool has_note(const struct diag_inventory *inv, const char *code)
{
	for (size_t i = 0; inv != NULL && i < inv->n_notes; i++)
		if (strcmp(inv->notes[i].code, code) == 0)
			return true;
	return false;
}

/* The cause that the document alone makes. */
static const char *made_by_document(const struct cmp *x)
{
	const struct diag_verdict *v = x->bad.s->v;
	const struct diag_inventory *good = x->good.s->c->inventory;
	const struct diag_inventory *bad = x->bad.s->c->inventory;

	for (size_t i = 0; i < v->n_causes; i++) {
		const char *code = v->causes[i].finding->info->code;

		if (!cmp_is_open(x, &v->causes[i]))
			continue;
		if (has_note(bad, code) && !has_note(good, code))
			return code;
		if (strncmp(code, "nsg.", 4) == 0 && bad != NULL &&
		    bad->nsgs != NULL && (good == NULL || good->nsgs == NULL))
			return code;
	}
	return NULL;
}

void cmp_row_documents(struct cmp *x)
{
	struct cmp_said said = { .key = "", .only = made_by_document(x) };

	if (said.only == NULL)
		return;
	said.there = "its inventory knows nothing of it";
	said.here = "its inventory tells so";
	cmp_differ(x, NULL, &said);
}

/* --- proxy ---------------------------------------------------------------- */

static const char *proxy_text(struct cmp *x, const struct diag_proxy *p)
{
	return p != NULL
		   ? cmp_text(x, "through the proxy %s (%s)", p->url, p->source)
		   : "goes there directly";
}

/* The last time the name was tried by the proxy. */
static const struct diag_fact *by_proxy(const struct cmp_side *s,
					const char *target)
{
	const struct diag_fact *last = NULL;
	size_t n;
	const struct diag_fact *const *facts = cmp_facts(s, target, &n);

	for (size_t i = 0; i < n; i++)
		if (facts[i]->kind == DIAG_FACT_HTTP &&
		    facts[i]->http.proxy != NULL)
			last = facts[i];
	return last;
}

void cmp_row_proxy(struct cmp *x, const struct cmp_pair *p)
{
	const struct diag_proxy *good =
	    diag_machine_proxy(x->good.m, p->good_name);
	const struct diag_proxy *bad = diag_machine_proxy(x->bad.m, p->name);
	struct cmp_said said = { .key = "" };

	if (good == bad ||
	    (good != NULL && bad != NULL && strcmp(good->url, bad->url) == 0))
		return;
	said.good = by_proxy(&x->good, p->good_name);
	said.bad = by_proxy(&x->bad, p->name);
	said.there = proxy_text(x, good);
	said.here = proxy_text(x, bad);
	/* A proxy here makes what is met through it; the way that is not
	 * taken there may be closed altogether. */
	if (good == NULL)
		said.only = "proxy.* http.* tls.*";
	cmp_differ(x, p, &said);
}
