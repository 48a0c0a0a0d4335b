/* SPDX-License-Identifier: MIT */
/* Documents in: what is taken, and every fault told at once with its place. */
#include "inventory/inventory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/inventory/support.h"
#include "tests/support/torture.h"

static int unload(void **state)
{
	(void)state;
	diag_cat_unload();
	return 0;
}

/* --- faults ---------------------------------------------------------------
 */

/* The problems of bad/NAME are those of bad/NAME.txt. */
static void golden(const char *name)
{
	char path[64];
	struct diag_buf json;
	struct diag_buf want;
	struct diag_problems problems;
	struct diag_inventory *inv = NULL;
	struct diag_err err = { .code = DIAG_OK };

	(void)snprintf(path, sizeof(path), "bad/%s", name);
	read_data(path, &json);
	(void)snprintf(path, sizeof(path), "bad/%s.txt", name);
	read_data(path, &want);
	diag_problems_init(&problems);
	assert_false(diag_inventory_parse("x.json", diag_buf_str(&json),
					  json.len, &problems, &inv, &err));
	assert_null(inv);
	assert_int_equal(DIAG_EPARSE, err.code);
	assert_string_equal(diag_buf_str(&want), diag_buf_str(&problems.text));
	diag_problems_clear(&problems);
	diag_buf_clear(&want);
	diag_buf_clear(&json);
}

static void all_faults_are_told_with_their_place(void **state)
{
	(void)state;
	golden("everything.json");
}

static void what_is_no_document_is_told_in_one_line(void **state)
{
	(void)state;
	golden("cut");
	golden("list.json");
	golden("no-schema.json");
	golden("no-region.json");
	golden("same-key.json");
}

static void the_error_is_the_first_problem(void **state)
{
	static const char text[] =
	    "{\"schema\":\"pldiag.inventory/1\",\"cloud\":\"moon\","
	    "\"region\":5}";
	struct diag_inventory *inv = NULL;
	struct diag_err err = { .code = DIAG_OK };

	(void)state;
	assert_false(diag_inventory_parse("x.json", text, strlen(text), NULL,
					  &inv, &err));
	assert_string_equal("x.json: $.cloud: expected public, usgov or china, "
			    "got \"moon\"",
			    err.what);
}

static void problems_of_two_documents_do_not_mix(void **state)
{
	static const char bad[] = "{\"schema\":\"pldiag.inventory/1\","
				  "\"managed_network\":5}";
	struct diag_problems problems;
	struct diag_inventory *inv = NULL;
	struct diag_err err = { .code = DIAG_OK };

	(void)state;
	diag_problems_init(&problems);
	assert_false(
	    diag_inventory_parse("a", bad, strlen(bad), &problems, &inv, &err));
	err = (struct diag_err){ .code = DIAG_OK };
	assert_false(
	    diag_inventory_parse("b", bad, strlen(bad), &problems, &inv, &err));
	assert_int_equal(2, problems.n);
	assert_memory_equal("b: ", err.what, 3);
	err = (struct diag_err){ .code = DIAG_OK };
	assert_true(diag_inventory_parse("c",
					 "{\"schema\":\"pldiag.inventory/1\"}",
					 31, &problems, &inv, &err));
	diag_inventory_free(inv);
	diag_problems_clear(&problems);
}

/* --- what is taken --------------------------------------------------------
 */

static void the_short_form_is_taken(void **state)
{
	struct diag_inventory *inv = parse_data("short.json");

	(void)state;
	assert_string_equal("ws1103", inv->name);
	assert_string_equal("eastus", inv->region);
	assert_string_equal(G, inv->workspace_id);
	assert_int_equal(DIAG_ACCESS_DISABLED, inv->public_access);
	assert_int_equal(1, inv->n_networks);
	assert_int_equal(1, inv->storage.n);
	assert_string_equal("ws1103sa", inv->storage.items[0]);
	assert_string_equal("eastus", inv->registry[0].regions[0]);
	assert_int_equal(1, inv->n_compute_nodes);
	assert_int_equal(1, inv->n_targets);
	assert_int_equal(443, inv->targets[0].ports.items[0].port);
	assert_non_null(inv->targets[0].optional_ports.items);
	assert_int_equal(0, inv->targets[0].optional_ports.n);
	diag_inventory_free(inv);
}

