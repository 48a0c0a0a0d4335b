/* SPDX-License-Identifier: MIT */
/* collect_case.c - the case of a bundle: a run, two, or a saved one.
 *
 * With --for there are two runs, one before the user tries what does not work
 * and one after, and in both a mark for each end of that time.  Between them
 * nothing is asked: what is recorded then is the user's own.  The case of the
 * bundle is the run that found more wrong (of equals the later), the other one
 * lies beside it.
 */
#include "tools/pl-bundle/collect.h"

#include <string.h>

#include "base/time.h"

#define OTHER_BEFORE "case-before.jsonl"
#define OTHER_AFTER  "case-after.jsonl"

static bool names_workspace(const struct collecting *s)
{
	const struct doctor *o = &s->o->doctor;

	return s->call->argc > 0 || o->error_text != NULL ||
	       tool_inventory_given(&o->inventory);
}

/* --- runs -------------------------------------------------------------------
 */

/* A run that cannot be made leaves a bundle without a case. */
static void run_case(struct collecting *s, struct diag_case **c)
{
	struct diag_run_result result = { .complete = false };
	struct diag_err err = { .code = DIAG_OK };
	char text[400];

	if (!doctor_run(s->call, *c, &result, &err)) {
		collect_say(s, "the run failed: %s",
			    diag_err_text(&err, text, sizeof(text)));
		s->no_case = "the run failed";
		diag_case_free(*c);
		*c = NULL;
	}
	s->call->abandoned |= result.abandoned;
	s->signal = result.signal;
	/* The run had signals to itself; after one of them the next ends us. */
	if (s->signal == 0)
		here_catch();
}

static int badness(const struct diag_case *c)
{
	static const int rank[] = {
		[DIAG_HEALTHY] = 0,
		[DIAG_DEGRADED] = 1,
		[DIAG_UNKNOWN] = 2,
		[DIAG_FAILED] = 3,
	};
	struct diag_verdict *v = NULL;
	int bad = -1;

	if (diag_judge(c, NULL, &v, NULL))
		bad = rank[v->outcome];
	diag_verdict_free(v);
	return bad;
}

static void choose(struct collecting *s, struct diag_case *after)
{
	bool later = badness(after) >= badness(s->c);

	s->other = later ? s->c : after;
	s->other_path = later ? OTHER_BEFORE : OTHER_AFTER;
	s->c = later ? after : s->c;
	collect_say(s,
		    "of the two runs %s is the bundle's case; the other is "
		    "%s",
		    later ? "the later" : "the earlier, which found more",
		    s->other_path);
}

/* --- --for ------------------------------------------------------------------
 */

static struct diag_mark mark_now(const char *text)
{
	int64_t now_ms = diag_time_now_ms();

	return (struct diag_mark){ .at_s = now_ms / 1000,
				   .at_part_ms = (double)(now_ms % 1000),
				   .text = text };
}

static bool put_marks(struct diag_case *c, const struct diag_mark marks[2],
		      struct diag_err *err)
{
	return c == NULL || (diag_case_mark(c, 0, &marks[0], err) &&
			     diag_case_mark(c, 0, &marks[1], err));
}

static void wait_for_user(struct collecting *s, struct diag_mark marks[2])
{
	marks[0] = mark_now("before: from here on the user tries it");
	collect_say(s,
		    "now do what does not work; the wait is %u s, and ^C ends "
		    "it earlier",
		    s->o->collect.for_ms / 1000);
	here_wait(s->call, s->o->collect.for_ms);
	/* It means "it has happened", and nothing is lost by it. */
	here_catch();
	marks[1] = mark_now("after: the user has tried it");
	collect_say(s, "the wait is over");
}

/* The machine is read anew: a VPN may be up now, or down. */
static bool run_again(struct collecting *s, const struct diag_mark marks[2],
		      struct diag_err *err)
{
	enum tool_status status = TOOL_TROUBLE;
	struct diag_case *after = NULL;

	if (s->c == NULL)
		return true;
	if (!doctor_ask_case(s->call, &after, &status, err))
		return false;
	run_case(s, &after);
	if (!put_marks(s->c, marks, err) || !put_marks(after, marks, err)) {
		diag_case_free(after);
		return false;
	}
	if (after != NULL)
		choose(s, after);
	return true;
}

static bool watch(struct collecting *s, struct diag_err *err)
{
	struct diag_mark marks[2];

	if (s->o->collect.for_ms == 0 || s->signal != 0)
		return true;
	wait_for_user(s, marks);
	return run_again(s, marks, err);
}

/* --- the three ways to a case -----------------------------------------------
 */

static bool live(struct collecting *s, enum tool_status *status,
		 struct diag_err *err)
{
	if (!doctor_ask_case(s->call, &s->c, status, err))
		return false;
	*status = TOOL_TROUBLE;
	s->other_machine = s->o->doctor.machine.machine != NULL;
	collect_packets_begin(s, s->c);
	run_case(s, &s->c);
	return watch(s, err);
}

static bool none(struct collecting *s, struct diag_err *err)
{
	s->no_case = "no workspace was named";
	collect_say(s, "no workspace is named, so nothing is asked: the bundle "
		       "holds only the state of this machine");
	collect_packets_begin(s, NULL);
	return watch(s, err);
}

static bool saved(struct collecting *s, enum tool_status *status,
		  struct diag_err *err)
{
	char host[256];

	if (!doctor_may_review(s->call, err)) {
		*status = TOOL_USAGE;
		return false;
	}
	if (!diag_case_new(&s->c, err) ||
	    !doctor_read_case(s->call, s->o->doctor.from.at[0], NULL, s->c,
			      err)) {
		*status = tool_bad_input(err);
		return false;
	}
	s->no_packets = "a saved case brings none";
	s->no_packets_state = DIAG_ITEM_MISSING;
	here_host(host, sizeof(host));
	s->other_machine = strcmp(host, s->c->origins[0].host) != 0;
	return true;
}

/* What would be asked about has to be there. */
static bool dry(struct collecting *s, enum tool_status *status,
		struct diag_err *err)
{
	struct diag_case *c = NULL;

	s->no_case = "nothing is asked: --dry-run";
	s->no_packets = s->no_case;
	s->no_packets_state = DIAG_ITEM_MISSING;
	if (names_workspace(s) && !doctor_ask_case(s->call, &c, status, err))
		return false;
	diag_case_free(c);
	return true;
}

bool collect_case(struct collecting *s, enum tool_status *status,
		  struct diag_err *err)
{
	bool ok;

	*status = TOOL_TROUBLE;
	if (s->o->doctor.from.n > 0)
		ok = saved(s, status, err);
	else if (s->o->collect.dry_run)
		ok = dry(s, status, err);
	else
		ok = names_workspace(s) ? live(s, status, err) : none(s, err);
	collect_packets_end(s);
	return ok;
}
