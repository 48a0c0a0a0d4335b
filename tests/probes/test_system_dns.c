/* SPDX-License-Identifier: MIT */
/* The system view: the machine's own, and the one computed from files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fact/store.h"
#include "machine/machine.h"
#include "probes/probes.h"
#include "run/runner.h"
#include "tests/probes/dns_peer.h"

struct world {
	struct diag_machine machine;
	struct diag_hosts_edge edge;
	struct diag_addr edge_addr;
	struct diag_nameserver servers[4];
	const char *search[2];
	const char *nss[3];
	struct diag_store store;
	const struct diag_fact *f;
};

static void set_up(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->machine.emulated = true;
	w->machine.resolv.ndots = 1;
	w->machine.resolv.search = w->search;
	w->machine.servers = w->servers;
	w->machine.nss_hosts = w->nss;
	w->search[0] = "search.test";
}

static void add_server(struct world *w, const struct diag_endpoint *at)
{
	w->servers[w->machine.n_servers++].at = *at;
}

static void add_hosts(struct world *w, const char *name)
{
	w->edge_addr = diag_addr_v4(10, 9, 9, 9);
	w->edge = (struct diag_hosts_edge){
		.name = name,
		.addr = &w->edge_addr,
		.line = 1,
		.canonical = true,
	};
	w->machine.hosts.edges = &w->edge;
	w->machine.hosts.n_edges = 1;
}

static void ask(struct world *w, const char *name, unsigned timeout_ms)
{
	struct diag_step step = {
		.probe = DIAG_PROBE_SYSTEM_DNS,
		.target = name,
		.name = name,
		.view = "system",
		.timeout_ms = timeout_ms,
	};
	struct diag_run_options o = { .machine = &w->machine };
	struct diag_err err = { 0 };

	diag_store_init(&w->store);
	o.sink = diag_store_sink(&w->store);
	assert_true(diag_probe_run(&probe_system_dns, &step, &o, &err));
	assert_int_equal(1, w->store.n);
	w->f = w->store.facts[0];
	assert_int_equal(DIAG_FACT_SYSTEM_DNS, w->f->kind);
	assert_string_equal(name, w->f->system_dns.name);
	assert_true(w->f->system_dns.emulated == w->machine.emulated);
}

static void expect_address(const struct world *w, struct diag_addr addr)
{
	assert_int_equal(DIAG_ST_ANSWER, w->f->status);
	assert_int_equal(1, w->f->system_dns.n_addresses);
	assert_true(diag_addr_eq(&addr, &w->f->system_dns.addresses[0]));
}

static void getaddrinfo_runs_in_the_pool(void **unused)
{
	struct world w;

	(void)unused;
	set_up(&w);
	w.machine.emulated = false;
	/* A number needs no name server. */
	ask(&w, "127.0.0.1", 9000);
	expect_address(&w, diag_addr_v4(127, 0, 0, 1));
	diag_store_clear(&w.store);
}

static void a_hosts_line_answers_before_any_server(void **unused)
{
	struct diag_endpoint closed = dns_peer_closed_port();
	struct world w;

	(void)unused;
	set_up(&w);
	add_hosts(&w, "a.example");
	add_server(&w, &closed);
	ask(&w, "a.example", 9000);
	expect_address(&w, diag_addr_v4(10, 9, 9, 9));
	assert_true(w.f->system_dns.from_hosts);
	diag_store_clear(&w.store);
}

static void dns_before_files_asks_dns_first(void **unused)
{
	struct dns_peer peer;
	struct world w;

	(void)unused;
	dns_peer_start(&peer, PEER_BY_NAME);
	set_up(&w);
	w.nss[0] = "dns";
	w.nss[1] = "files";
	w.machine.n_nss_hosts = 2;
	add_server(&w, &peer.at);
	add_hosts(&w, "a.example");
	ask(&w, "a.example", 9000);
	expect_address(&w, diag_addr_v4(10, 0, 0, 1));
	assert_false(w.f->system_dns.from_hosts);
	diag_store_clear(&w.store);
	add_hosts(&w, "unknown.example");
	ask(&w, "unknown.example", 9000);
	expect_address(&w, diag_addr_v4(10, 9, 9, 9));
	assert_true(w.f->system_dns.from_hosts);
	diag_store_clear(&w.store);
	dns_peer_stop(&peer);
}

static void without_a_dns_source_no_server_is_asked(void **unused)
{
	struct dns_peer peer;
	struct world w;

	(void)unused;
	dns_peer_start(&peer, PEER_ANSWER);
	set_up(&w);
	w.nss[0] = "files";
	w.machine.n_nss_hosts = 1;
	add_server(&w, &peer.at);
	ask(&w, "a.example", 9000);
	assert_int_equal(DIAG_ST_NONE, w.f->status);
	diag_store_clear(&w.store);
	dns_peer_stop(&peer);
}

static void a_name_with_dots_is_asked_as_it_is(void **unused)
{
	struct dns_peer peer;
	struct world w;

	(void)unused;
	dns_peer_start(&peer, PEER_BY_NAME);
	set_up(&w);
	w.machine.resolv.n_search = 1;
	add_server(&w, &peer.at);
	ask(&w, "a.example", 9000);
	expect_address(&w, diag_addr_v4(10, 0, 0, 1));
	assert_string_equal("a.example", w.f->system_dns.canonical);
	diag_store_clear(&w.store);
	dns_peer_stop(&peer);
}

