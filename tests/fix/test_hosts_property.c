/* SPDX-License-Identifier: MIT */
/* What must hold for every hosts file, tried on 10,000 generated ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"
#include "base/text.h"
#include "hosts/hosts.h"
#include "tests/fix/generate.h"

#define FILES 10000
#define BLOCK "ws1103"
#define OTHER "shared"

/* Plan and apply; the caller clears out. */
static size_t applied_as(const char *block, const struct diag_buf *text,
			 const struct diag_pin *pins, size_t n,
			 struct diag_buf *out, uint64_t seed)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_hosts_plan plan;
	struct diag_arena arena;
	size_t edits;

	diag_arena_init(&arena, 0);
	diag_buf_init(out, (size_t)8 << 20);
	if (!diag_hosts_plan(&arena, diag_buf_str(text), text->len, block, pins,
			     n, &plan, &err) ||
	    !diag_edits_apply(&plan.edits, diag_buf_str(text), text->len, out,
			      &err))
		fail_msg("seed %llu: %s: %s", (unsigned long long)seed, err.op,
			 err.what);
	edits = plan.edits.n;
	diag_arena_clear(&arena);
	return edits;
}

static size_t applied(const struct diag_buf *text, const struct diag_pin *pins,
		      size_t n, struct diag_buf *out, uint64_t seed)
{
	return applied_as(BLOCK, text, pins, n, out, seed);
}

static void assert_same(const struct diag_buf *a, const struct diag_buf *b,
			uint64_t seed, const char *what)
{
	if (a->len != b->len ||
	    memcmp(diag_buf_str(a), diag_buf_str(b), a->len) != 0)
		fail_msg("seed %llu: %s", (unsigned long long)seed, what);
}

/* Made once for all properties: files, and what applying makes of them. */
static struct {
	struct generated g;
	struct diag_buf after;
} files[FILES];

static int make_files(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < FILES; i++) {
		generate(i + 1, &files[i].g);
		(void)applied(&files[i].g.text, files[i].g.pins,
			      files[i].g.n_pins, &files[i].after, i + 1);
	}
	return 0;
}

static int clear_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < FILES; i++) {
		generated_clear(&files[i].g);
		diag_buf_clear(&files[i].after);
	}
	return 0;
}

static void each(void (*check)(const struct generated *,
			       const struct diag_buf *))
{
	for (size_t i = 0; i < FILES; i++)
		check(&files[i].g, &files[i].after);
}

/* For those that plan many times: a part of them. */
static void some(void (*check)(const struct generated *,
			       const struct diag_buf *))
{
	for (size_t i = 0; i < FILES; i += 4)
		check(&files[i].g, &files[i].after);
}

/* --- apply twice is apply once; and no pins take everything back -----------
 */

static void check_twice(const struct generated *g, const struct diag_buf *after)
{
	struct diag_buf again;

	assert_int_equal(0,
			 applied(after, g->pins, g->n_pins, &again, g->seed));
	assert_same(after, &again, g->seed, "twice is not once");
	diag_buf_clear(&again);
}

static void applying_twice_is_applying_once(void **state)
{
	(void)state;
	each(check_twice);
}

static void check_back(const struct generated *g, const struct diag_buf *after)
{
	struct diag_buf back;

	(void)applied(after, NULL, 0, &back, g->seed);
	assert_same(&g->text, &back, g->seed, "it did not come back");
	diag_buf_clear(&back);
}

static void taking_the_block_out_gives_every_byte_back(void **state)
{
	(void)state;
	each(check_back);
}

static void check_change_of_pins(const struct generated *g,
				 const struct diag_buf *after)
{
	size_t fewer = g->n_pins / 2;
	struct diag_buf straight, detour, back;

	(void)applied(after, g->pins, fewer, &detour, g->seed);
	(void)applied(&detour, NULL, 0, &back, g->seed);
	assert_same(&g->text, &back, g->seed, "it did not come back");
	(void)applied(&detour, g->pins, fewer, &straight, g->seed);
	assert_same(&detour, &straight, g->seed, "twice is not once");
	diag_buf_clear(&straight);
	diag_buf_clear(&detour);
	diag_buf_clear(&back);
}

static void other_pins_replace_the_block_and_lose_nothing(void **state)
{
	(void)state;
	some(check_change_of_pins);
}

/* --- only our lines differ -------------------------------------------------
 */

