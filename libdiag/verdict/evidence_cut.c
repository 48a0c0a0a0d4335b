/* SPDX-License-Identifier: MIT */
/* evidence_cut.c - facts sorted by (origin, whom they are about, time) and cut
 * into slices. */
#include "verdict/evidence_build.h"

#include <stdlib.h>
#include <string.h>

/* Where a fact goes inside its origin: a target's index, or one of these. */
#define AT_MTUS	  (SIZE_MAX - 3)
#define AT_ZONES  (SIZE_MAX - 2)
#define AT_ROUTES (SIZE_MAX - 1)
#define AT_OTHERS SIZE_MAX

struct entry {
	size_t origin, at;
	const struct diag_fact *f;
};

/* Targets without a name, by address. */
struct nameless {
	struct diag_addr addr;
	size_t target;
};

struct nameless_list {
	struct nameless *items;
	size_t n;
};

static int nameless_cmp(const void *a, const void *b)
{
	const struct nameless *x = a, *y = b;
	int d = diag_addr_cmp(&x->addr, &y->addr);

	return d != 0 ? d : (x->target > y->target) - (x->target < y->target);
}

static struct nameless_list nameless_of(struct build *b)
{
	const struct diag_inventory *inv = b->c->inventory;
	struct nameless_list l = { NULL, 0 };
	size_t i, k, n = 0;

	for (i = 0; i < inv->n_targets; i++)
		if (inv->targets[i].fqdn == NULL)
			n += inv->targets[i].n_addresses;
	l.items = build_array(b, n, sizeof(*l.items));
	for (i = 0; i < inv->n_targets && l.items != NULL; i++) {
		const struct diag_target *t = &inv->targets[i];

		for (k = 0; t->fqdn == NULL && k < t->n_addresses; k++) {
			l.items[l.n].addr = t->addresses[k];
			l.items[l.n++].target = i;
		}
	}
	if (l.n > 1)
		qsort(l.items, l.n, sizeof(*l.items), nameless_cmp);
	return l;
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
	case DIAG_FACT_UDP:
		return &f->udp.address;
	case DIAG_FACT_ROUTE:
	case DIAG_FACT_DNS:
	case DIAG_FACT_SYSTEM_DNS:
	case DIAG_FACT_ARRIVAL:
	case DIAG_FACT_MTU:
		break;
	}
	return NULL;
}

static int addr_key_cmp(const void *key, const void *item)
{
	return diag_addr_cmp(key, &((const struct nameless *)item)->addr);
}

static size_t by_name(const struct diag_inventory *inv, const char *name)
{
	const struct diag_target *t =
	    name != NULL ? diag_inventory_target(inv, name) : NULL;

	return t != NULL ? (size_t)(t - inv->targets) : AT_OTHERS;
}

static size_t place_of(const struct diag_inventory *inv,
		       const struct nameless_list *l, const struct diag_fact *f)
{
	const struct diag_addr *peer = peer_of(f);
	const struct nameless *hit;

	if (f->kind == DIAG_FACT_ROUTE)
		return AT_ROUTES;
	if (f->kind == DIAG_FACT_MTU)
		return AT_MTUS;
	if (f->kind == DIAG_FACT_DNS)
		return f->dns.type == DIAG_RR_SOA ? AT_ZONES
						  : by_name(inv, f->dns.name);
	if (f->kind == DIAG_FACT_SYSTEM_DNS)
		return by_name(inv, f->system_dns.name != NULL
					? f->system_dns.name
					: f->target);
	if (f->target != NULL)
		return by_name(inv, f->target);
	if (peer == NULL || l->n == 0)
		return AT_OTHERS;
	hit = bsearch(peer, l->items, l->n, sizeof(*l->items), addr_key_cmp);
	return hit != NULL ? hit->target : AT_OTHERS;
}

static int fact_cmp(const struct diag_fact *x, const struct diag_fact *y)
{
	if (x->started_ms < y->started_ms)
		return -1;
	if (x->started_ms > y->started_ms)
		return 1;
	return (x->id > y->id) - (x->id < y->id);
}

static int entry_cmp(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int d = 0;

	if (x->origin != y->origin)
		return x->origin < y->origin ? -1 : 1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->at == AT_ROUTES)
		d = diag_addr_cmp(&x->f->route.address, &y->f->route.address);
	else if (x->at == AT_MTUS)
		d = diag_addr_cmp(&x->f->mtu.address, &y->f->mtu.address);
	return d != 0 ? d : fact_cmp(x->f, y->f);
}

static struct entry *entries_of(struct build *b)
{
	const struct diag_case *c = b->c;
	struct nameless_list l = nameless_of(b);
	struct entry *e = build_array(b, c->facts.n, sizeof(*e));
	size_t i;

	if (b->nomem)
		return NULL;
	for (i = 0; i < c->facts.n; i++) {
		const struct diag_fact *f = c->facts.facts[i];

		e[i].f = f;
		e[i].origin = (size_t)(diag_case_origin(c, f) - c->origins);
		e[i].at = place_of(c->inventory, &l, f);
	}
	if (c->facts.n > 1)
		qsort(e, c->facts.n, sizeof(*e), entry_cmp);
	return e;
}

static struct fact_slice *slice_at(struct fact_cut *cut, size_t at)
{
	if (at == AT_ZONES)
		return &cut->zones;
	if (at == AT_MTUS)
		return &cut->mtus;
	if (at == AT_ROUTES)
		return &cut->routes;
	return at == AT_OTHERS ? &cut->others : &cut->targets[at];
}

/* A name that stands twice in the inventory has one set of facts. */
static void share_doubles(const struct diag_inventory *inv,
			  struct fact_cut *cut)
{
	size_t i;

	for (i = 0; i < inv->n_targets; i++) {
		size_t first = by_name(inv, inv->targets[i].fqdn);

		if (first != AT_OTHERS && first != i)
			cut->targets[i] = cut->targets[first];
	}
}

struct fact_cut *build_cut(struct build *b)
{
	const struct diag_inventory *inv = b->c->inventory;
	struct fact_cut *cuts = build_array(b, b->c->n_origins, sizeof(*cuts));
	const struct diag_fact **sorted =
	    build_array(b, b->c->facts.n, sizeof(*sorted));
	struct entry *e = b->nomem ? NULL : entries_of(b);
	size_t i;

	for (i = 0; i < b->c->n_origins && e != NULL; i++) {
		cuts[i].targets =
		    build_array(b, inv->n_targets, sizeof(*cuts[i].targets));
		if (b->nomem)
			return NULL;
	}
	for (i = 0; i < b->c->facts.n && e != NULL; i++) {
		struct fact_slice *s = slice_at(&cuts[e[i].origin], e[i].at);

		sorted[i] = e[i].f;
		if (s->n++ == 0)
			s->facts = &sorted[i];
	}
	for (i = 0; i < b->c->n_origins && e != NULL; i++)
		share_doubles(inv, &cuts[i]);
	return e != NULL ? cuts : NULL;
}
