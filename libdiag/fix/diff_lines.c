/* SPDX-License-Identifier: MIT */
/* diff_lines.c - which lines of two texts differ.
 *
 * Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), the greedy
 * form: for d = 0, 1, 2 ... how far does one get on each diagonal k = x - y
 * with d lines taken out or put in?  The way back is walked along a copy of
 * the frontier for each d, so memory grows with the square of d.  Therefore d
 * is bounded: when STEPS did not lead to the end, the way that got furthest is
 * taken as far as it got, and the search begins anew from there.  Texts that
 * have little in common thus get a diff that is not the smallest, in a time
 * that grows with STEPS and their length.
 */
#include "fix/diff_internal.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"

#define STEPS 200
#define WIDTH (2 * STEPS + 1) /* diagonals */

struct line {
	const char *p;
	size_t len;
	uint64_t hash;
};

struct side {
	struct line *lines;
	unsigned char *changed; /* per line */
	size_t n;
	const char *end;
};

struct search {
	struct side a, b;
	/* [d][k + STEPS]: furthest x - x0 on diagonal k with d changes */
	uint32_t (*far)[WIDTH];
};

/* --- lines ---------------------------------------------------------------- */

static size_t line_len(const char *p, size_t left)
{
	const char *lf = memchr(p, '\n', left);

	return lf != NULL ? (size_t)(lf - p) + 1 : left;
}

static size_t count(struct diag_slice s)
{
	size_t n = 0;

	for (size_t at = 0; at < s.len; n++)
		at += line_len(s.p + at, s.len - at);
	return n;
}

static uint64_t hash_of(const char *p, size_t len)
{
	uint64_t h = len;

	for (; len >= 8; p += 8, len -= 8) {
		uint64_t w;

		memcpy(&w, p, 8);
		h = (h ^ w) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	for (; len > 0; p++, len--)
		h = (h ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
	return h;
}

static bool read_side(struct diag_slice s, struct side *out)
{
	size_t at = 0;

	out->n = count(s);
	out->end = s.p + s.len;
	out->lines = diag_alloc_array(out->n, sizeof(*out->lines));
	out->changed = diag_alloc(out->n);
	if (out->lines == NULL || out->changed == NULL)
		return false;
	for (size_t i = 0; i < out->n; i++) {
		struct line *line = &out->lines[i];

		line->p = s.p + at;
		line->len = line_len(line->p, s.len - at);
		line->hash = hash_of(line->p, line->len);
		at += line->len;
	}
	return true;
}

static bool same(const struct search *s, size_t x, size_t y)
{
	const struct line *a = &s->a.lines[x], *b = &s->b.lines[y];

	return a->hash == b->hash && a->len == b->len &&
	       memcmp(a->p, b->p, a->len) == 0;
}

/* --- the search ----------------------------------------------------------- */

/* Does the way to diagonal k with d changes come from above (a line put in),
 * or from the left (a line taken out)? */
static bool from_above(const struct search *s, int d, int k)
{
	const uint32_t *far = s->far[d - 1] + STEPS;

	return k == -d || (k != d && far[k - 1] < far[k + 1]);
}

/* Its x, before the lines that are the same. */
static size_t step(const struct search *s, int d, int k)
{
	const uint32_t *far;

	if (d == 0)
		return 0;
	far = s->far[d - 1] + STEPS;
	return from_above(s, d, k) ? far[k + 1] : (size_t)far[k - 1] + 1;
}

/* Where a way from (x0, y0) has come to. */
struct way {
	size_t x0, y0;
	int d, k;
	size_t x; /* relative to x0 */
};

static size_t y_of(size_t x, int k)
{
	return (size_t)((ptrdiff_t)x - k);
}

/* One frontier; true when it meets the end of both texts. */
static bool advance(struct search *s, struct way *w, int d, struct way *best)
{
	size_t n = s->a.n - w->x0, m = s->b.n - w->y0, most = 0;

	for (int k = -d; k <= d; k += 2) {
		size_t x = step(s, d, k), y = y_of(x, k);

		while (x < n && y < m && same(s, w->x0 + x, w->y0 + y)) {
			x++;
			y++;
		}
		s->far[d][k + STEPS] = (uint32_t)x;
		if (x > n || y > m) /* beyond the edge: no way of ours */
			continue;
		if (x + y < most)
			continue;
		most = x + y;
		*best = (struct way){ w->x0, w->y0, d, k, x };
	}
	return most == n + m;
}

/* Mark what changed along the way, from its end to its beginning. */
static void walk_back(struct search *s, const struct way *w)
{
	int k = w->k;

	for (int d = w->d; d > 0; d--) {
		size_t x = step(s, d, k);

		if (from_above(s, d, k)) {
			s->b.changed[w->y0 + y_of(x, k) - 1] = 1;
			k++;
		} else {
			s->a.changed[w->x0 + x - 1] = 1;
			k--;
		}
	}
}

/* true: one side has come to its end, what is left of the other changed. */
static bool at_end(struct search *s, const struct way *w)
{
	if (w->x0 < s->a.n && w->y0 < s->b.n)
		return false;
	memset(s->a.changed + w->x0, 1, s->a.n - w->x0);
	memset(s->b.changed + w->y0, 1, s->b.n - w->y0);
	return true;
}

static void search(struct search *s)
{
	struct way w = { 0 }, best = { 0 };

	while (!at_end(s, &w)) {
		bool done = false;

		for (int d = 0; d <= STEPS && !done; d++)
			done = advance(s, &w, d, &best);
		walk_back(s, &best);
		w.x0 += best.x;
		w.y0 += y_of(best.x, best.k);
	}
}

/* More steps than there are lines are never taken. */
static bool start(struct search *s)
{
	size_t rows = s->a.n + s->b.n < STEPS ? s->a.n + s->b.n : STEPS;

	s->far = diag_alloc_array(rows + 1, sizeof(*s->far));
	return s->far != NULL;
}

/* --- changes -------------------------------------------------------------- */

static struct diag_slice run_of(const struct side *side, size_t from, size_t to)
{
	struct diag_slice s = { side->end, 0 };

	if (from < side->n)
		s.p = side->lines[from].p;
	s.len = (size_t)((to < side->n ? side->lines[to].p : side->end) - s.p);
	return s;
}

static size_t run_end(const struct side *side, size_t i)
{
	while (i < side->n && side->changed[i] != 0)
		i++;
	return i;
}

static void tell(const struct search *s,
		 void (*call)(void *to, const struct diff_change *change),
		 void *to)
{
	size_t x = 0, y = 0;

	while (x < s->a.n || y < s->b.n) {
		size_t x_end = run_end(&s->a, x), y_end = run_end(&s->b, y);
		struct diag_slice old = run_of(&s->a, x, x_end);
		const struct diff_change change = {
			(size_t)(old.p - s->a.lines[0].p), old.len,
			run_of(&s->b, y, y_end)
		};

		if (x_end > x || y_end > y)
			call(to, &change);
		/* Behind a run both have a line, and it is the same. */
		x = x_end + (x_end < s->a.n);
		y = y_end + (y_end < s->b.n);
	}
}

bool diff_lines(struct diag_slice old, struct diag_slice new,
		void (*call)(void *to, const struct diff_change *change),
		void *to)
{
	struct search s = { .far = NULL };
	bool ok = read_side(old, &s.a) && read_side(new, &s.b) && start(&s);

	if (ok) {
		search(&s);
		tell(&s, call, to);
	}
	diag_free(s.far);
	diag_free(s.b.changed);
	diag_free(s.b.lines);
	diag_free(s.a.changed);
	diag_free(s.a.lines);
	return ok;
}
