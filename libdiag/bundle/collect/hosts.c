/* SPDX-License-Identifier: MIT */
/* hosts.c - the hosts file. */
#include "bundle/collect/rows.h"

static const char *const hosts[] = { "/etc/hosts", NULL };

static const struct diag_source sources[] = {
	{ .item = "hosts",
	  .kind = DIAG_SOURCE_FILE,
	  .paths = hosts,
	  .cap = (size_t)1 << 20 },
	{ .item = NULL },
};

const struct diag_collector collect_hosts = {
	.key = "hosts",
	.title = "the hosts file",
	.platform = "linux",
	.sources = sources,
};
