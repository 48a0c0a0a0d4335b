/* SPDX-License-Identifier: MIT */
/* See explain.h.
 *
 * A case may have a finding per endpoint, so findings are put together by code
 * once, and each relation only looks at the findings it is about.
 */
#include "verdict/explain.h"

#include "verdict/relations.h"

#include <stdlib.h>
#include <string.h>

#define NOBODY SIZE_MAX

/* Findings of one code. */
struct group {
	const char *code;
	const size_t *items; /* ascending */
	size_t n;
};

struct work {
	struct judge *j;
	size_t n;
	size_t *by; /* the finding that explains it, or NOBODY */
	struct group *groups;
	size_t n_groups;
};

/* Drafts stand in the order of their findings once frozen; their targets are
 * sorted inventory indexes. */
static const struct draft *draft(const struct work *w, size_t i)
{
	return w->j->drafts[i];
}

/* --- findings by code ----------------------------------------------------- */

struct item {
	const char *code;
	size_t at;
};

static int item_cmp(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int d = strcmp(x->code, y->code);

	return d != 0 ? d : (x->at > y->at) - (x->at < y->at);
}

static bool make_groups(struct work *w)
{
	struct diag_arena *arena = &w->j->v->arena;
	struct item *items = diag_arena_array(arena, w->n + 1, sizeof(*items));
	size_t *at = diag_arena_array(arena, w->n + 1, sizeof(*at));

	w->groups = diag_arena_array(arena, w->n + 1, sizeof(*w->groups));
	if (!items || !at || !w->groups)
		return false;
	for (size_t i = 0; i < w->n; i++)
		items[i] = (struct item){ draft(w, i)->info->code, i };
	if (w->n > 1)
		qsort(items, w->n, sizeof(*items), item_cmp);
	for (size_t i = 0; i < w->n; i++) {
		at[i] = items[i].at;
		if (i == 0 || strcmp(items[i].code, items[i - 1].code) != 0)
			w->groups[w->n_groups++] =
			    (struct group){ items[i].code, &at[i], 0 };
		w->groups[w->n_groups - 1].n++;
	}
	return true;
}

/* --- what holds between two findings -------------------------------------- */

/* How many of b's targets are a's too; both lists are sorted. */
static size_t common(const struct draft *a, const struct draft *b)
{
	size_t i = 0, k = 0, n = 0;

	while (i < a->n_targets && k < b->n_targets) {
		if (a->targets[i] == b->targets[k])
			n++;
		if (a->targets[i] <= b->targets[k])
			i++;
		else
			k++;
	}
	return n;
}

static bool is_inside(const struct draft *cause, const struct draft *effect)
{
	return effect->n_targets > 0 &&
	       common(cause, effect) == effect->n_targets;
}

/* A name server with a private address that is not on the local link. */
static bool is_distant(const struct work *w, const char *view)
{
	const struct diag_machine *m = w->j->ev->origins[0].machine;
	const struct diag_route *r;
	struct diag_endpoint at;

	if (!m || !diag_endpoint_parse(view, 53, &at) ||
	    !diag_scope_is_private(diag_scope_of(&at.addr)))
		return false;
	r = diag_machine_route(m, &at.addr);
	return !r || r->gateway.family != DIAG_NOFAM;
}

static bool is_at(const char *address, const char *subject)
{
	struct diag_addr a;
	struct diag_endpoint at;

	return diag_addr_parse(address, &a) &&
	       diag_endpoint_parse(subject, 0, &at) &&
	       diag_addr_eq(&a, &at.addr);
}

/* "10.150.0.20:5831/udp", "port 5831/udp (group, rule)": the port, and how many
 * bytes it has. */
static const char *port_in(const char *subject, size_t *len)
{
	static const char word[] = "port ";
	const char *colon = strrchr(subject, ':');
	const char *port = strncmp(subject, word, sizeof(word) - 1) == 0
			       ? subject + sizeof(word) - 1
			   : colon ? colon + 1
				   : "";

	*len = strcspn(port, " ");
	return port;
}

