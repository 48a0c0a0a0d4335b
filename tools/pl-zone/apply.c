/* SPDX-License-Identifier: MIT */
/* apply.c - make a name server's file say it: tools/change/change.h, with the
 * server's own checker before, and its reload behind. */
#include <stdio.h>

#include "tools/change/talk.h"
#include "tools/pl-zone/checker.h"
#include "tools/pl-zone/prove.h"
#include "tools/pl-zone/server.h"

struct applying {
	struct tool_call *call;
	struct zone_given *given;
	struct zone_draft draft;
	struct zone_checker check;
	struct change_done done;
	enum tool_status bad; /* why there is no draft */
	bool reloaded;
	struct zone_proof proof;
	char about[120];
};

/* --- the draft
 * ---------------------------------------------------------------- */

struct opening {
	struct changing *c;
	struct zone_given *given;
};

static void text_of(const struct change_file *f, struct zone_text *out)
{
	out->path = f->path;
	out->text = f->text.p;
	out->len = f->text.len;
	out->missing = f->state.missing;
}

/* A file that may be changed is locked, as the first one is. */
static bool open_locked(void *ctx, const char *path, struct zone_text *out,
			struct diag_err *err)
{
	struct opening *o = ctx;
	const struct change_file *f = change_file_add(o->c, path, err);

	if (f == NULL)
		return false;
	text_of(f, out);
	return true;
}

static void take(const struct applying *a, struct change_files *files)
{
	for (size_t i = 0; i < files->n; i++) {
		const struct zone_edited *e = &a->draft.texts[i];

		files->at[i].edits = e->edits;
		files->at[i].diff = e->diff;
		files->at[i].diff_len = e->diff_len;
		files->at[i].foreign = e->foreign;
		files->at[i].foreign_changed = e->foreign_changed;
	}
}

static bool draft(void *ctx, struct changing *c, struct change_files *files,
		  struct diag_err *err)
{
	struct applying *a = ctx;
	const struct pl_zone *o = a->call->options;
	struct opening opening = { c, a->given };
	struct zone_opener opener = { zone_open_read, a->given };

	if (o->includes)
		opener = (struct zone_opener){ open_locked, &opening };
	a->given->n_texts = 1;
	text_of(&files->at[0], &a->given->texts[0]);
	if (!zone_draft_make(a->call, a->given, &opener, &a->draft, &a->bad,
			     err))
		return false;
	take(a, files);
	(void)snprintf(
	    a->about, sizeof(a->about), "%s: %zu %s%s", a->draft.block,
	    a->draft.n_parents > 0 ? a->draft.n_parents : a->draft.n_rows,
	    a->draft.n_parents > 0 ? "parent" : "name",
	    a->draft.n_parents + a->draft.n_rows == 1 ? "" : "s");
	return true;
}

/* --- beside it
 * ----------------------------------------------------------------- */

static void tell(void *ctx, const struct tool_call *call,
		 const struct change_files *files)
{
	const struct applying *a = ctx;

	(void)files;
	zone_tell(call, &a->draft);
}

static bool check(void *ctx, struct tool_call *call,
		  const struct change_files *files, const char **why,
		  struct diag_err *err)
{
	const struct pl_zone *o = call->options;
	struct applying *a = ctx;

	a->check.draft = &a->draft;
	if (!pl_zone_dialect(o, &a->check.dialect, err) ||
	    !zone_checker_run(call, &a->check, files, why, err))
		return false;
	return o->server == NULL ||
	       zone_prove_begin(call, &a->draft, &a->proof, err);
}

/* The server has to take it, and to say it. */
static bool prove(void *ctx, struct tool_call *call, struct diag_err *err)
{
	const struct pl_zone *o = call->options;
	struct applying *a = ctx;

	if (o->reload) {
		a->reloaded = pl_zone_reload(call);
		if (!a->reloaded)
			return false;
	}
	return o->server == NULL || zone_prove(call, &a->proof, err);
}

static void restored(void *ctx, struct tool_call *call)
{
	(void)ctx;
	(void)pl_zone_reload(call);
}

/* --- telling what came of it
 * ---------------------------------------------------- */

static void put_next(struct tool_call *call, const struct applying *a)
{
	const struct pl_zone *o = call->options;

	if (!o->reload && a->check.dialect && a->check.dialect->reload)
		tool_print(call, "Next, on the server: %s\n",
			   a->check.dialect->reload);
}

static void put_written(struct tool_call *call, const struct applying *a)
{
	const struct change_files *files = a->done.files;
	struct change_subject subject;
	struct diag_err none = { .code = DIAG_OK };

	for (size_t i = 0; i < files->n; i++)
		if (files->at[i].id != 0)
			tool_print(call, "%s: %s written (change %llu)%s\n",
				   talk_path(call, files->at[i].path), a->about,
				   (unsigned long long)files->at[i].id,
				   a->proof.done ? "; the server says so" : "");
	if (!pl_zone_subject(call, &subject, &none))
		return;
	for (size_t i = 0; i < files->n; i++) {
		subject.path = files->at[i].path;
		if (files->at[i].id != 0)
			talk_undo(call, &subject, "--file");
	}
	put_next(call, a);
}

