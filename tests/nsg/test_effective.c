/* SPDX-License-Identifier: MIT */
/* The groups in force at a network interface, as Azure lists them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/nsg/support.h"

#define ID(kind)                                           \
	"/subscriptions/s/resourceGroups/RG-ml/providers/" \
	"Microsoft.Network/" kind
#define RULE(name, priority, access, protocol, ports, from, to)               \
	"{\"name\":\"" name "\",\"priority\":" priority                       \
	",\"access\":\"" access                                               \
	"\",\"direction\":\"Inbound\",\"protocol\":\"" protocol "\","         \
	"\"sourcePortRange\":\"0-65535\",\"sourcePortRanges\":[\"0-65535\"]," \
	"\"destinationPortRange\":\"" ports                                   \
	"\",\"destinationPortRanges\":[\"" ports                              \
	"\"],\"sourceAddressPrefix\":\"" from                                 \
	"\",\"sourceAddressPrefixes\":[\"" from                               \
	"\"],\"expandedSourceAddressPrefix\":[\"192.0.2.0/24\"],"             \
	"\"destinationAddressPrefix\":\"" to                                  \
	"\",\"destinationAddressPrefixes\":[\"" to "\"]}"
#define BATCH                                                             \
	RULE("securityRules/batch", "400", "Allow", "Tcp", "29876-29877", \
	     "BatchNodeManagement", "0.0.0.0/0")
#define OLD \
	RULE("all", "4096", "Deny", "All", "0-65535", "0.0.0.0/0", "0.0.0.0/0")
#define NEW_DEFAULT                                                         \
	RULE("defaultSecurityRules/DenyAllInBound", "65500", "Deny", "All", \
	     "0-65535", "0.0.0.0/0", "0.0.0.0/0")
#define OLD_DEFAULT                                                           \
	RULE("DefaultInboundDenyAll", "65500", "Deny", "All", "0-65535", "*", \
	     "*")
#define GROUP(where)                                                        \
	"{\"networkSecurityGroup\":{\"id\":\"" ID(                          \
	    "networkSecurityGroups/Nsg") "\",\"resourceGroup\":\"RG-ml\"}," \
					 "\"association\":{" where          \
					 "},\"effectiveSecurityRules\":"    \
					 "[" BATCH "," OLD "," NEW_DEFAULT  \
					 "," OLD_DEFAULT "],\"tagMap\":null}"
#define SUBNET	 "\"subnet\":{\"id\":\"" ID("virtualNetworks/v/subnets/A") "\"}"
#define NIC	 "\"networkInterface\":{\"id\":\"" ID("networkInterfaces/n") "\"}"
#define DEFAULTS 6

static void a_list_is_read_as_its_groups(void **unused)
{
	const struct diag_nsg *g;
	struct groups groups;

	(void)unused;
	groups_open(&groups);
	assert_true(groups_read_text(
	    &groups, "{\"nextLink\":null,\"value\":[" GROUP(
			 SUBNET ",\"networkManager\":null") "]}"));
	assert_int_equal(1, groups.list.n);
	g = &groups.list.items[0];
	assert_string_equal("Nsg", g->name);
	assert_string_equal("RG-ml", g->resource_group);
	assert_int_equal(1, g->n_subnets);
	assert_int_equal(0, g->n_nics);
	assert_string_equal("/subscriptions/s/resourcegroups/rg-ml/providers/"
			    "microsoft.network/virtualnetworks/v/subnets/a",
			    g->subnets[0]);
	assert_int_equal(DEFAULTS + 2, g->n_rules);
	assert_true(rule_named(g, "batch")->tcp);
	assert_false(rule_named(g, "batch")->udp);
	assert_true(rule_named(g, "all")->udp && rule_named(g, "all")->icmp);
	groups_close(&groups);
}

static void an_interface_is_a_place_too(void **unused)
{
	struct groups groups;

	(void)unused;
	groups_open(&groups);
	assert_true(groups_read_text(&groups, "[" GROUP(NIC) "]"));
	assert_int_equal(0, groups.list.items[0].n_subnets);
	assert_int_equal(1, groups.list.items[0].n_nics);
	groups_close(&groups);
}

/* "*" is spelled in other words, and means the same. */
static void it_decides_as_the_group_does(void **unused)
{
	static const struct {
		const char *flow;
		enum diag_flow_result want;
		const char *rule;
	} flows[] = {
		{ "in tcp BatchNodeManagement * 29876-29877", DIAG_FLOW_ALLOWED,
		  "batch" },
		{ "in tcp AzureMachineLearning * 44224", DIAG_FLOW_DENIED,
		  "all" },
		{ "in udp VirtualNetwork * 53", DIAG_FLOW_DENIED, "all" },
		{ "out tcp * Storage.eastus 443", DIAG_FLOW_ALLOWED,
		  "AllowInternetOutBound" },
	};
	struct groups groups;

	(void)unused;
	groups_open(&groups);
	assert_true(groups_read_text(&groups, GROUP(SUBNET)));
	for (size_t i = 0; i < sizeof(flows) / sizeof(flows[0]); i++) {
		const struct diag_nsg_world world = { .groups = &groups.list,
						      .region = "eastus" };
		struct diag_flow_verdict v;
		struct diag_flow flow;

		assert_true(
		    diag_flow_parse(flows[i].flow, &groups.arena, &flow, NULL));
		assert_true(
		    diag_nsg_evaluate(&world, &flow, &groups.arena, &v, NULL));
		assert_int_equal(flows[i].want, v.result);
		assert_string_equal(flows[i].rule, v.rule->name);
	}
	groups_close(&groups);
}

/* They come before those of groups, and none of them need decide. */
static void rules_of_a_network_manager_are_not_judged(void **unused)
{
	struct groups groups;

	(void)unused;
	groups_open(&groups);
	assert_false(groups_read_text(
	    &groups, "[" GROUP("\"networkManager\":{\"id\":\"/x\"}") "]"));
	assert_int_equal(0, groups.list.n);
	assert_string_equal("nsg.json: $[0].association: expected a group; "
			    "rules of a virtual network manager are not "
			    "judged, got an object\n",
			    diag_buf_str(&groups.problems.text));
	groups_close(&groups);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_read_as_its_groups),
		cmocka_unit_test(an_interface_is_a_place_too),
		cmocka_unit_test(it_decides_as_the_group_does),
		cmocka_unit_test(rules_of_a_network_manager_are_not_judged),
	};

	return cmocka_run_group_tests_name("nsg effective", tests, NULL, NULL);
}
