/* SPDX-License-Identifier: MIT */
/* report.c - the bundle's case judged again, with today's rules, and
 * how that differs from the report that is in the bundle. */
#include "tools/pl-bundle/bundle.h"

#include <string.h>

#include "report/before.h"
#include "tools/judge_case.h"
#include "tools/pl-bundle/case.h"

const char *const pl_bundle_report_formats[] = { "text", "json",  "jsonl",
						 "html", "junit", "openmetrics",
						 NULL };

/* A report that cannot be read is no reason not to judge the case. */
static struct diag_before *read_before(struct tool_call *call,
				       const struct pl_bundle_case *b)
{
	const struct diag_item *item =
	    diag_bundle_find(b->bundle, DIAG_BUNDLE_REPORT ".json");
	struct diag_before *before = NULL;
	struct diag_problems problems;
	struct diag_err err = { .code = DIAG_OK };

	if (item == NULL || item->bytes == NULL)
		return NULL;
	diag_problems_init(&problems);
	if (!diag_before_read(item->path,
			      (struct diag_slice){ item->bytes, item->len },
			      b->v, &problems, &before, &err)) {
		tool_error_lines(call, diag_buf_str(&problems.text));
		tool_note(call, "the report inside is not told of: %s",
			  err.what);
	}
	diag_problems_clear(&problems);
	return before;
}

enum tool_status pl_bundle_report(struct tool_call *call, struct diag_err *err)
{
	struct pl_bundle_case b = { .name = NULL };
	struct diag_before *before = NULL;
	enum tool_status status;

	if (pl_bundle_case_read(call, call->argv[0], &b, err)) {
		before = read_before(call, &b);
		if (before != NULL && !before->same)
			tool_note(call,
				  "the report inside, by %s %s, says otherwise",
				  before->tool, before->version);
		if (strcmp(b.bundle->mask, "none") != 0)
			tool_note(call, "names are masked: what is to be "
					"copied out of a repair, copy from the "
					"report of the machine's owner");
		status = tool_tell_verdict(call, b.c, b.v, before, err);
	} else {
		status = tool_bad_input(err);
	}
	diag_before_free(before);
	pl_bundle_case_clear(&b);
	return status;
}
