/* SPDX-License-Identifier: MIT */
/* text_cause.c - each cause with its proof; then, briefly, the other
 * findings. */
#include <string.h>

#include "base/text.h"
#include "report/common.h"
#include "report/page.h"

#define PROOF_SHOWN	3 /* more with -v */
#define EXPLAINED_SHOWN 12
#define NAMES_SHOWN	3

static const char *const arrow = " \xe2\x86\x92 ";

/* --- proof ---------------------------------------------------------------- */

static void put_fact_id(struct page *p, size_t column, uint32_t fact)
{
	const char *id = page_text(p, "#%u", fact);
	size_t n = strlen(id);

	if (fact == 0)
		return;
	page_pad(p, column + n < p->width ? p->width - column - n : 1);
	page_put(p, PAGE_DIM, id);
}

/* "a -> b -> c" on one line if it fits, else a line for each step. */
static size_t put_steps(struct page *p, const char *text, size_t right)
{
	const char *sep = page_clean(p, arrow);
	size_t column = PAGE_MARGIN;
	bool first = true;

	/* Without memory there is no arrow either. */
	if (PAGE_MARGIN + diag_text_width(text) <= right || sep[0] == '\0')
		return page_words(p, PAGE_MARGIN, right, text);
	while (text != NULL) {
		const char *next = strstr(text, sep);
		size_t n = next != NULL ? (size_t)(next - text) : strlen(text);
		size_t left = first ? PAGE_MARGIN : PAGE_MARGIN + 2;

		if (!first) {
			page_end_line(p);
			page_pad(p, left);
			page_put(p, PAGE_DIM, sep + 1);
			left += diag_text_width(sep + 1);
		}
		column = page_words(p, left, right,
				    page_text(p, "%.*s", (int)n, text));
		text = next != NULL ? next + strlen(sep) : NULL;
		first = false;
	}
	return column;
}

/* Names that share an address share what was found out about it. */
bool page_proof_repeats(const struct diag_finding *f, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (f->proof[k].fact == f->proof[i].fact &&
		    strcmp(f->proof[k].text, f->proof[i].text) == 0)
			return true;
	return false;
}

static void put_proof_line(struct page *p, const struct diag_finding *f,
			   size_t i)
{
	size_t id = f->proof[i].fact != 0 ? 8 : 0;
	size_t column;

	page_label(p, i == 0 ? "Proof" : "");
	column = put_steps(p, page_clean(p, f->proof[i].text), p->width - id);
	put_fact_id(p, column, f->proof[i].fact);
	page_end_line(p);
}

static void put_proof(struct page *p, const struct diag_finding *f)
{
	size_t max = p->in->verbose < 1 ? PROOF_SHOWN : f->n_proof;
	size_t shown = 0, more = 0;

	for (size_t i = 0; i < f->n_proof; i++) {
		if (page_proof_repeats(f, i))
			continue;
		if (shown < max)
			put_proof_line(p, f, i);
		more += shown == max;
		shown += shown < max;
	}
	if (more > 0) {
		page_pad(p, PAGE_MARGIN);
		page_paragraph(
		    p, PAGE_MARGIN,
		    page_text(p, "and %zu more (-v shows them)", more));
	}
}

/* --- causes and findings -------------------------------------------------- */

static const char *names_text(struct page *p, const struct diag_finding *f)
{
	if (f->n_targets == 0)
		return "";
	return page_text(p, " (%zu %s)", f->n_targets,
			 page_plural(f->n_targets, "name", "names"));
}

static void put_explained(struct page *p, const struct diag_cause *c)
{
	const char *list = "";
	size_t shown = c->n_explains;

	if (shown > EXPLAINED_SHOWN)
		shown = EXPLAINED_SHOWN;
	for (size_t i = 0; i < shown; i++)
		list = page_text(p, "%s%s%s%s", list, i > 0 ? ", " : "",
				 page_clean(p, c->explains[i]->info->code),
				 names_text(p, c->explains[i]));
	if (shown < c->n_explains)
		list = page_text(p, "%s and %zu more", list,
				 c->n_explains - shown);
	if (shown == 0)
		return;
	page_label(p, "Hence");
	page_paragraph(p, PAGE_MARGIN, list);
}

const char *page_detail(struct page *p, const struct diag_finding *f)
{
	const char *detail = page_clean(p, f->detail);

	return detail[0] != '\0' ? detail : page_clean(p, f->info->title);
}

/* Of several causes each says which names it is about, unless its own words
 * do. */
