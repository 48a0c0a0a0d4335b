/* SPDX-License-Identifier: MIT */
/* show.c - who answers for a name, and whether that is right. */
#include "hosts/show.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "hosts/internal.h"

uint32_t diag_hosts_table_head(const struct diag_hosts_table *t, uint32_t from)
{
	for (; from < t->n_rows; from++)
		if (t->rows[from].head)
			return from;
	return DIAG_HOSTS_NO_ROW;
}

static size_t count_rows(const struct diag_hosts_table *t, uint32_t row)
{
	size_t n = 0;

	for (; row != DIAG_HOSTS_NO_ROW; row = diag_hosts_table_next(t, row))
		n++;
	return n;
}

/* --- one name --------------------------------------------------------------
 */

static int by_address(const void *a, const void *b)
{
	const struct diag_hosts_answer *x =
	    *(struct diag_hosts_answer *const *)a;
	const struct diag_hosts_answer *y =
	    *(struct diag_hosts_answer *const *)b;
	int order = diag_addr_cmp(&x->addr, &y->addr);

	return order != 0 ? order : (x > y) - (x < y);
}

/* A name may stand on a million lines, so equal ones are found by sorting. */
static bool mark_again(struct diag_arena *arena, struct diag_hosts_answer *a,
		       size_t n)
{
	struct diag_hosts_answer **sorted =
	    diag_arena_array(arena, n, sizeof(struct diag_hosts_answer *));

	if (sorted == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		sorted[i] = &a[i];
	qsort(sorted, n, sizeof(struct diag_hosts_answer *), by_address);
	for (size_t i = 1; i < n; i++)
		sorted[i]->again =
		    diag_addr_eq(&sorted[i]->addr, &sorted[i - 1]->addr);
	return true;
}

static void mark_windows(const struct diag_hosts_table *t, uint32_t row,
			 struct diag_hosts_answer *a, size_t n, bool *differs)
{
	const struct diag_hosts_answer *v4 = NULL, *v6 = NULL, **won;

	for (size_t i = 0; i < n; i++, row = t->rows[row].next) {
		won = a[i].addr.family == DIAG_IPV4 ? &v4 : &v6;
		if (*won == NULL && t->rows[row].nth < HOSTS_WINDOWS_NAMES) {
			*won = &a[i];
			a[i].windows = true;
		}
	}
	for (size_t i = 0; i < n; i++) {
		won = a[i].addr.family == DIAG_IPV4 ? &v4 : &v6;
		*differs |=
		    *won == NULL || !diag_addr_eq(&a[i].addr, &(*won)->addr);
	}
}

bool diag_hosts_name_of(struct diag_arena *arena,
			const struct diag_hosts_table *t, uint32_t head,
			struct diag_hosts_name *out, struct diag_err *err)
{
	struct diag_slice name = diag_hosts_row_name(t, head);
	size_t n = count_rows(t, head), i = 0;
	struct diag_hosts_answer *a = diag_arena_array(arena, n, sizeof(*a));
	char *lower = diag_arena_strn(arena, name.p, name.len);

	if (a == NULL || lower == NULL)
		return diag_fail_nomem(err, "hosts");
	diag_text_lower(lower);
	*out = (struct diag_hosts_name){ .name = lower, .answers = a, .n = n };
	for (uint32_t row = head; row != DIAG_HOSTS_NO_ROW;
	     row = diag_hosts_table_next(t, row), i++) {
		a[i].addr = diag_hosts_row_addr(t, row);
		a[i].line = t->rows[row].line;
		a[i].column = diag_hosts_row_column(t, row);
	}
	mark_windows(t, head, a, n, &out->differs);
	return n == 1 || mark_again(arena, a, n) ||
	       diag_fail_nomem(err, "hosts");
}

/* --- against an inventory --------------------------------------------------
 */

const char *diag_hosts_state_key(enum diag_hosts_state s)
{
	static const char *const keys[] = {
		[DIAG_HOSTS_RIGHT] = "right",
		[DIAG_HOSTS_WRONG] = "wrong",
		[DIAG_HOSTS_MISSING] = "missing",
		[DIAG_HOSTS_OTHER_FORM] = "other-form",
	};

	return (size_t)s < sizeof(keys) / sizeof(keys[0]) ? keys[s] : "unknown";
}

static bool is_expected(const struct diag_target *t, const struct diag_addr *a)
{
	for (size_t i = 0; i < t->n_addresses; i++)
		if (diag_addr_eq(&t->addresses[i], a))
			return true;
	return false;
}

static void look(struct diag_hosts_target *t,
		 const struct diag_hosts_name *name)
{
	t->state = DIAG_HOSTS_RIGHT;
	for (size_t i = 0; i < name->n; i++) {
		bool right = is_expected(t->target, &name->answers[i].addr);

		if (!right)
			t->state = DIAG_HOSTS_WRONG;
		if (!name->answers[i].windows)
			continue;
		if (!right)
			t->windows = DIAG_HOSTS_WRONG;
		else if (t->windows == DIAG_HOSTS_MISSING)
			t->windows = DIAG_HOSTS_RIGHT;
	}
}

static bool compare_one(struct diag_arena *arena,
			const struct diag_hosts_table *t,
			struct diag_hosts_target *out, struct diag_err *err)
{
	struct diag_hosts_name name = { .n = 0 };

	out->state = out->windows = DIAG_HOSTS_MISSING;
	out->row = diag_hosts_table_find(t, diag_slice_of(out->target->fqdn));
	if (out->row == DIAG_HOSTS_NO_ROW)
		return true;
	if (!diag_hosts_name_of(arena, t, out->row, &name, err))
		return false;
	look(out, &name);
	return true;
}

static int by_group(const void *a, const void *b)
{
	const struct diag_hosts_target *x =
	    *(struct diag_hosts_target *const *)a;
	const struct diag_hosts_target *y =
	    *(struct diag_hosts_target *const *)b;

	return strcmp(x->target->any_of, y->target->any_of);
}

static void excuse(struct diag_hosts_target **group, size_t n)
{
	bool right = false, windows = false;

	for (size_t i = 0; i < n; i++) {
		right |= group[i]->state == DIAG_HOSTS_RIGHT;
		windows |= group[i]->windows == DIAG_HOSTS_RIGHT;
	}
	for (size_t i = 0; i < n; i++) {
		if (right && group[i]->state == DIAG_HOSTS_MISSING)
			group[i]->state = DIAG_HOSTS_OTHER_FORM;
		if (windows && group[i]->windows == DIAG_HOSTS_MISSING)
			group[i]->windows = DIAG_HOSTS_OTHER_FORM;
	}
}

/* Of several forms of a name one is enough. */
static bool excuse_forms(struct diag_arena *arena,
			 struct diag_hosts_target *items, size_t n)
{
	struct diag_hosts_target **forms =
	    diag_arena_array(arena, n, sizeof(struct diag_hosts_target *));
	size_t k = 0, same;

	if (forms == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		if (items[i].target->any_of != NULL)
			forms[k++] = &items[i];
	if (k > 0)
		qsort(forms, k, sizeof(struct diag_hosts_target *), by_group);
	for (size_t i = 0; i < k; i += same) {
		for (same = 1; i + same < k; same++)
			if (by_group(&forms[i], &forms[i + same]) != 0)
				break;
		excuse(forms + i, same);
	}
	return true;
}

bool diag_hosts_compare(struct diag_arena *arena,
			const struct diag_hosts_table *t,
			const struct diag_inventory *inv,
			const struct diag_hosts_target **out, size_t *n,
			struct diag_err *err)
{
	struct diag_hosts_target *items =
	    diag_arena_array(arena, inv->n_targets, sizeof(*items));
	size_t k = 0;

	if (items == NULL)
		return diag_fail_nomem(err, "hosts");
	for (size_t i = 0; i < inv->n_targets; i++) {
		const struct diag_target *target = &inv->targets[i];

		if (target->fqdn == NULL || target->fqdn[0] == '*' ||
		    target->n_addresses == 0)
			continue;
		items[k].target = target;
		if (!compare_one(arena, t, &items[k++], err))
			return false;
	}
	if (!excuse_forms(arena, items, k))
		return diag_fail_nomem(err, "hosts");
	*out = items;
	*n = k;
	return true;
}
