/* SPDX-License-Identifier: MIT */
/* encoded.c - what is written in another way: percent (RFC 3986, 2.1),
 * escapes and strings of JSON (RFC 8259, 7), entities of HTML.  It is undone
 * and masked; when that finds anything, it is written again. */
#include <stdio.h>
#include <string.h>

#include "mask/internal.h"

#define ENCODED_MAX   ((size_t)1 << 20)
#define ENTITY_DIGITS 8
#define BACK_MAX      ((size_t)4096)

/* 16: no digit. */
static unsigned hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c = mask_small(c);
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

static bool is_percent(const struct mask_scan *s, size_t at)
{
	return mask_byte(s, at) == '%' && hex_of(mask_byte(s, at + 1)) < 16 &&
	       hex_of(mask_byte(s, at + 2)) < 16;
}

/* --- percent -------------------------------------------------------------- */

static size_t unpercent(const struct mask_scan *s, size_t at,
			struct diag_buf *out)
{
	size_t from = at;

	while (at < s->len && at - from < ENCODED_MAX) {
		char c = s->text[at];

		if (is_percent(s, at)) {
			diag_buf_putc(out, (char)(hex_of(s->text[at + 1]) << 4 |
						  hex_of(s->text[at + 2])));
			at += 3;
		} else if (mask_is_run(c) ||
			   (c != '\0' && strchr("&=+/:?@!$~*#;", c) != NULL)) {
			diag_buf_putc(out, c);
			at++;
		} else {
			break;
		}
	}
	return at;
}

static void percent(const struct diag_buf *text, struct diag_buf *out)
{
	for (size_t i = 0; i < text->len; i++) {
		char c = text->data[i];

		if (mask_is_run(c) || strchr("/:?&=[]", c) != NULL)
			diag_buf_putc(out, c);
		else
			diag_buf_printf(out, "%%%02X", (unsigned char)c);
	}
}

/* --- escapes -------------------------------------------------------------- */

static bool is_escape(const struct mask_scan *s, size_t at)
{
	return mask_byte(s, at) == '\\' && mask_byte(s, at + 1) == 'u' &&
	       hex_of(mask_byte(s, at + 2)) < 16 &&
	       hex_of(mask_byte(s, at + 3)) < 16 &&
	       hex_of(mask_byte(s, at + 4)) < 16 &&
	       hex_of(mask_byte(s, at + 5)) < 16;
}

static unsigned escaped(const struct mask_scan *s, size_t at)
{
	unsigned c = 0;

	for (size_t i = 2; i < 6; i++)
		c = c << 4 | hex_of(s->text[at + i]);
	return c;
}

/* ASCII is undone; what is beyond says nothing that we look for. */
static size_t unescape(const struct mask_scan *s, size_t at,
		       struct diag_buf *out)
{
	size_t from = at;

	while (at < s->len && at - from < ENCODED_MAX) {
		char c = s->text[at];

		if (is_escape(s, at)) {
			unsigned u = escaped(s, at);

			diag_buf_putc(out, u > 0 && u < 0x80 ? (char)u : '?');
			at += 6;
		} else if ((unsigned char)c > ' ' && c != '"' && c != '\\') {
			diag_buf_putc(out, c);
			at++;
		} else {
			break;
		}
	}
	return at;
}

static void escape(const struct diag_buf *text, struct diag_buf *out)
{
	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = (unsigned char)text->data[i];

		if (c < 0x20 || c == '"' || c == '\\')
			diag_buf_printf(out, "\\u%04x", c);
		else
			diag_buf_putc(out, (char)c);
	}
}

/* --- entities ------------------------------------------------------------- */

static const struct entity {
	const char *text;
	char is;
} entities[] = { { "&amp;", '&' },    { "&lt;", '<' },	  { "&gt;", '>' },
		 { "&quot;", '"' },   { "&apos;", '\'' }, { "&nbsp;", ' ' },
		 { "&equals;", '=' }, { "&colon;", ':' } };
