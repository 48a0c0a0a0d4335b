/* SPDX-License-Identifier: MIT */
/* What the short form becomes. */
#include "inventory/inventory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/inventory/support.h"
#include "tests/support/torture.h"

#define DOC "{\"schema\":\"pldiag.inventory/1\","
#define WS  "\"region\":\"eastus\",\"workspace\":{\"id\":\"" G "\"}"

static int unload(void **state)
{
	(void)state;
	diag_cat_unload();
	return 0;
}

static struct diag_inventory *client(struct diag_inventory *inv)
{
	return expanded(inv, DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT, true);
}

static void assert_names(const struct diag_inventory *inv, const char *want)
{
	struct diag_buf got;

	list_names(inv, &got);
	assert_string_equal(want, diag_buf_str(&got));
	diag_buf_clear(&got);
}

/* --- which names ----------------------------------------------------------
 */

static void the_short_form_becomes_names_in_catalogue_order(void **state)
{
	struct diag_inventory *inv = client(parse_data("short.json"));

	(void)state;
	assert_names(inv,
		     G ".workspace.eastus.api.azureml.ms\n" G
		       ".workspace.eastus.cert.api.azureml.ms\n"
		       "ml-ws1103-eastus-" G ".eastus.notebooks.azure.net\n"
		       "ml-ws1103-eastus-" G ".notebooks.azure.net\n"
		       "ws1103ci1.eastus.instances.azureml.ms\n"
		       "ws1103ci1.eastus.instances.ml.azure.ms\n"
		       "ws1103ci1-22.eastus.instances.azureml.ms\n"
		       "ws1103ci1-22.eastus.instances.ml.azure.ms\n"
		       "ws1103sa.blob.core.windows.net\n"
		       "ws1103sa.file.core.windows.net\n"
		       "ws1103kv.vault.azure.net\n"
		       "ws1103acr.azurecr.io\n"
		       "ws1103acr.eastus.data.azurecr.io\n");
	diag_inventory_free(inv);
}

static void a_cut_label_is_tried_in_every_way(void **state)
{
	struct diag_inventory *inv = client(parse_data("usgov.json"));
	const struct diag_target *t;

	(void)state;
	t = must_have(inv, "ml-mype-plt--usgovvirginia-" G
			   ".usgovvirginia.notebooks.usgovcloudapi.net");
	assert_true(t->uncertain);
	assert_string_equal("notebook", t->any_of);
	t = must_have(inv, "ml-mype-plt-usgovvirginia-" G
			   ".usgovvirginia.notebooks.usgovcloudapi.net");
	assert_string_equal("notebook", t->any_of);
	(void)must_have(inv, "ml-mype-plt-usgovvirginia-" G
			     ".notebooks.usgovcloudapi.net");
	(void)must_have(inv, "ci1.usgovvirginia.instances.azureml.us");
	(void)must_have(inv, "acr1.usgovvirginia.data.azurecr.us");
	diag_inventory_free(inv);
}

static void a_label_that_fits_is_not_uncertain(void **state)
{
	struct diag_inventory *inv = client(parse_data("short.json"));

	(void)state;
	assert_false(
	    must_have(inv, "ml-ws1103-eastus-" G ".eastus.notebooks.azure.net")
		->uncertain);
	diag_inventory_free(inv);
}

static void storage_has_blob_and_file_unless_named(void **state)
{
	struct diag_inventory *inv = client(parse_data("facts-only.json"));

	(void)state;
	(void)must_have(inv, "acct1.blob.core.windows.net");
	(void)must_have(inv, "acct1.file.core.windows.net");
	assert_null(diag_inventory_target(inv, "acct1.queue.core.windows.net"));
	(void)must_have(inv, "lake.dfs.core.windows.net");
	(void)must_have(inv, "lake.blob.core.windows.net");
	assert_null(diag_inventory_target(inv, "lake.file.core.windows.net"));
	(void)must_have(inv, "batch.queue.core.windows.net");
	(void)must_have(inv, "batch.table.core.windows.net");
	(void)must_have(inv, "batch.file.core.windows.net");
	diag_inventory_free(inv);
}

