/* SPDX-License-Identifier: MIT */
/* show.c - which name has which address in a hosts file, and who
 * wins; with an inventory, whether that is right.
 *
 * Exit status: 1 when an inventory was given and a name of it is wrong or
 * missing, 2 when a file cannot be read.
 */
#include "tools/pl-hosts/show.h"

#include <stdlib.h>

#include "base/file.h"
#include "tools/pl-hosts/doc.h"

/* --- names nobody answers for ----------------------------------------------
 */

static bool answers(const struct diag_hosts_table *t, const char *name)
{
	return diag_hosts_table_find(t, diag_slice_of(name)) !=
	       DIAG_HOSTS_NO_ROW;
}

static bool find_nobody(struct tool_call *call, struct hosts_shown *s,
			struct diag_err *err)
{
	struct diag_hosts_lint lint;

	if (!diag_hosts_lint(&call->arena, &s->table, DIAG_HOSTS_LINUX, &lint,
			     err))
		return false;
	for (size_t i = 0; i < lint.n; i++) {
		const struct diag_hosts_fault *f = &lint.items[i], **to;

		if (!diag_hosts_fault_is_lost_name(f) ||
		    answers(&s->table, f->meant))
			continue;
		to = diag_arena_push(&call->arena, &s->nobody, &s->n_nobody,
				     sizeof(struct diag_hosts_fault *));
		if (to == NULL)
			return diag_fail_nomem(err, "pl-hosts");
		*to = f;
	}
	return true;
}

/* --- the inventory ---------------------------------------------------------
 */

static int by_row(const void *a, const void *b)
{
	const struct diag_hosts_target *x =
	    *(const struct diag_hosts_target *const *)a;
	const struct diag_hosts_target *y =
	    *(const struct diag_hosts_target *const *)b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x > y) - (x < y);
}

static bool compare(struct tool_call *call, struct hosts_shown *s,
		    const struct diag_inventory *inv, struct diag_err *err)
{
	const struct diag_hosts_target *items;
	size_t n;

	if (!diag_hosts_compare(&call->arena, &s->table, inv, &items, &n, err))
		return false;
	s->targets = diag_arena_array(&call->arena, n,
				      sizeof(struct diag_hosts_target *));
	if (s->targets == NULL)
		return diag_fail_nomem(err, "pl-hosts");
	for (size_t i = 0; i < n; i++)
		s->targets[i] = &items[i];
	if (n > 0)
		qsort(s->targets, n, sizeof(struct diag_hosts_target *),
		      by_row);
	s->n_targets = n;
	s->compared = true;
	return true;
}

/* What the document says with all names that follow from it; NULL without
 * --inventory.  A target without addresses cannot be compared. */
static bool load_inventory(struct tool_call *call, struct diag_inventory **out,
			   struct diag_err *err)
{
	static const struct tool_inventory no_flags = { .cloud = 0 };
	const struct pl_hosts *o = call->options;
	struct diag_inventory *inv = NULL;
	bool ok;

	*out = NULL;
	if (o->inventory == NULL)
		return true;
	ok = tool_inventory_load(call, &no_flags, o->inventory, &inv, err) &&
	     diag_inventory_expand(inv, DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT,
				   true, out, err);
	diag_inventory_free(inv);
	return ok;
}

bool hosts_shown_next(struct hosts_shown *s, struct diag_arena *arena,
		      uint32_t *row, struct diag_hosts_name *name,
		      const struct diag_hosts_target **target,
		      struct diag_err *err)
{
	uint32_t head = diag_hosts_table_head(&s->table, *row);

	*target = NULL;
	if (head == DIAG_HOSTS_NO_ROW)
		return false;
	*row = head + 1;
	while (s->next < s->n_targets && s->targets[s->next]->row < head)
		s->next++;
	if (s->next < s->n_targets && s->targets[s->next]->row == head)
		*target = s->targets[s->next];
	return diag_hosts_name_of(arena, &s->table, head, name, err);
}

/* --- the command -----------------------------------------------------------
 */

static enum tool_status sum_up(const struct tool_call *call,
			       const struct hosts_shown *s)
{
	size_t n[DIAG_HOSTS_OTHER_FORM + 1] = { 0 };

	if (!s->compared)
		return TOOL_GOOD;
	for (size_t i = 0; i < s->n_targets; i++)
		n[s->targets[i]->state]++;
	tool_note(call, "%s: %zu right, %zu wrong, %zu missing",
		  pl_hosts_path(call), n[DIAG_HOSTS_RIGHT], n[DIAG_HOSTS_WRONG],
		  n[DIAG_HOSTS_MISSING]);
	return n[DIAG_HOSTS_WRONG] + n[DIAG_HOSTS_MISSING] > 0 ? TOOL_WRONG
							       : TOOL_GOOD;
}

static enum tool_status show(struct tool_call *call,
			     const struct diag_buf *text,
			     const struct diag_inventory *inv,
			     struct diag_err *err)
{
	struct hosts_shown s = { .n_nobody = 0 };

	if (!diag_hosts_table_make(&call->arena, diag_buf_str(text), text->len,
				   &s.table, err))
		return tool_bad_input(err);
	if (!find_nobody(call, &s, err) ||
	    (inv != NULL && !compare(call, &s, inv, err)))
		return TOOL_TROUBLE;
	if (!(doc_is_json(call) ? hosts_shown_json : hosts_shown_text)(call, &s,
								       err))
		return TOOL_TROUBLE;
	tool_flush(call);
	return sum_up(call, &s);
}

enum tool_status pl_hosts_show(struct tool_call *call, struct diag_err *err)
{
	struct diag_inventory *inv = NULL;
	struct diag_buf text;
	enum tool_status status;

	diag_buf_init(&text, 0);
	if (!load_inventory(call, &inv, err) ||
	    !diag_file_read(pl_hosts_path(call), DIAG_HOSTS_BYTES, &text, err))
		status = tool_bad_input(err);
	else
		status = show(call, &text, inv, err);
	diag_buf_clear(&text);
	diag_inventory_free(inv);
	return status;
}
