/* SPDX-License-Identifier: MIT */
/* The store keeps deep copies, finds them, and keeps each string once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fact/store.h"
#include "tests/fact/make.h"
#include "tests/support/torture.h"

static void a_kept_fact_outlives_the_one_given(void **unused)
{
	struct make given = { .state = 1 };
	struct make again = { .state = 1 };
	struct diag_store store;
	struct diag_fact expected[80];

	(void)unused;
	diag_store_init(&store);
	diag_arena_init(&given.arena, 0);
	diag_arena_init(&again.arena, 0);
	for (unsigned i = 0; i < 80; i++) {
		enum diag_fact_kind kind = i % DIAG_N_FACT_KINDS;
		struct diag_fact f = make_fact(&given, kind);

		assert_true(diag_store_add(&store, &f, NULL, NULL));
		expected[i] = make_fact(&again, kind);
	}
	diag_arena_clear(&given.arena); /* what was given is gone */
	assert_int_equal(80, store.n);
	for (unsigned i = 0; i < 80; i++)
		assert_true(same_fact(&expected[i], store.facts[i]));
	diag_arena_clear(&again.arena);
	diag_store_clear(&store);
}

static struct diag_fact tcp_fact(uint32_t id)
{
	return (struct diag_fact){ .id = id,
				   .kind = DIAG_FACT_TCP,
				   .status = DIAG_ST_OPEN,
				   .target = "a.example" };
}

static void a_fact_without_number_gets_the_next_one(void **unused)
{
	struct diag_store store;
	struct diag_fact f = tcp_fact(0);
	const struct diag_fact *kept;

	(void)unused;
	diag_store_init(&store);
	assert_true(diag_store_add(&store, &f, &kept, NULL));
	assert_int_equal(1, kept->id);
	f.id = 7;
	assert_true(diag_store_add(&store, &f, &kept, NULL));
	f.id = 0;
	assert_true(diag_store_add(&store, &f, &kept, NULL));
	assert_int_equal(8, kept->id);
	diag_store_clear(&store);
}

static void facts_are_found_by_number_in_any_order(void **unused)
{
	static const uint32_t ids[] = { 1, 2, 10, 50, 4, 3 };
	struct diag_store store;

	(void)unused;
	diag_store_init(&store);
	assert_null(diag_store_get(&store, 1));
	for (size_t i = 0; i < 6; i++) {
		struct diag_fact f = tcp_fact(ids[i]);

		assert_true(diag_store_add(&store, &f, NULL, NULL));
		for (size_t k = 0; k <= i; k++)
			assert_int_equal(ids[k],
					 diag_store_get(&store, ids[k])->id);
		assert_null(diag_store_get(&store, 0));
		assert_null(diag_store_get(&store, 49));
		assert_null(diag_store_get(&store, 51));
	}
	diag_store_clear(&store);
}

static void what_a_fact_is_about_is_never_null(void **unused)
{
	struct diag_store store;
	struct diag_fact f = { .kind = DIAG_FACT_DNS };
	struct diag_rr rr = { .name = NULL };
	const struct diag_fact *kept;

	(void)unused;
	f.dns.chain = &rr;
	f.dns.n_chain = 1;
	diag_store_init(&store);
	assert_true(diag_store_add(&store, &f, &kept, NULL));
	assert_string_equal("", kept->dns.view);
	assert_string_equal("", kept->dns.name);
	assert_string_equal("", kept->dns.chain[0].value);
	assert_null(kept->dns.soa.owner);
	assert_null(kept->target);
	diag_store_clear(&store);
}

static void equal_strings_are_kept_once(void **unused)
{
	struct diag_store store;
	struct diag_fact f = tcp_fact(0);
	char name[32];
	size_t used;

	(void)unused;
	diag_store_init(&store);
	f.target = name;
	for (unsigned i = 0; i < 5000; i++) {
		(void)snprintf(name, sizeof(name), "n%u.example", i % 1000);
		assert_true(diag_store_add(&store, &f, NULL, NULL));
	}
	used = store.arena.used - 5000 * sizeof(f);
	assert_true(used < 1000 * sizeof(name) * 11 / 10);
	for (unsigned i = 0; i < 5000; i++) {
		(void)snprintf(name, sizeof(name), "n%u.example", i % 1000);
		assert_string_equal(name, store.facts[i]->target);
	}
	diag_store_clear(&store);
}

static void the_sink_stores(void **unused)
{
	struct diag_store store;
	struct diag_fact f = tcp_fact(0);
	struct diag_sink sink;

	(void)unused;
	diag_store_init(&store);
	sink = diag_store_sink(&store);
	assert_true(sink.fact(sink.ctx, &f, NULL));
	assert_int_equal(1, store.n);
	diag_store_clear(&store);
}

struct given {
	struct diag_fact facts[40];
};

static bool fill(void *arg)
{
	const struct given *given = arg;
	struct diag_store store;
	bool ok = true;

	diag_store_init(&store);
	for (unsigned i = 0; ok && i < 40; i++)
		ok = diag_store_add(&store, &given->facts[i], NULL, NULL);
	diag_store_clear(&store);
	return ok;
}

static void no_allocation_that_fails_breaks_the_store(void **unused)
{
	struct make m = { .state = 5 };
	struct given given;

	(void)unused;
	diag_arena_init(&m.arena, 0);
	for (unsigned i = 0; i < 40; i++)
		given.facts[i] = make_fact(&m, i % DIAG_N_FACT_KINDS);
	assert_true(torture(fill, &given) > 3);
	diag_arena_clear(&m.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kept_fact_outlives_the_one_given),
		cmocka_unit_test(a_fact_without_number_gets_the_next_one),
		cmocka_unit_test(facts_are_found_by_number_in_any_order),
		cmocka_unit_test(what_a_fact_is_about_is_never_null),
		cmocka_unit_test(equal_strings_are_kept_once),
		cmocka_unit_test(the_sink_stores),
		cmocka_unit_test(no_allocation_that_fails_breaks_the_store),
	};

	return cmocka_run_group_tests_name("fact store", tests, NULL, NULL);
}
