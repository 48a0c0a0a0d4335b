/* SPDX-License-Identifier: MIT */
/* One writer of a file at a time; the others wait, or are told for whom.  The
 * state folder belongs to its user alone, or nothing is done. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/time.h"
#include "tests/fix/stage.h"

#define WRITERS 8
#define ROUNDS	5
#define LONG_MS 100000 /* never waited for in full */
#define PIPE_S	10     /* a wait for it would have no end */

static const struct diag_change_note note = { "test", "a line" };

/* --- the lock
 * ----------------------------------------------------------------- */

static struct diag_err held_error(const struct stage *s, unsigned wait_ms)
{
	struct diag_writer *w = NULL;
	struct diag_err err = { 0 };

	assert_false(
	    diag_writer_open(s->state, s->file, "second", wait_ms, &w, &err));
	assert_null(w);
	return err;
}

static void the_second_is_told_who_holds_it(void **state)
{
	struct stage *s = *state;
	struct diag_writer *w = NULL;
	struct diag_err err = { 0 };
	char want[80], now[DIAG_TIME_TEXT];

	assert_true(
	    diag_writer_open(s->state, s->file, "pl-hosts apply", 0, &w, &err));
	err = held_error(s, 0);
	(void)snprintf(want, sizeof(want),
		       "hosts: in use by pl-hosts apply (pid %d, since ",
		       (int)getpid());
	stage_assert_error(&err, DIAG_ELIMIT, EWOULDBLOCK, want);
	/* The hour and minute are those of now (or the minute just ended). */
	assert_non_null(strstr(err.what, "Z)"));
	(void)diag_time_text(diag_time_now_s(), now);
	assert_int_equal(strlen("10:03:12Z)"),
			 strlen(strstr(err.what, "since ") + 6));
	diag_writer_close(w);
}

static void it_waits_as_long_as_it_was_told(void **state)
{
	struct stage *s = *state;
	struct diag_writer *w = stage_open(s);
	uint64_t began = diag_time_mono_us();
	struct diag_err err = held_error(s, 120);

	assert_int_equal(DIAG_ELIMIT, err.code);
	assert_true(diag_time_mono_us() - began >= 120000);
	diag_writer_close(w);
}

static void what_is_given_back_can_be_taken(void **state)
{
	struct stage *s = *state;

	for (int i = 0; i < 3; i++)
		diag_writer_close(stage_open(s));
	diag_writer_close(NULL);
}

/* A child that holds the lock until it is told to go. */
static pid_t holder(const struct stage *s, int *go, const char *tool)
{
	struct diag_writer *w = NULL;
	struct diag_err err = { 0 };
	int ready[2], leave[2];
	char c;
	pid_t pid;

	assert_int_equal(0, pipe(ready));
	assert_int_equal(0, pipe(leave));
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)close(leave[1]);
		if (!diag_writer_open(s->state, s->file, tool, 0, &w, &err) ||
		    write(ready[1], "x", 1) != 1)
			_exit(1);
		if (read(leave[0], &c, 1) < 0)
			_exit(1);
		diag_writer_close(w);
		_exit(0);
	}
	assert_int_equal(1, read(ready[0], &c, 1));
	(void)close(ready[0]);
	(void)close(ready[1]);
	(void)close(leave[0]);
	*go = leave[1];
	return pid;
}

static void end(pid_t pid)
{
	int status = -1;

	assert_int_equal(pid, waitpid(pid, &status, 0));
}

static void one_that_waits_gets_it_when_it_is_free(void **state)
{
	struct stage *s = *state;
	struct diag_writer *w = NULL;
	struct diag_err err = { 0 };
	int go;
	pid_t pid = holder(s, &go, "first");

	err = held_error(s, 0);
	assert_int_equal(DIAG_ELIMIT, err.code);
	(void)close(go);
	err = (struct diag_err){ 0 };
	assert_true(
	    diag_writer_open(s->state, s->file, "second", LONG_MS, &w, &err));
	diag_writer_close(w);
	end(pid);
}

static void a_killed_holder_holds_nothing(void **state)
{
	struct stage *s = *state;
	int go;
	pid_t pid = holder(s, &go, "first");

	assert_int_equal(0, kill(pid, SIGKILL));
	end(pid);
	(void)close(go);
	diag_writer_close(stage_open(s)); /* at once, its record or not */
}

static void lock_path(const struct stage *s, char *out, size_t size)
{
	stage_journal_path(s, out, size);
	(void)snprintf(strrchr(out, '/'), 6, "/lock");
}