static void registries_have_data_names_per_region(void **state)
{
	struct diag_inventory *inv = client(parse_data("facts-only.json"));

	(void)state;
	(void)must_have(inv, "acr1.eastus.data.azurecr.io");
	(void)must_have(inv, "acr2.eastus.data.azurecr.io");
	(void)must_have(inv, "acr2.westus2.data.azurecr.io");
	assert_null(diag_inventory_target(inv, "acr1.westus2.data.azurecr.io"));
	diag_inventory_free(inv);
}

static void china_has_three_suffixes_of_an_instance(void **state)
{
	struct diag_inventory *inv = client(parse_data("china.json"));

	(void)state;
	(void)must_have(inv, "ci1.chinaeast2.instances.azureml.cn");
	(void)must_have(inv, "ci1.chinaeast2.instances.ml.azure.cn");
	(void)must_have(inv, "ci1.chinaeast2.instances.ml.azure.ms");
	diag_inventory_free(inv);
}

static void without_an_id_there_are_no_workspace_names(void **state)
{
	struct diag_inventory *inv =
	    client(parse_text(DOC "\"region\":\"eastus\",\"storage\":[\"a1\"],"
				  "\"workspace\":{\"name\":\"ws\"}}"));

	(void)state;
	assert_names(inv, "a1.blob.core.windows.net\n"
			  "a1.file.core.windows.net\n");
	diag_inventory_free(inv);
}

/* --- groups ---------------------------------------------------------------
 */

static void both_suffixes_of_an_instance_are_one_group(void **state)
{
	struct diag_inventory *inv = client(parse_data("short.json"));
	const struct diag_target *a =
	    must_have(inv, "ws1103ci1.eastus.instances.azureml.ms");
	const struct diag_target *b =
	    must_have(inv, "ws1103ci1.eastus.instances.ml.azure.ms");
	const struct diag_target *ssh =
	    must_have(inv, "ws1103ci1-22.eastus.instances.azureml.ms");

	(void)state;
	assert_string_equal("compute-instance:ws1103ci1", a->any_of);
	assert_string_equal(a->any_of, b->any_of);
	assert_false(a->uncertain);
	assert_true(ssh->uncertain);
	assert_string_equal("compute-instance-ssh:ws1103ci1", ssh->any_of);
	assert_null(must_have(inv, "ws1103kv.vault.azure.net")->any_of);
	diag_inventory_free(inv);
}

static void one_explicit_form_settles_the_group(void **state)
{
	struct diag_inventory *inv = client(parse_text(
	    DOC WS ",\"compute_instances\":[\"ci1\"],\"targets\":[{\"fqdn\":"
		   "\"ci1.eastus.instances.ml.azure.ms\"}]}"));
	const struct diag_target *t =
	    must_have(inv, "ci1.eastus.instances.ml.azure.ms");

	(void)state;
	assert_null(t->any_of);
	assert_false(t->computed);
	assert_null(
	    diag_inventory_target(inv, "ci1.eastus.instances.azureml.ms"));
	diag_inventory_free(inv);
}

static void a_notebook_name_that_was_read_is_not_computed(void **state)
{
	struct diag_inventory *inv = client(parse_text(
	    DOC "\"region\":\"eastus\",\"workspace\":{\"id\":\"" G
		"\",\"name\":\"ws\"},\"targets\":[{\"fqdn\":"
		"\"ml-other-eastus-" G ".eastus.notebooks.azure.net\"}]}"));

	(void)state;
	assert_null(diag_inventory_target(inv, "ml-ws-eastus-" G
					       ".eastus.notebooks.azure.net"));
	diag_inventory_free(inv);
}

/* --- addresses ------------------------------------------------------------
 */

static void assert_address(const struct diag_inventory *inv, const char *fqdn,
			   const char *want)
{
	const struct diag_target *t = must_have(inv, fqdn);
	char text[DIAG_ADDR_TEXT];

	if (want == NULL) {
		assert_int_equal(0, t->n_addresses);
		return;
	}
	assert_int_equal(1, t->n_addresses);
	assert_string_equal(want, diag_addr_text(&t->addresses[0], text));
}

