/* SPDX-License-Identifier: MIT */
/* The runner against probes that behave badly in every way a probe can. */
#include "run/runner.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

enum manner {
	AT_ONCE,       /* emits and is done inside start */
	TWICE,	       /* done twice, and emits after that */
	MUTE,	       /* done without a fact */
	SILENT,	       /* waits for its deadline, then says timeout */
	STUBBORN,      /* not even done when its deadline comes */
	FAILS,	       /* start fails */
	RELEASED_LATE, /* its release takes a turn of the loop */
	NEVER_RELEASED,
	RAISES, /* sends us SIGINT, then is silent */
};

struct fake_state {
	uv_timer_t handle;
};

static struct {
	size_t opened, closed, started, stopped, ended_slots;
	unsigned most_in_flight, in_flight;
} seen;

static struct diag_probe *held; /* of NEVER_RELEASED */

static void say(struct diag_probe *p, enum diag_status status)
{
	struct diag_fact f = { .kind = DIAG_FACT_TCP, .status = status };

	f.tcp.port = p->step->port;
	diag_probe_emit(p, &f);
}

static bool fake_open(struct diag_run *run, void **shared, struct diag_err *err)
{
	(void)run;
	(void)err;
	seen.opened++;
	*shared = &seen;
	return true;
}

static void fake_close(void *shared)
{
	assert_ptr_equal(&seen, shared);
	assert_int_equal(seen.started, seen.stopped);
	seen.closed++;
}

static enum manner manner_of(const struct diag_probe *p)
{
	return *(const enum manner *)p->step->cookie;
}

static bool fake_start(struct diag_probe *p, struct diag_err *err)
{
	seen.started++;
	if (++seen.in_flight > seen.most_in_flight)
		seen.most_in_flight = seen.in_flight;
	switch (manner_of(p)) {
	case SILENT:
	case STUBBORN:
		return true;
	case RAISES:
		return raise(SIGINT) == 0;
	case FAILS:
		errno = EMFILE;
		return diag_fail_sys(err, "fake", "port %u", p->step->port);
	case MUTE:
		break;
	default:
		say(p, DIAG_ST_OPEN);
	}
	diag_probe_done(p);
	if (manner_of(p) == TWICE) {
		say(p, DIAG_ST_REFUSED);
		diag_probe_done(p);
	}
	return true;
}

static void fake_expire(struct diag_probe *p)
{
	if (manner_of(p) == STUBBORN)
		return;
	say(p, p->cancelled ? DIAG_ST_NOT_RUN : DIAG_ST_TIMEOUT);
	diag_probe_done(p);
}

static void on_closed(uv_handle_t *handle)
{
	diag_probe_released(handle->data);
}

static void fake_stop(struct diag_probe *p)
{
	struct fake_state *s = p->state;

	seen.stopped++;
	seen.in_flight--;
	if (manner_of(p) == NEVER_RELEASED) {
		held = p;
		return;
	}
	if (manner_of(p) != RELEASED_LATE) {
		diag_probe_released(p);
		return;
	}
	s->handle.data = p;
	(void)uv_timer_init(p->loop, &s->handle);
	uv_close((uv_handle_t *)&s->handle, on_closed);
}

static const struct diag_probe_ops fake = {
	.kind = DIAG_PROBE_CONNECT,
	.name = "fake",
	.state_size = sizeof(struct fake_state),
	.open = fake_open,
	.close = fake_close,
	.start = fake_start,
	.expire = fake_expire,
	.stop = fake_stop,
};

/* --- a plan of manners, and a sink that remembers --------------------------
 */

struct script {
	const enum manner *manners;
	size_t n, given, learnt, done;
	unsigned timeout_ms;
	unsigned late; /* how often next() has nothing yet */
	bool freed, cancelled, learn_fails, gives_up;
	const char *extra; /* target of one more step once a fact came */
};

static bool script_next(void *ctx, struct diag_step *step)
{
	struct script *s = ctx;

	if (s->late > 0) {
		s->late--;
		return false;
	}
	if (s->given == s->n) {
		static const enum manner at_once = AT_ONCE;

		if (s->extra == NULL || s->learnt == 0)
			return false;
		*step = (struct diag_step){ .probe = DIAG_PROBE_CONNECT,
					    .target = s->extra };
		memcpy(&step->cookie, &(const void *){ &at_once },
		       sizeof(step->cookie));
		s->extra = NULL;
		return true;
	}
	*step = (struct diag_step){
		.probe = DIAG_PROBE_CONNECT,
		.target = "a.example",
		.port = (uint16_t)(s->given + 1),
		.timeout_ms = s->timeout_ms,
	};
	memcpy(&step->cookie, &(const void *){ &s->manners[s->given] },
	       sizeof(step->cookie));
	s->given++;
	return true;
}

