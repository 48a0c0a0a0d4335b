/* SPDX-License-Identifier: MIT */
/* Edits as a diff: what patch(1) makes of it is what apply makes of them. */
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/fix/generate.h"
#include "tests/support/patcher.h"
#include "tests/support/torture.h"

#define PAIRS 400

struct place {
	char folder[64], old[96], diff[96];
};

static int set_up(void **state)
{
	static struct place p;

	(void)snprintf(p.folder, sizeof(p.folder), "/tmp/pldiag-diff-XXXXXX");
	if (mkdtemp(p.folder) == NULL)
		return -1;
	(void)snprintf(p.old, sizeof(p.old), "%s/old", p.folder);
	(void)snprintf(p.diff, sizeof(p.diff), "%s/diff", p.folder);
	*state = &p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;

	(void)unlink(p->old);
	(void)unlink(p->diff);
	return rmdir(p->folder);
}

static void write_file(const char *path, const struct diag_buf *text)
{
	struct diag_err err = { .code = DIAG_OK };

	if (!diag_file_write(path, diag_buf_str(text), text->len, 0600, &err))
		fail_msg("%s", err.what);
}

static void run_patch(const struct place *p)
{
	char folder[sizeof(p->folder)],
	    name[] = "patch", old[] = "old", diff[] = "diff",
	    binary[] = "--binary", quiet[] = "-s", kind[] = "-u", in[] = "-d";
	char *const argv[] = { name,   binary, quiet, kind, in,
			       folder, old,    diff,  NULL };
	pid_t child;
	int status;

	memcpy(folder, p->folder, sizeof(folder));
	assert_int_equal(
	    0, posix_spawnp(&child, argv[0], NULL, NULL, argv, environ));
	assert_int_equal(child, waitpid(child, &status, 0));
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* patch(1) on old with diff gives new; an empty diff is for the same text. */
static void assert_patches(const struct place *p, const struct diag_buf *old,
			   const struct diag_buf *diff,
			   const struct diag_buf *new)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_buf got;

	write_file(p->old, old);
	write_file(p->diff, diff);
	if (diff->len > 0)
		run_patch(p);
	/* patch(1) takes a file away that it made empty. */
	if (access(p->old, F_OK) != 0) {
		assert_int_equal(0, new->len);
		return;
	}
	assert_true(diag_file_read(p->old, 1 << 20, &got, &err));
	assert_int_equal(new->len, got.len);
	assert_memory_equal(diag_buf_str(new), diag_buf_str(&got), got.len);
	diag_buf_clear(&got);
}

/* --- generated pairs ------------------------------------------------------ */

static bool has_nul(const struct diag_buf *b)
{
	return b->len > 0 && memchr(b->data, '\0', b->len) != NULL;
}

static void pair(const struct place *p, uint64_t seed)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_hosts_plan plan;
	struct diag_arena arena;
	struct diag_buf diff, new;
	struct generated g;

	generate(seed, &g);
	diag_arena_init(&arena, 0);
	diag_buf_init(&diff, 8 << 20);
	diag_buf_init(&new, 8 << 20);
	assert_true(diag_hosts_plan(&arena, diag_buf_str(&g.text), g.text.len,
				    "ws", g.pins, g.n_pins, &plan, &err));
	assert_true(diag_edits_apply(&plan.edits, diag_buf_str(&g.text),
				     g.text.len, &new, &err));
	assert_true(diag_edits_diff(&plan.edits, diag_buf_str(&g.text),
				    g.text.len, "old", "new", &diff, &err));
	assert_int_equal(plan.edits.n > 0, diff.len > 0);
	if (!has_nul(&g.text)) /* patch(1) itself is not sure about those */
		assert_patches(p, &g.text, &diff, &new);
	diag_buf_clear(&diff);
	diag_buf_clear(&new);
	diag_arena_clear(&arena);
	generated_clear(&g);
}

static void patch_makes_of_a_plan_what_apply_makes_of_it(void **state)
{
	for (uint64_t seed = 1; seed <= PAIRS; seed++)
		pair(*state, seed);
}

