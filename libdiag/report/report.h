/* SPDX-License-Identifier: MIT */
/* report.h - one verdict, many faces.  Pure; one renderer per file, one row
 * each in renderers.c. */
#ifndef DIAG_REPORT_REPORT_H
#define DIAG_REPORT_REPORT_H

#include "verdict/verdict.h"

#define DIAG_REPORT_SCHEMA "pldiag.report/1"

struct diag_before;	 /* before.h */
struct diag_report_pair; /* pair.h */

struct diag_report_in {
	const struct diag_case *c;
	const struct diag_verdict *v;
	const char *tool, *version;
	unsigned width; /* columns; 0: 80 */
	bool color;
	bool ascii;  /* no box drawing, no ✓ ✗ … */
	int verbose; /* -q: -1, -v: 1, -vv: 2 */
	/* What an older report said of this case; NULL: nothing.  Told by
	 * text, json and html. */
	const struct diag_before *before;
	/* How it differs from another case; NULL: nothing.  Told by html. */
	const struct diag_report_pair *pair;
};

struct diag_renderer {
	const char
	    *name; /* "text" "json" "jsonl" "html" "junit" "openmetrics" */
	const char *summary;
	bool (*render)(const struct diag_report_in *in, struct diag_buf *out,
		       struct diag_err *err);
};
const struct diag_renderer *diag_renderer_find(const char *name);
size_t diag_renderer_all(const struct diag_renderer *const **rows);

/* Only the causes with proof and fixes, and the other findings: for a tool
 * whose page is its own.  Nothing is put when there is nothing to tell. */
DIAG_MUST_USE
bool diag_render_causes(const struct diag_report_in *in, struct diag_buf *out,
			struct diag_err *err);

#endif
