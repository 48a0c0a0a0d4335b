/* SPDX-License-Identifier: MIT */
/* freeze.c - drafts become findings: errors first, then warnings, then infos;
 * inside these in the order of the rules, then of the subjects. */
#include "verdict/judge.h"

#include <stdlib.h>
#include <string.h>

static int draft_cmp(const void *a, const void *b)
{
	const struct draft *x = *(struct draft *const *)a;
	const struct draft *y = *(struct draft *const *)b;
	int d;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
	d = strcmp(x->info->code, y->info->code);
	return d != 0 ? d : strcmp(x->subject, y->subject);
}

static int id_cmp(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void freeze_evidence(struct draft *d, struct diag_finding *f)
{
	size_t i, n = 0;

	if (d->n_facts > 1)
		qsort(d->facts, d->n_facts, sizeof(*d->facts), id_cmp);
	for (i = 0; i < d->n_facts; i++)
		if (n == 0 || d->facts[n - 1] != d->facts[i])
			d->facts[n++] = d->facts[i];
	f->evidence = d->facts;
	f->n_evidence = n;
}

static int index_cmp(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static const char *name_of(struct judge *j, const struct diag_target *t)
{
	if (t->fqdn != NULL)
		return t->fqdn;
	return t->n_addresses > 0 ? judge_addr(j, &t->addresses[0]) : "";
}

static bool freeze_targets(struct judge *j, struct draft *d,
			   struct diag_finding *f)
{
	const char **names;
	size_t i, n = 0;

	if (d->n_targets > 1)
		qsort(d->targets, d->n_targets, sizeof(*d->targets), index_cmp);
	for (i = 0; i < d->n_targets; i++)
		if (n == 0 || d->targets[n - 1] != d->targets[i])
			d->targets[n++] = d->targets[i];
	d->n_targets = n;
	names = diag_arena_array(&j->v->arena, n > 0 ? n : 1, sizeof(*names));
	if (names == NULL)
		return false;
	for (i = 0; i < n; i++)
		names[i] = name_of(j, &j->c->inventory->targets[d->targets[i]]);
	f->targets = names;
	f->n_targets = n;
	return true;
}

bool judge_freeze(struct judge *j)
{
	struct diag_finding *out;
	size_t i;

	out = diag_arena_array(&j->v->arena, j->n_drafts > 0 ? j->n_drafts : 1,
			       sizeof(*out));
	if (out == NULL)
		return false;
	if (j->n_drafts > 1)
		qsort(j->drafts, j->n_drafts, sizeof(struct draft *),
		      draft_cmp);
	for (i = 0; i < j->n_drafts; i++) {
		struct draft *d = j->drafts[i];
		struct diag_finding *f = &out[i];

		f->id = (unsigned)i + 1;
		f->info = d->info;
		f->severity = d->severity;
		f->detail = d->detail != NULL ? d->detail : d->info->title;
		f->subject = d->subject[0] != '\0' ? d->subject : NULL;
		f->proof = d->proof;
		f->n_proof = d->n_proof;
		freeze_evidence(d, f);
		if (!freeze_targets(j, d, f))
			return false;
	}
	j->v->findings = out;
	j->v->n_findings = j->n_drafts;
	return true;
}
