/* SPDX-License-Identifier: MIT */
/* cursor.c - every read checks what is left first. */
#include "base/cursor.h"

#include <string.h>

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

static unsigned char lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

static struct diag_slice slice(const unsigned char *from,
			       const unsigned char *to)
{
	return (struct diag_slice){ (const char *)from, (size_t)(to - from) };
}

struct diag_cursor diag_cursor_of(const void *p, size_t len)
{
	/* NULL + 0 is undefined in C; an empty cursor stands on this. */
	static const unsigned char nothing[1];
	const unsigned char *at = p != NULL ? p : nothing;

	return (struct diag_cursor){ at, at + (p != NULL ? len : 0) };
}

bool diag_cursor_bytes(struct diag_cursor *c, void *out, size_t n)
{
	if (diag_cursor_left(c) < n)
		return false;
	if (n > 0)
		memcpy(out, c->at, n);
	c->at += n;
	return true;
}

bool diag_cursor_line(struct diag_cursor *c, struct diag_slice *line)
{
	size_t left = diag_cursor_left(c);
	const unsigned char *lf;
	const unsigned char *stop;

	if (left == 0)
		return false;
	lf = memchr(c->at, '\n', left);
	stop = lf != NULL ? lf : c->end;
	if (lf != NULL && stop > c->at && stop[-1] == '\r')
		stop--;
	*line = slice(c->at, stop);
	c->at = lf != NULL ? lf + 1 : c->end;
	return true;
}

bool diag_cursor_word(struct diag_cursor *c, struct diag_slice *word)
{
	const unsigned char *from = c->at;
	const unsigned char *to;

	while (from < c->end && is_blank(*from))
		from++;
	if (from == c->end)
		return false;
	to = from;
	while (to < c->end && !is_blank(*to))
		to++;
	*word = slice(from, to);
	c->at = to;
	return true;
}

bool diag_cursor_until(struct diag_cursor *c, char byte, struct diag_slice *out)
{
	size_t left = diag_cursor_left(c);
	const unsigned char *at =
	    left > 0 ? memchr(c->at, (unsigned char)byte, left) : NULL;

	if (at == NULL)
		return false;
	*out = slice(c->at, at);
	c->at = at + 1;
	return true;
}

static bool same_nocase(const void *a, const void *b, size_t len)
{
	const unsigned char *x = a;
	const unsigned char *y = b;

	for (size_t i = 0; i < len; i++)
		if (lower(x[i]) != lower(y[i]))
			return false;
	return true;
}

bool diag_cursor_take(struct diag_cursor *c, const char *literal)
{
	size_t len = strlen(literal);

	if (diag_cursor_left(c) < len || !same_nocase(c->at, literal, len))
		return false;
	c->at += len;
	return true;
}

bool diag_slice_eq(struct diag_slice s, const char *text)
{
	return s.len == strlen(text) &&
	       (s.len == 0 || memcmp(s.p, text, s.len) == 0);
}

bool diag_slice_eq_nocase(struct diag_slice s, const char *text)
{
	return s.len == strlen(text) && same_nocase(s.p, text, s.len);
}

struct diag_slice diag_slice_of(const char *text)
{
	return (struct diag_slice){ text, text != NULL ? strlen(text) : 0 };
}

struct diag_slice diag_slice_trim(struct diag_slice s)
{
	while (s.len > 0 && is_blank((unsigned char)s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && is_blank((unsigned char)s.p[s.len - 1]))
		s.len--;
	return s;
}

bool diag_slice_number(struct diag_slice s, uint64_t min, uint64_t max,
		       uint64_t *out)
{
	uint64_t n = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = (unsigned)(unsigned char)s.p[i] - '0';

		if (digit > 9 || n > (UINT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	if (n < min || n > max)
		return false;
	*out = n;
	return true;
}
