/* SPDX-License-Identifier: MIT */
/* Somebody else changes the file while we do: his change stays, ours is not
 * made, and he would not even notice.  Also when it comes in the last moment,
 * between our last look and the rename, and when we are killed right after. */
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
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/fix/stage.h"
#include "tests/support/tracer.h"

static const struct diag_change_note note = { "test", "race" };

/* What the other does. */
typedef void other_fn(struct stage *s);

static void replaces(struct stage *s)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/theirs", s->folder);
	stage_put(path, "theirs\n");
	assert_int_equal(0, rename(path, s->file));
}

static void writes(struct stage *s)
{
	stage_put(s->file, "theirs\n");
}

static void writes_as_many(struct stage *s)
{
	stage_put(s->file, "OLD\n");
}

static void removes(struct stage *s)
{
	assert_int_equal(0, unlink(s->file));
}

static void changes_mode(struct stage *s)
{
	assert_int_equal(0, chmod(s->file, 0600));
}

/* --- between read and commit
 * ------------------------------------------------------ */

static void commit_after(struct stage *s, other_fn *other, bool works,
			 const char *want)
{
	struct diag_writer *w = stage_open(s);
	struct diag_file_state file;
	struct diag_err err = { 0 };
	struct diag_buf text;
	uint64_t id;

	assert_true(diag_writer_read(w, &text, &file, &err));
	diag_buf_clear(&text);
	other(s);
	assert_int_equal(works,
			 diag_writer_commit(w, "new\n", 4, &note, &id, &err));
	if (!works)
		stage_assert_error(&err, DIAG_EUSAGE, 0,
				   "hosts: was changed by somebody else "
				   "meanwhile; nothing was written");
	diag_writer_close(w);
	stage_assert_holds(s->file, want);
	stage_assert_clean(s);
}

static void a_file_that_was_replaced_is_left_alone(void **state)
{
	commit_after(*state, replaces, false, "theirs\n");
}

static void a_file_that_was_written_is_left_alone(void **state)
{
	commit_after(*state, writes, false, "theirs\n");
}

static void a_change_of_one_letter_is_seen(void **state)
{
	commit_after(*state, writes_as_many, false, "OLD\n");
}

static void a_file_that_was_removed_is_not_made_again(void **state)
{
	commit_after(*state, removes, false, NULL);
}

static void a_file_that_came_up_is_left_alone(void **state)
{
	assert_int_equal(0, unlink(((struct stage *)*state)->file));
	commit_after(*state, writes, false, "theirs\n");
}

static void a_new_mode_is_kept(void **state)
{
	struct stat st;

	commit_after(*state, changes_mode, true, "new\n");
	assert_int_equal(0, stat(((struct stage *)*state)->file, &st));
	assert_int_equal(0600, st.st_mode & 07777);
}

static void same_bytes(struct stage *s)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/theirs", s->folder);
	stage_put(path, "old\n");
	assert_int_equal(0, rename(path, s->file));
}

static void another_file_with_the_same_bytes_is_as_good(void **state)
{
	commit_after(*state, same_bytes, true, "new\n");
}

static void a_link_laid_in_its_place_is_not_followed(void **state)
{
	struct stage *s = *state;
	struct diag_writer *w = stage_open(s);
	struct diag_file_state file;
	struct diag_err err = { 0 };
	struct diag_buf text;
	char victim[256];
	uint64_t id;

	(void)snprintf(victim, sizeof(victim), "%s/victim", s->top);
	stage_put(victim, "old\n");
	assert_true(diag_writer_read(w, &text, &file, &err));
	diag_buf_clear(&text);
	assert_int_equal(0, unlink(s->file));
	assert_int_equal(0, symlink(victim, s->file));
	assert_false(diag_writer_commit(w, "new\n", 4, &note, &id, &err));
	assert_int_not_equal(DIAG_OK, err.code);
	diag_writer_close(w);
	stage_assert_holds(victim, "old\n");
	stage_assert_clean(s);
}

