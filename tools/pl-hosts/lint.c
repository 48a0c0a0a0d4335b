/* SPDX-License-Identifier: MIT */
/* lint.c - everything that is wrong with a hosts file, and the line
 * as it should be; --fix writes what is certain, the way apply writes.
 *
 * Exit status: 1 when a name cannot work (with --strict for warnings too), 2
 * when the file cannot be read.  After --fix only what is left counts.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "tools/pl-hosts/doc.h"
#include "tools/pl-hosts/findings.h"
#include "tools/pl-hosts/talk.h"

static const char *plural(uint32_t n)
{
	return n == 1 ? "" : "s";
}

/* --- telling ---------------------------------------------------------------
 */

static void put_count(struct diag_buf *out, uint32_t n, const char *what)
{
	if (n > 0)
		diag_buf_printf(out, "%s%u %s%s", out->len > 0 ? ", " : "", n,
				what, plural(n));
}

static void say_sum(const struct tool_call *call,
		    const struct hosts_findings *f)
{
	const struct pl_hosts *o = call->options;
	const char *path = pl_hosts_path(call);
	struct diag_buf sum;

	diag_buf_init(&sum, 400);
	put_count(&sum, f->errors, "error");
	put_count(&sum, f->warnings, "warning");
	put_count(&sum, f->infos, "hint");
	tool_note(call, "%s: %s%s", path,
		  sum.len > 0 ? diag_buf_str(&sum) : "nothing found",
		  f->cut ? ", and more that are not shown" : "");
	diag_buf_clear(&sum);
	if (f->fixable > 0 && !o->fix)
		tool_note(call, "%s: pl-hosts lint --fix corrects %u of them",
			  path, f->fixable);
}

/* Behind what the child wrote. */
static void put_outcome(struct diag_jw *w, const struct pl_hosts_done *done,
			const struct diag_err *why)
{
	diag_jw_kstr(w, "outcome", change_outcome_key(done->outcome));
	if (done->id != 0)
		diag_jw_kuint(w, "change", done->id);
	change_doc_why(w, done->why, why);
	change_doc_flushed(w, &done->flushed);
	diag_jw_key(w, "diff");
	diag_jw_strn(w, done->diff, done->diff_len);
}

static bool finish_document(struct tool_call *call,
			    const struct hosts_findings *f,
			    const struct pl_hosts_done *done,
			    struct diag_err *err)
{
	const struct diag_err why = *err;
	struct change_doc d;

	change_doc_resume(&d, f->shown, f->len);
	if (done != NULL)
		put_outcome(&d.w, done, &why);
	return change_doc_end(&d, call, err);
}

static void put_written(struct tool_call *call, const struct hosts_findings *f,
			const struct pl_hosts_done *done)
{
	tool_print(call, "%s: %u finding%s corrected (change %llu)\n",
		   pl_hosts_path_text(call), f->fixable, plural(f->fixable),
		   (unsigned long long)done->id);
	pl_hosts_talk_undo(call);
}

/* What goes to standard output; done: what --fix did, or NULL. */
static bool put(struct tool_call *call, const struct hosts_findings *f,
		const struct pl_hosts_done *done, struct diag_err *err)
{
	if (doc_is_json(call))
		return finish_document(call, f, done, err);
	if (done == NULL)
		tool_write(call, f->shown, f->len);
	else if (done->outcome == CHANGE_WRITTEN)
		put_written(call, f, done);
	return true;
}

static enum tool_status status_of(const struct tool_call *call, uint32_t errors,
				  uint32_t warnings)
{
	return errors > 0 || (call->strict && warnings > 0) ? TOOL_WRONG
							    : TOOL_GOOD;
}

/* --- correcting ------------------------------------------------------------
 */

static enum tool_status fix(struct tool_call *call,
			    const struct hosts_findings *f,
			    struct diag_err *err)
{
	const struct pl_hosts *o = call->options;
	char about[64];
	const struct pl_hosts_change change = {
		.plan = hosts_plan_fixes,
		.ctx = call,
		.tool = "pl-hosts lint --fix",
		.about = about,
		.dry_run = o->dry_run,
	};
	struct pl_hosts_done done;
	enum tool_status status;

	(void)snprintf(about, sizeof(about), "%u finding%s corrected",
		       f->fixable, plural(f->fixable));
	status = pl_hosts_change(call, &change, &done, err);
	if (!put(call, f, &done, err))
		return TOOL_TROUBLE;
	if (status != TOOL_GOOD)
		return status;
	return done.outcome == CHANGE_WRITTEN
		   ? status_of(call, f->errors_left, f->warnings_left)
		   : status_of(call, f->errors, f->warnings);
}

static enum tool_status judge(struct tool_call *call, const char *text,
			      size_t len, struct diag_err *err)
{
	static const struct pl_hosts_done nothing = { .outcome = CHANGE_NOTHING,
						      .diff = "" };
	const struct pl_hosts *o = call->options;
	bool fixing = o->fix && doc_is_json(call);
	struct hosts_findings f;

	if (!hosts_findings_of(call, text, len, &f, err))
		return tool_bad_input(err);
	/* Findings are read before the question; a document comes at the end.
	 */
	if (!fixing && !put(call, &f, NULL, err))
		return TOOL_TROUBLE;
	tool_flush(call);
	say_sum(call, &f);
	if (o->fix && f.fixable > 0)
		return fix(call, &f, err);
	if (fixing && !put(call, &f, &nothing, err))
		return TOOL_TROUBLE;
	return status_of(call, f.errors, f.warnings);
}

static bool bad_options(const struct tool_call *call, struct diag_err *err)
{
	const struct pl_hosts *o = call->options;

	if (call->argc > 0 && o->hosts != NULL)
		return !diag_fail(err, DIAG_EUSAGE, "--hosts",
				  "not together with a FILE");
	if (o->fix && strcmp(pl_hosts_path(call), "-") == 0)
		return !diag_fail(err, DIAG_EUSAGE, "--fix",
				  "standard input cannot be written");
	if (o->dry_run && !o->fix)
		return !diag_fail(err, DIAG_EUSAGE, "--dry-run",
				  "only together with --fix");
	return false;
}

enum tool_status pl_hosts_lint(struct tool_call *call, struct diag_err *err)
{
	enum tool_status status = TOOL_USAGE;
	struct diag_buf text;

	if (bad_options(call, err))
		return TOOL_USAGE;
	if (diag_file_read(pl_hosts_path(call), DIAG_HOSTS_BYTES, &text, err))
		status = judge(call, diag_buf_str(&text), text.len, err);
	diag_buf_clear(&text);
	return status;
}
