/* SPDX-License-Identifier: MIT */
/* collect.c - pl-bundle collect: everything that decides, in a file.
 *
 * Asked first, then taken, then sealed: the case (a run of pl-doctor's), what
 * this machine says of itself, and at the end the mask over all of it.  What
 * cannot be had is recorded and the rest goes on.  A first ^C ends what is
 * being asked and packs what there is; a second one ends us, and nothing is
 * left.
 */
#include "tools/pl-bundle/collect.h"

#include <string.h>

#include "base/cursor.h"
#include "base/text.h"
#include "base/time.h"
#include "base/version.h"
#include "tools/pl-bundle/read.h"
#include "tools/pl-bundle/write.h"

#define NOTE_MAX   8192
#define TICKET_MAX 100
#define HOST_MAX   64
#define LOG_MAX	   ((size_t)1 << 20)
#define FOR_MAX_MS 3600000u

static const struct tool_option rows[] = {
	{ TOOL_SECONDS(struct pl_bundle_collect, for_ms, 1000, FOR_MAX_MS),
	  .name = "for", .arg = "TIME",
	  .help = "Wait so long (90s, 5m) while you do what does not work, and "
		  "ask before and after" },
	{ TOOL_TEXT(struct pl_bundle_collect, note), .name = "note",
	  .arg = "TEXT", .help = "What you saw, for those who read it" },
	{ TOOL_TEXT(struct pl_bundle_collect, ticket), .name = "ticket",
	  .arg = "ID", .help = "The number of your ticket" },
	{ TOOL_FLAG(struct pl_bundle_collect, no_capture), .name = "no-capture",
	  .help = "Record no packets" },
	{ TOOL_FLAG(struct pl_bundle_collect, dry_run), .name = "dry-run",
	  .help = "Ask and write nothing; list what would be taken, and its "
		  "size" },
	{ .name = NULL },
};

static const struct tool_option from[] = {
	{ TOOL_LIST(struct doctor, from), .name = "from", .arg = "FILE",
	  .help = "Pack what pl-doctor --save kept instead of asking" },
	{ .name = NULL },
};

#define COLLECT offsetof(struct pl_bundle, collect)
#define DOCTOR	offsetof(struct pl_bundle, doctor)

const struct tool_group pl_bundle_collect_groups[] = {
	{ "What goes in", rows, COLLECT },
	{ "Instead of asking", from, DOCTOR },
	{ "What is masked", pl_bundle_mask_rows,
	  offsetof(struct pl_bundle, mask) },
	{ "What to check", doctor_check_rows, DOCTOR },
	{ "Which workspace", tool_inventory_rows,
	  DOCTOR + offsetof(struct doctor, inventory) },
	{ "Whom to ask", tool_view_rows,
	  DOCTOR + offsetof(struct doctor, machine) },
	{ "Limits", doctor_limit_rows, DOCTOR },
	{ "Another machine, for tests and chroots", tool_machine_rows,
	  DOCTOR + offsetof(struct doctor, machine) },
	{ NULL, NULL, 0 },
};

/* --- before anything is asked ------------------------------------------------
 */

static bool is_text(const char *option, const char *text, size_t max,
		    bool one_line, struct diag_err *err)
{
	size_t len = text != NULL ? strlen(text) : 0;
	bool control = false;

	for (size_t i = 0; i < len; i++)
		control |= one_line && (unsigned char)text[i] < ' ';
	return (len <= max && !control &&
		diag_text_not_utf8(text, len) == len) ||
	       diag_fail(err, DIAG_EUSAGE, option,
			 "expected %s of at most %zu bytes in UTF-8",
			 one_line ? "a line" : "a text", max);
}

static bool is_stdin(const char *word)
{
	return word != NULL && strcmp(word, "-") == 0;
}

static bool may_collect(const struct collecting *s, struct diag_err *err)
{
	const struct pl_bundle_collect *o = &s->o->collect;
	const struct doctor *d = &s->o->doctor;

	if (!is_text("--note", o->note, NOTE_MAX, false, err) ||
	    !is_text("--ticket", o->ticket, TICKET_MAX, true, err))
		return false;
	if (d->from.n > 1)
		return diag_fail(err, DIAG_EUSAGE, "--from",
				 "a bundle holds one case");
	if (d->from.n > 0 && o->for_ms > 0)
		return diag_fail(err, DIAG_EUSAGE, "--for",
				 "waits for something to happen; --from is of "
				 "what has");
	if (o->for_ms > 0 &&
	    (is_stdin(s->call->argc > 0 ? s->call->argv[0] : NULL) ||
	     is_stdin(d->error_text)))
		return diag_fail(err, DIAG_EUSAGE, "--for",
				 "asks twice, and standard input can be read "
				 "only once: give a file");
	return true;
}

/* pldiag-20261128-130000.tar.zst; whose it is, only who masks nothing wants
 * to tell. */
