/* SPDX-License-Identifier: MIT */
/* See worlds.h. */
#include "tests/bundle/worlds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* --- two of them ---------------------------------------------------------- */

void pair_open(struct pair *p, world *good, world *bad)
{
	memset(p, 0, sizeof(*p));
	build_init(&p->good);
	good(&p->good);
	build_judge(&p->good);
	build_init(&p->bad);
	bad(&p->bad);
	build_judge(&p->bad);
}

struct diag_compare_side pair_side(const char *name, const struct build *b)
{
	return (struct diag_compare_side){ name, b->c, b->v };
}

bool pair_compare(struct pair *p)
{
	struct diag_compare_side good = pair_side("good.case", &p->good);
	struct diag_compare_side bad = pair_side("bad.case", &p->bad);

	diag_comparison_free(p->c);
	p->c = NULL;
	return diag_compare(&good, &bad, &p->c, NULL);
}

void pair_close(struct pair *p)
{
	diag_comparison_free(p->c);
	build_clear(&p->good);
	build_clear(&p->bad);
}

const char *pair_first(const struct diag_comparison *c)
{
	return c->first != NULL ? c->first->code : "-";
}

void pair_show(const struct pair *p)
{
	print_error("bad said: %s\n", p->bad.said);
	for (size_t i = 0; i < p->c->n_differences; i++) {
		const struct diag_difference *d = &p->c->differences[i];

		print_error("%s %s | %s\n", d->code, d->there, d->here);
	}
	for (size_t i = 0; i < p->c->n_notes; i++)
		print_error("note: %s\n", p->c->notes[i]);
}

void pair_expect(struct pair *p, const char *first, const char *makes)
{
	assert_true(pair_compare(p));
	if (strcmp(pair_first(p->c), first) != 0)
		pair_show(p);
	assert_string_equal(first, pair_first(p->c));
	assert_int_equal(DIAG_COMPARE_FOUND, p->c->outcome);
	assert_string_equal(makes, p->c->first->explains->finding->info->code);
	assert_true(p->c->first->there[0] != '\0');
	assert_true(strcmp(p->c->first->there, p->c->first->here) != 0);
}

void pair_notes_say(const struct pair *p, const char *words)
{
	for (size_t i = 0; i < p->c->n_notes; i++)
		if (strstr(p->c->notes[i], words) != NULL)
			return;
	pair_show(p);
	fail_msg("no note says \"%s\"", words);
}

void pair_innocent(const struct pair *p, const char *code)
{
	for (size_t i = 0; i < p->c->n_differences; i++) {
		const struct diag_difference *d = &p->c->differences[i];

		if (strcmp(d->code, code) != 0)
			continue;
		assert_null(d->explains);
		return;
	}
	pair_show(p);
	fail_msg("%s is not told", code);
}

/* --- worlds --------------------------------------------------------------- */

/* A VPN that brings its own name server. */
void world_vpn(struct build *b)
{
	b->machine = M_ROOTS;
	b->servers = M_SRV_CORP;
	b->views = SYSTEM_AND(CORP);
	b->routes = M_DEFAULT "," M_LAN "," M_VNET "," M_TO_CORP;
}

void world_answer_right(struct build *b, const char *view, const char *name,
			const char *address)
{
	build_system(b, name, address);
	build_private(b, view, name);
}

/* All but the API's name. */
void world_others(struct build *b, const char *view)
{
	world_answer_right(b, view, NOTEBOOK, AT_NOTEBOOK);
	world_answer_right(b, view, BLOB, AT_BLOB);
	build_route(b, AT_NOTEBOOK, "tun0", true);
	build_route(b, AT_BLOB, "tun0", true);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	build_open(b, BLOB, AT_BLOB);
}

void world_api_works(struct build *b, const char *view)
{
	world_answer_right(b, view, API, AT_API);
	build_route(b, AT_API, "tun0", true);
	build_open(b, API, AT_API);
}

void world_works(struct build *b)
{
	world_vpn(b);
	world_others(b, CORP);
	world_api_works(b, CORP);
}

/* The API's answer is public; its private endpoint is met. */
void world_api_public(struct build *b, const char *view)
{
	build_system(b, API, "20.62.10.4");
	build_public(b, view, API);
	build_route(b, AT_API, "tun0", true);
	build_open(b, API, AT_API);
}

