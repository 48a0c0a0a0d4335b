/* SPDX-License-Identifier: MIT */
/* What a DNS message says about a question, from messages made with ldns and
 * from bytes that no server should send. */
#include "wire/dns_reply.h"

#include <ldns/ldns.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/torture.h"

#define NAME "a.example"

struct reply {
	struct diag_arena arena;
	struct diag_fact f;
	uint8_t *wire;
	size_t len;
};

static void add(ldns_pkt *pkt, ldns_pkt_section section, const char *text)
{
	ldns_rr *rr = NULL;

	assert_int_equal(LDNS_STATUS_OK,
			 ldns_rr_new_frm_str(&rr, text, 0, NULL, NULL));
	assert_true(ldns_pkt_push_rr(pkt, section, rr));
}

static ldns_pkt *packet(const char *question, const char *const *answers,
			const char *authority)
{
	ldns_pkt *pkt = ldns_pkt_new();
	ldns_rr *q = NULL;

	ldns_pkt_set_qr(pkt, true);
	assert_int_equal(LDNS_STATUS_OK, ldns_rr_new_question_frm_str(
					     &q, question, NULL, NULL));
	(void)ldns_pkt_push_rr(pkt, LDNS_SECTION_QUESTION, q);
	for (; answers && *answers; answers++)
		add(pkt, LDNS_SECTION_ANSWER, *answers);
	if (authority)
		add(pkt, LDNS_SECTION_AUTHORITY, authority);
	return pkt;
}

static void read_wire(struct reply *r, enum diag_rrtype type, bool tcp)
{
	struct diag_err err = { 0 };

	diag_arena_init(&r->arena, 0);
	r->f = (struct diag_fact){ .kind = DIAG_FACT_DNS };
	r->f.dns.name = NAME;
	r->f.dns.type = type;
	r->f.dns.tcp = tcp;
	assert_true(
	    diag_dns_reply_read(r->wire, r->len, &r->arena, &r->f, &err));
}

/* Takes pkt. */
static void read_packet(struct reply *r, ldns_pkt *pkt, enum diag_rrtype type)
{
	assert_int_equal(LDNS_STATUS_OK, ldns_pkt2wire(&r->wire, pkt, &r->len));
	ldns_pkt_free(pkt);
	read_wire(r, type, false);
}

static void done(struct reply *r)
{
	diag_arena_clear(&r->arena);
	free(r->wire);
}

static void a_text_is_kept_and_made_harmless(void **unused)
{
	static const char *const plain[] = {
		"a.example. 0 CH TXT \"unbound 1.17.1\"", NULL
	};
	static const char *const strange[] = {
		"a.example. 0 CH TXT \"\\027[31m\\000x\" \"more\"", NULL
	};
	struct reply r;

	(void)unused;
	read_packet(&r, packet("a.example. CH TXT", plain, NULL), DIAG_RR_TXT);
	assert_int_equal(DIAG_ST_ANSWER, r.f.status);
	assert_int_equal(1, r.f.dns.n_chain);
	assert_int_equal(DIAG_RR_TXT, r.f.dns.chain[0].type);
	assert_string_equal("unbound 1.17.1", r.f.dns.chain[0].value);
	done(&r);
	read_packet(&r, packet("a.example. CH TXT", strange, NULL),
		    DIAG_RR_TXT);
	assert_string_equal("\\x1b[31m\\x00x", r.f.dns.chain[0].value);
	done(&r);
	read_packet(&r, packet("a.example. CH TXT", NULL, NULL), DIAG_RR_TXT);
	assert_int_equal(DIAG_ST_NODATA, r.f.status);
	assert_int_equal(0, r.f.dns.n_chain);
	done(&r);
}

static void a_long_chain_is_put_in_order_and_lower_case(void **unused)
{
	static const char *const answers[] = {
		"front.example. 60 IN A 20.62.10.4",
		"Third.example. 30 IN CNAME front.example.",
		"other.example. 60 IN A 1.2.3.4",
		"A.EXAMPLE. 300 IN CNAME Second.PrivateLink.example.",
		"second.privatelink.example. 10 IN CNAME third.example.",
		"front.example. 60 IN A 20.62.10.5",
		NULL,
	};
	static const char *const names[] = {
		"a.example",	 "second.privatelink.example",
		"third.example", "front.example",
		"front.example",
	};
	struct reply r;

	(void)unused;
	read_packet(&r, packet("a.example. A", answers, NULL), DIAG_RR_A);
	assert_int_equal(DIAG_ST_ANSWER, r.f.status);
	assert_int_equal(5, r.f.dns.n_chain);
	for (size_t i = 0; i < 5; i++)
		assert_string_equal(names[i], r.f.dns.chain[i].name);
	assert_string_equal("third.example", r.f.dns.chain[1].value);
	assert_string_equal("20.62.10.5", r.f.dns.chain[4].value);
	assert_int_equal(2, r.f.dns.n_addresses);
	done(&r);
}

