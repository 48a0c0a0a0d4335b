/* SPDX-License-Identifier: MIT */
/* What is needed, by role and era; and flows in a person's words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "inventory/catalogue.h"
#include "nsg/nsg.h"
#include "tests/support/torture.h"

struct needs {
	struct diag_arena arena;
	struct diag_flow_list flows;
};

static void need(struct needs *n, enum diag_role role, enum diag_era era,
		 const char *region)
{
	diag_arena_init(&n->arena, 0);
	assert_true(
	    diag_flows_needed(role, era, region, &n->arena, &n->flows, NULL));
}

/* "in tcp 44224 AzureMachineLearning", "[out tcp 22 Internet]": optional */
static void text_of(const struct diag_flow *f, char *out, size_t size)
{
	char last[8] = "";

	if (f->port_last != f->port)
		(void)snprintf(last, sizeof(last), "-%u", f->port_last);
	(void)snprintf(out, size, "%s%s %s %u%s %s%s", f->optional ? "[" : "",
		       f->dir == DIAG_IN ? "in" : "out",
		       f->proto == DIAG_TCP ? "tcp" : "udp", f->port, last,
		       f->peer.text, f->optional ? "]" : "");
}

static bool has(const struct needs *n, const char *want)
{
	for (size_t i = 0; i < n->flows.n; i++) {
		char text[128];

		text_of(&n->flows.items[i], text, sizeof(text));
		if (strcmp(text, want) == 0)
			return true;
	}
	return false;
}

static void must_have(const struct needs *n, const char *const want[])
{
	for (size_t i = 0; want[i] != NULL; i++) {
		if (!has(n, want[i]))
			fail_msg("no %s", want[i]);
	}
}

/* --- the notes, section 3.1 and 3.2 -----------------------------------------
 */

static void compute_of_2020_needs_batch_and_studio(void **unused)
{
	static const char *const want[] = {
		"in tcp 29876-29877 BatchNodeManagement",
		"in tcp 44224 AzureMachineLearning",
		"[in tcp 22 Internet]",
		"out tcp 443 Storage.eastus",
		"out tcp 443 AzureContainerRegistry.eastus",
		"out tcp 443 AzureMachineLearning",
		"out tcp 443 AzureResourceManager",
		"out tcp 443 AzureActiveDirectory",
		NULL,
	};
	struct needs n;

	(void)unused;
	need(&n, DIAG_ROLE_COMPUTE, DIAG_ERA_2020, "eastus");
	must_have(&n, want);
	assert_false(has(&n, "out udp 5831 AzureMachineLearning"));
	diag_arena_clear(&n.arena);
}

static void compute_of_today_needs_nothing_inbound(void **unused)
{
	static const char *const want[] = {
		"[in tcp 44224 AzureMachineLearning]",
		"out tcp 80 AzureActiveDirectory",
		"out tcp 443 AzureActiveDirectory",
		"out tcp 443 AzureMachineLearning",
		"[out tcp 8787 AzureMachineLearning]",
		"[out tcp 18881 AzureMachineLearning]",
		"out udp 5831 AzureMachineLearning",
		"out tcp 443 BatchNodeManagement.westeurope",
		"out tcp 443 AzureResourceManager",
		"out tcp 443 Storage.westeurope",
		"[out tcp 445 Storage.westeurope]",
		"[out tcp 443 AzureFrontDoor.FrontEnd]",
		"[out tcp 443 MicrosoftContainerRegistry.westeurope]",
		"[out tcp 443 AzureFrontDoor.FirstParty]",
		"[out tcp 443 AzureMonitor]",
		"[out tcp 443 AzureKeyVault.westeurope]",
		"out tcp 443 VirtualNetwork",
		"out tcp 445 VirtualNetwork",
		NULL,
	};
	struct needs n;

	(void)unused;
	need(&n, DIAG_ROLE_COMPUTE, DIAG_ERA_CURRENT, "westeurope");
	must_have(&n, want);
	for (size_t i = 0; i < n.flows.n; i++)
		assert_true(n.flows.items[i].optional ||
			    n.flows.items[i].dir == DIAG_OUT);
	diag_arena_clear(&n.arena);
}

