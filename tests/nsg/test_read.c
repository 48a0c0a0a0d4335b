/* SPDX-License-Identifier: MIT */
/* Every form in which Azure prints a group is read as the same group; what
 * cannot be read is told with its place, and never half read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"
#include "tests/nsg/support.h"
#include "tests/support/torture.h"

#define ENDS                                                           \
	"\"sourceAddressPrefix\":\"*\",\"sourcePortRange\":\"*\","     \
	"\"destinationAddressPrefix\":\"*\",\"destinationPortRange\":" \
	"\"443\""
#define HEAD                                                            \
	"\"name\":\"r\",\"access\":\"Allow\",\"direction\":\"Inbound\"" \
	",\"priority\":100,\"protocol\":\"Tcp\""

static const char *told(const struct groups *g)
{
	return diag_buf_str(&g->problems.text);
}

/* --- samples ---------------------------------------------------------------
 */

static void the_sample_of_2020_is_read(void **unused)
{
	cJSON *doc = azure_data("nsg-show.era-2020.json");
	const struct diag_nsg_rule *batch;
	struct groups g;

	(void)unused;
	groups_open(&g);
	assert_true(diag_nsg_recognise(doc));
	assert_true(groups_read(&g, doc));
	assert_int_equal(1, g.list.n);
	assert_string_equal("contosonsg", g.list.items[0].name);
	assert_string_equal("rg-ml", g.list.items[0].resource_group);
	assert_string_equal("eastus", g.list.items[0].location);
	assert_string_equal("nsg.json: $", g.list.items[0].from);
	assert_int_equal(1, g.list.items[0].n_subnets);
	assert_int_equal(0, g.list.items[0].n_nics);
	assert_string_equal("/subscriptions/11111111-2222-4333-8444-"
			    "555555555555/resourcegroups/rg-ml/providers/"
			    "microsoft.network/virtualnetworks/hub/subnets/"
			    "training",
			    g.list.items[0].subnets[0]);
	assert_int_equal(8, g.list.items[0].n_rules);
	batch = rule_named(&g.list.items[0], "batch");
	assert_int_equal(400, batch->priority);
	assert_int_equal(DIAG_IN, batch->dir);
	assert_true(batch->allow && batch->tcp && !batch->udp);
	assert_false(batch->is_default);
	assert_int_equal(1, batch->n_from);
	assert_int_equal(DIAG_PEER_TAG, batch->from[0].kind);
	assert_string_equal("BatchNodeManagement", batch->from[0].tag);
	assert_string_equal("", batch->from[0].region);
	assert_int_equal(DIAG_PEER_ANY, batch->to[0].kind);
	assert_int_equal(1, batch->n_to_ports);
	assert_int_equal(29876, batch->to_ports[0].first);
	assert_int_equal(29877, batch->to_ports[0].last);
	assert_true(rule_named(&g.list.items[0], "DenyAllInBound")->is_default);
	groups_close(&g);
	cJSON_Delete(doc);
}

static void plural_ports_without_the_singular_are_read(void **unused)
{
	cJSON *doc = azure_data("nsg-show.today-outbound.json");
	const struct diag_nsg_rule *aad;
	struct groups g;

	(void)unused;
	groups_open(&g);
	assert_true(groups_read(&g, doc));
	aad = rule_named(&g.list.items[0], "aad");
	assert_int_equal(2, aad->n_to_ports);
	assert_int_equal(80, aad->to_ports[0].first);
	assert_int_equal(443, aad->to_ports[1].last);
	groups_close(&g);
	cJSON_Delete(doc);
}

/* --- one group in many clothes ----------------------------------------------
 */

static void move_fields(cJSON *obj, const char *const keep[])
{
	cJSON *inner = cJSON_CreateObject();
	cJSON *item = obj->child;

	while (item != NULL) {
		cJSON *next = item->next;
		bool stays = false;

		for (size_t i = 0; keep[i] != NULL; i++)
			stays = stays || strcmp(item->string, keep[i]) == 0;
		if (!stays)
			cJSON_AddItemToObject(
			    inner, item->string,
			    cJSON_DetachItemViaPointer(obj, item));
		item = next;
	}
	cJSON_AddItemToObject(obj, "properties", inner);
}

