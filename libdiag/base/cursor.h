/* SPDX-License-Identifier: MIT */
/* cursor.h - the one way bytes from outside are read.
 *
 * A cursor never runs past its end: a read that does not fit returns false,
 * moves nothing, and leaves *out alone.  Borrows its bytes.
 */
#ifndef DIAG_BASE_CURSOR_H
#define DIAG_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct diag_cursor {
	const unsigned char *at;
	const unsigned char *end;
};

/* A piece of somebody's bytes; not terminated. */
struct diag_slice {
	const char *p;
	size_t len;
};

struct diag_cursor diag_cursor_of(const void *p, size_t len);

/* Here and not in cursor.c: a DNS reply is read with a hundred of these. */
static inline size_t diag_cursor_left(const struct diag_cursor *c)
{
	return (size_t)(c->end - c->at);
}

static inline bool diag_cursor_skip(struct diag_cursor *c, size_t n)
{
	if (diag_cursor_left(c) < n)
		return false;
	c->at += n;
	return true;
}

static inline bool diag_cursor_u8(struct diag_cursor *c, uint8_t *out)
{
	if (diag_cursor_left(c) < 1)
		return false;
	*out = *c->at++;
	return true;
}

/* Network order, both. */
static inline bool diag_cursor_u16(struct diag_cursor *c, uint16_t *out)
{
	if (diag_cursor_left(c) < 2)
		return false;
	*out = (uint16_t)((unsigned)c->at[0] << 8 | c->at[1]);
	c->at += 2;
	return true;
}

static inline bool diag_cursor_u32(struct diag_cursor *c, uint32_t *out)
{
	if (diag_cursor_left(c) < 4)
		return false;
	*out = (uint32_t)c->at[0] << 24 | (uint32_t)c->at[1] << 16 |
	       (uint32_t)c->at[2] << 8 | (uint32_t)c->at[3];
	c->at += 4;
	return true;
}

bool diag_cursor_bytes(struct diag_cursor *c, void *out, size_t n);
/* Next line without its LF or CRLF; false at the end.  A last line without
 * LF counts. */
bool diag_cursor_line(struct diag_cursor *c, struct diag_slice *line);
/* Next run of bytes that are not space or tab; false when none is left. */
bool diag_cursor_word(struct diag_cursor *c, struct diag_slice *word);
/* Up to (not including) the byte; it is skipped.  false: not there. */
bool diag_cursor_until(struct diag_cursor *c, char byte,
		       struct diag_slice *out);
/* If the next bytes are the literal (ASCII case ignored), take them. */
bool diag_cursor_take(struct diag_cursor *c, const char *literal);

bool diag_slice_eq(struct diag_slice s, const char *text);	  /* exact */
bool diag_slice_eq_nocase(struct diag_slice s, const char *text); /* ASCII */
struct diag_slice diag_slice_of(const char *text);
struct diag_slice diag_slice_trim(struct diag_slice s); /* blanks both ends */
/* All of s is a decimal number in [min, max]; no sign, no blanks. */
bool diag_slice_number(struct diag_slice s, uint64_t min, uint64_t max,
		       uint64_t *out);

#endif
