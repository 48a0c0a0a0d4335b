/* SPDX-License-Identifier: MIT */
/* Which rule decides, and what is honestly not known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/nsg/support.h"
#include "tests/support/torture.h"

#define N_VNETS 4

struct fixture {
	struct groups g;
	struct diag_nsg_world world;
	struct diag_cidr vnet[N_VNETS];
	struct diag_service_tags *tags;
};

static void open_empty(struct fixture *f)
{
	*f = (struct fixture){ .tags = NULL };
	groups_open(&f->g);
	f->world.groups = &f->g.list;
	f->world.region = "";
}

static void close_all(struct fixture *f)
{
	groups_close(&f->g);
	diag_service_tags_free(f->tags);
}

/* "PRIORITY in|out allow|deny PROTOCOL FROM TO PORTS", in lists with commas;
 * many of them with ";" between. */
static void add_group(struct fixture *f, const char *rules, const char *place)
{
	struct diag_buf text;
	char copy[2048];
	char *line = copy;

	diag_buf_init(&text, (size_t)1 << 20);
	(void)snprintf(copy, sizeof(copy), "%s", rules);
	diag_buf_printf(&text, "{\"name\":\"g%zu\",%s\"securityRules\":[",
			f->g.list.n, place);
	for (int i = 0; line[0] != '\0'; i++) {
		char *words[7];
		char *end = line + strcspn(line, ";");
		bool last = *end == '\0';

		*end = '\0';
		for (size_t w = 0; w < 7; w++) {
			line += strspn(line, " ");
			words[w] = line;
			line += strcspn(line, " ");
			if (*line != '\0')
				*line++ = '\0';
		}
		diag_buf_printf(
		    &text,
		    "%s{\"name\":\"r%s\",\"priority\":%s,\"direction\":\"%s\","
		    "\"access\":\"%s\",\"protocol\":\"%s\","
		    "\"sourceAddressPrefix\":\"%s\",\"sourcePortRange\":\"*\","
		    "\"destinationAddressPrefix\":\"%s\","
		    "\"destinationPortRange\":\"%s\"}",
		    i > 0 ? "," : "", words[0], words[0],
		    words[1][0] == 'i' ? "Inbound" : "Outbound", words[2],
		    words[3], words[4], words[5], words[6]);
		line = last ? end : end + 1;
	}
	diag_buf_puts(&text, "]}");
	if (!groups_read_text(&f->g, diag_buf_str(&text)))
		fail_msg("%s", diag_buf_str(&f->g.problems.text));
	diag_buf_clear(&text);
}

static void open_rules(struct fixture *f, const char *rules)
{
	open_empty(f);
	add_group(f, rules, "");
}

static void add_vnet(struct fixture *f, const char *text)
{
	assert_true(f->world.n_vnet < N_VNETS);
	assert_true(diag_cidr_parse(text, false, &f->vnet[f->world.n_vnet]));
	f->world.vnet = f->vnet;
	f->world.n_vnet++;
}

static void add_tags(struct fixture *f, const char *text)
{
	struct diag_json_at root = { .file = "tags.json",
				     .problems = &f->g.problems };
	cJSON *doc = cJSON_Parse(text);

	assert_non_null(doc);
	assert_true(diag_service_tags_read(&root, doc, &f->tags, NULL));
	f->world.tags = f->tags;
	cJSON_Delete(doc);
}

static struct diag_flow flow_of(struct fixture *f, const char *text)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_flow flow;

	if (!diag_flow_parse(text, &f->g.arena, &flow, &err))
		fail_msg("%s", err.what);
	return flow;
}

static struct diag_flow_verdict judge(struct fixture *f, const char *text)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_flow flow = flow_of(f, text);
	struct diag_flow_verdict v;

	if (!diag_nsg_evaluate(&f->world, &flow, &f->g.arena, &v, &err))
		fail_msg("%s", err.what);
	assert_int_equal(v.result == DIAG_FLOW_UNKNOWN, v.why_unknown != NULL);
	return v;
}

/* want: "allowed r200"; the rule may be left out. */
static void expect(struct fixture *f, const char *flow, const char *want)
{
	struct diag_flow_verdict v = judge(f, flow);
	char got[128];

	(void)snprintf(got, sizeof(got), "%s%s%s",
		       diag_flow_result_key(v.result),
		       strchr(want, ' ') != NULL ? " " : "",
		       strchr(want, ' ') == NULL ? ""
		       : v.rule != NULL		 ? v.rule->name
						 : "-");
	if (strcmp(got, want) != 0)
		fail_msg("%s: %s, not %s (%s)", flow, got, want,
			 v.why_unknown != NULL ? v.why_unknown : "");
}

