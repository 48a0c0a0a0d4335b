/* SPDX-License-Identifier: MIT */
/* compare_text.c - a comparison for people: the difference that matters with
 * its proof from both sides, what it makes and what repairs that, then what
 * else differs and explains nothing. */
#include "bundle/compare.h"

#include "report/common.h"
#include "report/page.h"

#include <string.h>

#define NAMES_MAX 3 /* of those that only one has */
#define HALF	  9 /* where the words of one side begin */
#define NUMBER	  8 /* columns for "#123", and a gap */

static const struct {
	const char *word;
	enum page_color color;
} outcomes[] = {
	[DIAG_COMPARE_FOUND] = { "DIFFERENT", PAGE_RED },
	[DIAG_COMPARE_NONE] = { "NO DIFFERENCE", PAGE_GREEN },
	[DIAG_COMPARE_UNKNOWN] = { "COULD NOT TELL", PAGE_CYAN },
};

static const char *sentence(struct page *p, const struct diag_comparison *c)
{
	if (c->first != NULL)
		return page_clean(p, c->first->title);
	return c->n_notes > 0 ? page_clean(p, c->notes[0]) : "";
}

static void put_head(struct page *p, const struct diag_comparison *c)
{
	const char *name = page_clean(p, diag_report_name(c->bad.c));

	page_put(p, PAGE_BOLD, name);
	page_pad(p, name[0] != '\0' ? 3 : 0);
	page_put(p, outcomes[c->outcome].color, outcomes[c->outcome].word);
	if (c->first != NULL) {
		page_pad(p, 3);
		page_put(p, PAGE_BOLD, c->first->code);
	}
	page_end_line(p);
	page_pad(p, 2);
	page_paragraph(p, 2, sentence(p, c));
	page_end_line(p);
}

/* "jumpbox.case (lab-jumpbox, jumpbox): healthy" */
static void put_side(struct page *p, const char *label,
		     const struct diag_compare_side *s)
{
	page_label(p, label);
	page_paragraph(p, HALF,
		       page_text(p, "%s (%s, %s): %s", page_clean(p, s->name),
				 page_clean(p, s->c->origins[0].host),
				 diag_role_key(s->c->role),
				 diag_outcome_key(s->v->outcome)));
}

/* The fact it stands on is told at the right edge. */
static void put_half(struct page *p, const char *text, uint32_t fact)
{
	const char *number = page_text(p, "#%u", fact);
	size_t right = p->width - NUMBER;
	size_t column;

	page_pad(p, HALF);
	column = page_words(p, HALF, right, page_clean(p, text));
	if (fact != 0) {
		page_pad(p, right - column + NUMBER - strlen(number));
		page_put(p, PAGE_DIM, number);
	}
	page_end_line(p);
}

static const char *names(struct page *p, const char *const *list, size_t n,
			 size_t most)
{
	const char *all = "";

	for (size_t i = 0; i < n && i < most; i++)
		all = page_text(
		    p, "%s%s%s", all, i > 0 ? ", " : "",
		    page_fit(p, page_clean(p, list[i]), p->width - HALF - 16));
	return n > most ? page_text(p, "%s and %zu more", all, n - most) : all;
}

static void put_first(struct page *p, const struct diag_comparison *c)
{
	const struct diag_difference *d = c->first;

	put_side(p, "There", &c->good);
	if (d != NULL)
		put_half(p, d->there, d->good);
	put_side(p, "Here", &c->bad);
	if (d == NULL)
		return;
	put_half(p, d->here, d->bad);
	if (d->n_targets > 0) {
		page_label(p, "Names");
		page_paragraph(p, HALF, names(p, d->targets, d->n_targets, 1));
	}
	page_label(p, "Makes");
	page_paragraph(
	    p, HALF,
	    page_text(p, "%s: %s", d->explains->finding->info->code,
		      page_clean(p, d->explains->finding->info->title)));
}

static void put_other(struct page *p, const struct diag_difference *d,
		      size_t alike)
{
	page_pad(p, 2);
	page_put(p, PAGE_PLAIN, d->code);
	page_pad(p, 2);
	if (d->n_targets > 0)
		page_put(p, PAGE_DIM, names(p, d->targets, d->n_targets, 1));
	page_end_line(p);
	page_label(p, " there");
	page_paragraph(p, HALF, page_clean(p, d->there));
	page_label(p, " here");
	page_paragraph(p, HALF, page_clean(p, d->here));
	if (d->explains != NULL) {
		page_label(p, " makes");
		page_paragraph(p, HALF, d->explains->finding->info->code);
	}
	if (alike > 0) {
		page_pad(p, HALF);
		page_put(p, PAGE_DIM,
			 page_text(p, "and %zu more of this kind", alike));
		page_end_line(p);
	}
}

/* All but the first; of one kind one, unless -v. */
static void put_others(struct page *p, const struct diag_comparison *c)
{
	bool any = false;

	for (size_t i = 0; i < c->n_differences; i++) {
		const struct diag_difference *d = &c->differences[i];
		size_t next = i + 1;

		if (d == c->first)
			continue;
		if (!any) {
			page_end_line(p);
			page_put(p, PAGE_BOLD, "What else differs");
			page_end_line(p);
		}
		any = true;
		while (p->in->verbose == 0 && next < c->n_differences &&
		       &c->differences[next] != c->first &&
		       strcmp(c->differences[next].code, d->code) == 0)
			next++;
		put_other(p, d, next - i - 1);
		i = next - 1;
	}
}

static void put_rest(struct page *p, const struct diag_comparison *c)
{
	size_t first = c->first == NULL ? 1 : 0; /* the sentence said it */

	if (c->n_only_good + c->n_only_bad > 0 || c->n_notes > first)
		page_end_line(p);
	if (c->n_only_good > 0) {
		page_put(p, PAGE_PLAIN, "Only there: ");
		page_paragraph(
		    p, 12, names(p, c->only_good, c->n_only_good, NAMES_MAX));
	}
	if (c->n_only_bad > 0) {
		page_put(p, PAGE_PLAIN, "Only here: ");
		page_paragraph(p, 11,
			       names(p, c->only_bad, c->n_only_bad, NAMES_MAX));
	}
	for (size_t i = first; i < c->n_notes; i++) {
		page_put(p, PAGE_PLAIN, "Note: ");
		page_paragraph(p, 6, page_clean(p, c->notes[i]));
	}
}

/* The cause that the difference makes, with its proof and repair, as a report
 * tells it. */
static bool put_cause(const struct diag_comparison *c,
		      const struct diag_report_in *in, struct diag_buf *out,
		      struct diag_err *err)
{
	struct diag_verdict only = *c->bad.v;
	struct diag_report_in part = *in;

	if (c->first == NULL)
		return true;
	only.causes = c->first->explains;
	only.n_causes = 1;
	only.n_findings = 0;
	part.c = c->bad.c;
	part.v = &only;
	return diag_render_causes(&part, out, err);
}

bool diag_compare_text(const struct diag_comparison *c,
		       const struct diag_report_in *in, struct diag_buf *out,
		       struct diag_err *err)
{
	struct diag_report_in here = *in;
	struct page p;
	bool ok;

	here.c = c->bad.c;
	here.v = c->bad.v;
	page_init(&p, &here, out);
	put_head(&p, c);
	put_first(&p, c);
	if (!page_end(&p, err))
		return false;
	if (in->verbose < 0)
		return true;
	ok = put_cause(c, in, out, err);
	page_init(&p, &here, out);
	put_others(&p, c);
	put_rest(&p, c);
	return page_end(&p, err) && ok;
}
