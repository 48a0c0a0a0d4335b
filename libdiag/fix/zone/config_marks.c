/* SPDX-License-Identifier: MIT */
/* config_marks.c - our marks in a configuration file (C is "#" or "//").
 *
 *	C pldiag: begin BLOCK (...)	a block of ours begins
 *	C pldiag: begin BLOCK PART (...)	inside of somebody's braces
 *	C pldiag: end BLOCK [PART]	it ends; all between is ours
 *	C pldiag: off BLOCK: LINE	a line of somebody else, put out
 *	C pldiag: off+ BLOCK: LINE	the same, and the newline behind is ours
 *	LINE C pldiag: cut BLOCK	the mark and the newline are ours
 *	LINE C pldiag: BLOCK		a line of ours (marks.h)
 *
 * Statements need not be lines: what stands before one that goes out is cut
 * off from it, and what stands behind it begins a line of its own.  Begin marks
 * say when the newline before them is ours because the file ended without one;
 * it goes only while nothing stands behind the block.  If that is another block
 * of ours, it inherits the newline.
 */
#include "fix/zone/config_internal.h"

#include <string.h>

#define NOTE_OURS " (written by pl-zone; undo: pl-zone undo)"
#define NOTE_BARE " (the line above had no newline)"

struct out {
	struct conf *c;
	struct zone_marks_out m;
	struct zone_mark begin, any_begin, end, off_plus, cut;
	size_t moved; /* bytes gone, of the edits before done */
	size_t done;  /* edits */
	/* The block that is open: its part, or NULL. */
	const char *part;
	size_t part_at;
	bool bare;
	size_t bare_end; /* a bare block ended there, and something follows */
};

static size_t to_base(struct out *o, size_t at)
{
	for (; o->done < o->m.n; o->done++)
		o->moved +=
		    o->m.edits[o->done].len - o->m.edits[o->done].put_len;
	return at - o->moved;
}

static bool fail_at(const struct out *o, size_t at, const char *what)
{
	unsigned line = 1;

	for (size_t i = 0; i < at; i++)
		line += o->c->text.p[i] == '\n';
	return diag_fail(o->c->err, DIAG_EPARSE, "configuration",
			 "%s:%u:1: expected %s", o->c->job->file, line, what);
}

/* The part behind a mark: a word, unless a note stands there. */
static const char *part_of(struct out *o, struct diag_slice line, size_t skip)
{
	struct diag_cursor cur = diag_cursor_of(line.p + skip, line.len - skip);
	struct diag_slice word = { "", 0 };
	const char *part;

	if (!diag_cursor_word(&cur, &word) || word.p[0] == '(')
		word.len = 0;
	part = diag_arena_strn(o->c->arena, word.p, word.len);
	o->m.failed |= part == NULL;
	return part != NULL ? part : "";
}

static bool is_mark(struct diag_slice line, const struct zone_mark *m)
{
	return zone_mark_starts(line, m) &&
	       (line.len == m->len || line.p[m->len] == ' ');
}

static bool is_bare(struct diag_slice line)
{
	const struct diag_slice note = diag_slice_of(NOTE_BARE);

	return line.len >= note.len &&
	       memcmp(line.p + line.len - note.len, note.p, note.len) == 0;
}

static bool begin(struct out *o, struct diag_slice line, size_t at)
{
	const char *part = part_of(o, line, o->begin.len);

	for (size_t i = 0; i < o->c->n_found; i++)
		if (strcmp(o->c->found[i].part, part) == 0)
			return fail_at(o, at,
				       "one block of ours, and this is "
				       "another of the same name");
	o->part = part;
	o->part_at = at;
	o->bare = is_bare(line);
	return true;
}

/* The end of all that went. */
static size_t gone(const struct out *o)
{
	const struct diag_edit *last;

	if (o->m.n == 0)
		return 0;
	last = &o->m.edits[o->m.n - 1];
	return last->at + last->len;
}

static bool end(struct out *o, size_t to, size_t ending)
{
	bool last = to == o->c->text.len;
	size_t from = o->part_at;
	struct conf_found *f = diag_arena_push(o->c->arena, &o->c->found,
					       &o->c->n_found, sizeof(*f));

	if (f == NULL) {
		o->m.failed = true;
		return true;
	}
	if (o->bare && last)
		from -= zone_newline_before(o->c->text.p, from, ending);
	if (from < gone(o)) /* the newline went with the line before */
		from = gone(o);
	f->part = o->part;
	f->at = to_base(o, from);
	f->bare = o->bare && !last;
	if (f->bare)
		o->bare_end = to;
	zone_marks_take(&o->m, from, to, false);
	o->part = NULL;
	return true;
}

/* A block that goes leaves the newline before it to the next. */
static void inherit(struct out *o, struct diag_slice line, size_t at)
{
	struct diag_edit *e;

	if (o->bare_end != at || at == 0 || is_bare(line) ||
	    !zone_mark_starts(line, &o->any_begin))
		return;
	o->c->found[o->c->n_found - 1].heir = true;
	if (!o->c->inherit)
		return;
	e = diag_arena_push(o->c->arena, &o->m.edits, &o->m.n, sizeof(*e));
	if (e == NULL) {
		o->m.failed = true;
		return;
	}
	e->at = at + line.len;
	e->put = NOTE_BARE;
	e->put_len = strlen(NOTE_BARE);
}

