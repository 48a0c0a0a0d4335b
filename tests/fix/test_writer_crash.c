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
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/fix/stage.h"
#include "tests/support/tracer.h"

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
	if (torn && !act->s->bound)
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
		if (plan.kill_at % 3 == 0)
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

/* --- a big file: edits go from file to file --------------------------------
 */

static char big_old[(1 << 20) + 4097], big_new[sizeof(big_old) + 4];

static void put_big(struct stage *s)
{
	stage_put(s->file, big_old);
}

static bool work_edit(const struct stage *s)
{
	static const struct diag_edit e[] = {
		{ 1000, 4, "", 0, false },
		{ sizeof(big_old) - 1, 0, "new end\n", 8, false },
	};
	struct diag_err err = { 0 };

	return stage_edit(s, &(struct diag_edits){ e, 2 }, &err);
}

static void make_big(void)
{
	memset(big_old, 'o', sizeof(big_old) - 1);
	memcpy(big_new, big_old, sizeof(big_old) - 5);
	memcpy(big_new + sizeof(big_old) - 5, "new end\n", 9);
	stage_all_is_old();
}

static void edits_are_old_or_new(void **state)
{
	const struct act act = { *state,  put_big, work_edit,
				 big_old, big_new, NULL };

	kill_everywhere(&act);
}

