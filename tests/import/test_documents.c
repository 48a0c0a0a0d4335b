/* SPDX-License-Identifier: MIT */
/* Files in: every encoding, every way of putting documents together, and what
 * is said of what cannot be read. */
#include "tests/import/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "import/internal.h"

#define QUERY(fqdn, ip) "{\"FQDNs\":[\"" fqdn "\"],\"IPAddress\":\"" ip "\"}"
#define A_BLOB		QUERY("a.blob.core.windows.net", "10.1.0.4")
#define B_BLOB		QUERY("b.blob.core.windows.net", "10.1.0.5")

/* --- encodings ------------------------------------------------------------ */

/* ASCII to UTF-16; high is where the zero goes. */
static size_t utf16(const char *text, bool mark, bool big, char *out)
{
	size_t n = 0;

	if (mark) {
		out[n++] = big ? '\xfe' : '\xff';
		out[n++] = big ? '\xff' : '\xfe';
	}
	for (; *text != '\0'; text++) {
		out[n++] = big ? '\0' : *text;
		out[n++] = big ? *text : '\0';
	}
	return n;
}

static void same_as_plain(const char *bytes, size_t len)
{
	struct imported a;
	struct imported b;
	struct diag_buf x;
	struct diag_buf y;

	begin(&a);
	add_bytes(&a, "x.json", bytes, len);
	finish(&a);
	no_problems(&a);
	import_text_file(&b, "[" A_BLOB "," B_BLOB "]");
	print_json(a.inv, &x);
	print_json(b.inv, &y);
	assert_string_equal(diag_buf_str(&y), diag_buf_str(&x));
	diag_buf_clear(&x);
	diag_buf_clear(&y);
	end(&a);
	end(&b);
}

static void utf16_gives_what_utf8_gives(void **state)
{
	static const char text[] = "[" A_BLOB "," B_BLOB "]\r\n";
	char bytes[2 * sizeof(text) + 8];

	(void)state;
	for (int way = 0; way < 4; way++) {
		size_t n = utf16(text, way & 1, way & 2, bytes);

		same_as_plain(bytes, n);
		/* cut in the middle of the last character */
		same_as_plain(bytes, n - 1);
	}
}

static void marks_blanks_and_zeros_are_nothing(void **state)
{
	static const char text[] =
	    "\xef\xbb\xbf \n[" A_BLOB "," B_BLOB "] \r\n\t\x1a\0\0";

	(void)state;
	same_as_plain(text, sizeof(text) - 1);
}

