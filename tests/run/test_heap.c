/* SPDX-License-Identifier: MIT */
/* The heap of deadlines: the earliest is always on top, whoever leaves. */
#include "run/heap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"

#define N 500

static struct heap_node nodes[N];

/* A fixed walk over 0..N-1 that is not in order. */
static uint64_t shuffled(size_t i)
{
	return (i * 193 + 71) % N;
}

static void fill(struct heap *h)
{
	for (size_t i = 0; i < N; i++) {
		nodes[i] = (struct heap_node){ .due_ns = shuffled(i) };
		assert_true(heap_push(h, &nodes[i], NULL));
	}
}

static void what_comes_out_is_in_order(void **unused)
{
	struct heap h = { 0 };

	(void)unused;
	fill(&h);
	for (uint64_t i = 0; i < N; i++) {
		assert_int_equal(i, heap_top(&h)->due_ns);
		heap_remove(&h, heap_top(&h));
	}
	assert_null(heap_top(&h));
	heap_clear(&h);
}

static void any_node_may_leave_and_the_rest_stays_in_order(void **unused)
{
	struct heap h = { 0 };

	(void)unused;
	fill(&h);
	for (size_t i = 0; i < N; i++)
		if (nodes[i].due_ns % 3 != 0)
			heap_remove(&h, &nodes[i]);
	for (uint64_t i = 0; i < N; i += 3) {
		assert_int_equal(i, heap_top(&h)->due_ns);
		heap_remove(&h, heap_top(&h));
	}
	assert_null(heap_top(&h));
	heap_clear(&h);
}

static void a_node_leaves_only_once(void **unused)
{
	struct heap h = { 0 };
	struct heap_node a = { .due_ns = 1 }, b = { .due_ns = 2 };

	(void)unused;
	assert_true(heap_push(&h, &a, NULL));
	assert_true(heap_push(&h, &b, NULL));
	heap_remove(&h, &a);
	heap_remove(&h, &a);
	assert_int_equal(1, h.n);
	assert_ptr_equal(&b, heap_top(&h));
	heap_clear(&h);
}

static void without_memory_nothing_changes(void **unused)
{
	struct heap h = { 0 };
	struct heap_node a = { .due_ns = 1 };
	struct diag_err err = { 0 };

	(void)unused;
	diag_mem_fail_nth(1);
	assert_false(heap_push(&h, &a, &err));
	diag_mem_fail_nth(0);
	assert_int_equal(DIAG_ENOMEM, err.code);
	assert_int_equal(0, a.place);
	heap_clear(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_out_is_in_order),
		cmocka_unit_test(
		    any_node_may_leave_and_the_rest_stays_in_order),
		cmocka_unit_test(a_node_leaves_only_once),
		cmocka_unit_test(without_memory_nothing_changes),
	};

	return cmocka_run_group_tests_name("run/heap", tests, NULL, NULL);
}