/* Our own patcher is sure about NUL too, and about every number. */
static void assert_makes(const struct diag_buf *old, const struct diag_buf *new)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_buf diff, got;
	const char *wrong;

	diag_buf_init(&diff, 8 << 20);
	assert_true(diag_text_diff(diag_buf_str(old), old->len,
				   diag_buf_str(new), new->len, "old", "new",
				   &diff, &err));
	wrong = patcher_apply(
	    (struct diag_slice){ diag_buf_str(old), old->len },
	    (struct diag_slice){ diag_buf_str(&diff), diff.len }, &got);
	if (wrong != NULL)
		fail_msg("%s", wrong);
	assert_int_equal(new->len, got.len);
	assert_memory_equal(diag_buf_str(new), diag_buf_str(&got), got.len);
	diag_buf_clear(&got);
	diag_buf_clear(&diff);
}

static void a_diff_says_how_any_text_becomes_another(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 2000; seed++) {
		struct generated a, b;

		generate(seed, &a);
		generate(seed + 1, &b);
		assert_makes(&a.text, &b.text);
		generated_clear(&a);
		generated_clear(&b);
	}
}

static void a_diff_of_an_edited_text_makes_it_again(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 2000; seed++) {
		uint64_t s = seed;
		struct generated a;
		struct diag_buf b;

		generate(seed, &a);
		generate_edit(&s, &a.text, &b);
		assert_makes(&a.text, &b);
		diag_buf_clear(&b);
		generated_clear(&a);
	}
}

/* More lines that differ than the search looks at in one go. */
static void texts_with_little_in_common_get_a_diff_too(void **state)
{
	struct diag_buf a, b;
	uint64_t s = 5;

	(void)state;
	diag_buf_init(&a, 1 << 20);
	diag_buf_init(&b, 1 << 20);
	for (int i = 0; i < 3000; i++) {
		diag_buf_printf(&a, "%u\n",
				(unsigned)(generate_next(&s) >> 60));
		diag_buf_printf(&b, "%u\n",
				(unsigned)(generate_next(&s) >> 60));
	}
	assert_makes(&a, &b);
	diag_buf_reset(&b);
	for (int i = 0; i < 3000; i++)
		diag_buf_printf(&b, "other %d\n", i);
	assert_makes(&a, &b);
	diag_buf_clear(&a);
	diag_buf_clear(&b);
}

static void patch_makes_one_text_of_another(void **state)
{
	for (uint64_t seed = 1; seed <= PAIRS / 4; seed++) {
		struct diag_err err = { .code = DIAG_OK };
		struct generated a, b;
		struct diag_buf diff;

		generate(seed, &a);
		generate(seed + 1, &b);
		diag_buf_init(&diff, 8 << 20);
		assert_true(diag_text_diff(diag_buf_str(&a.text), a.text.len,
					   diag_buf_str(&b.text), b.text.len,
					   "old", "new", &diff, &err));
		if (!has_nul(&a.text) && !has_nul(&b.text))
			assert_patches(*state, &a.text, &diff, &b.text);
		diag_buf_clear(&diff);
		generated_clear(&a);
		generated_clear(&b);
	}
}

/* --- by hand ---------------------------------------------------------------
 */

static const char *diffed(const char *a, const char *b, struct diag_buf *out)
{
	struct diag_err err = { .code = DIAG_OK };

	diag_buf_init(out, 1 << 20);
	assert_true(
	    diag_text_diff(a, strlen(a), b, strlen(b), "a", "b", out, &err));
	return diag_buf_str(out);
}

static void expect(const char *a, const char *b, const char *want)
{
	struct diag_buf out;

	assert_string_equal(want, diffed(a, b, &out));
	diag_buf_clear(&out);
}

static void the_same_text_has_no_diff(void **state)
{
	(void)state;
	expect("one\ntwo\n", "one\ntwo\n", "");
	expect("", "", "");
}

static void a_changed_line_is_shown_with_what_stands_around_it(void **state)
{
	(void)state;
	expect("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
	       "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n"
	       " 8\n");
}

static void a_line_at_the_end_is_added_behind_the_last(void **state)
{
	(void)state;
	expect("1\n", "1\n2\n", "--- a\n+++ b\n@@ -1 +1,2 @@\n 1\n+2\n");
}

