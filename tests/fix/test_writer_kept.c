/* SPDX-License-Identifier: MIT */
/* What the state folder keeps, for how long, and what a damaged journal
 * stops. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "fix/journal.h"
#include "tests/fix/past.h"
#include "tests/fix/stage.h"
#include "tests/support/torture.h"

/* --- what is kept for how long
 * -------------------------------------------------- */

static char *big_text(size_t len, unsigned i)
{
	static char text[((size_t)4 << 20) + 1];

	memset(text, (int)('!' + i), len);
	text[len] = '\0';
	return text;
}

static unsigned kept_by(const struct stage *s)
{
	char kept[512];

	files_kept(s, kept);
	return stage_names(kept, "") - 2; /* lock and journal */
}

/* Each pair leaves bytes that only an undo of the undo would need. */
static void bytes_of_old_undos_go_when_there_are_too_many(void **state)
{
	struct stage *s = *state;
	struct diag_err err = { 0 };

	for (unsigned i = 0; i < 30; i++) {
		stage_must_apply(s, big_text((size_t)4 << 20, i));
		stage_must_undo(s, 0);
	}
	/* 25 undos are among the last 50 changes; and the file itself. */
	assert_int_equal(25 + 1, kept_by(s));
	stage_assert_holds(s->file, "old\n");
	assert_false(stage_undo(s, 2, &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0, "no longer kept");
	stage_must_undo(s, 12);
	stage_assert_holds(s->file, big_text((size_t)4 << 20, 5));
}

static void a_little_is_kept_for_ever(void **state)
{
	struct stage *s = *state;

	for (unsigned i = 0; i < 30; i++) {
		stage_must_apply(s, big_text(1000, i));
		stage_must_undo(s, 0);
	}
	assert_int_equal(30 + 1, kept_by(s));
	stage_must_undo(s, 2);
	stage_assert_holds(s->file, big_text(1000, 0));
}

static void bytes_of_applies_that_stand_never_go(void **state)
{
	struct stage *s = *state;

	for (unsigned i = 0; i < 54; i++)
		stage_must_apply(s, big_text((size_t)3 << 19, i));
	assert_int_equal(54, kept_by(s));
	stage_must_undo(s, 2);
	stage_assert_holds(s->file, big_text((size_t)3 << 19, 0));
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, "old\n");
}

static void a_hundred_changes_are_a_history_of_a_hundred(void **state)
{
	struct stage *s = *state;
	struct past p;
	char text[32];

	for (int i = 0; i < 100; i++) {
		(void)snprintf(text, sizeof(text), "change %d\n", i);
		stage_must_apply(s, text);
	}
	p = past_of(s);
	assert_int_equal(100, p.n);
	assert_int_equal(100, p.c[99].id);
	diag_arena_clear(&p.arena);
	stage_must_undo(s, 1);
	stage_assert_holds(s->file, "old\n");
}

/* --- a journal that is not as we left it
 * ------------------------------------------ */

static void a_damaged_journal_stops_everything_with_its_line(void **state)
{
	struct stage *s = *state;
	struct diag_err err;
	char path[512];
	int fd;

	stage_must_apply(s, "new\n");
	stage_journal_path(s, path, sizeof(path));
	fd = open(path, O_WRONLY);
	assert_int_equal(1, pwrite(fd, "X", 1, 3));
	(void)close(fd);
	err = open_error(s->state, s->file);
	assert_int_equal(DIAG_EPARSE, err.code);
	assert_non_null(strstr(err.what, "/journal:1: damaged"));
	stage_assert_holds(s->file, "new\n");
}

/* Longer than what comes next, or the rest of it would stay behind that. */
static void a_cut_line_is_cut_off_and_work_goes_on(void **state)
{
	struct stage *s = *state;
	char path[512], junk[5000];
	struct past p;
	int fd;

	memset(junk, '{', sizeof(junk));
	stage_must_apply(s, "new\n");
	stage_journal_path(s, path, sizeof(path));
	fd = open(path, O_WRONLY | O_APPEND);
	assert_int_equal(sizeof(junk), write(fd, junk, sizeof(junk)));
	(void)close(fd);
	stage_must_apply(s, "newer\n");
	p = past_of(s);
	assert_int_equal(2, p.n);
	diag_arena_clear(&p.arena);
	stage_must_undo(s, 1);
	stage_assert_holds(s->file, "old\n");
}