struct lines {
	const char *p, *end;
};

static bool next_line(struct lines *l, struct diag_slice *line)
{
	const char *lf;

	if (l->p == l->end)
		return false;
	lf = memchr(l->p, '\n', (size_t)(l->end - l->p));
	line->p = l->p;
	l->p = lf != NULL ? lf + 1 : l->end;
	line->len = (size_t)(l->p - line->p);
	return true;
}

static bool starts(struct diag_slice line, const char *head)
{
	return line.len >= strlen(head) &&
	       memcmp(line.p, head, strlen(head)) == 0;
}

/* The same line; one that ended the file may have got its newline. */
static bool same_line(struct diag_slice old, struct diag_slice new)
{
	return new.len >= old.len &&memcmp(old.p, new.p, old.len) == 0 &&
	       (new.len == old.len ||
		(old.len > 0 && new.len <= old.len + 2 &&
		 old.p[old.len - 1] != '\n' && new.p[new.len - 1] == '\n'));
}

static bool same_next(struct lines old, struct lines new)
{
	struct diag_slice x, y;

	return next_line(&old, &x) && next_line(&new, &y) && same_line(x, y);
}

/* Behind a line that was put out: skip the rest that we wrote.  The generator
 * may have written one itself, which stays. */
static void skip_rest(const struct lines *old, struct lines *new)
{
	struct lines behind = *new;
	struct diag_slice y;

	if (!next_line(&behind, &y) ||
	    diag_text_find_nocase(
		y.p, y.len, " # pldiag: rest of the line above, for " BLOCK) ==
		NULL)
		return;
	if (!same_next(*old, *new) || same_next(*old, behind))
		*new = behind;
}

static bool put_out(struct diag_slice old, struct diag_slice new)
{
	static const char off[] = "# pldiag: off " BLOCK ": ";

	if (!starts(new, off))
		return false;
	new.p += strlen(off);
	new.len -= strlen(off);
	return same_line(old, new);
}

static void check_untouched(const struct generated *g,
			    const struct diag_buf *after)
{
	const char *a = diag_buf_str(&g->text), *b = diag_buf_str(after);
	struct lines old = { a, a + g->text.len }, new = { b, b + after->len };
	struct diag_slice x, y = { "", 0 };

	while (next_line(&old, &x)) {
		if (!next_line(&new, &y) ||
		    (!same_line(x, y) && !put_out(x, y)))
			fail_msg("seed %llu: a line of others changed",
				 (unsigned long long)g->seed);
		if (!same_line(x, y))
			skip_rest(&old, &new);
	}
	if (next_line(&new, &y) && !starts(y, "# pldiag: begin " BLOCK " "))
		fail_msg("seed %llu: a line came from nowhere",
			 (unsigned long long)g->seed);
}

static void all_lines_but_ours_are_what_they_were(void **state)
{
	(void)state;
	each(check_untouched);
}

/* --- what the file says then ------------------------------------------------
 */

static const struct diag_pin *pin_of(const struct generated *g,
				     const char *name,
				     const struct diag_addr *addr, bool *ours)
{
	size_t len = strlen(name);

	len -= len > 1 && name[len - 1] == '.';
	*ours = false;
	for (size_t i = 0; i < g->n_pins; i++) {
		if (strlen(g->pins[i].name) != len ||
		    strncmp(g->pins[i].name, name, len) != 0)
			continue;
		*ours = true;
		if (diag_addr_eq(&g->pins[i].addr, addr))
			return &g->pins[i];
	}
	return NULL;
}

static bool holds(const struct diag_hosts *h, const char *name,
		  const struct diag_addr *addr)
{
	const struct diag_hosts_edge *e;

	for (size_t i = 0;
	     (e = diag_hosts_lookup(h, name, DIAG_NOFAM, i)) != NULL; i++)
		if (diag_addr_eq(e->addr, addr))
			return true;
	return false;
}

struct both {
	struct diag_arena arena;
	struct diag_hosts old, new;
};

static void parse_both(struct both *b, const struct diag_buf *before,
		       const struct diag_buf *after)
{
	struct diag_err err = { .code = DIAG_OK };

	diag_arena_init(&b->arena, 0);
	assert_true(diag_hosts_parse(&b->arena, diag_buf_str(before),
				     before->len, &b->old, &err));
	assert_true(diag_hosts_parse(&b->arena, diag_buf_str(after), after->len,
				     &b->new, &err));
}