static void an_empty_file_is_told_by_line_nought(void **state)
{
	(void)state;
	expect("", "1\n2\n", "--- a\n+++ b\n@@ -0,0 +1,2 @@\n+1\n+2\n");
	expect("1\n2\n", "", "--- a\n+++ b\n@@ -1,2 +0,0 @@\n-1\n-2\n");
}

static void a_missing_final_newline_is_told_on_its_side(void **state)
{
	(void)state;
	expect("1\n2", "1\n2\n3\n",
	       "--- a\n+++ b\n@@ -1,2 +1,3 @@\n 1\n-2\n"
	       "\\ No newline at end of file\n+2\n+3\n");
	expect("1\n2\n", "1\n2",
	       "--- a\n+++ b\n@@ -1,2 +1,2 @@\n 1\n-2\n+2\n"
	       "\\ No newline at end of file\n");
}

static void carriage_returns_belong_to_the_line(void **state)
{
	(void)state;
	expect("1\r\n", "1\n", "--- a\n+++ b\n@@ -1 +1 @@\n-1\r\n+1\n");
}

static const char twenty[] = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n"
			     "15\n16\n17\n18\n19\n20\n";

static void hunks_of(const struct diag_edit *edits, size_t n, size_t want)
{
	const struct diag_edits all = { edits, n };
	struct diag_err err = { .code = DIAG_OK };
	struct diag_buf out;
	size_t got = 0;

	diag_buf_init(&out, 1 << 20);
	assert_true(diag_edits_diff(&all, twenty, strlen(twenty), "a", "b",
				    &out, &err));
	for (const char *p = diag_buf_str(&out);
	     (p = strstr(p, "@@ -")) != NULL; p++)
		got++;
	diag_buf_clear(&out);
	assert_int_equal(want, got);
}

