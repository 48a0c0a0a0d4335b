/* SPDX-License-Identifier: MIT */
/* One document in: what is taken, what is refused, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "tests/support/torture.h"

static const struct diag_json_limits limits = { .max_len = 1 << 24,
						.max_depth = 20 };

static void assert_good(const char *text)
{
	struct diag_err err = { 0 };
	cJSON *tree = NULL;

	assert_true(
	    diag_json_parse("t", text, strlen(text), &limits, &tree, &err));
	assert_non_null(tree);
	assert_int_equal(DIAG_OK, err.code);
	cJSON_Delete(tree);
}

static void assert_bad_n(const char *text, size_t len, const char *what)
{
	struct diag_err err = { 0 };
	cJSON *tree = NULL;

	assert_false(diag_json_parse("t", text, len, &limits, &tree, &err));
	assert_null(tree);
	assert_string_equal(what, err.what);
	assert_int_equal(DIAG_EPARSE, err.code);
}

static void assert_bad(const char *text, const char *what)
{
	assert_bad_n(text, strlen(text), what);
}

static void documents_are_taken(void **unused)
{
	(void)unused;
	assert_good("null");
	assert_good(" \r\n\t[1, -2.5e+3, 0.1E-2, true, false, {}] \n");
	assert_good("{\"a\": {\"a\": [], \"b\": \"\"}, \"b\": [[]]}");
	assert_good("\xef\xbb\xbf{}");
	assert_good("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4 \xc3\xbc\"");
	assert_good("\"\\ud83d\\ude42 \xf0\x9f\x99\x82\"");
}

static void errors_name_line_and_column(void **unused)
{
	(void)unused;
	assert_bad("", "t:1:1: expected a value, the text ends");
	assert_bad("{\n  \"a\": 1\n  \"b\": 2\n}",
		   "t:3:3: expected ',' or '}'");
	assert_bad("[1 2]", "t:1:4: expected ',' or ']'");
	assert_bad("{\"a\" 1}", "t:1:6: expected ':'");
	assert_bad("{a: 1}", "t:1:2: expected a key in double quotes");
	assert_bad("{\"a\": 1,}", "t:1:9: expected a key in double quotes");
	assert_bad("[1,]", "t:1:4: expected a value");
	assert_bad("[1}", "t:1:3: expected ',' or ']'");
	assert_bad("{} {}", "t:1:4: expected nothing more after the value");
	assert_bad("[nul]", "t:1:2: expected a value");
	assert_bad("// no", "t:1:1: expected a value");
}

static void columns_count_characters(void **unused)
{
	(void)unused;
	assert_bad("[\"\xc3\xbc\xc3\xb6\" x]", "t:1:7: expected ',' or ']'");
	assert_bad("\xef\xbb\xbf[x", "t:1:2: expected a value");
}

static void numbers_are_strict(void **unused)
{
	(void)unused;
	assert_bad("01", "t:1:2: a number with a leading zero");
	assert_bad("-", "t:1:2: expected a digit");
	assert_bad("1.", "t:1:3: expected a digit");
	assert_bad("1e", "t:1:3: expected a digit");
	assert_bad("+1", "t:1:1: expected a value");
	assert_bad(".5", "t:1:1: expected a value");
	assert_bad("NaN", "t:1:1: expected a value");
	assert_bad("[1234567890123456789012345678901234567890123456789012345678"
		   "901234567890]",
		   "t:1:2: a number with too many digits");
}

static void strings_are_strict(void **unused)
{
	(void)unused;
	assert_bad("\"a", "t:1:3: the text ends inside a string");
	assert_bad("\"a\\", "t:1:3: the text ends inside a string");
	assert_bad("\"a\nb\"", "t:1:3: a control character inside a string");
	assert_bad("\"\\x\"", "t:1:2: unknown escape in a string");
	assert_bad("\"\\u12g4\"", "t:1:2: expected four hex digits after \\u");
	assert_bad("\"\\u0000\"", "t:1:2: \\u0000 is not allowed in text");
	assert_bad("\"\\ud800x\"", "t:1:2: half of a surrogate pair");
	assert_bad("\"\\ud800\\u0041\"", "t:1:2: half of a surrogate pair");
	assert_bad("\"\\udc00\"", "t:1:2: half of a surrogate pair");
	assert_bad("\"\\udc00\\udc00\"", "t:1:2: half of a surrogate pair");
	assert_bad("\"\xff\"", "t:1:2: bytes that are not UTF-8");
	assert_bad("\"\xc3\"", "t:1:2: bytes that are not UTF-8");
	assert_bad_n("\"a\0b\"", 5,
		     "t:1:3: a control character inside a string");
	assert_bad_n("[]\0", 3, "t:1:3: expected nothing more after the value");
	assert_bad_n("\"\\\0\"", 4, "t:1:2: unknown escape in a string");
}

static void no_byte_past_the_length_is_read(void **unused)
{
	struct diag_err err = { 0 };
	cJSON *tree = NULL;

	(void)unused;
	assert_true(diag_json_parse("t", "123456", 3, &limits, &tree, &err));
	assert_true(tree->valuedouble == 123);
	cJSON_Delete(tree);
	assert_bad_n("true", 3, "t:1:1: expected a value");
}

static void limits_are_kept(void **unused)
{
	const struct diag_json_limits small = { .max_len = 10, .max_depth = 2 };
	struct diag_err err = { 0 };
	cJSON *tree = NULL;

	(void)unused;
	assert_true(diag_json_parse("t", "[[],[{}]]", 4, &small, &tree, NULL) ==
		    false);
	assert_true(diag_json_parse("t", "[[],{}]", 7, &small, &tree, NULL));
	cJSON_Delete(tree);
	tree = NULL;
	assert_false(diag_json_parse("t", "[[[]]]", 6, &small, &tree, &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
	assert_string_equal("t:1:3: nested too deeply", err.what);
	err = (struct diag_err){ 0 };
	assert_false(
	    diag_json_parse("t", "[1,2,3,4,5]", 11, &small, &tree, &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
	assert_null(tree);
}

static void the_deepest_document_cjson_can_read_is_read(void **unused)
{
	const struct diag_json_limits deep = { .max_len = 5000,
					       .max_depth = 100000 };
	struct diag_err err = { 0 };
	char text[2002];
	cJSON *tree = NULL;

	(void)unused;
	memset(text, '[', 1000);
	memset(text + 1000, ']', 1000);
	assert_true(diag_json_parse("t", text, 2000, &deep, &tree, &err));
	cJSON_Delete(tree);
	memset(text, '[', 1001);
	memset(text + 1001, ']', 1001);
	assert_false(diag_json_parse("t", text, 2002, &deep, &tree, &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
}

static void a_key_that_stands_twice_is_refused_where_it_stands(void **unused)
{
	(void)unused;
	assert_bad("{\"a\":1,\"b\":2,\n \"a\":3}",
		   "t:2:2: this key stands twice");
	assert_bad("[{\"a\":{\"b\":1},\"b\":2},\n{\"c\":[{\"d\":1,\"\\u0064"
		   "\":2}]}]",
		   "t:2:14: this key stands twice");
	assert_good("[{\"a\":1},{\"a\":1},{\"A\":{\"a\":1},\"a\":1}]");
}

static char *many_keys(struct diag_buf *buf, int n, int again)
{
	struct diag_jw w;
	char key[20];

	diag_buf_init(buf, 1 << 24);
	diag_jw_init(&w, buf, 1);
	diag_jw_open(&w, '{');
	for (int i = 0; i < n; i++) {
		(void)snprintf(key, sizeof(key), "k%d", i);
		diag_jw_kint(&w, key, i);
	}
	(void)snprintf(key, sizeof(key), "k%d", again);
	diag_jw_kint(&w, key, 0);
	diag_jw_close(&w, '}');
	assert_true(diag_buf_ok(buf, NULL, "test"));
	return buf->data;
}

static void among_very_many_keys_too(void **unused)
{
	struct diag_buf buf;
	const char *text = many_keys(&buf, 100000, 99998);

	(void)unused;
	assert_bad(text, "t:100002:2: this key stands twice");
	diag_buf_clear(&buf);
	text = many_keys(&buf, 100000, 100000);
	assert_good(text);
	diag_buf_clear(&buf);
}

static void of_several_the_first_is_told(void **unused)
{
	struct diag_buf buf;
	struct diag_jw w;
	char key[20];

	(void)unused;
	diag_buf_init(&buf, 1 << 16);
	diag_jw_init(&w, &buf, 1);
	diag_jw_open(&w, '{');
	for (int i = 0; i < 60; i++) {
		/* From line 32 on every key stands there again, the largest
		 * first. */
		(void)snprintf(key, sizeof(key), "k%02d", i < 30 ? i : 59 - i);
		diag_jw_kint(&w, key, i);
	}
	diag_jw_close(&w, '}');
	assert_bad(diag_buf_str(&buf), "t:32:2: this key stands twice");
	diag_buf_clear(&buf);
}

