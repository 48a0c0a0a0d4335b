/* SPDX-License-Identifier: MIT */
/* Documents through the mask: what a member is called says how its value is
 * read, and words of ours stay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fnmatch.h>

#include "tests/mask/masked.h"

#define N "n?????????"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_go_by_what_they_are_called),
		cmocka_unit_test(
		    a_host_named_like_a_word_of_ours_changes_no_word),
	};

	return cmocka_run_group_tests_name("mask/json", tests, NULL, NULL);
}