/* Thousands of changes by the pen of the journal itself. */
static void fill_journal(const char *path)
{
	struct diag_journal_entry e = { .temp = ".pldiag-0123456789abcdef",
					.change = { .tool = "t",
						    .about = "a",
						    .old_sha256 = OLD_SHA,
						    .new_sha256 = OLD_SHA } };
	struct diag_buf text;
	struct diag_err err = { 0 };

	diag_buf_init(&text, DIAG_JOURNAL_BYTES);
	diag_journal_put_file(&text, "x");
	while (text.len < DIAG_JOURNAL_BYTES - 4 * DIAG_JOURNAL_LINE) {
		e.change.id++;
		e.stage = DIAG_JOURNAL_DONE;
		diag_journal_put_begin(&text, &e);
		diag_journal_put_ready(&text, &e);
		diag_journal_put_end(&text, &e);
	}
	assert_true(diag_file_write(path, text.data, text.len, 0600, &err));
	diag_buf_clear(&text);
}

static void a_full_journal_is_told_before_it_cannot_be_read(void **state)
{
	struct stage *s = *state;
	struct diag_err err = { 0 };
	char path[512];

	stage_must_apply(s, "new\n");
	stage_journal_path(s, path, sizeof(path));
	fill_journal(path);
	assert_false(stage_apply(s, "newer\n", &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
	assert_non_null(strstr(err.what, "/journal: is full; move this file"));
	stage_assert_holds(s->file, "new\n");
	assert_int_equal(0, unlink(path));
	stage_must_apply(s, "newer\n");
}

static void a_note_is_not_needed(void **state)
{
	struct stage *s = *state;
	struct diag_writer *w = stage_open(s);
	struct diag_file_state file;
	struct diag_err err = { 0 };
	struct diag_buf text;
	uint64_t id;

	assert_true(diag_writer_read(w, &text, &file, &err));
	diag_buf_clear(&text);
	assert_true(diag_writer_commit(w, "x", 1, NULL, &id, &err));
	assert_true(diag_writer_undo(w, id, NULL, &err));
	diag_writer_close(w);
	stage_assert_holds(s->file, "old\n");
}

static void any_allocation_of(struct stage *s, bool (*work)(void *))
{
	/* Each run starts from the same files. */
	assert_true(torture(work, s) > 10);
}

static bool tortured_apply(void *arg)
{
	struct stage *s = arg;
	struct diag_err err = { 0 };
	bool ok = stage_apply(s, "new\n", &err);

	assert_int_equal(ok, err.code == DIAG_OK);
	if (!ok)
		assert_true(err.code == DIAG_ENOMEM || err.sys == ENOMEM);
	stage_assert_holds(s->file, ok ? "new\n" : "old\n");
	return ok;
}

static bool tortured_round(void *arg)
{
	struct stage *s = arg;
	bool ok = tortured_apply(arg);
	struct diag_err err = { 0 };

	if (!ok) {
		stage_put(s->file, "old\n");
		return false;
	}
	ok = stage_undo(s, 0, &err);
	if (!ok)
		assert_true(err.code == DIAG_ENOMEM || err.sys == ENOMEM);
	stage_assert_holds(s->file, ok ? "old\n" : "new\n");
	stage_put(s->file, "old\n");
	return ok;
}

static void any_allocation_may_fail(void **state)
{
	any_allocation_of(*state, tortured_round);
	stage_assert_clean(*state);
}
#define ON_DISK(test) \
	cmocka_unit_test_setup_teardown(test, stage_setup, stage_teardown)
#define ON_STAGE(test) \
	cmocka_unit_test_setup_teardown(test, stage_setup_quick, stage_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(bytes_of_old_undos_go_when_there_are_too_many),
		ON_STAGE(a_little_is_kept_for_ever),
		ON_STAGE(bytes_of_applies_that_stand_never_go),
		ON_STAGE(a_hundred_changes_are_a_history_of_a_hundred),
		ON_STAGE(a_damaged_journal_stops_everything_with_its_line),
		ON_STAGE(a_cut_line_is_cut_off_and_work_goes_on),
		ON_STAGE(a_full_journal_is_told_before_it_cannot_be_read),
		ON_STAGE(a_note_is_not_needed),
		ON_STAGE(any_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("writer_kept", tests, NULL, NULL);
}
