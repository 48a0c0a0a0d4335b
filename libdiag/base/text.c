/* SPDX-License-Identifier: MIT */
/* text.c - safe, measured, compared and cut text; ASCII rules, no locale. */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

#define ESCAPE_MAX   16 /* "\u{202E}" and room */
#define DISTANCE_MAX 8
#define DISTANCE_LEN 128 /* longer words are nobody's typing mistake */

static unsigned char lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

/* One character (or one byte that is none) of s.  Gives how many bytes it
 * takes and, if it must not be shown as it is, its escape; else "". */
static size_t next_safe(const char *s, size_t len, char escape[ESCAPE_MAX])
{
	uint32_t cp = 0;
	size_t n = diag_utf8_get(s, len, &cp);

	escape[0] = '\0';
	if (n == 0)
		(void)snprintf(escape, ESCAPE_MAX, "\\x%02x",
			       (unsigned)(unsigned char)s[0]);
	else if (cp < 0x80 && diag_utf8_is_risky(cp))
		(void)snprintf(escape, ESCAPE_MAX, "\\x%02x", (unsigned)cp);
	else if (diag_utf8_is_risky(cp))
		(void)snprintf(escape, ESCAPE_MAX, "\\u{%04X}", (unsigned)cp);
	return n > 0 ? n : 1;
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

void diag_text_safe(struct diag_buf *out, const char *s, size_t len)
{
	char escape[ESCAPE_MAX];
	size_t from = 0; /* start of the run not yet copied */
	size_t at = 0;

	while (at < len) {
		size_t n;

		if (is_plain((unsigned char)s[at])) {
			at++;
			continue;
		}
		n = next_safe(s + at, len - at, escape);
		if (escape[0] != '\0') {
			diag_buf_put(out, s + from, at - from);
			diag_buf_puts(out, escape);
			from = at + n;
		}
		at += n;
	}
	if (at > from)
		diag_buf_put(out, s + from, at - from);
}

const char *diag_text_safe_z(const char *s, char *out, size_t size)
{
	char escape[ESCAPE_MAX];
	size_t len = s != NULL ? strlen(s) : 0;
	size_t used = 0;

	if (size == 0)
		return out;
	for (size_t at = 0; at < len;) {
		size_t n = next_safe(s + at, len - at, escape);
		const char *piece = escape[0] != '\0' ? escape : s + at;
		size_t bytes = escape[0] != '\0' ? strlen(escape) : n;

		if (bytes >= size - used)
			break;
		memcpy(out + used, piece, bytes);
		used += bytes;
		at += n;
	}
	out[used] = '\0';
	return out;
}

/* Bytes and columns of the next character; s is not at its NUL. */
static size_t next_columns(const char *s, size_t len, size_t *columns)
{
	uint32_t cp = 0;
	size_t n = diag_utf8_get(s, len, &cp);

	*columns = n > 0 ? diag_utf8_columns(cp) : 1;
	return n > 0 ? n : 1;
}

/* Most text is ASCII: eight bytes of it are skipped at once. */
size_t diag_text_not_utf8(const char *s, size_t len)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	size_t at = 0;

	while (at < len) {
		uint64_t eight = high;
		uint32_t cp;
		size_t n = sizeof(eight);

		if (len - at >= n)
			memcpy(&eight, s + at, n);
		if ((eight & high) != 0)
			n = diag_utf8_get(s + at, len - at, &cp);
		if (n == 0)
			return at;
		at += n;
	}
	return at;
}

size_t diag_text_width(const char *s)
{
	size_t len = strlen(s);
	size_t width = 0;

	for (size_t at = 0; at < len;) {
		size_t columns;

		at += next_columns(s + at, len - at, &columns);
		width += columns;
	}
	return width;
}

bool diag_text_eq_nocase(const char *a, const char *b)
{
	size_t i = 0;

	while (a[i] != '\0' &&
	       lower((unsigned char)a[i]) == lower((unsigned char)b[i]))
		i++;
	return lower((unsigned char)a[i]) == lower((unsigned char)b[i]);
}

bool diag_text_ends(const char *s, const char *tail)
{
	size_t n = strlen(s);
	size_t t = strlen(tail);

	return n >= t && memcmp(s + n - t, tail, t) == 0;
}

