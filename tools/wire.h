/* SPDX-License-Identifier: MIT */
/* wire.h - what a child without rights hands back, as bytes.
 *
 * The reader runs with rights and trusts nothing: every number is checked, and
 * what does not fit is one error.  Numbers are 32 bits in network order, a
 * text is its length and its bytes.
 */
#ifndef DIAG_TOOLS_WIRE_H
#define DIAG_TOOLS_WIRE_H

#include "base/cursor.h"
#include "fix/edits.h"
#include "net/addr.h"

void wire_put_u32(struct diag_buf *out, uint32_t n);
void wire_put_size(struct diag_buf *out, size_t n);
void wire_put_text(struct diag_buf *out, const char *s); /* may be NULL */
void wire_put_bytes(struct diag_buf *out, const void *p, size_t len);
void wire_put_addrs(struct diag_buf *out, const struct diag_addr *a, size_t n);

/* Reading; the first thing that does not fit makes the rest empty. */
struct wire {
	struct diag_cursor c;
	struct diag_arena *arena;
	bool bad;
};
struct wire wire_of(struct diag_arena *arena, const void *p, size_t len);
uint32_t wire_u32(struct wire *w);
size_t wire_size(struct wire *w);
/* How many items of at least `each` bytes follow: no more than there is. */
size_t wire_count(struct wire *w, size_t each);
const char *wire_text(struct wire *w);	      /* NULL as it was put */
const char *wire_needed_text(struct wire *w); /* "" if it was NULL: bad */
const char *wire_bytes(struct wire *w, size_t *len);
/* Room for n items, zeroed, and one more. */
void *wire_array(struct wire *w, size_t n, size_t size);
const struct diag_addr *wire_addrs(struct wire *w, size_t *n);
/* All of it was read, and nothing was wrong.  DIAG_EIO. */
DIAG_MUST_USE
bool wire_ok(const struct wire *w, struct diag_err *err);

void wire_put_edits(struct diag_buf *out, const struct diag_edits *edits);
void wire_edits(struct wire *w, struct diag_edits *out);

/* A failure; what is read must be one, and starts from { .code = DIAG_OK }. */
void wire_put_err(struct diag_buf *out, const struct diag_err *err);
void wire_err(struct wire *w, struct diag_err *err);

#endif
