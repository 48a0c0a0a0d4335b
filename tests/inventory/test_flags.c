/* SPDX-License-Identifier: MIT */
/* Flags and copied addresses become an inventory, or say what is missing. */
#include "inventory/inventory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/inventory/support.h"
#include "tests/support/torture.h"

#define API G ".workspace.eastus.api.azureml.ms"
#define LIST(...)                 \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

static int load(void **state)
{
	struct diag_err err = { .code = DIAG_OK };

	(void)state;
	return diag_cat_load(&err) ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	diag_cat_unload();
	return 0;
}

static struct diag_inventory *good(struct diag_inventory_flags flags)
{
	struct diag_problems problems;
	struct diag_inventory *inv = NULL;
	struct diag_err err = { .code = DIAG_OK };

	diag_problems_init(&problems);
	if (!diag_inventory_of_flags(&flags, &problems, &inv, &err))
		fail_msg("%s: %s", err.what, diag_buf_str(&problems.text));
	assert_int_equal(0, problems.n);
	diag_problems_clear(&problems);
	return inv;
}

static void assert_bad(struct diag_inventory_flags flags, const char *want)
{
	struct diag_problems problems;
	struct diag_inventory *inv = NULL;
	struct diag_err err = { .code = DIAG_OK };

	diag_problems_init(&problems);
	assert_false(diag_inventory_of_flags(&flags, &problems, &inv, &err));
	assert_null(inv);
	assert_int_equal(DIAG_EUSAGE, err.code);
	if (strstr(diag_buf_str(&problems.text), want) == NULL)
		fail_msg("%s is not in: %s", want,
			 diag_buf_str(&problems.text));
	diag_problems_clear(&problems);
}

/* --- names and URLs -------------------------------------------------------
 */

struct name_case {
	const char *text;
	const char *fqdn;
	enum diag_service service;
	enum diag_cloud cloud;
	const char *id, *region, *workspace;
};

#define P DIAG_CLOUD_PUBLIC
#define U DIAG_CLOUD_USGOV
#define C DIAG_CLOUD_CHINA

