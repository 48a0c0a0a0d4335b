/* SPDX-License-Identifier: MIT */
/* Works here, fails there: each row of the table finds its own difference, and
 * what differs without harm is blamed for nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bundle/compare.h"
#include "report/report.h"
#include "tests/support/torture.h"
#include "tests/verdict/paths.h"

#define SYSTEM_AND(view) "{\"view\":\"system\"},{\"view\":\"" view "\"}"
#define M_TO_CORP	 "{\"to\":\"10.200.0.0/24\",\"interface\":\"tun0\"}"
#define OTHER		 "10.200.0.99:53"
#define M_SRV_OTHER                                              \
	"{\"at\":\"" OTHER "\",\"source\":\"/etc/resolv.conf\"," \
	"\"order\":0,\"default_route\":true}"
#define HOSTS(address)                                                   \
	"\"hosts\":{\"path\":\"/etc/hosts\",\"edges\":[{\"name\":\"" API \
	"\",\"address\":\"" address "\",\"line\":7}]},"
#define GLUED                                                                 \
	"\"hosts\":{\"path\":\"/etc/hosts\",\"faults\":[{\"kind\":\"glued\"," \
	"\"meant\":\"" API "\",\"line\":3,\"column\":1,\"text\":\"address "   \
	"and name run together\"}]},"

typedef void world(struct build *b);

struct pair {
	struct build good, bad;
	struct diag_comparison *c;
};

static void pair_open(struct pair *p, world *good, world *bad)
{
	memset(p, 0, sizeof(*p));
	build_init(&p->good);
	good(&p->good);
	build_judge(&p->good);
	build_init(&p->bad);
	bad(&p->bad);
	build_judge(&p->bad);
}

static struct diag_compare_side side(const char *name, const struct build *b)
{
	return (struct diag_compare_side){ name, b->c, b->v };
}

static bool pair_compare(struct pair *p)
{
	struct diag_compare_side good = side("good.case", &p->good);
	struct diag_compare_side bad = side("bad.case", &p->bad);

	diag_comparison_free(p->c);
	p->c = NULL;
	return diag_compare(&good, &bad, &p->c, NULL);
}

static void pair_close(struct pair *p)
{
	diag_comparison_free(p->c);
	build_clear(&p->good);
	build_clear(&p->bad);
}

static const char *first_of(const struct diag_comparison *c)
{
	return c->first != NULL ? c->first->code : "-";
}

static void show(const struct pair *p)
{
	print_error("bad said: %s\n", p->bad.said);
	for (size_t i = 0; i < p->c->n_differences; i++) {
		const struct diag_difference *d = &p->c->differences[i];

		print_error("%s %s | %s\n", d->code, d->there, d->here);
	}
	for (size_t i = 0; i < p->c->n_notes; i++)
		print_error("note: %s\n", p->c->notes[i]);
}

/* The first difference, and which of the bad one's causes it makes. */
static void expect(struct pair *p, const char *first, const char *makes)
{
	assert_true(pair_compare(p));
	if (strcmp(first_of(p->c), first) != 0)
		show(p);
	assert_string_equal(first, first_of(p->c));
	assert_int_equal(DIAG_COMPARE_FOUND, p->c->outcome);
	assert_string_equal(makes, p->c->first->explains->finding->info->code);
	assert_true(p->c->first->there[0] != '\0');
	assert_true(strcmp(p->c->first->there, p->c->first->here) != 0);
}

/* --- worlds --------------------------------------------------------------- */

/* A VPN that brings its own name server. */
static void vpn(struct build *b)
{
	b->machine = M_ROOTS;
	b->servers = M_SRV_CORP;
	b->views = SYSTEM_AND(CORP);
	b->routes = M_DEFAULT "," M_LAN "," M_VNET "," M_TO_CORP;
}

static void answer_right(struct build *b, const char *view, const char *name,
			 const char *address)
{
	build_system(b, name, address);
	build_private(b, view, name);
}

/* All but the API's name. */
static void others(struct build *b, const char *view)
{
	answer_right(b, view, NOTEBOOK, AT_NOTEBOOK);
	answer_right(b, view, BLOB, AT_BLOB);
	build_route(b, AT_NOTEBOOK, "tun0", true);
	build_route(b, AT_BLOB, "tun0", true);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	build_open(b, BLOB, AT_BLOB);
}

