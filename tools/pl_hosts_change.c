/* SPDX-License-Identifier: MIT */
/* pl_hosts_change.c - the one way in which a command changes a hosts file.
 *
 *	lock → recover → read → plan in a child → show → can it be written? →
 *	ask → commit → prove → or take it back
 *
 * Only the writer touches the file; what comes out of the child are edits.
 */
#include <string.h>

#include "tools/pl_hosts_caches.h"
#include "tools/pl_hosts_talk.h"

#define PERCENT_MAX 30 /* of other people's lines, without --force */

struct changing {
	struct tool_call *call;
	const struct pl_hosts_change *change;
	struct pl_hosts_done *out;
	struct diag_writer *w;
	struct diag_buf text; /* the file as it is */
	struct diag_file_state state;
	struct hosts_draft *draft; /* in the call's arena */
	struct diag_err *err;
};

const char *pl_hosts_outcome_key(enum pl_hosts_outcome o)
{
	static const char *const keys[] = {
		[PL_HOSTS_FAILED] = "failed",
		[PL_HOSTS_NOTHING] = "nothing-to-do",
		[PL_HOSTS_SHOWN] = "shown",
		[PL_HOSTS_DECLINED] = "declined",
		[PL_HOSTS_REFUSED] = "refused",
		[PL_HOSTS_WRITTEN] = "written",
		[PL_HOSTS_ROLLED_BACK] = "rolled-back",
	};

	return keys[o];
}

static const struct pl_hosts *options(const struct changing *c)
{
	return c->call->options;
}

static enum tool_status ended(struct changing *c, enum pl_hosts_outcome outcome,
			      enum tool_status status)
{
	c->out->outcome = outcome;
	return status;
}

/* With a line that is told and kept for the report. */
static enum tool_status refused(struct changing *c, enum tool_status status,
				const char *why)
{
	c->out->why = why ? why : "out of memory";
	tool_error(c->call, "%s: %s", pl_hosts_path(c->call), c->out->why);
	return ended(c, PL_HOSTS_REFUSED, status);
}

/* --- looking ------------------------------------------------------------- */

static bool look(struct changing *c)
{
	const char *path = pl_hosts_path(c->call);
	struct hosts_draft_in in = { .change = c->change, .path = path };

	c->draft = diag_arena_alloc(&c->call->arena, sizeof(*c->draft));
	if (c->draft == NULL)
		return diag_fail_nomem(c->err, "pl-hosts");
	if (!diag_writer_read(c->w, &c->text, &c->state, c->err))
		return false;
	in.text = diag_buf_str(&c->text);
	in.len = c->text.len;
	in.real_path = c->state.real_path;
	in.missing = c->state.missing;
	in.system = pl_hosts_is_system(c->call);
	if (!hosts_draft_make(&c->call->arena, &in, c->draft, c->err))
		return false;
	c->out->draft = c->draft;
	c->out->plan = c->draft->plan;
	c->out->diff = c->draft->diff;
	c->out->diff_len = c->draft->diff_len;
	return true;
}

static void tell(const struct changing *c)
{
	talk_file(c->call, &c->state);
	talk_makers(c->call, c->draft);
	if (!c->call->quiet || !options(c)->yes || c->change->dry_run)
		talk_diff(c->call, c->draft->diff, c->draft->diff_len);
}

static bool is_too_much(const struct changing *c)
{
	const struct diag_hosts_plan *p = &c->draft->plan;

	return !options(c)->force && p->foreign_changed > 0 &&
	       p->foreign_changed * 100 > p->foreign_lines * PERCENT_MAX;
}

static const char *too_much(const struct changing *c)
{
	const struct diag_hosts_plan *p = &c->draft->plan;

	return diag_arena_printf(
	    &c->call->arena,
	    "%zu of %zu lines that are not ours would change, more than %d "
	    "%%; nothing is written without --force",
	    p->foreign_changed, p->foreign_lines, PERCENT_MAX);
}

/* --- writing ------------------------------------------------------------- */

static enum tool_status take_back(struct changing *c)
{
	const struct diag_change_note note = { .tool = c->change->tool,
					       .about = "taken back" };
	struct diag_err why = { .code = DIAG_OK };
	const char *flushed[CACHES_MAX];
	uint64_t which;
	bool edited;
	struct diag_buf old;
	bool ok;

