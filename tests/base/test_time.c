/* SPDX-License-Identifier: MIT */
/* Civil time against known dates and against the C library's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/time.h"

static int64_t parsed(const char *text)
{
	int64_t t = -1;

	assert_true(diag_time_parse(text, &t));
	return t;
}

static void texts_and_seconds_agree_both_ways(void **unused)
{
	static const struct {
		int64_t t;
		const char *text;
	} known[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ 1795428000, "2026-11-23T10:00:00Z" },
		{ 2147483648, "2038-01-19T03:14:08Z" },
		{ -62167219200, "0000-01-01T00:00:00Z" },
		{ 253402300799, "9999-12-31T23:59:59Z" },
	};
	char out[DIAG_TIME_TEXT];

	(void)unused;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		assert_string_equal(known[i].text,
				    diag_time_text(known[i].t, out));
		assert_true(known[i].t == parsed(known[i].text));
	}
}

static void the_c_library_says_the_same(void **unused)
{
	(void)unused;
	/* A step that is no multiple of a day or year meets every month. */
	for (int64_t t = -3000000000; t < 6000000000; t += 9999991) {
		time_t when = (time_t)t;
		struct tm tm;
		char want[DIAG_TIME_TEXT];
		char out[DIAG_TIME_TEXT];

		assert_non_null(gmtime_r(&when, &tm));
		(void)strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%SZ", &tm);
		assert_string_equal(want, diag_time_text(t, out));
		assert_true(t == parsed(want));
	}
}

static void beyond_the_years_we_can_write_the_edge_is_told(void **unused)
{
	char out[DIAG_TIME_TEXT];

	(void)unused;
	assert_string_equal("0000-01-01T00:00:00Z",
			    diag_time_text(INT64_MIN, out));
	assert_string_equal("9999-12-31T23:59:59Z",
			    diag_time_text(INT64_MAX, out));
}

static void offsets_and_fractions_are_read(void **unused)
{
	(void)unused;
	assert_true(1795428000 == parsed("2026-11-23T11:30:00+01:30"));
	assert_true(1795428000 == parsed("2026-11-23T02:00:00-08:00"));
	assert_true(1795428000 == parsed("2026-11-23t10:00:00.1234567z"));
	assert_true(1795428000 == parsed("2026-11-23T09:59:60Z"));
}

static void what_is_no_date_is_refused(void **unused)
{
	static const char *const bad[] = {
		"",
		"2026-11-23",
		"2026-11-23T10:00:00",
		"2026-11-23 10:00:00Z",
		"2026-13-01T10:00:00Z",
		"2026-00-01T10:00:00Z",
		"2026-02-29T10:00:00Z",
		"1900-02-29T10:00:00Z",
		"2026-11-31T10:00:00Z",
		"2026-11-23T24:00:00Z",
		"2026-11-23T10:60:00Z",
		"2026-11-23T10:00:61Z",
		"2026-11-23T10:00:00.Z",
		"2026-11-23T10:00:00+1:00",
		"2026-11-23T10:00:00+24:00",
		"2026-11-23T10:00:00Zx",
		"+026-11-23T10:00:00Z",
	};
	int64_t t = 7;

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(diag_time_parse(bad[i], &t));
	assert_int_equal(7, t);
}

static void http_dates_are_read(void **unused)
{
	static const char *const bad[] = {
		"",
		"Sun, 06 Nov 1994 08:49:37",
		"Sun, 06 Nov 1994 08:49:37 UTC",
		"Sunday, 06-Nov-94 08:49:37 GMT",
		"Sun Nov  6 08:49:37 1994",
		"Sun, 31 Nov 1994 08:49:37 GMT",
		"Sun, 06 Now 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 08:49:37 GMT ",
	};
	int64_t t = 7;

	(void)unused;
	/* The example of RFC 9110, 5.6.7. */
	assert_true(diag_time_parse_http("Sun, 06 Nov 1994 08:49:37 GMT", &t));
	assert_true(t == 784111777);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(diag_time_parse_http(bad[i], &t));
	assert_true(t == 784111777);
}

static void the_clocks_run(void **unused)
{
	uint64_t before = diag_time_mono_us();

	(void)unused;
	assert_true(diag_time_now_s() > 1700000000);
	assert_true(before > 0);
	assert_true(diag_time_mono_us() >= before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_and_seconds_agree_both_ways),
		cmocka_unit_test(the_c_library_says_the_same),
		cmocka_unit_test(
		    beyond_the_years_we_can_write_the_edge_is_told),
		cmocka_unit_test(offsets_and_fractions_are_read),
		cmocka_unit_test(what_is_no_date_is_refused),
		cmocka_unit_test(http_dates_are_read),
		cmocka_unit_test(the_clocks_run),
	};

	return cmocka_run_group_tests_name("base/time", tests, NULL, NULL);
}
