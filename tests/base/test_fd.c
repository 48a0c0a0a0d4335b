/* SPDX-License-Identifier: MIT */
/* Bytes from file to file, whatever the two are; and a file as it lies there.
 */
#include <errno.h>
#include <fcntl.h>
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

#include "base/fd.h"
#include "base/map.h"
#include "tests/support/tracer.h"

#define LEN ((size_t)700000) /* more than one piece */

static char bytes[LEN];

static int fill(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN; i++)
		bytes[i] = (char)(i * 31 + i / 251);
	return 0;
}

/* A file without a name. */
static int nameless(const void *p, size_t len)
{
	char path[] = "/tmp/pldiag-fd-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(0, unlink(path));
	assert_true(diag_fd_write(fd, p, len));
	return fd;
}

static void assert_holds(int fd, const char *p, size_t len)
{
	static char now[2 * LEN];
	size_t got = 0;

	assert_true(diag_fd_read_at(fd, now, sizeof(now), 0, &got));
	assert_int_equal(len, got);
	assert_memory_equal(p, now, len);
}

static void a_part_goes_behind_what_was_written(void **state)
{
	int from = nameless(bytes, LEN), to = nameless("0123", 4);
	static char want[LEN];

	(void)state;
	memcpy(want, "0123", 4);
	memcpy(want + 4, bytes + 1000, 600000);
	memcpy(want + 600004, "ab", 2);
	assert_true(diag_fd_copy(from, 1000, to, 600000));
	assert_true(diag_fd_write(to, "ab", 2));
	assert_holds(to, want, 600006);
	/* Nothing is nothing, even behind the end. */
	assert_true(diag_fd_copy(from, 2 * LEN, to, 0));
	assert_holds(to, want, 600006);
	(void)close(from);
	(void)close(to);
}

static void a_file_that_ends_before_is_told(void **state)
{
	int from = nameless(bytes, LEN), to = nameless("", 0);

	(void)state;
	errno = 0;
	assert_false(diag_fd_copy(from, LEN - 10, to, 11));
	assert_int_equal(ENODATA, errno);
	(void)close(from);
	(void)close(to);
}

/* copy_file_range(2) takes no pipe. */
static void to_a_pipe_it_goes_as_well(void **state)
{
	int from = nameless(bytes, LEN), to[2];
	char now[1000];

	(void)state;
	assert_int_equal(0, pipe(to));
	assert_true(diag_fd_copy(from, 77, to[1], sizeof(now)));
	assert_int_equal(sizeof(now), read(to[0], now, sizeof(now)));
	assert_memory_equal(bytes + 77, now, sizeof(now));
	(void)close(to[0]);
	(void)close(to[1]);
	(void)close(from);
}

static void what_cannot_be_written_is_told(void **state)
{
	int from = nameless(bytes, LEN), to = open("/dev/full", O_WRONLY);

	(void)state;
	assert_true(to >= 0);
	assert_false(diag_fd_copy(from, 0, to, 1000));
	assert_int_equal(ENOSPC, errno);
	(void)close(from);
	(void)close(to);
}

static int none(long call)
{
	return call == SYS_copy_file_range ? ENOSYS : 0;
}

struct pair {
	int from, to;
};

static void copy_all(void *ctx)
{
	const struct pair *p = ctx;

	if (!diag_fd_copy(p->from, 0, p->to, LEN))
		_exit(3);
}

static void without_the_call_it_is_the_same(void **state)
{
	const struct tracer_plan plan = { .always = none };
	struct pair p = { nameless(bytes, LEN), nameless("", 0) };

	(void)state;
	if (!tracer_can_fail())
		skip();
	assert_true(tracer_run(copy_all, &p, &plan).completed);
	assert_holds(p.to, bytes, LEN);
	(void)close(p.from);
	(void)close(p.to);
}

static void a_map_shows_the_bytes(void **state)
{
	int fd = nameless(bytes, LEN), pipe_fds[2];
	struct diag_map map;

	(void)state;
	assert_true(diag_map_fd(fd, LEN, &map));
	assert_int_equal(LEN, map.len);
	assert_memory_equal(bytes, map.p, LEN);
	(void)close(fd);
	assert_memory_equal(bytes, map.p, LEN);
	diag_map_clear(&map);
	assert_null(map.p);
	diag_map_clear(&map);
	assert_int_equal(0, pipe(pipe_fds));
	assert_false(diag_map_fd(pipe_fds[0], LEN, &map));
	assert_null(map.p);
	(void)close(pipe_fds[0]);
	(void)close(pipe_fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_part_goes_behind_what_was_written),
		cmocka_unit_test(a_file_that_ends_before_is_told),
		cmocka_unit_test(to_a_pipe_it_goes_as_well),
		cmocka_unit_test(what_cannot_be_written_is_told),
		cmocka_unit_test(without_the_call_it_is_the_same),
		cmocka_unit_test(a_map_shows_the_bytes),
	};

	return cmocka_run_group_tests_name("fd", tests, fill, NULL);
}