static cJSON *as_rest(cJSON *doc)
{
	static const char *const keep[] = { "id",   "name",	"etag",
					    "type", "location", NULL };
	static const char *const lists[] = { "securityRules",
					     "defaultSecurityRules" };
	cJSON *inner;

	move_fields(doc, keep);
	inner = cJSON_GetObjectItem(doc, "properties");
	for (size_t i = 0; i < 2; i++) {
		cJSON *rule;

		cJSON_ArrayForEach(rule, cJSON_GetObjectItem(inner, lists[i]))
		    move_fields(rule, keep);
	}
	return doc;
}

static cJSON *in_object(cJSON *doc, const char *key)
{
	cJSON *out = cJSON_CreateObject();

	cJSON_AddItemToObject(out, key, doc);
	return out;
}

static cJSON *in_list(cJSON *doc)
{
	cJSON *out = cJSON_CreateArray();

	cJSON_AddItemToArray(out, doc);
	return out;
}

/* Every key with a capital, lists where PowerShell has them. */
static void capitals(cJSON *obj)
{
	cJSON *item;

	cJSON_ArrayForEach(item, obj)
	{
		if (item->string != NULL && item->string[0] >= 'a')
			item->string[0] = (char)(item->string[0] - 'a' + 'A');
		capitals(item);
	}
}

static cJSON *as_powershell(cJSON *doc)
{
	static const char *const ends[] = { "sourceAddressPrefix",
					    "destinationAddressPrefix",
					    "sourcePortRange",
					    "destinationPortRange" };
	cJSON *rule;

	cJSON_ArrayForEach(rule, cJSON_GetObjectItem(doc, "securityRules"))
	{
		for (size_t i = 0; i < 4; i++) {
			cJSON *end = cJSON_DetachItemFromObject(rule, ends[i]);

			if (end != NULL)
				cJSON_AddItemToObject(rule, ends[i],
						      in_list(end));
		}
	}
	capitals(doc);
	return doc;
}

/* The old CLI had no plural fields, no types and no default rules. */
static cJSON *as_very_old(cJSON *doc)
{
	cJSON *rule;

	cJSON_DeleteItemFromObject(doc, "defaultSecurityRules");
	cJSON_DeleteItemFromObject(doc, "type");
	cJSON_AddNullToObject(doc, "networkInterfaces");
	cJSON_ArrayForEach(rule, cJSON_GetObjectItem(doc, "securityRules"))
	{
		cJSON_DeleteItemFromObject(rule, "sourceAddressPrefixes");
		cJSON_DeleteItemFromObject(rule, "destinationAddressPrefixes");
		cJSON_DeleteItemFromObject(rule, "sourcePortRanges");
		cJSON_AddNullToObject(rule, "destinationPortRanges2");
		cJSON_ReplaceItemInObject(rule, "destinationPortRanges",
					  cJSON_CreateNull());
		cJSON_AddNullToObject(rule, "sourceApplicationSecurityGroups");
	}
	return doc;
}

/* The normal form, without the place, which differs. */
static void normal_form(const cJSON *doc, struct diag_buf *out)
{
	struct groups g;
	struct diag_nsg group;

	groups_open(&g);
	if (!groups_read(&g, doc))
		fail_msg("%s", told(&g));
	assert_int_equal(1, g.list.n);
	group = g.list.items[0];
	group.from = "";
	print_group(&group, out);
	groups_close(&g);
}

static void all_forms_give_the_same_group(void **unused)
{
	static const char name[] = "nsg-show.era-2020.json";
	cJSON *forms[] = {
		as_rest(azure_data(name)),
		in_object(azure_data(name), "NewNSG"),
		in_object(as_rest(azure_data(name)), "NewNSG"),
		in_list(azure_data(name)),
		in_object(in_list(as_rest(azure_data(name))), "value"),
		in_object(azure_data(name), "value"),
		as_powershell(azure_data(name)),
		as_very_old(azure_data(name)),
	};
	cJSON *plain = azure_data(name);
	struct diag_buf want;

	(void)unused;
	normal_form(plain, &want);
	assert_non_null(strstr(want.data, "\"to_ports\":[\"29876-29877\"]"));
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct diag_buf got;

		normal_form(forms[i], &got);
		assert_string_equal(want.data, got.data);
		diag_buf_clear(&got);
		cJSON_Delete(forms[i]);
	}
	diag_buf_clear(&want);
	cJSON_Delete(plain);
}

