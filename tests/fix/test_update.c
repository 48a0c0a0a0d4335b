/* SPDX-License-Identifier: MIT */
/* Updates in wire form, taken apart by ldns, and in nsupdate's words. */
#include <ldns/ldns.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fix/update.h"
#include "tests/support/torture.h"

#define ID  0xbeef
#define NOW 1795858567

static struct diag_addr one[1], two[2], six[1];

static const struct diag_update_set sets[] = {
	{ .owner = "new.example",
	  .family = DIAG_IPV4,
	  .will = two,
	  .n_will = 2,
	  .ttl_s = 60 },
	{ .owner = "old.example",
	  .family = DIAG_IPV4,
	  .was = two,
	  .n_was = 2,
	  .will = one,
	  .n_will = 1,
	  .ttl_s = 60,
	  .was_ttl_s = 300 },
	{ .owner = "six.example",
	  .family = DIAG_IPV6,
	  .was = six,
	  .n_was = 1,
	  .was_ttl_s = 10 },
};
static const struct diag_update update = { "example", sets, 3 };

static int set_up(void **unused)
{
	(void)unused;
	one[0] = diag_addr_v4(10, 150, 0, 9);
	two[0] = diag_addr_v4(10, 150, 0, 8);
	two[1] = diag_addr_v4(10, 150, 0, 18);
	return diag_addr_parse("fd00::9", &six[0]) ? 0 : -1;
}

static ldns_pkt *packet_of(const struct diag_update *u,
			   const struct diag_tsig_key *key)
{
	struct diag_update_wire wire;
	struct diag_err err = { .code = DIAG_OK };
	ldns_pkt *pkt = NULL;

	assert_true(diag_update_make(u, key, ID, NOW, &wire, &err));
	assert_int_equal(
	    LDNS_STATUS_OK,
	    ldns_wire2pkt(&pkt, (uint8_t *)wire.bytes.data, wire.bytes.len));
	diag_buf_clear(&wire.bytes);
	return pkt;
}

/* "new.example. 60 IN A 10.0.0.1", of TTL, class and type in numbers. */
static void expect_record(const ldns_rr_list *list, size_t i, const char *owner,
			  const unsigned numbers[3], const char *data)
{
	const ldns_rr *rr = ldns_rr_list_rr(list, i);
	char *text = ldns_rdf2str(ldns_rr_owner(rr));

	assert_string_equal(owner, text);
	free(text);
	assert_int_equal(numbers[0], ldns_rr_ttl(rr));
	assert_int_equal(numbers[1], ldns_rr_get_class(rr));
	assert_int_equal(numbers[2], ldns_rr_get_type(rr));
	assert_int_equal(data != NULL, ldns_rr_rd_count(rr));
	if (data == NULL)
		return;
	text = ldns_rdf2str(ldns_rr_rdf(rr, 0));
	assert_string_equal(data, text);
	free(text);
}

#define RECORD(list, i, owner, ttl, class, type, data) \
	expect_record(list, i, owner, (unsigned[]){ ttl, class, type }, data)
#define IN   LDNS_RR_CLASS_IN
#define NONE LDNS_RR_CLASS_NONE
#define ANY  LDNS_RR_CLASS_ANY
#define A    LDNS_RR_TYPE_A
#define AAAA LDNS_RR_TYPE_AAAA

static void the_zone_section_names_the_zone(void **unused)
{
	ldns_pkt *pkt = packet_of(&update, NULL);

	(void)unused;
	assert_int_equal(ID, ldns_pkt_id(pkt));
	assert_int_equal(LDNS_PACKET_UPDATE, ldns_pkt_get_opcode(pkt));
	assert_false(ldns_pkt_qr(pkt) || ldns_pkt_rd(pkt));
	assert_int_equal(1, ldns_pkt_qdcount(pkt));
	/* A question has no TTL; ldns puts in its own. */
	RECORD(ldns_pkt_question(pkt), 0, "example.", LDNS_DEFAULT_TTL, IN,
	       LDNS_RR_TYPE_SOA, NULL);
	ldns_pkt_free(pkt);
}

