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
 * would defeat it, wherever it stands: glibc returns both, of both families,
 * Windows takes the first.  It is put out, and its names that no block speaks
 * of go on in a line of their own, the rest, right behind:
 *
 *	# pldiag: off ws1103: 10.0.0.9 bf4ab0bd-….ms printer # by hand
 *	10.0.0.9 printer # pldiag: rest of the line above, for ws1103
 *
 * What the marks say is all there is to know: without pins (n = 0) the block
 * and the rests go and the lines come back, byte for byte, on any machine and
 * without any journal.  Marks may be moved and their blanks changed by hand.  A
 * rest that somebody wrote another name on is theirs from then on and stays; a
 * name that somebody took from it stays away until its line comes back.  What
 * stands inside of a block is ours, whoever wrote it, and is replaced.
 *
 * Blocks of several inventories may share names, with the same addresses.  A
 * line that comes back for one and would defeat another is handed over to that
 * one.  A block with another address for one of our names is a conflict that
 * is told, never edited.
 *
 * A block holds all pins of its inventory, also those that other lines say
 * already: such a line may go tomorrow, by hand or with its inventory, and a
 * pair that stands twice harms nobody.  Only if lines outside of all blocks say
 * every pin, and no line had to be put out for that, nothing is written.
 *
 * Names are compared without case and without a dot at their end: glibc
 * answers the dotted spelling to nobody who asks without the dot, others do
 * not tell them apart, so it can defeat a pin and never be one.  A first line
 * behind a byte-order mark is no entry (glibc); nothing is written before the
 * mark.
 */
#ifndef DIAG_FIX_HOSTS_H
#define DIAG_FIX_HOSTS_H

#include "fix/edits.h"
#include "hosts/marks.h"
#include "net/addr.h"

#define DIAG_HOSTS_PINS_MAX 4096

/* What a name should have; a name may stand in several pins (several
 * addresses), the same pair only once. */
struct diag_pin {
	const char *name; /* normalised: lower case, no dot at the end */
	struct diag_addr addr;
};

enum diag_pin_state {
	/* The file says so already, in or out of a block, and nothing else of
	 * this name. */
	DIAG_PIN_RIGHT,
	DIAG_PIN_MISSING, /* no line has it: will be added */
	/* Lines give the name an address that is none of its pins': they will
	 * be put out, or replaced in our block. */
	DIAG_PIN_WRONG,
};

struct diag_hosts_plan {
	struct diag_edits edits;
	const enum diag_pin_state *states; /* of each pin */
	/* Entry lines outside of blocks, without the rests that we left; and
	 * how many of these will be put out.  Lines that come back are not
	 * counted: to take a block out needs nobody's force. */
	size_t foreign_lines, foreign_changed;
	bool block_there; /* the block existed before */
};

/* Work out the edits that make a hosts file hold exactly these pins in the
 * block of that name, and nothing that defeats them.
 *
 * Shape   text  the file as read: len bytes, any bytes, any line ending.  New
 *               lines end as the file's lines end (the majority; LF for an
 *               empty file), in a block that is there as its first line ends;
 *               a rest ends as its line.  A missing final newline is put
 *               before our block, which says so, and goes with it again; it is
 *               not counted as a change of somebody's line.
 *         block a name of A-Z a-z 0-9 . _ - , at most DIAG_HOSTS_BLOCK_MAX.
 *         pins  n of them, n may be 0: then the block is taken out and the
 *               lines that were put out for it come back.
 *               The order of lines in a block that is there is no matter.
 * Twice   planning again on the result gives no edits.
 * Back    no pins, planned on what any pins gave, give the bytes that were.
 * Errors  DIAG_EPARSE  a block is opened twice, inside of another, or never
 *                      closed; an end without a begin; UTF-16 (Notepad's
 *                      "Unicode"); err->what is "line N: …".
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
