/* SPDX-License-Identifier: MIT */
/* diff.c - a change as a unified diff.
 *
 * An edit is a piece of bytes; a diff speaks of lines.  So each edit grows to
 * the whole lines it touches (a region), regions that touch or overlap melt,
 * and what a region has in common at its head and tail is no change.  Regions
 * no more than twice the context apart share a hunk.
 *
 * Line numbers are counted forward from hunk to hunk, so a diff of one line in
 * a file of a million costs one pass of memchr(3) and no memory.
 */
#include "fix/edits.h"

#include <string.h>

#define CONTEXT 3
#define NEW_MAX ((size_t)512 << 20) /* bytes of new text in one region */

/* Whole lines of the old text and what they become. */
struct region {
	size_t begin, end;
	const char *put;
	size_t put_len;
};

struct differ {
	const char *text;
	size_t len;
	struct diag_buf *out;
	size_t at;	   /* old line numbers are counted up to here ... */
	size_t line;	   /* ... which is this line, from 0 */
	size_t new_before; /* new lines that stand for those */
};

static size_t line_begin(const char *text, size_t at)
{
	while (at > 0 && text[at - 1] != '\n')
		at--;
	return at;
}

static size_t line_end(const char *text, size_t len, size_t at)
{
	const char *lf = at < len ? memchr(text + at, '\n', len - at) : NULL;

	return lf != NULL ? (size_t)(lf - text) + 1 : len;
}

static size_t count_lines(const char *p, size_t len)
{
	const char *end = p + len;
	size_t n = 0;

	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));

		n++;
		p = lf != NULL ? lf + 1 : end;
	}
	return n;
}

/* --- regions -------------------------------------------------------------- */

static bool ends_line(const struct diag_edit *e)
{
	return e->put_len > 0 && e->put[e->put_len - 1] == '\n';
}

/* The lines that an edit touches.  An insertion of whole lines between two
 * lines touches none. */
static void touched(const char *text, size_t len, const struct diag_edit *e,
		    struct region *r)
{
	size_t after = e->at + e->len;
	bool clean; /* the rest begins a line of its own */

	r->begin = line_begin(text, e->at);
	if (e->put_len > 0)
		clean = ends_line(e);
	else
		clean = r->begin == e->at;
	if (after == len || (clean && line_begin(text, after) == after))
		r->end = after;
	else
		r->end = line_end(text, len, after);
}

/* Edits [i, ...) that melt into one region; gives the index behind them. */
static size_t next_region(const struct diag_edits *edits, const char *text,
			  size_t len, size_t i, struct region *out)
{
	struct region one;

	touched(text, len, &edits->items[i], out);
	for (i++; i < edits->n; i++) {
		touched(text, len, &edits->items[i], &one);
		if (one.begin > out->end)
			break;
		if (one.end > out->end)
			out->end = one.end;
	}
	return i;
}

static void new_text(const struct diag_edits *edits, size_t from, size_t to,
		     const char *text, const struct region *r,
		     struct diag_buf *into)
{
	size_t at = r->begin;

	diag_buf_reset(into);
	for (; from < to; from++) {
		const struct diag_edit *e = &edits->items[from];

		diag_buf_put(into, text + at, e->at - at);
		diag_buf_put(into, e->put, e->put_len);
		at = e->at + e->len;
	}
	diag_buf_put(into, text + at, r->end - at);
}

/* Leave out the lines that are the same on both sides. */
static void trim(const char *text, struct region *r)
{
	const char *put = r->put;

	while (r->begin < r->end && r->put_len > 0) {
		size_t n = line_end(text, r->end, r->begin) - r->begin;

		if (n > r->put_len || line_end(put, r->put_len, 0) != n ||
		    memcmp(text + r->begin, put, n) != 0)
			break;
		r->begin += n;
		put += n;
		r->put_len -= n;
	}
	r->put = put;
	while (r->begin < r->end && r->put_len > 0) {
		size_t from = line_begin(text, r->end - 1);
		size_t n;

		if (from < r->begin)
			from = r->begin;
		n = r->end - from;
		if (n > r->put_len ||
		    memcmp(text + from, put + r->put_len - n, n) != 0 ||
		    (n < r->put_len && put[r->put_len - n - 1] != '\n'))
			break;
		r->end = from;
		r->put_len -= n;
	}
}

/* --- hunks ---------------------------------------------------------------- */

static void put_lines(struct diag_buf *out, char sign, const char *p,
		      size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t end = line_end(p, len, at);

		diag_buf_putc(out, sign);
		diag_buf_put(out, p + at, end - at);
		if (p[end - 1] != '\n')
			diag_buf_puts(out, "\n\\ No newline at end of file\n");
		at = end;
	}
}

static size_t back(const char *text, size_t at, size_t floor)
{
	for (int i = 0; i < CONTEXT && at > floor; i++)
		at = line_begin(text, at - 1);
	return at;
}

static size_t forth(const struct differ *d, size_t at, size_t ceiling)
{
	for (int i = 0; i < CONTEXT && at < ceiling; i++)
		at = line_end(d->text, d->len, at);
	return at < ceiling ? at : ceiling;
}

