/* SPDX-License-Identifier: MIT */
/* doc.c - documents about a file that we change. */
#include <string.h>

#include "tools/change/talk.h"

#define DOC_MAX	 ((size_t)2 << 30)
#define LINE_MAX 400 /* what an error says */

bool doc_is_json(const struct tool_call *call)
{
	return strcmp(call->format, "json") == 0;
}

void change_doc_begin(struct change_doc *d, const struct tool_call *call,
		      const struct change_subject *subject)
{
	diag_buf_init(&d->text, DOC_MAX);
	diag_jw_init(&d->w, &d->text, 2);
	diag_jw_open(&d->w, '{');
	diag_jw_kstr(&d->w, "schema", subject->schema);
	diag_jw_kstr(&d->w, "command", call->cmd->name);
	diag_jw_kstr(&d->w, "file", subject->path);
}

void change_doc_resume(struct change_doc *d, const char *text, size_t len)
{
	diag_buf_init(&d->text, DOC_MAX);
	diag_buf_put(&d->text, text, len);
	diag_jw_init(&d->w, &d->text, 2);
	d->w.depth = 1;
	d->w.comma = true;
}

bool change_doc_end(struct change_doc *d, struct tool_call *call,
		    struct diag_err *err)
{
	bool ok;

	diag_jw_close(&d->w, '}');
	diag_buf_putc(&d->text, '\n');
	ok = diag_buf_ok(&d->text, err, call->tool->name);
	if (ok)
		tool_write_buf(call, &d->text);
	diag_buf_clear(&d->text);
	return ok;
}

void change_doc_why(struct diag_jw *w, const char *why,
		    const struct diag_err *err)
{
	char text[LINE_MAX];

	if (why)
		diag_jw_kstr(w, "error", why);
	else if (err->code != DIAG_OK)
		diag_jw_kstr(w, "error",
			     diag_err_text(err, text, sizeof(text)));
}

void change_doc_flushed(struct diag_jw *w, const struct caches_flushed *f)
{
	if (!f->tried)
		return;
	diag_jw_kopen(w, "flushed", '[');
	for (size_t i = 0; i < f->n; i++)
		diag_jw_str(w, f->names[i]);
	diag_jw_close(w, ']');
}