static void people_need_the_endpoints_and_the_public_names(void **unused)
{
	static const char *const both[] = {
		"out tcp 443 VirtualNetwork",
		"out tcp 445 VirtualNetwork",
		"[out tcp 8787 VirtualNetwork]",
		"[out tcp 18881 VirtualNetwork]",
		"[out tcp 8704-8710 VirtualNetwork]",
		"out tcp 443 AzureActiveDirectory",
		"[out tcp 80 AzureActiveDirectory]",
		"out tcp 443 AzureResourceManager",
		"out tcp 443 AzureMachineLearning",
		"out tcp 443 AzureFrontDoor.FrontEnd",
		NULL,
	};
	struct needs n;

	(void)unused;
	need(&n, DIAG_ROLE_JUMPBOX, DIAG_ERA_CURRENT, "eastus");
	must_have(&n, both);
	assert_false(has(&n, "[in tcp 443 VirtualNetwork]"));
	diag_arena_clear(&n.arena);
	need(&n, DIAG_ROLE_CLIENT, DIAG_ERA_CURRENT, "eastus");
	must_have(&n, both);
	assert_true(has(&n, "[in tcp 443 VirtualNetwork]"));
	assert_true(has(&n, "[in tcp 445 VirtualNetwork]"));
	diag_arena_clear(&n.arena);
}

static void kubernetes_needs_its_api_server(void **unused)
{
	static const char *const today[] = {
		"out tcp 443 VirtualNetwork",
		"[out tcp 443 AzureCloud.eastus]",
		"[out tcp 9000 AzureCloud.eastus]",
		"[out udp 1194 AzureCloud.eastus]",
		"[out udp 123 Internet]",
		"[in udp 9988 AzureLoadBalancer]",
		"[in tcp 5001 VirtualNetwork]",
		NULL,
	};
	static const char *const then[] = {
		"out tcp 9000 AzureCloud.eastus",
		"out tcp 22 AzureCloud.eastus",
		"out udp 123 Internet",
		"out udp 53 Internet",
		NULL,
	};
	struct needs n;

	(void)unused;
	need(&n, DIAG_ROLE_AKS, DIAG_ERA_CURRENT, "eastus");
	must_have(&n, today);
	diag_arena_clear(&n.arena);
	need(&n, DIAG_ROLE_AKS, DIAG_ERA_2020, "eastus");
	must_have(&n, then);
	diag_arena_clear(&n.arena);
}

static void no_flow_comes_twice_and_required_ones_come_first(void **unused)
{
	(void)unused;
	for (int way = 0; way < DIAG_N_ROLES * 2; way++) {
		bool optional = false;
		struct needs n;

		need(&n, (enum diag_role)(way / 2), (enum diag_era)(way % 2),
		     "eastus");
		assert_in_range(n.flows.n, 4, 60);
		for (size_t i = 0; i < n.flows.n; i++) {
			const struct diag_flow *a = &n.flows.items[i];

			assert_true(a->optional || !optional);
			optional = a->optional;
			assert_int_equal(DIAG_PEER_TAG, a->peer.kind);
			assert_int_equal(DIAG_PEER_ANY, a->self.kind);
			for (size_t k = 0; k < i; k++) {
				const struct diag_flow *b = &n.flows.items[k];

				assert_false(
				    a->dir == b->dir && a->proto == b->proto &&
				    a->port == b->port &&
				    strcmp(a->peer.text, b->peer.text) == 0);
			}
		}
		diag_arena_clear(&n.arena);
	}
}

static void a_region_that_is_not_given_stays_open(void **unused)
{
	struct needs n;

	(void)unused;
	need(&n, DIAG_ROLE_COMPUTE, DIAG_ERA_CURRENT, "");
	assert_true(has(&n, "out tcp 443 Storage.?"));
	assert_true(has(&n, "out tcp 443 AzureResourceManager"));
	diag_arena_clear(&n.arena);
}

