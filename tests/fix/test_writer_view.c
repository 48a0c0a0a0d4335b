/* SPDX-License-Identifier: MIT */
/* A big file is mapped, hashed beside the work of a child, and becomes the new
 * one by edits; what comes of it is the same as of a text in memory. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/child.h"
#include "base/file.h"
#include "fix/writer_internal.h"
#include "tests/fix/stage.h"
#include "tests/support/random.h"
#include "tests/support/torture.h"
#include "tests/support/tracer.h"

#define MARK ((size_t)1 << 20) /* of view_posix.c */

static const struct diag_change_note note = { "pl-hosts apply", "ws1103" };

/* Different everywhere, without a NUL. */
static char big[3 * MARK + 12345 + 1];

static int fill(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(big); i++)
		big[i] = (char)('0' + generate_next(&seed) % 70);
	stage_all_is_old();
	return 0;
}

static int setup(void **state)
{
	int rc = stage_setup_quick(state);

	stage_put(((struct stage *)*state)->file, big);
	return rc;
}

/* A writer that has viewed the file. */
static struct diag_writer *viewed(const struct stage *s,
				  struct diag_slice *text)
{
	struct diag_writer *w = stage_open(s);
	struct diag_file_state file;
	struct diag_err err = { 0 };

	if (!diag_writer_view(w, text, &file, &err))
		fail_msg("%s", stage_error(&err));
	return w;
}

static void assert_is(const char *path, const struct diag_buf *want)
{
	struct diag_err err = { 0 };
	struct diag_buf now;

	assert_true(diag_file_read(path, sizeof(big) * 2, &now, &err));
	if (now.len != want->len ||
	    memcmp(diag_buf_str(&now), diag_buf_str(want), now.len) != 0)
		fail_msg("%zu bytes, not those %zu", now.len, want->len);
	diag_buf_clear(&now);
}

/* The history knows the bytes by the name that they have. */
static void assert_named(struct diag_writer *w, const struct diag_buf *want)
{
	const struct diag_change *c = NULL;
	char sha256[DIAG_SHA256_TEXT];
	struct diag_err err = { 0 };
	struct diag_arena arena;
	size_t n = 0;

	diag_arena_init(&arena, 0);
	assert_true(diag_writer_history(w, &arena, &c, &n, &err));
	assert_true(diag_sha256_of(big, sizeof(big) - 1, sha256));
	assert_string_equal(sha256, c[n - 1].old_sha256);
	assert_true(diag_sha256_of(diag_buf_str(want), want->len, sha256));
	assert_string_equal(sha256, c[n - 1].new_sha256);
	assert_int_equal(want->len, c[n - 1].new_len);
	diag_arena_clear(&arena);
}

/* Edits of the big file, hashed before or not; and back. */
static void assert_edits(struct stage *s, const struct diag_edits *edits,
			 bool hash_first)
{
	struct diag_slice text;
	struct diag_writer *w = viewed(s, &text);
	struct diag_err err = { 0 };
	struct diag_buf want, told;
	uint64_t id = 0;

	assert_non_null(w->map.p);
	assert_int_equal(sizeof(big) - 1, text.len);
	assert_memory_equal(big, text.p, text.len);
	diag_buf_init(&want, DIAG_WRITER_BYTES);
	assert_true(diag_edits_apply(edits, big, sizeof(big) - 1, &want, &err));
	assert_true(diag_writer_edited(w, edits, &told, &err));
	assert_int_equal(want.len, told.len);
	assert_memory_equal(want.data, told.data, told.len);
	assert_true(!hash_first || diag_writer_hash(w, &err));
	if (!diag_writer_commit_edits(w, edits, &note, &id, &err))
		fail_msg("%s", stage_error(&err));
	assert_true(id > 0);
	assert_is(s->file, &want);
	assert_named(w, &want);
	diag_writer_close(w);
	stage_assert_clean(s);
	stage_must_undo(s, 0);
	assert_true(stage_holds(s->file, big));
	diag_buf_clear(&want);
	diag_buf_clear(&told);
}

static void one(struct stage *s, size_t at, size_t len, const char *put)
{
	const struct diag_edit e = { at, len, put, strlen(put), false };
	const struct diag_edits edits = { &e, 1 };

	assert_edits(s, &edits, at % 2 == 0);
}

