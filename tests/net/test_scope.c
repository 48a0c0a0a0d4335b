/* SPDX-License-Identifier: MIT */
/* What kind of address each is, at the edges of every range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/scope.h"

static struct diag_addr addr(const char *text)
{
	struct diag_addr a;

	assert_true(diag_addr_parse(text, &a));
	return a;
}

static void each_range_ends_where_its_rfc_says(void **unused)
{
	static const char *const edges[][2] = {
		{ "127.0.0.1", "loopback" },
		{ "127.255.255.255", "loopback" },
		{ "128.0.0.0", "public" },
		{ "::1", "loopback" },
		{ "::2", "public" },
		{ "0.0.0.0", "unspecified" },
		{ "0.255.255.255", "unspecified" },
		{ "1.0.0.0", "public" },
		{ "::", "unspecified" },
		{ "169.254.0.0", "link-local" },
		{ "169.253.255.255", "public" },
		{ "fe80::1", "link-local" },
		{ "febf::1", "link-local" },
		{ "fec0::1", "public" },
		{ "224.0.0.1", "multicast" },
		{ "240.0.0.1", "multicast" },
		{ "243.255.255.255", "multicast" },
		{ "244.0.0.0", "public" }, /* of masked cases */
		{ "247.255.255.255", "public" },
		{ "248.0.0.0", "multicast" },
		{ "255.255.255.255", "multicast" },
		{ "223.255.255.255", "public" },
		{ "ff02::fb", "multicast" },
		{ "168.63.129.16", "azure-dns" },
		{ "168.63.129.17", "public" },
		{ "172.17.0.4", "docker" },
		{ "172.16.255.255", "private" },
		{ "172.18.0.0", "private" },
		{ "172.15.255.255", "public" },
		{ "172.32.0.0", "public" },
		{ "10.0.0.0", "private" },
		{ "10.255.255.255", "private" },
		{ "11.0.0.0", "public" },
		{ "192.168.0.1", "private" },
		{ "192.169.0.0", "public" },
		{ "100.64.0.0", "shared" },
		{ "100.127.255.255", "shared" },
		{ "100.128.0.0", "public" },
		{ "fc00::1", "ula" },
		{ "fdff::1", "ula" },
		{ "fbff::1", "public" },
		/* Documentation ranges count as public. */
		{ "192.0.2.1", "public" },
		{ "2001:db8::1", "public" },
		/* A mapped address is its IPv4 address to a socket. */
		{ "::ffff:10.0.0.4", "private" },
		{ "::ffff:127.0.0.1", "loopback" },
		{ "::ffff:20.0.0.1", "public" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		struct diag_addr a = addr(edges[i][0]);

		assert_string_equal(edges[i][1],
				    diag_scope_name(diag_scope_of(&a)));
	}
}

static void no_address_has_no_scope(void **unused)
{
	struct diag_addr none = { 0 };

	(void)unused;
	assert_int_equal(DIAG_SCOPE_NONE, diag_scope_of(&none));
	assert_string_equal("none", diag_scope_name(DIAG_SCOPE_NONE));
}

static void scopes_fall_into_three_kinds(void **unused)
{
	(void)unused;
	for (int s = DIAG_SCOPE_NONE; s <= DIAG_SCOPE_PUBLIC; s++) {
		enum diag_scope scope = (enum diag_scope)s;
		int kinds = diag_scope_is_unusable(scope) +
			    diag_scope_is_private(scope) +
			    (s == DIAG_SCOPE_PUBLIC) + (s == DIAG_SCOPE_NONE);

		assert_int_equal(1, kinds);
	}
	assert_true(diag_scope_is_unusable(DIAG_SCOPE_DOCKER));
	assert_true(diag_scope_is_private(DIAG_SCOPE_SHARED));
}

static void synthetic_ranges_are_those_three(void **unused)
{
	static const char *const in[] = { "100.64.255.1", "6.6.0.1",
					  "198.18.0.1", "198.19.255.255" };
	static const char *const out[] = { "100.65.0.1", "6.7.0.1",
					   "198.20.0.0", "::ffff:6.6.0.1" };

	(void)unused;
	for (size_t i = 0; i < 4; i++) {
		struct diag_addr a = addr(in[i]);
		struct diag_addr b = addr(out[i]);

		assert_true(diag_scope_is_synthetic(&a));
		assert_false(diag_scope_is_synthetic(&b));
	}
}

static void an_embedded_address_is_found(void **unused)
{
	struct diag_addr well_known = addr("64:ff9b::10.0.0.4");
	struct diag_addr local = addr("2001:db8:64::a00:5");
	struct diag_addr v4 = { 0 };
	struct diag_cidr own;

	(void)unused;
	assert_true(diag_cidr_parse("2001:db8:64::/96", false, &own));
	assert_true(diag_scope_dns64(&well_known, NULL, &v4));
	assert_true(diag_addr_eq(
	    &v4, &(struct diag_addr){ DIAG_IPV4, { 10, 0, 0, 4 }, "" }));
	assert_false(diag_scope_dns64(&local, NULL, &v4));
	assert_true(diag_scope_dns64(&local, &own, &v4));
	assert_int_equal(5, v4.bytes[3]);
	assert_true(diag_scope_dns64(&well_known, &own, &v4));
	own.len = 64; /* another layout, RFC 6052, 2.2: not read */
	assert_false(diag_scope_dns64(&local, &own, &v4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_range_ends_where_its_rfc_says),
		cmocka_unit_test(no_address_has_no_scope),
		cmocka_unit_test(scopes_fall_into_three_kinds),
		cmocka_unit_test(synthetic_ranges_are_those_three),
		cmocka_unit_test(an_embedded_address_is_found),
	};

	return cmocka_run_group_tests_name("net/scope", tests, NULL, NULL);
}
