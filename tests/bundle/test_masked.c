/* SPDX-License-Identifier: MIT */
/* Cases and bundles through the mask: the verdict stays, and a mask that would
 * change it is found out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "bundle/masked.h"
#include "inventory/catalogue.h"
#include "tests/mask/masked.h"

static const char *const collected[] = {
	TEST_DATA "/collector/windows-healthy.jsonl",
	TEST_DATA "/collector/windows-hosts-override.jsonl",
	TEST_DATA "/collector/windows-inspected.jsonl",
	TEST_DATA "/collector/windows-nrpt-lacks-notebooks.jsonl",
	TEST_DATA "/collector/windows-nrpt.jsonl",
	TEST_DATA "/collector/windows-record-missing.jsonl",
};
#define N_COLLECTED (sizeof(collected) / sizeof(collected[0]))

/* --- cases ---------------------------------------------------------------- */

static struct diag_case *read_case(const char *path)
{
	struct diag_problems problems;
	struct diag_case *c = NULL;
	struct diag_buf text;

	assert_true(diag_cat_load(NULL));
	diag_problems_init(&problems);
	assert_true(diag_file_read(path, DIAG_CASE_BYTES, &text, NULL));
	assert_true(diag_case_new(&c, NULL));
	assert_true(
	    diag_case_add(c, NULL, text.data, text.len, &problems, NULL));
	diag_buf_clear(&text);
	diag_problems_clear(&problems);
	return c;
}

static struct diag_mask *mask_for(const struct diag_case *c,
				  enum diag_mask_level level)
{
	static const unsigned char key[DIAG_MASK_KEY] = { 8 };
	struct diag_mask *m = NULL;

	assert_true(diag_mask_new(level, key, &m, NULL));
	assert_true(diag_mask_learn(m, c, NULL));
	return m;
}

static void a_masked_case_is_judged_as_it_was(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < N_COLLECTED * 3; i++) {
		struct diag_case *c = read_case(collected[i / 3]);
		struct diag_mask *m =
		    mask_for(c, (enum diag_mask_level)(i % 3));
		struct diag_case *masked = NULL;
		struct diag_err err = { 0 };

		if (!diag_mask_case(m, "case.jsonl", c, &masked, &err) ||
		    !diag_masked_same_verdict(m, c, masked, &err))
			fail_msg("%s: %s", collected[i / 3], err.what);
		diag_case_free(masked);
		diag_case_free(c);
		diag_mask_free(m);
	}
}

/* They stand in every address, and at every port. */
static void a_host_that_is_called_a_number_changes_no_verdict(void **unused)
{
	static const char *const hosts[] = { "10", "443", "10.150.0.20",
					     "10.corp.example", "53" };

	(void)unused;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct diag_mask *m = masked_new(DIAG_MASK_IDENTIFIERS);
		struct diag_case *c = read_case(collected[3]), *out = NULL;
		struct diag_err err = { 0 };

		c->origins[0].host = hosts[i];
		if (!diag_mask_learn(m, c, &err) ||
		    !diag_mask_case(m, "case.jsonl", c, &out, &err) ||
		    !diag_masked_same_verdict(m, c, out, &err))
			fail_msg("%s: %s", hosts[i], err.what);
		diag_case_free(out);
		diag_case_free(c);
		diag_mask_free(m);
	}
}

