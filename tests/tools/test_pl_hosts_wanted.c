/* SPDX-License-Identifier: MIT */
/* Which names a hosts file gets, from whom, and what is left out and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tools/pl-hosts/wanted.h"

#define API \
	"bf4ab0bd-2c9f-4480-abaf-f799f0832c80.workspace.eastus.api.azureml.ms"
#define VAULT "ws1103kv.vault.azure.net"
#define BLOB  "ws1103sa.blob.core.windows.net"

static struct diag_arena arena;
static struct hosts_wanted wanted;
static struct diag_err err;
static struct diag_inventory *given; /* as read, before it was expanded */

static int set_up(void **unused)
{
	(void)unused;
	diag_arena_init(&arena, 0);
	err = (struct diag_err){ 0 };
	return 0;
}

static int tear_down(void **unused)
{
	(void)unused;
	diag_arena_clear(&arena);
	diag_inventory_free(given);
	given = NULL;
	return 0;
}

static struct diag_inventory *inventory_with(const char *more,
					     const char *targets)
{
	struct diag_inventory *out = NULL;
	struct diag_problems problems;
	char text[4096];

	assert_true(diag_cat_load(NULL));
	diag_problems_init(&problems);
	(void)snprintf(text, sizeof(text),
		       "{\"schema\":\"pldiag.inventory/1\",\"name\":\"ws1103\","
		       "\"region\":\"eastus\",\"networks\":[\"10.150.0.0/16\","
		       "\"20.9.0.0/16\"],%s\"targets\":[%s]}",
		       more, targets);
	if (!diag_inventory_parse("test", text, strlen(text), &problems, &given,
				  &err))
		fail_msg("%s", diag_buf_str(&problems.text));
	assert_true(diag_inventory_expand(given, DIAG_ROLE_CLIENT,
					  DIAG_ERA_CURRENT, true, &out, &err));
	diag_problems_clear(&problems);
	return out;
}

static struct diag_inventory *inventory(const char *targets)
{
	return inventory_with("", targets);
}

static void want(const struct diag_inventory *inv)
{
	const struct hosts_source source = hosts_source_inventory(inv);
	const struct hosts_question q = { .inv = inv,
					  .given = given,
					  .source = &source };

	assert_true(hosts_wanted_make(&arena, &q, &wanted, &err));
}

static const struct hosts_name *name_of(const char *name)
{
	for (size_t i = 0; i < wanted.n_names; i++)
		if (strcmp(wanted.names[i].name, name) == 0)
			return &wanted.names[i];
	return NULL;
}

static const struct hosts_left *left_of(const char *name)
{
	for (size_t i = 0; i < wanted.n_left; i++)
		if (strcmp(wanted.left[i].name, name) == 0)
			return &wanted.left[i];
	return NULL;
}

static void is_left(const char *name, const char *why)
{
	const struct hosts_left *left = left_of(name);

	assert_non_null(left);
	if (strstr(left->why, why) == NULL)
		fail_msg("%s: %s", name, left->why);
}

static void has(const char *name, const char *addresses)
{
	const struct hosts_name *n = name_of(name);

	assert_non_null(n);
	assert_string_equal(addresses,
			    hosts_addresses_text(&arena, n->addresses, n->n));
}

/* --- from the inventory --------------------------------------------------- */

static void expected_addresses_are_taken(void **unused)
{
	struct diag_inventory *inv =
	    inventory("{\"fqdn\":\"" VAULT "\",\"addresses\":[\"10.150.0.9\","
		      "\"10.150.0.19\"]},"
		      "{\"fqdn\":\"" BLOB "\",\"addresses\":[\"fd00::8\"]}");
	struct hosts_pinned pinned;

	(void)unused;
	want(inv);
	assert_int_equal(2, wanted.n_names);
	assert_int_equal(0, wanted.n_left);
	has(VAULT, "10.150.0.9, 10.150.0.19");
	has(BLOB, "fd00::8");
	assert_string_equal("expected by the inventory", name_of(VAULT)->why);
	assert_string_equal("ws1103", wanted.block);
	assert_true(hosts_pins(&arena, &wanted, &pinned, &err));
	assert_int_equal(3, pinned.n);
	diag_inventory_free(inv);
}

