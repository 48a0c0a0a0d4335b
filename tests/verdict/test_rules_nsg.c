/* SPDX-License-Identifier: MIT */
/* What network security groups of the inventory block, and let in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/verdict/notes.h"

#define RULE(name, priority, dir, access, port, from, to)                 \
	"{\"name\":\"" name "\",\"priority\":" priority                   \
	",\"direction\":\"" dir "\",\"access\":\"" access                 \
	"\",\"protocol\":\"Tcp\","                                        \
	"\"sourceAddressPrefix\":\"" from "\",\"sourcePortRange\":\"*\"," \
	"\"destinationAddressPrefix\":\"" to                              \
	"\",\"destinationPortRange\":\"" port "\"}"
#define ON(subnet)                                                           \
	"\"subnets\":[{\"id\":\"/subscriptions/s/resourceGroups/net-rg/"     \
	"providers/Microsoft.Network/virtualNetworks/vnet-1/subnets/" subnet \
	"\"}],"
#define GROUP(name, where, rules)                                    \
	"{\"name\":\"" name "\",\"resourceGroup\":\"net-rg\"," where \
	"\"id\":\"/subscriptions/s/resourceGroups/net-rg/providers/" \
	"Microsoft.Network/networkSecurityGroups/" name "\","        \
	"\"securityRules\":[" rules "]}"
#define SUBNET(name, prefix, more)                                    \
	"{\"id\":\"/subscriptions/s/resourceGroups/NET-RG/providers/" \
	"Microsoft.Network/virtualNetworks/vnet-1/subnets/" name      \
	"\",\"prefixes\":[\"" prefix "\"]" more "}"
#define SUBNETS(list) "\"subnets\":[" list "],"
#define POLICIES_ON   ",\"endpoint_policies\":true"
#define POLICIES_OFF  ",\"endpoint_policies\":false"
#define NSGS(list)    "\"nsgs\":[" list "],"

#define NO_SMB	RULE("no-smb", "300", "Inbound", "Deny", "445", "*", "*")
#define NO_BLOB RULE("no-blob", "310", "Inbound", "Deny", "*", "*", AT_BLOB)
#define NO_TLS	RULE("no-tls", "200", "Inbound", "Deny", "443", "*", "*")
#define NO_OUT	RULE("no-out", "400", "Outbound", "Deny", "443", "*", AT_BLOB)

static void at_jumpbox(struct build *b)
{
	path_in_vnet(b);
}

static void met(struct build *b, const char *name, const char *at)
{
	path_right(b, AZURE, name, at);
	path_route(b, at, "eth0", "on-link");
	build_open(b, name, at);
}

static void tcp_from(struct build *b, const char *name, const char *at,
		     unsigned port, const char *status, const char *source)
{
	build_fact(b,
		   "\"probe\":\"tcp\",\"target\":\"%s\",\"status\":\"%s\","
		   "\"address\":\"%s\",\"port\":%u,\"local_address\":\"%s\"",
		   name, status, at, port, source);
}

#define HERE "10.150.0.40"

/* API and the files' 443 work, 445 does not answer. */
static void files_without_smb(struct build *b, const char *status)
{
	at_jumpbox(b);
	b->targets = T_API "," T_FILES;
	met(b, API, AT_API);
	met(b, FILES, AT_FILES);
	tcp_from(b, FILES, AT_FILES, 445, status, HERE);
}

/* API and NOTEBOOK work, BLOB is silent. */
static void silent_blob(struct build *b)
{
	at_jumpbox(b);
	met(b, API, AT_API);
	met(b, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, AZURE, BLOB, AT_BLOB);
	path_route(b, AT_BLOB, "eth0", "on-link");
	tcp_from(b, BLOB, AT_BLOB, 443, "timeout", HERE);
}

/* --- port.required-blocked ------------------------------------------------ */