#define N_ENTITIES (sizeof(entities) / sizeof(*entities))
#define WRITTEN	   4 /* of them, the first ones, are written again */

/* "&#112;" and "&#x70;" of ASCII: bytes, or 0. */
static size_t numbered(const struct mask_scan *s, size_t at, char *c)
{
	size_t from = at + 2, to;
	unsigned base = 10, n = 0;

	if (mask_byte(s, at + 1) != '#')
		return 0;
	if (mask_small(mask_byte(s, from)) == 'x') {
		base = 16;
		from++;
	}
	for (to = from; to - from < ENTITY_DIGITS; to++) {
		unsigned digit = hex_of(mask_byte(s, to));

		if (digit >= base)
			break;
		n = n * base + digit;
	}
	*c = n > 0 && n < 0x80 ? (char)n : '?';
	return to > from && mask_byte(s, to) == ';' ? to + 1 - at : 0;
}

static size_t entity_here(const struct mask_scan *s, size_t at, char *c)
{
	if (mask_byte(s, at) != '&')
		return 0;
	for (size_t i = 0; i < N_ENTITIES; i++)
		if (mask_is_here(s, at, entities[i].text)) {
			*c = entities[i].is;
			return strlen(entities[i].text);
		}
	return numbered(s, at, c);
}

static bool is_entity(const struct mask_scan *s, size_t at)
{
	char c;

	return entity_here(s, at, &c) > 0;
}

/* Up to what stands for itself, or to the end of the line. */
static size_t unentity(const struct mask_scan *s, size_t at,
		       struct diag_buf *out)
{
	size_t from = at;

	while (at < s->len && at - from < ENCODED_MAX &&
	       strchr("<>\"\r\n", s->text[at]) == NULL) {
		char c = s->text[at];
		size_t n = entity_here(s, at, &c);

		diag_buf_putc(out, c);
		at += n > 0 ? n : 1;
	}
	return at;
}

static void entity(const struct diag_buf *text, struct diag_buf *out)
{
	for (size_t i = 0; i < text->len; i++) {
		size_t k = 0;

		while (k < WRITTEN && entities[k].is != text->data[i])
			k++;
		if (k < WRITTEN)
			diag_buf_puts(out, entities[k].text);
		else
			diag_buf_putc(out, text->data[i]);
	}
}

/* --- strings -------------------------------------------------------------- */

/* "\n", "\"": what parts lines and words in a string of JSON; 0: none. */
static char parting(const struct mask_scan *s, size_t at)
{
	static const char signs[] = "nrt\"\\", are[] = "\n\r\t\"\\";
	char c = mask_byte(s, at + 1);
	const char *found =
	    c != '\0' && mask_byte(s, at) == '\\' ? strchr(signs, c) : NULL;

	return found != NULL ? are[found - signs] : '\0';
}

static bool is_parted(const struct mask_scan *s, size_t at)
{
	return parting(s, at) != '\0';
}

/* Up to the quote that ends it, or to what another one has written. */
static size_t unstring(const struct mask_scan *s, size_t at,
		       struct diag_buf *out)
{
	size_t from = at;

	while (at < s->len && at - from < ENCODED_MAX &&
	       strchr("\"\r\n", s->text[at]) == NULL) {
		char c = parting(s, at);

		if (s->text[at] == '\\' && c == '\0')
			break;
		diag_buf_putc(out, c != '\0' ? c : s->text[at]);
		at += c != '\0' ? 2 : 1;
	}
	return at;
}

static void string(const struct diag_buf *text, struct diag_buf *out)
{
	static const char *const are[128] = {
		['\n'] = "\\n", ['\r'] = "\\r",	 ['\t'] = "\\t",
		['"'] = "\\\"", ['\\'] = "\\\\",
	};

	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = (unsigned char)text->data[i];

		if (c < 128 && are[c] != NULL)
			diag_buf_puts(out, are[c]);
		else
			diag_buf_putc(out, (char)c);
	}
}

