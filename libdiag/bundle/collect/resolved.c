/* SPDX-License-Identifier: MIT */
/* resolved.c - systemd-resolved: servers and domains of every link. */
#include "bundle/collect/rows.h"

static const char *const status[] = { "resolvectl", "--no-pager", "status",
				      NULL };
static const char *const numbers[] = { "resolvectl", "--no-pager", "statistics",
				       NULL };
static const char *const files[] = {
	"/etc/systemd/resolved.conf",
	"/etc/systemd/resolved.conf.d/*.conf",
	"/run/systemd/resolved.conf.d/*.conf",
	"/usr/local/lib/systemd/resolved.conf.d/*.conf",
	"/usr/lib/systemd/resolved.conf.d/*.conf",
	NULL,
};
/* What it was told by others, link by link; text for machines. */
static const char *const links[] = { "/run/systemd/resolve/netif/*", NULL };

static const struct diag_source sources[] = {
	{ .item = "status", .kind = DIAG_SOURCE_PROGRAM, .argv = status },
	{ .item = "statistics", .kind = DIAG_SOURCE_PROGRAM, .argv = numbers },
	{ .item = "resolved.conf", .kind = DIAG_SOURCE_FILES, .paths = files },
	{ .item = "links", .kind = DIAG_SOURCE_FILES, .paths = links },
	{ .item = NULL },
};

const struct diag_collector collect_resolved = {
	.key = "resolved",
	.title = "what systemd-resolved asks, link by link",
	.platform = "linux",
	.sources = sources,
};
