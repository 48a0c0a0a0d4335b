/* SPDX-License-Identifier: MIT */
/* See case.h. */
#include "tools/pl-bundle/case.h"

#include "tools/pl-bundle/read.h"

#include <string.h>

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (strcmp(path, "-") == 0)
		return "standard input";
	return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

static bool parse(struct tool_call *call, const char *name,
		  const struct diag_item *item, struct diag_case *c,
		  struct diag_err *err)
{
	struct diag_problems problems;
	bool ok;

	diag_problems_init(&problems);
	ok = diag_case_add(c, name, item->bytes, item->len, &problems, err);
	if (problems.n > 0) {
		tool_error_lines(call, diag_buf_str(&problems.text));
		if (!ok)
			*err = (struct diag_err){ .code = DIAG_OK };
	}
	diag_problems_clear(&problems);
	return ok;
}

static bool read_case(struct tool_call *call, struct pl_bundle_case *out,
		      struct diag_err *err)
{
	const struct diag_item *item =
	    diag_bundle_find(out->bundle, DIAG_BUNDLE_CASE);

	if (item == NULL || !diag_item_is_in(item->state))
		return diag_fail(
		    err, DIAG_EPARSE, "bundle",
		    "%s: expected an item " DIAG_BUNDLE_CASE ", %s", out->name,
		    item != NULL && item->reason != NULL ? item->reason
							 : "it has none");
	if (!diag_case_new(&out->c, err))
		return false;
	return parse(call, out->name, item, out->c, err);
}

bool pl_bundle_case_read(struct tool_call *call, const char *path,
			 struct pl_bundle_case *out, struct diag_err *err)
{
	*out = (struct pl_bundle_case){ .name = last_part(path) };
	return pl_bundle_read(call, path, &out->bundle, err) &&
	       read_case(call, out, err) &&
	       diag_judge(out->c, NULL, &out->v, err);
}

void pl_bundle_case_clear(struct pl_bundle_case *c)
{
	diag_verdict_free(c->v);
	diag_case_free(c->c);
	diag_bundle_free(c->bundle);
}
