/* SPDX-License-Identifier: MIT */
/* The error record: the first cause stays, and telling it is safe. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void the_first_cause_wins(void **unused)
{
	struct diag_err err = { 0 };

	(void)unused;
	assert_false(diag_fail(&err, DIAG_EPARSE, "hosts", "line %d", 7));
	assert_false(diag_fail(&err, DIAG_EIO, "write", "other"));
	assert_false(diag_fail_nomem(&err, "later"));
	errno = EACCES;
	assert_false(diag_fail_sys(&err, "read", "x"));
	assert_int_equal(DIAG_EPARSE, err.code);
	assert_int_equal(0, err.sys);
	assert_string_equal("hosts", err.op);
	assert_string_equal("line 7", err.what);
}

static void no_record_is_fine(void **unused)
{
	(void)unused;
	assert_false(diag_fail(NULL, DIAG_EPARSE, "a", "b"));
	assert_false(diag_fail_sys(NULL, "a", "b"));
	assert_false(diag_fail_nomem(NULL, "a"));
}

static void errno_is_kept(void **unused)
{
	struct diag_err err = { 0 };
	char text[200];

	(void)unused;
	errno = ENOENT;
	assert_false(diag_fail_sys(&err, "inventory", "%s", "ws.json"));
	assert_int_equal(DIAG_EIO, err.code);
	assert_int_equal(ENOENT, err.sys);
	assert_string_equal("inventory: ws.json: No such file or directory",
			    diag_err_text(&err, text, sizeof(text)));
}

static void text_tells_what_there_is(void **unused)
{
	struct diag_err err = { 0 };
	char text[200];

	(void)unused;
	assert_false(diag_fail_nomem(&err, "plan"));
	assert_string_equal("plan: out of memory",
			    diag_err_text(&err, text, sizeof(text)));
	err = (struct diag_err){ 0 };
	assert_false(diag_fail(&err, DIAG_EPARSE, "hosts", "line 3"));
	assert_string_equal("hosts: line 3",
			    diag_err_text(&err, text, sizeof(text)));
}

static void long_text_is_cut_and_terminated(void **unused)
{
	struct diag_err err = { 0 };
	char long_name[400];
	char text[16];

	(void)unused;
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	assert_false(diag_fail(&err, DIAG_EUSAGE, "op", "%s", long_name));
	assert_int_equal(sizeof(err.what) - 1, strlen(err.what));
	assert_string_equal("op: xxxxxxxxxxx",
			    diag_err_text(&err, text, sizeof(text)));
}

static void escapes_in_a_path_are_not_told_raw(void **unused)
{
	struct diag_err err = { 0 };
	char text[200];

	(void)unused;
	assert_false(diag_fail(&err, DIAG_EUSAGE, "op", "a\x1b[2Jb"));
	assert_string_equal("op: a\\x1b[2Jb",
			    diag_err_text(&err, text, sizeof(text)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_cause_wins),
		cmocka_unit_test(no_record_is_fine),
		cmocka_unit_test(errno_is_kept),
		cmocka_unit_test(text_tells_what_there_is),
		cmocka_unit_test(long_text_is_cut_and_terminated),
		cmocka_unit_test(escapes_in_a_path_are_not_told_raw),
	};

	return cmocka_run_group_tests_name("base/err", tests, NULL, NULL);
}
