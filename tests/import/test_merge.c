/* SPDX-License-Identifier: MIT */
/* Which record wins, and what follows from it. */
#include "tests/import/make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BLOB	  "sa.blob.core.windows.net"
#define BLOB_ZONE ZONE("rg", "privatelink.blob.core.windows.net")
#define API_ZONE  ZONE("rg", "privatelink.api.azureml.ms")
#define NOTE	  "inventory.stale-record"

/* --- ranks ---------------------------------------------------------------- */

/* Six documents, the best first, that all say something else. */
static void add_ranked(struct imported *x, int rank)
{
	static const struct endpoint_doc custom = { .id = PE("pe-blob"),
						    .fqdn = BLOB,
						    .addr = "10.1.0.2" };
	static const struct record_doc record = { .zone = BLOB_ZONE,
						  .name = "sa",
						  .addr = "10.1.0.5" };

	switch (rank) {
	case 1:
		add_nic(x, "1.json", PE("pe-blob"), BLOB, "10.1.0.1");
		break;
	case 2:
		add_endpoint(x, "2.json", &custom);
		break;
	case 3:
		add_group(x, "3.json", PE("pe-blob"), BLOB_ZONE,
			  "sa.privatelink.blob.core.windows.net.", "10.1.0.3");
		break;
	case 4:
		add_text(x, "4.json",
			 "{\"schema\":\"pldiag.inventory/1\",\"targets\":[{"
			 "\"fqdn\":\"" BLOB "\",\"addresses\":[\"10.1.0.4\"]}]"
			 "}");
		break;
	case 5:
		add_record(x, "5.json", &record);
		break;
	default:
		add_text(x, "6.txt", "10.1.0.6 " BLOB "\n");
		break;
	}
}

static void the_best_source_wins_and_the_others_are_notes(void **state)
{
	(void)state;
	for (int best = 1; best <= 6; best++) {
		struct imported x;
		char addr[16];

		begin(&x);
		for (int rank = 6; rank >= best; rank--)
			add_ranked(&x, rank);
		finish(&x);
		no_problems(&x);
		(void)snprintf(addr, sizeof(addr), "10.1.0.%d", best);
		must_have(&x, BLOB, addr);
		assert_int_equal(6 - best, count_notes(&x, NOTE));
		end(&x);
	}
}

static void what_agrees_is_a_source_and_no_note(void **state)
{
	static const struct record_doc record = { .zone = BLOB_ZONE,
						  .name = "sa",
						  .addr = "10.1.0.1" };
	struct imported x;

	(void)state;
	begin(&x);
	add_record(&x, "zone.json", &record);
	add_text(&x, "hosts", "10.1.0.1 " BLOB "\n10.1.0.9 " BLOB "\n");
	add_nic(&x, "nic.json", PE("pe-blob"), BLOB, "10.1.0.1");
	finish(&x);
	assert_string_equal(
	    "hosts:1, nic.json: $.ipConfigurations[0].privateIPAddress, "
	    "zone.json: $.aRecords[0].ipv4Address",
	    sources_of(&x, "targets", BLOB));
	assert_string_equal(BLOB " is 10.1.0.1 according to the network "
				 "interface nic1, but 10.1.0.9 according to "
				 "the hosts file.",
			    note_of(&x, NOTE)->detail);
	assert_string_equal("hosts:2", note_of(&x, NOTE)->from);
	end(&x);
}

static void one_wrong_address_is_one_note(void **state)
{
	static const struct record_doc record = { .zone = BLOB_ZONE,
						  .name = "sa",
						  .addr = "10.1.0.9" };
	struct imported x;

	(void)state;
	begin(&x);
	add_record(&x, "zone.json", &record);
	add_text(&x, "hosts", "10.1.0.9 " BLOB "\n");
	add_nic(&x, "nic.json", PE("pe-blob"), BLOB, "10.1.0.1");
	finish(&x);
	assert_string_equal(
	    BLOB " is 10.1.0.1 according to the network interface nic1, but "
		 "10.1.0.9 according to the A record in zone "
		 "privatelink.blob.core.windows.net and the hosts file.",
	    note_of(&x, NOTE)->detail);
	assert_string_equal("zone.json: $.aRecords[0].ipv4Address",
			    note_of(&x, NOTE)->from);
	end(&x);
}

