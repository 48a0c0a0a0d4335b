/* SPDX-License-Identifier: MIT */
/* Every port of every address, once a round; nothing is tried twice. */
#include "plan/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct diag_http_question question = { .method = "GET",
						    .path = "/" };
static const struct diag_http_question preflight = {
	.method = "OPTIONS", .path = "/", .origin = "https://ml.azure.com"
};
static const struct diag_probe_ports plain[] = {
	{ .port = 29876, .last = 29877, .proto = DIAG_TCP },
	{ .port = 5831, .last = 5831, .proto = DIAG_UDP },
};
static const struct diag_probe_ports https[] = {
	{ .port = 443, .last = 443, .stage = DIAG_STAGE_HTTP },
};

static struct diag_plan plan_of(const struct diag_probe_options *o)
{
	struct diag_plan plan;

	assert_true(diag_plan_probe(o, &plan, NULL));
	return plan;
}

static void expect_end(struct diag_plan *plan)
{
	struct diag_step step;

	assert_false(plan->next(plan->ctx, &step));
}

static struct diag_step expect(struct diag_plan *plan,
			       enum diag_probe_kind probe, unsigned port)
{
	struct diag_step step;

	assert_true(plan->next(plan->ctx, &step));
	assert_int_equal(probe, step.probe);
	assert_int_equal(port, step.port);
	return step;
}

static void each_port_of_an_address_is_tried_once(void **unused)
{
	struct diag_addr at = diag_addr_v4(10, 150, 0, 20);
	struct diag_probe_host host = {
		.addresses = &at, .n_addresses = 1, .ports = plain, .n_ports = 2
	};
	struct diag_probe_options o = { .hosts = &host, .n_hosts = 1 };
	struct diag_plan plan = plan_of(&o);

	(void)unused;
	(void)expect(&plan, DIAG_PROBE_ROUTE, 0);
	assert_null(expect(&plan, DIAG_PROBE_CONNECT, 29876).target);
	(void)expect(&plan, DIAG_PROBE_CONNECT, 29877);
	(void)expect(&plan, DIAG_PROBE_UDP, 5831);
	expect_end(&plan);
	assert_false(plan.waiting(plan.ctx));
	plan.free(plan.ctx);
}

static void answer(struct diag_plan *plan, const struct diag_step *step,
		   const struct diag_addr *a, size_t n)
{
	struct diag_fact f = { .kind = DIAG_FACT_SYSTEM_DNS,
			       .status = DIAG_ST_ANSWER };

	f.system_dns.addresses = a;
	f.system_dns.n_addresses = n;
	assert_true(plan->learn(plan->ctx, step, &f, NULL));
	plan->done(plan->ctx, step);
}

static void a_name_is_asked_for_and_what_it_says_is_tried(void **unused)
{
	struct diag_addr given = diag_addr_v4(10, 150, 0, 9);
	struct diag_addr said[2] = { given, diag_addr_v4(20, 62, 10, 9) };
	struct diag_probe_host host = { .name = "a.example",
					.addresses = &given,
					.n_addresses = 1,
					.ask = true,
					.ports = https,
					.n_ports = 1,
					.http = &question };
	struct diag_probe_options o = { .hosts = &host, .n_hosts = 1 };
	struct diag_plan plan = plan_of(&o);
	struct diag_step dns, step;

	(void)unused;
	dns = expect(&plan, DIAG_PROBE_SYSTEM_DNS, 0);
	assert_string_equal("a.example", dns.name);
	(void)expect(&plan, DIAG_PROBE_ROUTE, 0);
	step = expect(&plan, DIAG_PROBE_CONNECT, 443);
	assert_true(diag_addr_eq(&given, &step.addr));
	assert_int_equal(DIAG_STAGE_HTTP, step.stage);
	assert_ptr_equal(&question, step.http);
	expect_end(&plan);
	answer(&plan, &dns, said, 2);
	(void)expect(&plan, DIAG_PROBE_ROUTE, 0);
	step = expect(&plan, DIAG_PROBE_CONNECT, 443);
	assert_true(diag_addr_eq(&said[1], &step.addr));
	expect_end(&plan);
	plan.free(plan.ctx);
}