static void api_works(struct build *b, const char *view)
{
	answer_right(b, view, API, AT_API);
	build_route(b, AT_API, "tun0", true);
	build_open(b, API, AT_API);
}

static void works(struct build *b)
{
	vpn(b);
	others(b, CORP);
	api_works(b, CORP);
}

/* The API's answer is public; its private endpoint is met. */
static void api_public(struct build *b, const char *view)
{
	build_system(b, API, "20.62.10.4");
	build_public(b, view, API);
	build_route(b, AT_API, "tun0", true);
	build_open(b, API, AT_API);
}

static void asks_isp(struct build *b)
{
	vpn(b);
	b->servers = M_SRV_ISP;
	b->views = SYSTEM_AND(ISP);
	others(b, ISP);
	api_public(b, ISP);
}

static void same_server_public(struct build *b)
{
	vpn(b);
	others(b, CORP);
	api_public(b, CORP);
}

static void all_silent(struct build *b)
{
	vpn(b);
	for (size_t i = 0; i < 3; i++) {
		build_system_status(b, path_three[i].name, "timeout", "", "");
		build_dns(b, CORP, path_three[i].name, "A", "timeout", "");
		build_open(b, path_three[i].name, path_three[i].address);
	}
}

static void at_home(struct build *b)
{
	vpn(b);
	path_at_home(b);
	b->servers = M_SRV_ISP;
	b->views = SYSTEM_AND(ISP);
	for (size_t i = 0; i < 3; i++) {
		build_system(b, path_three[i].name, "20.62.10.4");
		build_public(b, ISP, path_three[i].name);
		path_route(b, path_three[i].address, "wlan0", "default");
		build_tcp(b, path_three[i].name, path_three[i].address, 443,
			  "timeout");
	}
}

static void offline(struct build *b)
{
	vpn(b);
	b->interfaces = "{\"name\":\"wlan0\",\"up\":false}";
	b->routes = "";
	for (size_t i = 0; i < 3; i++) {
		build_system_status(b, path_three[i].name, "failed", "", "");
		build_dns(b, CORP, path_three[i].name, "A", "unreachable", "");
		path_route(b, path_three[i].address, "", "none");
		build_tcp(b, path_three[i].name, path_three[i].address, 443,
			  "unreachable");
	}
}

static void no_route(struct build *b)
{
	vpn(b);
	for (size_t i = 0; i < 3; i++) {
		answer_right(b, CORP, path_three[i].name,
			     path_three[i].address);
		path_route(b, path_three[i].address, "", "none");
		path_errno(b, path_three[i].name, path_three[i].address,
			   "unreachable", "ENETUNREACH");
	}
}

static void in_vnet(struct build *b)
{
	path_in_vnet(b);
	b->machine = M_ROOTS;
	for (size_t i = 0; i < 3; i++) {
		answer_right(b, AZURE, path_three[i].name,
			     path_three[i].address);
		path_route(b, path_three[i].address, "eth0", "on-link");
		build_open(b, path_three[i].name, path_three[i].address);
	}
}

/* The way to the API's address ends so. */
static void port(struct build *b, const char *status)
{
	vpn(b);
	others(b, CORP);
	answer_right(b, CORP, API, AT_API);
	build_route(b, AT_API, "tun0", true);
	build_tcp(b, API, AT_API, 443, status);
}

static void port_silent(struct build *b)
{
	port(b, "timeout");
}

static void port_refused(struct build *b)
{
	port(b, "refused");
}

static void hosts_wrong(struct build *b)
{
	works(b);
	diag_buf_reset(&b->facts);
	b->n_facts = 0;
	b->machine = M_ROOTS HOSTS("10.150.0.99");
	others(b, CORP);
	build_system(b, API, "10.150.0.99");
	build_private(b, CORP, API);
	build_open(b, API, AT_API);
	build_tcp(b, API, "10.150.0.99", 443, "timeout");
}

static void hosts_right(struct build *b)
{
	vpn(b);
	b->machine = M_ROOTS HOSTS(AT_API);
	b->servers = M_SRV_ISP;
	b->views = SYSTEM_AND(ISP);
	others(b, ISP);
	build_system(b, API, AT_API);
	build_public(b, ISP, API);
	build_open(b, API, AT_API);
}

