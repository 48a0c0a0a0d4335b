/* SPDX-License-Identifier: MIT */
/* JSON out: commas, nesting, escapes and numbers; and back in again. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "tests/support/torture.h"

struct fixture {
	struct diag_buf buf;
	struct diag_jw w;
};

static void open_writer(struct fixture *f, unsigned indent)
{
	diag_buf_init(&f->buf, 1 << 20);
	diag_jw_init(&f->w, &f->buf, indent);
}

static void assert_written(struct fixture *f, const char *want)
{
	assert_true(diag_buf_ok(&f->buf, NULL, "test"));
	assert_string_equal(want, diag_buf_str(&f->buf));
	diag_buf_clear(&f->buf);
}

static void put_document(struct diag_jw *w)
{
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "name", "a");
	diag_jw_kstr(w, "left out", NULL);
	diag_jw_kopen(w, "list", '[');
	diag_jw_uint(w, 1);
	diag_jw_null(w);
	diag_jw_open(w, '{');
	diag_jw_close(w, '}');
	diag_jw_open(w, '[');
	diag_jw_close(w, ']');
	diag_jw_close(w, ']');
	diag_jw_quoted_key(w, "\"b\":", 4);
	diag_jw_bool(w, true);
	diag_jw_close(w, '}');
}

static void one_line_has_no_blanks(void **unused)
{
	struct fixture f;

	(void)unused;
	open_writer(&f, 0);
	put_document(&f.w);
	assert_written(&f,
		       "{\"name\":\"a\",\"list\":[1,null,{},[]],\"b\":true}");
}

static void indented_has_one_value_a_line(void **unused)
{
	struct fixture f;

	(void)unused;
	open_writer(&f, 2);
	put_document(&f.w);
	assert_written(&f, "{\n"
			   "  \"name\": \"a\",\n"
			   "  \"list\": [\n"
			   "    1,\n"
			   "    null,\n"
			   "    {},\n"
			   "    []\n"
			   "  ],\n"
			   "  \"b\": true\n"
			   "}");
}

static void documents_in_a_row_have_no_comma(void **unused)
{
	struct fixture f;

	(void)unused;
	open_writer(&f, 0);
	for (int i = 0; i < 2; i++) {
		diag_jw_open(&f.w, '{');
		diag_jw_kint(&f.w, "i", i);
		diag_jw_close(&f.w, '}');
		diag_buf_putc(&f.buf, '\n');
	}
	assert_written(&f, "{\"i\":0}\n{\"i\":1}\n");
}

static void assert_quoted(const char *want, const char *s, size_t len)
{
	struct fixture f;

	open_writer(&f, 0);
	diag_jw_strn(&f.w, s, len);
	assert_written(&f, want);
}

static void strings_are_escaped(void **unused)
{
	(void)unused;
	assert_quoted("\"\"", "", 0);
	assert_quoted("\"a\\\"b\\\\c/d\"", "a\"b\\c/d", 7);
	assert_quoted("\"\\b\\f\\n\\r\\t\\u0000\\u001f\"", "\b\f\n\r\t\0\x1f",
		      7);
	assert_quoted("\"gr\xc3\xbc\xc3\x9f \xf0\x9f\x99\x82\"",
		      "gr\xc3\xbc\xc3\x9f \xf0\x9f\x99\x82", 11);
	assert_quoted("null", NULL, 0);
}

static void keys_of_every_length_are_quoted(void **unused)
{
	struct fixture f;
	char key[64], want[160];

	(void)unused;
	for (size_t n = 0; n + 1 < sizeof(key); n++) {
		memset(key, 'k', n);
		key[n] = '\0';
		(void)snprintf(want, sizeof(want), "{\"%s\":1,\"%s\\n\":2}",
			       key, key);
		open_writer(&f, 0);
		diag_jw_open(&f.w, '{');
		diag_jw_kuint(&f.w, key, 1);
		key[n] = '\n';
		key[n + 1] = '\0';
		diag_jw_kuint(&f.w, key, 2);
		diag_jw_close(&f.w, '}');
		assert_written(&f, want);
	}
}

static void what_steers_a_terminal_is_escaped(void **unused)
{
	(void)unused;
	assert_quoted("\"\\u001b[2J\\u007f\\u009b\\u202e\"",
		      "\x1b[2J\x7f\xc2\x9b\xe2\x80\xae", 10);
}

static void bytes_that_are_not_utf8_are_replaced(void **unused)
{
	(void)unused;
	assert_quoted("\"a\xef\xbf\xbd"
		      "b\xef\xbf\xbd\xef\xbf\xbd\"",
		      "a\xff"
		      "b\xe2\x82",
		      5);
	/* The replacement itself is a character like any other. */
	assert_quoted("\"\xef\xbf\xbd\"", "\xef\xbf\xbd", 3);
}

/* Clean text is copied in runs: a run must end at each byte that needs it,
 * wherever it stands. */
