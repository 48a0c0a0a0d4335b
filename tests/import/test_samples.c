/* SPDX-License-Identifier: MIT */
/* Every document that Azure's tools print, each with its traps. */
#include "tests/import/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "nsg/nsg.h"

#define DATA	 "contosomlacr.eastus.data.azurecr.io"
#define REGISTRY "contosomlacr.azurecr.io"
#define VAULT	 "contosomlkv.vault.azure.net"
#define BLOB	 "contosomlsa.blob.core.windows.net"
#define IN_GROUP                                 \
	"--resource-group rg-ml --subscription " \
	"11111111-2222-4333-8444-555555555555 -o json"

static void import_sample(struct imported *x, const char *name)
{
	const char *const names[] = { name, NULL };

	import_samples(x, names);
	no_problems(x);
	assert_int_equal(1, x->summary.documents);
	assert_int_equal(0, x->summary.skipped);
}

static void four_names(const struct imported *x)
{
	must_have(x, API, "10.150.0.4");
	must_have(x, CERT, "10.150.0.4");
	must_have(x, NOTEBOOK, "10.150.0.5");
	must_have(x, WILDCARD, "10.150.0.6");
	assert_int_equal(4, x->inv->n_targets);
	assert_string_equal(G, x->inv->workspace_id);
	assert_string_equal("eastus", x->inv->region);
	assert_int_equal(DIAG_CLOUD_PUBLIC, x->inv->cloud);
}

/* --- private endpoints ---------------------------------------------------- */

static void an_endpoint_without_a_zone_group_tells_its_names(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "private-endpoint-show.workspace.no-zone-group.json");
	four_names(&x);
	assert_int_equal(1, seen(&x, "private endpoint"));
	assert_string_equal("contoso-ml", x.inv->workspace_name);
	assert_string_equal(
	    "private-endpoint-show.workspace.no-zone-group.json: "
	    "$.customDnsConfigs[2].ipAddresses[0]",
	    sources_of(&x, "targets", NOTEBOOK));
	assert_int_equal(0, x.inv->n_notes);
	asks_for(&x, "az network nic show --ids " NET "networkInterfaces/pe-ml."
		     "nic.00000000-0000-4000-8000-000000000010 -o json");
	asks_for(&x, "az resource show --ids " WORKSPACE " -o json");
	asks_for(&x, "az network vnet show --ids " NET
		     "virtualNetworks/hub -o json");
	/* customDnsConfigs that is not empty says that there is no group */
	does_not_ask_for(&x, "dns-zone-group");
	end(&x);
}

static void an_endpoint_with_a_zone_group_tells_no_names(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "private-endpoint-show.workspace.zone-group.json");
	assert_int_equal(0, x.inv->n_targets);
	assert_int_equal(0, x.inv->n_notes);
	assert_string_equal("contoso-ml", x.inv->workspace_name);
	asks_for(&x, "az network private-endpoint dns-zone-group list "
		     "--endpoint-name pe-ml " IN_GROUP);
	asks_for(&x, "az network nic show --ids " NET "networkInterfaces/pe-ml."
		     "nic.00000000-0000-4000-8000-000000000010 -o json");
	end(&x);
}

static void a_pending_endpoint_is_a_note(void **state)
{
	struct imported x;
	const struct diag_note *note;

	(void)state;
	import_sample(&x, "private-endpoint-show.workspace.pending.json");
	note = note_of(&x, "endpoint.not-approved");
	assert_string_equal("The connection of private endpoint pe-ml to "
			    "contoso-ml is Pending, not Approved; until it is, "
			    "nothing answers at its addresses.",
			    note->detail);
	assert_string_equal("private-endpoint-show.workspace.pending.json: "
			    "$.manualPrivateLinkServiceConnections[0]."
			    "privateLinkServiceConnectionState.status",
			    note->from);
	end(&x);
}