static void what_was_printed_is_read_back(void **unused)
{
	static const char *const names[] = { "nsg-show.era-2020.json",
					     "nsg-show.today-outbound.json" };

	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		cJSON *doc = azure_data(names[i]);
		struct diag_buf first;
		struct diag_buf second;
		struct groups g;
		struct groups again;

		groups_open(&g);
		groups_open(&again);
		assert_true(groups_read(&g, doc));
		print_group(&g.list.items[0], &first);
		assert_true(groups_read_text(&again, first.data));
		print_group(&again.list.items[0], &second);
		assert_string_equal(first.data, second.data);
		assert_int_equal(g.list.items[0].n_rules,
				 again.list.items[0].n_rules);
		diag_buf_clear(&first);
		diag_buf_clear(&second);
		groups_close(&g);
		groups_close(&again);
		cJSON_Delete(doc);
	}
}

/* --- fields ----------------------------------------------------------------
 */

static void singular_and_plural_both_count(void **unused)
{
	const struct diag_nsg_rule *r;
	struct groups g;

	(void)unused;
	groups_open(&g);
	groups_of_rules(
	    &g, "{" HEAD ",\"sourceAddressPrefix\":\"10.0.0.0/8\","
		"\"sourceAddressPrefixes\":[\"Internet\",\"2001:db8::/32\"],"
		"\"destinationAddressPrefixes\":[\"10.1.0.4-10.1.0.7\"],"
		"\"destinationAddressPrefix\":null,\"sourcePortRange\":\"\","
		"\"sourcePortRanges\":[\"0-65535\"],"
		"\"destinationPortRange\":\"80\","
		"\"destinationPortRanges\":[\"443, 8080-8081\",\"22\"]}");
	r = rule_named(&g.list.items[0], "r");
	assert_int_equal(3, r->n_from);
	assert_int_equal(DIAG_PEER_CIDR, r->from[0].kind);
	assert_int_equal(8, r->from[0].cidr.len);
	assert_string_equal("Internet", r->from[1].tag);
	assert_int_equal(DIAG_IPV6, r->from[2].cidr.addr.family);
	assert_int_equal(1, r->n_to);
	assert_int_equal(30, r->to[0].cidr.len);
	assert_int_equal(1, r->n_from_ports);
	assert_int_equal(4, r->n_to_ports);
	assert_int_equal(8080, r->to_ports[2].first);
	assert_int_equal(22, r->to_ports[3].last);
	groups_close(&g);
}

struct spelling {
	const char *written, *tag, *region;
};

