/* SPDX-License-Identifier: MIT */
/* See xml.h. */
#include "base/xml.h"

#include <string.h>

#include "base/text.h"

/* U+FFFE and U+FFFF are characters to UTF-8 and none to XML. */
static bool is_no_char(const char *s)
{
	return memcmp(s, "\xef\xbf\xbe", 3) == 0 ||
	       memcmp(s, "\xef\xbf\xbf", 3) == 0;
}

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

static void put_safe(struct diag_buf *out, const char *at)
{
	for (; *at != '\0'; at++) {
		const char *e = entity(*at);

		if (e != NULL) {
			diag_buf_puts(out, e);
		} else if (*at == '\xef' && is_no_char(at)) {
			diag_buf_puts(out, "\\u{FFFE}");
			at += 2;
		} else {
			diag_buf_putc(out, *at);
		}
	}
}

void diag_xml_text(struct diag_buf *out, const char *s)
{
	struct diag_buf safe;

	if (s == NULL)
		return;
	diag_buf_init(&safe, out->max);
	diag_text_safe(&safe, s, strlen(s));
	put_safe(out, diag_buf_str(&safe));
	if (safe.code != DIAG_OK && out->code == DIAG_OK)
		out->code = safe.code;
	diag_buf_clear(&safe);
}

void diag_xml_attr(struct diag_buf *out, const char *name, const char *value)
{
	diag_buf_printf(out, " %s=\"", name);
	diag_xml_text(out, value);
	diag_buf_putc(out, '"');
}

void diag_xml_time(struct diag_buf *out, double ms)
{
	/* Not %f: its point depends on the locale. */
	bool sane = ms >= 0 && ms < 1e15;
	unsigned long long thousandths =
	    sane ? (unsigned long long)(ms + 0.5) : 0;

	diag_buf_printf(out, " time=\"%llu.%03llu\"", thousandths / 1000,
			thousandths % 1000);
}
