/* SPDX-License-Identifier: MIT */
/* Whole files: the old or the new, never something between. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/support/torture.h"

struct fixture {
	char folder[64];
	char path[3][128];
};

static int setup(void **state)
{
	static struct fixture f;

	(void)snprintf(f.folder, sizeof(f.folder), "/tmp/pldiag-file-XXXXXX");
	assert_non_null(mkdtemp(f.folder));
	for (int i = 0; i < 3; i++)
		(void)snprintf(f.path[i], sizeof(f.path[i]), "%s/%c", f.folder,
			       'a' + i);
	*state = &f;
	return 0;
}

static unsigned names_in(const char *folder)
{
	DIR *dir = opendir(folder);
	unsigned n = 0;

	assert_non_null(dir);
	for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
		n +=
		    strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	(void)closedir(dir);
	return n;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 3; i++)
		(void)unlink(f->path[i]);
	/* Fails if a temporary file was left. */
	return rmdir(f->folder);
}

static void put(const char *path, const char *text)
{
	struct diag_err err = { 0 };

	assert_true(diag_file_write(path, text, strlen(text), 0600, &err));
	assert_int_equal(DIAG_OK, err.code);
}

static void assert_holds(const char *path, const char *want)
{
	struct diag_buf buf;
	struct diag_err err = { 0 };

	assert_true(diag_file_read(path, 1000, &buf, &err));
	assert_string_equal(want, diag_buf_str(&buf));
	diag_buf_clear(&buf);
}

static void what_is_written_is_read(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	put(f->path[0], "one\n");
	assert_holds(f->path[0], "one\n");
	assert_int_equal(0, stat(f->path[0], &st));
	assert_int_equal(0600, st.st_mode & 0777);
	put(f->path[0], "");
	assert_holds(f->path[0], "");
	assert_int_equal(1, names_in(f->folder));
}

static void an_open_reader_keeps_the_old_file(void **state)
{
	struct fixture *f = *state;
	char bytes[8] = "";
	FILE *old;

	put(f->path[0], "old");
	old = fopen(f->path[0], "r");
	assert_non_null(old);
	put(f->path[0], "new");
	assert_int_equal(3, fread(bytes, 1, sizeof(bytes), old));
	assert_string_equal("old", bytes);
	assert_holds(f->path[0], "new");
	(void)fclose(old);
}

static void a_link_stays_a_link(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	put(f->path[0], "old");
	assert_int_equal(0, symlink("a", f->path[1]));
	assert_int_equal(0, symlink(f->path[1], f->path[2]));
	put(f->path[2], "new");
	assert_int_equal(0, lstat(f->path[2], &st));
	assert_true(S_ISLNK(st.st_mode));
	assert_holds(f->path[0], "new");
}

static void a_link_to_nothing_makes_its_target(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(0, symlink("a", f->path[1]));
	put(f->path[1], "new");
	assert_holds(f->path[0], "new");
	assert_int_equal(2, names_in(f->folder));
}

static void links_in_a_ring_are_an_error(void **state)
{
	struct fixture *f = *state;
	struct diag_err err = { 0 };

	assert_int_equal(0, symlink("b", f->path[0]));
	assert_int_equal(0, symlink("a", f->path[1]));
	assert_false(diag_file_write(f->path[0], "x", 1, 0600, &err));
	assert_int_equal(ELOOP, err.sys);
}

static void a_pipe_is_written_straight(void **state)
{
	struct fixture *f = *state;
	char bytes[8] = "";
	struct stat st;
	int fd;

	assert_int_equal(0, mkfifo(f->path[0], 0600));
	fd = open(f->path[0], O_RDWR | O_NONBLOCK | O_CLOEXEC);
	assert_true(fd >= 0);
	put(f->path[0], "x");
	assert_int_equal(1, read(fd, bytes, sizeof(bytes)));
	assert_int_equal('x', bytes[0]);
	assert_int_equal(0, stat(f->path[0], &st));
	assert_true(S_ISFIFO(st.st_mode));
	(void)close(fd);
}

/* Who may write to /dev would lose the real device if the code under test
 * were wrong, so root makes a device of its own (1, 7: full(4)). */