static void two_endpoints_of_one_resource_are_both_right(void **state)
{
	struct imported x;
	const struct diag_target *t;

	(void)state;
	begin(&x);
	add_nic(&x, "b.json", PE("pe-b"), BLOB, "10.2.0.1");
	add_nic(&x, "a.json", PE("pe-a"), BLOB, "10.1.0.1");
	finish(&x);
	t = diag_inventory_target(x.inv, BLOB);
	assert_non_null(t);
	assert_int_equal(2, t->n_addresses);
	assert_true(diag_addr_cmp(&t->addresses[0], &t->addresses[1]) < 0);
	assert_int_equal(0, x.inv->n_notes);
	end(&x);
}

static void two_zones_of_one_name_dispute(void **state)
{
	static const struct record_doc a = { .zone = BLOB_ZONE,
					     .name = "sa",
					     .addr = "10.1.0.1" };
	static const struct record_doc b = {
		.zone = ZONE("rg2", "privatelink.blob.core.windows.net"),
		.name = "sa",
		.addr = "10.1.0.9"
	};
	struct imported x;

	(void)state;
	begin(&x);
	add_record(&x, "b.json", &b);
	add_record(&x, "a.json", &a);
	finish(&x);
	assert_int_equal(1, count_notes(&x, NOTE));
	assert_int_equal(2, diag_inventory_target(x.inv, BLOB)->n_addresses);
	end(&x);
}

static void one_endpoint_has_one_address_for_a_name(void **state)
{
	struct imported x;
	const struct diag_note *n;

	(void)state;
	begin(&x);
	add_nic(&x, "old.json", PE("pe"), BLOB, "10.1.0.9");
	add_nic(&x, "new.json", PE("PE"), BLOB, "10.1.0.4");
	finish(&x);
	n = note_of(&x, NOTE);
	assert_non_null(strstr(n->detail, "10.1.0.4"));
	assert_non_null(strstr(n->detail, "10.1.0.9 in another document of "
					  "the same private endpoint"));
	assert_int_equal(2, diag_inventory_target(x.inv, BLOB)->n_addresses);
	end(&x);
}

static void what_is_said_twice_is_no_dispute(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_nic(&x, "a.json", PE("pe"), BLOB, "10.1.0.4");
	add_nic(&x, "b.json", PE("pe"), BLOB, "10.1.0.4");
	add_nic(&x, "six.json", PE("pe"), BLOB, "fd00::4");
	finish(&x);
	assert_int_equal(0, count_notes(&x, NOTE));
	end(&x);
}

/* --- addresses that are shared -------------------------------------------- */

static void certificate_and_instances_have_the_apis_address(void **state)
{
	static const struct record_doc cert = { .zone = API_ZONE,
						.name = G ".workspace.eastus"
							  ".cert",
						.addr = "10.1.0.9" };
	struct imported x;
	const struct diag_note *n;

	(void)state;
	begin(&x);
	add_record(&x, "cert.json", &cert);
	add_text(&x, "hosts",
		 "10.1.0.30 ci1.eastus.instances.azureml.ms\n"
		 "10.1.0.4 ci2.eastus.instances.azureml.ms\n");
	add_nic(&x, "nic.json", PE("pe"), API, "10.1.0.4");
	finish(&x);
	must_have(&x, API, "10.1.0.4");
	must_have(&x, CERT, "10.1.0.4");
	assert_int_equal(2, x.inv->n_targets);
	assert_int_equal(2, x.inv->compute_instances.n);
	assert_int_equal(2, count_notes(&x, NOTE));
	n = &x.inv->notes[1];
	assert_string_equal("ci1.eastus.instances.azureml.ms", n->targets[0]);
	assert_string_equal(
	    "ci1.eastus.instances.azureml.ms is 10.1.0.4 according to the "
	    "network interface nic1, whose address it shares with " API
	    ", but 10.1.0.30 according to the hosts file.",
	    n->detail);
	end(&x);
}

