/* SPDX-License-Identifier: MIT */
/* pl_bundle_seal.c - stands in until the mask is here: packs, masks nothing. */
#include "tools/pl_bundle_seal.h"

#include <string.h>

#include "base/version.h"
#include "report/report.h"
#include "tools/pl_bundle_write.h"

static bool copy(struct diag_bundle *to, const struct diag_item *item,
		 const struct diag_case *c, struct diag_err *err)
{
	struct diag_item made = *item;
	const struct diag_renderer *r = NULL;
	struct diag_report_in in = { .c = c,
				     .tool = "pl-bundle",
				     .version = DIAG_VERSION };
	struct diag_verdict *v = NULL;
	struct diag_buf out;
	bool ok;

	if (item->sort != DIAG_ITEM_MADE || c == NULL)
		return diag_bundle_add(to, item, err);
	r = diag_renderer_find(strcmp(item->path, "report.txt") == 0 ? "text"
			       : strcmp(item->path, "report.json") == 0
				   ? "json"
				   : "html");
	diag_buf_init(&out, DIAG_CASE_BYTES);
	ok = diag_judge(c, NULL, &v, err);
	in.v = v;
	ok = ok && r->render(&in, &out, err);
	made.bytes = diag_buf_str(&out);
	made.len = out.len;
	ok = ok && diag_bundle_add(to, &made, err);
	diag_verdict_free(v);
	diag_buf_clear(&out);
	return ok;
}

bool pl_bundle_seal(struct tool_call *call, struct diag_bundle *plain,
		    const struct diag_case *c,
		    const struct pl_bundle_mask_options *options,
		    const char *out_path, struct diag_err *err)
{
	struct diag_bundle *b = NULL;
	char sha256[DIAG_SHA256_TEXT];
	bool ok = diag_bundle_new(&b, err);

	if (!ok)
		return false;
	b->tool = plain->tool;
	b->version = plain->version;
	b->created_s = plain->created_s;
	b->note = plain->note;
	b->ticket = plain->ticket;
	for (size_t i = 0; ok && i < plain->n_items; i++)
		ok = copy(b, &plain->items[i], c, err);
	ok = ok &&
	     pl_bundle_write(call, b, out_path, options->force, sha256, err);
	diag_bundle_free(b);
	return ok;
}
