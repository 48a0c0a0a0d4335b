/* SPDX-License-Identifier: MIT */
/* Properties: any order gives the same bytes, importing what was printed gives
 * the same, and so does importing what was expanded. */
#include "tests/import/make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 60
#define PICKED 12

/* Numbers that are the same on every machine (xorshift64). */
static uint64_t seed = 88172645463325252ULL;

static size_t below(size_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)(seed % n);
}

static void shuffle(const char **items, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = below(i);
		const char *keep = items[i - 1];

		items[i - 1] = items[k];
		items[k] = keep;
	}
}

static void import_and_print(const char *const *names, struct diag_buf *out)
{
	struct imported x;

	import_samples(&x, names);
	no_problems(&x);
	print_json(x.inv, out);
	end(&x);
}

static void again(const struct diag_buf *text, struct diag_buf *out)
{
	struct imported x;

	begin(&x);
	add_bytes(&x, "again.json", text->data, text->len);
	finish(&x);
	no_problems(&x);
	print_json(x.inv, out);
	end(&x);
}

/* A whole inventory is too long to show. */
static void same(const struct diag_buf *a, const struct diag_buf *b)
{
	size_t at = 0;
	size_t from;

	while (at < a->len && at < b->len && a->data[at] == b->data[at])
		at++;
	if (at == a->len && at == b->len)
		return;
	from = at > 200 ? at - 200 : 0;
	fail_msg("differ here:\n%.400s\n%.400s", a->data + from,
		 b->data + from);
}

static void expand(const struct diag_buf *text, enum diag_role role,
		   struct diag_buf *out)
{
	struct diag_inventory *inv = NULL;
	struct diag_inventory *expanded = NULL;

	assert_true(
	    diag_inventory_parse("x", text->data, text->len, NULL, &inv, NULL));
	assert_true(diag_inventory_expand(inv, role, DIAG_ERA_CURRENT, false,
					  &expanded, NULL));
	print_json(expanded, out);
	diag_inventory_free(inv);
	diag_inventory_free(expanded);
}

static void check(const char **names)
{
	struct diag_buf first;
	struct diag_buf other;
	size_t n = 0;

	while (names[n] != NULL)
		n++;
	import_and_print(names, &first);
	shuffle(names, n);
	import_and_print(names, &other);
	same(&first, &other);
	diag_buf_clear(&other);
	again(&first, &other);
	same(&first, &other);
	diag_buf_clear(&other);
	for (int role = 0; role < DIAG_N_ROLES; role++) {
		struct diag_buf expanded;

		expand(&first, (enum diag_role)role, &expanded);
		again(&expanded, &other);
		same(&expanded, &other);
		diag_buf_clear(&other);
		diag_buf_clear(&expanded);
	}
	diag_buf_clear(&first);
}

static void all_samples_in_any_order(void **state)
{
	const char *names[128];
	size_t n;
	const char *const *all = all_samples(&n);

	(void)state;
	memcpy(names, all, (n + 1) * sizeof(*names));
	check(names);
}

static void some_samples_in_any_order(void **state)
{
	const char *names[128];
	size_t n;
	const char *const *all = all_samples(&n);

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		size_t picked = 1 + below(PICKED);

		memcpy(names, all, n * sizeof(*names));
		shuffle(names, n);
		names[picked] = NULL;
		check(names);
	}
}

/* An inventory by hand, with everything that import would not make. */
static void an_inventory_by_hand_stays_what_it_is(void **state)
{
	static const char text[] =
	    "{\"schema\":\"pldiag.inventory/1\",\"name\":\"mine\",\"cloud\":"
	    "\"public\",\"region\":\"eastus\",\"networks\":[\"10.1.0.0/16\"],"
	    "\"public_access\":\"selected\",\"managed_network\":true,"
	    "\"workspace\":{\"name\":\"w\",\"id\":\"" G "\"},"
	    "\"storage\":[{\"name\":\"sa\",\"services\":[\"dfs\"]}],"
	    "\"registry\":[{\"name\":\"acr\",\"regions\":[\"westus2\"]}],"
	    "\"compute_nodes\":[\"10.1.0.20\"],"
	    "\"targets\":[{\"fqdn\":\"x.example.org\",\"any_of\":\"g\","
	    "\"ports\":[],\"uncertain\":true,\"source\":\"computed\"},"
	    "{\"service\":\"compute-node\",\"addresses\":[\"10.1.0.9\"]}],"
	    "\"subnets\":[{\"id\":\"/n/subnets/b\",\"prefixes\":[]},{\"id\":"
	    "\"/n/subnets/A\",\"prefixes\":[\"10.1.1.0/24\","
	    "\"10.1.0.0/24\"],\"endpoint_policies\":true}],"
	    "\"nsgs\":[{\"odd\":[1,{\"a\":null}]}],"
	    "\"notes\":[{\"code\":\"x\"},{\"detail\":\"y\"}],"
	    "\"sources\":{\"workspace.id\":\"w.json $.x\",\"odd\":{\"a\":"
	    "\"b\"},\"targets\":{\"gone.example.org\":[\"f: $\"]}}}";
	struct imported x;
	struct diag_buf first;
	struct diag_buf other;

	(void)state;
	begin(&x);
	add_text(&x, "hand.json", text);
	finish(&x);
	no_problems(&x);
	assert_string_equal("w.json $.x", sources_of(&x, "workspace.id", G));
	assert_string_equal("b", sources_of(&x, "odd", "a"));
	assert_string_equal("f: $",
			    sources_of(&x, "targets", "gone.example.org"));
	assert_string_equal("hand.json: $.storage[0]",
			    sources_of(&x, "storage", "sa"));
	assert_true(x.inv->managed_network);
	assert_int_equal(DIAG_ACCESS_SELECTED, x.inv->public_access);
	print_json(x.inv, &first);
	again(&first, &other);
	same(&first, &other);
	diag_buf_clear(&first);
	diag_buf_clear(&other);
	end(&x);
}

/* finish() may be asked twice, with other options. */
static void finishing_again_changes_nothing(void **state)
{
	size_t n;
	struct imported x;
	struct diag_buf first;
	struct diag_buf other;

	(void)state;
	import_samples(&x, all_samples(&n));
	print_json(x.inv, &first);
	diag_inventory_free(x.inv);
	x.inv = NULL;
	finish(&x);
	print_json(x.inv, &other);
	same(&first, &other);
	diag_buf_clear(&first);
	diag_buf_clear(&other);
	end(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_samples_in_any_order),
		cmocka_unit_test(some_samples_in_any_order),
		cmocka_unit_test(an_inventory_by_hand_stays_what_it_is),
		cmocka_unit_test(finishing_again_changes_nothing),
	};

	return cmocka_run_group_tests_name("import order", tests, NULL, NULL);
}
