/* SPDX-License-Identifier: MIT */
/* names.c - see names.h.
 *
 * Parents.  A name server that is told to forward vault.azure.net gets back an
 * alias into privatelink.vaultcore.azure.net, and Unbound and BIND look the
 * alias up anew by their own rules.  So a parent is wanted when a name or the
 * zone of a name lives below it.  A workspace wants all of its own parents:
 * instances and endpoints come later, and nobody touches the server again.
 */
#include "fix/zone/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "net/fqdn.h"

struct maker {
	const struct diag_inventory *inv;
	struct diag_arena *arena;
	struct diag_zone_name *items;
	size_t n;
	const char **unknown, **parents, **hidden;
	size_t n_unknown, n_parents, n_hidden;
	bool failed; /* no memory */
};

static void push(struct maker *m, const char ***list, size_t *n,
		 const char *text)
{
	const char **at = diag_arena_push(m->arena, list, n, sizeof(**list));

	if (at != NULL)
		*at = text;
	else
		m->failed = true;
}

/* The record that a zone holds for this name.  An endpoint's record is a
 * wildcard; the name's own label takes its place. */
static const char *record_of(struct maker *m, const struct diag_cat_row *row,
			     const char *fqdn)
{
	struct diag_cat_match match;
	struct diag_cat_fill fill = { .id = m->inv->workspace_id };
	char out[DIAG_FQDN_MAX];
	const char *pattern = row->record;
	const char *record;

	if (pattern == NULL || !diag_cat_match(fqdn, &match))
		return NULL;
	if (match.id[0] != '\0')
		fill.id = match.id;
	fill.region = match.region;
	fill.workspace = fill.name = match.name;
	if (pattern[0] == '*')
		pattern = diag_arena_printf(m->arena, "{N}%s", pattern + 1);
	if (pattern == NULL || !diag_cat_fill(pattern, &fill, out, sizeof(out)))
		return NULL;
	record = diag_arena_strdup(m->arena, out);
	m->failed |= record == NULL;
	return record;
}

/* The public parent that the name lies below: the row's, or another one, as
 * for the two suffixes of compute instances.  NULL: none. */
static const char *parent_of(const struct maker *m,
			     const struct diag_cat_row *row, const char *fqdn)
{
	const char *const *all;
	size_t n = diag_cat_parents(m->inv->cloud, &all);

	if (row->parent == NULL || diag_fqdn_under(fqdn, row->parent))
		return row->parent;
	for (size_t i = 0; i < n; i++)
		if (diag_fqdn_under(fqdn, all[i]))
			return all[i];
	return NULL;
}

static void add_name(struct maker *m, const struct diag_target *t)
{
	const struct diag_cat_row *row =
	    diag_cat_row_of(m->inv->cloud, t->service, t->fqdn);
	struct diag_zone_name *name;

	if (t->n_addresses == 0) {
		push(m, &m->unknown, &m->n_unknown, t->fqdn);
		return;
	}
	name = diag_arena_push(m->arena, &m->items, &m->n, sizeof(*name));
	if (name == NULL) {
		m->failed = true;
		return;
	}
	name->fqdn = t->fqdn;
	name->addresses = t->addresses;
	name->n_addresses = t->n_addresses;
	if (row == NULL)
		return;
	name->parent = parent_of(m, row, t->fqdn);
	name->record = row->zone != NULL ? record_of(m, row, t->fqdn) : NULL;
	name->zone = name->record != NULL ? row->zone : NULL;
}

static bool is_private(const struct diag_target *t)
{
	return t->fqdn != NULL && t->expect == DIAG_EXPECT_PRIVATE &&
	       t->fqdn[0] != '*';
}

/* --- parents -------------------------------------------------------------- */

static bool workspace_wants(const struct diag_inventory *inv,
			    const char *parent)
{
	static const enum diag_service own[] = { DIAG_SVC_WORKSPACE_API,
						 DIAG_SVC_NOTEBOOK,
						 DIAG_SVC_ONLINE_ENDPOINT,
						 DIAG_SVC_NOTEBOOK_CONTENT };

	if (inv->workspace_id[0] == '\0')
		return false;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		const struct diag_cat_row *row =
		    diag_cat_row(inv->cloud, own[i]);

		if (row != NULL && row->parent != NULL &&
		    strcmp(row->parent, parent) == 0)
			return true;
	}
	return diag_text_starts(parent, "instances.");
}

static bool target_wants(const struct diag_inventory *inv,
			 const struct diag_target *t, const char *parent)
{
	const struct diag_cat_row *row;

	if (!is_private(t))
		return false;
	if (diag_fqdn_under(t->fqdn, parent))
		return true;
	row = diag_cat_row_of(inv->cloud, t->service, t->fqdn);
	return row != NULL && row->zone != NULL &&
	       diag_fqdn_under(row->zone, parent);
}

static void add_parents(struct maker *m)
{
	const char *const *all;
	size_t n = diag_cat_parents(m->inv->cloud, &all);

	for (size_t i = 0; i < n; i++) {
		bool wanted = workspace_wants(m->inv, all[i]);

		for (size_t k = 0; k < m->inv->n_targets && !wanted; k++)
			wanted =
			    target_wants(m->inv, &m->inv->targets[k], all[i]);
		if (wanted)
			push(m, &m->parents, &m->n_parents, all[i]);
	}
}

/* --- public names that a zone for a whole parent would hide --------------- */

static void add_hidden(struct maker *m, const char *fqdn)
{
	for (size_t i = 0; i < m->n_parents; i++) {
		if (!diag_fqdn_under(fqdn, m->parents[i]))
			continue;
		push(m, &m->hidden, &m->n_hidden, fqdn);
		return;
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_fqdn(const void *a, const void *b)
{
	return strcmp(((const struct diag_zone_name *)a)->fqdn,
		      ((const struct diag_zone_name *)b)->fqdn);
}

static void sort(const char **list, size_t n)
{
	if (n > 1)
		qsort(list, n, sizeof(*list), by_text);
}

bool diag_zone_names_of(const struct diag_inventory *inv,
			struct diag_arena *arena, struct diag_zone_names *out,
			struct diag_err *err)
{
	struct maker m = { .inv = inv, .arena = arena };

	if (!diag_cat_load(err))
		return false;
	for (size_t i = 0; i < inv->n_targets; i++)
		if (is_private(&inv->targets[i]))
			add_name(&m, &inv->targets[i]);
	add_parents(&m);
	for (size_t i = 0; i < inv->n_targets; i++)
		if (inv->targets[i].fqdn != NULL &&
		    inv->targets[i].expect == DIAG_EXPECT_PUBLIC)
			add_hidden(&m, inv->targets[i].fqdn);
	if (m.failed)
		return diag_fail_nomem(err, "zone names");
	if (m.n > 1)
		qsort(m.items, m.n, sizeof(*m.items), by_fqdn);
	sort(m.parents, m.n_parents);
	sort(m.unknown, m.n_unknown);
	sort(m.hidden, m.n_hidden);
	*out = (struct diag_zone_names){
		.items = m.items,
		.n = m.n,
		.unknown = m.unknown,
		.n_unknown = m.n_unknown,
		.parents = m.parents,
		.n_parents = m.n_parents,
		.hidden = m.hidden,
		.n_hidden = m.n_hidden,
	};
	return true;
}
