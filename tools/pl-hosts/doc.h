/* SPDX-License-Identifier: MIT */
/* doc.h - the parts of a document pldiag.hosts/1. */
#ifndef DIAG_TOOLS_PL_HOSTS_DOC_H
#define DIAG_TOOLS_PL_HOSTS_DOC_H

#include "tools/change/talk.h"
#include "tools/pl-hosts/draft.h"
#include "tools/pl-hosts/verify.h"
#include "tools/pl-hosts/wanted.h"

/* A document about the file of this call. */
void doc_begin(struct change_doc *d, const struct tool_call *call);

/* inventory, block, names, left_out; plan and proof may be NULL. */
void doc_wanted(struct diag_jw *w, const struct hosts_wanted *wanted,
		const struct diag_hosts_plan *plan,
		const struct hosts_proof *proof);
/* block_there, foreign, regenerated_by, diff. */
void doc_draft(struct diag_jw *w, const struct hosts_draft *draft);

#endif