static bool script_learn(void *ctx, const struct diag_step *step,
			 const struct diag_fact *f, struct diag_err *err)
{
	struct script *s = ctx;

	assert_int_equal(step->port, f->tcp.port);
	s->learnt++;
	return !s->learn_fails || diag_fail_nomem(err, "script");
}

static void script_done(void *ctx, const struct diag_step *step)
{
	struct script *s = ctx;

	(void)step;
	s->done++;
}

static bool script_waiting(void *ctx)
{
	const struct script *s = ctx;

	return s->given < s->n;
}

static void script_cancel(void *ctx)
{
	struct script *s = ctx;

	s->cancelled = true;
}

static bool script_failed(void *ctx, struct diag_err *err)
{
	const struct script *s = ctx;

	return s->gives_up && !diag_fail(err, DIAG_EUSAGE, "script", "no more");
}

static void script_free(void *ctx)
{
	struct script *s = ctx;

	s->freed = true;
}

#define FACTS_MAX 64
struct memory {
	enum diag_status status[FACTS_MAX];
	uint32_t id[FACTS_MAX];
	int sys[FACTS_MAX];
	char target[FACTS_MAX][32];
	size_t n, fail_at;
};

static bool remember(void *ctx, const struct diag_fact *f, struct diag_err *err)
{
	struct memory *m = ctx;

	if (m->fail_at > 0 && m->n + 1 == m->fail_at)
		return diag_fail(err, DIAG_EIO, "sink", "full");
	assert_true(m->n < FACTS_MAX);
	m->status[m->n] = f->status;
	m->id[m->n] = f->id;
	m->sys[m->n] = f->sys_errno;
	(void)snprintf(m->target[m->n], sizeof(m->target[0]), "%s", f->target);
	m->n++;
	return true;
}

static bool run_with(struct script *s, struct memory *m,
		     const struct diag_run_options *base,
		     struct diag_run_result *result, struct diag_err *err)
{
	const struct diag_probe_ops *const probes[] = { &fake, NULL };
	struct diag_plan plan = {
		.ctx = s,
		.next = script_next,
		.learn = script_learn,
		.done = script_done,
		.waiting = script_waiting,
		.cancel = script_cancel,
		.failed = script_failed,
		.free = script_free,
	};
	struct diag_run_options o = *base;

	memset(&seen, 0, sizeof(seen));
	o.probes = o.probes ? o.probes : probes;
	o.sink = (struct diag_sink){ remember, m };
	return diag_run(&plan, &o, result, err);
}

static const struct diag_run_options plain;

static void expect_one(enum manner manner, enum diag_status status)
{
	struct script s = { .manners = &manner, .n = 1, .timeout_ms = 1 };
	struct memory m = { 0 };
	struct diag_run_result result;
	struct diag_err err = { 0 };

	assert_true(run_with(&s, &m, &plain, &result, &err));
	assert_int_equal(1, m.n);
	assert_int_equal(status, m.status[0]);
	assert_int_equal(1, m.id[0]);
	assert_int_equal(1, s.done);
	assert_int_equal(1, s.learnt);
	assert_int_equal(1, seen.stopped);
	assert_int_equal(1, seen.opened);
	assert_int_equal(1, seen.closed);
	assert_true(s.freed);
	assert_true(result.complete);
	assert_false(result.abandoned);
}

static void a_fact_reaches_sink_and_plan(void **unused)
{
	(void)unused;
	expect_one(AT_ONCE, DIAG_ST_OPEN);
}

static void done_twice_counts_once_and_later_facts_are_ignored(void **unused)
{
	(void)unused;
	expect_one(TWICE, DIAG_ST_OPEN);
}

static void done_without_a_fact_is_not_run(void **unused)
{
	(void)unused;
	expect_one(MUTE, DIAG_ST_NOT_RUN);
}

static void a_silent_probe_ends_at_its_deadline(void **unused)
{
	(void)unused;
	expect_one(SILENT, DIAG_ST_TIMEOUT);
}

static void a_probe_that_ignores_its_deadline_is_ended_for_it(void **unused)
{
	(void)unused;
	expect_one(STUBBORN, DIAG_ST_NOT_RUN);
}

static void a_late_release_is_waited_for(void **unused)
{
	(void)unused;
	expect_one(RELEASED_LATE, DIAG_ST_OPEN);
}

static void a_start_that_fails_is_a_fact_with_its_errno(void **unused)
{
	enum manner manner = FAILS;
	struct script s = { .manners = &manner, .n = 1, .timeout_ms = 1 };
	struct memory m = { 0 };
	struct diag_run_result result;

	(void)unused;
	assert_true(run_with(&s, &m, &plain, &result, NULL));
	assert_int_equal(DIAG_ST_NOT_RUN, m.status[0]);
	assert_int_equal(EMFILE, m.sys[0]);
	assert_int_equal(1, seen.stopped);
}