/* The line [at, to) is out, by a mark of len bytes. */
static void was_out(struct out *o, size_t at, size_t to, size_t len)
{
	struct conf_lines *lines = diag_arena_push(
	    o->c->arena, &o->c->was_out, &o->c->n_was_out, sizeof(*lines));

	if (lines == NULL) {
		o->m.failed = true;
		return;
	}
	lines->from = to_base(o, at);
	lines->to = lines->from + (to - at) - len;
}

static void other(struct out *o, struct diag_slice line, size_t at, size_t to)
{
	if (zone_mark_starts(line, &o->off_plus)) {
		was_out(o, at, at + line.len, o->off_plus.len);
		zone_marks_take(&o->m, at, at + o->off_plus.len, true);
		zone_marks_take(&o->m, at + line.len, to, true);
	} else if (zone_mark_starts(line, &o->m.off)) {
		was_out(o, at, to, o->m.off.len);
		zone_marks_line(&o->m, o->c->text.p, at, to);
	} else if (zone_mark_ends(line, &o->cut)) {
		zone_marks_take(&o->m, at + line.len - o->cut.len, to, false);
	} else {
		zone_marks_line(&o->m, o->c->text.p, at, to);
	}
}

static bool one_line(struct out *o, size_t at, size_t to)
{
	struct diag_slice line = { o->c->text.p + at, to - at };
	size_t ending = zone_line_ending(line);

	line.len -= ending;
	if (is_mark(line, &o->end)) {
		if (o->part == NULL ||
		    strcmp(part_of(o, line, o->end.len), o->part) != 0)
			return fail_at(o, at,
				       "a block to have begun before its end");
		return end(o, to, ending);
	}
	if (is_mark(line, &o->begin)) {
		if (o->part != NULL)
			return fail_at(o, o->part_at,
				       "this block to end before another "
				       "begins");
		return begin(o, line, at);
	}
	if (o->part != NULL)
		return true;
	inherit(o, line, at);
	other(o, line, at, to);
	return true;
}

static bool make_marks(struct out *o)
{
	const char *c = o->c->marks.comment, *block = o->c->marks.block;

	return zone_marks_start(&o->m, &o->c->marks, o->c->err) &&
	       zone_mark_make(&o->begin, "%s pldiag: begin %s", c, block) &&
	       zone_mark_make(&o->any_begin, "%s pldiag: begin ", c) &&
	       zone_mark_make(&o->end, "%s pldiag: end %s", c, block) &&
	       zone_mark_make(&o->off_plus, "%s pldiag: off+ %s: ", c, block) &&
	       zone_mark_make(&o->cut, " %s pldiag: cut %s", c, block);
}

bool conf_marks_out(struct conf *c)
{
	struct out o = { .c = c, .m = { .arena = c->arena } };
	size_t at = 0;

	if (!make_marks(&o))
		return false;
	while (at < c->text.len) {
		const char *p = c->text.p + at;
		const char *lf = memchr(p, '\n', c->text.len - at);
		size_t to =
		    lf != NULL ? (size_t)(lf - c->text.p) + 1 : c->text.len;

		if (!one_line(&o, at, to))
			return false;
		at = to;
	}
	if (o.part != NULL)
		return fail_at(&o, o.part_at, "this block to end");
	c->failed |= o.m.failed;
	c->first.items = o.m.edits;
	c->first.n = o.m.n;
	return true;
}

void conf_mark_begin(const struct conf *c, const struct conf_part *part,
		     struct diag_buf *out)
{
	diag_buf_printf(out, "%s pldiag: begin %s%s%s%s%s%s", c->marks.comment,
			c->marks.block, part->name[0] != '\0' ? " " : "",
			part->name, NOTE_OURS, part->bare ? NOTE_BARE : "",
			c->eol);
}

void conf_mark_end(const struct conf *c, const struct conf_part *part,
		   struct diag_buf *out)
{
	diag_buf_printf(out, "%s pldiag: end %s%s%s%s", c->marks.comment,
			c->marks.block, part->name[0] != '\0' ? " " : "",
			part->name, c->eol);
}

void conf_mark_cut(const struct conf *c, struct diag_buf *out)
{
	diag_buf_printf(out, " %s pldiag: cut %s%s", c->marks.comment,
			c->marks.block, c->eol);
}

void conf_mark_off(const struct conf *c, struct diag_slice lines, bool last,
		   struct diag_buf *out)
{
	struct diag_slice head = lines;
	size_t tail = 0;

	/* The last line by itself, if its newline is ours. */
	while (last && tail < lines.len &&
	       lines.p[lines.len - tail - 1] != '\n')
		tail++;
	head.len -= tail;
	zone_mark_off(&c->marks, head, out);
	if (!last)
		return;
	diag_buf_printf(out, "%s pldiag: off+ %s: ", c->marks.comment,
			c->marks.block);
	diag_buf_put(out, lines.p + head.len, tail);
	/* A bare CR must not melt with our LF. */
	diag_buf_puts(out, lines.p[lines.len - 1] == '\r' ? "\r\n" : c->eol);
}
