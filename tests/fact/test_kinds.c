/* SPDX-License-Identifier: MIT */
/* The words of facts: each kind knows its statuses and no others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fact/fact.h"

/* The table of design.md, 5.2, as text. */
static const struct {
	const char *kind;
	const char *statuses;
} documented[] = {
	{ "dns", " not-run answer nodata nxdomain servfail refused rcode-other "
		 "truncated timeout port-closed unreachable malformed " },
	{ "system-dns", " not-run answer none timeout failed " },
	{ "route", " not-run ok none " },
	{ "tcp", " not-run open refused timeout unreachable reset failed " },
	{ "tls",
	  " not-run ok untrusted name-mismatch expired not-yet-valid cut "
	  "timeout failed " },
	{ "http", " not-run answer client-cert-wanted timeout cut failed " },
	{ "udp", " not-run reply closed silent unreachable failed " },
	{ "arrival", " not-run accepted seen listened " },
	{ "mtu", " not-run ok smaller black-hole silent " },
};
#define N_DOCUMENTED (sizeof(documented) / sizeof(documented[0]))

static void each_kind_knows_the_documented_statuses(void **unused)
{
	(void)unused;
	assert_int_equal(DIAG_N_FACT_KINDS, N_DOCUMENTED);
	for (size_t i = 0; i < N_DOCUMENTED; i++) {
		enum diag_fact_kind kind;

		assert_true(diag_fact_kind_parse(documented[i].kind, &kind));
		assert_string_equal(documented[i].kind,
				    diag_fact_kind_key(kind));
		for (unsigned s = 0; s < DIAG_N_STATUSES; s++) {
			const char *key = diag_status_key((enum diag_status)s);
			enum diag_status out;
			char padded[40];

			(void)snprintf(padded, sizeof(padded), " %s ", key);
			assert_int_equal(
			    strstr(documented[i].statuses, padded) != NULL,
			    diag_status_parse(kind, key, &out));
		}
	}
}

static void words_come_back_as_they_went(void **unused)
{
	static const enum diag_rrtype types[] = {
		DIAG_RR_A,   DIAG_RR_CNAME, DIAG_RR_SOA,
		DIAG_RR_TXT, DIAG_RR_AAAA,  (enum diag_rrtype)65
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		enum diag_rrtype out;

		assert_true(diag_rrtype_parse(diag_rrtype_key(types[i]), &out));
		assert_int_equal(types[i], out);
	}
	for (unsigned r = 0; r <= DIAG_ROOT_LOCAL; r++) {
		enum diag_root out;

		assert_true(
		    diag_root_parse(diag_root_key((enum diag_root)r), &out));
		assert_int_equal(r, out);
	}
}

static void strange_words_are_refused(void **unused)
{
	enum diag_rrtype type;
	enum diag_root root;
	enum diag_fact_kind kind;
	enum diag_status status;

	(void)unused;
	assert_false(diag_rrtype_parse("TYPE", &type));
	assert_false(diag_rrtype_parse("TYPE65536", &type));
	assert_false(diag_rrtype_parse("", &type));
	assert_false(diag_root_parse("Public", &root));
	assert_false(diag_fact_kind_parse("connect", &kind));
	assert_false(diag_status_parse(DIAG_FACT_UDP, "open", &status));
	assert_string_equal("TYPE65", diag_rrtype_key((enum diag_rrtype)65));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_knows_the_documented_statuses),
		cmocka_unit_test(words_come_back_as_they_went),
		cmocka_unit_test(strange_words_are_refused),
	};

	return cmocka_run_group_tests_name("fact kinds", tests, NULL, NULL);
}