static void expect_doubt(struct fixture *f, const char *flow,
			 enum diag_flow_doubt doubt, const char *sentence)
{
	struct diag_flow_verdict v = judge(f, flow);

	if (v.result != DIAG_FLOW_UNKNOWN)
		fail_msg("%s is %s", flow, diag_flow_result_key(v.result));
	assert_int_equal(doubt, v.doubt);
	assert_string_equal(sentence, v.why_unknown);
}

/* --- samples ---------------------------------------------------------------
 */

static void the_rules_of_2020_let_batch_and_studio_in(void **unused)
{
	cJSON *doc = azure_data("nsg-show.era-2020.json");
	struct fixture f;

	(void)unused;
	open_empty(&f);
	assert_true(groups_read(&f.g, doc));
	expect(&f, "in tcp BatchNodeManagement * 29876-29877", "allowed batch");
	expect(&f, "in tcp BatchNodeManagement.eastus * 29876-29877",
	       "allowed batch");
	expect(&f, "in tcp AzureMachineLearning * 44224", "allowed aml");
	expect(&f, "in udp AzureMachineLearning * 44224",
	       "denied DenyAllInBound");
	expect(&f, "in tcp Internet * 44224", "partly DenyAllInBound");
	expect(&f, "in tcp Internet * 22", "denied DenyAllInBound");
	expect(&f, "in tcp VirtualNetwork * 22", "allowed AllowVnetInBound");
	expect(&f, "in tcp AzureLoadBalancer * 22",
	       "allowed AllowAzureLoadBalancerInBound");
	expect(&f, "out tcp * Storage.eastus 443",
	       "allowed AllowInternetOutBound");
	groups_close(&f.g);
	cJSON_Delete(doc);
}

static void the_rules_of_today_forget_the_resource_manager(void **unused)
{
	cJSON *doc = azure_data("nsg-show.today-outbound.json");
	struct fixture f;

	(void)unused;
	open_empty(&f);
	assert_true(groups_read(&f.g, doc));
	expect(&f, "out tcp * AzureActiveDirectory 80", "allowed aad");
	expect(&f, "out udp * AzureMachineLearning 5831", "allowed aml-udp");
	expect(&f, "out tcp * BatchNodeManagement.EastUS 443", "allowed batch");
	expect(&f, "out tcp * AzureResourceManager 443",
	       "denied deny-internet");
	expect(&f, "out tcp * Storage.westus 443", "denied deny-internet");
	expect(&f, "out tcp * Storage 443", "partly deny-internet");
	expect(&f, "out tcp * VirtualNetwork 445", "allowed AllowVnetOutBound");
	cJSON_Delete(doc);
	close_all(&f);
}

/* --- order -----------------------------------------------------------------
 */

static void the_lower_number_wins(void **unused)
{
	struct fixture f;

	(void)unused;
	open_rules(&f, "300 in deny * * * *;200 in allow tcp * * 443;"
		       "100 out deny * * * *");
	expect(&f, "in tcp Storage * 443", "allowed r200");
	expect(&f, "in udp Storage * 443", "denied r300");
	expect(&f, "out tcp * Storage 443", "denied r100");
	close_all(&f);
}

static void deny_comes_before_allow_at_one_priority(void **unused)
{
	struct fixture f;

	(void)unused;
	open_rules(&f, "200 in allow * * * 443;200 in deny * * * 443");
	expect(&f, "in tcp Storage * 443", "denied r200");
	assert_false(judge(&f, "in tcp Storage * 443").rule->allow);
	close_all(&f);
}

static void other_protocols_decide_nothing(void **unused)
{
	struct fixture f;

	(void)unused;
	open_rules(&f, "100 in deny Icmp * * *;110 in deny Esp * * *;"
		       "120 in deny Ah * * *;130 in allow TCP * * *;"
		       "140 in deny * * * *");
	expect(&f, "in tcp Storage * 1", "allowed r130");
	expect(&f, "in udp Storage * 1", "denied r140");
	close_all(&f);
}

/* --- ports -----------------------------------------------------------------
 */

static void a_range_is_cut_at_the_edges_of_rules(void **unused)
{
	const struct diag_flow_part *parts;
	struct diag_flow flow;
	struct fixture f;
	size_t n;

	(void)unused;
	open_rules(&f, "200 in allow tcp * * 29876,100-200;"
		       "300 in deny * * * *");
	expect(&f, "in tcp Storage * 29876-29877", "partly r300");
	expect(&f, "in tcp Storage * 29876", "allowed r200");
	expect(&f, "in tcp Storage * 150-160", "allowed r200");
	flow = flow_of(&f, "in tcp Storage * 199-202");
	assert_true(
	    diag_nsg_parts(&f.world, &flow, &f.g.arena, &parts, &n, NULL));
	assert_int_equal(2, n);
	assert_int_equal(199, parts[0].port);
	assert_int_equal(200, parts[0].port_last);
	assert_int_equal(DIAG_FLOW_ALLOWED, parts[0].verdict.result);
	assert_int_equal(201, parts[1].port);
	assert_int_equal(202, parts[1].port_last);
	assert_int_equal(DIAG_FLOW_DENIED, parts[1].verdict.result);
	close_all(&f);
}

