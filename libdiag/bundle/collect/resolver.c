/* SPDX-License-Identifier: MIT */
/* resolver.c - who is asked for names, and what the files say of it.
 *
 * /etc/resolv.conf is a link on most machines; where it leads is told with the
 * item, and the other files it could have led to are taken as well.
 */
#include "bundle/collect/rows.h"

static const char *const etc[] = { "/etc/resolv.conf", NULL };
static const char *const others[] = {
	"/run/systemd/resolve/resolv.conf",
	"/run/systemd/resolve/stub-resolv.conf",
	"/run/NetworkManager/resolv.conf",
	"/run/NetworkManager/no-stub-resolv.conf",
	"/run/resolvconf/resolv.conf",
	"/run/resolvconf/interface/*",
	"/etc/resolvconf.conf",
	"/etc/resolvconf/resolv.conf.d/*",
	NULL,
};
static const char *const order[] = { "/etc/nsswitch.conf", NULL };
static const char *const order_keys[] = { "hosts", "networks", NULL };
static const char *const host_conf[] = { "/etc/host.conf", NULL };
static const char *const gai[] = { "/etc/gai.conf", NULL };
/* A stub of this machine's own; other lines are nobody's business. */
static const char *const stubs[] = {
	"/etc/dnsmasq.conf",
	"/etc/dnsmasq.d/*",
	"/etc/NetworkManager/dnsmasq.d/*",
	"/etc/NetworkManager/dnsmasq-shared.d/*",
	NULL,
};
static const char *const stub_keys[] = {
	"server",	    "local",	       "address",
	"rebind-domain-ok", "stop-dns-rebind", "rebind-localhost-ok",
	"no-resolv",	    "no-hosts",	       "resolv-file",
	"cache-size",	    "listen-address",  "interface",
	"strict-order",	    "all-servers",     "addn-hosts",
	"filter-A*",	    "bogus-priv",      "domain-needed",
	"conf-dir",	    "bind-interfaces", NULL,
};

static const struct diag_source sources[] = {
	{ .item = "resolv.conf", .kind = DIAG_SOURCE_FILE, .paths = etc },
	{ .item = "resolv.conf-others",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = others },
	{ .item = "nsswitch.conf",
	  .kind = DIAG_SOURCE_FILE,
	  .paths = order,
	  .pick = diag_pick_lines,
	  .keys = order_keys },
	{ .item = "host.conf", .kind = DIAG_SOURCE_FILE, .paths = host_conf },
	{ .item = "gai.conf", .kind = DIAG_SOURCE_FILE, .paths = gai },
	{ .item = "dnsmasq",
	  .kind = DIAG_SOURCE_FILES,
	  .paths = stubs,
	  .pick = diag_pick_lines,
	  .keys = stub_keys },
	{ .item = NULL },
};

const struct diag_collector collect_resolver = {
	.key = "resolver",
	.title = "which name servers the files name, and in which order "
		 "sources are asked",
	.platform = "linux",
	.sources = sources,
};
