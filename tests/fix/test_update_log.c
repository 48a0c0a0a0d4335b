/* SPDX-License-Identifier: MIT */
/* What is kept of updates, in a real state folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fix/update_log.h"
#include "tests/fix/stage.h"
#include "tests/support/torture.h"

#define SERVER "10.0.0.1:53"
#define ZONE   "vault.azure.net"

static const char *state; /* the folder */
static struct diag_addr old_addr, new_addr;

static const struct diag_update_set sets[] = {
	{ .owner = "a.vault.azure.net",
	  .family = DIAG_IPV4,
	  .was = &old_addr,
	  .n_was = 1,
	  .will = &new_addr,
	  .n_will = 1,
	  .ttl_s = 60,
	  .was_ttl_s = 300 },
	{ .owner = "b.vault.azure.net",
	  .family = DIAG_IPV4,
	  .will = &new_addr,
	  .n_will = 1,
	  .ttl_s = 60 },
};
static const struct diag_update update = { ZONE, sets, 2 };

static int in_a_folder(void **stage)
{
	int failed = stage_setup_quick(stage);
	struct diag_err err = { .code = DIAG_OK };
	struct diag_arena arena;
	const char *made;
	bool ok;

	if (failed != 0)
		return failed;
	old_addr = diag_addr_v4(10, 0, 0, 1);
	new_addr = diag_addr_v4(10, 0, 0, 2);
	state = ((const struct stage *)*stage)->state;
	diag_arena_init(&arena, 0);
	ok = diag_writer_state_dir(state, &arena, &made, &err);
	diag_arena_clear(&arena);
	return ok ? 0 : -1;
}

static struct diag_update_log *open_log(const char *server, const char *zone)
{
	struct diag_update_log *log = NULL;
	struct diag_err err = { .code = DIAG_OK };

	if (!diag_update_log_open(state, server, zone, "test", &log, &err))
		fail_msg("%s", err.what);
	return log;
}

static uint64_t begin(struct diag_update_log *log, uint64_t undoes)
{
	struct diag_err err = { .code = DIAG_OK };
	uint64_t id = 0;

	assert_true(
	    diag_update_log_begin(log, &update, "ws", undoes, &id, &err));
	return id;
}

static void end(struct diag_update_log *log, uint64_t id,
		enum diag_update_stage stage)
{
	struct diag_err err = { .code = DIAG_OK };

	assert_true(diag_update_log_end(log, id, stage, &err));
}

static void what_is_sent_is_there_after_a_crash(void **unused)
{
	struct diag_update_log *log;
	const struct diag_update_entry *e;
	const struct diag_update_set *s;
	int status;
	pid_t pid = fork();

	(void)unused;
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)begin(open_log(SERVER, ZONE), 0);
		_exit(0); /* neither end nor close */
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_int_equal(0, status);
	log = open_log(SERVER, ZONE);
	e = diag_update_log_unseen(log);
	assert_non_null(e);
	assert_int_equal(1, e->id);
	assert_string_equal("ws", e->about);
	assert_string_equal(ZONE, e->update.zone);
	assert_int_equal(2, e->update.n);
	s = &e->update.sets[0];
	assert_string_equal("a.vault.azure.net", s->owner);
	assert_int_equal(DIAG_IPV4, s->family);
	assert_true(s->n_was == 1 && diag_addr_eq(&old_addr, &s->was[0]));
	assert_true(s->n_will == 1 && diag_addr_eq(&new_addr, &s->will[0]));
	assert_int_equal(60, s->ttl_s);
	assert_int_equal(300, s->was_ttl_s);
	assert_int_equal(0, e->update.sets[1].n_was);
	assert_null(diag_update_log_latest(log));
	end(log, e->id, DIAG_UPDATE_LOST);
	assert_null(diag_update_log_unseen(log));
	diag_update_log_close(log);
}

static void only_what_was_done_can_be_undone(void **unused)
{
	static const enum diag_update_stage not [] = { DIAG_UPDATE_SENT,
						       DIAG_UPDATE_NOT_DONE,
						       DIAG_UPDATE_UNDONE,
						       DIAG_UPDATE_LOST };
	struct diag_update_log *log = open_log(SERVER, ZONE);
	uint64_t id = begin(log, 0);

	(void)unused;
	for (size_t i = 0; i < 4; i++) {
		end(log, id, not [i]);
		assert_null(diag_update_log_latest(log));
	}
	end(log, id, DIAG_UPDATE_DONE);
	assert_int_equal(id, diag_update_log_latest(log)->id);
	diag_update_log_close(log);
}

static void an_undo_that_is_done_takes_its_update_away(void **unused)
{
	struct diag_update_log *log = open_log(SERVER, ZONE);
	uint64_t first = begin(log, 0), second, undo;

	(void)unused;
	end(log, first, DIAG_UPDATE_DONE);
	second = begin(log, 0);
	end(log, second, DIAG_UPDATE_DONE);
	undo = begin(log, second);
	assert_int_equal(undo, diag_update_log_unseen(log)->id);
	assert_int_equal(second, diag_update_log_unseen(log)->undoes);
	end(log, undo, DIAG_UPDATE_NOT_DONE);
	assert_int_equal(second, diag_update_log_latest(log)->id);
	undo = begin(log, second);
	end(log, undo, DIAG_UPDATE_DONE);
	diag_update_log_close(log);
	log = open_log(SERVER, ZONE);
	assert_int_equal(first, diag_update_log_latest(log)->id);
	diag_update_log_close(log);
}

