/* SPDX-License-Identifier: MIT */
/* A child that asks may open and connect, as nobody; it may still not write,
 * nor get its rights back. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/child.h"

#define MAX ((size_t)1 << 16)

static void answers(diag_child_fn *fn, void *ctx, const char *want)
{
	struct diag_err err = { 0 };
	struct diag_buf out;

	if (!diag_child_ask(fn, ctx, MAX, &out, &err))
		fail_msg("%s: %s", err.op, err.what);
	assert_string_equal(want, diag_buf_str(&out));
	diag_buf_clear(&out);
}

static bool read_file(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	char text[16] = "";
	int fd = open(ctx, O_RDONLY);

	(void)err;
	if (fd >= 0 && read(fd, text, sizeof(text) - 1) > 0)
		diag_buf_puts(out, text);
	return true;
}

static void it_reads_what_all_may_read(void **unused)
{
	char path[] = "/tmp/pldiag-ask-XXXXXX";
	int fd = mkstemp(path);

	(void)unused;
	assert_true(fd >= 0);
	assert_int_equal(5, write(fd, "words", 5));
	assert_int_equal(0, fchmod(fd, 0644));
	answers(read_file, path, "words");
	if (geteuid() == 0) {
		assert_int_equal(0, fchmod(fd, 0600));
		answers(read_file, path, "");
	}
	assert_int_equal(0, unlink(path));
	(void)close(fd);
}

static bool try_to_write(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	int fd = open(ctx, O_WRONLY);

	(void)err;
	(void)signal(SIGXFSZ, SIG_IGN);
	diag_buf_puts(out, fd >= 0 && write(fd, "x", 1) == 1 ? "yes" : "no");
	return true;
}

static void it_writes_nothing(void **unused)
{
	char path[] = "/tmp/pldiag-ask-XXXXXX";
	int fd = mkstemp(path);

	(void)unused;
	assert_true(fd >= 0);
	assert_int_equal(0, fchmod(fd, 0666));
	answers(try_to_write, path, "no");
	assert_int_equal(0, unlink(path));
	(void)close(fd);
}

static void *thread(void *ctx)
{
	*(bool *)ctx = true;
	return NULL;
}

static bool connects(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	int ends[2] = { -1, -1 };
	bool ran = false;
	pthread_t t;
	char c;

	(void)ctx;
	(void)err;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 &&
	    write(ends[0], "x", 1) == 1 && read(ends[1], &c, 1) == 1)
		diag_buf_puts(out, "socket ");
	if (pthread_create(&t, NULL, thread, &ran) == 0 &&
	    pthread_join(t, NULL) == 0 && ran)
		diag_buf_puts(out, "thread ");
	diag_buf_puts(out, ends[0] > 2 ? "beyond 2" : "a standard one");
	return true;
}

static void it_has_sockets_and_threads(void **unused)
{
	(void)unused;
	answers(connects, NULL, "socket thread beyond 2");
}

static bool rights(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	(void)ctx;
	(void)err;
	diag_buf_puts(out, geteuid() == 0 || setuid(0) == 0 ? "root" : "none");
	return true;
}

static void it_has_no_rights(void **unused)
{
	(void)unused;
	answers(rights, NULL, "none");
}

static bool says_no(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	(void)ctx;
	(void)out;
	return diag_fail(err, DIAG_EPARSE, "words", "line 3");
}

static void its_error_is_our_error(void **unused)
{
	struct diag_err err = { 0 };
	struct diag_buf out;

	(void)unused;
	assert_false(diag_child_ask(says_no, NULL, MAX, &out, &err));
	assert_int_equal(DIAG_EPARSE, err.code);
	assert_string_equal("line 3", err.what);
	diag_buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_reads_what_all_may_read),
		cmocka_unit_test(it_writes_nothing),
		cmocka_unit_test(it_has_sockets_and_threads),
		cmocka_unit_test(it_has_no_rights),
		cmocka_unit_test(its_error_is_our_error),
	};

	return cmocka_run_group_tests_name("base_child_ask", tests, NULL, NULL);
}
