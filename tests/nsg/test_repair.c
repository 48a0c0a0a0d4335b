/* SPDX-License-Identifier: MIT */
/* A repair that is offered repairs: given to the group, with all others of the
 * run, the flow gets through.  And which rules are too wide. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/nsg/reality.h"
#include "tests/nsg/support.h"
#include "tests/support/torture.h"

#define CASES 1500

struct repaired {
	struct groups g;
	struct diag_nsg_world world;
	struct diag_flow_verdict verdicts[8];
	struct diag_nsg_repair_list repairs;
};

static void repair(struct repaired *r, const struct diag_flow *flows, size_t n)
{
	const struct diag_flow_list list = { .items = flows, .n = n };

	r->world =
	    (struct diag_nsg_world){ .groups = &r->g.list, .region = "" };
	assert_true(n <= 8);
	for (size_t i = 0; i < n; i++)
		assert_true(diag_nsg_evaluate(&r->world, &flows[i], &r->g.arena,
					      &r->verdicts[i], NULL));
	assert_true(diag_nsg_repairs(&r->world, &list, r->verdicts, &r->g.arena,
				     &r->repairs, NULL));
}

static struct diag_flow flow_of(struct groups *g, const char *text)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_flow f;

	if (!diag_flow_parse(text, &g->arena, &f, &err))
		fail_msg("%s", err.what);
	return f;
}

/* The word behind an option of the command, without its quotes. */
static const char *word_of(const char *command, const char *option,
			   char out[256])
{
	char want[64];
	const char *at;
	size_t n = 0;

	(void)snprintf(want, sizeof(want), " %s ", option);
	at = strstr(command, want);
	if (at == NULL)
		fail_msg("no %s in %s", option, command);
	for (at += strlen(want); *at != ' ' && *at != '\0'; at++) {
		if (*at != '\'')
			out[n++] = *at;
	}
	out[n] = '\0';
	return out;
}

/* The rule that the command makes, as JSON. */
static void rule_of(const char *command, struct diag_buf *out)
{
	static const char *const keys[][2] = {
		{ "name", "-n" },
		{ "direction", "--direction" },
		{ "access", "--access" },
		{ "protocol", "--protocol" },
		{ "sourceAddressPrefix", "--source-address-prefixes" },
		{ "sourcePortRange", "--source-port-ranges" },
		{ "destinationAddressPrefix",
		  "--destination-address-prefixes" },
		{ "destinationPortRange", "--destination-port-ranges" },
	};
	char word[256];

	diag_buf_printf(out, "{\"priority\":%s",
			word_of(command, "--priority", word));
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		diag_buf_printf(out, ",\"%s\":\"%s\"", keys[i][0],
				word_of(command, keys[i][1], word));
	diag_buf_putc(out, '}');
}

/* --- the line --------------------------------------------------------------
 */

#define DENY(name, priority, ports)                                            \
	"{\"name\":\"" name "\",\"priority\":" priority                        \
	",\"direction\":\"Inbound\",\"access\":\"Deny\",\"protocol\":"         \
	"\"*\",\"sourceAddressPrefix\":\"*\",\"sourcePortRange\":\"*\","       \
	"\"destinationAddressPrefix\":\"*\",\"destinationPortRange\":\"" ports \
	"\"}"

static void expect_priority(const char *rules, const char *flow,
			    unsigned priority)
{
	struct repaired r;
	struct diag_flow f;

	groups_open(&r.g);
	groups_of_rules(&r.g, rules);
	f = flow_of(&r.g, flow);
	repair(&r, &f, 1);
	assert_int_equal(1, r.repairs.n);
	assert_non_null(r.repairs.items[0].command);
	assert_int_equal(priority, r.repairs.items[0].priority);
	groups_close(&r.g);
}

static void the_priority_is_free_and_wins(void **unused)
{
	static const char flow[] = "in tcp Storage.eastus * 443";

	(void)unused;
	expect_priority(DENY("a", "4000", "443") "," DENY("b", "400", "80"),
			flow, 410);
	expect_priority(DENY("a", "400", "443") "," DENY("b", "399", "80"),
			flow, 398);
	expect_priority(DENY("a", "101", "443") "," DENY("b", "4000", "443"),
			flow, 100);
	expect_priority(DENY("a", "4096", "80"), flow, 4095);
	expect_priority(DENY("a", "4000", "80"), flow, 4010);
	expect_priority(DENY("a", "110", "443"), flow, 100);
}