static void names_of_one_endpoint_member_share_its_address(void **state)
{
	struct diag_inventory *inv = client(parse_data("short.json"));

	(void)state;
	assert_address(inv, G ".workspace.eastus.cert.api.azureml.ms",
		       "10.150.0.4");
	assert_address(inv, "ws1103ci1.eastus.instances.ml.azure.ms",
		       "10.150.0.4");
	assert_address(inv, "ws1103ci1-22.eastus.instances.azureml.ms",
		       "10.150.0.4");
	assert_address(inv, "ml-ws1103-eastus-" G ".eastus.notebooks.azure.net",
		       NULL);
	assert_address(inv, "ws1103sa.blob.core.windows.net", NULL);
	diag_inventory_free(inv);
}

static void the_api_takes_the_address_of_its_certificate_name(void **state)
{
	struct diag_inventory *inv = client(parse_text(
	    DOC WS ",\"targets\":[{\"fqdn\":\"" G
		   ".workspace.eastus.cert.api.azureml.ms\",\"addresses\":["
		   "\"10.0.0.9\"]}]}"));

	(void)state;
	assert_address(inv, G ".workspace.eastus.api.azureml.ms", "10.0.0.9");
	diag_inventory_free(inv);
}

static void a_wildcard_gives_its_address_and_is_gone(void **state)
{
	struct diag_inventory *inv =
	    client(parse_data("read-from-endpoint.json"));

	(void)state;
	assert_address(inv, "ep1.eastus.inference.ml.azure.com", "10.150.0.6");
	assert_address(inv, "ep2.eastus.inference.ml.azure.com", "10.150.0.6");
	assert_null(
	    diag_inventory_target(inv, "*.eastus.inference.ml.azure.com"));
	diag_inventory_free(inv);
}

static void an_explicit_target_stays_as_it_is(void **state)
{
	struct diag_inventory *inv = client(parse_text(
	    DOC WS ",\"targets\":[{\"fqdn\":\"" G
		   ".workspace.eastus.api.azureml.ms\",\"addresses\":["
		   "\"10.0.0.4\"],\"ports\":[8443]},{\"fqdn\":\"" G
		   ".workspace.eastus.cert.api.azureml.ms\",\"addresses\":["
		   "\"10.0.0.5\"],\"ports\":[]}]}"));
	const struct diag_target *t =
	    must_have(inv, G ".workspace.eastus.api.azureml.ms");

	(void)state;
	assert_int_equal(1, t->ports.n);
	assert_int_equal(8443, t->ports.items[0].port);
	assert_address(inv, G ".workspace.eastus.cert.api.azureml.ms",
		       "10.0.0.5");
	t = must_have(inv, G ".workspace.eastus.cert.api.azureml.ms");
	assert_int_equal(0, t->ports.n);
	diag_inventory_free(inv);
}

/* --- ports ----------------------------------------------------------------
 */

static void ports_follow_the_service(void **state)
{
	struct diag_inventory *inv = client(parse_data("short.json"));
	const struct diag_target *t =
	    must_have(inv, "ws1103sa.file.core.windows.net");

	(void)state;
	assert_int_equal(2, t->ports.n);
	assert_int_equal(443, t->ports.items[0].port);
	assert_int_equal(445, t->ports.items[1].port);
	t = must_have(inv, "ws1103ci1.eastus.instances.azureml.ms");
	assert_int_equal(1, t->ports.n);
	assert_int_equal(3, t->optional_ports.n);
	diag_inventory_free(inv);
}

static void own_ports_are_not_optional_as_well(void **state)
{
	struct diag_inventory *inv = client(parse_text(
	    DOC "\"targets\":[{\"fqdn\":\"ci1.eastus.instances.azureml.ms\","
		"\"ports\":[443,8787]}]}"));
	const struct diag_target *t =
	    must_have(inv, "ci1.eastus.instances.azureml.ms");

	(void)state;
	assert_int_equal(2, t->ports.n);
	assert_int_equal(2, t->optional_ports.n);
	assert_int_equal(18881, t->optional_ports.items[0].port);
	diag_inventory_free(inv);
}

