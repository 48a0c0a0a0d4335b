/* SPDX-License-Identifier: MIT */
/* diff_internal.h - private to this room: which lines of two texts differ, and
 * how that is shown. */
#ifndef DIAG_FIX_DIFF_INTERNAL_H
#define DIAG_FIX_DIFF_INTERNAL_H

#include <stddef.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/err.h"

/* Whole lines of the old text, by offset, that become whole lines of the new
 * one; either may be none, not both. */
struct diff_change {
	size_t old, old_len;
	struct diag_slice new;
};

/* What differs between two texts, as few lines as can be found in little time
 * and memory; call gets each change, in order.  false: no memory. */
DIAG_MUST_USE
bool diff_lines(struct diag_slice old, struct diag_slice new,
		void (*call)(void *to, const struct diff_change *change),
		void *to);

/* A diff under construction. */
struct diff_printer {
	struct diag_slice text; /* the old one */
	const char *old_name, *new_name;
	struct diag_buf *out;
	bool any;		       /* the names are put */
	size_t at;		       /* what the hunks put so far cover */
	size_t old_before, new_before; /* lines of both texts up to there */
	size_t region;		       /* for the caller: where changes begin */
	bool open;		       /* a hunk is; of it: */
	struct diag_buf body;
	size_t begin, end; /* bytes of the old text */
	size_t old_lines, new_lines;
};

/* names are set by the caller */
void diff_start(struct diff_printer *d, struct diag_slice text,
		struct diag_buf *out);
/* Whole lines [at, at + len) become new.  In order. */
void diff_add(struct diff_printer *d, size_t at, size_t len,
	      struct diag_slice new);
DIAG_MUST_USE
bool diff_end(struct diff_printer *d, struct diag_err *err);

/* The begin of the line that at stands in, and the end behind its newline. */
size_t diff_line_begin(const char *text, size_t at);
size_t diff_line_end(const char *text, size_t len, size_t at);

#endif
