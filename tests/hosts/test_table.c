/* SPDX-License-Identifier: MIT */
/* The table of names: it says the same as the edges of diag_hosts_parse(), of
 * any bytes, and finds every name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/text.h"
#include "hosts/table.h"
#include "inventory/catalogue.h"
#include "tests/support/torture.h"

static struct diag_hosts_table make(struct diag_arena *arena, const char *text,
				    size_t len)
{
	struct diag_hosts_table t;
	struct diag_err err = { 0 };

	diag_arena_init(arena, 0);
	assert_true(diag_hosts_table_make(arena, text, len, &t, &err));
	return t;
}

static void assert_lines(const struct diag_hosts_table *t, const char *name,
			 const char *want)
{
	char got[200] = "";

	for (uint32_t r = diag_hosts_table_find(t, diag_slice_of(name));
	     r != DIAG_HOSTS_NO_ROW; r = diag_hosts_table_next(t, r)) {
		size_t n = strlen(got);

		(void)snprintf(got + n, sizeof(got) - n, "%s%u:%u",
			       n > 0 ? " " : "", (unsigned)t->rows[r].line,
			       diag_hosts_row_column(t, r));
	}
	assert_string_equal(want, got);
}

static void a_name_is_found_in_file_order(void **unused)
{
	static const char text[] = "10.0.0.1 a.test b.test # c.test\n"
				   "#10.0.0.2 a.test\n\t10.0.0.3\tA.Test\r\n"
				   "fd00::1 a.test.\n10.0.0.1 a.tes a.testt\n"
				   "10.0.0.1 a.test";
	struct diag_arena arena;
	struct diag_hosts_table t = make(&arena, text, sizeof(text) - 1);

	(void)unused;
	assert_int_equal(7, t.n_rows);
	assert_int_equal(5, t.n_names);
	assert_int_equal(1, t.n_mixed);
	assert_lines(&t, "a.test", "1:10 3:11 6:10");
	assert_lines(&t, "A.TEST", "1:10 3:11 6:10");
	assert_lines(&t, "b.test", "1:17");
	assert_lines(&t, "a.test.", "4:9");
	assert_lines(&t, "c.test", "");
	assert_lines(&t, "", "");
	diag_arena_clear(&arena);
}

static void a_name_says_which_of_its_line_it_is(void **unused)
{
	static const char text[] = "10.0.0.1 a b c d e f g h i j k l m n o p q";
	struct diag_arena arena;
	struct diag_hosts_table t = make(&arena, text, sizeof(text) - 1);

	(void)unused;
	assert_int_equal(17, t.n_rows);
	assert_int_equal(0, t.rows[0].nth);
	assert_int_equal(9, t.rows[9].nth);
	assert_int_equal(15, t.rows[16].nth);
	diag_arena_clear(&arena);
}

static void many_names_on_a_line_make_it_grow(void **unused)
{
	struct diag_buf text;
	struct diag_arena arena;
	struct diag_hosts_table t;
	char name[40];

	(void)unused;
	diag_buf_init(&text, (size_t)4 << 20);
	for (unsigned i = 0; i < 1000; i++)
		diag_buf_puts(&text, "10.0.0.1 same\n");
	diag_buf_puts(&text, "10.0.0.2");
	for (unsigned i = 0; i < 20000; i++)
		diag_buf_printf(&text, " n%u.test N%u.test", i, i % 100);
	t = make(&arena, text.data, text.len);
	assert_int_equal(41000, t.n_rows);
	assert_int_equal(20001, t.n_names);
	for (unsigned i = 100; i < 20000; i++) {
		uint32_t r;

		(void)snprintf(name, sizeof(name), "n%u.test", i);
		r = diag_hosts_table_find(&t, diag_slice_of(name));
		assert_int_not_equal(DIAG_HOSTS_NO_ROW, r);
		assert_int_equal(DIAG_HOSTS_NO_ROW,
				 diag_hosts_table_next(&t, r));
	}
	diag_arena_clear(&arena);
	diag_buf_clear(&text);
}

/* --- against the edges -----------------------------------------------------
 */

static unsigned long seed;

static unsigned pick(unsigned n)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (unsigned)(seed >> 33) % n;
}

