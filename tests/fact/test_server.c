/* SPDX-License-Identifier: MIT */
/* Which software a server says that it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fact/server.h"

/* As Debian 12's answer, and others as their manuals say. */
static void what_servers_say_is_known(void **unused)
{
	static const char *const said[][2] = {
		{ "9.18.41-1~deb12u1-Debian", "bind" },
		{ "9.20.0", "bind" },
		{ "BIND 9.16.1", "bind" },
		{ "unbound 1.17.1", "unbound" },
		{ "dnsmasq-2.90", "dnsmasq" },
		{ "NSD 4.6.1", "nsd" },
		{ "Knot DNS 3.2.6", "knot" },
		{ "CoreDNS-1.11.1", "coredns" },
		{ "Microsoft DNS 10.0.20348 (4F7C0002)", "windows" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		const char *key = diag_server_key(said[i][0]);

		assert_non_null(key);
		assert_string_equal(said[i][1], key);
	}
}

static void what_nobody_knows_is_not_guessed(void **unused)
{
	static const char *const said[] = {
		"",	  "none",	"go away",    "PowerDNS 4.7.3",
		"19.1.2", "not bind 9", "my unbound", "Q9-U-8.1",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		if (diag_server_key(said[i]) != NULL)
			fail_msg("%s", said[i]);
	assert_null(diag_server_key(NULL));
}

static void only_its_own_answer_counts(void **unused)
{
	const struct diag_rr text = { .name = DIAG_SERVER_QUESTION,
				      .type = DIAG_RR_TXT,
				      .value = "NSD 4.6.1" };
	struct diag_fact f = { .kind = DIAG_FACT_DNS,
			       .status = DIAG_ST_ANSWER };

	(void)unused;
	f.dns.name = DIAG_SERVER_QUESTION;
	f.dns.type = DIAG_RR_TXT;
	f.dns.chain = &text;
	f.dns.n_chain = 1;
	assert_true(diag_fact_is_server(&f));
	assert_string_equal("NSD 4.6.1", diag_fact_server_text(&f));
	f.status = DIAG_ST_REFUSED;
	assert_null(diag_fact_server_text(&f));
	f.status = DIAG_ST_ANSWER;
	f.dns.type = DIAG_RR_A;
	assert_false(diag_fact_is_server(&f));
	assert_null(diag_fact_server_text(&f));
	f.dns.type = DIAG_RR_TXT;
	f.dns.name = "a.example";
	assert_false(diag_fact_is_server(&f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_servers_say_is_known),
		cmocka_unit_test(what_nobody_knows_is_not_guessed),
		cmocka_unit_test(only_its_own_answer_counts),
	};

	return cmocka_run_group_tests_name("server", tests, NULL, NULL);
}
