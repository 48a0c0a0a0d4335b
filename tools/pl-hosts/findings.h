/* SPDX-License-Identifier: MIT */
/* findings.h - what lint found, written out by a child without
 * rights. */
#ifndef DIAG_TOOLS_PL_HOSTS_FINDINGS_H
#define DIAG_TOOLS_PL_HOSTS_FINDINGS_H

#include <stdint.h>

#include "hosts/lint.h"
#include "tools/pl-hosts/hosts.h"

struct hosts_findings {
	uint32_t errors, warnings, infos;
	uint32_t fixable;
	uint32_t errors_left, warnings_left; /* of these, not fixable */
	bool cut;			     /* there are more */
	/* In the call's arena: lines, or an unfinished document. */
	const char *shown;
	size_t len;
};

/* Lint the text and write the findings in the call's format. */
DIAG_MUST_USE
bool hosts_findings_of(struct tool_call *call, const char *text, size_t len,
		       struct hosts_findings *out, struct diag_err *err);

/* The same for a change: the edits of what is certain.  ctx: the call. */
DIAG_MUST_USE
bool hosts_plan_fixes(void *ctx, struct diag_arena *arena, const char *text,
		      size_t len, struct diag_hosts_plan *out,
		      struct diag_err *err);

#endif