static void every_byte_is_seen_in_every_place(void **unused)
{
	(void)unused;
	for (unsigned i = 0; i < 256 * 20; i++) {
		char raw[21] = "abcdefghijklmnopqrst";
		unsigned char byte = (unsigned char)(i / 20);
		bool plain =
		    byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
		struct fixture f;

		raw[i % 20] = (char)byte;
		open_writer(&f, 0);
		diag_jw_strn(&f.w, raw, 20);
		assert_true(diag_buf_ok(&f.buf, NULL, "test"));
		assert_int_equal(plain, f.buf.len == 22);
		assert_memory_equal(raw, f.buf.data + 1, i % 20);
		assert_memory_equal(raw + i % 20 + 1,
				    f.buf.data + f.buf.len - 20 + i % 20,
				    19 - i % 20);
		diag_buf_clear(&f.buf);
	}
}

static void whole_numbers_reach_their_ends(void **unused)
{
	struct fixture f;

	(void)unused;
	open_writer(&f, 0);
	diag_jw_open(&f.w, '[');
	diag_jw_uint(&f.w, 0);
	diag_jw_uint(&f.w, UINT64_MAX);
	diag_jw_int(&f.w, INT64_MIN);
	diag_jw_int(&f.w, INT64_MAX);
	diag_jw_int(&f.w, -5);
	diag_jw_close(&f.w, ']');
	assert_written(&f, "[0,18446744073709551615,-9223372036854775808,"
			   "9223372036854775807,-5]");
}

static void milliseconds_have_three_decimals_at_most(void **unused)
{
	struct fixture f;

	(void)unused;
	open_writer(&f, 0);
	diag_jw_open(&f.w, '[');
	diag_jw_ms(&f.w, 0);
	diag_jw_ms(&f.w, 100);
	diag_jw_ms(&f.w, 0.1);
	diag_jw_ms(&f.w, 1.5);
	diag_jw_ms(&f.w, 12.3456);
	diag_jw_ms(&f.w, 0.9996);
	diag_jw_ms(&f.w, 1000.05);
	diag_jw_ms(&f.w, -2.25);
	diag_jw_ms(&f.w, -0.0001);
	diag_jw_ms(&f.w, (double)NAN);
	diag_jw_ms(&f.w, (double)INFINITY);
	diag_jw_close(&f.w, ']');
	assert_written(&f, "[0,100,0.1,1.5,12.346,1,1000.05,-2.25,0,null,"
			   "null]");
}

static void a_tree_comes_back_as_it_was(void **unused)
{
	const char *text = "{\"a\":[1,-2.5,0.1,1e+300,true,false,null,\"x\"],"
			   "\"b\":{\"c\":{},\"d\":[[]]},"
			   "\"e\":9007199254740992,\"f\":1.2345678901234567}";
	struct fixture f;
	cJSON *tree = cJSON_Parse(text);

	(void)unused;
	assert_non_null(tree);
	open_writer(&f, 0);
	diag_jw_tree(&f.w, tree);
	assert_written(&f, text);
	open_writer(&f, 0);
	diag_jw_open(&f.w, '[');
	/* A member of a tree is a tree: without its key, without the rest. */
	diag_jw_tree(&f.w, cJSON_GetObjectItem(tree, "b"));
	diag_jw_tree(&f.w, NULL);
	diag_jw_close(&f.w, ']');
	assert_written(&f, "[{\"c\":{},\"d\":[[]]},null]");
	cJSON_Delete(tree);
}

static void a_comma_locale_changes_nothing(void **unused)
{
	cJSON *tree = cJSON_CreateNumber(2.5);
	struct fixture f;

	(void)unused;
	/* If the machine has no such locale this shows nothing. */
	(void)setlocale(LC_NUMERIC, "de_DE.UTF-8");
	open_writer(&f, 0);
	diag_jw_tree(&f.w, tree);
	(void)setlocale(LC_NUMERIC, "C");
	assert_written(&f, "2.5");
	cJSON_Delete(tree);
}

static bool write_much(void *unused)
{
	struct fixture f;
	bool ok;

	(void)unused;
	open_writer(&f, 2);
	for (int i = 0; i < 50; i++)
		put_document(&f.w);
	ok = diag_buf_ok(&f.buf, NULL, "test");
	diag_buf_clear(&f.buf);
	return ok;
}

static void any_allocation_may_fail(void **unused)
{
	(void)unused;
	assert_true(torture(write_much, NULL) > 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line_has_no_blanks),
		cmocka_unit_test(indented_has_one_value_a_line),
		cmocka_unit_test(documents_in_a_row_have_no_comma),
		cmocka_unit_test(strings_are_escaped),
		cmocka_unit_test(keys_of_every_length_are_quoted),
		cmocka_unit_test(what_steers_a_terminal_is_escaped),
		cmocka_unit_test(bytes_that_are_not_utf8_are_replaced),
		cmocka_unit_test(every_byte_is_seen_in_every_place),
		cmocka_unit_test(whole_numbers_reach_their_ends),
		cmocka_unit_test(milliseconds_have_three_decimals_at_most),
		cmocka_unit_test(a_tree_comes_back_as_it_was),
		cmocka_unit_test(a_comma_locale_changes_nothing),
		cmocka_unit_test(any_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("base/json_write", tests, NULL,
					   NULL);
}
