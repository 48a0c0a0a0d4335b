/* SPDX-License-Identifier: MIT */
/* hosts.h - what a hosts file should say, worked out before anyone writes.
 *
 * Pure.  All names of one inventory stand in one marked block:
 *
 *	# pldiag: begin ws1103 (written by pl-hosts; undo: pl-hosts undo)
 *	10.150.0.4 bf4ab0bd-….workspace.eastus.api.azureml.ms
 *	# pldiag: end ws1103
 *
 * A line outside of any block that gives one of our names another address
 * would defeat it (glibc then returns both, Windows takes the first).  It is
 * commented out with a mark; the names on it that are not ours go on in a line
 * of their own right behind, which carries the mark too, so that nobody else's
 * name stops working.  A block of another inventory that holds one of our
 * names with another address is a conflict that is told, never edited.
 */
#ifndef DIAG_FIX_HOSTS_H
#define DIAG_FIX_HOSTS_H

#include "fix/edits.h"
#include "net/addr.h"

#define DIAG_HOSTS_PINS_MAX  4096
#define DIAG_HOSTS_BLOCK_MAX 63 /* bytes of a block's name */

/* What a name should have; a name may stand in several pins (several
 * addresses), the same pair only once. */
struct diag_pin {
	const char *name; /* normalised: lower case, no dot at the end */
	struct diag_addr addr;
};

enum diag_pin_state {
	DIAG_PIN_RIGHT,	  /* the file says so already (in or out of a block) */
	DIAG_PIN_MISSING, /* no line has it: will be added */
	DIAG_PIN_WRONG,	  /* lines give another address: they will be put out */
};

struct diag_hosts_plan {
	struct diag_edits edits;
	const enum diag_pin_state *states; /* of each pin */
	size_t foreign_lines;	/* entry lines of others in the file */
	size_t foreign_changed; /* of these, how many the edits touch */
	bool block_there;	/* the block existed before */
};

/* Work out the edits that make a hosts file hold exactly these pins in the
 * block of that name, and nothing that defeats them.
 *
 * Shape   text  the file as read: len bytes, any bytes, any line ending.  New
 *               lines end as the file's lines end (the majority; LF for an
 *               empty file); a missing final newline is put before our block
 *               and not counted as a change of somebody's line.
 *         block a name of A-Z a-z 0-9 . _ - , at most DIAG_HOSTS_BLOCK_MAX.
 *         pins  n of them, n may be 0: then the block is taken out and the
 *               lines that were put out for it come back.
 * Twice   planning again on the result gives no edits.
 * Errors  DIAG_EPARSE  a block is opened twice or never closed; err->what is
 *                      "line N: …".
 *         DIAG_EUSAGE  a bad block name or pin; another inventory's block
 *                      gives one of our names another address (what tells
 *                      which block, line and name).
 *         DIAG_ELIMIT  too many pins, bytes or lines.
 *         DIAG_ENOMEM
 * Owns    Borrows text, which the edits do not outlive; the rest goes into
 *         the arena. */
DIAG_MUST_USE
bool diag_hosts_plan(struct diag_arena *arena, const char *text, size_t len,
		     const char *block, const struct diag_pin *pins, size_t n,
		     struct diag_hosts_plan *out, struct diag_err *err);

#endif