static void online_endpoints_have_the_wildcards_address(void **state)
{
	struct imported x;
	struct diag_inventory *plain;

	(void)state;
	begin(&x);
	add_nic(&x, "nic.json", PE("pe"), WILDCARD, "10.1.0.6");
	add_nic(&x, "api.json", PE("pe"), API, "10.1.0.4");
	add_text(&x, "online.json",
		 "[{\"name\":\"ep1\",\"type\":\"Microsoft.Machine"
		 "LearningServices/workspaces/onlineEndpoints\"},"
		 "{\"id\":\"" WS("w") "/onlineEndpoints/ep2\"}]");
	add_text(&x, "hosts", "10.1.0.4 ep3.eastus.inference.ml.azure.com\n");
	finish(&x);
	no_problems(&x);
	assert_int_equal(3, x.inv->online_endpoints.n);
	must_not_have(&x, "ep3.eastus.inference.ml.azure.com");
	assert_int_equal(1, count_notes(&x, NOTE));
	plain = x.inv;
	assert_true(diag_inventory_expand(
	    plain, DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT, true, &x.inv, NULL));
	must_have(&x, "ep1.eastus.inference.ml.azure.com", "10.1.0.6");
	must_have(&x, "ep2.eastus.inference.ml.azure.com", "10.1.0.6");
	must_have(&x, "ep3.eastus.inference.ml.azure.com", "10.1.0.6");
	must_not_have(&x, WILDCARD);
	diag_inventory_free(plain);
	end(&x);
}

static void an_online_endpoint_alone_is_a_target(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_text(&x, "hosts", "10.1.0.6 ep3.eastus.inference.ml.azure.com\n");
	finish(&x);
	must_have(&x, "ep3.eastus.inference.ml.azure.com", "10.1.0.6");
	assert_string_equal("eastus", x.inv->region);
	end(&x);
}

/* --- members -------------------------------------------------------------- */

static void names_follow_from_members(void **state)
{
	static const struct {
		const char *pe, *group, *target, *member, *fqdn;
	} cases[] = {
		{ PE("a"), "amlworkspace", WS("contoso-ml"), "default", API },
		{ PE("b"), "amlworkspace", WS("contoso-ml"), "inference",
		  WILDCARD },
		{ PE("n"), "amlworkspace", WS("contoso-ml"), "notebook",
		  NOTEBOOK },
		{ PE("c"), "blob",
		  SUB("rg") "Microsoft.Storage/storageAccounts/sa", "blob",
		  BLOB },
		{ PE("d"), "vault", SUB("rg") "Microsoft.KeyVault/vaults/kv",
		  "default", "kv.vault.azure.net" },
		{ PE("e"), "registry",
		  SUB("rg") "Microsoft.ContainerRegistry/registries/acr",
		  "registry", "acr.azurecr.io" },
		{ PE("e"), "registry",
		  SUB("rg") "Microsoft.ContainerRegistry/registries/acr",
		  "registry_data_westus2", "acr.westus2.data.azurecr.io" },
	};
	struct imported x;

	(void)state;
	begin(&x);
	add_sample(&x, "ml-workspace-get.arm.json");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct endpoint_doc doc = { .id = cases[i].pe,
						  .group = cases[i].group,
						  .target = cases[i].target };

		/* the sample's own workspace */
		if (i > 2)
			add_endpoint(&x, "e.json", &doc);
		add_member(&x, "m.json", cases[i].pe, cases[i].group,
			   cases[i].member, "10.1.0.7");
	}
	add_member(&x, "odd.json", PE("x"), "odd", "default", "10.1.0.8");
	finish(&x);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		must_have(&x, cases[i].fqdn, "10.1.0.7");
	assert_int_equal(7, x.inv->n_targets);
	end(&x);
}

