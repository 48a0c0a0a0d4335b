/* SPDX-License-Identifier: MIT */
/* clock.c - the clock, and who keeps it right. */
#include "bundle/collect/rows.h"

static const char *const timedate[] = { "timedatectl", "show", NULL };
static const char *const timesync[] = { "timedatectl", "show-timesync",
					"--no-pager", NULL };
static const char *const chrony[] = { "chronyc", "-n", "tracking", NULL };
static const char *const chrony_sources[] = { "chronyc", "-n", "sources",
					      NULL };
static const char *const ntp[] = { "ntpq", "-pn", NULL };

static const struct diag_source sources[] = {
	{ .item = "timedatectl",
	  .kind = DIAG_SOURCE_PROGRAM,
	  .argv = timedate },
	{ .item = "timesync", .kind = DIAG_SOURCE_PROGRAM, .argv = timesync },
	{ .item = "chrony", .kind = DIAG_SOURCE_PROGRAM, .argv = chrony },
	{ .item = "chrony-sources",
	  .kind = DIAG_SOURCE_PROGRAM,
	  .argv = chrony_sources },
	{ .item = "ntp", .kind = DIAG_SOURCE_PROGRAM, .argv = ntp },
	{ .item = NULL },
};

const struct diag_collector collect_clock = {
	.key = "clock",
	.title = "the clock and its synchronisation",
	.platform = "linux",
	.sources = sources,
};