static void a_rule_that_denies_the_port_is_the_cause(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("ws1103-nsg", ON("endpoints"), NO_SMB));
	files_without_smb(b, "timeout");
	build_judge(b);
	build_expect(b, "error port.required-blocked error tcp.filtered");
	note_explains(b, "port.required-blocked", "tcp.filtered");
	path_blames(b, "port.required-blocked", FILES);
	path_says(b, "port.required-blocked",
		  "rule no-smb (priority 300) of ws1103-nsg (on subnet "
		  "endpoints) denies it");
	path_says(b, "port.required-blocked", "network policies");
}

static void the_fix_is_a_command_before_that_rule(void **state)
{
	struct build *b = *state;
	const struct diag_fix *f;

	b->inventory = NSGS(GROUP(
	    "ws1103-nsg", ON("endpoints"),
	    RULE("web", "299", "Inbound", "Allow", "80", "*", "*") "," NO_SMB));
	files_without_smb(b, "timeout");
	build_judge(b);
	f = &b->v->causes[0].fixes[0];
	assert_int_equal(DIAG_WHO_AZURE_ADMIN, f->who);
	assert_string_equal(
	    "az network nsg rule create -g net-rg --nsg-name ws1103-nsg -n "
	    "allow-VirtualNetwork-tcp-445-in --priority 298 --direction "
	    "Inbound --access Allow --protocol Tcp --source-address-prefixes "
	    "VirtualNetwork --source-port-ranges '*' "
	    "--destination-address-prefixes 10.150.0.7 "
	    "--destination-port-ranges 445",
	    f->command);
}

static void names_from_documents_are_quoted_for_the_shell(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("a$(reboot)", ON("endpoints"), NO_SMB));
	files_without_smb(b, "timeout");
	build_judge(b);
	assert_non_null(strstr(b->v->causes[0].fixes[0].command,
			       "--nsg-name 'a$(reboot)' -n "));
}

/* 100 is the first priority there is. */
static void without_a_free_priority_the_rule_itself_is_corrected(void **state)
{
	struct build *b = *state;
	const struct diag_fix *f;

	b->inventory = NSGS(
	    GROUP("ws1103-nsg", ON("endpoints"),
		  RULE("no-smb", "100", "Inbound", "Deny", "445", "*", "*")));
	files_without_smb(b, "timeout");
	build_judge(b);
	f = &b->v->causes[0].fixes[0];
	assert_null(f->command);
	assert_non_null(strstr(f->text, "no priority is free"));
}

static void a_rule_for_one_endpoint_explains_its_silence(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("ws1103-nsg", ON("endpoints"), NO_BLOB));
	silent_blob(b);
	build_judge(b);
	build_expect(b, "error port.required-blocked error endpoint.silent "
			"error tcp.filtered");
	note_explains(b, "port.required-blocked",
		      "endpoint.silent tcp.filtered");
}

static void so_does_a_rule_on_the_way_out(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("ws1103-nsg", ON("training"), NO_OUT));
	silent_blob(b);
	b->role = "compute";
	build_judge(b);
	note_explains(b, "port.required-blocked",
		      "endpoint.silent tcp.filtered");
	path_says(b, "port.required-blocked", "on the way out");
	assert_non_null(
	    strstr(b->v->causes[0].fixes[0].command, "--direction Outbound"));
}

/* Look-alike: the same rules, and a laptop outside, which they do not hold. */
static void rules_for_leaving_do_not_hold_a_client(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("ws1103-nsg", ON("training"), NO_OUT));
	silent_blob(b);
	b->role = "client";
	build_judge(b);
	path_causes(b, "endpoint.silent");
}

/* Look-alike: a firewall on the host or on the way. */
static void rules_that_allow_it_send_us_elsewhere(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(
	    GROUP("ws1103-nsg", ON("endpoints"),
		  RULE("smb", "300", "Inbound", "Allow", "445", "*", "*")));
	files_without_smb(b, "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered warning nsg.too-wide");
	path_causes(b, "tcp.filtered");
	path_says(b, "tcp.filtered", "allow it, by rule smb (priority 300)");
	path_says(b, "tcp.filtered", "look elsewhere");
}

