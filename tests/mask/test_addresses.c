/* SPDX-License-Identifier: MIT */
/* Addresses become addresses of the same sort: one goes in, one comes out, and
 * who was in one network with another still is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "net/scope.h"
#include "tests/mask/masked.h"
#include "tests/support/random.h"

static const struct masked_row rows[] = {
	{ "10.0.0.4", "10.*" },
	{ "a 10.0.0.4, b", "a 10.*, b" },
	{ "10.0.0.4:443", "10.*:443" },
	{ "[fd00::1]:53", "\\[fd??:*]:53" },
	{ "172.16.5.5", "172.*" },
	{ "172.17.0.2", "172.17.*" },
	{ "192.168.1.1", "192.168.*" },
	{ "100.70.1.1", "100.*" },
	{ "169.254.7.7", "169.254.*" },
	{ "fe80::5054:ff:fe12:3456%eth0", "fe80::*%eth0" },
	{ "20.62.10.4", "*.[0125]*" },
	{ "2603:1030:8:7::1", "2001:db8:*" },
	{ "64:ff9b::a00:4", "64:ff9b::a??:*" },
	{ "::ffff:10.0.0.4", "::ffff:10.*" },
	{ "inet 10.150.0.4/16 brd 10.150.255.255", "inet 10.*/16 brd 10.*" },
	{ "10.150.0.0/16 dev eth0", "10.*.0.0/16 dev eth0" },
	{ "20.50.0.0/16", "24[4567].*.0.0/16" },
	{ "4.0.0.10.in-addr.arpa", "*.*.*.10.in-addr.arpa" },
	{ "0.10.in-addr.arpa.", "*.10.in-addr.arpa." },
	{ "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f."
	  "ip6.arpa",
	  "*.d.f.ip6.arpa" },
	{ "ip-10-0-0-4 up", "ip-10-*-*-* up" },
	{ "range 10.0.0.4-10.0.0.9", "range 10.*-10.*" },
	{ "http://10.0.0.4:3128/", "http://10.*:3128/" },
	/* These say the same of everybody. */
	{ "127.0.0.1 ::1 0.0.0.0 :: 224.0.0.251 ff02::fb 255.255.255.255",
	  NULL },
	{ "168.63.129.16 169.254.169.254 8.8.8.8 1.1.1.1 9.9.9.9", NULL },
	{ "2001:4860:4860::8888 2606:4700:4700::1111", NULL },
	{ "100.64.3.3 6.6.6.6 198.18.0.1", NULL },
	{ "0.0.0.0/0 0.0.0.0/1 128.0.0.0/1 ::/0 20.0.0.0/8", NULL },
	{ "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fe80::/64", NULL },
	{ "1.2.3 10.0.0 300.1.1.1 10.0.0.4.5", NULL },
	{ "12:34:56 and aa:bb", NULL },
};

static void addresses_keep_their_sort(void **unused)
{
	(void)unused;
	masked_rows(DIAG_MASK_ADDRESSES, rows, sizeof(rows) / sizeof(rows[0]));
}

static struct diag_addr through(struct diag_mask *m, const struct diag_addr *a)
{
	char text[DIAG_ADDR_TEXT];
	char *out = masked_text(m, diag_addr_text(a, text), NULL);
	struct diag_addr masked;

	if (!diag_addr_parse(out, &masked))
		fail_msg("%s became %s", text, out);
	free(out);
	return masked;
}

static unsigned common(const struct diag_addr *a, const struct diag_addr *b)
{
	unsigned bits = (unsigned)diag_addr_len(a) * 8, n = 0;

	while (n < bits &&
	       ((a->bytes[n / 8] ^ b->bytes[n / 8]) & (128U >> n % 8)) == 0)
		n++;
	return n;
}

static struct diag_addr chance_v4(uint64_t *r)
{
	uint64_t x = generate_next(r);
	static const uint8_t heads[][2] = { { 10, 0 },	  { 172, 18 },
					    { 192, 168 }, { 100, 90 },
					    { 169, 254 }, { 10, 150 } };
	const uint8_t *head = heads[x % 6];

	return diag_addr_v4(head[0], head[1], (uint8_t)(x >> 8),
			    (uint8_t)(x >> 16));
}

static struct diag_addr chance_v6(uint64_t *r)
{
	struct diag_addr a = { .family = DIAG_IPV6, .bytes = { 0xfd } };

	for (size_t i = 6; i < 16; i++)
		a.bytes[i] = (uint8_t)generate_next(r);
	return a;
}

/* As many bits in common afterwards as before: so networks of any size stay
 * networks, and no two addresses become one. */
