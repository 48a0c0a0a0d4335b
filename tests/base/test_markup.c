/* SPDX-License-Identifier: MIT */
/* Text from anywhere, fit for XML and HTML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/markup.h"
#include "tests/support/torture.h"

static void assert_markup(const char *want, const char *raw, size_t max)
{
	struct diag_buf out, scratch;

	diag_buf_init(&out, 4096);
	diag_buf_init(&scratch, 4096);
	diag_markup_text(&out, &scratch, raw, max);
	assert_true(diag_buf_ok(&out, NULL, "test"));
	assert_string_equal(want, diag_buf_str(&out));
	diag_buf_clear(&scratch);
	diag_buf_clear(&out);
}

static void what_opens_markup_is_escaped(void **unused)
{
	(void)unused;
	assert_markup("&lt;script&gt;alert(1)&lt;/script&gt;",
		      "<script>alert(1)</script>", 0);
	assert_markup("x&quot; onload=&quot;y", "x\" onload=\"y", 0);
	assert_markup("&amp;lt; &amp;amp; ]]&gt;", "&lt; &amp; ]]>", 0);
	assert_markup("plain words, 100%", "plain words, 100%", 0);
	assert_markup("", "", 0);
	assert_markup("", NULL, 0);
}

static void what_steers_is_made_visible(void **unused)
{
	(void)unused;
	assert_markup("\\x1b[2J\\x0a", "\x1b[2J\n", 0);
	assert_markup("a\\u{202E}b\\u{2066}",
		      "a\xe2\x80\xae"
		      "b\xe2\x81\xa6",
		      0);
	assert_markup("\\xff&lt;", "\xff<", 0);
}

/* XML 1.0, 2.2; HTML, "noncharacter". */
static void what_is_no_character_is_made_visible(void **unused)
{
	(void)unused;
	assert_markup("\\u{FFFE}\\u{FFFF}", "\xef\xbf\xbe\xef\xbf\xbf", 0);
	assert_markup("\\u{1FFFE}", "\xf0\x9f\xbf\xbe", 0);
	assert_markup("\\u{FDD0}", "\xef\xb7\x90", 0);
	assert_markup("\xef\xbf\xbd \xc3\xa9 \xe2\x86\x92",
		      "\xef\xbf\xbd \xc3\xa9 \xe2\x86\x92", 0);
}

static void a_long_text_is_cut_between_characters(void **unused)
{
	(void)unused;
	assert_markup("abc", "abc", 3);
	assert_markup("ab \xe2\x80\xa6", "abc", 2);
	assert_markup("a \xe2\x80\xa6", "a\xc3\xa9", 2);
	assert_markup("&lt;&lt; \xe2\x80\xa6", "<<<", 2);
	assert_markup(" \xe2\x80\xa6", "\xe2\x86\x92", 2);
}

static bool put_once(void *arg)
{
	struct diag_buf out, scratch;
	bool ok;

	diag_buf_init(&out, 4096);
	diag_buf_init(&scratch, 4096);
	diag_markup_text(&out, &scratch, arg, 0);
	ok = diag_buf_ok(&out, NULL, "test");
	diag_buf_clear(&scratch);
	diag_buf_clear(&out);
	return ok;
}

static void missing_memory_is_told(void **unused)
{
	char text[] = "<\xe2\x86\x92 and more words than fit at first>";

	(void)unused;
	assert_true(torture(put_once, text) >= 2);
}

static void a_full_scratch_is_told(void **unused)
{
	struct diag_buf out, scratch;

	(void)unused;
	diag_buf_init(&out, 4096);
	diag_buf_init(&scratch, 4);
	diag_markup_text(&out, &scratch, "longer than four", 0);
	assert_int_equal(DIAG_ELIMIT, out.code);
	diag_buf_clear(&scratch);
	diag_buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_opens_markup_is_escaped),
		cmocka_unit_test(what_steers_is_made_visible),
		cmocka_unit_test(what_is_no_character_is_made_visible),
		cmocka_unit_test(a_long_text_is_cut_between_characters),
		cmocka_unit_test(missing_memory_is_told),
		cmocka_unit_test(a_full_scratch_is_told),
	};

	return cmocka_run_group_tests_name("report markup", tests, NULL, NULL);
}
