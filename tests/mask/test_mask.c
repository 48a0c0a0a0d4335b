/* SPDX-License-Identifier: MIT */
/* The mask itself: its map, its last look, and memory that fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "tests/mask/masked.h"
#include "tests/support/torture.h"

static void a_leak_would_be_found(void **unused)
{
	struct diag_mask *m = masked_new(DIAG_MASK_IDENTIFIERS);

	(void)unused;
	assert_null(diag_mask_leak(m, "nothing", 7));
	assert_null(diag_mask_leak(m, "xws1103", 7));
	assert_string_equal("ws1103sa", diag_mask_leak(m, "a-WS1103SA b", 12));
	diag_mask_free(m);
}

static void a_bad_map_is_told(void **unused)
{
	static const char *const bad[] = {
		"{}",
		"[]",
		"{\"schema\":\"pldiag.mask/2\",\"key\":\"00\"}",
		"{\"schema\":\"pldiag.mask/1\",\"key\":\"00\"}",
		"{\"schema\":\"pldiag.mask/1\"}",
		"not"
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		unsigned char key[DIAG_MASK_KEY];
		struct diag_err err = { 0 };

		assert_false(diag_mask_map_read("m.json", bad[i],
						strlen(bad[i]), key, &err));
		assert_int_equal(DIAG_EPARSE, err.code);
		assert_true(diag_text_starts(err.what, "m.json:"));
	}
}

/* Each allocation fails in turn: an error, or what comes out anyway; and never
 * a secret. */
static bool all_of_it(void *arg)
{
	static const unsigned char key[DIAG_MASK_KEY] = { 5 };
	static const char text[] =
	    "a.corp.example 10.0.0.4 20.1.2.3 password=planted "
	    "next%3Dsig%3Dplanted cGFzc3dvcmQ9cGxhbnRlZDEyMzQ= ws1103\n";
	struct diag_case *c = arg;
	struct diag_mask *m = NULL;
	struct diag_buf out;
	size_t n = 0;
	bool ok;

	diag_buf_init(&out, (size_t)1 << 20);
	ok = diag_mask_new(DIAG_MASK_ADDRESSES, key, &m, NULL) &&
	     diag_mask_learn(m, c, NULL) &&
	     diag_mask_text(m, "t", diag_slice_of(text), &out, &n, NULL);
	if (ok)
		assert_null(strstr(diag_buf_str(&out), "planted"));
	if (ok)
		diag_mask_map_print(m, &out);
	ok = ok && diag_buf_ok(&out, NULL, "test");
	diag_buf_clear(&out);
	diag_mask_free(m);
	return ok;
}

static void memory_may_fail_at_any_place(void **unused)
{
	struct diag_case *c = masked_case();

	(void)unused;
	assert_true(torture(all_of_it, c) > 10);
	diag_case_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_leak_would_be_found),
		cmocka_unit_test(a_bad_map_is_told),
		cmocka_unit_test(memory_may_fail_at_any_place),
	};

	return cmocka_run_group_tests_name("mask/mask", tests, NULL, NULL);
}
