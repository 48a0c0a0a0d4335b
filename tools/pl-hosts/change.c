/* SPDX-License-Identifier: MIT */
/* change.c - how a hosts file changes: tools/change/change.h, with a draft made
 * by a child, and a word on who writes the file anew. */
#include "tools/pl-hosts/talk.h"

struct hosts_changing {
	const struct pl_hosts_change *change;
	struct tool_call *call;
	struct pl_hosts_done *out;
	struct hosts_draft draft;
};

/* What goes wrong here does so again when it is needed. */
static void hash(void *ctx)
{
	(void)!diag_writer_hash(ctx, NULL);
}

static bool draft(void *ctx, struct changing *unused,
		  struct change_files *files, struct diag_err *err)
{
	struct hosts_changing *h = ctx;
	struct change_file *f = &files->at[0];
	const struct diag_meanwhile meanwhile = { hash, f->w };
	const struct hosts_draft_in in = {
		.change = h->change,
		.path = f->path,
		.text = f->text.p,
		.len = f->text.len,
		.real_path = f->state.real_path,
		.missing = f->state.missing,
		.system = pl_hosts_is_system(h->call),
		.meanwhile = &meanwhile,
	};

	(void)unused;
	if (!hosts_draft_make(&h->call->arena, &in, &h->draft, err))
		return false;
	f->edits = h->draft.plan.edits;
	f->diff = h->draft.diff;
	f->diff_len = h->draft.diff_len;
	f->foreign = h->draft.plan.foreign_lines;
	f->foreign_changed = h->draft.plan.foreign_changed;
	h->out->draft = &h->draft;
	h->out->plan = h->draft.plan;
	h->out->diff = h->draft.diff;
	h->out->diff_len = h->draft.diff_len;
	return true;
}

static void tell(void *ctx, const struct tool_call *unused,
		 const struct change_files *files)
{
	struct hosts_changing *h = ctx;

	(void)unused;
	(void)files;
	if (h->change->tell)
		h->change->tell(h->change->ctx, h->call, &h->draft.plan);
}

static void warn(void *ctx, const struct tool_call *call,
		 const struct change_files *files)
{
	const struct hosts_changing *h = ctx;

	(void)files;
	talk_makers(call, &h->draft);
}

static bool prove(void *ctx, struct tool_call *call, struct diag_err *err)
{
	const struct hosts_changing *h = ctx;

	return h->change->prove == NULL ||
	       h->change->prove(h->change->ctx, call, err);
}

enum tool_status pl_hosts_change(struct tool_call *call,
				 const struct pl_hosts_change *change,
				 struct pl_hosts_done *out,
				 struct diag_err *err)
{
	struct hosts_changing *h = diag_arena_alloc(&call->arena, sizeof(*h));
	const struct change all = {
		.subject = pl_hosts_subject(call),
		.draft = draft,
		.tell = tell,
		.warn = warn,
		.prove = change->prove ? prove : NULL,
		.ctx = h,
		.unit = "lines that are not ours",
		.tool = change->tool,
		.about = change->about,
		.dry_run = change->dry_run,
	};
	struct change_done done;
	enum tool_status status;

	*out = (struct pl_hosts_done){ .diff = "" };
	if (h == NULL) {
		(void)diag_fail_nomem(err, "pl-hosts");
		return TOOL_TROUBLE;
	}
	h->change = change;
	h->call = call;
	h->out = out;
	status = change_make(call, &all, &done, err);
	out->outcome = done.outcome;
	out->why = done.why;
	out->flushed = done.flushed;
	out->id = done.files ? done.files->at[0].id : 0;
	return status;
}
