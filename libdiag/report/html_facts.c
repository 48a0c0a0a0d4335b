/* SPDX-License-Identifier: MIT */
/* html_facts.c - what everything above stands on: a row for each fact, and for
 * the first of them the whole record. */
#include "fact/json.h"
#include "report/common.h"
#include "report/html.h"

#define RECORD_BYTES ((size_t)1 << 20)

static size_t first_ref(const struct html *h, uint32_t fact)
{
	size_t from = 0;
	size_t to = h->n_refs;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (h->refs[middle].fact < fact)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static void put_back_links(struct html *h, uint32_t fact)
{
	size_t shown = 0;

	html_raw(h, "<td>");
	for (size_t i = first_ref(h, fact); i < h->n_refs; i++) {
		if (h->refs[i].fact != fact || shown == HTML_BACK)
			break;
		html_fmt(h, "%s<a href=\"#f%u\">f%u</a>", shown > 0 ? " " : "",
			 h->refs[i].finding, h->refs[i].finding);
		shown++;
	}
	html_raw(h, "</td>");
}

static void put_record(struct html *h, const struct diag_fact *f)
{
	struct diag_buf text;
	struct diag_jw w;

	diag_buf_init(&text, RECORD_BYTES);
	diag_jw_init(&w, &text, 0);
	diag_fact_print(f, &w);
	html_fold(h);
	html_raw(h, "as recorded");
	html_fold_body(h);
	html_raw(h, "<pre><code>");
	html_text(h, diag_buf_str(&text));
	html_raw(h, "</code></pre>");
	html_fold_end(h);
	h->page.no_memory = h->page.no_memory || text.code == DIAG_ENOMEM;
	diag_buf_clear(&text);
}

static void put_fact(struct html *h, const struct diag_fact *f, bool whole)
{
	html_fmt(h,
		 "<tr id=\"fact-%u\"><th scope=\"row\">#%u</th><td>%s</td>"
		 "<td>%s</td><td class=\"num\">",
		 f->id, f->id, diag_fact_kind_key(f->kind),
		 diag_status_key(f->status));
	html_text(h, page_ms(&h->page, f->took_ms));
	html_raw(h, "</td><td>");
	html_text(h, page_fact_about(&h->page, f));
	if (f->error != NULL) {
		html_raw(h, ": ");
		html_text(h, f->error);
	}
	if (whole)
		put_record(h, f);
	html_raw(h, "</td>");
	put_back_links(h, f->id);
	html_raw(h, "</tr>\n");
}

static void put_header(struct html *h)
{
	html_raw(h, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		    "aria-label=\"Facts\">\n<table class=\"facts\">\n"
		    "<thead><tr><th scope=\"col\">Fact</th>"
		    "<th scope=\"col\">Kind</th><th scope=\"col\">Outcome</th>"
		    "<th scope=\"col\" class=\"num\">Took</th>"
		    "<th scope=\"col\">About</th><th scope=\"col\">Findings"
		    "</th></tr></thead>\n<tbody>\n");
}

void html_facts(struct html *h)
{
	const struct diag_store *s = &h->in.c->facts;
	size_t shown = 0;

	html_raw(h, "<p>One question to one peer and its outcome is one "
		    "fact. Nothing above was judged on anything else.</p>\n");
	html_fold(h);
	html_fmt(h, "%zu %s", h->n_shown,
		 page_plural(h->n_shown, "fact", "facts"));
	html_fold_body(h);
	put_header(h);
	for (size_t i = 0; i < s->n; i++)
		if (html_is_shown(h, s->facts[i]->id))
			put_fact(h, s->facts[i], shown++ < HTML_FACTS_RAW);
	html_raw(h, "</tbody>\n</table>\n</div>\n");
	html_left_out(h, s->n - shown, "fact is", "facts are");
	html_fold_end(h);
}
