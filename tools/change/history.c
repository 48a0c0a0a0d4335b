/* SPDX-License-Identifier: MIT */
/* history.c - what we changed in the file, and when. */
#include <stdio.h>

#include "base/text.h"
#include "base/time.h"
#include "tools/change/talk.h"

struct history {
	const struct change_subject *subject;
	const struct diag_change *changes;
	size_t n;
};

static const char *kind_key(const struct diag_change *c)
{
	return c->kind == DIAG_CHANGE_UNDO ? "undo" : "apply";
}

/* --- text ---------------------------------------------------------------- */

static const char *state_of(const struct diag_change *c, char out[32])
{
	if (c->kind == DIAG_CHANGE_UNDO)
		(void)snprintf(out, 32, "takes back %llu",
			       (unsigned long long)c->undoes);
	else
		(void)snprintf(out, 32, "%s", c->undone ? "taken back" : "");
	return out;
}

static void put_row(struct tool_call *call, const struct diag_change *c)
{
	char when[DIAG_TIME_TEXT], state[32], about[200], tool[64];
	bool more = state_of(c, state)[0] != '\0';

	tool_print(call, "%4llu  %s  %-20s  %-*s%s%s\n",
		   (unsigned long long)c->id, diag_time_text(c->at_s, when),
		   diag_text_safe_z(c->tool, tool, sizeof(tool)), more ? 24 : 0,
		   diag_text_safe_z(c->about, about, sizeof(about)),
		   more ? "  " : "", state);
}

static void put_text(struct tool_call *call, const struct history *h)
{
	if (h->n == 0) {
		tool_note(call, "%s: we changed nothing in it",
			  h->subject->path);
		return;
	}
	tool_print(call, "%4s  %-20s  %-20s  %-24s  %s\n", "ID", "TIME", "BY",
		   "WHAT", "STATE");
	for (size_t i = 0; i < h->n; i++)
		put_row(call, &h->changes[i]);
}

/* --- document ------------------------------------------------------------ */

static void put_side(struct diag_jw *w, const char *key, uint64_t len,
		     const char *sha256)
{
	diag_jw_kopen(w, key, '{');
	diag_jw_kuint(w, "bytes", len);
	diag_jw_kstr(w, "sha256", sha256);
	diag_jw_close(w, '}');
}

static void put_change(struct diag_jw *w, const struct diag_change *c)
{
	char when[DIAG_TIME_TEXT];

	diag_jw_open(w, '{');
	diag_jw_kuint(w, "id", c->id);
	diag_jw_kstr(w, "kind", kind_key(c));
	diag_jw_kstr(w, "at", diag_time_text(c->at_s, when));
	diag_jw_kstr(w, "by", c->tool);
	diag_jw_kstr(w, "about", c->about);
	if (c->undoes != 0)
		diag_jw_kuint(w, "undoes", c->undoes);
	diag_jw_kbool(w, "undone", c->undone);
	put_side(w, "old", c->old_len, c->old_sha256);
	put_side(w, "new", c->new_len, c->new_sha256);
	diag_jw_close(w, '}');
}

static bool put_document(struct tool_call *call, const struct history *h,
			 struct diag_err *err)
{
	struct change_doc d;

	change_doc_begin(&d, call, h->subject);
	diag_jw_kopen(&d.w, "changes", '[');
	for (size_t i = 0; i < h->n; i++)
		put_change(&d.w, &h->changes[i]);
	diag_jw_close(&d.w, ']');
	return change_doc_end(&d, call, err);
}

/* --- reading ------------------------------------------------------------- */

/* What the history says lives as long as its file is held. */
static enum tool_status show(struct tool_call *call,
			     const struct change_subject *subject,
			     struct diag_writer *w, struct diag_err *err)
{
	struct history h = { .subject = subject };

	if (!diag_writer_history(w, &call->arena, &h.changes, &h.n, err))
		return TOOL_TROUBLE;
	if (!doc_is_json(call))
		put_text(call, &h);
	else if (!put_document(call, &h, err))
		return TOOL_TROUBLE;
	return TOOL_GOOD;
}

enum tool_status change_history(struct tool_call *call,
				const struct change_subject *subject,
				const char *tool, struct diag_err *err)
{
	struct diag_writer *w = NULL;
	enum tool_status status;
	const char *state;

	if (!diag_writer_state_dir(subject->state, &call->arena, &state, err) ||
	    !diag_writer_open(state, subject->path, tool, DIAG_WRITER_WAIT_MS,
			      &w, err))
		return TOOL_TROUBLE;
	status = show(call, subject, w, err);
	diag_writer_close(w);
	return status;
}