static void the_default_rules_allow_it_too(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("ws1103-nsg", ON("endpoints"), ""));
	files_without_smb(b, "timeout");
	build_judge(b);
	path_causes(b, "tcp.filtered");
	path_says(b, "tcp.filtered", "AllowVnetInBound");
}

/* Look-alike: whoever refuses is no group, which drops. */
static void a_refusal_is_not_put_down_to_a_rule(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("ws1103-nsg", ON("endpoints"), NO_SMB));
	files_without_smb(b, "refused");
	build_judge(b);
	build_expect(b, "error tcp.refused");
}

/* Look-alike: the group is not in the way: a neighbour that it denies too
 * opened. */
static void a_rule_that_something_met_contradicts_is_not_blamed(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("ws1103-nsg", ON("training"), NO_TLS));
	silent_blob(b);
	build_judge(b);
	build_expect(b, "error endpoint.silent error tcp.filtered");
	path_causes(b, "endpoint.silent");
}

/* Look-alike: the document is old, and everything works. */
static void a_rule_that_denies_what_works_says_nothing(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("ws1103-nsg", ON("endpoints"), NO_TLS));
	at_jumpbox(b);
	met(b, API, AT_API);
	met(b, NOTEBOOK, AT_NOTEBOOK);
	met(b, BLOB, AT_BLOB);
	build_judge(b);
	build_expect(b, "");
	note_outcome(b, DIAG_HEALTHY);
}

/* Two groups that differ: nobody knows which stands before the endpoint. */
static void of_several_groups_none_is_blamed(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("nsg-a", ON("endpoints"), NO_SMB) "," GROUP(
	    "nsg-b", ON("training"), ""));
	files_without_smb(b, "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
	path_says(b, "tcp.filtered",
		  "if it is this one, rule no-smb (priority 300) of nsg-a");
}

/* Two groups that differ, and the inventory tells where the endpoint is. */
static void the_group_of_its_subnet_is(void **state)
{
	struct build *b = *state;

	b->inventory = SUBNETS(
	    SUBNET("endpoints", "10.150.0.0/28",
		   POLICIES_ON) "," SUBNET("training", "10.150.0.32/27", ""))
	    NSGS(GROUP("nsg-b", ON("training"),
		       "") "," GROUP("nsg-a", ON("endpoints"), NO_SMB));
	files_without_smb(b, "timeout");
	build_judge(b);
	build_expect(b, "error port.required-blocked error tcp.filtered");
	path_says(b, "port.required-blocked",
		  "rule no-smb (priority 300) of nsg-a (on subnet endpoints) "
		  "denies it");
	assert_null(strstr(build_finding(b, "port.required-blocked")->detail,
			   "network policies"));
}