static const struct name_case names[] = {
	{ API, API, DIAG_SVC_WORKSPACE_API, P, G, "eastus", "" },
	{ "https://" API "/history/v1.0/x?api-version=1", API,
	  DIAG_SVC_WORKSPACE_API, P, G, "eastus", "" },
	{ "https://BF4AB0BD-2C9F-4480-ABAF-F799F0832C80.workspace.eastus."
	  "api.azureml.ms/",
	  API, DIAG_SVC_WORKSPACE_API, P, G, "eastus", "" },
	{ "https://" API
	  "/mlflow/v2.0/subscriptions/s/resourceGroups/g/providers/"
	  "Microsoft.MachineLearningServices/workspaces/ws1",
	  API, DIAG_SVC_WORKSPACE_API, P, G, "eastus", "ws1" },
	{ G ".workspace.usgovvirginia.api.ml.azure.us",
	  G ".workspace.usgovvirginia.api.ml.azure.us", DIAG_SVC_WORKSPACE_API,
	  U, G, "usgovvirginia", "" },
	{ G ".workspace.chinaeast2.api.ml.azure.cn:443",
	  G ".workspace.chinaeast2.api.ml.azure.cn", DIAG_SVC_WORKSPACE_API, C,
	  G, "chinaeast2", "" },
	{ G ".workspace.eastus.cert.api.azureml.ms",
	  G ".workspace.eastus.cert.api.azureml.ms", DIAG_SVC_WORKSPACE_CERT, P,
	  G, "eastus", "" },
	{ "cert-" G ".workspace.eastus.api.azureml.ms",
	  "cert-" G ".workspace.eastus.api.azureml.ms", DIAG_SVC_WORKSPACE_CERT,
	  P, G, "eastus", "" },
	{ G ".studio.workspace.eastus.api.azureml.ms",
	  G ".studio.workspace.eastus.api.azureml.ms", DIAG_SVC_WORKSPACE_API,
	  P, G, "eastus", "" },
	{ G ".workspace.eastus.privatelink.api.azureml.ms", API,
	  DIAG_SVC_WORKSPACE_API, P, G, "eastus", "" },
	{ "https://ml-ws1103-eastus-" G ".eastus.notebooks.azure.net/api/x",
	  "ml-ws1103-eastus-" G ".eastus.notebooks.azure.net",
	  DIAG_SVC_NOTEBOOK, P, G, "eastus", "ws1103" },
	{ "ml-ws1103-eastus-" G ".notebooks.azure.net",
	  "ml-ws1103-eastus-" G ".notebooks.azure.net", DIAG_SVC_NOTEBOOK, P, G,
	  "eastus", "ws1103" },
	{ "ml-mlworkspace-port-eastus-" G ".notebooks.azure.net",
	  "ml-mlworkspace-port-eastus-" G ".notebooks.azure.net",
	  DIAG_SVC_NOTEBOOK, P, G, "eastus", "" },
	{ "ml-mype-plt-usgovvirginia-" G
	  ".usgovvirginia.notebooks.usgovcloudapi.net",
	  "ml-mype-plt-usgovvirginia-" G
	  ".usgovvirginia.notebooks.usgovcloudapi.net",
	  DIAG_SVC_NOTEBOOK, U, G, "usgovvirginia", "" },
	{ "https://ci1.eastus.instances.azureml.ms/tree",
	  "ci1.eastus.instances.azureml.ms", DIAG_SVC_COMPUTE_INSTANCE, P, "",
	  "eastus", "" },
	{ "https://ci1-8888.eastus.instances.azureml.ms/",
	  "ci1-8888.eastus.instances.azureml.ms", DIAG_SVC_COMPUTE_INSTANCE, P,
	  "", "eastus", "" },
	{ "ci1-22.eastus.instances.azureml.ms",
	  "ci1-22.eastus.instances.azureml.ms", DIAG_SVC_COMPUTE_INSTANCE_SSH,
	  P, "", "eastus", "" },
	{ "ci1.chinaeast2.instances.ml.azure.ms",
	  "ci1.chinaeast2.instances.ml.azure.ms", DIAG_SVC_COMPUTE_INSTANCE, C,
	  "", "chinaeast2", "" },
	{ "https://ep1.eastus.inference.ml.azure.com/score",
	  "ep1.eastus.inference.ml.azure.com", DIAG_SVC_ONLINE_ENDPOINT, P, "",
	  "eastus", "" },
	{ "https://ws1103sa.blob.core.windows.net/c/b?sig=x",
	  "ws1103sa.blob.core.windows.net", DIAG_SVC_STORAGE_BLOB, P, "", "",
	  "" },
	{ "ws1103sa.file.core.chinacloudapi.cn",
	  "ws1103sa.file.core.chinacloudapi.cn", DIAG_SVC_STORAGE_FILE, C, "",
	  "", "" },
	{ "abfss://fs@lake.dfs.core.windows.net/x", "lake.dfs.core.windows.net",
	  DIAG_SVC_STORAGE_DFS, P, "", "", "" },
	{ "ws1103sa.privatelink.blob.core.windows.net",
	  "ws1103sa.blob.core.windows.net", DIAG_SVC_STORAGE_BLOB, P, "", "",
	  "" },
	{ "https://ws1103kv.vault.azure.net/secrets",
	  "ws1103kv.vault.azure.net", DIAG_SVC_KEY_VAULT, P, "", "", "" },
	{ "ws1103kv.vaultcore.azure.net", "ws1103kv.vault.azure.net",
	  DIAG_SVC_KEY_VAULT, P, "", "", "" },
	{ "ws1103kv.vault.usgovcloudapi.net",
	  "ws1103kv.vault.usgovcloudapi.net", DIAG_SVC_KEY_VAULT, U, "", "",
	  "" },
	{ "https://ws1103acr.azurecr.io/v2/", "ws1103acr.azurecr.io",
	  DIAG_SVC_REGISTRY, P, "", "", "" },
	{ "ws1103acr.westus2.data.azurecr.io",
	  "ws1103acr.westus2.data.azurecr.io", DIAG_SVC_REGISTRY_DATA, P, "",
	  "", "" },
	{ "https://eastus.api.azureml.ms/discovery", "eastus.api.azureml.ms",
	  DIAG_SVC_REGIONAL_API, P, "", "eastus", "" },
	{ "https://login.microsoftonline.com/common",
	  "login.microsoftonline.com", DIAG_SVC_SIGN_IN, P, "", "", "" },
	{ "management.chinacloudapi.cn", "management.chinacloudapi.cn",
	  DIAG_SVC_RESOURCE_MANAGER, C, "", "", "" },
	{ "abc.aznbcontent.net", "abc.aznbcontent.net",
	  DIAG_SVC_NOTEBOOK_CONTENT, P, "", "", "" },
	{ "cosmos1.documents.azure.com", "cosmos1.documents.azure.com",
	  DIAG_SVC_COSMOS_DB, P, "", "", "" },
	{ "s1.search.windows.us", "s1.search.windows.us", DIAG_SVC_SEARCH, U,
	  "", "", "" },
	{ "db1.database.windows.net", "db1.database.windows.net", DIAG_SVC_SQL,
	  P, "", "", "" },
	{ "api.monitor.azure.com", "api.monitor.azure.com", DIAG_SVC_MONITOR, P,
	  "", "", "" },
	{ "dc.services.visualstudio.com", "dc.services.visualstudio.com",
	  DIAG_SVC_OTHER, P, "", "", "" },
	{ "https://git.example.org/x", "git.example.org", DIAG_SVC_OTHER, P, "",
	  "", "" },
	{ "not-a-guid.workspace.eastus.api.azureml.ms",
	  "not-a-guid.workspace.eastus.api.azureml.ms", DIAG_SVC_OTHER, P, "",
	  "", "" },
};

