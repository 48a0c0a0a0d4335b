/* SPDX-License-Identifier: MIT */
/* change.c - the one way in which a command changes somebody's files; see
 * change.h.
 *
 * Several files are several changes, each whole at every instant; when a later
 * one fails, the earlier are taken back. */
#include <string.h>

#include "tools/change/talk.h"

struct changing {
	struct tool_call *call;
	const struct change *change;
	struct change_files *files; /* in the call's arena */
	const char *state_dir;
	struct change_done *out;
	struct diag_err *err;
};

const char *change_outcome_key(enum change_outcome o)
{
	static const char *const keys[] = {
		[CHANGE_FAILED] = "failed",
		[CHANGE_NOTHING] = "nothing-to-do",
		[CHANGE_SHOWN] = "shown",
		[CHANGE_DECLINED] = "declined",
		[CHANGE_REFUSED] = "refused",
		[CHANGE_WRITTEN] = "written",
		[CHANGE_ROLLED_BACK] = "rolled-back",
	};

	return keys[o];
}

enum tool_status change_draft_status(const struct diag_err *err)
{
	return err->code == DIAG_EPARSE || err->code == DIAG_EUSAGE ||
		       err->code == DIAG_ELIMIT
		   ? TOOL_USAGE
		   : TOOL_TROUBLE;
}

static enum tool_status ended(struct changing *c, enum change_outcome outcome,
			      enum tool_status status)
{
	c->out->outcome = outcome;
	return status;
}

static const char *name(const struct changing *c)
{
	return c->change->subject.path;
}

/* With a line that is told and kept for the report. */
static enum tool_status refused(struct changing *c, enum tool_status status,
				const char *path, const char *why)
{
	c->out->why = why ? why : "out of memory";
	tool_error(c->call, "%s: %s", path, c->out->why);
	return ended(c, CHANGE_REFUSED, status);
}

/* --- files ---------------------------------------------------------------- */

struct change_file *change_file_add(struct changing *c, const char *path,
				    struct diag_err *err)
{
	struct change_file *f = &c->files->at[c->files->n];

	if (c->files->n == CHANGE_FILES_MAX) {
		(void)diag_fail(err, DIAG_ELIMIT, c->change->tool,
				"%s: more than %d files", path,
				CHANGE_FILES_MAX);
		return NULL;
	}
	f->path = path;
	f->diff = "";
	if (!diag_writer_open(c->state_dir, path, c->change->tool,
			      DIAG_WRITER_WAIT_MS, &f->w, err))
		return NULL;
	c->files->n++;
	talk_recovery(c->call, path, diag_writer_recovered(f->w));
	return diag_writer_view(f->w, &f->text, &f->state, err) ? f : NULL;
}

bool change_is_some(const struct change_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		if (files->at[i].edits.n > 0)
			return true;
	return false;
}

static void close_files(struct changing *c)
{
	for (size_t i = 0; i < c->files->n; i++) {
		struct change_file *f = &c->files->at[i];

		diag_writer_close(f->w);
		f->w = NULL;
		f->text = (struct diag_slice){ "", 0 };
		f->state.real_path = NULL;
	}
}

/* --- looking -------------------------------------------------------------- */

static void tell(const struct changing *c)
{
	const struct change *change = c->change;
	bool shown = !c->call->quiet || !change->subject.yes || change->dry_run;

	for (size_t i = 0; i < c->files->n; i++)
		if (i == 0 || c->files->at[i].edits.n > 0)
			talk_file(c->call, c->files->at[i].path,
				  &c->files->at[i].state);
	if (change->warn)
		change->warn(change->ctx, c->call, c->files);
	for (size_t i = 0; i < c->files->n && shown; i++)
		talk_diff(c->files->at[i].diff, c->files->at[i].diff_len);
}

static bool is_too_much(const struct changing *c, const struct change_file *f)
{
	return !c->change->subject.force && f->foreign_changed > 0 &&
	       f->foreign_changed * 100 > f->foreign * CHANGE_PERCENT_MAX;
}

static const char *too_much(const struct changing *c,
			    const struct change_file *f)
{
	return diag_arena_printf(
	    &c->call->arena,
	    "%zu of %zu %s would change, more than %d %%; nothing is written "
	    "without --force",
	    f->foreign_changed, f->foreign, c->change->unit,
	    CHANGE_PERCENT_MAX);
}

/* --- writing -------------------------------------------------------------- */

static bool put_back(const struct changing *c, const struct change_file *f,
		     struct diag_err *why)
{
	const struct diag_change_note note = { .tool = c->change->tool,
					       .about = "taken back" };
	struct diag_buf old;
	uint64_t which;
	bool edited;
	bool ok =
	    diag_writer_undo_text(f->w, f->id, &old, &which, &edited, why) &&
	    diag_writer_undo(f->w, f->id, &note, why);

	diag_buf_clear(&old);
	return ok;
}

static bool take_back_one(struct changing *c, const struct change_file *f)
{
	struct diag_err why = { .code = DIAG_OK };

	if (put_back(c, f, &why)) {
		tool_error(c->call, "%s: taken back; it is as it was before",
			   f->path);
		return true;
	}
	/* Both are told: the proof failed, and so did this. */
	tool_error(c->call,
		   "%s: the change could not be taken back; it is change %llu "
		   "of the history",
		   f->path, (unsigned long long)f->id);
	*c->err = why;
	return false;
}

