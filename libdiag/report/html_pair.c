/* SPDX-License-Identifier: MIT */
/* html_pair.c - there and here: the difference that matters with both
 * sides beside each other, then all others as a table. */
#include "report/html.h"
#include "report/pair.h"

#define OTHERS 100 /* rows; the rest is counted */

static void put_side(struct html *h, const char *title, const char *name,
		     const struct diag_case *c, const struct diag_verdict *v)
{
	html_fmt(h, "<div class=\"side %s\">\n<h3>%s</h3>\n<p>",
		 v->outcome == DIAG_HEALTHY  ? "ok"
		 : v->outcome == DIAG_FAILED ? "fail"
					     : "warn",
		 title);
	html_code(h, name);
	html_raw(h, "<br><bdi>");
	html_text(h, c->origins[0].host);
	html_fmt(h, "</bdi>, %s: %s</p>\n", diag_role_key(c->role),
		 diag_outcome_key(v->outcome));
}

static void put_seen(struct html *h, const char *text)
{
	html_raw(h, "<p class=\"detail\">");
	html_text(h, text);
}

static void put_sides(struct html *h, const struct diag_report_pair *p)
{
	const struct diag_difference *d = p->first;

	html_raw(h, "<div class=\"sides\">\n");
	put_side(h, "There", p->good_name, p->good_case, p->good_verdict);
	if (d != NULL) {
		put_seen(h, d->there);
		html_raw(h, "</p>\n");
	}
	html_raw(h, "</div>\n");
	put_side(h, "Here", p->bad_name, h->in.c, h->in.v);
	if (d != NULL) {
		put_seen(h, d->here);
		html_raw(h, " ");
		html_fact_link(h, d->bad);
		html_raw(h, "</p>\n");
	}
	html_raw(h, "</div>\n</div>\n");
}

static void put_first(struct html *h, const struct diag_report_pair *p)
{
	const struct diag_difference *d = p->first;

	if (d == NULL) {
		html_raw(h, "<h3>No difference that matters was found</h3>\n");
		put_sides(h, p);
		return;
	}
	html_raw(h, "<h3>");
	html_text(h, d->title);
	html_raw(h, " <span class=\"code fail\">");
	html_text(h, d->code);
	html_raw(h, "</span></h3>\n");
	put_sides(h, p);
	html_names(h, d->targets, d->n_targets, 1);
	html_raw(h, "<p>It makes ");
	html_finding_link(h, d->explains->finding);
	html_raw(h, ".</p>\n");
}

static void put_row(struct html *h, const struct diag_difference *d)
{
	html_raw(h, "<tr><th scope=\"row\">");
	html_code(h, d->code);
	if (d->n_targets > 0) {
		html_raw(h, "<small>");
		html_name(h, d->targets[0]);
		if (d->n_targets > 1)
			html_fmt(h, " and %zu more", d->n_targets - 1);
		html_raw(h, "</small>");
	}
	html_raw(h, "</th><td>");
	html_text(h, d->there);
	html_raw(h, "</td><td>");
	html_text(h, d->here);
	html_raw(h, " ");
	html_fact_link(h, d->bad);
	html_raw(h, "</td><td>");
	if (d->explains != NULL)
		html_finding_link(h, d->explains->finding);
	html_raw(h, "</td></tr>\n");
}

static void put_others(struct html *h, const struct diag_report_pair *p)
{
	static const char *const heads[] = { "What", "There", "Here", "Makes" };
	size_t n = p->n_differences - (p->first != NULL ? 1 : 0);
	size_t shown = 0;

	if (n == 0)
		return;
	html_raw(h, "<h4>What else differs</h4>\n<div class=\"scroll\" "
		    "tabindex=\"0\" role=\"region\" aria-label=\"What else "
		    "differs\">\n<table class=\"others\">\n<thead><tr>");
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		html_fmt(h, "<th scope=\"col\">%s</th>", heads[i]);
	html_raw(h, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < p->n_differences && shown < OTHERS; i++) {
		if (&p->differences[i] == p->first)
			continue;
		put_row(h, &p->differences[i]);
		shown++;
	}
	html_raw(h, "</tbody>\n</table>\n</div>\n");
	html_left_out(h, n - shown, "difference is", "differences are");
}

void html_pair(struct html *h)
{
	const struct diag_report_pair *p = h->in.pair;

	put_first(h, p);
	put_others(h, p);
	if (p->n_notes == 0)
		return;
	html_raw(h, "<ul>\n");
	for (size_t i = 0; i < p->n_notes; i++) {
		html_raw(h, "<li>");
		html_text(h, p->notes[i]);
		html_raw(h, "</li>\n");
	}
	html_raw(h, "</ul>\n");
}
