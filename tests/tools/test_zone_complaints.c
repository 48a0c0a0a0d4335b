/* SPDX-License-Identifier: MIT */
/* What a checker says of a new text is held against what it said of the old
 * one: only what is new counts, wherever the lines have moved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tools/pl-zone/checker.h"

static struct diag_buf said(const char *text, size_t len)
{
	struct diag_buf b;

	diag_buf_init(&b, 1 << 16);
	diag_buf_put(&b, text, len);
	return b;
}

static void expect(const char *before, const char *now, const char *line)
{
	struct diag_buf a = said(before, strlen(before));
	struct diag_buf b = said(now, strlen(now));
	size_t len = 0;
	const char *found = zone_new_complaint(&a, &b, &len);

	if (line == NULL) {
		assert_null(found);
	} else {
		assert_non_null(found);
		assert_int_equal(strlen(line), len);
		assert_memory_equal(line, found, len);
	}
	diag_buf_clear(&a);
	diag_buf_clear(&b);
}

static void the_same_words_are_nothing_new(void **state)
{
	(void)state;
	expect("", "", NULL);
	expect("a\n", "a\n", NULL);
	expect("a\nb", "b\na\n", NULL);
	expect("a\nb\n", "a\n", NULL);
}

static void a_line_that_moved_is_the_same(void **state)
{
	(void)state;
	expect("zone:9: bad\n", "zone:10: bad\n", NULL);
	expect("[17] x[4:0] error: y\n", "[1764] x[52:0] error: y\n", NULL);
	expect("10 errors\n", "9 errors\n", NULL);
}

static void other_words_are_new(void **state)
{
	(void)state;
	expect("", "a", "a");
	expect("a\n", "a\nb\n", "b");
	expect("zone:9: bad\n", "zone:9: worse\n", "zone:9: worse");
	expect("a1b\n", "ab\n", "ab");
	expect("a\n", "a1\n", "a1");
	expect("a1\n", "a\n", "a");
}

static void the_same_words_once_more_are_new(void **state)
{
	(void)state;
	expect("z:1: bad\n", "z:1: bad\nz:7: bad\n", "z:1: bad");
}

static void empty_lines_say_nothing(void **state)
{
	(void)state;
	expect("a\n", "\n\na\n\n", NULL);
}

static void a_nul_is_a_byte_like_any_other(void **state)
{
	struct diag_buf a = said("a\0b\n", 4), b = said("a\0c\n", 4);
	size_t len = 0;

	(void)state;
	assert_null(zone_new_complaint(&a, &a, &len));
	assert_non_null(zone_new_complaint(&a, &b, &len));
	assert_int_equal(3, len);
	diag_buf_clear(&a);
	diag_buf_clear(&b);
}

int main(void)
{
#define T(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
		T(the_same_words_are_nothing_new),
		T(a_line_that_moved_is_the_same),
		T(other_words_are_new),
		T(the_same_words_once_more_are_new),
		T(empty_lines_say_nothing),
		T(a_nul_is_a_byte_like_any_other),
	};

	return cmocka_run_group_tests_name("zone_complaints", tests, NULL,
					   NULL);
}