static void old_nulls_are_absent(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "private-endpoint-show.acr.old-cli-nulls.json");
	must_have(&x, DATA, "10.150.0.13");
	must_have(&x, REGISTRY, "10.150.0.14");
	assert_int_equal(1, x.inv->n_registry);
	assert_string_equal("contosomlacr", x.inv->registry[0].name);
	assert_int_equal(1, x.inv->registry[0].n_regions);
	assert_string_equal("eastus", x.inv->registry[0].regions[0]);
	assert_int_equal(0, x.inv->n_notes);
	end(&x);
}

/* --- network interfaces --------------------------------------------------- */

static void an_interface_tells_all(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "nic-show.workspace.json");
	four_names(&x);
	assert_string_equal(
	    "nic-show.workspace.json: $.ipConfigurations[0].privateIPAddress",
	    sources_of(&x, "targets", CERT));
	asks_for(&x, "az network private-endpoint show --ids " NET
		     "privateEndpoints/pe-ml -o json");
	end(&x);
}

static void both_casings_are_one(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "nic-show.workspace.old-cli.json");
	four_names(&x);
	assert_string_equal("nic-show.workspace.old-cli.json: "
			    "$.ipConfigurations[1].privateIpAddress",
			    sources_of(&x, "targets", NOTEBOOK));
	end(&x);
}

static void an_interface_without_names_is_no_fault(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "nic-show.empty-fqdns.json");
	assert_int_equal(1, seen(&x, "network interface"));
	assert_int_equal(0, x.inv->n_targets);
	assert_int_equal(0, x.inv->n_notes);
	end(&x);
}

static void the_documented_query_is_read(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "nic-show.query-ip-fqdns.json");
	four_names(&x);
	assert_string_equal("nic-show.query-ip-fqdns.json: $[0].IPAddress",
			    sources_of(&x, "targets", API));
	end(&x);
}

static void a_registrys_data_has_an_address_of_its_own(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "nic-show.acr.json");
	must_have(&x, DATA, "10.150.0.13");
	must_have(&x, REGISTRY, "10.150.0.14");
	assert_int_equal(2, x.inv->n_targets);
	end(&x);
}

/* --- zones ---------------------------------------------------------------- */

static void a_zone_group_tells_names_as_clients_ask_them(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "dns-zone-group-list.workspace.json");
	four_names(&x);
	assert_int_equal(0, x.inv->n_notes);
	asks_for(&x, "az network private-endpoint show --ids " NET
		     "privateEndpoints/pe-ml -o json");
	end(&x);
}

static void a_zone_group_without_the_notebooks_zone_is_a_note(void **state)
{
	struct imported x;
	const struct diag_note *note;

	(void)state;
	import_sample(&x, "dns-zone-group-list.workspace.api-only.json");
	note = note_of(&x, "endpoint.zone-missing");
	assert_string_equal("The zone group of private endpoint pe-ml lacks "
			    "the zone privatelink.notebooks.azure.net, so "
			    "nobody keeps its record there.",
			    note->detail);
	assert_string_equal("dns-zone-group-list.workspace.api-only.json: "
			    "$[0].privateDnsZoneConfigs[0]",
			    note->from);
	end(&x);
}

static void the_missing_zones_name_is_told_if_it_is_known(void **state)
{
	static const char *const names[] = {
		"dns-zone-group-list.workspace.api-only.json",
		"nic-show.workspace.json", NULL
	};
	struct imported x;
	const struct diag_note *note;

	(void)state;
	import_samples(&x, names);
	note = note_of(&x, "endpoint.zone-missing");
	assert_string_equal("The zone group of private endpoint pe-ml lacks "
			    "the zone privatelink.notebooks.azure.net, so "
			    "nobody keeps the record of " NOTEBOOK ".",
			    note->detail);
	assert_int_equal(1, note->n_targets);
	assert_string_equal(NOTEBOOK, note->targets[0]);
	end(&x);
}

static void no_zone_group_is_an_empty_list(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "dns-zone-group-list.none.json");
	assert_int_equal(1, seen(&x, "empty list"));
	end(&x);
	import_sample(&x, "private-dns.link-vnet-list.none.json");
	assert_int_equal(1, seen(&x, "empty list"));
	end(&x);
}

