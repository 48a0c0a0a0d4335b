/* SPDX-License-Identifier: MIT */
/* runner.c - making a run and ending it; pump.c is what happens between. */
#include <errno.h>
#include <signal.h>

#include "base/mem.h"
#include "base/time.h"
#include "net/sock.h"
#include "run/run_internal.h"

#define NS_PER_MS      UINT64_C(1000000)
#define CAP_DEFAULT    4096
#define CAP_SPARE      64 /* descriptors that are not steps */
#define TURNS_TO_LEAVE 8  /* of the loop, for closes already under way */

/* Runs whose threads may still write into them; kept, so that they stay
 * reachable until the process ends. */
static struct diag_run *abandoned;

static bool start_handles(struct diag_run *r)
{
	int rc = uv_loop_init(&r->loop);

	if (rc != 0) {
		errno = -rc;
		return diag_fail_sys(r->err, "run", "event loop");
	}
	r->loop.data = r;
	r->pump.data = r->alarm.data = r->tick.data = r;
	(void)uv_prepare_init(&r->loop, &r->pump);
	(void)uv_timer_init(&r->loop, &r->alarm);
	(void)uv_timer_init(&r->loop, &r->tick);
	(void)uv_prepare_start(&r->pump, pump_turn);
	if (r->o->handle_signals) {
		run_signals_init(&r->signals, &r->loop, r);
		(void)run_signals_start(&r->signals, pump_signal);
	}
	return true;
}

static void set_limits(struct diag_run *r)
{
	unsigned want = r->o->max_in_flight, have;

	if (want == 0)
		want = CAP_DEFAULT;
	have = diag_sock_raise_limit(want + CAP_SPARE);
	r->cap = want;
	if (have < want + CAP_SPARE)
		r->cap = have > 2 * CAP_SPARE ? have - CAP_SPARE : have / 2;
	if (r->cap == 0)
		r->cap = 1;
}

static struct diag_run *run_new(struct diag_plan *plan,
				const struct diag_run_options *o,
				struct diag_run_result *result,
				struct diag_err *err)
{
	struct diag_run *r = diag_alloc(sizeof(*r));

	if (r == NULL) {
		(void)diag_fail_nomem(err, "run");
		return NULL;
	}
	r->o = o;
	r->plan = plan;
	r->result = result;
	r->err = err;
	for (size_t i = 0; o->probes && o->probes[i]; i++)
		r->kinds[o->probes[i]->kind].ops = o->probes[i];
	set_limits(r);
	if (!start_handles(r)) {
		diag_free(r);
		return NULL;
	}
	r->clock_s = o->clock_s != 0 ? o->clock_s : diag_time_now_s();
	r->started_ns = diag_run_now_ns(r);
	r->due_ns = o->deadline_ms > 0
			? r->started_ns + o->deadline_ms * NS_PER_MS
			: UINT64_MAX;
	return r;
}

/* Give closes that are under way their turns of the loop.  What then still
 * holds on is a thread in a system call that nobody can take back. */
static void let_leave(struct diag_run *r)
{
	unsigned idle = 0;

	(void)uv_prepare_stop(&r->pump);
	(void)uv_timer_stop(&r->alarm);
	(void)uv_timer_stop(&r->tick);
	while (r->leaving.n > 0 && idle++ < TURNS_TO_LEAVE) {
		size_t before = r->leaving.n;

		(void)uv_run(&r->loop, UV_RUN_NOWAIT);
		if (r->leaving.n < before)
			idle = 0;
	}
	r->result->abandoned = r->leaving.n > 0;
}

static void close_shared(struct diag_run *r)
{
	for (size_t i = 0; i < DIAG_N_PROBES; i++) {
		struct kind *k = &r->kinds[i];

		if (k->opened && k->live == 0 && k->ops->close)
			k->ops->close(k->shared);
	}
	for (size_t i = 0; i < DIAG_RUN_SLOTS && !r->result->abandoned; i++) {
		struct slot *s = &r->slots[i];

		if (s->end && s->held)
			s->end(s->held);
	}
}

static void run_free(struct diag_run *r)
{
	heap_clear(&r->deadlines);
	if (r->result->abandoned) {
		r->next_abandoned = abandoned;
		abandoned = r;
		return;
	}
	uv_close((uv_handle_t *)&r->pump, NULL);
	uv_close((uv_handle_t *)&r->alarm, NULL);
	uv_close((uv_handle_t *)&r->tick, NULL);
	if (r->o->handle_signals)
		run_signals_close(&r->signals);
	(void)uv_run(&r->loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&r->loop);
	diag_free(r);
}

bool diag_run(struct diag_plan *plan, const struct diag_run_options *o,
	      struct diag_run_result *result, struct diag_err *err)
{
	struct diag_err spare = { 0 };
	struct diag_run *r;
	bool ok = false;

	*result = (struct diag_run_result){ .complete = true };
	r = run_new(plan, o, result, err ? err : &spare);
	if (r == NULL)
		goto out;
	while (!run_over(r))
		(void)uv_run(&r->loop, UV_RUN_ONCE);
	result->took_ms = diag_run_ms(r, diag_run_now_ns(r));
	let_leave(r);
	close_shared(r);
	ok = !r->failed;
	run_free(r);
out:
	if (ok && plan->failed && plan->failed(plan->ctx, err))
		ok = false;
	plan->free(plan->ctx);
	return ok;
}
