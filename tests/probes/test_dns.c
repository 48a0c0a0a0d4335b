/* SPDX-License-Identifier: MIT */
/* What probe_dns must tell apart, each case made on loopback. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fact/store.h"
#include "probes/probes.h"
#include "run/runner.h"
#include "tests/probes/dns_peer.h"

#define NAME "ws1103.blob.example"

struct asked {
	struct diag_store store;
	const struct diag_fact *f;
};

static struct diag_step step_to(const struct diag_endpoint *at,
				const char *view)
{
	return (struct diag_step){
		.probe = DIAG_PROBE_DNS,
		.target = NAME,
		.timeout_ms = 3000,
		.view = view,
		.server = *at,
		.name = NAME,
		.type = DIAG_RR_A,
	};
}

static void ask(struct asked *a, const struct diag_step *step)
{
	struct diag_run_options o = { 0 };
	struct diag_err err = { 0 };

	diag_store_init(&a->store);
	o.sink = diag_store_sink(&a->store);
	assert_true(diag_probe_run(&probe_dns, step, &o, &err));
	assert_int_equal(1, a->store.n);
	a->f = a->store.facts[0];
	assert_int_equal(DIAG_FACT_DNS, a->f->kind);
	assert_string_equal(NAME, a->f->target);
	assert_string_equal(NAME, a->f->dns.name);
	assert_string_equal(step->view, a->f->dns.view);
}

static void ask_peer(struct asked *a, enum dns_manner manner, bool tcp,
		     unsigned timeout_ms)
{
	struct dns_peer peer;
	struct diag_step step;

	dns_peer_start(&peer, manner);
	step = step_to(&peer.at, peer.view);
	step.tcp = tcp;
	step.timeout_ms = timeout_ms;
	ask(a, &step);
	dns_peer_stop(&peer);
}

static void expect(enum dns_manner manner, bool tcp, enum diag_status status,
		   int rcode)
{
	struct asked a;

	ask_peer(&a, manner, tcp, 3000);
	assert_int_equal(status, a.f->status);
	assert_int_equal(rcode, a.f->dns.rcode);
	assert_int_equal(tcp, a.f->dns.tcp);
	assert_int_equal(1, a.f->dns.sends);
	assert_int_equal(1, a.f->dns.received);
	diag_store_clear(&a.store);
}

static void an_answer_comes_with_its_chain_in_order(void **unused)
{
	struct asked a;
	const struct diag_dns_fact *dns;
	struct diag_addr addr = diag_addr_v4(10, 150, 0, 4);

	(void)unused;
	ask_peer(&a, PEER_ANSWER, false, 3000);
	dns = &a.f->dns;
	assert_int_equal(DIAG_ST_ANSWER, a.f->status);
	assert_int_equal(0, a.f->sys_errno);
	assert_null(a.f->error);
	assert_int_equal(2, dns->n_chain);
	assert_string_equal(NAME, dns->chain[0].name);
	assert_int_equal(DIAG_RR_CNAME, dns->chain[0].type);
	assert_string_equal("www.privatelink.example", dns->chain[0].value);
	assert_int_equal(300, dns->chain[0].ttl_s);
	assert_string_equal("www.privatelink.example", dns->chain[1].name);
	assert_string_equal("10.150.0.4", dns->chain[1].value);
	assert_int_equal(1, dns->n_addresses);
	assert_true(diag_addr_eq(&addr, &dns->addresses[0]));
	assert_int_equal(1, dns->sends);
	assert_int_equal(1, dns->received);
	diag_store_clear(&a.store);
}

static void each_rcode_has_its_own_status(void **unused)
{
	(void)unused;
	expect(PEER_NODATA, false, DIAG_ST_NODATA, 0);
	expect(PEER_NXDOMAIN, false, DIAG_ST_NXDOMAIN, 3);
	expect(PEER_SERVFAIL, false, DIAG_ST_SERVFAIL, 2);
	expect(PEER_REFUSED, false, DIAG_ST_REFUSED, 5);
	expect(PEER_NOTIMP, false, DIAG_ST_RCODE_OTHER, 4);
}

static void the_same_over_tcp(void **unused)
{
	(void)unused;
	expect(PEER_ANSWER, true, DIAG_ST_ANSWER, 0);
	expect(PEER_SERVFAIL, true, DIAG_ST_SERVFAIL, 2);
}

static void a_negative_answer_keeps_its_soa(void **unused)
{
	struct asked a;

	(void)unused;
	ask_peer(&a, PEER_NXDOMAIN, false, 3000);
	assert_string_equal("privatelink.example", a.f->dns.soa.owner);
	assert_string_equal("azureprivatedns.net", a.f->dns.soa.mname);
	assert_int_equal(10, a.f->dns.soa.minimum_s);
	diag_store_clear(&a.store);
}

static void truncated_is_told_and_tcp_is_another_fact(void **unused)
{
	(void)unused;
	expect(PEER_TRUNCATED, false, DIAG_ST_TRUNCATED, 0);
	expect(PEER_TRUNCATED, true, DIAG_ST_ANSWER, 0);
}

static void expect_malformed(enum dns_manner manner)
{
	struct asked a;

	ask_peer(&a, manner, false, 100);
	assert_int_equal(DIAG_ST_MALFORMED, a.f->status);
	assert_int_equal(-1, a.f->dns.rcode);
	assert_true(a.f->dns.received >= 1);
	assert_non_null(a.f->error);
	diag_store_clear(&a.store);
}

static void garbage_is_malformed_and_not_silence(void **unused)
{
	(void)unused;
	expect_malformed(PEER_GARBAGE);
	expect_malformed(PEER_WRONG_ID);
	expect_malformed(PEER_WRONG_NAME);
}

static void silence_is_a_timeout(void **unused)
{
	struct asked a;

	(void)unused;
	ask_peer(&a, PEER_SILENT, false, 50);
	assert_int_equal(DIAG_ST_TIMEOUT, a.f->status);
	assert_int_equal(1, a.f->dns.sends);
	assert_int_equal(0, a.f->dns.received);
	assert_int_equal(0, a.f->sys_errno);
	diag_store_clear(&a.store);
}

static void a_repeated_question_is_one_fact_with_two_sends(void **unused)
{
	struct asked a;

	(void)unused;
	ask_peer(&a, PEER_SECOND, false, 3000);
	assert_int_equal(DIAG_ST_ANSWER, a.f->status);
	assert_int_equal(2, a.f->dns.sends);
	assert_int_equal(1, a.f->dns.received);
	diag_store_clear(&a.store);
}

static void a_closed_port_is_told_at_once(void **unused)
{
	struct diag_endpoint at = dns_peer_closed_port();
	struct diag_step step = step_to(&at, "127.0.0.1:1");
	struct asked a;

	(void)unused;
	ask(&a, &step);
	assert_int_equal(DIAG_ST_PORT_CLOSED, a.f->status);
	assert_int_equal(ECONNREFUSED, a.f->sys_errno);
	assert_non_null(a.f->error);
	diag_store_clear(&a.store);
}

static void a_closed_tcp_port_is_told_at_once(void **unused)
{
	struct asked a;

	(void)unused;
	ask_peer(&a, PEER_ONLY_UDP, true, 3000);
	assert_int_equal(DIAG_ST_PORT_CLOSED, a.f->status);
	assert_int_equal(ECONNREFUSED, a.f->sys_errno);
	diag_store_clear(&a.store);
}

static void a_tcp_server_that_hangs_up_is_not_silence(void **unused)
{
	struct asked a;

	(void)unused;
	ask_peer(&a, PEER_HANGS_UP, true, 3000);
	assert_int_equal(DIAG_ST_PORT_CLOSED, a.f->status);
	assert_non_null(a.f->error);
	diag_store_clear(&a.store);
}

static void no_way_there_is_unreachable_with_its_errno(void **unused)
{
	struct diag_endpoint at;
	struct diag_step step;
	struct asked a;

	(void)unused;
	/* A link-local server needs an interface that exists. */
	assert_true(diag_endpoint_parse("[fe80::1%nosuchif0]:53", 53, &at));
	step = step_to(&at, "[fe80::1%nosuchif0]:53");
	ask(&a, &step);
	assert_int_equal(DIAG_ST_UNREACHABLE, a.f->status);
	assert_int_not_equal(0, a.f->sys_errno);
	diag_store_clear(&a.store);
}