static const struct diag_port *peer_port(const struct diag_inventory *inv,
					 unsigned port, const char *peer)
{
	const struct diag_target *t = NULL;

	for (size_t i = 0; i < inv->n_targets; i++) {
		if (inv->targets[i].service == DIAG_SVC_COMPUTE_NODE)
			t = &inv->targets[i];
	}
	for (size_t i = 0; t != NULL && i < t->ports.n; i++) {
		const struct diag_port *p = &t->ports.items[i];

		if (p->port == port && p->peer != NULL &&
		    strcmp(p->peer, peer) == 0)
			return p;
	}
	return NULL;
}

static void nodes_have_flows_for_the_role_that_stands_there(void **state)
{
	struct diag_inventory *inv =
	    expanded(parse_data("short.json"), DIAG_ROLE_COMPUTE,
		     DIAG_ERA_CURRENT, true);

	(void)state;
	assert_non_null(peer_port(inv, 443, "Storage.eastus"));
	assert_non_null(peer_port(inv, 5831, "AzureMachineLearning"));
	assert_null(peer_port(inv, 44224, "AzureMachineLearning"));
	assert_null(diag_inventory_target(
	    inv, "ws1103ci1-22.eastus.instances.azureml.ms"));
	diag_inventory_free(inv);
	inv = expanded(parse_data("short.json"), DIAG_ROLE_COMPUTE,
		       DIAG_ERA_2020, true);
	assert_non_null(peer_port(inv, 29876, "BatchNodeManagement"));
	assert_int_equal(DIAG_IN,
			 peer_port(inv, 44224, "AzureMachineLearning")->dir);
	diag_inventory_free(inv);
	inv = client(parse_data("short.json"));
	assert_null(peer_port(inv, 443, "Storage.eastus"));
	diag_inventory_free(inv);
}

static void a_peer_without_a_region_is_the_bare_tag(void **state)
{
	struct diag_inventory *inv =
	    expanded(parse_text(DOC "\"compute_nodes\":[\"10.0.0.20\"]}"),
		     DIAG_ROLE_COMPUTE, DIAG_ERA_CURRENT, true);

	(void)state;
	assert_non_null(peer_port(inv, 443, "Storage"));
	diag_inventory_free(inv);
}

static void a_node_with_its_own_ports_keeps_them(void **state)
{
	struct diag_inventory *inv = expanded(
	    parse_text(DOC "\"compute_nodes\":[\"10.0.0.20\"],\"targets\":[{"
			   "\"addresses\":[\"10.0.0.20\"],\"ports\":[22]}]}"),
	    DIAG_ROLE_COMPUTE, DIAG_ERA_CURRENT, true);

	(void)state;
	assert_int_equal(1, inv->n_targets);
	assert_int_equal(1, inv->targets[0].ports.n);
	assert_int_equal(22, inv->targets[0].ports.items[0].port);
	diag_inventory_free(inv);
}

static void has_ports(const struct diag_target *t, unsigned first,
		      unsigned second)
{
	assert_int_equal(2, t->ports.n);
	assert_int_equal(first, t->ports.items[0].port);
	assert_int_equal(second, t->ports.items[1].port);
}

/* A row for each port, as people write them; what another address needs is
 * another's. */
static void a_node_that_stands_there_twice_has_all_its_ports(void **state)
{
	struct diag_inventory *inv = client(parse_text(
	    DOC "\"compute_nodes\":[\"10.0.0.20\"],\"targets\":["
		"{\"addresses\":[\"10.0.0.20\"],\"ports\":[44224,22]},"
		"{\"addresses\":[\"10.0.0.20\",\"10.0.0.21\"],"
		"\"ports\":[22,29877]},"
		"{\"addresses\":[\"10.0.0.20\"],\"ports\":[44224]},"
		"{\"addresses\":[\"10.0.0.20\",\"10.0.0.22\"],"
		"\"ports\":[443,445]}]}"));

	(void)state;
	assert_int_equal(3, inv->n_targets);
	has_ports(&inv->targets[0], 22, 44224);
	has_ports(&inv->targets[1], 22, 29877);
	has_ports(&inv->targets[2], 443, 445);
	diag_inventory_free(inv);
}

/* --- public names ---------------------------------------------------------
 */

