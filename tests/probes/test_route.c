/* SPDX-License-Identifier: MIT */
/* What the kernel says of the way to an address.  Only loopback is there on
 * every machine; gateways, tunnels and missing routes are met in the lab. */
#include "fact/store.h"
#include "probes/probes.h"
#include "run/runner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void ask(struct diag_store *facts, const struct diag_addr *a)
{
	struct diag_step step = { .probe = DIAG_PROBE_ROUTE,
				  .addr = *a,
				  .timeout_ms = 1000 };
	struct diag_run_options o = { .sink = diag_store_sink(facts) };
	struct diag_err err = { 0 };

	assert_true(diag_probe_run(&probe_route, &step, &o, &err));
	assert_int_equal(1, facts->n);
	assert_int_equal(DIAG_FACT_ROUTE, facts->facts[0]->kind);
}

static void loopback_is_on_link_through_lo(void **unused)
{
	struct diag_addr a = diag_addr_v4(127, 1, 2, 3);
	struct diag_store facts;

	(void)unused;
	diag_store_init(&facts);
	ask(&facts, &a);
	assert_int_equal(DIAG_ST_OK, facts.facts[0]->status);
	assert_string_equal("lo", facts.facts[0]->route.interface);
	assert_true(facts.facts[0]->route.on_link);
	assert_false(facts.facts[0]->route.is_default);
	assert_false(facts.facts[0]->route.is_tunnel);
	assert_true(diag_addr_eq(&a, &facts.facts[0]->route.address));
	diag_store_clear(&facts);
}

/* 240.0.0.1 is reserved (RFC 1112, 4): with or without a default route the
 * kernel answers, and every answer is one fact. */
static void every_address_gives_one_fact(void **unused)
{
	struct diag_addr a = diag_addr_v4(240, 0, 0, 1);
	struct diag_store facts;

	(void)unused;
	diag_store_init(&facts);
	ask(&facts, &a);
	if (facts.facts[0]->status == DIAG_ST_NONE)
		assert_int_not_equal(0, facts.facts[0]->sys_errno);
	else
		assert_int_equal(DIAG_ST_OK, facts.facts[0]->status);
	diag_store_clear(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loopback_is_on_link_through_lo),
		cmocka_unit_test(every_address_gives_one_fact),
	};

	return cmocka_run_group_tests_name("probe_route", tests, NULL, NULL);
}
