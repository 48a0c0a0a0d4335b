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
#include "tests/support/torture.h"

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

/* --- the same bytes --------------------------------------------------------
 */

static void same_items_give_the_same_bytes_in_every_time_zone(void **unused)
{
	static const char *const zones[] = { "UTC", "Asia/Tokyo",
					     "America/New_York" };
	struct diag_buf first, again;

	(void)unused;
	for (size_t k = 0; k < N_ENDINGS; k++)
		for (size_t z = 0; z < sizeof(zones) / sizeof(*zones); z++) {
			struct diag_bundle *b = make_bundle();

			assert_int_equal(0, setenv("TZ", zones[z], 1));
			tzset();
			make_archive(b, endings[k], z == 0 ? &first : &again);
			diag_bundle_free(b);
			if (z == 0)
				continue;
			assert_int_equal(first.len, again.len);
			assert_memory_equal(first.data, again.data, first.len);
			diag_buf_clear(&again);
			if (z == 2)
				diag_buf_clear(&first);
		}
	assert_int_equal(0, unsetenv("TZ"));
	tzset();
}

static void another_second_gives_other_bytes(void **unused)
{
	struct diag_bundle *b = make_bundle();
	struct diag_buf one, two;

	(void)unused;
	make_archive(b, ".zip", &one);
	b->created_s += 2;
	make_archive(b, ".zip", &two);
	assert_true(one.len != two.len ||
		    memcmp(one.data, two.data, one.len) != 0);
	diag_buf_clear(&one);
	diag_buf_clear(&two);
	diag_bundle_free(b);
}

/* --- any change is found ---------------------------------------------------
 */

static bool is_intact(const void *bytes, size_t len)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_problems problems;
	bool ok;

	diag_problems_init(&problems);
	ok = diag_bundle_verify("b", bytes, len, &problems, &err);
	/* What is wrong is told, once as err and else in the list. */
	assert_true(ok == (err.code == DIAG_OK));
	assert_true(!ok || problems.n == 0);
	diag_problems_clear(&problems);
	return ok;
}

static void every_byte_that_changes_is_found(void **unused)
{
	enum { N_FLIPS = 4 };
	static const unsigned char flips[N_FLIPS] = { 0x01, 0x20, 0x80, 0xff };
	struct diag_bundle *b = make_bundle();

	(void)unused;
	for (size_t k = 0; k < N_ENDINGS; k++) {
		struct diag_buf bytes;

		make_archive(b, endings[k], &bytes);
		assert_true(is_intact(bytes.data, bytes.len));
		for (size_t at = 0; at < bytes.len; at++) {
			char was = bytes.data[at];

			bytes.data[at] = (char)(was ^ flips[at % N_FLIPS]);
			if (is_intact(bytes.data, bytes.len))
				fail_msg("%s: byte %zu", endings[k], at);
			bytes.data[at] = was;
		}
		assert_true(is_intact(bytes.data, bytes.len));
		diag_buf_clear(&bytes);
	}
	diag_bundle_free(b);
}

/* In memory of exactly that size, so that a read beyond it is seen. */
static void every_length_that_is_too_short_is_found(void **unused)
{
	struct diag_bundle *b = make_bundle();

	(void)unused;
	for (size_t k = 0; k < N_ENDINGS; k++) {
		struct diag_buf bytes;

		make_archive(b, endings[k], &bytes);
		for (size_t len = 0; len < bytes.len; len++) {
			char *cut = malloc(len + 1);

			assert_non_null(cut);
			memcpy(cut + 1, bytes.data, len);
			if (is_intact(cut + 1, len))
				fail_msg("%s: %zu bytes", endings[k], len);
			free(cut);
		}
		diag_buf_clear(&bytes);
	}
	diag_bundle_free(b);
}

static void bytes_behind_the_end_are_found(void **unused)
{
	static const char *const tails[] = { "\n", "PK\5\6", "\x28\xb5\x2f" };
	struct diag_bundle *b = make_bundle();

	(void)unused;
	for (size_t k = 0; k < N_ENDINGS; k++)
		for (size_t t = 0; t < sizeof(tails) / sizeof(*tails); t++) {
			struct diag_buf bytes;

			make_archive(b, endings[k], &bytes);
			diag_buf_puts(&bytes, tails[t]);
			assert_false(is_intact(bytes.data, bytes.len));
			diag_buf_clear(&bytes);
		}
	diag_bundle_free(b);
}