static bool same_port(const char *a, const char *b)
{
	size_t n_a, n_b;
	const char *x = port_in(a, &n_a), *y = port_in(b, &n_b);

	return n_a > 0 && n_a == n_b && memcmp(x, y, n_a) == 0;
}

static bool holds(const struct work *w, const struct relation *r,
		  const struct draft *cause, const struct draft *effect)
{
	if (cause->beside)
		return false;
	if (cause->severity < effect->severity && r->how != REL_REASON &&
	    r->how != REL_REASON_INSIDE)
		return false;
	switch (r->how) {
	case REL_ALWAYS:
		return true;
	case REL_SHARED:
		return common(cause, effect) > 0;
	case REL_ERROR:
		return effect->severity == DIAG_ERROR &&
		       is_inside(cause, effect);
	case REL_INSIDE:
	case REL_REASON_INSIDE:
		return is_inside(cause, effect);
	case REL_REASON:
	case REL_SUBJECT:
		return strcmp(cause->subject, effect->subject) == 0;
	case REL_ADDRESS:
		return is_at(cause->subject, effect->subject);
	case REL_PORT:
		return is_inside(cause, effect) &&
		       same_port(cause->subject, effect->subject);
	case REL_OFFLINE:
		return strcmp(cause->subject, CAUSE_OFFLINE) == 0;
	case REL_DISTANT:
		return is_distant(w, effect->subject);
	}
	return false;
}

static int rank_cmp(const struct work *w, size_t a, size_t b)
{
	const struct cause_rank *x = cause_rank_of(draft(w, a)->info->code);
	const struct cause_rank *y = cause_rank_of(draft(w, b)->info->code);

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (a > b) - (a < b);
}

static void relate(struct work *w, const struct relation *r,
		   const struct group *causes, const struct group *effects)
{
	for (size_t i = 0; i < causes->n; i++)
		for (size_t k = 0; k < effects->n; k++) {
			size_t c = causes->items[i], e = effects->items[k];

			if ((w->by[e] == NOBODY ||
			     rank_cmp(w, c, w->by[e]) < 0) &&
			    holds(w, r, draft(w, c), draft(w, e)))
				w->by[e] = c;
		}
}

static void relate_groups(struct work *w, const struct relation *r)
{
	for (size_t i = 0; i < w->n_groups; i++) {
		if (strcmp(r->cause, w->groups[i].code) != 0)
			continue;
		for (size_t k = 0; k < w->n_groups; k++)
			if (relation_covers(r, r->cause, w->groups[k].code))
				relate(w, r, &w->groups[i], &w->groups[k]);
	}
}

/* --- chains --------------------------------------------------------------- */

/* The relations have no cycle, so this ends. */
static size_t root_of(const struct work *w, size_t i)
{
	while (w->by[i] != NOBODY)
		i = w->by[i];
	return i;
}

bool explain_findings(struct judge *j, struct explained *x)
{
	struct diag_arena *arena = &j->v->arena;
	struct work w = { .j = j, .n = j->v->n_findings };

	x->n = w.n;
	x->root = diag_arena_array(arena, w.n + 1, sizeof(*x->root));
	x->cause = diag_arena_array(arena, w.n + 1, sizeof(*x->cause));
	w.by = diag_arena_array(arena, w.n + 1, sizeof(*w.by));
	if (!x->root || !x->cause || !w.by || !make_groups(&w))
		return false;
	for (size_t i = 0; i < w.n; i++)
		w.by[i] = NOBODY;
	for (const struct relation *r = relations; r->cause; r++)
		relate_groups(&w, r);
	for (size_t i = 0; i < w.n; i++) {
		x->root[i] = root_of(&w, i);
		/* findings come worst first */
		if (j->v->findings[i].severity == j->v->findings[0].severity)
			x->cause[x->root[i]] = true;
	}
	return true;
}