/* All pins are there, and nothing that gives their names another address. */
static void assert_pins(const struct generated *g, const struct diag_hosts *new)
{
	bool ours;

	for (size_t i = 0; i < g->n_pins; i++)
		if (!holds(new, g->pins[i].name, &g->pins[i].addr))
			fail_msg("seed %llu: %s is missing",
				 (unsigned long long)g->seed, g->pins[i].name);
	for (size_t i = 0; i < new->n_edges; i++)
		if (pin_of(g, new->edges[i].name, new->edges[i].addr, &ours) ==
			NULL &&
		    ours)
			fail_msg("seed %llu: line %u still contradicts",
				 (unsigned long long)g->seed,
				 new->edges[i].line);
}

/* Windows takes the first line that has a name. */
static void assert_first_wins(const struct generated *g,
			      const struct diag_hosts *new)
{
	bool ours;

	for (size_t i = 0; i < g->n_pins; i++) {
		const struct diag_hosts_edge *e =
		    diag_hosts_lookup(new, g->pins[i].name, DIAG_NOFAM, 0);

		if (e == NULL || pin_of(g, e->name, e->addr, &ours) == NULL)
			fail_msg("seed %llu: another line is before %s",
				 (unsigned long long)g->seed, g->pins[i].name);
	}
}

static void check_edges(const struct generated *g, const struct diag_buf *after)
{
	struct both b;
	bool ours;

	parse_both(&b, &g->text, after);
	assert_pins(g, &b.new);
	assert_first_wins(g, &b.new);
	for (size_t i = 0; i < b.old.n_edges; i++) {
		const struct diag_hosts_edge *e = &b.old.edges[i];

		(void)pin_of(g, e->name, e->addr, &ours);
		if (!ours && !holds(&b.new, e->name, e->addr))
			fail_msg("seed %llu: %s of somebody else is lost",
				 (unsigned long long)g->seed, e->name);
	}
	diag_arena_clear(&b.arena);
}

static void the_file_says_our_pins_and_all_that_it_said_of_others(void **state)
{
	(void)state;
	each(check_edges);
}

/* --- two inventories in one file --------------------------------------------
 */

static void check_two(const struct generated *g, const struct diag_buf *after)
{
	struct diag_pin pins[GENERATED_PINS];
	size_t n = generate_shared(g->seed, g, pins);
	struct diag_buf both, first, last;

	(void)applied_as(OTHER, after, pins, n, &both, g->seed);

	/* the second goes: as if it had not been */
	(void)applied_as(OTHER, &both, NULL, 0, &last, g->seed);
	assert_same(after, &last, g->seed, "the other block left traces");
	diag_buf_clear(&last);

	/* the first goes before the second */
	(void)applied(&both, NULL, 0, &first, g->seed);
	(void)applied_as(OTHER, &first, NULL, 0, &last, g->seed);
	assert_same(&g->text, &last, g->seed, "it did not come back");
	diag_buf_clear(&last);
	diag_buf_clear(&first);
	diag_buf_clear(&both);
}

static void two_blocks_go_in_any_order_and_every_byte_comes_back(void **state)
{
	(void)state;
	some(check_two);
}

/* What one of two blocks says still holds when the other is gone. */
static void check_left_alone(const struct generated *g,
			     const struct diag_buf *after)
{
	struct generated other = *g;
	struct diag_buf both, alone;
	struct both b;
	bool ours, theirs;

	other.n_pins = generate_shared(g->seed, g, other.pins);
	(void)applied_as(OTHER, after, other.pins, other.n_pins, &both,
			 g->seed);
	(void)applied(&both, NULL, 0, &alone, g->seed);
	parse_both(&b, &both, &alone);
	assert_pins(g, &b.old);
	assert_pins(&other, &b.old);
	if (other.n_pins > 0)
		assert_pins(&other, &b.new);
	for (size_t i = 0; i < b.old.n_edges; i++) {
		const struct diag_hosts_edge *e = &b.old.edges[i];

		(void)pin_of(g, e->name, e->addr, &ours);
		(void)pin_of(&other, e->name, e->addr, &theirs);
		if (!ours && !theirs && !holds(&b.new, e->name, e->addr))
			fail_msg("seed %llu: %s of somebody else is lost",
				 (unsigned long long)g->seed, e->name);
	}
	diag_arena_clear(&b.arena);
	diag_buf_clear(&both);
	diag_buf_clear(&alone);
}

