/* SPDX-License-Identifier: MIT */
/* How a watch ends: by time, by a signal, by its leash, and by who is served;
 * and that what was on its way is served before that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <unistd.h>

#include "run/watch.h"

struct served {
	int in[2], leash[2];
	unsigned bytes, enough; /* enough: then ready() says so */
	int signal;		/* sent when it has begun */
	bool late;		/* a byte comes only then */
	bool fails, let_go;
};

static bool begun(void *ctx, struct diag_err *err)
{
	struct served *s = ctx;

	(void)err;
	if (s->let_go) {
		(void)close(s->leash[1]);
		s->leash[1] = -1;
	}
	if (s->signal)
		assert_int_equal(0, raise(s->signal));
	if (s->late)
		assert_int_equal(1, write(s->in[1], "x", 1));
	return true;
}

static bool never_begun(void *ctx, struct diag_err *err)
{
	(void)ctx;
	return diag_fail(err, DIAG_EIO, "test", "cannot begin");
}

static bool ready(void *ctx, struct diag_err *err)
{
	struct served *s = ctx;
	char byte;

	assert_int_equal(1, read(s->in[0], &byte, 1));
	s->bytes++;
	if (s->fails)
		return diag_fail(err, DIAG_EIO, "test", "cannot read");
	return s->bytes != s->enough;
}

static int setup(void **state)
{
	static struct served s;

	s = (struct served){ .bytes = 0 };
	assert_int_equal(0, pipe(s.in));
	assert_int_equal(0, pipe(s.leash));
	*state = &s;
	return 0;
}

static int teardown(void **state)
{
	struct served *s = *state;

	(void)close(s->in[0]);
	(void)close(s->in[1]);
	(void)close(s->leash[0]);
	if (s->leash[1] >= 0)
		(void)close(s->leash[1]);
	return 0;
}

static struct diag_watch_end watched(struct served *s, unsigned for_ms,
				     bool leashed)
{
	const struct diag_watch w = { .fd = s->in[0],
				      .leash = leashed ? s->leash[0] : -1,
				      .for_ms = for_ms,
				      .linger_ms = 50,
				      .begun = begun,
				      .ready = ready,
				      .ctx = s };
	struct diag_err err = { 0 };
	struct diag_watch_end end;

	assert_true(diag_watch(&w, &end, &err));
	assert_int_equal(DIAG_OK, err.code);
	return end;
}

static void time_ends_it(void **state)
{
	struct diag_watch_end end = watched(*state, 10, false);

	assert_true(end.time && !end.let_go && end.signal == 0);
}

static void a_signal_ends_it_and_what_is_on_its_way_is_served(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct served *s = *state;

	s->late = true;
	for (unsigned i = 0; i < 3; i++) {
		struct diag_watch_end end;

		s->signal = signals[i];
		end = watched(s, 0, false);
		assert_int_equal(signals[i], end.signal);
		assert_false(end.time);
		assert_int_equal(i + 1, s->bytes);
	}
}

static void the_end_of_its_leash_ends_it(void **state)
{
	struct served *s = *state;
	struct diag_watch_end end;

	s->late = s->let_go = true;
	end = watched(s, 0, true);
	assert_true(end.let_go && !end.time);
	assert_int_equal(1, s->bytes);
}

static void on_a_leash_an_interrupt_does_not_end_it(void **state)
{
	struct served *s = *state;
	struct diag_watch_end end;

	s->signal = SIGINT;
	end = watched(s, 30, true);
	assert_true(end.time && end.signal == 0);
}

/* nohup(1) and the background of a shell. */
static void an_ignored_signal_stays_ignored(void **state)
{
	struct served *s = *state;
	struct diag_watch_end end;

	(void)signal(SIGINT, SIG_IGN);
	s->signal = SIGINT;
	end = watched(s, 30, false);
	(void)signal(SIGINT, SIG_DFL);
	assert_true(end.time && end.signal == 0);
}

static void who_is_served_may_have_enough(void **state)
{
	struct served *s = *state;
	struct diag_watch_end end;

	s->enough = 3;
	assert_int_equal(5, write(s->in[1], "12345", 5));
	end = watched(s, 0, false);
	assert_int_equal(3, s->bytes);
	assert_true(!end.time && !end.let_go && end.signal == 0);
}

static void a_failure_is_told(void **state)
{
	struct served *s = *state;
	struct diag_watch w = { .fd = s->in[0],
				.leash = -1,
				.begun = begun,
				.ready = ready,
				.ctx = s };
	struct diag_watch_end end;
	struct diag_err err = { 0 };

	s->fails = true;
	assert_int_equal(1, write(s->in[1], "x", 1));
	assert_false(diag_watch(&w, &end, &err));
	assert_int_equal(DIAG_EIO, err.code);
	w.begun = never_begun;
	err = (struct diag_err){ 0 };
	assert_false(diag_watch(&w, &end, &err));
	assert_string_equal("cannot begin", err.what);
}

#define WITH_PIPES(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PIPES(time_ends_it),
		WITH_PIPES(a_signal_ends_it_and_what_is_on_its_way_is_served),
		WITH_PIPES(the_end_of_its_leash_ends_it),
		WITH_PIPES(on_a_leash_an_interrupt_does_not_end_it),
		WITH_PIPES(an_ignored_signal_stays_ignored),
		WITH_PIPES(who_is_served_may_have_enough),
		WITH_PIPES(a_failure_is_told),
	};

	return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