static void common_prefixes_stay_as_long(void **unused)
{
	struct diag_mask *m = masked_new(DIAG_MASK_ADDRESSES);
	uint64_t r = 20260101;

	(void)unused;
	for (size_t i = 0; i < 3000; i++) {
		bool v6 = i % 4 == 0;
		struct diag_addr a = v6 ? chance_v6(&r) : chance_v4(&r);
		struct diag_addr b = v6 ? chance_v6(&r) : chance_v4(&r);
		struct diag_addr x = through(m, &a), y = through(m, &b);
		struct diag_addr again = through(m, &a);

		assert_int_equal(common(&a, &b), common(&x, &y));
		assert_int_equal(diag_scope_of(&a), diag_scope_of(&x));
		assert_true(diag_addr_eq(&x, &again));
	}
	diag_mask_free(m);
}

static void public_ones_stay_public_and_apart(void **unused)
{
	struct diag_mask *m = masked_new(DIAG_MASK_ADDRESSES);
	enum { MANY = 2000 };
	struct diag_addr *all = calloc(MANY, sizeof(*all));

	(void)unused;
	assert_non_null(all);
	for (unsigned i = 0; i < MANY; i++) {
		struct diag_addr a = diag_addr_v4(52, (uint8_t)(i >> 8),
						  (uint8_t)i, (uint8_t)(i * 7));

		all[i] = through(m, &a);
		assert_int_equal(DIAG_SCOPE_PUBLIC, diag_scope_of(&all[i]));
		assert_true(all[i].bytes[0] == 192 || all[i].bytes[0] == 198 ||
			    all[i].bytes[0] == 203 ||
			    (all[i].bytes[0] & 0xfc) == 244);
		for (unsigned k = 0; k < i; k++)
			assert_false(diag_addr_eq(&all[i], &all[k]));
	}
	free(all);
	diag_mask_free(m);
}

/* The inventory says that 20.50.0.0/16 is ours. */
static void a_public_network_of_ours_stays_one(void **unused)
{
	struct diag_mask *m = masked_new(DIAG_MASK_ADDRESSES);
	char *net = masked_text(m, "20.50.0.0/16", NULL);
	struct diag_addr a = diag_addr_v4(20, 50, 3, 4);
	struct diag_addr b = diag_addr_v4(20, 50, 3, 9);
	struct diag_addr x = through(m, &a), y = through(m, &b);
	struct diag_cidr cidr;

	(void)unused;
	assert_true(diag_cidr_parse(net, false, &cidr));
	assert_true(diag_cidr_has(&cidr, &x) && diag_cidr_has(&cidr, &y));
	assert_int_equal(common(&a, &b), common(&x, &y));
	free(net);
	diag_mask_free(m);
}

static void an_embedded_address_is_mapped_as_by_itself(void **unused)
{
	struct diag_mask *m = masked_new(DIAG_MASK_ADDRESSES);
	struct diag_addr v4 = diag_addr_v4(20, 62, 10, 4), v6, in;

	(void)unused;
	assert_true(diag_addr_parse("64:ff9b::143e:a04", &v6));
	v6 = through(m, &v6);
	v4 = through(m, &v4);
	assert_true(diag_scope_dns64(&v6, NULL, &in));
	assert_true(diag_addr_eq(&v4, &in));
	diag_mask_free(m);
}

/* The map brings them back to what they became. */
static void a_map_keeps_addresses_where_they_were(void **unused)
{
	struct diag_mask *one = masked_new(DIAG_MASK_ADDRESSES), *two = NULL;
	unsigned char key[DIAG_MASK_KEY];
	struct diag_addr kept[200];
	struct diag_buf map;

	(void)unused;
	for (unsigned i = 0; i < 200; i++) {
		kept[i] = diag_addr_v4(40, 1, 1, (uint8_t)i);
		kept[i] = through(one, &kept[i]);
	}
	diag_buf_init(&map, (size_t)1 << 20);
	diag_mask_map_print(one, &map);
	assert_true(diag_mask_map_read("m", map.data, map.len, key, NULL));
	assert_true(diag_mask_new(DIAG_MASK_ADDRESSES, key, &two, NULL));
	assert_true(diag_mask_map_recall(two, "m", map.data, map.len, NULL));
	for (unsigned i = 200; i-- > 0;) { /* in another order */
		struct diag_addr a = diag_addr_v4(40, 1, 1, (uint8_t)i);
		struct diag_addr again = through(two, &a);

		assert_true(diag_addr_eq(&kept[i], &again));
	}
	diag_buf_clear(&map);
	diag_mask_free(one);
	diag_mask_free(two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_keep_their_sort),
		cmocka_unit_test(common_prefixes_stay_as_long),
		cmocka_unit_test(public_ones_stay_public_and_apart),
		cmocka_unit_test(a_public_network_of_ours_stays_one),
		cmocka_unit_test(an_embedded_address_is_mapped_as_by_itself),
		cmocka_unit_test(a_map_keeps_addresses_where_they_were),
	};

	return cmocka_run_group_tests_name("mask/addresses", tests, NULL, NULL);
}
