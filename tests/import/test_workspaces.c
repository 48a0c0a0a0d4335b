/* SPDX-License-Identifier: MIT */
/* Which workspace is meant, where it lies, and of which time it is. */
#include "tests/import/make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BLOB_ZONE ZONE("rg", "privatelink.blob.core.windows.net")
#define G2	  "11111111-aaaa-4bbb-8ccc-222222222222"
#define API2	  G2 ".workspace.eastus.api.azureml.ms"

/* --- which workspace ------------------------------------------------------ */

static void add_two(struct imported *x)
{
	add_workspace(x, "w1.json", "contoso-ml", G, "sa1");
	add_workspace(x, "w2.json", "other-ml", G2, "sa2");
	add_nic(x, "n1.json", PE("pe1"), API, "10.1.0.4");
	add_nic(x, "n2.json", PE("pe2"), API2, "10.2.0.4");
	add_nic(x, "s1.json", PE("pes1"), "sa1.blob.core.windows.net",
		"10.1.0.5");
	add_nic(x, "s2.json", PE("pes2"), "sa2.blob.core.windows.net",
		"10.2.0.5");
	{
		const struct endpoint_doc e = {
			.id = PE("pes2"),
			.group = "blob",
			.target = SUB("rg") "Microsoft.Storage/storageAccounts"
					    "/SA2"
		};

		add_endpoint(x, "e2.json", &e);
	}
}

static void several_workspaces_must_be_picked_from(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_two(&x);
	fail_to_finish(&x, "several workspaces: contoso-ml, other-ml; pick "
			   "one with --workspace NAME");
	assert_int_equal(DIAG_EUSAGE, x.err.code);
	memset(&x.err, 0, sizeof(x.err));
	x.o.workspace = "third";
	fail_to_finish(&x,
		       "no such workspace; there are: contoso-ml, other-ml");
	end(&x);
}

static void a_picked_workspace_is_alone(void **state)
{
	static const char *const words[] = { "other-ml", "OTHER-ML", G2,
					     WS("other-ml") };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct imported x;

		begin(&x);
		add_two(&x);
		x.o.workspace = words[i];
		finish(&x);
		must_have(&x, API2, "10.2.0.4");
		must_have(&x, "sa2.blob.core.windows.net", "10.2.0.5");
		must_not_have(&x, API);
		assert_string_equal("other-ml", x.inv->workspace_name);
		assert_string_equal(G2, x.inv->workspace_id);
		assert_string_equal("sa2",
				    x.inv->storage.items[x.inv->storage.n - 1]);
		end(&x);
	}
}

/* An account that another workspace stands on is not ours. */
static void what_is_the_others_stays_there(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_two(&x);
	x.o.workspace = "contoso-ml";
	finish(&x);
	must_have(&x, "sa1.blob.core.windows.net", "10.1.0.5");
	must_not_have(&x, "sa2.blob.core.windows.net");
	assert_int_equal(1, x.inv->storage.n);
	end(&x);
}

static void two_of_one_name_are_told_by_their_ids(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_text(&x, "a.json",
		 "{\"id\":\"" SUB("a") "Microsoft.MachineLearningServices/"
				       "workspaces/w\",\"name\":\"w\","
				       "\"workspaceId\":\"" G "\"}");
	add_text(&x, "b.json",
		 "{\"id\":\"" SUB("b") "Microsoft.MachineLearningServices/"
				       "workspaces/w\",\"name\":\"w\","
				       "\"workspaceId\":\"" G2 "\"}");
	x.o.workspace = "w";
	fail_to_finish(&x, "several workspaces fit: w (" G "), w (" G2
			   "); give --workspace an id");
	memset(&x.err, 0, sizeof(x.err));
	x.o.workspace = G2;
	x.o.region = "eastus";
	finish(&x);
	assert_string_equal(G2, x.inv->workspace_id);
	end(&x);
}

static void many_workspaces_are_counted(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	for (int i = 0; i < 5; i++) {
		char name[8];

		(void)snprintf(name, sizeof(name), "w%d", i);
		add_workspace(&x, "w.json", name, NULL, NULL);
	}
	fail_to_finish(&x, "several workspaces: w0, w1, w2 and 2 more; pick "
			   "one with --workspace NAME");
	end(&x);
	begin(&x);
	for (int i = 0; i < 257; i++) {
		char name[8];

		(void)snprintf(name, sizeof(name), "w%d", i);
		add_workspace(&x, "w.json", name, NULL, NULL);
	}
	fail_to_finish(&x, "more than 256 workspaces");
	end(&x);
}

