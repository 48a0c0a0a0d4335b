/* SPDX-License-Identifier: MIT */
/* plan.c - what apply would change: the difference on standard output,
 * as patch(1) takes it, and why on standard error.  Nothing is written, nothing
 * is locked. */
#include "tools/change/talk.h"
#include "tools/pl-zone/draft.h"

static bool changes(const struct zone_given *given,
		    const struct zone_draft *draft)
{
	for (size_t i = 0; i < given->n_texts; i++)
		if (draft->texts[i].edits.n > 0)
			return true;
	return false;
}

static bool put_document(struct tool_call *call, const struct zone_given *given,
			 const struct zone_draft *draft, struct diag_err *err)
{
	struct change_subject subject;
	struct change_doc d;

	if (!pl_zone_subject(call, &subject, err))
		return false;
	change_doc_begin(&d, call, &subject);
	diag_jw_kbool(&d.w, "changes", changes(given, draft));
	zone_doc(&d.w, call, draft);
	diag_jw_kopen(&d.w, "files", '[');
	for (size_t i = 0; i < given->n_texts; i++)
		zone_doc_file(&d.w, given->texts[i].path, 0, &draft->texts[i]);
	diag_jw_close(&d.w, ']');
	return change_doc_end(&d, call, err);
}

static enum tool_status show(struct tool_call *call,
			     const struct zone_given *given,
			     const struct zone_draft *draft,
			     struct diag_err *err)
{
	const struct pl_zone *o = call->options;
	bool some = changes(given, draft);

	zone_tell(call, draft);
	if (!some)
		tool_note(call, "%s: nothing to change", o->file);
	if (!doc_is_json(call)) {
		for (size_t i = 0; i < given->n_texts; i++)
			put_diff(call, draft->texts[i].diff,
				 draft->texts[i].diff_len);
	} else if (!put_document(call, given, draft, err)) {
		return TOOL_TROUBLE;
	}
	if ((o->check && some) || (call->strict && zone_leaves_out(draft)))
		return TOOL_WRONG;
	return TOOL_GOOD;
}

static enum tool_status plan(struct tool_call *call, struct zone_given *given,
			     struct diag_err *err)
{
	const struct zone_opener opener = { zone_open_read, given };
	const struct pl_zone *o = call->options;
	enum tool_status status = TOOL_USAGE;
	struct zone_draft draft;

	given->n_texts = 1;
	if (!zone_given(call, given, err) ||
	    !zone_open_read(given, o->file, &given->texts[0], err) ||
	    !zone_draft_make(call, given, &opener, &draft, &status, err))
		return status;
	return show(call, given, &draft, err);
}

enum tool_status pl_zone_plan(struct tool_call *call, struct diag_err *err)
{
	struct zone_given *given;
	struct change_subject subject;
	enum tool_status status;

	if (!zone_is_asked(call))
		return tool_examples(call);
	if (!pl_zone_subject(call, &subject, err))
		return TOOL_USAGE;
	given = diag_arena_alloc(&call->arena, sizeof(*given));
	if (given == NULL) {
		(void)diag_fail_nomem(err, "pl-zone");
		return TOOL_TROUBLE;
	}
	status = plan(call, given, err);
	zone_given_clear(given);
	return status;
}