static void a_copied_name_becomes_a_target_and_facts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct name_case *c = &names[i];
		struct diag_inventory *inv = good(
		    (struct diag_inventory_flags){ .url_or_name = c->text });

		assert_int_equal(1, inv->n_targets);
		assert_string_equal(c->fqdn, inv->targets[0].fqdn);
		assert_int_equal(c->service, inv->targets[0].service);
		assert_int_equal(c->cloud, inv->cloud);
		assert_string_equal(c->id, inv->workspace_id);
		assert_string_equal(c->region, inv->region);
		assert_string_equal(c->workspace, inv->workspace_name);
		assert_false(inv->targets[0].computed);
		assert_non_null(diag_inventory_target(inv, c->fqdn));
		diag_inventory_free(inv);
	}
}

static void a_port_in_the_url_is_asked_for(void **state)
{
	struct diag_inventory *inv = good((struct diag_inventory_flags){
	    .url_or_name = "https://ci1.eastus.instances.azureml.ms:8787/" });

	(void)state;
	assert_int_equal(2, inv->targets[0].ports.n);
	assert_int_equal(443, inv->targets[0].ports.items[0].port);
	assert_int_equal(8787, inv->targets[0].ports.items[1].port);
	diag_inventory_free(inv);
	inv = good((struct diag_inventory_flags){
	    .url_or_name = "http://git.example.org/" });
	assert_int_equal(1, inv->targets[0].ports.n);
	assert_int_equal(80, inv->targets[0].ports.items[0].port);
	diag_inventory_free(inv);
	inv = good((struct diag_inventory_flags){ .url_or_name = API ":443" });
	assert_null(inv->targets[0].ports.items);
	diag_inventory_free(inv);
}

static void a_url_expands_to_the_whole_workspace(void **state)
{
	struct diag_inventory *inv = good((struct diag_inventory_flags){
	    .url_or_name =
		"https://ml-ws1103-eastus-" G ".eastus.notebooks.azure.net/" });

	(void)state;
	inv = expanded(inv, DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT, false);
	(void)must_have(inv, API);
	(void)must_have(inv, G ".workspace.eastus.cert.api.azureml.ms");
	(void)must_have(inv, "eastus.api.azureml.ms");
	assert_false(
	    must_have(inv, "ml-ws1103-eastus-" G ".eastus.notebooks.azure.net")
		->computed);
	assert_string_equal("ws1103", inv->name);
	diag_inventory_free(inv);
}

/* --- addresses that are not enough ----------------------------------------
 */

#define WSID                                                            \
	"https://ml.azure.com/?wsid=/subscriptions/s/resourcegroups/g/" \
	"workspaces/ws1103&tid=t"

static void the_studio_gives_only_the_workspace_name(void **state)
{
	static const char *const texts[] = {
		WSID,
		"https://ml.azure.com/runs?wsid=%2Fsubscriptions%2Fs%2F"
		"resourcegroups%2Fg%2Fworkspaces%2Fws1103",
		"https://portal.azure.com/#@t/resource/subscriptions/s/"
		"resourceGroups/g/providers/"
		"Microsoft.MachineLearningServices/workspaces/ws1103",
		"/subscriptions/s/resourceGroups/g/providers/"
		"Microsoft.MachineLearningServices/workspaces/ws1103",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_bad(
		    (struct diag_inventory_flags){ .url_or_name = texts[i] },
		    "only the workspace's name (ws1103) is known; also needed: "
		    "--workspace-id and --region");
		assert_bad(
		    (struct diag_inventory_flags){ .url_or_name = texts[i] },
		    ".workspace.");
	}
	assert_bad(
	    (struct diag_inventory_flags){ .url_or_name = "ml.azure.com" },
	    "names no workspace");
}

