/* SPDX-License-Identifier: MIT */
/* only.c - a verdict of which only some families are to be told.
 *
 * For hosts that somebody named by hand there is no workspace to judge: rules
 * that compare with what a workspace should have would blame the machine for
 * what was never meant to be.
 */
#include "verdict/verdict.h"

#include <string.h>

static bool is_of(const struct diag_finding *f, const char *const *families)
{
	for (; *families != NULL; families++)
		if (strncmp(f->info->code, *families, strlen(*families)) == 0)
			return true;
	return false;
}

/* Explained findings lie in the list too; those that stay are explained no
 * more when their cause goes. */
static bool keep_causes(struct diag_verdict *v, const char *const *families)
{
	struct diag_cause *out = diag_arena_array(
	    &v->arena, v->n_causes > 0 ? v->n_causes : 1, sizeof(*out));
	size_t n = 0;

	if (out == NULL)
		return false;
	for (size_t i = 0; i < v->n_causes; i++)
		if (is_of(v->causes[i].finding, families))
			out[n++] = v->causes[i];
	v->causes = out;
	v->n_causes = n;
	return true;
}

static const struct diag_finding *moved(const struct diag_finding *to, size_t n,
					const struct diag_finding *f)
{
	for (size_t i = 0; i < n; i++)
		if (to[i].id == f->id)
			return &to[i];
	return NULL;
}

static void point_anew(struct diag_cause *c, const struct diag_finding *to,
		       size_t n)
{
	/* A cause's list is the verdict's own. */
	const struct diag_finding **list =
	    (const struct diag_finding **)(uintptr_t)c->explains;
	size_t kept = 0;

	c->finding = moved(to, n, c->finding);
	for (size_t i = 0; i < c->n_explains; i++) {
		const struct diag_finding *f = moved(to, n, list[i]);

		if (f != NULL)
			list[kept++] = f;
	}
	c->n_explains = kept;
}

bool diag_verdict_only(struct diag_verdict *v, const char *const *families,
		       struct diag_err *err)
{
	struct diag_finding *out = diag_arena_array(
	    &v->arena, v->n_findings > 0 ? v->n_findings : 1, sizeof(*out));
	size_t n = 0;

	if (out == NULL || !keep_causes(v, families))
		return diag_fail_nomem(err, "verdict");
	for (size_t i = 0; i < v->n_findings; i++)
		if (is_of(&v->findings[i], families))
			out[n++] = v->findings[i];
	for (size_t i = 0; i < v->n_causes; i++)
		point_anew((struct diag_cause *)(uintptr_t)&v->causes[i], out,
			   n);
	v->findings = out;
	v->n_findings = n;
	return true;
}