static void records_of_the_api_zone_are_read(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "private-dns.record-set-a-list.api-zone.json");
	must_have(&x, API, "10.150.0.4");
	must_have(&x, CERT, "10.150.0.4");
	must_have(&x, WILDCARD, "10.150.0.6");
	assert_int_equal(3, seen(&x, "private DNS record set"));
	assert_int_equal(0, x.inv->n_notes);
	asks_for(&x, "az network private-dns link vnet list --zone-name "
		     "privatelink.api.azureml.ms " IN_GROUP);
	end(&x);
	import_sample(&x, "private-dns.record-set-a-list.notebooks-zone.json");
	must_have(&x, NOTEBOOK, "10.150.0.5");
	end(&x);
}

static void an_empty_record_set_tells_nothing(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x,
		      "private-dns.record-set-a-list.empty-set-new-cli.json");
	assert_int_equal(0, x.inv->n_targets);
	end(&x);
	import_sample(&x,
		      "private-dns.record-set-a-list.empty-set-old-cli.json");
	assert_int_equal(0, x.inv->n_targets);
	end(&x);
}

static void a_vaults_record_is_the_name_clients_ask(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "private-dns.record-set-a-list.old-cli-nulls.json");
	must_have(&x, VAULT, "10.150.0.11");
	assert_int_equal(1, x.inv->key_vault.n);
	assert_string_equal("contosomlkv", x.inv->key_vault.items[0]);
	end(&x);
}

static void a_record_made_by_hand_lives_too_long(void **state)
{
	struct imported x;
	const struct diag_note *note;

	(void)state;
	import_sample(&x, "private-dns.record-set-a-list.stale.json");
	must_have(&x, API, "10.150.0.44");
	note = note_of(&x, "zone.ttl");
	assert_string_equal(API " in zone privatelink.api.azureml.ms has a TTL "
				"of 3600 seconds; 10 to 600 is advised, so "
				"that a change is seen soon.",
			    note->detail);
	assert_string_equal(API, note->targets[0]);
	assert_int_equal(1, x.inv->n_notes);
	end(&x);
}

static void a_record_of_rest_is_read(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "private-dns.record-set-a.rest.json");
	must_have(&x, BLOB, "10.150.0.15");
	assert_string_equal("private-dns.record-set-a.rest.json: "
			    "$.properties.aRecords[0].ipv4Address",
			    sources_of(&x, "targets", BLOB));
	/* blob alone: nobody said that this is a default account */
	assert_int_equal(diag_storage_bit(DIAG_SVC_STORAGE_BLOB),
			 x.inv->storage_services[0]);
	end(&x);
}

static void links_are_read(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "private-dns.link-vnet-list.json");
	assert_int_equal(1, seen(&x, "link of a private DNS zone"));
	assert_int_equal(0, x.inv->n_notes);
	end(&x);
	import_sample(&x, "private-dns.link-vnet-list.old-cli.json");
	assert_int_equal(1, seen(&x, "link of a private DNS zone"));
	assert_int_equal(0, x.inv->n_notes);
	end(&x);
}

static void a_redirecting_link_is_a_note(void **state)
{
	static const char *const names[] = {
		"private-dns.link-vnet-list.nxdomain-redirect.json",
		"nic-show.workspace.json", NULL
	};
	struct imported x;
	const struct diag_note *note;

	(void)state;
	import_samples(&x, names);
	note = note_of(&x, "zone.nxdomain-redirect");
	assert_string_equal("The link hub-link of zone "
			    "privatelink.api.azureml.ms has the policy "
			    "NxDomainRedirect: a name without a record gets "
			    "the public answer.",
			    note->detail);
	assert_int_equal(3, note->n_targets);
	assert_string_equal(
	    "private-dns.link-vnet-list.nxdomain-redirect.json: $[0]",
	    note->from);
	end(&x);
}

/* --- security groups ------------------------------------------------------ */