/* Look-alike: the group that denies hangs on another subnet. */
static void a_group_of_another_subnet_is_not(void **state)
{
	struct build *b = *state;

	b->inventory = SUBNETS(SUBNET("endpoints", "10.150.0.0/28", ""))
	    NSGS(GROUP("nsg-a", ON("training"), NO_SMB));
	files_without_smb(b, "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
	assert_int_equal(1, build_finding(b, "tcp.filtered")->n_proof);
}

/* Look-alike: groups do not hold endpoints there, so it is something else. */
static void without_network_policies_no_group_is(void **state)
{
	struct build *b = *state;

	b->inventory =
	    SUBNETS(SUBNET("endpoints", "10.150.0.0/28", POLICIES_OFF))
		NSGS(GROUP("nsg-a", ON("endpoints"), NO_SMB));
	files_without_smb(b, "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
	path_says(b, "tcp.filtered",
		  "network policies for private endpoints are off");
}

/* Look-alike: a machine's interface; an endpoint's takes no group. */
static void a_group_on_an_interface_is_not(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("nsg-a",
				  "\"networkInterfaces\":[{\"id\":\"/x/"
				  "networkInterfaces/vm1\"}],",
				  NO_SMB));
	files_without_smb(b, "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
}

/* API's subnet has another group; that its port opens says nothing of it. */
static void what_opens_in_another_subnet_contradicts_nothing(void **state)
{
	struct build *b = *state;

	b->inventory =
	    SUBNETS(SUBNET("endpoints", "10.150.0.0/29",
			   "") "," SUBNET("stores", "10.150.0.8/29", ""))
		NSGS(GROUP("nsg-a", ON("stores"),
			   NO_TLS) "," GROUP("nsg-b", ON("endpoints"), ""));
	silent_blob(b);
	build_judge(b);
	build_expect(b, "error port.required-blocked error tcp.filtered");
	path_causes(b, "port.required-blocked");
}

/* The same on the way out: this machine's own subnet is told. */
static void on_the_way_out_it_is_the_group_of_our_subnet(void **state)
{
	struct build *b = *state;

	b->inventory = SUBNETS(SUBNET("training", "10.150.0.32/27", ""))
	    NSGS(GROUP("nsg-a", ON("training"),
		       NO_OUT) "," GROUP("nsg-b", ON("other"), ""));
	silent_blob(b);
	b->role = "compute";
	build_judge(b);
	path_says(b, "port.required-blocked", "nsg-a");
}

/* In a capture no interface tells where the client stands; its packets do. */
static void captured(struct build *b, const char *silent_from)
{
	b->tool = "pl-capture";
	b->role = "compute";
	b->interfaces = "";
	b->routes = "";
	b->views = "{\"view\":\"" AZURE "\"}";
	if (b->inventory[0] == '\0')
		b->inventory = SUBNETS(SUBNET("training", "10.150.0.32/27", ""))
		    NSGS(GROUP("ws1103-nsg", ON("training"), NO_OUT));
	build_dns(b, AZURE, API, "A", "answer", AT_API);
	tcp_from(b, API, AT_API, 443, "open", HERE);
	build_dns(b, AZURE, BLOB, "A", "answer", AT_BLOB);
	tcp_from(b, BLOB, AT_BLOB, 443, "timeout", silent_from);
	build_judge(b);
}

static void so_it_does_in_a_capture(void **state)
{
	struct build *b = *state;

	captured(b, HERE);
	path_says(b, "port.required-blocked", "on the way out");
}

/* Look-alike: of two captured machines the one outside the network. */
static void but_not_of_another_machine_in_it(void **state)
{
	struct build *b = *state;

	captured(b, "10.20.0.50");
	path_causes(b, "endpoint.silent");
}

/* Look-alike: a home network, or a VPN's pool, in the VNet's range. */
static void nor_of_one_in_no_subnet_that_is_known(void **state)
{
	struct build *b = *state;

	captured(b, "10.150.0.99");
	path_causes(b, "endpoint.silent");
}

static void nor_where_no_subnets_are_known(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("ws1103-nsg", ON("training"), NO_OUT));
	captured(b, HERE);
	path_causes(b, "endpoint.silent");
}

/* Wherever it hangs: its neighbours opened in spite of it. */
static void a_contradicted_rule_is_not_even_named(void **state)
{
	struct build *b = *state;
	const struct diag_finding *f;

	b->inventory = NSGS(GROUP("nsg-a", ON("endpoints"), NO_TLS) "," GROUP(
	    "nsg-b", ON("training"), ""));
	silent_blob(b);
	build_judge(b);
	f = build_finding(b, "tcp.filtered");
	for (size_t i = 0; i < f->n_proof; i++)
		assert_null(strstr(f->proof[i].text, "nsg-a"));
}

static void groups_that_agree_are(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("nsg-a", ON("endpoints"), NO_SMB) "," GROUP(
	    "nsg-b", ON("training"), NO_SMB));
	files_without_smb(b, "timeout");
	build_judge(b);
	path_causes(b, "port.required-blocked");
}

