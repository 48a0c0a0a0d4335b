/* SPDX-License-Identifier: MIT */
/* Reading bytes from outside: nothing beyond the end, nothing half taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"

static void numbers_are_in_network_order(void **unused)
{
	struct diag_cursor c =
	    diag_cursor_of("\x01\x02\x03\xff\xfe\xfd\xfc", 7);
	uint8_t a;
	uint16_t b;
	uint32_t d;

	(void)unused;
	assert_true(diag_cursor_u8(&c, &a));
	assert_true(diag_cursor_u16(&c, &b));
	assert_true(diag_cursor_u32(&c, &d));
	assert_int_equal(1, a);
	assert_int_equal(0x0203, b);
	assert_true(d == 0xfffefdfcU);
	assert_int_equal(0, diag_cursor_left(&c));
}

static void a_read_that_does_not_fit_moves_nothing(void **unused)
{
	struct diag_cursor c = diag_cursor_of("abc", 3);
	struct diag_cursor none = diag_cursor_of(NULL, 9);
	uint32_t n = 7;
	uint16_t h = 7;
	uint8_t b = 7;
	char bytes[4] = "xyz";

	(void)unused;
	assert_false(diag_cursor_u32(&c, &n));
	assert_false(diag_cursor_bytes(&c, bytes, 4));
	assert_false(diag_cursor_skip(&c, SIZE_MAX));
	assert_int_equal(3, diag_cursor_left(&c));
	assert_int_equal(7, n);
	assert_string_equal("xyz", bytes);
	assert_int_equal(0, diag_cursor_left(&none));
	assert_false(diag_cursor_u8(&none, &b));
	assert_false(diag_cursor_u16(&none, &h));
	assert_true(diag_cursor_bytes(&c, bytes, 3));
	assert_string_equal("abc", bytes);
}

static void lines_end_with_lf_crlf_or_the_end(void **unused)
{
	const char *text = "one\r\n\ntw\ro\n\r\nlast\r";
	const char *want[] = { "one", "", "tw\ro", "", "last\r" };
	struct diag_cursor c = diag_cursor_of(text, strlen(text));
	struct diag_slice line;

	(void)unused;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_true(diag_cursor_line(&c, &line));
		assert_true(diag_slice_eq(line, want[i]));
	}
	assert_false(diag_cursor_line(&c, &line));
}

static void words_are_between_blanks(void **unused)
{
	struct diag_cursor c = diag_cursor_of(" \tab  c\td ", 10);
	struct diag_slice word;

	(void)unused;
	assert_true(diag_cursor_word(&c, &word));
	assert_true(diag_slice_eq(word, "ab"));
	assert_true(diag_cursor_word(&c, &word));
	assert_true(diag_slice_eq(word, "c"));
	assert_true(diag_cursor_word(&c, &word));
	assert_true(diag_slice_eq(word, "d"));
	assert_false(diag_cursor_word(&c, &word));
	assert_true(diag_slice_eq(word, "d"));
}

static void until_skips_the_byte(void **unused)
{
	struct diag_cursor c = diag_cursor_of("a=b", 3);
	struct diag_slice s;

	(void)unused;
	assert_true(diag_cursor_until(&c, '=', &s));
	assert_true(diag_slice_eq(s, "a"));
	assert_false(diag_cursor_until(&c, '=', &s));
	assert_int_equal(1, diag_cursor_left(&c));
	assert_true(diag_cursor_skip(&c, 1));
	assert_false(diag_cursor_until(&c, '=', &s));
}

static void take_ignores_case_and_takes_all_or_nothing(void **unused)
{
	struct diag_cursor c = diag_cursor_of("HTTP/1.1", 8);

	(void)unused;
	assert_false(diag_cursor_take(&c, "http/2"));
	assert_false(diag_cursor_take(&c, "http/1.1 "));
	assert_true(diag_cursor_take(&c, "http/"));
	assert_int_equal(3, diag_cursor_left(&c));
}

static void slices_compare_and_trim(void **unused)
{
	(void)unused;
	assert_true(diag_slice_eq(diag_slice_of(NULL), ""));
	assert_false(diag_slice_eq(diag_slice_of("Ab"), "ab"));
	assert_true(diag_slice_eq_nocase(diag_slice_of("Ab"), "aB"));
	assert_false(diag_slice_eq_nocase(diag_slice_of("Ab"), "abc"));
	assert_true(
	    diag_slice_eq(diag_slice_trim(diag_slice_of("\t a b ")), "a b"));
	assert_true(diag_slice_eq(diag_slice_trim(diag_slice_of("  ")), ""));
}

static void numbers_are_digits_and_nothing_else(void **unused)
{
	const char *bad[] = {
		"",    "-1",  "+1", " 1",    "1 ",
		"0x1", "1e3", "9",  "70000", "18446744073709551616"
	};
	uint64_t n = 7;

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(
		    diag_slice_number(diag_slice_of(bad[i]), 10, 65535, &n));
	assert_false(diag_slice_number(diag_slice_of("18446744073709551616"), 0,
				       UINT64_MAX, &n));
	assert_false(diag_slice_number(diag_slice_of("99999999999999999999"), 0,
				       UINT64_MAX, &n));
	assert_int_equal(7, n);
	assert_true(diag_slice_number(diag_slice_of("0065535"), 10, 65535, &n));
	assert_int_equal(65535, n);
	assert_true(diag_slice_number(diag_slice_of("18446744073709551615"), 0,
				      UINT64_MAX, &n));
	assert_true(n == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_in_network_order),
		cmocka_unit_test(a_read_that_does_not_fit_moves_nothing),
		cmocka_unit_test(lines_end_with_lf_crlf_or_the_end),
		cmocka_unit_test(words_are_between_blanks),
		cmocka_unit_test(until_skips_the_byte),
		cmocka_unit_test(take_ignores_case_and_takes_all_or_nothing),
		cmocka_unit_test(slices_compare_and_trim),
		cmocka_unit_test(numbers_are_digits_and_nothing_else),
	};

	return cmocka_run_group_tests_name("base/cursor", tests, NULL, NULL);
}
