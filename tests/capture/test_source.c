/* SPDX-License-Identifier: MIT */
/* The bytes of files and pipes in pieces, wherever the buffers end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "capture/source.h"
#include "tests/support/memory_file.h"

#define SMALL 64u /* bytes of a buffer */
#define BYTES 1000u
#define DROPS 200u

static uint8_t bytes[BYTES];

static int make_bytes(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < BYTES; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	return 0;
}

static int file_of(size_t len)
{
	int fd = memory_file(bytes, len);

	assert_true(fd >= 0);
	return fd;
}

static int pipe_of(size_t len)
{
	int ends[2];

	assert_int_equal(0, pipe(ends));
	assert_int_equal(len, write(ends[1], bytes, len));
	assert_int_equal(0, close(ends[1]));
	return ends[0];
}

/* It gives one byte at each read(2). */
static int drops_of(size_t len)
{
	int ends[2];

	assert_int_equal(
	    0, socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends));
	for (size_t at = 0; at < len; at++)
		assert_int_equal(1, write(ends[1], bytes + at, 1));
	assert_int_equal(0, close(ends[1]));
	return ends[0];
}

/* Take pieces of n bytes, after one of first; all of fd's len bytes come, in
 * order, and then it ends. */
static void all_come(int fd, size_t len, size_t first, size_t n)
{
	struct cap_source s;
	size_t at = 0;
	const uint8_t *p;

	assert_true(cap_source_init(&s, fd, SMALL));
	for (size_t want = first; (p = cap_source_take(&s, want)) != NULL;
	     want = n) {
		assert_memory_equal(bytes + at, p, want);
		at += want;
	}
	assert_int_equal(len, at + cap_source_left(&s));
	assert_memory_equal(bytes + at, s.at, cap_source_left(&s));
	assert_true(cap_source_left(&s) < n);
	assert_int_equal(0, s.sys);
	assert_null(cap_source_take(&s, n));
	cap_source_clear(&s);
	assert_int_equal(0, close(fd));
}

/* Up to larger than three buffers, from every place in one. */
static void pieces_of_a_file_are_whole(void **unused)
{
	(void)unused;
	for (size_t n = 1; n < 3 * SMALL; n++)
		for (size_t first = 0; first < SMALL; first += n % 5 + 2)
			all_come(file_of(BYTES), BYTES, first, n);
}

static void pieces_of_a_pipe_are_whole(void **unused)
{
	(void)unused;
	for (size_t n = 1; n < 3 * SMALL; n++)
		for (size_t first = 0; first < SMALL; first += 7)
			all_come(pipe_of(BYTES), BYTES, first, n);
	for (size_t n = 1; n < 3 * SMALL; n += 3)
		all_come(drops_of(DROPS), DROPS, 5, n);
}

static void a_file_of_any_length_ends(void **unused)
{
	(void)unused;
	for (size_t len = 6; len < BYTES; len++)
		all_come(file_of(len), len, 6, SMALL);
}

/* Looked at, and then taken with what follows. */
static void what_is_looked_at_is_not_taken(void **unused)
{
	struct cap_source s;
	int fd = file_of(BYTES);

	(void)unused;
	assert_true(cap_source_init(&s, fd, SMALL));
	for (size_t at = 0; at + 50 <= BYTES; at += 50) {
		assert_true(cap_source_has(&s, 20));
		assert_memory_equal(bytes + at, s.at, 20);
		assert_memory_equal(bytes + at, cap_source_take(&s, 50), 50);
	}
	assert_false(cap_source_has(&s, 1));
	cap_source_clear(&s);
	assert_int_equal(0, close(fd));
}

/* --- who reads ------------------------------------------------------------ */

static bool reads_ahead(int fd, size_t n)
{
	struct cap_source s;
	bool ahead;

	assert_true(cap_source_init(&s, fd, SMALL));
	while (n-- > 0)
		assert_non_null(cap_source_take(&s, 1));
	ahead = s.ahead != NULL;
	cap_source_clear(&s); /* while the other may still read */
	assert_int_equal(0, close(fd));
	return ahead;
}

static void
only_of_a_file_that_is_larger_than_a_buffer_more_is_read(void **unused)
{
	(void)unused;
	assert_false(reads_ahead(file_of(SMALL - 1), SMALL - 1));
	assert_false(reads_ahead(file_of(BYTES), SMALL));
	assert_true(reads_ahead(file_of(BYTES), SMALL + 1));
	assert_false(reads_ahead(pipe_of(BYTES), SMALL + 1));
}