static void what_is_there_now_is_a_prerequisite(void **unused)
{
	ldns_pkt *pkt = packet_of(&update, NULL);
	const ldns_rr_list *list = ldns_pkt_answer(pkt);

	(void)unused;
	assert_int_equal(5, ldns_rr_list_rr_count(list));
	RECORD(list, 0, "new.example.", 0, NONE, A, NULL);
	RECORD(list, 1, "new.example.", 0, NONE, LDNS_RR_TYPE_CNAME, NULL);
	RECORD(list, 2, "old.example.", 0, IN, A, "10.150.0.8");
	RECORD(list, 3, "old.example.", 0, IN, A, "10.150.0.18");
	RECORD(list, 4, "six.example.", 0, IN, AAAA, "fd00::9");
	ldns_pkt_free(pkt);
}

static void what_shall_be_replaces_it(void **unused)
{
	ldns_pkt *pkt = packet_of(&update, NULL);
	const ldns_rr_list *list = ldns_pkt_authority(pkt);

	(void)unused;
	assert_int_equal(5, ldns_rr_list_rr_count(list));
	RECORD(list, 0, "new.example.", 60, IN, A, "10.150.0.8");
	RECORD(list, 1, "new.example.", 60, IN, A, "10.150.0.18");
	RECORD(list, 2, "old.example.", 0, ANY, A, NULL);
	RECORD(list, 3, "old.example.", 60, IN, A, "10.150.0.9");
	RECORD(list, 4, "six.example.", 0, ANY, AAAA, NULL);
	ldns_pkt_free(pkt);
}

static void nsupdate_is_told_the_same(void **unused)
{
	struct diag_buf out;

	(void)unused;
	diag_buf_init(&out, 4096);
	diag_update_print(&update, "127.0.0.1", 5399, &out);
	assert_string_equal("server 127.0.0.1 5399\n"
			    "zone example.\n"
			    "prereq nxrrset new.example. A\n"
			    "prereq nxrrset new.example. CNAME\n"
			    "prereq yxrrset old.example. A 10.150.0.8\n"
			    "prereq yxrrset old.example. A 10.150.0.18\n"
			    "prereq yxrrset six.example. AAAA fd00::9\n"
			    "update add new.example. 60 A 10.150.0.8\n"
			    "update add new.example. 60 A 10.150.0.18\n"
			    "update delete old.example. A\n"
			    "update add old.example. 60 A 10.150.0.9\n"
			    "update delete six.example. AAAA\n"
			    "send\n",
			    diag_buf_str(&out));
	diag_buf_clear(&out);
}

static void printed(const struct diag_update *u, struct diag_buf *out)
{
	diag_buf_init(out, 4096);
	diag_update_print(u, "::1", 53, out);
}

static void the_inverse_asks_for_the_new_and_brings_the_old(void **unused)
{
	struct diag_update back, again;
	struct diag_arena arena;
	struct diag_err err = { .code = DIAG_OK };
	struct diag_buf first, second;
	ldns_pkt *pkt;

	(void)unused;
	diag_arena_init(&arena, 0);
	assert_true(diag_update_inverse(&update, &arena, &back, &err));
	pkt = packet_of(&back, NULL);
	RECORD(ldns_pkt_answer(pkt), 2, "old.example.", 0, IN, A, "10.150.0.9");
	RECORD(ldns_pkt_authority(pkt), 0, "new.example.", 0, ANY, A, NULL);
	RECORD(ldns_pkt_authority(pkt), 2, "old.example.", 300, IN, A,
	       "10.150.0.8");
	ldns_pkt_free(pkt);
	assert_true(diag_update_inverse(&back, &arena, &again, &err));
	printed(&update, &first);
	printed(&again, &second);
	assert_string_equal(diag_buf_str(&first), diag_buf_str(&second));
	diag_buf_clear(&first);
	diag_buf_clear(&second);
	diag_arena_clear(&arena);
}

/* --- signatures ------------------------------------------------------------
 */

static struct diag_tsig_key key_of(const char *alg)
{
	struct diag_tsig_key key;
	struct diag_err err = { .code = DIAG_OK };
	char text[200];

	(void)snprintf(text, sizeof(text),
		       "key k.example { algorithm %s; secret "
		       "c2VjcmV0IG9mIHNvbWUgbGVuZ3RoIQ==; };",
		       alg);
	assert_true(diag_tsig_key_read("k", text, strlen(text), &key, &err));
	return key;
}

