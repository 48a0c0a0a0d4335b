/* SPDX-License-Identifier: MIT */
/* markup.c - the escape of XML and HTML. */
#include "base/markup.h"

#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

/* Characters to UTF-8, and none to XML (1.0, section 2.2) and HTML: U+FFFE,
 * U+FFFF and the last two of every other plane. */
static bool is_no_char(uint32_t cp)
{
	return (cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef);
}

static size_t put_beyond_ascii(struct diag_buf *out, const char *s, size_t len)
{
	uint32_t cp = 0;
	size_t n = diag_utf8_get(s, len, &cp);

	if (n == 0 || is_no_char(cp))
		diag_buf_printf(out, "\\u{%04X}", (unsigned)cp);
	else
		diag_buf_put(out, s, n);
	return n > 0 ? n : 1;
}

/* s was made harmless. */
static void put_escaped(struct diag_buf *out, const char *s, size_t len)
{
	size_t from = 0; /* start of the run not yet copied */
	size_t at = 0;

	while (at < len) {
		const char *e = entity(s[at]);

		if (e == NULL && (unsigned char)s[at] < 0x80) {
			at++;
			continue;
		}
		diag_buf_put(out, s + from, at - from);
		if (e != NULL) {
			diag_buf_puts(out, e);
			at++;
		} else {
			at += put_beyond_ascii(out, s + at, len - at);
		}
		from = at;
	}
	diag_buf_put(out, s + from, at - from);
}

/* Not in the middle of a character. */
static size_t cut(const char *s, size_t len, size_t max)
{
	if (max == 0 || len <= max)
		return len;
	while (max > 0 && ((unsigned char)s[max] & 0xc0) == 0x80)
		max--;
	return max;
}

void diag_markup_text(struct diag_buf *out, struct diag_buf *scratch,
		      const char *s, size_t max)
{
	size_t whole = s != NULL ? strlen(s) : 0;
	size_t len = s != NULL ? cut(s, whole, max) : 0;

	if (whole == 0)
		return;
	diag_buf_reset(scratch);
	diag_text_safe(scratch, s, len);
	put_escaped(out, diag_buf_str(scratch), scratch->len);
	if (len < whole)
		diag_buf_puts(out, " \xe2\x80\xa6");
	if (out->code == DIAG_OK)
		out->code = scratch->code;
}
