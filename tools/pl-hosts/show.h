/* SPDX-License-Identifier: MIT */
/* show.h - what show knows, for those who write it out. */
#ifndef DIAG_TOOLS_PL_HOSTS_SHOW_H
#define DIAG_TOOLS_PL_HOSTS_SHOW_H

#include "hosts/lint.h"
#include "hosts/show.h"
#include "tools/pl-hosts/hosts.h"

struct hosts_shown {
	struct diag_hosts_table table;
	/* Names that only lines have that cannot work. */
	const struct diag_hosts_fault **nobody;
	size_t n_nobody;
	/* By their first row, those without one last; none without an
	 * inventory. */
	const struct diag_hosts_target **targets;
	size_t n_targets;
	size_t next; /* target, while names are walked */
	bool compared;
};

/* The next name and, if the inventory has it, its target.  *row goes on.
 * false: the end, or err. */
DIAG_MUST_USE
bool hosts_shown_next(struct hosts_shown *s, struct diag_arena *arena,
		      uint32_t *row, struct diag_hosts_name *name,
		      const struct diag_hosts_target **target,
		      struct diag_err *err);

/* show_put.c */
DIAG_MUST_USE
bool hosts_shown_text(struct tool_call *call, struct hosts_shown *s,
		      struct diag_err *err);
DIAG_MUST_USE
bool hosts_shown_json(struct tool_call *call, struct hosts_shown *s,
		      struct diag_err *err);

#endif
