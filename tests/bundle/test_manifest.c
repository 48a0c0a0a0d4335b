/* SPDX-License-Identifier: MIT */
/* What a manifest says is believed only as far as it can be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/bundle/make.h"
#include "tests/support/torture.h"

#define SHA "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define HEAD                                 \
	"{\"schema\": \"pldiag.bundle/1\", " \
	"\"created\": \"2026-11-28T12:00:00Z\", \"items\": ["
#define IN(path)                                                              \
	"{\"path\": \"" path "\", \"state\": \"taken\", \"sort\": \"text\", " \
	"\"size\": 3, \"sha256\": \"" SHA "\"}"

struct parsed {
	struct diag_bundle *b;
	struct diag_problems problems;
	struct diag_err err;
};

static struct parsed parse(const char *text)
{
	struct parsed p = { .err = { .code = DIAG_OK } };
	bool ok;

	diag_problems_init(&p.problems);
	ok = diag_manifest_parse("m", text, strlen(text), &p.problems, &p.b,
				 &p.err);
	assert_true(ok == (p.err.code == DIAG_OK));
	assert_true(ok == (p.problems.n == 0));
	assert_true(ok == (p.b != NULL));
	return p;
}

static void end(struct parsed *p)
{
	diag_bundle_free(p->b);
	diag_problems_clear(&p->problems);
}

static void what_was_printed_is_read_again(void **unused)
{
	struct diag_bundle *b = make_bundle();
	struct diag_buf one, two;
	struct parsed p;

	(void)unused;
	diag_buf_init(&one, 1 << 20);
	diag_buf_init(&two, 1 << 20);
	diag_manifest_print(b, &one);
	p = parse(diag_buf_str(&one));
	assert_non_null(p.b);
	assert_int_equal(b->n_items, p.b->n_items);
	for (size_t i = 0; i < b->n_items; i++)
		assert_null(p.b->items[i].bytes);
	diag_manifest_print(p.b, &two);
	assert_string_equal(diag_buf_str(&one), diag_buf_str(&two));
	diag_buf_clear(&two);
	diag_buf_clear(&one);
	end(&p);
	diag_bundle_free(b);
}

static void what_it_does_not_know_is_passed_over(void **unused)
{
	struct parsed p = parse(
	    "{\"schema\": \"pldiag.bundle/1\", \"colour\": [1, {}], "
	    "\"created\": \"2026-11-28T12:00:00Z\", \"items\": ["
	    "{\"path\": \"a\", \"state\": \"missing\", \"sort\": \"text\", "
	    "\"size\": \"odd, and of no matter\", \"more\": 1}]}");

	(void)unused;
	assert_non_null(p.b);
	assert_int_equal(1, p.b->n_items);
	assert_string_equal("", p.b->tool);
	assert_string_equal("none", p.b->mask);
	assert_null(p.b->note);
	end(&p);
}

static const struct {
	const char *text, *told;
} problems_told[] = {
	{ "", "m:1:1:" },
	{ "[]", "m: $: expected an object, got a list" },
	{ "{}", "m: $.schema: expected text, got nothing" },
	{ "{\"schema\": 7}", "m: $.schema: expected text, got 7" },
	{ "{\"schema\": \"pldiag.case/1\"}",
	  "m: $.schema: expected pldiag.bundle/1, "
	  "got \"pldiag.case/1\"" },
	{ "{\"schema\": \"pldiag.bundle/2\"}", "newer pl-bundle" },
	{ "{\"schema\": \"pldiag.bundle/1\", \"items\": []}",
	  "m: $.created: expected text, got nothing" },
	{ "{\"schema\": \"pldiag.bundle/1\", \"created\": \"today\", "
	  "\"items\": []}",
	  "m: $.created: expected a time" },
	{ "{\"schema\": \"pldiag.bundle/1\", "
	  "\"created\": \"2026-11-28T12:00:00Z\"}",
	  "m: $.items: expected a list, got nothing" },
	{ "{\"schema\": \"pldiag.bundle/1\", "
	  "\"created\": \"2026-11-28T12:00:00Z\", \"items\": {}}",
	  "m: $.items: expected" },
	{ HEAD "7]}", "m: $.items[0]: expected an object, got 7" },
	{ HEAD "{}]}", "m: $.items[0].path: expected text" },
	{ HEAD IN("a") ", {}]}", "m: $.items[1].state: expected text" },
	{ HEAD IN("../a") "]}", "m: $.items[0].path: expected a path" },
	{ HEAD IN("manifest.json") "]}",
	  "m: $.items[0].path: expected a path" },
	{ HEAD IN("a") "," IN("A") "]}", "m: $.items[1].path:" },
	{ HEAD IN("a") "," IN("a/b") "]}", "m: $.items[1].path:" },
	{ HEAD "{\"path\": \"a\", \"state\": \"new\", "
	       "\"sort\": \"text\"}]}",
	  "m: $.items[0].state: expected taken, cut" },
	{ HEAD "{\"path\": \"a\", \"state\": \"failed\", "
	       "\"sort\": \"song\"}]}",
	  "m: $.items[0].sort: expected text, json" },
	{ HEAD "{\"path\": \"a\", \"state\": \"cut\", "
	       "\"sort\": \"text\", \"size\": -1, \"sha256\": \"" SHA "\"}]}",
	  "m: $.items[0].size: expected" },
	{ HEAD "{\"path\": \"a\", \"state\": \"cut\", "
	       "\"sort\": \"text\", \"size\": 1e18, \"sha256\": \"" SHA "\"}]}",
	  "m: $.items[0].size: expected" },
	{ HEAD "{\"path\": \"a\", \"state\": \"cut\", "
	       "\"sort\": \"text\", \"sha256\": \"" SHA "\"}]}",
	  "m: $.items[0].size: expected a number" },
	{ HEAD "{\"path\": \"a\", \"state\": \"cut\", "
	       "\"sort\": \"text\", \"size\": 1}]}",
	  "m: $.items[0].sha256: expected text" },
	{ HEAD "{\"path\": \"a\", \"state\": \"cut\", "
	       "\"sort\": \"text\", \"size\": 1, "
	       "\"sha256\": \"ABCD\"}]}",
	  "m: $.items[0].sha256: expected 64" },
	{ "{\"schema\": \"pldiag.bundle/1\", "
	  "\"created\": \"2026-11-28T12:00:00Z\", \"note\": 3, "
	  "\"items\": []}",
	  "m: $.note: expected text, got 3" },
	{ "[[[[[[[[[[[[[[[[[[[[", "m:1:" },
	{ "{\"schema\": \"pldiag.bundle/1\", "
	  "\"schema\": \"pldiag.bundle/1\"}",
	  "m:1:" },
};

static void every_problem_is_told_with_its_place(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(problems_told) / sizeof(*problems_told);
	     i++) {
		struct parsed p = parse(problems_told[i].text);

		if (strstr(diag_buf_str(&p.problems.text),
			   problems_told[i].told) == NULL)
			fail_msg("%s\n  tells %s\n  and not %s",
				 problems_told[i].text,
				 diag_buf_str(&p.problems.text),
				 problems_told[i].told);
		assert_true(p.err.code == DIAG_EPARSE ||
			    p.err.code == DIAG_ELIMIT); /* too deep */
		end(&p);
	}
}

