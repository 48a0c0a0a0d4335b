/* SPDX-License-Identifier: MIT */
/* Which way the packets go: an overlap or a jumpbox, another VPN or a profile
 * that lacks a network, no VPN or a firewall. */
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

static const struct {
	const char *name, *address;
} three[] = {
	{ API, AT_API },
	{ NOTEBOOK, AT_NOTEBOOK },
	{ BLOB, AT_BLOB },
};

/* Names are right; each address is routed like this and answers like that. */
static void all_three(struct build *b, const char *view, const char *interface,
		      const char *how, const char *status)
{
	for (size_t i = 0; i < 3; i++) {
		path_right(b, view, three[i].name, three[i].address);
		path_route(b, three[i].address, interface, how);
		build_tcp(b, three[i].name, three[i].address, 443, status);
	}
}

/* --- overlap -------------------------------------------------------------- */

static void a_home_network_in_the_vnets_range_overlaps(void **state)
{
	struct build *b = *state;

	b->interfaces =
	    "{\"name\":\"wlan0\",\"up\":true,\"addresses\":[{\"address\":"
	    "\"10.150.0.23\",\"prefix\":\"10.150.0.0/24\"}]}," M_TUN;
	b->routes = "{\"to\":\"0.0.0.0/0\",\"gateway\":\"10.150.0.1\","
		    "\"interface\":\"wlan0\"},{\"to\":\"10.150.0.0/24\","
		    "\"interface\":\"wlan0\"}," M_VNET;
	all_three(b, ISP, "wlan0", "on-link", "timeout");
	build_judge(b);
	build_expect(b, "error net.local-overlap");
	path_blames(b, "net.local-overlap", API " " NOTEBOOK " " BLOB);
	build_status(b, BLOB, DIAG_TARGET_FAIL);
	path_causes(b, "net.local-overlap");
}

static void strangers_of_the_home_network_add_nothing(void **state)
{
	struct build *b = *state;

	for (size_t i = 0; i < 3; i++) {
		path_right(b, ISP, three[i].name, three[i].address);
		path_route(b, three[i].address, "wlan0", "on-link");
	}
	build_stranger(b, API, AT_API);
	build_tcp(b, NOTEBOOK, AT_NOTEBOOK, 443, "refused");
	path_errno(b, BLOB, AT_BLOB, "unreachable", "EHOSTUNREACH");
	build_judge(b);
	build_expect(b, "error net.local-overlap");
}

/* The default role of a machine with an address in the networks. */
static void a_home_network_is_known_by_its_empty_link(void **state)
{
	struct build *b = *state;

	path_in_vnet(b);
	b->servers = M_SRV_ISP;
	b->views = "{\"view\":\"system\"},{\"view\":\"" ISP "\"}";
	all_three(b, ISP, "eth0", "on-link", "timeout");
	path_errno(b, API, AT_API, "unreachable", "EHOSTUNREACH");
	build_judge(b);
	build_expect(b, "error net.local-overlap");
}

