/* SPDX-License-Identifier: MIT */
/* show.c - what is in a bundle, one item of it, or all of them. */
#include <string.h>

#include "base/cursor.h"
#include "base/text.h"
#include "tools/pl-bundle/bundle.h"
#include "tools/pl-bundle/open.h"
#include "tools/pl-bundle/read.h"

static const struct tool_option rows[] = {
	{ TOOL_TEXT(struct pl_bundle, extract), .name = "extract",
	  .arg = "FOLDER",
	  .help = "Write all items into FOLDER, which must not be there yet" },
	{ .name = NULL },
};
const struct tool_group pl_bundle_show_groups[] = {
	{ "Showing", rows, 0 },
	{ NULL, NULL, 0 },
};

/* --- one item --------------------------------------------------------------
 */

/* Lines stay lines. */
static bool put_safe(struct tool_call *call, const struct diag_item *item,
		     struct diag_err *err)
{
	struct diag_cursor c = diag_cursor_of(item->bytes, item->len);
	struct diag_slice line;
	struct diag_buf out;
	bool ok;

	diag_buf_init(&out, PL_BUNDLE_DOC_MAX);
	while (diag_cursor_line(&c, &line)) {
		diag_text_safe(&out, line.p, line.len);
		diag_buf_putc(&out, '\n');
	}
	ok = diag_buf_ok(&out, err, "show");
	if (ok)
		tool_write_buf(call, &out);
	diag_buf_clear(&out);
	return ok;
}

static bool put_document(struct tool_call *call, const struct diag_item *item,
			 struct diag_err *err)
{
	struct diag_buf out;
	struct diag_jw w;

	pl_bundle_doc(&w, &out, "show", pl_bundle_name(call->argv[0]));
	diag_jw_kstr(&w, "item", item->path);
	diag_jw_kuint(&w, "size", item->len);
	diag_jw_kstr(&w, "sha256", item->sha256);
	if (diag_text_not_utf8(item->bytes, item->len) == item->len) {
		diag_jw_key(&w, "text");
		diag_jw_strn(&w, item->bytes, item->len);
	}
	return pl_bundle_doc_end(call, &w, err);
}

static bool put_item(struct tool_call *call, const struct diag_bundle *b,
		     const char *path, struct diag_err *err)
{
	const struct diag_item *item = diag_bundle_find(b, path);

	if (item == NULL)
		return diag_fail(err, DIAG_EUSAGE, "show",
				 "%.100s: there is no such item", path);
	if (item->bytes == NULL)
		return diag_fail(err, DIAG_EUSAGE, "show",
				 "%.60s: not in the bundle: %s%s%.80s", path,
				 diag_item_state_key(item->state),
				 item->reason != NULL ? ": " : "",
				 item->reason != NULL ? item->reason : "");
	if (strcmp(call->format, "json") == 0)
		return put_document(call, item, err);
	if (call->terminal)
		return put_safe(call, item, err);
	tool_write(call, item->bytes, item->len);
	return true;
}

/* --- the command -----------------------------------------------------------
 */

static bool show(struct tool_call *call, const struct diag_bundle *b,
		 const char *sha256, struct diag_err *err)
{
	const struct pl_bundle *o = call->options;

	if (o->extract != NULL && !pl_bundle_extract(b, o->extract, err))
		return false;
	if (call->argc == 2)
		return put_item(call, b, call->argv[1], err);
	return pl_bundle_show_put(call, call->argv[0], sha256, b, err);
}

enum tool_status pl_bundle_show(struct tool_call *call, struct diag_err *err)
{
	char sha256[DIAG_SHA256_TEXT];
	struct diag_bundle *b = NULL;
	enum tool_status status = TOOL_GOOD;

	if (!pl_bundle_read_sum(call, call->argv[0], &b, sha256, err))
		return tool_bad_input(err);
	if (!show(call, b, sha256, err))
		status = err->code == DIAG_EUSAGE ? TOOL_USAGE : TOOL_TROUBLE;
	diag_bundle_free(b);
	return status;
}
