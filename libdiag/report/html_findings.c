/* SPDX-License-Identifier: MIT */
/* html_findings.c - every finding, with the facts it stands on. */
#include "report/common.h"
#include "report/html.h"

#define NAMES_OPEN 3
#define PROOF_OPEN 6

static void put_title(struct html *h, const struct diag_finding *f)
{
	static const char *const words[] = { [DIAG_INFO] = "note",
					     [DIAG_WARNING] = "warning",
					     [DIAG_ERROR] = "error" };

	html_fmt(h, "<h3><span class=\"count %s\">%s</span> <code>",
		 html_severity_class(f->severity), words[f->severity]);
	html_text(h, f->info->code);
	html_raw(h, "</code></h3>\n<p class=\"detail\">");
	html_text(h, page_told(&h->page, f));
	html_raw(h, "</p>\n");
}

static void put_evidence(struct html *h, const struct diag_finding *f)
{
	size_t shown =
	    f->n_evidence < HTML_EVIDENCE ? f->n_evidence : HTML_EVIDENCE;

	if (shown == 0)
		return;
	html_raw(h, "<p>Stands on facts");
	for (size_t i = 0; i < shown; i++) {
		html_raw(h, " ");
		html_fact_link(h, f->evidence[i]);
	}
	if (shown < f->n_evidence)
		html_fmt(h, " and %zu more", f->n_evidence - shown);
	html_raw(h, "</p>\n");
}

static bool explains(const struct diag_cause *c, const struct diag_finding *f)
{
	for (size_t i = 0; i < c->n_explains; i++)
		if (c->explains[i] == f)
			return true;
	return false;
}

static void put_relation(struct html *h, const struct diag_finding *f)
{
	const struct diag_verdict *v = h->in.v;

	if (diag_report_is_cause(v, f)) {
		html_raw(h, "<p>This is a <a href=\"#cause\">cause</a>: what "
			    "repairs it stands there.</p>\n");
		return;
	}
	for (size_t i = 0; i < v->n_causes; i++) {
		if (!explains(&v->causes[i], f))
			continue;
		html_raw(h, "<p>It follows from ");
		html_finding_link(h, v->causes[i].finding);
		html_raw(h, ".</p>\n");
		return;
	}
}

static void put_finding(struct html *h, const struct diag_finding *f)
{
	html_fmt(h, "<article class=\"card\" id=\"f%u\">\n", f->id);
	put_title(h, f);
	put_relation(h, f);
	html_names(h, f->targets, f->n_targets, NAMES_OPEN);
	if (!diag_report_is_cause(h->in.v, f))
		html_proof(h, f, PROOF_OPEN);
	put_evidence(h, f);
	html_raw(h, "</article>\n");
}

void html_findings(struct html *h)
{
	const struct diag_verdict *v = h->in.v;
	size_t shown =
	    v->n_findings < HTML_FINDINGS ? v->n_findings : HTML_FINDINGS;

	for (size_t i = 0; i < shown; i++)
		put_finding(h, &v->findings[i]);
	html_left_out(h, v->n_findings - shown, "finding is", "findings are");
}
