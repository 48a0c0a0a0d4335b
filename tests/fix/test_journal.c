/* SPDX-License-Identifier: MIT */
/* The journal: what is written is read; a cut last line is left out; anything
 * else that is wrong is told with its line and nothing is guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fix/journal.h"
#include "tests/support/torture.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* A journal in the making. */
struct book {
	struct diag_buf text;
	struct diag_arena arena;
	struct diag_journal journal;
	struct diag_err err;
	uint64_t id;
};

static int setup(void **state)
{
	static struct book b;

	b = (struct book){ .id = 0 };
	diag_buf_init(&b.text, (size_t)32 << 20);
	diag_arena_init(&b.arena, 0);
	diag_journal_put_file(&b.text, "/etc/hosts");
	*state = &b;
	return 0;
}

static int teardown(void **state)
{
	struct book *b = *state;

	diag_buf_clear(&b->text);
	diag_arena_clear(&b->arena);
	return 0;
}

static struct diag_journal_entry entry(uint64_t id, uint64_t undoes)
{
	return (struct diag_journal_entry){
		.change = { .id = id,
			    .kind = undoes > 0 ? DIAG_CHANGE_UNDO
					       : DIAG_CHANGE_APPLY,
			    .at_s = 1795428000 + (int64_t)id,
			    .tool = "pl-hosts apply",
			    .about = "ws1103: 10 names",
			    .undoes = undoes,
			    .old_len = 3,
			    .new_len = 4,
			    .old_sha256 = A,
			    .new_sha256 = B },
		.mode = 0644,
		.temp = ".pldiag-0123456789abcdef",
	};
}

static void put(struct book *b, struct diag_journal_entry e,
		enum diag_journal_stage stage)
{
	diag_journal_put_begin(&b->text, &e);
	if (stage == DIAG_JOURNAL_BEGUN)
		return;
	diag_journal_put_ready(&b->text, &e);
	e.stage = stage;
	if (stage != DIAG_JOURNAL_READY)
		diag_journal_put_end(&b->text, &e);
}

/* A whole change; undoes 0: an apply. */
static void put_change(struct book *b, uint64_t undoes)
{
	put(b, entry(++b->id, undoes), DIAG_JOURNAL_DONE);
}

static bool parse_len(struct book *b, size_t len)
{
	b->err = (struct diag_err){ 0 };
	diag_arena_reset(&b->arena);
	return diag_journal_parse(&b->arena, "journal", diag_buf_str(&b->text),
				  len, &b->journal, &b->err);
}

static void must_parse(struct book *b)
{
	if (!parse_len(b, b->text.len))
		fail_msg("%s", b->err.what);
}

static void must_not_parse(struct book *b, const char *words)
{
	assert_false(parse_len(b, b->text.len));
	assert_int_equal(DIAG_EPARSE, b->err.code);
	if (strstr(b->err.what, words) == NULL)
		fail_msg("%s", b->err.what);
}

static void what_is_written_is_read(void **state)
{
	struct book *b = *state;
	const struct diag_journal_entry *e;

	put_change(b, 0);
	must_parse(b);
	e = &b->journal.items[0];
	assert_int_equal(1, b->journal.n);
	assert_int_equal(b->text.len, b->journal.good_len);
	assert_int_equal(DIAG_JOURNAL_DONE, e->stage);
	assert_int_equal(1, e->change.id);
	assert_int_equal(DIAG_CHANGE_APPLY, e->change.kind);
	assert_int_equal(1795428001, e->change.at_s);
	assert_string_equal("pl-hosts apply", e->change.tool);
	assert_string_equal("ws1103: 10 names", e->change.about);
	assert_string_equal(A, e->change.old_sha256);
	assert_string_equal(B, e->change.new_sha256);
	assert_int_equal(3, e->change.old_len);
	assert_int_equal(4, e->change.new_len);
	assert_int_equal(0644, e->mode);
	assert_string_equal(".pldiag-0123456789abcdef", e->temp);
	assert_false(e->in_place || e->old_missing || e->new_missing);
}

