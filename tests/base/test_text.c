/* SPDX-License-Identifier: MIT */
/* Text made harmless, measured, compared and cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "tests/support/torture.h"

/* raw is a literal, so that it may hold a NUL. */
#define SAFE(want, raw) assert_safe(want, raw, sizeof(raw) - 1)

static void assert_safe(const char *want, const char *raw, size_t len)
{
	struct diag_buf buf;

	diag_buf_init(&buf, 1000);
	diag_text_safe(&buf, raw, len);
	assert_true(diag_buf_ok(&buf, NULL, "test"));
	assert_string_equal(want, diag_buf_str(&buf));
	diag_buf_clear(&buf);
}

static void terminal_controls_come_out_as_escapes(void **unused)
{
	(void)unused;
	SAFE("\\x1b[31mred", "\x1b[31mred");
	SAFE("a\\x00b\\x09\\x0a\\x0d\\x7f", "a\0b\t\n\r\x7f");
	SAFE("\\u{0085}\\u{009B}2J", "\xc2\x85\xc2\x9b"
				     "2J");
}

static void text_that_turns_round_comes_out_as_escapes(void **unused)
{
	(void)unused;
	SAFE("\\u{202A}\\u{202E}", "\xe2\x80\xaa\xe2\x80\xae");
	SAFE("\\u{2066}\\u{2069}", "\xe2\x81\xa6\xe2\x81\xa9");
	SAFE("\\u{2028}\\u{200F}", "\xe2\x80\xa8\xe2\x80\x8f");
}

static void bytes_that_are_not_utf8_come_out_as_escapes(void **unused)
{
	(void)unused;
	SAFE("\\x9b", "\x9b");
	SAFE("\\xc0\\x80", "\xc0\x80");		 /* too long a form */
	SAFE("\\xe0\\x80\\x80", "\xe0\x80\x80"); /* the same */
	SAFE("\\xed\\xa0\\x80", "\xed\xa0\x80"); /* a surrogate */
	SAFE("\\xf4\\x90\\x80\\x80", "\xf4\x90\x80\x80");
	SAFE("\\xe2\\x82", "\xe2\x82"); /* cut off */
}

static void other_text_stays_as_it_is(void **unused)
{
	(void)unused;
	SAFE("", "");
	SAFE("gr\xc3\xbc\xc3\x9f dich \\ \"x\"",
	     "gr\xc3\xbc\xc3\x9f dich \\ \"x\"");
	SAFE("\xf0\x9f\x99\x82", "\xf0\x9f\x99\x82");
}