static void random_text(struct diag_buf *text)
{
	static const char *const words[] = {
		"10.0.0.1", "10.0.0.2", "fd00::1",    "fe80::1%lo", "a.test",
		"A.TEST",   "b.test",	"b.test.",    "c",	    " ",
		"\t",	    "\n",	"\n",	      "\n",	    "\r\n",
		"#",	    "\v",	"10.0.0.3\n",
	};
	unsigned n = pick(60);

	diag_buf_reset(text);
	for (unsigned i = 0; i < n; i++) {
		if (pick(8) == 0)
			diag_buf_putc(text, (char)pick(256));
		else
			diag_buf_puts(
			    text,
			    words[pick(sizeof(words) / sizeof(words[0]))]);
		if (pick(2) == 0)
			diag_buf_putc(text, ' ');
	}
}

static void assert_same(const struct diag_hosts_table *t, uint32_t row,
			const struct diag_hosts_edge *e)
{
	struct diag_slice name = diag_hosts_row_name(t, row);
	struct diag_addr addr = diag_hosts_row_addr(t, row);

	assert_true(diag_slice_eq_nocase(name, e->name));
	assert_true(diag_addr_eq(&addr, e->addr));
	assert_int_equal(e->line, t->rows[row].line);
	assert_int_equal(e->column, diag_hosts_row_column(t, row));
	assert_int_equal(e->canonical, t->rows[row].nth == 0);
}

static void rows_say_what_the_edges_say(void **unused)
{
	struct diag_buf text;

	(void)unused;
	diag_buf_init(&text, 65536);
	for (seed = 1; seed < 1000000; seed += 211) {
		unsigned long start = seed;
		struct diag_arena arena;
		struct diag_hosts_table t;
		struct diag_hosts h;

		random_text(&text);
		seed = start;
		t = make(&arena, diag_buf_str(&text), text.len);
		assert_true(diag_hosts_parse(&arena, diag_buf_str(&text),
					     text.len, &h, NULL));
		assert_int_equal(h.n_edges, t.n_rows);
		for (uint32_t i = 0; i < t.n_rows; i++) {
			const char *name = h.edges[i].name;
			uint32_t r =
			    diag_hosts_table_find(&t, diag_slice_of(name));

			assert_same(&t, i, &h.edges[i]);
			for (size_t k = 0; r != DIAG_HOSTS_NO_ROW; k++) {
				assert_ptr_equal(
				    &h.edges[r],
				    diag_hosts_lookup(&h, name, DIAG_NOFAM, k));
				r = diag_hosts_table_next(&t, r);
			}
		}
		diag_arena_clear(&arena);
	}
	diag_buf_clear(&text);
}

static void a_file_that_is_too_large_is_an_error(void **unused)
{
	struct diag_err err = { 0 };
	struct diag_arena arena;
	struct diag_hosts_table t;
	struct diag_buf text;

	(void)unused;
	diag_arena_init(&arena, 0);
	assert_false(
	    diag_hosts_table_make(&arena, "", DIAG_HOSTS_BYTES + 1, &t, &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
	diag_buf_init(&text, DIAG_HOSTS_LINES);
	diag_buf_pad(&text, '\n', DIAG_HOSTS_LINES);
	err = (struct diag_err){ 0 };
	assert_false(
	    diag_hosts_table_make(&arena, text.data, text.len, &t, &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
	diag_buf_clear(&text);
	diag_arena_clear(&arena);
}

static bool make_once(void *arg)
{
	struct diag_err err = { 0 };
	struct diag_arena arena;
	struct diag_hosts_table t;
	bool ok;

	diag_arena_init(&arena, 0);
	ok = diag_hosts_table_make(&arena, arg, strlen(arg), &t, &err);
	assert_int_equal(ok ? DIAG_OK : DIAG_ENOMEM, err.code);
	diag_arena_clear(&arena);
	return ok;
}

static void without_memory_the_error_says_so(void **unused)
{
	struct diag_buf text;

	(void)unused;
	diag_buf_init(&text, 65536);
	for (unsigned i = 0; i < 300; i++)
		diag_buf_printf(&text, "10.0.0.1 n%u.test.\n", i);
	for (unsigned i = 0; i < 900; i++)
		diag_buf_printf(&text, " 10.0.0.1 m%u m%u.test", i, i);
	assert_true(torture(make_once, text.data) > 2);
	diag_buf_clear(&text);
}

static int end(void **unused)
{
	(void)unused;
	diag_cat_unload();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_found_in_file_order),
		cmocka_unit_test(a_name_says_which_of_its_line_it_is),
		cmocka_unit_test(many_names_on_a_line_make_it_grow),
		cmocka_unit_test(rows_say_what_the_edges_say),
		cmocka_unit_test(a_file_that_is_too_large_is_an_error),
		cmocka_unit_test(without_memory_the_error_says_so),
	};

	return cmocka_run_group_tests_name("hosts table", tests, NULL, end);
}