static void missing_files_and_mount_points_are_read(void **state)
{
	struct book *b = *state;
	struct diag_journal_entry e = entry(1, 0);

	e.old_missing = e.in_place = true;
	put(b, e, DIAG_JOURNAL_DONE);
	e = entry(2, 1);
	e.new_missing = true;
	put(b, e, DIAG_JOURNAL_BACK);
	must_parse(b);
	assert_true(b->journal.items[0].old_missing);
	assert_true(b->journal.items[0].in_place);
	assert_string_equal("", b->journal.items[0].temp);
	assert_string_equal("", b->journal.items[0].change.old_sha256);
	assert_true(b->journal.items[1].new_missing);
	assert_int_equal(1, b->journal.items[1].change.undoes);
	assert_int_equal(DIAG_JOURNAL_BACK, b->journal.items[1].stage);
}

static void nothing_is_a_journal_without_changes(void **state)
{
	struct book *b = *state;

	assert_true(parse_len(b, 0));
	assert_int_equal(0, b->journal.n);
	assert_int_equal(0, b->journal.good_len);
	must_parse(b);
	assert_int_equal(0, b->journal.n);
	assert_int_equal(b->text.len, b->journal.good_len);
}

/* Cut at any byte, the lines before the cut are read and nothing else. */
static void a_journal_cut_anywhere_is_read_up_to_there(void **state)
{
	struct book *b = *state;
	size_t whole = 0;

	put_change(b, 0);
	put_change(b, 1);
	put(b, entry(3, 0), DIAG_JOURNAL_READY);
	for (size_t len = 0; len <= b->text.len; len++) {
		if (len > 0 && b->text.data[len - 1] == '\n')
			whole = len;
		assert_true(parse_len(b, len));
		assert_int_equal(whole, b->journal.good_len);
	}
}

static void an_open_change_is_seen_as_it_stands(void **state)
{
	struct book *b = *state;

	put(b, entry(1, 0), DIAG_JOURNAL_BEGUN);
	must_parse(b);
	assert_int_equal(DIAG_JOURNAL_BEGUN, b->journal.items[0].stage);
	diag_buf_reset(&b->text);
	diag_journal_put_file(&b->text, "x");
	put(b, entry(1, 0), DIAG_JOURNAL_READY);
	must_parse(b);
	assert_int_equal(DIAG_JOURNAL_READY, b->journal.items[0].stage);
}

/* The disk had room for the line, but not the bytes. */
static void a_last_line_of_rubbish_is_left_out(void **state)
{
	struct book *b = *state;
	size_t good;

	put_change(b, 0);
	good = b->text.len;
	diag_buf_pad(&b->text, '\0', 300);
	must_parse(b);
	assert_int_equal(good, b->journal.good_len);
	diag_buf_putc(&b->text, '\n');
	must_parse(b);
	assert_int_equal(good, b->journal.good_len);
	assert_int_equal(1, b->journal.n);
}

static void any_changed_byte_before_the_last_line_is_damage(void **state)
{
	struct book *b = *state;
	size_t last;

	put_change(b, 0);
	put_change(b, 0);
	last = b->text.len - 1;
	while (b->text.data[last - 1] != '\n')
		last--;
	/* Without the newline before it the last line is a longer last line. */
	for (size_t at = 0; at < last - 1; at++) {
		b->text.data[at] ^= 1;
		assert_false(parse_len(b, b->text.len));
		assert_int_equal(DIAG_EPARSE, b->err.code);
		b->text.data[at] ^= 1;
	}
	must_parse(b);
}

static void damage_is_told_with_its_line(void **state)
{
	struct book *b = *state;
	char *at;

	put_change(b, 0);
	at = strstr(b->text.data, "ready");
	assert_non_null(at);
	*at = 'R';
	must_not_parse(b, "journal:3: damaged; move this file away");
}

/* --- lines that are whole, and still make no sense -------------------------
 */

static void the_first_line_says_what_it_is(void **state)
{
	struct book *b = *state;

	diag_buf_reset(&b->text);
	put_change(b, 0);
	put_change(b, 0);
	must_not_parse(b, "journal:1: not a journal that this version");
}

static void a_change_inside_of_another_is_refused(void **state)
{
	struct book *b = *state;

	put(b, entry(1, 0), DIAG_JOURNAL_READY);
	put(b, entry(2, 0), DIAG_JOURNAL_DONE);
	must_not_parse(b, "journal:4: a change begins inside of another");
}

static void numbers_go_up(void **state)
{
	struct book *b = *state;

	put(b, entry(2, 0), DIAG_JOURNAL_DONE);
	put(b, entry(2, 0), DIAG_JOURNAL_DONE);
	must_not_parse(b, "journal:5: not a change that we know");
}