static void security_groups_are_kept(void **state)
{
	static const char *const names[] = { "nsg-show.era-2020.json",
					     "nsg-show.today-outbound.json",
					     NULL };
	struct imported x;
	struct diag_nsg_list list = { NULL, 0 };

	(void)state;
	import_samples(&x, names);
	no_problems(&x);
	assert_int_equal(2, seen(&x, "network security group"));
	assert_int_equal(cJSON_GetArraySize(x.inv->nsgs) > 0, 1);
	assert_true(diag_nsg_of_inventory(x.inv, &x.inv->arena, &list, NULL));
	assert_int_equal(cJSON_GetArraySize(x.inv->nsgs), list.n);
	end(&x);
}

/* --- workspaces ----------------------------------------------------------- */

static void stands_on(const struct imported *x)
{
	assert_string_equal("contoso-ml", x->inv->workspace_name);
	assert_string_equal("contoso-ml", x->inv->name);
	assert_string_equal("eastus", x->inv->region);
	assert_int_equal(1, x->inv->storage.n);
	assert_string_equal("contosomlsa", x->inv->storage.items[0]);
	assert_int_equal(1, x->inv->key_vault.n);
	assert_string_equal("contosomlkv", x->inv->key_vault.items[0]);
	assert_int_equal(1, x->inv->n_registry);
	assert_string_equal("contosomlacr", x->inv->registry[0].name);
}

static void a_workspace_of_the_first_extension_is_read(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "ml-workspace-show.v1.json");
	stands_on(&x);
	assert_string_equal(G, x.inv->workspace_id);
	assert_string_equal("ml-workspace-show.v1.json: $.workspaceid",
			    sources_of(&x, "workspace.id", G));
	asks_for(&x, "az network private-endpoint-connection list --id "
		     "/subscriptions/11111111-2222-4333-8444-555555555555/"
		     "resourcegroups/rg-ml/providers/microsoft.storage/"
		     "storageaccounts/contosomlsa -o json");
	asks_for(&x,
		 "az network private-endpoint-connection list --id " WORKSPACE
		 " -o json");
	asks_for(&x,
		 "az ml compute list --workspace-name contoso-ml " IN_GROUP);
	end(&x);
}

static void a_workspace_of_the_second_extension_has_no_id(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "ml-workspace-show.v2.json");
	stands_on(&x);
	assert_string_equal("", x.inv->workspace_id);
	assert_int_equal(DIAG_ACCESS_DISABLED, x.inv->public_access);
	assert_false(x.inv->managed_network);
	asks_for(&x, "az resource show --ids " WORKSPACE " -o json");
	end(&x);
}

static void a_workspace_body_tells_the_notebook_name(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "ml-workspace-get.arm.json");
	stands_on(&x);
	assert_string_equal(G, x.inv->workspace_id);
	assert_int_equal(DIAG_ACCESS_DISABLED, x.inv->public_access);
	must_have(&x, NOTEBOOK, NULL);
	assert_string_equal(
	    "ml-workspace-get.arm.json: $.properties.notebookInfo.fqdn",
	    sources_of(&x, "targets", NOTEBOOK));
	end(&x);
}

/* The id is not in the v2 body; the endpoint's names have it. */
static void a_workspace_and_its_endpoint_are_one(void **state)
{
	static const char *const names[] = { "ml-workspace-show.v2.json",
					     "nic-show.query-ip-fqdns.json",
					     NULL };
	struct imported x;

	(void)state;
	import_samples(&x, names);
	stands_on(&x);
	assert_string_equal(G, x.inv->workspace_id);
	must_have(&x, API, "10.150.0.4");
	end(&x);
}

