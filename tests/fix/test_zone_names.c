/* SPDX-License-Identifier: MIT */
/* What an inventory asks of a name server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fix/zone_make.h"
#include "tests/support/torture.h"

#define ID  ZONE_ID
#define DOC "{\"schema\":\"pldiag.inventory/1\","

static const struct diag_zone_name *name(const struct zone_made *m,
					 const char *fqdn)
{
	for (size_t i = 0; i < m->names.n; i++)
		if (strcmp(m->names.items[i].fqdn, fqdn) == 0)
			return &m->names.items[i];
	fail_msg("no name %s", fqdn);
	return NULL;
}

static bool has(const char *const *list, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return false;
}

static void a_vault_lives_in_the_zone_vaultcore(void **state)
{
	struct zone_made m;
	const struct diag_zone_name *n;

	(void)state;
	assert_true(zone_make(&m, zone_whole));
	n = name(&m, "ws1103kv.vault.azure.net");
	assert_string_equal("privatelink.vaultcore.azure.net", n->zone);
	assert_string_equal("ws1103kv", n->record);
	assert_string_equal("vault.azure.net", n->parent);
	assert_int_equal(1, n->n_addresses);
	zone_end(&m);
}

static void an_endpoint_has_its_own_record_and_not_the_wildcard(void **state)
{
	struct zone_made m;
	const struct diag_zone_name *n;

	(void)state;
	assert_true(zone_make(&m, zone_whole));
	n = name(&m, "ep1.eastus.inference.ml.azure.com");
	assert_string_equal("ep1." ID ".inference.eastus", n->record);
	assert_string_equal("privatelink.api.azureml.ms", n->zone);
	zone_end(&m);
}

static void an_instance_has_no_zone_of_azures(void **state)
{
	struct zone_made m;
	const struct diag_zone_name *n;

	(void)state;
	assert_true(zone_make(&m, zone_whole));
	n = name(&m, "ci1.eastus.instances.azureml.ms");
	assert_null(n->zone);
	assert_null(n->record);
	assert_string_equal("instances.azureml.ms", n->parent);
	zone_end(&m);
}

static void a_vault_wants_both_of_its_parents_forwarded(void **state)
{
	struct zone_made m;

	(void)state;
	assert_true(zone_make(&m, zone_whole));
	assert_true(has(m.names.parents, m.names.n_parents, "vault.azure.net"));
	assert_true(
	    has(m.names.parents, m.names.n_parents, "vaultcore.azure.net"));
	zone_end(&m);
}

static void a_workspace_wants_the_parents_of_what_comes_later(void **state)
{
	struct zone_made m;

	(void)state;
	assert_true(zone_make(&m, DOC "\"region\":\"eastus\",\"workspace\":{"
				      "\"name\":\"ws\",\"id\":\"" ID "\"}}"));
	assert_true(
	    has(m.names.parents, m.names.n_parents, "instances.azureml.ms"));
	assert_true(
	    has(m.names.parents, m.names.n_parents, "instances.ml.azure.ms"));
	assert_true(
	    has(m.names.parents, m.names.n_parents, "inference.ml.azure.com"));
	assert_true(has(m.names.parents, m.names.n_parents, "aznbcontent.net"));
	assert_false(has(m.names.parents, m.names.n_parents, "azurecr.io"));
	zone_end(&m);
}

static void without_a_workspace_only_what_is_there_is_forwarded(void **state)
{
	struct zone_made m;

	(void)state;
	assert_true(
	    zone_make(&m, DOC "\"region\":\"eastus\",\"storage\":[\"sa1\"]}"));
	assert_int_equal(2, m.names.n_parents);
	assert_string_equal("blob.core.windows.net", m.names.parents[0]);
	assert_string_equal("file.core.windows.net", m.names.parents[1]);
	zone_end(&m);
}

static void a_name_without_an_address_is_told_and_left_out(void **state)
{
	struct zone_made m;

	(void)state;
	assert_true(
	    zone_make(&m, DOC "\"region\":\"eastus\",\"storage\":[\"sa1\"]}"));
	assert_int_equal(0, m.names.n);
	assert_int_equal(2, m.names.n_unknown);
	assert_string_equal("sa1.blob.core.windows.net", m.names.unknown[0]);
	zone_end(&m);
}

static void the_regional_name_would_be_hidden_by_its_parents_zone(void **state)
{
	struct zone_made m;

	(void)state;
	assert_true(zone_make(&m, zone_whole));
	assert_true(
	    has(m.names.hidden, m.names.n_hidden, "eastus.api.azureml.ms"));
	assert_false(has(m.names.hidden, m.names.n_hidden, "ml.azure.com"));
	zone_end(&m);
}

static void names_come_in_order(void **state)
{
	struct zone_made m;

	(void)state;
	assert_true(zone_make(&m, zone_whole));
	assert_true(m.names.n > 3);
	for (size_t i = 1; i < m.names.n; i++)
		assert_true(strcmp(m.names.items[i - 1].fqdn,
				   m.names.items[i].fqdn) < 0);
	zone_end(&m);
}

static bool once(void *arg)
{
	struct zone_made m;
	bool ok = zone_make(&m, arg);

	zone_end(&m);
	return ok;
}

static void memory_may_be_missing_at_any_point(void **state)
{
	(void)state;
	assert_true(torture(once, (void *)(uintptr_t)zone_whole) > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_vault_lives_in_the_zone_vaultcore),
		cmocka_unit_test(
		    an_endpoint_has_its_own_record_and_not_the_wildcard),
		cmocka_unit_test(an_instance_has_no_zone_of_azures),
		cmocka_unit_test(a_vault_wants_both_of_its_parents_forwarded),
		cmocka_unit_test(
		    a_workspace_wants_the_parents_of_what_comes_later),
		cmocka_unit_test(
		    without_a_workspace_only_what_is_there_is_forwarded),
		cmocka_unit_test(
		    a_name_without_an_address_is_told_and_left_out),
		cmocka_unit_test(
		    the_regional_name_would_be_hidden_by_its_parents_zone),
		cmocka_unit_test(names_come_in_order),
		cmocka_unit_test(memory_may_be_missing_at_any_point),
	};

	return cmocka_run_group_tests_name("zone_names", tests, NULL, NULL);
}