static void a_name_that_is_used_gets_a_number(void **unused)
{
	struct repaired r;
	struct diag_flow f[2];

	(void)unused;
	groups_open(&r.g);
	groups_of_rules(&r.g,
			DENY("ALLOW-storage.eastus-tcp-443-in", "100", "80"));
	f[0] = flow_of(&r.g, "in tcp Storage.eastus * 443");
	f[1] = f[0];
	repair(&r, f, 2);
	assert_int_equal(2, r.repairs.n);
	assert_string_equal("allow-Storage.eastus-tcp-443-in-2",
			    r.repairs.items[0].rule);
	assert_string_equal("allow-Storage.eastus-tcp-443-in-3",
			    r.repairs.items[1].rule);
	assert_int_not_equal(r.repairs.items[0].priority,
			     r.repairs.items[1].priority);
	groups_close(&r.g);
}

static void no_room_is_told(void **unused)
{
	struct repaired r;
	struct diag_flow f;

	(void)unused;
	groups_open(&r.g);
	groups_of_rules(&r.g, DENY("first", "100", "443"));
	f = flow_of(&r.g, "in tcp Storage * 443");
	repair(&r, &f, 1);
	assert_int_equal(1, r.repairs.n);
	assert_null(r.repairs.items[0].command);
	assert_string_equal("no priority is free before rule first (100): give "
			    "that rule a higher number first",
			    r.repairs.items[0].problem);
	groups_close(&r.g);
}

static void an_open_region_has_to_be_known_first(void **unused)
{
	struct diag_flow_list flows;
	struct repaired r;

	(void)unused;
	groups_open(&r.g);
	groups_of_rules(&r.g,
			"{\"name\":\"no\",\"priority\":4000,\"direction\":"
			"\"Outbound\",\"access\":\"Deny\",\"protocol\":\"*\","
			"\"sourceAddressPrefix\":\"*\",\"sourcePortRange\":"
			"\"*\",\"destinationAddressPrefix\":\"*\","
			"\"destinationPortRange\":\"*\"}");
	assert_true(diag_flows_needed(DIAG_ROLE_COMPUTE, DIAG_ERA_2020, "",
				      &r.g.arena, &flows, NULL));
	for (size_t i = 0; i < flows.n; i++) {
		if (strcmp(flows.items[i].peer.text, "Storage.?") != 0)
			continue;
		repair(&r, &flows.items[i], 1);
		assert_int_equal(1, r.repairs.n);
		assert_null(r.repairs.items[0].command);
		assert_non_null(strstr(r.repairs.items[0].problem, "region"));
	}
	groups_close(&r.g);
}

static void words_for_a_shell_are_quoted(void **unused)
{
	struct repaired r;
	struct diag_flow f;

	(void)unused;
	groups_open(&r.g);
	assert_true(groups_read_text(
	    &r.g, "{\"name\":\"it's $(x)\",\"resourceGroup\":\"a b\","
		  "\"securityRules\":[]}"));
	f = flow_of(&r.g, "in tcp Storage 10.0.0.4 *");
	repair(&r, &f, 1);
	assert_string_equal(
	    "az network nsg rule create -g 'a b' --nsg-name 'it'\\''s $(x)' "
	    "-n allow-Storage-tcp-all-in --priority 100 --direction Inbound "
	    "--access Allow --protocol Tcp --source-address-prefixes Storage "
	    "--source-port-ranges '*' --destination-address-prefixes 10.0.0.4 "
	    "--destination-port-ranges '*'",
	    r.repairs.items[0].command);
	groups_close(&r.g);
}

static void a_security_group_is_named_by_its_id(void **unused)
{
	struct repaired r;
	struct diag_flow f;

	(void)unused;
	groups_open(&r.g);
	groups_of_rules(&r.g, DENY("all", "200", "*"));
	f = flow_of(&r.g, "in tcp asg:/S/Web * 443");
	repair(&r, &f, 1);
	assert_non_null(
	    strstr(r.repairs.items[0].command, " --source-asgs /S/Web "));
	assert_string_equal("allow-Web-tcp-443-in", r.repairs.items[0].rule);
	groups_close(&r.g);
}

