/* SPDX-License-Identifier: MIT */
/* join.c - two steps of edits as one (marks.h).
 *
 * Both are told in places of the text between the steps, the base: what the
 * first step left of a place, and what the second does with it.  Places that
 * touch make a cluster; the cluster's bytes before the first step are compared
 * with those after the second, and only a difference is an edit.
 */
#include "fix/zone/marks.h"

#include <string.h>

#define PUT_MAX ((size_t)512 << 20)

struct joiner {
	struct diag_arena *arena;
	struct diag_slice text, base;
	const struct diag_edits *first, *then;
	size_t i, k; /* next of first, of then */
	/* text place = base place + ahead, behind all of first so far (it may
	 * be negative only in between; bytes taken out make it grow) */
	size_t taken, put;
	struct diag_edit *edits;
	size_t n;
	struct diag_buf buf;
	bool failed;
};

struct cluster {
	size_t base_from, base_to;
	size_t text_from, text_to;
	size_t k_from; /* of then */
	bool foreign;
};

static size_t first_base(const struct joiner *j)
{
	return j->first->items[j->i].at + j->put - j->taken;
}

static size_t to_text(const struct joiner *j, size_t base)
{
	return base + j->taken - j->put;
}

static void eat_first(struct joiner *j, struct cluster *c)
{
	const struct diag_edit *e = &j->first->items[j->i];
	size_t end = first_base(j) + e->put_len;

	if (end > c->base_to)
		c->base_to = end;
	j->taken += e->len;
	j->put += e->put_len;
	c->foreign |= e->foreign;
	j->i++;
}

static void eat_then(struct joiner *j, struct cluster *c)
{
	const struct diag_edit *e = &j->then->items[j->k];

	if (e->at + e->len > c->base_to)
		c->base_to = e->at + e->len;
	c->foreign |= e->foreign;
	j->k++;
}

static bool begin(struct joiner *j, struct cluster *c)
{
	bool a = j->i < j->first->n, b = j->k < j->then->n;
	size_t at = 0;

	if (!a && !b)
		return false;
	if (a)
		at = first_base(j);
	if (b && (!a || j->then->items[j->k].at < at))
		at = j->then->items[j->k].at;
	c->base_from = c->base_to = at;
	c->text_from = to_text(j, at);
	c->k_from = j->k;
	c->foreign = false;
	return true;
}

static void grow(struct joiner *j, struct cluster *c)
{
	bool more = true;

	while (more) {
		more = false;
		if (j->i < j->first->n && first_base(j) <= c->base_to) {
			eat_first(j, c);
			more = true;
		} else if (j->k < j->then->n &&
			   j->then->items[j->k].at <= c->base_to) {
			eat_then(j, c);
			more = true;
		}
	}
	c->text_to = to_text(j, c->base_to);
}

static void put_after(struct joiner *j, const struct cluster *c)
{
	size_t at = c->base_from;

	diag_buf_reset(&j->buf);
	for (size_t k = c->k_from; k < j->k; k++) {
		const struct diag_edit *e = &j->then->items[k];

		diag_buf_put(&j->buf, j->base.p + at, e->at - at);
		diag_buf_put(&j->buf, e->put, e->put_len);
		at = e->at + e->len;
	}
	diag_buf_put(&j->buf, j->base.p + at, c->base_to - at);
}

static void keep(struct joiner *j, const struct cluster *c)
{
	size_t len = c->text_to - c->text_from;
	struct diag_edit *e;

	put_after(j, c);
	if (len == j->buf.len && (len == 0 || memcmp(j->text.p + c->text_from,
						     j->buf.data, len) == 0))
		return;
	e = diag_arena_push(j->arena, &j->edits, &j->n, sizeof(*e));
	if (e == NULL || j->buf.code != DIAG_OK) {
		j->failed = true;
		return;
	}
	e->at = c->text_from;
	e->len = len;
	e->foreign = c->foreign;
	e->put_len = j->buf.len;
	e->put = diag_arena_strn(j->arena, diag_buf_str(&j->buf), j->buf.len);
	j->failed |= e->put == NULL;
}

bool zone_edits_join(struct diag_arena *arena, const struct zone_step *first,
		     const struct zone_step *then, struct diag_edits *out,
		     struct diag_err *err)
{
	struct joiner j = { .arena = arena,
			    .text = first->text,
			    .base = then->text,
			    .first = first->edits,
			    .then = then->edits };
	struct cluster c;

	diag_buf_init(&j.buf, PUT_MAX);
	while (!j.failed && begin(&j, &c)) {
		grow(&j, &c);
		keep(&j, &c);
	}
	diag_buf_clear(&j.buf);
	if (j.failed)
		return diag_fail_nomem(err, "zone file");
	out->items = j.edits;
	out->n = j.n;
	return true;
}

size_t zone_edits_back(const struct diag_edits *edits, size_t at)
{
	for (size_t i = 0; i < edits->n; i++) {
		if (edits->items[i].at > at)
			break;
		at += edits->items[i].len - edits->items[i].put_len;
	}
	return at;
}
