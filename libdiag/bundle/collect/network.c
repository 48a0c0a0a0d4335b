/* SPDX-License-Identifier: MIT */
/* network.c - who configures links, and what about names and VPNs.
 *
 * Profiles hold passwords of Wi-Fi and VPN beside what matters, so only named
 * keys of them are taken, and what a connection is called (often the name of a
 * Wi-Fi) is not among them.
 */
#include "bundle/collect/rows.h"

static const char *const devices[] = { "nmcli",	 "--terse", "--colors", "no",
				       "device", "show",    NULL };
static const char *const device_keys[] = {
	"GENERAL.DEVICE",
	"GENERAL.TYPE",
	"GENERAL.STATE",
	"GENERAL.MTU",
	"IP4.*",
	"IP6.*",
	NULL,
};
static const char *const active[] = {
	"nmcli",      "--colors", "no",	      "--fields", "TYPE,DEVICE,STATE",
	"connection", "show",	  "--active", NULL
};
static const char *const profiles[] = {
	"/etc/NetworkManager/system-connections/*",
	"/run/NetworkManager/system-connections/*",
	"/usr/lib/NetworkManager/system-connections/*",
	NULL,
};
static const char *const profile_keys[] = {
	"connection.type",
	"connection.interface-name",
	"connection.autoconnect",
	"connection.dns-over-tls",
	"connection.mdns",
	"connection.llmnr",
	"ipv4.method",
	"ipv4.dns*",
	"ipv4.ignore-auto-*",
	"ipv4.never-default",
	"ipv4.route*",
	"ipv6.method",
	"ipv6.dns*",
	"ipv6.ignore-auto-*",
	"ipv6.never-default",
	"ipv6.route*",
	"proxy.method",
	"proxy.browser-only",
	"proxy.pac-url",
	"vpn.service-type",
	"vpn.dev-type",
	"vpn.tunnel-mtu",
	"wireguard.mtu",
	"ethernet.mtu",
	"wifi.mtu",
	NULL,
};
static const char *const settings[] = {
	"/etc/NetworkManager/NetworkManager.conf",
	"/etc/NetworkManager/conf.d/*.conf",
	"/run/NetworkManager/conf.d/*.conf",
	"/usr/lib/NetworkManager/conf.d/*.conf",
	NULL,
};
static const char *const setting_keys[] = {
	"main.dns",	"main.rc-manager", "main.systemd-resolved",
	"main.plugins", "global-dns*",	   "connectivity.enabled",
	NULL,
};
static const char *const networkd[] = { "/etc/systemd/network/*.network",
					"/run/systemd/network/*.network",
					"/etc/systemd/networkd.conf", NULL };
static const char *const networkd_keys[] = {
	"match.name*",
	"match.type",
	"network.dns*",
	"network.domains",
	"network.address",
	"network.gateway",
	"network.dhcp",
	"network.llmnr",
	"network.multicastdns",
	"link.mtubytes",
	"dhcpv4.usedns",

	"dhcpv4.*",
	"route.*",
	"ipv6acceptra.use*",
	NULL,
};
static const char *const ifupdown[] = { "/etc/network/interfaces",
					"/etc/network/interfaces.d/*", NULL };
static const char *const ifupdown_keys[] = {
	"auto",	      "allow-hotplug", "iface",		  "inet",
	"address",    "gateway",       "dns-nameserver*", "dns-search",
	"dns-domain", "mtu",	       "source*",	  NULL,
};

static const struct diag_source sources[] = {
	{ .item = "nmcli-devices",
	  .kind = DIAG_SOURCE_PROGRAM,
	  .argv = devices,
	  .pick = diag_pick_lines,
	  .keys = device_keys },
	{ .item = "nmcli-active", .kind = DIAG_SOURCE_PROGRAM, .argv = active },
	{ .item = "nm-profiles",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = profiles,
	  .pick = diag_pick_ini,
	  .keys = profile_keys },
	{ .item = "nm-settings",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = settings,
	  .pick = diag_pick_ini,
	  .keys = setting_keys },
	{ .item = "networkd",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = networkd,
	  .pick = diag_pick_ini,
	  .keys = networkd_keys },
	{ .item = "ifupdown",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = ifupdown,
	  .pick = diag_pick_lines,
	  .keys = ifupdown_keys },
	{ .item = NULL },
};

const struct diag_collector collect_network = {
	.key = "network",
	.title = "NetworkManager, networkd, ifupdown: keys about names, routes "
		 "and VPNs; no secrets",
	.platform = "linux",
	.sources = sources,
};