static void a_chain_without_an_address_is_nodata_and_kept(void **unused)
{
	static const char *const answers[] = {
		"a.example. 300 IN CNAME b.privatelink.example.", NULL
	};
	struct reply r;

	(void)unused;
	read_packet(&r, packet("a.example. A", answers, NULL), DIAG_RR_A);
	assert_int_equal(DIAG_ST_NODATA, r.f.status);
	assert_int_equal(1, r.f.dns.n_chain);
	assert_null(r.f.dns.soa.owner);
	done(&r);
}

static void aliases_in_a_circle_are_malformed(void **unused)
{
	static const char *const answers[] = {
		"a.example. 300 IN CNAME b.example.",
		"b.example. 300 IN CNAME a.example.", NULL
	};
	struct reply r;

	(void)unused;
	read_packet(&r, packet("a.example. A", answers, NULL), DIAG_RR_A);
	assert_int_equal(DIAG_ST_MALFORMED, r.f.status);
	assert_int_equal(0, r.f.dns.rcode);
	done(&r);
}

static void the_soa_asked_for_is_an_answer(void **unused)
{
	static const char *const answers[] = {
		"a.example. 3600 IN SOA azureprivatedns.net. "
		"azureprivatedns-host.microsoft.com. 1 3600 300 2419200 10",
		NULL
	};
	struct reply r;

	(void)unused;
	read_packet(&r, packet("a.example. SOA", answers, NULL), DIAG_RR_SOA);
	assert_int_equal(DIAG_ST_ANSWER, r.f.status);
	assert_string_equal("a.example", r.f.dns.soa.owner);
	assert_string_equal("azureprivatedns-host.microsoft.com",
			    r.f.dns.soa.rname);
	assert_int_equal(3600, r.f.dns.soa.ttl_s);
	done(&r);
}

static void the_soa_of_a_parent_is_no_answer_but_is_kept(void **unused)
{
	struct reply r;

	(void)unused;
	read_packet(&r,
		    packet("a.example. SOA", NULL,
			   "example. 60 IN SOA ns.example. h.example. 1 2 3 4 "
			   "5"),
		    DIAG_RR_SOA);
	assert_int_equal(DIAG_ST_NODATA, r.f.status);
	assert_string_equal("example", r.f.dns.soa.owner);
	assert_int_equal(5, r.f.dns.soa.minimum_s);
	done(&r);
}

static void ipv6_answers_are_read_too(void **unused)
{
	static const char *const answers[] = {
		"a.example. 60 IN AAAA 64:ff9b::a96:4", NULL
	};
	struct reply r;

	(void)unused;
	read_packet(&r, packet("a.example. AAAA", answers, NULL), DIAG_RR_AAAA);
	assert_int_equal(DIAG_ST_ANSWER, r.f.status);
	assert_string_equal("64:ff9b::a96:4", r.f.dns.chain[0].value);
	done(&r);
}

static void bytes_no_host_name_has_are_escaped(void **unused)
{
	static const char *const answers[] = {
		"a.example. 60 IN CNAME x\\027\\091\\.y.example.", NULL
	};
	struct reply r;

	(void)unused;
	read_packet(&r, packet("a.example. A", answers, NULL), DIAG_RR_A);
	assert_string_equal("x\\027\\091\\046y.example",
			    r.f.dns.chain[0].value);
	done(&r);
}

static void an_extended_error_is_read(void **unused)
{
	/* An unknown option, then EDE 18 (prohibited) with text. */
	static const uint8_t options[] = { 0, 10, 0, 2,	 1,   2,   0,  15,
					   0, 5,  0, 18, 'n', 'o', '!' };
	ldns_pkt *pkt = packet("a.example. A", NULL, NULL);
	struct reply r;

	(void)unused;
	ldns_pkt_set_rcode(pkt, LDNS_RCODE_REFUSED);
	ldns_pkt_set_edns_udp_size(pkt, 1232);
	ldns_pkt_set_edns_data(pkt,
			       ldns_rdf_new_frm_data(LDNS_RDF_TYPE_UNKNOWN,
						     sizeof(options), options));
	read_packet(&r, pkt, DIAG_RR_A);
	assert_int_equal(DIAG_ST_REFUSED, r.f.status);
	assert_true(r.f.dns.edns);
	assert_int_equal(18, r.f.dns.ede);
	done(&r);
}

static void an_extended_rcode_is_put_together(void **unused)
{
	ldns_pkt *pkt = packet("a.example. A", NULL, NULL);
	struct reply r;

	(void)unused;
	ldns_pkt_set_edns_udp_size(pkt, 1232);
	ldns_pkt_set_edns_extended_rcode(pkt, 1); /* BADVERS is 16 */
	read_packet(&r, pkt, DIAG_RR_A);
	assert_int_equal(16, r.f.dns.rcode);
	assert_int_equal(DIAG_ST_RCODE_OTHER, r.f.status);
	assert_int_equal(-1, r.f.dns.ede);
	done(&r);
}