/* --- many at once
 * ------------------------------------------------------------- */

#define MANY 3000

struct many {
	struct diag_step step;
	size_t given, answers, sends;
	char names[MANY][40];
};

static bool many_next(void *ctx, struct diag_step *step)
{
	struct many *m = ctx;

	if (m->given == MANY)
		return false;
	(void)snprintf(m->names[m->given], sizeof(m->names[0]), "n%zu.example",
		       m->given);
	*step = m->step;
	step->name = m->names[m->given++];
	return true;
}

static void many_free(void *ctx)
{
	(void)ctx;
}

static bool many_count(void *ctx, const struct diag_fact *f,
		       struct diag_err *err)
{
	struct many *m = ctx;

	(void)err;
	m->answers += f->status == DIAG_ST_ANSWER;
	m->sends += f->dns.sends;
	return true;
}

static void thousands_at_once_are_not_lost_in_socket_buffers(void **unused)
{
	static const struct diag_probe_ops *const probes[] = { &probe_dns,
							       NULL };
	static struct many m;
	struct diag_plan plan = {
		.ctx = &m,
		.next = many_next,
		.free = many_free,
	};
	struct diag_run_options o = { .probes = probes,
				      .sink = { many_count, &m } };
	struct diag_run_result result;
	struct dns_peer peer;

	(void)unused;
	dns_peer_start(&peer, PEER_ANSWER);
	m.step = step_to(&peer.at, peer.view);
	m.step.timeout_ms = 20000;
	assert_true(diag_run(&plan, &o, &result, NULL));
	dns_peer_stop(&peer);
	assert_int_equal(MANY, result.facts);
	assert_int_equal(MANY, m.answers);
	assert_in_range(m.sends, MANY, 2 * MANY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_with_its_chain_in_order),
		cmocka_unit_test(each_rcode_has_its_own_status),
		cmocka_unit_test(the_same_over_tcp),
		cmocka_unit_test(a_negative_answer_keeps_its_soa),
		cmocka_unit_test(truncated_is_told_and_tcp_is_another_fact),
		cmocka_unit_test(garbage_is_malformed_and_not_silence),
		cmocka_unit_test(silence_is_a_timeout),
		cmocka_unit_test(
		    a_repeated_question_is_one_fact_with_two_sends),
		cmocka_unit_test(a_closed_port_is_told_at_once),
		cmocka_unit_test(a_closed_tcp_port_is_told_at_once),
		cmocka_unit_test(a_tcp_server_that_hangs_up_is_not_silence),
		cmocka_unit_test(no_way_there_is_unreachable_with_its_errno),
		cmocka_unit_test(
		    thousands_at_once_are_not_lost_in_socket_buffers),
	};

	return cmocka_run_group_tests_name("probes/dns", tests, NULL, NULL);
}