bool diag_text_starts(const char *s, const char *head)
{
	return strncmp(s, head, strlen(head)) == 0;
}

static bool same_nocase(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (lower((unsigned char)a[i]) != lower((unsigned char)b[i]))
			return false;
	return true;
}

const char *diag_text_find_nocase(const char *hay, size_t len,
				  const char *needle)
{
	size_t n = strlen(needle);

	for (size_t i = 0; n <= len && i <= len - n; i++)
		if (same_nocase(hay + i, needle, n))
			return hay + i;
	return NULL;
}

void diag_text_lower(char *s)
{
	for (; *s != '\0'; s++)
		*s = (char)lower((unsigned char)*s);
}

/* Bytes of s that fit into both width columns and room bytes. */
static size_t fitting(const char *s, size_t len, size_t width, size_t room)
{
	size_t at = 0;

	while (at < len) {
		size_t columns;
		size_t n = next_columns(s + at, len - at, &columns);

		if (columns > width || at + n > room)
			break;
		width -= columns;
		at += n;
	}
	return at;
}

/* Where the last part of s begins that needs no more than width columns. */
static size_t tail_start(const char *s, size_t len, size_t width)
{
	size_t over = diag_text_width(s);
	size_t at = 0;

	while (at < len && over > width) {
		size_t columns;

		at += next_columns(s + at, len - at, &columns);
		over -= columns;
	}
	return at;
}

const char *diag_text_middle(const char *s, size_t width, bool ascii, char *out,
			     size_t size)
{
	const char *dots = ascii ? "..." : "\xe2\x80\xa6";
	size_t dots_width = ascii ? 3 : 1;
	size_t dots_len = 3; /* bytes, both ways */
	size_t len = strlen(s);
	size_t head;
	size_t tail = len;

	if (size == 0)
		return out;
	if (diag_text_width(s) <= width || width < dots_width) {
		head = fitting(s, len, width, size - 1);
		dots_len = 0;
	} else {
		size_t room = width - dots_width;

		tail = tail_start(s, len, room / 2);
		head = fitting(s, len, room - room / 2, size - 1);
	}
	if (head + dots_len + (len - tail) > size - 1) {
		/* The caller's bytes are fewer than its columns: end early. */
		dots_len = 0;
		tail = len;
	}
	memcpy(out, s, head);
	memcpy(out + head, dots, dots_len);
	memcpy(out + head + dots_len, s + tail, len - tail);
	out[head + dots_len + (len - tail)] = '\0';
	return out;
}

static unsigned char min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	m = m < c ? m : c;
	return (unsigned char)m;
}

/* Wagner and Fischer, one row; a cell never exceeds DISTANCE_LEN. */
static unsigned row_distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned char row[DISTANCE_LEN + 1];

	for (size_t j = 0; j <= nb; j++)
		row[j] = (unsigned char)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned char diagonal = row[0];

		row[0] = (unsigned char)i;
		for (size_t j = 1; j <= nb; j++) {
			unsigned char above = row[j];

			row[j] =
			    min3(above + 1U, row[j - 1] + 1U,
				 diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U));
			diagonal = above;
		}
	}
	return row[nb];
}

unsigned diag_text_distance(const char *a, const char *b)
{
	size_t na = strlen(a);
	size_t nb = strlen(b);
	size_t apart = na > nb ? na - nb : nb - na;
	unsigned d;

	if (strcmp(a, b) == 0)
		return 0;
	if (apart >= DISTANCE_MAX || na > DISTANCE_LEN || nb > DISTANCE_LEN)
		return DISTANCE_MAX;
	d = row_distance(a, na, b, nb);
	return d < DISTANCE_MAX ? d : DISTANCE_MAX;
}

/* --- words of a command ----------------------------------------------------
 */

static bool is_plain_word(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_./:@%+=,-~";

	return word[0] != '\0' && word[0] != '~' &&
	       word[strspn(word, plain)] == '\0';
}

void diag_text_word(struct diag_buf *out, const char *word)
{
	if (is_plain_word(word)) {
		diag_buf_puts(out, word);
		return;
	}
	diag_buf_putc(out, '\'');
	for (const char *p = word; *p != '\0'; p++)
		if (*p == '\'')
			diag_buf_puts(out, "'\\''");
		else
			diag_buf_putc(out, *p);
	diag_buf_putc(out, '\'');
}
