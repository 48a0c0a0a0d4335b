/* SPDX-License-Identifier: MIT */
/* The door to the heap: zeroed, overflow checked, and able to fail on call. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

static void memory_is_zeroed(void **unused)
{
	static const unsigned char zeros[256];
	unsigned char *p = diag_alloc(sizeof(zeros));

	(void)unused;
	assert_non_null(p);
	assert_memory_equal(zeros, p, sizeof(zeros));
	diag_free(p);
}

static void no_bytes_are_still_a_pointer(void **unused)
{
	void *p = diag_alloc(0);

	(void)unused;
	assert_non_null(p);
	p = diag_realloc(p, 0);
	assert_non_null(p);
	diag_free(p);
	diag_free(NULL);
}

static void an_array_too_large_to_count_is_refused(void **unused)
{
	(void)unused;
	assert_null(diag_alloc_array(SIZE_MAX / 2, 3));
	assert_null(diag_memdup_str("x", SIZE_MAX));
}

static void copies_are_terminated(void **unused)
{
	char *a = diag_strdup("abc");
	char *b = diag_memdup_str("abcdef", 2);

	(void)unused;
	assert_string_equal("abc", a);
	assert_string_equal("ab", b);
	assert_null(diag_strdup(NULL));
	diag_free(a);
	diag_free(b);
}

static void the_nth_call_fails_once(void **unused)
{
	void *p[3];

	(void)unused;
	diag_mem_fail_nth(2);
	p[0] = diag_alloc(1);
	p[1] = diag_alloc(1);
	p[2] = diag_alloc(1);
	assert_int_equal(3, diag_mem_calls());
	diag_mem_fail_nth(0);
	assert_non_null(p[0]);
	assert_null(p[1]);
	assert_non_null(p[2]);
	diag_free(p[0]);
	diag_free(p[2]);
	assert_int_equal(0, diag_mem_calls());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed),
		cmocka_unit_test(no_bytes_are_still_a_pointer),
		cmocka_unit_test(an_array_too_large_to_count_is_refused),
		cmocka_unit_test(copies_are_terminated),
		cmocka_unit_test(the_nth_call_fails_once),
	};

	return cmocka_run_group_tests_name("base/mem", tests, NULL, NULL);
}
