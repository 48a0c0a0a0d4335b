/* SPDX-License-Identifier: MIT */
/* write_targets.c - targets and notes, in the order that expanding gives. */
#include <stdlib.h>
#include <string.h>

#include "import/write.h"

/* --- targets -------------------------------------------------------------- */

static struct diag_target *push_target(struct writing *w)
{
	return import_push(w->m->im, &w->targets, &w->inv.n_targets,
			   sizeof(struct diag_target));
}

static enum diag_expect expected(const struct import_merge *m,
				 const struct import_name *n)
{
	const struct diag_cat_row *row =
	    diag_cat_row_of(m->cloud, n->service, n->key);
	enum diag_expect e = row != NULL ? row->expect : DIAG_EXPECT_ANY;

	return e == DIAG_EXPECT_ANY && n->n_addrs > 0 ? DIAG_EXPECT_PRIVATE : e;
}

static int by_addr(const void *a, const void *b)
{
	return diag_addr_cmp(a, b);
}

static const struct diag_addr *sorted(struct writing *w,
				      const struct import_name *n)
{
	struct diag_addr *copy =
	    diag_arena_array(&w->m->im->arena, n->n_addrs, sizeof(*copy));

	if (copy == NULL) {
		w->m->im->nomem = true;
		return n->addrs;
	}
	memcpy(copy, n->addrs, n->n_addrs * sizeof(*copy));
	qsort(copy, n->n_addrs, sizeof(*copy), by_addr);
	return copy;
}

static void put_target(struct writing *w, const struct import_name *n)
{
	struct diag_target *t = push_target(w);

	if (t == NULL)
		return;
	if (n->given != NULL) {
		*t = *n->given;
		t->computed = t->computed &&
			      (n->n_addrs == 0 || n->rank <= IMPORT_INVENTORY);
	} else {
		t->service = n->service;
		t->expect = expected(w->m, n);
		t->computed = n->computed;
		t->uncertain = n->legacy;
	}
	t->fqdn = n->key;
	t->n_addresses = n->n_addrs;
	t->addresses = n->n_addrs > 0 ? sorted(w, n) : NULL;
}

static int in_order(const void *a, const void *b)
{
	const struct diag_target *x = a;
	const struct diag_target *y = b;
	int order = (int)x->service - (int)y->service;

	if (order != 0)
		return order;
	if (x->fqdn != NULL && y->fqdn != NULL)
		return strcmp(x->fqdn, y->fqdn);
	if (x->fqdn != NULL || y->fqdn != NULL)
		return x->fqdn != NULL ? 1 : -1;
	return diag_addr_cmp(&x->addresses[0], &y->addresses[0]);
}

/* Targets without a name are addresses of nodes. */
static void put_nameless(struct writing *w)
{
	const struct diag_import *im = w->m->im;

	for (size_t i = 0; i < im->n_inventories; i++) {
		const struct diag_inventory *inv = im->inventories[i].inv;

		if (import_is_other(w->m, "", inv->workspace_id))
			continue;
		for (size_t k = 0; k < inv->n_targets; k++) {
			struct diag_target *t;

			if (inv->targets[k].fqdn != NULL ||
			    inv->targets[k].n_addresses == 0)
				continue;
			t = push_target(w);
			if (t == NULL)
				return;
			*t = inv->targets[k];
		}
	}
}

static bool is_twin(const struct diag_target *a, const struct diag_target *b)
{
	return a->fqdn == NULL && b->fqdn == NULL && in_order(a, b) == 0;
}

void import_put_targets(struct writing *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->m->n_names; i++) {
		if (w->m->names[i].target)
			put_target(w, &w->m->names[i]);
	}
	put_nameless(w);
	w->inv.targets = w->targets;
	if (w->inv.n_targets < 2)
		return;
	qsort(w->targets, w->inv.n_targets, sizeof(*w->targets), in_order);
	for (size_t i = 1; i < w->inv.n_targets; i++) {
		if (!is_twin(&w->targets[kept], &w->targets[i]))
			w->targets[++kept] = w->targets[i];
	}
	w->inv.n_targets = kept + 1;
}

/* --- notes ---------------------------------------------------------------- */

static int by_texts(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

static int by_note(const void *a, const void *b)
{
	const struct diag_note *x = a;
	const struct diag_note *y = b;
	int order = by_texts(x->code, y->code);
	size_t n = x->n_targets < y->n_targets ? x->n_targets : y->n_targets;

	for (size_t i = 0; order == 0 && i < n; i++)
		order = strcmp(x->targets[i], y->targets[i]);
	if (order == 0)
		order = (x->n_targets > y->n_targets) -
			(x->n_targets < y->n_targets);
	return order != 0 ? order : by_texts(x->detail, y->detail);
}

static int in_note_order(const void *a, const void *b)
{
	const struct diag_note *x = a;
	const struct diag_note *y = b;
	int order = by_note(a, b);

	return order != 0 ? order : by_texts(x->from, y->from);
}

/* What several documents say, or an inventory said before, is one note. */
void import_put_notes(struct writing *w)
{
	struct import_merge *m = w->m;
	const struct diag_import *im = m->im;
	size_t kept = 0;

	for (size_t i = 0; i < im->n_inventories; i++) {
		const struct diag_inventory *inv = im->inventories[i].inv;

		for (size_t k = 0; k < inv->n_notes; k++) {
			struct diag_note *n = import_push(
			    m->im, &m->notes, &m->n_notes, sizeof(*n));

			if (n == NULL)
				return;
			*n = inv->notes[k];
		}
	}
	w->inv.notes = m->notes;
	w->inv.n_notes = m->n_notes;
	if (m->n_notes < 2)
		return;
	qsort(m->notes, m->n_notes, sizeof(*m->notes), in_note_order);
	for (size_t i = 1; i < m->n_notes; i++) {
		if (by_note(&m->notes[kept], &m->notes[i]) != 0)
			m->notes[++kept] = m->notes[i];
	}
	m->n_notes = kept + 1;
	w->inv.n_notes = m->n_notes;
}
