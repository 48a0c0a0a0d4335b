/* SPDX-License-Identifier: MIT */
/* What an inventory asks of a name server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fix/zone/names.h"
#include "tests/support/torture.h"

#define ID  "bf4ab0bd-2c9f-4480-abaf-f799f0832c80"
#define DOC "{\"schema\":\"pldiag.inventory/1\","

static const char whole[] =
    DOC "\"region\":\"eastus\",\"workspace\":{\"name\":\"ws1103\",\"id\":\"" ID
	"\"},\"key_vault\":[\"ws1103kv\"],\"online_endpoints\":[\"ep1\"],"
	"\"compute_instances\":[\"ci1\"],\"targets\":["
	"{\"fqdn\":\"" ID ".workspace.eastus.api.azureml.ms\","
	"\"addresses\":[\"10.150.0.4\"]},"
	"{\"fqdn\":\"*.eastus.inference.ml.azure.com\","
	"\"addresses\":[\"10.150.0.6\"]},"
	"{\"fqdn\":\"ws1103kv.vault.azure.net\","
	"\"addresses\":[\"10.150.0.9\"]}]}";

struct made {
	struct diag_inventory *inv;
	struct diag_arena arena;
	struct diag_zone_names names;
};

static bool make(struct made *m, const char *text)
{
	struct diag_inventory *read = NULL;
	struct diag_err err = { .code = DIAG_OK };
	struct diag_problems problems;
	bool ok;

	memset(m, 0, sizeof(*m));
	diag_arena_init(&m->arena, 0);
	diag_problems_init(&problems);
	ok = diag_cat_load(&err) &&
	     diag_inventory_parse("t.json", text, strlen(text), &problems,
				  &read, &err) &&
	     diag_inventory_expand(read, DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT,
				   false, &m->inv, &err) &&
	     diag_zone_names_of(m->inv, &m->arena, &m->names, &err);
	diag_inventory_free(read);
	diag_problems_clear(&problems);
	return ok;
}

static void end(struct made *m)
{
	diag_arena_clear(&m->arena);
	diag_inventory_free(m->inv);
}

static const struct diag_zone_name *name(const struct made *m, const char *fqdn)
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
	struct made m;
	const struct diag_zone_name *n;

	(void)state;
	assert_true(make(&m, whole));
	n = name(&m, "ws1103kv.vault.azure.net");
	assert_string_equal("privatelink.vaultcore.azure.net", n->zone);
	assert_string_equal("ws1103kv", n->record);
	assert_string_equal("vault.azure.net", n->parent);
	assert_int_equal(1, n->n_addresses);
	end(&m);
}

static void an_endpoint_has_its_own_record_and_not_the_wildcard(void **state)
{
	struct made m;
	const struct diag_zone_name *n;

	(void)state;
	assert_true(make(&m, whole));
	n = name(&m, "ep1.eastus.inference.ml.azure.com");
	assert_string_equal("ep1." ID ".inference.eastus", n->record);
	assert_string_equal("privatelink.api.azureml.ms", n->zone);
	end(&m);
}

static void an_instance_has_no_zone_of_azures(void **state)
{
	struct made m;
	const struct diag_zone_name *n;

	(void)state;
	assert_true(make(&m, whole));
	n = name(&m, "ci1.eastus.instances.azureml.ms");
	assert_null(n->zone);
	assert_null(n->record);
	assert_string_equal("instances.azureml.ms", n->parent);
	end(&m);
}

static void a_vault_wants_both_of_its_parents_forwarded(void **state)
{
	struct made m;

	(void)state;
	assert_true(make(&m, whole));
	assert_true(has(m.names.parents, m.names.n_parents, "vault.azure.net"));
	assert_true(
	    has(m.names.parents, m.names.n_parents, "vaultcore.azure.net"));
	end(&m);
}

static void a_workspace_wants_the_parents_of_what_comes_later(void **state)
{
	struct made m;

	(void)state;
	assert_true(make(&m, DOC "\"region\":\"eastus\",\"workspace\":{"
				 "\"name\":\"ws\",\"id\":\"" ID "\"}}"));
	assert_true(
	    has(m.names.parents, m.names.n_parents, "instances.azureml.ms"));
	assert_true(
	    has(m.names.parents, m.names.n_parents, "instances.ml.azure.ms"));
	assert_true(
	    has(m.names.parents, m.names.n_parents, "inference.ml.azure.com"));
	assert_true(has(m.names.parents, m.names.n_parents, "aznbcontent.net"));
	assert_false(has(m.names.parents, m.names.n_parents, "azurecr.io"));
	end(&m);
}

static void without_a_workspace_only_what_is_there_is_forwarded(void **state)
{
	struct made m;

	(void)state;
	assert_true(
	    make(&m, DOC "\"region\":\"eastus\",\"storage\":[\"sa1\"]}"));
	assert_int_equal(2, m.names.n_parents);
	assert_string_equal("blob.core.windows.net", m.names.parents[0]);
	assert_string_equal("file.core.windows.net", m.names.parents[1]);
	end(&m);
}

static void a_name_without_an_address_is_told_and_left_out(void **state)
{
	struct made m;

	(void)state;
	assert_true(
	    make(&m, DOC "\"region\":\"eastus\",\"storage\":[\"sa1\"]}"));
	assert_int_equal(0, m.names.n);
	assert_int_equal(2, m.names.n_unknown);
	assert_string_equal("sa1.blob.core.windows.net", m.names.unknown[0]);
	end(&m);
}

static void the_regional_name_would_be_hidden_by_its_parents_zone(void **state)
{
	struct made m;

	(void)state;
	assert_true(make(&m, whole));
	assert_true(
	    has(m.names.hidden, m.names.n_hidden, "eastus.api.azureml.ms"));
	assert_false(has(m.names.hidden, m.names.n_hidden, "ml.azure.com"));
	end(&m);
}

static void names_come_in_order(void **state)
{
	struct made m;

	(void)state;
	assert_true(make(&m, whole));
	assert_true(m.names.n > 3);
	for (size_t i = 1; i < m.names.n; i++)
		assert_true(strcmp(m.names.items[i - 1].fqdn,
				   m.names.items[i].fqdn) < 0);
	end(&m);
}

static bool once(void *arg)
{
	struct made m;
	bool ok = make(&m, arg);

	end(&m);
	return ok;
}

static void memory_may_be_missing_at_any_point(void **state)
{
	(void)state;
	assert_true(torture(once, (void *)(uintptr_t)whole) > 5);
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
