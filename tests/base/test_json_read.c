/* SPDX-License-Identifier: MIT */
/* Members by name: every problem of a document is told, each with its place. */
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
	struct diag_problems problems;
	struct diag_json_at root;
	cJSON *doc;
};

static void open_doc(struct fixture *f, const char *text)
{
	diag_problems_init(&f->problems);
	f->root = (struct diag_json_at){ .file = "ws.json",
					 .problems = &f->problems };
	f->doc = cJSON_Parse(text);
	assert_non_null(f->doc);
}

static void close_doc(struct fixture *f)
{
	cJSON_Delete(f->doc);
	diag_problems_clear(&f->problems);
}

static const char *told(const struct fixture *f)
{
	return diag_buf_str(&f->problems.text);
}

static void members_of_the_right_type_are_read(void **unused)
{
	struct fixture f;
	const char *s = NULL;
	bool b = false;
	double d = 0;
	uint64_t n = 0;

	(void)unused;
	open_doc(&f, "{\"s\":\"x\",\"b\":true,\"d\":1.5,\"n\":65535,"
		     "\"a\":[1],\"o\":{}}");
	assert_true(diag_json_str(&f.root, f.doc, "s", &s));
	assert_true(diag_json_bool(&f.root, f.doc, "b", &b));
	assert_true(diag_json_num(&f.root, f.doc, "d", 0, 2, &d));
	assert_true(diag_json_uint(&f.root, f.doc, "n", 1, 65535, &n));
	assert_non_null(diag_json_array(&f.root, f.doc, "a"));
	assert_non_null(diag_json_object(&f.root, f.doc, "o"));
	assert_string_equal("x", s);
	assert_true(b && d == 1.5 && n == 65535);
	assert_int_equal(0, f.problems.n);
	close_doc(&f);
}

static void absent_and_null_are_no_problem(void **unused)
{
	struct fixture f;
	const char *s = "before";
	uint64_t n = 7;

	(void)unused;
	open_doc(&f, "{\"s\":null}");
	assert_false(diag_json_str(&f.root, f.doc, "s", &s));
	assert_false(diag_json_str(&f.root, f.doc, "S", &s));
	assert_false(diag_json_uint(&f.root, f.doc, "n", 0, 9, &n));
	assert_null(diag_json_array(&f.root, f.doc, "s"));
	assert_null(diag_json_object(&f.root, NULL, "s"));
	assert_string_equal("before", s);
	assert_int_equal(7, n);
	assert_int_equal(0, f.problems.n);
	close_doc(&f);
}

static void every_wrong_type_is_told(void **unused)
{
	struct fixture f;
	const char *s = "before";
	bool b = true;
	double d = 7;

	(void)unused;
	open_doc(&f, "{\"s\":1,\"b\":\"yes\",\"d\":3,\"a\":{},\"o\":[]}");
	assert_false(diag_json_str(&f.root, f.doc, "s", &s));
	assert_false(diag_json_bool(&f.root, f.doc, "b", &b));
	assert_false(diag_json_num(&f.root, f.doc, "d", 0, 2.5, &d));
	assert_null(diag_json_array(&f.root, f.doc, "a"));
	assert_null(diag_json_object(&f.root, f.doc, "o"));
	assert_string_equal("before", s);
	assert_true(b && d == 7);
	assert_int_equal(5, f.problems.n);
	assert_string_equal(
	    "ws.json: $.s: expected text, got 1\n"
	    "ws.json: $.b: expected true or false, got \"yes\"\n"
	    "ws.json: $.d: expected a number from 0 to 2.5, got 3\n"
	    "ws.json: $.a: expected a list, got an object\n"
	    "ws.json: $.o: expected an object, got a list\n",
	    told(&f));
	close_doc(&f);
}

