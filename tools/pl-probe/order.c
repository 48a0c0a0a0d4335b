/* SPDX-License-Identifier: MIT */
/* order.c - pairs in the inventory's order, and which are required. */
#include "tools/pl-probe/probe.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Targets without a name, by address. */
struct nameless {
	struct diag_addr addr;
	const struct diag_target *t;
};

struct order {
	const struct diag_inventory *inv;
	struct nameless *items;
	size_t n;
};

static int by_addr(const void *a, const void *b)
{
	const struct nameless *x = a, *y = b;

	return diag_addr_cmp(&x->addr, &y->addr);
}

static bool fill(struct order *o)
{
	size_t n = 0;

	for (size_t i = 0; i < o->inv->n_targets; i++)
		n += o->inv->targets[i].fqdn ? 0
					     : o->inv->targets[i].n_addresses;
	o->items = diag_alloc_array(n > 0 ? n : 1, sizeof(*o->items));
	if (o->items == NULL)
		return false;
	for (size_t i = 0; i < o->inv->n_targets; i++) {
		const struct diag_target *t = &o->inv->targets[i];

		for (size_t k = 0; t->fqdn == NULL && k < t->n_addresses; k++)
			o->items[o->n++] =
			    (struct nameless){ t->addresses[k], t };
	}
	qsort(o->items, o->n, sizeof(*o->items), by_addr);
	return true;
}

static const struct diag_target *target_of(const struct order *o,
					   const struct probe_pair *p)
{
	struct nameless key = { .addr = p->addr };
	const struct nameless *hit;

	if (p->name != NULL)
		return diag_inventory_target(o->inv, p->name);
	hit = bsearch(&key, o->items, o->n, sizeof(*o->items), by_addr);
	return hit ? hit->t : NULL;
}

static bool has(const struct diag_ports *ports, const struct probe_pair *p)
{
	for (size_t i = 0; i < ports->n; i++) {
		const struct diag_port *r = &ports->items[i];
		unsigned last = r->port_last > r->port ? r->port_last : r->port;

		if (r->dir == DIAG_OUT && r->peer == NULL &&
		    p->port >= r->port && p->port <= last)
			return true;
	}
	return false;
}

static bool has_address(const struct probe_pairs *p,
			const struct diag_target *t)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->items[i].target == t && p->items[i].port > 0)
			return true;
	return false;
}

/* A name that does not exist and need not: one of a group of which another
 * does, or one that was worked out and may be spelt another way. */
static bool is_dispensable(const struct probe_pairs *p,
			   const struct probe_pair *pair)
{
	const struct diag_target *t = pair->target;

	if (pair->port > 0 || pair->tcp.status != DIAG_ST_NONE)
		return false;
	if (t->uncertain)
		return true;
	for (size_t i = 0; t->any_of && i < p->inv->n_targets; i++) {
		const struct diag_target *other = &p->inv->targets[i];

		if (other != t && other->any_of &&
		    strcmp(other->any_of, t->any_of) == 0 &&
		    has_address(p, other))
			return true;
	}
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct probe_pair *x = a, *y = b;
	int order;

	if (x->target != y->target)
		return x->target < y->target ? -1 : 1;
	order = diag_addr_cmp(&x->addr, &y->addr);
	if (order == 0)
		order = (int)x->udp - (int)y->udp;
	return order != 0 ? order : (int)x->port - (int)y->port;
}

bool probe_pairs_sort(struct probe_pairs *p, struct diag_err *err)
{
	struct order o = { .inv = p->inv };

	if (!fill(&o))
		return diag_fail_nomem(err, "probe");
	for (size_t i = 0; i < p->n; i++) {
		struct probe_pair *pair = &p->items[i];

		pair->target = target_of(&o, pair);
	}
	for (size_t i = 0; i < p->n; i++) {
		struct probe_pair *pair = &p->items[i];

		pair->optional =
		    pair->target &&
		    (diag_inventory_is_optional(p->inv, pair->target) ||
		     is_dispensable(p, pair) ||
		     (pair->port > 0 && !has(&pair->target->ports, pair)));
	}
	qsort(p->items, p->n, sizeof(*p->items), by_place);
	diag_free(o.items);
	diag_free(p->slots); /* they lead to other places now */
	p->slots = NULL;
	p->n_slots = 0;
	return true;
}

struct probe_tally probe_tally(const struct probe_pairs *p)
{
	struct probe_tally t = { .pairs = 0 };

	for (size_t i = 0; i < p->n; i++) {
		enum probe_worth worth = probe_worth(&p->items[i]);

		if (p->items[i].optional) {
			t.optional_bad += worth == PROBE_BAD ? 1 : 0;
			continue;
		}
		t.pairs++;
		t.fine += worth == PROBE_FINE ? 1 : 0;
		t.bad += worth == PROBE_BAD ? 1 : 0;
		t.unknown += worth == PROBE_UNKNOWN ? 1 : 0;
	}
	return t;
}