static void what_is_put_behind_it_is_behind_it(void **state)
{
	one(*state, sizeof(big) - 1, 0, "10.0.0.7 a\n");
}

static void what_is_put_before_it_is_before_it(void **state)
{
	one(*state, 0, 0, "10.0.0.7 a\n");
}

static void what_is_taken_out_is_out(void **state)
{
	one(*state, 1000, 2 * MARK, "");
	one(*state, 0, sizeof(big) - 1, "nothing else\n");
	one(*state, 0, sizeof(big) - 1, "");
}

static void an_edit_may_be_where_the_hash_is_marked(void **state)
{
	for (size_t at = MARK - 1; at <= MARK + 1; at++)
		one(*state, at, 0, "x");
	one(*state, 2 * MARK, MARK, "y");
}

static void any_edits_make_what_they_say(void **state)
{
	static const char put[] = "# something of some length\n";
	struct diag_edit e[8];
	uint64_t seed = 11;

	for (unsigned run = 0; run < 40; run++) {
		size_t n = 1 + generate_next(&seed) % 8, at = 0;

		for (size_t i = 0; i < n; i++) {
			size_t left = sizeof(big) - 1 - at;

			e[i].at = at + generate_next(&seed) % (left / 2);
			e[i].len = generate_next(&seed) % (left / 8);
			e[i].put = put;
			e[i].put_len = generate_next(&seed) % sizeof(put);
			at = e[i].at + e[i].len;
		}
		assert_edits(*state, &(struct diag_edits){ e, n }, run % 2);
	}
}

static void edits_that_say_the_same_are_nothing_to_do(void **state)
{
	struct diag_edit e[2] = { { 100, 5, big + 100, 5, false },
				  { 2 * MARK, 0, "", 0, false } };
	struct diag_slice text;
	struct diag_writer *w = viewed(*state, &text);
	struct diag_err err = { 0 };
	uint64_t id = 9;

	assert_true(diag_writer_commit_edits(w, &(struct diag_edits){ NULL, 0 },
					     &note, &id, &err));
	assert_int_equal(0, id);
	assert_true(diag_writer_commit_edits(w, &(struct diag_edits){ e, 2 },
					     &note, &id, &err));
	assert_int_equal(0, id);
	e[0].put = "#####";
	assert_true(diag_writer_commit_edits(w, &(struct diag_edits){ e, 2 },
					     &note, &id, &err));
	assert_int_equal(1, id);
	diag_writer_close(w);
}

static const struct diag_edit at_end = { sizeof(big) - 1, 0, "end\n", 4,
					 false };
static const struct diag_edits append = { &at_end, 1 };