static void spellings_are_made_one(void **state)
{
	struct diag_inventory *inv = parse_data("facts-only.json");

	(void)state;
	assert_string_equal("eastus", inv->region);
	assert_string_equal(G, inv->workspace_id);
	assert_string_equal("mlworkspace-portal02", inv->name);
	assert_int_equal(3, inv->storage.n);
	assert_int_equal(diag_storage_bit(DIAG_SVC_STORAGE_BLOB) |
			     diag_storage_bit(DIAG_SVC_STORAGE_FILE),
			 inv->storage_services[0]);
	assert_int_equal(diag_storage_bit(DIAG_SVC_STORAGE_BLOB) |
			     diag_storage_bit(DIAG_SVC_STORAGE_DFS),
			 inv->storage_services[1]);
	assert_int_equal(diag_storage_bit(DIAG_SVC_STORAGE_BLOB) |
			     diag_storage_bit(DIAG_SVC_STORAGE_FILE) |
			     diag_storage_bit(DIAG_SVC_STORAGE_QUEUE) |
			     diag_storage_bit(DIAG_SVC_STORAGE_TABLE),
			 inv->storage_services[2]);
	assert_int_equal(0, inv->registry[0].n_regions);
	assert_int_equal(2, inv->registry[1].n_regions);
	diag_inventory_free(inv);
}

static void targets_say_what_nobody_stated(void **state)
{
	struct diag_inventory *inv = parse_data("read-from-endpoint.json");
	const struct diag_target *t;

	(void)state;
	assert_string_equal("eastus", inv->region);
	assert_string_equal(G, inv->workspace_id);
	t = must_have(inv, G ".workspace.eastus.cert.api.azureml.ms");
	assert_int_equal(DIAG_SVC_WORKSPACE_CERT, t->service);
	assert_int_equal(DIAG_EXPECT_PRIVATE, t->expect);
	assert_false(t->computed);
	t = must_have(inv, "ws1103sa.blob.core.windows.net");
	assert_int_equal(2, t->n_addresses);
	assert_int_equal(8710, t->ports.items[1].port_last);
	t = must_have(inv, "mirror.example.org");
	assert_int_equal(DIAG_SVC_OTHER, t->service);
	assert_int_equal(DIAG_UDP, t->ports.items[1].proto);
	t = &inv->targets[6];
	assert_null(t->fqdn);
	assert_int_equal(DIAG_IN, t->ports.items[0].dir);
	assert_string_equal("AzureMachineLearning", t->ports.items[0].peer);
	assert_int_equal(1, inv->n_notes);
	assert_string_equal("zone.json", inv->notes[0].from);
	assert_non_null(inv->nsgs);
	diag_inventory_free(inv);
}

static void an_address_without_a_word_is_expected_to_be_private(void **state)
{
	struct diag_inventory *inv = parse_text(
	    "{\"schema\":\"pldiag.inventory/1\",\"targets\":[{\"fqdn\":"
	    "\"a.example.org\",\"addresses\":[\"10.0.0.1\"]},{\"fqdn\":"
	    "\"b.example.org\"}]}");

	(void)state;
	assert_int_equal(DIAG_EXPECT_PRIVATE, inv->targets[0].expect);
	assert_int_equal(DIAG_EXPECT_ANY, inv->targets[1].expect);
	diag_inventory_free(inv);
}

static void the_region_tells_the_cloud(void **state)
{
	struct diag_inventory *inv = parse_data("usgov.json");

	(void)state;
	assert_int_equal(DIAG_CLOUD_USGOV, inv->cloud);
	diag_inventory_free(inv);
	inv = parse_text("{\"schema\":\"pldiag.inventory/1\",\"targets\":[{"
			 "\"fqdn\":\"" G ".workspace.r1.api.ml.azure.cn\"}]}");
	assert_int_equal(DIAG_CLOUD_CHINA, inv->cloud);
	assert_string_equal("r1", inv->region);
	diag_inventory_free(inv);
}

static void networks_hold_addresses(void **state)
{
	struct diag_inventory *inv = parse_data("read-from-endpoint.json");
	struct diag_addr a = diag_addr_v4(10, 150, 9, 9);

	(void)state;
	assert_true(diag_inventory_has_net(inv, &a));
	a = diag_addr_v4(10, 151, 0, 1);
	assert_false(diag_inventory_has_net(inv, &a));
	assert_true(diag_addr_parse("fd00:150::7", &a));
	assert_true(diag_inventory_has_net(inv, &a));
	diag_inventory_free(inv);
}

#define SUBNET(name, prefixes) \
	"{\"id\":\"/s/Subnets/" name "\",\"prefixes\":[" prefixes "]}"