static void any_bytes_become_utf8(void **state)
{
	static const struct {
		const char *in;
		size_t len;
		const char *out;
	} cases[] = {
		{ "\xc3\xbc", 2, "\xc3\xbc" },
		{ "a\xfc"
		  "b",
		  3,
		  "a\xef\xbf\xbd"
		  "b" },
		{ "\xff\xfe\x3d\xd8\x42\xde", 6, "\xf0\x9f\x99\x82" },
		{ "\xff\xfe\x3d\xd8x\0", 6, "\xef\xbf\xbdx" },
		{ "\xff\xfe\x42\xde", 4, "\xef\xbf\xbd" },
		{ "\xfe\xff\0\xfc\x20\xac", 6, "\xc3\xbc\xe2\x82\xac" },
		{ "", 0, "" },
		{ "\0", 1, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct diag_buf out;

		import_decode(cases[i].in, cases[i].len, &out);
		assert_string_equal(cases[i].out, diag_buf_str(&out));
		diag_buf_clear(&out);
	}
}

/* A name with a strange letter is no name; all else is read. */
static void a_code_page_costs_only_its_own_letters(void **state)
{
	struct imported x;

	(void)state;
	import_text_file(&x, "{\"FQDNs\":[\"a.blob.core.windows.net\","
			     "\"\xfc.blob.core.windows.net\"],"
			     "\"IPAddress\":\"10.1.0.4\",\"tag\":\"M\xfcll\"}");
	must_have(&x, "a.blob.core.windows.net", "10.1.0.4");
	assert_int_equal(1, x.problems.n);
	assert_non_null(strstr(diag_buf_str(&x.problems.text),
			       "x.json: $.FQDNs[1]: not a name"));
	end(&x);
}

/* --- several documents ---------------------------------------------------- */

static void both(const char *text)
{
	struct imported x;

	import_text_file(&x, text);
	no_problems(&x);
	must_have(&x, "a.blob.core.windows.net", "10.1.0.4");
	must_have(&x, "b.blob.core.windows.net", "10.1.0.5");
	end(&x);
}

static void documents_may_be_joined_in_any_way(void **state)
{
	(void)state;
	both(A_BLOB "\n" B_BLOB "\n");
	both(A_BLOB B_BLOB);
	both("[" A_BLOB "][" B_BLOB "]");
	both("[" A_BLOB "],\n[" B_BLOB "],\n");
	both("[[" A_BLOB "],[" B_BLOB "]]");
	both("{\"value\":[" A_BLOB "," B_BLOB "]}");
	both("{\"value\":" A_BLOB "}\n{\"NewThing\":" B_BLOB "}");
	both("\xef\xbb\xbf" A_BLOB "\r\n\xef\xbb\xbf" B_BLOB);
	both("\x1e" A_BLOB "\n\x1e" B_BLOB "\n");
	both("$ az network nic show --ids a\n" A_BLOB
	     "\n[root@host ~]# az network nic show --ids b\n" B_BLOB
	     "\n[root@host ~]# \n");
	both("WARNING: something\n\n\xef\xbb\xbf" A_BLOB "trailing\n" B_BLOB);
}

static void a_place_names_the_file_and_a_later_documents_line(void **state)
{
	struct imported x;

	(void)state;
	import_text_file(&x, A_BLOB "\n\n[\n" B_BLOB "\n]");
	assert_string_equal(
	    "x.json: $.IPAddress",
	    sources_of(&x, "targets", "a.blob.core.windows.net"));
	assert_string_equal(
	    "x.json:3: $[0].IPAddress",
	    sources_of(&x, "targets", "b.blob.core.windows.net"));
	end(&x);
}

static void a_bad_document_does_not_stop_the_others(void **state)
{
	struct imported x;

	(void)state;
	import_text_file(&x, "{\"a\": [1, 2\n" A_BLOB
			     "\n{\"b\":\n  tru}\n" B_BLOB "\n{\"c\": 1");
	must_have(&x, "a.blob.core.windows.net", "10.1.0.4");
	must_have(&x, "b.blob.core.windows.net", "10.1.0.5");
	problems_are(&x, "x.json:2:1: expected ',' or ']'\n"
			 "x.json:4:3: expected a value\n"
			 "x.json:6:8: expected ',' or '}'\n");
	assert_int_equal(5, x.summary.documents);
	assert_int_equal(3, x.summary.skipped);
	end(&x);
}

static void a_file_cut_anywhere_is_told_and_gives_what_it_has(void **state)
{
	struct diag_buf text;

	(void)state;
	read_azure("nic-show.workspace.json", &text);
	while (text.len > 0 && text.data[text.len - 1] != '}')
		text.len--;
	for (size_t len = 1; len < text.len; len += 7) {
		struct imported x;

		begin(&x);
		add_bytes(&x, "cut.json", text.data, len);
		finish(&x);
		assert_int_equal(1, x.problems.n);
		assert_int_equal(1, x.summary.skipped);
		end(&x);
	}
	diag_buf_clear(&text);
}

/* --- Python --------------------------------------------------------------- */

static void python(const char *text, const char *json, size_t used)
{
	struct diag_buf out;
	size_t n = 0;

	diag_buf_init(&out, 1 << 20);
	assert_true(import_python(text, strlen(text), &out, &n));
	assert_string_equal(json, diag_buf_str(&out));
	assert_int_equal(used, n);
	diag_buf_clear(&out);
}

static void a_python_literal_is_json_in_other_words(void **state)
{
	struct diag_buf out;
	size_t n;

	(void)state;
	python("{'a': 'b'}", "{\"a\": \"b\"}", 10);
	python("{'a': None, 'b': True, 'c': (1, False,), } x",
	       "{\"a\": null,\"b\": true,\"c\": [1,false]}", 42);
	python("['It\\'s', \"it's\", 'say \"x\"', '\\xfc\\n\\\\']",
	       "[\"It's\",\"it's\",\"say \\\"x\\\"\","
	       "\"\\u00fc\\n\\\\\"]",
	       40);
	diag_buf_init(&out, 1 << 20);
	assert_false(import_python("{\"a\": 1}", 8, &out, &n));
	assert_false(import_python("{'a': 1", 7, &out, &n));
	assert_false(import_python("{'a\n': 1}", 9, &out, &n));
	assert_false(import_python("{'a\\", 4, &out, &n));
	assert_false(import_python("{", 1, &out, &n));
	assert_false(import_python("x", 1, &out, &n));
	diag_buf_clear(&out);
}

static void a_printed_diagnosis_of_the_sdk_is_read(void **state)
{
	struct imported x;

	(void)state;
	import_text_file(
	    &x, "{'value': {'user_defined_route_results': [], "
		"'dns_resolution_results': [{'code': 'CustomDnsInUse', "
		"'level': 'Warning', 'message': \"It is detected VNet "
		"'/s/hub' is not using Azure default DNS.\"}], "
		"'key_vault_results': None, 'other_results': []}}\n" A_BLOB);
	no_problems(&x);
	assert_string_equal(
	    "CustomDnsInUse (Warning): It is detected VNet '/s/hub' is not "
	    "using Azure default DNS.",
	    note_of(&x, "vnet.custom-dns")->detail);
	must_have(&x, "a.blob.core.windows.net", "10.1.0.4");
	end(&x);
}

/* --- what nobody reads ---------------------------------------------------- */

static void says(const char *text, const char *problem, size_t skipped)
{
	struct imported x;

	import_text_file(&x, text);
	problems_are(&x, problem);
	assert_int_equal(skipped, x.summary.skipped);
	end(&x);
}

static void what_is_unknown_is_told_by_its_looks(void **state)
{
	(void)state;
	says("{\"type\": \"Microsoft.Compute/virtualMachines\", \"id\": 1}",
	     "x.json: $: import does not read this: "
	     "\"Microsoft.Compute/virtualMachines\"\n",
	     1);
	says("{\"schema\": \"pldiag.report/1\", \"run\": {}}",
	     "x.json: $: import does not read this: \"pldiag.report/1\"\n", 1);
	says("[{\"b\": 1, \"c\": 2}, {\"b\": 2}, 5]",
	     "x.json: $[0]: import does not read this and 2 more: an object "
	     "with \"b\", \"c\"\n",
	     1);
	says("{\"error\": {\"code\": \"AuthorizationFailed\", \"message\": "
	     "\"no\"}}",
	     "x.json: $: import does not read this: an error of Azure, "
	     "AuthorizationFailed\n",
	     1);
	says("[\"a\"]", "x.json: $[0]: import does not read this: a text\n", 1);
	says("[1, true]",
	     "x.json: $[0]: import does not read this and 1 more: a lone "
	     "value\n",
	     1);
	says("{}", "x.json: $: import does not read this: an empty object\n",
	     1);
	says("{\"value\": [{}]}",
	     "x.json: $.value[0]: import does not read this: an empty "
	     "object\n",
	     1);
	says("", "x.json: there is nothing in it\n", 1);
	says("  \n\t", "x.json: there is nothing in it\n", 1);
	says("Dear all,\nplease",
	     "x.json: neither JSON nor a text that "
	     "import knows; it begins with \"Dear all,\"\n",
	     1);
	says("\x1b[31mred",
	     "x.json: neither JSON nor a text that import "
	     "knows; it begins with \"\\x1b[31mred\"\n",
	     1);
	says("null",
	     "x.json: neither JSON nor a text that import knows; it "
	     "begins with \"null\"\n",
	     1);
}

static void an_empty_list_is_no_fault(void **state)
{
	struct imported x;

	(void)state;
	import_text_file(&x, "[]\n{\"value\": []}");
	no_problems(&x);
	assert_int_equal(2, seen(&x, "empty list"));
	assert_int_equal(0, x.summary.skipped);
	end(&x);
}

static void a_list_that_goes_on_elsewhere_is_told(void **state)
{
	(void)state;
	says("{\"value\": [" A_BLOB "], \"nextLink\": \"https://x/y\"}",
	     "x.json: $.nextLink: the list goes on in another page, which is "
	     "not here: \"https://x/y\"\n",
	     0);
	says("{\"value\": [" A_BLOB "], \"nextLink\": null}", "", 0);
}

/* --- limits --------------------------------------------------------------- */

static void depth_bombs_are_errors(void **state)
{
	static const char open[] = "[{\"a\":";
	struct diag_buf text;
	struct imported x;

	(void)state;
	diag_buf_init(&text, 1 << 24);
	for (int i = 0; i < 100000; i++)
		diag_buf_puts(&text, open);
	begin(&x);
	add_bytes(&x, "bomb.json", text.data, text.len);
	problems_are(&x, "bomb.json:1:193: nested too deeply\n");
	end(&x);
	diag_buf_reset(&text);
	for (int i = 0; i < 200000; i++)
		diag_buf_puts(&text, "[\n");
	begin(&x);
	add_bytes(&x, "bomb.json", text.data, text.len);
	assert_int_equal(200000 / DIAG_IMPORT_DEPTH, x.problems.n);
	end(&x);
	diag_buf_clear(&text);
}

static void lists_may_be_nested_to_a_depth(void **state)
{
	struct imported x;

	(void)state;
	both("[[[[[" A_BLOB "," B_BLOB "]]]]]");
	import_text_file(&x, "[[[[[[[[[[[[" A_BLOB "]]]]]]]]]]]]");
	assert_int_equal(1, x.problems.n);
	must_not_have(&x, "a.blob.core.windows.net");
	end(&x);
}

static void a_file_over_64_mib_is_refused(void **state)
{
	size_t len = DIAG_IMPORT_BYTES + 1;
	char *text = malloc(len);
	struct imported x;

	(void)state;
	assert_non_null(text);
	memset(text, ' ', len);
	begin(&x);
	assert_false(
	    diag_import_add(x.im, "big", text, len, &x.problems, &x.err));
	assert_int_equal(DIAG_ELIMIT, x.err.code);
	assert_string_equal("big: more than 67108864 bytes", x.err.what);
	memset(&x.err, 0, sizeof(x.err));
	memcpy(text, A_BLOB, sizeof(A_BLOB) - 1);
	assert_true(
	    diag_import_add(x.im, "big", text, len - 1, &x.problems, &x.err));
	finish(&x);
	must_have(&x, "a.blob.core.windows.net", "10.1.0.4");
	end(&x);
	free(text);
}

static void facts_have_a_ceiling(void **state)
{
	struct diag_buf text;
	struct imported x;

	(void)state;
	diag_buf_init(&text, (size_t)1 << 26);
	diag_buf_puts(&text, "{\"addressSpace\":{\"addressPrefixes\":[");
	for (int i = 0; i < IMPORT_FACTS + 1; i++)
		diag_buf_printf(&text, "%s\"::\"", i > 0 ? "," : "");
	diag_buf_puts(&text, "]}}");
	begin(&x);
	assert_false(diag_import_add(x.im, "many", text.data, text.len,
				     &x.problems, &x.err));
	assert_int_equal(DIAG_ELIMIT, x.err.code);
	assert_string_equal("many: more facts of one kind than are kept",
			    x.err.what);
	end(&x);
	diag_buf_clear(&text);
}

static void problems_may_be_left_out(void **state)
{
	struct diag_import *im;
	struct diag_err err = { .code = DIAG_OK };

	(void)state;
	assert_true(diag_import_new(&im, &err));
	assert_true(diag_import_add(im, "x", "{", 1, NULL, &err));
	diag_import_free(im);
	diag_import_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf16_gives_what_utf8_gives),
		cmocka_unit_test(marks_blanks_and_zeros_are_nothing),
		cmocka_unit_test(any_bytes_become_utf8),
		cmocka_unit_test(a_code_page_costs_only_its_own_letters),
		cmocka_unit_test(documents_may_be_joined_in_any_way),
		cmocka_unit_test(
		    a_place_names_the_file_and_a_later_documents_line),
		cmocka_unit_test(a_bad_document_does_not_stop_the_others),
		cmocka_unit_test(
		    a_file_cut_anywhere_is_told_and_gives_what_it_has),
		cmocka_unit_test(a_python_literal_is_json_in_other_words),
		cmocka_unit_test(a_printed_diagnosis_of_the_sdk_is_read),
		cmocka_unit_test(what_is_unknown_is_told_by_its_looks),
		cmocka_unit_test(an_empty_list_is_no_fault),
		cmocka_unit_test(a_list_that_goes_on_elsewhere_is_told),
		cmocka_unit_test(depth_bombs_are_errors),
		cmocka_unit_test(lists_may_be_nested_to_a_depth),
		cmocka_unit_test(a_file_over_64_mib_is_refused),
		cmocka_unit_test(facts_have_a_ceiling),
		cmocka_unit_test(problems_may_be_left_out),
	};

	return cmocka_run_group_tests_name("import documents", tests, NULL,
					   NULL);
}
