/* SPDX-License-Identifier: MIT */
/* compare_html.c - the bad case's report as a page, with the comparison on top
 * of it. */
#include "bundle/compare.h"

#include "report/report.h"

bool diag_compare_html(const struct diag_comparison *c,
		       const struct diag_report_in *in, struct diag_buf *out,
		       struct diag_err *err)
{
	const struct diag_report_pair pair = {
		.good_name = c->good.name,
		.bad_name = c->bad.name,
		.good_case = c->good.c,
		.good_verdict = c->good.v,
		.first = c->first,
		.differences = c->differences,
		.n_differences = c->n_differences,
		.notes = c->notes,
		.n_notes = c->n_notes,
	};
	struct diag_report_in here = *in;

	here.c = c->bad.c;
	here.v = c->bad.v;
	here.pair = &pair;
	return diag_renderer_find("html")->render(&here, out, err);
}