static void servers_and_zones_have_their_own(void **unused)
{
	struct diag_update_log *log = open_log(SERVER, ZONE);

	(void)unused;
	end(log, begin(log, 0), DIAG_UPDATE_DONE);
	diag_update_log_close(log);
	log = open_log("10.0.0.1:5353", ZONE);
	assert_null(diag_update_log_latest(log));
	diag_update_log_close(log);
	log = open_log(SERVER, "azure.net");
	assert_null(diag_update_log_latest(log));
	diag_update_log_close(log);
}

static void of_many_the_latest_are_kept(void **unused)
{
	struct diag_update_log *log = open_log(SERVER, ZONE);
	uint64_t id = 0;

	(void)unused;
	for (int i = 0; i < DIAG_UPDATE_LOG_KEPT + 10; i++) {
		id = begin(log, 0);
		end(log, id, i == 5 ? DIAG_UPDATE_DONE : DIAG_UPDATE_NOT_DONE);
	}
	assert_int_equal(DIAG_UPDATE_LOG_KEPT + 10, id);
	assert_null(diag_update_log_latest(log)); /* the fifth is gone */
	diag_update_log_close(log);
}

static void one_at_a_time(void **unused)
{
	struct diag_update_log *log = open_log(SERVER, ZONE);
	int status;
	pid_t pid = fork();

	(void)unused;
	assert_true(pid >= 0);
	if (pid == 0) {
		struct diag_update_log *other;
		struct diag_err err = { .code = DIAG_OK };

		_exit(!diag_update_log_open(state, SERVER, ZONE, "other",
					    &other, &err) &&
			      err.code == DIAG_ELIMIT
			  ? 7
			  : 1);
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_int_equal(7, WEXITSTATUS(status));
	diag_update_log_close(log);
}

/* --- the document ----------------------------------------------------------
 */

static void a_damaged_document_is_told_with_its_place(void **unused)
{
	static const char *const bad[][2] = {
		{ "{", "updates.json:1:" },
		{ "[]", "schema" },
		{ "{\"schema\":\"pldiag.update/2\",\"zone\":\"z\"}", "schema" },
		{ "{\"schema\":\"pldiag.update/1\"}", "a zone" },
		{ "{\"schema\":\"pldiag.update/1\",\"zone\":\"z\",\"updates\":"
		  "[{\"id\":1}]}",
		  "$.updates[0]: expected a time" },
		{ "{\"schema\":\"pldiag.update/1\",\"zone\":\"z\",\"updates\":"
		  "[{\"id\":1,\"at\":\"2026-01-01T00:00:00Z\",\"stage\":"
		  "\"done\",\"sets\":[{\"name\":\"a\",\"type\":\"MX\"}]}]}",
		  "$.updates[0].sets[0]: expected type A or AAAA" },
		{ "{\"schema\":\"pldiag.update/1\",\"zone\":\"z\",\"updates\":"
		  "[{\"id\":1,\"at\":\"2026-01-01T00:00:00Z\",\"stage\":"
		  "\"done\",\"sets\":[{\"name\":\"a\",\"type\":\"A\",\"was\":"
		  "[\"::1\"]}]}]}",
		  "expected an address" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct diag_update_list list;
		struct diag_err err = { .code = DIAG_OK };
		struct diag_arena arena;

		diag_arena_init(&arena, 0);
		assert_false(
		    diag_update_list_parse(&arena, "updates.json", bad[i][0],
					   strlen(bad[i][0]), &list, &err));
		if (strstr(err.what, bad[i][1]) == NULL)
			fail_msg("\"%s\" has no \"%s\"", err.what, bad[i][1]);
		diag_arena_clear(&arena);
	}
}

static bool print_and_parse(void *arg)
{
	const struct diag_update_entry entry = { .id = 3,
						 .at_s = 1795858567,
						 .about = "ws",
						 .stage = DIAG_UPDATE_DONE,
						 .undoes = 2,
						 .update = update };
	const struct diag_update_list list = { &entry, 1 };
	struct diag_update_list again;
	struct diag_err err = { .code = DIAG_OK };
	struct diag_arena arena;
	struct diag_buf first, second;
	bool ok;

	(void)arg;
	diag_arena_init(&arena, 0);
	diag_buf_init(&first, 1 << 16);
	diag_buf_init(&second, 1 << 16);
	diag_update_list_print(&list, SERVER, ZONE, &first);
	ok = diag_buf_ok(&first, &err, "test") &&
	     diag_update_list_parse(&arena, "d", diag_buf_str(&first),
				    first.len, &again, &err);
	if (ok)
		diag_update_list_print(&again, SERVER, ZONE, &second);
	ok = ok && diag_buf_ok(&second, &err, "test");
	if (ok)
		assert_string_equal(diag_buf_str(&first),
				    diag_buf_str(&second));
	diag_buf_clear(&first);
	diag_buf_clear(&second);
	diag_arena_clear(&arena);
	return ok;
}

static void what_is_printed_is_read_again(void **unused)
{
	(void)unused;
	assert_true(print_and_parse(NULL));
	assert_true(torture(print_and_parse, NULL) > 2);
}

#define IN_A_FOLDER(f) \
	cmocka_unit_test_setup_teardown(f, in_a_folder, stage_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_FOLDER(what_is_sent_is_there_after_a_crash),
		IN_A_FOLDER(only_what_was_done_can_be_undone),
		IN_A_FOLDER(an_undo_that_is_done_takes_its_update_away),
		IN_A_FOLDER(servers_and_zones_have_their_own),
		IN_A_FOLDER(of_many_the_latest_are_kept),
		IN_A_FOLDER(one_at_a_time),
		cmocka_unit_test(a_damaged_document_is_told_with_its_place),
		IN_A_FOLDER(what_is_printed_is_read_again),
	};

	return cmocka_run_group_tests_name("update_log", tests, NULL, NULL);
}