/* ml-W-R-G with 22 characters for W and R. */
static void a_cut_name_fits_its_label(void **state)
{
#define CUT "ml-mlworkspace-port-eastus-" G ".eastus.notebooks.azure.net"
	struct imported x;

	(void)state;
	begin(&x);
	add_workspace(&x, "w.json", "mlworkspace-portal02", NULL, NULL);
	add_nic(&x, "nic.json", PE("pe"), CUT, "10.1.0.5");
	finish(&x);
	assert_string_equal("mlworkspace-portal02", x.inv->workspace_name);
	assert_string_equal(G, x.inv->workspace_id);
	end(&x);
	begin(&x);
	add_workspace(&x, "w.json", "mlworkspace", NULL, NULL);
	add_nic(&x, "nic.json", PE("pe"), CUT, "10.1.0.5");
	fail_to_finish(&x, "several workspaces: mlworkspace, " G "; pick one "
			   "with --workspace NAME");
	end(&x);
#undef CUT
}

static void the_endpoint_joins_id_and_arm_id(void **state)
{
	static const struct endpoint_doc e = { .id = PE("PE1"),
					       .group = "amlworkspace",
					       .target = WS("Contoso-ML") };
	struct imported x;

	(void)state;
	begin(&x);
	add_endpoint(&x, "pe.json", &e);
	add_nic(&x, "n.json", PE("pe1"), API, "10.1.0.4");
	add_workspace(&x, "w.json", "contoso-ml", NULL, NULL);
	finish(&x);
	assert_string_equal(G, x.inv->workspace_id);
	end(&x);
}

static void a_strangers_hosts_lines_are_no_workspace(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_nic(&x, "n.json", PE("pe1"), API, "10.1.0.4");
	add_text(&x, "hosts", "10.2.0.4 " API2 "\n");
	finish(&x);
	must_have(&x, API, "10.1.0.4");
	must_not_have(&x, API2);
	assert_int_equal(1, seen(&x, "record of something else (not kept)"));
	end(&x);
	begin(&x);
	add_text(&x, "hosts", "10.2.0.4 " API2 "\n10.1.0.4 " API "\n");
	fail_to_finish(&x, "several workspaces: " G ", " G2
			   "; pick one with --workspace NAME");
	end(&x);
}

static void projects_lie_on_the_endpoint_of_their_hub(void **state)
{
	static const struct endpoint_doc e = { .id = PE("pe"),
					       .group = "amlworkspace",
					       .target = WS("hub") };
	struct imported x;

	(void)state;
	for (int pick = 0; pick < 2; pick++) {
		begin(&x);
		add_endpoint(&x, "pe.json", &e);
		add_nic(&x, "a.json", PE("pe"), API, "10.1.0.4");
		add_nic(&x, "b.json", PE("pe"), API2, "10.1.0.4");
		add_workspace(&x, "hub.json", "hub", G, "sa");
		add_workspace(&x, "project.json", "project", G2, "sa");
		x.o.workspace = pick ? "project" : NULL;
		finish(&x);
		must_have(&x, API, "10.1.0.4");
		must_have(&x, API2, "10.1.0.4");
		assert_string_equal(pick ? G2 : G, x.inv->workspace_id);
		end(&x);
	}
}

static void a_zone_holds_records_of_everybody(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_workspace(&x, "w.json", "contoso-ml", G, "sa1");
	for (int i = 0; i < 4; i++) {
		char name[8];
		const struct record_doc r = { .zone = BLOB_ZONE,
					      .name = name,
					      .addr = "10.1.0.9" };

		(void)snprintf(name, sizeof(name), "sa%d", i);
		add_record(&x, "zone.json", &r);
	}
	finish(&x);
	must_have(&x, "sa1.blob.core.windows.net", "10.1.0.9");
	assert_int_equal(1, x.inv->n_targets);
	assert_int_equal(3, seen(&x, "record of something else (not kept)"));
	end(&x);
}

/* --- era, region, cloud --------------------------------------------------- */

