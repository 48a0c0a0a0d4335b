/* SPDX-License-Identifier: MIT */
/* ports.c - who listens here for questions that we ask, or for a proxy. */
#include "bundle/collect/rows.h"

static const char *const listening[] = { "ss", "-H", "-l", "-n",
					 "-t", "-u", "-p", NULL };
/* DNS in all its forms, proxies' usual ports, and those that a compute node
 * must have open. */
static const char *const ports[] = { "53",    "853",   "5353",	"443",	"3128",
				     "8080",  "8888",  "9000",	"1080", "5831",
				     "44224", "29876", "29877", NULL };

static const struct diag_source sources[] = {
	{ .item = "listening",
	  .kind = DIAG_SOURCE_PROGRAM,
	  .argv = listening,
	  .pick = diag_pick_ports,
	  .keys = ports },
	{ .item = NULL },
};

const struct diag_collector collect_ports = {
	.key = "ports",
	.title = "listeners on the ports of DNS, of proxies and of compute",
	.platform = "linux",
	.sources = sources,
};
