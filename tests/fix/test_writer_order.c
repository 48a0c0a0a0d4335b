/* SPDX-License-Identifier: MIT */
/* What survives a power cut is decided by the order of write, fsync and
 * rename.  strace(1) tells the order in which the kernel was asked; started
 * with arguments, this program is the one that is traced. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cursor.h"
#include "base/file.h"
#include "base/text.h"
#include "tests/fix/stage.h"

#define CALLS                                                          \
	"trace=openat,write,pwrite64,fsync,syncfs,renameat,renameat2," \
	"unlinkat,ftruncate,fchmod"

/* --- the one that is traced
 * -------------------------------------------------------- */

static int be_traced(char **argv)
{
	struct diag_err err = { 0 };
	struct stage s;
	bool ok;

	(void)snprintf(s.folder, sizeof(s.folder), "%s/etc", argv[2]);
	(void)snprintf(s.top, sizeof(s.top), "%s", argv[2]);
	(void)snprintf(s.file, sizeof(s.file), "%s/hosts", s.folder);
	(void)snprintf(s.state, sizeof(s.state), "%s", argv[3]);
	if (strcmp(argv[1], "bound") == 0 && !stage_bind(&s))
		return 77;
	ok = strcmp(argv[1], "undo") == 0 ? stage_undo(&s, 0, &err)
					  : stage_apply(&s, "new\n", &err);
	if (!ok)
		(void)fprintf(stderr, "%s\n", stage_error(&err));
	return ok ? 0 : 1;
}

/* --- reading what strace saw
 * -------------------------------------------------------- */

struct record {
	struct diag_buf text;
	struct diag_cursor at;
};

