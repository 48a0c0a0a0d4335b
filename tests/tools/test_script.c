/* SPDX-License-Identifier: MIT */
/* Values in scripts: marks are replaced once, quotes hold, nothing beyond
 * ASCII reaches Windows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tools/script.h"

static struct diag_buf buf;

static int begin(void **state)
{
	(void)state;
	diag_buf_init(&buf, 4096);
	return 0;
}

static int end(void **state)
{
	(void)state;
	diag_buf_clear(&buf);
	return 0;
}

static void quoted(enum script_language language, const char *text,
		   const char *want)
{
	diag_buf_reset(&buf);
	script_quote(&buf, language, text);
	assert_string_equal(diag_buf_str(&buf), want);
}

static void marks_are_replaced_and_values_are_not_looked_at_again(void **state)
{
	static const char script[] = "a=@ONE@ b=@TWO@ c=@THREE@ d=@ONE@@";
	const struct script_value values[] = {
		{ "@ONE@", "@TWO@", 5 },
		{ "@TWO@", "", 0 },
		{ NULL, NULL, 0 },
	};

	(void)state;
	script_put(&buf, (const unsigned char *)script, sizeof(script) - 1,
		   values);
	assert_string_equal(diag_buf_str(&buf),
			    "a=@TWO@ b= c=@THREE@ d=@TWO@@");
}

static void a_script_may_end_in_the_middle_of_a_mark(void **state)
{
	const struct script_value values[] = { { "@ONE@", "1", 1 },
					       { NULL, NULL, 0 } };

	(void)state;
	script_put(&buf, (const unsigned char *)"x @ONE", 6, values);
	assert_string_equal(diag_buf_str(&buf), "x @ONE");
}

static void quotes_of_sh_hold_everything(void **state)
{
	(void)state;
	quoted(SCRIPT_SH, "", "''");
	quoted(SCRIPT_SH, "$(id) `id` \\ \"", "'$(id) `id` \\ \"'");
	quoted(SCRIPT_SH, "it's", "'it'\\''s'");
	quoted(SCRIPT_SH, "'", "''\\'''");
}

static void quotes_of_powershell_hold_everything_and_are_ascii(void **state)
{
	(void)state;
	quoted(SCRIPT_POWERSHELL, "", "('')");
	quoted(SCRIPT_POWERSHELL, "$(id) `n \"", "('$(id) `n \"')");
	quoted(SCRIPT_POWERSHELL, "it's", "('it''s')");
	/* PowerShell ends a quote at these too. */
	quoted(SCRIPT_POWERSHELL,
	       "a\xe2\x80\x99"
	       "b",
	       "('a'+[char]0x2019+'b')");
	quoted(SCRIPT_POWERSHELL, "\xf0\x9f\x94\x91",
	       "(''+[char]0xd83d+''+[char]0xdd11+'')");
}

static void json_becomes_ascii(void **state)
{
	static const char json[] = "{\"a\":\"\xc3\xa9\xf0\x9f\x94\x91\xff\"}";

	(void)state;
	script_ascii(&buf, json, sizeof(json) - 1);
	assert_string_equal(diag_buf_str(&buf),
			    "{\"a\":\"\\u00e9\\ud83d\\udd11\\ufffd\"}");
}

static void only_clean_text_may_be_put_into_a_script(void **state)
{
	static const char *const good[] = { "", "it's", "caf\xc3\xa9",
					    "\xf4\x8f\xbf\xbf" };
	static const char *const bad[] = {
		"a\nb",
		"\x7f",
		"\xc2\x85",
		"\xff",
		"\xc3",
		"\xc0\xaf",
		"\xed\xa0\x80",
		"\xe0\x80\x80",
		"\xf4\x90\x80\x80",
		"\xf0\x80\x80\x80",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(script_is_text(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(script_is_text(bad[i]));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(marks_are_replaced_and_values_are_not_looked_at_again),
		TEST(a_script_may_end_in_the_middle_of_a_mark),
		TEST(quotes_of_sh_hold_everything),
		TEST(quotes_of_powershell_hold_everything_and_are_ascii),
		TEST(json_becomes_ascii),
		TEST(only_clean_text_may_be_put_into_a_script),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