/* --- all of them at once ---------------------------------------------------
 */

/* The group with the rules that its repairs make. */
static void rewrite(const struct m_case *c, const struct repaired *r, int group,
		    struct diag_buf *out)
{
	const struct diag_nsg *g = &r->g.list.items[group];

	diag_buf_reset(out);
	m_print_group(c, group, out);
	out->len -= 2; /* the brackets */
	for (size_t i = 0; i < r->repairs.n; i++) {
		if (r->repairs.items[i].group != g ||
		    r->repairs.items[i].command == NULL)
			continue;
		if (out->data[out->len - 1] != '[')
			diag_buf_putc(out, ',');
		rule_of(r->repairs.items[i].command, out);
	}
	diag_buf_puts(out, "]}");
}

static bool all_possible(const struct repaired *r)
{
	for (size_t i = 0; i < r->repairs.n; i++) {
		if (r->repairs.items[i].command == NULL)
			return false;
	}
	return true;
}

static bool can_say(const struct m_peer *p)
{
	return p->kind != M_ASG && p->kind != M_IPV6;
}

static void repairs_of_a_run_repair_together(void **unused)
{
	static struct m_case c;
	int tried = 0;

	(void)unused;
	for (uint64_t seed = 1; seed <= CASES; seed++) {
		struct diag_flow flows[2];
		struct repaired r;
		struct groups again;
		struct diag_buf text;
		char words[256];

		m_make(&c, seed, false);
		if (!can_say(&c.flow.peer))
			continue;
		groups_open(&r.g);
		groups_open(&again);
		diag_buf_init(&text, (size_t)1 << 20);
		for (int i = 0; i < c.n_groups; i++) {
			c.groups[i].on_subnet = i == 0;
			c.groups[i].on_nic = i == 1;
			diag_buf_reset(&text);
			m_print_group(&c, i, &text);
			assert_true(groups_read_text(&r.g, text.data));
		}
		m_print_flow(&c.flow, words, sizeof(words));
		flows[0] = flow_of(&r.g, words);
		flows[1] = flows[0];
		flows[1].port = 8000;
		flows[1].port_last = 8001;
		repair(&r, flows, 2);
		for (int i = 0; i < c.n_groups; i++) {
			rewrite(&c, &r, i, &text);
			assert_true(groups_read_text(&again, text.data));
		}
		for (int i = 0; i < 2; i++) {
			struct diag_nsg_world world = { .groups = &again.list,
							.region = "" };
			struct diag_flow_verdict v;

			if (!all_possible(&r) ||
			    r.verdicts[i].result == DIAG_FLOW_UNKNOWN)
				continue;
			assert_true(diag_nsg_evaluate(&world, &flows[i],
						      &again.arena, &v, NULL));
			if (v.result != DIAG_FLOW_ALLOWED)
				fail_msg("seed %u: %s is %s still",
					 (unsigned)seed, words,
					 diag_flow_result_key(v.result));
			tried += r.repairs.n > 0;
		}
		diag_buf_clear(&text);
		groups_close(&again);
		groups_close(&r.g);
	}
	assert_in_range(tried, CASES / 8, CASES * 2);
	print_message("%d flows repaired\n", tried);
}

/* --- too wide --------------------------------------------------------------
 */

static size_t wide_of(struct groups *g, const char *flow,
		      struct diag_nsg_wide **wide)
{
	struct diag_nsg_world world = { .groups = &g->list, .region = "" };
	struct diag_flow f = flow_of(g, flow);
	const struct diag_flow_list flows = { .items = &f, .n = 1 };
	struct diag_nsg_wide_list found;

	assert_true(diag_nsg_too_wide(&world, &flows, &g->arena, &found, NULL));
	*wide = found.items;
	return found.n;
}

