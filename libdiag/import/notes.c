/* SPDX-License-Identifier: MIT */
/* notes.c - what all notes share. */
#include "import/merge.h"

#include <stdio.h>
#include <string.h>

void import_add_name(struct diag_import *im, struct diag_names *names,
		     const char *name)
{
	const char **place = diag_arena_push(&im->arena, &names->items,
					     &names->n, sizeof(*place));

	if (place != NULL)
		*place = name;
	else
		im->nomem = true;
}

void import_add_note(struct import_merge *m, const char *code,
		     const char *detail, const char *from,
		     const struct diag_names *targets)
{
	struct diag_note *note =
	    import_push(m->im, &m->notes, &m->n_notes, sizeof(*note));

	if (note == NULL)
		return;
	note->code = code;
	note->detail = detail;
	note->from = from;
	if (targets == NULL)
		return;
	note->targets = targets->items;
	note->n_targets = targets->n;
}

/* Made once, after the targets are chosen. */
static void gather_zoned(struct import_merge *m)
{
	for (size_t i = 0; i < m->n_names; i++) {
		const struct import_name *n = &m->names[i];
		const struct diag_cat_row *row;
		struct import_fact *f;

		if (!n->target)
			continue;
		row = diag_cat_row_of(m->cloud, n->service, n->key);
		if (row == NULL || row->zone == NULL)
			continue;
		f = import_push(m->im, &m->zoned, &m->n_zoned, sizeof(*f));
		if (f == NULL)
			return;
		f->key = row->zone;
		f->from = n->key;
	}
	import_sort(m->zoned, m->n_zoned, sizeof(*m->zoned));
}

void import_names_of_zone(const struct import_merge *m, const char *zone,
			  struct diag_names *out)
{
	const struct import_fact *f = IMPORT_FIRST(m, zoned, zone);

	*out = (struct diag_names){ NULL, 0 };
	for (; f != NULL; f = IMPORT_NEXT(m, zoned, f))
		import_add_name(m->im, out, f->from);
}

static void add_held(struct import_merge *m, const char *key)
{
	struct import_fact *f;

	if (key[0] == '\0' ||
	    (m->n_held > 0 && m->held[m->n_held - 1].from == key))
		return;
	f = import_push(m->im, &m->held, &m->n_held, sizeof(*f));
	if (f == NULL)
		return;
	f->key = import_last(key);
	f->from = key;
}

void import_gather_held(struct import_merge *m)
{
	gather_zoned(m);
	for (size_t i = 0; i < m->n_names; i++) {
		const struct import_name *n = &m->names[i];

		for (size_t k = 0; n->kept && k < n->n_records; k++)
			add_held(m, n->records[k].zone);
	}
	for (size_t i = 0; i < m->im->n_groups; i++) {
		const struct import_group *g = &m->im->groups[i];
		const struct import_pe *pe = import_pe_of(m, g->key);

		if (pe == NULL || pe->ours)
			add_held(m, g->zone);
	}
	import_sort(m->held, m->n_held, sizeof(*m->held));
	m->n_held = import_unique(m->held, m->n_held);
}
