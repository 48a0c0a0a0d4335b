/* SPDX-License-Identifier: MIT */
/* options_machine.h - this machine, or another one's files, and whom to ask.
 *
 * Used like options_inventory.h: a struct in the tool's own options, and rows
 * for its groups.
 */
#ifndef DIAG_TOOLS_OPTIONS_MACHINE_H
#define DIAG_TOOLS_OPTIONS_MACHINE_H

#include "case/case.h"
#include "machine/machine.h"
#include "plan/plan.h"
#include "tools/tool.h"

struct tool_machine {
	struct tool_list view;
	struct tool_list resolver;
	const char *hosts;
	const char *resolv_conf;
	const char *machine;
};

extern const struct tool_option tool_view_rows[];    /* --view, --resolver */
extern const struct tool_option tool_machine_rows[]; /* the files */

/* Read the machine, from the files given if any.  What could not be read is
 * told with -v.  Faults of a --machine file go to standard error, one line
 * each; err is then empty.  Gives *out (diag_machine_free). */
DIAG_MUST_USE
bool tool_machine_load(struct tool_call *call, const struct tool_machine *flags,
		       struct diag_machine **out, struct diag_err *err);

/* The run begins now: the origin's clock. */
void tool_began(struct diag_origin *origin);

/* Who is asked: the same views as a case keeps them and as a plan takes them;
 * both in the call's arena. */
struct tool_views {
	const struct diag_view *views;
	const struct diag_view_spec *specs;
	size_t n;
	bool system; /* the system view is among them */
};
/* By default the system (unless servers_only) and all configured servers;
 * machine may be NULL when --view alone says everything. */
DIAG_MUST_USE
bool tool_views_make(struct tool_call *call, const struct tool_machine *flags,
		     const struct diag_machine *machine, bool servers_only,
		     struct tool_views *out, struct diag_err *err);
/* Do the flags name every view, so that no machine is needed? */
bool tool_views_are_given(const struct tool_machine *flags);

#endif