static const char *default_path(struct collecting *s)
{
	char at[DIAG_TIME_TEXT], stamp[DIAG_TIME_TEXT], host[HOST_MAX] = "";
	size_t n = 0;

	(void)diag_time_text(s->b->created_s, at);
	for (size_t i = 0; at[i] != '\0' && at[i] != 'Z'; i++)
		if (at[i] != '-' && at[i] != ':')
			stamp[n++] = at[i] == 'T' ? '-' : at[i];
	stamp[n] = '\0';
	if (s->o->mask.level == DIAG_MASK_NONE)
		here_host(host, sizeof(host));
	for (size_t i = 0; host[i] != '\0'; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX"
			   "YZ0123456789-.",
			   host[i]) == NULL)
			host[i] = '-';
	return diag_arena_printf(&s->call->arena, "pldiag-%s%s%s.tar.zst", host,
				 host[0] != '\0' ? "-" : "", stamp);
}

static bool make_bundle(struct collecting *s, struct diag_err *err)
{
	if (!diag_bundle_new(&s->b, err) ||
	    !pl_bundle_created(&s->b->created_s, err))
		return false;
	s->b->tool = s->call->tool->name;
	s->b->version = DIAG_VERSION;
	s->b->note = s->o->collect.note;
	s->b->ticket = s->o->collect.ticket;
	return true;
}

/* --- the machine ------------------------------------------------------------
 */

static bool is_stopped(void *ctx)
{
	const struct collecting *s = ctx;

	return s->signal != 0 || here_caught() != 0;
}

static void show_progress(void *ctx, size_t done, size_t of)
{
	const struct collecting *s = ctx;
	char line[80];

	if (!s->call->progress)
		return;
	(void)snprintf(line, sizeof(line), "%zu of %zu things taken", done, of);
	tool_progress_line(line);
}

static bool take_machine(struct collecting *s, struct diag_err *err)
{
	struct take_rows collectors = { .platform = here_platform() };
	const struct take_limits limits = { .stop = is_stopped,
					    .progress = show_progress,
					    .ctx = s };
	struct take_place *place =
	    diag_arena_alloc(&s->call->arena, sizeof(*place));
	bool ok;

	if (s->other_machine) {
		collect_say(s, "the case is of another machine, so the state "
			       "of this one is not taken");
		return true;
	}
	if (place == NULL)
		return diag_fail_nomem(err, "collect");
	here_home(place->home);
	collectors.n = diag_collectors(&collectors.rows);
	ok = take_collect(&collectors, place, &limits, &s->taken, err);
	tool_progress_end(s->call);
	s->call->abandoned |= s->taken.abandoned;
	return ok;
}

/* --- the end ----------------------------------------------------------------
 */

static void say_verdict(struct collecting *s)
{
	struct diag_verdict *v = NULL;

	if (s->c == NULL || !diag_judge(s->c, NULL, &v, NULL))
		return;
	collect_say(s, "the verdict: %s%s%s", diag_outcome_key(v->outcome),
		    v->n_causes > 0 ? ", " : "",
		    v->n_causes > 0 ? v->causes[0].finding->info->code : "");
	diag_verdict_free(v);
}

static enum tool_status status_of(const struct collecting *s)
{
	for (size_t i = 0; s->call->strict && i < s->b->n_items; i++)
		if (s->b->items[i].state == DIAG_ITEM_FAILED)
			return TOOL_WRONG;
	return TOOL_GOOD;
}

static bool seal(struct collecting *s, const char *path, struct diag_err *err)
{
	if (s->o->collect.dry_run)
		return pl_bundle_show_put(s->call, path, NULL, s->b, err);
	return pl_bundle_seal(s->call, s->b, s->c, &s->o->mask, path, err) &&
	       pl_bundle_show_made(s->call, path, err);
}

static enum tool_status work(struct collecting *s, const char *path,
			     struct diag_err *err)
{
	enum tool_status status = TOOL_TROUBLE;

	here_catch();
	if (!collect_case(s, &status, err))
		return status;
	say_verdict(s);
	if (!take_machine(s, err))
		return TOOL_TROUBLE;
	if (s->signal == 0)
		s->signal = here_caught();
	if (s->signal != 0)
		collect_say(s, "interrupted: what there is is packed; ^C again "
			       "leaves nothing");
	s->call->signal = s->signal;
	if (!collect_items(s, err) || !seal(s, path, err))
		return TOOL_TROUBLE;
	return status_of(s);
}

enum tool_status pl_bundle_collect(struct tool_call *call, struct diag_err *err)
{
	struct collecting s = { .call = call,
				.o = call->options,
				.packets = -1 };
	enum tool_status status = TOOL_TROUBLE;
	const char *path = call->made;

	if (!may_collect(&s, err))
		return TOOL_USAGE;
	diag_buf_init(&s.log, LOG_MAX);
	if (!make_bundle(&s, err)) {
		status = tool_bad_input(err);
		goto out;
	}
	if (path == NULL)
		path = default_path(&s);
	if (path == NULL)
		(void)diag_fail_nomem(err, "collect");
	else if (s.o->collect.dry_run ||
		 pl_bundle_can_seal(call, &s.o->mask, path, err))
		status = work(&s, path, err);
	else
		status = tool_bad_input(err);
out:
	take_all_clear(&s.taken);
	diag_case_free(s.c);
	diag_case_free(s.other);
	diag_bundle_free(s.b);
	diag_buf_clear(&s.log);
	return status;
}