static const char *full_device(const struct fixture *f)
{
	int fd;

	if (access("/dev", W_OK) != 0)
		return "/dev/full";
	if (mknod(f->path[2], S_IFCHR | 0600, makedev(1, 7)) != 0)
		return NULL;
	fd = open(f->path[2], O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL; /* a file system without devices */
	(void)close(fd);
	return f->path[2];
}

static void a_device_is_written_straight(void **state)
{
	const char *path = full_device(*state);
	struct diag_err err = { 0 };
	struct stat st;

	if (path == NULL)
		skip();
	assert_false(diag_file_write(path, "x", 1, 0600, &err));
	assert_int_equal(DIAG_EIO, err.code);
	assert_int_equal(ENOSPC, err.sys);
	assert_string_equal(path, err.what);
	assert_int_equal(0, stat(path, &st));
	assert_true(S_ISCHR(st.st_mode));
}

static void errors_keep_errno_and_path(void **state)
{
	struct fixture *f = *state;
	struct diag_err err = { 0 };
	struct diag_buf buf;
	char inside[200];

	assert_false(diag_file_read(f->path[0], 10, &buf, &err));
	diag_buf_clear(&buf);
	assert_int_equal(ENOENT, err.sys);
	assert_string_equal(f->path[0], err.what);
	err = (struct diag_err){ 0 };
	assert_false(diag_file_read(f->folder, 10, &buf, &err));
	diag_buf_clear(&buf);
	assert_int_equal(EISDIR, err.sys);
	err = (struct diag_err){ 0 };
	(void)snprintf(inside, sizeof(inside), "%s/none/x", f->folder);
	assert_false(diag_file_write(inside, "x", 1, 0600, &err));
	assert_int_equal(ENOENT, err.sys);
	assert_string_equal(inside, err.what);
	err = (struct diag_err){ 0 };
	assert_false(diag_file_write(f->folder, "x", 1, 0600, &err));
	assert_int_equal(EISDIR, err.sys);
}

/* 0, or errno. */
static int refusal(const char *path)
{
	struct diag_err err = { 0 };

	return diag_file_can_write(path, &err) ? 0 : err.sys;
}

static void a_name_that_cannot_be_written_is_told_before(void **state)
{
	struct fixture *f = *state;
	char inside[200];

	assert_int_equal(0, refusal(f->path[0]));
	assert_int_equal(0, names_in(f->folder));
	put(f->path[0], "old");
	assert_int_equal(0, refusal(f->path[0]));
	assert_holds(f->path[0], "old");
	assert_int_equal(0, symlink("none/x", f->path[1]));
	assert_int_equal(ENOENT, refusal(f->path[1]));
	assert_int_equal(0, mkfifo(f->path[2], 0600));
	assert_int_equal(0, refusal(f->path[2])); /* and does not wait */
	(void)snprintf(inside, sizeof(inside), "%s/none/x", f->folder);
	assert_int_equal(ENOENT, refusal(inside));
	(void)snprintf(inside, sizeof(inside), "%s/x", f->path[0]);
	assert_int_equal(ENOTDIR, refusal(inside));
	assert_int_equal(EISDIR, refusal(f->folder));
	assert_int_equal(ENOENT, refusal(""));
	assert_int_equal(0, refusal("-"));
	assert_int_equal(0, refusal("/dev/full"));
	assert_int_equal(0, refusal("x"));
}

static void a_file_over_the_limit_is_refused(void **state)
{
	struct fixture *f = *state;
	struct diag_err err = { 0 };
	struct diag_buf buf;

	put(f->path[0], "12345");
	assert_true(diag_file_read(f->path[0], 5, &buf, &err));
	diag_buf_clear(&buf);
	assert_false(diag_file_read(f->path[0], 4, &buf, &err));
	diag_buf_clear(&buf);
	assert_int_equal(DIAG_ELIMIT, err.code);
	assert_non_null(strstr(err.what, "more than 4 bytes"));
}

static void files_without_a_size_are_read(void **unused)
{
	struct diag_err err = { 0 };
	struct diag_buf buf;

	(void)unused;
	assert_true(diag_file_read("/proc/self/status", 1 << 16, &buf, &err));
	assert_true(buf.len > 100);
	diag_buf_clear(&buf);
}

/* Past its size limit a file cannot grow: as a full disk in mid-write. */
static void a_failed_write_leaves_the_old_file_and_nothing_else(void **state)
{
	struct fixture *f = *state;
	struct diag_err err = { 0 };
	struct rlimit before;
	struct rlimit small;
	void (*handler)(int);
	bool ok;

	put(f->path[0], "old");
	assert_int_equal(0, getrlimit(RLIMIT_FSIZE, &before));
	small = (struct rlimit){ 4, before.rlim_max };
	handler = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &small));
	ok = diag_file_write(f->path[0], "longer than that", 16, 0600, &err);
	assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &before));
	(void)signal(SIGXFSZ, handler);
	assert_false(ok);
	assert_int_equal(EFBIG, err.sys);
	assert_holds(f->path[0], "old");
	assert_int_equal(1, names_in(f->folder));
}

static void a_file_of_any_size_is_copied(void **state)
{
	struct fixture *f = *state;
	struct diag_err err = { 0 };
	struct diag_buf a, b;
	char text[50000];
	int from;

	memset(text, 'x', sizeof(text));
	assert_true(
	    diag_file_write(f->path[0], text, sizeof(text), 0600, &err));
	put(f->path[1], "old");
	from = open(f->path[0], O_RDONLY | O_CLOEXEC);
	assert_true(from >= 0);
	assert_int_equal(4, lseek(from, 4, SEEK_SET)); /* plays no part */
	assert_true(diag_file_copy(f->path[1], from, 0600, &err));
	(void)close(from);
	assert_true(diag_file_read(f->path[0], 1 << 20, &a, &err));
	assert_true(diag_file_read(f->path[1], 1 << 20, &b, &err));
	assert_int_equal(sizeof(text), b.len);
	assert_memory_equal(a.data, b.data, b.len);
	diag_buf_clear(&a);
	diag_buf_clear(&b);
}

