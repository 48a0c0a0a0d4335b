/* SPDX-License-Identifier: MIT */
/* masked_verdict.c - two verdicts that must say the same, one of them with
 * other names.
 *
 * Findings of one code are in the order of their subjects, which are names, so
 * their order may be another one; everything else may not. */
#include <string.h>

#include "bundle/masked.h"
#include "verdict/verdict.h"

#define OP "mask"

struct pair {
	struct diag_mask *m;
	const struct diag_case *plain_case, *masked_case;
	struct diag_verdict *plain, *masked;
};

static bool differs(struct diag_err *err, const char *what, const char *which)
{
	return diag_fail(err, DIAG_EUSAGE, OP,
			 "the masked case is judged in another way: %s%s%.80s",
			 what, which[0] != '\0' ? " of " : "", which);
}

/* Facts are numbered anew when a case is read. */
static size_t place_of(const struct diag_case *c, uint32_t id)
{
	if (id > 0 && id <= c->facts.n && c->facts.facts[id - 1]->id == id)
		return id;
	for (size_t i = 0; i < c->facts.n; i++)
		if (c->facts.facts[i]->id == id)
			return i + 1;
	return 0;
}

static bool same_facts(const struct pair *p, const struct diag_finding *a,
		       const struct diag_finding *b)
{
	if (a->n_evidence != b->n_evidence)
		return false;
	for (size_t i = 0; i < a->n_evidence; i++)
		if (place_of(p->plain_case, a->evidence[i]) !=
		    place_of(p->masked_case, b->evidence[i]))
			return false;
	return true;
}

static bool same_finding(const struct pair *p, const struct diag_finding *a,
			 const struct diag_finding *b)
{
	if (a->info != b->info || a->severity != b->severity ||
	    a->n_targets != b->n_targets || !same_facts(p, a, b))
		return false;
	for (size_t i = 0; i < a->n_targets; i++)
		if (!diag_mask_is_of(p->m, a->targets[i], b->targets[i]))
			return false;
	return true;
}

static size_t count_same(const struct pair *p, const struct diag_finding *a)
{
	size_t n = 0;

	for (size_t i = 0; i < p->masked->n_findings; i++)
		n += same_finding(p, a, &p->masked->findings[i]);
	return n;
}

static bool same_findings(const struct pair *p, struct diag_err *err)
{
	const struct diag_verdict *a = p->plain, *b = p->masked;

	if (a->n_findings != b->n_findings)
		return differs(err, "the number of findings", "");
	for (size_t i = 0; i < a->n_findings; i++) {
		if (a->findings[i].info != b->findings[i].info)
			return differs(err, "the findings",
				       a->findings[i].info->code);
		if (count_same(p, &a->findings[i]) == 0)
			return differs(err, "targets or facts",
				       a->findings[i].info->code);
	}
	return true;
}

static bool same_fix(const struct diag_fix *a, const struct diag_fix *b)
{
	return strcmp(a->kind, b->kind) == 0 && a->who == b->who &&
	       a->lasting == b->lasting && a->n_lines == b->n_lines &&
	       (a->command == NULL) == (b->command == NULL);
}

/* Lines of a hosts file are words of a case, too: name and address of each
 * must be the masked ones, in whatever order. */
static bool same_lines(const struct pair *p, const struct diag_fix *a,
		       const struct diag_fix *b)
{
	for (size_t i = 0; i < a->n_lines; i++) {
		bool found = false;

		for (size_t k = 0; k < b->n_lines && !found; k++)
			found = diag_mask_is_of(p->m, a->lines[i], b->lines[k]);
		if (!found)
			return false;
	}
	return true;
}

static bool same_fixes(const struct pair *p, const struct diag_cause *a,
		       const struct diag_cause *b, struct diag_err *err)
{
	const char *code = a->finding->info->code;

	if (a->n_fixes != b->n_fixes)
		return differs(err, "the number of fixes", code);
	for (size_t i = 0; i < a->n_fixes; i++) {
		if (!same_fix(&a->fixes[i], &b->fixes[i]))
			return differs(err, "a fix", code);
		if (a->finding->n_targets > 0 &&
		    same_finding(p, a->finding, b->finding) &&
		    !same_lines(p, &a->fixes[i], &b->fixes[i]))
			return differs(err, "a line of hosts", code);
	}
	return true;
}

static bool same_causes(const struct pair *p, struct diag_err *err)
{
	if (p->plain->n_causes != p->masked->n_causes)
		return differs(err, "the number of causes", "");
	for (size_t i = 0; i < p->plain->n_causes; i++) {
		const struct diag_cause *a = &p->plain->causes[i];
		const struct diag_cause *b = &p->masked->causes[i];
		const char *code = a->finding->info->code;

		if (a->finding->info != b->finding->info)
			return differs(err, "the causes", code);
		if (count_same(p, a->finding) == 0)
			return differs(err, "a cause", code);
		if (same_finding(p, a->finding, b->finding) &&
		    (a->n_explains != b->n_explains ||
		     !same_fixes(p, a, b, err)))
			return differs(err, "what is explained", code);
	}
	return true;
}

static bool same_target(const struct pair *p,
			const struct diag_target_verdict *a,
			const struct diag_target_verdict *b)
{
	if (a->status != b->status || a->n_addresses != b->n_addresses ||
	    a->from_hosts != b->from_hosts || a->n_findings != b->n_findings ||
	    place_of(p->plain_case, a->tcp) !=
		place_of(p->masked_case, b->tcp) ||
	    place_of(p->plain_case, a->tls) !=
		place_of(p->masked_case, b->tls) ||
	    place_of(p->plain_case, a->http) !=
		place_of(p->masked_case, b->http))
		return false;
	return diag_mask_is_of(p->m, a->target->fqdn, b->target->fqdn);
}

static bool same_targets(const struct pair *p, struct diag_err *err)
{
	if (p->plain->n_targets != p->masked->n_targets)
		return differs(err, "the number of targets", "");
	for (size_t i = 0; i < p->plain->n_targets; i++) {
		const struct diag_target_verdict *a = &p->plain->targets[i];

		if (!same_target(p, a, &p->masked->targets[i]))
			return differs(err, "a target",
				       a->target->fqdn != NULL ? a->target->fqdn
							       : "an address");
	}
	return true;
}

bool diag_masked_same_verdict(struct diag_mask *m,
			      const struct diag_case *plain,
			      const struct diag_case *masked,
			      struct diag_err *err)
{
	struct pair p = { .m = m, .plain_case = plain, .masked_case = masked };
	bool ok = diag_judge(plain, NULL, &p.plain, err) &&
		  diag_judge(masked, NULL, &p.masked, err);

	if (ok && p.plain->outcome != p.masked->outcome)
		ok = differs(err, "the outcome", "");
	ok = ok && same_targets(&p, err) && same_findings(&p, err) &&
	     same_causes(&p, err);
	diag_verdict_free(p.plain);
	diag_verdict_free(p.masked);
	return ok;
}
