/* SPDX-License-Identifier: MIT */
/* Killed at every system call: the file is the old or the new one, byte for
 * byte; the next one who opens it finds out which, cleans up, and the history
 * says the same.
 *
 * Each case below is run again and again, killed one call later each time,
 * until it completes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/fix/stage.h"
#include "tests/fix/tracer.h"

/* A piece of work that turns before into after. */
struct act {
	struct stage *s;
	void (*prepare)(struct stage *s); /* after stage_reset() */
	bool (*work)(const struct stage *s);
	const char *before, *after; /* NULL: no file */
	int (*always)(long call);   /* what this machine cannot do */
};

static void do_work(void *ctx)
{
	const struct act *act = ctx;

	if (!act->work(act->s))
		_exit(3);
}

/* Longer than a page and than a block of the mix, and different everywhere. */
static char long_old[9001], long_new[20001];

static bool work_apply(const struct stage *s)
{
	struct diag_err err = { 0 };

	return stage_apply(s, long_new, &err);
}

static bool work_shrink(const struct stage *s)
{
	struct diag_err err = { 0 };

	return stage_apply(s, "short\n", &err);
}

static bool work_undo(const struct stage *s)
{
	struct diag_err err = { 0 };

	return stage_undo(s, 0, &err);
}

static void put_long(struct stage *s)
{
	stage_put(s->file, long_old);
}

static void no_file(struct stage *s)
{
	assert_int_equal(0, unlink(s->file));
}

static void applied(struct stage *s)
{
	put_long(s);
	stage_must_apply(s, long_new);
}

static void made(struct stage *s)
{
	no_file(s);
	stage_must_apply(s, long_new);
}

static size_t changes_of(struct diag_writer *w, struct diag_change *last)
{
	const struct diag_change *c = NULL;
	struct diag_err err = { 0 };
	struct diag_arena arena;
	size_t n = 0;

	diag_arena_init(&arena, 0);
	assert_true(diag_writer_history(w, &arena, &c, &n, &err));
	if (n > 0)
		*last = c[n - 1];
	diag_arena_clear(&arena);
	return n;
}

static size_t changes_in(struct stage *s)
{
	struct diag_writer *w = stage_open(s);
	struct diag_change last;
	size_t n = changes_of(w, &last);

	diag_writer_close(w);
	return n;
}

/* How often each of the two was found. */
struct tally {
	unsigned old, new;
};

/* After the crash, and n0 changes before it. */
static void check_after(const struct act *act, size_t n0, unsigned call,
			struct tally *tally)
{
	bool torn = !stage_holds(act->s->file, act->before) &&
		    !stage_holds(act->s->file, act->after);
	struct diag_writer *w = stage_open(act->s);
	struct diag_change last;
	bool is_new = stage_holds(act->s->file, act->after);
	size_t n = changes_of(w, &last);
	enum diag_recovery said = diag_writer_recovered(w);

	diag_writer_close(w);
	if (!is_new && !stage_holds(act->s->file, act->before))
		fail_msg("call %u: neither old nor new", call);
	if (torn && act->always == NULL && strstr(act->s->file, "bind") == NULL)
		fail_msg("call %u: torn", call);
	if (n != n0 + is_new)
		fail_msg("call %u: %zu changes in the history, file is %s",
			 call, n, is_new ? "new" : "old");
	if ((said == DIAG_RECOVERED_NEW && !is_new) ||
	    (said == DIAG_RECOVERED_OLD && is_new))
		fail_msg("call %u: told the wrong end", call);
	stage_assert_clean(act->s);
	tally->old += !is_new;
	tally->new += is_new;
}

/* What is left is good to work with. */
static void check_usable(const struct act *act)
{
	struct diag_err err = { 0 };
	bool is_new = stage_holds(act->s->file, act->after);

	if (!is_new && !act->work(act->s))
		fail_msg("it cannot be done again");
	stage_assert_holds(act->s->file, act->after);
	if (act->work != work_undo && !stage_undo(act->s, 0, &err))
		fail_msg("%s", stage_error(&err));
	if (act->work != work_undo)
		stage_assert_holds(act->s->file, act->before);
	stage_assert_clean(act->s);
}