static void names_of_2020_only_on_request(void **state)
{
	static const char *const old[] = {
		"cert-" API,
		G ".studio.workspace.eastus.api.azureml.ms",
		G ".workspace.eastus.studioservice.azureml.com",
		G ".workspace.eastus.experiments.azureml.net",
		G ".workspace.eastus.modelmanagement.azureml.net",
		G ".workspace.eastus.aether.ms",
	};
	struct imported x;

	(void)state;
	for (int era = 0; era < 2; era++) {
		begin(&x);
		add_nic(&x, "n.json", PE("pe1"), API, "10.1.0.4");
		x.o.era = era ? DIAG_ERA_2020 : DIAG_ERA_CURRENT;
		finish(&x);
		assert_int_equal(era ? 7 : 1, x.inv->n_targets);
		for (size_t i = 0; era && i < 6; i++) {
			must_have(&x, old[i], "10.1.0.4");
			assert_true(
			    diag_inventory_target(x.inv, old[i])->computed);
			assert_true(
			    diag_inventory_target(x.inv, old[i])->uncertain);
		}
		end(&x);
	}
}

static void a_region_may_be_given(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_text(&x, "w.json",
		 "{\"name\":\"w\",\"storageAccount\":\"sa\",\"keyVault\":"
		 "\"kv\",\"workspaceId\":\"" G "\"}");
	finish(&x);
	/* names cannot be worked out, and the inventory does not claim to */
	assert_string_equal("", x.inv->workspace_id);
	asks_for(&x, "pl-inventory import FILE... --region REGION");
	diag_inventory_free(x.inv);
	x.inv = NULL;
	x.o.region = "West Europe";
	finish(&x);
	assert_string_equal("westeurope", x.inv->region);
	assert_string_equal(G, x.inv->workspace_id);
	diag_inventory_free(x.inv);
	x.inv = NULL;
	x.o.region = "west-europe";
	fail_to_finish(&x, "--region: expected a region such as \"eastus\", "
			   "got \"west-europe\"");
	end(&x);
}

static void the_cloud_is_told_by_names_or_region(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_nic(&x, "n.json", PE("pe"),
		G ".workspace.usgovvirginia.api.ml.azure.us", "10.1.0.4");
	finish(&x);
	assert_int_equal(DIAG_CLOUD_USGOV, x.inv->cloud);
	assert_string_equal("usgovvirginia", x.inv->region);
	end(&x);
	begin(&x);
	add_text(&x, "w.json",
		 "{\"name\":\"w\",\"storageAccount\":\"sa\",\"keyVault\":"
		 "\"kv\",\"location\":\"chinaeast2\"}");
	finish(&x);
	assert_int_equal(DIAG_CLOUD_CHINA, x.inv->cloud);
	end(&x);
	begin(&x);
	add_member(&x, "m.json", PE("pe"), "vault", "default", "10.1.0.4");
	{
		const struct endpoint_doc e = {
			.id = PE("pe"),
			.group = "vault",
			.target = SUB("rg") "Microsoft.KeyVault/vaults/kv"
		};

		add_endpoint(&x, "e.json", &e);
	}
	x.o.region = "usgovarizona";
	finish(&x);
	must_have(&x, "kv.vault.usgovcloudapi.net", "10.1.0.4");
	end(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_workspaces_must_be_picked_from),
		cmocka_unit_test(a_picked_workspace_is_alone),
		cmocka_unit_test(what_is_the_others_stays_there),
		cmocka_unit_test(two_of_one_name_are_told_by_their_ids),
		cmocka_unit_test(many_workspaces_are_counted),
		cmocka_unit_test(a_cut_name_fits_its_label),
		cmocka_unit_test(the_endpoint_joins_id_and_arm_id),
		cmocka_unit_test(a_strangers_hosts_lines_are_no_workspace),
		cmocka_unit_test(projects_lie_on_the_endpoint_of_their_hub),
		cmocka_unit_test(a_zone_holds_records_of_everybody),
		cmocka_unit_test(names_of_2020_only_on_request),
		cmocka_unit_test(a_region_may_be_given),
		cmocka_unit_test(the_cloud_is_told_by_names_or_region),
	};

	return cmocka_run_group_tests_name("import workspaces", tests, NULL,
					   NULL);
}