static void an_answer_to_another_question_is_malformed(void **unused)
{
	static const char *const answers[] = { "b.example. 60 IN A 1.2.3.4",
					       NULL };
	struct reply r;

	(void)unused;
	read_packet(&r, packet("b.example. A", answers, NULL), DIAG_RR_A);
	assert_int_equal(DIAG_ST_MALFORMED, r.f.status);
	assert_int_equal(0, r.f.dns.n_addresses);
	done(&r);
	read_packet(&r, packet("a.example. AAAA", NULL, NULL), DIAG_RR_A);
	assert_int_equal(DIAG_ST_MALFORMED, r.f.status);
	done(&r);
}

static void a_question_sent_back_is_malformed(void **unused)
{
	ldns_pkt *pkt = packet("a.example. A", NULL, NULL);
	struct reply r;

	(void)unused;
	ldns_pkt_set_qr(pkt, false);
	read_packet(&r, pkt, DIAG_RR_A);
	assert_int_equal(DIAG_ST_MALFORMED, r.f.status);
	done(&r);
}

static void
cut_in_the_middle_of_a_record_is_truncated_if_it_says_so(void **unused)
{
	static const char *const answers[] = { "a.example. 60 IN A 1.2.3.4",
					       NULL };
	ldns_pkt *pkt = packet("a.example. A", answers, NULL);
	struct reply r;

	(void)unused;
	ldns_pkt_set_tc(pkt, true);
	assert_int_equal(LDNS_STATUS_OK, ldns_pkt2wire(&r.wire, pkt, &r.len));
	ldns_pkt_free(pkt);
	r.len -= 2;
	read_wire(&r, DIAG_RR_A, false);
	assert_int_equal(DIAG_ST_TRUNCATED, r.f.status);
	assert_int_equal(0, r.f.dns.rcode);
	diag_arena_clear(&r.arena);
	/* Nothing is cut over TCP. */
	read_wire(&r, DIAG_RR_A, true);
	assert_int_equal(DIAG_ST_MALFORMED, r.f.status);
	done(&r);
}

static void every_cut_of_a_message_is_malformed_and_never_a_crash(void **unused)
{
	static const char *const answers[] = {
		"a.example. 300 IN CNAME b.example.",
		"b.example. 60 IN A 1.2.3.4", NULL
	};
	ldns_pkt *pkt = packet("a.example. A", answers, NULL);
	struct reply r;
	size_t whole;

	(void)unused;
	assert_int_equal(LDNS_STATUS_OK, ldns_pkt2wire(&r.wire, pkt, &whole));
	ldns_pkt_free(pkt);
	for (r.len = 0; r.len < whole; r.len++) {
		read_wire(&r, DIAG_RR_A, false);
		assert_int_equal(DIAG_ST_MALFORMED, r.f.status);
		assert_non_null(r.f.error);
		diag_arena_clear(&r.arena);
	}
	free(r.wire);
}

struct bytes {
	uint8_t *wire;
	size_t len;
};

static bool read_once(void *arg)
{
	const struct bytes *b = arg;
	struct diag_arena arena;
	struct diag_fact f = { .kind = DIAG_FACT_DNS };
	struct diag_err err = { 0 };
	bool ok;

	diag_arena_init(&arena, 0);
	f.dns.name = NAME;
	f.dns.type = DIAG_RR_A;
	ok = diag_dns_reply_read(b->wire, b->len, &arena, &f, &err);
	assert_int_equal(ok ? DIAG_OK : DIAG_ENOMEM, err.code);
	diag_arena_clear(&arena);
	return ok;
}

static void without_memory_it_is_an_error_and_not_a_fact(void **unused)
{
	static const char *const answers[] = {
		"a.example. 300 IN CNAME b.example.",
		"b.example. 60 IN A 1.2.3.4", NULL
	};
	ldns_pkt *pkt = packet("a.example. A", answers, NULL);
	struct bytes b;

	(void)unused;
	assert_int_equal(LDNS_STATUS_OK, ldns_pkt2wire(&b.wire, pkt, &b.len));
	ldns_pkt_free(pkt);
	assert_true(torture(read_once, &b) >= 1);
	free(b.wire);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_kept_and_made_harmless),
		cmocka_unit_test(a_long_chain_is_put_in_order_and_lower_case),
		cmocka_unit_test(a_chain_without_an_address_is_nodata_and_kept),
		cmocka_unit_test(aliases_in_a_circle_are_malformed),
		cmocka_unit_test(the_soa_asked_for_is_an_answer),
		cmocka_unit_test(the_soa_of_a_parent_is_no_answer_but_is_kept),
		cmocka_unit_test(ipv6_answers_are_read_too),
		cmocka_unit_test(bytes_no_host_name_has_are_escaped),
		cmocka_unit_test(an_extended_error_is_read),
		cmocka_unit_test(an_extended_rcode_is_put_together),
		cmocka_unit_test(an_answer_to_another_question_is_malformed),
		cmocka_unit_test(a_question_sent_back_is_malformed),
		cmocka_unit_test(
		    cut_in_the_middle_of_a_record_is_truncated_if_it_says_so),
		cmocka_unit_test(
		    every_cut_of_a_message_is_malformed_and_never_a_crash),
		cmocka_unit_test(without_memory_it_is_an_error_and_not_a_fact),
	};

	return cmocka_run_group_tests_name("wire/dns_reply", tests, NULL, NULL);
}
