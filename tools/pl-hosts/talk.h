/* SPDX-License-Identifier: MIT */
/* talk.h - what is said of names on standard error before a hosts
 * file changes. */
#ifndef DIAG_TOOLS_PL_HOSTS_TALK_H
#define DIAG_TOOLS_PL_HOSTS_TALK_H

#include "tools/change/talk.h"
#include "tools/pl-hosts/draft.h"
#include "tools/pl-hosts/wanted.h"

/* What is to become of the names: each with its addresses and why, or only how
 * many; what is strange, and what is left out. */
void talk_wanted(const struct tool_call *call,
		 const struct hosts_wanted *wanted,
		 const struct diag_hosts_plan *plan, bool each);
/* Who writes the file anew. */
void talk_makers(const struct tool_call *call, const struct hosts_draft *draft);

#endif
