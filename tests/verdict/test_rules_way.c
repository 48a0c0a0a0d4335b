/* SPDX-License-Identifier: MIT */
/* Which way the packets go: an overlap or a jumpbox, another VPN or a profile
 * that lacks a network, no VPN or a firewall. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/verdict/paths.h"

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
	path_all_three(b, ISP, "wlan0", "on-link", "timeout");
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
		path_right(b, ISP, path_three[i].name, path_three[i].address);
		path_route(b, path_three[i].address, "wlan0", "on-link");
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
	path_all_three(b, ISP, "eth0", "on-link", "timeout");
	path_errno(b, API, AT_API, "unreachable", "EHOSTUNREACH");
	build_judge(b);
	build_expect(b, "error net.local-overlap");
}

/* An NSG drops silently; Azure answers ARP for every address. */
static void a_jumpbox_behind_a_drop_does_not_overlap(void **state)
{
	struct build *b = *state;

	path_in_vnet(b);
	path_all_three(b, AZURE, "eth0", "on-link", "timeout");
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
	path_all_three(b, ISP, "eth0", "on-link", "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
}

static void one_service_met_behind_the_link_shows_the_vnet(void **state)
{
	struct build *b = *state;

	b->interfaces = M_ETH;
	b->routes = M_ETH_DEFAULT "," M_ETH_LAN;
	for (size_t i = 0; i < 3; i++) {
		path_right(b, ISP, path_three[i].name, path_three[i].address);
		path_route(b, path_three[i].address, "eth0", "on-link");
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
		build_system(b, path_three[i].name, "20.62.10.4");
		build_public(b, "10.150.0.2:53", path_three[i].name);
		path_route(b, path_three[i].address, "eth0", "on-link");
		build_tcp(b, path_three[i].name, path_three[i].address, 443,
			  "timeout");
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
	path_all_three(b, AZURE, "docker0", "on-link", "timeout");
	build_judge(b);
	build_expect(b, "error net.local-overlap");
	path_says(b, "net.local-overlap", "docker0");
}

static void home_server_in_range(struct build *b)
{
	b->interfaces = M_ETH;
	b->routes = M_ETH_DEFAULT "," M_ETH_LAN;
	b->servers = "{\"at\":\"10.150.0.53:53\",\"source\":"
		     "\"/etc/resolv.conf\",\"default_route\":true}";
	b->views = "{\"view\":\"system\"},{\"view\":\"10.150.0.53:53\"}";
}

/* Only a server that is joined to Azure's zones sees them. */
static void a_server_in_the_range_that_sees_the_zones_is_proof(void **state)
{
	struct build *b = *state;

	home_server_in_range(b);
	build_soa(b, "10.150.0.53:53", API_ZONE, PRIVATE_MNAME);
	for (size_t i = 0; i < 3; i++) {
		build_system(b, path_three[i].name, "20.62.10.4");
		build_public(b, "10.150.0.53:53", path_three[i].name);
		path_route(b, path_three[i].address, "eth0", "on-link");
		build_tcp(b, path_three[i].name, path_three[i].address, 443,
			  "timeout");
	}
	build_judge(b);
	path_causes(b, "tcp.filtered dns.zone-not-visible dns.record-missing");
}

static void a_jumpbox_is_believed_by_any_server_in_the_range(void **state)
{
	struct build *b = *state;

	home_server_in_range(b);
	b->role = "jumpbox";
	for (size_t i = 0; i < 3; i++) {
		build_system(b, path_three[i].name, "20.62.10.4");
		build_public(b, "10.150.0.53:53", path_three[i].name);
		path_route(b, path_three[i].address, "eth0", "on-link");
		path_errno(b, path_three[i].name, path_three[i].address,
			   "unreachable", "EHOSTUNREACH");
	}
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible error net.unreachable");
}

/* --- beside the tunnel ---------------------------------------------------- */

static void a_profile_that_lacks_the_network_is_told(void **state)
{
	struct build *b = *state;

	b->routes = M_DEFAULT "," M_LAN;
	path_all_three(b, ISP, "wlan0", "default", "timeout");
	build_judge(b);
	build_expect(b, "error net.not-through-tunnel");
	path_says(b, "net.not-through-tunnel", "tun0");
}

static void a_full_tunnel_is_a_way_through_the_tunnel(void **state)
{
	struct build *b = *state;

	path_all_three(b, ISP, "tun0", "default tunnel", "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
}

/* The VNet is reached by a private line; the tunnel leads elsewhere. */
static void a_way_beside_the_tunnel_that_works_is_left_alone(void **state)
{
	struct build *b = *state;

	for (size_t i = 0; i < 3; i++) {
		path_right(b, ISP, path_three[i].name, path_three[i].address);
		path_route(b, path_three[i].address, "wlan0", "default");
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
		path_right(b, ISP, path_three[i].name, path_three[i].address);
		path_route(b, path_three[i].address, "wlan0", "default");
		path_icmp(b, path_three[i].name, path_three[i].address, 13,
			  "192.168.1.1");
	}
	build_judge(b);
	build_expect(b, "error net.unreachable");
}

/* The VNet's name server is reached through the tunnel; that does not put the
 * Wi-Fi into the VNet. */
static void a_server_behind_the_tunnel_proves_nothing_beside_it(void **state)
{
	struct build *b = *state;

	home_server_in_range(b);
	b->interfaces = M_WLAN "," M_TUN;
	b->routes =
	    M_DEFAULT "," M_LAN ",{\"to\":\"10.150.0.53/32\",\"interface\":"
		      "\"tun0\"}";
	path_all_three(b, "10.150.0.53:53", "wlan0", "default", "timeout");
	build_judge(b);
	build_expect(b, "error net.not-through-tunnel");
}

/* 10.0.0.0/8 around 10.150.0.0/16: the tunnel's route would win. */
static void a_wider_local_network_is_the_profiles_fault(void **state)
{
	struct build *b = *state;

	b->routes =
	    M_DEFAULT ",{\"to\":\"10.0.0.0/8\",\"interface\":\"wlan0\"}";
	path_all_three(b, ISP, "wlan0", "on-link", "timeout");
	build_judge(b);
	build_expect(b, "error net.not-through-tunnel");
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
		WITH_CASE(a_server_in_the_range_that_sees_the_zones_is_proof),
		WITH_CASE(a_jumpbox_is_believed_by_any_server_in_the_range),
		WITH_CASE(a_profile_that_lacks_the_network_is_told),
		WITH_CASE(a_full_tunnel_is_a_way_through_the_tunnel),
		WITH_CASE(a_way_beside_the_tunnel_that_works_is_left_alone),
		WITH_CASE(a_firewall_beside_the_tunnel_shows_a_path),
		WITH_CASE(a_server_behind_the_tunnel_proves_nothing_beside_it),
		WITH_CASE(a_wider_local_network_is_the_profiles_fault),
	};

	return cmocka_run_group_tests_name("rules_way", tests, NULL, NULL);
}