static void ranges_that_touch_are_one(void **unused)
{
	struct fixture f;

	(void)unused;
	open_rules(&f, "200 in allow tcp * * 8704-8706,8707-8710;"
		       "300 in deny * * * *");
	expect(&f, "in tcp Storage * 8704-8710", "allowed r200");
	expect(&f, "in tcp Storage * *", "partly r300");
	close_all(&f);
}

static void the_senders_own_port_is_any_from_1024(void **unused)
{
	struct fixture f;

	(void)unused;
	open_empty(&f);
	groups_of_rules(
	    &f.g,
	    "{\"name\":\"half\",\"priority\":200,\"direction\":\"Inbound\","
	    "\"access\":\"Allow\",\"protocol\":\"Tcp\",\"sourceAddressPrefix\""
	    ":\"*\",\"sourcePortRange\":\"1-40000\",\"destinationAddressPrefix"
	    "\":\"*\",\"destinationPortRange\":\"443\"},"
	    "{\"name\":\"low\",\"priority\":100,\"direction\":\"Inbound\","
	    "\"access\":\"Deny\",\"protocol\":\"Tcp\",\"sourceAddressPrefix\""
	    ":\"*\",\"sourcePortRange\":\"53\",\"destinationAddressPrefix"
	    "\":\"*\",\"destinationPortRange\":\"*\"},"
	    "{\"name\":\"all\",\"priority\":300,\"direction\":\"Inbound\","
	    "\"access\":\"Allow\",\"protocol\":\"Tcp\",\"sourceAddressPrefix\""
	    ":\"*\",\"sourcePortRange\":\"1024-65535\","
	    "\"destinationAddressPrefix\":\"*\",\"destinationPortRange\":"
	    "\"444\"}");
	expect(&f, "in tcp Storage * 443", "partly DenyAllInBound");
	expect(&f, "in tcp Storage * 444", "allowed all");
	close_all(&f);
}

/* --- names -----------------------------------------------------------------
 */

static void tags_lie_in_larger_tags(void **unused)
{
	static const char *const holders[] = {
		"Storage.eastus", "Storage", "AzureCloud.eastus", "AzureCloud",
		"Internet",	  "*",	     "0.0.0.0/0"
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(holders) / sizeof(*holders); i++) {
		struct fixture f;
		char rules[128];

		(void)snprintf(rules, sizeof(rules),
			       "200 out allow * * %s 443;300 out deny * * * *",
			       holders[i]);
		open_rules(&f, rules);
		expect(&f, "out tcp * STORAGE.EastUS 443", "allowed r200");
		close_all(&f);
	}
}

static void tags_that_have_nothing_in_common_pass_by(void **unused)
{
	static const char *const others[] = {
		"Storage.westus",
		"AzureCloud.westus",
		"Sql.westus",
		"Sql",
		"AzureFrontDoor.FirstParty",
		"Fresh.westus",
		"VirtualNetwork",
		"AzureLoadBalancer",
		"10.0.0.0/8",
		"192.168.1.7",
		"fd00::/8",
		"::/0",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		struct fixture f;
		char rules[128];

		(void)snprintf(rules, sizeof(rules),
			       "200 out allow * * %s 443;300 out deny * * * *",
			       others[i]);
		open_rules(&f, rules);
		expect(&f, "out tcp * Storage.eastus 443", "denied r300");
		close_all(&f);
	}
}

static void what_two_tags_share_is_not_known(void **unused)
{
	struct fixture f;

	(void)unused;
	open_rules(&f, "200 out allow * * Fresh 443;210 out allow * * "
		       "20.60.0.0/16 444;220 out allow * * Storage.marseast "
		       "446;230 out allow * * AzureFrontDoor.FirstParty 447;"
		       "300 out deny * * * *");
	expect_doubt(&f, "out tcp * Storage.eastus 443", DIAG_DOUBT_TAGS,
		     "rule r200 (200) is about Fresh, and without the list of "
		     "service tags nobody can tell how much of Storage.eastus "
		     "that is");
	expect_doubt(&f, "out tcp * Storage.eastus 444", DIAG_DOUBT_ADDRESSES,
		     "rule r210 (210) is about 20.60.0.0/16, and without the "
		     "list of service tags nobody can tell whether that is "
		     "Storage.eastus");
	expect(&f, "out tcp * Storage.eastus2 446", "unknown r220");
	expect(&f, "out tcp * AzureCloud 447", "unknown r230");
	close_all(&f);
}