/* Look-alike: a laptop's VPN address may or may not be VirtualNetwork. */
static void a_vpn_address_is_not_known_to_be_in_the_network(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("ws1103-nsg", ON("endpoints"), ""));
	b->targets = T_API "," T_FILES;
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, FILES, AT_FILES);
	build_open(b, API, AT_API);
	build_open(b, FILES, AT_FILES);
	tcp_from(b, FILES, AT_FILES, 445, "timeout", "10.200.0.5");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
	for (size_t i = 0; i < build_finding(b, "tcp.filtered")->n_proof; i++)
		assert_null(
		    strstr(build_finding(b, "tcp.filtered")->proof[i].text,
			   "network security groups"));
}

static void a_rule_for_everybody_holds_it_all_the_same(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("ws1103-nsg", ON("endpoints"), NO_SMB));
	b->targets = T_API "," T_FILES;
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, FILES, AT_FILES);
	build_open(b, API, AT_API);
	build_open(b, FILES, AT_FILES);
	tcp_from(b, FILES, AT_FILES, 445, "timeout", "10.200.0.5");
	build_judge(b);
	path_causes(b, "port.required-blocked");
}

/* Look-alike: one port of a silent endpoint is denied, the other is not: the
 * endpoint has a story of its own. */
static void a_rule_for_a_side_port_is_not_the_endpoints_silence(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("ws1103-nsg", ON("endpoints"), NO_SMB));
	at_jumpbox(b);
	b->targets = T_API "," T_FILES;
	met(b, API, AT_API);
	path_right(b, AZURE, FILES, AT_FILES);
	path_route(b, AT_FILES, "eth0", "on-link");
	tcp_from(b, FILES, AT_FILES, 443, "timeout", HERE);
	tcp_from(b, FILES, AT_FILES, 445, "timeout", HERE);
	build_judge(b);
	path_causes(b, "endpoint.silent");
}

/* Look-alike: without a VPN nothing of it is reached. */
static void a_way_that_was_blamed_is_enough(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("ws1103-nsg", ON("endpoints"), NO_TLS));
	path_at_home(b);
	path_all_three(b, ISP, "wlan0", "default", "timeout");
	build_judge(b);
	build_expect(b, "error vpn.down");
}

/* Rules for what comes in hold nobody who leaves for the internet ... */
static void a_public_name_is_not_held_by_rules_for_coming_in(void **state)
{
	struct build *b = *state;

	b->targets = T_STUDIO;
	b->inventory = NSGS(GROUP("ws1103-nsg", ON("training"), NO_TLS));
	at_jumpbox(b);
	path_right(b, AZURE, STUDIO, "20.62.20.1");
	tcp_from(b, STUDIO, "20.62.20.1", 443, "timeout", HERE);
	build_judge(b);
	build_expect(b, "error tcp.filtered");
}

/* ... so that a public name that works says nothing against them. */
static void nor_does_it_contradict_them(void **state)
{
	struct build *b = *state;

	b->targets = T_STUDIO "," T_BLOB;
	b->inventory = NSGS(GROUP("ws1103-nsg", ON("endpoints"), NO_TLS));
	at_jumpbox(b);
	path_right(b, AZURE, STUDIO, "20.62.20.1");
	build_open(b, STUDIO, "20.62.20.1");
	path_right(b, AZURE, BLOB, AT_BLOB);
	tcp_from(b, BLOB, AT_BLOB, 443, "timeout", HERE);
	build_judge(b);
	path_causes(b, "port.required-blocked");
}

static void a_side_port_comes_after_dns(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(GROUP("ws1103-nsg", ON("endpoints"), NO_SMB));
	at_jumpbox(b);
	b->targets = T_API "," T_FILES;
	met(b, API, AT_API);
	build_system(b, FILES, "20.62.10.7");
	build_dns(b, AZURE, FILES, "A", "answer",
		  "ws1103sa.privatelink.file.core.windows.net 20.62.10.7");
	build_open(b, FILES, AT_FILES);
	tcp_from(b, FILES, AT_FILES, 445, "timeout", HERE);
	build_judge(b);
	path_causes(b, "dns.zone-not-visible port.required-blocked");
}

