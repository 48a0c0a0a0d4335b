/* SPDX-License-Identifier: MIT */
/* Names: one form, and what may not be a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/fqdn.h"

static void assert_normal(const char *text, const char *want)
{
	char out[DIAG_FQDN_MAX];
	const char *why = NULL;

	assert_true(diag_fqdn_normal(text, strlen(text), out, &why));
	assert_string_equal(want, out);
	assert_null(why);
}

static void assert_refused(const char *text, size_t len, const char *want)
{
	char out[DIAG_FQDN_MAX] = "before";
	const char *why = NULL;

	assert_false(diag_fqdn_normal(text, len, out, &why));
	assert_string_equal("before", out);
	assert_non_null(why);
	assert_string_equal(want, why);
	assert_false(diag_fqdn_normal(text, len, out, NULL));
}

static void names_are_lower_case_without_the_last_dot(void **unused)
{
	(void)unused;
	assert_normal("Example.COM", "example.com");
	assert_normal("example.com.", "example.com");
	assert_normal("localhost", "localhost");
	assert_normal("*.api.azureml.ms", "*.api.azureml.ms");
	assert_normal("_dns.resolver.arpa", "_dns.resolver.arpa");
	assert_normal("3com.com", "3com.com");
	assert_normal("xn--bcher-kva.example", "xn--bcher-kva.example");
	assert_normal("4.0.0.10.in-addr.arpa", "4.0.0.10.in-addr.arpa");
	assert_normal("123456789012", "123456789012");
}

static void what_is_no_name_says_why(void **unused)
{
	static const char *const bad[][2] = {
		{ "", "an empty name" },
		{ ".", "an empty name" },
		{ "a..b", "two dots without a label between" },
		{ "a.b..", "two dots without a label between" },
		{ ".a", "two dots without a label between" },
		{ "-a.b", "a label begins or ends with a hyphen" },
		{ "a.b-", "a label begins or ends with a hyphen" },
		{ "a b", "a character that no host name can have" },
		{ "a/b", "a character that no host name can have" },
		{ "https://a", "a character that no host name can have" },
		{ "a:443", "a character that no host name can have" },
		{ "b\xc3\xbc"
		  "cher.example",
		  "letters beyond ASCII: write the xn-- form" },
		{ "a.*.b", "'*' may only be the whole first label" },
		{ "a*.b", "'*' may only be the whole first label" },
		{ "*", "'*' may only be the whole first label" },
		{ "*.", "'*' may only be the whole first label" },
		{ "*.*.b", "'*' may only be the whole first label" },
		{ "10.0.0.4", "an address, not a name" },
		{ "10.0.0.4.", "an address, not a name" },
		{ "::1", "an address, not a name" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(bad[i][0], strlen(bad[i][0]), bad[i][1]);
	assert_refused("a\0b", 3, "a character that no host name can have");
}

/* RFC 1035, 2.3.4: labels of 63 bytes, names of 253 as text. */
static void lengths_are_kept_to_the_byte(void **unused)
{
	char name[256];

	(void)unused;
	memset(name, 'a', sizeof(name));
	name[63] = '.';
	name[127] = '.';
	name[191] = '.';
	name[253] = '\0';
	assert_normal(name, name);
	name[253] = '.';
	name[254] = '\0';
	assert_true(diag_fqdn_normal(name, 254, name, NULL));
	name[253] = 'a';
	assert_refused(name, 254, "longer than 253 bytes");
	memset(name, 'a', 64);
	assert_refused(name, 64, "a label is longer than 63 bytes");
}

static void under_is_by_whole_labels(void **unused)
{
	(void)unused;
	assert_true(diag_fqdn_under("a.b.c", "b.c"));
	assert_true(diag_fqdn_under("b.c", "b.c"));
	assert_false(diag_fqdn_under("ab.c", "b.c"));
	assert_false(diag_fqdn_under("c", "b.c"));
	assert_true(diag_fqdn_under("a.b", ""));
}

static void private_link_is_a_whole_label(void **unused)
{
	const char *name = "g.workspace.eastus.privatelink.api.azureml.ms";

	(void)unused;
	assert_true(diag_fqdn_is_privatelink(name));
	assert_true(diag_fqdn_is_privatelink("privatelink.azurecr.io"));
	assert_true(diag_fqdn_is_privatelink("a.privatelink"));
	assert_false(diag_fqdn_is_privatelink("a.privatelinks.api.ms"));
	assert_false(diag_fqdn_is_privatelink("myprivatelink.api.ms"));
	assert_false(diag_fqdn_is_privatelink(""));
	assert_string_equal("privatelink.api.azureml.ms",
			    diag_fqdn_privatelink_zone(name));
	assert_ptr_equal(name + 19, diag_fqdn_privatelink_zone(name));
	assert_null(diag_fqdn_privatelink_zone("a.api.azureml.ms"));
	assert_null(diag_fqdn_privatelink_zone("a.privatelink"));
}

static void certificate_names_match_as_rfc_9525_says(void **unused)
{
	(void)unused;
	assert_true(diag_fqdn_matches("a.example.com", "a.example.com"));
	assert_true(diag_fqdn_matches("A.Example.COM", "a.example.com"));
	assert_true(diag_fqdn_matches("*.example.com", "a.example.com"));
	assert_true(diag_fqdn_matches("*.Example.com", "a.example.com"));
	assert_false(diag_fqdn_matches("*.example.com", "example.com"));
	assert_false(diag_fqdn_matches("*.example.com", "a.b.example.com"));
	assert_false(diag_fqdn_matches("a*.example.com", "ab.example.com"));
	assert_false(diag_fqdn_matches("a.*.com", "a.example.com"));
	assert_false(diag_fqdn_matches("*.com", "example.com"));
	assert_false(diag_fqdn_matches("*", "com"));
	assert_false(diag_fqdn_matches("*.0.0.4", "10.0.0.4"));
	assert_false(diag_fqdn_matches("", ""));
	assert_false(diag_fqdn_matches("*.example.com", ".example.com"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_lower_case_without_the_last_dot),
		cmocka_unit_test(what_is_no_name_says_why),
		cmocka_unit_test(lengths_are_kept_to_the_byte),
		cmocka_unit_test(under_is_by_whole_labels),
		cmocka_unit_test(private_link_is_a_whole_label),
		cmocka_unit_test(certificate_names_match_as_rfc_9525_says),
	};

	return cmocka_run_group_tests_name("net/fqdn", tests, NULL, NULL);
}
