/* SPDX-License-Identifier: MIT */
/* html_matrix.c - names down, views across: who says what about whom.
 *
 * A cell says whether an answer is the expected one, and blames nobody: a name
 * server that the system never asks for a name may well not know it.
 */
#include <string.h>

#include "report/common.h"
#include "report/html.h"

struct column {
	const struct diag_origin *origin;
	const char *view;
};

struct matrix {
	struct column columns[HTML_VIEWS];
	size_t n;
	size_t left_out; /* views */
};

static void add_columns(struct matrix *m, const struct diag_origin *o)
{
	for (size_t i = 0; i < o->n_views; i++) {
		if (m->n < HTML_VIEWS)
			m->columns[m->n++] =
			    (struct column){ o, o->views[i].text };
		else
			m->left_out++;
	}
}

/* --- cells ---------------------------------------------------------------- */

static bool is_of_view(const struct diag_fact *f, const char *view)
{
	if (f->kind == DIAG_FACT_SYSTEM_DNS)
		return strcmp(view, "system") == 0;
	return f->kind == DIAG_FACT_DNS && f->dns.type != DIAG_RR_SOA &&
	       strcmp(f->dns.view, view) == 0 &&
	       (f->target == NULL || strcmp(f->dns.name, f->target) == 0);
}

/* Rather an answer than none, rather A than AAAA; the last of several. */
static unsigned weight(const struct diag_fact *f)
{
	return (f->status == DIAG_ST_ANSWER ? 2U : 0U) +
	       (f->kind != DIAG_FACT_DNS || f->dns.type == DIAG_RR_A ? 1U : 0U);
}

static const struct diag_fact *fact_of(struct html *h, struct html_slice s,
				       const struct column *c)
{
	const struct diag_fact *best = NULL;

	for (size_t i = 0; i < s.n; i++)
		if (is_of_view(s.facts[i], c->view) &&
		    html_is_from(h, s.facts[i], c->origin) &&
		    (best == NULL || weight(s.facts[i]) >= weight(best)))
			best = s.facts[i];
	return best;
}

static void put_addresses(struct html *h, const struct diag_target *t,
			  const struct diag_addr *a, size_t n)
{
	char text[DIAG_ADDR_TEXT];
	const char *word;
	bool good = n > 0;

	for (size_t i = 0; i < n; i++)
		good = good && table_expects(&h->in, t, &a[i]);
	html_raw(h, good ? "<td class=\"ok\">\xe2\x9c\x93\xc2\xa0"
			 : "<td class=\"off\">\xe2\x89\xa0\xc2\xa0");
	if (n == 0) {
		html_raw(h, "no address");
		return;
	}
	html_text(h, diag_addr_text(&a[0], text));
	word = table_scope_word(&h->in, t, &a[0]);
	if (word[0] != '\0')
		html_fmt(h, " %s", word);
	if (n > 1)
		html_fmt(h, " +%zu", n - 1);
}

static void put_cell(struct html *h, const struct diag_target_verdict *t,
		     const struct diag_fact *f)
{
	if (f == NULL || f->status == DIAG_ST_NOT_RUN) {
		html_raw(h, f == NULL ? "<td>\xe2\x80\x93</td>"
				      : "<td>not run</td>");
		return;
	}
	if (f->status != DIAG_ST_ANSWER) {
		html_fmt(h, "<td class=\"%s\">%s%s",
			 diag_report_is_unused(t) ? "" : "off",
			 diag_report_is_unused(t) ? "" : "\xe2\x89\xa0\xc2\xa0",
			 diag_status_key(f->status));
	} else if (f->kind == DIAG_FACT_DNS) {
		put_addresses(h, t->target, f->dns.addresses,
			      f->dns.n_addresses);
	} else {
		put_addresses(h, t->target, f->system_dns.addresses,
			      f->system_dns.n_addresses);
	}
	if (html_is_shown(h, f->id)) {
		html_raw(h, " ");
		html_fact_link(h, f->id);
	}
	html_raw(h, "</td>");
}

