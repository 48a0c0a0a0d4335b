/* SPDX-License-Identifier: MIT */
/* asked.c - what a server has to say once it has taken the new text.
 */
#include "tools/pl-zone/draft.h"

struct asking {
	struct diag_arena *arena;
	struct zone_row *rows;
	size_t n;
	bool nomem;
};

static void ask_for(struct asking *a, const char *name,
		    const struct diag_addr *addresses, size_t n)
{
	struct zone_row *row =
	    diag_arena_push(a->arena, &a->rows, &a->n, sizeof(*row));

	if (row == NULL) {
		a->nomem = true;
		return;
	}
	*row =
	    (struct zone_row){ .name = name, .addresses = addresses, .n = n };
}

/* Forwarded: what may be guessed wrongly, or has another form that serves,
 * proves nothing. */
static bool is_certain(const struct diag_target *t)
{
	return !t->uncertain && t->any_of == NULL && t->n_addresses > 0;
}

bool zone_asked_of(struct diag_arena *arena, const struct diag_inventory *inv,
		   struct zone_draft *draft)
{
	struct asking a = { .arena = arena };

	/* A record of a privatelink zone is asked for as the record. */
	for (size_t i = 0; i < draft->n_rows; i++) {
		const struct zone_row *row = &draft->rows[i];

		ask_for(&a, row->owner ? row->owner : row->name, row->addresses,
			row->n);
	}
	for (size_t i = 0; i < inv->n_targets; i++) {
		const struct diag_target *t = &inv->targets[i];

		if (t->fqdn == NULL || t->fqdn[0] == '*')
			continue;
		if (t->expect == DIAG_EXPECT_PUBLIC)
			ask_for(&a, t->fqdn, NULL, 0);
		else if (draft->n_parents > 0 && is_certain(t))
			ask_for(&a, t->fqdn, t->addresses, t->n_addresses);
	}
	draft->asked = a.rows;
	draft->n_asked = a.n;
	return !a.nomem;
}