static void the_longest_prefix_tells_the_subnet(void **state)
{
	struct diag_inventory *inv = parse_text(
	    "{\"schema\":\"pldiag.inventory/"
	    "1\",\"subnets\":[" SUBNET(
		"wide",
		"\"10.1."
		"0.0/"
		"16\"") "," SUBNET("Small",
				   "\"10.9.0.0/24\",\"10.1.2.0/"
				   "24\"") "," SUBNET("twin", "\"10.9.0.0/"
							      "24\"") ","
								      "{\""
								      "id"
								      "\":"
								      "\"/"
								      "s/"
								      "sub"
								      "net"
								      "s/"
								      "non"
								      "e\""
								      ",\""
								      "end"
								      "poi"
								      "nt_"
								      "pol"
								      "ici"
								      "es"
								      "\":"
								      "fal"
								      "se}"
								      "]"
								      "}");
	struct diag_addr a = diag_addr_v4(10, 1, 2, 3);

	(void)state;
	assert_string_equal("/s/subnets/small",
			    diag_inventory_subnet(inv, &a)->id);
	a = diag_addr_v4(10, 1, 3, 3);
	assert_string_equal("/s/subnets/wide",
			    diag_inventory_subnet(inv, &a)->id);
	a = diag_addr_v4(10, 9, 0, 3); /* two of them */
	assert_null(diag_inventory_subnet(inv, &a));
	a = diag_addr_v4(10, 2, 0, 3);
	assert_null(diag_inventory_subnet(inv, &a));
	assert_int_equal(4, inv->n_subnets);
	assert_int_equal(DIAG_POLICIES_UNKNOWN, inv->subnets[0].policies);
	assert_int_equal(DIAG_POLICIES_OFF, inv->subnets[3].policies);
	diag_inventory_free(inv);
}

static void faults_of_subnets_are_told(void **state)
{
	static const char text[] =
	    "{\"schema\":\"pldiag.inventory/1\",\"subnets\":[5,{\"id\":\"x\"},"
	    "{\"id\":\"/a\",\"prefixes\":[\"10.1.0.1/16\",7],"
	    "\"endpoint_policies\":\"Disabled\"}]}";
	struct diag_problems problems;
	struct diag_inventory *inv = NULL;
	struct diag_err err = { .code = DIAG_OK };

	(void)state;
	diag_problems_init(&problems);
	assert_false(diag_inventory_parse("s", text, strlen(text), &problems,
					  &inv, &err));
	assert_string_equal(
	    "s: $.subnets[0]: expected an object, got 5\n"
	    "s: $.subnets[1].id: expected the id of a subnet, "
	    "\"/subscriptions/...\", got \"x\"\n"
	    "s: $.subnets[2].prefixes[0]: expected a network without bits "
	    "behind its prefix, \"10.1.0.0/16\", got \"10.1.0.1/16\"\n"
	    "s: $.subnets[2].prefixes[1]: expected a network such as "
	    "\"10.150.0.0/16\", got 7\n"
	    "s: $.subnets[2].endpoint_policies: expected true or false, got "
	    "\"Disabled\"\n",
	    diag_buf_str(&problems.text));
	diag_problems_clear(&problems);
}

static void limits_hold(void **state)
{
	struct diag_problems problems;
	struct diag_inventory *inv = NULL;
	struct diag_err err = { .code = DIAG_OK };
	struct diag_buf text;

	(void)state;
	diag_buf_init(&text, (size_t)16 << 20);
	diag_buf_puts(&text,
		      "{\"schema\":\"pldiag.inventory/1\",\"targets\":[");
	for (unsigned i = 0; i <= DIAG_INVENTORY_TARGETS; i++)
		diag_buf_printf(&text, "%s{\"fqdn\":\"n%u.example.org\"}",
				i > 0 ? "," : "", i);
	diag_buf_puts(&text, "]}");
	diag_problems_init(&problems);
	assert_false(diag_inventory_parse("big", diag_buf_str(&text), text.len,
					  &problems, &inv, &err));
	assert_string_equal("big: $.targets: expected at most 65536 entries, "
			    "got a list\n",
			    diag_buf_str(&problems.text));
	diag_problems_clear(&problems);
	diag_buf_clear(&text);
}

/* --- printing -------------------------------------------------------------
 */

static const char *const documents[] = {
	"short.json", "facts-only.json", "read-from-endpoint.json",
	"usgov.json", "china.json",	 "empty.json"
};