static void edits_in_place_are_made_old_or_are_new(void **state)
{
	const struct act act = { *state,  put_big, work_edit,
				 big_old, big_new, NULL };

	if (!stage_bind(*state))
		skip();
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

/* --- a mount point: written in place -------------------------------------- */

static void in_place_it_is_made_old_or_is_new(void **state)
{
	const struct act act = { *state,   put_long, work_apply,
				 long_old, long_new, NULL };

	if (!stage_bind(*state))
		skip();
	kill_everywhere(&act);
}

static void in_place_a_shorter_one_as_well(void **state)
{
	const struct act act = { *state,   put_long,  work_shrink,
				 long_old, "short\n", NULL };

	if (!stage_bind(*state))
		skip();
	kill_everywhere(&act);
}

static void an_undo_in_place_as_well(void **state)
{
	const struct act act = { *state,   applied,  work_undo,
				 long_new, long_old, NULL };

	if (!stage_bind(*state))
		skip();
	kill_everywhere(&act);
}

/* Killed when all is ready and the file is still the old one. */
static void crash_when_ready(const struct act *act)
{
	struct tracer_plan plan = { .kill_at = 1, .always = act->always };
	char last[20000] = "";
	struct tracer_end end = { 0 };

	for (; strstr(last, "\"op\":\"ready\"") == NULL; plan.kill_at++) {
		assert_false(end.completed);
		prepare(act);
		end = tracer_run(do_work, (void *)(uintptr_t)act, &plan);
		stage_journal(act->s, last, sizeof(last));
	}
	stage_assert_holds(act->s->file, act->before);
}

/* What a power cut may leave: blocks of both, in any order, and zeros. */
static void put_mix(const struct stage *s, unsigned seed, size_t len)
{
	static char mix[sizeof(long_new)];

	for (size_t at = 0; at < len; at++) {
		unsigned kind = (seed >> (at / 512 % 16 * 2)) & 3;

		mix[at] = kind == 1		      ? '\0'
			  : kind == 0		      ? long_new[at]
			  : at < sizeof(long_old) - 1 ? long_old[at]
						      : long_new[at];
	}
	stage_put_bytes(s->file, mix, len);
}

static void any_mix_of_blocks_becomes_the_old_file(void **state)
{
	const struct act act = { *state,   put_long, work_apply,
				 long_old, long_new, NULL };
	static const size_t lens[] = { 9000, 9001, 9216, 9217, 15000, 20000 };
	struct diag_writer *w;

	if (!stage_bind(*state))
		skip();
	for (unsigned i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		crash_when_ready(&act);
		put_mix(act.s, 0x1b2e93u * (i + 1), lens[i]);
		w = stage_open(act.s);
		assert_int_equal(DIAG_RECOVERED_OLD, diag_writer_recovered(w));
		diag_writer_close(w);
		stage_assert_holds(act.s->file, long_old);
	}
}

/* Shorter than both: not our doing. */
static void a_file_cut_short_after_the_crash_is_left_alone(void **state)
{
	const struct act act = { *state,   put_long, work_apply,
				 long_old, long_new, NULL };
	char some[1001];

	if (!stage_bind(*state))
		skip();
	memset(some, 'o', sizeof(some) - 1);
	some[sizeof(some) - 1] = '\0';
	crash_when_ready(&act);
	stage_put(act.s->file, some);
	diag_writer_close(stage_open(act.s));
	stage_assert_holds(act.s->file, some);
}

static void an_edit_of_a_torn_file_is_left_alone(void **state)
{
	const struct act act = { *state,   put_long, work_apply,
				 long_old, long_new, NULL };
	struct diag_writer *w;

	if (!stage_bind(*state))
		skip();
	crash_when_ready(&act);
	stage_put(act.s->file, "somebody's own\n");
	w = stage_open(act.s);
	assert_int_equal(DIAG_RECOVERED_NEW, diag_writer_recovered(w));
	diag_writer_close(w);
	stage_assert_holds(act.s->file, "somebody's own\n");
	stage_must_undo(act.s, 0); /* what was there before is still kept */
	stage_assert_holds(act.s->file, long_old);
}

/* --- a crash in the recovery of a crash ----------------------------------- */

static void do_open(void *ctx)
{
	const struct act *act = ctx;

	diag_writer_close(stage_open(act->s));
}

static void kill_recovery(const struct act *act, unsigned kill_first)
{
	struct tracer_plan first = { .kill_at = kill_first,
				     .always = act->always };
	struct tracer_plan plan = { .kill_at = 1, .always = act->always };
	struct tracer_end end = { 0 };
	struct tally tally = { 0, 0 };
	bool is_new;

	for (; !end.completed; plan.kill_at++) {
		prepare(act);
		(void)tracer_run(do_work, (void *)(uintptr_t)act, &first);
		is_new = stage_holds(act->s->file, act->after);
		end = tracer_run(do_open, (void *)(uintptr_t)act, &plan);
		check_after(act, 0, plan.kill_at, &tally);
		/* Nothing goes back and forth. */
		assert_int_equal(is_new, stage_holds(act->s->file, act->after));
	}
}

/* The calls around the step itself, where there is most to recover. */
static void kill_recoveries(const struct act *act)
{
	struct tracer_plan plan = { .kill_at = 0, .always = act->always };
	unsigned calls;

	prepare(act);
	calls = tracer_run(do_work, (void *)(uintptr_t)act, &plan).calls;
	for (unsigned at = calls * 2 / 5; at < calls; at += 17)
		kill_recovery(act, at);
}

static void a_killed_recovery_is_recovered(void **state)
{
	const struct act act = { *state,   put_long, work_apply,
				 long_old, long_new, NULL };

	kill_recoveries(&act);
}

static void a_killed_recovery_in_place_is_recovered(void **state)
{
	const struct act act = { *state,   put_long,  work_shrink,
				 long_old, "short\n", NULL };

	if (!stage_bind(*state))
		skip();
	kill_recoveries(&act);
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
		ON_STAGE(a_killed_recovery_is_recovered),
		ON_STAGE(edits_are_old_or_new),
		/* In a namespace from here on. */
		ON_STAGE(in_place_it_is_made_old_or_is_new),
		ON_STAGE(in_place_a_shorter_one_as_well),
		ON_STAGE(an_undo_in_place_as_well),
		ON_STAGE(any_mix_of_blocks_becomes_the_old_file),
		ON_STAGE(a_file_cut_short_after_the_crash_is_left_alone),
		ON_STAGE(an_edit_of_a_torn_file_is_left_alone),
		ON_STAGE(a_killed_recovery_in_place_is_recovered),
		ON_STAGE(edits_in_place_are_made_old_or_are_new),
	};

	if (!tracer_works()) {
		print_message("no process may be traced here\n");
		return 77;
	}
	memset(long_old, 'o', sizeof(long_old) - 1);
	memset(long_new, 'n', sizeof(long_new) - 1);
	make_big();
	return cmocka_run_group_tests_name("writer_crash", tests, NULL, NULL);
}