static void whole_numbers_are_whole_and_exact(void **unused)
{
	static const char *const bad[] = { "1.5", "-1", "1e300",
					   "9007199254740994", "\"3\"" };
	uint64_t n = 7;

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct fixture f;
		char text[64];

		(void)snprintf(text, sizeof(text), "{\"n\":%s}", bad[i]);
		open_doc(&f, text);
		assert_false(
		    diag_json_uint(&f.root, f.doc, "n", 0, UINT64_MAX, &n));
		assert_int_equal(1, f.problems.n);
		close_doc(&f);
	}
	assert_int_equal(7, n);
}

static void the_range_is_told(void **unused)
{
	struct fixture f;
	uint64_t n = 7;

	(void)unused;
	open_doc(&f, "{\"port\":70000,\"max\":9007199254740992}");
	assert_false(diag_json_uint(&f.root, f.doc, "port", 1, 65535, &n));
	assert_string_equal("ws.json: $.port: expected a whole number from 1 "
			    "to 65535, got 70000\n",
			    told(&f));
	assert_true(diag_json_uint(&f.root, f.doc, "max", 0, UINT64_MAX, &n));
	assert_true(n == 9007199254740992U);
	close_doc(&f);
}

static void places_are_paths(void **unused)
{
	struct fixture f;
	struct diag_json_at list;
	struct diag_json_at third;
	struct diag_json_at key;

	(void)unused;
	open_doc(&f, "[null]");
	list = (struct diag_json_at){ "ws.json", &f.root, "targets", 0,
				      &f.problems };
	third = (struct diag_json_at){ "ws.json", &list, NULL, 3, &f.problems };
	key =
	    (struct diag_json_at){ "ws.json", &third, "name", 0, &f.problems };
	diag_json_wrong(&key, NULL, "expected a %s", "name");
	diag_json_wrong(&f.root, f.doc->child, "expected more");
	assert_string_equal(
	    "ws.json: $.targets[3].name: expected a name, got nothing\n"
	    "ws.json: $: expected more, got null\n",
	    told(&f));
	close_doc(&f);
}

static void what_was_met_is_cut_and_harmless(void **unused)
{
	struct fixture f;
	bool b;

	(void)unused;
	open_doc(&f, "{\"b\":\"\\u001b[2Jaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}");
	assert_false(diag_json_bool(&f.root, f.doc, "b", &b));
	assert_null(strchr(told(&f), '\x1b'));
	assert_non_null(strstr(told(&f), "\\x1b[2J"));
	assert_non_null(strstr(told(&f), "..."));
	assert_true(strlen(told(&f)) < 120);
	close_doc(&f);
}

static void lines_beyond_the_limit_are_counted(void **unused)
{
	struct diag_problems p;

	(void)unused;
	diag_problems_init(&p);
	p.max = 2;
	for (int i = 0; i < 5; i++)
		diag_problem(&p, "line %d", i);
	assert_int_equal(5, p.n);
	assert_string_equal("line 0\nline 1\n", diag_buf_str(&p.text));
	diag_problems_clear(&p);
	assert_int_equal(0, p.n);
}

static bool tell_some(void *unused)
{
	struct fixture f;
	const char *s;
	bool ok;

	(void)unused;
	open_doc(&f, "{\"s\":1}");
	for (int i = 0; i < 20; i++)
		assert_false(diag_json_str(&f.root, f.doc, "s", &s));
	assert_int_equal(20, f.problems.n); /* counted without memory, too */
	ok = diag_buf_ok(&f.problems.text, NULL, "test");
	close_doc(&f);
	return ok;
}

static void any_allocation_may_fail(void **unused)
{
	(void)unused;
	assert_true(torture(tell_some, NULL) > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_of_the_right_type_are_read),
		cmocka_unit_test(absent_and_null_are_no_problem),
		cmocka_unit_test(every_wrong_type_is_told),
		cmocka_unit_test(whole_numbers_are_whole_and_exact),
		cmocka_unit_test(the_range_is_told),
		cmocka_unit_test(places_are_paths),
		cmocka_unit_test(what_was_met_is_cut_and_harmless),
		cmocka_unit_test(lines_beyond_the_limit_are_counted),
		cmocka_unit_test(any_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("base/json_read", tests, NULL, NULL);
}
