/* SPDX-License-Identifier: MIT */
/* prove.h - does the server say what was written into its file? */
#ifndef DIAG_TOOLS_PL_ZONE_PROVE_H
#define DIAG_TOOLS_PL_ZONE_PROVE_H

#include "tools/pl-zone/check.h"
#include "tools/pl-zone/draft.h"

struct zone_proof {
	struct diag_endpoint server;
	const struct diag_target **asked;
	size_t n;
	bool done; /* check is filled, and has to be cleared */
	struct zone_check check;
};

/* Before anything is written: which public names does the server give now?
 * What it hides already is not the change's doing and is not asked for again.
 */
DIAG_MUST_USE
bool zone_prove_begin(struct tool_call *call, const struct zone_draft *draft,
		      struct zone_proof *proof, struct diag_err *err);
/* Afterwards, until all is right or --wait is over.  What is wrong is told;
 * false: something is. */
DIAG_MUST_USE
bool zone_prove(struct tool_call *call, struct zone_proof *proof,
		struct diag_err *err);
void zone_proof_clear(struct zone_proof *proof);

#endif