/* In init there is one call for memory; the next is for the other thread. */
static void without_memory_for_another_thread_it_reads_itself(void **unused)
{
	struct cap_source s;
	int fd = file_of(BYTES);
	const uint8_t *p;

	(void)unused;
	assert_true(cap_source_init(&s, fd, SMALL));
	assert_non_null(cap_source_take(&s, SMALL));
	for (size_t at = SMALL; at + 50 <= BYTES; at += 50) {
		diag_mem_fail_nth(at == SMALL ? 3 : 0);
		p = cap_source_take(&s, 50);
		assert_non_null(p);
		assert_memory_equal(bytes + at, p, 50);
	}
	assert_null(s.ahead);
	cap_source_clear(&s);
	assert_int_equal(0, close(fd));
}

static void without_memory_for_a_large_piece_it_is_told(void **unused)
{
	struct cap_source s;
	int fd = file_of(BYTES);

	(void)unused;
	assert_true(cap_source_init(&s, fd, SMALL));
	diag_mem_fail_nth(1);
	assert_null(cap_source_take(&s, SMALL + 1));
	diag_mem_fail_nth(0);
	assert_int_equal(ENOMEM, s.sys);
	cap_source_clear(&s);
	assert_int_equal(0, close(fd));
}

/* --- files that change, or cannot be read --------------------------------- */

static void a_file_that_grows_is_read_on(void **unused)
{
	struct cap_source s;
	int fd = file_of(SMALL);

	(void)unused;
	assert_true(cap_source_init(&s, fd, SMALL));
	assert_non_null(cap_source_take(&s, SMALL));
	assert_int_equal(100, pwrite(fd, bytes + SMALL, 100, SMALL));
	assert_memory_equal(bytes + SMALL, cap_source_take(&s, 100), 100);
	assert_null(cap_source_take(&s, 1));
	cap_source_clear(&s);
	assert_int_equal(0, close(fd));
}

/* What was read before is there; the rest ends as any file does. */
static void a_file_that_is_cut_ends(void **unused)
{
	struct cap_source s;
	int fd = file_of(BYTES);
	const uint8_t *p;

	(void)unused;
	assert_true(cap_source_init(&s, fd, SMALL));
	assert_non_null(cap_source_take(&s, 50));
	assert_int_equal(0, ftruncate(fd, 10));
	for (size_t at = 50; (p = cap_source_take(&s, 50)) != NULL; at += 50) {
		assert_true(at + 50 <= BYTES);
		assert_memory_equal(bytes + at, p, 50);
	}
	assert_int_equal(0, s.sys);
	cap_source_clear(&s);
	assert_int_equal(0, close(fd));
}

static void a_folder_cannot_be_read(void **unused)
{
	struct cap_source s;
	int fd = open("/", O_RDONLY | O_CLOEXEC);

	(void)unused;
	assert_true(fd >= 0);
	assert_true(cap_source_init(&s, fd, SMALL));
	assert_null(cap_source_take(&s, 1));
	assert_int_equal(EISDIR, s.sys);
	cap_source_clear(&s);
	assert_int_equal(0, close(fd));
}

/* This process's memory as a file (proc(5), mem): of a mapping the part that is
 * behind the end of its own file cannot be read. */
static void what_was_read_before_an_error_is_there(void **unused)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), n = 0;
	int under = file_of(BYTES);
	uint8_t *pages = mmap(NULL, 2 * page, PROT_READ, MAP_SHARED, under, 0);
	int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	struct cap_source s;

	(void)unused;
	assert_true(fd >= 0 && pages != MAP_FAILED);
	assert_int_equal((uintptr_t)pages,
			 lseek(fd, (off_t)(uintptr_t)pages, SEEK_SET));
	assert_true(cap_source_init(&s, fd, SMALL));
	while (cap_source_take(&s, 50) != NULL)
		n += 50;
	assert_non_null(s.ahead);
	assert_int_equal(page, n + cap_source_left(&s));
	assert_int_equal(EIO, s.sys);
	cap_source_clear(&s);
	assert_int_equal(0, close(fd));
	assert_int_equal(0, munmap(pages, 2 * page));
	assert_int_equal(0, close(under));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_of_a_file_are_whole),
		cmocka_unit_test(pieces_of_a_pipe_are_whole),
		cmocka_unit_test(a_file_of_any_length_ends),
		cmocka_unit_test(what_is_looked_at_is_not_taken),
		cmocka_unit_test(
		    only_of_a_file_that_is_larger_than_a_buffer_more_is_read),
		cmocka_unit_test(
		    without_memory_for_another_thread_it_reads_itself),
		cmocka_unit_test(without_memory_for_a_large_piece_it_is_told),
		cmocka_unit_test(a_file_that_grows_is_read_on),
		cmocka_unit_test(a_file_that_is_cut_ends),
		cmocka_unit_test(a_folder_cannot_be_read),
		cmocka_unit_test(what_was_read_before_an_error_is_there),
	};

	return cmocka_run_group_tests_name("capture/source", tests, make_bytes,
					   NULL);
}
