/* SPDX-License-Identifier: MIT */
/* text.c - a whole text through the mask: own rules first, then the walk; a
 * text of UTF-16 is made narrow before. */
#include <string.h>

#include "mask/internal.h"

#define TEXT_BYTES ((size_t)1 << 30)

static size_t ruled(struct mask_scan *s)
{
	struct diag_buf text;

	diag_buf_init(&text, TEXT_BYTES);
	if (mask_rules_apply(s, &text)) {
		s->text = diag_buf_str(&text);
		s->len = text.len;
	}
	mask_walk(s, 0);
	if (text.code != DIAG_OK)
		s->m->failed = text.code;
	diag_buf_clear(&text);
	return s->replaced;
}

size_t mask_one(struct diag_mask *m, struct mask_counts *counts,
		enum diag_mask_level level, struct diag_slice text,
		struct diag_buf *out)
{
	struct mask_scan s = { .m = m,
			       .text = text.p,
			       .len = text.len,
			       .out = out,
			       .counts = counts,
			       .level = level };

	mask_memo_renew(m);
	/* Most texts stay about as long as they are. */
	if (text.len + text.len / 8 < out->max - out->len)
		(void)diag_buf_room(out, text.len + text.len / 8);
	if (m->n_regexes > 0 || m->n_phrases > 0)
		return ruled(&s);
	mask_walk(&s, 0);
	return s.replaced;
}

size_t mask_inner(struct mask_scan *s, const char *text, size_t len,
		  struct diag_buf *out)
{
	struct mask_scan inner = { .m = s->m,
				   .text = text,
				   .len = len,
				   .out = out,
				   .level = s->level,
				   .depth = s->depth + 1 };

	if (inner.depth > MASK_DEPTH) {
		diag_buf_put(out, text, len);
		return 0;
	}
	mask_walk(&inner, 0);
	return inner.replaced;
}

/* --- UTF-16 --------------------------------------------------------------- */

/* UTF-16 with a mark (RFC 2781, 3.2), or with a zero in every second of its
 * first bytes. */
static bool is_utf16(const char *text, size_t len, bool *big)
{
	const unsigned char *p = (const unsigned char *)text;

	if (len < 4 || len % 2 != 0)
		return false;
	*big = (p[0] == 0xfe && p[1] == 0xff) || (p[0] == 0 && p[1] != 0);
	return (p[0] == 0xff && p[1] == 0xfe) ||
	       (p[0] == 0xfe && p[1] == 0xff) ||
	       (p[1] == 0 && p[3] == 0 && p[0] != 0) ||
	       (p[0] == 0 && p[2] == 0 && p[1] != 0);
}

/* One unit as UTF-8; halves of a pair by themselves, which nobody looks for. */
static void put_unit(struct diag_buf *out, unsigned c)
{
	if (c < 0x80) {
		diag_buf_putc(out, (char)c);
		return;
	}
	if (c >= 0x800) {
		diag_buf_putc(out, (char)(0xe0 | c >> 12));
		diag_buf_putc(out, (char)(0x80 | (c >> 6 & 63)));
	} else {
		diag_buf_putc(out, (char)(0xc0 | c >> 6));
	}
	diag_buf_putc(out, (char)(0x80 | (c & 63)));
}

static bool narrow(const char *text, size_t len, bool big, struct diag_buf *out)
{
	const unsigned char *p = (const unsigned char *)text;

	for (size_t i = 0; i + 1 < len; i += 2) {
		unsigned c = big ? (unsigned)p[i] << 8 | p[i + 1]
				 : (unsigned)p[i + 1] << 8 | p[i];

		if (c == 0)
			return false;
		if (c != 0xfeff)
			put_unit(out, c);
	}
	return true;
}

static bool wide_text(struct diag_mask *m, struct mask_counts *counts,
		      struct diag_slice text, struct diag_buf *out,
		      size_t *replaced)
{
	struct diag_buf narrowed;
	bool big = false, ok;

	if (!is_utf16(text.p, text.len, &big))
		return false;
	diag_buf_init(&narrowed, TEXT_BYTES);
	ok = narrow(text.p, text.len, big, &narrowed);
	if (ok) {
		struct diag_slice s = { diag_buf_str(&narrowed), narrowed.len };

		*replaced = mask_one(m, counts, m->level, s, out);
	}
	diag_buf_clear(&narrowed);
	return ok;
}

bool diag_mask_text(struct diag_mask *m, const char *where,
		    struct diag_slice text, struct diag_buf *out,
		    size_t *replaced, struct diag_err *err)
{
	struct mask_counts *counts = mask_counts_of(m, where);

	*replaced = 0;
	if (wide_text(m, counts, text, out, replaced))
		return mask_told(m, out, err);
	/* A secret between zeros would be seen by nobody but who looks. */
	if (text.len > 0 && memchr(text.p, '\0', text.len) != NULL)
		return diag_fail(err, DIAG_EPARSE, MASK_OP, "%s: no text",
				 where);
	*replaced = mask_one(m, counts, m->level, text, out);
	return mask_told(m, out, err);
}
