/* SPDX-License-Identifier: MIT */
/* case.h - the case inside a bundle, and its verdict of today. */
#ifndef DIAG_TOOLS_PL_BUNDLE_CASE_H
#define DIAG_TOOLS_PL_BUNDLE_CASE_H

#include "bundle/bundle.h"
#include "tools/tool.h"
#include "verdict/verdict.h"

struct pl_bundle_case {
	const char *name; /* of the file, without its folders */
	struct diag_bundle *bundle;
	struct diag_case *c;
	struct diag_verdict *v;
};

/* Read a bundle or a bare case and judge it.  All problems are told.  Errors
 * mean tool_bad_input(err).  Ends with pl_bundle_case_clear(), in every case.
 */
DIAG_MUST_USE
bool pl_bundle_case_read(struct tool_call *call, const char *path,
			 struct pl_bundle_case *out, struct diag_err *err);
void pl_bundle_case_clear(struct pl_bundle_case *c);

#endif
