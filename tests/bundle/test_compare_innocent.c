/* SPDX-License-Identifier: MIT */
/* What differs without harm is told, and blamed for nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/bundle/worlds.h"
#include "tests/verdict/paths.h"

/* --- innocent differences ------------------------------------------------- */

static void other_server_port_silent(struct build *b)
{
	world_vpn(b);
	b->servers = M_SRV_OTHER;
	b->views = SYSTEM_AND(OTHER);
	world_others(b, OTHER);
	world_answer_right(b, OTHER, API, AT_API);
	build_route(b, AT_API, "tun0", true);
	build_tcp(b, API, AT_API, 443, "timeout");
}

static void another_server_with_the_same_answers_is_not_blamed(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, world_works, other_server_port_silent);
	pair_expect(&p, "tcp.other-port", "endpoint.silent");
	for (size_t i = 0; i < p.c->n_differences; i++)
		if (strncmp(p.c->differences[i].code, "dns.", 4) == 0)
			assert_null(p.c->differences[i].explains);
	pair_close(&p);
}

static void no_tunnel_other_server(struct build *b)
{
	world_vpn(b);
	path_at_home(b);
	b->servers = M_SRV_ISP;
	b->views = SYSTEM_AND(ISP);
	world_others(b, ISP);
	path_route(b, AT_API, "wlan0", "default");
	build_system(b, API, "20.62.10.4");
	build_public(b, ISP, API);
	build_open(b, API, AT_API);
}

static void a_tunnel_that_is_not_needed_is_not_blamed(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, world_works, no_tunnel_other_server);
	pair_expect(&p, "dns.other-server", "dns.zone-not-visible");
	assert_string_equal("machine.tunnel", p.c->differences[0].code);
	assert_null(p.c->differences[0].explains);
	pair_close(&p);
}

static void renewed_and_denied(struct build *b)
{
	static const struct path_cert renewed = { .status = "ok",
						  .sha256 = "cc" };

	world_vpn(b);
	world_others(b, CORP);
	world_answer_right(b, CORP, API, AT_API);
	path_tls(b, API, AT_API, &renewed);
	path_http(b, API, AT_API,
		  "\"answer\",\"code\":403,\"is_service\":true,\"denial\":"
		  "\"public network access is disabled\"");
}

static void a_renewed_certificate_is_not_blamed(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, world_tls_good, renewed_and_denied);
	pair_expect(&p, "http.other-answer", "http.wrong-endpoint");
	assert_string_equal("tls.other-certificate", p.c->differences[0].code);
	assert_null(p.c->differences[0].explains);
	pair_close(&p);
}

static void hosts_for_another_name(struct build *b)
{
	world_port_silent(b);
	b->machine =
	    M_ROOTS "\"hosts\":{\"path\":\"/etc/hosts\",\"edges\":[{\"name\":"
		    "\"" BLOB "\",\"address\":\"" AT_BLOB "\",\"line\":7}]},";
}

static void what_differs_for_a_name_that_works_is_not_blamed(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, world_works, hosts_for_another_name);
	pair_expect(&p, "tcp.other-port", "endpoint.silent");
	assert_int_equal(1, p.c->first->n_targets);
	assert_string_equal(API, p.c->first->targets[0]);
	pair_close(&p);
}

/* Right lines for one name, and a server that knows nothing of the others. */
static void half_hosts(struct build *b)
{
	world_vpn(b);
	b->machine = M_ROOTS HOSTS(AT_API);
	b->servers = M_SRV_ISP;
	b->views = SYSTEM_AND(ISP);
	build_system(b, API, AT_API);
	build_public(b, ISP, API);
	build_open(b, API, AT_API);
	build_system(b, BLOB, "20.62.10.8");
	build_public(b, ISP, BLOB);
	build_open(b, BLOB, AT_BLOB);
	world_answer_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
}

static void a_hosts_line_that_is_right_is_not_blamed(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, world_works, half_hosts);
	pair_expect(&p, "dns.other-server", "dns.zone-not-visible");
	assert_string_equal("hosts.other-line", p.c->differences[0].code);
	assert_null(p.c->differences[0].explains);
	pair_close(&p);
}

/* The server is another one, but it tells the good one the right address:
 * the answer depends on who asks. */
static void works_and_asked_isp(struct build *b)
{
	world_works(b);
	b->views = SYSTEM_AND(CORP) ",{\"view\":\"" ISP "\",\"added\":true}";
	build_private(b, ISP, API);
}

static void a_server_that_answers_both_otherwise_is_not_another(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, works_and_asked_isp, world_asks_isp);
	pair_expect(&p, "dns.other-answer", "dns.zone-not-visible");
	pair_close(&p);
}

#define M_SRV_STUB                                              \
	"{\"at\":\"" STUB "\",\"source\":\"/etc/resolv.conf\"," \
	"\"order\":0,\"stub\":true,\"default_route\":true}"
