/* SPDX-License-Identifier: MIT */
/* json_write.c - JSON out, a value at a time (RFC 8259).
 *
 * Numbers are printed by hand, because printf(3) obeys the locale and is slow
 * for a hundred thousand facts.
 */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/json_write.h"

#define MS_MAX 1e15 /* beyond it thousandths are no longer exact */

void diag_jw_init(struct diag_jw *w, struct diag_buf *out, unsigned indent)
{
	*w = (struct diag_jw){ .out = out, .indent = indent };
}

static void new_line(struct diag_jw *w)
{
	diag_buf_putc(w->out, '\n');
	diag_buf_pad(w->out, ' ', (size_t)w->indent * w->depth);
}

/* What stands between this value (or key) and the one before. */
static void separate(struct diag_jw *w)
{
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (w->depth == 0)
		return;
	if (w->comma)
		diag_buf_putc(w->out, ',');
	if (w->indent > 0)
		new_line(w);
}

void diag_jw_open(struct diag_jw *w, char bracket)
{
	separate(w);
	diag_buf_putc(w->out, bracket);
	w->depth++;
	w->comma = false;
}

void diag_jw_close(struct diag_jw *w, char bracket)
{
	if (w->depth > 0)
		w->depth--;
	if (w->indent > 0 && w->comma)
		new_line(w);
	diag_buf_putc(w->out, bracket);
	w->comma = true;
}

void diag_jw_quoted_key(struct diag_jw *w, const char *text, size_t len)
{
	char *room;

	if (w->indent > 0) {
		separate(w);
		diag_buf_put(w->out, text, len);
		diag_buf_putc(w->out, ' ');
	} else if ((room = diag_buf_room(w->out, len + 1)) != NULL) {
		*room = ',';
		memcpy(room + w->comma, text, len);
		diag_buf_took(w->out, len + w->comma);
	}
	w->after_key = true;
}

void diag_jw_key(struct diag_jw *w, const char *key)
{
	separate(w);
	diag_json_quote(w->out, key, strlen(key));
	diag_buf_put(w->out, ": ", w->indent > 0 ? 2 : 1);
	w->after_key = true;
}

void diag_jw_strn(struct diag_jw *w, const char *s, size_t len)
{
	if (s == NULL) {
		diag_jw_null(w);
		return;
	}
	separate(w);
	diag_json_quote(w->out, s, len);
	w->comma = true;
}

void diag_jw_str(struct diag_jw *w, const char *s)
{
	diag_jw_strn(w, s, s != NULL ? strlen(s) : 0);
}

void diag_jw_raw(struct diag_jw *w, const char *text, size_t len)
{
	separate(w);
	diag_buf_put(w->out, text, len);
	w->comma = true;
}

/* Decimal digits of n, written backwards from end; gives their start. */
static char *digits(char *end, uint64_t n)
{
	do {
		*--end = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	return end;
}

void diag_jw_uint(struct diag_jw *w, uint64_t n)
{
	char text[24];
	char *end = text + sizeof(text);
	char *p = digits(end, n);

	diag_jw_raw(w, p, (size_t)(end - p));
}

void diag_jw_int(struct diag_jw *w, int64_t n)
{
	char text[24];
	char *end = text + sizeof(text);
	/* Negated as unsigned: INT64_MIN has no positive twin. */
	char *p = digits(end, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);

	if (n < 0)
		*--p = '-';
	diag_jw_raw(w, p, (size_t)(end - p));
}

/* llround(3) without the call. */
static uint64_t rounded(double positive)
{
	uint64_t whole = (uint64_t)positive;

	return whole + (positive - (double)whole >= 0.5);
}

void diag_jw_ms(struct diag_jw *w, double ms)
{
	char text[32];
	char *end = text + sizeof(text);
	uint64_t thousandths;
	unsigned fraction;
	char *p;

	if (!(fabs(ms) < MS_MAX)) { /* not a number, too */
		diag_jw_null(w);
		return;
	}
	thousandths = rounded(fabs(ms) * 1000);
	fraction = (unsigned)(thousandths % 1000);
	for (int i = 0; i < 3; i++) {
		*--end = (char)('0' + fraction % 10);
		fraction /= 10;
	}
	*--end = '.';
	p = digits(end, thousandths / 1000);
	if (ms < 0 && thousandths > 0)
		*--p = '-';
	end = text + sizeof(text);
	while (end[-1] == '0')
		end--;
	diag_jw_raw(w, p, (size_t)(end - p) - (end[-1] == '.'));
}

void diag_jw_bool(struct diag_jw *w, bool b)
{
	diag_jw_raw(w, b ? "true" : "false", b ? 4 : 5);
}

void diag_jw_null(struct diag_jw *w)
{
	diag_jw_raw(w, "null", 4);
}

void diag_jw_kstr(struct diag_jw *w, const char *key, const char *s)
{
	if (s == NULL)
		return;
	diag_jw_key(w, key);
	diag_jw_str(w, s);
}

void diag_jw_kuint(struct diag_jw *w, const char *key, uint64_t n)
{
	diag_jw_key(w, key);
	diag_jw_uint(w, n);
}

void diag_jw_kint(struct diag_jw *w, const char *key, int64_t n)
{
	diag_jw_key(w, key);
	diag_jw_int(w, n);
}

void diag_jw_kms(struct diag_jw *w, const char *key, double ms)
{
	diag_jw_key(w, key);
	diag_jw_ms(w, ms);
}

void diag_jw_kbool(struct diag_jw *w, const char *key, bool b)
{
	diag_jw_key(w, key);
	diag_jw_bool(w, b);
}

void diag_jw_kopen(struct diag_jw *w, const char *key, char bracket)
{
	diag_jw_key(w, key);
	diag_jw_open(w, bracket);
}
