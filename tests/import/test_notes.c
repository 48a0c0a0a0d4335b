/* SPDX-License-Identifier: MIT */
/* Faults that Azure's own documents tell of, and where they say nothing. */
#include "tests/import/make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BLOB	  "sa.blob.core.windows.net"
#define STORAGE	  SUB("rg") "Microsoft.Storage/storageAccounts/sa"
#define BLOB_ZONE ZONE("rg", "privatelink.blob.core.windows.net")
#define UNLINKED  "zone.not-linked"

static const struct record_doc blob_record = { .zone = BLOB_ZONE,
					       .name = "sa",
					       .addr = "10.1.0.4" };

/* --- endpoints ------------------------------------------------------------ */

static void every_state_but_approved_is_told(void **state)
{
	static const char *const states[] = { "Pending",      "Rejected",
					      "Disconnected", "Approved",
					      "approved",     "" };

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		const struct endpoint_doc e = { .id = PE("pe"),
						.group = "blob",
						.target = STORAGE,
						.status = states[i] };
		struct imported x;

		begin(&x);
		add_endpoint(&x, "pe.json", &e);
		finish(&x);
		assert_int_equal(i < 3,
				 count_notes(&x, "endpoint.not-approved"));
		if (i < 3) {
			const struct diag_note *n =
			    note_of(&x, "endpoint.not-approved");

			assert_non_null(strstr(n->detail, states[i]));
			assert_int_equal(1, n->n_targets);
			assert_string_equal(BLOB, n->targets[0]);
		}
		end(&x);
	}
}

static void states_that_differ_are_told(void **state)
{
	static const struct endpoint_doc e = { .id = PE("pe"),
					       .group = "blob",
					       .target = STORAGE };
	struct imported x;

	(void)state;
	begin(&x);
	add_endpoint(&x, "pe.json", &e);
	add_text(&x, "list.json",
		 "[{\"id\":\"" STORAGE "/privateEndpointConnections/c\","
		 "\"properties\":{\"privateEndpoint\":{\"id\":\"" PE(
		     "PE") "\"},\"groupIds\":[\"blob\"],"
			   "\"privateLinkServiceConnectionState\":{\"status\":"
			   "\"Rejected\"}}}]");
	finish(&x);
	no_problems(&x);
	assert_string_equal("The connection of private endpoint PE to sa is "
			    "Rejected, not Approved (but Approved in "
			    "pe.json); until it is, nothing answers at its "
			    "addresses.",
			    note_of(&x, "endpoint.not-approved")->detail);
	assert_string_equal("list.json: $[0].properties."
			    "privateLinkServiceConnectionState.status",
			    note_of(&x, "endpoint.not-approved")->from);
	end(&x);
}

static void a_workspace_tells_of_its_connections(void **state)
{
	struct imported x;

	(void)state;
	import_text_file(
	    &x, "{\"id\":\"" WS(
		    "w") "\",\"name\":\"w\",\"properties\":{"
			 "\"privateEndpointConnections\":[{\"properties\":{"
			 "\"privateEndpoint\":{\"id\":\"" PE(
			     "pe") "\"},"
				   "\"privateLinkServiceConnectionState\":{"
				   "\"status\":"
				   "\"Pending\"}}}]}}");
	no_problems(&x);
	assert_int_equal(1, count_notes(&x, "endpoint.not-approved"));
	asks_for(&x,
		 "az network private-endpoint show --ids " PE("pe") " -o json");
	end(&x);
}

