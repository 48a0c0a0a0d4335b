/* SPDX-License-Identifier: MIT */
/* No VPN, or a way that somebody closed? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/verdict/paths.h"

#define HOSTS_RIGHT                                                          \
	"\"hosts\":{\"path\":\"/etc/hosts\",\"edges\":["                     \
	"{\"name\":\"" API "\",\"address\":\"" AT_API "\",\"line\":1},"      \
	"{\"name\":\"" NOTEBOOK "\",\"address\":\"" AT_NOTEBOOK              \
	"\",\"line\":2},{\"name\":\"" BLOB "\",\"address\":\"" AT_BLOB "\"," \
	"\"line\":3}]},"

static void without_vpn_everything_else_follows(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	for (size_t i = 0; i < 3; i++) {
		build_system(b, path_three[i].name, "20.62.10.4");
		build_public(b, ISP, path_three[i].name);
		path_route(b, path_three[i].address, "wlan0", "default");
		build_tcp(b, path_three[i].name, path_three[i].address, 443,
			  "timeout");
	}
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible error vpn.down");
	path_causes(b, "vpn.down");
	assert_int_equal(1, b->v->causes[0].n_explains);
	assert_string_equal("vpn", b->v->causes[0].fixes[0].kind);
}

static void right_hosts_lines_do_not_hide_that_the_vpn_is_down(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	b->machine = M_ROOTS HOSTS_RIGHT;
	for (size_t i = 0; i < 3; i++) {
		build_system(b, path_three[i].name, path_three[i].address);
		path_route(b, path_three[i].address, "wlan0", "default");
		path_icmp(b, path_three[i].name, path_three[i].address, 1,
			  "203.0.113.1");
	}
	build_judge(b);
	build_expect(b, "error vpn.down");
}

/* The Wi-Fi's own prefix is wider than the VNet: a route is there, and leads
 * nowhere until the VPN brings its own. */
static void a_wide_wifi_prefix_does_not_hide_that_the_vpn_is_down(void **state)
{
	struct build *b = *state;

	b->interfaces =
	    "{\"name\":\"wlan0\",\"up\":true,\"addresses\":[{\"address\":"
	    "\"10.3.4.5\",\"prefix\":\"10.0.0.0/8\"}]}";
	b->routes =
	    "{\"to\":\"0.0.0.0/0\",\"gateway\":\"10.0.0.1\",\"interface\":"
	    "\"wlan0\"},{\"to\":\"10.0.0.0/8\",\"interface\":\"wlan0\"}";
	path_all_three(b, ISP, "wlan0", "on-link", "timeout");
	build_judge(b);
	build_expect(b, "error vpn.down");
}

static void a_route_by_a_gateway_does_not_hide_it_either(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	b->routes =
	    M_DEFAULT ",{\"to\":\"10.0.0.0/8\",\"gateway\":\"192.168.1.1\","
		      "\"interface\":\"wlan0\"}";
	path_all_three(b, ISP, "wlan0", "", "timeout");
	build_judge(b);
	build_expect(b, "error vpn.down");
}

static void a_company_firewall_is_not_a_missing_vpn(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	for (size_t i = 0; i < 3; i++) {
		path_right(b, ISP, path_three[i].name, path_three[i].address);
		path_route(b, path_three[i].address, "wlan0", "default");
		path_icmp(b, path_three[i].name, path_three[i].address, 13,
			  "10.20.0.1");
	}
	build_judge(b);
	build_expect(b, "error net.unreachable");
	path_says(b, "net.unreachable", "10.20.0.1 says that a filter");
}

/* Private addresses that met a router of the internet never had a path. */
static void a_prohibition_from_the_internet_is_a_missing_vpn(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	for (size_t i = 0; i < 3; i++) {
		path_right(b, ISP, path_three[i].name, path_three[i].address);
		path_route(b, path_three[i].address, "wlan0", "default");
		path_icmp(b, path_three[i].name, path_three[i].address, 13,
			  "203.0.113.1");
	}
	build_judge(b);
	build_expect(b, "error vpn.down");
}

