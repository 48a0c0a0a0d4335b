/* SPDX-License-Identifier: MIT */
/* vpn.c - what VPN clients were told, without what they sign in with.
 *
 * wg(8) hides private keys by itself; public ones name a peer as well as its
 * address does, and stay out, too. Of Azure's VPN client only what its profile
 * says of names and of name servers is taken.
 */
#include "bundle/collect/rows.h"

static const char *const wg[] = { "wg", "show", "all", NULL };
static const char *const wg_keys[] = {
	"interface",
	"listening port",
	"endpoint",
	"allowed ips",
	"transfer",
	"latest handshake",
	"persistent keepalive",
	"fwmark",
	NULL,
};
static const char *const wg_files[] = { "/etc/wireguard/*.conf", NULL };
static const char *const wg_file_keys[] = {
	"interface.dns",
	"interface.mtu",
	"interface.table",
	"peer.endpoint",
	"peer.allowedips",
	"peer.persistentkeepalive",
	NULL,
};
static const char *const openvpn[] = {
	"/etc/openvpn/*.conf",	      "/etc/openvpn/*.ovpn",
	"/etc/openvpn/client/*.conf", "/etc/openvpn/client/*.ovpn",
	"/etc/openvpn3/*.conf",	      NULL,
};
static const char *const openvpn_keys[] = {
	"client",
	"dev",
	"dev-type",
	"proto",
	"remote",
	"port",
	"route",
	"route-ipv6",
	"route-nopull",
	"redirect-gateway",
	"redirect-private",
	"dhcp-option",
	"pull-filter",
	"tun-mtu",
	"mssfix",
	"fragment",
	"link-mtu",
	"dns",
	"block-outside-dns",
	"up",
	"down",
	"http-proxy",
	"socks-proxy",
	NULL,
};
static const char *const swanctl[] = { "swanctl", "--list-sas", NULL };
static const char *const ipsec[] = { "/etc/ipsec.conf", "/etc/ipsec.d/*.conf",
				     NULL };
static const char *const ipsec_keys[] = {
	"conn",	    "left",	    "leftsubnet",    "leftsourceip",
	"leftdns",  "leftfirewall", "right",	     "rightsubnet",
	"rightdns", "auto",	    "rightsourceip", "keyexchange",
	"type",	    "mobike",	    "mark*",	     "dpd*",
	NULL,
};
static const char *const azure[] = {
	"~/.config/microsoft-azurevpnclient/*.xml",
	"~/.config/microsoft-azurevpnclient/*/*.xml",
	"/opt/microsoft/microsoft-azurevpnclient/*.xml",
	NULL,
};
static const char *const azure_keys[] = { "dnssuffix", "dnsserver",
					  "destination", "mask", NULL };

static const struct diag_source sources[] = {
	{ .item = "wireguard",
	  .kind = DIAG_SOURCE_PROGRAM,
	  .argv = wg,
	  .pick = diag_pick_lines,
	  .keys = wg_keys },
	{ .item = "wireguard-files",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = wg_files,
	  .pick = diag_pick_ini,
	  .keys = wg_file_keys },
	{ .item = "openvpn",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = openvpn,
	  .pick = diag_pick_lines,
	  .keys = openvpn_keys },
	{ .item = "strongswan", .kind = DIAG_SOURCE_PROGRAM, .argv = swanctl },
	{ .item = "ipsec.conf",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = ipsec,
	  .pick = diag_pick_lines,
	  .keys = ipsec_keys },
	{ .item = "azure-vpn-client",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = azure,
	  .pick = diag_pick_tags,
	  .keys = azure_keys },
	{ .item = NULL },
};

const struct diag_collector collect_vpn = {
	.key = "vpn",
	.title = "WireGuard, OpenVPN, strongSwan, Azure VPN client: routes and "
		 "name servers; no keys",
	.platform = "linux",
	.sources = sources,
};
