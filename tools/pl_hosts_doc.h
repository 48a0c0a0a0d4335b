/* SPDX-License-Identifier: MIT */
/* pl_hosts_doc.h - the parts of a document pldiag.hosts/1. */
#ifndef DIAG_TOOLS_PL_HOSTS_DOC_H
#define DIAG_TOOLS_PL_HOSTS_DOC_H

#include "tools/change_talk.h"
#include "tools/pl_hosts_draft.h"
#include "tools/pl_hosts_verify.h"
#include "tools/pl_hosts_wanted.h"

/* A document about the file of this call. */
void doc_begin(struct change_doc *d, const struct tool_call *call);

/* inventory, block, names, left_out; plan and proof may be NULL. */
void doc_wanted(struct diag_jw *w, const struct hosts_wanted *wanted,
		const struct diag_hosts_plan *plan,
		const struct hosts_proof *proof);
/* block_there, foreign, regenerated_by, diff. */
void doc_draft(struct diag_jw *w, const struct hosts_draft *draft);

#endif