static void an_address_that_is_named_twice_is_tried_once(void **unused)
{
	const struct diag_addr one = diag_addr_v4(10, 150, 0, 9);
	const struct diag_addr two = diag_addr_v4(10, 150, 0, 10);
	const struct diag_addr given[3] = { one, one, one };
	const struct diag_addr said[4] = { two, one, two, two };
	struct diag_probe_host host = { .name = "a.example",
					.addresses = given,
					.n_addresses = 3,
					.ask = true,
					.ports = https,
					.n_ports = 1 };
	struct diag_probe_options o = { .hosts = &host, .n_hosts = 1 };
	struct diag_plan plan = plan_of(&o);
	struct diag_step dns;

	(void)unused;
	dns = expect(&plan, DIAG_PROBE_SYSTEM_DNS, 0);
	(void)expect(&plan, DIAG_PROBE_ROUTE, 0);
	(void)expect(&plan, DIAG_PROBE_CONNECT, 443);
	expect_end(&plan);
	answer(&plan, &dns, said, 4);
	(void)expect(&plan, DIAG_PROBE_ROUTE, 0);
	(void)expect(&plan, DIAG_PROBE_CONNECT, 443);
	expect_end(&plan);
	plan.free(plan.ctx);
}

static void a_given_address_is_instead_of_asking(void **unused)
{
	struct diag_addr given = diag_addr_v4(10, 150, 0, 9);
	struct diag_probe_host host = { .name = "a.example",
					.addresses = &given,
					.n_addresses = 1,
					.ports = https,
					.n_ports = 1 };
	struct diag_probe_options o = { .hosts = &host, .n_hosts = 1 };
	struct diag_plan plan = plan_of(&o);

	(void)unused;
	(void)expect(&plan, DIAG_PROBE_ROUTE, 0);
	assert_string_equal("a.example",
			    expect(&plan, DIAG_PROBE_CONNECT, 443).name);
	expect_end(&plan);
	plan.free(plan.ctx);
}

static void the_browsers_question_comes_once(void **unused)
{
	struct diag_addr at = diag_addr_v4(10, 150, 0, 8);
	struct diag_probe_host host = { .name = "a.example",
					.addresses = &at,
					.n_addresses = 1,
					.ports = https,
					.n_ports = 1,
					.http = &question,
					.preflight = &preflight };
	struct diag_probe_options o = { .hosts = &host,
					.n_hosts = 1,
					.rounds = 2 };
	struct diag_plan plan = plan_of(&o);

	(void)unused;
	(void)expect(&plan, DIAG_PROBE_ROUTE, 0);
	assert_ptr_equal(&question,
			 expect(&plan, DIAG_PROBE_CONNECT, 443).http);
	assert_ptr_equal(&preflight,
			 expect(&plan, DIAG_PROBE_CONNECT, 443).http);
	assert_ptr_equal(&question,
			 expect(&plan, DIAG_PROBE_CONNECT, 443).http);
	expect_end(&plan);
	plan.free(plan.ctx);
}

static void large_hellos_come_twice_and_only_where_tls_is(void **unused)
{
	static const struct diag_probe_ports both[] = {
		{ .port = 22, .last = 22 },
		{ .port = 443, .last = 443, .stage = DIAG_STAGE_HTTP },
	};
	struct diag_addr at = diag_addr_v4(10, 150, 0, 8);
	struct diag_probe_host host = { .name = "a.example",
					.addresses = &at,
					.n_addresses = 1,
					.ports = both,
					.n_ports = 2,
					.preflight = &preflight };
	struct diag_probe_options o = { .hosts = &host,
					.n_hosts = 1,
					.large = true };
	struct diag_plan plan = plan_of(&o);
	struct diag_step step;

	(void)unused;
	(void)expect(&plan, DIAG_PROBE_ROUTE, 0);
	assert_false(expect(&plan, DIAG_PROBE_CONNECT, 22).large);
	assert_false(expect(&plan, DIAG_PROBE_CONNECT, 443).large);
	step = expect(&plan, DIAG_PROBE_CONNECT, 443);
	assert_ptr_equal(&preflight, step.http);
	assert_false(step.large);
	for (unsigned i = 0; i < 2; i++) {
		step = expect(&plan, DIAG_PROBE_CONNECT, 443);
		assert_true(step.large);
		assert_int_equal(DIAG_STAGE_TLS, step.stage);
		assert_null(step.http);
	}
	expect_end(&plan);
	plan.free(plan.ctx);
}

static bool is_due(void *ctx, unsigned round)
{
	return round <= *(const unsigned *)ctx;
}

