/* SPDX-License-Identifier: MIT */
/* buf.c - a growing buffer; doubling keeps many small puts cheap. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define BUF_FIRST 64 /* bytes of the first block */

void diag_buf_init(struct diag_buf *buf, size_t max)
{
	/* One byte is always left for the NUL. */
	*buf = (struct diag_buf){ .max = max < SIZE_MAX ? max : SIZE_MAX - 1 };
}

void diag_buf_clear(struct diag_buf *buf)
{
	diag_free(buf->data);
	diag_buf_init(buf, buf->max);
}

void diag_buf_reset(struct diag_buf *buf)
{
	buf->len = 0;
	buf->code = DIAG_OK;
	if (buf->data != NULL)
		buf->data[0] = '\0';
}

static size_t wanted_cap(const struct diag_buf *buf, size_t need)
{
	size_t cap = buf->cap > 0 ? buf->cap : BUF_FIRST;

	while (cap < need)
		cap = cap <= SIZE_MAX / 2 ? cap * 2 : SIZE_MAX;
	return cap < buf->max + 1 ? cap : buf->max + 1;
}

char *diag_buf_grown(struct diag_buf *buf, size_t len)
{
	size_t cap;
	char *data;

	if (buf->code != DIAG_OK)
		return NULL;
	if (len > buf->max - buf->len) {
		buf->code = DIAG_ELIMIT;
		return NULL;
	}
	cap = wanted_cap(buf, buf->len + len + 1);
	data = diag_realloc(buf->data, cap);
	if (data == NULL) {
		buf->code = DIAG_ENOMEM;
		return NULL;
	}
	buf->data = data;
	buf->cap = cap;
	return data + buf->len;
}

void diag_buf_put(struct diag_buf *buf, const void *p, size_t len)
{
	char *room = diag_buf_room(buf, len);

	if (room == NULL)
		return;
	if (len > 0)
		memcpy(room, p, len);
	diag_buf_took(buf, len);
}

void diag_buf_puts(struct diag_buf *buf, const char *s)
{
	if (s != NULL)
		diag_buf_put(buf, s, strlen(s));
}

void diag_buf_pad(struct diag_buf *buf, char c, size_t n)
{
	char *room = diag_buf_room(buf, n);

	if (room == NULL)
		return;
	memset(room, c, n);
	diag_buf_took(buf, n);
}

void diag_buf_printf(struct diag_buf *buf, const char *fmt, ...)
{
	va_list args;
	char *room;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		buf->code = buf->code == DIAG_OK ? DIAG_ELIMIT : buf->code;
	room = len < 0 ? NULL : diag_buf_room(buf, (size_t)len);
	if (room == NULL)
		return;
	va_start(args, fmt);
	(void)vsnprintf(room, (size_t)len + 1, fmt, args);
	va_end(args);
	buf->len += (size_t)len;
}

const char *diag_buf_str(const struct diag_buf *buf)
{
	return buf->data != NULL ? buf->data : "";
}

bool diag_buf_ok(const struct diag_buf *buf, struct diag_err *err,
		 const char *op)
{
	if (buf->code == DIAG_OK)
		return true;
	if (buf->code == DIAG_ELIMIT)
		return diag_fail(err, DIAG_ELIMIT, op, "more than %zu bytes",
				 buf->max);
	return diag_fail_nomem(err, op);
}
