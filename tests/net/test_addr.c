/* SPDX-License-Identifier: MIT */
/* Addresses as text and back, against RFC 5952 and the C library. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "net/addr.h"

static void assert_same(const char *text, const char *want)
{
	struct diag_addr a;
	char out[DIAG_ADDR_TEXT];

	assert_true(diag_addr_parse(text, &a));
	assert_string_equal(want, diag_addr_text(&a, out));
}

static void addresses_come_out_in_their_one_form(void **unused)
{
	(void)unused;
	assert_same("0.0.0.0", "0.0.0.0");
	assert_same("255.255.255.255", "255.255.255.255");
	assert_same("::", "::");
	assert_same("::1", "::1");
	assert_same("1::", "1::");
	assert_same("2001:DB8::0:0001", "2001:db8::1");
	/* RFC 5952, 4.2.2: one group is not shortened. */
	assert_same("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1");
	/* 4.2.3: the longest run, the first of equals. */
	assert_same("2001:0:0:1:0:0:0:1", "2001:0:0:1::1");
	assert_same("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1");
	assert_same("0:0:0:0:0:0:0:0", "::");
	assert_same("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0");
	assert_same("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8");
	/* 5: mapped addresses. */
	assert_same("::ffff:a00:4", "::ffff:10.0.0.4");
	assert_same("64:ff9b::10.0.0.4", "64:ff9b::a00:4");
	assert_same("fe80::1%eth0", "fe80::1%eth0");
	assert_same("fe80::1%123456789012345", "fe80::1%123456789012345");
	assert_same("ff02::fb%2", "ff02::fb%2");
}

static void what_is_no_address_is_refused(void **unused)
{
	static const char *const bad[] = {
		"",
		" ",
		"1.2.3",
		"1.2.3.4.5",
		"1.2.3.",
		".1.2.3.4",
		"1.2.3.256",
		"01.2.3.4",
		"1.2.3.04",
		"1.2.3.4 ",
		" 1.2.3.4",
		"1.2.3.4/8",
		"0x1.2.3.4",
		"1.2.3.0000",
		"10.0.0.4%eth0",
		":",
		":::",
		"1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9",
		"1:2:3:4:5:6:7:8::",
		"::1:2:3:4:5:6:7:8",
		"1::2::3",
		"12345::",
		"g::",
		":1::",
		"1::2:",
		"::1.2.3",
		"::1.2.3.4:5",
		"1:2:3:4:5:6:7:1.2.3.4",
		"[::1]",
		"::1%",
		"fe80::1%",
		"fe80::1%1234567890123456",
		"fe80::1%a b",
		"fe80::1%a%b",
		"fe80::1%a/b",
		"2001:db8::1%eth0",
		"host",
	};
	struct diag_addr a = diag_addr_v4(1, 2, 3, 4);
	char out[DIAG_ADDR_TEXT];

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(diag_addr_parse(bad[i], &a));
	assert_string_equal("1.2.3.4", diag_addr_text(&a, out));
}

static void only_the_given_bytes_are_read(void **unused)
{
	struct diag_addr a;

	(void)unused;
	assert_true(diag_addr_parse_n("10.0.0.45", 8, &a));
	assert_int_equal(4, a.bytes[3]);
	assert_false(diag_addr_parse_n("10.0.0.4\0", 9, &a));
	assert_false(diag_addr_parse_n(NULL, 0, &a));
}

/* A small generator of our own: the same numbers on every machine. */
static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 16;
}

static void the_c_library_agrees_on_random_addresses(void **unused)
{
	uint32_t seed = 1;

	(void)unused;
	for (int i = 0; i < 20000; i++) {
		struct diag_addr a = { .family = DIAG_IPV6 };
		struct diag_addr back;
		unsigned char theirs[16];
		char want[INET6_ADDRSTRLEN];
		char out[DIAG_ADDR_TEXT];

		/* Many zeros, so that runs of them are met. */
		for (size_t k = 2; k < 16; k++)
			if (next_random(&seed) % 3 == 0)
				a.bytes[k] = (uint8_t)next_random(&seed);
		a.bytes[0] = 0x20;
		assert_non_null(
		    inet_ntop(AF_INET6, a.bytes, want, sizeof(want)));
		assert_string_equal(want, diag_addr_text(&a, out));
		assert_true(diag_addr_parse(out, &back));
		assert_true(diag_addr_eq(&a, &back));
		assert_int_equal(1, inet_pton(AF_INET6, out, theirs));
	}
}

static void the_c_library_agrees_on_random_texts(void **unused)
{
	static const char alphabet[] = "::::0012afF.";
	uint32_t seed = 2;

	(void)unused;
	for (int i = 0; i < 200000; i++) {
		size_t len = next_random(&seed) % 20;
		unsigned char theirs[16];
		char text[24] = "";
		struct diag_addr a;
		int family;
		bool ok;

		for (size_t k = 0; k < len; k++)
			text[k] = alphabet[next_random(&seed) %
					   (sizeof(alphabet) - 1)];
		family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
		ok = diag_addr_parse(text, &a);
		assert_int_equal(inet_pton(family, text, theirs) == 1, ok);
		if (ok)
			assert_memory_equal(theirs, a.bytes, diag_addr_len(&a));
	}
}

static void order_is_family_then_bytes_then_zone(void **unused)
{
	static const char *const sorted[] = { "9.0.0.0",   "10.0.0.0",
					      "::",	   "fe80::1",
					      "fe80::1%a", "fe80::1%b",
					      "fe80::2" };
	const size_t n = sizeof(sorted) / sizeof(sorted[0]);

	(void)unused;
	for (size_t i = 0; i < n * n; i++) {
		struct diag_addr a;
		struct diag_addr b;
		size_t x = i / n;
		size_t y = i % n;

		assert_true(diag_addr_parse(sorted[x], &a));
		assert_true(diag_addr_parse(sorted[y], &b));
		assert_int_equal((x > y) - (x < y), diag_addr_cmp(&a, &b));
		assert_int_equal(x == y, diag_addr_eq(&a, &b));
	}
}

static void no_address_is_empty(void **unused)
{
	struct diag_addr none = { 0 };
	char out[DIAG_ADDR_TEXT];

	(void)unused;
	assert_string_equal("", diag_addr_text(&none, out));
	assert_int_equal(0, diag_addr_len(&none));
	assert_true(diag_addr_eq(&none, &(struct diag_addr){ 0 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_come_out_in_their_one_form),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(only_the_given_bytes_are_read),
		cmocka_unit_test(the_c_library_agrees_on_random_addresses),
		cmocka_unit_test(the_c_library_agrees_on_random_texts),
		cmocka_unit_test(order_is_family_then_bytes_then_zone),
		cmocka_unit_test(no_address_is_empty),
	};

	return cmocka_run_group_tests_name("net/addr", tests, NULL, NULL);
}
