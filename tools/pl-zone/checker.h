/* SPDX-License-Identifier: MIT */
/* checker.h - the name server's own checker on a text that is not
 * written yet.
 *
 * The text stands in a private folder of its own, where no server loads it.
 * A file that is only a part of a configuration is refused as it is; then the
 * checker is of no use, but what it says of the old text and of the new one
 * can be compared: a new complaint refuses the change.
 */
#ifndef DIAG_TOOLS_PL_ZONE_CHECKER_H
#define DIAG_TOOLS_PL_ZONE_CHECKER_H

#include "tools/pl-zone/draft.h"

enum zone_checker_result {
	ZONE_CHECK_NONE, /* --no-check, or there is no checker */
	ZONE_CHECK_GOOD,
	ZONE_CHECK_USELESS, /* it refuses the old text as well */
	ZONE_CHECK_REFUSED,
};

struct zone_checker {
	const struct zone_draft *draft;
	const struct diag_dialect *dialect;
	enum zone_checker_result result;
	const char *by; /* the program, or the user's words; NULL: none */
};

/* false: the new text is not to be written; *why (or err) says why, and what
 * the checker says is told. */
DIAG_MUST_USE
bool zone_checker_run(struct tool_call *call, struct zone_checker *check,
		      const struct change_files *files, const char **why,
		      struct diag_err *err);

/* Lines of now that are not in before; numbers may differ, because lines have
 * moved.  NULL: none.  In words of now. */
const char *zone_new_complaint(const struct diag_buf *before,
			       const struct diag_buf *now, size_t *len);

#endif
