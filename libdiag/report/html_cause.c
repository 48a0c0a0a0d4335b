/* SPDX-License-Identifier: MIT */
/* html_cause.c - causes with what repairs them and what proves them: the first
 * in full, the others folded. */
#include <string.h>

#include "report/html.h"

#define NAMES_OPEN 3

void html_proof(struct html *h, const struct diag_finding *f, size_t max)
{
	size_t shown = 0;
	size_t more = 0;

	for (size_t i = 0; i < f->n_proof; i++) {
		if (page_proof_repeats(f, i))
			continue;
		if (shown == max) {
			more++;
			continue;
		}
		html_raw(h, shown == 0 ? "<ul class=\"proof\">\n<li>" : "<li>");
		html_name(h, f->proof[i].text);
		html_raw(h, " ");
		html_fact_link(h, f->proof[i].fact);
		html_raw(h, "</li>\n");
		shown++;
	}
	if (shown > 0)
		html_raw(h, "</ul>\n");
	html_left_out(h, more, "line of proof is", "lines of proof are");
}

static void put_explained(struct html *h, const struct diag_cause *c)
{
	size_t shown = c->n_explains < HTML_BACK ? c->n_explains : HTML_BACK;

	if (shown == 0)
		return;
	html_raw(h, "<h4>What follows from it</h4>\n<ul>\n");
	for (size_t i = 0; i < shown; i++) {
		const struct diag_finding *f = c->explains[i];

		html_raw(h, "<li>");
		html_finding_link(h, f);
		if (f->n_targets > 0)
			html_fmt(h, " (%zu %s)", f->n_targets,
				 page_plural(f->n_targets, "name", "names"));
		html_raw(h, "</li>\n");
	}
	html_raw(h, "</ul>\n");
	html_left_out(h, c->n_explains - shown, "finding is", "findings are");
}

static void put_body(struct html *h, const struct diag_cause *c)
{
	html_raw(h, "<p class=\"detail\">");
	html_text(h, page_detail(&h->page, c->finding));
	html_raw(h, "</p>\n");
	html_names(h, c->finding->targets, c->finding->n_targets, NAMES_OPEN);
	html_fixes(h, c);
	if (c->finding->n_proof > 0)
		html_raw(h, "<h4>How we know</h4>\n");
	html_proof(h, c->finding, HTML_EVIDENCE);
	put_explained(h, c);
}

static void put_title(struct html *h, const struct diag_cause *c)
{
	html_raw(h, "<h3>");
	html_text(h, c->finding->info->title);
	html_fmt(h, " <span class=\"code %s\">",
		 html_severity_class(c->finding->severity));
	html_finding_link(h, c->finding);
	html_raw(h, "</span></h3>\n");
}

static void put_folded(struct html *h, const struct diag_cause *c, size_t i)
{
	html_fold(h);
	html_fmt(h, "Cause %zu of %zu: ", i + 1, h->in.v->n_causes);
	html_text(h, c->finding->info->title);
	html_raw(h, " (");
	html_text(h, c->finding->info->code);
	html_raw(h, ")");
	html_fold_body(h);
	html_raw(h, "<div class=\"inside\">\n");
	put_title(h, c);
	put_body(h, c);
	html_raw(h, "</div>\n");
	html_fold_end(h);
}

void html_causes(struct html *h)
{
	const struct diag_verdict *v = h->in.v;
	size_t shown = v->n_causes < HTML_CAUSES ? v->n_causes : HTML_CAUSES;

	if (v->n_causes > 1)
		html_fmt(h,
			 "<p>%zu causes were found. This one is the likeliest; "
			 "the others are below it.</p>\n",
			 v->n_causes);
	put_title(h, &v->causes[0]);
	put_body(h, &v->causes[0]);
	for (size_t i = 1; i < shown; i++)
		put_folded(h, &v->causes[i], i);
	html_left_out(h, v->n_causes - shown, "cause is", "causes are");
}
