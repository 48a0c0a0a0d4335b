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

/* Plan and apply; the caller clears out. */
static size_t applied(const struct diag_buf *text, const struct diag_pin *pins,
		      size_t n, struct diag_buf *out, uint64_t seed)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_hosts_plan plan;
	struct diag_arena arena;
	size_t edits;

	diag_arena_init(&arena, 0);
	diag_buf_init(out, (size_t)8 << 20);
	if (!diag_hosts_plan(&arena, diag_buf_str(text), text->len, BLOCK, pins,
			     n, &plan, &err) ||
	    !diag_edits_apply(&plan.edits, diag_buf_str(text), text->len, out,
			      &err))
		fail_msg("seed %llu: %s: %s", (unsigned long long)seed, err.op,
			 err.what);
	edits = plan.edits.n;
	diag_arena_clear(&arena);
	return edits;
}

static void assert_same(const struct diag_buf *a, const struct diag_buf *b,
			uint64_t seed, const char *what)
{
	if (a->len != b->len ||
	    memcmp(diag_buf_str(a), diag_buf_str(b), a->len) != 0)
		fail_msg("seed %llu: %s", (unsigned long long)seed, what);
}

static void each(void (*check)(const struct generated *g,
			       const struct diag_buf *after))
{
	for (uint64_t seed = 1; seed <= FILES; seed++) {
		struct generated g;
		struct diag_buf after;

		generate(seed, &g);
		(void)applied(&g.text, g.pins, g.n_pins, &after, seed);
		check(&g, &after);
		diag_buf_clear(&after);
		generated_clear(&g);
	}
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
	each(check_change_of_pins);
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

static bool has_mark(struct diag_slice line)
{
	return line.len >= 10 &&
	       diag_text_find_nocase(line.p, line.len, "# pldiag: ") != NULL;
}

static bool starts(struct diag_slice line, const char *head)
{
	return line.len >= strlen(head) &&
	       memcmp(line.p, head, strlen(head)) == 0;
}

/* The next line of the new text that is not one that we added. */
static bool next_old(struct lines *l, bool *in_block, struct diag_slice *line)
{
	static const char off[] = "# pldiag: off " BLOCK ": ";

	while (next_line(l, line)) {
		if (starts(*line, "# pldiag: begin "))
			*in_block = true;
		if (starts(*line, off)) {
			line->p += strlen(off);
			line->len -= strlen(off);
			return true;
		}
		if (!*in_block && !has_mark(*line))
			return true;
		if (starts(*line, "# pldiag: end "))
			*in_block = false;
	}
	return false;
}

/* A final newline that was missing may have been put. */
static size_t bare_len(struct diag_slice line)
{
	size_t n = line.len;

	while (n > 0 && (line.p[n - 1] == '\n' || line.p[n - 1] == '\r'))
		n--;
	return n;
}

static void check_untouched(const struct generated *g,
			    const struct diag_buf *after)
{
	const char *a = diag_buf_str(&g->text), *b = diag_buf_str(after);
	struct lines old = { a, a + g->text.len }, new = { b, b + after->len };
	struct diag_slice x, y;
	bool in_block = false;

	while (next_line(&old, &x)) {
		bool last = old.p == old.end;

		if (!next_old(&new, &in_block, &y) ||
		    (last ? bare_len(x) != bare_len(y) : x.len != y.len) ||
		    memcmp(x.p, y.p, last ? bare_len(x) : x.len) != 0)
			fail_msg("seed %llu: a line of others changed",
				 (unsigned long long)g->seed);
	}
	if (next_old(&new, &in_block, &y))
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
	*ours = false;
	for (size_t i = 0; i < g->n_pins; i++) {
		if (strcmp(g->pins[i].name, name) != 0)
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
		if (diag_addr_eq(&e->addr, addr))
			return true;
	return false;
}

static void check_edges(const struct generated *g, const struct diag_buf *after)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_hosts old, new;
	struct diag_arena arena;
	bool ours;

	diag_arena_init(&arena, 0);
	assert_true(diag_hosts_parse(&arena, diag_buf_str(&g->text),
				     g->text.len, &old, &err));
	assert_true(diag_hosts_parse(&arena, diag_buf_str(after), after->len,
				     &new, &err));
	for (size_t i = 0; i < g->n_pins; i++)
		if (!holds(&new, g->pins[i].name, &g->pins[i].addr))
			fail_msg("seed %llu: %s is missing",
				 (unsigned long long)g->seed, g->pins[i].name);
	for (size_t i = 0; i < new.n_edges; i++)
		if (pin_of(g, new.edges[i].name, &new.edges[i].addr, &ours) ==
			NULL &&
		    ours)
			fail_msg("seed %llu: line %u still contradicts",
				 (unsigned long long)g->seed,
				 new.edges[i].line);
	for (size_t i = 0; i < old.n_edges; i++) {
		const struct diag_hosts_edge *e = &old.edges[i];

		(void)pin_of(g, e->name, &e->addr, &ours);
		if (!ours && !holds(&new, e->name, &e->addr))
			fail_msg("seed %llu: %s of somebody else is lost",
				 (unsigned long long)g->seed, e->name);
	}
	diag_arena_clear(&arena);
}

static void the_file_says_our_pins_and_all_that_it_said_of_others(void **state)
{
	(void)state;
	each(check_edges);
}

/* --- without edits, identity ------------------------------------------------
 */

static void no_edits_give_the_same_bytes(void **state)
{
	const struct diag_edits none = { NULL, 0 };

	(void)state;
	for (uint64_t seed = 1; seed <= FILES; seed++) {
		struct diag_err err = { .code = DIAG_OK };
		struct generated g;
		struct diag_buf out;

		generate(seed, &g);
		diag_buf_init(&out, (size_t)8 << 20);
		assert_true(diag_edits_apply(&none, diag_buf_str(&g.text),
					     g.text.len, &out, &err));
		assert_same(&g.text, &out, seed, "not the same bytes");
		diag_buf_clear(&out);
		generated_clear(&g);
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
	};

	return cmocka_run_group_tests_name("hosts_property", tests, NULL, NULL);
}