static void put_text(struct tool_call *call, const struct applying *a)
{
	const struct pl_zone *o = call->options;

	if (a->done.outcome == CHANGE_NOTHING)
		tool_print(call, "%s: nothing to change: all of %s is there\n",
			   talk_path(call, o->file), a->draft.block);
	if (a->done.outcome == CHANGE_WRITTEN)
		put_written(call, a);
}

static void put_check(struct diag_jw *w, const struct applying *a)
{
	static const char *const keys[] = {
		[ZONE_CHECK_NONE] = "none",
		[ZONE_CHECK_GOOD] = "good",
		[ZONE_CHECK_USELESS] = "useless",
		[ZONE_CHECK_REFUSED] = "refused",
	};

	diag_jw_kopen(w, "check", '{');
	if (a->check.by)
		diag_jw_kstr(w, "by", a->check.by);
	diag_jw_kstr(w, "result", keys[a->check.result]);
	diag_jw_close(w, '}');
}

static void put_files(struct diag_jw *w, const struct applying *a)
{
	const struct change_files *files = a->done.files;

	diag_jw_kopen(w, "files", '[');
	for (size_t i = 0; i < a->given->n_texts; i++)
		zone_doc_file(w, a->given->texts[i].path,
			      i < files->n ? files->at[i].id : 0,
			      &a->draft.texts[i]);
	diag_jw_close(w, ']');
}

static void put_asked(struct diag_jw *w, const struct applying *a)
{
	if (!a->proof.done)
		return;
	diag_jw_kopen(w, "asked", '{');
	diag_jw_kstr(w, "server", a->proof.check.server);
	zone_check_json(&a->proof.check, w);
	diag_jw_close(w, '}');
}

static bool put_document(struct tool_call *call, const struct applying *a,
			 const struct change_subject *subject,
			 const struct diag_err *why, struct diag_err *err)
{
	const struct pl_zone *o = call->options;
	struct change_doc d;

	change_doc_begin(&d, call, subject);
	diag_jw_kstr(&d.w, "outcome", change_outcome_key(a->done.outcome));
	change_doc_why(&d.w, a->done.why, why);
	if (a->done.files) {
		zone_doc(&d.w, call, &a->draft);
		put_check(&d.w, a);
		if (o->reload)
			diag_jw_kbool(&d.w, "reloaded", a->reloaded);
		put_asked(&d.w, a);
		put_files(&d.w, a);
	}
	return change_doc_end(&d, call, err);
}

static enum tool_status report(struct tool_call *call, const struct applying *a,
			       const struct change_subject *subject,
			       enum tool_status status, struct diag_err *err)
{
	const struct diag_err why = *err;

	if (!doc_is_json(call))
		put_text(call, a);
	else if (!put_document(call, a, subject, &why, err))
		return TOOL_TROUBLE;
	if (status == TOOL_GOOD && call->strict && zone_leaves_out(&a->draft))
		return TOOL_WRONG;
	return status;
}

/* --- all of it
 * ------------------------------------------------------------------ */

static enum tool_status apply(struct tool_call *call, struct applying *a,
			      struct diag_err *err)
{
	const struct pl_zone *o = call->options;
	struct change all = {
		.draft = draft,
		.tell = tell,
		.check = check,
		.prove = o->reload || o->server ? prove : NULL,
		.restored = restored,
		.ctx = a,
		.unit = "entries that are not ours",
		.tool = "pl-zone apply",
		.about = a->about,
	};
	enum tool_status status;

	if (!pl_zone_subject(call, &all.subject, err) ||
	    (o->server && !pl_zone_server(o, &a->proof.server, err)))
		return TOOL_USAGE;
	if (!zone_given(call, a->given, err))
		return tool_bad_input(err);
	status = change_make(call, &all, &a->done, err);
	if (a->bad != TOOL_GOOD)
		status = a->bad;
	return report(call, a, &all.subject, status, err);
}

static bool is_wise(const struct tool_call *call, struct diag_err *err)
{
	const struct pl_zone *o = call->options;

	if (o->no_check && o->check_with)
		return diag_fail(err, DIAG_EUSAGE, "--check-with",
				 "not together with --no-check");
	if (o->verify && o->server == NULL)
		return diag_fail(err, DIAG_EUSAGE, "--verify",
				 "say with --server which one is asked");
	return true;
}

enum tool_status pl_zone_apply(struct tool_call *call, struct diag_err *err)
{
	struct applying *a;
	enum tool_status status;

	if (!zone_is_asked(call))
		return tool_examples(call);
	if (!is_wise(call, err))
		return TOOL_USAGE;
	a = diag_arena_alloc(&call->arena, sizeof(*a));
	if (a != NULL)
		a->given = diag_arena_alloc(&call->arena, sizeof(*a->given));
	if (a == NULL || a->given == NULL) {
		(void)diag_fail_nomem(err, "pl-zone");
		return TOOL_TROUBLE;
	}
	a->call = call;
	status = apply(call, a, err);
	zone_proof_clear(&a->proof);
	zone_given_clear(a->given);
	return status;
}
