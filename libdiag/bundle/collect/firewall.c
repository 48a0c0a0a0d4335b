/* SPDX-License-Identifier: MIT */
/* firewall.c - what this machine itself drops; mostly for root only. */
#include "bundle/collect/rows.h"

static const char *const nft[] = { "nft", "list", "ruleset", NULL };
/* Without loading modules that are not there. */
static const char *const v4[] = { "iptables-save", "-M", "/bin/false", NULL };
static const char *const v6[] = { "ip6tables-save", "-M", "/bin/false", NULL };
static const char *const ufw[] = { "ufw", "status", "verbose", NULL };
static const char *const firewalld[] = { "firewall-cmd", "--list-all-zones",
					 NULL };

static const struct diag_source sources[] = {
	{ .item = "nftables", .kind = DIAG_SOURCE_PROGRAM, .argv = nft },
	{ .item = "iptables", .kind = DIAG_SOURCE_PROGRAM, .argv = v4 },
	{ .item = "ip6tables", .kind = DIAG_SOURCE_PROGRAM, .argv = v6 },
	{ .item = "ufw", .kind = DIAG_SOURCE_PROGRAM, .argv = ufw },
	{ .item = "firewalld", .kind = DIAG_SOURCE_PROGRAM, .argv = firewalld },
	{ .item = NULL },
};

const struct diag_collector collect_firewall = {
	.key = "firewall",
	.title = "rules of this machine's own firewall, where they may be read",
	.platform = "linux",
	.sources = sources,
};
