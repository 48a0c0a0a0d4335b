/* SPDX-License-Identifier: MIT */
/* draft.h - a change worked out and not written.
 *
 * The hosts file is somebody's bytes, so a child without rights reads it; what
 * comes back are edits, the difference they make, and who writes the file
 * anew.
 */
#ifndef DIAG_TOOLS_PL_HOSTS_DRAFT_H
#define DIAG_TOOLS_PL_HOSTS_DRAFT_H

#include "base/child.h"
#include "tools/pl-hosts/hosts.h"
#include "tools/pl-hosts/regen.h"

struct hosts_draft_in {
	const struct pl_hosts_change *change;
	const char *text;
	size_t len;
	const char *path;      /* as the difference names it */
	const char *real_path; /* behind all links */
	bool missing;	       /* there is no such file yet */
	bool system;
	/* What the parent does while the child is busy; may be NULL. */
	const struct diag_meanwhile *meanwhile;
};

struct hosts_draft {
	struct diag_hosts_plan plan; /* in the arena */
	const char *diff;	     /* "" when nothing changes */
	size_t diff_len;
	struct hosts_regen regens[HOSTS_REGEN_MAX];
	size_t n_regens;
};

DIAG_MUST_USE
bool hosts_draft_make(struct diag_arena *arena, const struct hosts_draft_in *in,
		      struct hosts_draft *out, struct diag_err *err);

#endif