/* A hunk under construction: its body, and its lines on both sides. */
struct hunk {
	bool open;
	struct diag_buf body;
	size_t begin; /* old text, first line of context */
	size_t end;   /* old text, behind the last change */
	size_t old_lines, new_lines;
};

static void add_context(const struct differ *d, struct hunk *h, size_t from,
			size_t to)
{
	size_t n = count_lines(d->text + from, to - from);

	put_lines(&h->body, ' ', d->text + from, to - from);
	h->old_lines += n;
	h->new_lines += n;
}

/* POSIX: a side without lines is told by the line before it. */
static void put_side(struct diag_buf *out, char sign, size_t before, size_t n)
{
	diag_buf_printf(out, "%c%zu", sign, n > 0 ? before + 1 : before);
	if (n != 1)
		diag_buf_printf(out, ",%zu", n);
}

static void close_hunk(struct differ *d, struct hunk *h, size_t ceiling)
{
	size_t before;

	if (!h->open)
		return;
	add_context(d, h, h->end, forth(d, h->end, ceiling));
	before = d->line + count_lines(d->text + d->at, h->begin - d->at);
	d->new_before += before - d->line;
	diag_buf_puts(d->out, "@@ ");
	put_side(d->out, '-', before, h->old_lines);
	diag_buf_putc(d->out, ' ');
	put_side(d->out, '+', d->new_before, h->new_lines);
	diag_buf_puts(d->out, " @@\n");
	diag_buf_put(d->out, h->body.data, h->body.len);
	d->line = before + h->old_lines;
	d->new_before += h->new_lines;
	d->at = forth(d, h->end, ceiling);
	h->open = false;
}

static void open_hunk(struct differ *d, struct hunk *h, size_t at)
{
	diag_buf_reset(&h->body);
	h->open = true;
	h->old_lines = h->new_lines = 0;
	h->begin = back(d->text, at, d->at);
	h->end = h->begin;
}

/* Do the contexts of a change that ended at end and one at begin touch? */
static bool near(const struct differ *d, size_t end, size_t begin)
{
	return forth(d, forth(d, end, begin), begin) == begin;
}

static void add_region(struct differ *d, struct hunk *h, const struct region *r)
{
	if (h->open && !near(d, h->end, r->begin))
		close_hunk(d, h, r->begin);
	if (!h->open)
		open_hunk(d, h, r->begin);
	add_context(d, h, h->end, r->begin);
	put_lines(&h->body, '-', d->text + r->begin, r->end - r->begin);
	put_lines(&h->body, '+', r->put, r->put_len);
	h->old_lines += count_lines(d->text + r->begin, r->end - r->begin);
	h->new_lines += count_lines(r->put, r->put_len);
	h->end = r->end;
}

static bool is_change(const struct region *r)
{
	return r->begin < r->end || r->put_len > 0;
}

static void put_head(struct diag_buf *out, const char *a, const char *b)
{
	diag_buf_puts(out, "--- ");
	diag_buf_puts(out, a);
	diag_buf_puts(out, "\n+++ ");
	diag_buf_puts(out, b);
	diag_buf_putc(out, '\n');
}

/* NOLINTNEXTLINE(readability-function-size): two texts and their names */
bool diag_edits_diff(const struct diag_edits *edits, const char *text,
		     size_t len, const char *old_name, const char *new_name,
		     struct diag_buf *out, struct diag_err *err)
{
	struct differ d = { .text = text, .len = len, .out = out };
	struct hunk h = { .open = false };
	struct diag_buf put;
	bool any = false, ok;

	diag_buf_init(&put, NEW_MAX);
	diag_buf_init(&h.body, NEW_MAX);
	for (size_t i = 0; i < edits->n;) {
		struct region r;
		size_t next = next_region(edits, text, len, i, &r);

		new_text(edits, i, next, text, &r, &put);
		r.put = diag_buf_str(&put);
		r.put_len = put.len;
		i = next;
		trim(text, &r);
		if (!is_change(&r))
			continue;
		if (!any)
			put_head(out, old_name, new_name);
		any = true;
		add_region(&d, &h, &r);
	}
	close_hunk(&d, &h, len);
	ok =
	    diag_buf_ok(&put, err, "diff") && diag_buf_ok(&h.body, err, "diff");
	diag_buf_clear(&put);
	diag_buf_clear(&h.body);
	return ok && diag_buf_ok(out, err, "diff");
}

/* NOLINTNEXTLINE(readability-function-size): two texts and their names */
bool diag_text_diff(const char *a, size_t a_len, const char *b, size_t b_len,
		    const char *old_name, const char *new_name,
		    struct diag_buf *out, struct diag_err *err)
{
	/* All of it is one edit; trim() finds what is the same. */
	const struct diag_edit all = { 0, a_len, b, b_len, true };
	const struct diag_edits edits = { &all, 1 };

	return diag_edits_diff(&edits, a, a_len, old_name, new_name, out, err);
}
