/* SPDX-License-Identifier: MIT */
/* decode.c - any encoding to UTF-8.
 *
 * PowerShell 5 writes UTF-16LE with a mark when output is redirected, cmd.exe
 * writes in the code page of the machine, and `type a b > c` joins files with
 * their marks.  Names and addresses are ASCII everywhere, so a byte that is
 * no UTF-8 costs nothing but itself: it becomes U+FFFD (RFC 3629; Unicode,
 * 3.9; marks: RFC 3629, 6 and RFC 2781, 4.1).
 */
#include "import/internal.h"

#include <string.h>

#include "base/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"
#define LOOKED_AT   512 /* bytes that tell UTF-16 without a mark */

enum order { LITTLE, BIG, NO_ORDER };

static void put_utf8(struct diag_buf *out, uint32_t cp)
{
	if (cp < 0x80) {
		diag_buf_putc(out, (char)cp);
		return;
	}
	if (cp < 0x800) {
		diag_buf_putc(out, (char)(0xc0 | cp >> 6));
	} else if (cp < 0x10000) {
		diag_buf_putc(out, (char)(0xe0 | cp >> 12));
		diag_buf_putc(out, (char)(0x80 | (cp >> 6 & 0x3f)));
	} else {
		diag_buf_putc(out, (char)(0xf0 | cp >> 18));
		diag_buf_putc(out, (char)(0x80 | (cp >> 12 & 0x3f)));
		diag_buf_putc(out, (char)(0x80 | (cp >> 6 & 0x3f)));
	}
	diag_buf_putc(out, (char)(0x80 | (cp & 0x3f)));
}

static bool unit(struct diag_cursor *c, enum order order, uint32_t *out)
{
	uint16_t big;

	if (!diag_cursor_u16(c, &big))
		return false;
	*out = order == BIG ? big : (uint32_t)(big >> 8 | (big & 0xff) << 8);
	return true;
}

/* RFC 2781, 2.2; half a pair is no character. */
static void put_utf16(struct diag_buf *out, struct diag_cursor c,
		      enum order order)
{
	uint32_t high;
	uint32_t low;

	while (unit(&c, order, &high)) {
		struct diag_cursor behind = c;

		if (high < 0xd800 || high > 0xdfff) {
			put_utf8(out, high);
		} else if (high < 0xdc00 && unit(&behind, order, &low) &&
			   low >= 0xdc00 && low <= 0xdfff) {
			put_utf8(out, 0x10000 + ((high - 0xd800) << 10) +
					  (low - 0xdc00));
			c = behind;
		} else {
			diag_buf_puts(out, REPLACEMENT);
		}
	}
}

/* ASCII in UTF-16 has a zero in every second byte. */
static enum order guess(const char *bytes, size_t len)
{
	size_t zeros[2] = { 0, 0 };
	size_t n = len < LOOKED_AT ? len / 2 : LOOKED_AT / 2;

	for (size_t i = 0; i < n; i++) {
		zeros[0] += bytes[2 * i] == '\0';
		zeros[1] += bytes[2 * i + 1] == '\0';
	}
	if (zeros[1] * 10 > n * 9 && zeros[0] * 10 < n)
		return LITTLE;
	if (zeros[0] * 10 > n * 9 && zeros[1] * 10 < n)
		return BIG;
	return NO_ORDER;
}

static void put_bytes(struct diag_buf *out, const char *bytes, size_t len)
{
	size_t from = 0;

	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t n =
		    bytes[i] > 0 ? 1 : diag_utf8_get(bytes + i, len - i, &cp);

		if (n > 0) {
			i += n;
			continue;
		}
		diag_buf_put(out, bytes + from, i - from);
		diag_buf_puts(out, REPLACEMENT);
		from = ++i;
	}
	diag_buf_put(out, bytes + from, len - from);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0' ||
	       c == 0x1a; /* where CP/M ended a text, and copy /a still does */
}

/* U+FEFF in front says how the rest is written, and nothing else. */
static void drop_mark(struct diag_buf *out)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t n = sizeof(mark) - 1;

	if (out->len < n || memcmp(out->data, mark, n) != 0)
		return;
	memmove(out->data, out->data + n, out->len - n + 1);
	out->len -= n;
}

void import_decode(const char *bytes, size_t len, struct diag_buf *out)
{
	enum order order = NO_ORDER;

	if (len >= 2 && memcmp(bytes, "\xff\xfe", 2) == 0)
		order = LITTLE;
	else if (len >= 2 && memcmp(bytes, "\xfe\xff", 2) == 0)
		order = BIG;
	else
		order = guess(bytes, len);
	diag_buf_init(out, 2 * DIAG_IMPORT_BYTES);
	if (order == NO_ORDER)
		put_bytes(out, bytes, len);
	else
		put_utf16(out, diag_cursor_of(bytes, len), order);
	drop_mark(out);
	while (out->len > 0 && is_blank(out->data[out->len - 1]))
		out->data[--out->len] = '\0';
}
