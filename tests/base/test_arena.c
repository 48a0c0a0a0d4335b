/* SPDX-License-Identifier: MIT */
/* Memory of one owner: aligned, zeroed, limited, freed together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/support/torture.h"

static int setup(void **state)
{
	static struct diag_arena arena;

	diag_arena_init(&arena, 0);
	*state = &arena;
	return 0;
}

static int teardown(void **state)
{
	diag_arena_clear(*state);
	return 0;
}

static void pieces_are_aligned_zeroed_and_apart(void **state)
{
	static const unsigned char zeros[300];
	unsigned char *before = NULL;

	for (size_t size = 1; size < sizeof(zeros); size++) {
		unsigned char *p = diag_arena_alloc(*state, size);

		assert_non_null(p);
		assert_int_equal(0, (uintptr_t)p % _Alignof(max_align_t));
		assert_memory_equal(zeros, p, size);
		memset(p, 0xa5, size);
		if (before != NULL)
			assert_int_equal(0xa5, before[size - 2]);
		before = p;
	}
}

static void large_pieces_leave_the_block_in_use(void **state)
{
	struct diag_arena *arena = *state;
	char *small = diag_arena_strdup(arena, "small");
	struct diag_arena_block *head = arena->head;
	char *large = diag_arena_alloc(arena, (size_t)3 << 20);

	assert_non_null(large);
	assert_ptr_equal(head, arena->head);
	large[((size_t)3 << 20) - 1] = 'x';
	assert_string_equal("small", small);
}

static void the_ceiling_holds(void **unused)
{
	struct diag_arena arena;

	(void)unused;
	diag_arena_init(&arena, 100);
	assert_non_null(diag_arena_alloc(&arena, 60));
	assert_null(diag_arena_alloc(&arena, 41));
	assert_non_null(diag_arena_alloc(&arena, 40));
	assert_null(diag_arena_alloc(&arena, 1));
	assert_int_equal(100, arena.used);
	diag_arena_clear(&arena);
	assert_int_equal(0, arena.used);
}

static void sizes_too_large_to_count_are_refused(void **unused)
{
	struct diag_arena arena;

	(void)unused;
	diag_arena_init(&arena, SIZE_MAX);
	assert_null(diag_arena_alloc(&arena, SIZE_MAX));
	assert_null(diag_arena_alloc(&arena, SIZE_MAX - 20));
	assert_null(diag_arena_array(&arena, SIZE_MAX / 2, 3));
	assert_null(diag_arena_strn(&arena, "x", SIZE_MAX));
	diag_arena_clear(&arena);
}

static void copies_are_what_was_given(void **state)
{
	const char bytes[] = { 'a', '\0', 'b' };

	assert_string_equal("abc", diag_arena_strdup(*state, "abc"));
	assert_string_equal("ab", diag_arena_strn(*state, "abc", 2));
	assert_memory_equal(bytes, diag_arena_memdup(*state, bytes, 3), 3);
	assert_string_equal("7/x", diag_arena_printf(*state, "%d/%s", 7, "x"));
	assert_null(diag_arena_strdup(*state, NULL));
	assert_null(diag_arena_strn(*state, NULL, 3));
	assert_null(diag_arena_memdup(*state, NULL, 3));
}

struct thing {
	int n;
	char pad[13];
};

static void a_vector_grows_and_keeps_its_elements(void **state)
{
	struct thing *things = NULL;
	size_t n = 0;

	for (int i = 0; i < 1000; i++) {
		struct thing *t =
		    diag_arena_push(*state, &things, &n, sizeof(*t));

		assert_non_null(t);
		assert_ptr_equal(&things[i], t);
		assert_int_equal(0, t->n);
		t->n = i;
	}
	assert_int_equal(1000, n);
	/* An element that was taken back leaves nothing to the next. */
	n--;
	assert_non_null(diag_arena_push(*state, &things, &n, sizeof(*things)));
	assert_int_equal(0, things[999].n);
	things[999].n = 999;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(i, things[i].n);
}

static void a_vector_that_cannot_grow_stays_as_it_was(void **unused)
{
	struct diag_arena arena;
	int *items = NULL;
	int *before;
	size_t n = 0;

	(void)unused;
	diag_arena_init(&arena, 3 * sizeof(int));
	assert_non_null(diag_arena_push(&arena, &items, &n, sizeof(int)));
	assert_non_null(diag_arena_push(&arena, &items, &n, sizeof(int)));
	before = items;
	assert_null(diag_arena_push(&arena, &items, &n, sizeof(int)));
	assert_int_equal(2, n);
	assert_ptr_equal(before, items);
	diag_arena_clear(&arena);
}

static bool fill(void *unused)
{
	struct diag_arena arena;
	bool ok = true;

	(void)unused;
	diag_arena_init(&arena, 0);
	for (int i = 0; i < 200; i++) {
		char *s = diag_arena_printf(&arena, "%0200d", i);

		ok = ok && s != NULL;
		ok = ok && strlen(s) == 200;
	}
	diag_arena_clear(&arena);
	return ok;
}

static void any_allocation_may_fail(void **unused)
{
	(void)unused;
	assert_true(torture(fill, NULL) > 2);
}

static void after_a_reset_memory_is_fresh_again(void **unused)
{
	struct diag_arena arena;
	unsigned char *first, *again;

	(void)unused;
	diag_arena_init(&arena, 20000);
	first = diag_arena_alloc(&arena, 100);
	assert_non_null(first);
	memset(first, 0xff, 100);
	assert_non_null(diag_arena_alloc(&arena, 15000));
	diag_arena_reset(&arena);
	assert_int_equal(0, arena.used);
	again = diag_arena_alloc(&arena, 15000);
	assert_non_null(again);
	for (size_t i = 0; i < 15000; i++)
		assert_int_equal(0, again[i]);
	diag_arena_reset(&arena);
	diag_arena_clear(&arena);
	diag_arena_reset(&arena); /* of nothing */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    pieces_are_aligned_zeroed_and_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    large_pieces_leave_the_block_in_use, setup, teardown),
		cmocka_unit_test(the_ceiling_holds),
		cmocka_unit_test(sizes_too_large_to_count_are_refused),
		cmocka_unit_test_setup_teardown(copies_are_what_was_given,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_vector_grows_and_keeps_its_elements, setup, teardown),
		cmocka_unit_test(a_vector_that_cannot_grow_stays_as_it_was),
		cmocka_unit_test(any_allocation_may_fail),
		cmocka_unit_test(after_a_reset_memory_is_fresh_again),
	};

	return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
