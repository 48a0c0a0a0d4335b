/* SPDX-License-Identifier: MIT */
/* causes.c - findings joined into causes, the likeliest first.
 *
 * A cause is what remains when every finding of the worst severity present
 * (error, else warning) is followed to its reason; explain.c does that.
 *
 * The order is the hard part.  A path fault (a tunnel that is down, a firewall
 * that drops) and a DNS fault are often there together, and the user must mend
 * both; the first one told is the one that alone keeps the user out of
 * everything.  So a path cause comes before the DNS causes only if every name
 * that the DNS causes concern is among its own; else it comes after.  A port
 * beside 443 keeps nobody out of the studio.
 */
#include "base/text.h"
#include "verdict/advice.h"
#include "verdict/explain.h"
#include "verdict/relations.h"

#include <stdlib.h>
#include <string.h>

struct work {
	struct judge *j;
	struct explained x;
	bool *dns; /* per target: a DNS cause concerns it */
	size_t n_dns;
};

static const struct draft *draft(const struct work *w, size_t i)
{
	return w->j->drafts[i];
}

/* --- the order ------------------------------------------------------------ */

static enum cause_group group_of(const struct work *w, size_t i)
{
	return cause_rank_of(draft(w, i)->info->code)->group;
}

static void mark_dns(struct work *w)
{
	for (size_t i = 0; i < w->x.n; i++) {
		const struct draft *d = draft(w, i);

		if (!w->x.cause[i] || group_of(w, i) != CAUSE_DNS)
			continue;
		for (size_t k = 0; k < d->n_targets; k++) {
			w->n_dns += w->dns[d->targets[k]] ? 0 : 1;
			w->dns[d->targets[k]] = true;
		}
	}
}

static bool concerns_https(const struct draft *d)
{
	return !diag_text_starts(d->subject, "port ") ||
	       strcmp(d->subject, "port 443") == 0 ||
	       diag_text_starts(d->subject, "port 443 ");
}

/* Would this path cause alone keep the user out of all those names? */
static bool alone_keeps_out(const struct work *w, size_t i)
{
	const struct draft *d = draft(w, i);
	size_t have = 0;

	for (size_t k = 0; k < d->n_targets; k++)
		have += w->dns[d->targets[k]] ? 1 : 0;
	return have == w->n_dns && concerns_https(d);
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
			   .group = (int)r->group * 2,
			   .rank = r->rank,
			   .n_targets = draft(w, i)->n_targets };

	/* between DNS and service causes */
	if (r->group == CAUSE_PATH && w->n_dns > 0 && !alone_keeps_out(w, i))
		p.group = (int)CAUSE_DNS * 2 + 1;
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

/* What each cause explains, in the order of the findings: counted, then
 * filled.  at[i]: where finding i stands among the causes. */
static bool fill_explained(struct work *w, struct diag_cause *out,
			   const size_t *at)
{
	const struct diag_finding **list =
	    diag_arena_array(&w->j->v->arena, w->x.n + 1, sizeof(*list));
	size_t *n = diag_arena_array(&w->j->v->arena, w->x.n + 1, sizeof(*n));
	size_t used = 0;

	if (!list || !n)
		return false;
	for (size_t i = 0; i < w->x.n; i++)
		if (w->x.root[i] != i && w->x.cause[w->x.root[i]])
			n[w->x.root[i]]++;
	for (size_t i = 0; i < w->x.n; i++) {
		if (!w->x.cause[i])
			continue;
		out[at[i]].explains = &list[used];
		used += n[i];
	}
	for (size_t i = 0; i < w->x.n; i++) {
		size_t r = w->x.root[i];
		struct diag_cause *c = &out[at[r]];

		if (r != i && w->x.cause[r])
			list[(size_t)(c->explains - list) + c->n_explains++] =
			    &w->j->v->findings[i];
	}
	return true;
}

static bool freeze_causes(struct work *w, const struct place *places, size_t n)
{
	struct diag_arena *arena = &w->j->v->arena;
	struct diag_cause *out = diag_arena_array(arena, n + 1, sizeof(*out));
	size_t *at = diag_arena_array(arena, w->x.n + 1, sizeof(*at));
	struct advice_lines lines;

	if (!out || !at || !advice_lines(w->j, &lines))
		return false;
	for (size_t i = 0; i < n; i++) {
		at[places[i].index] = i;
		out[i].finding = &w->j->v->findings[places[i].index];
	}
	/* advice looks at what a cause explains */
	if (!fill_explained(w, out, at))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!advice_give(w->j, &lines, &out[i],
				 draft(w, places[i].index)))
			return false;
	w->j->v->causes = out;
	w->j->v->n_causes = n;
	return true;
}

static bool order_causes(struct work *w)
{
	struct place *places =
	    diag_arena_array(&w->j->v->arena, w->x.n + 1, sizeof(*places));
	size_t n = 0;

	if (!places)
		return false;
	mark_dns(w);
	for (size_t i = 0; i < w->x.n; i++)
		if (w->x.cause[i])
			places[n++] = place_of(w, i);
	if (n > 1)
		qsort(places, n, sizeof(*places), place_cmp);
	return freeze_causes(w, places, n);
}

bool judge_causes(struct judge *j)
{
	struct work w = { .j = j };

	w.dns = diag_arena_array(&j->v->arena, j->c->inventory->n_targets + 1,
				 sizeof(*w.dns));
	if (!w.dns)
		return false;
	/* infos alone have no cause */
	if (j->v->n_findings > 0 && j->v->findings[0].severity != DIAG_INFO &&
	    (!explain_findings(j, &w.x) || !order_causes(&w)))
		return false;
	return advice_hints(j);
}