	ok = diag_writer_undo_text(c->w, c->out->id, &old, &which, &edited,
				   &why) &&
	     diag_writer_undo(c->w, c->out->id, &note, &why);
	diag_buf_clear(&old);
	if (!ok) {
		/* Both are told: the proof failed, and so did this. */
		tool_error(c->call,
			   "%s: the change could not be taken back; it is "
			   "change %llu of the history",
			   pl_hosts_path(c->call),
			   (unsigned long long)c->out->id);
		*c->err = why;
		return ended(c, PL_HOSTS_FAILED, TOOL_TROUBLE);
	}
	tool_error(c->call, "%s: taken back; it is as it was before",
		   pl_hosts_path(c->call));
	if (pl_hosts_is_system(c->call))
		(void)caches_flush(c->call, NULL, flushed);
	return ended(c, PL_HOSTS_ROLLED_BACK, TOOL_TROUBLE);
}

static enum tool_status prove(struct changing *c)
{
	const struct pl_hosts_change *change = c->change;

	if (change->prove == NULL)
		return ended(c, PL_HOSTS_WRITTEN, TOOL_GOOD);
	if (change->prove(change->ctx, c->call, c->err) && !signals_seen())
		return ended(c, PL_HOSTS_WRITTEN, TOOL_GOOD);
	return take_back(c);
}

static enum tool_status commit(struct changing *c)
{
	const struct diag_change_note note = { .tool = c->change->tool,
					       .about = c->change->about };
	struct diag_buf text;
	bool ok;

	diag_buf_init(&text, DIAG_WRITER_BYTES);
	ok = diag_edits_apply(&c->draft->plan.edits, diag_buf_str(&c->text),
			      c->text.len, &text, c->err) &&
	     diag_buf_ok(&text, c->err, "pl-hosts") &&
	     diag_writer_commit(c->w, diag_buf_str(&text), text.len, &note,
				&c->out->id, c->err);
	diag_buf_clear(&text);
	return ok ? prove(c) : ended(c, PL_HOSTS_FAILED, TOOL_TROUBLE);
}

static size_t new_len(const struct changing *c)
{
	const struct diag_edits *e = &c->draft->plan.edits;
	size_t len = c->text.len;

	for (size_t i = 0; i < e->n; i++)
		len += e->items[i].put_len;
	return len;
}

static enum tool_status ask(struct changing *c)
{
	const char *question = diag_arena_printf(
	    &c->call->arena, "write this to %s?", pl_hosts_path(c->call));

	switch (talk_ask(c->call, options(c)->yes,
			 question ? question : "write this?")) {
	case ANSWER_YES:
		return commit(c);
	case ANSWER_NOBODY:
		return refused(c, TOOL_USAGE,
			       "there is no terminal to ask on: say --yes to "
			       "write");
	case ANSWER_NO:
		break;
	}
	tool_note(c->call, "%s: nothing is written", pl_hosts_path(c->call));
	return ended(c, PL_HOSTS_DECLINED, TOOL_WRONG);
}

static enum tool_status write_it(struct changing *c)
{
	if (is_too_much(c))
		return refused(c, TOOL_TROUBLE, too_much(c));
	if (!diag_writer_can(c->w, new_len(c), c->err)) {
		hint_rights(c->call, c->err);
		return ended(c, PL_HOSTS_REFUSED, TOOL_TROUBLE);
	}
	return ask(c);
}

/* --- all of it ----------------------------------------------------------- */

static enum tool_status locked(struct changing *c)
{
	talk_recovery(c->call, diag_writer_recovered(c->w));
	if (!look(c))
		return ended(c, PL_HOSTS_FAILED, hosts_draft_status(c->err));
	if (c->change->tell)
		c->change->tell(c->change->ctx, c->call, &c->draft->plan);
	if (c->draft->plan.edits.n == 0)
		return ended(c, PL_HOSTS_NOTHING, TOOL_GOOD);
	tell(c);
	return c->change->dry_run ? ended(c, PL_HOSTS_SHOWN, TOOL_GOOD)
				  : write_it(c);
}

enum tool_status pl_hosts_change(struct tool_call *call,
				 const struct pl_hosts_change *change,
				 struct pl_hosts_done *out,
				 struct diag_err *err)
{
	const struct pl_hosts *o = call->options;
	struct changing c = {
		.call = call, .change = change, .out = out, .err = err
	};
	enum tool_status status = TOOL_TROUBLE;
	const char *state;

	signals_hold();
	*out = (struct pl_hosts_done){ .diff = "" };
	diag_buf_init(&c.text, 0);
	if (diag_writer_state_dir(o->state, &call->arena, &state, err) &&
	    diag_writer_open(state, pl_hosts_path(call), change->tool,
			     DIAG_WRITER_WAIT_MS, &c.w, err)) {
		status = locked(&c);
		diag_writer_close(c.w);
	}
	diag_buf_clear(&c.text);
	call->signal = signals_seen();
	return status;
}
