/* SPDX-License-Identifier: MIT */
/* Documents, cases and bundles through the mask: words of ours stay, the
 * verdict stays, and a mask that would change it is found out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fnmatch.h>

#include "base/file.h"
#include "base/text.h"
#include "inventory/catalogue.h"
#include "tests/bundle/masked.h"
#include "tests/support/torture.h"

#define N "n?????????"

static const char *const collected[] = {
	TEST_DATA "/collector/windows-healthy.jsonl",
	TEST_DATA "/collector/windows-hosts-override.jsonl",
	TEST_DATA "/collector/windows-inspected.jsonl",
	TEST_DATA "/collector/windows-nrpt-lacks-notebooks.jsonl",
	TEST_DATA "/collector/windows-nrpt.jsonl",
	TEST_DATA "/collector/windows-record-missing.jsonl",
};
#define N_COLLECTED (sizeof(collected) / sizeof(collected[0]))

/* --- documents ------------------------------------------------------------ */

static void values_go_by_what_they_are_called(void **unused)
{
	static const struct masked_row rows[] = {
		/* Words of ours stay, whatever a host is called. */
		{ "{\"role\":\"client\",\"host\":\"client\"}\n",
		  "{\"role\":\"client\",\"host\":\"" N "\"}\n" },
		{ "{\"status\":\"answer\",\"service\":\"key-vault\"}\n", NULL },
		{ "{\"denial\":\"x-ms-error-code: AuthorizationFailure\"}\n",
		  NULL },
		{ "{\"search\":[\"corp\",\"a.corp.example\"]}\n",
		  "{\"search\":\\[\"" N "\",\"" N "." N ".example\"]}\n" },
		{ "{\"name\":\"host.unknowntld\"}\n",
		  "{\"name\":\"" N "." N "\"}\n" },
		{ "{\"name\":\"eth0\"}\n", NULL },
		{ "{\"no_proxy\":[\".corp.example\",\"10.0.0.0/8\"]}\n",
		  "{\"no_proxy\":\\[\"." N ".example\",\"10.0.0.0/8\"]}\n" },
		/* Secrets, and all that lies below. */
		{ "{\"password\":\"x\",\"a\":1.50}\n",
		  "{\"password\":\"\\[masked:password]\",\"a\":1.5}\n" },
		{ "{\"pin\":1234,\"tokens\":[\"a\",{\"b\":\"c\"}]}\n",
		  "{\"pin\":\"\\[masked:password]\",\"tokens\":"
		  "\\[\"\\[masked:token]\",{\"b\":\"\\[masked:token]\"}]}\n" },
		{ "{\"a\":\"password=x\",\"b\":null,\"c\":true}\n",
		  "{\"a\":\"password=\\[masked:password]\",\"b\":null,"
		  "\"c\":true}\n" },
		{ "{\"a\":\"\\u0070wd=secret1\"}\n",
		  "{\"a\":\"pwd=\\[masked:password]\"}\n" },
		{ "{\"userName\":\"alice\",\"ssid\":\"Home\"}\n",
		  "{\"userName\":\"\\[masked:user]\",\"ssid\":\"" N "\"}\n" },
		/* Names as members. */
		{ "{\"ws1103sa\":{\"x\":1}}\n", "{\"" N "\":{\"x\":1}}\n" },
		{ "{\"a@b.example.com\":1,\"c@b.example.com\":2}\n",
		  "{\"\\[masked:email] 1\":1,\"\\[masked:email] 2\":2}\n" },
		/* Lines, and what is no JSON after all. */
		{ "{\"fqdn\":\"a.corp.example\"}\n[1]\n",
		  "{\"fqdn\":\"" N "." N ".example\"}\n\\[1]\n" },
		{ "{\"password\": \"x\", oops\n",
		  "{\"password\": \"\\[masked:password]\", oops\n" },
	};
	struct diag_mask *m = masked_new(DIAG_MASK_IDENTIFIERS);

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *out = masked_json(m, rows[i].in);

		if (rows[i].want == NULL)
			assert_string_equal(rows[i].in, out);
		else if (fnmatch(rows[i].want, out, 0) != 0)
			fail_msg("%s became %s", rows[i].in, out);
		free(out);
	}
	diag_mask_free(m);
}

/* A host that is called as one of our words is: the word stays. */
static void a_host_named_like_a_word_of_ours_changes_no_word(void **unused)
{
	struct diag_mask *m = masked_new(DIAG_MASK_IDENTIFIERS);
	char *out;

	(void)unused;
	assert_true(diag_mask_learn_name(m, "failed", NULL));
	assert_true(diag_mask_learn_name(m, "studio", NULL));
	out = masked_json(m, "{\"status\":\"failed\",\"service\":\"studio\","
			     "\"failed\":\"on failed\"}");
	assert_int_equal(0, fnmatch("{\"status\":\"failed\",\"service\":"
				    "\"studio\",\"" N "\":\"on " N "\"}\n",
				    out, 0));
	free(out);
	diag_mask_free(m);
}

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

		if (!diag_mask_case(m, c, &masked, &err) ||
		    !diag_mask_same_verdict(m, c, masked, &err))
			fail_msg("%s: %s", collected[i / 3], err.what);
		diag_case_free(masked);
		diag_case_free(c);
		diag_mask_free(m);
	}
}

/* A case of another outcome, of other names, of other facts. */
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
		    !diag_mask_case(m, c, &out, &err) ||
		    !diag_mask_same_verdict(m, c, out, &err))
			fail_msg("%s: %s", hosts[i], err.what);
		diag_case_free(out);
		diag_case_free(c);
		diag_mask_free(m);
	}
}

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

		assert_true(diag_mask_case(theirs, other, &masked, NULL));
		if (i != 1) {
			err.code = DIAG_OK;
			assert_false(
			    diag_mask_same_verdict(m, c, masked, &err));
			assert_int_equal(DIAG_EUSAGE, err.code);
		}
		diag_case_free(masked);
		diag_mask_free(theirs);
		diag_case_free(other);
	}
	diag_mask_free(m);
	/* The right case under another key: other names. */
	m = mask_for(c, DIAG_MASK_IDENTIFIERS);
	assert_true(diag_mask_case(m, c, &masked, NULL));
	diag_mask_free(m);
	m = masked_new(DIAG_MASK_IDENTIFIERS);
	assert_false(diag_mask_same_verdict(m, c, masked, NULL));
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
	assert_true(diag_mask_bundle(m, plain, &b, NULL));
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
	assert_true(diag_mask_bundle(m, plain, &b, NULL));
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

		assert_true(diag_mask_bundle(m, plain, &b, NULL));
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
		cmocka_unit_test(values_go_by_what_they_are_called),
		cmocka_unit_test(
		    a_host_named_like_a_word_of_ours_changes_no_word),
		cmocka_unit_test(a_masked_case_is_judged_as_it_was),
		cmocka_unit_test(
		    a_host_that_is_called_a_number_changes_no_verdict),
		cmocka_unit_test(a_changed_verdict_is_found),
		cmocka_unit_test(a_bundle_is_masked_item_by_item),
		cmocka_unit_test(without_a_mask_packets_go_along),
		cmocka_unit_test(the_same_key_gives_the_same_bytes),
		cmocka_unit_test(a_leak_would_be_found),
		cmocka_unit_test(a_bad_map_is_told),
		cmocka_unit_test(memory_may_fail_at_any_place),
	};

	return cmocka_run_group_tests_name("bundle/mask_case", tests, NULL,
					   NULL);
}
