/* SPDX-License-Identifier: MIT */
/* Sources of every sort, and all that may stand where a file is expected. */
#include "tools/pl-bundle/take.h"

#include <fcntl.h>
#include <pthread.h>
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

#include "base/time.h"

#define SECRET "S3cretS3cret"

/* A machine in a folder: its files below root, its programs in root/bin. */
struct world {
	struct take_place place;
};

static const char *in(const struct world *w, const char *path)
{
	static char full[2 * TAKE_PATH];

	(void)snprintf(full, sizeof(full), "%s%s", w->place.root, path);
	return full;
}

static void put_bytes(const struct world *w, const char *path,
		      const char *bytes, size_t len, mode_t mode)
{
	int fd =
	    open(in(w, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	assert_int_equal((ssize_t)len, write(fd, bytes, len));
	assert_int_equal(0, close(fd));
}

static void put(const struct world *w, const char *path, const char *text)
{
	put_bytes(w, path, text, strlen(text), 0600);
}

static void put_program(const struct world *w, const char *path,
			const char *text)
{
	put_bytes(w, path, text, strlen(text), 0700);
}

static int set_up(void **state)
{
	static const char *const folders[] = {
		"/etc",	       "/etc/d",	   "/bin", "/home",
		"/home/a[*]b", "/home/a[*]b/.ssh", NULL
	};
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	(void)snprintf(w->place.root, sizeof(w->place.root), "%s",
		       "/tmp/pldiag-test-XXXXXX");
	assert_non_null(mkdtemp(w->place.root));
	for (size_t i = 0; folders[i] != NULL; i++)
		assert_int_equal(0, mkdir(in(w, folders[i]), 0700));
	(void)snprintf(w->place.home, sizeof(w->place.home), "/home/a[*]b");
	(void)snprintf(w->place.path, sizeof(w->place.path),
		       "%.2000s/bin:/usr/bin:/bin", w->place.root);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;
	pid_t pid = fork();

	if (pid == 0) {
		(void)execlp("rm", "rm", "-rf", w->place.root, (char *)NULL);
		_exit(1);
	}
	assert_int_equal(pid, waitpid(pid, NULL, 0));
	free(w);
	return 0;
}

static const char *const file[] = { "/etc/file", NULL };

#define LONG_MS	 20000
#define SHORT_MS 1000
static unsigned limit_ms = LONG_MS;

/* One source, taken; the caller clears r->bytes. */
static void take(const struct world *w, const struct diag_source *s,
		 struct take_result *r)
{
	static const struct diag_collector c = { .key = "test" };

	*r = (struct take_result){ .collector = &c, .source = s };
	take_source(&w->place, limit_ms, r);
}

static void takes(const struct world *w, const struct diag_source *s,
		  enum diag_item_state state, const char *reason)
{
	struct take_result r;

	take(w, s, &r);
	if (r.state != state || strcmp(r.reason, reason) != 0)
		fail_msg("%s: %s, not %s: %s", diag_item_state_key(r.state),
			 r.reason, diag_item_state_key(state), reason);
	assert_true(diag_item_is_in(state) || r.bytes.len == 0);
	diag_buf_clear(&r.bytes);
}

static void holds(const struct world *w, const struct diag_source *s,
		  const char *text, const char *origin)
{
	struct take_result r;

	take(w, s, &r);
	assert_int_equal(DIAG_ITEM_TAKEN, r.state);
	assert_string_equal("", r.reason);
	assert_string_equal(text, diag_buf_str(&r.bytes));
	assert_string_equal(origin, r.origin);
	diag_buf_clear(&r.bytes);
}

static const struct diag_source one = { .item = "file",
					.kind = DIAG_SOURCE_FILE,
					.paths = file };

/* --- files ------------------------------------------------------------------
 */

static void a_file_is_taken_as_it_is(void **state)
{
	const struct world *w = *state;

	takes(w, &one, DIAG_ITEM_MISSING, "not there");
	put(w, "/etc/file", "nameserver 10.0.0.4\n");
	holds(w, &one, "nameserver 10.0.0.4\n", "/etc/file");
	put(w, "/etc/file", "");
	holds(w, &one, "", "/etc/file");
}

static void a_link_is_followed_and_told(void **state)
{
	const struct world *w = *state;

	put(w, "/etc/d/real", "x\n");
	assert_int_equal(0, symlink("d/real", in(w, "/etc/file")));
	holds(w, &one, "x\n", "/etc/file -> /etc/d/real");
	assert_int_equal(0, unlink(in(w, "/etc/file")));
	assert_int_equal(0, symlink("file", in(w, "/etc/file")));
	takes(w, &one, DIAG_ITEM_FAILED, "links that lead in a circle");
	assert_int_equal(0, unlink(in(w, "/etc/file")));
	assert_int_equal(0, symlink("/nowhere/at/all", in(w, "/etc/file")));
	takes(w, &one, DIAG_ITEM_MISSING, "not there");
}

/* Whatever a path is called, it is the file that counts. */
static void what_is_never_taken_is_not_through_a_link(void **state)
{
	const struct world *w = *state;
	char target[TAKE_PATH];

	put(w, "/home/a[*]b/.ssh/config", SECRET);
	(void)snprintf(target, sizeof(target), "%s",
		       in(w, "/home/a[*]b/.ssh/config"));
	assert_int_equal(0, symlink(target, in(w, "/etc/file")));
	takes(w, &one, DIAG_ITEM_WITHHELD, "private keys");
	assert_int_equal(0, unlink(in(w, "/etc/file")));
	/* A folder on the way that is a link. */
	assert_int_equal(0, rmdir(in(w, "/etc/d")));
	(void)snprintf(target, sizeof(target), "%s", in(w, "/home/a[*]b/.ssh"));
	assert_int_equal(0, symlink(target, in(w, "/etc/d")));
	assert_int_equal(0, symlink("d/config", in(w, "/etc/file")));
	takes(w, &one, DIAG_ITEM_WITHHELD, "private keys");
}

static void a_users_file_is_not_taken_whole(void **state)
{
	static const char *const keys[] = { "proxy", NULL };
	const struct world *w = *state;
	const struct diag_source part = { .item = "file",
					  .kind = DIAG_SOURCE_FILE,
					  .paths = file,
					  .pick = diag_pick_lines,
					  .keys = keys };
	char target[TAKE_PATH];

	put(w, "/home/a[*]b/notes", "proxy x\nother " SECRET "\n");
	(void)snprintf(target, sizeof(target), "%s",
		       in(w, "/home/a[*]b/notes"));
	assert_int_equal(0, symlink(target, in(w, "/etc/file")));
	takes(w, &one, DIAG_ITEM_WITHHELD, "files of a user");
	holds(w, &part, "proxy x\n", "/etc/file -> ~/notes");
}

static void what_is_no_file_is_not_opened(void **state)
{
	const struct world *w = *state;

	/* Opening it would wait for a writer, for ever. */
	assert_int_equal(0, mkfifo(in(w, "/etc/file"), 0600));
	takes(w, &one, DIAG_ITEM_WITHHELD, "not a regular file");
	assert_int_equal(0, unlink(in(w, "/etc/file")));
	assert_int_equal(0, symlink("/dev/zero", in(w, "/etc/file")));
	takes(w, &one, DIAG_ITEM_WITHHELD, "not a regular file");
	assert_int_equal(0, unlink(in(w, "/etc/file")));
	assert_int_equal(0, mkdir(in(w, "/etc/file"), 0700));
	takes(w, &one, DIAG_ITEM_MISSING, "a folder");
}

static void a_file_that_may_not_be_read_is_told(void **state)
{
	const struct world *w = *state;

	put_bytes(w, "/etc/file", "x", 1, 0);
	if (access(in(w, "/etc/file"), R_OK) == 0)
		skip(); /* root reads it all the same */
	takes(w, &one, DIAG_ITEM_FAILED, "no right to read it");
}

static void a_long_file_is_cut_at_a_line(void **state)
{
	const struct world *w = *state;
	struct diag_source s = one;
	struct take_result r;

	s.cap = 10;
	put(w, "/etc/file", "1234\n6789\nabcdef\n");
	take(w, &s, &r);
	assert_int_equal(DIAG_ITEM_CUT, r.state);
	assert_string_equal("1234\n6789\n", diag_buf_str(&r.bytes));
	diag_buf_clear(&r.bytes);
	s.cap = 4; /* half a line could be half a secret */
	takes(w, &s, DIAG_ITEM_WITHHELD, "one line of it is too long");
	s.cap = 10; /* of what was picked, too */
	s.pick = diag_pick_lines;
	s.keys = (const char *const[]){ "1*", "a*", NULL };
	take(w, &s, &r);
	assert_int_equal(DIAG_ITEM_CUT, r.state);
	assert_string_equal("1234\n", diag_buf_str(&r.bytes));
	diag_buf_clear(&r.bytes);
	s.pick = NULL;
	s.cap = 17;
	holds(w, &s, "1234\n6789\nabcdef\n", "/etc/file");
}

static void a_file_with_a_private_key_is_withheld(void **state)
{
	const struct world *w = *state;

	put(w, "/etc/file", "nameserver x\n-----BEGIN EC PRIVATE KEY-----\n");
	takes(w, &one, DIAG_ITEM_WITHHELD, "it holds a private key");
}

/* --- some files
 * --------------------------------------------------------------- */

static const char *const some_paths[] = { "/etc/d/*.conf", "~/*.conf", NULL };
static const char *const some_keys[] = { "dns", NULL };
static const struct diag_source some = { .item = "files",
					 .kind = DIAG_SOURCE_FILES,
					 .paths = some_paths,
					 .pick = diag_pick_lines,
					 .keys = some_keys };

static void files_stand_below_their_names(void **state)
{
	const struct world *w = *state;

	takes(w, &some, DIAG_ITEM_MISSING, "not there");
	put(w, "/etc/d/b.conf", "dns 1");
	put(w, "/etc/d/a.conf", "dns 2\nother " SECRET "\n");
	put(w, "/etc/d/none.conf", "other\n");
	put(w, "/etc/d/c.other", "dns " SECRET "\n");
	assert_int_equal(0, mkdir(in(w, "/etc/d/folder.conf"), 0700));
	put(w, "/home/a[*]b/x.conf", "dns 3\n");
	holds(w, &some,
	      "==> /etc/d/a.conf <==\ndns 2\n==> /etc/d/b.conf <==\ndns 1\n"
	      "==> ~/x.conf <==\ndns 3\n",
	      "/etc/d/*.conf …");
}

static void one_bad_file_does_not_take_the_others_along(void **state)
{
	const struct world *w = *state;
	struct take_result r;

	put(w, "/etc/d/a.conf", "dns 1\n");
	put(w, "/home/a[*]b/.ssh/k", "dns " SECRET "\n");
	assert_int_equal(
	    0, symlink("../../home/a[*]b/.ssh/k", in(w, "/etc/d/b.conf")));
	assert_int_equal(0, mkfifo(in(w, "/etc/d/c.conf"), 0600));
	take(w, &some, &r);
	assert_int_equal(DIAG_ITEM_CUT, r.state);
	assert_string_equal("1 of 3 files; another: not a regular file",
			    r.reason);
	assert_string_equal("==> /etc/d/a.conf <==\ndns 1\n",
			    diag_buf_str(&r.bytes));
	diag_buf_clear(&r.bytes);
	assert_int_equal(0, unlink(in(w, "/etc/d/a.conf")));
	assert_int_equal(0, unlink(in(w, "/etc/d/c.conf")));
	takes(w, &some, DIAG_ITEM_WITHHELD, "private keys");
}

static void there_can_be_too_many(void **state)
{
	const struct world *w = *state;
	struct take_result r;

	for (int i = 0; i <= DIAG_COLLECT_MATCHES; i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), "/etc/d/%03d.conf", i);
		put(w, path, "dns 1\n");
	}
	take(w, &some, &r);
	assert_int_equal(DIAG_ITEM_CUT, r.state);
	assert_null(strstr(r.bytes.data, "064.conf"));
	assert_non_null(strstr(r.bytes.data, "063.conf"));
	diag_buf_clear(&r.bytes);
}