static void stub_works(struct build *b)
{
	world_vpn(b);
	b->servers = M_SRV_STUB;
	b->views = SYSTEM_AND(STUB);
	world_others(b, STUB);
	world_api_works(b, STUB);
}

static void stub_public(struct build *b)
{
	world_vpn(b);
	b->servers = M_SRV_STUB;
	b->views = SYSTEM_AND(STUB);
	world_others(b, STUB);
	world_api_public(b, STUB);
}

static void a_stub_of_each_machine_is_its_own(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, stub_works, stub_public);
	pair_expect(&p, "dns.other-answer", "dns.zone-not-visible");
	assert_non_null(strstr(p.c->first->here, "its own stub 127.0.0.53"));
	pair_close(&p);
}

/* Large packets are lost, and the certificate was renewed. */
static void renewed_and_large_lost(struct build *b)
{
	static const struct path_cert renewed = { .status = "ok",
						  .sha256 = "cc" };

	world_vpn(b);
	world_others(b, CORP);
	world_answer_right(b, CORP, API, AT_API);
	path_tls(b, API, AT_API, &renewed);
	path_http(b, API, AT_API,
		  "\"answer\",\"code\":200,\"is_service\":true");
	world_large_lost(b);
}

static void a_renewed_certificate_makes_no_tls_fault(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, world_tls_good, renewed_and_large_lost);
	pair_expect(&p, "tls.large-hello", "tls.large-hello-cut");
	pair_innocent(&p, "tls.other-certificate");
	pair_close(&p);
}

/* The first server says something else, the same as there; the second, which
 * is not there, is right. */
static void first_public_second_right(struct build *b)
{
	world_same_server_public(b);
	b->servers = M_SRV_CORP "," M_SRV_OTHER;
	b->views = "{\"view\":\"system\"},{\"view\":\"" CORP
		   "\"},{\"view\":\"" OTHER "\"}";
	for (size_t i = 0; i < 3; i++)
		build_private(b, OTHER, path_three[i].name);
}

static void a_second_server_that_is_right_is_not_blamed(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, world_works, first_public_second_right);
	pair_expect(&p, "dns.other-answer", "dns.zone-not-visible");
	pair_innocent(&p, "dns.servers");
	pair_close(&p);
}

/* A server that only we asked, and first, says the same as the machine's. */
static void asked_another_too(struct build *b)
{
	build_private(b, OTHER, API);
	world_works(b);
	b->views = SYSTEM_AND(CORP) ",{\"view\":\"" OTHER "\",\"added\":true}";
}

static void a_server_that_only_we_asked_is_not_the_machines(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, asked_another_too, world_same_server_public);
	pair_expect(&p, "dns.other-answer", "dns.zone-not-visible");
	assert_non_null(strstr(p.c->first->there, "asks 10.200.0.53:"));
	pair_close(&p);
}

static void hosts_right_port_silent(struct build *b)
{
	world_port_silent(b);
	b->machine = M_ROOTS HOSTS(AT_API);
}

static void a_right_line_makes_no_port_silent(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, world_works, hosts_right_port_silent);
	pair_expect(&p, "tcp.other-port", "endpoint.silent");
	pair_innocent(&p, "hosts.other-line");
	pair_close(&p);
}

/* A front end of many addresses. */
static void studio_elsewhere(struct build *b)
{
	b->machine = M_ROOTS;
	b->targets = T_API "," T_STUDIO "," T_SIGN_IN;
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, STUDIO, "20.62.1.7");
	path_right(b, ISP, SIGN_IN, "20.62.1.8");
	build_open(b, API, AT_API);
	build_open(b, STUDIO, "20.62.1.7");
	build_open(b, SIGN_IN, "20.62.1.8");
}

static void a_public_name_may_have_any_public_address(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, world_no_proxy, studio_elsewhere);
	assert_true(pair_compare(&p));
	assert_int_equal(DIAG_COMPARE_NONE, p.c->outcome);
	assert_int_equal(0, p.c->n_differences);
	pair_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    another_server_with_the_same_answers_is_not_blamed),
		cmocka_unit_test(a_tunnel_that_is_not_needed_is_not_blamed),
		cmocka_unit_test(a_renewed_certificate_is_not_blamed),
		cmocka_unit_test(
		    what_differs_for_a_name_that_works_is_not_blamed),
		cmocka_unit_test(
		    a_server_that_answers_both_otherwise_is_not_another),
		cmocka_unit_test(a_hosts_line_that_is_right_is_not_blamed),
		cmocka_unit_test(a_stub_of_each_machine_is_its_own),
		cmocka_unit_test(a_right_line_makes_no_port_silent),
		cmocka_unit_test(a_public_name_may_have_any_public_address),
		cmocka_unit_test(a_renewed_certificate_makes_no_tls_fault),
		cmocka_unit_test(a_second_server_that_is_right_is_not_blamed),
		cmocka_unit_test(
		    a_server_that_only_we_asked_is_not_the_machines),
	};

	return cmocka_run_group_tests_name("compare_innocent", tests, NULL,
					   NULL);
}