static void a_release_that_never_comes_abandons_the_run(void **unused)
{
	enum manner manner = NEVER_RELEASED;
	struct script s = { .manners = &manner, .n = 1, .timeout_ms = 1 };
	struct memory m = { 0 };
	struct diag_run_result result;

	(void)unused;
	assert_true(run_with(&s, &m, &plain, &result, NULL));
	assert_true(result.abandoned);
	assert_true(result.complete);
	assert_int_equal(DIAG_ST_OPEN, m.status[0]);
	/* What a stuck thread may still use is not taken from it. */
	assert_int_equal(0, seen.closed);
	assert_non_null(held);
}

static void the_cap_holds_and_everything_runs(void **unused)
{
	enum manner manners[40];
	struct script s = { .manners = manners, .n = 40, .timeout_ms = 1 };
	struct memory m = { 0 };
	struct diag_run_result result;
	struct diag_run_options o = { .max_in_flight = 7 };

	(void)unused;
	for (size_t i = 0; i < 40; i++)
		manners[i] = SILENT;
	assert_true(run_with(&s, &m, &o, &result, NULL));
	assert_int_equal(40, m.n);
	assert_int_equal(40, m.id[39]);
	assert_int_equal(7, seen.most_in_flight);
	assert_int_equal(40, result.steps);
	assert_int_equal(40, result.facts);
}

static void what_a_fact_taught_is_asked_too(void **unused)
{
	enum manner manner = SILENT;
	struct script s = { .manners = &manner,
			    .n = 1,
			    .timeout_ms = 1,
			    .extra = "b.example" };
	struct memory m = { 0 };
	struct diag_run_result result;

	(void)unused;
	assert_true(run_with(&s, &m, &plain, &result, NULL));
	assert_int_equal(2, m.n);
	assert_string_equal("b.example", m.target[1]);
}

static void a_plan_that_waits_for_input_keeps_the_run_alive(void **unused)
{
	enum manner manner = AT_ONCE;
	struct script s = { .manners = &manner, .n = 1, .late = 3 };
	struct memory m = { 0 };
	struct diag_run_result result;

	(void)unused;
	assert_true(run_with(&s, &m, &plain, &result, NULL));
	assert_int_equal(1, m.n);
}

static void the_run_deadline_leaves_not_run_facts_for_every_step(void **unused)
{
	enum manner manners[] = { SILENT, SILENT, STUBBORN, SILENT, AT_ONCE };
	struct script s = { .manners = manners, .n = 5, .timeout_ms = 60000 };
	struct memory m = { 0 };
	struct diag_run_result result;
	struct diag_run_options o = { .max_in_flight = 3, .deadline_ms = 1 };

	(void)unused;
	assert_true(run_with(&s, &m, &o, &result, NULL));
	assert_true(result.deadline);
	assert_false(result.complete);
	assert_int_equal(5, m.n);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(DIAG_ST_NOT_RUN, m.status[i]);
	assert_int_equal(5, s.done);
	assert_int_equal(3, seen.started);
	assert_true(s.cancelled);
}

static void a_signal_cancels_and_is_told(void **unused)
{
	enum manner manners[] = { AT_ONCE, RAISES, SILENT };
	struct script s = { .manners = manners, .n = 3, .timeout_ms = 60000 };
	struct memory m = { 0 };
	struct diag_run_result result;
	struct diag_run_options o = { .handle_signals = true };

	(void)unused;
	assert_true(run_with(&s, &m, &o, &result, NULL));
	assert_int_equal(SIGINT, result.signal);
	assert_false(result.complete);
	assert_int_equal(3, m.n);
	assert_int_equal(DIAG_ST_OPEN, m.status[0]);
	assert_int_equal(DIAG_ST_NOT_RUN, m.status[1]);
	assert_int_equal(DIAG_ST_NOT_RUN, m.status[2]);
}

static void a_sink_that_fails_stops_the_run(void **unused)
{
	enum manner manners[] = { AT_ONCE, SILENT, AT_ONCE, AT_ONCE };
	struct script s = { .manners = manners, .n = 4, .timeout_ms = 60000 };
	struct memory m = { .fail_at = 2 };
	struct diag_run_result result;
	struct diag_err err = { 0 };

	(void)unused;
	assert_false(run_with(&s, &m, &plain, &result, &err));
	assert_int_equal(DIAG_EIO, err.code);
	assert_int_equal(1, m.n);
	assert_int_equal(3, seen.started);
	assert_int_equal(3, seen.stopped);
	assert_true(s.freed);
}

static void a_plan_that_fails_to_learn_stops_the_run(void **unused)
{
	enum manner manners[] = { AT_ONCE, AT_ONCE };
	struct script s = { .manners = manners, .n = 2, .learn_fails = true };
	struct memory m = { 0 };
	struct diag_run_result result;
	struct diag_err err = { 0 };

	(void)unused;
	assert_false(run_with(&s, &m, &plain, &result, &err));
	assert_int_equal(DIAG_ENOMEM, err.code);
	assert_int_equal(1, m.n);
}