static void an_address_given_by_hand_has_a_member(void **state)
{
	struct imported x;

	(void)state;
	import_text_file(
	    &x,
	    "{\"id\":\"" PE(
		"pe") "\",\"privateLinkServiceConnections\":"
		      "[{\"groupIds\":[\"file\"],\"privateLinkServiceId\":"
		      "\"" SUB("rg") "Microsoft.Storage/storageAccounts/sa\"}],"
				     "\"ipConfigurations\":[{\"name\":\"x\","
				     "\"properties\":{\"groupId\":\"file\","
				     "\"memberName\":\"file\","
				     "\"privateIPAddress\":\"10.1.0.7\"}}]}");
	no_problems(&x);
	must_have(&x, "sa.file.core.windows.net", "10.1.0.7");
	end(&x);
}

/* --- what deleted endpoints leave ----------------------------------------- */

#define BY(name, guid) \
	"created by private endpoint " name " with resource guid " guid
#define GUID1 "00000000-0000-4000-8000-000000000001"
#define GUID2 "00000000-0000-4000-8000-000000000002"

static const struct endpoint_doc blob_endpoint = {
	.id = PE("pe-new"),
	.group = "blob",
	.target = SUB("rg") "Microsoft.Storage/storageAccounts/sa"
};

static void a_record_of_another_endpoint_is_not_believed(void **state)
{
	static const struct record_doc record = { .zone = BLOB_ZONE,
						  .name = "sa",
						  .addr = "10.1.0.9",
						  .creator =
						      BY("pe-old", GUID1) };
	struct imported x;

	(void)state;
	begin(&x);
	add_endpoint(&x, "pe.json", &blob_endpoint);
	add_record(&x, "zone.json", &record);
	finish(&x);
	must_not_have(&x, BLOB);
	assert_string_equal(
	    BLOB " is 10.1.0.9 according to the A record in zone "
		 "privatelink.blob.core.windows.net. That record was made by "
		 "the private endpoint pe-old, which is not among these "
		 "documents. Another private endpoint leads there now.",
	    note_of(&x, NOTE)->detail);
	end(&x);
	/* with the right address at hand the note says that, too */
	begin(&x);
	add_endpoint(&x, "pe.json", &blob_endpoint);
	add_nic(&x, "nic.json", PE("pe-new"), BLOB, "10.1.0.5");
	add_record(&x, "zone.json", &record);
	finish(&x);
	must_have(&x, BLOB, "10.1.0.5");
	assert_non_null(strstr(note_of(&x, NOTE)->detail,
			       "but 10.1.0.9 according to the A record in "
			       "zone privatelink.blob.core.windows.net. That "
			       "record was made by the private endpoint "
			       "pe-old"));
	end(&x);
}

static void a_record_of_a_known_endpoint_is_believed(void **state)
{
	static const struct record_doc record = { .zone = BLOB_ZONE,
						  .name = "sa",
						  .addr = "10.1.0.9",
						  .creator =
						      BY("PE-New", GUID1) };
	struct imported x;

	(void)state;
	begin(&x);
	add_endpoint(&x, "pe.json", &blob_endpoint);
	add_record(&x, "zone.json", &record);
	finish(&x);
	must_have(&x, BLOB, "10.1.0.9");
	assert_int_equal(0, x.inv->n_notes);
	end(&x);
	/* nobody knows an endpoint of that name: nothing speaks against it */
	begin(&x);
	add_record(&x, "zone.json", &record);
	finish(&x);
	must_have(&x, BLOB, "10.1.0.9");
	end(&x);
}

