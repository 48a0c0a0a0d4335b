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

/* The same line by line, for texts that have more marks than these. */
#define ZONE_MARK_MAX 160
struct zone_mark { /* ready to be compared */
	char text[ZONE_MARK_MAX];
	size_t len;
};
struct zone_marks_out {
	struct diag_arena *arena;
	struct zone_mark ours, plus, off;
	struct diag_edit *edits;
	size_t n;
	size_t
	    tail; /* from here on all lines are ours; 0: it does not matter */
	bool failed; /* no memory */
};
/* false: too long. */
bool zone_mark_make(struct zone_mark *m, const char *fmt, ...)
    DIAG_PRINTF(2, 3);
bool zone_mark_starts(struct diag_slice line, const struct zone_mark *m);
bool zone_mark_ends(struct diag_slice line, const struct zone_mark *m);
DIAG_MUST_USE
bool zone_marks_start(struct zone_marks_out *m, const struct zone_marks *marks,
		      struct diag_err *err);
/* The line [at, end) with its ending. */
void zone_marks_line(struct zone_marks_out *m, const char *text, size_t at,
		     size_t end);
/* Bytes that go; what went already is left out. */
void zone_marks_take(struct zone_marks_out *m, size_t from, size_t to,
		     bool foreign);
/* Bytes of the line's ending: 0, 1 (LF) or 2 (CRLF). */
size_t zone_line_ending(struct diag_slice line);
/* Bytes of the newline that was put before a line of ours, which has this
 * ending: as its own, or, of the last line of a file, as it stands there. */
size_t zone_newline_before(const char *text, size_t at, size_t ending);

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

/* Where a place of what edits made is in the text they were made for. */
size_t zone_edits_back(const struct diag_edits *edits, size_t at);

/* Put a line of somebody else out: each of its lines behind a mark. */
void zone_mark_off(const struct zone_marks *m, struct diag_slice lines,
		   struct diag_buf *out);
/* The tail of a line of ours; newline: the line before it had none. */
void zone_mark_ours(const struct zone_marks *m, bool newline,
		    struct diag_buf *out);

#endif
