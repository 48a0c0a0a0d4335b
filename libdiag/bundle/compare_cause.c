/* SPDX-License-Identifier: MIT */
/* compare_cause.c - what the bad case's verdict says and the good one's does
 * not, and what can be told of it in the end. */
#include "bundle/compare_internal.h"

#include "base/text.h"
#include "base/time.h"

#include <inttypes.h>
#include <string.h>

/* Runs further apart than this saw two states of the world. */
#define APART_S 3600

/* Is the code one of the words?  "dns.*" are all that begin so. */
static bool is_one_of(const char *words, const char *code)
{
	size_t n;

	for (; *words != '\0'; words += n + strspn(words + n, " ")) {
		n = strcspn(words, " ");
		if (words[n - 1] == '*'
			? strncmp(words, code, n - 1) == 0
			: strlen(code) == n && memcmp(words, code, n) == 0)
			return true;
	}
	return false;
}

static bool concerns(const struct diag_finding *f, const char *name)
{
	for (size_t i = 0; i < f->n_targets; i++)
		if (strcmp(f->targets[i], name) == 0)
			return true;
	return false;
}

static bool has(const struct diag_finding *const *list, size_t n,
		const char *code, enum diag_severity at_least)
{
	for (size_t i = 0; i < n; i++)
		if (list[i]->severity >= at_least &&
		    strcmp(list[i]->info->code, code) == 0)
			return true;
	return false;
}

bool cmp_only_bad(const struct cmp_pair *p, const char *code)
{
	return has(p->bad->findings, p->bad->n_findings, code, DIAG_WARNING) &&
	       !has(p->good->findings, p->good->n_findings, code, DIAG_WARNING);
}

/* The good case's verdict says the same of the machine. */
static bool good_says(const struct cmp *x, const struct diag_finding *f)
{
	const struct diag_verdict *v = x->good.s->v;

	for (size_t i = 0; i < v->n_findings; i++)
		if (v->findings[i].severity >= f->severity &&
		    strcmp(v->findings[i].info->code, f->info->code) == 0)
			return true;
	return false;
}

static bool is_open_for(const struct cmp *x, const struct diag_finding *f,
			const struct cmp_pair *p)
{
	if (f->n_targets == 0)
		return !good_says(x, f);
	return concerns(f, p->name) &&
	       !has(p->good->findings, p->good->n_findings, f->info->code,
		    f->severity);
}

/* Only the bad case's verdict says it, of a name that both have. */
static bool is_open(const struct cmp *x, const struct diag_finding *f)
{
	if (f->n_targets == 0)
		return !good_says(x, f);
	for (size_t i = 0; i < x->n_pairs; i++)
		if (is_open_for(x, f, &x->pairs[i]))
			return true;
	return false;
}

bool cmp_is_open(const struct cmp *x, const struct diag_cause *c)
{
	return is_open(x, c->finding);
}

/* The cause itself is about this pair, or what it explains and the row can make
 * as well. */
static bool reaches(const struct cmp *x, const struct diag_cause *c,
		    const char *makes, const struct cmp_pair *p)
{
	if (is_open_for(x, c->finding, p))
		return true;
	for (size_t i = 0; i < c->n_explains; i++)
		if (c->explains[i]->n_targets > 0 &&
		    c->explains[i]->severity > DIAG_INFO &&
		    is_one_of(makes, c->explains[i]->info->code) &&
		    is_open_for(x, c->explains[i], p))
			return true;
	return false;
}

size_t cmp_cause_of(const struct cmp *x, const struct cmp_row *row,
		    const struct cmp_pair *p, const char *only)
{
	const struct diag_verdict *v = x->bad.s->v;
	const char *makes = only != NULL ? only : row->makes;

	for (size_t i = 0; i < v->n_causes; i++) {
		const struct diag_cause *c = &v->causes[i];

		if (is_one_of(makes, c->finding->info->code) &&
		    (p != NULL ? reaches(x, c, makes, p)
			       : is_open(x, c->finding)))
			return i;
	}
	return SIZE_MAX;
}

/* --- the end -------------------------------------------------------------- */