static void hosts_glued(struct build *b)
{
	asks_isp(b);
	b->machine = M_ROOTS GLUED;
}

static void hosts_asked_last(struct build *b)
{
	asks_isp(b);
	b->machine = M_ROOTS HOSTS(AT_API);
	b->nss = "\"dns\",\"files\"";
}

static void search_list(struct build *b)
{
	vpn(b);
	b->machine =
	    M_ROOTS "\"resolv\":{\"search\":[\"corp.example\"],\"ndots\":7},";
	others(b, CORP);
	build_system_status(b, API, "answer", "203.0.113.9",
			    API ".corp.example");
	build_private(b, CORP, API);
	build_open(b, API, AT_API);
}

static void stale(struct build *b)
{
	vpn(b);
	others(b, CORP);
	build_system(b, API, "20.62.10.4");
	build_private(b, CORP, API);
	build_open(b, API, AT_API);
}

static void other_family(struct build *b)
{
	works(b);
	diag_buf_reset(&b->facts);
	b->n_facts = 0;
	others(b, CORP);
	build_system(b, API, AT_API " 2603:1030:40c::8");
	build_private(b, CORP, API);
	build_dns(b, CORP, API, "AAAA", "answer", "2603:1030:40c::8");
	build_open(b, API, AT_API);
}

static void dated(struct build *b, const char *hour)
{
	static const struct path_cert fine = { .status = "ok" };
	char members[256];

	vpn(b);
	(void)snprintf(members, sizeof(members),
		       "\"answer\",\"code\":200,\"is_service\":true,\"date\":"
		       "\"Mon, 23 Nov 2026 %s:00:01 GMT\"",
		       hour);
	for (size_t i = 0; i < 3; i++) {
		answer_right(b, CORP, path_three[i].name,
			     path_three[i].address);
		path_tls(b, path_three[i].name, path_three[i].address, &fine);
		path_http(b, path_three[i].name, path_three[i].address,
			  members);
	}
}

static void clock_right(struct build *b)
{
	dated(b, "10");
}

static void clock_slow(struct build *b)
{
	dated(b, "11");
}

static void tls_is(struct build *b, const struct path_cert *cert)
{
	vpn(b);
	others(b, CORP);
	answer_right(b, CORP, API, AT_API);
	build_route(b, AT_API, "tun0", true);
	path_tls(b, API, AT_API, cert);
	if (cert->root == NULL)
		path_http(b, API, AT_API,
			  "\"answer\",\"code\":200,\"is_service\":true");
}

static void tls_good(struct build *b)
{
	static const struct path_cert cert = { .status = "ok", .sha256 = "aa" };

	tls_is(b, &cert);
}

static void tls_inspected(struct build *b)
{
	static const struct path_cert cert = { .status = "untrusted",
					       .faults = "\"untrusted\"",
					       .root = "unknown",
					       .issuer = "CN=Corp Proxy",
					       .sha256 = "bb" };

	tls_is(b, &cert);
}

static void tls_cut(struct build *b)
{
	port(b, "open");
	build_fact(b, "\"probe\":\"tls\",\"target\":\"" API
		      "\",\"status\":\"cut\",\"address\":\"" AT_API
		      "\",\"port\":443,\"server_hello\":false");
}

static void http_denied(struct build *b)
{
	static const struct path_cert cert = { .status = "ok" };

	vpn(b);
	others(b, CORP);
	answer_right(b, CORP, API, AT_API);
	path_tls(b, API, AT_API, &cert);
	path_http(b, API, AT_API,
		  "\"answer\",\"code\":403,\"is_service\":true,\"denial\":"
		  "\"public network access is disabled\"");
}

static void large_hello_lost(struct build *b)
{
	works(b);
	for (size_t i = 0; i < 2; i++)
		build_fact(b, "\"probe\":\"tls\",\"target\":\"" API
			      "\",\"status\":\"timeout\",\"address\":\"" AT_API
			      "\",\"port\":443,\"hello_bytes\":2100");
}

static void in_docker(struct build *b)
{
	works(b);
	b->machine = M_ROOTS "\"container\":\"docker\",";
}

