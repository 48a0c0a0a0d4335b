/* SPDX-License-Identifier: MIT */
/* Names from the command line and from files of any shape. */
#include "tools/pl-resolve/resolve.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct tool tool = { .name = "pl-test" };
static struct tool_call call = { .tool = &tool };
static struct resolve_names names;

/* A file that is gone when it is closed. */
static void open_text(const char *text, size_t len)
{
	static char path[32];
	int fd;
	struct diag_err err = { 0 };

	(void)snprintf(path, sizeof(path), "/tmp/pldiag-names-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(len, write(fd, text, len));
	(void)close(fd);
	memset(&names, 0, sizeof(names));
	names.call = &call;
	assert_true(resolve_names_open(&names, path, &err));
	(void)unlink(path);
}

static void expect_name(const char *want)
{
	char buf[DIAG_FQDN_MAX];

	assert_int_equal(DIAG_NAMES_GOT, resolve_names_next(&names, buf));
	assert_string_equal(want, buf);
}

static void expect_end(unsigned bad)
{
	char buf[DIAG_FQDN_MAX];

	assert_int_equal(DIAG_NAMES_END, resolve_names_next(&names, buf));
	assert_int_equal(DIAG_NAMES_END, resolve_names_next(&names, buf));
	assert_int_equal(bad, names.bad);
	resolve_names_close(&names);
}

static void names_are_normalised_and_comments_left_out(void **unused)
{
	static const char text[] = "# a comment\n\n  A.Example. \r\n"
				   "b.example A\n\tc.example # more\n"
				   "last.example";

	(void)unused;
	open_text(text, sizeof(text) - 1);
	expect_name("a.example");
	expect_name("b.example");
	expect_name("c.example");
	expect_name("last.example");
	expect_end(0);
}

static void bad_lines_are_counted_and_the_rest_is_read(void **unused)
{
	static const char text[] = "a..b\ngood.example\n10.0.0.1\n-x.example\n";

	(void)unused;
	open_text(text, sizeof(text) - 1);
	expect_name("good.example");
	expect_end(3);
}

static void a_line_longer_than_the_chunk_is_one_bad_line(void **unused)
{
	size_t len = 3 * RESOLVE_CHUNK;
	char *text = malloc(len + 32);
	int n;

	(void)unused;
	assert_non_null(text);
	memset(text, 'x', len);
	n = snprintf(text + len, 32, "\nafter.example\n");
	open_text(text, len + (size_t)n);
	free(text);
	expect_name("after.example");
	expect_end(1);
}

static void a_name_across_two_chunks_stays_whole(void **unused)
{
	char *text = malloc(2 * RESOLVE_CHUNK);
	size_t len = RESOLVE_CHUNK - 5;
	int n;

	(void)unused;
	assert_non_null(text);
	memset(text, '\n', len);
	n = snprintf(text + len, 32, "split.in.two.example\n");
	open_text(text, len + (size_t)n);
	free(text);
	expect_name("split.in.two.example");
	expect_end(0);
}

static void a_pipe_that_is_slow_is_not_waited_for(void **unused)
{
	char buf[DIAG_FQDN_MAX];
	int ends[2];

	(void)unused;
	assert_int_equal(0, pipe(ends));
	memset(&names, 0, sizeof(names));
	names.call = &call;
	names.path = "pipe";
	names.fd = ends[0];
	assert_int_equal(DIAG_NAMES_LATER, resolve_names_next(&names, buf));
	assert_int_equal(5, write(ends[1], "half.", 5));
	assert_int_equal(DIAG_NAMES_LATER, resolve_names_next(&names, buf));
	assert_int_equal(8, write(ends[1], "example\n", 8));
	expect_name("half.example");
	(void)close(ends[1]);
	expect_end(0);
}

static void the_host_of_a_url_is_its_name(void **unused)
{
	struct diag_err err = { 0 };

	(void)unused;
	memset(&names, 0, sizeof(names));
	names.call = &call;
	names.fd = -1;
	names.ended = true;
	diag_arena_init(&call.arena, 0);
	assert_true(resolve_names_add(&names, "Plain.Example.", &err));
	assert_true(resolve_names_add(
	    &names, "https://User@A.example:8443/x@y?q#f", &err));
	assert_true(resolve_names_add(&names, "wss://b.example/x@y", &err));
	assert_false(resolve_names_add(&names, "not a name", &err));
	assert_int_equal(DIAG_EUSAGE, err.code);
	expect_name("plain.example");
	expect_name("a.example");
	expect_name("b.example");
	expect_end(0);
	diag_arena_clear(&call.arena);
}

static void a_folder_or_a_missing_file_is_an_error(void **unused)
{
	struct diag_err err = { 0 };

	(void)unused;
	memset(&names, 0, sizeof(names));
	assert_false(resolve_names_open(&names, "/", &err));
	resolve_names_close(&names);
	err = (struct diag_err){ 0 };
	assert_false(resolve_names_open(&names, "/nonexistent/x", &err));
	assert_int_equal(DIAG_EIO, err.code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_normalised_and_comments_left_out),
		cmocka_unit_test(bad_lines_are_counted_and_the_rest_is_read),
		cmocka_unit_test(a_line_longer_than_the_chunk_is_one_bad_line),
		cmocka_unit_test(a_name_across_two_chunks_stays_whole),
		cmocka_unit_test(a_pipe_that_is_slow_is_not_waited_for),
		cmocka_unit_test(the_host_of_a_url_is_its_name),
		cmocka_unit_test(a_folder_or_a_missing_file_is_an_error),
	};

	return cmocka_run_group_tests_name("tools/resolve_names", tests, NULL,
					   NULL);
}
