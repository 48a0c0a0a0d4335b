/* SPDX-License-Identifier: MIT */
/* input.h - from what the user gave to names and addresses.
 *
 * Inventories, cases and answers of name servers are read by a child without
 * rights, because apply may run as root.
 */
#ifndef DIAG_TOOLS_PL_HOSTS_INPUT_H
#define DIAG_TOOLS_PL_HOSTS_INPUT_H

#include "tools/pl-hosts/hosts.h"
#include "tools/pl-hosts/wanted.h"

/* Names and addresses into the call's arena.  What is wrong is told on
 * standard error; false then, with the status to leave with (and err, if a
 * line is still to be said).  At least one name is in it. */
DIAG_MUST_USE
bool hosts_input(struct tool_call *call, struct hosts_wanted *out,
		 enum tool_status *status, struct diag_err *err);

#endif