/* The lock is the kernel's; the record may be anything. */
static void an_odd_record_does_not_confuse_anyone(void **state)
{
	static const char *const records[] = {
		"",
		"rubbish",
		"{\"tool\":\"x\"}",
		"{\"tool\":\"gone\",\"pid\":999999999,\"since\":1}",
		"{\"tool\":7,\"pid\":\"y\",\"since\":null}",
		"{\"tool\":\"x\",\"pid\":-4,\"since\":1}",
	};
	struct stage *s = *state;
	struct diag_writer *w = stage_open(s);
	char path[512];

	lock_path(s, path, sizeof(path));
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		struct diag_err err;

		stage_put(path, records[i]);
		err = held_error(s, 0);
		stage_assert_error(&err, DIAG_ELIMIT, EWOULDBLOCK,
				   "hosts: in use by another process");
	}
	diag_writer_close(w);
	stage_put(path, records[3]);
	diag_writer_close(stage_open(s));
}

static void a_long_tool_name_is_cut(void **state)
{
	struct stage *s = *state;
	struct diag_writer *w = NULL;
	struct diag_err err = { 0 };
	char tool[500];

	memset(tool, 't', sizeof(tool) - 1);
	tool[sizeof(tool) - 1] = '\0';
	assert_true(diag_writer_open(s->state, s->file, tool, 0, &w, &err));
	err = held_error(s, 0);
	stage_assert_error(&err, DIAG_ELIMIT, EWOULDBLOCK, "tt (pid ");
	diag_writer_close(w);
}

/* The same file by another way is the same lock. */
static void a_link_leads_to_the_same_lock(void **state)
{
	struct stage *s = *state, other = *s;
	struct diag_writer *w = stage_open(s);
	struct diag_err err;

	(void)snprintf(other.file, sizeof(other.file), "%s/link", s->folder);
	assert_int_equal(0, symlink("hosts", other.file));
	err = held_error(&other, 0);
	assert_int_equal(DIAG_ELIMIT, err.code);
	diag_writer_close(w);
}

static void two_files_do_not_wait_for_each_other(void **state)
{
	struct stage *s = *state, other = *s;
	struct diag_writer *w = stage_open(s);

	(void)snprintf(other.file, sizeof(other.file), "%s/other", s->folder);
	diag_writer_close(stage_open(&other));
	diag_writer_close(w);
}

/* --- many at once
 * ---------------------------------------------------------------- */

static bool append_line(const struct stage *s, const char *line)
{
	struct diag_writer *w = NULL;
	struct diag_file_state file;
	struct diag_err err = { 0 };
	struct diag_buf text;
	uint64_t id;
	bool ok;

	if (!diag_writer_open(s->state, s->file, "append", LONG_MS, &w, &err))
		return false;
	ok = diag_writer_read(w, &text, &file, &err);
	diag_buf_puts(&text, line);
	ok = ok && diag_writer_commit(w, text.data, text.len, &note, &id, &err);
	diag_buf_clear(&text);
	diag_writer_close(w);
	return ok;
}

static void append_many(const struct stage *s, int who, int gate)
{
	char line[32];
	char c;

	/* all start together */
	if (read(gate, &c, 1) < 0)
		_exit(1);
	for (int i = 0; i < ROUNDS; i++) {
		(void)snprintf(line, sizeof(line), "writer %d line %d\n", who,
			       i);
		if (!append_line(s, line))
			_exit(1);
	}
	_exit(0);
}

static void assert_all_lines(const struct stage *s)
{
	struct diag_writer *w = stage_open(s);
	struct diag_file_state file;
	struct diag_err err = { 0 };
	struct diag_buf text;
	char line[32];

	assert_true(diag_writer_read(w, &text, &file, &err));
	for (int i = 0; i < WRITERS * ROUNDS; i++) {
		(void)snprintf(line, sizeof(line), "writer %d line %d\n",
			       i / ROUNDS, i % ROUNDS);
		if (strstr(diag_buf_str(&text), line) == NULL)
			fail_msg("lost: %s", line);
	}
	assert_int_equal(4 + strlen(line) * WRITERS * ROUNDS, text.len);
	diag_buf_clear(&text);
	diag_writer_close(w);
}

static void of_eight_writers_nobody_loses_a_line(void **state)
{
	struct stage *s = *state;
	pid_t pids[WRITERS];
	int gate[2], status;

	assert_int_equal(0, pipe(gate));
	for (int i = 0; i < WRITERS; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0) {
			(void)close(gate[1]);
			append_many(s, i, gate[0]);
		}
	}
	(void)close(gate[0]);
	(void)close(gate[1]);
	for (int i = 0; i < WRITERS; i++) {
		assert_int_equal(pids[i], waitpid(pids[i], &status, 0));
		assert_int_equal(0, status);
	}
	assert_all_lines(s);
	stage_assert_clean(s);
	/* And all of it can be taken back. */
	stage_must_undo(s, 1);
	stage_assert_holds(s->file, "old\n");
}

