/* SPDX-License-Identifier: MIT */
/* What may be an item of a bundle, and what its list says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/bundle/make.h"
#include "tests/support/torture.h"

static void paths_are_plain_names_below_the_bundle(void **unused)
{
	static const char *const good[] = {
		"a",	   "a/b/c", "a.b-c_d+e",	  "...",
		".hidden", "a/..b", "machine/resolv.conf"
	};
	static const char *const bad[] = { "",	    "/",    "/a",   "a/",
					   "a//b",  ".",    "..",   "a/.",
					   "a/..",  "../a", "a b",  "a\\b",
					   "C:a",   "a\nb", "~a*",  "\xc3\xa4",
					   "a\x7f", "a:b",  "con$", "a/../b" };
	char longest[DIAG_BUNDLE_PATH + 2];

	(void)unused;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (!diag_bundle_path_ok(good[i]))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (diag_bundle_path_ok(bad[i]))
			fail_msg("taken: %s", bad[i]);
	memset(longest, 'a', sizeof(longest));
	longest[DIAG_BUNDLE_PATH + 1] = '\0';
	assert_false(diag_bundle_path_ok(longest));
	longest[DIAG_BUNDLE_PATH] = '\0';
	assert_true(diag_bundle_path_ok(longest));
}

static enum diag_code add(struct diag_bundle *b, const char *path)
{
	const struct diag_item item = { .path = path, .bytes = "x", .len = 1 };
	struct diag_err err = { .code = DIAG_OK };
	size_t before = b->n_items;
	bool ok = diag_bundle_add(b, &item, &err);

	assert_true(ok == (err.code == DIAG_OK));
	assert_int_equal(before + ok, b->n_items);
	return err.code;
}

/* On a disk where letters have no case, and where a folder is no file. */
static void no_two_items_would_be_one_file(void **unused)
{
	struct diag_bundle *b = make_bundle();

	(void)unused;
	assert_int_equal(DIAG_EUSAGE, add(b, "case.jsonl"));
	assert_int_equal(DIAG_EUSAGE, add(b, "Case.JSONL"));
	assert_int_equal(DIAG_EUSAGE, add(b, "MACHINE/resolv.conf"));
	assert_int_equal(DIAG_EUSAGE, add(b, "machine"));
	assert_int_equal(DIAG_EUSAGE, add(b, "report.txt/x"));
	assert_int_equal(DIAG_EUSAGE, add(b, "manifest.json"));
	assert_int_equal(DIAG_EUSAGE, add(b, "Manifest.json"));
	assert_int_equal(DIAG_EUSAGE, add(b, "manifest.json/x"));
	assert_int_equal(DIAG_EUSAGE, add(b, "../case.jsonl"));
	assert_int_equal(DIAG_OK, add(b, "case.jsonl2"));
	assert_int_equal(DIAG_OK, add(b, "case.json"));
	assert_int_equal(DIAG_OK, add(b, "machine2"));
	diag_bundle_free(b);
}

static void an_item_keeps_its_own_bytes(void **unused)
{
	char bytes[] = "abc";
	struct diag_item item = {
		.path = "a", .bytes = bytes, .len = 3, .sha256 = "not this"
	};
	struct diag_err err = { .code = DIAG_OK };
	const struct diag_item *kept;
	struct diag_bundle *b = NULL;

	(void)unused;
	assert_true(diag_bundle_new(&b, &err));
	assert_true(diag_bundle_add(b, &item, &err));
	bytes[0] = 'x';
	kept = diag_bundle_find(b, "a");
	assert_non_null(kept);
	assert_memory_equal("abc", kept->bytes, 4); /* with the NUL */
	/* FIPS 180-2, B.1 */
	assert_string_equal("ba7816bf8f01cfea414140de5dae2223"
			    "b00361a396177a9cb410ff61f20015ad",
			    kept->sha256);
	assert_null(diag_bundle_find(b, "A"));
	diag_bundle_free(b);
}

/* Withheld means withheld, whatever the caller left in the struct. */
static void bytes_of_what_is_not_in_are_not_taken(void **unused)
{
	struct diag_bundle *b = NULL;
	struct diag_err err = { .code = DIAG_OK };

	(void)unused;
	assert_true(diag_bundle_new(&b, &err));
	for (unsigned s = 0; s < DIAG_N_ITEM_STATES; s++) {
		const enum diag_item_state state = (enum diag_item_state)s;
		struct diag_item item = { .path = diag_item_state_key(state),
					  .state = state,
					  .bytes = "secret",
					  .len = 6 };
		const struct diag_item *kept;

		assert_true(diag_bundle_add(b, &item, &err));
		kept = diag_bundle_find(b, item.path);
		assert_true((kept->bytes != NULL) == diag_item_is_in(state));
		assert_int_equal(diag_item_is_in(state) ? 6 : 0, kept->len);
		assert_true((kept->sha256[0] != '\0') ==
			    diag_item_is_in(state));
	}
	diag_bundle_free(b);
}

static void more_items_than_a_bundle_holds_are_refused(void **unused)
{
	struct diag_bundle *b = NULL;
	struct diag_err err = { .code = DIAG_OK };
	char path[20];

	(void)unused;
	assert_true(diag_bundle_new(&b, &err));
	for (int i = 0; i < DIAG_BUNDLE_ITEMS; i++) {
		(void)snprintf(path, sizeof(path), "i%d", i);
		assert_int_equal(DIAG_OK, add(b, path));
	}
	assert_int_equal(DIAG_ELIMIT, add(b, "one-more"));
	diag_bundle_free(b);
}

static void words_come_back_as_they_went(void **unused)
{
	(void)unused;
	for (unsigned i = 0; i < DIAG_N_ITEM_STATES; i++) {
		enum diag_item_state s = DIAG_ITEM_TAKEN;

		assert_true(diag_item_state_parse(
		    diag_item_state_key((enum diag_item_state)i), &s));
		assert_int_equal(i, s);
	}
	for (unsigned i = 0; i <= DIAG_ITEM_PACKETS; i++) {
		enum diag_item_sort s = DIAG_ITEM_TEXT;

		assert_true(diag_item_sort_parse(
		    diag_item_sort_key((enum diag_item_sort)i), &s));
		assert_int_equal(i, s);
	}
}

static bool build(void *arg)
{
	const struct diag_item item = { .path = "a/b",
					.origin = "/etc/b",
					.reason = "why not",
					.bytes = "x",
					.len = 1 };
	struct diag_err err = { .code = DIAG_OK };
	struct diag_bundle *b = NULL;
	bool ok = diag_bundle_new(&b, &err) && diag_bundle_add(b, &item, &err);

	(void)arg;
	assert_true(ok == (err.code == DIAG_OK));
	diag_bundle_free(b);
	return ok;
}

static void no_allocation_that_fails_does_harm(void **unused)
{
	(void)unused;
	assert_true(torture(build, NULL) > 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_plain_names_below_the_bundle),
		cmocka_unit_test(no_two_items_would_be_one_file),
		cmocka_unit_test(an_item_keeps_its_own_bytes),
		cmocka_unit_test(bytes_of_what_is_not_in_are_not_taken),
		cmocka_unit_test(more_items_than_a_bundle_holds_are_refused),
		cmocka_unit_test(words_come_back_as_they_went),
		cmocka_unit_test(no_allocation_that_fails_does_harm),
	};

	return cmocka_run_group_tests_name("bundle", tests, NULL, NULL);
}