/* Status of the traced one. */
static int run_strace(const struct stage *s, const char *what, const char *out)
{
	char self[512];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int status = -1;
	pid_t pid;

	assert_true(n > 0);
	self[n] = '\0';
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
		(void)execlp("strace", "strace", "-f", "-y", "-s", "4000", "-e",
			     CALLS, "-o", out, self, what, s->top, s->state,
			     (char *)NULL);
		_exit(127);
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static struct record traced(const struct stage *s, const char *what)
{
	struct record r;
	struct diag_err err = { 0 };
	char out[256];
	int status;

	(void)snprintf(out, sizeof(out), "%s/trace", s->top);
	status = run_strace(s, what, out);
	if (status == 77)
		skip();
	assert_int_equal(0, status);
	assert_true(diag_file_read(out, (size_t)8 << 20, &r.text, &err));
	r.at = diag_cursor_of(r.text.data, r.text.len);
	return r;
}

/* "strace is there and may trace" */
static bool strace_works(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		(void)dup2(null, STDERR_FILENO);
		(void)execlp("strace", "strace", "-o", "/dev/null", "true",
			     (char *)NULL);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static bool holds(struct diag_slice line, const char *words)
{
	return diag_text_find_nocase(line.p, line.len, words) != NULL;
}

/* From here on there is a call with both in it, and that worked: the record
 * then goes on behind it.  So a row of these is an order. */
static void then(struct record *r, const char *call, const char *with)
{
	struct diag_slice line;

	while (diag_cursor_line(&r->at, &line))
		if (holds(line, call) && holds(line, with) &&
		    !holds(line, " = -1 "))
			return;
	fail_msg("not in this place: %s … %s\n%s", call, with,
		 diag_buf_str(&r->text));
}

/* From here on there is no such call. */
static void never_again(struct record *r, const char *call, const char *with)
{
	struct diag_cursor from = r->at;
	struct diag_slice line;

	while (diag_cursor_line(&from, &line))
		if (holds(line, call) && holds(line, with))
			fail_msg("too late: %.*s", (int)line.len, line.p);
}

static void done(struct record *r)
{
	diag_buf_clear(&r->text);
}

/* --- the orders
 * --------------------------------------------------------------------- */

static void begins(struct record *r)
{
	/* The folder that holds the journal lasts, and so does its name. */
	then(r, "fsync(", "/state>");
	then(r, "fsync(", "/state/");
	then(r, "pwrite64(", "\\\"op\\\":\\\"begin\\\"");
	then(r, "fsync(", "/journal>");
}

static void makes_the_new_file(struct record *r)
{
	then(r, "openat(", "O_RDWR|O_CREAT|O_EXCL|O_NOFOLLOW|O_CLOEXEC, 0600");
	then(r, "write(", ".pldiag-");
	then(r, "fchmod(", ".pldiag-");
	then(r, "fsync(", ".pldiag-");
}

static void is_ready(struct record *r)
{
	then(r, "pwrite64(", "\\\"op\\\":\\\"ready\\\"");
	then(r, "fsync(", "/journal>");
}

static void is_done(struct record *r)
{
	then(r, "pwrite64(", "\\\"op\\\":\\\"done\\\"");
	then(r, "fsync(", "/journal>");
	never_again(r, "rename", "hosts");
	never_again(r, "write(", "");
	never_again(r, "write64(", "");
}

static void an_apply_is_in_order(void **state)
{
	struct record r = traced(*state, "apply");

	begins(&r);
	makes_the_new_file(&r);
	is_ready(&r);
	then(&r, "renameat2(", "RENAME_EXCHANGE");
	then(&r, "fsync(", "/etc>");
	/* The old file goes to where it is kept, and that is forced. */
	then(&r, "renameat(", ".pldiag-");
	then(&r, "fsync(", "/state/");
	is_done(&r);
	done(&r);
}

static void an_undo_is_in_order(void **state)
{
	struct record r;

	stage_must_apply(*state, "new\n");
	r = traced(*state, "undo");
	then(&r, "pwrite64(", "\\\"kind\\\":\\\"undo\\\"");
	then(&r, "fsync(", "/journal>");
	makes_the_new_file(&r);
	is_ready(&r);
	then(&r, "renameat2(", "RENAME_EXCHANGE");
	then(&r, "fsync(", "/etc>");
	is_done(&r);
	done(&r);
}

/* The old bytes are copied before the file is touched. */
static void with_the_state_on_another_disk_it_is_in_order(void **state)
{
	struct stage *s = *state, other = *s;
	struct record r;
	struct stat here, there;

	(void)snprintf(other.state, sizeof(other.state),
		       "/dev/shm/pldiag-state-XXXXXX");
	if (mkdtemp(other.state) == NULL)
		skip();
	assert_int_equal(0, stat(s->top, &here));
	assert_int_equal(0, stat(other.state, &there));
	if (here.st_dev == there.st_dev) {
		(void)rmdir(other.state);
		skip();
	}
	r = traced(&other, "apply");
	stage_remove_tree(other.state);
	then(&r, "pwrite64(", "\\\"op\\\":\\\"begin\\\"");
	then(&r, "fsync(", "/journal>");
	then(&r, "write(", "/part>");
	then(&r, "fsync(", "/part>");
	then(&r, "renameat(", "\"part\"");
	then(&r, "fsync(", "/pldiag-state-");
	then(&r, "fsync(", ".pldiag-");
	is_ready(&r);
	then(&r, "renameat2(", "RENAME_EXCHANGE");
	then(&r, "fsync(", "/etc>");
	then(&r, "unlinkat(", ".pldiag-");
	is_done(&r);
	done(&r);
}

static void a_new_file_is_in_order(void **state)
{
	struct stage *s = *state;
	struct record r;

	assert_int_equal(0, unlink(s->file));
	r = traced(s, "apply");
	begins(&r);
	makes_the_new_file(&r);
	is_ready(&r);
	then(&r, "renameat2(", "RENAME_NOREPLACE");
	then(&r, "fsync(", "/etc>");
	is_done(&r);
	done(&r);
}

static void an_undo_that_removes_is_in_order(void **state)
{
	struct stage *s = *state;
	struct record r;

	assert_int_equal(0, unlink(s->file));
	stage_must_apply(s, "new\n");
	r = traced(s, "undo");
	then(&r, "pwrite64(", "\\\"op\\\":\\\"begin\\\"");
	then(&r, "fsync(", "/journal>");
	is_ready(&r);
	then(&r, "renameat2(", "RENAME_NOREPLACE");
	then(&r, "fsync(", "/etc>");
	then(&r, "renameat(", ".pldiag-");
	then(&r, "fsync(", "/state/");
	is_done(&r);
	done(&r);
}

/* Both texts are safe before the first byte is written over. */
static void a_write_in_place_is_in_order(void **state)
{
	struct record r = traced(*state, "bound");

	begins(&r);
	for (int i = 0; i < 2; i++) {
		then(&r, "write(", "/part>");
		then(&r, "fsync(", "/part>");
		then(&r, "renameat(", "\"part\"");
		then(&r, "fsync(", "/state/");
	}
	is_ready(&r);
	then(&r, "pwrite64(", "/hosts>");
	then(&r, "ftruncate(", "/hosts>");
	then(&r, "fsync(", "/hosts>");
	is_done(&r);
	done(&r);
}

#define ON_DISK(test) \
	cmocka_unit_test_setup_teardown(test, stage_setup, stage_teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_DISK(an_apply_is_in_order),
		ON_DISK(an_undo_is_in_order),
		ON_DISK(with_the_state_on_another_disk_it_is_in_order),
		ON_DISK(a_new_file_is_in_order),
		ON_DISK(an_undo_that_removes_is_in_order),
		ON_DISK(a_write_in_place_is_in_order),
	};

	if (argc == 4)
		return be_traced(argv);
	if (!strace_works()) {
		print_message("strace is not there, or may not trace\n");
		return 77;
	}
	return cmocka_run_group_tests_name("writer_order", tests, NULL, NULL);
}
