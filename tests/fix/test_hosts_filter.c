/* SPDX-License-Identifier: MIT */
/* The filter misses no name, wherever it stands and however it is spelled; and
 * a scan with it sees what a scan without it sees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "fix/hosts_internal.h"
#include "tests/fix/generate.h"

static const char *const few[] = {
	"ws1103kv.vault.azure.net",
	"ws1103sa.blob.core.windows.net",
	"ws1103.azurecr.io",
	"abcdefgh",
};

/* Claims on names, in the arena. */
static struct hosts_names names_of(struct diag_arena *arena,
				   const char *const names[], size_t n)
{
	struct hosts_claim *claims =
	    diag_arena_array(arena, n, sizeof(*claims));
	struct hosts_names out;

	for (size_t i = 0; i < n; i++)
		claims[i].name = diag_slice_of(names[i]);
	assert_true(hosts_names_make(arena, claims, n, &out));
	return out;
}

static struct hosts_filter filter;

static bool may(const char *text)
{
	return hosts_filter_may(&filter, diag_slice_of(text));
}

static void a_name_is_found_wherever_it_stands(void **state)
{
	struct diag_arena arena;
	struct hosts_names names;

	(void)state;
	diag_arena_init(&arena, 0);
	names = names_of(&arena, few, 4);
	assert_true(hosts_filter_make(&filter, &names));
	assert_true(may("abcdefgh"));
	assert_false(may("bcdefgh"));
	assert_false(may("abcdefg"));
	assert_true(may("ws1103kv.vault.azure.net"));
	assert_true(may("WS1103kv.VAULT.azure.NET. x"));
	assert_true(may("printer printer2 printer3 ws1103.azurecr.io#"));
	assert_false(may("ads.example.com b.example.org"));
	assert_false(may(""));
	assert_false(may("net"));
	diag_arena_clear(&arena);
}

static void short_names_and_many_ends_are_not_searched_for(void **state)
{
	static const char *const with_short[] = { "long.example.com",
						  "abcdefg" };
	static char text[100][16];
	const char *many[100];
	struct diag_arena arena;
	struct hosts_names names;

	(void)state;
	diag_arena_init(&arena, 0);
	names = names_of(&arena, with_short, 2);
	assert_false(hosts_filter_make(&filter, &names));
	names = names_of(&arena, with_short, 0);
	assert_false(hosts_filter_make(&filter, &names));
	for (size_t i = 0; i < 100; i++) {
		(void)snprintf(text[i], sizeof(text[i]), "host.x%zu.com", i);
		many[i] = text[i];
	}
	names = names_of(&arena, many, 100);
	assert_false(hosts_filter_make(&filter, &names));
	/* Of one zone they are as many as one likes. */
	for (size_t i = 0; i < 100; i++)
		(void)snprintf(text[i], sizeof(text[i]), "h%zu.example.x", i);
	names = names_of(&arena, many, 100);
	assert_true(hosts_filter_make(&filter, &names));
	diag_arena_clear(&arena);
}

/* Letters that make names likely. */
static void random_text(uint64_t *seed, char *out, size_t len,
			const char *const names[], size_t n)
{
	static const char letters[] = "aBc.\n\t x1\r#N";
	size_t at = 0;

	while (at < len) {
		const char *name = names[generate_next(seed) % n];
		size_t l = strlen(name);

		if (generate_next(seed) % 8 != 0 || at + l > len) {
			out[at++] = letters[generate_next(seed) %
					    (sizeof(letters) - 1)];
			continue;
		}
		for (size_t i = 0; i < l; i++) {
			bool up = generate_next(seed) % 4 == 0 &&
				  name[i] >= 'a' && name[i] <= 'z';

			out[at++] = up ? (char)(name[i] & ~0x20) : name[i];
		}
	}
}

static bool stands_in(const char *text, size_t len, const char *const names[],
		      size_t n)
{
	for (size_t at = 0; at < len; at++)
		for (size_t i = 0; i < n; i++) {
			size_t l = strlen(names[i]);

			if (at + l <= len &&
			    strncasecmp(text + at, names[i], l) == 0)
				return true;
		}
	return false;
}

static void no_name_is_missed_in_any_text(void **state)
{
	unsigned found = 0, spared = 0;
	struct diag_arena arena;
	struct hosts_names names;
	uint64_t seed = 3;
	char text[60];

	(void)state;
	diag_arena_init(&arena, 0);
	for (unsigned run = 0; run < 20000; run++) {
		size_t n = 1 + run % 4, len = run % sizeof(text);
		bool there, said;

		names = names_of(&arena, few + (4 - n), n);
		assert_true(hosts_filter_make(&filter, &names));
		random_text(&seed, text, len, few, 4);
		there = stands_in(text, len, few + (4 - n), n);
		said =
		    hosts_filter_may(&filter, (struct diag_slice){ text, len });
		if (there && !said)
			fail_msg("run %u: %.*s", run, (int)len, text);
		found += there;
		spared += !said;
	}
	/* It says something, and not always the same. */
	assert_true(found > 1000 && spared > 1000);
	diag_arena_clear(&arena);
}

