/* SPDX-License-Identifier: MIT */
/* Works here, fails there: each row of the table finds its own difference, and
 * what cannot be told is not told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "report/report.h"
#include "tests/bundle/worlds.h"
#include "tests/support/torture.h"
#include "tests/verdict/paths.h"

/* --- each row ------------------------------------------------------------- */

static const struct {
	world *good, *bad;
	const char *first, *makes;
} rows[] = {
	{ world_clock_right, world_clock_slow, "clock.other", "clock.skewed" },
	{ world_works, world_offline, "machine.offline", "net.no-route" },
	{ world_works, world_in_docker, "machine.container",
	  "machine.not-the-browser" },
	{ world_works, world_at_home, "machine.tunnel", "vpn.down" },
	{ world_in_vnet, world_at_home, "net.other-route", "vpn.down" },
	{ world_works, world_expects_another, "inventory.other",
	  "dns.wrong-address" },
	{ world_no_proxy, world_behind_proxy, "machine.proxy",
	  "proxy.auth-required" },
	{ world_works, world_hosts_wrong, "hosts.other-line",
	  "hosts.overrides-dns" },
	{ world_hosts_right, world_asks_isp, "hosts.other-line",
	  "dns.zone-not-visible" },
	{ world_works, world_hosts_glued, "hosts.other-line",
	  "hosts.malformed" },
	{ world_hosts_right, world_hosts_asked_last, "hosts.other-order",
	  "dns.zone-not-visible" },
	{ world_works, world_search_list, "dns.search-list",
	  "dns.search-suffix" },
	{ world_works, world_stale, "dns.stale-answer", "dns.stale-cache" },
	{ world_works, world_all_silent, "dns.no-reply", "dns.server-silent" },
	{ world_works, world_asks_isp, "dns.other-server",
	  "dns.zone-not-visible" },
	{ world_in_vnet, world_asks_isp, "dns.other-server",
	  "dns.zone-not-visible" },
	{ world_works, world_other_family, "dns.other-family",
	  "dns.ipv6-answer" },
	{ world_works, world_same_server_public, "dns.other-answer",
	  "dns.zone-not-visible" },
	{ world_works, world_second_server, "dns.servers",
	  "dns.server-silent" },
	{ world_works, world_no_route, "net.other-route", "net.no-route" },
	{ world_works, world_port_silent, "tcp.other-port", "endpoint.silent" },
	{ world_works, world_port_refused, "tcp.other-port", "tcp.refused" },
	{ world_files_https, world_files_smb, "tcp.port-asked",
	  "tcp.filtered" },
	{ world_works, world_large_hello_lost, "tls.large-hello",
	  "tls.large-hello-cut" },
	{ world_tls_good, world_tls_cut, "tls.cut", "tls.cut" },
	{ world_tls_good, world_tls_inspected, "tls.other-certificate",
	  "tls.untrusted" },
	{ world_works, world_http_denied, "http.other-answer",
	  "http.wrong-endpoint" },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static bool row_holds(size_t i)
{
	const struct diag_comparison *c;
	struct pair p;
	bool ok;

	pair_open(&p, rows[i].good, rows[i].bad);
	assert_true(pair_compare(&p));
	c = p.c;
	ok =
	    strcmp(rows[i].first, pair_first(c)) == 0 &&
	    strcmp(rows[i].makes, c->first->explains->finding->info->code) == 0;
	if (!ok) {
		print_error(
		    "wanted %s, got %s (%s)\n", rows[i].first, pair_first(c),
		    c->first != NULL ? c->first->explains->finding->info->code
				     : "nothing");
		pair_show(&p);
	}
	pair_close(&p);
	return ok;
}

static void each_row_finds_its_difference(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < N_ROWS; i++)
		wrong += row_holds(i) ? 0 : 1;
	assert_int_equal(0, wrong);
}

/* --- what cannot be told -------------------------------------------------- */

static void expect_no(struct pair *p, enum diag_compare_outcome outcome,
		      const char *note)
{
	assert_true(pair_compare(p));
	if (p->c->outcome != outcome || p->c->first != NULL)
		pair_show(p);
	assert_int_equal(outcome, p->c->outcome);
	assert_null(p->c->first);
	pair_notes_say(p, note);
}

static void nothing_to_explain_is_no_difference(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, world_works, world_in_vnet);
	expect_no(&p, DIAG_COMPARE_NONE, "nothing fails here");
	pair_notes_say(&p, "different roles: client there");
	pair_close(&p);
}

static void both_fail_alike_is_told(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, world_port_silent, world_port_silent);
	expect_no(&p, DIAG_COMPARE_UNKNOWN, "there as well as here");
	pair_notes_say(&p, "1 name fails there as well");
	pair_close(&p);
}

static void the_wrong_order_is_told(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, world_port_silent, world_works);
	expect_no(&p, DIAG_COMPARE_UNKNOWN, "the order GOOD, BAD");
	pair_close(&p);
}

static void only_api(struct build *b)
{
	world_works(b);
	b->targets = T_API;
}

static void only_studio(struct build *b)
{
	b->targets = T_STUDIO;
	build_dns(b, ISP, STUDIO, "A", "nxdomain", "");
	build_system(b, STUDIO, "");
}

static void no_common_name_is_told(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, only_api, only_studio);
	expect_no(&p, DIAG_COMPARE_UNKNOWN, "no name in common");
	assert_int_equal(1, p.c->n_only_good);
	assert_string_equal(API, p.c->only_good[0]);
	assert_string_equal(STUDIO, p.c->only_bad[0]);
	pair_close(&p);
}

