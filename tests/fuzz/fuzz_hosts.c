/* SPDX-License-Identifier: MIT */
/* The hosts reader: any bytes give edges that point into the text, every
 * finding has its sentence, and what lint would correct is corrected at once:
 * a second look finds nothing more to correct. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "fix/hosts_fix.h"
#include "hosts/show.h"

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_edges(const struct diag_hosts *h)
{
	for (size_t i = 0; i < h->n_edges && i < 64; i++) {
		const struct diag_hosts_edge *e = &h->edges[i];

		must(e->name[0] != '\0' && e->line > 0 && e->column > 0);
		must(diag_hosts_lookup(h, e->name, e->addr->family, 0) != NULL);
	}
}

/* Only Windows needs one line in several. */
static void check_faults(const struct diag_hosts_fault *items, size_t n,
			 enum diag_hosts_rules rules)
{
	for (size_t i = 0; i < n; i++) {
		const struct diag_hosts_fault *f = &items[i];

		must(f->text != NULL && f->line > 0 && f->column > 0);
		must(f->corrected == NULL || rules == DIAG_HOSTS_WINDOWS ||
		     strchr(f->corrected, '\n') == NULL);
	}
}

static void apply(const struct diag_edits *edits, const char *text, size_t len,
		  struct diag_buf *out)
{
	size_t done = 0;

	for (size_t i = 0; i < edits->n; i++) {
		const struct diag_edit *e = &edits->items[i];

		must(e->at >= done && e->at + e->len <= len);
		diag_buf_put(out, text + done, e->at - done);
		diag_buf_put(out, e->put, e->put_len);
		done = e->at + e->len;
	}
	diag_buf_put(out, text + done, len - done);
	must(out->code == DIAG_OK);
}

/* Lint, and put the corrected text into out; how many edits that took. */
static size_t lint(struct diag_arena *arena, const char *text, size_t len,
		   enum diag_hosts_rules rules, struct diag_buf *out)
{
	struct diag_hosts_table table;
	struct diag_hosts_lint found;
	struct diag_edits edits;

	if (!diag_hosts_table_make(arena, text, len, &table, NULL) ||
	    !diag_hosts_lint(arena, &table, rules, &found, NULL) ||
	    !diag_hosts_fixes(arena, &found, &edits, NULL))
		return 0;
	check_faults(found.items, found.n, rules);
	must((found.n_fixable > 0) == (edits.n > 0));
	apply(&edits, text, len, out);
	return found.cut ? 0 : edits.n;
}

static void check_show(struct diag_arena *arena, const char *text, size_t len)
{
	struct diag_hosts_table t;
	struct diag_hosts_name name;
	uint32_t row = 0;

	if (!diag_hosts_table_make(arena, text, len, &t, NULL))
		return;
	for (unsigned i = 0; i < 64; i++) {
		row = diag_hosts_table_head(&t, row);
		if (row == DIAG_HOSTS_NO_ROW)
			return;
		must(diag_hosts_table_find(&t, diag_hosts_row_name(&t, row)) ==
		     row);
		if (!diag_hosts_name_of(arena, &t, row++, &name, NULL))
			return;
		must(name.n > 0 && name.answers[0].line > 0);
	}
}

static void check_lint(const char *text, size_t len,
		       enum diag_hosts_rules rules)
{
	struct diag_arena arena;
	struct diag_buf once, twice;

	diag_arena_init(&arena, 0);
	diag_buf_init(&once, DIAG_HOSTS_BYTES);
	diag_buf_init(&twice, DIAG_HOSTS_BYTES);
	if (lint(&arena, text, len, rules, &once) > 0)
		must(lint(&arena, diag_buf_str(&once), once.len, rules,
			  &twice) == 0);
	diag_buf_clear(&once);
	diag_buf_clear(&twice);
	diag_arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct diag_arena arena;
	struct diag_hosts h;

	diag_arena_init(&arena, 0);
	if (diag_hosts_parse(&arena, text, size, &h, NULL)) {
		check_edges(&h);
		check_faults(h.faults, h.n_faults, DIAG_HOSTS_LINUX);
	}
	check_show(&arena, text, size);
	diag_arena_clear(&arena);
	check_lint(text, size, DIAG_HOSTS_LINUX);
	check_lint(text, size, DIAG_HOSTS_WINDOWS);
	check_lint(text, size, DIAG_HOSTS_MACOS);
	return 0;
}
