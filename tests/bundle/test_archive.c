/* SPDX-License-Identifier: MIT */
/* What goes into an archive comes out again, and every byte of it matters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "bundle/verify.h"
#include "tests/bundle/make.h"

static const char *const endings[] = { ".tar.zst", ".zip" };
#define N_ENDINGS (sizeof(endings) / sizeof(*endings))

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void assert_same_item(const struct diag_item *a,
			     const struct diag_item *b)
{
	assert_string_equal(a->path, b->path);
	assert_string_equal(a->origin, b->origin);
	assert_true(same_text(a->reason, b->reason));
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->sort, b->sort);
	assert_int_equal(a->replaced, b->replaced);
	assert_string_equal(a->sha256, b->sha256);
	assert_int_equal(a->len, b->len);
	assert_true((a->bytes == NULL) == (b->bytes == NULL));
	if (a->len > 0)
		assert_memory_equal(a->bytes, b->bytes, a->len);
}

static void assert_same(const struct diag_bundle *a,
			const struct diag_bundle *b)
{
	assert_true(same_text(a->tool, b->tool));
	assert_true(same_text(a->version, b->version));
	assert_true(same_text(a->ticket, b->ticket));
	assert_true(same_text(a->note, b->note));
	assert_true(same_text(a->mask, b->mask));
	assert_true(same_text(a->key_id, b->key_id));
	assert_int_equal(a->created_s, b->created_s);
	assert_int_equal(a->n_items, b->n_items);
	for (size_t i = 0; i < a->n_items; i++)
		assert_same_item(&a->items[i], &b->items[i]);
}

static struct diag_bundle *unpacked(const struct diag_buf *bytes)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_bundle *b = NULL;
	struct diag_problems problems;

	diag_problems_init(&problems);
	if (!diag_bundle_unpack("b", bytes->data, bytes->len, &problems, &b,
				&err))
		fail_msg("%s", err.what);
	assert_int_equal(0, problems.n);
	diag_problems_clear(&problems);
	return b;
}

static void what_is_packed_comes_out_again(void **unused)
{
	struct diag_bundle *b = make_bundle();

	(void)unused;
	for (size_t i = 0; i < N_ENDINGS; i++) {
		struct diag_bundle *again;
		struct diag_buf bytes;

		make_archive(b, endings[i], &bytes);
		again = unpacked(&bytes);
		assert_same(b, again);
		diag_bundle_free(again);
		diag_buf_clear(&bytes);
	}
	diag_bundle_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_comes_out_again),
	};

	return cmocka_run_group_tests_name("bundle_archive", tests, NULL, NULL);
}