/* --- rows ----------------------------------------------------------------- */

static void put_codes(struct html *h, const struct diag_target_verdict *t)
{
	size_t shown = t->n_findings < HTML_BACK ? t->n_findings : HTML_BACK;

	html_raw(h, "<td>");
	for (size_t i = 0; i < shown; i++) {
		html_raw(h, i > 0 ? "<br>" : "");
		html_finding_link(h, t->findings[i]);
	}
	if (shown < t->n_findings)
		html_fmt(h, "<br>and %zu more", t->n_findings - shown);
	html_raw(h, "</td>");
}

static void put_port(struct html *h, const struct table_row *r)
{
	html_fmt(h, "<td%s>", r->port_good ? "" : " class=\"off\"");
	html_text(h, r->port);
	if (r->others[0] != '\0') {
		html_raw(h, "<br>");
		html_text(h, r->others);
	}
	html_raw(h, "</td>");
}

static void put_row(struct html *h, const struct matrix *m, size_t i)
{
	const struct diag_target_verdict *t = &h->in.v->targets[i];
	const struct table_row *r = &h->table.rows[i];
	const char *name = html_target(h, t->target);
	struct html_slice facts = html_facts_of(h, name);

	html_raw(h, "<tr><th scope=\"row\">");
	html_status(h, r->status);
	html_code(h, name);
	html_fmt(h, "<small>%s</small></th><td>", r->service);
	html_text(h, r->expected);
	html_raw(h, "</td>");
	for (size_t k = 0; k < m->n; k++)
		put_cell(h, t, fact_of(h, facts, &m->columns[k]));
	put_port(h, r);
	put_codes(h, t);
	html_raw(h, "</tr>\n");
}

static void put_column_title(struct html *h, const struct column *c)
{
	html_raw(h, "<th scope=\"col\"><bdi>");
	html_text(h, c->view);
	html_raw(h, "</bdi>");
	if (h->in.c->n_origins > 1) {
		html_raw(h, "<small><bdi>");
		html_text(h, c->origin->name);
		html_raw(h, "</bdi></small>");
	}
	html_raw(h, "</th>");
}

static void put_table(struct html *h, const struct matrix *m, size_t from,
		      size_t to)
{
	html_fmt(h,
		 "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		 "aria-label=\"Names %zu to %zu\">\n"
		 "<table class=\"matrix\">\n<thead><tr>"
		 "<th scope=\"col\">Name</th><th scope=\"col\">Expected</th>",
		 from + 1, to);
	for (size_t i = 0; i < m->n; i++)
		put_column_title(h, &m->columns[i]);
	html_fmt(h,
		 "<th scope=\"col\">%s</th><th scope=\"col\">Findings</th></tr>"
		 "</thead>\n<tbody>\n",
		 h->table.only_443 ? "Port 443" : "Port");
	for (size_t i = from; i < to; i++)
		put_row(h, m, h->order[i]);
	html_raw(h, "</tbody>\n</table>\n</div>\n");
}

void html_matrix(struct html *h)
{
	size_t shown = h->table.n < HTML_ROWS ? h->table.n : HTML_ROWS;
	size_t open = shown < HTML_ROWS_OPEN ? shown : HTML_ROWS_OPEN;
	struct matrix m = { .n = 0 };

	for (size_t i = 0; i < h->in.c->n_origins; i++)
		add_columns(&m, &h->in.c->origins[i]);
	html_raw(h, "<p>What each view answers: \xe2\x9c\x93 as expected, "
		    "\xe2\x89\xa0 not as expected, \xe2\x80\x93 not "
		    "asked.</p>\n");
	put_table(h, &m, 0, open);
	if (shown > open) {
		html_fold(h);
		html_fmt(h, "%zu more %s", shown - open,
			 page_plural(shown - open, "name", "names"));
		html_fold_body(h);
		put_table(h, &m, open, shown);
		html_fold_end(h);
	}
	html_left_out(h, h->table.n - shown, "name is", "names are");
	html_left_out(h, m.left_out, "view is", "views are");
}