static void behind_proxy(struct build *b)
{
	b->machine = M_ROOTS M_PROXY "\"no_proxy\":[\"" API "\"],";
	b->targets = T_API "," T_STUDIO "," T_SIGN_IN;
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, STUDIO, "20.62.1.1");
	path_right(b, ISP, SIGN_IN, "20.62.1.2");
	build_open(b, API, AT_API);
	build_tcp(b, STUDIO, "20.62.1.1", 443, "timeout");
	build_tcp(b, SIGN_IN, "20.62.1.2", 443, "timeout");
	path_proxied(b, STUDIO, "\"failed\",\"connect_code\":407");
	path_proxied(b, SIGN_IN, "\"failed\",\"connect_code\":407");
}

static void no_proxy(struct build *b)
{
	b->machine = M_ROOTS;
	b->targets = T_API "," T_STUDIO "," T_SIGN_IN;
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, STUDIO, "20.62.1.1");
	path_right(b, ISP, SIGN_IN, "20.62.1.2");
	build_open(b, API, AT_API);
	build_open(b, STUDIO, "20.62.1.1");
	build_open(b, SIGN_IN, "20.62.1.2");
}

#define T_OLD_API                                                 \
	"{\"fqdn\":\"" API "\",\"service\":\"workspace-api\","    \
	"\"addresses\":[\"10.150.0.40\"],\"expect\":\"private\"," \
	"\"ports\":[443]}"
static void expects_another(struct build *b)
{
	static const struct path_cert stranger = { .status = "name-mismatch",
						   .faults =
						       "\"name-mismatch\"" };

	vpn(b);
	b->targets = T_OLD_API "," T_NOTEBOOK "," T_BLOB;
	others(b, CORP);
	answer_right(b, CORP, API, AT_API);
	path_tls(b, API, AT_API, &stranger);
	build_tcp(b, API, "10.150.0.40", 443, "timeout");
}

#define T_FILES_443 T_PRIVATE(FILES, "storage-file", AT_FILES, "443")
static void files(struct build *b, bool smb)
{
	vpn(b);
	b->targets = smb ? T_FILES : T_FILES_443;
	path_right(b, CORP, FILES, AT_FILES);
	build_open(b, FILES, AT_FILES);
	if (smb)
		build_tcp(b, FILES, AT_FILES, 445, "timeout");
}

static void files_https(struct build *b)
{
	files(b, false);
}

static void files_smb(struct build *b)
{
	files(b, true);
}

/* The second server is asked when the first is silent, and knows nothing. */
static void second_server(struct build *b)
{
	works(b);
	b->servers = M_SRV_OTHER "," M_SRV_CORP;
	b->views = "{\"view\":\"system\"},{\"view\":\"" OTHER
		   "\"},{\"view\":\"" CORP "\"}";
	for (size_t i = 0; i < 3; i++)
		build_dns(b, OTHER, path_three[i].name, "A", "timeout", "");
}

/* --- each row ------------------------------------------------------------- */

