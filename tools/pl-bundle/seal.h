/* SPDX-License-Identifier: MIT */
/* seal.h - from what was collected to a file that is safe to send. */
#ifndef DIAG_TOOLS_PL_BUNDLE_SEAL_H
#define DIAG_TOOLS_PL_BUNDLE_SEAL_H

#include "bundle/bundle.h"
#include "case/case.h"
#include "tools/tool.h"

struct pl_bundle_mask_options {
	int level;	   /* index: none, identifiers, addresses */
	const char *map;   /* an older map, whose key is used again; or NULL */
	const char *rules; /* a file of own rules, or NULL */
	bool force;	   /* what stands at out_path and beside it may go */
};

/* Learn the names of c, mask every item of plain, judge the masked case, make
 * its reports (report.txt, .json, .html; what stands in plain under these paths
 * is not looked at), and write out_path and the map beside it
 * (pl_bundle_map_path(); 0600, never through a link).  Nothing is written when
 * the masked case does not say the same as c, or after any other failure.
 * c may be NULL: there is nothing to be judged. */
DIAG_MUST_USE
bool pl_bundle_seal(struct tool_call *call, struct diag_bundle *plain,
		    const struct diag_case *c,
		    const struct pl_bundle_mask_options *options,
		    const char *out_path, struct diag_err *err);

/* "x.tar.zst" has "x.map.json"; in the call's arena, NULL: no memory. */
const char *pl_bundle_map_path(struct tool_call *call, const char *out_path);
/* Would both files be taken?  To be asked before the work. */
DIAG_MUST_USE
bool pl_bundle_can_seal(struct tool_call *call,
			const struct pl_bundle_mask_options *options,
			const char *out_path, struct diag_err *err);

#endif
