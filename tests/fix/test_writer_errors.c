/* SPDX-License-Identifier: MIT */
/* Every system call that can fail is made to fail: with a full disk, a quota,
 * a broken disk, a disk that went read-only.  An error leaves the old file and
 * says one clear line; without an error the file is the new one.  Nothing is
 * left lying about, and the next one who opens the file finds it in order. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/fix/stage.h"
#include "tests/support/tracer.h"

/* What the child, whose memory is its own, tells us. */
struct told {
	bool ok;
	struct diag_err err;
};

struct act {
	struct stage *s;
	void (*prepare)(struct stage *s);
	bool (*work)(const struct stage *s, struct diag_err *err);
	const char *before, *after; /* NULL: no file */
	int (*always)(long call);
	struct told *told; /* shared memory */
};

static void do_work(void *ctx)
{
	const struct act *act = ctx;
	struct diag_err err = { 0 };

	act->told->ok = act->work(act->s, &err);
	act->told->err = err;
}

static bool work_apply(const struct stage *s, struct diag_err *err)
{
	return stage_apply(s, "new\n", err);
}

static bool work_undo(const struct stage *s, struct diag_err *err)
{
	return stage_undo(s, 0, err);
}

static void nothing_more(struct stage *s)
{
	(void)s;
}

static void no_file(struct stage *s)
{
	assert_int_equal(0, unlink(s->file));
}

static void applied(struct stage *s)
{
	stage_must_apply(s, "new\n");
}

static void made(struct stage *s)
{
	no_file(s);
	stage_must_apply(s, "new\n");
}

static size_t history_of(struct stage *s)
{
	struct diag_writer *w = stage_open(s);
	const struct diag_change *c = NULL;
	struct diag_err err = { 0 };
	struct diag_arena arena;
	size_t n = 0;

	diag_arena_init(&arena, 0);
	assert_true(diag_writer_history(w, &arena, &c, &n, &err));
	diag_arena_clear(&arena);
	diag_writer_close(w);
	return n;
}

static void say_where(const struct act *act, const struct tracer_end *end,
		      const struct tracer_plan *plan, const char *what)
{
	fail_msg("call %u (number %ld) with %s: %s; told: %s", plan->fail_at,
		 end->failed, strerror(plan->sys), what,
		 act->told->ok ? "fine" : stage_error(&act->told->err));
}

/* One line, that names the file or the state folder, and why. */
static bool is_clear(const struct diag_err *err)
{
	return err->code != DIAG_OK && err->op != NULL &&
	       strchr(err->what, '\n') == NULL &&
	       (strstr(err->what, "hosts") != NULL ||
		strstr(err->what, "state") != NULL ||
		strstr(err->what, "etc") != NULL ||
		strstr(err->what, "random") != NULL);
}

static void check(const struct act *act, const struct tracer_end *end,
		  const struct tracer_plan *plan, size_t n0)
{
	const struct told *told = act->told;
	const char *want = told->ok ? act->after : act->before;
	size_t n;

	if (!stage_holds(act->s->file, want))
		say_where(act, end, plan, "the file is not that");
	if (!told->ok && !is_clear(&told->err))
		say_where(act, end, plan, "this is not clear");
	if (end->failed != SYS_unlinkat &&
	    stage_names(act->s->folder, ".pldiag-") != 0)
		say_where(act, end, plan, "a file is left");
	n = history_of(act->s);
	stage_assert_clean(act->s);
	if (!stage_holds(act->s->file, want))
		say_where(act, end, plan, "recovery made it another");
	/* A plain rename that could not be forced is taken back by a change
	 * of its own. */
	if (n != n0 + told->ok && (act->always == NULL || n != n0 + 2))
		say_where(act, end, plan, "the history says otherwise");
}

static bool any_call(long call)
{
	static const long calls[] = {
		SYS_openat,	     SYS_read,	     SYS_write,
		SYS_pread64,	     SYS_pwrite64,   SYS_fsync,
		SYS_syncfs,	     SYS_renameat2,  SYS_renameat,
		SYS_linkat,	     SYS_unlinkat,   SYS_fchmod,
		SYS_fchown,	     SYS_ftruncate,  SYS_mkdirat,
		SYS_flistxattr,	     SYS_fsetxattr,  SYS_fgetxattr,
		SYS_fallocate,	     SYS_flock,	     SYS_getrandom,
		SYS_statx,	     SYS_newfstatat, SYS_fstat,
		SYS_fstatfs,	     SYS_close,	     SYS_fcntl,
		SYS_getdents64,	     SYS_faccessat2, SYS_readlink,
		SYS_copy_file_range,
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i] == call)
			return true;
	return false;
}

