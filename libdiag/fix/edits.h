/* SPDX-License-Identifier: MIT */
/* edits.h - a change to somebody's file, as the pieces that change.
 *
 * Pure.  A text is never parsed into a model and printed again: what nobody
 * asked to change keeps every byte, whatever it is.  Edits are what plan
 * shows, what apply writes, and what the share of a change is counted from.
 * Hosts files and zone files use the same ones.
 */
#ifndef DIAG_FIX_EDITS_H
#define DIAG_FIX_EDITS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* Bytes [at, at + len) of the old text become put (put_len bytes). */
struct diag_edit {
	size_t at, len;
	const char *put; /* lives in the arena the edits were made in */
	size_t put_len;
	bool foreign; /* touches lines that are not ours */
};

/* In text order, not overlapping; n == 0: the text is fine as it is. */
struct diag_edits {
	const struct diag_edit *items;
	size_t n;
};

/* How long the new text is.  Errors: DIAG_EUSAGE (edits out of order or beyond
 * the text). */
DIAG_MUST_USE
bool diag_edits_len(const struct diag_edits *edits, size_t len, size_t *out,
		    struct diag_err *err);

/* The new text.  Errors: DIAG_EUSAGE (edits out of order or beyond the text),
 * DIAG_ELIMIT and DIAG_ENOMEM of out. */
DIAG_MUST_USE
bool diag_edits_apply(const struct diag_edits *edits, const char *text,
		      size_t len, struct diag_buf *out, struct diag_err *err);

/* The change as a unified diff with three lines of context, as patch(1) takes
 * it: "\ No newline at end of file" where that is so, every byte of a line as
 * it is (a caller that prints to a terminal makes it safe).  Needs memory for
 * the changed lines, not for the file.  Nothing is put when edits are empty.
 * Source: POSIX.1-2017 diff, "Diff -u Output Format". */
DIAG_MUST_USE
bool diag_edits_diff(const struct diag_edits *edits, const char *text,
		     size_t len, const char *old_name, const char *new_name,
		     struct diag_buf *out, struct diag_err *err);

/* The same for two whole texts (undo, "somebody edited since"): common head
 * and tail are found by lines; what lies between is shown as one hunk or
 * more, not necessarily the smallest. */
DIAG_MUST_USE
bool diag_text_diff(const char *a, size_t a_len, const char *b, size_t b_len,
		    const char *old_name, const char *new_name,
		    struct diag_buf *out, struct diag_err *err);

#endif
