/* SPDX-License-Identifier: MIT */
/* evidence.c - one pass over the case, then one over its names.
 *
 * A case may hold 900 names, several views and sixteen connections for each
 * name: facts are sorted once and cut into slices, so that the work per name
 * depends on that name's own facts only.
 */
#include "verdict/evidence_build.h"

#include <string.h>

void *build_array(struct build *b, size_t n, size_t size)
{
	void *p = diag_arena_array(b->arena, n > 0 ? n : 1, size);

	if (p == NULL)
		b->nomem = true;
	return p;
}

static const struct diag_cat_row *row_of(const struct diag_inventory *inv,
					 const struct diag_target *t)
{
	if (t->fqdn == NULL)
		return diag_cat_row(inv->cloud, t->service);
	return diag_cat_row_of(inv->cloud, t->service, t->fqdn);
}

static void fill_target(struct build *b, struct ev_origin *o, size_t i,
			const struct fact_cut *cut)
{
	const struct diag_inventory *inv = b->c->inventory;
	struct ev_target *t = &o->targets[i];

	t->t = &inv->targets[i];
	t->index = i;
	t->origin = o;
	t->row = row_of(inv, t->t);
	t->optional = diag_inventory_is_optional(inv, t->t);
	t->any_fact = cut->targets[i].n > 0;
	if (o->machine != NULL && t->t->fqdn != NULL)
		t->proxy = diag_machine_proxy(o->machine, t->t->fqdn);
	build_addrs(b, cut, t);
	if (!b->nomem)
		build_hosts(b, t);
	if (!b->nomem)
		build_answers(b, cut, t);
}

/* What needs every answer: the zones a view sees, then the kinds. */
static void judge_answers(struct build *b, struct ev_origin *o)
{
	size_t i;

	build_zones_seen(b, o);
	for (i = 0; i < o->n_targets && !b->nomem; i++)
		build_kinds(&o->targets[i]);
	for (i = 0; i < o->n_targets && !b->nomem; i++) {
		build_system_kind(&o->targets[i]);
		build_deciding(&o->targets[i]);
	}
	if (!b->nomem)
		build_groups(b, o);
	build_view_counts(o);
	for (i = 0; i < o->n_targets && !b->nomem; i++)
		build_paths(&o->targets[i]);
}

static bool is_by(const struct diag_origin *o, const char *tool)
{
	return o->tool != NULL && strcmp(o->tool, tool) == 0;
}

static void fill_origin(struct build *b, size_t i, const struct fact_cut *cut)
{
	struct ev_origin *o = &b->ev->origins[i];
	size_t k;

	o->o = &b->c->origins[i];
	o->index = i;
	o->inv = b->c->inventory;
	o->machine = o->o->machine;
	o->dns_only = is_by(o->o, "pl-resolve");
	o->sealed = is_by(o->o, "pl-capture");
	o->others = cut->others.facts;
	o->n_others = cut->others.n;
	o->n_targets = b->c->inventory->n_targets;
	o->targets = build_array(b, o->n_targets, sizeof(*o->targets));
	if (b->nomem)
		return;
	build_machine(b, o, cut);
	build_views(b, o, cut);
	build_nat64(o, cut);
	if (!b->nomem)
		build_zones(b, o, cut);
	for (k = 0; k < o->n_targets && !b->nomem; k++)
		fill_target(b, o, k, cut);
	if (!b->nomem)
		judge_answers(b, o);
}

struct evidence *ev_new(struct diag_arena *arena, const struct diag_case *c)
{
	struct build b = { .arena = arena, .c = c };
	struct fact_cut *cuts;
	size_t i;

	b.ev = build_array(&b, 1, sizeof(*b.ev));
	if (b.nomem)
		return NULL;
	b.ev->c = c;
	b.ev->inv = c->inventory;
	b.ev->n_origins = c->n_origins;
	b.ev->origins = build_array(&b, c->n_origins, sizeof(*b.ev->origins));
	cuts = b.nomem ? NULL : build_cut(&b);
	for (i = 0; i < c->n_origins && cuts != NULL && !b.nomem; i++)
		fill_origin(&b, i, &cuts[i]);
	return b.nomem || cuts == NULL ? NULL : b.ev;
}