static void all_problems_are_told_at_once(void **unused)
{
	struct parsed p = parse(HEAD "{}, 7, " IN("/") "]}");

	(void)unused;
	assert_int_equal(5, p.problems.n);
	assert_string_equal("m: $.items[0].path: expected text, got nothing",
			    p.err.what);
	end(&p);
}

static void put_items(struct diag_buf *out, size_t n, const char *size)
{
	diag_buf_puts(out, HEAD);
	for (size_t i = 0; i < n; i++)
		diag_buf_printf(out,
				"%s{\"path\": \"i%zu\", \"state\": \"taken\", "
				"\"sort\": \"text\", \"size\": %s, "
				"\"sha256\": \"" SHA "\"}",
				i > 0 ? "," : "", i, size);
	diag_buf_puts(out, "]}");
}

static void it_may_not_claim_more_than_a_bundle_holds(void **unused)
{
	static const struct {
		size_t n;
		const char *size;
		bool ok;
	} rows[] = {
		{ DIAG_BUNDLE_ITEMS, "3", true },
		{ DIAG_BUNDLE_ITEMS + 1, "3", false },
		{ 2, "268435456", true },
		{ 3, "268435456", false },
		{ 1, "268435457", false },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct diag_buf text;
		struct parsed p;

		diag_buf_init(&text, 1 << 20);
		put_items(&text, rows[i].n, rows[i].size);
		p = parse(diag_buf_str(&text));
		assert_int_equal(rows[i].ok, p.b != NULL);
		end(&p);
		diag_buf_clear(&text);
	}
}

static bool parse_all(void *arg)
{
	struct diag_err err = { .code = DIAG_OK };
	struct diag_problems problems;
	struct diag_bundle *b = NULL;
	bool ok;

	diag_problems_init(&problems);
	ok = diag_manifest_parse("m", arg, strlen(arg), &problems, &b, &err);
	assert_true(ok == (err.code == DIAG_OK));
	diag_bundle_free(b);
	diag_problems_clear(&problems);
	return ok;
}

static void no_allocation_that_fails_does_harm(void **unused)
{
	struct diag_bundle *b = make_bundle();
	struct diag_buf text;

	(void)unused;
	diag_buf_init(&text, 1 << 20);
	diag_manifest_print(b, &text);
	assert_true(torture(parse_all, text.data) >= 2);
	diag_buf_clear(&text);
	diag_bundle_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_printed_is_read_again),
		cmocka_unit_test(what_it_does_not_know_is_passed_over),
		cmocka_unit_test(every_problem_is_told_with_its_place),
		cmocka_unit_test(all_problems_are_told_at_once),
		cmocka_unit_test(it_may_not_claim_more_than_a_bundle_holds),
		cmocka_unit_test(no_allocation_that_fails_does_harm),
	};

	return cmocka_run_group_tests_name("bundle_manifest", tests, NULL,
					   NULL);
}
