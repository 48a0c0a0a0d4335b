/* SPDX-License-Identifier: MIT */
/* pl_hosts_doc.h - the parts of a document pldiag.hosts/1. */
#ifndef DIAG_TOOLS_PL_HOSTS_DOC_H
#define DIAG_TOOLS_PL_HOSTS_DOC_H

#include "base/json.h"
#include "tools/pl_hosts_draft.h"
#include "tools/pl_hosts_verify.h"
#include "tools/pl_hosts_wanted.h"

/* A document on its way: schema, command and file are in it. */
struct hosts_doc {
	struct diag_buf text;
	struct diag_jw w;
};
void doc_begin(struct hosts_doc *d, const struct tool_call *call);
/* Go on behind what doc_begin() and others wrote elsewhere. */
void doc_resume(struct hosts_doc *d, const char *text, size_t len);
/* Close and print it.  DIAG_ENOMEM, DIAG_ELIMIT. */
DIAG_MUST_USE
bool doc_end(struct hosts_doc *d, struct tool_call *call, struct diag_err *err);

/* inventory, block, names, left_out; plan and proof may be NULL. */
void doc_wanted(struct diag_jw *w, const struct hosts_wanted *wanted,
		const struct diag_hosts_plan *plan,
		const struct hosts_proof *proof);
/* block_there, foreign, regenerated_by, diff. */
void doc_draft(struct diag_jw *w, const struct hosts_draft *draft);

bool doc_is_json(const struct tool_call *call);

#endif
