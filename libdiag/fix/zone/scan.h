/* SPDX-License-Identifier: MIT */
/* scan.h - a zone file as entries that keep their bytes.  Private to this
 * room.
 *
 * RFC 1035, section 5.1: an entry is a line, unless parentheses carry it over
 * several; quotes keep blanks, ';' begins a comment, '\' takes the next
 * character as it is (or three digits).  The text is walked once, entry by
 * entry, without memory of its own.
 */
#ifndef DIAG_FIX_ZONE_SCAN_H
#define DIAG_FIX_ZONE_SCAN_H

#include "base/cursor.h"
#include "base/err.h"

#define ZONE_TOKENS 16 /* kept of an entry; the rest is only passed over */

struct zone_token {
	size_t at, len; /* bytes in the text, quotes left out */
	bool quoted;
	bool escaped; /* holds a backslash */
};

struct zone_entry {
	size_t begin, end;  /* whole lines, the last ending included */
	size_t body_end;    /* before the last line's ending */
	unsigned line;	    /* of its first byte */
	bool blank_owner;   /* begins with a blank: the owner before it */
	bool several_lines; /* parentheses */
	struct zone_token tokens[ZONE_TOKENS];
	size_t n_tokens; /* kept; more may have been there */
	size_t comment;	 /* where the last line's comment begins, or 0 */
};

struct zone_scan {
	struct diag_slice text;
	size_t at;
	unsigned line; /* of at */
	const char *file;
};
void zone_scan_init(struct zone_scan *s, const char *file,
		    struct diag_slice text);
/* The next entry, empty lines and lines of comment among them (no tokens).
 * *more is false at the end of the text.  Errors: DIAG_EPARSE
 * "FILE:LINE:COLUMN: …": a quote or a parenthesis that is never closed, a
 * parenthesis closed that was not open. */
DIAG_MUST_USE
bool zone_scan_next(struct zone_scan *s, struct zone_entry *out, bool *more,
		    struct diag_err *err);

/* The name that a token spells, made whole with origin and lower case; false:
 * not a name that could be one of ours (escapes, too long). */
bool zone_name(const struct zone_scan *s, const struct zone_token *t,
	       const char *origin, char out[256]);
bool zone_token_is(const struct zone_scan *s, const struct zone_token *t,
		   const char *word); /* ASCII case ignored */

#endif