static void prepare(const struct act *act)
{
	stage_reset(act->s);
	act->prepare(act->s);
}

static void kill_everywhere(const struct act *act)
{
	struct tracer_plan plan = { .kill_at = 1, .always = act->always };
	struct tracer_end end = { 0 };
	struct tally tally = { 0, 0 };
	size_t n0;

	for (; !end.completed; plan.kill_at++) {
		prepare(act);
		n0 = changes_in(act->s);
		end = tracer_run(do_work, (void *)(uintptr_t)act, &plan);
		check_after(act, n0, plan.kill_at, &tally);
		check_usable(act);
	}
	print_message("%u calls: %u old, %u new\n", end.calls, tally.old,
		      tally.new);
	/* Both ends were seen, or nothing was tested. */
	assert_true(end.calls > 60 && tally.old > 20 && tally.new > 2);
}

static void an_apply_is_old_or_new(void **state)
{
	const struct act act = { *state,   put_long, work_apply,
				 long_old, long_new, NULL };

	kill_everywhere(&act);
}

static void an_undo_is_old_or_new(void **state)
{
	const struct act act = { *state,   applied,  work_undo,
				 long_new, long_old, NULL };

	kill_everywhere(&act);
}

static void making_a_file_is_old_or_new(void **state)
{
	const struct act act = { *state, no_file,  work_apply,
				 NULL,	 long_new, NULL };

	kill_everywhere(&act);
}

static void removing_it_again_is_old_or_new(void **state)
{
	const struct act act = {
		*state, made, work_undo, long_new, NULL, NULL
	};

	kill_everywhere(&act);
}

/* --- where the machine can do less ---------------------------------------- */

static int no_renameat2(long call)
{
	return call == SYS_renameat2 ? EINVAL : 0;
}

static int no_lease(long call)
{
	return call == SYS_fcntl ? EINVAL : 0;
}

static void without_exchange_it_is_old_or_new_as_well(void **state)
{
	const struct act act = { *state,   put_long, work_apply,
				 long_old, long_new, no_renameat2 };

	if (!tracer_can_fail())
		skip();
	kill_everywhere(&act);
}

static void making_a_file_by_a_link_is_old_or_new(void **state)
{
	const struct act act = { *state, no_file,  work_apply,
				 NULL,	 long_new, no_renameat2 };

	if (!tracer_can_fail())
		skip();
	kill_everywhere(&act);
}

static void removing_by_a_link_is_old_or_new(void **state)
{
	const struct act act = { *state,   made, work_undo,
				 long_new, NULL, no_renameat2 };

	if (!tracer_can_fail())
		skip();
	kill_everywhere(&act);
}

static void with_a_copy_of_the_old_it_is_old_or_new(void **state)
{
	const struct act act = { *state,   put_long, work_apply,
				 long_old, long_new, no_lease };

	if (!tracer_can_fail())
		skip();
	kill_everywhere(&act);
}

#define ON_STAGE(test) \
	cmocka_unit_test_setup_teardown(test, stage_setup_quick, stage_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(an_apply_is_old_or_new),
		ON_STAGE(an_undo_is_old_or_new),
		ON_STAGE(making_a_file_is_old_or_new),
		ON_STAGE(removing_it_again_is_old_or_new),
		ON_STAGE(without_exchange_it_is_old_or_new_as_well),
		ON_STAGE(making_a_file_by_a_link_is_old_or_new),
		ON_STAGE(removing_by_a_link_is_old_or_new),
		ON_STAGE(with_a_copy_of_the_old_it_is_old_or_new),
	};

	if (!tracer_works()) {
		print_message("no process may be traced here\n");
		return 77;
	}
	memset(long_old, 'o', sizeof(long_old) - 1);
	memset(long_new, 'n', sizeof(long_new) - 1);
	(void)work_shrink;
	return cmocka_run_group_tests_name("writer_crash", tests, NULL, NULL);
}