static void a_rule_nobody_can_tell_of_is_no_matter_if_all_agree(void **unused)
{
	struct fixture f;

	(void)unused;
	open_rules(&f, "200 out deny * * Fresh 443;210 out deny * * 20.0.0.0/8 "
		       "443;300 out deny * * * *;"
		       "200 in allow * Fresh * 443;300 in allow * * * *");
	expect(&f, "out tcp * Storage.eastus 443", "denied r300");
	expect(&f, "in tcp Storage.eastus * 443", "allowed r300");
	close_all(&f);
}

static void what_one_rule_may_have_taken_the_next_does_not_get(void **unused)
{
	struct fixture f;

	(void)unused;
	open_rules(&f,
		   "200 out deny * * Fresh 443;210 out allow * * Sql.eastus "
		   "443;300 out deny * * * *");
	expect(&f, "out tcp * Storage.eastus 443", "denied r300");
	close_all(&f);
}

static void a_region_that_is_not_known_is_told(void **unused)
{
	struct diag_flow_list flows;
	struct diag_flow_verdict v;
	struct fixture f;

	(void)unused;
	open_rules(&f, "200 out allow * * Storage.eastus *;"
		       "210 out allow * * BatchNodeManagement *;"
		       "300 out deny * * * *");
	assert_true(diag_flows_needed(DIAG_ROLE_COMPUTE, DIAG_ERA_CURRENT, "",
				      &f.g.arena, &flows, NULL));
	for (size_t i = 0; i < flows.n; i++) {
		if (strcmp(flows.items[i].peer.tag, "Storage") != 0)
			continue;
		assert_string_equal("Storage.?", flows.items[i].peer.text);
		assert_true(diag_nsg_evaluate(&f.world, &flows.items[i],
					      &f.g.arena, &v, NULL));
		assert_int_equal(DIAG_FLOW_UNKNOWN, v.result);
		assert_int_equal(DIAG_DOUBT_REGION, v.doubt);
	}
	for (size_t i = 0; i < flows.n; i++) {
		if (strcmp(flows.items[i].peer.tag, "BatchNodeManagement") != 0)
			continue;
		assert_true(diag_nsg_evaluate(&f.world, &flows.items[i],
					      &f.g.arena, &v, NULL));
		assert_int_equal(DIAG_FLOW_ALLOWED, v.result);
	}
	close_all(&f);
}

static void members_of_security_groups_are_not_known(void **unused)
{
	struct fixture f;

	(void)unused;
	open_rules(&f, "200 in allow * asg:/a/web * 443;300 in deny * * * *;"
		       "200 in allow * * asg:/a/db 1433");
	expect(&f, "in tcp VirtualNetwork * 443", "unknown r200");
	expect(&f, "in tcp asg:/A/WEB * 443", "allowed r200");
	expect(&f, "in tcp asg:/a/other * 443", "unknown r200");
	expect(&f, "in tcp Storage * 443", "denied r300");
	expect(&f, "in tcp 20.1.2.3 * 443", "denied r300");
	expect_doubt(&f, "in tcp 10.0.0.4 * 443", DIAG_DOUBT_ASG,
		     "rule r200 (200) is about asg:/a/web, whose members are "
		     "not known: it may be about 10.0.0.4");
	expect_doubt(&f, "in tcp Storage * 1433", DIAG_DOUBT_ASG,
		     "rule r200 (200) is about asg:/a/db, whose members are "
		     "not known: it may be about our own address");
	close_all(&f);
}

/* --- addresses -------------------------------------------------------------
 */

static void prefixes_are_cut_at_the_edges_of_rules(void **unused)
{
	struct fixture f;

	(void)unused;
	open_rules(&f, "200 in allow tcp 10.0.0.0/25,10.0.0.128-10.0.0.255 * "
		       "443;300 in deny * * * *");
	expect(&f, "in tcp 10.0.0.0/24 * 443", "allowed r200");
	expect(&f, "in tcp 10.0.0.0/23 * 443", "partly r300");
	expect(&f, "in tcp 10.0.1.0/24 * 443", "denied r300");
	expect(&f, "in tcp * * 443", "partly r300");
	close_all(&f);
}