/* --- other names ---------------------------------------------------------- */

#define MASKED_API "wx.workspace.eastus.api.azureml.ms"
#define T_MASKED   T_PRIVATE(MASKED_API, "workspace-api", "172.16.9.4", "443")

static void masked(struct build *b, const char *server)
{
	b->machine = M_ROOTS;
	b->networks = "\"172.16.9.0/24\"";
	b->targets = T_MASKED;
	b->servers = server;
	b->views = SYSTEM_AND("172.16.8.1:53");
}

#define M_SRV_MASKED                                                 \
	"{\"at\":\"172.16.8.1:53\",\"source\":\"/etc/resolv.conf\"," \
	"\"order\":0,\"default_route\":true}"
static void masked_silent(struct build *b)
{
	masked(b, M_SRV_MASKED);
	path_right(b, "172.16.8.1:53", MASKED_API, "172.16.9.4");
	build_tcp(b, MASKED_API, "172.16.9.4", 443, "timeout");
}

static void masked_public(struct build *b)
{
	masked(b, M_SRV_MASKED);
	path_right(b, "172.16.8.1:53", MASKED_API, "203.0.113.9");
	build_open(b, MASKED_API, "172.16.9.4");
}

static void other_names_are_joined_by_service(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, world_works, masked_silent);
	pair_expect(&p, "tcp.other-port", "tcp.filtered");
	assert_true(p.c->by_service);
	pair_notes_say(&p, "their addresses were not compared");
	assert_string_equal(MASKED_API, p.c->first->targets[0]);
	pair_close(&p);
	pair_open(&p, world_works, masked_public);
	/* whether it is the same server cannot be known */
	pair_expect(&p, "dns.other-answer", "dns.wrong-address");
	pair_close(&p);
}

/* --- telling -------------------------------------------------------------- */

static bool tell(void *arg)
{
	struct pair *p = arg;
	const struct diag_report_in in = { .tool = "pl-bundle",
					   .version = "0.1.0" };
	struct diag_buf out;
	bool ok;

	if (!pair_compare(p))
		return false;
	diag_buf_init(&out, (size_t)1 << 24);
	ok = diag_compare_text(p->c, &in, &out, NULL) &&
	     diag_compare_json(p->c, &in, &out, NULL);
	diag_buf_clear(&out);
	return ok;
}

static void no_memory_is_an_error_and_no_crash(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, world_works, world_asks_isp);
	assert_in_range(torture(tell, &p), 5, 10000);
	pair_close(&p);
}

static void the_page_names_both_sides_and_their_facts(void **state)
{
	const struct diag_report_in in = { .tool = "pl-bundle",
					   .version = "0.1.0" };
	struct diag_buf out;
	struct pair p;

	(void)state;
	pair_open(&p, world_works, world_asks_isp);
	assert_true(pair_compare(&p));
	diag_buf_init(&out, (size_t)1 << 24);
	assert_true(diag_compare_text(p.c, &in, &out, NULL));
	assert_non_null(strstr(diag_buf_str(&out), "DIFFERENT"));
	assert_non_null(strstr(diag_buf_str(&out),
			       "asks 10.200.0.53: 10.150.0.4 (its private"));
	assert_non_null(strstr(diag_buf_str(&out),
			       "asks 198.51.100.53: 20.62.10.4 (public)"));
	assert_non_null(strstr(diag_buf_str(&out), "good.case"));
	assert_non_null(strstr(diag_buf_str(&out), "dns.zone-not-visible"));
	diag_buf_clear(&out);
	pair_close(&p);
}

/* --- the addresses -------------------------------------------------------- */

#define T_BARE(name, service)                           \
	"{\"fqdn\":\"" name "\",\"service\":\"" service \
	"\",\"expect\":\"private\",\"ports\":[443]}"
/* Nothing was known of the addresses; the service was met at one. */
static void unproven(struct build *b)
{
	world_works(b);
	b->targets =
	    T_BARE(API, "workspace-api") "," T_BARE(BLOB, "storage-blob");
	diag_buf_reset(&b->facts);
	b->n_facts = 0;
	world_api_works(b, CORP);
	path_right(b, CORP, BLOB, "10.150.0.77");
	build_stranger(b, BLOB, "10.150.0.77");
}

static void only_right_addresses_are_written(void **state)
{
	struct diag_compare_side good;
	struct diag_buf out;
	struct pair p;
	size_t n;

	(void)state;
	pair_open(&p, unproven, world_asks_isp);
	good = pair_side("good.case", &p.good);
	diag_buf_init(&out, (size_t)1 << 24);
	assert_true(diag_compare_inventory(&good, &out, &n, NULL));
	assert_int_equal(1, n);
	assert_non_null(strstr(diag_buf_str(&out), AT_API));
	assert_null(strstr(diag_buf_str(&out), "10.150.0.77"));
	diag_buf_clear(&out);
	pair_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_finds_its_difference),
		cmocka_unit_test(nothing_to_explain_is_no_difference),
		cmocka_unit_test(both_fail_alike_is_told),
		cmocka_unit_test(the_wrong_order_is_told),
		cmocka_unit_test(no_common_name_is_told),
		cmocka_unit_test(other_names_are_joined_by_service),
		cmocka_unit_test(no_memory_is_an_error_and_no_crash),
		cmocka_unit_test(the_page_names_both_sides_and_their_facts),
		cmocka_unit_test(only_right_addresses_are_written),
	};

	return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
