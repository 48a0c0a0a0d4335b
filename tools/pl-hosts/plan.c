/* SPDX-License-Identifier: MIT */
/* plan.c - what apply would change: the difference on standard
 * output, as patch(1) takes it, and why on standard error.  Nothing is
 * written, nothing is locked. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tools/pl-hosts/doc.h"
#include "tools/pl-hosts/input.h"
#include "tools/pl-hosts/talk.h"

static bool draft_file(struct tool_call *call, struct hosts_pinned *pinned,
		       struct hosts_draft *out, enum tool_status *status,
		       struct diag_err *err)
{
	const struct pl_hosts_change change = { .plan = hosts_plan_pins,
						.ctx = pinned,
						.n_states = pinned->n };
	struct hosts_draft_in in = { .change = &change,
				     .path = pl_hosts_path(call),
				     .system = pl_hosts_is_system(call) };
	char real[PATH_MAX];
	struct diag_buf text;
	bool ok;

	*status = TOOL_USAGE;
	signals_release();
	ok = change_look(in.path, &text, &in.missing, err);
	if (ok) {
		in.text = diag_buf_str(&text);
		in.len = text.len;
		in.real_path = realpath(in.path, real);
		ok = hosts_draft_make(&call->arena, &in, out, err);
		*status = ok ? TOOL_GOOD : change_draft_status(err);
	}
	diag_buf_clear(&text);
	return ok;
}

static bool put_document(struct tool_call *call,
			 const struct hosts_wanted *wanted,
			 const struct hosts_draft *draft, struct diag_err *err)
{
	struct change_doc d;

	doc_begin(&d, call);
	diag_jw_kbool(&d.w, "changes", draft->plan.edits.n > 0);
	doc_wanted(&d.w, wanted, &draft->plan, NULL);
	doc_draft(&d.w, draft);
	return change_doc_end(&d, call, err);
}

static enum tool_status show(struct tool_call *call,
			     const struct hosts_wanted *wanted,
			     const struct hosts_draft *draft,
			     struct diag_err *err)
{
	const struct pl_hosts *o = call->options;
	bool changes = draft->plan.edits.n > 0;

	talk_wanted(call, wanted, &draft->plan, true);
	if (changes)
		talk_makers(call, draft);
	else
		tool_note(call, "%s: nothing to change", pl_hosts_path(call));
	if (!doc_is_json(call))
		put_diff(call, draft->diff, draft->diff_len);
	else if (!put_document(call, wanted, draft, err))
		return TOOL_TROUBLE;
	if ((o->check && changes) || (call->strict && hosts_leaves_out(wanted)))
		return TOOL_WRONG;
	return TOOL_GOOD;
}

/* Standard input can be read once. */
static bool is_read_twice(const struct tool_call *call)
{
	return call->argc > 0 && strcmp(call->argv[0], "-") == 0 &&
	       strcmp(pl_hosts_path(call), "-") == 0;
}

enum tool_status pl_hosts_plan(struct tool_call *call, struct diag_err *err)
{
	struct hosts_wanted wanted;
	struct hosts_pinned pinned;
	struct hosts_draft draft;
	enum tool_status status;

	if (is_read_twice(call)) {
		(void)diag_fail(err, DIAG_EUSAGE, "--hosts",
				"standard input is the inventory already");
		return TOOL_USAGE;
	}
	if (!hosts_input(call, &wanted, &status, err))
		return status;
	if (!hosts_pins(&call->arena, &wanted, &pinned, err))
		return TOOL_TROUBLE;
	if (!draft_file(call, &pinned, &draft, &status, err))
		return status;
	return show(call, &wanted, &draft, err);
}