static void what_is_printed_can_be_read_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		struct diag_inventory *inv = parse_data(documents[i]);
		struct diag_inventory *again;
		struct diag_buf first;
		struct diag_buf second;

		print_json(inv, &first);
		again = parse_text(diag_buf_str(&first));
		print_json(again, &second);
		assert_string_equal(diag_buf_str(&first),
				    diag_buf_str(&second));
		diag_buf_clear(&first);
		diag_buf_clear(&second);
		diag_inventory_free(again);
		diag_inventory_free(inv);
	}
}

static void the_printed_form_is_fixed(void **state)
{
	struct diag_inventory *inv = parse_text(
	    "{\"targets\":[{\"fqdn\":\"A.Example.org.\",\"ports\":[{\"port\":"
	    "443},{\"port\":5831,\"protocol\":\"udp\"},{\"port\":1,\"last\":2,"
	    "\"direction\":\"in\",\"peer\":\"X\"}],\"any_of\":\"g\","
	    "\"uncertain\":true,\"source\":\"computed\"}],"
	    "\"schema\":\"pldiag.inventory/1\"}");
	struct diag_buf text;

	(void)state;
	print_json(inv, &text);
	assert_string_equal(
	    "{\"schema\":\"pldiag.inventory/1\",\"cloud\":\"public\","
	    "\"networks\":[],\"public_access\":\"unknown\","
	    "\"managed_network\":false,\"workspace\":{},\"storage\":[],"
	    "\"key_vault\":[],\"registry\":[],\"compute_instances\":[],"
	    "\"online_endpoints\":[],\"compute_nodes\":[],\"targets\":[{"
	    "\"fqdn\":\"a.example.org\",\"service\":\"other\","
	    "\"addresses\":[],\"expect\":\"any\",\"ports\":[443,{\"port\":"
	    "5831,\"protocol\":\"udp\"},{\"port\":1,\"last\":2,"
	    "\"direction\":\"in\",\"peer\":\"X\"}],\"source\":\"computed\","
	    "\"uncertain\":true,\"any_of\":\"g\"}],\"nsgs\":[],\"notes\":[],"
	    "\"sources\":{}}",
	    diag_buf_str(&text));
	diag_buf_clear(&text);
	diag_inventory_free(inv);
}

/* --- memory ---------------------------------------------------------------
 */

static bool parse_once(void *data)
{
	const struct diag_buf *text = data;
	struct diag_inventory *inv = NULL;
	struct diag_err err = { .code = DIAG_OK };

	if (diag_inventory_parse("t", text->data, text->len, NULL, &inv,
				 &err)) {
		diag_inventory_free(inv);
		return true;
	}
	assert_null(inv);
	assert_int_equal(DIAG_ENOMEM, err.code);
	return false;
}

static void missing_memory_is_an_error_and_no_leak(void **state)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_buf text;

	(void)state;
	assert_true(diag_cat_load(&err));
	big_document(600, &text);
	assert_true(torture(parse_once, &text) > 6);
	diag_buf_clear(&text);
}

static bool load_once(void *data)
{
	struct diag_err err = { .code = DIAG_OK };
	bool ok = diag_cat_load(&err);

	(void)data;
	assert_int_equal(ok ? DIAG_OK : DIAG_ENOMEM, err.code);
	diag_cat_unload();
	return ok;
}

static void the_catalogue_survives_missing_memory(void **state)
{
	(void)state;
	diag_cat_unload();
	assert_true(torture(load_once, NULL) > 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_faults_are_told_with_their_place),
		cmocka_unit_test(what_is_no_document_is_told_in_one_line),
		cmocka_unit_test(the_error_is_the_first_problem),
		cmocka_unit_test(problems_of_two_documents_do_not_mix),
		cmocka_unit_test(the_short_form_is_taken),
		cmocka_unit_test(spellings_are_made_one),
		cmocka_unit_test(targets_say_what_nobody_stated),
		cmocka_unit_test(
		    an_address_without_a_word_is_expected_to_be_private),
		cmocka_unit_test(the_region_tells_the_cloud),
		cmocka_unit_test(networks_hold_addresses),
		cmocka_unit_test(the_longest_prefix_tells_the_subnet),
		cmocka_unit_test(faults_of_subnets_are_told),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(what_is_printed_can_be_read_again),
		cmocka_unit_test(the_printed_form_is_fixed),
		cmocka_unit_test(missing_memory_is_an_error_and_no_leak),
		cmocka_unit_test(the_catalogue_survives_missing_memory),
	};

	return cmocka_run_group_tests_name("parse", tests, NULL, unload);
}
