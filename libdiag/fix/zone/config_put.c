/* SPDX-License-Identifier: MIT */
/* config_put.c - what goes out and what comes in, as edits of the base.
 *
 * A statement goes out by lines, because only comments to the end of a line
 * can hold any bytes.  A line that begins with it and says nothing behind it
 * goes whole, with the comment that stands there; else what stands before is
 * cut off, and what stands behind begins a line of its own (config_marks.c).
 */
#include "fix/zone/config_internal.h"

#include <stdlib.h>
#include <string.h>

struct putter {
	struct conf *c;
	struct diag_edit *edits;
	size_t n;
	struct diag_buf put;
	bool head, tail; /* the present statement has lines of its own */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void add(struct putter *p, size_t at, size_t len, bool foreign)
{
	struct diag_edit *e =
	    diag_arena_push(p->c->arena, &p->edits, &p->n, sizeof(*e));

	if (e == NULL || p->put.code != DIAG_OK) {
		p->c->failed = true;
		return;
	}
	e->at = at;
	e->len = len;
	e->foreign = foreign;
	e->put_len = p->put.len;
	e->put =
	    diag_arena_strn(p->c->arena, diag_buf_str(&p->put), p->put.len);
	p->c->failed |= e->put == NULL;
}

/* --- statements that go out ----------------------------------------------- */

static bool begins_line(const struct diag_slice *t, size_t at)
{
	return at == 0 || t->p[at - 1] == '\n';
}

/* To the beginning of the line, over blanks. */
static size_t grow_back(const struct diag_slice *t, size_t at, bool *whole)
{
	size_t from = at;

	while (from > 0 && is_blank(t->p[from - 1]))
		from--;
	*whole = begins_line(t, from);
	return *whole ? from : at;
}

/* Does a comment that ends with its line begin here? */
static bool line_comment(const struct conf *c, struct diag_slice s)
{
	size_t n = strlen(c->marks.comment);

	return (s.len > 0 && s.p[0] == '#') ||
	       (s.len >= n && memcmp(s.p, c->marks.comment, n) == 0);
}

/* To the end of the line, its newline included, over blanks and a comment. */
static size_t grow_ahead(const struct conf *c, size_t at, bool *whole)
{
	const struct diag_slice *t = &c->base;
	size_t to = at;
	struct diag_slice rest;

	while (to < t->len && is_blank(t->p[to]))
		to++;
	rest.p = t->p + to;
	rest.len = t->len - to;
	*whole = rest.len == 0 || rest.p[0] == '\n' || line_comment(c, rest);
	if (!*whole)
		return at;
	while (to < t->len && t->p[to] != '\n')
		to++;
	return to < t->len ? to + 1 : to;
}

static void put_out(struct putter *p, const struct conf_out *o)
{
	struct conf *c = p->c;
	struct diag_slice lines = { c->base.p + o->begin, o->end - o->begin };
	bool bare = begins_line(&c->base, o->end) ? false : p->tail;

	diag_buf_reset(&p->put);
	if (!p->head)
		conf_mark_cut(c, &p->put);
	conf_mark_off(c, lines, !p->tail, &p->put);
	if (o->rest != NULL) {
		if (bare)
			diag_buf_puts(&p->put, c->eol);
		diag_buf_puts(&p->put, o->rest);
		zone_mark_ours(&c->marks, bare, &p->put);
		if (!bare)
			diag_buf_puts(&p->put, c->eol);
	}
	add(p, o->begin, lines.len, true);
}

static int by_begin(const void *a, const void *b)
{
	const struct conf_out *x = a, *y = b;

	return x->begin < y->begin ? -1 : x->begin > y->begin;
}

static bool only_blanks(const struct diag_slice *t, size_t from, size_t to)
{
	while (from < to && is_blank(t->p[from]))
		from++;
	return from >= to;
}

/* Those with nothing but blanks between them go as one. */
static void melt(struct conf *c)
{
	size_t kept = 0;

	if (c->n_outs > 1)
		qsort(c->outs, c->n_outs, sizeof(*c->outs), by_begin);
	for (size_t i = 0; i < c->n_outs; i++) {
		struct conf_out *o = &c->outs[i];
		struct conf_out *last = kept > 0 ? &c->outs[kept - 1] : NULL;

		if (last != NULL &&
		    only_blanks(&c->base, last->end, o->begin)) {
			if (o->end > last->end)
				last->end = o->end;
		} else {
			c->outs[kept++] = *o;
		}
	}
	c->n_outs = kept;
}

/* --- blocks that come in -------------------------------------------------- */

static void put_lines(struct putter *p, const struct conf_part *part)
{
	struct diag_cursor cur = diag_cursor_of(part->text, part->len);
	struct diag_slice line;

	while (diag_cursor_line(&cur, &line)) {
		diag_buf_put(&p->put, line.p, line.len);
		diag_buf_puts(&p->put, p->c->eol);
	}
}

static void put_part(struct putter *p, struct conf_part *part)
{
	struct conf *c = p->c;
	bool fresh = begins_line(&c->base, part->at);

	diag_buf_reset(&p->put);
	if (!fresh && part->at == c->base.len) {
		part->bare = true;
		diag_buf_puts(&p->put, c->eol);
	} else if (!fresh) {
		conf_mark_cut(c, &p->put);
	}
	conf_mark_begin(c, part, &p->put);
	put_lines(p, part);
	conf_mark_end(c, part, &p->put);
	add(p, part->at, 0, false);
}

static int by_at(const void *a, const void *b)
{
	const struct conf_part *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

bool conf_put(struct conf *c, struct diag_edits *then)
{
	struct putter p = { .c = c };
	size_t k = 0;

	diag_buf_init(&p.put, CONF_PART_MAX);
	melt(c);
	if (c->n_parts > 1)
		qsort(c->parts, c->n_parts, sizeof(*c->parts), by_at);
	for (size_t i = 0; i < c->n_outs; i++) {
		struct conf_out *o = &c->outs[i];

		o->begin = grow_back(&c->base, o->begin, &p.head);
		o->end = grow_ahead(c, o->end, &p.tail);
		while (k < c->n_parts && c->parts[k].at <= o->begin)
			put_part(&p, &c->parts[k++]);
		put_out(&p, o);
		for (size_t j = k; j < c->n_parts; j++)
			if (c->parts[j].at < o->end)
				c->parts[j].at = o->end;
	}
	while (k < c->n_parts)
		put_part(&p, &c->parts[k++]);
	diag_buf_clear(&p.put);
	then->items = p.edits;
	then->n = p.n;
	return !c->failed || diag_fail_nomem(c->err, "configuration");
}