/* --- programs
 * ----------------------------------------------------------------- */

static const char *const words[] = { "pl-test-program", "show", NULL };
static const struct diag_source program = { .item = "program",
					    .kind = DIAG_SOURCE_PROGRAM,
					    .argv = words };

static void a_programs_words_are_taken(void **state)
{
	const struct world *w = *state;
	struct diag_source any = program;

	takes(w, &program, DIAG_ITEM_MISSING, "no such program");
	put_program(w, "/bin/pl-test-program",
		    "#!/bin/sh\necho \"$1 $HOME\"; echo why >&2\n");
	holds(w, &program, "show \nwhy\n", "pl-test-program show");
	put_program(w, "/bin/pl-test-program",
		    "#!/bin/sh\necho none; exit 1\n");
	takes(w, &program, DIAG_ITEM_FAILED, "exit status 1");
	any.any_exit = true;
	holds(w, &any, "none\n", "pl-test-program show");
	put_program(w, "/bin/pl-test-program",
		    "#!/bin/sh\necho 'must be root'; exit 3\n");
	takes(w, &program, DIAG_ITEM_FAILED,
	      "exit status 3: it wants more rights (sudo)");
	put_program(w, "/bin/pl-test-program", "#!/bin/sh\nkill -9 $$\n");
	takes(w, &program, DIAG_ITEM_FAILED, "ended by signal 9");
}

