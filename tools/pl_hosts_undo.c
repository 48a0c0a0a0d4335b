/* SPDX-License-Identifier: MIT */
/* pl_hosts_undo.c - put back, byte for byte, what was there before. */
#include "base/child.h"
#include "base/text.h"
#include "fix/writer.h"
#include "tools/pl_hosts_caches.h"
#include "tools/pl_hosts_doc.h"
#include "tools/pl_hosts_talk.h"

#define DIFF_MAX ((size_t)1 << 30)

struct undoing {
	struct tool_call *call;
	struct diag_writer *w;
	struct diag_buf now, old; /* the file's bytes, and those from before */
	struct diag_buf diff;
	struct diag_file_state state;
	uint64_t which;
	bool edited; /* by somebody, since */
	enum pl_hosts_outcome outcome;
	const char *why;
	struct diag_err *err;
};

static const struct pl_hosts *options(const struct undoing *u)
{
	return u->call->options;
}

static enum tool_status ended(struct undoing *u, enum pl_hosts_outcome outcome,
			      enum tool_status status)
{
	u->outcome = outcome;
	return status;
}

static enum tool_status refused(struct undoing *u, enum tool_status status,
				const char *why)
{
	u->why = why;
	tool_error(u->call, "%s: %s", pl_hosts_path(u->call), why);
	return ended(u, PL_HOSTS_REFUSED, status);
}

/* --- looking ------------------------------------------------------------- */

/* Both are somebody's bytes: compared without rights, as everything is read. */
static bool compare(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	const struct undoing *u = ctx;
	char path[4096];
	const char *name =
	    diag_text_safe_z(pl_hosts_path(u->call), path, sizeof(path));

	return diag_text_diff(diag_buf_str(&u->now), u->now.len,
			      diag_buf_str(&u->old), u->old.len, name, name,
			      out, err) &&
	       diag_buf_ok(out, err, "difference");
}

static bool look(struct undoing *u)
{
	return diag_writer_read(u->w, &u->now, &u->state, u->err) &&
	       diag_writer_undo_text(u->w, options(u)->id, &u->old, &u->which,
				     &u->edited, u->err) &&
	       diag_child_run(compare, u, DIFF_MAX, &u->diff, u->err);
}

/* There was nothing before, and there will be nothing again. */
static bool is_bad_wish(const struct undoing *u)
{
	return u->err->code == DIAG_EUSAGE;
}

static void tell(const struct undoing *u)
{
	talk_file(u->call, &u->state);
	if (!u->call->quiet || !options(u)->yes ||
	    (u->edited && !options(u)->force))
		talk_diff(u->call, diag_buf_str(&u->diff), u->diff.len);
}

/* --- writing ------------------------------------------------------------- */

static enum tool_status write_it(struct undoing *u)
{
	const struct diag_change_note note = {
		.tool = "pl-hosts undo",
		.about =
		    diag_arena_printf(&u->call->arena, "change %llu taken back",
				      (unsigned long long)u->which),
	};
	const char *flushed[CACHES_MAX];

	if (note.about == NULL ||
	    !diag_writer_undo(u->w, options(u)->id, &note, u->err))
		return ended(u, PL_HOSTS_FAILED, TOOL_TROUBLE);
	if (pl_hosts_is_system(u->call))
		(void)caches_flush(u->call, NULL, flushed);
	return ended(u, PL_HOSTS_WRITTEN, TOOL_GOOD);
}

static enum tool_status ask(struct undoing *u)
{
	const char *question = diag_arena_printf(
	    &u->call->arena, "take change %llu of %s back?",
	    (unsigned long long)u->which, pl_hosts_path(u->call));

	switch (talk_ask(u->call, options(u)->yes,
			 question ? question : "take it back?")) {
	case ANSWER_YES:
		return write_it(u);
	case ANSWER_NOBODY:
		return refused(u, TOOL_USAGE,
			       "there is no terminal to ask on: say --yes to "
			       "take it back");
	case ANSWER_NO:
		break;
	}
	tool_note(u->call, "%s: nothing is written", pl_hosts_path(u->call));
	return ended(u, PL_HOSTS_DECLINED, TOOL_WRONG);
}

static enum tool_status locked(struct undoing *u)
{
	if (!look(u))
		return ended(u, PL_HOSTS_FAILED,
			     is_bad_wish(u) ? TOOL_USAGE : TOOL_TROUBLE);
	tell(u);
	if (u->edited && !options(u)->force)
		return refused(u, TOOL_TROUBLE,
			       "somebody edited it since; what --force would "
			       "change is shown above");
	if (!diag_writer_can(u->w, u->old.len, u->err)) {
		hint_rights(u->call, u->err);
		return ended(u, PL_HOSTS_REFUSED, TOOL_TROUBLE);
	}
	return ask(u);
}

/* --- telling ------------------------------------------------------------- */

static bool put_document(const struct undoing *u, const struct diag_err *why,
			 struct diag_err *err)
{
	struct hosts_doc d;
	char text[400];

	doc_begin(&d, u->call);
	diag_jw_kstr(&d.w, "outcome", pl_hosts_outcome_key(u->outcome));
	if (u->which != 0)
		diag_jw_kuint(&d.w, "undoes", u->which);
	if (u->why)
		diag_jw_kstr(&d.w, "error", u->why);
	else if (why->code != DIAG_OK)
		diag_jw_kstr(&d.w, "error",
			     diag_err_text(why, text, sizeof(text)));
	diag_jw_kbool(&d.w, "edited_since", u->edited);
	diag_jw_key(&d.w, "diff");
	diag_jw_strn(&d.w, diag_buf_str(&u->diff), u->diff.len);
	return doc_end(&d, u->call, err);
}

static enum tool_status report(const struct undoing *u, enum tool_status status)
{
	const struct diag_err why = *u->err;

	if (doc_is_json(u->call))
		return put_document(u, &why, u->err) ? status : TOOL_TROUBLE;
	if (u->outcome == PL_HOSTS_WRITTEN)
		tool_print(u->call,
			   "%s: change %llu is taken back; it is as it was "
			   "before\n",
			   pl_hosts_path(u->call),
			   (unsigned long long)u->which);
	return status;
}

enum tool_status pl_hosts_undo(struct tool_call *call, struct diag_err *err)
{
	const struct pl_hosts *o = call->options;
	struct undoing u = { .call = call, .err = err };
	enum tool_status status = TOOL_TROUBLE;
	const char *state;

	signals_hold();
	diag_buf_init(&u.now, 0);
	diag_buf_init(&u.old, 0);
	diag_buf_init(&u.diff, 0);
	if (diag_writer_state_dir(o->state, &call->arena, &state, err) &&
	    diag_writer_open(state, pl_hosts_path(call), "pl-hosts undo",
			     DIAG_WRITER_WAIT_MS, &u.w, err)) {
		talk_recovery(call, diag_writer_recovered(u.w));
		status = locked(&u);
		diag_writer_close(u.w);
	}
	status = report(&u, status);
	diag_buf_clear(&u.now);
	diag_buf_clear(&u.old);
	diag_buf_clear(&u.diff);
	call->signal = signals_seen();
	return status;
}