static void the_internet_is_what_is_public_and_not_ours(void **unused)
{
	struct fixture f;

	(void)unused;
	open_rules(&f, "200 in allow tcp Internet * 443;300 in deny * * * *");
	expect(&f, "in tcp 203.0.113.20 * 443", "allowed r200");
	expect(&f, "in tcp 10.1.2.3 * 443", "denied r300");
	expect(&f, "in tcp 168.63.129.16 * 443", "denied r300");
	expect(&f, "in tcp 8.0.0.0/6 * 443", "partly r300");
	add_vnet(&f, "203.0.113.0/24");
	expect(&f, "in tcp 203.0.113.20 * 443", "denied r300");
	close_all(&f);
}

static void networks_that_were_named_are_the_virtual_network(void **unused)
{
	struct fixture f;

	(void)unused;
	open_rules(&f, "200 in allow tcp VirtualNetwork VirtualNetwork 443;"
		       "300 in deny * * * *");
	expect_doubt(&f, "in tcp 172.16.201.5 * 443", DIAG_DOUBT_VNET,
		     "rule r200 (200) is about VirtualNetwork, and nobody said "
		     "which networks, peerings and VPN clients VirtualNetwork "
		     "has: it may be about 172.16.201.5");
	expect(&f, "in tcp 20.1.2.3 * 443", "denied r300");
	add_vnet(&f, "10.150.0.0/16");
	expect(&f, "in tcp 10.150.7.1 * 443", "allowed r200");
	expect(&f, "in tcp 172.16.201.5 * 443", "unknown r200");
	add_vnet(&f, "172.16.201.0/24");
	expect(&f, "in tcp 172.16.201.5 * 443", "allowed r200");
	expect(&f, "in tcp 172.16.201.5 10.150.0.4 443", "allowed r200");
	close_all(&f);
}

static void a_flow_from_the_network_is_from_what_was_named(void **unused)
{
	struct fixture f;

	(void)unused;
	open_rules(&f, "200 in deny tcp 10.150.9.0/24 * 443");
	expect(&f, "in tcp VirtualNetwork * 443", "unknown r200");
	add_vnet(&f, "10.150.0.0/16");
	expect(&f, "in tcp VirtualNetwork * 443", "partly r200");
	close_all(&f);
}

static void our_own_address_is_one_of_the_network(void **unused)
{
	struct fixture f;

	(void)unused;
	open_rules(&f, "200 in allow tcp * 10.150.0.0/16 443;"
		       "210 in allow tcp * 10.150.0.4 444;"
		       "220 in allow tcp * 20.1.2.3 445;"
		       "230 in allow tcp * Internet 446;"
		       "300 in deny * * * *");
	expect(&f, "in tcp Storage * 443", "unknown r200");
	expect(&f, "in tcp Storage * 445", "denied r300");
	expect(&f, "in tcp Storage * 446", "denied r300");
	add_vnet(&f, "10.150.0.0/16");
	expect(&f, "in tcp Storage * 443", "allowed r200");
	expect_doubt(&f, "in tcp Storage * 444", DIAG_DOUBT_SELF,
		     "rule r210 (210) is about 10.150.0.4, which may be our "
		     "own address");
	expect(&f, "in tcp Storage 10.150.0.4 444", "allowed r210");
	close_all(&f);
}

static void the_families_are_kept_apart(void **unused)
{
	struct diag_flow flow;
	struct diag_flow_verdict v;
	struct diag_err err = { .code = DIAG_OK };
	struct fixture f;

	(void)unused;
	open_rules(&f, "100 in allow tcp ::/0 * 443;"
		       "110 in allow tcp 0.0.0.0/0 * 444;"
		       "120 in allow tcp 2001:db8::/32 * 445;"
		       "300 in deny * * * *");
	expect(&f, "in tcp 203.0.113.20 * 443", "denied r300");
	expect(&f, "in tcp 2001:db8::1 * 443", "allowed r100");
	expect(&f, "in tcp 203.0.113.20 * 444", "allowed r110");
	expect(&f, "in tcp 2001:db8::1 * 444", "denied r300");
	expect(&f, "in tcp 2001:db8::/31 * 445", "partly r300");
	expect(&f, "in tcp Storage * 443", "denied r300");
	expect(&f, "in tcp Storage fd00::4 443", "allowed r100");
	flow = flow_of(&f, "in tcp 2001:db8::1 10.0.0.4 443");
	assert_false(diag_nsg_evaluate(&f.world, &flow, &f.g.arena, &v, &err));
	assert_int_equal(DIAG_EUSAGE, err.code);
	close_all(&f);
}

static void the_hosts_own_services_pass_rules_by(void **unused)
{
	struct fixture f;

	(void)unused;
	open_rules(&f, "200 out deny * * AzurePlatformDNS 54;"
		       "300 out deny * * * *");
	expect_doubt(&f, "out udp * 168.63.129.16 53", DIAG_DOUBT_PLATFORM,
		     "168.63.129.16 is the host's own: rules pass it by unless "
		     "they name AzurePlatformDNS or AzurePlatformIMDS");
	expect(&f, "out udp * 168.63.129.16 54", "denied r200");
	expect(&f, "out udp * 168.63.129.17 53", "denied r300");
	close_all(&f);
}