static void an_endpoint_made_anew_has_another_guid(void **state)
{
	static const struct record_doc record = { .zone = BLOB_ZONE,
						  .name = "sa",
						  .addr = "10.1.0.9",
						  .creator =
						      BY("pe-new", GUID1) };
	struct imported x;

	(void)state;
	begin(&x);
	add_text(
	    &x, "pe.json",
	    "{\"id\":\"" PE(
		"pe-new") "\",\"resourceGuid\":\"" GUID2
			  "\",\"privateLinkServiceConnections\":[{\"groupIds\":"
			  "[\"blob\"],\"privateLinkServiceId\":\"" SUB(
			      "rg") "Microsoft.Storage/storageAccounts/"
				    "sa\"}]}");
	add_record(&x, "zone.json", &record);
	finish(&x);
	no_problems(&x);
	must_not_have(&x, BLOB);
	assert_int_equal(1, count_notes(&x, NOTE));
	end(&x);
}

static void an_address_no_endpoint_can_have_decides_nothing(void **state)
{
	static const struct record_doc record = { .zone = BLOB_ZONE,
						  .name = "sa",
						  .addr = "127.0.0.1" };
	static const struct record_doc docker = { .zone = BLOB_ZONE,
						  .name = "sa",
						  .addr = "172.17.0.5" };
	struct imported x;

	(void)state;
	begin(&x);
	add_record(&x, "zone.json", &record);
	finish(&x);
	must_not_have(&x, BLOB);
	assert_non_null(
	    strstr(note_of(&x, NOTE)->detail, "is 127.0.0.1 according to"));
	end(&x);
	/* forbidden, and possible all the same */
	begin(&x);
	add_record(&x, "zone.json", &docker);
	finish(&x);
	must_have(&x, BLOB, "172.17.0.5");
	end(&x);
}

/* --- the short form ------------------------------------------------------- */

static void services_of_an_account_add_up(void **state)
{
	struct imported x;
	unsigned blob = diag_storage_bit(DIAG_SVC_STORAGE_BLOB);
	unsigned file = diag_storage_bit(DIAG_SVC_STORAGE_FILE);
	unsigned dfs = diag_storage_bit(DIAG_SVC_STORAGE_DFS);

	(void)state;
	begin(&x);
	add_workspace(&x, "w.json", "w", G, "main");
	add_nic(&x, "1.json", PE("a"), "main.dfs.core.windows.net", "10.1.0.1");
	add_nic(&x, "2.json", PE("b"), "more.blob.core.windows.net",
		"10.1.0.2");
	add_nic(&x, "3.json", PE("c"), "tasks.queue.core.windows.net",
		"10.1.0.3");
	finish(&x);
	/* what only has a queue would bring a blob that nobody needs */
	assert_int_equal(2, x.inv->storage.n);
	assert_string_equal("main", x.inv->storage.items[0]);
	assert_int_equal(blob | file | dfs, x.inv->storage_services[0]);
	assert_string_equal("more", x.inv->storage.items[1]);
	assert_int_equal(blob, x.inv->storage_services[1]);
	must_have(&x, "tasks.queue.core.windows.net", "10.1.0.3");
	end(&x);
}

static void networks_are_those_of_the_peers_too(void **state)
{
	struct imported x;
	char text[DIAG_ADDR_TEXT];

	(void)state;
	import_text_file(
	    &x,
	    "{\"id\":\"" VNET(
		"hub") "\",\"addressSpace\":{\"addressPrefixes\":"
		       "[\"10.1.0.0/16\",\"fd00:1::/"
		       "48\"]},\"virtualNetworkPeerings\":[{"
		       "\"remoteAddressSpace\":{\"addressPrefixes\":[\"10.2.0."
		       "0/16\"]},"
		       "\"remoteVirtualNetwork\":{\"id\":\"" VNET(
			   "spoke") "\"}}]}\n"
				    "[{\"remoteVirtualNetwork\":{\"id\":"
				    "\"" VNET(
					"x") "\"},"
					     "\"remoteVirtualNetworkAddressSpac"
					     "e\":{\"addressPrefixes\":"
					     "[\"10.3.0.0/"
					     "16\"]},\"remoteAddressSpace\":{"
					     "\"addressPrefixes\":"
					     "[\"10.9.0.0/16\"]}}]");
	no_problems(&x);
	assert_int_equal(4, x.inv->n_networks);
	assert_string_equal("10.1.0.0/16",
			    diag_cidr_text(&x.inv->networks[0], text));
	assert_string_equal("10.3.0.0/16",
			    diag_cidr_text(&x.inv->networks[2], text));
	end(&x);
}

