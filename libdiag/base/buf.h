/* SPDX-License-Identifier: MIT */
/* buf.h - text that grows up to a ceiling named when it is made.
 *
 * Failure is sticky: put what you like, ask diag_buf_ok() once at the end.
 */
#ifndef DIAG_BASE_BUF_H
#define DIAG_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct diag_buf {
	char *data; /* NUL terminated once anything was put; may be NULL */
	size_t len; /* bytes, without the NUL */
	size_t cap;
	size_t max;	     /* ceiling for len */
	enum diag_code code; /* DIAG_OK, DIAG_ENOMEM or DIAG_ELIMIT */
};

void diag_buf_init(struct diag_buf *buf, size_t max);
void diag_buf_clear(struct diag_buf *buf); /* frees; may be used again */
void diag_buf_reset(struct diag_buf *buf); /* len = 0, memory kept */
void diag_buf_put(struct diag_buf *buf, const void *p, size_t len);
void diag_buf_puts(struct diag_buf *buf, const char *s); /* NULL puts nothing */
void diag_buf_pad(struct diag_buf *buf, char c, size_t n);
void diag_buf_printf(struct diag_buf *buf, const char *fmt, ...)
    DIAG_PRINTF(2, 3);
/* Room for len more bytes and the NUL, or NULL; what was filled is then told
 * with diag_buf_took().  For writers that put a few bytes at a time, and so
 * often that a call for each is felt. */
char *diag_buf_grown(struct diag_buf *buf, size_t len); /* the slow way */
static inline char *diag_buf_room(struct diag_buf *buf, size_t len)
{
	/* cap is never over max + 1 */
	if (buf->code == DIAG_OK && len < buf->cap - buf->len)
		return buf->data + buf->len;
	return diag_buf_grown(buf, len);
}

static inline void diag_buf_took(struct diag_buf *buf, size_t len)
{
	buf->len += len;
	buf->data[buf->len] = '\0';
}

static inline void diag_buf_putc(struct diag_buf *buf, char c)
{
	char *room = diag_buf_room(buf, 1);

	if (room == NULL)
		return;
	*room = c;
	diag_buf_took(buf, 1);
}

/* "" instead of NULL. Borrowed from buf. */
const char *diag_buf_str(const struct diag_buf *buf);
DIAG_MUST_USE
bool diag_buf_ok(const struct diag_buf *buf, struct diag_err *err,
		 const char *op);

#endif
