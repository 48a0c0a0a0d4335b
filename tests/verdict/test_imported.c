/* SPDX-License-Identifier: MIT */
/* From Azure's own output to a cause: the importer's notes, as it writes them,
 * are understood. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "import/import.h"
#include "tests/verdict/notes.h"

#define SUB	"/subscriptions/s/resourceGroups/rg/providers/"
#define NETWORK SUB "Microsoft.Network/"
#define ZONE(z) NETWORK "privateDnsZones/" z

/* az network private-endpoint show */
#define ENDPOINT(status)                                                       \
	"{\"id\":\"" NETWORK "privateEndpoints/pe-1\",\"name\":\"pe-1\","      \
	"\"type\":\"Microsoft.Network/privateEndpoints\","                     \
	"\"customDnsConfigs\":[],\"networkInterfaces\":[{\"id\":\"" NETWORK    \
	"networkInterfaces/pe-1.nic\"}],"                                      \
	"\"privateLinkServiceConnections\":[{\"groupIds\":[\"amlworkspace\"]," \
	"\"privateLinkServiceId\":\"" SUB                                      \
	"Microsoft.MachineLearningServices/workspaces/ws1103\","               \
	"\"privateLinkServiceConnectionState\":{\"status\":\"" status "\"}}]," \
	"\"subnet\":{\"id\":\"" NETWORK                                        \
	"virtualNetworks/vnet-1/subnets/endpoints\"}}"
/* az network nic show */
#define MEMBER(name, at, names)                                   \
	"{\"name\":\"" name "\",\"privateIPAddress\":\"" at "\"," \
	"\"privateLinkConnectionProperties\":{\"groupId\":"       \
	"\"amlworkspace\",\"requiredMemberName\":\"" name "\","   \
	"\"fqdns\":[" names "]},\"subnet\":{\"id\":\"" NETWORK    \
	"virtualNetworks/vnet-1/subnets/endpoints\"}}"
#define NIC                                                                   \
	"{\"id\":\"" NETWORK "networkInterfaces/pe-1.nic\",\"name\":"         \
	"\"pe-1.nic\",\"type\":\"Microsoft.Network/networkInterfaces\","      \
	"\"privateEndpoint\":{\"id\":\"" NETWORK                              \
	"privateEndpoints/pe-1\"},\"ipConfigurations\":[" MEMBER(             \
	    "default", AT_API, NAME(API)) "," MEMBER("notebook", AT_NOTEBOOK, \
						     NAME(NOTEBOOK)) "]}"
/* az network private-dns record-set a list */
#define RECORD(zone, name, at, ttl)                                      \
	"[{\"aRecords\":[{\"ipv4Address\":\"" at "\"}],\"name\":\"" name \
	"\",\"fqdn\":\"" name "." zone ".\",\"id\":\"" ZONE(             \
	    zone) "/A/" name                                             \
		  "\",\"type\":\"Microsoft.Network/privateDnsZones/A\"," \
		  "\"ttl\":" ttl "}]"
/* az network private-endpoint dns-zone-group list */
#define ZONE_GROUP                                                          \
	"[{\"id\":\"" NETWORK "privateEndpoints/pe-1/privateDnsZoneGroups/" \
	"default\",\"name\":\"default\",\"privateDnsZoneConfigs\":[{"       \
	"\"name\":\"api\",\"privateDnsZoneId\":\"" ZONE(                    \
	    API_ZONE) "\",\"recordSets\":[{\"fqdn\":\"" API_ALIAS           \
		      "\",\"ipAddresses\":["                                \
		      "\"" AT_API "\"],\"recordSetName\":\"" GUID           \
		      ".workspace.eastus\","                                \
		      "\"recordType\":\"A\",\"ttl\":10}]}]}]"

/* The inventory that these documents make, for role jumpbox. */
static void import(struct build *b, const char *const *docs, size_t n)
{
	static const struct diag_import_options none = { .region = NULL };
	struct diag_import_summary summary;
	struct diag_inventory *inv = NULL, *all = NULL;
	struct diag_problems problems;
	struct diag_import *im = NULL;
	struct diag_err err = { 0 };
	struct diag_jw w;

	diag_problems_init(&problems);
	assert_true(diag_import_new(&im, &err));
	for (size_t i = 0; i < n; i++)
		assert_true(diag_import_add(im, "azure.json", docs[i],
					    strlen(docs[i]), &problems, &err));
	assert_string_equal("", diag_buf_str(&problems.text));
	assert_true(diag_import_finish(im, &none, &inv, &summary, &err));
	assert_true(diag_inventory_expand(inv, DIAG_ROLE_JUMPBOX,
					  DIAG_ERA_CURRENT, true, &all, &err));
	diag_buf_reset(&b->document);
	diag_jw_init(&w, &b->document, 0);
	diag_inventory_print(all, &w);
	diag_inventory_free(all);
	diag_inventory_free(inv);
	diag_import_free(im);
	diag_problems_clear(&problems);
}

