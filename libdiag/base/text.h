/* SPDX-License-Identifier: MIT */
/* text.h - small things about strings that everybody needs once. */
#ifndef DIAG_BASE_TEXT_H
#define DIAG_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Text from outside, made harmless for a terminal: control bytes (C0, DEL,
 * C1), bidirectional overrides and bytes that are not UTF-8 come out as \xNN
 * or \u{NNNN}; everything else as it is.  Borrows. */
void diag_text_safe(struct diag_buf *out, const char *s, size_t len);
/* The same into a fixed buffer, cut at a whole escape; always terminated. */
const char *diag_text_safe_z(const char *s, char *out, size_t size);

/* One word of a shell command (POSIX.1, Shell Command Language, 2.2.2): quoted
 * where it has to be. */
void diag_text_word(struct diag_buf *out, const char *word);

/* Columns a terminal needs for s (UTF-8; combining marks are 0, wide are 2 by
 * the ranges we print; bytes that are not UTF-8 count 1). */
size_t diag_text_width(const char *s);

/* Where the first byte stands that is not UTF-8 (RFC 3629); len: nowhere. */
size_t diag_text_not_utf8(const char *s, size_t len);

/* ASCII only, no locale. */
bool diag_text_eq_nocase(const char *a, const char *b);
bool diag_text_ends(const char *s, const char *tail); /* exact */
bool diag_text_starts(const char *s, const char *head);
/* First place of needle in hay (len bytes), ASCII case ignored; NULL if none.
 * The portable memmem/strcasestr. */
const char *diag_text_find_nocase(const char *hay, size_t len,
				  const char *needle);
void diag_text_lower(char *s);

/* Cut to width columns by replacing the middle with one ellipsis ("..." when
 * ascii); out always terminated. */
const char *diag_text_middle(const char *s, size_t width, bool ascii, char *out,
			     size_t size);

/* Levenshtein distance over bytes, capped at 8; for "did you mean". */
unsigned diag_text_distance(const char *a, const char *b);

#endif
