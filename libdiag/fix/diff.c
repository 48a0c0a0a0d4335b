/* SPDX-License-Identifier: MIT */
/* diff.c - a change as a unified diff.
 *
 * An edit is a piece of bytes; a diff speaks of lines.  So each edit grows to
 * the whole lines it touches (a region), regions that touch or overlap melt,
 * and what the two sides of a region have in common is no change: at head and
 * tail it is found here, in between by diff_lines.c.
 */
#include "fix/edits.h"

#include <string.h>

#include "fix/diff_internal.h"

#define NEW_MAX ((size_t)1 << 30) /* bytes of new text in one region */

/* Whole lines of the old text and what they become. */
struct region {
	size_t begin, end;
	struct diag_slice put;
};

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

	r->begin = diff_line_begin(text, e->at);
	if (e->put_len > 0)
		clean = ends_line(e);
	else
		clean = r->begin == e->at;
	if (after == len || (clean && diff_line_begin(text, after) == after))
		r->end = after;
	else
		r->end = diff_line_end(text, len, after);
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

/* --- what a region has in common ------------------------------------------ */

static void trim_head(const char *text, struct region *r)
{
	while (r->begin < r->end && r->put.len > 0) {
		size_t n = diff_line_end(text, r->end, r->begin) - r->begin;

		if (n > r->put.len ||
		    memcmp(text + r->begin, r->put.p, n) != 0 ||
		    diff_line_end(r->put.p, r->put.len, 0) != n)
			break;
		r->begin += n;
		r->put.p += n;
		r->put.len -= n;
	}
}

static void trim_tail(const char *text, struct region *r)
{
	while (r->begin < r->end && r->put.len > 0) {
		size_t from = diff_line_begin(text, r->end - 1);
		size_t n, left;

		if (from < r->begin)
			from = r->begin;
		n = r->end - from;
		left = r->put.len - n;
		if (n > r->put.len ||
		    memcmp(text + from, r->put.p + left, n) != 0 ||
		    (left > 0 && r->put.p[left - 1] != '\n'))
			break;
		r->end = from;
		r->put.len = left;
	}
}

static void one_change(void *to, const struct diff_change *change)
{
	struct diff_printer *d = to;

	diff_add(d, d->region + change->old, change->old_len, change->new);
}

static bool add_region(struct diff_printer *d, struct region r)
{
	struct diag_slice old;

	trim_head(d->text.p, &r);
	trim_tail(d->text.p, &r);
	old = (struct diag_slice){ d->text.p + r.begin, r.end - r.begin };
	if (old.len > 0 && r.put.len > 0) {
		d->region = r.begin;
		return diff_lines(old, r.put, one_change, d);
	}
	if (old.len > 0 || r.put.len > 0)
		diff_add(d, r.begin, old.len, r.put);
	return true;
}

static bool finish(struct diff_printer *d, bool ok, struct diag_err *err)
{
	bool ended = diff_end(d, err);

	return ok ? ended : diag_fail_nomem(err, "diff");
}

/* NOLINTNEXTLINE(readability-function-size): two texts and their names */
bool diag_edits_diff(const struct diag_edits *edits, const char *text,
		     size_t len, const char *old_name, const char *new_name,
		     struct diag_buf *out, struct diag_err *err)
{
	struct diff_printer d;
	struct diag_buf put;
	bool ok = true;

	diff_start(&d, (struct diag_slice){ text, len }, out);
	d.old_name = old_name;
	d.new_name = new_name;
	diag_buf_init(&put, NEW_MAX);
	for (size_t i = 0; i < edits->n && ok;) {
		struct region r;
		size_t next = next_region(edits, d.text.p, len, i, &r);

		new_text(edits, i, next, d.text.p, &r, &put);
		r.put = (struct diag_slice){ diag_buf_str(&put), put.len };
		i = next;
		ok = put.code == DIAG_OK && add_region(&d, r);
	}
	diag_buf_clear(&put);
	return finish(&d, ok, err);
}

/* NOLINTNEXTLINE(readability-function-size): two texts and their names */
bool diag_text_diff(const char *a, size_t a_len, const char *b, size_t b_len,
		    const char *old_name, const char *new_name,
		    struct diag_buf *out, struct diag_err *err)
{
	const struct region all = { 0, a_len, { b != NULL ? b : "", b_len } };
	struct diff_printer d;

	diff_start(&d, (struct diag_slice){ a, a_len }, out);
	d.old_name = old_name;
	d.new_name = new_name;
	return finish(&d, add_region(&d, all), err);
}
