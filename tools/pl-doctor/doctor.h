/* SPDX-License-Identifier: MIT */
/* doctor.h - the parts of pl-doctor: options, a live case, saved cases. */
#ifndef DIAG_TOOLS_DOCTOR_H
#define DIAG_TOOLS_DOCTOR_H

#include "case/case.h"
#include "plan/plan.h"
#include "run/runner.h"
#include "tools/judge_case.h"
#include "tools/options_inventory.h"
#include "tools/options_machine.h"
#include "tools/pl-doctor/error.h"
#include "tools/tool.h"

struct doctor {
	struct tool_inventory inventory;
	struct tool_machine machine;
	struct tool_list from;
	const char *save, *capture;
	const char *clock;
	const char *error_text;
	const char *ca_file;
	int collector; /* index in doctor_collectors; 0: none */
	int role;      /* index in tool_roles; 0: worked out */
	int era;       /* index in tool_eras */
	unsigned timeout_ms, deadline_ms, repeat;
	bool no_public, fingerprint;
};
#define DOCTOR_PRESETS                                                \
	{                                                             \
		.timeout_ms = 4000, .deadline_ms = 10000, .repeat = 1 \
	}

/* In a struct that begins with a struct doctor. */
extern const struct tool_option doctor_check_rows[]; /* --role, --error … */
extern const struct tool_option doctor_limit_rows[]; /* --timeout … */

/* Read the text of --error and tell what it means.  false: there is nothing to
 * check (told, *status says which) or it could not be read (err). */
DIAG_MUST_USE
bool doctor_told_read(struct tool_call *call, struct doctor_error *out,
		      enum tool_status *status, struct diag_err *err);
/* Leave only what the text names in an expanded inventory. */
DIAG_MUST_USE
bool doctor_told_narrow(struct diag_inventory *inv,
			const struct doctor_error *e, struct diag_err *err);

/* A case with inventory, role, machine and views, and no facts yet; told
 * (may be NULL) narrows it to what an error text names.  All
 * faults of the user's go to standard error. Gives *out (diag_case_free). */
DIAG_MUST_USE
bool doctor_new_case(struct tool_call *call, const struct doctor_error *told,
		     struct diag_case **out, struct diag_err *err);

/* Can the roots of --ca-file (NULL: none) be had? */
DIAG_MUST_USE
bool doctor_may_trust(const char *ca_file, struct diag_err *err);

/* The same, with the text of --error read if there is one.  false: *status
 * says what it means, and err or standard error why. */
DIAG_MUST_USE
bool doctor_ask_case(struct tool_call *call, struct diag_case **out,
		     enum tool_status *status, struct diag_err *err);

/* Ask the questions; facts and completeness go into the case. */
DIAG_MUST_USE
bool doctor_run(struct tool_call *call, struct diag_case *c,
		struct diag_run_result *result, struct diag_err *err);

/* --capture: pl-capture records into path (NULL: nothing is recorded) from
 * doctor_capture_begin(), before the first packet of the run, to
 * doctor_capture_end(), after the last.  c may be NULL: no workspace is named.
 * Without the right to capture that is told, and all goes on.  TOOL_USAGE: path
 * cannot be what was asked for. */
struct doctor_capture {
	int pid; /* 0: nothing is recorded */
	int leash;
	const char *path; /* of the file that it made; NULL: none */
	bool failed;
};
enum tool_status doctor_capture_begin(struct tool_call *call,
				      const struct diag_case *c,
				      const char *path,
				      struct doctor_capture *d,
				      struct diag_err *err);
/* false: it is not all in the file. */
bool doctor_capture_end(struct tool_call *call, struct doctor_capture *d);

/* The saved cases of --from instead. */
DIAG_MUST_USE
bool doctor_read_cases(struct tool_call *call, struct diag_case **out,
		       struct diag_err *err);

/* One file of them, as diag_case_add() takes it under that name (NULL: its
 * own); faults go to standard error. */
DIAG_MUST_USE
bool doctor_read_case(struct tool_call *call, const char *path,
		      const char *name, struct diag_case *c,
		      struct diag_err *err);
/* Nothing stands beside --from that it would leave out without a word. */
DIAG_MUST_USE
bool doctor_may_review(const struct tool_call *call, struct diag_err *err);

/* --print-collector: what a script has to ask, and the script. */
extern const char *const doctor_collectors[];
enum tool_status doctor_collector(struct tool_call *call, struct diag_err *err);

#endif
