/* SPDX-License-Identifier: MIT */
/* pl-doctor - why can this machine not reach the workspace, and what repairs
 * it? */
#include "tools/doctor.h"

#include <stdio.h>
#include <unistd.h>

static const struct tool_option rows[] = {
	{ TOOL_CHOICE(struct doctor, role, tool_roles), .name = "role",
	  .arg = "ROLE",
	  .preset = "jumpbox with an address in the networks, else client",
	  .help = "Where this machine stands" },
	{ TOOL_CHOICE(struct doctor, era, tool_eras), .name = "era",
	  .arg = "ERA", .preset = "current", .help = "Which port rules hold" },
	{ TOOL_FLAG(struct doctor, no_public), .name = "no-public",
	  .help = "Leave out the names that must stay public" },
	{ TOOL_FLAG(struct doctor, fingerprint), .name = "fingerprint",
	  .help = "Ask the name servers also which software they are "
		  "(version.bind), so that repairs are told in its language" },
	{ TOOL_TEXT(struct doctor, error_text), .name = "error",
	  .arg = "TEXT|-",
	  .help = "Check only what this error text from a browser, Python, "
		  "Node or the Azure CLI names" },
	{ .name = NULL },
};

static const struct tool_option limits[] = {
	{ TOOL_SECONDS(struct doctor, timeout_ms, 100, 60000),
	  .name = "timeout", .arg = "S", .preset = "4",
	  .help = "Give one connection S seconds, from SYN to the HTTP head" },
	{ TOOL_SECONDS(struct doctor, deadline_ms, 500, 600000),
	  .name = "deadline", .arg = "S", .preset = "10",
	  .help = "Give the whole run S seconds" },
	{ TOOL_TEXT(struct doctor, clock), .name = "clock", .arg = "TIME",
	  .help = "Believe that it is now TIME (RFC 3339)" },
	{ TOOL_NUMBER(struct doctor, repeat, 1, 20), .name = "repeat",
	  .arg = "N", .preset = "1",
	  .help = "Ask every DNS question N times, to see answers change" },
	{ TOOL_TEXT(struct doctor, ca_file), .name = "ca-file", .arg = "FILE",
	  .help = "Count these roots (PEM) as the service's own" },
	{ .name = NULL },
};

static const struct tool_option saving[] = {
	{ TOOL_TEXT(struct doctor, save), .name = "save", .arg = "FILE",
	  .help = "Keep everything that was seen in FILE" },
	{ TOOL_TEXT(struct doctor, capture), .name = "capture", .arg = "FILE",
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
	{ "What to check", rows, 0 },
	{ "Which workspace", tool_inventory_rows,
	  offsetof(struct doctor, inventory) },
	{ "Whom to ask", tool_view_rows, offsetof(struct doctor, machine) },
	{ "Limits", limits, 0 },
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
	struct doctor_capture capture;
	enum tool_status status = doctor_capture_begin(call, c, &capture, err);
	bool ok, recorded;

	if (status != TOOL_GOOD)
		return status;
	ok = doctor_run(call, c, result, err);
	recorded = doctor_capture_end(call, &capture);
	status = ok ? save_and_judge(call, c, err) : tool_bad_input(err);
	return recorded ? status : TOOL_TROUBLE;
}

static enum tool_status examine(struct tool_call *call, struct diag_err *err)
{
	const struct doctor *o = call->options;
	struct diag_run_result result = { .complete = false };
	enum tool_status status = TOOL_TROUBLE;
	struct diag_case *c = NULL;
	struct doctor_error told;

	if (o->error_text && !doctor_told_read(call, &told, &status, err))
		return status;
	if (!doctor_new_case(call, o->error_text ? &told : NULL, &c, err))
		return tool_bad_input(err);
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

/* What was kept brings its inventory and its facts; asking for others beside
 * it is a mistake, and would pass without a word. */
static bool may_review(const struct tool_call *call, struct diag_err *err)
{
	const struct doctor *o = call->options;
	const char *other = NULL;

	if (call->argc > 0)
		other = call->argv[0];
	else if (tool_inventory_given(&o->inventory))
		other = "flags that name a workspace";
	else if (o->error_text)
		other = "--error";
	else if (o->save)
		other = "--save";
	else if (o->capture)
		other = "--capture";
	return other == NULL ||
	       diag_fail(err, DIAG_EUSAGE, "--from",
			 "judges what was kept; %s cannot stand beside it",
			 other);
}

static enum tool_status run(struct tool_call *call, struct diag_err *err)
{
	const struct doctor *o = call->options;

	if (o->from.n > 0 && o->collector == 0)
		return may_review(call, err) ? review(call, err) : TOOL_USAGE;
	if (call->argc == 0 && !o->error_text &&
	    !tool_inventory_given(&o->inventory))
		return tool_examples(call);
	if (o->collector > 0)
		return doctor_collector(call, err);
	return examine(call, err);
}

static const char *const formats[] = { "text",	"json",	       "jsonl", "html",
				       "junit", "openmetrics", NULL };

static const struct doctor presets = { .timeout_ms = 4000,
				       .deadline_ms = 10000,
				       .repeat = 1 };

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
