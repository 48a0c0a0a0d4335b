/* SPDX-License-Identifier: MIT */
/* text_head.c - who was looked at, the verdict, and one sentence. */
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "report/common.h"
#include "report/page.h"

#define GAP 3

static const struct {
	const char *word;
	enum page_color color;
} verdicts[] = {
	[DIAG_HEALTHY] = { "HEALTHY", PAGE_GREEN },
	[DIAG_DEGRADED] = { "DEGRADED", PAGE_YELLOW },
	[DIAG_FAILED] = { "FAILED", PAGE_RED },
	[DIAG_UNKNOWN] = { "UNKNOWN", PAGE_CYAN },
};

/* --- the sentence --------------------------------------------------------- */

static const char *failed_sentence(struct page *p, const struct diag_tally *n)
{
	const struct diag_verdict *v = p->in->v;
	size_t fails = n->status[DIAG_TARGET_FAIL];

	if (fails == 0 && v->n_causes > 0)
		return page_text(
		    p, "no name fails, but: %s",
		    page_clean(p, v->causes[0].finding->info->title));
	if (fails == 0)
		return "no name fails, but something else does";
	if (fails == n->private_fail)
		return page_text(
		    p, "%zu of %zu %s %s not reach %s private endpoint", fails,
		    n->privates, page_plural(n->privates, "name", "names"),
		    page_plural(fails, "does", "do"),
		    page_plural(fails, "its", "their"));
	return page_text(p, "%zu of %zu names %s not reached as %s should be",
			 fails, n->targets, page_plural(fails, "is", "are"),
			 page_plural(fails, "it", "they"));
}

static const char *unknown_sentence(struct page *p, const struct diag_tally *n)
{
	size_t unknown = n->status[DIAG_TARGET_UNKNOWN];

	if (unknown == 0)
		return "could not tell: some checks could not run";
	return page_text(p, "could not tell for %zu of %zu names", unknown,
			 n->targets);
}

static const char *healthy_sentence(struct page *p, const struct diag_tally *n)
{
	if (n->targets == 0)
		return "there was nothing to check";
	if (n->privates == 0)
		return page_text(
		    p, "%s reached as it should be",
		    page_plural(n->targets, "the name is", "every name is"));
	if (n->privates == 1)
		return "the name reaches its private endpoint";
	return page_text(p, "all %zu names reach their private endpoint",
			 n->privates);
}

const char *page_sentence(struct page *p)
{
	struct diag_tally n = diag_report_tally(p->in->v);
	size_t warnings = n.severity[DIAG_WARNING];

	switch (p->in->v->outcome) {
	case DIAG_FAILED:
		return failed_sentence(p, &n);
	case DIAG_UNKNOWN:
		return unknown_sentence(p, &n);
	case DIAG_DEGRADED:
		return page_text(p, "every name works, with %zu %s", warnings,
				 page_plural(warnings, "warning", "warnings"));
	default:
		return healthy_sentence(p, &n);
	}
}

/* --- the line ------------------------------------------------------------- */

const char *page_subject(struct page *p)
{
	const struct diag_case *c = p->in->c;
	const char *name = page_clean(p, diag_report_name(c));
	const char *region = "";

	if (c->inventory != NULL && c->inventory->region[0] != '\0')
		region =
		    page_text(p, " (%s)", page_clean(p, c->inventory->region));
	if (name[0] == '\0')
		name = region[0] != '\0' ? "workspace" : "this machine";
	name = page_fit(p, name, p->width / 2);
	if (c->n_origins > 1)
		return page_text(p, "%s%s, %s, %zu cases", name, region,
				 diag_role_key(c->role), c->n_origins);
	return page_text(p, "%s%s, %s", name, region, diag_role_key(c->role));
}

static void put_verdict(struct page *p)
{
	enum diag_outcome outcome = p->in->v->outcome;

	page_put(p, verdicts[outcome].color, verdicts[outcome].word);
	if (!diag_report_complete(p->in->c))
		page_put(p, PAGE_PLAIN, " (incomplete run)");
}

static size_t verdict_width(const struct page *p)
{
	size_t n = strlen(verdicts[p->in->v->outcome].word);

	return diag_report_complete(p->in->c) ? n
					      : n + strlen(" (incomplete run)");
}

static void origins(struct page *p)
{
	const struct diag_case *c = p->in->c;

	for (size_t i = 0; c->n_origins > 1 && i < c->n_origins; i++) {
		const struct diag_origin *o = &c->origins[i];
		char started[DIAG_TIME_TEXT];
		const char *name = page_clean(p, o->name);

		page_pad(p, 2);
		page_paragraph(p, 4,
			       page_text(p, "%s: %s, %s, %s%s",
					 name[0] != '\0' ? name : "this run",
					 page_clean(p, o->host),
					 diag_time_text(o->started_s, started),
					 page_ms(p, o->took_ms),
					 o->complete ? "" : ", incomplete"));
	}
}

static void put_line(struct page *p, const char *s)
{
	page_pad(p, 2);
	page_paragraph(p, 2, s);
}

/* Everything on one line if it fits; else the sentence has its own; and on a
 * very narrow page the verdict stands alone before both. */
void page_head(struct page *p)
{
	const char *subject = page_subject(p);
	const char *says = page_sentence(p);
	const char *took =
	    page_text(p, "%.2f s", diag_report_took_ms(p->in->c) / 1000);
	size_t shortest = verdict_width(p) + GAP + strlen(took);
	size_t two = diag_text_width(subject) + GAP + shortest;
	size_t one = two + GAP + diag_text_width(says);
	bool quiet = p->in->verbose < 0;

	if (two <= p->width || quiet) {
		page_put(p, PAGE_BOLD, subject);
		page_pad(p, GAP);
	}
	put_verdict(p);
	page_pad(p, GAP);
	if (one <= p->width || quiet) {
		page_put(p, PAGE_PLAIN, says);
		page_pad(p, GAP);
	}
	page_put(p, PAGE_DIM, took);
	page_end_line(p);
	if (quiet)
		return;
	if (two > p->width)
		put_line(p, subject);
	if (one > p->width)
		put_line(p, says);
	origins(p);
}
