/* SPDX-License-Identifier: MIT */
/* marks.h - our marks in somebody's text, and the text without them.  Private
 * to this room.
 *
 * Two marks, in the comment of the language (C is ";" or "#"):
 *
 *	RECORD C pldiag: BLOCK		a line of ours
 *	RECORD C pldiag: BLOCK +	the same, put with the newline before it
 *	C pldiag: off BLOCK: LINE	a line of somebody else, put out
 *
 * A plan is made for the text as it was before us, and then compared with what
 * stands there now.  So planning twice is planning once, and taking our lines
 * out gives every byte back.
 */
#ifndef DIAG_FIX_ZONE_MARKS_H
#define DIAG_FIX_ZONE_MARKS_H

#include "base/cursor.h"
#include "fix/edits.h"

struct zone_marks {
	const char *comment; /* ";" */
	const char *block;
};

/* The edits that take our marks out of text. */
DIAG_MUST_USE
bool zone_marks_out(struct diag_arena *arena, const struct zone_marks *m,
		    struct diag_slice text, struct diag_edits *out,
		    struct diag_err *err);

/* A text and what is done to it. */
struct zone_step {
	struct diag_slice text;
	const struct diag_edits *edits;
};

/* Two steps as one: first.edits make then.text of first.text.  *out does both
 * at once to first.text, and says nothing of places that stay as they are. */
DIAG_MUST_USE
bool zone_edits_join(struct diag_arena *arena, const struct zone_step *first,
		     const struct zone_step *then, struct diag_edits *out,
		     struct diag_err *err);

/* Put a line of somebody else out: each of its lines behind a mark. */
void zone_mark_off(const struct zone_marks *m, struct diag_slice lines,
		   struct diag_buf *out);
/* The tail of a line of ours; newline: the line before it had none. */
void zone_mark_ours(const struct zone_marks *m, bool newline,
		    struct diag_buf *out);

#endif