static void flush(const struct changing *c)
{
	if (c->change->subject.resolves)
		caches_flush(c->call, NULL, &c->out->flushed);
}

static enum tool_status take_back(struct changing *c)
{
	bool ok = true;

	for (size_t i = 0; i < c->files->n; i++)
		if (c->files->at[i].id != 0)
			ok &= take_back_one(c, &c->files->at[i]);
	if (!ok)
		return ended(c, CHANGE_FAILED, TOOL_TROUBLE);
	flush(c);
	if (c->change->restored)
		c->change->restored(c->change->ctx, c->call);
	return ended(c, CHANGE_ROLLED_BACK, TOOL_TROUBLE);
}

static enum tool_status prove(struct changing *c)
{
	const struct change *change = c->change;

	if (change->prove == NULL)
		return ended(c, CHANGE_WRITTEN, TOOL_GOOD);
	if (change->prove(change->ctx, c->call, c->err) && !signals_seen())
		return ended(c, CHANGE_WRITTEN, TOOL_GOOD);
	return take_back(c);
}

static bool commit_one(struct changing *c, struct change_file *f)
{
	const struct diag_change_note note = { .tool = c->change->tool,
					       .about = c->change->about };

	return f->edits.n == 0 ||
	       diag_writer_commit_edits(f->w, &f->edits, &note, &f->id, c->err);
}

/* The subject last: it names the others. */
static enum tool_status commit(struct changing *c)
{
	for (size_t i = c->files->n; i-- > 0;) {
		if (commit_one(c, &c->files->at[i]))
			continue;
		for (size_t k = i + 1; k < c->files->n; k++)
			if (c->files->at[k].id != 0)
				return take_back(c);
		return ended(c, CHANGE_FAILED, TOOL_TROUBLE);
	}
	flush(c);
	return prove(c);
}

static enum tool_status ask(struct changing *c)
{
	const char *question =
	    diag_arena_printf(&c->call->arena, "write this to %s?", name(c));

	switch (talk_ask(c->call, c->change->subject.yes,
			 question ? question : "write this?")) {
	case ANSWER_YES:
		return commit(c);
	case ANSWER_NOBODY:
		return refused(c, TOOL_USAGE, name(c),
			       "there is no terminal to ask on: say --yes to "
			       "write");
	case ANSWER_NO:
		break;
	}
	tool_note(c->call, "%s: nothing is written", name(c));
	return ended(c, CHANGE_DECLINED, TOOL_WRONG);
}

static bool can_write(struct changing *c, const struct change_file *f)
{
	size_t len;

	if (f->edits.n == 0)
		return true;
	if (diag_edits_len(&f->edits, f->text.len, &len, c->err) &&
	    diag_writer_can(f->w, len, c->err))
		return true;
	hint_rights(c->call, f->path, c->err);
	return false;
}

static bool is_checked(struct changing *c, const char **why)
{
	const struct change *change = c->change;

	*why = NULL;
	return change->check == NULL ||
	       change->check(change->ctx, c->call, c->files, why, c->err);
}

static enum tool_status write_it(struct changing *c)
{
	const char *why;

	for (size_t i = 0; i < c->files->n; i++)
		if (is_too_much(c, &c->files->at[i]))
			return refused(c, TOOL_TROUBLE, c->files->at[i].path,
				       too_much(c, &c->files->at[i]));
	for (size_t i = 0; i < c->files->n; i++)
		if (!can_write(c, &c->files->at[i]))
			return ended(c, CHANGE_REFUSED, TOOL_TROUBLE);
	if (is_checked(c, &why))
		return ask(c);
	return why ? refused(c, TOOL_TROUBLE, name(c), why)
		   : ended(c, CHANGE_REFUSED, TOOL_TROUBLE);
}

/* --- all of it ------------------------------------------------------------ */

static enum tool_status opened(struct changing *c)
{
	const struct change *change = c->change;

	if (!change->draft(change->ctx, c, c->files, c->err))
		return ended(c, CHANGE_FAILED, change_draft_status(c->err));
	c->out->files = c->files;
	if (change->tell)
		change->tell(change->ctx, c->call, c->files);
	if (!change_is_some(c->files))
		return ended(c, CHANGE_NOTHING, TOOL_GOOD);
	tell(c);
	return change->dry_run ? ended(c, CHANGE_SHOWN, TOOL_GOOD)
			       : write_it(c);
}

enum tool_status change_make(struct tool_call *call,
			     const struct change *change,
			     struct change_done *out, struct diag_err *err)
{
	const struct change_subject *s = &change->subject;
	struct changing c = {
		.call = call, .change = change, .out = out, .err = err
	};
	enum tool_status status = TOOL_TROUBLE;

	signals_hold();
	*out = (struct change_done){ .outcome = CHANGE_FAILED };
	c.files = diag_arena_alloc(&call->arena, sizeof(*c.files));
	if (c.files == NULL) {
		(void)diag_fail_nomem(err, change->tool);
		return TOOL_TROUBLE;
	}
	if (diag_writer_state_dir(s->state, &call->arena, &c.state_dir, err)) {
		if (change_file_add(&c, s->path, err))
			status = opened(&c);
		else if (c.files->n > 0) /* it could not be read */
			status = change_draft_status(err);
	}
	close_files(&c);
	call->signal = signals_seen();
	return status;
}