static void a_program_that_hangs_is_ended(void **state)
{
	const struct world *w = *state;
	struct take_result r;

	limit_ms = SHORT_MS;
	put_program(w, "/bin/pl-test-program", "#!/bin/sh\nexec sleep 1000\n");
	takes(w, &program, DIAG_ITEM_FAILED, "no end within 1 s");
	put_program(w, "/bin/pl-test-program",
		    "#!/bin/sh\necho line; printf half; exec sleep 1000\n");
	take(w, &program, &r);
	assert_int_equal(DIAG_ITEM_CUT, r.state);
	assert_string_equal("what it said within 1 s", r.reason);
	assert_string_equal("line\n", diag_buf_str(&r.bytes));
	diag_buf_clear(&r.bytes);
	limit_ms = LONG_MS;
}

static void a_program_that_floods_is_ended_at_once(void **state)
{
	const struct world *w = *state;
	struct take_result r;

	put_program(w, "/bin/pl-test-program", "#!/bin/sh\nexec yes\n");
	take(w, &program, &r);
	/* Not by the clock: that is told otherwise. */
	assert_int_equal(DIAG_ITEM_CUT, r.state);
	assert_non_null(strstr(r.reason, "its first "));
	assert_in_range(r.bytes.len, DIAG_COLLECT_CAP / 2, DIAG_COLLECT_CAP);
	diag_buf_clear(&r.bytes);
}