/* --- all of them ---------------------------------------------------------- */

struct way {
	bool (*here)(const struct mask_scan *s, size_t at);
	size_t (*undo)(const struct mask_scan *s, size_t at,
		       struct diag_buf *out);
	void (*again)(const struct diag_buf *text, struct diag_buf *out);
	/* What it does not go over, back to where it begins; NULL: it begins
	 * with the run, and belongs to nobody else. */
	const char *parts;
};

/* Behind what was undone before and held nothing: nobody goes over a byte
 * twice, however often one begins. */
static size_t begin_of(const struct mask_scan *s, size_t at,
		       const struct way *way)
{
	size_t from = at, least = s->done > s->no_text ? s->done : s->no_text;

	while (way->parts != NULL && from > least && at - from < BACK_MAX &&
	       strchr(way->parts, s->text[from - 1]) == NULL)
		from--;
	return from;
}

/* From where it begins, or from the run when it ends before that. */
static size_t undo(const struct mask_scan *s, const struct mask_run *r,
		   const struct way *way, size_t *from, struct diag_buf *out)
{
	size_t end;

	*from = begin_of(s, r->at, way);
	end = way->undo(s, *from, out);
	if (end > r->end)
		return end;
	diag_buf_reset(out);
	*from = r->at;
	return way->undo(s, r->at, out);
}

/* Put text[from, end) as it was written, masked. */
static bool put_again(struct mask_scan *s, size_t from, size_t end,
		      const struct diag_buf *plain, const struct way *way)
{
	struct diag_buf masked, again;
	bool found;

	diag_buf_init(&masked, ENCODED_MAX * 8);
	diag_buf_init(&again, ENCODED_MAX * 32);
	found = mask_inner(s, diag_buf_str(plain), plain->len, &masked) > 0;
	if (found) {
		struct diag_slice by;

		way->again(&masked, &again);
		by = (struct diag_slice){ diag_buf_str(&again), again.len };
		mask_putn(s, from, end, MASK_ENCODED, by);
	}
	if (plain->code != DIAG_OK || masked.code != DIAG_OK ||
	    again.code != DIAG_OK)
		s->m->failed = DIAG_ENOMEM;
	diag_buf_clear(&masked);
	diag_buf_clear(&again);
	return found;
}

static bool undone(struct mask_scan *s, struct mask_run *r,
		   const struct way *way)
{
	struct diag_buf plain;
	size_t from, end;
	bool found;

	if (!way->here(s, r->end) || s->depth >= MASK_DEPTH)
		return false;
	diag_buf_init(&plain, ENCODED_MAX * 2);
	end = undo(s, r, way, &from, &plain);
	found = put_again(s, from, end, &plain, way);
	diag_buf_clear(&plain);
	if (found || way->parts == NULL)
		r->end = end;
	else
		s->no_text = end;
	return found || way->parts == NULL;
}

bool mask_percent(struct mask_scan *s, struct mask_run *r)
{
	static const struct way way = { is_percent, unpercent, percent, NULL };

	return undone(s, r, &way);
}

bool mask_escape(struct mask_scan *s, struct mask_run *r)
{
	static const struct way way = { is_escape, unescape, escape, NULL };

	return undone(s, r, &way);
}

/* Nothing was found in all of what is undone: nothing will be in its rest. */
static bool is_known(const struct mask_scan *s, const struct mask_run *r)
{
	return r->at < s->no_text;
}

bool mask_entity(struct mask_scan *s, struct mask_run *r)
{
	static const struct way way = { is_entity, unentity, entity,
					"<>\"\r\n" };

	return !is_known(s, r) && undone(s, r, &way);
}

bool mask_string(struct mask_scan *s, struct mask_run *r)
{
	static const struct way way = { is_parted, unstring, string, "\"\r\n" };

	return !is_known(s, r) && undone(s, r, &way);
}
