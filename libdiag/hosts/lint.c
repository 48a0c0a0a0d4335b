/* SPDX-License-Identifier: MIT */
/* lint.c - all findings of a file, in order. */
#include "hosts/lint.h"

#include <stdlib.h>

#include "hosts/internal.h"

static bool held(const void *names, const char *name)
{
	return diag_hosts_table_find(names, diag_slice_of(name)) !=
	       DIAG_HOSTS_NO_ROW;
}

static int by_place(const void *a, const void *b)
{
	const struct diag_hosts_fault *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return x->kind < y->kind ? -1 : x->kind > y->kind;
}

static void count(struct diag_hosts_lint *out)
{
	for (size_t i = 0; i < out->n; i++) {
		const struct diag_hosts_fault *f = &out->items[i];

		out->n_errors += f->severity == DIAG_HOSTS_ERROR;
		out->n_warnings += f->severity == DIAG_HOSTS_WARNING;
		out->n_infos += f->severity == DIAG_HOSTS_INFO;
		out->n_fixable += f->n_edits > 0;
	}
}

static bool judge_all(struct hosts_judge *j, const struct diag_hosts_table *t,
		      struct diag_err *err)
{
	struct hosts_ends ends;

	if (hosts_is_utf16(j->text))
		return hosts_judge_utf16(j) || diag_fail_nomem(err, "hosts");
	hosts_count_ends(j->text, j->rules == DIAG_HOSTS_WINDOWS, &ends);
	j->eol = ends.crlf ? "\r\n" : "\n";
	if (!hosts_judge_lines(j, t->suspects, t->n_suspects, err) ||
	    !hosts_judge_conflicts(j, err))
		return false;
	return hosts_judge_whole(j, &ends) || diag_fail_nomem(err, "hosts");
}

bool diag_hosts_lint(struct diag_arena *arena, const struct diag_hosts_table *t,
		     enum diag_hosts_rules rules, struct diag_hosts_lint *out,
		     struct diag_err *err)
{
	struct hosts_judge j = { .arena = arena,
				 .text = { t->text, t->len },
				 .rules = rules,
				 .held = held,
				 .names = t };

	if (!judge_all(&j, t, err))
		return false;
	if (j.n_faults > 0)
		qsort(j.faults, j.n_faults, sizeof(*j.faults), by_place);
	*out = (struct diag_hosts_lint){ .items = j.faults,
					 .n = j.n_faults,
					 .cut = j.cut };
	count(out);
	return true;
}
