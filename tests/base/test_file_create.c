/* SPDX-License-Identifier: MIT */
/* New files: never over what is there unless told to, never through a link. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

struct fixture {
	char folder[64];
	char path[128], other[128];
	struct diag_buf text;
};

static int setup(void **state)
{
	static struct fixture f;

	(void)snprintf(f.folder, sizeof(f.folder), "/tmp/pldiag-new-XXXXXX");
	assert_non_null(mkdtemp(f.folder));
	(void)snprintf(f.path, sizeof(f.path), "%s/a", f.folder);
	(void)snprintf(f.other, sizeof(f.other), "%s/b", f.folder);
	diag_buf_init(&f.text, 1000);
	diag_buf_puts(&f.text, "new");
	*state = &f;
	return 0;
}

/* Nothing of our own is left beside them. */
static int teardown(void **state)
{
	struct fixture *f = *state;

	(void)unlink(f->path);
	(void)rmdir(f->path);
	(void)unlink(f->other);
	diag_buf_clear(&f->text);
	assert_int_equal(0, rmdir(f->folder));
	return 0;
}

static void assert_holds(const char *path, const char *want)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_buf got;

	assert_true(diag_file_read(path, 1000, &got, &err));
	assert_string_equal(want, diag_buf_str(&got));
	diag_buf_clear(&got);
}

static void put(const char *path, const char *text)
{
	struct diag_err err = { .code = DIAG_OK };

	assert_true(diag_file_write(path, text, strlen(text), 0644, &err));
}

/* 0, or errno of the failure. */
static int create(const struct fixture *f, const char *path, bool replace)
{
	struct diag_err err = { .code = DIAG_OK };
	bool can = diag_file_can_create(path, replace, NULL);
	bool ok = diag_file_create(path, &f->text, 0600, replace, &err);

	assert_true(ok == (err.code == DIAG_OK));
	assert_true(can || !ok);
	return err.sys;
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(0, lstat(path, &st));
	return st.st_mode;
}

static void a_free_name_is_taken(void **state)
{
	const struct fixture *f = *state;
	mode_t mask = umask(0);

	assert_int_equal(0, create(f, f->path, false));
	assert_holds(f->path, "new");
	assert_int_equal(0600, mode_of(f->path) & 0777);
	assert_int_equal(0, create(f, f->other, true));
	assert_int_equal(0600, mode_of(f->other) & 0777);
	(void)umask(mask);
}

static void a_name_that_somebody_has_is_left_to_him(void **state)
{
	const struct fixture *f = *state;

	put(f->path, "old");
	assert_int_equal(EEXIST, create(f, f->path, false));
	assert_holds(f->path, "old");
	assert_int_equal(0, create(f, f->path, true));
	assert_holds(f->path, "new");
	assert_int_equal(0600, mode_of(f->path) & 0777);
}

static void a_link_gives_its_name_and_not_its_target(void **state)
{
	const struct fixture *f = *state;

	put(f->other, "theirs");
	assert_int_equal(0, symlink(f->other, f->path));
	assert_int_equal(EEXIST, create(f, f->path, false));
	assert_true(S_ISLNK(mode_of(f->path)));
	assert_int_equal(0, create(f, f->path, true));
	assert_true(S_ISREG(mode_of(f->path)));
	assert_holds(f->other, "theirs");
}

static void a_link_to_nothing_makes_nothing(void **state)
{
	const struct fixture *f = *state;

	assert_int_equal(0, symlink(f->other, f->path));
	assert_int_equal(EEXIST, create(f, f->path, false));
	assert_int_equal(-1, access(f->other, F_OK));
}

static void what_is_no_file_keeps_its_name(void **state)
{
	const struct fixture *f = *state;

	assert_int_equal(0, mkfifo(f->path, 0600));
	assert_int_equal(EINVAL, create(f, f->path, true));
	assert_true(S_ISFIFO(mode_of(f->path)));
	assert_int_equal(0, mkdir(f->other, 0700));
	assert_int_equal(EISDIR, create(f, f->other, true));
	assert_int_equal(EEXIST, create(f, f->other, false));
	assert_int_equal(0, rmdir(f->other));
}

static void a_folder_that_is_not_there_is_told(void **state)
{
	const struct fixture *f = *state;
	char path[200];

	(void)snprintf(path, sizeof(path), "%s/none/a", f->folder);
	assert_int_equal(ENOENT, create(f, path, false));
	assert_false(diag_file_can_create(path, false, NULL));
	(void)snprintf(path, sizeof(path), "%s/", f->folder);
	assert_int_equal(EISDIR, create(f, path, false));
	assert_int_equal(EISDIR, create(f, "", false));
}

static void a_name_without_folder_is_here(void **state)
{
	const struct fixture *f = *state;
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(here >= 0);
	assert_int_equal(0, chdir(f->folder));
	assert_int_equal(0, create(f, "a", false));
	assert_int_equal(0, create(f, "a", true));
	assert_int_equal(0, fchdir(here));
	(void)close(here);
	assert_holds(f->path, "new");
}

/* RLIMIT_FSIZE is a disk that is full after two bytes. */
static void a_failed_write_leaves_the_old_file_and_nothing_else(void **state)
{
	const struct fixture *f = *state;
	struct rlimit was, two;
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);

	put(f->path, "old");
	assert_int_equal(0, getrlimit(RLIMIT_FSIZE, &was));
	two = was;
	two.rlim_cur = 2;
	assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &two));
	assert_int_equal(EFBIG, create(f, f->path, true));
	assert_int_equal(EFBIG, create(f, f->other, false));
	assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &was));
	(void)signal(SIGXFSZ, handler);
	assert_holds(f->path, "old");
	assert_int_equal(-1, access(f->other, F_OK));
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FOLDER(a_free_name_is_taken),
		WITH_FOLDER(a_name_that_somebody_has_is_left_to_him),
		WITH_FOLDER(a_link_gives_its_name_and_not_its_target),
		WITH_FOLDER(a_link_to_nothing_makes_nothing),
		WITH_FOLDER(what_is_no_file_keeps_its_name),
		WITH_FOLDER(a_folder_that_is_not_there_is_told),
		WITH_FOLDER(a_name_without_folder_is_here),
		WITH_FOLDER(
		    a_failed_write_leaves_the_old_file_and_nothing_else),
	};

	return cmocka_run_group_tests_name("file_create", tests, NULL, NULL);
}