static bool works(const struct diag_verdict *v)
{
	return v->outcome == DIAG_HEALTHY ||
	       (v->outcome == DIAG_DEGRADED && v->n_causes == 0);
}

static void note_roles(struct cmp *x)
{
	const struct diag_case *g = x->good.s->c;
	const struct diag_case *b = x->bad.s->c;

	if (g->role != b->role)
		cmp_note(x, "judged in different roles: %s there, %s here",
			 diag_role_key(g->role), diag_role_key(b->role));
	if (g->era != b->era)
		cmp_note(x, "judged by different port rules: %s there, %s here",
			 diag_era_key(g->era), diag_era_key(b->era));
}

static void note_runs(struct cmp *x)
{
	const struct diag_origin *g = x->good.o;
	const struct diag_origin *b = x->bad.o;
	int64_t apart = b->started_s - g->started_s;

	if (g->version != NULL && b->version != NULL &&
	    strcmp(g->version, b->version) != 0)
		cmp_note(x, "made by different versions: %s there, %s here",
			 g->version, b->version);
	if (apart > APART_S || apart < -APART_S)
		cmp_note(x,
			 "the two were looked at %" PRId64
			 " hours apart: what changed in between looks like a "
			 "difference of the machines",
			 (apart < 0 ? -apart : apart) / APART_S);
	if (!g->complete)
		cmp_note(x, "the run there was not complete");
	if (!b->complete)
		cmp_note(x, "the run here was not complete");
}

static size_t n_failing(const struct diag_verdict *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n_targets; i++)
		n += v->targets[i].status == DIAG_TARGET_FAIL ? 1 : 0;
	return n;
}

static void note_joining(struct cmp *x)
{
	size_t fails = n_failing(x->good.s->v);

	if (x->out->by_service)
		cmp_note(x,
			 "the two have no names in common (masked with "
			 "different keys, or two workspaces): joined by "
			 "service and order%s",
			 x->addresses ? ""
				      : "; their addresses were not compared");
	if (fails > 0)
		cmp_note(x, "%zu %s there as well", fails,
			 fails == 1 ? "name fails" : "names fail");
}

/* Some name that it is about is in both. */
static bool is_joined(const struct cmp *x, const struct diag_finding *f)
{
	for (size_t i = 0; i < x->n_pairs; i++)
		if (concerns(f, x->pairs[i].name))
			return true;
	return f->n_targets == 0;
}

/* Nothing tells them apart: which causes only the bad one has, and which
 * both. */
static void note_unexplained(struct cmp *x)
{
	const struct diag_verdict *v = x->bad.s->v;

	for (size_t i = 0; i < v->n_causes; i++) {
		const struct diag_finding *f = v->causes[i].finding;

		if (is_open(x, f))
			cmp_note(x,
				 "%s is found here only, but nothing that was "
				 "kept of both tells why: %s",
				 f->info->code, f->info->title);
		else
			cmp_note(x, "%s: %s, %s", f->info->code, f->info->title,
				 is_joined(x, f)
				     ? "there as well as here"
				     : "for names that were not looked at "
				       "there");
	}
	if (v->n_causes == 0)
		cmp_note(x, "no cause was found here: the verdict is \"%s\"",
			 diag_outcome_key(v->outcome));
}

static enum diag_compare_outcome conclude(struct cmp *x)
{
	if (x->n_pairs == 0) {
		cmp_note(x, "the two have no name in common");
		return DIAG_COMPARE_UNKNOWN;
	}
	if (x->out->first != NULL)
		return DIAG_COMPARE_FOUND;
	if (!works(x->bad.s->v)) {
		note_unexplained(x);
		return DIAG_COMPARE_UNKNOWN;
	}
	if (x->good.s->v->outcome != DIAG_FAILED) {
		cmp_note(x, "nothing fails here, so there is nothing that a "
			    "difference would have to explain");
		return DIAG_COMPARE_NONE;
	}
	cmp_note(x, "it fails there and works here: is the order GOOD, BAD?");
	return DIAG_COMPARE_UNKNOWN;
}

void cmp_conclude(struct cmp *x)
{
	x->out->outcome = conclude(x);
	note_joining(x);
	note_roles(x);
	note_runs(x);
}
