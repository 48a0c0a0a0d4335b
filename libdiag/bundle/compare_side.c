/* SPDX-License-Identifier: MIT */
/* compare_side.c - a case's facts, so that a row finds its own at once. */
#include "bundle/compare_internal.h"

#include <stdlib.h>
#include <string.h>

static int by_target(const void *a, const void *b)
{
	const struct diag_fact *x = *(const struct diag_fact *const *)a;
	const struct diag_fact *y = *(const struct diag_fact *const *)b;
	int order = strcmp(x->target, y->target);

	if (order == 0)
		order = (x->started_ms > y->started_ms) -
			(x->started_ms < y->started_ms);
	return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

static int by_address(const void *a, const void *b)
{
	const struct diag_fact *x = *(const struct diag_fact *const *)a;
	const struct diag_fact *y = *(const struct diag_fact *const *)b;
	int order = diag_addr_cmp(&x->route.address, &y->route.address);

	return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

static void sort_facts(struct cmp_side *s, const struct diag_store *store)
{
	for (size_t i = 0; i < store->n; i++) {
		const struct diag_fact *f = store->facts[i];

		if (f->kind == DIAG_FACT_ROUTE && f->status != DIAG_ST_NOT_RUN)
			s->routes[s->n_routes++] = f;
		else if (f->target != NULL)
			s->facts[s->n_facts++] = f;
	}
	qsort(s->facts, s->n_facts, sizeof(const void *), by_target);
	qsort(s->routes, s->n_routes, sizeof(const void *), by_address);
}

bool cmp_side_init(struct cmp *x, struct cmp_side *s,
		   const struct diag_compare_side *from)
{
	const struct diag_store *store = &from->c->facts;
	struct diag_machine *none;

	s->s = from;
	s->o = &from->c->origins[0];
	s->m = s->o->machine;
	if (s->m == NULL) {
		none = diag_arena_alloc(x->arena, sizeof(*none));
		s->m = none;
	}
	s->facts =
	    diag_arena_array(x->arena, store->n + 1, sizeof(const void *));
	s->routes =
	    diag_arena_array(x->arena, store->n + 1, sizeof(const void *));
	if (s->facts == NULL || s->routes == NULL || s->m == NULL)
		return false;
	sort_facts(s, store);
	return true;
}

const struct diag_fact *const *cmp_facts(const struct cmp_side *s,
					 const char *target, size_t *n)
{
	size_t low = 0;
	size_t high = s->n_facts;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(s->facts[middle]->target, target) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	high = low;
	while (high < s->n_facts && strcmp(s->facts[high]->target, target) == 0)
		high++;
	*n = high - low;
	return s->facts + low;
}

static const struct diag_addr *peer_of(const struct diag_fact *f)
{
	switch (f->kind) {
	case DIAG_FACT_TCP:
		return &f->tcp.address;
	case DIAG_FACT_TLS:
		return &f->tls.address;
	case DIAG_FACT_HTTP:
		return &f->http.address;
	default:
		return NULL;
	}
}

static uint16_t port_of(const struct diag_fact *f)
{
	switch (f->kind) {
	case DIAG_FACT_TCP:
		return f->tcp.port;
	case DIAG_FACT_TLS:
		return f->tls.port;
	case DIAG_FACT_HTTP:
		return f->http.port;
	default:
		return 0;
	}
}

/* Of the ways in, the plain one: no hello larger than usual, no proxy, no
 * browser's question before the question. */
static bool is_plain(const struct diag_fact *f)
{
	if (f->kind == DIAG_FACT_TLS)
		return f->tls.hello_bytes == 0;
	if (f->kind == DIAG_FACT_HTTP)
		return f->http.proxy == NULL &&
		       (f->http.method == NULL ||
			strcmp(f->http.method, "GET") == 0);
	return true;
}

const struct diag_fact *cmp_fact_to(const struct cmp_side *s,
				    const char *target,
				    enum diag_fact_kind kind,
				    const struct diag_addr *to, uint16_t port)
{
	const struct diag_fact *last = NULL;
	size_t n;
	const struct diag_fact *const *facts = cmp_facts(s, target, &n);

	for (size_t i = 0; i < n; i++) {
		const struct diag_fact *f = facts[i];

		if (f->kind == kind && f->status != DIAG_ST_NOT_RUN &&
		    is_plain(f) && diag_addr_eq(peer_of(f), to) &&
		    (port == 0 || port_of(f) == port))
			last = f;
	}
	return last;
}

const struct diag_fact *cmp_route_to(const struct cmp_side *s,
				     const struct diag_addr *to)
{
	size_t low = 0;
	size_t high = s->n_routes;

	while (low < high) { /* to the first behind it */
		size_t middle = low + (high - low) / 2;

		if (diag_addr_cmp(&s->routes[middle]->route.address, to) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || !diag_addr_eq(&s->routes[low - 1]->route.address, to))
		return NULL;
	return s->routes[low - 1];
}

const struct diag_fact *cmp_fact_of_view(const struct cmp_side *s,
					 const char *target, const char *view)
{
	const struct diag_fact *last = NULL;
	size_t n;
	const struct diag_fact *const *facts = cmp_facts(s, target, &n);

	for (size_t i = 0; i < n; i++) {
		const struct diag_fact *f = facts[i];

		if (f->kind == DIAG_FACT_DNS && f->status != DIAG_ST_NOT_RUN &&
		    f->dns.type == DIAG_RR_A && strcmp(f->dns.view, view) == 0)
			last = f;
	}
	return last;
}
