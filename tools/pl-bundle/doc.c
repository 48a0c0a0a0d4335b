/* SPDX-License-Identifier: MIT */
/* doc.c - how every document of pl-bundle begins and ends. */
#include "tools/pl-bundle/bundle.h"

#define INDENT 2

void pl_bundle_doc(struct diag_jw *w, struct diag_buf *out, const char *command,
		   const char *file)
{
	diag_buf_init(out, PL_BUNDLE_DOC_MAX);
	diag_jw_init(w, out, INDENT);
	diag_jw_open(w, '{');
	diag_jw_kstr(w, "schema", DIAG_BUNDLE_SCHEMA);
	diag_jw_kstr(w, "command", command);
	diag_jw_kstr(w, "file", file);
}

bool pl_bundle_doc_end(struct tool_call *call, struct diag_jw *w,
		       struct diag_err *err)
{
	struct diag_buf *out = w->out;
	bool ok;

	diag_jw_close(w, '}');
	diag_buf_putc(out, '\n');
	ok = diag_buf_ok(out, err, "pl-bundle");
	if (ok)
		tool_write_buf(call, out);
	diag_buf_clear(out);
	return ok;
}