static void public_names_come_with_every_role(void **state)
{
	struct diag_inventory *inv = expanded(
	    parse_text(DOC WS "}"), DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT, false);
	const struct diag_target *t = must_have(inv, "ml.azure.com");

	(void)state;
	assert_true(t->extra);
	assert_false(t->computed);
	assert_int_equal(DIAG_EXPECT_PUBLIC, t->expect);
	(void)must_have(inv, "login.microsoftonline.com");
	(void)must_have(inv, "management.azure.com");
	(void)must_have(inv, "eastus.api.azureml.ms");
	assert_null(diag_inventory_target(inv, "mcr.microsoft.com"));
	assert_null(diag_inventory_target(inv, "aka.ms"));
	diag_inventory_free(inv);
	inv = expanded(parse_text(DOC WS "}"), DIAG_ROLE_COMPUTE,
		       DIAG_ERA_CURRENT, false);
	(void)must_have(inv, "mcr.microsoft.com");
	assert_null(diag_inventory_target(inv, "ml.azure.com"));
	diag_inventory_free(inv);
}

static void the_regional_name_needs_a_region(void **state)
{
	struct diag_inventory *inv =
	    expanded(parse_text(DOC "\"storage\":[\"a1\"]}"), DIAG_ROLE_CLIENT,
		     DIAG_ERA_CURRENT, false);

	(void)state;
	for (size_t i = 0; i < inv->n_targets; i++)
		assert_int_not_equal(DIAG_SVC_REGIONAL_API,
				     inv->targets[i].service);
	diag_inventory_free(inv);
}

static void a_public_name_given_explicitly_is_not_extra(void **state)
{
	struct diag_inventory *inv =
	    expanded(parse_text(DOC "\"targets\":[{\"fqdn\":\"ml.azure.com\"}]"
				    "}"),
		     DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT, false);
	const struct diag_target *t = must_have(inv, "ml.azure.com");

	(void)state;
	assert_false(t->extra);
	assert_int_equal(DIAG_EXPECT_PUBLIC, t->expect);
	diag_inventory_free(inv);
}

/* --- determinism ----------------------------------------------------------
 */

static void twins_are_one(void **state)
{
	struct diag_inventory *inv =
	    client(parse_text(DOC "\"key_vault\":[\"kv\",\"kv\",\"KV\"]}"));

	(void)state;
	assert_names(inv, "kv.vault.azure.net\n");
	diag_inventory_free(inv);
}

static void the_order_of_the_document_does_not_matter(void **state)
{
	struct diag_inventory *a = client(parse_text(
	    DOC "\"storage\":[\"a1\",\"b1\"],\"key_vault\":[\"k2\",\"k1\"],"
		"\"targets\":[{\"fqdn\":\"z.org\"},{\"fqdn\":\"a.org\"}]}"));
	struct diag_inventory *b = client(parse_text(
	    DOC "\"key_vault\":[\"k1\",\"k2\"],\"storage\":[\"b1\",\"a1\"],"
		"\"targets\":[{\"fqdn\":\"a.org\"},{\"fqdn\":\"z.org\"}]}"));
	struct diag_buf x;
	struct diag_buf y;

	(void)state;
	list_names(a, &x);
	list_names(b, &y);
	assert_string_equal(diag_buf_str(&x), diag_buf_str(&y));
	diag_buf_clear(&x);
	diag_buf_clear(&y);
	diag_inventory_free(a);
	diag_inventory_free(b);
}

static void expanding_twice_is_expanding_once(void **state)
{
	static const char *const names[] = { "short.json", "facts-only.json",
					     "read-from-endpoint.json",
					     "usgov.json", "china.json" };

	(void)state;
	for (int i = 0; i < 5 * DIAG_N_ROLES; i++) {
		enum diag_role role = (enum diag_role)(i / 5);
		struct diag_inventory *once = expanded(
		    parse_data(names[i % 5]), role, DIAG_ERA_2020, false);
		struct diag_inventory *twice;
		struct diag_buf x;
		struct diag_buf y;

		print_json(once, &x);
		twice = expanded(parse_text(diag_buf_str(&x)), role,
				 DIAG_ERA_2020, false);
		print_json(twice, &y);
		assert_string_equal(diag_buf_str(&x), diag_buf_str(&y));
		diag_buf_clear(&x);
		diag_buf_clear(&y);
		diag_inventory_free(once);
		diag_inventory_free(twice);
	}
}

