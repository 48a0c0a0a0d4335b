/* SPDX-License-Identifier: MIT */
/* Which addresses of a judged case are good enough for a hosts file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tools/pl-hosts/wanted.h"

#define VAULT "ws1103kv.vault.azure.net"
#define BLOB  "ws1103sa.blob.core.windows.net"

/* A world of one case: two names, the verdict on them, what TLS met. */
struct world {
	struct diag_arena arena;
	struct diag_addr addresses[8], expected[2];
	struct diag_cidr network;
	struct diag_target targets[2];
	const struct diag_target *by_name[2];
	struct diag_inventory inv;
	struct diag_origin origin;
	struct diag_case c;
	struct diag_target_verdict verdicts[2];
	struct diag_verdict v;
	struct hosts_case source;
	struct hosts_wanted wanted;
};

static struct diag_addr addr(const char *text)
{
	struct diag_addr a = { .family = DIAG_NOFAM };

	assert_true(diag_addr_parse(text, &a));
	return a;
}

static void set_up_targets(struct world *w)
{
	w->targets[0] = (struct diag_target){ .fqdn = VAULT,
					      .service = DIAG_SVC_KEY_VAULT,
					      .expect = DIAG_EXPECT_PRIVATE };
	w->targets[1] = (struct diag_target){ .fqdn = BLOB,
					      .service = DIAG_SVC_STORAGE_BLOB,
					      .expect = DIAG_EXPECT_PRIVATE };
	/* By name: ws1103kv comes before ws1103sa. */
	w->by_name[0] = &w->targets[0];
	w->by_name[1] = &w->targets[1];
}

static int set_up(void **state)
{
	static struct world world;
	struct world *w = &world;

	memset(w, 0, sizeof(*w));
	diag_arena_init(&w->arena, 0);
	assert_true(diag_cidr_parse("10.150.0.0/16", false, &w->network));
	set_up_targets(w);
	w->inv = (struct diag_inventory){ .name = "ws1103",
					  .workspace_name = "",
					  .workspace_id = "",
					  .networks = &w->network,
					  .n_networks = 1,
					  .targets = w->targets,
					  .n_targets = 2,
					  .by_name = w->by_name,
					  .n_by_name = 2 };
	w->origin.host = "jumpbox1";
	w->c.inventory = &w->inv;
	w->c.origins = &w->origin;
	w->c.n_origins = 1;
	diag_store_init(&w->c.facts);
	for (size_t i = 0; i < 2; i++)
		w->verdicts[i].target = &w->targets[i];
	w->v.targets = w->verdicts;
	w->v.n_targets = 2;
	w->source =
	    (struct hosts_case){ .arena = &w->arena, .c = &w->c, .v = &w->v };
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	diag_store_clear(&w->c.facts);
	diag_arena_clear(&w->arena);
	return 0;
}

/* The vault's verdict: status and the addresses that decided. */
static void vault_is(struct world *w, enum diag_target_status status,
		     const char *a, const char *b)
{
	size_t n = 0;

	if (a)
		w->addresses[n++] = addr(a);
	if (b)
		w->addresses[n++] = addr(b);
	w->verdicts[0].status = status;
	w->verdicts[0].addresses = w->addresses;
	w->verdicts[0].n_addresses = n;
	w->verdicts[1].status = DIAG_TARGET_UNKNOWN;
}

static void vault_should_be(struct world *w, const char *a)
{
	w->expected[0] = addr(a);
	w->targets[0].addresses = w->expected;
	w->targets[0].n_addresses = 1;
}

static void tls(struct world *w, const char *a, enum diag_status status)
{
	const struct diag_fact f = {
		.kind = DIAG_FACT_TLS,
		.status = status,
		.target = VAULT,
		.tls = { .address = addr(a), .port = 443, .sni = VAULT }
	};

	assert_true(diag_store_add(&w->c.facts, &f, NULL, NULL));
}

/* What the vault gets, "" for nothing; and who vouches for it. */
static const char *vault(struct world *w)
{
	const struct hosts_source source = hosts_source_case(&w->source);
	const struct hosts_question q = { .inv = &w->inv, .source = &source };
	struct diag_err err = { 0 };

	assert_true(hosts_wanted_make(&w->arena, &q, &w->wanted, &err));
	if (w->wanted.n_names == 0)
		return "";
	assert_string_equal(VAULT, w->wanted.names[0].name);
	return hosts_addresses_text(&w->arena, w->wanted.names[0].addresses,
				    w->wanted.names[0].n);
}

