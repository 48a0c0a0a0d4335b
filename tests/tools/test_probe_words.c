/* SPDX-License-Identifier: MIT */
/* HOST[:PORTS] as people type it becomes an inventory, and that what is tried.
 */
#include "tools/pl-probe/probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct tool tool = { .name = "pl-test" };
static struct tool_call call;
static struct probe options;
static struct diag_inventory *inv;
static struct probe_hosts hosts;

static int setup(void **unused)
{
	(void)unused;
	options = (struct probe){ .count = 1 };
	call = (struct tool_call){ .tool = &tool, .options = &options };
	diag_arena_init(&call.arena, 0);
	inv = NULL;
	return 0;
}

static int teardown(void **unused)
{
	(void)unused;
	diag_inventory_free(inv);
	diag_arena_clear(&call.arena);
	return 0;
}

/* words: NULL-terminated. */
static void take(const char *const *words)
{
	struct diag_inventory *given = NULL;
	struct diag_err err = { 0 };

	call.argv = (char **)(uintptr_t)words;
	for (call.argc = 0; words[call.argc]; call.argc++)
		;
	if (!probe_words(&call, &given, &err))
		fail_msg("%s: %s", err.op ? err.op : "", err.what);
	assert_true(diag_inventory_expand(given, DIAG_ROLE_CLIENT,
					  DIAG_ERA_CURRENT, true, &inv, &err));
	diag_inventory_free(given);
	assert_true(probe_hosts_of(&call, inv, true, &hosts, &err));
}

#define TAKE(...) take((const char *const[]){ __VA_ARGS__, NULL })

static void refuse(const char *word, const char *says)
{
	const char *words[] = { word, NULL };
	struct diag_inventory *given = NULL;
	struct diag_err err = { 0 };

	call.argv = (char **)(uintptr_t)words;
	call.argc = 1;
	assert_false(probe_words(&call, &given, &err));
	assert_int_equal(DIAG_EUSAGE, err.code);
	if (!strstr(err.what, says))
		fail_msg("%s: %s", word, err.what);
}

static void expect_ports(size_t host, size_t i, unsigned first, unsigned last,
			 enum diag_stage stage)
{
	const struct diag_probe_ports *p = &hosts.items[host].ports[i];

	assert_true(i < hosts.items[host].n_ports);
	assert_int_equal(first, p->port);
	assert_int_equal(last, p->last);
	assert_int_equal(stage, p->stage);
}

static void numbers_and_ranges_stand_side_by_side(void **unused)
{
	(void)unused;
	TAKE("10.150.0.20:29876-29877,44224,22");
	assert_int_equal(1, hosts.n);
	assert_null(hosts.items[0].name);
	assert_int_equal(1, hosts.items[0].n_addresses);
	assert_int_equal(3, hosts.items[0].n_ports);
	expect_ports(0, 0, 22, 22, DIAG_STAGE_TCP);
	expect_ports(0, 1, 29876, 29877, DIAG_STAGE_TCP);
	expect_ports(0, 2, 44224, 44224, DIAG_STAGE_TCP);
	assert_int_equal(4, hosts.n_ports);
}

static void a_port_that_is_named_twice_is_one_port(void **unused)
{
	(void)unused;
	TAKE("10.150.0.20:80,80,78-82,81-90,5831/udp,5831,5830-5831/udp,80",
	     "10.150.0.20:90-91");
	assert_int_equal(1, hosts.n);
	assert_int_equal(3, hosts.items[0].n_ports);
	expect_ports(0, 0, 78, 91, DIAG_STAGE_TCP);
	expect_ports(0, 1, 5831, 5831, DIAG_STAGE_TCP);
	expect_ports(0, 2, 5830, 5831, DIAG_STAGE_TCP);
	assert_int_equal(14 + 1 + 2, hosts.n_ports);
	teardown(NULL);
	setup(NULL);
	TAKE("a.example:443,440-450,443");
	assert_int_equal(3, hosts.items[0].n_ports);
	expect_ports(0, 1, 443, 443, DIAG_STAGE_HTTP);
	assert_int_equal(11, hosts.n_ports);
}

static void a_name_brings_its_service_and_its_ports(void **unused)
{
	(void)unused;
	TAKE("ws1103sa.file.core.windows.net");
	assert_string_equal("ws1103sa.file.core.windows.net",
			    hosts.items[0].name);
	assert_true(hosts.items[0].ask);
	expect_ports(0, 0, 443, 443, DIAG_STAGE_HTTP);
	expect_ports(0, 1, 445, 445, DIAG_STAGE_TCP);
	assert_non_null(hosts.items[0].http);
	assert_string_equal("OPTIONS", hosts.items[0].preflight->method);
	assert_int_equal(DIAG_SVC_STORAGE_FILE, inv->targets[0].service);
	assert_int_equal(DIAG_EXPECT_PRIVATE, inv->targets[0].expect);
}