static void an_instance_has_two_suffixes_and_the_apis_address(void **state)
{
	static const char *const names[] = { "compute-instance-get.arm.json",
					     "nic-show.workspace.json", NULL };
	static const char *const all[] = {
		"contosoci.eastus.instances.azureml.ms",
		"contosoci.eastus.instances.ml.azure.ms",
		"contosoci-22.eastus.instances.azureml.ms",
		"contosoci-22.eastus.instances.ml.azure.ms",
	};
	struct imported x;
	struct diag_inventory *plain;
	char text[DIAG_ADDR_TEXT];

	(void)state;
	import_samples(&x, names);
	no_problems(&x);
	assert_int_equal(1, x.inv->compute_instances.n);
	assert_string_equal("contosoci", x.inv->compute_instances.items[0]);
	/* its own address is a node's, and no answer for its name */
	assert_int_equal(1, x.inv->n_compute_nodes);
	assert_string_equal("10.150.0.30",
			    diag_addr_text(&x.inv->compute_nodes[0], text));
	plain = x.inv;
	assert_true(diag_inventory_expand(
	    plain, DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT, true, &x.inv, NULL));
	for (size_t i = 0; i < 4; i++)
		must_have(&x, all[i], "10.150.0.4");
	diag_inventory_free(plain);
	end(&x);
}

/* --- diagnosis ------------------------------------------------------------ */

static void custom_dns_is_a_note_in_all_shapes(void **state)
{
	static const char *const names[] = {
		"ml-workspace-diagnose.cli-v2.custom-dns.json",
		"ml-workspace-diagnose.rest.json",
		"ml-workspace-diagnose.sdk-v1.json",
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct imported x;

		import_sample(&x, names[i]);
		assert_int_equal(1, x.inv->n_notes);
		assert_non_null(strstr(note_of(&x, "vnet.custom-dns")->detail,
				       "(Warning): "));
		assert_int_equal(1, seen(&x, "workspace diagnosis"));
		end(&x);
	}
}

static void an_empty_diagnosis_proves_nothing(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "ml-workspace-diagnose.cli-v2.empty.json");
	assert_int_equal(1, seen(&x, "workspace diagnosis"));
	assert_int_equal(0, x.inv->n_notes);
	end(&x);
}

static void any_other_code_is_kept_as_it_is(void **state)
{
	struct imported x;
	const struct diag_note *note;

	(void)state;
	import_text_file(&x,
			 "{\"otherResults\": [{\"code\": \"Odd\", \"level\": "
			 "\"Error\", \"message\": \"It is odd.\"}], "
			 "\"keyVaultResults\": [{\"message\": \"bare\"}], "
			 "\"dnsResolutionResults\": []}");
	no_problems(&x);
	assert_int_equal(2, count_notes(&x, "azure.diagnose"));
	note = &x.inv->notes[0];
	assert_string_equal("Odd (Error): It is odd.", note->detail);
	assert_string_equal("x.json: $.otherResults[0]", note->from);
	assert_string_equal("keyVaultResults: bare", x.inv->notes[1].detail);
	end(&x);
}

/* --- known and left out --------------------------------------------------- */

static void what_is_left_out_is_counted(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "outbound-network-dependencies.rest.json");
	assert_int_equal(2, seen(&x, "outbound dependency (not kept)"));
	end(&x);
	import_sample(&x, "private-link-resource-list.rest.json");
	assert_int_equal(1, seen(&x, "private link resource"));
	end(&x);
	import_text_file(&x, "{\"changeNumber\": 1, \"cloud\": \"Public\", "
			     "\"values\": [{\"name\": \"Storage\", "
			     "\"properties\": {\"addressPrefixes\": "
			     "[\"20.0.0.0/8\"]}}]}");
	no_problems(&x);
	assert_int_equal(1, seen(&x, "list of service tags (not kept)"));
	assert_int_equal(0, x.inv->n_networks);
	end(&x);
}

/* --- text ----------------------------------------------------------------- */

static void answers_from_inside_are_read(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "text/host.linux.inside.txt");
	must_have(&x, VAULT, "10.150.0.11");
	assert_string_equal("text/host.linux.inside.txt:2",
			    sources_of(&x, "targets", VAULT));
	end(&x);
	import_sample(&x, "text/nslookup.windows.inside.txt");
	must_have(&x, VAULT, "10.150.0.11");
	assert_string_equal("text/nslookup.windows.inside.txt:6",
			    sources_of(&x, "targets", VAULT));
	end(&x);
}