static void a_block_still_holds_when_the_other_is_taken_out(void **state)
{
	(void)state;
	some(check_left_alone);
}

/* --- somebody edits the file ------------------------------------------------
 */

/* Does line number (from 1) stand in a block? */
static bool in_block(const struct diag_buf *text, unsigned number)
{
	struct lines l = { diag_buf_str(text), diag_buf_str(text) + text->len };
	struct diag_slice line;
	bool in = false;

	while (number-- > 0 && next_line(&l, &line)) {
		if (starts(line, "# pldiag: begin " BLOCK " "))
			in = true;
		if (starts(line, "# pldiag: end " BLOCK))
			in = false;
	}
	return in;
}

static void assert_kept(const struct generated *g, const struct diag_buf *text,
			const struct both *b)
{
	bool ours;

	for (size_t i = 0; i < b->old.n_edges; i++) {
		const struct diag_hosts_edge *e = &b->old.edges[i];

		(void)pin_of(g, e->name, e->addr, &ours);
		if (!ours && !holds(&b->new, e->name, e->addr) &&
		    !in_block(text, e->line))
			fail_msg("seed %llu: %s of somebody else is lost",
				 (unsigned long long)g->seed, e->name);
	}
}

static void check_edited(const struct generated *g,
			 const struct diag_buf *after)
{
	uint64_t s = g->seed * 31 + 7;
	struct diag_buf edited, again, twice;
	struct diag_hosts_plan plan;
	struct diag_err err = { .code = DIAG_OK };
	struct diag_arena arena;
	struct both b;

	generate_edit(&s, after, &edited);
	diag_arena_init(&arena, 0);
	if (!diag_hosts_plan(&arena, diag_buf_str(&edited), edited.len, BLOCK,
			     g->pins, g->n_pins, &plan, &err)) {
		/* a mark of the block is gone, which is told with its line */
		assert_int_equal(DIAG_EPARSE, err.code);
		assert_int_equal(0, strncmp(err.what, "line ", 5));
	} else {
		(void)applied(&edited, g->pins, g->n_pins, &again, g->seed);
		assert_int_equal(
		    0, applied(&again, g->pins, g->n_pins, &twice, g->seed));
		parse_both(&b, &edited, &again);
		assert_pins(g, &b.new);
		assert_kept(g, &edited, &b);
		diag_arena_clear(&b.arena);
		diag_buf_clear(&twice);
		(void)applied(&again, NULL, 0, &twice, g->seed);
		parse_both(&b, &edited, &twice);
		assert_kept(g, &edited, &b);
		diag_arena_clear(&b.arena);
		diag_buf_clear(&twice);
		diag_buf_clear(&again);
	}
	diag_arena_clear(&arena);
	diag_buf_clear(&edited);
}

static void files_edited_by_hand_lose_nothing_either(void **state)
{
	(void)state;
	some(check_edited);
}

/* --- without edits, identity ------------------------------------------------
 */

static void no_edits_give_the_same_bytes(void **state)
{
	const struct diag_edits none = { NULL, 0 };

	(void)state;
	for (size_t i = 0; i < FILES; i++) {
		const struct diag_buf *text = &files[i].g.text;
		struct diag_err err = { .code = DIAG_OK };
		struct diag_buf out;

		diag_buf_init(&out, (size_t)8 << 20);
		assert_true(diag_edits_apply(&none, diag_buf_str(text),
					     text->len, &out, &err));
		assert_same(text, &out, i + 1, "not the same bytes");
		diag_buf_clear(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_edits_give_the_same_bytes),
		cmocka_unit_test(applying_twice_is_applying_once),
		cmocka_unit_test(taking_the_block_out_gives_every_byte_back),
		cmocka_unit_test(other_pins_replace_the_block_and_lose_nothing),
		cmocka_unit_test(all_lines_but_ours_are_what_they_were),
		cmocka_unit_test(
		    the_file_says_our_pins_and_all_that_it_said_of_others),
		cmocka_unit_test(
		    two_blocks_go_in_any_order_and_every_byte_comes_back),
		cmocka_unit_test(
		    a_block_still_holds_when_the_other_is_taken_out),
		cmocka_unit_test(files_edited_by_hand_lose_nothing_either),
	};

	return cmocka_run_group_tests_name("hosts_property", tests, make_files,
					   clear_files);
}
