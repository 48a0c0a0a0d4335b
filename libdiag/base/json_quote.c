/* SPDX-License-Identifier: MIT */
/* json_quote.c - strings of JSON (RFC 8259, 7).
 *
 * They are copied in runs; only what must be escaped breaks a run.  That is
 * quotes, backslashes and control characters by the RFC, and by our own rule
 * what steers a terminal or turns text around (utf8.h): our JSON is read by
 * people too.
 */
#include <stdint.h>
#include <string.h>

#include "base/json_write.h"
#include "base/utf8.h"

static void put_escape(struct diag_buf *out, uint32_t cp)
{
	static const char hex[] = "0123456789abcdef";
	static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	char text[6] = { '\\', 'u', '0', '0', '0', '0' };

	for (size_t i = 0; i + 1 < sizeof(shorts); i += 2) {
		if (cp == (unsigned char)shorts[i]) {
			text[1] = shorts[i + 1];
			diag_buf_put(out, text, 2);
			return;
		}
	}
	for (int i = 5; i > 1; i--) {
		text[i] = hex[cp & 15];
		cp >>= 4;
	}
	diag_buf_put(out, text, sizeof(text));
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Some byte of the eight may not be plain (never missed, sometimes wrong). */
static bool may_be_special(uint64_t v)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t high = ones << 7;
	uint64_t hit;

	hit = v | (v - ones * 0x20);	/* over 0x7f; control */
	hit |= (v ^ ones * '"') - ones; /* a byte that became 0 */
	hit |= (v ^ ones * '\\') - ones;
	hit |= (v ^ ones * 0x7f) - ones;
	return (hit & high) != 0;
}

static uint64_t eight(const char *s)
{
	uint64_t v;

	memcpy(&v, s, sizeof(v));
	return v;
}

/* How many bytes from s on need no look; eight at a time while it goes. */
static size_t plain_run(const char *s, size_t len)
{
	size_t at = 0;

	while (len - at >= 8 && !may_be_special(eight(s + at)))
		at += 8;
	/* The rest together with bytes that were seen already. */
	if (len >= 8 && len - at < 8 && !may_be_special(eight(s + len - 8)))
		return len;
	while (at < len && is_plain((unsigned char)s[at]))
		at++;
	return at;
}

/* The character at s: how many bytes it has, and whether it must be escaped. */
static size_t look(const char *s, size_t len, uint32_t *cp, bool *escape)
{
	size_t n = diag_utf8_get(s, len, cp);

	*escape = n == 0 || *cp < 0x80 || diag_utf8_is_risky(*cp);
	if (n > 0)
		return n;
	*cp = 0xfffd; /* stands for the byte that is no UTF-8 */
	return 1;
}

static void put_special(struct diag_buf *out, uint32_t cp)
{
	if (cp == 0xfffd)
		diag_buf_put(out, "\xef\xbf\xbd", 3);
	else
		put_escape(out, cp);
}

/* From at on there is something that is not plain. */
static void put_mixed(struct diag_buf *out, const char *s, size_t len,
		      size_t at)
{
	size_t from = 0; /* start of the run not yet copied */

	diag_buf_putc(out, '"');
	while (at < len) {
		uint32_t cp = 0;
		bool escape;
		size_t n = look(s + at, len - at, &cp, &escape);

		if (escape) {
			diag_buf_put(out, s + from, at - from);
			put_special(out, cp);
			from = at + n;
		}
		at += n;
		at += plain_run(s + at, len - at);
	}
	diag_buf_put(out, s + from, at - from);
	diag_buf_putc(out, '"');
}

void diag_json_quote(struct diag_buf *out, const char *s, size_t len)
{
	size_t plain = plain_run(s, len);
	char *room;

	if (plain < len) {
		put_mixed(out, s, len, plain);
		return;
	}
	room = diag_buf_room(out, len + 2);
	if (room == NULL)
		return;
	room[0] = '"';
	memcpy(room + 1, s, len);
	room[len + 1] = '"';
	diag_buf_took(out, len + 2);
}