/* A jumpbox of the endpoint's network, which asks Azure's own server. */
static void right(struct build *b, const char *name, const char *zone)
{
	build_system(b, name, strcmp(name, API) == 0 ? AT_API : AT_NOTEBOOK);
	build_private(b, AZURE, name);
	build_soa(b, AZURE, zone, PRIVATE_MNAME);
}

static void a_pending_connection(void **state)
{
	static const char *const docs[] = { ENDPOINT("Pending"), NIC };
	struct build *b = *state;

	import(b, docs, 2);
	path_in_vnet(b);
	right(b, API, API_ZONE);
	right(b, NOTEBOOK, NB_ZONE);
	build_tcp(b, API, AT_API, 443, "timeout");
	build_tcp(b, NOTEBOOK, AT_NOTEBOOK, 443, "timeout");
	build_judge(b);
	path_causes(b, "endpoint.not-approved");
	path_says(b, "endpoint.not-approved",
		  "private endpoint pe-1 to ws1103 is Pending, not Approved");
}

static void a_zone_group_without_the_notebooks_zone(void **state)
{
	static const char *const docs[] = { ENDPOINT("Approved"), NIC,
					    ZONE_GROUP };
	struct build *b = *state;

	import(b, docs, 3);
	path_in_vnet(b);
	right(b, API, API_ZONE);
	build_system(b, NOTEBOOK, "20.62.10.5");
	build_public(b, AZURE, NOTEBOOK);
	build_soa(b, AZURE, NB_ZONE, PUBLIC_MNAME);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	build_judge(b);
	note_explains(b, "endpoint.zone-missing", "dns.zone-not-visible");
	path_blames(b, "endpoint.zone-missing", NOTEBOOK);
}

static void an_old_record(void **state)
{
	static const char *const docs[] = {
		ENDPOINT("Approved"), NIC,
		RECORD(API_ZONE, GUID ".workspace.eastus", "10.150.0.44", "10")
	};
	struct build *b = *state;

	import(b, docs, 3);
	path_in_vnet(b);
	build_system(b, API, "10.150.0.44");
	build_dns(b, AZURE, API, "A", "answer", API_ALIAS " 10.150.0.44");
	build_soa(b, AZURE, API_ZONE, PRIVATE_MNAME);
	build_tcp(b, API, "10.150.0.44", 443, "timeout");
	build_open(b, API, AT_API);
	right(b, NOTEBOOK, NB_ZONE);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	build_judge(b);
	note_explains(b, "inventory.stale-record", "dns.wrong-address");
	assert_non_null(strstr(b->v->causes[0].fixes[0].command,
			       "--zone-name " API_ZONE
			       " --record-set-name " GUID
			       ".workspace.eastus --ipv4-address " AT_API));
	assert_non_null(strstr(b->v->causes[0].fixes[1].command,
			       "--ipv4-address 10.150.0.44"));
}

static void an_old_record_that_was_corrected_since(void **state)
{
	static const char *const docs[] = { ENDPOINT("Approved"), NIC,
					    RECORD(API_ZONE,
						   GUID ".workspace.eastus",
						   "10.150.0.44", "3600") };
	struct build *b = *state;

	import(b, docs, 3);
	path_in_vnet(b);
	right(b, API, API_ZONE);
	right(b, NOTEBOOK, NB_ZONE);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	build_judge(b);
	build_expect(b, "warning zone.ttl info inventory.stale-record");
	/* the certificate's name was not looked at */
	note_outcome(b, DIAG_UNKNOWN);
	build_status(b, API, DIAG_TARGET_WARN);
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(a_pending_connection),
		WITH_CASE(a_zone_group_without_the_notebooks_zone),
		WITH_CASE(an_old_record),
		WITH_CASE(an_old_record_that_was_corrected_since),
	};

	return cmocka_run_group_tests_name("imported", tests, NULL, NULL);
}