static const struct {
	world *good, *bad;
	const char *first, *makes;
} rows[] = {
	{ clock_right, clock_slow, "clock.other", "clock.skewed" },
	{ works, offline, "machine.offline", "net.no-route" },
	{ works, in_docker, "machine.container", "machine.not-the-browser" },
	{ works, at_home, "machine.tunnel", "vpn.down" },
	{ in_vnet, at_home, "net.other-route", "vpn.down" },
	{ works, expects_another, "inventory.other", "dns.wrong-address" },
	{ no_proxy, behind_proxy, "machine.proxy", "proxy.auth-required" },
	{ works, hosts_wrong, "hosts.other-line", "hosts.overrides-dns" },
	{ hosts_right, asks_isp, "hosts.other-line", "dns.zone-not-visible" },
	{ works, hosts_glued, "hosts.other-line", "hosts.malformed" },
	{ hosts_right, hosts_asked_last, "hosts.other-order",
	  "dns.zone-not-visible" },
	{ works, search_list, "dns.search-list", "dns.search-suffix" },
	{ works, stale, "dns.stale-answer", "dns.stale-cache" },
	{ works, all_silent, "dns.no-reply", "dns.server-silent" },
	{ works, asks_isp, "dns.other-server", "dns.zone-not-visible" },
	{ in_vnet, asks_isp, "dns.other-server", "dns.zone-not-visible" },
	{ works, other_family, "dns.other-family", "dns.ipv6-answer" },
	{ works, same_server_public, "dns.other-answer",
	  "dns.zone-not-visible" },
	{ works, second_server, "dns.servers", "dns.server-silent" },
	{ works, no_route, "net.other-route", "net.no-route" },
	{ works, port_silent, "tcp.other-port", "endpoint.silent" },
	{ works, port_refused, "tcp.other-port", "tcp.refused" },
	{ files_https, files_smb, "tcp.port-asked", "tcp.filtered" },
	{ works, large_hello_lost, "tls.large-hello", "tls.large-hello-cut" },
	{ tls_good, tls_cut, "tls.cut", "tls.cut" },
	{ tls_good, tls_inspected, "tls.other-certificate", "tls.untrusted" },
	{ works, http_denied, "http.other-answer", "http.wrong-endpoint" },
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
	    strcmp(rows[i].first, first_of(c)) == 0 &&
	    strcmp(rows[i].makes, c->first->explains->finding->info->code) == 0;
	if (!ok) {
		print_error(
		    "wanted %s, got %s (%s)\n", rows[i].first, first_of(c),
		    c->first != NULL ? c->first->explains->finding->info->code
				     : "nothing");
		show(&p);
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

/* --- innocent differences ------------------------------------------------- */

static void other_server_port_silent(struct build *b)
{
	vpn(b);
	b->servers = M_SRV_OTHER;
	b->views = SYSTEM_AND(OTHER);
	others(b, OTHER);
	answer_right(b, OTHER, API, AT_API);
	build_route(b, AT_API, "tun0", true);
	build_tcp(b, API, AT_API, 443, "timeout");
}

static void another_server_with_the_same_answers_is_not_blamed(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, works, other_server_port_silent);
	expect(&p, "tcp.other-port", "endpoint.silent");
	for (size_t i = 0; i < p.c->n_differences; i++)
		if (strncmp(p.c->differences[i].code, "dns.", 4) == 0)
			assert_null(p.c->differences[i].explains);
	pair_close(&p);
}

static void no_tunnel_other_server(struct build *b)
{
	vpn(b);
	path_at_home(b);
	b->servers = M_SRV_ISP;
	b->views = SYSTEM_AND(ISP);
	others(b, ISP);
	path_route(b, AT_API, "wlan0", "default");
	build_system(b, API, "20.62.10.4");
	build_public(b, ISP, API);
	build_open(b, API, AT_API);
}

static void a_tunnel_that_is_not_needed_is_not_blamed(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, works, no_tunnel_other_server);
	expect(&p, "dns.other-server", "dns.zone-not-visible");
	assert_string_equal("machine.tunnel", p.c->differences[0].code);
	assert_null(p.c->differences[0].explains);
	pair_close(&p);
}

static void renewed_and_denied(struct build *b)
{
	static const struct path_cert renewed = { .status = "ok",
						  .sha256 = "cc" };

	vpn(b);
	others(b, CORP);
	answer_right(b, CORP, API, AT_API);
	path_tls(b, API, AT_API, &renewed);
	path_http(b, API, AT_API,
		  "\"answer\",\"code\":403,\"is_service\":true,\"denial\":"
		  "\"public network access is disabled\"");
}

static void a_renewed_certificate_is_not_blamed(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, tls_good, renewed_and_denied);
	expect(&p, "http.other-answer", "http.wrong-endpoint");
	assert_string_equal("tls.other-certificate", p.c->differences[0].code);
	assert_null(p.c->differences[0].explains);
	pair_close(&p);
}

static void hosts_for_another_name(struct build *b)
{
	port_silent(b);
	b->machine =
	    M_ROOTS "\"hosts\":{\"path\":\"/etc/hosts\",\"edges\":[{\"name\":"
		    "\"" BLOB "\",\"address\":\"" AT_BLOB "\",\"line\":7}]},";
}

static void what_differs_for_a_name_that_works_is_not_blamed(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, works, hosts_for_another_name);
	expect(&p, "tcp.other-port", "endpoint.silent");
	assert_int_equal(1, p.c->first->n_targets);
	assert_string_equal(API, p.c->first->targets[0]);
	pair_close(&p);
}