/* --- words -----------------------------------------------------------------
 */

static void the_words_of_a_flow_are_read(void **unused)
{
	struct diag_arena arena;
	struct diag_flow f;

	(void)unused;
	diag_arena_init(&arena, 0);
	assert_true(diag_flow_parse("in tcp BatchNodeManagement * 29876-29877",
				    &arena, &f, NULL));
	assert_int_equal(DIAG_IN, f.dir);
	assert_int_equal(DIAG_TCP, f.proto);
	assert_string_equal("BatchNodeManagement", f.peer.tag);
	assert_int_equal(DIAG_PEER_ANY, f.self.kind);
	assert_int_equal(29876, f.port);
	assert_int_equal(29877, f.port_last);
	assert_false(f.optional);
	assert_true(diag_flow_parse("  OUT\tUdp 10.0.0.4  Storage.EastUS * ",
				    &arena, &f, NULL));
	assert_int_equal(DIAG_OUT, f.dir);
	assert_int_equal(DIAG_UDP, f.proto);
	assert_string_equal("eastus", f.peer.region);
	assert_string_equal("10.0.0.4", f.self.text);
	assert_int_equal(0, f.port);
	assert_int_equal(65535, f.port_last);
	diag_arena_clear(&arena);
}

static void what_is_no_flow_is_told(void **unused)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "", "five words" },
		{ "in tcp * * ", "five words" },
		{ "in tcp * * 1 2", "five words" },
		{ "up tcp * * 1", "in or out" },
		{ "in icmp * * 1", "tcp or udp" },
		{ "in tcp 10.0.0.400 * 1", "one address" },
		{ "in tcp a,b * 1", "one address" },
		{ "in tcp 10.0.0.1-10.0.0.6 * 1", "one address" },
		{ "in tcp * , 1", "one address" },
		{ "in tcp * * 70000", "one port" },
		{ "in tcp * * 1,2", "one port" },
		{ "in tcp * * https", "one port" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct diag_err err = { .code = DIAG_OK };
		struct diag_arena arena;
		struct diag_flow f;

		diag_arena_init(&arena, 0);
		assert_false(diag_flow_parse(bad[i].text, &arena, &f, &err));
		assert_int_equal(DIAG_EUSAGE, err.code);
		if (strstr(err.what, bad[i].says) == NULL)
			fail_msg("%s: %s", bad[i].text, err.what);
		diag_arena_clear(&arena);
	}
}

static bool all_needs(void *unused)
{
	struct diag_flow_list flows;
	struct diag_arena arena;
	struct diag_flow f;
	bool ok;

	(void)unused;
	diag_arena_init(&arena, 0);
	ok = diag_flow_parse("in tcp Storage.eastus 10.0.0.4 443", &arena, &f,
			     NULL) &&
	     diag_flows_needed(DIAG_ROLE_COMPUTE, DIAG_ERA_CURRENT, "eastus",
			       &arena, &flows, NULL);
	diag_arena_clear(&arena);
	return ok;
}

static void missing_memory_is_told(void **unused)
{
	(void)unused;
	assert_true(diag_cat_load(NULL));
	assert_in_range(torture(all_needs, NULL), 1, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compute_of_2020_needs_batch_and_studio),
		cmocka_unit_test(compute_of_today_needs_nothing_inbound),
		cmocka_unit_test(
		    people_need_the_endpoints_and_the_public_names),
		cmocka_unit_test(kubernetes_needs_its_api_server),
		cmocka_unit_test(
		    no_flow_comes_twice_and_required_ones_come_first),
		cmocka_unit_test(a_region_that_is_not_given_stays_open),
		cmocka_unit_test(the_words_of_a_flow_are_read),
		cmocka_unit_test(what_is_no_flow_is_told),
		cmocka_unit_test(missing_memory_is_told),
	};
	int failed =
	    cmocka_run_group_tests_name("nsg flows", tests, NULL, NULL);

	diag_cat_unload();
	return failed;
}