/* Those that a disk without room refuses. */
static bool wants_room(long call)
{
	static const long calls[] = {
		SYS_openat,    SYS_write,     SYS_pwrite64,	   SYS_fsync,
		SYS_renameat2, SYS_linkat,    SYS_mkdirat,	   SYS_renameat,
		SYS_fsetxattr, SYS_fallocate, SYS_copy_file_range,
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i] == call)
			return true;
	return false;
}

static unsigned fail_one_by_one(const struct act *act, bool (*which)(long),
				int sys)
{
	struct tracer_plan plan = { .fail_at = 1,
				    .sys = sys,
				    .may_fail = which,
				    .always = act->always };
	struct tracer_end end = { .failed = 0 };
	unsigned errors = 0;
	size_t n0;

	for (; end.failed >= 0; plan.fail_at++) {
		stage_reset(act->s);
		act->prepare(act->s);
		n0 = history_of(act->s);
		*act->told = (struct told){ .ok = false };
		end = tracer_run(do_work, (void *)(uintptr_t)act, &plan);
		check(act, &end, &plan, n0);
		errors += !act->told->ok;
	}
	assert_true(act->told->ok); /* the last run, where nothing failed */
	print_message("%s at each of %u calls: %u errors\n", strerror(sys),
		      plan.fail_at - 2, errors);
	return errors;
}

/* The disk fails, and stays so: nothing can be put back either.  Still the
 * file is one or the other, and the next run, on a disk that works again,
 * finds out. */
static void check_for_good(const struct act *act, const struct tracer_end *end,
			   const struct tracer_plan *plan, size_t n0)
{
	const struct told *told = act->told;
	bool is_new = stage_holds(act->s->file, act->after);
	size_t n;

	if (!is_new && !stage_holds(act->s->file, act->before) &&
	    !act->s->bound)
		say_where(act, end, plan, "the file is torn");
	if (!told->ok && is_new &&
	    strstr(told->err.what, "not taken back yet") == NULL)
		say_where(act, end, plan, "it does not say that it is new");
	n = history_of(act->s);
	stage_assert_clean(act->s);
	is_new = stage_holds(act->s->file, act->after);
	if (!is_new && !stage_holds(act->s->file, act->before))
		say_where(act, end, plan, "it is torn after recovery");
	if (told->ok && !is_new)
		say_where(act, end, plan, "it was fine, and is not");
	if (n != n0 + is_new)
		say_where(act, end, plan, "the history says otherwise");
}

static bool changes_disk(long call)
{
	static const long calls[] = {
		SYS_write,     SYS_pwrite64,  SYS_fsync,    SYS_renameat2,
		SYS_renameat,  SYS_linkat,    SYS_unlinkat, SYS_fchmod,
		SYS_ftruncate, SYS_fallocate, SYS_syncfs,   SYS_copy_file_range,
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i] == call)
			return true;
	return false;
}

static void fail_for_good(const struct act *act)
{
	struct tracer_plan plan = { .fail_at = 1,
				    .sys = EIO,
				    .for_good = true,
				    .may_fail = changes_disk,
				    .always = act->always };
	struct tracer_end end = { .failed = 0 };
	size_t n0;

	for (; end.failed >= 0; plan.fail_at++) {
		stage_reset(act->s);
		act->prepare(act->s);
		n0 = history_of(act->s);
		*act->told = (struct told){ .ok = false };
		end = tracer_run(do_work, (void *)(uintptr_t)act, &plan);
		check_for_good(act, &end, &plan, n0);
	}
	assert_true(act->told->ok);
	print_message("broken from each of %u calls on\n", plan.fail_at - 2);
}