/* --- the scan ---------------------------------------------------------------
 */

static bool same_line(const struct hosts_line *a, const struct hosts_line *b)
{
	return a->at == b->at && a->len == b->len && a->ending == b->ending &&
	       a->number == b->number;
}

static void assert_same_scan(const struct hosts_scan *a,
			     const struct hosts_scan *b, size_t n_pins)
{
	assert_int_equal(a->n_spots, b->n_spots);
	for (size_t i = 0; i < a->n_spots; i++) {
		assert_true(same_line(&a->spots[i].line, &b->spots[i].line));
		assert_true(same_line(&a->spots[i].rest, &b->spots[i].rest));
	}
	assert_memory_equal(a->seen, b->seen, n_pins);
	assert_int_equal(a->foreign, b->foreign);
	assert_int_equal(a->lf, b->lf);
	assert_int_equal(a->crlf, b->crlf);
	assert_int_equal(a->n_old, b->n_old);
	assert_int_equal(a->n_others, b->n_others);
	assert_int_equal(a->ends_bare, b->ends_bare);
	assert_int_equal(a->ends_block, b->ends_block);
}

/* An address that was met before, where what follows is no name, where a block
 * is open, and behind a line that was put out. */
#define LIKE "10.0.0.6 ads.example.com\n"
#define KV   "ws1103kv.vault.azure.net"
static const char like_before[] =
    LIKE "10.0.0.6 \n10.0.0.6\n10.0.0.6\tb\n10.0.0.6x c\n10.0.0.6 # d\n"
	 "10.0.0.6 \0e\n10.0.0.6 f\r\n10.0.0.6  \r\r\n" LIKE
	 "# pldiag: off ws1103: 10.0.0.6 " KV " other.example.com\n"
	 "10.0.0.6 other.example.com # pldiag: rest of the line above, for "
	 "ws1103\n" LIKE "# pldiag: begin ws1103\n" LIKE
	 "# pldiag: end ws1103\n" LIKE "# pldiag: begin other\n" LIKE
	 "# pldiag: end other\n" LIKE "10.0.0.6 " KV;

/* With one more name, which is too short for the filter and stands nowhere. */
static bool scan(struct diag_arena *arena, const struct generated *g,
		 bool filtered, struct hosts_scan *out)
{
	size_t n = g->n_pins + !filtered;
	struct hosts_claim *claims =
	    diag_arena_array(arena, n, sizeof(*claims));
	struct diag_err err = { 0 };
	struct hosts_names names;

	for (size_t i = 0; i < g->n_pins; i++) {
		claims[i].name = diag_slice_of(g->pins[i].name);
		claims[i].addr = g->pins[i].addr;
	}
	if (!filtered)
		claims[n - 1].name = diag_slice_of("~");
	assert_true(hosts_names_make(arena, claims, n, &names));
	if (hosts_filter_make(&filter, &names) != filtered)
		return false;
	return hosts_scan(
	    arena, (struct diag_slice){ diag_buf_str(&g->text), g->text.len },
	    "ws1103", &names, out, &err);
}

static void a_scan_with_it_sees_the_same(void **state)
{
	struct hosts_scan with, without;
	struct generated g;
	unsigned compared = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 4000; seed++) {
		struct diag_arena arena;

		diag_arena_init(&arena, 0);
		generate(seed, &g);
		if (scan(&arena, &g, true, &with) &&
		    scan(&arena, &g, false, &without)) {
			assert_same_scan(&with, &without, g.n_pins);
			compared++;
		}
		generated_clear(&g);
		diag_arena_clear(&arena);
	}
	assert_true(compared > 1000);
}

static void lines_like_the_one_before_are_told_apart(void **state)
{
	struct generated g = { .pins[0].name = KV, .n_pins = 1 };
	struct hosts_scan with, without;
	struct diag_arena arena;

	(void)state;
	diag_arena_init(&arena, 0);
	diag_buf_init(&g.text, 10000);
	diag_buf_put(&g.text, like_before, sizeof(like_before) - 1);
	assert_true(diag_addr_parse("10.0.0.7", &g.pins[0].addr));
	assert_true(scan(&arena, &g, true, &with));
	assert_true(scan(&arena, &g, false, &without));
	assert_same_scan(&with, &without, 1);
	assert_int_equal(2, with.n_spots);
	assert_int_equal(1, with.n_old);
	assert_int_equal(1, with.n_others);
	assert_int_equal(8, with.foreign);
	assert_true(with.spots[0].rest.number > 0);
	diag_buf_clear(&g.text);
	diag_arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_found_wherever_it_stands),
		cmocka_unit_test(
		    short_names_and_many_ends_are_not_searched_for),
		cmocka_unit_test(no_name_is_missed_in_any_text),
		cmocka_unit_test(a_scan_with_it_sees_the_same),
		cmocka_unit_test(lines_like_the_one_before_are_told_apart),
	};

	return cmocka_run_group_tests_name("hosts_filter", tests, NULL, NULL);
}