static void what_has_no_address_is_left_out(void **unused)
{
	struct diag_inventory *inv = inventory("{\"fqdn\":\"" VAULT "\"}");

	(void)unused;
	want(inv);
	assert_int_equal(0, wanted.n_names);
	is_left(VAULT, "no address is known");
	diag_inventory_free(inv);
}

static void public_names_and_nodes_are_never_written(void **unused)
{
	struct diag_inventory *inv = inventory(
	    "{\"fqdn\":\"ml.azure.com\",\"service\":\"studio\","
	    "\"expect\":\"public\",\"addresses\":[\"10.150.0.3\"]},"
	    "{\"addresses\":[\"10.150.0.20\"],\"service\":\"compute-node\"},"
	    "{\"fqdn\":\"x.example\",\"expect\":\"any\","
	    "\"addresses\":[\"10.150.0.3\"]}");

	(void)unused;
	want(inv);
	assert_int_equal(0, wanted.n_names);
	assert_int_equal(1, wanted.n_left);
	is_left("x.example", "must be private");
	diag_inventory_free(inv);
}

static void a_wildcard_is_no_name_of_a_hosts_file(void **unused)
{
	struct diag_inventory *inv =
	    inventory("{\"fqdn\":\"*.eastus.inference.ml.azure.com\","
		      "\"service\":\"online-endpoint\","
		      "\"addresses\":[\"10.150.0.6\"]}");

	(void)unused;
	want(inv);
	assert_int_equal(0, wanted.n_names);
	is_left("*.eastus.inference.ml.azure.com", "wildcards");
	diag_inventory_free(inv);
}

static void online_endpoints_get_the_address_of_the_wildcard(void **unused)
{
	struct diag_inventory *inv =
	    inventory_with("\"online_endpoints\":[\"ep1\",\"ep2\"],",
			   "{\"fqdn\":\"*.eastus.inference.ml.azure.com\","
			   "\"service\":\"online-endpoint\","
			   "\"addresses\":[\"10.150.0.6\"]}");

	(void)unused;
	want(inv);
	assert_int_equal(2, wanted.n_names);
	has("ep1.eastus.inference.ml.azure.com", "10.150.0.6");
	has("ep2.eastus.inference.ml.azure.com", "10.150.0.6");
	assert_int_equal(0, wanted.n_left);
	diag_inventory_free(inv);
}

static void unusable_addresses_are_left_out(void **unused)
{
	struct diag_inventory *inv =
	    inventory("{\"fqdn\":\"" VAULT "\",\"addresses\":[\"127.0.0.1\"]}");

	(void)unused;
	want(inv);
	is_left(VAULT, "nobody can use");
	diag_inventory_free(inv);
}

/* --- what an address is good for ------------------------------------------ */

static void only_private_or_known_addresses_fit(void **unused)
{
	static const struct {
		const char *addr, *unfit;
	} rows[] = {
		{ "10.150.0.9", NULL },	  { "10.99.0.1", NULL },
		{ "20.9.1.1", NULL },	  { "20.62.10.9", "public" },
		{ "127.0.0.1", "loopb" }, { "100.64.0.7", "zero-trust" },
		{ "100.70.0.7", NULL },	  { "198.18.0.1", "zero-trust" },
		{ "172.17.0.2", "" },	  { "168.63.129.16", "" },
		{ "fd00::1", NULL },	  { "2603::1", "public" },
		{ "52.1.2.3", NULL }, /* expected */
	};
	struct diag_inventory *inv =
	    inventory("{\"fqdn\":\"" VAULT "\",\"addresses\":[\"52.1.2.3\"]}");
	const struct diag_target *t = diag_inventory_target(inv, VAULT);

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct diag_addr a;
		const char *unfit;

		assert_true(diag_addr_parse(rows[i].addr, &a));
		unfit = hosts_unfit(inv, t, &a);
		if ((unfit == NULL) != (rows[i].unfit == NULL) ||
		    (unfit && strstr(unfit, rows[i].unfit) == NULL))
			fail_msg("%s: %s", rows[i].addr, unfit ? unfit : "fit");
	}
	diag_inventory_free(inv);
}