static void only_what_is_no_file_is_written_straight(void **state)
{
	struct fixture *f = *state;
	struct diag_err err = { 0 };
	int fd;

	assert_true(diag_file_straight(f->path[0], &fd, &err));
	assert_int_equal(-1, fd);
	put(f->path[0], "x");
	assert_true(diag_file_straight(f->path[0], &fd, &err));
	assert_int_equal(-1, fd);
	assert_true(diag_file_straight("/dev/null", &fd, &err));
	assert_true(fd >= 0);
	(void)close(fd);
	assert_false(diag_file_straight(f->folder, &fd, &err));
	assert_int_equal(EISDIR, err.sys);
}

/* Whoever guesses the name of our temporary file gains nothing by it. */
static void a_link_laid_in_our_way_is_not_followed(void **state)
{
	struct fixture *f = *state;
	char temp[128];

	put(f->path[1], "untouched");
	(void)snprintf(temp, sizeof(temp), "%s/.pldiag-%ld-0", f->folder,
		       (long)getpid());
	assert_int_equal(0, symlink(f->path[1], temp));
	put(f->path[0], "x");
	assert_holds(f->path[0], "x");
	assert_holds(f->path[1], "untouched");
	assert_int_equal(0, unlink(temp));
}

static void a_name_as_long_as_can_be_is_replaced(void **state)
{
	struct fixture *f = *state;
	char path[400];
	size_t n = (size_t)snprintf(path, sizeof(path), "%s/", f->folder);

	memset(path + n, 'n', 255);
	path[n + 255] = '\0';
	put(path, "x");
	put(path, "y");
	assert_holds(path, "y");
	assert_int_equal(0, unlink(path));
}

static void a_name_without_folder_is_here(void **state)
{
	struct fixture *f = *state;
	char before[4096];

	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(0, chdir(f->folder));
	put("a", "x");
	assert_int_equal(0, chdir(before));
	assert_holds(f->path[0], "x");
}

static void our_own_descriptors_are_used_as_they_are(void **state)
{
	struct fixture *f = *state;
	FILE *file = fopen(f->path[0], "w");
	char name[32];

	assert_non_null(file);
	(void)fputs("head ", file);
	(void)fflush(file);
	(void)snprintf(name, sizeof(name), "/dev/fd/%d", fileno(file));
	put(name, "tail");
	(void)fclose(file);
	assert_holds(f->path[0], "head tail");
}

static bool read_status(void *path)
{
	struct diag_err err = { 0 };
	struct diag_buf buf;
	bool ok = diag_file_read(path, 1 << 20, &buf, &err);

	assert_int_equal(ok ? DIAG_OK : DIAG_ENOMEM, err.code);
	diag_buf_clear(&buf);
	return ok;
}

static void any_allocation_may_fail(void **state)
{
	struct fixture *f = *state;
	char *text = malloc(200001);

	assert_non_null(text);
	memset(text, 'x', 200000);
	text[200000] = '\0';
	put(f->path[0], text);
	free(text);
	assert_true(torture(read_status, f->path[0]) > 0);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FOLDER(what_is_written_is_read),
		WITH_FOLDER(an_open_reader_keeps_the_old_file),
		WITH_FOLDER(a_link_stays_a_link),
		WITH_FOLDER(a_link_to_nothing_makes_its_target),
		WITH_FOLDER(links_in_a_ring_are_an_error),
		WITH_FOLDER(a_pipe_is_written_straight),
		WITH_FOLDER(a_device_is_written_straight),
		WITH_FOLDER(errors_keep_errno_and_path),
		WITH_FOLDER(a_name_that_cannot_be_written_is_told_before),
		WITH_FOLDER(a_file_over_the_limit_is_refused),
		cmocka_unit_test(files_without_a_size_are_read),
		WITH_FOLDER(
		    a_failed_write_leaves_the_old_file_and_nothing_else),
		WITH_FOLDER(a_file_of_any_size_is_copied),
		WITH_FOLDER(only_what_is_no_file_is_written_straight),
		WITH_FOLDER(a_link_laid_in_our_way_is_not_followed),
		WITH_FOLDER(a_name_as_long_as_can_be_is_replaced),
		WITH_FOLDER(a_name_without_folder_is_here),
		WITH_FOLDER(our_own_descriptors_are_used_as_they_are),
		WITH_FOLDER(any_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("base/file", tests, NULL, NULL);
}
