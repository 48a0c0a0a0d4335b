/* SPDX-License-Identifier: MIT */
/* html.c - the page: its head, its policy, its parts in order. */
#include "report/html.h"

#include <string.h>

#include "base/sha256.h"
#include "html_css.h"
#include "report/common.h"
#include "report/renderers.h"

#define PAGE_COLUMNS 400 /* nothing is cut for lack of room */
#define SAFE_BYTES   ((size_t)16 << 20)

static bool has_pictures(const struct html *h)
{
	return h->in.v->n_targets > 0;
}

static bool has_pair(const struct html *h)
{
	return h->in.pair != NULL;
}

static bool has_causes(const struct html *h)
{
	return h->in.v->n_causes > 0;
}

static bool has_findings(const struct html *h)
{
	return h->in.v->n_findings > 0;
}

static bool has_certificates(const struct html *h)
{
	const struct diag_store *s = &h->in.c->facts;

	for (size_t i = 0; i < s->n; i++)
		if (s->facts[i]->kind == DIAG_FACT_TLS &&
		    s->facts[i]->tls.n_chain > 0)
			return true;
	return false;
}

static bool has_facts(const struct html *h)
{
	return h->in.c->facts.n > 0;
}

/* The head of the page stands before these and is always there. */
static const struct {
	const char *id, *title;
	bool (*is_there)(const struct html *h);
	void (*put)(struct html *h);
} parts[] = {
	{ "difference", "There and here", has_pair, html_pair },
	{ "cause", "Cause and repair", has_causes, html_causes },
	{ "path", "The path", has_pictures, html_pictures },
	{ "names", "Names and views", has_pictures, html_matrix },
	{ "timings", "Timings", has_facts, html_waterfall },
	{ "certificates", "Certificates", has_certificates, html_certificates },
	{ "findings", "Findings", has_findings, html_findings },
	{ "facts", "Facts", has_facts, html_facts },
};
#define N_PARTS (sizeof(parts) / sizeof(parts[0]))

/* The hash of the one style that may be applied. */
static bool put_policy(struct html *h, struct diag_err *err)
{
	char hash[DIAG_SHA256_BASE64];

	if (!diag_sha256_base64(html_css_bytes, html_css_len, hash))
		return diag_fail_nomem(err, "report");
	html_fmt(h,
		 "<meta http-equiv=\"Content-Security-Policy\" "
		 "content=\"default-src 'none'; style-src 'sha256-%s'; "
		 "base-uri 'none'; form-action 'none'\">\n",
		 hash);
	return true;
}

static bool put_document_head(struct html *h, struct diag_err *err)
{
	html_raw(h, "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n"
		    "<meta charset=\"utf-8\">\n");
	if (!put_policy(h, err))
		return false;
	html_raw(h, "<meta name=\"viewport\" "
		    "content=\"width=device-width, initial-scale=1\">\n"
		    "<meta name=\"referrer\" content=\"no-referrer\">\n"
		    "<meta name=\"color-scheme\" content=\"light dark\">\n"
		    "<title>");
	html_text(h, diag_outcome_key(h->in.v->outcome));
	html_raw(h, ": ");
	html_text(h, page_subject(&h->page));
	html_raw(h, " - ");
	html_text(h, h->in.tool);
	html_raw(h, "</title>\n<style>");
	diag_buf_put(h->out, html_css_bytes, html_css_len);
	html_raw(h, "</style>\n</head>\n");
	return true;
}

static void put_links(struct html *h)
{
	html_raw(h, "<nav aria-label=\"Parts of this report\"><ul>\n");
	for (size_t i = 0; i < N_PARTS; i++)
		if (parts[i].is_there(h))
			html_fmt(h, "<li><a href=\"#%s\">%s</a></li>\n",
				 parts[i].id, parts[i].title);
	html_raw(h, "</ul></nav>\n");
}

static void put_parts(struct html *h)
{
	for (size_t i = 0; i < N_PARTS; i++) {
		if (!parts[i].is_there(h))
			continue;
		html_section(h, parts[i].id, parts[i].title);
		parts[i].put(h);
		html_section_end(h);
	}
}

static void put_foot(struct html *h)
{
	html_raw(h, "<footer>\n<p>Made by ");
	html_text(h, h->in.tool);
	html_raw(h, " ");
	html_text(h, h->in.version);
	html_raw(h, ". This page is whole: it loads nothing and runs nothing.");
	if (has_causes(h)) {
		html_raw(h, " More on a finding: <code>");
		html_text(h, h->in.tool);
		html_raw(h, " --explain ");
		html_text(h, h->in.v->causes[0].finding->info->code);
		html_raw(h, "</code>");
	}
	html_raw(h, "</p>\n</footer>\n");
}

static bool put_page(struct html *h, struct diag_err *err)
{
	if (!html_index(h) || !put_document_head(h, err))
		return false;
	html_raw(h, "<body>\n<a class=\"skip\" href=\"#main\">Skip to the "
		    "verdict</a>\n<header class=\"top\">\n<p>");
	html_text(h, h->in.tool);
	html_raw(h, " report</p>\n");
	put_links(h);
	html_raw(h, "</header>\n<main id=\"main\">\n");
	html_head(h);
	put_parts(h);
	html_raw(h, "</main>\n");
	put_foot(h);
	html_raw(h, "</body>\n</html>\n");
	return true;
}

bool diag_render_html(const struct diag_report_in *in, struct diag_buf *out,
		      struct diag_err *err)
{
	struct html h = { .in = *in, .out = out };
	bool ok;

	h.in.width = PAGE_COLUMNS;
	h.in.color = false;
	h.in.ascii = false; /* the page says that it is UTF-8 */
	h.in.verbose = 1;   /* what is folded and left out is our business */
	page_init(&h.page, &h.in, out);
	diag_buf_init(&h.safe, SAFE_BYTES);
	ok = put_page(&h, err);
	diag_buf_clear(&h.safe);
	return page_end(&h.page, err) && ok;
}