static void groups_that_cannot_be_read_are_told_of(void **state)
{
	struct build *b = *state;

	b->inventory = NSGS(
	    GROUP("ws1103-nsg", ON("endpoints"),
		  RULE("x", "300", "Inbound", "Perhaps", "445", "*", "*")));
	files_without_smb(b, "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered info port.not-provable-from-here");
	path_says(b, "port.not-provable-from-here", "cannot be read");
}

/* --- flows of service tags ------------------------------------------------ */

#define T_NODE_TAG                                                         \
	"{\"service\":\"compute-node\",\"addresses\":[\"10.150.0.20\"],"   \
	"\"expect\":\"private\",\"ports\":[{\"port\":44224,\"direction\":" \
	"\"in\",\"peer\":\"AzureMachineLearning\"}]}"

static void a_flow_of_a_service_tag_stays_an_information(void **state)
{
	struct build *b = *state;

	b->targets = T_API "," T_NODE_TAG;
	b->inventory = NSGS(
	    GROUP("ws1103-nsg", ON("training"),
		  RULE("no-aml", "100", "Inbound", "Deny", "44224", "*", "*")));
	at_jumpbox(b);
	b->role = "compute";
	met(b, API, AT_API);
	build_judge(b);
	build_expect(b, "info port.not-provable-from-here");
	path_says(b, "port.not-provable-from-here",
		  "rule no-aml (priority 100)");
	note_outcome(b, DIAG_HEALTHY);
}

/* --- nsg.too-wide --------------------------------------------------------- */

static void wide(struct build *b, const char *nsgs, const char *expect)
{
	b->inventory = nsgs;
	build_healthy(b, ISP);
	build_judge(b);
	build_expect(b, expect);
}

static void a_port_open_to_the_internet_is_a_warning(void **state)
{
	struct build *b = *state;

	wide(b,
	     NSGS(GROUP("ws1103-nsg", ON("training"),
			RULE("aml", "120", "Inbound", "Allow", "44224", "*",
			     "*") "," RULE("ssh", "130", "Inbound", "Allow",
					   "22", "Internet", "*"))),
	     "warning nsg.too-wide");
	path_says(b, "nsg.too-wide", "port 44224: rule aml (priority 120)");
	path_says(b, "nsg.too-wide", "port 22: rule ssh (priority 130)");
	path_says(b, "nsg.too-wide", "AzureMachineLearning");
	note_outcome(b, DIAG_DEGRADED);
	assert_string_equal("az network nsg rule update --resource-group "
			    "net-rg --nsg-name ws1103-nsg --name ssh "
			    "--source-address-prefixes YOUR-ADDRESSES",
			    b->v->causes[0].fixes[0].command);
}

/* Narrowing it would shut out whoever needs the other ports. */
static void a_rule_for_all_ports_gets_no_command_of_its_own(void **state)
{
	struct build *b = *state;

	wide(b,
	     NSGS(GROUP("ws1103-nsg", ON("training"),
			RULE("all", "120", "Inbound", "Allow", "*", "*", "*"))),
	     "warning nsg.too-wide");
	assert_non_null(
	    strstr(b->v->causes[0].fixes[0].command, "--name RULE "));
	assert_non_null(strstr(b->v->causes[0].fixes[0].text, "become two"));
}

static void a_port_open_to_its_tag_is_not(void **state)
{
	wide(*state,
	     NSGS(GROUP("ws1103-nsg", ON("training"),
			RULE("aml", "120", "Inbound", "Allow", "44224",
			     "AzureMachineLearning", "*"))),
	     "");
}

/* Look-alike: a rule before it denies. */
static void a_rule_that_never_decides_is_not(void **state)
{
	wide(*state,
	     NSGS(GROUP("ws1103-nsg", ON("training"),
			RULE("no", "110", "Inbound", "Deny", "*", "Internet",
			     "*") "," RULE("ssh", "130", "Inbound", "Allow",
					   "22", "*", "*"))),
	     "");
}