/* A seal of its own behind the first: what is inside was packed by nobody. */
static void an_archive_behind_an_archive_is_found(void **unused)
{
	struct diag_bundle *b = make_bundle();

	(void)unused;
	for (size_t k = 0; k < N_ENDINGS; k++) {
		struct diag_buf one, two;

		make_archive(b, endings[k], &one);
		make_archive(b, endings[k], &two);
		diag_buf_put(&one, two.data, two.len);
		assert_false(is_intact(one.data, one.len));
		diag_buf_clear(&one);
		diag_buf_clear(&two);
	}
	diag_bundle_free(b);
}

/* --- what is told ----------------------------------------------------------
 */

static struct diag_verified *verified(const struct diag_buf *bytes,
				      const char *sha256)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_verified *v = NULL;

	if (!diag_verify(bytes->data, bytes->len, sha256, &v, &err))
		fail_msg("%s", err.what);
	return v;
}

static const struct diag_flaw *flaw_of(const struct diag_verified *v,
				       const char *what, const char *item)
{
	for (size_t i = 0; i < v->n_flaws; i++)
		if (strcmp(v->flaws[i].what, what) == 0 &&
		    same_text(v->flaws[i].item, item))
			return &v->flaws[i];
	fail_msg("no flaw %s of %s among %zu", what, item, v->n_flaws);
	return NULL;
}

/* Pack the items of one bundle under the manifest of another: what a swapped
 * item looks like when who swapped it sealed the archive anew. */
static void pack_with_manifest_of(struct diag_bundle *b,
				  const struct diag_bundle *other,
				  const char *ending, struct diag_buf *out)
{
	char kept[8][DIAG_SHA256_TEXT];

	for (size_t i = 0; i < b->n_items; i++) {
		memcpy(kept[i], b->items[i].sha256, DIAG_SHA256_TEXT);
		memcpy(b->items[i].sha256, other->items[i].sha256,
		       DIAG_SHA256_TEXT);
	}
	make_archive(b, ending, out);
	for (size_t i = 0; i < b->n_items; i++)
		memcpy(b->items[i].sha256, kept[i], DIAG_SHA256_TEXT);
}

static void a_swapped_item_is_named_with_both_hashes(void **unused)
{
	struct diag_bundle *b = make_bundle(), *other = make_bundle();
	const struct diag_flaw *f;
	struct diag_verified *v;
	struct diag_buf bytes;

	(void)unused;
	other->items[1].bytes = "Broken!\n";
	assert_true(diag_sha256_of("Broken!\n", 8, other->items[1].sha256));
	for (size_t k = 0; k < N_ENDINGS; k++) {
		pack_with_manifest_of(b, other, endings[k], &bytes);
		v = verified(&bytes, NULL);
		assert_int_equal(1, v->n_flaws);
		f = flaw_of(v, "changed", "report.txt");
		assert_string_equal(other->items[1].sha256, f->expected);
		assert_string_equal(b->items[1].sha256, f->got);
		assert_true(v->sealed);
		diag_verified_free(v);
		diag_buf_clear(&bytes);
	}
	diag_bundle_free(other);
	diag_bundle_free(b);
}

static void what_the_whole_file_should_be_is_held_against_it(void **unused)
{
	struct diag_bundle *b = make_bundle();
	char right[DIAG_SHA256_TEXT], wrong[DIAG_SHA256_TEXT];
	const struct diag_flaw *f;
	struct diag_verified *v;
	struct diag_buf bytes;

	(void)unused;
	make_archive(b, ".zip", &bytes);
	assert_true(diag_sha256_of(bytes.data, bytes.len, right));
	assert_true(diag_sha256_of(bytes.data, bytes.len - 1, wrong));
	v = verified(&bytes, right);
	assert_int_equal(0, v->n_flaws);
	assert_string_equal(right, v->sha256);
	diag_verified_free(v);
	v = verified(&bytes, wrong);
	assert_int_equal(1, v->n_flaws);
	f = flaw_of(v, "sha256", NULL);
	assert_string_equal(wrong, f->expected);
	assert_string_equal(right, f->got);
	diag_verified_free(v);
	diag_buf_clear(&bytes);
	diag_bundle_free(b);
}

static void what_is_no_archive_is_an_error_and_no_verdict(void **unused)
{
	static const char *const texts[] = {
		"",	"x",	"{}",	 "PK",
		"PK\3", "\x1f", "ustar", "not an archive at all\n"
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct diag_err err = { .code = DIAG_OK };
		struct diag_verified *v = NULL;

		assert_false(
		    diag_verify(texts[i], strlen(texts[i]), NULL, &v, &err));
		assert_int_equal(DIAG_EPARSE, err.code);
		assert_null(v);
	}
}