/* --- the published list ----------------------------------------------------
 */

#define TAGS                                                          \
	"{\"changeNumber\":1,\"cloud\":\"Public\",\"values\":["       \
	"{\"name\":\"Storage\",\"id\":\"Storage\",\"properties\":{"   \
	"\"region\":\"\",\"addressPrefixes\":[\"20.60.0.0/24\","      \
	"\"20.60.1.0/24\",\"2603:1000::/32\"]}},"                     \
	"{\"name\":\"Storage.EastUS\",\"id\":\"Storage.EastUS\","     \
	"\"properties\":{\"region\":\"eastus\",\"addressPrefixes\":[" \
	"\"20.60.0.0/24\"]}},"                                        \
	"{\"name\":\"Sql\",\"properties\":{\"addressPrefixes\":["     \
	"\"20.60.0.128/25\",\"20.70.0.0/16\"]}}]}"

static void with_the_list_tags_are_addresses(void **unused)
{
	struct fixture f;

	(void)unused;
	open_rules(&f, "200 out allow * * Storage.eastus 443;"
		       "210 out allow * * 20.60.0.0/16 444;"
		       "220 out allow * * Sql 445;"
		       "230 out allow * * 20.60.0.0/25 445;"
		       "300 out deny * * * *");
	add_tags(&f, TAGS);
	expect(&f, "out tcp * 20.60.0.7 443", "allowed r200");
	expect(&f, "out tcp * 20.60.1.7 443", "denied r300");
	expect(&f, "out tcp * Storage 443", "partly r300");
	expect(&f, "out tcp * Storage 444", "allowed r210");
	expect(&f, "out tcp * Storage.eastus 445", "allowed");
	expect(&f, "out tcp * Storage 445", "partly r300");
	expect(&f, "out tcp * Sql 443", "partly r300");
	expect(&f, "out tcp * AzureMonitor 443", "denied r300");
	close_all(&f);
}

static void a_list_that_is_none_is_told(void **unused)
{
	static const char *const bad[] = {
		"{}",
		"[]",
		"{\"values\":[{\"name\":\"Storage\"}]}",
		"{\"values\":[{\"name\":\"*\",\"properties\":{"
		"\"addressPrefixes\":[]}}]}",
		"{\"values\":[{\"name\":\"Sql\",\"properties\":{"
		"\"addressPrefixes\":[\"20.0.0.0/33\"]}}]}",
		"{\"values\":[{\"name\":\"Sql\",\"properties\":{"
		"\"addressPrefixes\":[7]}}]}",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct diag_err err = { .code = DIAG_OK };
		struct diag_service_tags *tags = NULL;
		struct diag_problems problems;
		struct diag_json_at root = { .file = "t.json",
					     .problems = &problems };
		cJSON *doc = cJSON_Parse(bad[i]);

		diag_problems_init(&problems);
		assert_false(diag_service_tags_read(&root, doc, &tags, &err));
		assert_int_equal(DIAG_EPARSE, err.code);
		assert_null(tags);
		assert_int_equal(1, problems.n);
		diag_problems_clear(&problems);
		cJSON_Delete(doc);
	}
}

/* --- groups in series ------------------------------------------------------
 */

#define SUBNET	"\"subnets\":[{\"id\":\"/s/1\"}],"
#define SUBNET2 "\"subnets\":[{\"id\":\"/s/2\"}],"
#define NIC	"\"networkInterfaces\":[{\"id\":\"/n/1\"}],"

static void open_series(struct fixture *f, const char *nic, const char *subnet)
{
	open_empty(f);
	add_group(f, nic, NIC);
	add_group(f, subnet, SUBNET);
}

static void both_groups_of_a_machine_must_let_through(void **unused)
{
	struct diag_flow_verdict v;
	struct fixture f;

	(void)unused;
	open_series(&f,
		    "100 in deny * * * 1;110 in deny * * * 3;"
		    "120 out deny * * * 1;130 in allow * * * 2;"
		    "140 in allow * * * 4-5;200 in deny * * * *",
		    "101 in deny * * * 1;111 in allow * * * 3;"
		    "121 out deny * * * 1;131 in deny * * * 2;"
		    "141 in allow * * * 4;201 in deny * * * *");
	expect(&f, "in tcp Storage * 1", "denied r101");  /* subnet first */
	expect(&f, "out tcp * Storage 1", "denied r120"); /* NIC first */
	expect(&f, "in tcp Storage * 2", "denied r131");
	expect(&f, "in tcp Storage * 3", "denied r110");
	expect(&f, "in tcp Storage * 4", "allowed r140");
	expect(&f, "in tcp Storage * 4-5", "partly r201");
	v = judge(&f, "in tcp Storage * 2");
	assert_string_equal("g1", v.group->name);
	close_all(&f);
}