static void a_group_must_have_its_zone(void **state)
{
	static const struct endpoint_doc e = { .id = PE("pe"),
					       .group = "blob",
					       .target = STORAGE };
	struct imported x;

	(void)state;
	/* a zone of another service */
	begin(&x);
	add_endpoint(&x, "pe.json", &e);
	add_group(&x, "group.json", PE("pe"),
		  ZONE("rg", "privatelink.vaultcore.azure.net"), NULL, NULL);
	finish(&x);
	assert_string_equal("The zone group of private endpoint pe lacks the "
			    "zone privatelink.blob.core.windows.net, so "
			    "nobody keeps the record of " BLOB ".",
			    note_of(&x, "endpoint.zone-missing")->detail);
	end(&x);
	/* the right one, and nothing in it */
	begin(&x);
	add_endpoint(&x, "pe.json", &e);
	add_group(&x, "group.json", PE("pe"), BLOB_ZONE, NULL, NULL);
	finish(&x);
	assert_non_null(strstr(note_of(&x, "endpoint.zone-missing")->detail,
			       "has written no record there"));
	asks_for(&x, "az network private-dns record-set a list --zone-name "
		     "privatelink.blob.core.windows.net --resource-group rg "
		     "--subscription s1 -o json");
	end(&x);
}

static void a_group_that_is_whole_is_no_note(void **state)
{
	static const struct endpoint_doc e = { .id = PE("pe"),
					       .group = "blob",
					       .target = STORAGE };
	static const struct endpoint_doc pending = { .id = PE("pe"),
						     .group = "blob",
						     .target = STORAGE,
						     .status = "Pending" };
	struct imported x;

	(void)state;
	begin(&x);
	add_endpoint(&x, "pe.json", &e);
	add_group(&x, "group.json", PE("PE"), BLOB_ZONE,
		  "sa.privatelink.blob.core.windows.net", "10.1.0.4");
	finish(&x);
	assert_int_equal(0, x.inv->n_notes);
	end(&x);
	/* nothing is written before somebody approves: one note is enough */
	begin(&x);
	add_endpoint(&x, "pe.json", &pending);
	add_group(&x, "group.json", PE("pe"), BLOB_ZONE, NULL, NULL);
	finish(&x);
	assert_int_equal(1, x.inv->n_notes);
	end(&x);
}

static void a_record_by_hand_serves_for_a_missing_zone(void **state)
{
	static const struct endpoint_doc e = { .id = PE("pe"),
					       .group = "blob",
					       .target = STORAGE };
	static const struct record_doc wrong = { .zone = BLOB_ZONE,
						 .name = "sa",
						 .addr = "10.1.0.9" };
	struct imported x;

	(void)state;
	for (int right = 0; right < 2; right++) {
		begin(&x);
		add_endpoint(&x, "pe.json", &e);
		add_nic(&x, "nic.json", PE("pe"), BLOB, "10.1.0.4");
		add_group(&x, "group.json", PE("pe"),
			  ZONE("rg", "privatelink.vaultcore.azure.net"), NULL,
			  NULL);
		add_record(&x, "zone.json", right ? &blob_record : &wrong);
		finish(&x);
		assert_int_equal(!right,
				 count_notes(&x, "endpoint.zone-missing"));
		end(&x);
	}
}

/* Records may be made by hand, or by a name server of one's own. */
static void no_group_at_all_is_no_fault(void **state)
{
	static const struct endpoint_doc e = { .id = PE("pe"),
					       .group = "amlworkspace",
					       .target = WS("w") };
	struct imported x;

	(void)state;
	begin(&x);
	add_endpoint(&x, "pe.json", &e);
	add_text(&x, "none.json", "[]");
	finish(&x);
	assert_int_equal(0, x.inv->n_notes);
	end(&x);
}

/* --- links ---------------------------------------------------------------- */

static const struct endpoint_doc in_hub = { .id = PE("pe"),
					    .group = "blob",
					    .target = STORAGE,
					    .network = VNET("hub") "/subnets/"
								   "a" };

struct linked {
	const char *to, *state; /* a link; NULL: none */
	const char *servers;	/* of the hub; NULL: Azure's */
	bool network;		/* the hub's document is there */
	bool told;
};