static void fail_everywhere(struct act act)
{
	if (!tracer_can_fail())
		skip();
	act.told = mmap(NULL, sizeof(*act.told), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(act.told != MAP_FAILED);
	assert_true(fail_one_by_one(&act, any_call, EIO) > 20);
	assert_true(fail_one_by_one(&act, wants_room, ENOSPC) > 10);
	if (act.always == NULL) {
		(void)fail_one_by_one(&act, wants_room, EDQUOT);
		(void)fail_one_by_one(&act, wants_room, EROFS);
	}
	fail_for_good(&act);
	(void)munmap(act.told, sizeof(*act.told));
}

static void a_failed_apply_leaves_the_old_file(void **state)
{
	fail_everywhere((struct act){ .s = *state,
				      .prepare = nothing_more,
				      .work = work_apply,
				      .before = "old\n",
				      .after = "new\n" });
}

static void a_failed_undo_leaves_the_new_file(void **state)
{
	fail_everywhere((struct act){ .s = *state,
				      .prepare = applied,
				      .work = work_undo,
				      .before = "new\n",
				      .after = "old\n" });
}

static void a_file_that_could_not_be_made_is_not_there(void **state)
{
	fail_everywhere((struct act){ .s = *state,
				      .prepare = no_file,
				      .work = work_apply,
				      .before = NULL,
				      .after = "new\n" });
}

static void a_file_that_could_not_be_removed_is_there(void **state)
{
	fail_everywhere((struct act){ .s = *state,
				      .prepare = made,
				      .work = work_undo,
				      .before = "new\n",
				      .after = NULL });
}

/* --- a big file, whose edits go from file to file ---------------------------
 */

static char big[(1 << 20) + 4097], big_new[sizeof(big) + 8];

static void put_big(struct stage *s)
{
	stage_put(s->file, big);
}

static bool work_edit(const struct stage *s, struct diag_err *err)
{
	static const struct diag_edit e = { sizeof(big) - 1, 0, "new end\n", 8,
					    false };

	return stage_edit(s, &(struct diag_edits){ &e, 1 }, err);
}

static void edits_that_failed_leave_the_old_file(void **state)
{
	memset(big, 'o', sizeof(big) - 1);
	memcpy(big_new, big, sizeof(big));
	memcpy(big_new + sizeof(big) - 1, "new end\n", 9);
	stage_all_is_old();
	fail_everywhere((struct act){ .s = *state,
				      .prepare = put_big,
				      .work = work_edit,
				      .before = big,
				      .after = big_new });
}

static int no_renameat2(long call)
{
	return call == SYS_renameat2 ? EINVAL : 0;
}

static void without_exchange_it_is_the_same(void **state)
{
	fail_everywhere((struct act){ .s = *state,
				      .prepare = nothing_more,
				      .work = work_apply,
				      .before = "old\n",
				      .after = "new\n",
				      .always = no_renameat2 });
}

static int no_lease(long call)
{
	return call == SYS_fcntl ? EINVAL : 0;
}

static void with_a_copy_of_the_old_it_is_the_same(void **state)
{
	fail_everywhere((struct act){ .s = *state,
				      .prepare = nothing_more,
				      .work = work_apply,
				      .before = "old\n",
				      .after = "new\n",
				      .always = no_lease });
}

static void in_place_it_is_the_same(void **state)
{
	if (!stage_bind(*state))
		skip();
	fail_everywhere((struct act){ .s = *state,
				      .prepare = nothing_more,
				      .work = work_apply,
				      .before = "old\n",
				      .after = "new\n" });
}

#define ON_STAGE(test) \
	cmocka_unit_test_setup_teardown(test, stage_setup_quick, stage_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(a_failed_apply_leaves_the_old_file),
		ON_STAGE(a_failed_undo_leaves_the_new_file),
		ON_STAGE(a_file_that_could_not_be_made_is_not_there),
		ON_STAGE(a_file_that_could_not_be_removed_is_there),
		ON_STAGE(edits_that_failed_leave_the_old_file),
		ON_STAGE(without_exchange_it_is_the_same),
		ON_STAGE(with_a_copy_of_the_old_it_is_the_same),
		/* In a namespace from here on. */
		ON_STAGE(in_place_it_is_the_same),
	};

	if (!tracer_works()) {
		print_message("no process may be traced here\n");
		return 77;
	}
	return cmocka_run_group_tests_name("writer_errors", tests, NULL, NULL);
}