/* --- the state folder
 * ------------------------------------------------------------- */

static const char *state_dir(struct diag_arena *arena, const char *given)
{
	const char *out = NULL;
	struct diag_err err = { 0 };

	if (!diag_writer_state_dir(given, arena, &out, &err))
		fail_msg("%s", stage_error(&err));
	return out;
}

static void a_given_folder_is_made_with_all_above_it(void **state)
{
	struct stage *s = *state;
	struct diag_arena arena;
	struct stat st;
	char path[256];

	diag_arena_init(&arena, 0);
	(void)snprintf(path, sizeof(path), "%s/a/b/c", s->top);
	assert_string_equal(path, state_dir(&arena, path));
	assert_int_equal(0, stat(path, &st));
	assert_int_equal(0700, st.st_mode & 07777);
	assert_string_equal(path, state_dir(&arena, path)); /* and again */
	diag_arena_clear(&arena);
}

/* As somebody without an environment of his own. */
static void with_env(const char *xdg, const char *home)
{
	(void)unsetenv("XDG_STATE_HOME");
	(void)unsetenv("HOME");
	if (xdg != NULL)
		(void)setenv("XDG_STATE_HOME", xdg, 1);
	if (home != NULL)
		(void)setenv("HOME", home, 1);
}

static void the_users_state_folder_is_used(void **state)
{
	struct stage *s = *state;
	struct diag_arena arena;
	char want[256];

	diag_arena_init(&arena, 0);
	assert_int_equal(0, chmod(s->top, 0755));
	with_env(s->top, "/nowhere");
	(void)snprintf(want, sizeof(want), "%s/pldiag", s->top);
	assert_string_equal(want, state_dir(&arena, NULL));
	if (geteuid() != 0) {
		with_env(NULL, s->top);
		(void)snprintf(want, sizeof(want), "%s/.local/state/pldiag",
			       s->top);
		assert_string_equal(want, state_dir(&arena, NULL));
		with_env("relative", s->top); /* the XDG rule: ignored */
		assert_string_equal(want, state_dir(&arena, NULL));
	}
	diag_arena_clear(&arena);
}

/* As under sudo -E.  In a /var/lib of our own. */
static void root_does_not_follow_what_others_can_write_to(void **state)
{
	struct stage *s = *state;
	struct diag_arena arena;
	char theirs[256];

	if (geteuid() != 0 || chown(s->top, 1000, 1000) != 0 ||
	    !stage_own_mounts() ||
	    mount("none", "/var/lib", "tmpfs", 0, "size=1m") != 0)
		skip();
	diag_arena_init(&arena, 0);
	(void)snprintf(theirs, sizeof(theirs), "%s/pldiag", s->top);
	with_env(s->top, s->top);
	assert_string_equal("/var/lib/pldiag", state_dir(&arena, NULL));
	assert_int_equal(0, chown(s->top, 0, 0));
	assert_int_equal(0, chmod(s->top, 0775)); /* the group may write */
	assert_string_equal("/var/lib/pldiag", state_dir(&arena, NULL));
	assert_int_equal(-1, access(theirs, F_OK));
	assert_int_equal(0, chmod(s->top, 0755));
	assert_string_equal(theirs, state_dir(&arena, NULL));
	diag_arena_clear(&arena);
}

static struct diag_err state_error(const struct stage *s, const char *dir)
{
	struct diag_writer *w = NULL;
	struct diag_err err = { 0 };

	assert_false(diag_writer_open(dir, s->file, "test", 0, &w, &err));
	assert_null(w);
	return err;
}

static void a_folder_that_others_may_write_to_is_refused(void **state)
{
	struct stage *s = *state;
	struct diag_err err;

	assert_int_equal(0, chmod(s->state, 0770));
	err = state_error(s, s->state);
	stage_assert_error(&err, DIAG_EUSAGE, 0,
			   "state: others may write to it (mode 0770)");
	assert_int_equal(0, chmod(s->state, 0702));
	err = state_error(s, s->state);
	stage_assert_error(&err, DIAG_EUSAGE, 0, "others may write to it");
	stage_assert_holds(s->file, "old\n");
}

static void a_folder_that_others_may_read_is_closed(void **state)
{
	struct stage *s = *state;
	struct stat st;

	assert_int_equal(0, chmod(s->state, 0755));
	stage_must_apply(s, "new\n");
	assert_int_equal(0, stat(s->state, &st));
	assert_int_equal(0700, st.st_mode & 07777);
}

static void a_folder_of_somebody_else_is_refused(void **state)
{
	struct stage *s = *state;
	struct diag_err err;

	if (geteuid() != 0 || chown(s->state, 1000, 1000) != 0)
		skip();
	err = state_error(s, s->state);
	stage_assert_error(&err, DIAG_EUSAGE, 0,
			   "state: belongs to somebody else (uid 1000)");
	stage_assert_holds(s->file, "old\n");
}