static void a_search_domain_shows_in_the_canonical_name(void **unused)
{
	struct dns_peer peer;
	struct world w;

	(void)unused;
	dns_peer_start(&peer, PEER_BY_NAME);
	set_up(&w);
	w.machine.resolv.n_search = 1;
	add_server(&w, &peer.at);
	ask(&w, "a", 9000);
	expect_address(&w, diag_addr_v4(10, 0, 0, 2));
	assert_string_equal("a.search.test", w.f->system_dns.canonical);
	diag_store_clear(&w.store);
	dns_peer_stop(&peer);
}

static void a_name_everybody_denies_is_none(void **unused)
{
	struct dns_peer peer;
	struct world w;

	(void)unused;
	dns_peer_start(&peer, PEER_BY_NAME);
	set_up(&w);
	w.machine.resolv.n_search = 1;
	add_server(&w, &peer.at);
	ask(&w, "nobody.example", 9000);
	assert_int_equal(DIAG_ST_NONE, w.f->status);
	assert_int_equal(0, w.f->system_dns.n_addresses);
	diag_store_clear(&w.store);
	dns_peer_stop(&peer);
}

static void a_closed_first_server_is_followed_by_the_second(void **unused)
{
	struct diag_endpoint closed = dns_peer_closed_port();
	struct dns_peer peer;
	struct world w;

	(void)unused;
	dns_peer_start(&peer, PEER_BY_NAME);
	set_up(&w);
	add_server(&w, &closed);
	add_server(&w, &peer.at);
	ask(&w, "a.example", 9000);
	expect_address(&w, diag_addr_v4(10, 0, 0, 1));
	diag_store_clear(&w.store);
	dns_peer_stop(&peer);
}

static void a_server_behind_the_stub_is_not_the_systems(void **unused)
{
	struct dns_peer peer, behind;
	struct world w;

	(void)unused;
	dns_peer_start(&peer, PEER_BY_NAME);
	dns_peer_start(&behind, PEER_ANSWER);
	set_up(&w);
	add_server(&w, &behind.at);
	w.servers[0].behind_stub = true;
	add_server(&w, &peer.at);
	ask(&w, "a.example", 9000);
	expect_address(&w, diag_addr_v4(10, 0, 0, 1));
	diag_store_clear(&w.store);
	dns_peer_stop(&peer);
	dns_peer_stop(&behind);
}

static void servers_that_fail_are_failed_and_not_none(void **unused)
{
	struct diag_endpoint closed = dns_peer_closed_port();
	struct dns_peer peer;
	struct world w;

	(void)unused;
	dns_peer_start(&peer, PEER_SERVFAIL);
	set_up(&w);
	add_server(&w, &peer.at);
	ask(&w, "a.example", 9000);
	assert_int_equal(DIAG_ST_FAILED, w.f->status);
	diag_store_clear(&w.store);
	w.servers[0].at = closed;
	ask(&w, "a.example", 9000);
	assert_int_equal(DIAG_ST_FAILED, w.f->status);
	diag_store_clear(&w.store);
	dns_peer_stop(&peer);
}

static void no_server_at_all_is_failed(void **unused)
{
	struct world w;

	(void)unused;
	set_up(&w);
	ask(&w, "a.example", 9000);
	assert_int_equal(DIAG_ST_FAILED, w.f->status);
	diag_store_clear(&w.store);
}

static void a_truncated_answer_is_taken_over_tcp(void **unused)
{
	struct dns_peer peer;
	struct world w;

	(void)unused;
	dns_peer_start(&peer, PEER_TRUNCATED);
	set_up(&w);
	add_server(&w, &peer.at);
	ask(&w, "a.example", 9000);
	expect_address(&w, diag_addr_v4(10, 150, 0, 4));
	assert_string_equal("www.privatelink.example",
			    w.f->system_dns.canonical);
	diag_store_clear(&w.store);
	dns_peer_stop(&peer);
}

static void silence_ends_at_the_deadline_as_timeout(void **unused)
{
	struct dns_peer peer;
	struct world w;

	(void)unused;
	dns_peer_start(&peer, PEER_SILENT);
	set_up(&w);
	add_server(&w, &peer.at);
	ask(&w, "a.example", 50);
	assert_int_equal(DIAG_ST_TIMEOUT, w.f->status);
	diag_store_clear(&w.store);
	dns_peer_stop(&peer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(getaddrinfo_runs_in_the_pool),
		cmocka_unit_test(a_hosts_line_answers_before_any_server),
		cmocka_unit_test(dns_before_files_asks_dns_first),
		cmocka_unit_test(without_a_dns_source_no_server_is_asked),
		cmocka_unit_test(a_name_with_dots_is_asked_as_it_is),
		cmocka_unit_test(a_search_domain_shows_in_the_canonical_name),
		cmocka_unit_test(a_name_everybody_denies_is_none),
		cmocka_unit_test(
		    a_closed_first_server_is_followed_by_the_second),
		cmocka_unit_test(a_server_behind_the_stub_is_not_the_systems),
		cmocka_unit_test(servers_that_fail_are_failed_and_not_none),
		cmocka_unit_test(no_server_at_all_is_failed),
		cmocka_unit_test(a_truncated_answer_is_taken_over_tcp),
		cmocka_unit_test(silence_ends_at_the_deadline_as_timeout),
	};

	return cmocka_run_group_tests_name("probes/system_dns", tests, NULL,
					   NULL);
}