static void a_range_around_443_speaks_tls_there_only(void **unused)
{
	(void)unused;
	TAKE("a.example:440-450");
	assert_int_equal(3, hosts.items[0].n_ports);
	expect_ports(0, 0, 440, 442, DIAG_STAGE_TCP);
	expect_ports(0, 1, 443, 443, DIAG_STAGE_HTTP);
	expect_ports(0, 2, 444, 450, DIAG_STAGE_TCP);
}

static void flags_say_what_is_spoken(void **unused)
{
	(void)unused;
	options.tls = true;
	TAKE("10.0.0.1:8443");
	expect_ports(0, 0, 8443, 8443, DIAG_STAGE_TLS);
	(void)teardown(NULL);
	(void)setup(NULL);
	options.udp = true;
	TAKE("10.0.0.1:53");
	assert_int_equal(DIAG_UDP, hosts.items[0].ports[0].proto);
}

static void an_address_is_tried_in_place_of_the_names(void **unused)
{
	static const char *given[] = { "10.150.0.9", NULL };

	(void)unused;
	options.address = (struct tool_list){ given, 1 };
	TAKE("ws1103kv.vault.azure.net:443");
	assert_false(hosts.items[0].ask);
	assert_int_equal(1, hosts.items[0].n_addresses);
}

static void the_same_host_is_one_host(void **unused)
{
	(void)unused;
	TAKE("A.Example.:22", "10.0.0.1:1", "a.example:80");
	assert_int_equal(2, hosts.n);
	assert_int_equal(3, hosts.n_ports);
}

static void ipv6_stands_in_brackets_or_alone(void **unused)
{
	(void)unused;
	TAKE("[fd00::4]:8080", "fd00::5");
	assert_int_equal(2, hosts.n);
	assert_int_equal(DIAG_IPV6, hosts.items[0].addresses[0].family);
	expect_ports(0, 0, 8080, 8080, DIAG_STAGE_TCP);
	expect_ports(1, 0, 443, 443, DIAG_STAGE_TCP);
}

static void what_is_wrong_is_said_in_a_word(void **unused)
{
	(void)unused;
	refuse("a.example:", "behind the colon");
	refuse("a.example:x", "1-65535");
	refuse("a.example:0", "1-65535");
	refuse("a.example:65536", "1-65535");
	refuse("a.example:5-4", "1-65535");
	refuse("a.example:1-", "1-65535");
	refuse("a.example:1,", "1-65535");
	refuse("a.example: 1", "1-65535");
	refuse("[fd00::4", "[ADDRESS]:PORTS");
	refuse("[fd00::4]x", "[ADDRESS]:PORTS");
	refuse("[fd00::4]:", "[ADDRESS]:PORTS");
	refuse("a_b!", "a_b!");
}

/* --- numbers ----------------------------------------------------------------
 */

static void learn(struct probe_pairs *p, enum diag_status status,
		  double took_ms)
{
	struct diag_fact f = { .kind = DIAG_FACT_TCP,
			       .status = status,
			       .took_ms = took_ms };
	struct diag_err err = { 0 };
	bool changed;

	f.tcp.address = diag_addr_v4(10, 0, 0, 1);
	f.tcp.port = 443;
	assert_true(probe_pairs_learn(p, &f, &changed, &err));
}

static void a_hundred_tries_have_numbers(void **unused)
{
	struct probe_pairs p = { .n = 0 };
	struct probe_numbers n;

	(void)unused;
	for (int i = 100; i >= 1; i--)
		learn(&p, DIAG_ST_OPEN, i);
	for (int i = 0; i < 25; i++)
		learn(&p, DIAG_ST_TIMEOUT, 4000);
	learn(&p, DIAG_ST_NOT_RUN, 0);
	assert_int_equal(1, p.n);
	n = probe_numbers(&p.items[0]);
	assert_int_equal(125, p.items[0].tries);
	assert_int_equal(100, p.items[0].ends[PROBE_END_GOOD]);
	assert_float_equal(20.0, n.lost, 0.001);
	assert_float_equal(1.0, n.min, 0.001);
	assert_float_equal(50.5, n.avg, 0.001);
	assert_float_equal(100.0, n.max, 0.001);
	assert_float_equal(28.866, n.deviation, 0.001);
	assert_float_equal(50.0, n.p50, 0.001);
	assert_float_equal(95.0, n.p95, 0.001);
	assert_float_equal(99.0, n.p99, 0.001);
	probe_pairs_clear(&p);
}