/* --- limits and memory ----------------------------------------------------
 */

static void too_many_targets_are_refused(void **state)
{
	struct diag_inventory *inv;
	struct diag_inventory *out = NULL;
	struct diag_err err = { .code = DIAG_OK };
	struct diag_buf text;

	(void)state;
	diag_buf_init(&text, (size_t)16 << 20);
	diag_buf_puts(&text, DOC "\"storage\":[");
	for (unsigned i = 0; i < 40000; i++)
		diag_buf_printf(&text, "%s\"a%u\"", i > 0 ? "," : "", i);
	diag_buf_puts(&text, "]}");
	inv = parse_text(diag_buf_str(&text));
	assert_false(diag_inventory_expand(inv, DIAG_ROLE_CLIENT,
					   DIAG_ERA_CURRENT, true, &out, &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
	assert_null(out);
	diag_inventory_free(inv);
	diag_buf_clear(&text);
}

static bool expand_once(void *data)
{
	const struct diag_inventory *inv = data;
	struct diag_inventory *out = NULL;
	struct diag_err err = { .code = DIAG_OK };

	if (diag_inventory_expand(inv, DIAG_ROLE_COMPUTE, DIAG_ERA_2020, false,
				  &out, &err)) {
		diag_inventory_free(out);
		return true;
	}
	assert_null(out);
	assert_int_equal(DIAG_ENOMEM, err.code);
	return false;
}

static void missing_memory_is_an_error_and_no_leak(void **state)
{
	struct diag_inventory *inv;
	struct diag_buf text;

	(void)state;
	big_document(600, &text);
	inv = parse_text(diag_buf_str(&text));
	assert_true(torture(expand_once, inv) > 6);
	diag_inventory_free(inv);
	diag_buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_short_form_becomes_names_in_catalogue_order),
		cmocka_unit_test(a_cut_label_is_tried_in_every_way),
		cmocka_unit_test(a_label_that_fits_is_not_uncertain),
		cmocka_unit_test(storage_has_blob_and_file_unless_named),
		cmocka_unit_test(registries_have_data_names_per_region),
		cmocka_unit_test(china_has_three_suffixes_of_an_instance),
		cmocka_unit_test(without_an_id_there_are_no_workspace_names),
		cmocka_unit_test(both_suffixes_of_an_instance_are_one_group),
		cmocka_unit_test(one_explicit_form_settles_the_group),
		cmocka_unit_test(a_notebook_name_that_was_read_is_not_computed),
		cmocka_unit_test(
		    names_of_one_endpoint_member_share_its_address),
		cmocka_unit_test(
		    the_api_takes_the_address_of_its_certificate_name),
		cmocka_unit_test(a_wildcard_gives_its_address_and_is_gone),
		cmocka_unit_test(an_explicit_target_stays_as_it_is),
		cmocka_unit_test(ports_follow_the_service),
		cmocka_unit_test(own_ports_are_not_optional_as_well),
		cmocka_unit_test(
		    nodes_have_flows_for_the_role_that_stands_there),
		cmocka_unit_test(a_peer_without_a_region_is_the_bare_tag),
		cmocka_unit_test(a_node_with_its_own_ports_keeps_them),
		cmocka_unit_test(
		    a_node_that_stands_there_twice_has_all_its_ports),
		cmocka_unit_test(public_names_come_with_every_role),
		cmocka_unit_test(the_regional_name_needs_a_region),
		cmocka_unit_test(a_public_name_given_explicitly_is_not_extra),
		cmocka_unit_test(twins_are_one),
		cmocka_unit_test(the_order_of_the_document_does_not_matter),
		cmocka_unit_test(expanding_twice_is_expanding_once),
		cmocka_unit_test(too_many_targets_are_refused),
		cmocka_unit_test(missing_memory_is_an_error_and_no_leak),
	};

	return cmocka_run_group_tests_name("expand", tests, NULL, unload);
}