static void halves_that_do_not_meet_are_nothing(void **unused)
{
	struct fixture f;

	(void)unused;
	open_series(&f, "100 in allow * * * 1;200 in deny * * * *",
		    "101 in allow * * * 2;201 in deny * * * *");
	expect(&f, "in tcp Storage * 1-2", "denied r201");
	close_all(&f);
}

static void a_sure_no_beats_what_is_not_known(void **unused)
{
	struct fixture f;

	(void)unused;
	open_series(&f, "200 in deny * * * 443;300 in allow * * * *",
		    "201 in allow * 20.0.0.0/8 * 443-444;"
		    "301 in deny * * * *");
	expect(&f, "in tcp Storage * 443", "denied r200");
	expect(&f, "in tcp Storage * 444", "unknown r201");
	close_all(&f);
}

static void groups_of_unknown_place_are_all_in_the_way(void **unused)
{
	struct fixture f;

	(void)unused;
	open_empty(&f);
	add_group(&f, "100 in allow * * * 1-2;200 in deny * * * *", "");
	add_group(&f, "101 in allow * * * 2-3;201 in deny * * * *", "");
	expect(&f, "in tcp Storage * 1", "denied r201");
	expect(&f, "in tcp Storage * 2", "allowed r101");
	expect(&f, "in tcp Storage * 3", "denied r200");
	close_all(&f);
}

static void of_two_subnets_nobody_knows_which(void **unused)
{
	const struct diag_nsg_list *ways;
	struct fixture f;
	size_t n;

	(void)unused;
	open_empty(&f);
	add_group(&f, "100 in allow * * * 1-2;200 in deny * * * *", SUBNET);
	add_group(&f, "101 in allow * * * 2-3;201 in deny * * * *", SUBNET2);
	add_group(&f, "102 in deny * * * 4;202 in allow * * * *", NIC);
	expect_doubt(&f, "in tcp Storage * 1", DIAG_DOUBT_PLACE,
		     "groups on different subnets or network interfaces do not "
		     "agree, and nobody said which of them is in the way");
	expect(&f, "in tcp Storage * 2", "allowed r202");
	expect(&f, "in tcp Storage * 4", "denied r200");
	assert_true(diag_nsg_ways(&f.g.list, &f.g.arena, &ways, &n, NULL));
	assert_int_equal(2, n);
	assert_int_equal(2, ways[1].n);
	assert_string_equal("g1", ways[1].items[0].name);
	assert_string_equal("g2", ways[1].items[1].name);
	close_all(&f);
}

static void a_group_on_both_is_met_once(void **unused)
{
	const struct diag_nsg_list *ways;
	struct fixture f;
	size_t n;

	(void)unused;
	open_empty(&f);
	add_group(&f, "100 in allow * * * 1", SUBNET NIC);
	assert_true(diag_nsg_ways(&f.g.list, &f.g.arena, &ways, &n, NULL));
	assert_int_equal(1, n);
	assert_int_equal(1, ways[0].n);
	expect(&f, "in tcp Storage * 1", "allowed r100");
	close_all(&f);
}

static void without_a_group_everything_passes(void **unused)
{
	struct diag_flow_verdict v;
	struct fixture f;

	(void)unused;
	open_empty(&f);
	v = judge(&f, "in tcp Storage * 1");
	assert_int_equal(DIAG_FLOW_ALLOWED, v.result);
	assert_null(v.group);
	assert_null(v.rule);
	close_all(&f);
}

/* --- limits ----------------------------------------------------------------
 */

