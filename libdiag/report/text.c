/* SPDX-License-Identifier: MIT */
/* text.c - the report for people: the verdict first, then why and what to do,
 * then the names, then what we left out. */
#include <stdio.h>
#include <string.h>

#include "report/page.h"
#include "report/renderers.h"

static void more(struct page *p)
{
	const struct diag_verdict *v = p->in->v;

	if (v->n_causes == 0)
		return;
	page_end_line(p);
	page_put(p, PAGE_DIM,
		 page_text(p, "More: %s --explain %s",
			   page_clean(p, p->in->tool),
			   page_clean(p, v->causes[0].finding->info->code)));
	page_end_line(p);
}

static void hints(struct page *p)
{
	const struct diag_verdict *v = p->in->v;

	if (v->n_hints == 0)
		return;
	page_end_line(p);
	page_put(p, PAGE_PLAIN, "What only a browser can still block:");
	page_end_line(p);
	for (size_t i = 0; i < v->n_hints; i++) {
		page_put(p, PAGE_PLAIN, "  - ");
		page_paragraph(p, 4, page_clean(p, v->hints[i]));
	}
}

bool diag_render_causes(const struct diag_report_in *in, struct diag_buf *out,
			struct diag_err *err)
{
	struct page p;

	page_init(&p, in, out);
	page_causes(&p);
	page_findings(&p);
	more(&p);
	return page_end(&p, err);
}

bool diag_render_text(const struct diag_report_in *in, struct diag_buf *out,
		      struct diag_err *err)
{
	struct page p;

	page_init(&p, in, out);
	page_head(&p);
	page_put_before(&p);
	if (in->verbose >= 0) {
		page_causes(&p);
		page_findings(&p);
		page_table(&p);
		page_notes(&p);
		hints(&p);
		if (in->verbose > 1)
			page_facts(&p);
		more(&p);
	}
	return page_end(&p, err);
}
