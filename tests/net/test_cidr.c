/* SPDX-License-Identifier: MIT */
/* Prefixes and end points. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/addr.h"

static struct diag_cidr cidr(const char *text)
{
	struct diag_cidr c;

	assert_true(diag_cidr_parse(text, false, &c));
	return c;
}

static struct diag_addr addr(const char *text)
{
	struct diag_addr a;

	assert_true(diag_addr_parse(text, &a));
	return a;
}

static void prefixes_come_out_as_they_went_in(void **unused)
{
	static const char *const texts[] = {
		"0.0.0.0/0",
		"10.0.0.0/8",
		"172.16.0.0/12",
		"10.0.0.128/25",
		"10.0.0.4/32",
		"::/0",
		"64:ff9b::/96",
		"fe80::/10",
		"2001:db8::1/128",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
	};
	char out[DIAG_ADDR_TEXT];

	(void)unused;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct diag_cidr c = cidr(texts[i]);

		assert_string_equal(texts[i], diag_cidr_text(&c, out));
	}
}

static void a_bare_address_is_a_full_prefix(void **unused)
{
	(void)unused;
	assert_int_equal(32, cidr("10.0.0.4").len);
	assert_int_equal(128, cidr("::1").len);
}

static void host_bits_are_an_error_or_masked(void **unused)
{
	struct diag_cidr c;
	char out[DIAG_ADDR_TEXT];

	(void)unused;
	assert_false(diag_cidr_parse("10.0.0.1/24", false, &c));
	assert_true(diag_cidr_parse("10.1.2.255/20", true, &c));
	assert_string_equal("10.1.0.0/20", diag_cidr_text(&c, out));
	assert_true(diag_cidr_parse("2001:db8::ffff/113", true, &c));
	assert_string_equal("2001:db8::8000/113", diag_cidr_text(&c, out));
}

static void what_is_no_prefix_is_refused(void **unused)
{
	static const char *const bad[] = {
		"",
		"/8",
		"10.0.0.0/",
		"10.0.0.0/33",
		"10.0.0.0/08",
		"10.0.0.0/-1",
		"10.0.0.0/8/8",
		"10/8",
		"::/129",
		"fe80::%eth0/64",
		"10.0.0.0/ 8",
	};
	struct diag_cidr c;

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(diag_cidr_parse(bad[i], true, &c));
}

static bool has(const char *net, const char *a)
{
	struct diag_cidr c = cidr(net);
	struct diag_addr in = addr(a);

	return diag_cidr_has(&c, &in);
}

static void a_prefix_has_its_addresses_and_no_others(void **unused)
{
	struct diag_cidr none = { 0 };
	struct diag_addr no_addr = { 0 };

	(void)unused;
	assert_true(has("172.16.0.0/12", "172.31.255.255"));
	assert_false(has("172.16.0.0/12", "172.32.0.0"));
	assert_false(has("172.16.0.0/12", "172.15.255.255"));
	assert_true(has("0.0.0.0/0", "255.0.0.1"));
	assert_false(has("0.0.0.0/0", "::1"));
	assert_false(has("::/0", "1.2.3.4"));
	assert_true(has("10.0.0.4/32", "10.0.0.4"));
	assert_false(has("10.0.0.4/32", "10.0.0.5"));
	assert_true(has("fe80::/10", "febf::1%eth0"));
	assert_false(diag_cidr_has(&none, &no_addr));
}

static void overlap_goes_both_ways(void **unused)
{
	struct diag_cidr wide = cidr("10.0.0.0/8");
	struct diag_cidr narrow = cidr("10.200.0.0/16");
	struct diag_cidr other = cidr("11.0.0.0/8");
	struct diag_cidr v6 = cidr("::/0");

	(void)unused;
	assert_true(diag_cidr_overlaps(&wide, &narrow));
	assert_true(diag_cidr_overlaps(&narrow, &wide));
	assert_false(diag_cidr_overlaps(&wide, &other));
	assert_false(diag_cidr_overlaps(&wide, &v6));
	assert_true(diag_cidr_overlaps(&wide, &wide));
}

static void end_points_are_read_in_all_their_forms(void **unused)
{
	static const char *const forms[][2] = {
		{ "10.0.0.4", "10.0.0.4:53" },
		{ "10.0.0.4:5353", "10.0.0.4:5353" },
		{ "fe80::1", "[fe80::1]:53" },
		{ "[fe80::1%eth0]:5353", "[fe80::1%eth0]:5353" },
		{ "fe80::1%eth0", "[fe80::1%eth0]:53" },
		{ "[::1]", "[::1]:53" },
		{ "[::1]:65535", "[::1]:65535" },
	};
	char out[DIAG_ENDPOINT_TEXT];

	(void)unused;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct diag_endpoint e;

		assert_true(diag_endpoint_parse(forms[i][0], 53, &e));
		assert_string_equal(forms[i][1], diag_endpoint_text(&e, out));
	}
}

static void what_is_no_end_point_is_refused(void **unused)
{
	static const char *const bad[] = {
		"",
		":53",
		"10.0.0.4:",
		"10.0.0.4:0",
		"10.0.0.4:65536",
		"10.0.0.4:053",
		"10.0.0.4:5 ",
		"[::1",
		"[::1]53",
		"[::1]:",
		"[10.0.0.4]:53",
		"[]:53",
		"dns.example:53",
		"::1:65535",
	};
	struct diag_endpoint e = { .port = 7 };

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(diag_endpoint_parse(bad[i], 53, &e));
	assert_int_equal(7, e.port);
}

static void end_points_are_equal_in_both_parts(void **unused)
{
	struct diag_endpoint a = { diag_addr_v4(10, 0, 0, 4), 53 };
	struct diag_endpoint b = a;

	(void)unused;
	assert_true(diag_endpoint_eq(&a, &b));
	b.port = 54;
	assert_false(diag_endpoint_eq(&a, &b));
	b = (struct diag_endpoint){ diag_addr_v4(10, 0, 0, 5), 53 };
	assert_false(diag_endpoint_eq(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefixes_come_out_as_they_went_in),
		cmocka_unit_test(a_bare_address_is_a_full_prefix),
		cmocka_unit_test(host_bits_are_an_error_or_masked),
		cmocka_unit_test(what_is_no_prefix_is_refused),
		cmocka_unit_test(a_prefix_has_its_addresses_and_no_others),
		cmocka_unit_test(overlap_goes_both_ways),
		cmocka_unit_test(end_points_are_read_in_all_their_forms),
		cmocka_unit_test(what_is_no_end_point_is_refused),
		cmocka_unit_test(end_points_are_equal_in_both_parts),
	};

	return cmocka_run_group_tests_name("net/cidr", tests, NULL, NULL);
}