/* ldns signs too, by its own code; it knows no hmac-sha384. */
static void ldns_makes_the_same_signature(void **unused)
{
	static const char *const algs[] = { "hmac-sha256", "hmac-sha512" };

	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		struct diag_tsig_key key = key_of(algs[i]);
		ldns_pkt *pkt = packet_of(&update, &key);
		struct diag_update_wire wire;
		struct diag_err err = { .code = DIAG_OK };
		char alg[20];

		assert_true(
		    diag_update_make(&update, &key, ID, NOW, &wire, &err));
		(void)snprintf(alg, sizeof(alg), "%s.", algs[i]);
		assert_non_null(ldns_pkt_tsig(pkt));
		assert_true(ldns_pkt_tsig_verify(
		    pkt, (uint8_t *)wire.bytes.data, wire.bytes.len,
		    "k.example.", "c2VjcmV0IG9mIHNvbWUgbGVuZ3RoIQ==", NULL));
		wire.bytes.data[40] ^= 1;
		assert_false(ldns_pkt_tsig_verify(
		    pkt, (uint8_t *)wire.bytes.data, wire.bytes.len,
		    "k.example.", "c2VjcmV0IG9mIHNvbWUgbGVuZ3RoIQ==", NULL));
		diag_buf_clear(&wire.bytes);
		ldns_pkt_free(pkt);
	}
}

static void each_algorithm_has_its_length(void **unused)
{
	static const struct {
		const char *alg;
		size_t len;
	} all[] = { { "hmac-sha256", 32 },
		    { "hmac-sha384", 48 },
		    { "hmac-sha512", 64 } };

	(void)unused;
	for (size_t i = 0; i < 3; i++) {
		struct diag_tsig_key key = key_of(all[i].alg);
		struct diag_update_wire wire;
		struct diag_err err = { .code = DIAG_OK };

		assert_string_equal(all[i].alg, diag_tsig_alg_key(key.alg));
		assert_true(
		    diag_update_make(&update, &key, ID, NOW, &wire, &err));
		assert_int_equal(all[i].len, wire.mac.len);
		diag_buf_clear(&wire.bytes);
	}
}

/* --- limits ----------------------------------------------------------------
 */

static void more_than_tcp_carries_is_refused(void **unused)
{
	static struct diag_update_set many[3000];
	const struct diag_update u = { "example", many, 3000 };
	struct diag_tsig_key key = key_of("hmac-sha256");
	struct diag_update_wire wire;
	struct diag_err err = { .code = DIAG_OK };

	(void)unused;
	for (size_t i = 0; i < 3000; i++)
		many[i] = sets[1];
	assert_false(diag_update_make(&u, &key, ID, NOW, &wire, &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
	diag_buf_clear(&wire.bytes);
}

static void a_name_that_is_none_is_refused(void **unused)
{
	struct diag_update_set bad = sets[0];
	const struct diag_update u = { "example", &bad, 1 };
	struct diag_update_wire wire;
	struct diag_err err = { .code = DIAG_OK };

	(void)unused;
	bad.owner = "a..b";
	assert_false(diag_update_make(&u, NULL, ID, NOW, &wire, &err));
	assert_int_equal(DIAG_EPARSE, err.code);
	diag_buf_clear(&wire.bytes);
}

static bool made(void *arg)
{
	struct diag_update_wire wire;
	struct diag_err err = { .code = DIAG_OK };
	bool ok = diag_update_make(&update, arg, ID, NOW, &wire, &err);

	diag_buf_clear(&wire.bytes);
	return ok;
}

static void missing_memory_is_survived(void **unused)
{
	struct diag_tsig_key key = key_of("hmac-sha384");

	(void)unused;
	assert_true(torture(made, &key) > 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_zone_section_names_the_zone),
		cmocka_unit_test(what_is_there_now_is_a_prerequisite),
		cmocka_unit_test(what_shall_be_replaces_it),
		cmocka_unit_test(nsupdate_is_told_the_same),
		cmocka_unit_test(
		    the_inverse_asks_for_the_new_and_brings_the_old),
		cmocka_unit_test(ldns_makes_the_same_signature),
		cmocka_unit_test(each_algorithm_has_its_length),
		cmocka_unit_test(more_than_tcp_carries_is_refused),
		cmocka_unit_test(a_name_that_is_none_is_refused),
		cmocka_unit_test(missing_memory_is_survived),
	};

	return cmocka_run_group_tests_name("update", tests, set_up, NULL);
}
