/* SPDX-License-Identifier: MIT */
/* mask.c - an existing bundle, or a saved case, that tells less. */
#include <string.h>

#include "base/version.h"
#include "tools/pl-bundle/bundle.h"
#include "tools/pl-bundle/read.h"
#include "tools/pl-bundle/write.h"

#define MASK offsetof(struct pl_bundle, mask)

static const char *const levels[] = { "none", "identifiers", "addresses",
				      NULL };

const struct tool_option pl_bundle_mask_rows[] = {
	{ TOOL_CHOICE(struct pl_bundle_mask_options, level, levels),
	  .name = "mask", .arg = "LEVEL", .preset = "identifiers",
	  .help = "What is masked besides secrets" },
	{ TOOL_TEXT(struct pl_bundle_mask_options, map), .name = "mask-map",
	  .arg = "FILE",
	  .help = "Mask as the bundle did whose map this is, so that both can "
		  "be compared" },
	{ TOOL_TEXT(struct pl_bundle_mask_options, rules), .name = "mask-rules",
	  .arg = "FILE",
	  .help = "Mask, or keep, what these rules name as well" },
	{ TOOL_FLAG(struct pl_bundle_mask_options, force), .name = "force",
	  .help = "Replace files of these names" },
	{ .name = NULL },
};

const struct tool_group pl_bundle_mask_groups[] = {
	{ "Masking", pl_bundle_mask_rows, MASK },
	{ NULL, NULL, 0 },
};

/* NULL with true: there is no case in it. */
static bool case_of(struct tool_call *call, const struct diag_bundle *b,
		    struct diag_case **out, struct diag_err *err)
{
	const struct diag_item *item = diag_bundle_find(b, DIAG_BUNDLE_CASE);
	struct diag_problems problems;
	bool ok;

	if (item == NULL || item->bytes == NULL) {
		tool_note(call,
			  "there is no case in it, so there is no verdict "
			  "to be kept");
		return true;
	}
	diag_problems_init(&problems);
	ok = diag_case_new(out, err) &&
	     diag_case_add_as_is(*out, item->path, item->bytes, item->len,
				 &problems, err);
	if (ok && problems.n > 0)
		tool_error_lines(call, diag_buf_str(&problems.text));
	diag_problems_clear(&problems);
	return ok;
}

/* A bare case becomes a bundle of today. */
static bool complete(struct diag_bundle *b, struct diag_err *err)
{
	if (b->tool[0] != '\0')
		return true;
	b->tool = "pl-bundle";
	b->version = DIAG_VERSION;
	return pl_bundle_created(&b->created_s, err);
}

static enum tool_status masked(struct tool_call *call, struct diag_bundle *b,
			       struct diag_err *err)
{
	const struct pl_bundle *o = call->options;
	struct diag_case *c = NULL;
	enum tool_status status = TOOL_TROUBLE;

	if (!complete(b, err) || !case_of(call, b, &c, err))
		status = tool_bad_input(err);
	else if (pl_bundle_seal(call, b, c, &o->mask, call->made, err) &&
		 pl_bundle_show_made(call, call->made, err))
		status = TOOL_GOOD;
	diag_case_free(c);
	return status;
}

enum tool_status pl_bundle_mask(struct tool_call *call, struct diag_err *err)
{
	const struct pl_bundle *o = call->options;
	struct diag_bundle *b = NULL;
	enum tool_status status;

	if (call->made == NULL) {
		(void)diag_fail(err, DIAG_EUSAGE, "mask",
				"expected -o FILE.tar.zst or FILE.zip");
		return TOOL_USAGE;
	}
	if (!pl_bundle_can_seal(call, &o->mask, call->made, err))
		return tool_bad_input(err);
	if (!pl_bundle_read(call, call->argv[0], &b, err))
		return tool_bad_input(err);
	status = masked(call, b, err);
	diag_bundle_free(b);
	return status;
}
