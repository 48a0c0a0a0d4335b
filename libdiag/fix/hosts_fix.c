/* SPDX-License-Identifier: MIT */
/* hosts_fix.c - the edits of lint's findings, each once and in order. */
#include "fix/hosts_fix.h"

#include <stdlib.h>
#include <string.h>

static int by_place(const void *a, const void *b)
{
	const struct diag_edit *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	if (x->put_len != y->put_len)
		return x->put_len < y->put_len ? -1 : 1;
	return memcmp(x->put, y->put, x->put_len);
}

static size_t count(const struct diag_hosts_lint *lint)
{
	const struct diag_hosts_edit *last = NULL;
	size_t n = 0;

	for (size_t i = 0; i < lint->n; i++) {
		if (lint->items[i].edits != last)
			n += lint->items[i].n_edits;
		last = lint->items[i].edits;
	}
	return n;
}

static size_t collect(const struct diag_hosts_lint *lint, struct diag_edit *out)
{
	const struct diag_hosts_edit *last = NULL;
	size_t n = 0;

	for (size_t i = 0; i < lint->n; i++) {
		const struct diag_hosts_fault *f = &lint->items[i];

		for (size_t k = 0; k < f->n_edits && f->edits != last; k++)
			out[n++] = (struct diag_edit){
				.at = f->edits[k].at,
				.len = f->edits[k].len,
				.put = f->edits[k].put,
				.put_len = f->edits[k].put_len,
				.foreign = true,
			};
		last = f->edits;
	}
	return n;
}

/* Findings of one line share their edits, and so they may come again when a
 * finding of another kind stands between them.  Two that are different and
 * touch the same bytes cannot both be right: the first is kept. */
static size_t without_overlaps(struct diag_edit *e, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (k > 0 && (e[i].at < e[k - 1].at + e[k - 1].len ||
			      by_place(&e[i], &e[k - 1]) == 0))
			continue;
		e[k++] = e[i];
	}
	return k;
}

bool diag_hosts_fixes(struct diag_arena *arena,
		      const struct diag_hosts_lint *lint,
		      struct diag_edits *out, struct diag_err *err)
{
	size_t n = count(lint);
	struct diag_edit *items = diag_arena_array(arena, n, sizeof(*items));

	if (items == NULL)
		return diag_fail_nomem(err, "fix");
	n = collect(lint, items);
	if (n > 0)
		qsort(items, n, sizeof(*items), by_place);
	*out = (struct diag_edits){ items, without_overlaps(items, n) };
	return true;
}