static void an_undo_names_an_earlier_change(void **state)
{
	struct book *b = *state;

	put(b, entry(1, 1), DIAG_JOURNAL_DONE);
	put(b, entry(2, 0), DIAG_JOURNAL_DONE);
	must_not_parse(b, "journal:2:");
}

static void done_needs_ready_and_ready_needs_begin(void **state)
{
	struct book *b = *state;
	struct diag_journal_entry e = entry(1, 0);

	diag_journal_put_begin(&b->text, &e);
	e.stage = DIAG_JOURNAL_DONE;
	diag_journal_put_end(&b->text, &e);
	must_not_parse(b, "journal:3: a change is done that was never ready");
	diag_buf_reset(&b->text);
	diag_journal_put_file(&b->text, "x");
	diag_journal_put_ready(&b->text, &e);
	must_not_parse(b, "journal:2: about no change that is open");
}

static void an_end_of_another_change_is_refused(void **state)
{
	struct book *b = *state;
	struct diag_journal_entry e = entry(2, 0);

	put(b, entry(1, 0), DIAG_JOURNAL_READY);
	e.stage = DIAG_JOURNAL_DONE;
	diag_journal_put_end(&b->text, &e);
	must_not_parse(b, "journal:4: about no change that is open");
}

/* A name that is removed after a crash must be one that we made. */
static void a_temporary_name_of_another_form_is_refused(void **state)
{
	static const char *const names[] = {
		"hosts",
		"../../etc/passwd........",
		".pldiag-0123456789abcde/",
		".pldiag-0123456789ABCDEF",
		".pldiag-0123456789abcde",
		"",
	};

	assert_true(diag_journal_temp_is(".pldiag-0123456789abcdef"));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct book *b = *state;
		struct diag_journal_entry e = entry(1, 0);

		assert_false(diag_journal_temp_is(names[i]));
		diag_buf_reset(&b->text);
		diag_journal_put_file(&b->text, "x");
		(void)snprintf(e.temp, sizeof(e.temp), "%s", names[i]);
		put(b, e, DIAG_JOURNAL_READY);
		must_not_parse(b, "journal:2: not a change that we know");
	}
}

static void a_hash_that_is_none_is_refused(void **state)
{
	struct book *b = *state;
	struct diag_journal_entry e = entry(1, 0);

	e.change.old_sha256[0] = '/';
	put(b, e, DIAG_JOURNAL_READY);
	must_not_parse(b, "journal:2:");
}

static void a_length_beyond_the_limit_is_refused(void **state)
{
	struct book *b = *state;
	struct diag_journal_entry e = entry(1, 0);

	e.change.new_len = (uint64_t)DIAG_WRITER_BYTES + 1;
	put(b, e, DIAG_JOURNAL_DONE);
	must_not_parse(b, "journal:3:");
}

static void a_journal_over_the_limit_is_refused(void **state)
{
	struct book *b = *state;

	diag_buf_pad(&b->text, 'x', DIAG_JOURNAL_BYTES);
	assert_false(parse_len(b, b->text.len));
	assert_int_equal(DIAG_ELIMIT, b->err.code);
}

static void long_notes_are_cut_and_odd_bytes_survive_as_text(void **state)
{
	struct book *b = *state;
	struct diag_journal_entry e = entry(1, 0);
	char about[3000];

	memset(about, '"', sizeof(about) - 1);
	about[sizeof(about) - 1] = '\0';
	e.change.about = about;
	e.change.tool = "a\nb\x1b[1m\xff";
	put(b, e, DIAG_JOURNAL_DONE);
	must_parse(b);
	assert_int_equal(DIAG_JOURNAL_NOTE,
			 strlen(b->journal.items[0].change.about));
	assert_string_equal("a\nb\x1b[1m\xef\xbf\xbd",
			    b->journal.items[0].change.tool);
}

/* --- what is undone --------------------------------------------------------
 */

/* "13" if changes 1 and 3 are undone. */
static void assert_undone(struct book *b, const char *want)
{
	const struct diag_change *c = NULL;
	char got[32] = "";
	size_t n = 0, at = 0;

	must_parse(b);
	assert_true(
	    diag_journal_changes(&b->journal, &b->arena, &c, &n, &b->err));
	for (size_t i = 0; i < n; i++)
		if (c[i].undone)
			got[at++] = (char)('0' + c[i].id);
	assert_string_equal(want, got);
}