/* An editor that has not saved yet. */
static void a_file_that_another_has_open_for_writing_is_left_alone(void **state)
{
	struct stage *s = *state;
	struct diag_err err = { 0 };
	int fd = open(s->file, O_WRONLY);

	assert_false(stage_apply(s, "new\n", &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0,
			   "another program has it open for writing");
	stage_assert_holds(s->file, "old\n");
	stage_assert_clean(s);
	(void)close(fd);
	stage_must_apply(s, "new\n");
}

static void a_reader_does_not_disturb(void **state)
{
	struct stage *s = *state;
	char text[16] = "";
	int fd = open(s->file, O_RDONLY);

	stage_must_apply(s, "new\n");
	assert_int_equal(4, read(fd, text, sizeof(text)));
	assert_string_equal("old\n", text); /* he reads on what he began */
	(void)close(fd);
}

/* --- in the last moment
 * ------------------------------------------------------------ */

struct moment {
	struct stage *s;
	other_fn *other;
	bool (*work)(const struct stage *s, struct diag_err *err);
	unsigned renames; /* seen so far */
	bool kill_after;
	struct diag_err *told; /* shared */
};

static bool at_rename(long call, void *ctx)
{
	struct moment *m = ctx;

	if (m->renames == 1 && m->kill_after)
		return true;
	/* The first is the exchange; keeping old bytes is renameat(). */
	if (call == SYS_renameat2 && m->renames++ == 0)
		m->other(m->s);
	return false;
}

static void do_work(void *ctx)
{
	struct moment *m = ctx;
	struct diag_err err = { 0 };

	(void)m->work(m->s, &err);
	if (m->told != NULL)
		*m->told = err;
}

static bool apply(const struct stage *s, struct diag_err *err)
{
	return stage_apply(s, "new\n", err);
}

static bool undo(const struct stage *s, struct diag_err *err)
{
	return stage_undo(s, 0, err);
}

/* Returns what we were told; the file must hold theirs. */
static struct diag_err meet(struct stage *s, other_fn *other,
			    bool (*work)(const struct stage *,
					 struct diag_err *),
			    bool kill_after, const char *theirs)
{
	struct moment m = { s, other, work, 0, kill_after, NULL };
	const struct tracer_plan plan = { .before = at_rename };
	struct diag_err told;

	if (!tracer_can_fail())
		skip();
	m.told = mmap(NULL, sizeof(*m.told), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(m.told != MAP_FAILED);
	assert_int_equal(!kill_after, tracer_run(do_work, &m, &plan).completed);
	assert_true(m.renames > 0);
	told = *m.told;
	(void)munmap(m.told, sizeof(*m.told));
	diag_writer_close(stage_open(s)); /* recovers, if there is need */
	stage_assert_holds(s->file, theirs);
	stage_assert_clean(s);
	return told;
}

static void assert_meets(struct stage *s, other_fn *other,
			 bool (*work)(const struct stage *, struct diag_err *),
			 const char *theirs)
{
	struct diag_err told = meet(s, other, work, false, theirs);

	stage_assert_error(&told, DIAG_EUSAGE, 0, "hosts: ");
}

static void one_that_replaces_in_the_last_moment_stays(void **state)
{
	assert_meets(*state, replaces, apply, "theirs\n");
}

static void one_that_writes_in_the_last_moment_stays(void **state)
{
	assert_meets(*state, writes, apply, "theirs\n");
}

static void a_letter_in_the_last_moment_stays(void **state)
{
	assert_meets(*state, writes_as_many, apply, "OLD\n");
}

static char big[(2 << 20) + 1], big_theirs[sizeof(big)];

static const char *big_text(void)
{
	memset(big, 'b', sizeof(big) - 1);
	memcpy(big_theirs, big, sizeof(big));
	big_theirs[sizeof(big) / 2] = 'X';
	return big;
}

static void writes_into_big(struct stage *s)
{
	int fd = open(s->file, O_WRONLY);

	assert_int_equal(1, pwrite(fd, "X", 1, sizeof(big) / 2));
	(void)close(fd);
}

/* Too big to be read again just before the step; so just after. */
static void a_letter_of_a_big_file_in_the_last_moment_stays(void **state)
{
	struct stage *s = *state;

	stage_put(s->file, big_text());
	assert_meets(s, writes_into_big, apply, big_theirs);
}

static void a_mode_in_the_last_moment_stays(void **state)
{
	struct stat st;

	assert_meets(*state, changes_mode, apply, "old\n");
	assert_int_equal(0, stat(((struct stage *)*state)->file, &st));
	assert_int_equal(0600, st.st_mode & 07777);
}

static void one_that_removes_in_the_last_moment_has_removed_it(void **state)
{
	struct diag_err told = meet(*state, removes, apply, false, NULL);

	stage_assert_error(&told, DIAG_EIO, ENOENT, "hosts: ");
}

static void one_that_makes_it_in_the_last_moment_has_made_it(void **state)
{
	assert_int_equal(0, unlink(((struct stage *)*state)->file));
	assert_meets(*state, writes, apply, "theirs\n");
}

static int held = -1;

static void opens(struct stage *s)
{
	held = open(s->file, O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_true(held >= 0);
}

/* He has opened the old file and has not written yet: it stays the file, and
 * what he writes then is in it. */
static void one_that_opens_in_the_last_moment_writes_to_the_file(void **state)
{
	struct stage *s = *state;

	assert_meets(s, opens, apply, "old\n");
	assert_int_equal(7, write(held, "theirs\n", 7));
	(void)close(held);
	stage_assert_holds(s->file, "old\ntheirs\n");
}

static void made(struct stage *s)
{
	assert_int_equal(0, unlink(s->file));
	stage_must_apply(s, "new\n");
}

static void an_undo_that_removes_meets_a_replacement(void **state)
{
	made(*state);
	assert_meets(*state, replaces, undo, "theirs\n");
}

static void an_undo_that_removes_meets_a_write(void **state)
{
	made(*state);
	assert_meets(*state, writes, undo, "theirs\n");
}

static void an_undo_meets_a_replacement(void **state)
{
	stage_must_apply(*state, "new\n");
	assert_meets(*state, replaces, undo, "theirs\n");
}

/* --- where names cannot be exchanged: the last look counts
 * ------------------------- */

static int no_renameat2(long call)
{
	return call == SYS_renameat2 ? EINVAL : 0;
}

/* The old bytes were compared already, and the journal is about to say so. */
static bool when_ready(long call, void *ctx)
{
	struct moment *m = ctx;

	if (call == SYS_pwrite64 && stage_names(m->s->folder, ".pldiag-") > 0 &&
	    m->renames++ == 0)
		m->other(m->s);
	return false;
}

static void meet_without_exchange(struct stage *s, other_fn *other,
				  const char *theirs)
{
	struct diag_err *told =
	    mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct moment m = { s, other, apply, 0, false, told };
	const struct tracer_plan plan = { .before = when_ready,
					  .always = no_renameat2 };

	if (!tracer_can_fail())
		skip();
	assert_true(told != MAP_FAILED);
	assert_true(tracer_run(do_work, &m, &plan).completed);
	assert_int_equal(1, m.renames > 0);
	stage_assert_error(told, DIAG_EUSAGE, 0, "changed by somebody else");
	stage_assert_holds(s->file, theirs);
	stage_assert_clean(s);
	(void)munmap(told, sizeof(*told));
}

static void without_exchange_a_replacement_stays(void **state)
{
	meet_without_exchange(*state, replaces, "theirs\n");
}

static void without_exchange_a_write_stays(void **state)
{
	meet_without_exchange(*state, writes_as_many, "OLD\n");
}

static void without_exchange_a_write_into_a_big_file_stays(void **state)
{
	struct stage *s = *state;

	stage_put(s->file, big_text());
	meet_without_exchange(s, writes_into_big, big_theirs);
}

/* --- and killed right after
 * --------------------------------------------------------- */

static void killed_on_top_of_a_replacement_it_comes_back(void **state)
{
	(void)meet(*state, replaces, apply, true, "theirs\n");
}

static void killed_on_top_of_a_write_it_comes_back(void **state)
{
	(void)meet(*state, writes, apply, true, "theirs\n");
}

static void killed_while_removing_a_replacement_it_comes_back(void **state)
{
	made(*state);
	(void)meet(*state, replaces, undo, true, "theirs\n");
}

static void killed_on_top_of_a_new_file_it_stays(void **state)
{
	assert_int_equal(0, unlink(((struct stage *)*state)->file));
	(void)meet(*state, writes, apply, true, "theirs\n");
}

/* --- after a crash, before the next run
 * ----------------------------------------------- */

static bool kill_at_rename(long call, void *ctx)
{
	(void)ctx;
	return call == SYS_renameat2;
}

static void nothing_else(struct stage *s)
{
	(void)s;
}

static struct diag_writer *after_crash(struct stage *s, bool replaced,
				       other_fn *other)
{
	struct moment m = { s, nothing_else, apply, 0, true, NULL };
	const struct tracer_plan plan = { .before = replaced ? at_rename
							     : kill_at_rename };

	if (!tracer_can_fail())
		skip();
	assert_false(tracer_run(do_work, &m, &plan).completed);
	other(s);
	return stage_open(s);
}

static void an_edit_after_a_crash_before_the_rename_stays(void **state)
{
	struct stage *s = *state;
	struct diag_writer *w = after_crash(s, false, writes);
	struct diag_err err = { 0 };

	assert_int_equal(DIAG_RECOVERED_OLD, diag_writer_recovered(w));
	diag_writer_close(w);
	stage_assert_holds(s->file, "theirs\n");
	stage_assert_clean(s);
	assert_false(stage_undo(s, 0, &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0, "nothing to undo");
}

static void an_edit_after_a_crash_after_the_rename_stays(void **state)
{
	struct stage *s = *state;
	struct diag_writer *w = after_crash(s, true, writes);
	struct diag_err err = { 0 };
	struct diag_buf text;
	uint64_t which;
	bool edited = false;

	assert_int_equal(DIAG_RECOVERED_NEW, diag_writer_recovered(w));
	stage_assert_holds(s->file, "theirs\n");
	assert_true(diag_writer_undo_text(w, 0, &text, &which, &edited, &err));
	assert_true(edited);
	assert_string_equal("old\n", diag_buf_str(&text));
	diag_buf_clear(&text);
	diag_writer_close(w);
	stage_assert_clean(s);
}

static void a_file_removed_after_a_crash_stays_away(void **state)
{
	struct stage *s = *state;

	diag_writer_close(after_crash(s, false, removes));
	stage_assert_holds(s->file, NULL);
	stage_assert_clean(s);
}

/* What is named like ours and is not in the journal is not ours. */
static void other_files_are_never_removed(void **state)
{
	struct stage *s = *state;
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/.pldiag-0123456789abcdef",
		       s->folder);
	stage_put(path, "whose?\n");
	stage_must_apply(s, "newer\n");
	diag_writer_close(after_crash(s, false, nothing_else));
	stage_assert_holds(path, "whose?\n");
	assert_int_equal(1, stage_names(s->folder, ".pldiag-"));
}

/* --- a link that is turned while we wait for the lock
 * ---------------------------------- */

static bool turn_link(long call, void *ctx)
{
	const struct moment *m = ctx;
	char link[256];

	if (call != SYS_flock)
		return false;
	(void)snprintf(link, sizeof(link), "%s/link", m->s->folder);
	assert_int_equal(0, unlink(link));
	assert_int_equal(0, symlink("elsewhere", link));
	return false;
}

static bool apply_link(const struct stage *s, struct diag_err *err)
{
	struct stage other = *s;

	(void)snprintf(other.file, sizeof(other.file), "%s/link", s->folder);
	return stage_apply(&other, "new\n", err);
}

static void a_link_turned_while_we_wait_is_noticed(void **state)
{
	struct stage *s = *state;
	struct moment m = { s, NULL, apply_link, 0, false, NULL };
	const struct tracer_plan plan = { .before = turn_link };
	char link[256];

	if (!tracer_can_fail())
		skip();
	m.told = mmap(NULL, sizeof(*m.told), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(m.told != MAP_FAILED);
	(void)snprintf(link, sizeof(link), "%s/link", s->folder);
	assert_int_equal(0, symlink("hosts", link));
	assert_true(tracer_run(do_work, &m, &plan).completed);
	stage_assert_error(m.told, DIAG_EUSAGE, 0,
			   "hosts: the links that lead to it were changed");
	(void)munmap(m.told, sizeof(*m.told));
	stage_assert_holds(s->file, "old\n");
}

#define ON_STAGE(test) \
	cmocka_unit_test_setup_teardown(test, stage_setup_quick, stage_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(a_file_that_was_replaced_is_left_alone),
		ON_STAGE(a_file_that_was_written_is_left_alone),
		ON_STAGE(a_change_of_one_letter_is_seen),
		ON_STAGE(a_file_that_was_removed_is_not_made_again),
		ON_STAGE(a_file_that_came_up_is_left_alone),
		ON_STAGE(a_new_mode_is_kept),
		ON_STAGE(another_file_with_the_same_bytes_is_as_good),
		ON_STAGE(a_link_laid_in_its_place_is_not_followed),
		ON_STAGE(
		    a_file_that_another_has_open_for_writing_is_left_alone),
		ON_STAGE(a_reader_does_not_disturb),
		ON_STAGE(one_that_replaces_in_the_last_moment_stays),
		ON_STAGE(one_that_writes_in_the_last_moment_stays),
		ON_STAGE(a_letter_in_the_last_moment_stays),
		ON_STAGE(a_letter_of_a_big_file_in_the_last_moment_stays),
		ON_STAGE(a_mode_in_the_last_moment_stays),
		ON_STAGE(one_that_removes_in_the_last_moment_has_removed_it),
		ON_STAGE(one_that_makes_it_in_the_last_moment_has_made_it),
		ON_STAGE(one_that_opens_in_the_last_moment_writes_to_the_file),
		ON_STAGE(an_undo_that_removes_meets_a_replacement),
		ON_STAGE(an_undo_that_removes_meets_a_write),
		ON_STAGE(an_undo_meets_a_replacement),
		ON_STAGE(without_exchange_a_replacement_stays),
		ON_STAGE(without_exchange_a_write_stays),
		ON_STAGE(without_exchange_a_write_into_a_big_file_stays),
		ON_STAGE(killed_on_top_of_a_replacement_it_comes_back),
		ON_STAGE(killed_on_top_of_a_write_it_comes_back),
		ON_STAGE(killed_while_removing_a_replacement_it_comes_back),
		ON_STAGE(killed_on_top_of_a_new_file_it_stays),
		ON_STAGE(an_edit_after_a_crash_before_the_rename_stays),
		ON_STAGE(an_edit_after_a_crash_after_the_rename_stays),
		ON_STAGE(a_file_removed_after_a_crash_stays_away),
		ON_STAGE(other_files_are_never_removed),
		ON_STAGE(a_link_turned_while_we_wait_is_noticed),
	};

	return cmocka_run_group_tests_name("writer_race", tests, NULL, NULL);
}
