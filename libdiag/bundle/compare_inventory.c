/* SPDX-License-Identifier: MIT */
/* compare_inventory.c - the addresses that the good case holds, as an
 * inventory. */
#include "bundle/compare_internal.h"

#include <string.h>

#define INDENT 2

/* Something is wrong with its answer, though it works. */
static bool has_doubt(const struct diag_target_verdict *t)
{
	for (size_t i = 0; i < t->n_findings; i++)
		if (t->findings[i]->severity > DIAG_INFO &&
		    (strncmp(t->findings[i]->info->code, "dns.", 4) == 0 ||
		     strncmp(t->findings[i]->info->code, "hosts.", 6) == 0))
			return true;
	return false;
}

/* What answered is its private endpoint: by the inventory, or because the
 * service itself was met there. */
static bool is_right(const struct cmp_side *s,
		     const struct diag_target_verdict *t)
{
	enum cmp_class c =
	    cmp_class_of(s, t->target, t->addresses, t->n_addresses);
	const struct diag_fact *tls =
	    t->tls != 0 ? diag_store_get(&s->s->c->facts, t->tls) : NULL;

	if (t->status > DIAG_TARGET_WARN || has_doubt(t) ||
	    t->target->fqdn == NULL || t->target->expect == DIAG_EXPECT_PUBLIC)
		return false;
	return c == CMP_RIGHT ||
	       (c == CMP_PRIVATE && tls != NULL && tls->status == DIAG_ST_OK);
}

bool diag_compare_inventory(const struct diag_compare_side *good,
			    struct diag_buf *out, size_t *n,
			    struct diag_err *err)
{
	const struct cmp_side side = { .s = good };
	struct diag_inventory inv;
	struct diag_target *list;
	struct diag_arena arena;
	struct diag_jw w;

	*n = 0;
	if (good->c->inventory == NULL)
		return diag_fail(err, DIAG_EUSAGE, "inventory",
				 "%.100s has none", good->name);
	diag_arena_init(&arena, 0);
	inv = *good->c->inventory;
	list = diag_arena_array(&arena, good->v->n_targets + 1, sizeof(*list));
	for (size_t i = 0; list != NULL && i < good->v->n_targets; i++) {
		const struct diag_target_verdict *t = &good->v->targets[i];

		list[i] = *t->target;
		if (!is_right(&side, t))
			continue;
		list[i].addresses = t->addresses;
		list[i].n_addresses = t->n_addresses;
		list[i].computed = list[i].uncertain = false;
		++*n;
	}
	inv.targets = list;
	inv.n_targets = list != NULL ? good->v->n_targets : 0;
	diag_jw_init(&w, out, INDENT);
	if (list != NULL)
		diag_inventory_print(&inv, &w);
	diag_buf_putc(out, '\n');
	diag_arena_clear(&arena);
	return list != NULL ? diag_buf_ok(out, err, "inventory")
			    : diag_fail_nomem(err, "inventory");
}