/* A case of another outcome, of other names, of other facts. */
static void a_changed_verdict_is_found(void **unused)
{
	struct diag_case *c = read_case(collected[1]);
	struct diag_mask *m = mask_for(c, DIAG_MASK_ADDRESSES);
	struct diag_case *masked = NULL;
	struct diag_err err = { 0 };

	(void)unused;
	for (size_t i = 0; i < N_COLLECTED; i++) {
		struct diag_case *other = read_case(collected[i]);
		struct diag_mask *theirs = mask_for(other, DIAG_MASK_ADDRESSES);

		assert_true(
		    diag_mask_case(theirs, "case.jsonl", other, &masked, NULL));
		if (i != 1) {
			err.code = DIAG_OK;
			assert_false(
			    diag_masked_same_verdict(m, c, masked, &err));
			assert_int_equal(DIAG_EUSAGE, err.code);
		}
		diag_case_free(masked);
		diag_mask_free(theirs);
		diag_case_free(other);
	}
	diag_mask_free(m);
	/* The right case under another key: other names. */
	m = mask_for(c, DIAG_MASK_IDENTIFIERS);
	assert_true(diag_mask_case(m, "case.jsonl", c, &masked, NULL));
	diag_mask_free(m);
	m = masked_new(DIAG_MASK_IDENTIFIERS);
	assert_false(diag_masked_same_verdict(m, c, masked, NULL));
	diag_case_free(masked);
	diag_mask_free(m);
	diag_case_free(c);
}

/* --- bundles -------------------------------------------------------------- */

static void add(struct diag_bundle *b, const char *path,
		enum diag_item_sort sort, const char *bytes, size_t len)
{
	const struct diag_item item = { .path = path,
					.origin = "/home/"
						  "alice/x",
					.state = DIAG_ITEM_TAKEN,
					.sort = sort,
					.bytes = bytes,
					.len = len };

	assert_true(diag_bundle_add(b, &item, NULL));
}

static struct diag_bundle *some_bundle(void)
{
	struct diag_bundle *b = NULL;

	assert_true(diag_bundle_new(&b, NULL));
	b->note = "mail me at a@corp.example";
	b->ticket = "TKT-1";
	b->created_s = 1795000000;
	add(b, "machine/hosts", DIAG_ITEM_TEXT, "10.0.0.4 ws1103sa\n", 18);
	add(b, "machine/plain", DIAG_ITEM_TEXT, "nothing\n", 8);
	add(b, "machine/ws1103", DIAG_ITEM_TEXT, "x\n", 2);
	add(b, "machine/binary", DIAG_ITEM_TEXT, "a\0b", 3);
	add(b, "capture.pcap", DIAG_ITEM_PACKETS, "\xd4\xc3", 2);
	add(b, "report.txt", DIAG_ITEM_MADE, "ws1103", 6);
	return b;
}

static const struct diag_item *find(const struct diag_bundle *b,
				    const char *path)
{
	const struct diag_item *item = diag_bundle_find(b, path);

	assert_non_null(item);
	return item;
}

static void a_bundle_is_masked_item_by_item(void **unused)
{
	struct diag_mask *m = masked_new(DIAG_MASK_IDENTIFIERS);
	struct diag_bundle *plain = some_bundle(), *b = NULL;

	(void)unused;
	assert_true(diag_masked_bundle(m, plain, &b, NULL));
	assert_string_equal("identifiers", b->mask);
	assert_int_equal(16, strlen(b->key_id));
	assert_string_equal("mail me at [masked:email]", b->note);
	assert_string_equal("TKT-1", b->ticket);
	assert_int_equal(plain->created_s, b->created_s);
	assert_int_equal(DIAG_ITEM_MASKED, find(b, "machine/hosts")->state);
	assert_int_equal(1, find(b, "machine/hosts")->replaced);
	assert_string_equal("/home/[masked:user]/x",
			    find(b, "machine/hosts")->origin);
	assert_int_equal(DIAG_ITEM_TAKEN, find(b, "machine/plain")->state);
	assert_int_equal(DIAG_ITEM_WITHHELD, find(b, "machine/binary")->state);
	assert_null(find(b, "machine/binary")->bytes);
	assert_int_equal(DIAG_ITEM_WITHHELD, find(b, "capture.pcap")->state);
	assert_memory_equal("ws1103", find(b, "report.txt")->bytes, 6);
	/* A path that named somebody. */
	assert_null(diag_bundle_find(b, "machine/ws1103"));
	assert_non_null(diag_text_find_nocase(
	    find(b, DIAG_BUNDLE_MASKED)->bytes,
	    find(b, DIAG_BUNDLE_MASKED)->len, "\"name\": 1"));
	diag_bundle_free(b);
	diag_bundle_free(plain);
	diag_mask_free(m);
}

