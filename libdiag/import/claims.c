/* SPDX-License-Identifier: MIT */
/* claims.c - what each document says of its workspace; see pick.c. */
#include <string.h>

#include "import/pick.h"

#define WORKSPACES_MAX 256

const struct import_pick import_pick_nothing = {
	.arm = "", .arm_id = "", .id = "", .name = "", .label = "", .region = ""
};

/* --- claims --------------------------------------------------------------- */

static void take(const char **to, const char *from)
{
	if ((*to)[0] == '\0')
		*to = from;
}

void import_absorb(struct import_pick *into, const struct import_pick *from)
{
	take(&into->arm, from->arm);
	take(&into->arm_id, from->arm_id);
	take(&into->id, from->id);
	take(&into->name, from->name);
	take(&into->label, from->label);
	take(&into->region, from->region);
	into->weak = into->weak && from->weak;
}

static bool same(const char *a, const char *b)
{
	return a[0] != '\0' && strcmp(a, b) == 0;
}

void import_drop_group(struct picking *p, size_t i)
{
	p->n--;
	memmove(&p->groups[i], &p->groups[i + 1],
		(p->n - i) * sizeof(*p->groups));
}

static void claim(struct picking *p, const struct import_pick *c)
{
	struct import_pick *mine = NULL;

	for (size_t i = 0; i < p->n; i++) {
		struct import_pick *g = &p->groups[i];

		if (!same(c->arm, g->arm) && !same(c->id, g->id))
			continue;
		if (mine == NULL) {
			mine = g;
			import_absorb(mine, c);
		} else {
			import_absorb(mine, g);
			import_drop_group(p, i--);
		}
	}
	if (mine != NULL)
		return;
	if (p->n < WORKSPACES_MAX)
		p->groups[p->n++] = *c;
	else if (!c->weak)
		p->m->im->over = "more than 256 workspaces";
}

/* A name of the workspace itself tells id, region and, of a notebook, what is
 * left of its name. */
static bool claim_of_name(struct diag_import *im, const char *name,
			  struct import_pick *out)
{
	struct diag_cat_match match;

	*out = import_pick_nothing;
	if (!diag_cat_match(name, &match) ||
	    match.row->service > DIAG_SVC_NOTEBOOK || match.id[0] == '\0')
		return false;
	out->id = import_keep(im, match.id);
	out->region = import_keep(im, match.region);
	if (match.row->service == DIAG_SVC_NOTEBOOK)
		out->label = import_keep(im, match.name);
	return true;
}

static void claim_documents(struct picking *p)
{
	struct diag_import *im = p->m->im;

	for (size_t i = 0; i < im->n_workspaces; i++) {
		const struct import_workspace *w = &im->workspaces[i];
		struct import_pick c = import_pick_nothing;
		struct import_pick of_name;

		c.arm = w->arm[0] != '\0' ? w->key : "";
		c.arm_id = w->arm;
		c.id = w->id;
		c.name = w->name;
		c.region = w->region;
		if (claim_of_name(im, w->notebook, &of_name))
			import_absorb(&c, &of_name);
		claim(p, &c);
	}
}

/* Which workspace ids the names of each endpoint have. */
static void gather_ids(struct import_merge *m)
{
	struct diag_import *im = m->im;

	for (size_t i = 0; i < im->n_records; i++) {
		const struct import_record *r = &im->records[i];
		struct import_fact *f;

		if (r->rank < IMPORT_GROUP || r->endpoint[0] == '\0' ||
		    r->id[0] == '\0')
			continue;
		f = import_push(im, &m->ids, &m->n_ids, sizeof(*f));
		if (f == NULL)
			return;
		f->key = import_endpoint_key(im, r->endpoint);
		f->from = r->id;
	}
	import_sort(m->ids, m->n_ids, sizeof(*m->ids));
	m->n_ids = import_unique(m->ids, m->n_ids);
}

const struct import_fact *import_first_id(const struct import_merge *m,
					  const char *endpoint)
{
	return IMPORT_FIRST(m, ids, endpoint);
}

bool import_id_on(const struct import_merge *m, const char *endpoint,
		  const char *id)
{
	const struct import_fact *f = import_first_id(m, endpoint);

	for (; f != NULL; f = IMPORT_NEXT(m, ids, f)) {
		if (strcmp(f->from, id) == 0)
			return true;
	}
	return false;
}

/* The one id of the endpoint's names; "" if there are none or several. */
static const char *only_id(const struct import_merge *m, const char *endpoint)
{
	const struct import_fact *f = import_first_id(m, endpoint);
	const char *id = f != NULL ? f->from : "";

	for (; f != NULL; f = IMPORT_NEXT(m, ids, f)) {
		if (strcmp(f->from, id) != 0)
			return "";
	}
	return id;
}

static bool is_workspace(const char *id)
{
	return import_is_kind(id, "Microsoft.MachineLearningServices",
			      "workspaces");
}

static void claim_arm(struct picking *p, const char *key, const char *id,
		      const char *guid)
{
	struct import_pick c = import_pick_nothing;

	if (!is_workspace(key))
		return;
	c.arm = key;
	c.arm_id = id;
	c.id = guid;
	if (import_workspace_name(import_last(id)))
		c.name = import_last(id);
	claim(p, &c);
}

static void claim_endpoints(struct picking *p)
{
	const struct diag_import *im = p->m->im;

	for (size_t i = 0; i < im->n_endpoints; i++) {
		const struct import_endpoint *e = &im->endpoints[i];

		claim_arm(p, e->target, e->target_id, only_id(p->m, e->key));
	}
	/* What belongs to a workspace knows it in lower case only. */
	for (size_t i = 0; i < im->n_computes; i++)
		claim_arm(p, im->computes[i].key, im->computes[i].key, "");
	for (size_t i = 0; i < im->n_onlines; i++)
		claim_arm(p, im->onlines[i].key, im->onlines[i].key, "");
}

static void claim_inventories(struct picking *p)
{
	const struct diag_import *im = p->m->im;

	for (size_t i = 0; i < im->n_inventories; i++) {
		const struct diag_inventory *inv = im->inventories[i].inv;
		struct import_pick c = import_pick_nothing;

		c.id = inv->workspace_id;
		c.name = inv->workspace_name;
		c.region = inv->region;
		if (c.id[0] != '\0' || c.name[0] != '\0')
			claim(p, &c);
	}
}

/* weak: those that are on no endpoint. */
static void claim_records(struct picking *p, bool weak)
{
	struct diag_import *im = p->m->im;

	for (size_t i = 0; i < im->n_records; i++) {
		const struct import_record *r = &im->records[i];
		struct import_pick c;

		if (r->id[0] == '\0' || (r->rank < IMPORT_GROUP) != weak ||
		    (i > 0 && strcmp(r->key, r[-1].key) == 0 &&
		     r->rank == r[-1].rank) ||
		    !claim_of_name(im, r->key, &c))
			continue;
		c.weak = weak;
		claim(p, &c);
	}
}

void import_claim_strong(struct picking *p)
{
	p->groups = diag_arena_array(&p->m->im->arena, WORKSPACES_MAX,
				     sizeof(*p->groups));
	if (p->groups == NULL) {
		p->m->im->nomem = true;
		return;
	}
	gather_ids(p->m);
	claim_documents(p);
	claim_endpoints(p);
	claim_inventories(p);
	claim_records(p, false);
}

void import_claim_weak(struct picking *p)
{
	if (p->groups != NULL)
		claim_records(p, true);
}