/* 443 is open to the internet on purpose, often enough. */
static void a_port_that_is_not_in_the_table_is_not(void **state)
{
	wide(*state,
	     NSGS(GROUP(
		 "ws1103-nsg", ON("training"),
		 RULE("web", "130", "Inbound", "Allow", "443", "*", "*"))),
	     "");
}

static void an_importers_word_is_taken_where_there_are_no_rules(void **state)
{
	wide(*state,
	     NOTES(NOTE("nsg.too-wide",
			"Rule ssh of ws1103-nsg allows 22 from Internet.", "")),
	     "warning nsg.too-wide");
}

static void and_is_not_told_twice(void **state)
{
	wide(*state,
	     NOTES(NOTE("nsg.too-wide",
			"Rule ssh of ws1103-nsg allows 22 from Internet.", ""))
		 NSGS(GROUP("ws1103-nsg", ON("training"),
			    RULE("ssh", "130", "Inbound", "Allow", "22",
				 "Internet", "*"))),
	     "warning nsg.too-wide");
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(a_rule_that_denies_the_port_is_the_cause),
		WITH_CASE(the_fix_is_a_command_before_that_rule),
		WITH_CASE(names_from_documents_are_quoted_for_the_shell),
		WITH_CASE(without_a_free_priority_the_rule_itself_is_corrected),
		WITH_CASE(a_rule_for_one_endpoint_explains_its_silence),
		WITH_CASE(so_does_a_rule_on_the_way_out),
		WITH_CASE(rules_for_leaving_do_not_hold_a_client),
		WITH_CASE(rules_that_allow_it_send_us_elsewhere),
		WITH_CASE(the_default_rules_allow_it_too),
		WITH_CASE(a_refusal_is_not_put_down_to_a_rule),
		WITH_CASE(a_rule_that_something_met_contradicts_is_not_blamed),
		WITH_CASE(a_rule_that_denies_what_works_says_nothing),
		WITH_CASE(of_several_groups_none_is_blamed),
		WITH_CASE(the_group_of_its_subnet_is),
		WITH_CASE(a_group_of_another_subnet_is_not),
		WITH_CASE(without_network_policies_no_group_is),
		WITH_CASE(a_group_on_an_interface_is_not),
		WITH_CASE(what_opens_in_another_subnet_contradicts_nothing),
		WITH_CASE(on_the_way_out_it_is_the_group_of_our_subnet),
		WITH_CASE(so_it_does_in_a_capture),
		WITH_CASE(but_not_of_another_machine_in_it),
		WITH_CASE(nor_of_one_in_no_subnet_that_is_known),
		WITH_CASE(nor_where_no_subnets_are_known),
		WITH_CASE(a_contradicted_rule_is_not_even_named),
		WITH_CASE(groups_that_agree_are),
		WITH_CASE(a_vpn_address_is_not_known_to_be_in_the_network),
		WITH_CASE(a_rule_for_everybody_holds_it_all_the_same),
		WITH_CASE(a_rule_for_a_side_port_is_not_the_endpoints_silence),
		WITH_CASE(a_way_that_was_blamed_is_enough),
		WITH_CASE(a_public_name_is_not_held_by_rules_for_coming_in),
		WITH_CASE(nor_does_it_contradict_them),
		WITH_CASE(a_side_port_comes_after_dns),
		WITH_CASE(groups_that_cannot_be_read_are_told_of),
		WITH_CASE(a_flow_of_a_service_tag_stays_an_information),
		WITH_CASE(a_port_open_to_the_internet_is_a_warning),
		WITH_CASE(a_rule_for_all_ports_gets_no_command_of_its_own),
		WITH_CASE(a_port_open_to_its_tag_is_not),
		WITH_CASE(a_rule_that_never_decides_is_not),
		WITH_CASE(a_port_that_is_not_in_the_table_is_not),
		WITH_CASE(an_importers_word_is_taken_where_there_are_no_rules),
		WITH_CASE(and_is_not_told_twice),
	};

	return cmocka_run_group_tests_name("rules_nsg", tests, NULL, NULL);
}