static void put_names(struct page *p, const struct diag_finding *f)
{
	const char *list = "";
	size_t shown = f->n_targets;

	if (shown == 1 &&
	    strstr(page_detail(p, f), page_clean(p, f->targets[0])))
		return;
	if (p->in->verbose < 1 && shown > NAMES_SHOWN)
		shown = NAMES_SHOWN;
	for (size_t i = 0; i < shown; i++)
		list = page_text(p, "%s%s%s", list, i > 0 ? ", " : "",
				 page_clean(p, f->targets[i]));
	if (shown < f->n_targets)
		list =
		    page_text(p, "%s and %zu more", list, f->n_targets - shown);
	if (shown == 0)
		return;
	page_label(p, "Names");
	page_paragraph(p, PAGE_MARGIN, list);
}

/* The cause that says the same as this finding, or NULL: one fault can be an
 * error for some names and a warning for others. */
static const struct diag_finding *same_cause(struct page *p,
					     const struct diag_finding *f)
{
	const struct diag_verdict *v = p->in->v;

	for (size_t i = 0; i < v->n_causes; i++) {
		const struct diag_finding *cause = v->causes[i].finding;

		if (cause != f && cause->info == f->info &&
		    strcmp(page_detail(p, cause), page_detail(p, f)) == 0)
			return cause;
	}
	return NULL;
}

const char *page_told(struct page *p, const struct diag_finding *f)
{
	const struct diag_finding *cause = same_cause(p, f);

	if (cause == NULL || diag_report_is_cause(p->in->v, f))
		return page_detail(p, f);
	return f->severity < cause->severity ? "As under the cause above; for "
					       "these names it is less grave."
					     : "As under the cause above.";
}

static void put_title(struct page *p, const struct diag_finding *f,
		      const char *label)
{
	static const enum page_color colors[] = { [DIAG_INFO] = PAGE_CYAN,
						  [DIAG_WARNING] = PAGE_YELLOW,
						  [DIAG_ERROR] = PAGE_RED };

	page_put(p, PAGE_BOLD, label);
	page_pad(p, 2);
	page_put(p, colors[f->severity], page_clean(p, f->info->code));
	page_put(p, PAGE_PLAIN, names_text(p, f));
	page_end_line(p);
	page_pad(p, 2);
	page_paragraph(p, 2, page_told(p, f));
}

void page_causes(struct page *p)
{
	const struct diag_verdict *v = p->in->v;

	for (size_t i = 0; i < v->n_causes; i++) {
		const struct diag_cause *c = &v->causes[i];
		const char *label = "Cause";

		if (v->n_causes > 1)
			label = page_text(p, "Cause %zu of %zu", i + 1,
					  v->n_causes);
		page_end_line(p);
		put_title(p, c->finding, label);
		if (v->n_causes > 1 && c->finding->n_targets < v->n_targets)
			put_names(p, c->finding);
		put_proof(p, c->finding);
		put_explained(p, c);
		page_fixes(p, c);
	}
}

static bool is_shown(const struct page *p, const struct diag_finding *f)
{
	if (diag_report_is_cause(p->in->v, f))
		return false;
	if (p->in->verbose > 0)
		return true;
	return f->severity != DIAG_INFO &&
	       !diag_report_is_explained(p->in->v, f);
}

void page_findings(struct page *p)
{
	static const char *const labels[] = { [DIAG_INFO] = "Note",
					      [DIAG_WARNING] = "Warning",
					      [DIAG_ERROR] = "Error" };
	const struct diag_verdict *v = p->in->v;

	for (size_t i = 0; i < v->n_findings; i++) {
		const struct diag_finding *f = &v->findings[i];

		if (!is_shown(p, f))
			continue;
		page_end_line(p);
		put_title(p, f, labels[f->severity]);
		if (p->in->verbose > 0)
			put_proof(p, f);
	}
}

void page_notes(struct page *p)
{
	const struct diag_verdict *v = p->in->v;
	size_t notes = 0;

	for (size_t i = 0; i < v->n_findings; i++)
		notes += v->findings[i].severity == DIAG_INFO &&
			 !is_shown(p, &v->findings[i]) &&
			 !diag_report_is_cause(v, &v->findings[i]);
	if (notes == 0)
		return;
	page_put(p, PAGE_DIM,
		 page_text(p, "%zu %s (-v shows %s)", notes,
			   page_plural(notes, "note", "notes"),
			   page_plural(notes, "it", "them")));
	page_end_line(p);
}