static void every_prohibition_counts(void **state)
{
	static const unsigned codes[] = { 3, 9, 10, 13 };
	struct build *b = *state;

	path_at_home(b);
	for (size_t k = 0; k < 4; k++) {
		for (size_t i = 0; i < 3; i++) {
			path_right(b, ISP, path_three[i].name,
				   path_three[i].address);
			path_route(b, path_three[i].address, "wlan0",
				   "default");
			path_icmp(b, path_three[i].name, path_three[i].address,
				  codes[k], "10.20.0.1");
		}
		build_judge(b);
		build_expect(b, "error net.unreachable");
		path_says(b, "net.unreachable",
			  codes[k] == 3 ? "cannot be reached"
					: "a filter prohibits");
	}
}

static void a_filter_of_its_own_is_not_a_missing_vpn(void **state)
{
	static const char *const errnos[] = { "EPERM", "EACCES" };
	struct build *b = *state;

	path_at_home(b);
	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < 3; i++) {
			path_right(b, ISP, path_three[i].name,
				   path_three[i].address);
			path_route(b, path_three[i].address, "wlan0",
				   "default");
			path_errno(b, path_three[i].name, path_three[i].address,
				   "unreachable", errnos[k]);
		}
		build_judge(b);
		build_expect(b, "error net.unreachable");
	}
}

/* Some home routers answer for every name server that is asked. */
static void azures_server_met_at_home_is_an_impostor(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	b->views = "{\"view\":\"system\"},{\"view\":\"" ISP "\"},{\"view\":"
		   "\"" AZURE "\",\"added\":true}";
	for (size_t i = 0; i < 3; i++) {
		build_system(b, path_three[i].name, "20.62.10.4");
		build_public(b, ISP, path_three[i].name);
		build_public(b, AZURE, path_three[i].name);
		path_route(b, path_three[i].address, "wlan0", "default");
		build_tcp(b, path_three[i].name, path_three[i].address, 443,
			  "timeout");
	}
	build_judge(b);
	path_causes(b, "vpn.down");
}

/* In the office: the company's server sees Azure's zones, so the machine is
 * connected, and something drops. */