/* --- kinds -----------------------------------------------------------------
 */

static void the_ending_says_how_to_pack(void **unused)
{
	const struct diag_archive_kind *rows;

	(void)unused;
	assert_int_equal(N_ENDINGS, diag_archive_kinds(&rows));
	assert_ptr_equal(&rows[0], diag_archive_kind_of("/x/y.tar.zst"));
	assert_ptr_equal(&rows[1], diag_archive_kind_of("y.zip"));
	assert_null(diag_archive_kind_of("y.tar.gz"));
	assert_null(diag_archive_kind_of("zip"));
	assert_null(diag_archive_kind_of("-"));
}

/* What could not be read again is not written either. */
static void what_looks_like_a_bomb_is_not_packed(void **unused)
{
	enum { ZEROS = 32 << 20 };
	struct diag_err err = { .code = DIAG_OK };
	struct diag_bundle *b = NULL;
	char *zeros = calloc(1, ZEROS);
	const struct diag_item item = { .path = "zeros",
					.bytes = zeros,
					.len = ZEROS };

	(void)unused;
	assert_non_null(zeros);
	assert_true(diag_bundle_new(&b, &err));
	assert_true(diag_bundle_add(b, &item, &err));
	for (size_t k = 0; k < N_ENDINGS; k++) {
		struct diag_buf out;

		err.code = DIAG_OK;
		assert_false(diag_bundle_pack(
		    b, diag_archive_kind_of(endings[k]), &out, &err));
		assert_int_equal(DIAG_ELIMIT, err.code);
		diag_buf_clear(&out);
	}
	diag_bundle_free(b);
	free(zeros);
}

/* --- without memory --------------------------------------------------------
 */

static bool there_and_back(void *arg)
{
	const struct diag_bundle *b = arg;
	struct diag_err err = { .code = DIAG_OK };
	struct diag_bundle *again = NULL;
	struct diag_problems problems;
	struct diag_buf bytes;
	bool ok;

	diag_problems_init(&problems);
	ok = diag_bundle_pack(b, diag_archive_kind_of(".tar.zst"), &bytes,
			      &err) &&
	     diag_bundle_unpack("b", bytes.data, bytes.len, &problems, &again,
				&err);
	assert_true(ok == (err.code == DIAG_OK));
	diag_bundle_free(again);
	diag_problems_clear(&problems);
	diag_buf_clear(&bytes);
	return ok;
}

static bool look_at_broken(void *arg)
{
	const struct diag_buf *bytes = arg;
	struct diag_err err = { .code = DIAG_OK };
	struct diag_verified *v = NULL;
	bool ok = diag_verify(bytes->data, bytes->len, NULL, &v, &err);

	assert_true(!ok || v->n_flaws > 0);
	diag_verified_free(v);
	return ok;
}

static void no_allocation_that_fails_does_harm(void **unused)
{
	struct diag_bundle *b = make_bundle(), *other = make_bundle();
	struct diag_buf bytes;

	(void)unused;
	assert_true(torture(there_and_back, b) > 5);
	assert_true(diag_sha256_of("Broken!\n", 8, other->items[1].sha256));
	pack_with_manifest_of(b, other, ".zip", &bytes);
	assert_true(torture(look_at_broken, &bytes) > 5);
	diag_buf_clear(&bytes);
	diag_bundle_free(other);
	diag_bundle_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_comes_out_again),
		cmocka_unit_test(
		    same_items_give_the_same_bytes_in_every_time_zone),
		cmocka_unit_test(another_second_gives_other_bytes),
		cmocka_unit_test(every_byte_that_changes_is_found),
		cmocka_unit_test(every_length_that_is_too_short_is_found),
		cmocka_unit_test(bytes_behind_the_end_are_found),
		cmocka_unit_test(an_archive_behind_an_archive_is_found),
		cmocka_unit_test(a_swapped_item_is_named_with_both_hashes),
		cmocka_unit_test(
		    what_the_whole_file_should_be_is_held_against_it),
		cmocka_unit_test(what_is_no_archive_is_an_error_and_no_verdict),
		cmocka_unit_test(the_ending_says_how_to_pack),
		cmocka_unit_test(what_looks_like_a_bomb_is_not_packed),
		cmocka_unit_test(no_allocation_that_fails_does_harm),
	};

	return cmocka_run_group_tests_name("bundle_archive", tests, NULL, NULL);
}