static void expect_wide(const char *source, const char *ports, const char *want)
{
	struct diag_nsg_wide *wide;
	struct groups g;
	char rule[512];
	size_t n;

	groups_open(&g);
	(void)snprintf(rule, sizeof(rule),
		       "{\"name\":\"aml\",\"priority\":200,\"direction\":"
		       "\"Inbound\",\"access\":\"Allow\",\"protocol\":\"Tcp\","
		       "\"sourceAddressPrefix\":\"%s\",\"sourcePortRange\":"
		       "\"*\",\"destinationAddressPrefix\":\"*\","
		       "\"destinationPortRange\":\"%s\"}",
		       source, ports);
	groups_of_rules(&g, rule);
	n = wide_of(&g, "in tcp AzureMachineLearning * 44224", &wide);
	if (want == NULL) {
		assert_int_equal(0, n);
	} else {
		assert_int_equal(1, n);
		assert_string_equal(want, wide[0].lets_in);
		assert_string_equal("aml", wide[0].rule->name);
		assert_int_equal(strcmp(ports, "44224") == 0,
				 wide[0].command != NULL);
	}
	groups_close(&g);
}

static void rules_that_let_in_everybody_are_too_wide(void **unused)
{
	(void)unused;
	expect_wide("*", "44224", "Internet");
	expect_wide("Internet", "44224", "Internet");
	expect_wide("0.0.0.0/0", "1-65535", "Internet");
	expect_wide("AzureCloud", "44224", "AzureCloud");
	expect_wide("AzureMachineLearning", "1-65535", NULL);
	expect_wide("VirtualNetwork", "44224", NULL);
	expect_wide("*", "443", NULL);
}

static void a_rule_that_never_gets_its_turn_is_no_harm(void **unused)
{
	struct diag_nsg_wide *wide;
	struct groups g;

	(void)unused;
	groups_open(&g);
	groups_of_rules(
	    &g, "{\"name\":\"aml\",\"priority\":200,\"direction\":\"Inbound\","
		"\"access\":\"Allow\",\"protocol\":\"Tcp\","
		"\"sourceAddressPrefix\":\"*\",\"sourcePortRange\":\"*\","
		"\"destinationAddressPrefix\":\"*\","
		"\"destinationPortRange\":\"44224\"}," DENY("no", "150", "*"));
	assert_int_equal(
	    0, wide_of(&g, "in tcp AzureMachineLearning * 44224", &wide));
	groups_close(&g);
}

static bool all_of_it(void *arg)
{
	struct diag_nsg_world world = { .groups = arg, .region = "" };
	struct diag_nsg_repair_list repairs;
	struct diag_flow_verdict v;
	struct diag_nsg_wide_list wide;
	struct diag_arena arena;
	struct diag_flow f;
	const struct diag_flow_list flows = { .items = &f, .n = 1 };
	bool ok;

	diag_arena_init(&arena, 0);
	ok = diag_flow_parse("in tcp Storage * 443", &arena, &f, NULL) &&
	     diag_nsg_evaluate(&world, &f, &arena, &v, NULL) &&
	     diag_nsg_repairs(&world, &flows, &v, &arena, &repairs, NULL) &&
	     diag_nsg_too_wide(&world, &flows, &arena, &wide, NULL);
	diag_arena_clear(&arena);
	return ok;
}

static void missing_memory_is_told(void **unused)
{
	struct groups g;

	(void)unused;
	groups_open(&g);
	groups_of_rules(&g, DENY("no", "150", "*"));
	assert_in_range(torture(all_of_it, &g.list), 4, 10000);
	groups_close(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_priority_is_free_and_wins),
		cmocka_unit_test(a_name_that_is_used_gets_a_number),
		cmocka_unit_test(no_room_is_told),
		cmocka_unit_test(an_open_region_has_to_be_known_first),
		cmocka_unit_test(words_for_a_shell_are_quoted),
		cmocka_unit_test(a_security_group_is_named_by_its_id),
		cmocka_unit_test(repairs_of_a_run_repair_together),
		cmocka_unit_test(rules_that_let_in_everybody_are_too_wide),
		cmocka_unit_test(a_rule_that_never_gets_its_turn_is_no_harm),
		cmocka_unit_test(missing_memory_is_told),
	};

	return cmocka_run_group_tests_name("nsg repair", tests, NULL, NULL);
}
