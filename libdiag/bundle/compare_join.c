/* SPDX-License-Identifier: MIT */
/* compare_join.c - which target of the one case is which of the other.
 *
 * By name.  Where the two have no name of a private target in common, but have
 * such targets, the names were masked with different keys, or are another
 * workspace's: then the first key vault is the first key vault.  Names that
 * must stay public are called the same everywhere.
 */
#include "bundle/compare_internal.h"

#include <stdlib.h>
#include <string.h>

static const char *name_of(struct cmp *x, const struct diag_target *t)
{
	char text[DIAG_ADDR_TEXT];

	if (t->fqdn != NULL)
		return t->fqdn;
	return cmp_text(
	    x, "%s",
	    t->n_addresses > 0 ? diag_addr_text(&t->addresses[0], text) : "");
}

struct named {
	const char *name;
	size_t index; /* in the verdict */
};

static int by_name(const void *a, const void *b)
{
	const struct named *x = a;
	const struct named *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order
			  : (x->index > y->index) - (x->index < y->index);
}

static struct named *sorted(struct cmp *x, const struct diag_verdict *v)
{
	struct named *names =
	    diag_arena_array(x->arena, v->n_targets + 1, sizeof(*names));

	if (names == NULL)
		return NULL;
	for (size_t i = 0; i < v->n_targets; i++) {
		names[i].name = name_of(x, v->targets[i].target);
		names[i].index = i;
		if (names[i].name == NULL)
			return NULL;
	}
	qsort(names, v->n_targets, sizeof(*names), by_name);
	return names;
}

struct join {
	struct cmp *x;
	const struct diag_verdict *good, *bad;
	struct named *good_names, *bad_names;
	size_t *good_of; /* per target of the bad one: 1 + the good one's */
	bool *taken;	 /* per target of the good one */
};

static void join_names(struct join *j)
{
	size_t g = 0;

	for (size_t b = 0; b < j->bad->n_targets; b++) {
		const char *name = j->bad_names[b].name;

		while (g < j->good->n_targets &&
		       strcmp(j->good_names[g].name, name) < 0)
			g++;
		if (g == j->good->n_targets)
			return;
		if (strcmp(j->good_names[g].name, name) != 0)
			continue;
		j->good_of[j->bad_names[b].index] = 1 + j->good_names[g].index;
		j->taken[j->good_names[g++].index] = true;
	}
}

static bool is_own(const struct diag_target *t)
{
	return !t->extra && t->expect != DIAG_EXPECT_PUBLIC;
}

/* Names of its own in one case, and none of them in the other. */
static bool nothing_joined(const struct join *j)
{
	size_t own = 0;

	for (size_t i = 0; i < j->bad->n_targets; i++) {
		if (!is_own(j->bad->targets[i].target))
			continue;
		if (j->good_of[i] != 0)
			return false;
		own++;
	}
	return own > 0;
}

static void join_services(struct join *j)
{
	size_t next[DIAG_N_SERVICES] = { 0 };

	for (size_t b = 0; b < j->bad->n_targets; b++) {
		const struct diag_target *t = j->bad->targets[b].target;
		size_t g = next[t->service];

		if (!is_own(t) || j->good_of[b] != 0)
			continue;
		while (g < j->good->n_targets &&
		       (j->taken[g] || !is_own(j->good->targets[g].target) ||
			j->good->targets[g].target->service != t->service))
			g++;
		next[t->service] = g;
		if (g == j->good->n_targets)
			continue;
		j->taken[g] = true;
		j->good_of[b] = 1 + g;
		j->x->out->by_service = true;
	}
}

static bool fill_pairs(struct join *j)
{
	struct cmp *x = j->x;

	x->pairs = diag_arena_array(x->arena, j->bad->n_targets + 1,
				    sizeof(*x->pairs));
	if (x->pairs == NULL)
		return false;
	for (size_t b = 0; b < j->bad->n_targets; b++) {
		struct cmp_pair *p = &x->pairs[x->n_pairs];

		if (j->good_of[b] == 0)
			continue;
		p->bad = &j->bad->targets[b];
		p->good = &j->good->targets[j->good_of[b] - 1];
		p->name = name_of(x, p->bad->target);
		p->good_name = name_of(x, p->good->target);
		if (p->name == NULL || p->good_name == NULL)
			return false;
		x->n_pairs++;
	}
	x->out->n_joined = x->n_pairs;
	return true;
}

/* Those that only one has: of the good one not taken, of the bad one without a
 * good one. */
static bool fill_only(struct join *j)
{
	struct diag_comparison *out = j->x->out;
	const char **good = diag_arena_array(
	    j->x->arena, j->good->n_targets + 1, sizeof(*good));
	const char **bad =
	    diag_arena_array(j->x->arena, j->bad->n_targets + 1, sizeof(*bad));

	if (good == NULL || bad == NULL)
		return false;
	for (size_t i = 0; i < j->good->n_targets; i++)
		if (!j->taken[i])
			good[out->n_only_good++] =
			    name_of(j->x, j->good->targets[i].target);
	for (size_t i = 0; i < j->bad->n_targets; i++)
		if (j->good_of[i] == 0)
			bad[out->n_only_bad++] =
			    name_of(j->x, j->bad->targets[i].target);
	out->only_good = good;
	out->only_bad = bad;
	return !j->x->no_memory;
}

bool cmp_join(struct cmp *x)
{
	struct join j = { .x = x, .good = x->good.s->v, .bad = x->bad.s->v };

	j.good_names = sorted(x, j.good);
	j.bad_names = sorted(x, j.bad);
	j.good_of = diag_arena_array(x->arena, j.bad->n_targets + 1,
				     sizeof(*j.good_of));
	j.taken =
	    diag_arena_array(x->arena, j.good->n_targets + 1, sizeof(*j.taken));
	if (j.good_names == NULL || j.bad_names == NULL || j.good_of == NULL ||
	    j.taken == NULL)
		return false;
	join_names(&j);
	if (nothing_joined(&j))
		join_services(&j);
	return fill_pairs(&j) && fill_only(&j);
}