static void without_a_mask_packets_go_along(void **unused)
{
	struct diag_mask *m = masked_new(DIAG_MASK_NONE);
	struct diag_bundle *plain = some_bundle(), *b = NULL;

	(void)unused;
	assert_true(diag_masked_bundle(m, plain, &b, NULL));
	assert_int_equal(DIAG_ITEM_TAKEN, find(b, "capture.pcap")->state);
	assert_null(b->key_id);
	diag_bundle_free(b);
	diag_bundle_free(plain);
	diag_mask_free(m);
}

static void the_same_key_gives_the_same_bytes(void **unused)
{
	struct diag_buf out[2];

	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		struct diag_mask *m = masked_new(DIAG_MASK_ADDRESSES);
		struct diag_bundle *plain = some_bundle(), *b = NULL;

		assert_true(diag_masked_bundle(m, plain, &b, NULL));
		diag_buf_init(&out[i], (size_t)1 << 20);
		diag_manifest_print(b, &out[i]);
		diag_mask_map_print(m, &out[i]);
		diag_bundle_free(b);
		diag_bundle_free(plain);
		diag_mask_free(m);
	}
	assert_string_equal(out[0].data, out[1].data);
	diag_buf_clear(&out[0]);
	diag_buf_clear(&out[1]);
}

/* More names in one item than a map holds: that one is kept back, with what is
 * told of it, and none of the others. */
static void too_many_names_in_one_item_harm_no_other(void **unused)
{
	struct diag_mask *m = masked_new(DIAG_MASK_IDENTIFIERS);
	struct diag_bundle *plain = some_bundle(), *b = NULL;
	const struct diag_item cut = { .path = "machine/cut",
				       .origin = "a",
				       .reason = "a.corp.example, "
						 "new.corp.example: cut",
				       .state = DIAG_ITEM_CUT,
				       .bytes = "x",
				       .len = 1 };
	struct diag_buf names;

	(void)unused;
	diag_buf_init(&names, (size_t)16 << 20);
	for (unsigned i = 0; i <= DIAG_MASK_PAIRS; i++)
		diag_buf_printf(&names, "h%u.corp.example\n", i);
	add(plain, "machine/many", DIAG_ITEM_TEXT, names.data, names.len);
	add(plain, "machine/new.corp.example", DIAG_ITEM_TEXT, "x\n", 2);
	assert_true(diag_bundle_add(plain, &cut, NULL));
	add(plain, "machine/last", DIAG_ITEM_TEXT, "10.0.0.4 ws1103sa\n", 18);
	assert_true(diag_masked_bundle(m, plain, &b, NULL));
	assert_int_equal(DIAG_ITEM_WITHHELD, find(b, "machine/many")->state);
	assert_null(diag_bundle_find(b, "machine/new.corp.example"));
	assert_null(strstr(find(b, "machine/cut")->reason, "corp"));
	assert_int_equal(DIAG_ITEM_MASKED, find(b, "machine/last")->state);
	assert_int_equal(1, find(b, "machine/last")->replaced);
	diag_buf_clear(&names);
	diag_bundle_free(b);
	diag_bundle_free(plain);
	diag_mask_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_masked_case_is_judged_as_it_was),
		cmocka_unit_test(
		    a_host_that_is_called_a_number_changes_no_verdict),
		cmocka_unit_test(a_changed_verdict_is_found),
		cmocka_unit_test(a_bundle_is_masked_item_by_item),
		cmocka_unit_test(without_a_mask_packets_go_along),
		cmocka_unit_test(the_same_key_gives_the_same_bytes),
		cmocka_unit_test(too_many_names_in_one_item_harm_no_other),
	};

	return cmocka_run_group_tests_name("bundle/masked", tests, NULL, NULL);
}
