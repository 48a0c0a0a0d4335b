/* SPDX-License-Identifier: MIT */
/* answer_group.c - any_of: several names, one of which must work.
 *
 * Both suffixes of compute instances and the old and the new notebook form
 * are in documents; which one a workspace has is not known beforehand.  The
 * members that are not in use must not be blamed for not existing:
 *
 *   some member is answered rightly     the wrong ones are unused
 *   else some member exists             those that do not exist are unused
 *   else                                all are judged
 */
#include "verdict/evidence_build.h"

#include <stdlib.h>
#include <string.h>

static int member_cmp(const void *a, const void *b)
{
	const struct ev_target *const *x = a, *const *y = b;
	int d = strcmp((*x)->t->any_of, (*y)->t->any_of);

	return d != 0 ? d : (*x > *y) - (*x < *y);
}

/* Its public chain shows an alias, so somebody made it. */
static bool has_alias(const struct ev_target *t)
{
	return t->explained_by != NULL && t->explained_by->alias != NULL;
}

/* It has an address, or somebody took the address out on the way. */
static bool exists(const struct ev_target *t)
{
	if (t->deciding == NULL)
		return false;
	return t->deciding->n_addrs > 0 || has_alias(t) ||
	       t->kind == EV_FILTERED || t->kind == EV_FILTER_SUSPECT;
}

static bool says_no(const struct ev_target *t)
{
	return !exists(t) &&
	       (t->kind == EV_NAME_NOT_FOUND || t->kind == EV_EMPTY ||
		t->kind == EV_RECORD_MISSING || t->kind == EV_HIDDEN ||
		t->kind == EV_INSTANCE_NOT_PRIVATE);
}

static void retire(struct ev_target *t)
{
	t->unused = true;
	t->kind = EV_ALTERNATIVE;
}

static void judge_group(struct ev_target **m, size_t n)
{
	bool right = false, some = false;
	size_t i;

	for (i = 0; i < n; i++) {
		right |= m[i]->kind == EV_RIGHT ||
			 m[i]->kind == EV_OTHER_ENDPOINT ||
			 m[i]->kind == EV_PUBLIC_WORKS ||
			 m[i]->kind == EV_SYNTHETIC_WORKS;
		some |= exists(m[i]);
	}
	for (i = 0; i < n; i++) {
		if (right && !ev_kind_is_good(m[i]->kind) &&
		    m[i]->kind > EV_NOT_RUN)
			retire(m[i]);
		else if (!right && some && says_no(m[i]))
			retire(m[i]);
	}
}

void build_groups(struct build *b, struct ev_origin *o)
{
	struct ev_target **m;
	size_t i, k, n = 0;

	m = build_array(b, o->n_targets, sizeof(*m));
	if (m == NULL)
		return;
	for (i = 0; i < o->n_targets; i++)
		if (o->targets[i].t->any_of != NULL)
			m[n++] = &o->targets[i];
	if (n > 1)
		qsort(m, n, sizeof(*m), member_cmp);
	for (i = 0; i < n; i = k) {
		for (k = i + 1;
		     k < n && strcmp(m[k]->t->any_of, m[i]->t->any_of) == 0;
		     k++)
			;
		judge_group(&m[i], k - i);
	}
}