/* --- from a name server --------------------------------------------------- */

static struct diag_store facts;

static void answers(const char *name, enum diag_status status,
		    const char *address, const char *second)
{
	struct diag_addr a[2];
	struct diag_fact f = {
		.kind = DIAG_FACT_DNS,
		.status = status,
		.target = name,
		.dns = { .view = "10.0.0.53:53",
			 .name = name,
			 .type = DIAG_RR_A,
			 .addresses = a },
	};

	if (address && diag_addr_parse(address, &a[0]))
		f.dns.n_addresses++;
	if (second && diag_addr_parse(second, &a[1]))
		f.dns.n_addresses++;
	assert_true(diag_store_add(&facts, &f, NULL, &err));
}

static void want_resolved(const struct diag_inventory *inv)
{
	struct hosts_resolver r = { .arena = &arena,
				    .inv = inv,
				    .facts = &facts,
				    .server = "10.0.0.53:53" };
	struct hosts_source source;
	const struct hosts_question q = { .inv = inv, .source = &source };

	assert_true(hosts_source_resolver(&r, &source, &err));
	assert_true(hosts_wanted_make(&arena, &q, &wanted, &err));
}

static void private_answers_of_a_server_are_taken(void **unused)
{
	struct diag_inventory *inv =
	    inventory("{\"fqdn\":\"" VAULT "\"},{\"fqdn\":\"" BLOB "\","
		      "\"addresses\":[\"10.150.0.8\"]},{\"fqdn\":\"" API "\"}");

	(void)unused;
	diag_store_init(&facts);
	answers(BLOB, DIAG_ST_ANSWER, "10.150.0.18", NULL);
	answers(API, DIAG_ST_TRUNCATED, "10.150.0.99", NULL);
	answers(API, DIAG_ST_ANSWER, "10.150.0.4", "10.150.0.14");
	answers(VAULT, DIAG_ST_ANSWER, "10.150.0.9", NULL);
	want_resolved(inv);
	has(VAULT, "10.150.0.9");
	has(API, "10.150.0.4, 10.150.0.14");
	assert_string_equal("10.0.0.53:53 says so", name_of(API)->why);
	assert_null(name_of(API)->warning);
	has(BLOB, "10.150.0.18");
	assert_string_equal("the inventory expects 10.150.0.8",
			    name_of(BLOB)->warning);
	diag_store_clear(&facts);
	diag_inventory_free(inv);
}

static void public_mixed_and_failing_answers_are_left_out(void **unused)
{
	static const struct {
		enum diag_status status;
		const char *a, *b, *why;
		bool unknown;
	} rows[] = {
		{ DIAG_ST_ANSWER, "20.62.10.9", NULL, "which is public",
		  false },
		{ DIAG_ST_ANSWER, "10.150.0.9", "20.62.10.9", "20.62.10.9",
		  false },
		{ DIAG_ST_ANSWER, "127.0.0.1", NULL, "loopback", false },
		{ DIAG_ST_ANSWER, NULL, NULL, "no answer", true },
		{ DIAG_ST_NODATA, NULL, NULL, "no IPv4 address", false },
		{ DIAG_ST_NXDOMAIN, NULL, NULL, "no such name", false },
		{ DIAG_ST_TIMEOUT, NULL, NULL, "in time", true },
		{ DIAG_ST_SERVFAIL, NULL, NULL, "SERVFAIL", true },
		{ DIAG_ST_REFUSED, NULL, NULL, "REFUSED", true },
		{ DIAG_ST_PORT_CLOSED, NULL, NULL, "port is closed", true },
		{ DIAG_ST_RCODE_OTHER, NULL, NULL, "no answer", true },
		{ DIAG_ST_TRUNCATED, "10.150.0.9", NULL, "was not asked",
		  true },
	};
	struct diag_inventory *inv = inventory("{\"fqdn\":\"" VAULT "\"}");

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		diag_store_init(&facts);
		answers(VAULT, rows[i].status, rows[i].a, rows[i].b);
		want_resolved(inv);
		assert_int_equal(0, wanted.n_names);
		is_left(VAULT, rows[i].why);
		is_left(VAULT, "10.0.0.53:53");
		assert_int_equal(rows[i].unknown, left_of(VAULT)->unknown);
		diag_store_clear(&facts);
	}
	diag_inventory_free(inv);
}