/* What was viewed is no longer there. */
static void a_second_commit_needs_a_second_view(void **state)
{
	struct stage *s = *state;
	struct diag_slice text;
	struct diag_writer *w = viewed(s, &text);
	struct diag_err err = { 0 };
	uint64_t id;

	assert_true(diag_writer_commit_edits(w, &append, &note, &id, &err));
	assert_false(diag_writer_commit_edits(w, &append, &note, &id, &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0, "viewed before it is edited");
	diag_writer_close(w);
}

static void edits_beyond_its_end_are_told(void **state)
{
	const struct diag_edit e = { sizeof(big), 0, "x", 1, false };
	struct diag_slice text;
	struct diag_writer *w = viewed(*state, &text);
	struct diag_err err = { 0 };
	uint64_t id;

	assert_false(diag_writer_commit_edits(w, &(struct diag_edits){ &e, 1 },
					      &note, &id, &err));
	assert_int_equal(DIAG_EUSAGE, err.code);
	diag_writer_close(w);
}

/* --- files that are not mapped -------------------------------------------- */

static void a_small_file_is_read(void **state)
{
	const struct diag_edit e = { 4, 0, "new\n", 4, false };
	struct stage *s = *state;
	struct diag_slice text;
	struct diag_writer *w;
	struct diag_err err = { 0 };
	uint64_t id;

	stage_put(s->file, "old\n");
	w = viewed(s, &text);
	assert_null(w->map.p);
	assert_memory_equal("old\n", text.p, 4);
	assert_true(diag_writer_commit_edits(w, &(struct diag_edits){ &e, 1 },
					     &note, &id, &err));
	diag_writer_close(w);
	stage_assert_holds(s->file, "old\nnew\n");
}

static void one_that_was_changed_just_now_is_read(void **state)
{
	struct diag_slice text;
	struct diag_writer *w;

	writer_long_ago_s = 1000;
	w = viewed(*state, &text);
	stage_all_is_old();
	assert_null(w->map.p);
	assert_memory_equal(big, text.p, text.len);
	diag_writer_close(w);
}

static void where_there_is_none_one_is_made(void **state)
{
	const struct diag_edit e = { 0, 0, "new\n", 4, false };
	struct stage *s = *state;
	struct diag_err err = { 0 };

	assert_int_equal(0, unlink(s->file));
	assert_true(stage_edit(s, &(struct diag_edits){ &e, 1 }, &err));
	stage_assert_holds(s->file, "new\n");
	stage_must_undo(s, 0);
	stage_assert_holds(s->file, NULL);
}

/* --- others, meanwhile -----------------------------------------------------
 */

static void pokes(const struct stage *s)
{
	int fd = open(s->file, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(1, pwrite(fd, "\1", 1, (off_t)MARK));
	(void)close(fd);
}

static void assert_refused(struct diag_writer *w, const struct stage *s)
{
	struct diag_err err = { 0 };
	uint64_t id;

	assert_false(diag_writer_commit_edits(w, &append, &note, &id, &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0, "changed by somebody else");
	diag_writer_close(w);
	stage_assert_clean(s);
}

static void a_letter_between_view_and_hash_is_noticed(void **state)
{
	struct stage *s = *state;
	struct diag_slice text;
	struct diag_writer *w = viewed(s, &text);
	struct diag_err err = { 0 };

	stage_tick(s);
	pokes(s);
	assert_false(diag_writer_hash(w, &err));
	stage_assert_error(&err, DIAG_EUSAGE, 0, "changed by somebody else");
	assert_refused(w, s);
}

static void a_letter_between_hash_and_commit_is_noticed(void **state)
{
	struct stage *s = *state;
	struct diag_slice text;
	struct diag_writer *w = viewed(s, &text);
	struct diag_err err = { 0 };
	struct diag_buf out;

	assert_true(diag_writer_hash(w, &err));
	stage_tick(s);
	pokes(s);
	assert_false(diag_writer_edited(w, &append, &out, &err));
	diag_buf_clear(&out);
	assert_refused(w, s);
	assert_false(stage_holds(s->file, big));
}

static void another_file_in_its_place_is_noticed(void **state)
{
	struct stage *s = *state;
	struct diag_slice text;
	struct diag_writer *w = viewed(s, &text);
	struct diag_err err = { 0 };
	char other[200];

	assert_true(diag_writer_hash(w, &err));
	(void)snprintf(other, sizeof(other), "%s/other", s->folder);
	stage_put(other, big);
	assert_int_equal(0, rename(other, s->file));
	assert_refused(w, s);
}

static void edit(void *ctx)
{
	struct diag_err err = { 0 };

	if (!stage_edit(ctx, &append, &err))
		_exit(strstr(err.what, "changed by somebody else") ? 0 : 3);
}

static void poke_and_tick(struct stage *s)
{
	stage_tick(s);
	pokes(s);
}

static void cut_off(struct stage *s)
{
	stage_tick(s);
	assert_int_equal(0, truncate(s->file, 1000));
}

static struct {
	struct stage *s;
	void (*does)(struct stage *s);
	long call;
} other;

static bool meet(long call, void *ctx)
{
	(void)ctx;
	if (call == other.call) {
		other.call = -1;
		other.does(other.s);
	}
	return false;
}

/* In the moment before this call of ours. */
static void assert_meets(struct stage *s, void (*does)(struct stage *s),
			 long call)
{
	const struct tracer_plan plan = { .before = meet };

	other.s = s;
	other.does = does;
	other.call = call;
	assert_true(tracer_run(edit, s, &plan).completed);
	assert_int_equal(-1, other.call);
	stage_assert_clean(s);
	assert_false(stage_holds(s->file, big));
}

static void a_letter_while_it_is_copied_is_noticed(void **state)
{
	assert_meets(*state, poke_and_tick, SYS_copy_file_range);
}

static void a_letter_in_the_last_moment_is_noticed(void **state)
{
	assert_meets(*state, poke_and_tick, SYS_renameat2);
}

static void one_that_is_cut_off_while_it_is_copied_is_noticed(void **state)
{
	assert_meets(*state, cut_off, SYS_copy_file_range);
}

static bool looks_at_all(void *ctx, struct diag_buf *out, struct diag_err *err)
{
	const struct diag_slice *text = ctx;
	unsigned sum = 0;

	(void)err;
	for (size_t i = 0; i < text->len; i++)
		sum += (unsigned char)text->p[i];
	diag_buf_printf(out, "%u", sum);
	return true;
}

/* Only who looks is ended, and it is said why. */
static void one_that_is_cut_off_ends_the_child_alone(void **state)
{
	struct stage *s = *state;
	struct diag_slice text;
	struct diag_writer *w = viewed(s, &text);
	struct diag_err err = { 0 };
	struct diag_buf out;

	assert_true(diag_child_run(looks_at_all, &text, 100, &out, &err));
	diag_buf_clear(&out);
	cut_off(s);
	assert_false(diag_child_run(looks_at_all, &text, 100, &out, &err));
	assert_int_equal(DIAG_EIO, err.code);
#ifndef __SANITIZE_ADDRESS__ /* which catches the signal */
	assert_non_null(strstr(err.what, "was cut off"));
#endif
	diag_buf_clear(&out);
	assert_refused(w, s);
}

/* --- what a machine may lack ------------------------------------------------
 */

static int no_map(long call)
{
	return call == SYS_copy_file_range ? ENOSYS : 0;
}

static int not_here(long call)
{
	return call == SYS_copy_file_range ? EXDEV : 0;
}

static void without_a_copy_in_the_kernel_it_is_the_same(void **state)
{
	struct tracer_plan plan = { .always = no_map };
	struct stage *s = *state;
	struct diag_err err = { 0 };
	struct diag_buf want;

	if (!tracer_can_fail())
		skip();
	diag_buf_init(&want, DIAG_WRITER_BYTES);
	assert_true(
	    diag_edits_apply(&append, big, sizeof(big) - 1, &want, &err));
	assert_true(tracer_run(edit, s, &plan).completed);
	assert_is(s->file, &want);
	stage_must_undo(s, 0);
	plan.always = not_here;
	assert_true(tracer_run(edit, s, &plan).completed);
	assert_is(s->file, &want);
	diag_buf_clear(&want);
}

static bool edit_once(void *arg)
{
	struct stage *s = arg;
	struct diag_err err = { 0 };
	bool ok = stage_edit(s, &append, &err);

	if (!ok)
		assert_true(err.code == DIAG_ENOMEM || err.sys == ENOMEM);
	else
		stage_put(s->file, big);
	return ok;
}

static void memory_may_be_missing_at_any_point(void **state)
{
	struct stage *s = *state;

	assert_true(torture(edit_once, s) > 10);
	assert_true(stage_holds(s->file, big));
	stage_assert_clean(s);
}

#define ON_STAGE(test) \
	cmocka_unit_test_setup_teardown(test, setup, stage_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(what_is_put_behind_it_is_behind_it),
		ON_STAGE(what_is_put_before_it_is_before_it),
		ON_STAGE(what_is_taken_out_is_out),
		ON_STAGE(an_edit_may_be_where_the_hash_is_marked),
		ON_STAGE(any_edits_make_what_they_say),
		ON_STAGE(edits_that_say_the_same_are_nothing_to_do),
		ON_STAGE(a_second_commit_needs_a_second_view),
		ON_STAGE(edits_beyond_its_end_are_told),
		ON_STAGE(a_small_file_is_read),
		ON_STAGE(one_that_was_changed_just_now_is_read),
		ON_STAGE(where_there_is_none_one_is_made),
		ON_STAGE(a_letter_between_view_and_hash_is_noticed),
		ON_STAGE(a_letter_between_hash_and_commit_is_noticed),
		ON_STAGE(another_file_in_its_place_is_noticed),
		ON_STAGE(a_letter_while_it_is_copied_is_noticed),
		ON_STAGE(a_letter_in_the_last_moment_is_noticed),
		ON_STAGE(one_that_is_cut_off_while_it_is_copied_is_noticed),
		ON_STAGE(one_that_is_cut_off_ends_the_child_alone),
		ON_STAGE(without_a_copy_in_the_kernel_it_is_the_same),
		ON_STAGE(memory_may_be_missing_at_any_point),
	};

	return cmocka_run_group_tests_name("writer_view", tests, fill, NULL);
}
