/* SPDX-License-Identifier: MIT */
/* undo.c - put back, byte for byte, what was there before. */
#include "base/child.h"
#include "base/text.h"
#include "tools/change/talk.h"

#define DIFF_MAX ((size_t)1 << 30)

struct undoing {
	struct tool_call *call;
	const struct change_back *back;
	struct diag_writer *w;
	struct diag_buf now, old; /* the file's bytes, and those from before */
	struct diag_buf diff;
	struct diag_file_state state;
	uint64_t which;
	bool edited; /* by somebody, since */
	enum change_outcome outcome;
	const char *why;
	struct caches_flushed flushed;
	struct diag_err *err;
};

static const char *name(const struct undoing *u)
{
	return u->back->subject.path;
}

static enum tool_status ended(struct undoing *u, enum change_outcome outcome,
			      enum tool_status status)
{
	u->outcome = outcome;
	return status;
}

static enum tool_status refused(struct undoing *u, enum tool_status status,
				const char *why)
{
	u->why = why;
	tool_error(u->call, "%s: %s", name(u), why);
	return ended(u, CHANGE_REFUSED, status);
}

/* --- looking ------------------------------------------------------------- */

/* Both are somebody's bytes: compared without rights, as everything is read. */
static bool compare(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	const struct undoing *u = ctx;
	char path[4096];
	const char *shown = diag_text_safe_z(name(u), path, sizeof(path));

	return diag_text_diff(diag_buf_str(&u->now), u->now.len,
			      diag_buf_str(&u->old), u->old.len, shown, shown,
			      out, err) &&
	       diag_buf_ok(out, err, "difference");
}

static bool look(struct undoing *u)
{
	return diag_writer_read(u->w, &u->now, &u->state, u->err) &&
	       diag_writer_undo_text(u->w, u->back->id, &u->old, &u->which,
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
	talk_file(u->call, name(u), &u->state);
	if (!u->call->quiet || !u->back->subject.yes ||
	    (u->edited && !u->back->subject.force))
		talk_diff(diag_buf_str(&u->diff), u->diff.len);
}

/* --- writing ------------------------------------------------------------- */

static enum tool_status write_it(struct undoing *u)
{
	const struct diag_change_note note = {
		.tool = u->back->tool,
		.about =
		    diag_arena_printf(&u->call->arena, "change %llu taken back",
				      (unsigned long long)u->which),
	};
	const struct change_back *back = u->back;

	if (note.about == NULL ||
	    !diag_writer_undo(u->w, u->back->id, &note, u->err))
		return ended(u, CHANGE_FAILED, TOOL_TROUBLE);
	if (back->subject.resolves)
		caches_flush(u->call, NULL, &u->flushed);
	if (back->restored && !back->restored(back, u->call, u->err))
		return ended(u, CHANGE_WRITTEN, TOOL_TROUBLE);
	return ended(u, CHANGE_WRITTEN, TOOL_GOOD);
}

static enum tool_status ask(struct undoing *u)
{
	const char *question =
	    diag_arena_printf(&u->call->arena, "take change %llu of %s back?",
			      (unsigned long long)u->which, name(u));

	switch (talk_ask(u->call, u->back->subject.yes,
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
	tool_note(u->call, "%s: nothing is written", name(u));
	return ended(u, CHANGE_DECLINED, TOOL_WRONG);
}

static enum tool_status locked(struct undoing *u)
{
	if (!look(u))
		return ended(u, CHANGE_FAILED,
			     is_bad_wish(u) ? TOOL_USAGE : TOOL_TROUBLE);
	tell(u);
	if (u->edited && !u->back->subject.force)
		return refused(u, TOOL_TROUBLE,
			       "somebody edited it since; what --force would "
			       "change is shown above");
	if (!diag_writer_can(u->w, u->old.len, u->err)) {
		hint_rights(u->call, name(u), u->err);
		return ended(u, CHANGE_REFUSED, TOOL_TROUBLE);
	}
	return ask(u);
}

/* --- telling ------------------------------------------------------------- */

static bool put_document(const struct undoing *u, const struct diag_err *why,
			 struct diag_err *err)
{
	struct change_doc d;

	change_doc_begin(&d, u->call, &u->back->subject);
	diag_jw_kstr(&d.w, "outcome", change_outcome_key(u->outcome));
	if (u->which != 0)
		diag_jw_kuint(&d.w, "undoes", u->which);
	change_doc_why(&d.w, u->why, why);
	diag_jw_kbool(&d.w, "edited_since", u->edited);
	change_doc_flushed(&d.w, &u->flushed);
	diag_jw_key(&d.w, "diff");
	diag_jw_strn(&d.w, diag_buf_str(&u->diff), u->diff.len);
	return change_doc_end(&d, u->call, err);
}

static enum tool_status report(const struct undoing *u, enum tool_status status)
{
	const struct diag_err why = *u->err;

	if (doc_is_json(u->call))
		return put_document(u, &why, u->err) ? status : TOOL_TROUBLE;
	if (u->outcome == CHANGE_WRITTEN)
		tool_print(u->call,
			   "%s: change %llu is taken back; it is as it was "
			   "before\n",
			   talk_path(u->call, name(u)),
			   (unsigned long long)u->which);
	return status;
}

enum tool_status change_undo(struct tool_call *call,
			     const struct change_back *back,
			     struct diag_err *err)
{
	const struct change_subject *subject = &back->subject;
	struct undoing u = { .call = call, .back = back, .err = err };
	enum tool_status status = TOOL_TROUBLE;
	const char *state;

	signals_hold();
	diag_buf_init(&u.now, 0);
	diag_buf_init(&u.old, 0);
	diag_buf_init(&u.diff, 0);
	if (diag_writer_state_dir(subject->state, &call->arena, &state, err) &&
	    diag_writer_open(state, subject->path, back->tool,
			     DIAG_WRITER_WAIT_MS, &u.w, err)) {
		talk_recovery(call, subject->path, diag_writer_recovered(u.w));
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
