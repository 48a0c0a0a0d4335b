/* SPDX-License-Identifier: MIT */
/* A program is run by its argv, ends in time, and says no more than we keep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "run/exec.h"

#define KEPT 4096

static struct diag_exec_result ran(const char *const *argv, unsigned timeout_ms)
{
	const struct diag_exec what = { .argv = argv,
					.timeout_ms = timeout_ms,
					.max_out = KEPT };
	struct diag_exec_result out;
	struct diag_err err = { 0 };

	assert_true(diag_exec(&what, &out, &err));
	return out;
}

static void what_it_says_and_how_it_leaves_are_kept(void **unused)
{
	static const char *const argv[] = { "sh", "-c",
					    "echo out; echo err >&2; exit 7",
					    NULL };
	struct diag_exec_result r = ran(argv, 0);

	(void)unused;
	assert_int_equal(7, r.status);
	assert_int_equal(0, r.signal);
	assert_non_null(strstr(diag_buf_str(&r.out), "out\n"));
	assert_non_null(strstr(diag_buf_str(&r.out), "err\n"));
	assert_false(r.cut);
	assert_false(r.timed_out);
	diag_buf_clear(&r.out);
}

static void an_argument_is_one_argument(void **unused)
{
	static const char *const argv[] = { "printf", "%s", "a b; $(id) > x",
					    NULL };
	struct diag_exec_result r = ran(argv, 0);

	(void)unused;
	assert_string_equal("a b; $(id) > x", diag_buf_str(&r.out));
	diag_buf_clear(&r.out);
}

static void the_environment_is_not_handed_on(void **unused)
{
	static const char *const argv[] = { "env", NULL };
	struct diag_exec_result r;

	(void)unused;
	assert_int_equal(0, setenv("SECRET", "s3cret", 1));
	r = ran(argv, 0);
	assert_null(strstr(diag_buf_str(&r.out), "s3cret"));
	assert_non_null(
	    strstr(diag_buf_str(&r.out), "PATH=" DIAG_EXEC_PATH "\n"));
	diag_buf_clear(&r.out);
}

static void a_program_that_does_not_end_is_killed(void **unused)
{
	static const char *const argv[] = { "sleep", "1000", NULL };
	struct diag_exec_result r = ran(argv, 50);

	(void)unused;
	assert_true(r.timed_out);
	assert_int_equal(SIGKILL, r.signal);
	diag_buf_clear(&r.out);
}

static void a_daemon_left_behind_does_not_hold_us(void **unused)
{
	/* The child says its own number, so that it can be ended. */
	static const char *const argv[] = { "sh", "-c",
					    "sleep 1000 & echo $!; exit 3",
					    NULL };
	struct diag_exec_result r = ran(argv, 0);
	long pid = strtol(diag_buf_str(&r.out), NULL, 10);

	(void)unused;
	assert_int_equal(3, r.status);
	assert_false(r.timed_out);
	assert_true(pid > 1);
	assert_int_equal(0, kill((pid_t)pid, SIGKILL));
	diag_buf_clear(&r.out);
}

static void a_flood_is_cut(void **unused)
{
	static const char *const argv[] = { "sh", "-c",
					    "head -c 1000000 /dev/zero", NULL };
	struct diag_exec_result r = ran(argv, 0);

	(void)unused;
	assert_int_equal(0, r.status);
	assert_true(r.cut);
	assert_int_equal(KEPT, r.out.len);
	diag_buf_clear(&r.out);
}

/* One that would never end by itself. */
static void who_floods_may_be_ended(void **unused)
{
	static const char *const argv[] = { "yes", NULL };
	const struct diag_exec what = { .argv = argv,
					.timeout_ms = 60000,
					.max_out = KEPT,
					.end_when_full = true };
	struct diag_exec_result r;

	(void)unused;
	assert_true(diag_exec(&what, &r, NULL));
	assert_true(r.cut);
	assert_false(r.timed_out);
	assert_int_equal(SIGKILL, r.signal);
	assert_int_equal(KEPT, r.out.len);
	diag_buf_clear(&r.out);
}

static void a_program_that_is_not_there_is_an_error(void **unused)
{
	static const char *const argv[] = { "no-such-program-here", NULL };
	const struct diag_exec what = { .argv = argv, .max_out = KEPT };
	struct diag_exec_result r;
	struct diag_err err = { 0 };

	(void)unused;
	assert_false(diag_exec(&what, &r, &err));
	assert_int_equal(DIAG_EIO, err.code);
	assert_int_equal(ENOENT, err.sys);
	diag_buf_clear(&r.out);
}

static void the_callers_path_is_not_used(void **unused)
{
	static const char *const argv[] = { "true", NULL };
	const struct diag_exec what = { .argv = argv,
					.path = "/nonexistent",
					.max_out = KEPT };
	struct diag_exec_result r;
	struct diag_err err = { 0 };

	(void)unused;
	assert_false(diag_exec(&what, &r, &err));
	assert_int_equal(ENOENT, err.sys);
	diag_buf_clear(&r.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_says_and_how_it_leaves_are_kept),
		cmocka_unit_test(an_argument_is_one_argument),
		cmocka_unit_test(the_environment_is_not_handed_on),
		cmocka_unit_test(a_program_that_does_not_end_is_killed),
		cmocka_unit_test(a_daemon_left_behind_does_not_hold_us),
		cmocka_unit_test(a_flood_is_cut),
		cmocka_unit_test(who_floods_may_be_ended),
		cmocka_unit_test(a_program_that_is_not_there_is_an_error),
		cmocka_unit_test(the_callers_path_is_not_used),
	};

	return cmocka_run_group_tests_name("run_exec", tests, NULL, NULL);
}