static void a_form_that_nobody_needs_is_marked(void **unused)
{
	struct diag_inventory *inv =
	    inventory("{\"fqdn\":\"" VAULT "\",\"any_of\":\"v\"},"
		      "{\"fqdn\":\"" BLOB "\",\"any_of\":\"v\"},"
		      "{\"fqdn\":\"" API "\"}");

	(void)unused;
	diag_store_init(&facts);
	answers(VAULT, DIAG_ST_ANSWER, "10.150.0.9", NULL);
	answers(BLOB, DIAG_ST_NXDOMAIN, NULL, NULL);
	answers(API, DIAG_ST_NXDOMAIN, NULL, NULL);
	want_resolved(inv);
	assert_true(left_of(BLOB)->needless);
	assert_false(left_of(API)->needless);
	diag_store_clear(&facts);
	diag_inventory_free(inv);
}

/* --- the block's name ----------------------------------------------------- */

static const char *block_of(struct diag_inventory *inv, const char *name,
			    const char *block)
{
	const struct hosts_source source = hosts_source_inventory(inv);
	const struct hosts_question q = { .inv = inv,
					  .source = &source,
					  .block = block };

	inv->name = name;
	err = (struct diag_err){ 0 };
	return hosts_wanted_make(&arena, &q, &wanted, &err) ? wanted.block
							    : NULL;
}

static void block_names_are_made_safe(void **unused)
{
	struct diag_inventory *inv = inventory("{\"fqdn\":\"" VAULT "\"}");
	char longest[100];

	(void)unused;
	assert_string_equal("ws-1-\x2d.x_Y",
			    block_of(inv, "ws 1\n\t.x_Y", NULL));
	assert_string_equal(VAULT, block_of(inv, "", NULL));
	assert_string_equal("mine", block_of(inv, "ws1103", "mine"));
	memset(longest, 'a', sizeof(longest));
	longest[99] = '\0';
	assert_int_equal(DIAG_HOSTS_BLOCK_MAX,
			 strlen(block_of(inv, longest, NULL)));
	assert_null(block_of(inv, "x", longest));
	assert_int_equal(DIAG_EUSAGE, err.code);
	assert_null(block_of(inv, "x", ""));
	assert_null(block_of(inv, "x", "a b"));
	diag_inventory_free(inv);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(expected_addresses_are_taken),
		CASE(what_has_no_address_is_left_out),
		CASE(public_names_and_nodes_are_never_written),
		CASE(a_wildcard_is_no_name_of_a_hosts_file),
		CASE(online_endpoints_get_the_address_of_the_wildcard),
		CASE(unusable_addresses_are_left_out),
		CASE(only_private_or_known_addresses_fit),
		CASE(private_answers_of_a_server_are_taken),
		CASE(public_mixed_and_failing_answers_are_left_out),
		CASE(a_form_that_nobody_needs_is_marked),
		CASE(block_names_are_made_safe),
	};

	return cmocka_run_group_tests_name("pl_hosts_wanted", tests, NULL,
					   NULL);
}
