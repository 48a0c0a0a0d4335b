/* SPDX-License-Identifier: MIT */
/* text_before.c - what an older report of the same case said. */
#include "report/before.h"
#include "report/page.h"

#include <string.h>

#define TOLD 8 /* of a list; the rest is counted */

static const char *words(struct page *p, const char *const *list, size_t n,
			 const char *none)
{
	const char *all = n == 0 ? none : "";

	for (size_t i = 0; i < n && i < TOLD; i++)
		all = page_text(p, "%s%s%s", all, i > 0 ? ", " : "",
				page_clean(p, list[i]));
	return n > TOLD ? page_text(p, "%s and %zu more", all, n - TOLD) : all;
}

const char *page_before(struct page *p)
{
	const struct diag_before *b = p->in->before;
	const char *who =
	    page_text(p, "the report inside (%s %s)", page_clean(p, b->tool),
		      page_clean(p, b->version));

	if (b->same)
		return page_text(p, "%s says the same", who);
	return page_text(p, "%s says otherwise: %s, %s", who,
			 page_clean(p, b->verdict),
			 words(p, b->causes, b->n_causes, "no cause"));
}

static void put_target(struct page *p, const struct diag_before_target *t)
{
	page_pad(p, 4);
	page_paragraph(
	    p, 6,
	    page_text(p, "%s was %s, is %s",
		      page_fit(p, page_clean(p, t->fqdn), p->width / 2),
		      t->was != NULL ? page_clean(p, t->was) : "not there",
		      t->is != NULL ? t->is : "not there"));
}

void page_put_before(struct page *p)
{
	const struct diag_before *b = p->in->before;

	if (b == NULL)
		return;
	page_pad(p, 2);
	page_paragraph(p, 2, page_before(p));
	if (b->same || p->in->verbose < 0)
		return;
	if (b->n_came > 0) {
		page_pad(p, 4);
		page_paragraph(p, 6,
			       page_text(p, "found today only: %s",
					 words(p, b->came, b->n_came, "")));
	}
	if (b->n_went > 0) {
		page_pad(p, 4);
		page_paragraph(p, 6,
			       page_text(p, "found then only: %s",
					 words(p, b->went, b->n_went, "")));
	}
	for (size_t i = 0; i < b->n_changed && i < TOLD; i++)
		put_target(p, &b->changed[i]);
	if (b->n_changed > TOLD) {
		page_pad(p, 4);
		page_paragraph(
		    p, 6,
		    page_text(p, "and %zu more names", b->n_changed - TOLD));
	}
}