static void of_the_environment_named_variables_are_taken(void **state)
{
	static const char *const keys[] = { "https_proxy", NULL };
	const struct diag_source s = { .item = "environment",
				       .kind = DIAG_SOURCE_ENVIRON,
				       .pick = diag_pick_lines,
				       .keys = keys };
	const struct world *w = *state;

	assert_int_equal(0, unsetenv("HTTPS_PROXY"));
	assert_int_equal(0, unsetenv("https_proxy"));
	assert_int_equal(0, setenv("AZURE_CLIENT_SECRET", SECRET, 1));
	takes(w, &s, DIAG_ITEM_MISSING, "nothing of what is taken is in it");
	assert_int_equal(0, setenv("https_proxy", "http://p:1", 1));
	holds(w, &s, "https_proxy=http://p:1\n", "environment");
}

/* --- all of them
 * ---------------------------------------------------------------- */

static const struct diag_source pair[] = {
	{ .item = "a", .kind = DIAG_SOURCE_FILE, .paths = file },
	{ .item = "b", .kind = DIAG_SOURCE_PROGRAM, .argv = words },
	{ .item = NULL },
};
static const struct diag_collector ours = { .key = "ours",
					    .platform = "linux",
					    .sources = pair };
static const struct diag_collector others = { .key = "others",
					      .platform = "windows",
					      .sources = pair };

static void all_are_in_the_order_of_the_table(void **state)
{
	static const struct diag_collector *const three[] = { &ours, &others,
							      &ours };
	static const struct take_rows rows = { three, 3, "linux" };
	static const struct take_limits limits = { .each_ms = 0 };
	const struct world *w = *state;
	struct take_all all;

	put(w, "/etc/file", "x\n");
	assert_true(take_collect(&rows, &w->place, &limits, &all, NULL));
	assert_int_equal(4, all.n);
	assert_false(all.abandoned);
	for (size_t i = 0; i < all.n; i++) {
		assert_ptr_equal(&pair[i % 2], all.results[i].source);
		assert_int_equal(i % 2 == 0 ? DIAG_ITEM_TAKEN
					    : DIAG_ITEM_MISSING,
				 all.results[i].state);
	}
	take_all_clear(&all);
}