/* An NSG drops silently; Azure answers ARP for every address. */
static void a_jumpbox_behind_a_drop_does_not_overlap(void **state)
{
	struct build *b = *state;

	path_in_vnet(b);
	all_three(b, AZURE, "eth0", "on-link", "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
	path_causes(b, "tcp.filtered");
}

static void a_jumpbox_with_a_foreign_server_does_not_overlap(void **state)
{
	struct build *b = *state;

	path_in_vnet(b);
	b->servers = M_SRV_ISP;
	b->views = "{\"view\":\"system\"},{\"view\":\"" ISP "\"}";
	all_three(b, ISP, "eth0", "on-link", "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
}

static void one_service_met_behind_the_link_shows_the_vnet(void **state)
{
	struct build *b = *state;

	b->interfaces = M_ETH;
	b->routes = M_ETH_DEFAULT "," M_ETH_LAN;
	for (size_t i = 0; i < 3; i++) {
		path_right(b, ISP, three[i].name, three[i].address);
		path_route(b, three[i].address, "eth0", "on-link");
	}
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	build_tcp(b, BLOB, AT_BLOB, 443, "timeout");
	build_judge(b);
	build_expect(b, "error endpoint.silent error tcp.filtered");
}

/* A server of the home network stands in the VNet's range and answers. */
static void a_home_server_in_the_range_is_no_proof_to_a_client(void **state)
{
	struct build *b = *state;

	b->interfaces = M_ETH;
	b->routes = M_ETH_DEFAULT "," M_ETH_LAN;
	b->servers = "{\"at\":\"10.150.0.2:53\",\"source\":"
		     "\"/etc/resolv.conf\",\"default_route\":true}";
	b->views = "{\"view\":\"system\"},{\"view\":\"10.150.0.2:53\"}";
	for (size_t i = 0; i < 3; i++) {
		build_system(b, three[i].name, "20.62.10.4");
		build_public(b, "10.150.0.2:53", three[i].name);
		path_route(b, three[i].address, "eth0", "on-link");
		build_tcp(b, three[i].name, three[i].address, 443, "timeout");
	}
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible error net.local-overlap");
}

static void docker0_overlaps_even_inside(void **state)
{
	struct build *b = *state;

	path_in_vnet(b);
	b->interfaces = M_ETH ",{\"name\":\"docker0\",\"up\":true,"
			      "\"container\":true,\"addresses\":[{\"address\":"
			      "\"10.150.0.1\",\"prefix\":\"10.150.0.0/29\"}]}";
	all_three(b, AZURE, "docker0", "on-link", "timeout");
	build_judge(b);
	build_expect(b, "error net.local-overlap");
	path_says(b, "net.local-overlap", "docker0");
}

/* --- beside the tunnel ---------------------------------------------------- */

static void a_profile_that_lacks_the_network_is_told(void **state)
{
	struct build *b = *state;

	b->routes = M_DEFAULT "," M_LAN;
	all_three(b, ISP, "wlan0", "default", "timeout");
	build_judge(b);
	build_expect(b, "error net.not-through-tunnel");
	path_says(b, "net.not-through-tunnel", "tun0");
}

static void a_full_tunnel_is_a_way_through_the_tunnel(void **state)
{
	struct build *b = *state;

	all_three(b, ISP, "tun0", "default tunnel", "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
}

/* The VNet is reached by a private line; the tunnel leads elsewhere. */
static void a_way_beside_the_tunnel_that_works_is_left_alone(void **state)
{
	struct build *b = *state;

	for (size_t i = 0; i < 3; i++) {
		path_right(b, ISP, three[i].name, three[i].address);
		path_route(b, three[i].address, "wlan0", "default");
	}
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	build_tcp(b, BLOB, AT_BLOB, 443, "timeout");
	build_judge(b);
	build_expect(b, "error endpoint.silent error tcp.filtered");
}

static void a_firewall_beside_the_tunnel_shows_a_path(void **state)
{
	struct build *b = *state;

	for (size_t i = 0; i < 3; i++) {
		path_right(b, ISP, three[i].name, three[i].address);
		path_route(b, three[i].address, "wlan0", "default");
		path_icmp(b, three[i].name, three[i].address, 13,
			  "192.168.1.1");
	}
	build_judge(b);
	build_expect(b, "error net.unreachable");
}

/* 10.0.0.0/8 around 10.150.0.0/16: the tunnel's route would win. */
static void a_wider_local_network_is_the_profiles_fault(void **state)
{
	struct build *b = *state;

	b->routes =
	    M_DEFAULT ",{\"to\":\"10.0.0.0/8\",\"interface\":\"wlan0\"}";
	all_three(b, ISP, "wlan0", "on-link", "timeout");
	build_judge(b);
	build_expect(b, "error net.not-through-tunnel");
}

/* --- vpn.down ------------------------------------------------------------- */

static void without_vpn_everything_else_follows(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	for (size_t i = 0; i < 3; i++) {
		build_system(b, three[i].name, "20.62.10.4");
		build_public(b, ISP, three[i].name);
		path_route(b, three[i].address, "wlan0", "default");
		build_tcp(b, three[i].name, three[i].address, 443, "timeout");
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
		build_system(b, three[i].name, three[i].address);
		path_route(b, three[i].address, "wlan0", "default");
		path_icmp(b, three[i].name, three[i].address, 1, "203.0.113.1");
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
	all_three(b, ISP, "wlan0", "on-link", "timeout");
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
	all_three(b, ISP, "wlan0", "", "timeout");
	build_judge(b);
	build_expect(b, "error vpn.down");
}

static void a_company_firewall_is_not_a_missing_vpn(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	for (size_t i = 0; i < 3; i++) {
		path_right(b, ISP, three[i].name, three[i].address);
		path_route(b, three[i].address, "wlan0", "default");
		path_icmp(b, three[i].name, three[i].address, 13, "10.20.0.1");
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
		path_right(b, ISP, three[i].name, three[i].address);
		path_route(b, three[i].address, "wlan0", "default");
		path_icmp(b, three[i].name, three[i].address, 13,
			  "203.0.113.1");
	}
	build_judge(b);
	build_expect(b, "error vpn.down");
}

/* In the office: the company's server sees Azure's zones, so the machine is
 * connected, and something drops. */
static void a_server_that_sees_the_zones_shows_a_connection(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	build_soa(b, ISP, API_ZONE, PRIVATE_MNAME);
	all_three(b, ISP, "wlan0", "default", "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
}

static void one_answer_shows_a_path(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	all_three(b, ISP, "wlan0", "default", "timeout");
	build_tcp(b, API, AT_API, 443, "refused");
	build_judge(b);
	build_expect(b, "error tcp.filtered error tcp.refused");
}

static void a_jumpbox_needs_no_vpn(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	b->role = "jumpbox";
	all_three(b, ISP, "wlan0", "default", "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
}

static void a_machine_of_which_nothing_is_known_blames_no_vpn(void **state)
{
	struct build *b = *state;

	b->interfaces = "";
	b->routes = "";
	all_three(b, ISP, "wlan0", "default", "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
}

static void connections_that_were_not_run_blame_nobody(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	all_three(b, ISP, "wlan0", "default", "not-run");
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
		build_system_status(b, three[i].name, "timeout", "", "");
		build_dns(b, CORP, three[i].name, "A", "timeout", "");
		path_route(b, three[i].address, "wlan0", "default");
		build_tcp(b, three[i].name, three[i].address, 443, "timeout");
	}
	build_judge(b);
	build_expect(b, "error dns.server-silent error vpn.down");
	path_causes(b, "vpn.down");
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(a_home_network_in_the_vnets_range_overlaps),
		WITH_CASE(strangers_of_the_home_network_add_nothing),
		WITH_CASE(a_home_network_is_known_by_its_empty_link),
		WITH_CASE(a_jumpbox_behind_a_drop_does_not_overlap),
		WITH_CASE(a_jumpbox_with_a_foreign_server_does_not_overlap),
		WITH_CASE(one_service_met_behind_the_link_shows_the_vnet),
		WITH_CASE(a_home_server_in_the_range_is_no_proof_to_a_client),
		WITH_CASE(docker0_overlaps_even_inside),
		WITH_CASE(a_profile_that_lacks_the_network_is_told),
		WITH_CASE(a_full_tunnel_is_a_way_through_the_tunnel),
		WITH_CASE(a_way_beside_the_tunnel_that_works_is_left_alone),
		WITH_CASE(a_firewall_beside_the_tunnel_shows_a_path),
		WITH_CASE(a_wider_local_network_is_the_profiles_fault),
		WITH_CASE(without_vpn_everything_else_follows),
		WITH_CASE(right_hosts_lines_do_not_hide_that_the_vpn_is_down),
		WITH_CASE(
		    a_wide_wifi_prefix_does_not_hide_that_the_vpn_is_down),
		WITH_CASE(a_route_by_a_gateway_does_not_hide_it_either),
		WITH_CASE(a_company_firewall_is_not_a_missing_vpn),
		WITH_CASE(a_prohibition_from_the_internet_is_a_missing_vpn),
		WITH_CASE(a_server_that_sees_the_zones_shows_a_connection),
		WITH_CASE(one_answer_shows_a_path),
		WITH_CASE(a_jumpbox_needs_no_vpn),
		WITH_CASE(a_machine_of_which_nothing_is_known_blames_no_vpn),
		WITH_CASE(connections_that_were_not_run_blame_nobody),
		WITH_CASE(the_vpns_own_server_is_silent_because_of_it),
	};

	return cmocka_run_group_tests_name("rules_way", tests, NULL, NULL);
}
