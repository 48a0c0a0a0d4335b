/* SPDX-License-Identifier: MIT */
/* hosts_fix.h - what lint is certain of, as edits. */
#ifndef DIAG_FIX_HOSTS_FIX_H
#define DIAG_FIX_HOSTS_FIX_H

#include "fix/edits.h"
#include "hosts/lint.h"

/* The edits of all findings that a program may correct; the others (a
 * conflict, an address nobody can know) stay.  Every other byte of the text
 * stays too: lines keep their ends, unless mixed ones are the finding.
 * Twice   linting and fixing the result gives no edits; where lint was cut
 *         (more than DIAG_HOSTS_FAULTS) it gives the next ones.
 * Errors  DIAG_ENOMEM.
 * Owns    The edits are in the arena; what they put lives as long as the
 *         findings. */
DIAG_MUST_USE
bool diag_hosts_fixes(struct diag_arena *arena,
		      const struct diag_hosts_lint *lint,
		      struct diag_edits *out, struct diag_err *err);

#endif