/* Who refuses is there, and answers. */
static void an_answer_is_not_lost(void **unused)
{
	static const struct {
		enum diag_status status;
		enum probe_end end;
		const char *word;
	} all[] = {
		{ DIAG_ST_OPEN, PROBE_END_GOOD, "open" },
		{ DIAG_ST_TIMEOUT, PROBE_END_LOST, "lost" },
		{ DIAG_ST_REFUSED, PROBE_END_REFUSED, "refused" },
		{ DIAG_ST_UNREACHABLE, PROBE_END_UNREACHABLE, "unreachable" },
		{ DIAG_ST_RESET, PROBE_END_RESET, "reset" },
		{ DIAG_ST_FAILED, PROBE_END_FAILED, "failed" },
	};
	const size_t n_all = sizeof(all) / sizeof(*all);
	struct probe_pairs p = { .n = 0 };

	(void)unused;
	for (size_t i = 0; i < n_all; i++)
		for (size_t k = 0; k <= i; k++)
			learn(&p, all[i].status, 1);
	for (size_t i = 0; i < n_all; i++) {
		assert_int_equal(i + 1, p.items[0].ends[all[i].end]);
		assert_string_equal(all[i].word,
				    probe_end_word(&p.items[0], all[i].end));
	}
	assert_int_equal(21, p.items[0].tries);
	assert_float_equal(9.524, probe_numbers(&p.items[0]).lost, 0.001);
	probe_pairs_clear(&p);
}

static void learn_tls(struct probe_pairs *p, enum diag_status status,
		      bool repeated)
{
	struct diag_fact f = { .kind = DIAG_FACT_TLS, .status = status };
	struct diag_err err = { 0 };
	bool changed;

	f.tls.address = diag_addr_v4(10, 0, 0, 1);
	f.tls.port = 443;
	f.tls.repeated = repeated;
	assert_true(probe_pairs_learn(p, &f, &changed, &err));
}

static void a_port_that_opens_may_fail_above(void **unused)
{
	struct probe_pairs p = { .n = 0 };

	(void)unused;
	learn(&p, DIAG_ST_OPEN, 1);
	learn_tls(&p, DIAG_ST_OK, false);
	for (int i = 0; i < 2; i++) {
		learn(&p, DIAG_ST_OPEN, 1);
		learn_tls(&p, DIAG_ST_CUT, false);
	}
	learn_tls(&p, DIAG_ST_OK, true); /* why it was cut, and no more */
	assert_int_equal(3, p.items[0].ends[PROBE_END_GOOD]);
	assert_int_equal(2, p.items[0].tls_failed);
	assert_string_equal("cut", probe_state(&p.items[0]));
	probe_pairs_clear(&p);
}

static void thousands_of_ports_keep_apart(void **unused)
{
	struct probe_pairs p = { .n = 0 };
	struct diag_err err = { 0 };
	bool changed;

	(void)unused;
	for (unsigned round = 0; round < 2; round++)
		for (unsigned port = 1; port <= 5000; port++) {
			struct diag_fact f = { .kind = DIAG_FACT_TCP,
					       .status = DIAG_ST_REFUSED };

			f.tcp.address = diag_addr_v4(10, 0, 0, 1);
			f.tcp.port = (uint16_t)port;
			assert_true(probe_pairs_learn(&p, &f, &changed, &err));
			assert_int_equal(round == 0, changed);
		}
	assert_int_equal(5000, p.n);
	for (size_t i = 0; i < p.n; i++)
		assert_int_equal(2, p.items[i].tries);
	probe_pairs_clear(&p);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(numbers_and_ranges_stand_side_by_side),
		CASE(a_port_that_is_named_twice_is_one_port),
		CASE(a_name_brings_its_service_and_its_ports),
		CASE(a_range_around_443_speaks_tls_there_only),
		CASE(flags_say_what_is_spoken),
		CASE(an_address_is_tried_in_place_of_the_names),
		CASE(the_same_host_is_one_host),
		CASE(ipv6_stands_in_brackets_or_alone),
		CASE(what_is_wrong_is_said_in_a_word),
		cmocka_unit_test(a_hundred_tries_have_numbers),
		cmocka_unit_test(an_answer_is_not_lost),
		cmocka_unit_test(a_port_that_opens_may_fail_above),
		cmocka_unit_test(thousands_of_ports_keep_apart),
	};

	return cmocka_run_group_tests_name("probe words", tests, NULL, NULL);
}
