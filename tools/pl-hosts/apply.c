/* SPDX-License-Identifier: MIT */
/* apply.c - make the file say it, and prove that it works. */
#include <stdio.h>
#include <string.h>

#include "tools/pl-hosts/doc.h"
#include "tools/pl-hosts/input.h"
#include "tools/pl-hosts/talk.h"

struct applying {
	struct hosts_wanted wanted;
	struct hosts_pinned pinned;
	struct hosts_proof proof;
	struct pl_hosts_done done;
};

static bool plan(void *ctx, struct diag_arena *arena, const char *text,
		 size_t len, struct diag_hosts_plan *out, struct diag_err *err)
{
	struct applying *a = ctx;

	return hosts_plan_pins(&a->pinned, arena, text, len, out, err);
}

static void tell(void *ctx, struct tool_call *call,
		 const struct diag_hosts_plan *planned)
{
	const struct applying *a = ctx;

	talk_wanted(call, &a->wanted, planned, call->verbose > 0);
}

static bool prove(void *ctx, struct tool_call *call, struct diag_err *err)
{
	struct applying *a = ctx;

	return hosts_verify(call, &a->wanted, &a->proof, err) && a->proof.good;
}

static bool wants_proof(const struct tool_call *call)
{
	const struct pl_hosts *o = call->options;

	return o->verify || (!o->no_verify && pl_hosts_is_system(call));
}

/* --- telling what came of it --------------------------------------------- */

static void put_text(struct tool_call *call, const struct applying *a)
{
	const char *path = pl_hosts_path_text(call);
	size_t n = a->wanted.n_names;
	const char *s = n == 1 ? "" : "s";

	if (a->done.outcome == CHANGE_NOTHING)
		tool_print(call,
			   "%s: nothing to change: %zu name%s of %s %s "
			   "right\n",
			   path, n, s, a->wanted.block, n == 1 ? "is" : "are");
	if (a->done.outcome != CHANGE_WRITTEN)
		return;
	tool_print(call, "%s: %zu name%s of %s written (change %llu)%s\n", path,
		   n, s, a->wanted.block, (unsigned long long)a->done.id,
		   a->proof.good ? "; each resolves as planned" : "");
	pl_hosts_talk_undo(call);
}

static bool put_document(struct tool_call *call, const struct applying *a,
			 const struct diag_err *why, struct diag_err *err)
{
	const struct hosts_draft *draft = a->done.draft;
	struct change_doc d;

	doc_begin(&d, call);
	diag_jw_kstr(&d.w, "outcome", change_outcome_key(a->done.outcome));
	if (a->done.id != 0)
		diag_jw_kuint(&d.w, "change", a->done.id);
	change_doc_why(&d.w, a->done.why, why);
	if (a->proof.seen)
		diag_jw_kbool(&d.w, "verified", a->proof.good);
	change_doc_flushed(&d.w, &a->done.flushed);
	doc_wanted(&d.w, &a->wanted, draft ? &draft->plan : NULL, &a->proof);
	if (draft)
		doc_draft(&d.w, draft);
	return change_doc_end(&d, call, err);
}

static enum tool_status report(struct tool_call *call, const struct applying *a,
			       enum tool_status status, struct diag_err *err)
{
	const struct diag_err why = *err;

	if (!doc_is_json(call))
		put_text(call, a);
	else if (!put_document(call, a, &why, err))
		return TOOL_TROUBLE;
	if (status == TOOL_GOOD && call->strict && hosts_leaves_out(&a->wanted))
		return TOOL_WRONG;
	return status;
}

static enum tool_status change(struct tool_call *call, struct applying *a,
			       struct diag_err *err)
{
	char about[120];
	const struct pl_hosts_change change = {
		.plan = plan,
		.tell = tell,
		.prove = wants_proof(call) ? prove : NULL,
		.ctx = a,
		.n_states = a->pinned.n,
		.tool = "pl-hosts apply",
		.about = about,
	};
	enum tool_status status;

	(void)snprintf(about, sizeof(about), "%s: %zu name%s", a->wanted.block,
		       a->wanted.n_names, a->wanted.n_names == 1 ? "" : "s");
	status = pl_hosts_change(call, &change, &a->done, err);
	return report(call, a, status, err);
}

static bool bad_options(const struct tool_call *call, struct diag_err *err)
{
	const struct pl_hosts *o = call->options;

	if (o->verify && o->no_verify)
		return !diag_fail(err, DIAG_EUSAGE, "--verify",
				  "not together with --no-verify");
	if (strcmp(pl_hosts_path(call), "-") == 0)
		return !diag_fail(err, DIAG_EUSAGE, "--hosts",
				  "standard input cannot be written");
	return false;
}

enum tool_status pl_hosts_apply(struct tool_call *call, struct diag_err *err)
{
	struct applying *a;
	enum tool_status status;

	if (bad_options(call, err))
		return TOOL_USAGE;
	a = diag_arena_alloc(&call->arena, sizeof(*a));
	if (a == NULL) {
		(void)diag_fail_nomem(err, "pl-hosts");
		return TOOL_TROUBLE;
	}
	if (!hosts_input(call, &a->wanted, &status, err))
		return status;
	if (!hosts_pins(&call->arena, &a->wanted, &a->pinned, err))
		return TOOL_TROUBLE;
	return change(call, a, err);
}
