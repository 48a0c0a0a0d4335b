/* SPDX-License-Identifier: MIT */
#include "tests/hosts/lint_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"

void lint_of(struct linted *l, const char *text, size_t len,
	     enum diag_hosts_rules rules)
{
	struct diag_err err = { 0 };

	diag_arena_init(&l->arena, 0);
	diag_buf_init(&l->found, (size_t)16 << 20);
	assert_true(
	    diag_hosts_table_make(&l->arena, text, len, &l->table, &err));
	assert_true(
	    diag_hosts_lint(&l->arena, &l->table, rules, &l->lint, &err));
	for (size_t i = 0; i < l->lint.n; i++) {
		const struct diag_hosts_fault *f = &l->lint.items[i];

		diag_buf_printf(&l->found, "%s%u:%u %s %s", i > 0 ? ", " : "",
				f->line, f->column,
				diag_hosts_severity_key(f->severity),
				diag_hosts_fault_key(f->kind));
		assert_true(strlen(f->text) > 20);
		assert_int_not_equal('.', f->text[strlen(f->text) - 1]);
		assert_true(f->n_edits == 0 || f->edits != NULL);
	}
}

void lint_clear(struct linted *l)
{
	diag_buf_clear(&l->found);
	diag_arena_clear(&l->arena);
}

void lint_finds(const char *text, size_t len, enum diag_hosts_rules rules,
		const char *want)
{
	struct linted l;

	lint_of(&l, text, len, rules);
	if (strcmp(want, diag_buf_str(&l.found)) != 0)
		print_error("in: %s\n", text);
	assert_string_equal(want, diag_buf_str(&l.found));
	lint_clear(&l);
}

struct diag_buf lint_sample(const char *path)
{
	struct diag_err err = { 0 };
	struct diag_buf text;

	assert_true(diag_file_read(path, DIAG_HOSTS_BYTES, &text, &err));
	return text;
}
