/* SPDX-License-Identifier: MIT */
/* script.c - see script.h. */
#include "tools/script.h"

#include <stdint.h>
#include <string.h>

const char *const script_languages[] = { "sh", "powershell", NULL };

/* --- marks ---------------------------------------------------------------- */

static const struct script_value *value_at(const char *at, size_t left,
					   const struct script_value *values)
{
	for (; values->mark != NULL; values++) {
		size_t n = strlen(values->mark);

		if (n <= left && memcmp(at, values->mark, n) == 0)
			return values;
	}
	return NULL;
}

void script_put(struct diag_buf *out, const unsigned char *script, size_t len,
		const struct script_value *values)
{
	const char *text = (const char *)script;
	size_t done = 0, at = 0;

	while (at < len) {
		const struct script_value *v =
		    text[at] == '@' ? value_at(text + at, len - at, values)
				    : NULL;

		if (v == NULL) {
			at++;
			continue;
		}
		diag_buf_put(out, text + done, at - done);
		diag_buf_put(out, v->text, v->len);
		at += strlen(v->mark);
		done = at;
	}
	diag_buf_put(out, text + done, len - done);
}

/* --- characters ----------------------------------------------------------- */

/* How many bytes follow a first byte of UTF-8 (RFC 3629, 3); -1: none such. */
static int following(unsigned char c)
{
	if (c < 0x80)
		return 0;
	if (c < 0xc2 || c > 0xf4)
		return -1;
	return c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
}

/* Bytes of the character at s; 0: not UTF-8. */
static size_t take(const char *s, size_t len, uint32_t *cp)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	int more = len > 0 ? following((unsigned char)s[0]) : -1;

	if (more < 0 || (size_t)more >= len)
		return 0;
	*cp = (unsigned char)s[0];
	if (more > 0)
		*cp &= 0x3fu >> more;
	for (int i = 1; i <= more; i++) {
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | ((unsigned char)s[i] & 0x3f);
	}
	if (*cp < least[more] || *cp > 0x10ffff ||
	    (*cp >= 0xd800 && *cp < 0xe000))
		return 0;
	return (size_t)more + 1;
}

bool script_is_text(const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		uint32_t cp;
		size_t n = take(text, left, &cp);

		if (n == 0 || cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
			return false;
		text += n;
		left -= n;
	}
	return true;
}

/* One or, beyond the basic plane, two units of UTF-16. */
static int utf16(uint32_t cp, unsigned out[2])
{
	if (cp < 0x10000) {
		out[0] = cp;
		return 1;
	}
	out[0] = 0xd800 + ((cp - 0x10000) >> 10);
	out[1] = 0xdc00 + ((cp - 0x10000) & 0x3ff);
	return 2;
}

/* Each unit in this format; a byte that is no UTF-8 becomes U+FFFD. */
static size_t put_units(struct diag_buf *out, const char *s, size_t len,
			bool json)
{
	uint32_t cp = 0xfffd;
	size_t n = take(s, len, &cp);
	unsigned units[2];

	for (int i = 0, many = utf16(n > 0 ? cp : 0xfffd, units); i < many; i++)
		diag_buf_printf(out, json ? "\\u%04x" : "'+[char]0x%04x+'",
				units[i]);
	return n > 0 ? n : 1;
}

void script_ascii(struct diag_buf *out, const char *json, size_t len)
{
	size_t at = 0;

	while (at < len) {
		if ((unsigned char)json[at] < 0x80)
			diag_buf_putc(out, json[at++]);
		else
			at += put_units(out, json + at, len - at, true);
	}
}

/* --- quotes --------------------------------------------------------------- */

static void quote_sh(struct diag_buf *out, const char *text)
{
	diag_buf_putc(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			diag_buf_puts(out, "'\\''");
		else
			diag_buf_putc(out, *text);
	}
	diag_buf_putc(out, '\'');
}

static void quote_powershell(struct diag_buf *out, const char *text)
{
	size_t left = strlen(text);

	diag_buf_puts(out, "('");
	while (left > 0) {
		size_t n = 1;

		if (*text == '\'')
			diag_buf_puts(out, "''");
		else if ((unsigned char)*text < 0x80)
			diag_buf_putc(out, *text);
		else
			n = put_units(out, text, left, false);
		text += n;
		left -= n;
	}
	diag_buf_puts(out, "')");
}

void script_quote(struct diag_buf *out, enum script_language language,
		  const char *text)
{
	if (language == SCRIPT_SH)
		quote_sh(out, text);
	else
		quote_powershell(out, text);
}