static void tags_are_read_in_any_spelling(void **unused)
{
	static const struct spelling spellings[] = {
		{ "Storage.EastUS", "Storage", "eastus" },
		{ "storage.East US", "Storage", "eastus" },
		{ "STORAGE", "Storage", "" },
		{ "virtualnetwork", "VirtualNetwork", "" },
		{ "VIRTUAL_NETWORK", "VirtualNetwork", "" },
		{ "AZURE_LOADBALANCER", "AzureLoadBalancer", "" },
		{ "INTERNET", "Internet", "" },
		{ "Keyvault.eastus", "AzureKeyVault", "eastus" },
		{ "Frontdoor.FirstParty", "AzureFrontDoor", "firstparty" },
		{ "AzureCloud.germanywc", "AzureCloud", "germanywestcentral" },
		{ "Storage.GermanyWestCentral", "Storage",
		  "germanywestcentral" },
		{ "SomethingNew.eastus", "SomethingNew", "eastus" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(*spellings); i++) {
		const struct diag_nsg_rule *r;
		struct groups g;
		char rule[512];

		groups_open(&g);
		(void)snprintf(rule, sizeof(rule),
			       "{" HEAD "," ENDS
			       ",\"sourceAddressPrefixes\":[\"%s\"]}",
			       spellings[i].written);
		groups_of_rules(&g, rule);
		r = rule_named(&g.list.items[0], "r");
		assert_int_equal(2, r->n_from);
		assert_int_equal(DIAG_PEER_TAG, r->from[1].kind);
		assert_string_equal(spellings[i].tag, r->from[1].tag);
		assert_string_equal(spellings[i].region, r->from[1].region);
		assert_string_equal(spellings[i].written, r->from[1].text);
		groups_close(&g);
	}
}

static void security_groups_are_kept_as_unknown(void **unused)
{
	const struct diag_nsg_rule *r;
	struct groups g;

	(void)unused;
	groups_open(&g);
	groups_of_rules(&g, "{" HEAD ",\"sourceAddressPrefix\":\"\","
			    "\"sourceApplicationSecurityGroups\":[{\"id\":\"/X/"
			    "Web\",\"resourceGroup\":\"rg\"}],"
			    "\"sourcePortRange\":\"*\","
			    "\"destinationAddressPrefix\":\"*\","
			    "\"destinationPortRange\":443}");
	r = rule_named(&g.list.items[0], "r");
	assert_int_equal(1, r->n_from);
	assert_int_equal(DIAG_PEER_ASG, r->from[0].kind);
	assert_string_equal("/x/web", r->from[0].tag);
	assert_int_equal(443, r->to_ports[0].first);
	groups_close(&g);
}

static void protocols_are_read_in_any_case(void **unused)
{
	static const struct {
		const char *written;
		bool tcp, udp, icmp;
	} rows[] = {
		{ "Tcp", true, false, false },	{ "TCP", true, false, false },
		{ "udp", false, true, false },	{ "*", true, true, true },
		{ "ICMP", false, false, true }, { "Esp", false, false, false },
		{ "Ah", false, false, false },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct diag_nsg_rule *r;
		struct groups g;
		char rule[512];

		groups_open(&g);
		(void)snprintf(rule, sizeof(rule),
			       "{\"name\":\"r\",\"access\":\"deny\","
			       "\"direction\":\"outbound\",\"priority\":200,"
			       "\"protocol\":\"%s\"," ENDS "}",
			       rows[i].written);
		groups_of_rules(&g, rule);
		r = rule_named(&g.list.items[0], "r");
		assert_int_equal(rows[i].tcp, r->tcp);
		assert_int_equal(rows[i].udp, r->udp);
		assert_int_equal(rows[i].icmp, r->icmp);
		assert_false(r->allow);
		assert_int_equal(DIAG_OUT, r->dir);
		groups_close(&g);
	}
}

static void rules_come_in_the_order_they_are_tried(void **unused)
{
	static const char *const want[] = { "c",
					    "AllowVnetOutBound",
					    "AllowInternetOutBound",
					    "DenyAllOutBound",
					    "d",
					    "b",
					    "a",
					    "AllowVnetInBound",
					    "AllowAzureLoadBalancerInBound",
					    "DenyAllInBound" };
	struct groups g;

	(void)unused;
	groups_open(&g);
	groups_of_rules(
	    &g, "{\"name\":\"a\",\"access\":\"Allow\",\"direction\":"
		"\"Inbound\",\"priority\":300,\"protocol\":\"*\"," ENDS "},"
		"{\"name\":\"b\",\"access\":\"Deny\",\"direction\":"
		"\"Inbound\",\"priority\":300,\"protocol\":\"*\"," ENDS "},"
		"{\"name\":\"c\",\"access\":\"Deny\",\"direction\":"
		"\"Outbound\",\"priority\":400,\"protocol\":\"*\"," ENDS "},"
		"{\"name\":\"d\",\"access\":\"Allow\",\"direction\":"
		"\"Inbound\",\"priority\":200,\"protocol\":\"*\"," ENDS "}");
	assert_int_equal(10, g.list.items[0].n_rules);
	for (size_t i = 0; i < 10; i++)
		assert_string_equal(want[i], g.list.items[0].rules[i].name);
	groups_close(&g);
}

/* What a document says otherwise of default rules is kept, and each that it
 * says rightly, or not at all, is there once. */
static void each_default_rule_is_there_once(void **unused)
{
	struct groups g;
	int defaults = 0;

	(void)unused;
	groups_open(&g);
	assert_true(groups_read_text(
	    &g, "{\"defaultSecurityRules\":[{\"name\":\"DenyAllInBound\","
		"\"access\":\"Allow\",\"direction\":\"Inbound\",\"priority\":"
		"65500,\"protocol\":\"*\"," ENDS "},"
		"{\"name\":\"DenyAllOutBound\",\"access\":\"Deny\","
		"\"direction\":\"Outbound\",\"priority\":65500,\"protocol\":"
		"\"*\",\"sourceAddressPrefix\":\"*\",\"sourcePortRange\":\"*\","
		"\"destinationAddressPrefix\":\"*\",\"destinationPortRange\":"
		"\"*\"}]}"));
	for (size_t i = 0; i < g.list.items[0].n_rules; i++)
		defaults += g.list.items[0].rules[i].is_default;
	assert_int_equal(7, defaults);
	assert_string_equal("DenyAllInBound", g.list.items[0].rules[6].name);
	assert_false(g.list.items[0].rules[6].allow == false &&
		     g.list.items[0].rules[5].allow == false);
	groups_close(&g);
}

/* --- what is wrong ---------------------------------------------------------
 */

struct fault {
	const char *rule, *place;
};

static void a_rule_that_cannot_be_read_spoils_its_group(void **unused)
{
	static const struct fault faults[] = {
		{ "{" HEAD "," ENDS ",\"sourceAddressPrefixes\":[\"*\","
		  "\"10.150.0.400\"]}",
		  "nsg.json: $.securityRules[0].sourceAddressPrefixes[1]: "
		  "expected \"*\", an address, a prefix or a service tag, got "
		  "\"10.150.0.400\"\n" },
		{ "{" HEAD "," ENDS ",\"destinationPortRanges\":\"70000\"}",
		  "$.securityRules[0].destinationPortRanges: expected \"*\", a "
		  "port" },
		{ "{" HEAD "," ENDS ",\"destinationPortRanges\":[\"9-1\"]}",
		  "destinationPortRanges[0]: " },
		{ "{" HEAD "," ENDS ",\"destinationPortRanges\":[-1]}",
		  "destinationPortRanges[0]: " },
		{ "{" HEAD "," ENDS ",\"sourceAddressPrefixes\":\"10/8\"}",
		  "sourceAddressPrefixes: " },
		{ "{" HEAD "," ENDS ",\"sourceAddressPrefixes\":\"Storage.\"}",
		  "sourceAddressPrefixes: " },
		{ "{" HEAD "," ENDS ",\"sourceAddressPrefixes\":\"asg:\"}",
		  "sourceAddressPrefixes: " },
		{ "{" HEAD "," ENDS
		  ",\"sourceAddressPrefixes\":\"10.0.0.9-10.0.0.1\"}",
		  "sourceAddressPrefixes: " },
		{ "{" HEAD ",\"sourceAddressPrefix\":\"*\"}",
		  "$.securityRules[0]: expected destinationAddressPrefix or "
		  "destinationAddressPrefixes, got an object" },
		{ "{\"name\":\"r\",\"access\":\"Maybe\",\"direction\":"
		  "\"Inbound\",\"priority\":100,\"protocol\":\"Tcp\"," ENDS "}",
		  "$.securityRules[0].access: expected \"Allow\" or \"Deny\"" },
		{ "{\"name\":\"r\",\"access\":\"Deny\",\"direction\":"
		  "\"Up\",\"priority\":100,\"protocol\":\"Tcp\"," ENDS "}",
		  "$.securityRules[0].direction: " },
		{ "{\"name\":\"r\",\"access\":\"Deny\",\"direction\":"
		  "\"Inbound\",\"priority\":70000,\"protocol\":\"Tcp\"," ENDS
		  "}",
		  "$.securityRules[0].priority: expected a priority" },
		{ "{\"name\":\"r\",\"access\":\"Deny\",\"direction\":"
		  "\"Inbound\",\"priority\":100,\"protocol\":\"Sctp\"," ENDS
		  "}",
		  "$.securityRules[0].protocol: expected *" },
		{ "7", "$.securityRules[0]: expected a rule, got 7" },
		{ "{\"name\":\"r\",\"properties\":{\"access\":\"Deny\"}}",
		  "$.securityRules[0].properties.direction: " },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		struct groups g;
		char text[1024];

		groups_open(&g);
		(void)snprintf(text, sizeof(text), "{\"securityRules\":[%s]}",
			       faults[i].rule);
		assert_false(groups_read_text(&g, text));
		assert_int_equal(0, g.list.n);
		assert_int_equal(1, g.skipped);
		if (strstr(told(&g), faults[i].place) == NULL)
			fail_msg("%s is not in %s", faults[i].place, told(&g));
		groups_close(&g);
	}
}

static void one_bad_group_does_not_stop_the_others(void **unused)
{
	struct groups g;

	(void)unused;
	groups_open(&g);
	assert_false(groups_read_text(
	    &g, "[{\"name\":\"a\",\"securityRules\":[]},{\"name\":\"b\","
		"\"securityRules\":[{}]},{\"name\":\"vm\"},{\"name\":\"c\","
		"\"securityRules\":[]}]"));
	assert_int_equal(2, g.list.n);
	assert_int_equal(2, g.skipped);
	assert_string_equal("a", g.list.items[0].name);
	assert_string_equal("c", g.list.items[1].name);
	assert_non_null(strstr(told(&g), "nsg.json: $[2]: expected a network "
					 "security group"));
	groups_close(&g);
}

static void the_same_group_is_not_taken_twice(void **unused)
{
	struct groups g;

	(void)unused;
	groups_open(&g);
	assert_true(
	    groups_read_text(&g, "[{\"id\":\"/S/A\",\"securityRules\":[]},"
				 "{\"id\":\"/s/a\",\"securityRules\":[]},"
				 "{\"id\":\"/s/b\",\"securityRules\":[]}]"));
	assert_int_equal(2, g.list.n);
	groups_close(&g);
}

static void other_documents_are_not_taken_for_groups(void **unused)
{
	static const char *const others[] = {
		"{}",
		"[]",
		"7",
		"null",
		"{\"rules\":[]}",
		"{\"properties\":{\"subnets\":[]}}",
		"{\"securityRules\":null}",
		"{\"schema\":\"pldiag.inventory/1\",\"nsgs\":[]}",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		cJSON *doc = cJSON_Parse(others[i]);

		assert_false(diag_nsg_recognise(doc));
		cJSON_Delete(doc);
	}
}

static void too_many_rules_are_refused(void **unused)
{
	struct diag_buf text;
	struct groups g;

	(void)unused;
	diag_buf_init(&text, (size_t)4 << 20);
	diag_buf_puts(&text, "{\"securityRules\":[");
	for (int i = 0; i <= DIAG_NSG_RULES; i++)
		diag_buf_printf(&text, "%s{" HEAD "," ENDS "}",
				i > 0 ? "," : "");
	diag_buf_puts(&text, "]}");
	groups_open(&g);
	assert_false(groups_read_text(&g, diag_buf_str(&text)));
	assert_non_null(strstr(told(&g), "expected at most 2048 rules"));
	groups_close(&g);
	diag_buf_clear(&text);
}

static bool read_and_print(void *arg)
{
	struct diag_json_at root = { .file = "nsg.json" };
	struct diag_err err = { .code = DIAG_OK };
	struct diag_buf out;
	struct diag_jw w;
	struct groups g;
	bool ok;

	groups_open(&g);
	root.problems = &g.problems;
	diag_buf_init(&out, (size_t)1 << 20);
	diag_jw_init(&w, &out, 0);
	ok = diag_nsg_read_all(&root, arg, &g.arena, &g.list, &g.skipped, &err);
	assert_int_equal(0, g.skipped);
	assert_true(ok || err.code == DIAG_ENOMEM);
	if (ok)
		diag_nsg_print(&g.list.items[0], &w);
	ok = ok && out.code == DIAG_OK;
	diag_buf_clear(&out);
	groups_close(&g);
	return ok;
}

static void missing_memory_is_told(void **unused)
{
	cJSON *doc = azure_data("nsg-show.today-outbound.json");

	(void)unused;
	assert_in_range(torture(read_and_print, doc), 2, 1000);
	cJSON_Delete(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sample_of_2020_is_read),
		cmocka_unit_test(plural_ports_without_the_singular_are_read),
		cmocka_unit_test(all_forms_give_the_same_group),
		cmocka_unit_test(what_was_printed_is_read_back),
		cmocka_unit_test(singular_and_plural_both_count),
		cmocka_unit_test(tags_are_read_in_any_spelling),
		cmocka_unit_test(security_groups_are_kept_as_unknown),
		cmocka_unit_test(protocols_are_read_in_any_case),
		cmocka_unit_test(rules_come_in_the_order_they_are_tried),
		cmocka_unit_test(each_default_rule_is_there_once),
		cmocka_unit_test(a_rule_that_cannot_be_read_spoils_its_group),
		cmocka_unit_test(one_bad_group_does_not_stop_the_others),
		cmocka_unit_test(the_same_group_is_not_taken_twice),
		cmocka_unit_test(other_documents_are_not_taken_for_groups),
		cmocka_unit_test(too_many_rules_are_refused),
		cmocka_unit_test(missing_memory_is_told),
	};

	return cmocka_run_group_tests_name("nsg read", tests, NULL, NULL);
}