static void a_link_in_its_place_is_not_followed(void **state)
{
	struct stage *s = *state;
	struct diag_err err;
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/link", s->top);
	assert_int_equal(0, symlink("state", path));
	err = state_error(s, path);
	assert_int_equal(DIAG_EIO, err.code);
	assert_true(err.sys == ENOTDIR || err.sys == ELOOP);
}

/* Somebody put links where the lock and the journal should be. */
static void links_inside_are_not_followed(void **state)
{
	static const char *const names[] = { "lock", "journal" };
	struct stage *s = *state;
	char path[512], victim[256];

	(void)snprintf(victim, sizeof(victim), "%s/victim", s->top);
	for (size_t i = 0; i < 2; i++) {
		struct diag_err err;

		stage_put(victim, "precious\n");
		stage_must_apply(s, i == 0 ? "a\n" : "b\n");
		stage_journal_path(s, path, sizeof(path));
		(void)snprintf(strrchr(path, '/') + 1, 10, "%s", names[i]);
		assert_int_equal(0, unlink(path));
		assert_int_equal(0, symlink(victim, path));
		err = state_error(s, s->state);
		stage_assert_error(&err, DIAG_EIO, ELOOP, "state folder");
		stage_assert_holds(victim, "precious\n");
		assert_int_equal(0, unlink(path));
	}
}

/* Nobody would ever write to a pipe in the place of a file: no wait for it. */
static void pipes_inside_are_not_waited_for(void **state)
{
	static const char *const names[] = { "lock", "journal" };
	struct stage *s = *state;
	char path[512];

	stage_must_apply(s, "a\n");
	stage_journal_path(s, path, sizeof(path));
	for (size_t i = 0; i < 2; i++) {
		struct diag_err err;

		(void)snprintf(strrchr(path, '/') + 1, 10, "%s", names[i]);
		assert_int_equal(0, unlink(path));
		assert_int_equal(0, mkfifo(path, 0600));
		(void)alarm(PIPE_S);
		err = state_error(s, s->state);
		(void)alarm(0);
		stage_assert_error(&err, DIAG_EUSAGE, 0, "is not a file");
		stage_assert_holds(s->file, "a\n");
		assert_int_equal(0, unlink(path));
	}
}

static void a_state_folder_that_cannot_be_made_is_told(void **state)
{
	struct stage *s = *state;
	struct diag_arena arena;
	struct diag_err err = { 0 };
	const char *out;
	char path[256];

	diag_arena_init(&arena, 0);
	(void)snprintf(path, sizeof(path), "%s/below", s->file);
	assert_false(diag_writer_state_dir(path, &arena, &out, &err));
	stage_assert_error(&err, DIAG_EIO, ENOTDIR, "hosts/below");
	err = (struct diag_err){ 0 };
	assert_false(diag_writer_state_dir("", &arena, &out, &err));
	assert_int_equal(ENOENT, err.sys);
	diag_arena_clear(&arena);
}

#define ON_STAGE(test) \
	cmocka_unit_test_setup_teardown(test, stage_setup_quick, stage_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(the_second_is_told_who_holds_it),
		ON_STAGE(it_waits_as_long_as_it_was_told),
		ON_STAGE(what_is_given_back_can_be_taken),
		ON_STAGE(one_that_waits_gets_it_when_it_is_free),
		ON_STAGE(a_killed_holder_holds_nothing),
		ON_STAGE(an_odd_record_does_not_confuse_anyone),
		ON_STAGE(a_long_tool_name_is_cut),
		ON_STAGE(a_link_leads_to_the_same_lock),
		ON_STAGE(two_files_do_not_wait_for_each_other),
		ON_STAGE(of_eight_writers_nobody_loses_a_line),
		ON_STAGE(a_given_folder_is_made_with_all_above_it),
		ON_STAGE(the_users_state_folder_is_used),
		ON_STAGE(a_folder_that_others_may_write_to_is_refused),
		ON_STAGE(a_folder_that_others_may_read_is_closed),
		ON_STAGE(a_folder_of_somebody_else_is_refused),
		ON_STAGE(a_link_in_its_place_is_not_followed),
		ON_STAGE(links_inside_are_not_followed),
		ON_STAGE(pipes_inside_are_not_waited_for),
		ON_STAGE(a_state_folder_that_cannot_be_made_is_told),
		/* In a namespace from here on. */
		ON_STAGE(root_does_not_follow_what_others_can_write_to),
	};

	return cmocka_run_group_tests_name("writer_lock", tests, NULL, NULL);
}