static bool at_once(void *ctx)
{
	(void)ctx;
	return true;
}

/* Whoever is left behind is nobody's to free, so these run in a child. */
static void in_child(void (*body)(const struct world *w), const struct world *w)
{
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		body(w);
		_exit(7);
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_true(WIFEXITED(status));
	assert_int_equal(7, WEXITSTATUS(status));
}

#define MUST(what)                                 \
	do {                                       \
		if (!(what))                       \
			_exit(__LINE__ % 199 + 8); \
	} while (0)

static void stop_at_once(const struct world *w)
{
	static const struct diag_collector *const list[] = { &ours };
	static const struct take_rows rows = { list, 1, "linux" };
	static const struct take_limits limits = { .stop = at_once };
	struct take_all all;

	MUST(take_collect(&rows, &w->place, &limits, &all, NULL));
	MUST(all.n == 2 && all.results[1].state == DIAG_ITEM_FAILED);
	MUST(strcmp(all.results[1].reason, "interrupted") == 0);
	MUST(strcmp(all.results[1].origin, "pl-test-program show") == 0);
}

static void who_is_interrupted_goes_home_with_what_there_is(void **state)
{
	const struct world *w = *state;

	put_program(w, "/bin/pl-test-program", "#!/bin/sh\nexec sleep 5\n");
	in_child(stop_at_once, w);
}

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;

/* As a read(2) on a server that is gone: it does not come back. */
static bool never_back(const struct diag_source *s, struct diag_slice text,
		       struct diag_buf *out, struct diag_err *err)
{
	(void)s;
	(void)text;
	(void)out;
	(void)err;
	return pthread_mutex_lock(&held) != 0;
}

static void leave_behind(const struct world *w)
{
	static const struct diag_source stuck[] = {
		{ .item = "stuck",
		  .kind = DIAG_SOURCE_FILE,
		  .paths = file,
		  .pick = never_back },
		{ .item = "fine", .kind = DIAG_SOURCE_FILE, .paths = file },
		{ .item = NULL },
	};
	static const struct diag_collector row = { .key = "stuck",
						   .platform = "linux",
						   .sources = stuck };
	static const struct diag_collector *const list[] = { &row };
	static const struct take_rows rows = { list, 1, "linux" };
	static const struct take_limits limits = { .each_ms = 10 };
	static const struct take_limits short_of_time = { .all_ms = 10 };
	struct take_all all;

	MUST(pthread_mutex_lock(&held) == 0);
	MUST(take_collect(&rows, &w->place, &limits, &all, NULL));
	MUST(all.abandoned);
	MUST(all.results[0].state == DIAG_ITEM_FAILED);
	MUST(strcmp(all.results[0].reason, "no answer in time") == 0);
	MUST(all.results[1].state == DIAG_ITEM_TAKEN);
	MUST(take_collect(&rows, &w->place, &short_of_time, &all, NULL));
	MUST(strcmp(all.results[0].reason, "no time was left for it") == 0);
}

static void who_does_not_come_back_is_left_behind(void **state)
{
	const struct world *w = *state;

	put(w, "/etc/file", "x\n");
	in_child(leave_behind, w);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_file_is_taken_as_it_is),
		TEST(a_link_is_followed_and_told),
		TEST(what_is_never_taken_is_not_through_a_link),
		TEST(a_users_file_is_not_taken_whole),
		TEST(what_is_no_file_is_not_opened),
		TEST(a_file_that_may_not_be_read_is_told),
		TEST(a_long_file_is_cut_at_a_line),
		TEST(a_file_with_a_private_key_is_withheld),
		TEST(files_stand_below_their_names),
		TEST(one_bad_file_does_not_take_the_others_along),
		TEST(there_can_be_too_many),
		TEST(a_programs_words_are_taken),
		TEST(a_program_that_hangs_is_ended),
		TEST(a_program_that_floods_is_ended_at_once),
		TEST(of_the_environment_named_variables_are_taken),
		TEST(all_are_in_the_order_of_the_table),
		TEST(who_is_interrupted_goes_home_with_what_there_is),
		TEST(who_does_not_come_back_is_left_behind),
	};

	return cmocka_run_group_tests_name("bundle take", tests, NULL, NULL);
}
