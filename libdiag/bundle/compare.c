/* SPDX-License-Identifier: MIT */
/* compare.c - two cases joined, every row asked, the first difference found. */
#include "bundle/compare_internal.h"

#include "base/mem.h"

#include <stdarg.h>
#include <string.h>

/* More are not told: they are names of their own, not of the machine. */
#define FOUND_MAX 256

const char *diag_compare_outcome_key(enum diag_compare_outcome o)
{
	static const char *const keys[] = { "found", "none", "unknown" };

	return keys[o];
}

const char *cmp_text(struct cmp *x, const char *fmt, ...)
{
	va_list args;
	const char *s;

	va_start(args, fmt);
	s = diag_arena_vprintf(x->arena, fmt, args);
	va_end(args);
	x->no_memory = x->no_memory || s == NULL;
	return s;
}

void cmp_note(struct cmp *x, const char *fmt, ...)
{
	const char **at;
	va_list args;

	at = diag_arena_push(x->arena, &x->notes, &x->n_notes,
			     sizeof(const char *));
	if (at != NULL) {
		va_start(args, fmt);
		*at = diag_arena_vprintf(x->arena, fmt, args);
		va_end(args);
	}
	x->no_memory = x->no_memory || at == NULL || *at == NULL;
}

/* --- differences ---------------------------------------------------------- */

static struct cmp_found *found_already(struct cmp *x, const char *key,
				       size_t cause)
{
	for (size_t i = x->n_found; i > 0; i--) {
		struct cmp_found *f = &x->found[i - 1];

		if (f->row == x->row && f->cause == cause &&
		    strcmp(f->key, key) == 0)
			return f;
	}
	return NULL;
}

static uint32_t id_of(const struct diag_fact *f)
{
	return f != NULL ? f->id : 0;
}

static struct cmp_found *new_found(struct cmp *x, const struct cmp_said *said,
				   size_t cause)
{
	const struct diag_verdict *v = x->bad.s->v;
	struct cmp_found *f =
	    diag_arena_push(x->arena, &x->found, &x->n_found, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->row = x->row;
	f->key = said->key != NULL ? said->key : "";
	f->cause = cause;
	f->d.code = x->row->code;
	f->d.title = x->row->title;
	f->d.there = said->there;
	f->d.here = said->here;
	f->d.good = id_of(said->good);
	f->d.bad = id_of(said->bad);
	f->d.explains = cause < v->n_causes ? &v->causes[cause] : NULL;
	return f;
}

/* It has this name already: another port of it differs alike. */
static bool is_last_name(const struct cmp_found *f, const char *name)
{
	return f->n_targets > 0 && f->targets[f->n_targets - 1] == name;
}

void cmp_differ(struct cmp *x, const struct cmp_pair *p,
		const struct cmp_said *said)
{
	size_t cause =
	    said->harmless ? SIZE_MAX : cmp_cause_of(x, x->row, p, said->only);
	struct cmp_found *f =
	    found_already(x, said->key != NULL ? said->key : "", cause);
	const char **name;

	if (x->no_memory || (f == NULL && x->n_found == FOUND_MAX))
		return;
	if (f == NULL)
		f = new_found(x, said, cause);
	if (f != NULL && p != NULL && !is_last_name(f, p->name)) {
		name = diag_arena_push(x->arena, &f->targets, &f->n_targets,
				       sizeof(const char *));
		if (name != NULL)
			*name = p->name;
		else
			f = NULL;
	}
	x->no_memory = x->no_memory || f == NULL;
}

static void ask_rows(struct cmp *x)
{
	for (size_t i = 0; i < cmp_n_rows; i++) {
		x->row = &cmp_rows[i];
		if (x->row->machine != NULL)
			x->row->machine(x);
		for (size_t k = 0; x->row->target != NULL && k < x->n_pairs;
		     k++)
			x->row->target(x, &x->pairs[k]);
	}
}

/* The likeliest cause first; of what makes it, what comes first. */
static bool fill_differences(struct cmp *x)
{
	struct diag_comparison *out = x->out;
	struct diag_difference *list =
	    diag_arena_array(x->arena, x->n_found + 1, sizeof(*list));
	size_t best = SIZE_MAX;

	if (list == NULL)
		return false;
	for (size_t i = 0; i < x->n_found; i++) {
		list[i] = x->found[i].d;
		list[i].targets = x->found[i].targets;
		list[i].n_targets = x->found[i].n_targets;
		if (x->found[i].cause < best) {
			best = x->found[i].cause;
			out->first = &list[i];
		}
	}
	out->differences = list;
	out->n_differences = x->n_found;
	return true;
}

static bool compare(struct cmp *x)
{
	if (!cmp_side_init(x, &x->good, &x->out->good) ||
	    !cmp_side_init(x, &x->bad, &x->out->bad) || !cmp_join(x))
		return false;
	for (size_t i = 0; i < x->n_pairs; i++)
		cmp_answers(x, &x->pairs[i]);
	x->addresses = cmp_addresses_compare(x);
	for (size_t i = 0; i < x->n_pairs; i++)
		cmp_joined(x, &x->pairs[i]);
	ask_rows(x);
	if (!fill_differences(x))
		return false;
	cmp_conclude(x);
	x->out->notes = x->notes;
	x->out->n_notes = x->n_notes;
	return !x->no_memory;
}

bool diag_compare(const struct diag_compare_side *good,
		  const struct diag_compare_side *bad,
		  struct diag_comparison **out, struct diag_err *err)
{
	struct diag_comparison *c = diag_alloc(sizeof(*c));
	struct cmp x = { .out = c };

	if (c == NULL)
		return diag_fail_nomem(err, "compare");
	diag_arena_init(&c->arena, 0);
	c->good = *good;
	c->bad = *bad;
	x.arena = &c->arena;
	if (!compare(&x)) {
		diag_comparison_free(c);
		return diag_fail_nomem(err, "compare");
	}
	*out = c;
	return true;
}

void diag_comparison_free(struct diag_comparison *c)
{
	if (c == NULL)
		return;
	diag_arena_clear(&c->arena);
	diag_free(c);
}
