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

void import_names_of_zone(const struct import_merge *m, const char *zone,
			  struct diag_names *out)
{
	*out = (struct diag_names){ NULL, 0 };
	for (size_t i = 0; i < m->n_names; i++) {
		const struct import_name *n = &m->names[i];
		const struct diag_cat_row *row;

		if (!n->target)
			continue;
		row = diag_cat_row_of(m->cloud, n->service, n->key);
		if (row != NULL && row->zone != NULL &&
		    strcmp(row->zone, zone) == 0)
			import_add_name(m->im, out, n->key);
	}
}
