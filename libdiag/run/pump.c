/* SPDX-License-Identifier: MIT */
/* pump.c - one turn of the loop.
 *
 * The pump runs once per turn of the loop, before the loop waits: it stops
 * what has ended, pulls new steps up to the cap, and sets the alarm to the
 * earliest deadline.  Facts reach the sink and the plan at once, from inside
 * the probes' callbacks; starting and stopping wait for the pump, so neither
 * a plan nor a probe is ever entered twice.
 *
 * A run that is cut short (signal, deadline, a failing sink) takes the same
 * road faster: every probe in flight is asked for what it knows, and every
 * step that the plan still holds becomes a `not-run` fact, because a gap must
 * never look like health.
 */
#include "run/run_internal.h"

#define NS_PER_MS      UINT64_C(1000000)
#define TICK_MS	       10 /* a plan that waits for input is asked again */
#define PROGRESS_NS    (100 * NS_PER_MS)
#define STEPS_PER_TURN 1024

static void run_cut(struct diag_run *r)
{
	struct diag_step step;

	r->cut = true;
	r->result->complete = false;
	while (r->active.head) {
		r->active.head->probe.cancelled = true;
		item_expire(r->active.head);
	}
	items_reap(r);
	if (r->plan->cancel)
		r->plan->cancel(r->plan->ctx);
	while (!r->failed && r->plan->next(r->plan->ctx, &step)) {
		r->result->steps++;
		item_not_run(r, &step, NULL);
		if (r->plan->done)
			r->plan->done(r->plan->ctx, &step);
	}
	r->dry = true;
}

/* What is in flight would not be told any more, and may have no end. */
static void fail_with_plan(struct diag_run *r)
{
	if (r->plan->failed && r->plan->failed(r->plan->ctx, r->err))
		run_fail(r);
}

static void pull(struct diag_run *r)
{
	struct diag_step step;
	size_t n = 0;

	r->dry = false;
	while (!r->cut && r->active.n < r->cap) {
		if (n++ == STEPS_PER_TURN) {
			uv_stop(&r->loop); /* a turn for the others */
			return;
		}
		if (!r->plan->next(r->plan->ctx, &step)) {
			r->dry = true;
			fail_with_plan(r);
			return;
		}
		if (!item_start(r, &step))
			run_fail(r);
		items_reap(r);
	}
}

static uint64_t earliest(const struct diag_run *r)
{
	struct heap_node *top = heap_top(&r->deadlines);

	return top && top->due_ns < r->due_ns ? top->due_ns : r->due_ns;
}

static void on_alarm(uv_timer_t *timer)
{
	struct diag_run *r = timer->data;
	uint64_t now_ns = diag_run_now_ns(r);
	struct heap_node *top;

	r->alarm_ns = 0;
	while ((top = heap_top(&r->deadlines)) && top->due_ns <= now_ns) {
		char *p = (char *)top - offsetof(struct item, deadline);

		item_expire((struct item *)(void *)p);
	}
	if (!r->cut && r->due_ns <= now_ns) {
		r->result->deadline = true;
		run_cut(r);
	}
}

static void set_alarm(struct diag_run *r)
{
	uint64_t due_ns = earliest(r), now_ns, wait_ms = 0;

	if (due_ns == r->alarm_ns || due_ns == UINT64_MAX)
		return;
	/* An alarm that rings too early is only set again. */
	if (r->alarm_ns != 0 && r->alarm_ns < due_ns)
		return;
	r->alarm_ns = due_ns;
	uv_update_time(&r->loop);
	now_ns = diag_run_now_ns(r);
	if (due_ns > now_ns)
		wait_ms = (due_ns - now_ns) / NS_PER_MS + 1;
	(void)uv_timer_start(&r->alarm, on_alarm, wait_ms, 0);
}

static bool waits(const struct diag_run *r)
{
	return !r->cut && r->plan->waiting && r->plan->waiting(r->plan->ctx);
}

bool run_over(const struct diag_run *r)
{
	return r->active.n == 0 && r->ended.n == 0 &&
	       (r->cut || (r->dry && !waits(r)));
}

static void tell_progress(struct diag_run *r)
{
	uint64_t now_ns;

	if (!r->o->progress)
		return;
	now_ns = diag_run_now_ns(r);
	if (now_ns - r->progress_ns < PROGRESS_NS)
		return;
	r->progress_ns = now_ns;
	r->o->progress(r->o->progress_ctx, r->result->steps - r->active.n,
		       r->active.n);
}

static void on_tick(uv_timer_t *timer)
{
	struct diag_run *r = timer->data;

	r->ticking = false; /* the pump does the rest */
}

static void set_tick(struct diag_run *r)
{
	uint64_t ms = waits(r) ? TICK_MS : PROGRESS_NS / NS_PER_MS;

	if (r->ticking || (!r->o->progress && ms != TICK_MS))
		return;
	r->ticking = true;
	(void)uv_timer_start(&r->tick, on_tick, ms, 0);
}

void pump_turn(uv_prepare_t *pump)
{
	struct diag_run *r = pump->data;

	items_reap(r);
	if (!r->cut)
		pull(r);
	if (r->failed)
		run_cut(r);
	tell_progress(r);
	if (run_over(r)) {
		uv_stop(&r->loop);
		return;
	}
	set_alarm(r);
	set_tick(r);
}

void pump_signal(uv_signal_t *handle, int signum)
{
	struct diag_run *r = handle->data;

	if (r->cut)
		return;
	r->result->signal = signum;
	run_cut(r);
}