static void nothing_is_undone_without_an_undo(void **state)
{
	put_change(*state, 0);
	put_change(*state, 0);
	assert_undone(*state, "");
}

static void an_undo_takes_back_the_change_it_names(void **state)
{
	put_change(*state, 0);
	put_change(*state, 0);
	put_change(*state, 2);
	assert_undone(*state, "2");
}

static void an_undo_takes_back_what_came_after_as_well(void **state)
{
	put_change(*state, 0);
	put_change(*state, 0);
	put_change(*state, 0);
	put_change(*state, 2);
	assert_undone(*state, "23");
}

static void an_undone_undo_gives_its_change_back(void **state)
{
	put_change(*state, 0); /* 1 */
	put_change(*state, 1); /* 2 undoes 1 */
	assert_undone(*state, "1");
	put_change(*state, 2); /* 3 undoes 2 */
	assert_undone(*state, "2");
	put_change(*state, 3); /* 4 undoes 3 */
	assert_undone(*state, "13");
}

static void undo_after_undo_goes_on_backwards(void **state)
{
	put_change(*state, 0); /* 1 */
	put_change(*state, 0); /* 2 */
	put_change(*state, 2); /* 3 */
	put_change(*state, 1); /* 4 takes back 1, 2 and 3 */
	assert_undone(*state, "123");
	put_change(*state, 4); /* 5: as after 3 */
	assert_undone(*state, "24");
}

static void a_change_that_was_taken_back_is_no_history(void **state)
{
	struct book *b = *state;
	const struct diag_change *c = NULL;
	size_t n = 0;

	put_change(b, 0);
	put(b, entry(2, 0), DIAG_JOURNAL_BACK);
	put(b, entry(3, 1), DIAG_JOURNAL_READY);
	must_parse(b);
	assert_true(
	    diag_journal_changes(&b->journal, &b->arena, &c, &n, &b->err));
	assert_int_equal(1, n);
	assert_false(c[0].undone);
}

/* A journal must not look cut because there was no memory to read it. */
static bool parse_all(void *arg)
{
	struct book *b = arg;
	bool ok = parse_len(b, b->text.len);

	if (ok)
		assert_int_equal(b->text.len, b->journal.good_len);
	else
		assert_int_equal(DIAG_ENOMEM, b->err.code);
	diag_arena_clear(&b->arena);
	return ok;
}

static void any_allocation_may_fail(void **state)
{
	for (int i = 0; i < 20; i++)
		put_change(*state, 0);
	assert_true(torture(parse_all, *state) > 2);
}

#define IN_BOOK(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_BOOK(what_is_written_is_read),
		IN_BOOK(missing_files_and_mount_points_are_read),
		IN_BOOK(nothing_is_a_journal_without_changes),
		IN_BOOK(a_journal_cut_anywhere_is_read_up_to_there),
		IN_BOOK(an_open_change_is_seen_as_it_stands),
		IN_BOOK(a_last_line_of_rubbish_is_left_out),
		IN_BOOK(any_changed_byte_before_the_last_line_is_damage),
		IN_BOOK(damage_is_told_with_its_line),
		IN_BOOK(the_first_line_says_what_it_is),
		IN_BOOK(a_change_inside_of_another_is_refused),
		IN_BOOK(numbers_go_up),
		IN_BOOK(an_undo_names_an_earlier_change),
		IN_BOOK(done_needs_ready_and_ready_needs_begin),
		IN_BOOK(an_end_of_another_change_is_refused),
		IN_BOOK(a_temporary_name_of_another_form_is_refused),
		IN_BOOK(a_hash_that_is_none_is_refused),
		IN_BOOK(a_length_beyond_the_limit_is_refused),
		IN_BOOK(a_journal_over_the_limit_is_refused),
		IN_BOOK(long_notes_are_cut_and_odd_bytes_survive_as_text),
		IN_BOOK(nothing_is_undone_without_an_undo),
		IN_BOOK(an_undo_takes_back_the_change_it_names),
		IN_BOOK(an_undo_takes_back_what_came_after_as_well),
		IN_BOOK(an_undone_undo_gives_its_change_back),
		IN_BOOK(undo_after_undo_goes_on_backwards),
		IN_BOOK(a_change_that_was_taken_back_is_no_history),
		IN_BOOK(any_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