static void a_long_file_name_leaves_room_for_the_place(void **unused)
{
	struct diag_err err = { 0 };
	cJSON *tree = NULL;
	char name[300];

	(void)unused;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_false(diag_json_parse(name, "[x]", 3, &limits, &tree, &err));
	assert_non_null(strstr(err.what, "n:1:2: expected a value"));
}

/* cJSON takes its memory from malloc; here it uses our door, so that its
 * allocations fail too. */
static bool parse_much(void *text)
{
	struct diag_err err = { 0 };
	cJSON *tree = NULL;
	bool ok =
	    diag_json_parse("t", text, strlen(text), &limits, &tree, &err);

	assert_int_equal(ok ? DIAG_OK : DIAG_ENOMEM, err.code);
	cJSON_Delete(tree);
	return ok;
}

static void any_allocation_may_fail(void **unused)
{
	cJSON_Hooks ours = { diag_alloc, diag_free };
	struct diag_buf buf;
	char *text = many_keys(&buf, 30, 30);

	(void)unused;
	cJSON_InitHooks(&ours);
	assert_true(torture(parse_much, text) > 60);
	cJSON_InitHooks(NULL);
	diag_buf_clear(&buf);
}

static struct diag_json_stream stream_of(const char *text)
{
	return (struct diag_json_stream){
		.name = "t", .text = text, .len = strlen(text), .line = 1
	};
}