static void the_first_byte_that_is_not_utf8_is_found(void **unused)
{
	static const struct {
		const char *text;
		size_t at;
	} t[] = {
		{ "", 0 },
		{ "plain text of more than eight bytes", 35 },
		{ "T\xc3\xbcr, \xe6\x9c\xac, \xf0\x9f\x98\x80", 15 },
		{ "T\xfcr", 1 },
		{ "12345678\xff", 8 },
		{ "1234567\xc3", 7 },
		{ "1234567\xc3\xbc", 9 },
		{ "123456789012345\x80\x80", 15 },
		{ "\xed\xa0\x80", 0 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_int_equal(
		    t[i].at, diag_text_not_utf8(t[i].text, strlen(t[i].text)));
}

static void safe_text_is_cut_at_a_whole_escape(void **unused)
{
	char out[9];

	(void)unused;
	assert_string_equal("a\\x1b",
			    diag_text_safe_z("a\x1b\x1b", out, sizeof(out)));
	assert_string_equal(
	    "1234567", diag_text_safe_z("1234567\xc3\xbc", out, sizeof(out)));
	assert_string_equal("12345678",
			    diag_text_safe_z("123456789", out, sizeof(out)));
	assert_string_equal("", diag_text_safe_z("abc", out, 1));
	assert_string_equal("", diag_text_safe_z(NULL, out, sizeof(out)));
}

static void width_counts_columns(void **unused)
{
	(void)unused;
	assert_int_equal(0, diag_text_width(""));
	assert_int_equal(3, diag_text_width("abc"));
	assert_int_equal(3, diag_text_width("gr\xc3\xbc"));
	assert_int_equal(1, diag_text_width("u\xcc\x88")); /* combining */
	assert_int_equal(4, diag_text_width("\xe4\xbd\xa0\xe5\xa5\xbd"));
	assert_int_equal(2, diag_text_width("\xff\xfe"));
	assert_int_equal(1, diag_text_width("\xe2\x80\xa6"));
}

static void case_is_ignored_for_ascii_only(void **unused)
{
	const char *hay = "Content-Type: text";

	(void)unused;
	assert_true(diag_text_eq_nocase("aBc", "AbC"));
	assert_false(diag_text_eq_nocase("abc", "ab"));
	assert_false(diag_text_eq_nocase("ab", "abc"));
	assert_false(diag_text_eq_nocase("@", "`"));
	assert_false(diag_text_eq_nocase("\xc3\x9c", "\xc3\xbc"));
	assert_ptr_equal(hay + 8, diag_text_find_nocase(hay, 18, "TYPE"));
	assert_null(diag_text_find_nocase(hay, 11, "TYPE"));
	assert_null(diag_text_find_nocase(hay, 18, "text:"));
	assert_ptr_equal(hay, diag_text_find_nocase(hay, 18, ""));
}

static void heads_and_tails_are_exact(void **unused)
{
	char s[] = "MiXed";

	(void)unused;
	assert_true(diag_text_ends("a.json", ".json"));
	assert_false(diag_text_ends("json", ".json"));
	assert_false(diag_text_ends("a.JSON", ".json"));
	assert_true(diag_text_starts("abc", "ab"));
	assert_true(diag_text_starts("abc", ""));
	assert_false(diag_text_starts("ab", "abc"));
	diag_text_lower(s);
	assert_string_equal("mixed", s);
}

static const char *middle(const char *s, size_t width, bool ascii)
{
	static char out[64];

	return diag_text_middle(s, width, ascii, out, sizeof(out));
}

static void the_middle_is_what_goes(void **unused)
{
	(void)unused;
	assert_string_equal("abcdef", middle("abcdef", 6, true));
	assert_string_equal("a...f", middle("abcdef", 5, true));
	assert_string_equal("ab\xe2\x80\xa6"
			    "ef",
			    middle("abcdef", 5, false));
	assert_string_equal("...", middle("abcdef", 3, true));
	assert_string_equal("ab", middle("abcdef", 2, true));
	assert_string_equal("", middle("abcdef", 0, false));
}

static void the_middle_never_cuts_a_character(void **unused)
{
	/* Each of these takes two columns. */
	const char *wide = "\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd";
	char out[8];

	(void)unused;
	assert_string_equal("\xe4\xbd\xa0\xe2\x80\xa6\xe5\xa5\xbd",
			    middle(wide, 5, false));
	assert_string_equal("\xe4\xbd\xa0\xe2\x80\xa6", middle(wide, 4, false));
	assert_string_equal("\xe4\xbd\xa0\xe5\xa5\xbd",
			    diag_text_middle(wide, 8, false, out, sizeof(out)));
}

static void distance_counts_edits_up_to_eight(void **unused)
{
	char long_a[200];
	char long_b[200];

	(void)unused;
	assert_int_equal(0, diag_text_distance("plan", "plan"));
	assert_int_equal(1, diag_text_distance("plan", "pln"));
	assert_int_equal(3, diag_text_distance("kitten", "sitting"));
	assert_int_equal(4, diag_text_distance("", "undo"));
	assert_int_equal(8, diag_text_distance("abcdefghij", "klmnopqrst"));
	assert_int_equal(8, diag_text_distance("a", "abcdefghijklmnop"));
	memset(long_a, 'a', sizeof(long_a));
	memset(long_b, 'a', sizeof(long_b));
	long_a[199] = '\0';
	long_b[198] = '\0';
	assert_int_equal(8, diag_text_distance(long_a, long_b));
	long_a[128] = '\0';
	long_b[127] = '\0';
	assert_int_equal(1, diag_text_distance(long_a, long_b));
}

static bool make_safe(void *unused)
{
	struct diag_buf buf;
	bool ok;

	(void)unused;
	diag_buf_init(&buf, 10000);
	for (int i = 0; i < 100; i++)
		diag_text_safe(&buf, "plain \x1b[0m \xe2\x80\xae plain", 19);
	ok = diag_buf_ok(&buf, NULL, "test");
	diag_buf_clear(&buf);
	return ok;
}

static void any_allocation_may_fail(void **unused)
{
	(void)unused;
	assert_true(torture(make_safe, NULL) > 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terminal_controls_come_out_as_escapes),
		cmocka_unit_test(text_that_turns_round_comes_out_as_escapes),
		cmocka_unit_test(bytes_that_are_not_utf8_come_out_as_escapes),
		cmocka_unit_test(other_text_stays_as_it_is),
		cmocka_unit_test(the_first_byte_that_is_not_utf8_is_found),
		cmocka_unit_test(safe_text_is_cut_at_a_whole_escape),
		cmocka_unit_test(width_counts_columns),
		cmocka_unit_test(case_is_ignored_for_ascii_only),
		cmocka_unit_test(heads_and_tails_are_exact),
		cmocka_unit_test(the_middle_is_what_goes),
		cmocka_unit_test(the_middle_never_cuts_a_character),
		cmocka_unit_test(distance_counts_edits_up_to_eight),
		cmocka_unit_test(any_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