/* A public answer is what the user came with, and nothing that should be. */
static void answers_from_outside_are_not_expected(void **state)
{
	static const char *const names[] = {
		"text/host.linux.outside.txt",
		"text/host.linux.no-approved-endpoint.txt",
		"text/nslookup.windows.outside.txt",
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct imported x;

		import_sample(&x, names[i]);
		assert_int_equal(0, x.inv->n_targets);
		assert_int_equal(0, x.inv->n_notes);
		end(&x);
	}
}

static void a_hosts_file_counts_as_it_was_meant(void **state)
{
	struct imported x;

	(void)state;
	import_sample(&x, "text/hosts.guide-faults.txt");
	must_have(&x, API, "10.150.0.4");
	must_have(&x, VAULT, "10.150.0.11");
	must_have(&x, DATA, "10.150.0.13");
	must_have(&x, REGISTRY, "10.150.0.14");
	must_have(&x, BLOB, "10.150.0.15");
	must_have(&x, "contosomlsa.file.core.windows.net", "10.150.0.7");
	assert_string_equal("text/hosts.guide-faults.txt:7",
			    sources_of(&x, "targets", DATA));
	assert_int_equal(0, x.inv->n_notes);
	end(&x);
}

/* --- all of them ---------------------------------------------------------- */

static void every_sample_is_known(void **state)
{
	size_t n;
	const char *const *names = all_samples(&n);

	(void)state;
	assert_true(n >= 41);
	for (size_t i = 0; i < n; i++) {
		struct imported x;

		import_sample(&x, names[i]);
		assert_true(x.summary.n_seen > 0);
		end(&x);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    an_endpoint_without_a_zone_group_tells_its_names),
		cmocka_unit_test(an_endpoint_with_a_zone_group_tells_no_names),
		cmocka_unit_test(a_pending_endpoint_is_a_note),
		cmocka_unit_test(old_nulls_are_absent),
		cmocka_unit_test(an_interface_tells_all),
		cmocka_unit_test(both_casings_are_one),
		cmocka_unit_test(an_interface_without_names_is_no_fault),
		cmocka_unit_test(the_documented_query_is_read),
		cmocka_unit_test(a_registrys_data_has_an_address_of_its_own),
		cmocka_unit_test(a_zone_group_tells_names_as_clients_ask_them),
		cmocka_unit_test(
		    a_zone_group_without_the_notebooks_zone_is_a_note),
		cmocka_unit_test(the_missing_zones_name_is_told_if_it_is_known),
		cmocka_unit_test(no_zone_group_is_an_empty_list),
		cmocka_unit_test(records_of_the_api_zone_are_read),
		cmocka_unit_test(an_empty_record_set_tells_nothing),
		cmocka_unit_test(a_vaults_record_is_the_name_clients_ask),
		cmocka_unit_test(a_record_made_by_hand_lives_too_long),
		cmocka_unit_test(a_record_of_rest_is_read),
		cmocka_unit_test(links_are_read),
		cmocka_unit_test(a_redirecting_link_is_a_note),
		cmocka_unit_test(security_groups_are_kept),
		cmocka_unit_test(a_workspace_of_the_first_extension_is_read),
		cmocka_unit_test(a_workspace_of_the_second_extension_has_no_id),
		cmocka_unit_test(a_workspace_body_tells_the_notebook_name),
		cmocka_unit_test(a_workspace_and_its_endpoint_are_one),
		cmocka_unit_test(
		    an_instance_has_two_suffixes_and_the_apis_address),
		cmocka_unit_test(custom_dns_is_a_note_in_all_shapes),
		cmocka_unit_test(an_empty_diagnosis_proves_nothing),
		cmocka_unit_test(any_other_code_is_kept_as_it_is),
		cmocka_unit_test(what_is_left_out_is_counted),
		cmocka_unit_test(answers_from_inside_are_read),
		cmocka_unit_test(answers_from_outside_are_not_expected),
		cmocka_unit_test(a_hosts_file_counts_as_it_was_meant),
		cmocka_unit_test(every_sample_is_known),
	};

	return cmocka_run_group_tests_name("import samples", tests, NULL, NULL);
}
