/* SPDX-License-Identifier: MIT */
/* pl_hosts_talk.h - what is said on standard error before a file changes, and
 * the one question. */
#ifndef DIAG_TOOLS_PL_HOSTS_TALK_H
#define DIAG_TOOLS_PL_HOSTS_TALK_H

#include "fix/writer.h"
#include "tools/pl_hosts_draft.h"
#include "tools/pl_hosts_wanted.h"

/* What is to become of the names: each with its addresses and why, or only how
 * many; what is strange, and what is left out. */
void talk_wanted(const struct tool_call *call,
		 const struct hosts_wanted *wanted,
		 const struct diag_hosts_plan *plan, bool each);
/* Who writes the file anew. */
void talk_makers(const struct tool_call *call, const struct hosts_draft *draft);
/* Links and mounts that matter. */
void talk_file(const struct tool_call *call,
	       const struct diag_file_state *state);
/* A result: how to take back what was written. */
void talk_undo(struct tool_call *call);
/* What a crash left, and what became of it. */
void talk_recovery(const struct tool_call *call, enum diag_recovery recovered);
/* A person without rights is told how to get them. */
void hint_rights(const struct tool_call *call, const struct diag_err *err);
/* A difference as it is, made safe for a terminal. */
void talk_diff(const struct tool_call *call, const char *diff, size_t len);

/* A difference can be shown on a terminal only with its bytes made safe. */
void diff_safe(struct diag_buf *out, const char *diff, size_t len);

enum answer {
	ANSWER_YES,
	ANSWER_NO,
	ANSWER_NOBODY, /* there is no terminal */
};
/* "QUESTION [y/N] "; yes (of --yes) answers it.  A signal is a no. */
enum answer talk_ask(const struct tool_call *call, bool yes,
		     const char *question);

/* From here on SIGINT, SIGTERM and SIGHUP only make a note of themselves. */
void signals_hold(void);
/* And from here on they end the program again: what comes may wait long and
 * writes nothing.  One that was seen before stays seen. */
void signals_release(void);
int signals_seen(void); /* 0: none */

#endif