static void settings_of_the_workspace_are_kept(void **state)
{
	static const struct {
		const char *text;
		enum diag_public_access access;
		bool managed;
	} cases[] = {
		{ "\"public_network_access\":\"Enabled\"", DIAG_ACCESS_ENABLED,
		  false },
		{ "\"properties\":{\"publicNetworkAccess\":\"Enabled\","
		  "\"ipAllowlist\":[\"1.2.3.4\"]}",
		  DIAG_ACCESS_SELECTED, false },
		{ "\"publicNetworkAccess\":\"disabled\",\"managedNetwork\":{"
		  "\"isolationMode\":\"AllowInternetOutbound\"}",
		  DIAG_ACCESS_DISABLED, true },
		{ "\"managed_network\":{\"isolation_mode\":\"disabled\"}",
		  DIAG_ACCESS_UNKNOWN, false },
		{ "\"managed_network\":null", DIAG_ACCESS_UNKNOWN, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct imported x;
		char text[512];

		(void)snprintf(text, sizeof(text),
			       "{\"id\":\"" WS("w") "\",\"name\":\"w\",%s}",
			       cases[i].text);
		import_text_file(&x, text);
		no_problems(&x);
		assert_int_equal(cases[i].access, x.inv->public_access);
		assert_int_equal(cases[i].managed, x.inv->managed_network);
		end(&x);
	}
}

/* --- inventories ---------------------------------------------------------- */

static void an_inventory_keeps_what_only_it_knows(void **state)
{
	struct imported x;
	const struct diag_target *t;

	(void)state;
	begin(&x);
	add_text(&x, "old.json",
		 "{\"schema\":\"pldiag.inventory/1\",\"name\":\"mine\","
		 "\"region\":\"eastus\",\"compute_instances\":[\"ci9\"],"
		 "\"networks\":[\"10.8.0.0/16\"],\"targets\":[{\"fqdn\":\"" BLOB
		 "\",\"ports\":[443,8443],\"addresses\":[\"10.1.0.9\"]},"
		 "{\"fqdn\":\"mirror.example.org\",\"expect\":\"public\"},"
		 "{\"service\":\"compute-node\",\"addresses\":"
		 "[\"10.8.0.4\"]}],\"notes\":[{\"code\":\"x\"}],"
		 "\"nsgs\":[{\"name\":\"nsg1\",\"odd\":1}]}");
	add_nic(&x, "nic.json", PE("pe"), BLOB, "10.1.0.1");
	finish(&x);
	no_problems(&x);
	assert_string_equal("mine", x.inv->name);
	must_have(&x, BLOB, "10.1.0.1");
	t = diag_inventory_target(x.inv, BLOB);
	assert_int_equal(2, t->ports.n);
	must_have(&x, "mirror.example.org", NULL);
	assert_int_equal(3, x.inv->n_targets);
	assert_int_equal(2, x.inv->n_notes);
	assert_int_equal(1, cJSON_GetArraySize(x.inv->nsgs));
	assert_string_equal("ci9", x.inv->compute_instances.items[0]);
	assert_string_equal("old.json: $.compute_instances[0]",
			    sources_of(&x, "compute_instances", "ci9"));
	assert_string_equal(BLOB " is 10.1.0.1 according to the network "
				 "interface nic1, but 10.1.0.9 according to "
				 "an inventory.",
			    note_of(&x, NOTE)->detail);
	end(&x);
}

static void what_azure_prints_replaces_an_old_group(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_text(&x, "a.json",
		 "{\"schema\":\"pldiag.inventory/1\",\"nsgs\":[{\"id\":\"" SUB(
		     "rg") "Microsoft.Network/networkSecurityGroups/N\","
			   "\"name\":\"N\",\"rules\":[],\"subnets\":[],"
			   "\"nics\":[]}]}");
	add_text(&x, "b.json",
		 "{\"id\":\"" SUB("RG") "Microsoft.Network/"
					"networkSecurityGroups/n\","
					"\"name\":\"n\",\"securityRules\":[]}");
	finish(&x);
	no_problems(&x);
	assert_int_equal(1, cJSON_GetArraySize(x.inv->nsgs));
	assert_string_equal(
	    "n", cJSON_GetObjectItem(x.inv->nsgs->child, "name")->valuestring);
	end(&x);
}

static void a_bad_inventory_is_told_as_everywhere(void **state)
{
	struct imported x;

	(void)state;
	import_text_file(&x, "{\"schema\":\"pldiag.inventory/1\","
			     "\"cloud\":\"moon\",\"region\":5}");
	problems_are(&x, "x.json: $.cloud: expected public, usgov or china, "
			 "got \"moon\"\n"
			 "x.json: $.region: expected text, got 5\n");
	end(&x);
}

/* --- errors --------------------------------------------------------------- */

static void a_bad_value_is_told_with_its_place(void **state)
{
	struct diag_buf text;
	struct imported x;
	char *at;

	(void)state;
	read_azure("nic-show.workspace.json", &text);
	at = strstr(text.data, "\"10.150.0.5\"");
	assert_non_null(at);
	/* the same length */
	memcpy(at, "\"10.150.400\"", 12);
	begin(&x);
	add_bytes(&x, "nic.json", text.data, text.len);
	finish(&x);
	problems_are(&x, "nic.json: $.ipConfigurations[1].privateIPAddress: "
			 "not an address: \"10.150.400\"\n");
	/* the others of the document count */
	must_have(&x, API, "10.150.0.4");
	must_have(&x, WILDCARD, "10.150.0.6");
	assert_int_equal(0, x.summary.skipped);
	end(&x);
	diag_buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_source_wins_and_the_others_are_notes),
		cmocka_unit_test(what_agrees_is_a_source_and_no_note),
		cmocka_unit_test(one_wrong_address_is_one_note),
		cmocka_unit_test(two_endpoints_of_one_resource_are_both_right),
		cmocka_unit_test(two_zones_of_one_name_dispute),
		cmocka_unit_test(one_endpoint_has_one_address_for_a_name),
		cmocka_unit_test(what_is_said_twice_is_no_dispute),
		cmocka_unit_test(
		    certificate_and_instances_have_the_apis_address),
		cmocka_unit_test(online_endpoints_have_the_wildcards_address),
		cmocka_unit_test(an_online_endpoint_alone_is_a_target),
		cmocka_unit_test(names_follow_from_members),
		cmocka_unit_test(an_address_given_by_hand_has_a_member),
		cmocka_unit_test(a_record_of_another_endpoint_is_not_believed),
		cmocka_unit_test(a_record_of_a_known_endpoint_is_believed),
		cmocka_unit_test(an_endpoint_made_anew_has_another_guid),
		cmocka_unit_test(
		    an_address_no_endpoint_can_have_decides_nothing),
		cmocka_unit_test(services_of_an_account_add_up),
		cmocka_unit_test(networks_are_those_of_the_peers_too),
		cmocka_unit_test(settings_of_the_workspace_are_kept),
		cmocka_unit_test(an_inventory_keeps_what_only_it_knows),
		cmocka_unit_test(what_azure_prints_replaces_an_old_group),
		cmocka_unit_test(a_bad_inventory_is_told_as_everywhere),
		cmocka_unit_test(a_bad_value_is_told_with_its_place),
	};

	return cmocka_run_group_tests_name("import merge", tests, NULL, NULL);
}
