/* SPDX-License-Identifier: MIT */
/* routes.c - which way a packet goes. */
#include "bundle/collect/rows.h"

static const char *const v4[] = { "ip",	  "-4",	   "-d",  "route",
				  "show", "table", "all", NULL };
static const char *const v6[] = { "ip",	  "-6",	   "-d",  "route",
				  "show", "table", "all", NULL };
static const char *const rules4[] = { "ip", "-4", "rule", "show", NULL };
static const char *const rules6[] = { "ip", "-6", "rule", "show", NULL };
static const char *const forwarding[] = {
	"/proc/sys/net/ipv4/ip_forward",
	"/proc/sys/net/ipv4/conf/*/rp_filter",
	"/proc/sys/net/ipv6/conf/all/disable_ipv6",
	NULL,
};

static const struct diag_source sources[] = {
	{ .item = "ipv4", .kind = DIAG_SOURCE_PROGRAM, .argv = v4 },
	{ .item = "ipv6", .kind = DIAG_SOURCE_PROGRAM, .argv = v6 },
	{ .item = "rules-ipv4", .kind = DIAG_SOURCE_PROGRAM, .argv = rules4 },
	{ .item = "rules-ipv6", .kind = DIAG_SOURCE_PROGRAM, .argv = rules6 },
	{ .item = "settings", .kind = DIAG_SOURCE_FILES, .paths = forwarding },
	{ .item = NULL },
};

const struct diag_collector collect_routes = {
	.key = "routes",
	.title = "routes of all tables, and the rules that choose between them",
	.platform = "linux",
	.sources = sources,
};