static void what_was_well_there_is_taken(void **state)
{
	struct world *w = *state;

	vault_is(w, DIAG_TARGET_OK, "10.150.0.9", "10.150.0.19");
	assert_string_equal("10.150.0.9, 10.150.0.19", vault(w));
	assert_string_equal("proved right on jumpbox1", w->wanted.names[0].why);
	vault_is(w, DIAG_TARGET_WARN, "10.150.0.9", NULL);
	assert_string_equal("10.150.0.9", vault(w));
	assert_int_equal(1, w->wanted.n_left);
	assert_non_null(
	    strstr(w->wanted.left[0].why, "jumpbox1 proved no private"));
}

static void what_failed_or_is_unknown_is_not(void **state)
{
	struct world *w = *state;

	vault_is(w, DIAG_TARGET_FAIL, "10.150.0.9", NULL);
	assert_string_equal("", vault(w));
	vault_is(w, DIAG_TARGET_UNKNOWN, "10.150.0.9", NULL);
	assert_string_equal("", vault(w));
}

static void a_public_address_is_never_taken(void **state)
{
	struct world *w = *state;

	vault_is(w, DIAG_TARGET_WARN, "20.62.10.9", NULL);
	tls(w, "20.62.10.9", DIAG_ST_OK);
	assert_string_equal("", vault(w));
	vault_is(w, DIAG_TARGET_WARN, "20.62.10.9", "10.150.0.9");
	assert_string_equal("10.150.0.9", vault(w));
}

static void
outside_of_the_networks_only_what_met_the_service_counts(void **state)
{
	struct world *w = *state;

	vault_is(w, DIAG_TARGET_OK, "10.7.0.9", NULL);
	assert_string_equal("", vault(w));
	tls(w, "10.7.0.9", DIAG_ST_NAME_MISMATCH);
	assert_string_equal("", vault(w));
	tls(w, "10.7.0.9", DIAG_ST_OK);
	assert_string_equal("10.7.0.9", vault(w));
}

static void made_up_addresses_stay_where_they_are(void **state)
{
	struct world *w = *state;

	vault_is(w, DIAG_TARGET_OK, "100.64.0.9", NULL);
	tls(w, "100.64.0.9", DIAG_ST_OK);
	assert_string_equal("", vault(w));
}

static void where_only_dns_was_wrong_the_expected_address_is_taken(void **state)
{
	struct world *w = *state;

	vault_is(w, DIAG_TARGET_FAIL, "20.62.10.9", NULL);
	vault_should_be(w, "10.150.0.9");
	assert_string_equal("", vault(w));
	tls(w, "10.150.0.9", DIAG_ST_CUT);
	assert_string_equal("", vault(w));
	tls(w, "10.150.0.9", DIAG_ST_OK);
	assert_string_equal("10.150.0.9", vault(w));
	assert_string_equal("expected, and answered TLS on jumpbox1",
			    w->wanted.names[0].why);
}

static void names_of_another_inventory_are_not_in_the_case(void **state)
{
	struct world *w = *state;
	struct diag_target other = w->targets[0];
	struct diag_inventory inv = w->inv;
	const struct hosts_source source = hosts_source_case(&w->source);
	const struct hosts_question q = { .inv = &inv, .source = &source };
	struct diag_err err = { 0 };

	other.fqdn = "other.vault.azure.net";
	inv.targets = &other;
	inv.n_targets = 1;
	inv.n_by_name = 0;
	vault_is(w, DIAG_TARGET_OK, "10.150.0.9", NULL);
	assert_true(hosts_wanted_make(&w->arena, &q, &w->wanted, &err));
	assert_int_equal(0, w->wanted.n_names);
	assert_string_equal("jumpbox1 does not know it", w->wanted.left[0].why);
}

static void several_cases_are_called_so(void **state)
{
	struct world *w = *state;
	struct diag_origin two[2] = { { .host = "a" }, { .host = "b" } };

	w->c.origins = two;
	w->c.n_origins = 2;
	vault_is(w, DIAG_TARGET_OK, "10.150.0.9", NULL);
	assert_string_equal("10.150.0.9", vault(w));
	assert_string_equal("proved right on the cases",
			    w->wanted.names[0].why);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(what_was_well_there_is_taken),
		CASE(what_failed_or_is_unknown_is_not),
		CASE(a_public_address_is_never_taken),
		CASE(outside_of_the_networks_only_what_met_the_service_counts),
		CASE(made_up_addresses_stay_where_they_are),
		CASE(where_only_dns_was_wrong_the_expected_address_is_taken),
		CASE(names_of_another_inventory_are_not_in_the_case),
		CASE(several_cases_are_called_so),
	};

	return cmocka_run_group_tests_name("pl_hosts_case", tests, NULL, NULL);
}
