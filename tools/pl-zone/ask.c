/* SPDX-License-Identifier: MIT */
/* ask.c - see ask.h.  A plan for the runner: the runner has
 * the probes, the deadlines and ^C. */
#include "tools/pl-zone/ask.h"

#include "base/time.h"
#include "base/version.h"
#include "probes/probes.h"
#include "run/runner.h"

#define PAUSE_FIRST_US (UINT64_C(250) * 1000)
#define PAUSE_MAX_US   (UINT64_C(4000) * 1000)
#define IN_FLIGHT      512

struct rounds {
	struct zone_asking *a;
	size_t next, in_flight;
	uint64_t began_us, due_us, pause_us;
	bool pausing, over;
	size_t n_tcp; /* questions that wait for their turn over TCP */
};

/* --- one round -------------------------------------------------------------
 */

static void fill(struct rounds *r, struct zone_question *q, bool tcp,
		 struct diag_step *step)
{
	*step = (struct diag_step){
		.probe = DIAG_PROBE_DNS,
		.timeout_ms = r->a->timeout_ms,
		.view = r->a->view,
		.server = r->a->server,
		.name = q->name,
		.type = q->type,
		.tcp = tcp,
		.cookie = q,
	};
	r->in_flight++;
}

static bool next_over_tcp(struct rounds *r, struct diag_step *step)
{
	for (size_t i = 0; r->n_tcp > 0 && i < r->a->n; i++) {
		struct zone_question *q = &r->a->questions[i];

		if (!q->over_tcp)
			continue;
		q->over_tcp = false;
		r->n_tcp--;
		fill(r, q, true, step);
		return true;
	}
	return false;
}

static bool is_right(const struct rounds *r, const struct zone_question *q)
{
	return q->answer != NULL &&
	       (r->a->right == NULL || r->a->right(r->a->ctx, q));
}

/* --- between rounds --------------------------------------------------------
 */

static bool all_right(const struct rounds *r)
{
	for (size_t i = 0; i < r->a->n; i++)
		if (!is_right(r, &r->a->questions[i]))
			return false;
	return true;
}

/* The last round comes when the time is over, not before. */
static void pause_or_end(struct rounds *r)
{
	uint64_t now_us = diag_time_mono_us();
	uint64_t end_us = r->began_us + (uint64_t)r->a->wait_ms * 1000;

	if (now_us >= end_us || all_right(r)) {
		r->over = true;
		return;
	}
	r->due_us =
	    now_us + r->pause_us < end_us ? now_us + r->pause_us : end_us;
	r->pause_us =
	    r->pause_us * 2 < PAUSE_MAX_US ? r->pause_us * 2 : PAUSE_MAX_US;
	r->pausing = true;
}

static void begin_round(struct rounds *r)
{
	r->pausing = false;
	r->next = 0;
	for (size_t i = 0; i < r->a->n; i++)
		r->a->questions[i].asked = is_right(r, &r->a->questions[i]);
}

static bool rounds_next(void *ctx, struct diag_step *step)
{
	struct rounds *r = ctx;

	if (next_over_tcp(r, step))
		return true;
	if (r->pausing && diag_time_mono_us() >= r->due_us)
		begin_round(r);
	for (; r->next < r->a->n; r->next++) {
		struct zone_question *q = &r->a->questions[r->next];

		if (q->asked)
			continue;
		q->asked = true;
		fill(r, q, false, step);
		return true;
	}
	if (r->in_flight == 0 && !r->pausing && !r->over)
		pause_or_end(r);
	return false;
}

static bool rounds_learn(void *ctx, const struct diag_step *step,
			 const struct diag_fact *f, struct diag_err *err)
{
	struct rounds *r = ctx;
	struct zone_question *q = step->cookie;

	if (f->status == DIAG_ST_TRUNCATED && !step->tcp) {
		q->over_tcp = true;
		r->n_tcp++;
		return true;
	}
	return diag_store_add(r->a->store, f, &q->answer, err);
}

static void rounds_done(void *ctx, const struct diag_step *step)
{
	struct rounds *r = ctx;

	(void)step;
	r->in_flight--;
}

static bool rounds_waiting(void *ctx)
{
	const struct rounds *r = ctx;

	return r->pausing && !r->over;
}

static void rounds_cancel(void *ctx)
{
	struct rounds *r = ctx;

	r->over = true;
	r->pausing = false;
}

static void rounds_free(void *ctx)
{
	(void)ctx; /* the caller's */
}

/* --- all of it -------------------------------------------------------------
 */

static void fill_gaps(struct zone_asking *a)
{
	static const struct diag_fact not_run = { .kind = DIAG_FACT_DNS,
						  .status = DIAG_ST_NOT_RUN };

	for (size_t i = 0; i < a->n; i++)
		if (a->questions[i].answer == NULL)
			a->questions[i].answer = &not_run;
}

bool zone_ask(struct zone_asking *a, struct diag_err *err)
{
	static const struct diag_probe_ops *const probes[] = { &probe_dns,
							       NULL };
	const struct diag_run_options options = {
		.probes = probes,
		.user_agent = "pldiag/" DIAG_VERSION,
		.max_in_flight = IN_FLIGHT,
		.handle_signals = true,
	};
	struct rounds r = { .a = a,
			    .began_us = diag_time_mono_us(),
			    .pause_us = PAUSE_FIRST_US };
	struct diag_plan plan = {
		.ctx = &r,
		.next = rounds_next,
		.learn = rounds_learn,
		.done = rounds_done,
		.waiting = rounds_waiting,
		.cancel = rounds_cancel,
		.free = rounds_free,
	};
	struct diag_run_result result = { .signal = 0 };
	bool ok;

	for (size_t i = 0; i < a->n; i++) {
		a->questions[i].asked = a->questions[i].over_tcp = false;
		a->questions[i].answer = NULL;
	}
	ok = diag_run(&plan, &options, &result, err);
	a->signal = result.signal;
	fill_gaps(a);
	return ok;
}

const char *zone_ask_words(enum diag_status status)
{
	static const struct {
		enum diag_status status;
		const char *words;
	} rows[] = {
		{ DIAG_ST_NODATA, "no such record" },
		{ DIAG_ST_NXDOMAIN, "no such name" },
		{ DIAG_ST_REFUSED, "refused" },
		{ DIAG_ST_SERVFAIL, "the server failed (SERVFAIL)" },
		{ DIAG_ST_TIMEOUT, "silence" },
		{ DIAG_ST_PORT_CLOSED, "the port is closed" },
		{ DIAG_ST_UNREACHABLE, "the server cannot be reached" },
		{ DIAG_ST_MALFORMED, "what came back is no answer" },
		{ DIAG_ST_TRUNCATED, "truncated, and no answer over TCP" },
		{ DIAG_ST_NOT_RUN, "not asked" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].status == status)
			return rows[i].words;
	return "an answer that cannot be used";
}

bool zone_ask_replied(const struct zone_question *q)
{
	return q->answer->kind == DIAG_FACT_DNS &&
	       q->answer->status != DIAG_ST_NOT_RUN &&
	       q->answer->dns.rcode >= 0;
}
