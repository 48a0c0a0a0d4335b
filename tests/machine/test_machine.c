/* SPDX-License-Identifier: MIT */
/* Routes, interfaces, and what their names say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "machine/internal.h"
#include "tests/machine/machine_test.h"

static void the_longest_prefix_wins_then_the_lowest_metric(void **unused)
{
	static const struct {
		const char *address, *interface;
	} t[] = {
		{ "10.150.0.4", "tun0" }, { "10.1.2.3", "wlan0" },
		{ "8.8.8.8", "wlan0" },	  { "192.168.1.9", "wlan0" },
		{ "fd00::5", "tun0" },	  { "2001:db8::1", NULL },
	};
	struct diag_machine *m = machine_of(
	    "{'routes':[{'to':'0.0.0.0/0','interface':'eth0','metric':600},"
	    "{'to':'0.0.0.0/0','interface':'wlan0','metric':100},"
	    "{'to':'192.168.1.0/24','interface':'wlan0','metric':600},"
	    "{'to':'10.0.0.0/8','interface':'wlan0','metric':0},"
	    "{'to':'10.150.0.0/16','interface':'tun0','metric':50},"
	    "{'to':'fd00::/8','interface':'tun0','metric':1024}]}");

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const struct diag_route *r;
		struct diag_addr a;

		assert_true(diag_addr_parse(t[i].address, &a));
		r = diag_machine_route(m, &a);
		if (t[i].interface == NULL)
			assert_null(r);
		else
			assert_string_equal(t[i].interface, r->interface);
	}
	diag_machine_free(m);
}

static void interfaces_are_found_by_name(void **unused)
{
	struct diag_machine *m = machine_of("{'interfaces':[{'name':'lo'},"
					    "{'name':'tun0','tunnel':true}]}");

	(void)unused;
	assert_true(diag_machine_interface(m, "tun0")->tunnel);
	assert_null(diag_machine_interface(m, "tun1"));
	assert_null(diag_machine_interface(m, NULL));
	diag_machine_free(m);
}

static void names_tell_containers_and_tunnels(void **unused)
{
	static const struct {
		const char *name;
		bool container, tunnel;
	} t[] = {
		{ "eth0", false, false },
		{ "wlp2s0", false, false },
		{ "enp0s31f6", false, false },
		{ "br0", false, false },
		{ "br-lan", false, false },
		{ "br-0a1b2c3d4e5f", true, false },
		{ "docker0", true, false },
		{ "docker_gwbridge", true, false },
		{ "veth12ab34", true, false },
		{ "cni0", true, false },
		{ "flannel.1", true, false },
		{ "virbr0", true, false },
		{ "cali1234", true, false },
		{ "tun0", false, true },
		{ "tap0", false, true },
		{ "ppp0", false, true },
		{ "wg0", false, true },
		{ "gpd0", false, true },
		{ "cscotun0", false, true },
		{ "tailscale0", false, true },
		{ "ztabcdef12", false, true },
		{ "ipsec0", false, true },
		{ "vpn0", false, true },
		{ "utun3", false, true },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_int_equal(t[i].container,
				 machine_name_is_container(t[i].name));
		assert_int_equal(t[i].tunnel,
				 machine_name_is_tunnel(t[i].name));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_longest_prefix_wins_then_the_lowest_metric),
		cmocka_unit_test(interfaces_are_found_by_name),
		cmocka_unit_test(names_tell_containers_and_tunnels),
	};

	return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