static void the_studio_and_flags_are_enough_together(void **state)
{
	struct diag_inventory *inv = good((struct diag_inventory_flags){
	    .url_or_name = WSID, .workspace_id = G, .region = "eastus" });

	(void)state;
	assert_string_equal("ws1103", inv->workspace_name);
	assert_int_equal(0, inv->n_targets);
	inv = expanded(inv, DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT, false);
	(void)must_have(inv,
			"ml-ws1103-eastus-" G ".eastus.notebooks.azure.net");
	assert_true(must_have(inv, "ml.azure.com")->extra);
	diag_inventory_free(inv);
}

/* --- flags ----------------------------------------------------------------
 */

static void flags_say_everything_the_short_form_does(void **state)
{
	struct diag_inventory *inv = good((struct diag_inventory_flags){
	    .workspace_id = "BF4AB0BD-2C9F-4480-ABAF-F799F0832C80",
	    .region = "East US",
	    .workspace = "ws1103",
	    .cloud = "public",
	    .storage = LIST("sa1", "lake:blob,dfs", "batch:queue",
			    "sa2.blob.core.windows.net"),
	    .key_vault = LIST("kv1", "kv2.vault.azure.net"),
	    .registry =
		LIST("acr1", "acr2:eastus,West US 2", "acr3.azurecr.io"),
	    .compute_instance = LIST("ci1"),
	    .network = LIST("10.150.0.0/16", "fd00::/8"),
	});

	(void)state;
	assert_string_equal("eastus", inv->region);
	assert_string_equal("sa2", inv->storage.items[3]);
	assert_string_equal("kv2", inv->key_vault.items[1]);
	assert_string_equal("westus2", inv->registry[1].regions[1]);
	assert_string_equal("acr3", inv->registry[2].name);
	assert_int_equal(2, inv->n_networks);
	inv = expanded(inv, DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT, true);
	(void)must_have(inv, API);
	(void)must_have(inv, "lake.dfs.core.windows.net");
	assert_null(diag_inventory_target(inv, "lake.file.core.windows.net"));
	(void)must_have(inv, "batch.queue.core.windows.net");
	(void)must_have(inv, "batch.file.core.windows.net");
	(void)must_have(inv, "acr2.westus2.data.azurecr.io");
	diag_inventory_free(inv);
}

static void the_region_tells_the_cloud(void **state)
{
	struct diag_inventory *inv = good((struct diag_inventory_flags){
	    .workspace_id = G, .region = "usgovvirginia" });

	(void)state;
	assert_int_equal(DIAG_CLOUD_USGOV, inv->cloud);
	diag_inventory_free(inv);
}

struct bad_case {
	struct diag_inventory_flags flags;
	const char *want;
};