static void a_round_waits_until_it_is_due(void **unused)
{
	struct diag_addr at = diag_addr_v4(10, 150, 0, 8);
	unsigned due = 1;
	struct diag_probe_host host = {
		.addresses = &at, .n_addresses = 1, .ports = https, .n_ports = 1
	};
	struct diag_probe_options o = { .hosts = &host,
					.n_hosts = 1,
					.rounds = 3,
					.due = is_due,
					.ctx = &due };
	struct diag_plan plan = plan_of(&o);

	(void)unused;
	(void)expect(&plan, DIAG_PROBE_ROUTE, 0);
	(void)expect(&plan, DIAG_PROBE_CONNECT, 443);
	expect_end(&plan);
	assert_true(plan.waiting(plan.ctx));
	due = 2;
	(void)expect(&plan, DIAG_PROBE_CONNECT, 443);
	expect_end(&plan);
	assert_true(plan.waiting(plan.ctx));
	plan.cancel(plan.ctx);
	assert_false(plan.waiting(plan.ctx));
	due = 3;
	expect_end(&plan);
	plan.free(plan.ctx);
}

static void the_last_port_there_is_ends_a_range(void **unused)
{
	static const struct diag_probe_ports all[] = { { .port = 65534,
							 .last = 65535 } };
	struct diag_addr at = diag_addr_v4(10, 150, 0, 8);
	struct diag_probe_host host = {
		.addresses = &at, .n_addresses = 1, .ports = all, .n_ports = 1
	};
	struct diag_probe_options o = { .hosts = &host,
					.n_hosts = 1,
					.peer = true };
	struct diag_plan plan = plan_of(&o);

	(void)unused;
	(void)expect(&plan, DIAG_PROBE_ROUTE, 0);
	assert_true(expect(&plan, DIAG_PROBE_CONNECT, 65534).peer);
	(void)expect(&plan, DIAG_PROBE_CONNECT, 65535);
	expect_end(&plan);
	plan.free(plan.ctx);
}

/* --- pl-listen's ------------------------------------------------------------
 */

static bool on_bound(void *ctx, struct diag_err *err)
{
	(void)err;
	++*(unsigned *)ctx;
	return true;
}

static void all_is_bound_when_the_last_step_is_given(void **unused)
{
	struct diag_addr at[2] = { { .family = DIAG_IPV4 },
				   { .family = DIAG_IPV6 } };
	static const struct diag_probe_ports ports[] = {
		{ .port = 29876, .last = 29877 },
		{ .port = 5831, .last = 5831, .proto = DIAG_UDP },
	};
	unsigned bound = 0;
	struct diag_listen_options o = { .addresses = at,
					 .n_addresses = 2,
					 .ports = ports,
					 .n_ports = 2,
					 .capture = true,
					 .bound = on_bound,
					 .ctx = &bound };
	struct diag_plan plan;

	(void)unused;
	assert_true(diag_plan_listen(&o, &plan, NULL));
	(void)expect(&plan, DIAG_PROBE_SNIFF, 29876);
	(void)expect(&plan, DIAG_PROBE_ARRIVAL, 29876);
	(void)expect(&plan, DIAG_PROBE_ARRIVAL, 29877);
	(void)expect(&plan, DIAG_PROBE_ARRIVAL_UDP, 5831);
	assert_int_equal(DIAG_IPV6,
			 expect(&plan, DIAG_PROBE_ARRIVAL, 29876).addr.family);
	(void)expect(&plan, DIAG_PROBE_ARRIVAL, 29877);
	(void)expect(&plan, DIAG_PROBE_ARRIVAL_UDP, 5831);
	assert_int_equal(0, bound);
	expect_end(&plan);
	expect_end(&plan);
	assert_int_equal(1, bound);
	plan.free(plan.ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_port_of_an_address_is_tried_once),
		cmocka_unit_test(a_name_is_asked_for_and_what_it_says_is_tried),
		cmocka_unit_test(an_address_that_is_named_twice_is_tried_once),
		cmocka_unit_test(a_given_address_is_instead_of_asking),
		cmocka_unit_test(the_browsers_question_comes_once),
		cmocka_unit_test(large_hellos_come_twice_and_only_where_tls_is),
		cmocka_unit_test(a_round_waits_until_it_is_due),
		cmocka_unit_test(the_last_port_there_is_ends_a_range),
		cmocka_unit_test(all_is_bound_when_the_last_step_is_given),
	};

	return cmocka_run_group_tests_name("plan probe", tests, NULL, NULL);
}
