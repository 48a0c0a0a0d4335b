/* SPDX-License-Identifier: MIT */
/* causes.c - findings joined into causes, the likeliest first.
 *
 * A cause is a finding of the worst severity present (error, else warning)
 * that no other finding explains.  What explains what is relations.c; chains
 * are followed to their root, so that each explained finding hangs under one
 * cause.
 *
 * The order is the hard part.  A path fault (a tunnel that is down, a firewall
 * that drops) and a DNS fault are often there together, and the user must mend
 * both; the first one told is the one that alone keeps the user out of
 * everything.  So a path cause comes before the DNS causes only if every name
 * that the DNS causes concern is among its own; else it comes after.
 */
#include "verdict/advice.h"
#include "verdict/judge.h"
#include "verdict/relations.h"

#include <stdlib.h>
#include <string.h>

#define NOBODY SIZE_MAX

struct work {
	struct judge *j;
	size_t n;
	size_t *by; /* per finding: the finding that explains it, or NOBODY */
	bool *dns;  /* per target: a DNS cause concerns it */
	bool any_dns;
	enum diag_severity worst;
};

static const struct diag_finding *finding(const struct work *w, size_t i)
{
	return &w->j->v->findings[i];
}

/* Drafts stand in the order of their findings once frozen; their targets are
 * sorted inventory indexes. */
static const struct draft *draft(const struct work *w, size_t i)
{
	return w->j->drafts[i];
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

static bool holds(enum relation_how how, const struct draft *cause,
		  const struct draft *effect)
{
	switch (how) {
	case REL_ALWAYS:
		return true;
	case REL_SHARED:
		return common(cause, effect) > 0;
	case REL_INSIDE:
		return common(cause, effect) == effect->n_targets;
	case REL_REASON:
	case REL_SUBJECT:
		return strcmp(cause->subject, effect->subject) == 0;
	}
	return false;
}

static bool explains(const struct work *w, size_t cause, size_t effect)
{
	const struct draft *c = draft(w, cause), *e = draft(w, effect);

	if (cause == effect)
		return false;
	for (const struct relation *r = relations; r->cause; r++)
		if ((c->severity >= e->severity || r->how == REL_REASON) &&
		    relation_covers(r, c->info->code, e->info->code) &&
		    holds(r->how, c, e))
			return true;
	return false;
}

static int rank_cmp(const struct work *w, size_t a, size_t b)
{
	const struct cause_rank *x = cause_rank_of(draft(w, a)->info->code);
	const struct cause_rank *y = cause_rank_of(draft(w, b)->info->code);

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->rank > y->rank) - (x->rank < y->rank);
}

static void find_explainers(struct work *w)
{
	for (size_t e = 0; e < w->n; e++) {
		w->by[e] = NOBODY;
		for (size_t c = 0; c < w->n; c++)
			if (explains(w, c, e) && (w->by[e] == NOBODY ||
						  rank_cmp(w, c, w->by[e]) < 0))
				w->by[e] = c;
	}
}

/* The relations have no cycle, so this ends. */
static size_t root(const struct work *w, size_t i)
{
	while (w->by[i] != NOBODY)
		i = w->by[i];
	return i;
}

/* A milder finding counts if it is the reason for one of the worst. */
static bool is_reason(const struct work *w, size_t i)
{
	for (size_t e = 0; e < w->n; e++)
		if (w->by[e] == i && finding(w, e)->severity == w->worst)
			return true;
	return false;
}

static bool is_cause(const struct work *w, size_t i)
{
	return w->by[i] == NOBODY &&
	       (finding(w, i)->severity == w->worst || is_reason(w, i));
}

/* --- the order ------------------------------------------------------------ */

static enum cause_group group_of(const struct work *w, size_t i)
{
	return cause_rank_of(draft(w, i)->info->code)->group;
}

static void mark_dns(struct work *w)
{
	for (size_t i = 0; i < w->n; i++) {
		if (!is_cause(w, i) || group_of(w, i) != CAUSE_DNS)
			continue;
		for (size_t k = 0; k < draft(w, i)->n_targets; k++) {
			w->dns[draft(w, i)->targets[k]] = true;
			w->any_dns = true;
		}
	}
}

/* Would this path cause alone keep the user out of all those names? */
static bool alone_keeps_out(const struct work *w, size_t i)
{
	const struct draft *d = draft(w, i);
	size_t have = 0, all = 0;

	for (size_t t = 0; t < w->j->c->inventory->n_targets; t++)
		all += w->dns[t] ? 1 : 0;
	for (size_t k = 0; k < d->n_targets; k++)
		have += w->dns[d->targets[k]] ? 1 : 0;
	return have == all;
}

struct place {
	size_t index;
	int group;
	int rank;
	size_t n_targets;
};

static struct place place_of(const struct work *w, size_t i)
{
	const struct cause_rank *r = cause_rank_of(draft(w, i)->info->code);
	struct place p = { .index = i,
			   .group = (int)r->group,
			   .rank = r->rank,
			   .n_targets = draft(w, i)->n_targets };

	/* between DNS and service causes */
	if (r->group == CAUSE_PATH && w->any_dns && !alone_keeps_out(w, i))
		p.group = (int)CAUSE_DNS * 2 + 1;
	else
		p.group *= 2;
	return p;
}

static int place_cmp(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->n_targets != y->n_targets)
		return x->n_targets > y->n_targets ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

/* --- freezing ------------------------------------------------------------- */

static bool add_explained(struct work *w, size_t i, struct diag_cause *out)
{
	const struct diag_finding **list;

	list = diag_arena_array(&w->j->v->arena, w->n, sizeof(*list));
	if (!list)
		return false;
	for (size_t e = 0; e < w->n; e++)
		if (e != i && w->by[e] != NOBODY && root(w, e) == i)
			list[out->n_explains++] = finding(w, e);
	out->explains = list;
	return true;
}

static bool freeze_causes(struct work *w, struct place *places, size_t n)
{
	struct diag_cause *out =
	    diag_arena_array(&w->j->v->arena, n + 1, sizeof(*out));

	if (!out)
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t at = places[i].index;

		out[i].finding = finding(w, at);
		if (!add_explained(w, at, &out[i]) ||
		    !advice_give(w->j, &out[i], draft(w, at)))
			return false;
	}
	w->j->v->causes = out;
	w->j->v->n_causes = n;
	return true;
}

static bool order_causes(struct work *w)
{
	struct place *places =
	    diag_arena_array(&w->j->v->arena, w->n + 1, sizeof(*places));
	size_t n = 0;

	if (!places)
		return false;
	mark_dns(w);
	for (size_t i = 0; i < w->n; i++)
		if (is_cause(w, i))
			places[n++] = place_of(w, i);
	if (n > 1)
		qsort(places, n, sizeof(*places), place_cmp);
	return freeze_causes(w, places, n);
}

bool judge_causes(struct judge *j)
{
	struct work w = { .j = j, .n = j->v->n_findings };
	size_t n_targets = j->c->inventory->n_targets;

	w.by = diag_arena_array(&j->v->arena, w.n + 1, sizeof(*w.by));
	w.dns = diag_arena_array(&j->v->arena, n_targets + 1, sizeof(*w.dns));
	if (!w.by || !w.dns)
		return false;
	/* findings come worst first */
	w.worst = w.n > 0 ? j->v->findings[0].severity : DIAG_INFO;
	if (w.worst != DIAG_INFO) {
		find_explainers(&w);
		if (!order_causes(&w))
			return false;
	}
	return advice_hints(j);
}