/* Right lines for one name, and a server that knows nothing of the others. */
static void half_hosts(struct build *b)
{
	vpn(b);
	b->machine = M_ROOTS HOSTS(AT_API);
	b->servers = M_SRV_ISP;
	b->views = SYSTEM_AND(ISP);
	build_system(b, API, AT_API);
	build_public(b, ISP, API);
	build_open(b, API, AT_API);
	build_system(b, BLOB, "20.62.10.8");
	build_public(b, ISP, BLOB);
	build_open(b, BLOB, AT_BLOB);
	answer_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
}

static void a_hosts_line_that_is_right_is_not_blamed(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, works, half_hosts);
	expect(&p, "dns.other-server", "dns.zone-not-visible");
	assert_string_equal("hosts.other-line", p.c->differences[0].code);
	assert_null(p.c->differences[0].explains);
	pair_close(&p);
}

/* The server is another one, but it tells the good one the right address:
 * the answer depends on who asks. */
static void works_and_asked_isp(struct build *b)
{
	works(b);
	b->views = SYSTEM_AND(CORP) ",{\"view\":\"" ISP "\",\"added\":true}";
	build_private(b, ISP, API);
}

static void a_server_that_answers_both_otherwise_is_not_another(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, works_and_asked_isp, asks_isp);
	expect(&p, "dns.other-answer", "dns.zone-not-visible");
	pair_close(&p);
}

#define M_SRV_STUB                                              \
	"{\"at\":\"" STUB "\",\"source\":\"/etc/resolv.conf\"," \
	"\"order\":0,\"stub\":true,\"default_route\":true}"
static void stub_works(struct build *b)
{
	vpn(b);
	b->servers = M_SRV_STUB;
	b->views = SYSTEM_AND(STUB);
	others(b, STUB);
	api_works(b, STUB);
}

static void stub_public(struct build *b)
{
	vpn(b);
	b->servers = M_SRV_STUB;
	b->views = SYSTEM_AND(STUB);
	others(b, STUB);
	api_public(b, STUB);
}

static void a_stub_of_each_machine_is_its_own(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, stub_works, stub_public);
	expect(&p, "dns.other-answer", "dns.zone-not-visible");
	assert_non_null(strstr(p.c->first->here, "its own stub 127.0.0.53"));
	pair_close(&p);
}

/* --- what cannot be told -------------------------------------------------- */

static void notes_say(const struct pair *p, const char *words)
{
	for (size_t i = 0; i < p->c->n_notes; i++)
		if (strstr(p->c->notes[i], words) != NULL)
			return;
	show(p);
	fail_msg("no note says \"%s\"", words);
}

static void expect_no(struct pair *p, enum diag_compare_outcome outcome,
		      const char *note)
{
	assert_true(pair_compare(p));
	if (p->c->outcome != outcome || p->c->first != NULL)
		show(p);
	assert_int_equal(outcome, p->c->outcome);
	assert_null(p->c->first);
	notes_say(p, note);
}

static void nothing_to_explain_is_no_difference(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, works, in_vnet);
	expect_no(&p, DIAG_COMPARE_NONE, "nothing fails here");
	notes_say(&p, "different roles: client there");
	pair_close(&p);
}

static void both_fail_alike_is_told(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, port_silent, port_silent);
	expect_no(&p, DIAG_COMPARE_UNKNOWN, "there as well as here");
	notes_say(&p, "1 name fails there as well");
	pair_close(&p);
}

static void the_wrong_order_is_told(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, port_silent, works);
	expect_no(&p, DIAG_COMPARE_UNKNOWN, "the order GOOD, BAD");
	pair_close(&p);
}

static void only_api(struct build *b)
{
	works(b);
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
	pair_open(&p, works, masked_silent);
	expect(&p, "tcp.other-port", "tcp.filtered");
	assert_true(p.c->by_service);
	notes_say(&p, "their addresses were not compared");
	assert_string_equal(MASKED_API, p.c->first->targets[0]);
	pair_close(&p);
	pair_open(&p, works, masked_public);
	/* whether it is the same server cannot be known */
	expect(&p, "dns.other-answer", "dns.wrong-address");
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
	pair_open(&p, works, asks_isp);
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
	pair_open(&p, works, asks_isp);
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
	works(b);
	b->targets =
	    T_BARE(API, "workspace-api") "," T_BARE(BLOB, "storage-blob");
	diag_buf_reset(&b->facts);
	b->n_facts = 0;
	api_works(b, CORP);
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
	pair_open(&p, unproven, asks_isp);
	good = side("good.case", &p.good);
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