void world_asks_isp(struct build *b)
{
	world_vpn(b);
	b->servers = M_SRV_ISP;
	b->views = SYSTEM_AND(ISP);
	world_others(b, ISP);
	world_api_public(b, ISP);
}

void world_same_server_public(struct build *b)
{
	world_vpn(b);
	world_others(b, CORP);
	world_api_public(b, CORP);
}

void world_all_silent(struct build *b)
{
	world_vpn(b);
	for (size_t i = 0; i < 3; i++) {
		build_system_status(b, path_three[i].name, "timeout", "", "");
		build_dns(b, CORP, path_three[i].name, "A", "timeout", "");
		build_open(b, path_three[i].name, path_three[i].address);
	}
}

void world_at_home(struct build *b)
{
	world_vpn(b);
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

void world_offline(struct build *b)
{
	world_vpn(b);
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

void world_no_route(struct build *b)
{
	world_vpn(b);
	for (size_t i = 0; i < 3; i++) {
		world_answer_right(b, CORP, path_three[i].name,
				   path_three[i].address);
		path_route(b, path_three[i].address, "", "none");
		path_errno(b, path_three[i].name, path_three[i].address,
			   "unreachable", "ENETUNREACH");
	}
}

void world_in_vnet(struct build *b)
{
	path_in_vnet(b);
	b->machine = M_ROOTS;
	for (size_t i = 0; i < 3; i++) {
		world_answer_right(b, AZURE, path_three[i].name,
				   path_three[i].address);
		path_route(b, path_three[i].address, "eth0", "on-link");
		build_open(b, path_three[i].name, path_three[i].address);
	}
}

/* The way to the API's address ends so. */
void world_port(struct build *b, const char *status)
{
	world_vpn(b);
	world_others(b, CORP);
	world_answer_right(b, CORP, API, AT_API);
	build_route(b, AT_API, "tun0", true);
	build_tcp(b, API, AT_API, 443, status);
}

void world_port_silent(struct build *b)
{
	world_port(b, "timeout");
}

void world_port_refused(struct build *b)
{
	world_port(b, "refused");
}

void world_hosts_wrong(struct build *b)
{
	world_works(b);
	diag_buf_reset(&b->facts);
	b->n_facts = 0;
	b->machine = M_ROOTS HOSTS("10.150.0.99");
	world_others(b, CORP);
	build_system(b, API, "10.150.0.99");
	build_private(b, CORP, API);
	build_open(b, API, AT_API);
	build_tcp(b, API, "10.150.0.99", 443, "timeout");
}

void world_hosts_right(struct build *b)
{
	world_vpn(b);
	b->machine = M_ROOTS HOSTS(AT_API);
	b->servers = M_SRV_ISP;
	b->views = SYSTEM_AND(ISP);
	world_others(b, ISP);
	build_system(b, API, AT_API);
	build_public(b, ISP, API);
	build_open(b, API, AT_API);
}

void world_hosts_glued(struct build *b)
{
	world_asks_isp(b);
	b->machine = M_ROOTS GLUED;
}

void world_hosts_asked_last(struct build *b)
{
	world_asks_isp(b);
	b->machine = M_ROOTS HOSTS(AT_API);
	b->nss = "\"dns\",\"files\"";
}

void world_search_list(struct build *b)
{
	world_vpn(b);
	b->machine =
	    M_ROOTS "\"resolv\":{\"search\":[\"corp.example\"],\"ndots\":7},";
	world_others(b, CORP);
	build_system_status(b, API, "answer", "203.0.113.9",
			    API ".corp.example");
	build_private(b, CORP, API);
	build_open(b, API, AT_API);
}

void world_stale(struct build *b)
{
	world_vpn(b);
	world_others(b, CORP);
	build_system(b, API, "20.62.10.4");
	build_private(b, CORP, API);
	build_open(b, API, AT_API);
}

void world_other_family(struct build *b)
{
	world_works(b);
	diag_buf_reset(&b->facts);
	b->n_facts = 0;
	world_others(b, CORP);
	build_system(b, API, AT_API " 2603:1030:40c::8");
	build_private(b, CORP, API);
	build_dns(b, CORP, API, "AAAA", "answer", "2603:1030:40c::8");
	build_open(b, API, AT_API);
}

static void dated(struct build *b, const char *hour)
{
	static const struct path_cert fine = { .status = "ok" };
	char members[256];

	world_vpn(b);
	(void)snprintf(members, sizeof(members),
		       "\"answer\",\"code\":200,\"is_service\":true,\"date\":"
		       "\"Mon, 23 Nov 2026 %s:00:01 GMT\"",
		       hour);
	for (size_t i = 0; i < 3; i++) {
		world_answer_right(b, CORP, path_three[i].name,
				   path_three[i].address);
		path_tls(b, path_three[i].name, path_three[i].address, &fine);
		path_http(b, path_three[i].name, path_three[i].address,
			  members);
	}
}

void world_clock_right(struct build *b)
{
	dated(b, "10");
}

void world_clock_slow(struct build *b)
{
	dated(b, "11");
}

static void tls_is(struct build *b, const struct path_cert *cert)
{
	world_vpn(b);
	world_others(b, CORP);
	world_answer_right(b, CORP, API, AT_API);
	build_route(b, AT_API, "tun0", true);
	path_tls(b, API, AT_API, cert);
	if (cert->root == NULL)
		path_http(b, API, AT_API,
			  "\"answer\",\"code\":200,\"is_service\":true");
}

void world_tls_good(struct build *b)
{
	static const struct path_cert cert = { .status = "ok", .sha256 = "aa" };

	tls_is(b, &cert);
}

void world_tls_inspected(struct build *b)
{
	static const struct path_cert cert = { .status = "untrusted",
					       .faults = "\"untrusted\"",
					       .root = "unknown",
					       .issuer = "CN=Corp Proxy",
					       .sha256 = "bb" };

	tls_is(b, &cert);
}

void world_tls_cut(struct build *b)
{
	world_port(b, "open");
	build_fact(b, "\"probe\":\"tls\",\"target\":\"" API
		      "\",\"status\":\"cut\",\"address\":\"" AT_API
		      "\",\"port\":443,\"server_hello\":false");
}

void world_http_denied(struct build *b)
{
	static const struct path_cert cert = { .status = "ok" };

	world_vpn(b);
	world_others(b, CORP);
	world_answer_right(b, CORP, API, AT_API);
	path_tls(b, API, AT_API, &cert);
	path_http(b, API, AT_API,
		  "\"answer\",\"code\":403,\"is_service\":true,\"denial\":"
		  "\"public network access is disabled\"");
}

void world_large_lost(struct build *b)
{
	for (size_t i = 0; i < 2; i++)
		build_fact(b, "\"probe\":\"tls\",\"target\":\"" API
			      "\",\"status\":\"timeout\",\"address\":\"" AT_API
			      "\",\"port\":443,\"hello_bytes\":2100");
}

void world_large_hello_lost(struct build *b)
{
	world_works(b);
	world_large_lost(b);
}

void world_in_docker(struct build *b)
{
	world_works(b);
	b->machine = M_ROOTS "\"container\":\"docker\",";
}

void world_behind_proxy(struct build *b)
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

void world_no_proxy(struct build *b)
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
void world_expects_another(struct build *b)
{
	static const struct path_cert stranger = { .status = "name-mismatch",
						   .faults =
						       "\"name-mismatch\"" };

	world_vpn(b);
	b->targets = T_OLD_API "," T_NOTEBOOK "," T_BLOB;
	world_others(b, CORP);
	world_answer_right(b, CORP, API, AT_API);
	path_tls(b, API, AT_API, &stranger);
	build_tcp(b, API, "10.150.0.40", 443, "timeout");
}

#define T_FILES_443 T_PRIVATE(FILES, "storage-file", AT_FILES, "443")
static void files(struct build *b, bool smb)
{
	world_vpn(b);
	b->targets = smb ? T_FILES : T_FILES_443;
	path_right(b, CORP, FILES, AT_FILES);
	build_open(b, FILES, AT_FILES);
	if (smb)
		build_tcp(b, FILES, AT_FILES, 445, "timeout");
}

void world_files_https(struct build *b)
{
	files(b, false);
}

void world_files_smb(struct build *b)
{
	files(b, true);
}

/* The second server is asked when the first is silent, and knows nothing. */
void world_second_server(struct build *b)
{
	world_works(b);
	b->servers = M_SRV_OTHER "," M_SRV_CORP;
	b->views = "{\"view\":\"system\"},{\"view\":\"" OTHER
		   "\"},{\"view\":\"" CORP "\"}";
	for (size_t i = 0; i < 3; i++)
		build_dns(b, OTHER, path_three[i].name, "A", "timeout", "");
}