static void zones_must_be_linked_where_it_matters(void **state)
{
	static const struct linked cases[] = {
		{ VNET("HUB"), "Completed", NULL, true, false },
		{ VNET("hub"), "InProgress", NULL, true, true },
		{ VNET("hub"), "Failed", NULL, false, true },
		{ VNET("spoke"), "Completed", NULL, true, true },
		{ VNET("spoke"), "Completed", "168.63.129.16", true, true },
		/* it may resolve through a network that we do not know */
		{ VNET("spoke"), "Completed", "10.0.0.4", true, false },
		{ VNET("spoke"), "Completed", NULL, false, false },
		/* nobody showed us the links */
		{ NULL, NULL, NULL, true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct linked *c = &cases[i];
		struct imported x;

		begin(&x);
		add_endpoint(&x, "pe.json", &in_hub);
		add_record(&x, "zone.json", &blob_record);
		if (c->to != NULL)
			add_link(&x, "link.json", BLOB_ZONE, c->to, c->state);
		if (c->network)
			add_network(&x, "vnet.json", VNET("Hub"), "10.1.0.0/16",
				    NULL, c->servers);
		finish(&x);
		no_problems(&x);
		if (count_notes(&x, UNLINKED) != c->told)
			fail_msg("case %zu", i);
		if (c->told) {
			assert_int_equal(1, note_of(&x, UNLINKED)->n_targets);
			assert_string_equal(BLOB,
					    note_of(&x, UNLINKED)->targets[0]);
			assert_non_null(
			    strstr(note_of(&x, UNLINKED)->detail,
				   "privatelink.blob.core.windows.net"));
		}
		end(&x);
	}
}

/* The network's own document may be old, or its servers come from elsewhere. */
static void a_diagnosis_of_custom_dns_speaks_against_it(void **state)
{
	static const struct {
		const char *message;
		bool told;
	} cases[] = {
		{ "VNet '" VNET("HUB") "' is not using Azure default DNS",
		  false },
		{ "VNet '" VNET("other") "' is not using it", true },
		{ "a name server is configured", false },
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct imported x;
		char text[512];

		begin(&x);
		add_endpoint(&x, "pe.json", &in_hub);
		add_record(&x, "zone.json", &blob_record);
		add_link(&x, "link.json", BLOB_ZONE, VNET("spoke"),
			 "Completed");
		add_network(&x, "vnet.json", VNET("hub"), "10.1.0.0/16", NULL,
			    NULL);
		(void)snprintf(text, sizeof(text),
			       "{\"otherResults\":[],\"keyVaultResults\":[],"
			       "\"dnsResolutionResults\":[{\"code\":"
			       "\"CustomDNSInUse\",\"message\":\"%s\"}]}",
			       cases[i].message);
		add_text(&x, "diagnose.json", text);
		finish(&x);
		no_problems(&x);
		assert_int_equal(cases[i].told, count_notes(&x, UNLINKED));
		assert_int_equal(1, count_notes(&x, "vnet.custom-dns"));
		end(&x);
	}
}

static void a_zone_without_any_link_is_seen_by_nobody(void **state)
{
	struct imported x;

	(void)state;
	for (int links = 0; links < 2; links++) {
		char text[512];

		begin(&x);
		add_record(&x, "record.json", &blob_record);
		(void)snprintf(text, sizeof(text),
			       "[{\"id\":\"%s\",\"name\":\"z\","
			       "\"numberOfVirtualNetworkLinks\":%d}]",
			       BLOB_ZONE, links);
		add_text(&x, "zones.json", text);
		finish(&x);
		no_problems(&x);
		assert_int_equal(!links, count_notes(&x, UNLINKED));
		if (!links)
			assert_string_equal(
			    "zones.json: $[0].numberOfVirtualNetworkLinks",
			    note_of(&x, UNLINKED)->from);
		end(&x);
	}
}

/* The same zone twice: only one of them has to be linked. */
static void a_linked_twin_with_the_record_serves(void **state)
{
	static const struct record_doc twin = {
		.zone = ZONE("rg2", "privatelink.blob.core.windows.net"),
		.name = "sa",
		.addr = "10.1.0.4"
	};
	struct imported x;

	(void)state;
	for (int both = 0; both < 2; both++) {
		begin(&x);
		add_endpoint(&x, "pe.json", &in_hub);
		add_network(&x, "vnet.json", VNET("hub"), "10.1.0.0/16", NULL,
			    NULL);
		add_record(&x, "zone.json", &blob_record);
		add_link(&x, "l1.json", BLOB_ZONE, VNET("spoke"), "Completed");
		add_link(&x, "l2.json", twin.zone, VNET("hub"), "Completed");
		if (both)
			add_record(&x, "twin.json", &twin);
		finish(&x);
		assert_int_equal(!both, count_notes(&x, UNLINKED));
		end(&x);
	}
}

/* --- time to live --------------------------------------------------------- */

static void records_of_one_zone_share_a_note(void **state)
{
	static const unsigned ttls[] = { 3600, 3600, 5, 10, 600 };
	struct imported x;

	(void)state;
	begin(&x);
	for (size_t i = 0; i < 5; i++) {
		char name[8];
		const struct record_doc r = { .zone = BLOB_ZONE,
					      .name = name,
					      .addr = "10.1.0.4",
					      .ttl = ttls[i] };

		(void)snprintf(name, sizeof(name), "sa%zu", i);
		add_record(&x, "zone.json", &r);
	}
	finish(&x);
	assert_int_equal(2, count_notes(&x, "zone.ttl"));
	assert_int_equal(2, x.inv->n_notes);
	assert_string_equal("More than one record in zone "
			    "privatelink.blob.core.windows.net has a TTL of "
			    "3600 seconds; 10 to 600 is advised, so that a "
			    "change is seen soon.",
			    x.inv->notes[0].detail);
	assert_int_equal(2, x.inv->notes[0].n_targets);
	assert_string_equal("sa2.blob.core.windows.net",
			    x.inv->notes[1].targets[0]);
	end(&x);
}

/* --- networks ------------------------------------------------------------- */

static void dockers_range_is_forbidden(void **state)
{
	static const struct {
		const char *prefix, *subnet;
		bool told;
	} cases[] = {
		{ "172.17.0.0/16", NULL, true },
		{ "172.16.0.0/12", NULL, true },
		{ "172.17.8.0/24", "172.17.8.0/26", true },
		/* machines live in subnets */
		{ "172.16.0.0/12", "172.20.0.0/16", false },
		{ "172.16.0.0/12", "172.17.4.0/24", true },
		{ "10.0.0.0/8", NULL, false },
		{ "172.18.0.0/16", NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct imported x;

		begin(&x);
		add_network(&x, "vnet.json", VNET("hub"), cases[i].prefix,
			    cases[i].subnet, NULL);
		finish(&x);
		if (count_notes(&x, "vnet.docker-range") != cases[i].told)
			fail_msg("case %zu", i);
		end(&x);
	}
}

static void servers_of_ones_own_are_told(void **state)
{
	static const struct {
		const char *server;
		bool told;
	} cases[] = { { NULL, false },
		      { "168.63.129.16", false },
		      { "10.0.0.4", true } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct imported x;

		begin(&x);
		add_network(&x, "vnet.json", VNET("hub"), "10.0.0.0/16", NULL,
			    cases[i].server);
		/* the same once more is no second note */
		add_network(&x, "again.json", VNET("HUB"), "10.0.0.0/16", NULL,
			    cases[i].server);
		finish(&x);
		assert_int_equal(cases[i].told,
				 count_notes(&x, "vnet.custom-dns"));
		if (cases[i].told)
			assert_string_equal(
			    "The virtual network HUB has name servers of its "
			    "own: 10.0.0.4.",
			    note_of(&x, "vnet.custom-dns")->detail);
		end(&x);
	}
}

/* --- questions ------------------------------------------------------------ */

static void what_is_there_is_not_asked_for(void **state)
{
	struct imported x;

	(void)state;
	begin(&x);
	add_sample(&x, "ml-workspace-get.arm.json");
	add_sample(&x, "compute-instance-get.arm.json");
	add_sample(&x, "private-endpoint-show.workspace.zone-group.json");
	add_sample(&x, "dns-zone-group-list.workspace.json");
	add_sample(&x, "nic-show.workspace.json");
	add_sample(&x, "private-dns.link-vnet-list.json");
	add_network(&x, "vnet.json", NET "virtualNetworks/hub", "10.150.0.0/16",
		    NULL, NULL);
	add_text(&x, "hosts",
		 "10.150.0.15 contosomlsa.blob.core.windows.net\n"
		 "10.150.0.7 contosomlsa.file.core.windows.net\n"
		 "10.150.0.11 contosomlkv.vault.azure.net\n"
		 "10.150.0.14 contosomlacr.azurecr.io\n");
	add_text(&x, "online.json",
		 "{\"id\":\"" WORKSPACE "/onlineEndpoints/ep1\"}");
	finish(&x);
	no_problems(&x);
	assert_int_equal(0, x.inv->n_notes);
	does_not_ask_for(&x, "resource show");
	does_not_ask_for(&x, "private-endpoint");
	does_not_ask_for(&x, "nic show");
	does_not_ask_for(&x, "vnet show");
	does_not_ask_for(&x, "az ml");
	/* the zone of the notebooks has no link among these */
	assert_int_equal(1, x.summary.n_ask);
	asks_for(&x, "az network private-dns link vnet list --zone-name "
		     "privatelink.notebooks.azure.net --resource-group rg-ml "
		     "--subscription 11111111-2222-4333-8444-555555555555 -o "
		     "json");
	end(&x);
}

/* What is copied into a shell is harmless there. */
static void commands_quote_what_is_not_plain(void **state)
{
	static const struct endpoint_doc e = {
		.id = SUB("my rg (1)") "Microsoft.Network/privateEndpoints/p"
	};
	struct imported x;

	(void)state;
	begin(&x);
	add_endpoint(&x, "pe.json", &e);
	finish(&x);
	asks_for(&x, "az network private-endpoint dns-zone-group list "
		     "--endpoint-name p --resource-group 'my rg (1)' "
		     "--subscription s1 -o json");
	end(&x);
	import_text_file(&x, "{\"id\":\"/subscriptions/$(id)/x\","
			     "\"privateLinkServiceConnections\":[]}");
	problems_are(&x, "x.json: $.id: not a resource id: "
			 "\"/subscriptions/$(id)/x\"\n");
	assert_int_equal(0, x.summary.n_ask);
	end(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_but_approved_is_told),
		cmocka_unit_test(states_that_differ_are_told),
		cmocka_unit_test(a_workspace_tells_of_its_connections),
		cmocka_unit_test(a_group_must_have_its_zone),
		cmocka_unit_test(a_group_that_is_whole_is_no_note),
		cmocka_unit_test(a_record_by_hand_serves_for_a_missing_zone),
		cmocka_unit_test(no_group_at_all_is_no_fault),
		cmocka_unit_test(zones_must_be_linked_where_it_matters),
		cmocka_unit_test(a_diagnosis_of_custom_dns_speaks_against_it),
		cmocka_unit_test(a_zone_without_any_link_is_seen_by_nobody),
		cmocka_unit_test(a_linked_twin_with_the_record_serves),
		cmocka_unit_test(records_of_one_zone_share_a_note),
		cmocka_unit_test(dockers_range_is_forbidden),
		cmocka_unit_test(servers_of_ones_own_are_told),
		cmocka_unit_test(what_is_there_is_not_asked_for),
		cmocka_unit_test(commands_quote_what_is_not_plain),
	};

	return cmocka_run_group_tests_name("import notes", tests, NULL, NULL);
}