static void bad_flags_say_what_they_want(void **state)
{
	const struct bad_case cases[] = {
		{ { .workspace_id = "x", .region = "eastus" },
		  "--workspace-id: expected 32 hexadecimal digits, 8-4-4-4-12, "
		  "got \"x\"" },
		{ { .workspace_id = G, .region = "e/us" },
		  "--region: expected a region such as eastus" },
		{ { .workspace_id = G }, "--region is missing" },
		{ { .compute_instance = LIST("ci1") }, "--region is missing" },
		{ { .workspace = "ws" },
		  "needed: --workspace-id and --region" },
		{ { .workspace = "w s" }, "--workspace: expected" },
		{ { .cloud = "moon", .storage = LIST("a") },
		  "--cloud: expected public, usgov or china" },
		{ { .storage = LIST("a b") }, "--storage: expected" },
		{ { .storage = LIST("kv1.vault.azure.net") },
		  "--storage: expected" },
		{ { .storage = LIST("a:tape") }, "--storage: expected blob" },
		{ { .storage = LIST("a:") }, "--storage: expected blob" },
		{ { .storage = LIST(":dfs") }, "--storage: expected" },
		{ { .key_vault = LIST("") }, "--key-vault: expected" },
		{ { .registry = LIST("a:x.y") }, "--registry: expected" },
		{ { .registry = LIST("a.blob.core.windows.net") },
		  "--registry: expected" },
		{ { .network = LIST("10.0.0.1/8"), .storage = LIST("a") },
		  "--network: expected" },
		{ { .network = LIST("10.0.0.0/8") }, "nothing to check" },
		{ { .region = "eastus" }, "nothing to check" },
		{ { .workspace_id = NULL }, "nothing to check" },
		{ { .url_or_name = "https://[::1]/" }, "IPv6" },
		{ { .url_or_name = "ws1103" }, "dots" },
		{ { .url_or_name = API, .region = "westus" },
		  "--region westus contradicts the name, which says eastus" },
		{ { .url_or_name = API,
		    .workspace_id = "00000000-0000-0000-0000-000000000000" },
		  "--workspace-id 00000000-" },
		{ { .url_or_name = API, .cloud = "china" },
		  "--cloud china contradicts the name, which is one of cloud "
		  "public" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_bad(cases[i].flags, cases[i].want);
}

static void all_bad_flags_are_told_at_once(void **state)
{
	const struct diag_inventory_flags flags = { .workspace_id = "x",
						    .region = "!",
						    .cloud = "moon",
						    .url_or_name = "::" };
	struct diag_problems problems;
	struct diag_inventory *inv = NULL;
	struct diag_err err = { .code = DIAG_OK };

	(void)state;
	diag_problems_init(&problems);
	assert_false(diag_inventory_of_flags(&flags, &problems, &inv, &err));
	assert_int_equal(4, problems.n);
	diag_problems_clear(&problems);
}

static void a_flag_of_the_right_cloud_agrees(void **state)
{
	struct diag_inventory *inv = good((struct diag_inventory_flags){
	    .url_or_name = "ci1.eastus.instances.ml.azure.ms",
	    .cloud = "china" });

	(void)state;
	assert_int_equal(DIAG_CLOUD_CHINA, inv->cloud);
	diag_inventory_free(inv);
	inv = good((struct diag_inventory_flags){
	    .url_or_name = "abc.aznbcontent.net", .cloud = "usgov" });
	assert_int_equal(DIAG_CLOUD_USGOV, inv->cloud);
	diag_inventory_free(inv);
	inv = good((struct diag_inventory_flags){
	    .url_or_name = "git.example.org", .cloud = "usgov" });
	diag_inventory_free(inv);
}

static void secrets_are_not_repeated(void **state)
{
	const struct diag_inventory_flags flags = {
		.url_or_name = "https://user:secret@10.0.0.1/?sig=secret"
	};
	struct diag_problems problems;
	struct diag_inventory *inv = NULL;
	struct diag_err err = { .code = DIAG_OK };

	(void)state;
	diag_problems_init(&problems);
	assert_false(diag_inventory_of_flags(&flags, &problems, &inv, &err));
	assert_null(strstr(diag_buf_str(&problems.text), "secret"));
	diag_problems_clear(&problems);
}

static bool flags_once(void *data)
{
	const struct diag_inventory_flags *flags = data;
	struct diag_inventory *inv = NULL;
	struct diag_err err = { .code = DIAG_OK };

	if (diag_inventory_of_flags(flags, NULL, &inv, &err)) {
		diag_inventory_free(inv);
		return true;
	}
	assert_null(inv);
	assert_int_equal(DIAG_ENOMEM, err.code);
	return false;
}

static void missing_memory_is_an_error_and_no_leak(void **state)
{
	static const char *accounts[1001];
	struct diag_inventory_flags flags = { .url_or_name = API,
					      .storage = accounts,
					      .key_vault = accounts,
					      .registry = accounts,
					      .compute_instance = accounts };

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		accounts[i] = "a1";
	assert_true(torture(flags_once, &flags) > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copied_name_becomes_a_target_and_facts),
		cmocka_unit_test(a_port_in_the_url_is_asked_for),
		cmocka_unit_test(a_url_expands_to_the_whole_workspace),
		cmocka_unit_test(the_studio_gives_only_the_workspace_name),
		cmocka_unit_test(the_studio_and_flags_are_enough_together),
		cmocka_unit_test(flags_say_everything_the_short_form_does),
		cmocka_unit_test(the_region_tells_the_cloud),
		cmocka_unit_test(bad_flags_say_what_they_want),
		cmocka_unit_test(all_bad_flags_are_told_at_once),
		cmocka_unit_test(a_flag_of_the_right_cloud_agrees),
		cmocka_unit_test(secrets_are_not_repeated),
		cmocka_unit_test(missing_memory_is_an_error_and_no_leak),
	};

	return cmocka_run_group_tests_name("flags", tests, load, unload);
}