static void too_many_pieces_are_not_known(void **unused)
{
	struct diag_buf text;
	struct fixture f;

	(void)unused;
	open_empty(&f);
	diag_buf_init(&text, (size_t)1 << 20);
	diag_buf_puts(&text, "{\"name\":\"r\",\"priority\":100,\"direction\":"
			     "\"Inbound\",\"access\":\"Allow\",\"protocol\":"
			     "\"*\",\"sourcePortRange\":\"*\","
			     "\"destinationAddressPrefix\":\"*\","
			     "\"destinationPortRange\":\"443\","
			     "\"sourceAddressPrefixes\":[\"8.8.8.8\"");
	for (int i = 0; i < 4000; i++)
		diag_buf_printf(&text, ",\"10.%d.%d.1\"", i / 250, i % 250);
	diag_buf_puts(&text, "]},{\"name\":\"s\",\"priority\":101,"
			     "\"direction\":\"Inbound\",\"access\":\"Allow\","
			     "\"protocol\":\"*\",\"sourcePortRange\":\"*\","
			     "\"destinationAddressPrefix\":\"*\","
			     "\"destinationPortRange\":\"443\","
			     "\"sourceAddressPrefixes\":[\"8.8.8.8\"");
	for (int i = 0; i < 4000; i++)
		diag_buf_printf(&text, ",\"10.%d.%d.3\"", i / 250, i % 250);
	diag_buf_puts(&text, "]}");
	groups_of_rules(&f.g, diag_buf_str(&text));
	expect_doubt(&f, "in tcp 10.0.0.0/8 * 443", DIAG_DOUBT_LIMIT,
		     "flow and rules break into too many pieces");
	expect(&f, "in tcp 10.0.0.1 * 443", "allowed r");
	diag_buf_clear(&text);
	close_all(&f);
}

static bool judge_all(void *arg)
{
	static const char *const flows[] = { "in tcp Storage * 4-5",
					     "in tcp 10.0.0.0/8 10.0.0.4 1-9",
					     "out tcp * Internet *",
					     "out udp * 168.63.129.16 53" };
	struct fixture *f = arg;
	struct diag_arena arena;
	bool ok = true;

	diag_arena_init(&arena, 0);
	for (size_t i = 0; ok && i < sizeof(flows) / sizeof(*flows); i++) {
		const struct diag_flow_part *parts;
		struct diag_flow flow;
		size_t n;

		ok = diag_flow_parse(flows[i], &arena, &flow, NULL) &&
		     diag_nsg_parts(&f->world, &flow, &arena, &parts, &n, NULL);
	}
	diag_arena_clear(&arena);
	return ok;
}

static void missing_memory_is_told(void **unused)
{
	struct fixture f;

	(void)unused;
	open_series(&f, "100 in allow * 10.1.0.0/16 * 1-4;200 in deny * * * *",
		    "101 in allow * Fresh * 2-5;201 in deny * * * *");
	assert_in_range(torture(judge_all, &f), 8, 10000);
	close_all(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rules_of_2020_let_batch_and_studio_in),
		cmocka_unit_test(
		    the_rules_of_today_forget_the_resource_manager),
		cmocka_unit_test(the_lower_number_wins),
		cmocka_unit_test(deny_comes_before_allow_at_one_priority),
		cmocka_unit_test(other_protocols_decide_nothing),
		cmocka_unit_test(a_range_is_cut_at_the_edges_of_rules),
		cmocka_unit_test(ranges_that_touch_are_one),
		cmocka_unit_test(the_senders_own_port_is_any_from_1024),
		cmocka_unit_test(tags_lie_in_larger_tags),
		cmocka_unit_test(tags_that_have_nothing_in_common_pass_by),
		cmocka_unit_test(what_two_tags_share_is_not_known),
		cmocka_unit_test(
		    a_rule_nobody_can_tell_of_is_no_matter_if_all_agree),
		cmocka_unit_test(
		    what_one_rule_may_have_taken_the_next_does_not_get),
		cmocka_unit_test(a_region_that_is_not_known_is_told),
		cmocka_unit_test(members_of_security_groups_are_not_known),
		cmocka_unit_test(prefixes_are_cut_at_the_edges_of_rules),
		cmocka_unit_test(the_internet_is_what_is_public_and_not_ours),
		cmocka_unit_test(
		    networks_that_were_named_are_the_virtual_network),
		cmocka_unit_test(
		    a_flow_from_the_network_is_from_what_was_named),
		cmocka_unit_test(our_own_address_is_one_of_the_network),
		cmocka_unit_test(the_families_are_kept_apart),
		cmocka_unit_test(the_hosts_own_services_pass_rules_by),
		cmocka_unit_test(with_the_list_tags_are_addresses),
		cmocka_unit_test(a_list_that_is_none_is_told),
		cmocka_unit_test(both_groups_of_a_machine_must_let_through),
		cmocka_unit_test(halves_that_do_not_meet_are_nothing),
		cmocka_unit_test(a_sure_no_beats_what_is_not_known),
		cmocka_unit_test(groups_of_unknown_place_are_all_in_the_way),
		cmocka_unit_test(of_two_subnets_nobody_knows_which),
		cmocka_unit_test(a_group_on_both_is_met_once),
		cmocka_unit_test(without_a_group_everything_passes),
		cmocka_unit_test(too_many_pieces_are_not_known),
		cmocka_unit_test(missing_memory_is_told),
	};

	return cmocka_run_group_tests_name("nsg evaluate", tests, NULL, NULL);
}