/* Without that, what has no deadline would be waited for without an end. */
static void a_plan_that_gives_up_ends_what_is_in_flight(void **unused)
{
	enum manner manners[] = { SILENT, SILENT };
	struct script s = {
		.manners = manners, .n = 2, .timeout_ms = 200, .gives_up = true
	};
	struct memory m = { 0 };
	struct diag_run_result result;
	struct diag_err err = { 0 };

	(void)unused;
	assert_false(run_with(&s, &m, &plain, &result, &err));
	assert_int_equal(DIAG_EUSAGE, err.code);
	assert_int_equal(0, m.n); /* not even that they got no answer */
	assert_int_equal(2, seen.stopped);
	assert_false(result.complete);
}

static void a_kind_this_tool_has_no_probe_for_is_not_run(void **unused)
{
	static const struct diag_probe_ops *const none[] = { NULL };
	enum manner manner = AT_ONCE;
	struct script s = { .manners = &manner, .n = 1 };
	struct memory m = { 0 };
	struct diag_run_result result;
	struct diag_run_options o = { .probes = none };

	(void)unused;
	assert_true(run_with(&s, &m, &o, &result, NULL));
	assert_int_equal(DIAG_ST_NOT_RUN, m.status[0]);
	assert_int_equal(1, s.done);
}

static void an_empty_plan_ends_at_once(void **unused)
{
	struct script s = { 0 };
	struct memory m = { 0 };
	struct diag_run_result result;

	(void)unused;
	assert_true(run_with(&s, &m, &plain, &result, NULL));
	assert_int_equal(0, m.n);
	assert_int_equal(0, seen.opened);
	assert_true(result.complete);
}

static void any_allocation_may_fail_and_nothing_leaks(void **unused)
{
	enum manner manners[] = { AT_ONCE, SILENT, RELEASED_LATE };
	struct diag_run_result result;
	bool ok = false;

	(void)unused;
	for (unsigned long nth = 1; !ok; nth++) {
		struct script s = { .manners = manners,
				    .n = 3,
				    .timeout_ms = 1 };
		struct memory m = { 0 };
		struct diag_err err = { 0 };

		diag_mem_fail_nth(nth);
		ok = run_with(&s, &m, &plain, &result, &err);
		diag_mem_fail_nth(0);
		assert_int_equal(ok ? DIAG_OK : DIAG_ENOMEM, err.code);
		assert_true(s.freed);
		assert_int_equal(seen.started, seen.stopped);
	}
}

static void one_probe_runs_alone(void **unused)
{
	enum manner manner = AT_ONCE;
	struct memory m = { 0 };
	struct diag_step step = { .probe = DIAG_PROBE_CONNECT,
				  .target = "a.example",
				  .cookie = &manner };
	struct diag_run_options o = { .sink = { remember, &m } };

	(void)unused;
	assert_true(diag_probe_run(&fake, &step, &o, NULL));
	assert_int_equal(1, m.n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fact_reaches_sink_and_plan),
		cmocka_unit_test(
		    done_twice_counts_once_and_later_facts_are_ignored),
		cmocka_unit_test(done_without_a_fact_is_not_run),
		cmocka_unit_test(a_silent_probe_ends_at_its_deadline),
		cmocka_unit_test(
		    a_probe_that_ignores_its_deadline_is_ended_for_it),
		cmocka_unit_test(a_late_release_is_waited_for),
		cmocka_unit_test(a_start_that_fails_is_a_fact_with_its_errno),
		cmocka_unit_test(a_release_that_never_comes_abandons_the_run),
		cmocka_unit_test(the_cap_holds_and_everything_runs),
		cmocka_unit_test(what_a_fact_taught_is_asked_too),
		cmocka_unit_test(
		    a_plan_that_waits_for_input_keeps_the_run_alive),
		cmocka_unit_test(
		    the_run_deadline_leaves_not_run_facts_for_every_step),
		cmocka_unit_test(a_signal_cancels_and_is_told),
		cmocka_unit_test(a_sink_that_fails_stops_the_run),
		cmocka_unit_test(a_plan_that_fails_to_learn_stops_the_run),
		cmocka_unit_test(a_plan_that_gives_up_ends_what_is_in_flight),
		cmocka_unit_test(a_kind_this_tool_has_no_probe_for_is_not_run),
		cmocka_unit_test(an_empty_plan_ends_at_once),
		cmocka_unit_test(any_allocation_may_fail_and_nothing_leaks),
		cmocka_unit_test(one_probe_runs_alone),
	};

	return cmocka_run_group_tests_name("run/runner", tests, NULL, NULL);
}
