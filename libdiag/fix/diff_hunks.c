/* SPDX-License-Identifier: MIT */
/* diff_hunks.c - changes of lines as the hunks of a unified diff.
 *
 * Changes no more than twice the context apart share a hunk.  Line numbers are
 * counted forward from hunk to hunk, so a diff of one line in a file of a
 * million costs one pass of memchr(3) and no memory.
 */
#include <string.h>

#include "fix/diff_internal.h"

#define CONTEXT	 3
#define BODY_MAX ((size_t)1 << 30) /* bytes of one hunk */

size_t diff_line_end(const char *text, size_t len, size_t at)
{
	const char *lf = at < len ? memchr(text + at, '\n', len - at) : NULL;

	return lf != NULL ? (size_t)(lf - text) + 1 : len;
}

size_t diff_line_begin(const char *text, size_t at)
{
	while (at > 0 && text[at - 1] != '\n')
		at--;
	return at;
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

static void put_lines(struct diag_buf *out, char sign, const char *p,
		      size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t end = diff_line_end(p, len, at);

		diag_buf_putc(out, sign);
		diag_buf_put(out, p + at, end - at);
		if (p[end - 1] != '\n')
			diag_buf_puts(out, "\n\\ No newline at end of file\n");
		at = end;
	}
}

/* Context before at, and behind it. */
static size_t back(const char *text, size_t at, size_t floor)
{
	for (int i = 0; i < CONTEXT && at > floor; i++)
		at = diff_line_begin(text, at - 1);
	return at;
}

static size_t forth(const struct diff_printer *d, size_t at, size_t ceiling)
{
	for (int i = 0; i < CONTEXT && at < ceiling; i++)
		at = diff_line_end(d->text.p, d->text.len, at);
	return at < ceiling ? at : ceiling;
}

static void add_context(struct diff_printer *d, size_t to)
{
	const char *from = d->text.p + d->end;
	size_t n = count_lines(from, to - d->end);

	put_lines(&d->body, ' ', from, to - d->end);
	d->old_lines += n;
	d->new_lines += n;
	d->end = to;
}

/* POSIX: a side without lines is told by the line before it. */
static void put_side(struct diag_buf *out, char sign, size_t before, size_t n)
{
	diag_buf_printf(out, "%c%zu", sign, n > 0 ? before + 1 : before);
	if (n != 1)
		diag_buf_printf(out, ",%zu", n);
}

static void close_hunk(struct diff_printer *d, size_t ceiling)
{
	size_t before;

	if (!d->open)
		return;
	add_context(d, forth(d, d->end, ceiling));
	before = count_lines(d->text.p + d->at, d->begin - d->at);
	d->old_before += before;
	d->new_before += before;
	diag_buf_puts(d->out, "@@ ");
	put_side(d->out, '-', d->old_before, d->old_lines);
	diag_buf_putc(d->out, ' ');
	put_side(d->out, '+', d->new_before, d->new_lines);
	diag_buf_puts(d->out, " @@\n");
	diag_buf_put(d->out, d->body.data, d->body.len);
	d->old_before += d->old_lines;
	d->new_before += d->new_lines;
	d->at = d->end;
	d->open = false;
}

static void open_hunk(struct diff_printer *d, size_t at)
{
	diag_buf_reset(&d->body);
	d->open = true;
	d->old_lines = d->new_lines = 0;
	d->begin = back(d->text.p, at, d->at);
	d->end = d->begin;
}

/* Do the contexts of a change that ended at end and one at begin touch? */
static bool near(const struct diff_printer *d, size_t end, size_t begin)
{
	return forth(d, forth(d, end, begin), begin) == begin;
}

/* A name ends at a tab or the line's end.  Bytes that would end it, or the
 * head, are put as GNU diff puts them; patch(1) reads that. */
static void put_name(struct diag_buf *out, const char *sign, const char *name)
{
	bool odd = false, blank = strchr(name, ' ') != NULL;

	for (const char *p = name; *p != '\0'; p++)
		odd |= (unsigned char)*p < ' ' || *p == 0x7f || *p == '"' ||
		       *p == '\\';
	diag_buf_puts(out, sign);
	diag_buf_puts(out, odd ? "\"" : "");
	for (const char *p = name; *p != '\0'; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			diag_buf_printf(out, "\\%03o", (unsigned char)*p);
		else if (*p == '"' || *p == '\\')
			diag_buf_printf(out, "\\%c", *p);
		else
			diag_buf_putc(out, *p);
	}
	diag_buf_puts(out, odd ? "\"\n" : blank ? "\t\n" : "\n");
}

void diff_start(struct diff_printer *d, struct diag_slice text,
		struct diag_buf *out)
{
	*d = (struct diff_printer){ .text = text, .out = out };
	if (text.p == NULL)
		d->text.p = "";
	diag_buf_init(&d->body, BODY_MAX);
}

void diff_add(struct diff_printer *d, size_t at, size_t len,
	      struct diag_slice new)
{
	if (!d->any) {
		put_name(d->out, "--- ", d->old_name);
		put_name(d->out, "+++ ", d->new_name);
	}
	d->any = true;
	if (d->open && !near(d, d->end, at))
		close_hunk(d, at);
	if (!d->open)
		open_hunk(d, at);
	add_context(d, at);
	put_lines(&d->body, '-', d->text.p + at, len);
	put_lines(&d->body, '+', new.p, new.len);
	d->old_lines += count_lines(d->text.p + at, len);
	d->new_lines += count_lines(new.p, new.len);
	d->end = at + len;
}

bool diff_end(struct diff_printer *d, struct diag_err *err)
{
	bool ok;

	close_hunk(d, d->text.len);
	ok = diag_buf_ok(&d->body, err, "diff");
	diag_buf_clear(&d->body);
	return ok && diag_buf_ok(d->out, err, "diff");
}
