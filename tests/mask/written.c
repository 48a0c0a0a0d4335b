/* SPDX-License-Identifier: MIT */
/* See written.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "tests/mask/written.h"

#define TEXT_MAX ((size_t)1 << 20)

void written_raw(const char *text, size_t len, struct diag_buf *out)
{
	diag_buf_put(out, text, len);
}

void written_percent(const char *text, size_t len, struct diag_buf *out)
{
	for (size_t i = 0; i < len; i++)
		diag_buf_printf(out, "%%%02X", (unsigned char)text[i]);
}

/* Only what a URL cannot have. */
void written_percent_some(const char *text, size_t len, struct diag_buf *out)
{
	for (size_t i = 0; i < len; i++)
		if (strchr(" :/?#[]@!$&'()*+,;=%\"\\\n\t{}<>|^`", text[i]) !=
		    NULL)
			diag_buf_printf(out, "%%%02x", (unsigned char)text[i]);
		else
			diag_buf_putc(out, text[i]);
}

void written_escapes(const char *text, size_t len, struct diag_buf *out)
{
	for (size_t i = 0; i < len; i++)
		diag_buf_printf(out, "\\u%04x", (unsigned char)text[i]);
}

void written_base64(const char *text, size_t len, struct diag_buf *out)
{
	char *to = malloc(len * 2 + 8);

	assert_non_null(to);
	(void)EVP_EncodeBlock((unsigned char *)to, (const unsigned char *)text,
			      (int)len);
	diag_buf_puts(out, to);
	free(to);
}

void written_utf16(const char *text, size_t len, struct diag_buf *out)
{
	for (size_t i = 0; i < len; i++) {
		diag_buf_putc(out, text[i]);
		diag_buf_putc(out, '\0');
	}
}

void written_wide_base64(const char *text, size_t len, struct diag_buf *out)
{
	struct diag_buf wide;

	diag_buf_init(&wide, TEXT_MAX);
	written_utf16(text, len, &wide);
	written_base64(wide.data, wide.len, out);
	diag_buf_clear(&wide);
}

void written_twice(const char *text, size_t len, struct diag_buf *out)
{
	struct diag_buf once;

	diag_buf_init(&once, TEXT_MAX);
	written_percent_some(text, len, &once);
	written_base64(once.data, once.len, out);
	diag_buf_clear(&once);
}

void written_entities(const char *text, size_t len, struct diag_buf *out)
{
	for (size_t i = 0; i < len; i++)
		diag_buf_printf(out, "&#%u;", (unsigned char)text[i]);
}

/* The text that stands for a character, or the character. */
static void named(const char *const names[128], char c, struct diag_buf *out)
{
	const char *name = (unsigned char)c < 128 ? names[(int)c] : NULL;

	if (name != NULL)
		diag_buf_puts(out, name);
	else
		diag_buf_putc(out, c);
}

void written_entities_some(const char *text, size_t len, struct diag_buf *out)
{
	static const char *const names[128] = {
		['"'] = "&quot;", ['\''] = "&#39;", ['<'] = "&lt;",
		['>'] = "&gt;",	  ['&'] = "&amp;",
	};

	for (size_t i = 0; i < len; i++)
		named(names, text[i], out);
}

void written_json(const char *text, size_t len, struct diag_buf *out)
{
	static const char *const names[128] = {
		['"'] = "\\\"",
		['\\'] = "\\\\",
		['\n'] = "\\n",
		['\t'] = "\\t",
	};

	diag_buf_puts(out, "app: {\"log\":\"");
	for (size_t i = 0; i < len; i++)
		named(names, text[i], out);
	diag_buf_puts(out, "\",\"stream\":\"stdout\"}");
}

/* --- looking for them ----------------------------------------------------- */

static bool holds(const struct diag_buf *in, const char *text, size_t len)
{
	for (size_t i = 0; i + len <= in->len; i++)
		if (in->data[i] == text[0] &&
		    memcmp(in->data + i, text, len) == 0)
			return true;
	return false;
}

/* Of base64 what does not depend on the neighbours. */
static bool holds_base64(const struct diag_buf *in, const char *text)
{
	for (size_t skip = 0; skip < 3; skip++) {
		struct diag_buf out;
		bool found;

		diag_buf_init(&out, TEXT_MAX);
		written_base64(text + skip, strlen(text) - skip, &out);
		found = holds(in, out.data, (strlen(text) - skip) / 3 * 4);
		diag_buf_clear(&out);
		if (found)
			return true;
	}
	return false;
}

bool written_is_in(const struct diag_buf *in, const char *text)
{
	static written_way *const plain[] = { written_raw, written_percent,
					      written_escapes, written_entities,
					      written_utf16 };
	bool found = holds_base64(in, text);

	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain) && !found; i++) {
		struct diag_buf out;

		diag_buf_init(&out, TEXT_MAX);
		plain[i](text, strlen(text), &out);
		found = holds(in, out.data, out.len);
		diag_buf_clear(&out);
	}
	return found;
}
