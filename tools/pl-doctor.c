/* SPDX-License-Identifier: MIT */
/* pl-doctor - why can this machine not reach the workspace, and what repairs
 * it? */
#include "tools/pl-doctor/doctor.h"

#include <stdio.h>
#include <unistd.h>

static const struct tool_option saving[] = {
	{ TOOL_TEXT(struct doctor, save), .name = "save", .arg = "FILE",
	  .file = TOOL_FILE_KEPT,
	  .help = "Keep everything that was seen in FILE" },
	{ TOOL_TEXT(struct doctor, capture), .name = "capture", .arg = "FILE",
	  .file = TOOL_FILE_NEW,
	  .help = "Record the packets of the run in FILE (pl-capture record); "
		  "needs the right to capture" },
	{ TOOL_LIST(struct doctor, from), .name = "from", .arg = "FILE",
	  .help = "Judge what --save kept, without any network; may be given "
		  "more than once" },
	{ TOOL_CHOICE(struct doctor, collector, doctor_collectors),
	  .name = "print-collector", .arg = "LANGUAGE",
	  .help = "Print a script that makes such a file on a machine without "
		  "pldiag" },
	{ .name = NULL },
};

static const struct tool_group groups[] = {
	{ "What to check", doctor_check_rows, 0 },
	{ "Which workspace", tool_inventory_rows,
	  offsetof(struct doctor, inventory) },
	{ "Whom to ask", tool_view_rows, offsetof(struct doctor, machine) },
	{ "Limits", doctor_limit_rows, 0 },
	{ "Keeping and judging again", saving, 0 },
	{ "Another machine, for tests and chroots", tool_machine_rows,
	  offsetof(struct doctor, machine) },
	{ NULL, NULL, 0 },
};

static enum tool_status judge(struct tool_call *call, const struct diag_case *c,
			      struct diag_err *err)
{
	const char *arg = call->argc > 0 && tool_is_inventory(call->argv[0])
			      ? call->argv[0]
			      : NULL;

	return tool_judge_case(call, c, arg, err);
}

/* A case that cannot be kept is still told: the run was not for nothing. */
static enum tool_status save_and_judge(struct tool_call *call,
				       const struct diag_case *c,
				       struct diag_err *err)
{
	const struct doctor *o = call->options;
	bool saved = tool_save_case(o->save, c, err);
	enum tool_status status = judge(call, c, err);

	return saved ? status : TOOL_TROUBLE;
}

/* The run between the beginning and the end of a recording. */
static enum tool_status run_recorded(struct tool_call *call,
				     struct diag_case *c,
				     struct diag_run_result *result,
				     struct diag_err *err)
{
	const struct doctor *o = call->options;
	struct doctor_capture capture;
	enum tool_status status =
	    doctor_capture_begin(call, c, o->capture, &capture, err);
	bool ok, recorded;

	if (status != TOOL_GOOD)
		return status;
	ok = doctor_run(call, c, result, err);
	recorded = doctor_capture_end(call, &capture);
	/* There was no run, so there is nothing in it. */
	if (!ok && capture.path != NULL)
		(void)unlink(capture.path);
	status = ok ? save_and_judge(call, c, err) : tool_bad_input(err);
	return recorded ? status : TOOL_TROUBLE;
}

static enum tool_status examine(struct tool_call *call, struct diag_err *err)
{
	struct diag_run_result result = { .complete = false };
	enum tool_status status = TOOL_TROUBLE;
	struct diag_case *c = NULL;

	if (!doctor_ask_case(call, &c, &status, err))
		return status;
	status = run_recorded(call, c, &result, err);
	call->signal = result.signal;
	call->abandoned = result.abandoned;
	diag_case_free(c);
	return status;
}

static enum tool_status review(struct tool_call *call, struct diag_err *err)
{
	struct diag_case *c = NULL;
	enum tool_status status;

	if (!doctor_read_cases(call, &c, err))
		return tool_bad_input(err);
	status = judge(call, c, err);
	diag_case_free(c);
	return status;
}

static enum tool_status run(struct tool_call *call, struct diag_err *err)
{
	const struct doctor *o = call->options;

	if (o->from.n > 0 && o->collector == 0)
		return doctor_may_review(call, err) ? review(call, err)
						    : TOOL_USAGE;
	if (call->argc == 0 && !o->error_text &&
	    !tool_inventory_given(&o->inventory))
		return tool_examples(call);
	if (o->collector > 0)
		return doctor_collector(call, err);
	return examine(call, err);
}

static const char *const formats[] = { "text",	"json",	       "jsonl", "html",
				       "junit", "openmetrics", NULL };

static const struct doctor presets = DOCTOR_PRESETS;

int main(int argc, char **argv)
{
	static const struct tool pl_doctor = {
		.name = "pl-doctor",
		.about = "find why a private-link workspace cannot be reached, "
			 "and what repairs it",
		.args = "[INVENTORY | URL]",
		.argc_max = 1,
		.groups = groups,
		.presets = &presets,
		.options_size = sizeof(presets),
		.formats = formats,
		.examples =
		    "  pl-doctor ws1103.json\n"
		    "  pl-doctor https://GUID.workspace.eastus.api.azureml.ms/"
		    "...\n"
		    "      the address of a failed request, from the "
		    "browser's Network tab (F12)\n"
		    "  pl-doctor --workspace-id GUID --region eastus --storage "
		    "ws1103sa\n",
		.run = run,
	};

	return tool_main(&pl_doctor, argc, argv);
}