static void a_server_that_sees_the_zones_shows_a_connection(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	build_soa(b, ISP, API_ZONE, PRIVATE_MNAME);
	path_all_three(b, ISP, "wlan0", "default", "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
}

static void one_answer_shows_a_path(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	path_all_three(b, ISP, "wlan0", "default", "timeout");
	build_tcp(b, API, AT_API, 443, "refused");
	build_judge(b);
	build_expect(b, "error tcp.filtered error tcp.refused");
}

static void a_jumpbox_needs_no_vpn(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	b->role = "jumpbox";
	path_all_three(b, ISP, "wlan0", "default", "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
}

static void a_machine_of_which_nothing_is_known_blames_no_vpn(void **state)
{
	struct build *b = *state;

	b->interfaces = "";
	b->routes = "";
	path_all_three(b, ISP, "wlan0", "default", "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
}

static void connections_that_were_not_run_blame_nobody(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	path_all_three(b, ISP, "wlan0", "default", "not-run");
	build_judge(b);
	build_expect(b, "");
	build_status(b, API, DIAG_TARGET_UNKNOWN);
}

/* Its server lives behind the VPN and is silent too. */
static void the_vpns_own_server_is_silent_because_of_it(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	b->servers = M_SRV_CORP;
	b->views = "{\"view\":\"system\"},{\"view\":\"" CORP "\"}";
	for (size_t i = 0; i < 3; i++) {
		build_system_status(b, path_three[i].name, "timeout", "", "");
		build_dns(b, CORP, path_three[i].name, "A", "timeout", "");
		path_route(b, path_three[i].address, "wlan0", "default");
		build_tcp(b, path_three[i].name, path_three[i].address, 443,
			  "timeout");
	}
	build_judge(b);
	build_expect(b, "error dns.server-silent error vpn.down");
	path_causes(b, "vpn.down");
}

/* A server on the local link needs no VPN: its silence is its own. */
static void a_silent_router_at_home_is_a_cause_of_its_own(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	b->servers = "{\"at\":\"192.168.1.1:53\",\"source\":"
		     "\"/etc/resolv.conf\",\"default_route\":true}";
	b->views = "{\"view\":\"system\"},{\"view\":\"192.168.1.1:53\"}";
	for (size_t i = 0; i < 3; i++) {
		const struct path_known *k = &path_three[i];

		build_system_status(b, k->name, "timeout", "", "");
		build_dns(b, "192.168.1.1:53", k->name, "A", "timeout", "");
		path_route(b, k->address, "wlan0", "default");
		build_tcp(b, k->name, k->address, 443, "timeout");
	}
	build_judge(b);
	path_causes(b, "vpn.down dns.server-silent");
}

/* --- captures: neither tunnels nor settings are in them ------------------- */

static void from_capture(struct build *b)
{
	b->tool = "pl-capture";
	b->interfaces = "";
	b->routes = "";
	b->views = "{\"view\":\"" ISP "\"}";
}

static void
a_capture_of_silence_does_not_tell_the_vpn_from_a_filter(void **state)
{
	struct build *b = *state;

	from_capture(b);
	for (size_t i = 0; i < 3; i++) {
		build_public(b, ISP, path_three[i].name);
		build_tcp(b, path_three[i].name, path_three[i].address, 443,
			  "timeout");
	}
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible error tcp.filtered");
	path_says(b, "tcp.filtered", "the VPN is not connected, or");
	path_says(b, "tcp.filtered", "does not show which");
	assert_string_equal("vpn", b->v->causes[0].fixes[0].kind);
}

static void one_endpoint_that_answers_shows_that_the_vpn_is_up(void **state)
{
	struct build *b = *state;

	from_capture(b);
	for (size_t i = 0; i < 3; i++)
		build_public(b, ISP, path_three[i].name);
	build_tcp(b, API, AT_API, 443, "timeout");
	build_tcp(b, BLOB, AT_BLOB, 443, "refused");
	build_judge(b);
	path_says(b, "tcp.filtered", "a network security group, a firewall");
}

static void in_a_capture_a_proxy_may_be_the_way_to_public_names(void **state)
{
	struct build *b = *state;

	from_capture(b);
	b->targets = T_STUDIO;
	build_dns(b, ISP, STUDIO, "A", "answer", "20.62.20.1");
	build_tcp(b, STUDIO, "20.62.20.1", 443, "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
	path_says(b, "tcp.filtered", "only a proxy leads to the internet");
	assert_string_equal("proxy", b->v->causes[0].fixes[0].kind);
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(without_vpn_everything_else_follows),
		WITH_CASE(right_hosts_lines_do_not_hide_that_the_vpn_is_down),
		WITH_CASE(
		    a_wide_wifi_prefix_does_not_hide_that_the_vpn_is_down),
		WITH_CASE(a_route_by_a_gateway_does_not_hide_it_either),
		WITH_CASE(a_company_firewall_is_not_a_missing_vpn),
		WITH_CASE(a_prohibition_from_the_internet_is_a_missing_vpn),
		WITH_CASE(every_prohibition_counts),
		WITH_CASE(a_filter_of_its_own_is_not_a_missing_vpn),
		WITH_CASE(azures_server_met_at_home_is_an_impostor),
		WITH_CASE(a_server_that_sees_the_zones_shows_a_connection),
		WITH_CASE(one_answer_shows_a_path),
		WITH_CASE(a_jumpbox_needs_no_vpn),
		WITH_CASE(a_machine_of_which_nothing_is_known_blames_no_vpn),
		WITH_CASE(connections_that_were_not_run_blame_nobody),
		WITH_CASE(the_vpns_own_server_is_silent_because_of_it),
		WITH_CASE(a_silent_router_at_home_is_a_cause_of_its_own),
		WITH_CASE(
		    a_capture_of_silence_does_not_tell_the_vpn_from_a_filter),
		WITH_CASE(one_endpoint_that_answers_shows_that_the_vpn_is_up),
		WITH_CASE(in_a_capture_a_proxy_may_be_the_way_to_public_names),
	};

	return cmocka_run_group_tests_name("rules_vpn", tests, NULL, NULL);
}