static void changes_far_apart_in_two_texts_are_hunks_of_their_own(void **state)
{
	(void)state;
	expect("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
	       "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
	       "@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

static void only_the_lines_that_moved_are_shown(void **state)
{
	(void)state;
	expect("1\n2\n3\n4\n", "2\n3\n4\n1\n",
	       "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-1\n 2\n 3\n 4\n+1\n");
}

static void names_cannot_break_out_of_their_line(void **state)
{
	static const struct {
		const char *name, *want;
	} t[] = {
		{ "/etc/hosts", "--- /etc/hosts\n" },
		{ "my hosts", "--- my hosts\t\n" },
		{ "a\n+++ b", "--- \"a\\012+++ b\"\n" },
		{ "a\tb", "--- \"a\\011b\"\n" },
		{ "a\"b\\c", "--- \"a\\\"b\\\\c\"\n" },
		{ "h\xc3\xb6sts", "--- h\xc3\xb6sts\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct diag_err err = { .code = DIAG_OK };
		struct diag_buf out;

		diag_buf_init(&out, 1 << 20);
		assert_true(diag_text_diff("1\n", 2, "2\n", 2, t[i].name, "b",
					   &out, &err));
		assert_memory_equal(t[i].want, diag_buf_str(&out),
				    strlen(t[i].want));
		diag_buf_clear(&out);
	}
}

static void changes_near_each_other_share_a_hunk(void **state)
{
	/* "2" and "9": six lines between them; "2" and "10": seven */
	const struct diag_edit near[] = { { 2, 1, "x", 1, true },
					  { 16, 1, "x", 1, true } };
	const struct diag_edit far[] = { { 2, 1, "x", 1, true },
					 { 18, 2, "x", 1, true } };

	(void)state;
	hunks_of(near, 2, 1);
	hunks_of(far, 2, 2);
}

static void edits_that_change_nothing_are_not_shown(void **state)
{
	const struct diag_edit same[] = { { 2, 1, "2", 1, true } };

	(void)state;
	hunks_of(same, 1, 0);
}

static void two_edits_of_one_line_are_one_change(void **state)
{
	const struct diag_edit both[] = { { 18, 1, "x", 1, true },
					  { 19, 1, "y", 1, true } };

	(void)state;
	hunks_of(both, 2, 1);
}

/* --- edits themselves ------------------------------------------------------
 */

static bool apply(const struct diag_edit *edits, size_t n, const char *text,
		  struct diag_buf *out, struct diag_err *err)
{
	const struct diag_edits all = { edits, n };

	*err = (struct diag_err){ .code = DIAG_OK };
	diag_buf_init(out, 1 << 20);
	return diag_edits_apply(&all, text, strlen(text), out, err);
}

static void edits_take_insert_and_replace(void **state)
{
	const struct diag_edit edits[] = { { 0, 1, "", 0, true },
					   { 2, 0, "new ", 4, false },
					   { 3, 2, "X", 1, true } };
	struct diag_err err;
	struct diag_buf out;

	(void)state;
	assert_true(apply(edits, 3, "abcdef", &out, &err));
	assert_string_equal("bnew cXf", diag_buf_str(&out));
	diag_buf_clear(&out);
}

static void edits_that_overlap_are_refused(void **state)
{
	const struct diag_edit edits[] = { { 0, 3, "", 0, true },
					   { 2, 1, "", 0, true } };
	struct diag_err err;
	struct diag_buf out;

	(void)state;
	assert_false(apply(edits, 2, "abcdef", &out, &err));
	assert_int_equal(DIAG_EUSAGE, err.code);
	diag_buf_clear(&out);
}

static void edits_beyond_the_text_are_refused(void **state)
{
	const struct diag_edit far[] = { { 7, 0, "x", 1, true } };
	const struct diag_edit long_one[] = { { 3, SIZE_MAX, "x", 1, true } };
	struct diag_err err;
	struct diag_buf out;

	(void)state;
	assert_false(apply(far, 1, "abcdef", &out, &err));
	diag_buf_clear(&out);
	assert_false(apply(long_one, 1, "abcdef", &out, &err));
	diag_buf_clear(&out);
}

static void a_ceiling_of_the_new_text_is_told(void **state)
{
	const struct diag_edits none = { NULL, 0 };
	struct diag_err err = { .code = DIAG_OK };
	struct diag_buf out;

	(void)state;
	diag_buf_init(&out, 3);
	assert_false(diag_edits_apply(&none, "abcdef", 6, &out, &err));
	assert_int_equal(DIAG_ELIMIT, err.code);
	diag_buf_clear(&out);
}

static bool once(void *arg)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_buf out;
	bool ok;

	diag_buf_init(&out, 1 << 20);
	ok =
	    diag_text_diff(arg, strlen(arg), "1\nx\n", 4, "a", "b", &out, &err);
	diag_buf_clear(&out);
	return ok;
}

static void memory_may_be_missing_at_any_point(void **state)
{
	(void)state;
	assert_true(torture(once, (void *)(uintptr_t)twenty) > 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patch_makes_of_a_plan_what_apply_makes_of_it),
		cmocka_unit_test(patch_makes_one_text_of_another),
		cmocka_unit_test(a_diff_says_how_any_text_becomes_another),
		cmocka_unit_test(a_diff_of_an_edited_text_makes_it_again),
		cmocka_unit_test(texts_with_little_in_common_get_a_diff_too),
		cmocka_unit_test(
		    changes_far_apart_in_two_texts_are_hunks_of_their_own),
		cmocka_unit_test(only_the_lines_that_moved_are_shown),
		cmocka_unit_test(names_cannot_break_out_of_their_line),
		cmocka_unit_test(the_same_text_has_no_diff),
		cmocka_unit_test(
		    a_changed_line_is_shown_with_what_stands_around_it),
		cmocka_unit_test(a_line_at_the_end_is_added_behind_the_last),
		cmocka_unit_test(an_empty_file_is_told_by_line_nought),
		cmocka_unit_test(a_missing_final_newline_is_told_on_its_side),
		cmocka_unit_test(carriage_returns_belong_to_the_line),
		cmocka_unit_test(changes_near_each_other_share_a_hunk),
		cmocka_unit_test(edits_that_change_nothing_are_not_shown),
		cmocka_unit_test(two_edits_of_one_line_are_one_change),
		cmocka_unit_test(edits_take_insert_and_replace),
		cmocka_unit_test(edits_that_overlap_are_refused),
		cmocka_unit_test(edits_beyond_the_text_are_refused),
		cmocka_unit_test(a_ceiling_of_the_new_text_is_told),
		cmocka_unit_test(memory_may_be_missing_at_any_point),
	};

	return cmocka_run_group_tests_name("diff", tests, set_up, tear_down);
}
