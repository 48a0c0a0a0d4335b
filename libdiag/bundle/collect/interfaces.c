/* SPDX-License-Identifier: MIT */
/* interfaces.c - links, their addresses and their MTU. */
#include "bundle/collect/rows.h"

static const char *const links[] = { "ip", "-d", "-s", "link", "show", NULL };
static const char *const addresses[] = { "ip", "-d", "address", "show", NULL };
static const char *const settings[] = {
	"/proc/sys/net/ipv4/tcp_mtu_probing",
	"/proc/sys/net/ipv4/ip_no_pmtu_disc",
	"/proc/sys/net/ipv4/tcp_base_mss",
	"/proc/sys/net/ipv4/tcp_ecn",
	NULL,
};

static const struct diag_source sources[] = {
	{ .item = "links", .kind = DIAG_SOURCE_PROGRAM, .argv = links },
	{ .item = "addresses", .kind = DIAG_SOURCE_PROGRAM, .argv = addresses },
	{ .item = "settings", .kind = DIAG_SOURCE_FILES, .paths = settings },
	{ .item = NULL },
};

const struct diag_collector collect_interfaces = {
	.key = "interfaces",
	.title = "links with their counters, addresses and MTU",
	.platform = "linux",
	.sources = sources,
};
