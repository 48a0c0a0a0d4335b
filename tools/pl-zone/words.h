/* SPDX-License-Identifier: MIT */
/* words.h - commands of the user or of the name server, and what they
 * say. */
#ifndef DIAG_TOOLS_PL_ZONE_WORDS_H
#define DIAG_TOOLS_PL_ZONE_WORDS_H

#include "run/exec.h"
#include "tools/tool.h"

/* A command that was run. */
struct words {
	struct diag_exec_result result;
	bool good;    /* it ended by itself, with status 0 */
	bool missing; /* there is no such program */
	char end[96]; /* how it ended: "exit status 1" */
};

/* In folder (NULL: where we are), with an end in time.  false: it could not be
 * run, and words->end says why.  words_clear() in every case. */
bool words_argv(const char *const *argv, const char *folder, struct words *out);
/* The user's own, by sh -c. */
bool words_run(const char *command, const char *folder, struct words *out);
void words_clear(struct words *w);

/* Its lines on standard error, made safe; those that matter (NULL: all), at
 * most a screen full.  from (NULL: nothing) is said as to. */
void words_tell(const struct tool_call *call, const struct words *w,
		const char *from, const char *to);

#endif