static void documents_come_one_after_the_other(void **unused)
{
	struct diag_json_stream s =
	    stream_of(" {\"a\": 1}{}\n[\n2]\n\"x\" 5 \n");
	static const struct {
		size_t at, line;
	} behind[] = { { 9, 1 }, { 12, 2 }, { 17, 4 }, { 21, 4 }, { 24, 5 } };

	(void)unused;
	for (size_t i = 0; i < 5; i++) {
		struct diag_err err = { 0 };
		cJSON *tree = NULL;

		assert_true(diag_json_next(&s, &limits, &tree, &err));
		assert_non_null(tree);
		assert_int_equal(behind[i].at, s.at);
		assert_int_equal(behind[i].line, s.line);
		cJSON_Delete(tree);
	}
	assert_int_equal(s.len, s.at);
}

static void a_fault_is_told_in_the_lines_of_the_whole_text(void **unused)
{
	struct diag_json_stream s =
	    stream_of("{}\n{} {\"a\": [1 2]}\n{\"b\": 1, \"b\": 2}\n");
	struct diag_err err = { 0 };
	cJSON *tree = NULL;

	(void)unused;
	for (int i = 0; i < 2; i++) {
		assert_true(diag_json_next(&s, &limits, &tree, &err));
		cJSON_Delete(tree);
		tree = NULL;
	}
	assert_false(diag_json_next(&s, &limits, &tree, &err));
	assert_null(tree);
	assert_string_equal("t:2:13: expected ',' or ']'", err.what);
	assert_memory_equal("2]}\n", s.text + s.at, 4);
	s.at += 4;
	s.line++;
	memset(&err, 0, sizeof(err));
	assert_false(diag_json_next(&s, &limits, &tree, &err));
	assert_string_equal("t:3:10: this key stands twice", err.what);
	assert_int_equal(s.len, s.at);
	memset(&err, 0, sizeof(err));
	assert_false(diag_json_next(&s, &limits, &tree, &err));
	assert_string_equal("t:4:1: expected a value, the text ends", err.what);
}

static void limits_hold_for_a_stream_too(void **unused)
{
	struct diag_json_stream s = stream_of("[[[[[[[[[[[[[[[[[[[[[");
	static const struct diag_json_limits few = { 4, 20 };
	struct diag_err err = { 0 };
	cJSON *tree = NULL;

	(void)unused;
	assert_false(diag_json_next(&s, &limits, &tree, &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
	assert_string_equal("t:1:21: nested too deeply", err.what);
	memset(&err, 0, sizeof(err));
	assert_false(diag_json_next(&s, &few, &tree, &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_are_taken),
		cmocka_unit_test(errors_name_line_and_column),
		cmocka_unit_test(columns_count_characters),
		cmocka_unit_test(numbers_are_strict),
		cmocka_unit_test(strings_are_strict),
		cmocka_unit_test(no_byte_past_the_length_is_read),
		cmocka_unit_test(limits_are_kept),
		cmocka_unit_test(the_deepest_document_cjson_can_read_is_read),
		cmocka_unit_test(
		    a_key_that_stands_twice_is_refused_where_it_stands),
		cmocka_unit_test(among_very_many_keys_too),
		cmocka_unit_test(of_several_the_first_is_told),
		cmocka_unit_test(a_long_file_name_leaves_room_for_the_place),
		cmocka_unit_test(any_allocation_may_fail),
		cmocka_unit_test(documents_come_one_after_the_other),
		cmocka_unit_test(
		    a_fault_is_told_in_the_lines_of_the_whole_text),
		cmocka_unit_test(limits_hold_for_a_stream_too),
	};

	return cmocka_run_group_tests_name("base/json", tests, NULL, NULL);
}
