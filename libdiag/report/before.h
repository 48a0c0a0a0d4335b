/* SPDX-License-Identifier: MIT */
/* before.h - what an older report (pldiag.report/1) said of the same case, and
 * how today's verdict differs from it. */
#ifndef DIAG_REPORT_BEFORE_H
#define DIAG_REPORT_BEFORE_H

#include "base/cursor.h"
#include "base/json.h"
#include "report/report.h"

#define DIAG_REPORT_BYTES ((size_t)256 << 20) /* largest document */

struct diag_before_target {
	const char *fqdn;
	const char *was, *is; /* status; NULL: not there */
};

/* What a report said; it owns its texts. */
struct diag_before {
	struct diag_arena arena;
	const char *tool, *version; /* that made it; "" unknown */
	const char *verdict;
	const char *const *causes; /* codes, the likeliest first */
	size_t n_causes;
	/* Codes of findings that only one of the two has. */
	const char *const *came, *const *went;
	size_t n_came, n_went;
	const struct diag_before_target *changed; /* by name */
	size_t n_changed;
	bool same_causes;
	bool same; /* all of the above */
};

/* Read a report and hold it against the verdict.  Somebody else's bytes: every
 * problem is noted.  Errors: DIAG_EPARSE (err is the first problem),
 * DIAG_ENOMEM.  Gives *out (diag_before_free); v is borrowed by it. */
DIAG_MUST_USE
bool diag_before_read(const char *name, struct diag_slice report,
		      const struct diag_verdict *v,
		      struct diag_problems *problems, struct diag_before **out,
		      struct diag_err *err);
void diag_before_free(struct diag_before *b);

#endif
