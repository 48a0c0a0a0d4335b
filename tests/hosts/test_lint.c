/* SPDX-License-Identifier: MIT */
/* Every kind of finding, with the line as it should be, and beside it what
 * looks like it and must stay silent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "inventory/catalogue.h"
#include "tests/hosts/lint_test.h"

#define WS   "bf4ab0bd-2c9f-4480-abaf-f799f0832c80"
#define API  WS ".workspace.eastus.api.azureml.ms"
#define CERT WS ".workspace.eastus.cert.api.azureml.ms"
#define OLD  "ml-ws-eastus-" WS ".notebooks.azure.net"
#define NEW  "ml-ws-eastus-" WS ".eastus.notebooks.azure.net"
#define BOM  "\xef\xbb\xbf"

#define LINUX	DIAG_HOSTS_LINUX
#define WINDOWS DIAG_HOSTS_WINDOWS
#define MACOS	DIAG_HOSTS_MACOS

/* One finding, its corrected line, and whether that line is certain. */
struct one {
	const char *text, *want, *corrected;
	bool sure;
};

static void check_one(const struct one *t, enum diag_hosts_rules rules)
{
	struct linted l;

	lint_of(&l, t->text, strlen(t->text), rules);
	if (strcmp(t->want, diag_buf_str(&l.found)) != 0)
		print_error("in: %s\n", t->text);
	assert_string_equal(t->want, diag_buf_str(&l.found));
	assert_int_equal(1, l.lint.n);
	if (t->corrected == NULL)
		assert_null(l.lint.items[0].corrected);
	else
		assert_string_equal(t->corrected, l.lint.items[0].corrected);
	if ((l.lint.items[0].n_edits > 0) != t->sure)
		print_error("sure of: %s\n", t->text);
	assert_int_equal(t->sure, l.lint.items[0].n_edits > 0);
	lint_clear(&l);
}

static void check_all(const struct one *t, size_t n,
		      enum diag_hosts_rules rules)
{
	for (size_t i = 0; i < n; i++)
		check_one(&t[i], rules);
}
#define CHECK(table, rules) \
	check_all(table, sizeof(table) / sizeof((table)[0]), rules)

static void check_silent(const char *const *t, enum diag_hosts_rules rules)
{
	for (; *t != NULL; t++)
		lint_finds(*t, strlen(*t), rules, "");
}

static void address_and_name_that_run_together(void **unused)
{
	static const struct one t[] = {
		{ "10.150.0.13acr.azurecr.io\n", "1:12 error glued",
		  "10.150.0.13 acr.azurecr.io", true },
		{ "10.150.0.4" API "\n", "1:11 error glued", "10.150.0.4 " API,
		  true },
		{ "10.0.0.4app.example.com # c\r\n", "1:9 error glued",
		  "10.0.0.4 app.example.com # c", true },
		/* .12 and app, .1 and 2app: nobody can be certain */
		{ "10.0.0.12app.example.com\n", "1:10 error glued",
		  "10.0.0.12 app.example.com", false },
		/* a workspace id: the catalogue knows where it begins */
		{ "10.150.0.40f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b.workspace."
		  "eastus.api.azureml.ms\n",
		  "1:11 error glued",
		  "10.150.0.4 0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b.workspace."
		  "eastus.api.azureml.ms",
		  true },
		{ "fd00::5ws1103acr.azurecr.io\n", "1:8 error glued",
		  "fd00::5 ws1103acr.azurecr.io", false },
		{ "fd00::5acr.azurecr.io\n", "1:10 error glued",
		  "fd00::5ac r.azurecr.io", false },
		{ "10.0.0.4,a.test\n", "1:10 error glued", "10.0.0.4 a.test",
		  true },
		{ "10.0.0.4\xe3\x80\x80"
		  "a.test\n",
		  "1:12 error glued", "10.0.0.4 a.test", true },
	};
	static const char *const silent[] = {
		"1.2.3.4.in-addr.example\n",
		"123.tracker.example\n",
		"2001-db8.example\n",
		"#10.0.0.4app.example.com\n",
		"! 10.0.0.4app.example.com\n",
		"0.0.0.0 10.0.0.4app.example.com\n",
		NULL,
	};

	(void)unused;
	CHECK(t, LINUX);
	CHECK(t, WINDOWS);
	CHECK(t, MACOS);
	check_silent(silent, LINUX);
}

static void a_dot_at_the_end(void **unused)
{
	static const struct one t[] = {
		{ "10.0.0.1 acr.azurecr.io.\n", "1:10 error trailing-dot",
		  "10.0.0.1 acr.azurecr.io", true },
		{ "10.0.0.1\ta.test b.test.\r\n", "1:17 error trailing-dot",
		  "10.0.0.1\ta.test b.test", true },
	};
	static const char *const silent[] = {
		"10.0.0.1 a.test. a.test\n",
		"10.0.0.1 a.test.\n10.0.0.1 A.TEST\n",
		"10.0.0.1 a.test # b.test.\n",
		NULL,
	};
	static const char *const fine_on_macos[] = {
		"10.0.0.1 acr.azurecr.io.\n",
		NULL,
	};

	(void)unused;
	CHECK(t, LINUX);
	CHECK(t, WINDOWS);
	check_silent(silent, LINUX);
	check_silent(fine_on_macos, MACOS);
}

static void names_that_clients_never_ask(void **unused)
{
	static const struct one t[] = {
		{ "10.0.0.1 k1.vaultcore.azure.net\n",
		  "1:10 error wrong-suffix", "10.0.0.1 k1.vault.azure.net",
		  true },
		{ "10.0.0.1 K1.PrivateLink.VaultCore.Azure.Net.\n",
		  "1:10 error wrong-suffix", "10.0.0.1 k1.vault.azure.net",
		  true },
		{ "10.0.0.1 " WS ".workspace.eastus.privatelink.api.azureml.ms"
		  "\n",
		  "1:10 error wrong-suffix", "10.0.0.1 " API, true },
		{ "10.0.0.1 s.privatelink.blob.core.windows.net x # c\n",
		  "1:10 error wrong-suffix",
		  "10.0.0.1 s.blob.core.windows.net x # c", true },
		{ "10.0.0.1 ml-ws-eastus-" WS ".privatelink.notebooks.azure.net"
		  "\n",
		  "1:10 error wrong-suffix", "10.0.0.1 " OLD, true },
	};
	static const char *const silent[] = {
		"10.0.0.1 k1.vaultcore.azure.net\n10.0.0.1 "
		"k1.vault.azure.net\n",
		"10.0.0.1 c1.privatelink.eastus.azmk8s.io\n",
		"10.0.0.1 x.privatelink.example.com\n",
		"10.0.0.1 privatelink.vaultcore.azure.net\n",
		"10.0.0.1 vaultcore.azure.net\n",
		"10.0.0.1 privatelink\n",
		NULL,
	};

	(void)unused;
	CHECK(t, LINUX);
	CHECK(t, MACOS);
	check_silent(silent, LINUX);
}

static void wildcards(void **unused)
{
	static const struct one t[] = {
		{ "10.0.0.1 *.eastus.instances.azureml.ms\n",
		  "1:10 error wildcard", NULL, false },
		{ "10.0.0.1 a.*.test\n", "1:10 error wildcard", NULL, false },
		{ "0.0.0.0 ads*.test\n", "1:9 error wildcard", NULL, false },
		{ "10.0.0.1 a.test *\n", "1:17 error wildcard", NULL, false },
	};
	static const char *const silent[] = {
		"10.0.0.1 a.test # *.test\n", "#10.0.0.1 *.test\n", "*.test\n",
		"||*.ads.example^\n",	      "* a list\n",	    NULL,
	};
	struct linted l;

	(void)unused;
	CHECK(t, LINUX);
	CHECK(t, WINDOWS);
	check_silent(silent, LINUX);
	lint_of(&l, t[0].text, strlen(t[0].text), LINUX);
	assert_string_equal("*.eastus.instances.azureml.ms",
			    l.lint.items[0].meant);
	lint_clear(&l);
}

static void first_words_that_are_no_address(void **unused)
{
	static const struct one t[] = {
		{ "10.150.0.400 a.test\n", "1:14 error bad-address",
		  "ADDRESS a.test", false },
		{ "010.150.000.004 a.test\n", "1:17 error bad-address",
		  "10.150.0.4 a.test", true },
		{ "10.150.0.4/32 a.test\n", "1:15 error bad-address",
		  "10.150.0.4 a.test", true },
		{ "10.150.0.4:443 a.test\n", "1:16 error bad-address",
		  "10.150.0.4 a.test", true },
		{ "[fd00::5]:443 a.test\n", "1:15 error bad-address",
		  "fd00::5 a.test", true },
		{ "10.150.0.4; a.test\n", "1:13 error bad-address",
		  "10.150.0.4 a.test", true },
		{ "10.150.0 a.test\n", "1:10 error bad-address",
		  "ADDRESS a.test", false },
		{ "127.1 localhost\n", "1:7 error bad-address",
		  "ADDRESS localhost", false },
		{ "a.test 10.150.0.4 # c\n", "1:1 error bad-address",
		  "10.150.0.4 a.test # c", true },
		{ "\xc2\xa0"
		  "10.0.0.4 a.test\n",
		  "1:12 error bad-address", "10.0.0.4 a.test", true },
		{ "  \xe2\x80\x8b 10.0.0.4 a.test\n", "1:16 error bad-address",
		  "  10.0.0.4 a.test", true },
		{ "10.0.0.4\xc2\xa0 a.test\n", "1:12 error bad-address",
		  "10.0.0.4 a.test", true },
		/* and its name is mended in the same go */
		{ "10.0.0.4, k1.vaultcore.azure.net.\n",
		  "1:11 error bad-address", "10.0.0.4 k1.vault.azure.net",
		  true },
	};
	static const char *const silent[] = {
		"1.5 million names\n",
		"2025.01.01 release\n",
		"10.150.0.400\n",
		"10.150.0.400 # nothing\n",
		"localhost 127.0.0.1\n",
		"a.test 10.0.0.1 b.test\n",
		"fe80::1%lo0 localhost\n",
		"::: :::\n",
		"12:30 lunch\n",
		"not a hosts line at all 10.0.0.1\n",
		NULL,
	};

	(void)unused;
	CHECK(t, LINUX);
	CHECK(t, WINDOWS);
	check_silent(silent, LINUX);
	check_silent(silent, MACOS);
}

static void words_that_are_no_name(void **unused)
{
	static const struct one t[] = {
		{ "10.0.0.1 https://" API "/\n", "1:10 error bad-name",
		  "10.0.0.1 " API, true },
		{ "10.0.0.1 http://a.test:8080/x?y=z\n", "1:10 error bad-name",
		  "10.0.0.1 a.test", true },
		{ "10.0.0.1 a.test:443\n", "1:10 error bad-name",
		  "10.0.0.1 a.test", true },
		{ "10.0.0.1 a.test/\n", "1:10 error bad-name",
		  "10.0.0.1 a.test", true },
		{ "10.0.0.1 a.test\\\n", "1:10 error bad-name",
		  "10.0.0.1 a.test", true },
		{ "10.0.0.1 \"a.test\"\n", "1:10 error bad-name",
		  "10.0.0.1 a.test", true },
		{ "10.0.0.1 a.test\xe2\x80\x8b\n", "1:10 error bad-name",
		  "10.0.0.1 a.test", true },
		{ "10.0.0.1 a.test\xc2\xa0"
		  "b.test\n",
		  "1:10 error bad-name", "10.0.0.1 a.test b.test", true },
		{ "10.0.0.1 k1.vaultcore.azure.net:443\n",
		  "1:10 error bad-name", "10.0.0.1 k1.vault.azure.net", true },
		/* what else could be meant stays a person's choice */
		{ "10.0.0.1 one,two\n", "1:10 warning bad-name",
		  "10.0.0.1 one two", false },
		{ "10.0.0.1 a..test\n", "1:10 warning bad-name", NULL, false },
		{ "10.0.0.1 .a.test\n", "1:10 warning bad-name", NULL, false },
		{ "10.0.0.1 b\xc3\xbc"
		  "cher.test\n",
		  "1:10 warning bad-name", NULL, false },
		{ "10.0.0.1 a%b.test\n", "1:10 warning bad-name", NULL, false },
		{ "10.0.0.1 <account>.blob.core.windows.net\n",
		  "1:10 warning bad-name", NULL, false },
		{ "10.0.0.1 a.test ; my server, see wiki\n",
		  "1:17 warning bad-name",
		  "10.0.0.1 a.test # my server, see wiki", false },
		{ "10.0.0.1 a.test //my server\n", "1:17 warning bad-name",
		  "10.0.0.1 a.test #my server", false },
		{ "10.0.0.1 "
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaa.test\n",
		  "1:10 warning bad-name", NULL, false },
	};

	(void)unused;
	CHECK(t, LINUX);
	CHECK(t, WINDOWS);
}

static void words_that_are_names_after_all(void **unused)
{
	static const char *const silent[] = {
		"0.0.0.0 0.0.0.0\n",
		"0.0.0.0 ::1\n",
		"0.0.0.0 fe80::1%lo0\n",
		"0.0.0.0 -bad-.example_\n",
		"10.0.0.1 my_server a--b 1 1-2-3\n",
		"10.0.0.1 xn--bcher-kva.test\n",
		"127.0.1.1 {{fqdn}} {{hostname}}\n",
		"127.0.1.1 ${HOST}.example.com\n",
		"10.0.0.1 a.test a.test,\n",
		"10.0.0.1 a.test # b\xc3\xbc"
		"cher, https://x/\n",
		"10.0.0.1 "
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"a.test\n",
		NULL,
	};

	(void)unused;
	check_silent(silent, LINUX);
}

static void what_is_wrong_with_a_word_is_said(void **unused)
{
	static const struct {
		const char *word, *why;
	} t[] = {
		{ "https://a.test", "a URL" },
		{ "a.test/x", "a path" },
		{ "a.test:443", "a port" },
		{ "a.test,b.test", "only blanks part names" },
		{ "a.test\xc2\xa0"
		  "b.test",
		  "only looks like one" },
		{ "a.test\xe2\x80\x8b", "an invisible character" },
		{ "\"a.test\"", "no host name can have" },
		{ "b\xc3\xbc"
		  "cher.test",
		  "xn--" },
		{ "a..test", "two dots" },
		{ "; x", "'#' begins a comment" },
	};
	char line[200];

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct linted l;

		(void)snprintf(line, sizeof(line), "10.0.0.1 %s\n", t[i].word);
		lint_of(&l, line, strlen(line), LINUX);
		assert_int_equal(1, l.lint.n);
		if (strstr(l.lint.items[0].text, t[i].why) == NULL)
			print_error("%s\n", l.lint.items[0].text);
		assert_non_null(strstr(l.lint.items[0].text, t[i].why));
		lint_clear(&l);
	}
}

static void commas_and_comments_have_their_own_rule_on_macos(void **unused)
{
	static const struct one comma[] = {
		{ "10.0.0.1 a.test,b.test\n", "1:10 error bad-name",
		  "10.0.0.1 a.test b.test", true },
		{ "10.0.0.1 a.test, b.test\n", "1:10 error bad-name",
		  "10.0.0.1 a.test b.test", true },
	};
	static const char *const commas[] = { "10.0.0.1 a.test,b.test\n",
					      "10.0.0.1 a.test, b.test\n",
					      NULL };
	static const struct one touching[] = {
		{ "10.0.0.1 a.test#comment\n", "1:10 error bad-name",
		  "10.0.0.1 a.test #comment", true },
	};
	static const char *const comments[] = { "10.0.0.1 a.test#comment\n",
						NULL };
	static const char *const apart[] = { "10.0.0.1 a.test #comment\n",
					     NULL };

	(void)unused;
	CHECK(comma, LINUX);
	CHECK(comma, WINDOWS);
	check_silent(commas, MACOS);
	CHECK(touching, MACOS);
	check_silent(comments, LINUX);
	check_silent(apart, MACOS);
}

static void one_name_with_different_addresses(void **unused)
{
	static const struct one t[] = {
		{ "10.1.0.5 db\n10.2.0.5 db\n", "2:10 info conflict", NULL,
		  false },
		{ "fd00::1 db\nfd00::2 DB\n", "2:9 info conflict", NULL,
		  false },
		{ "10.0.0.4 " API "\n10.0.0.9 " API "\n",
		  "2:10 warning conflict", NULL, false },
		{ "127.0.1.1 node1\n10.0.0.5 node1\n", "2:10 warning conflict",
		  NULL, false },
		{ "10.0.0.5 ads.test\n0.0.0.0 ads.test\n",
		  "2:9 warning conflict", NULL, false },
		/* names that share their lines are told once */
		{ "10.1.0.5 db db1\n10.2.0.5 db db1\n", "2:10 info conflict",
		  NULL, false },
		{ "10.1.0.5 a\n10.2.0.5 b\n10.1.0.5 b\n", "3:10 info conflict",
		  NULL, false },
	};
	static const char *const silent[] = {
		"127.0.0.1 localhost\n::1 localhost\n",
		"10.0.0.1 a.test\nfd00::1 a.test\n",
		"10.0.0.1 a.test\n10.0.0.1 a.test\n",
		"10.0.0.1 a.test a.test A.Test\n",
		"fd00::1 a.test\nfd00:0::1 a.test\n",
		"127.0.0.1 ads.test\n0.0.0.0 ads.test\n127.0.0.2 ads.test\n",
		"::1 ads.test\n:: ads.test\n",
		"ff02::1 ip6-allnodes\nfe00::1 ip6-allnodes\n",
		"10.0.0.1 a.test\n#10.0.0.2 a.test\n",
		"10.0.0.1 a.test\n10.0.0.2 a.test.example\n",
		"127.0.1.1 laptop.example.com laptop\n127.0.0.1 localhost\n",
		NULL,
	};

	(void)unused;
	CHECK(t, LINUX);
	CHECK(t, MACOS);
	check_silent(silent, LINUX);
	check_silent(silent, WINDOWS);
	/* on Windows the second line does nothing */
	lint_finds(t[0].text, strlen(t[0].text), WINDOWS,
		   "2:10 warning conflict");
}

/* Whose address counts is the inventory's affair there, and only there. */
static void two_addresses_of_one_block_of_ours_are_a_hint(void **unused)
{
#define A     "10.0.0.5 kv.vault.azure.net\n"
#define B     "10.0.0.6 kv.vault.azure.net\n"
#define BEGIN "# pldiag: begin ws (written by pl-hosts; undo: pl-hosts undo)\n"
#define END   "# pldiag: end ws\n"
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ BEGIN A B END, "3:10 info conflict" },
		{ "127.0.0.1 localhost\n" BEGIN A B "10.0.0.7 x\n" END
		  "10.0.0.8 y\n",
		  "4:10 info conflict" },
		{ A B, "2:10 warning conflict" },
		{ A BEGIN B END, "3:10 warning conflict" },
		{ BEGIN A END B, "4:10 warning conflict" },
		{ BEGIN A END BEGIN B END, "5:10 warning conflict" },
		{ BEGIN "10.0.0.7 x\n" END A B, "5:10 warning conflict" },
		{ BEGIN A B END "10.0.0.7 kv.vault.azure.net\n",
		  "3:10 warning conflict" },
		{ BEGIN "127.0.0.1 kv.vault.azure.net\n" B END,
		  "3:10 warning conflict" },
		{ "# begin ws\n" A B "# end ws\n", "3:10 warning conflict" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		lint_finds(rows[i].text, strlen(rows[i].text), DIAG_HOSTS_LINUX,
			   rows[i].want);
	lint_finds(rows[0].text, strlen(rows[0].text), DIAG_HOSTS_WINDOWS,
		   rows[0].want);
#undef A
#undef B
#undef BEGIN
#undef END
}

static void a_conflict_says_who_wins_where(void **unused)
{
	static const char text[] = "10.1.0.5 db\n\n10.2.0.5 db\n10.3.0.5 db\n"
				   "10.1.0.5 db\n10.4.0.5 db\n";
	struct linted l;

	(void)unused;
	lint_of(&l, text, sizeof(text) - 1, LINUX);
	assert_int_equal(1, l.lint.n);
	assert_string_equal(
	    "db is 10.1.0.5 in line 1 and another, 10.2.0.5, here and in 2 "
	    "more lines: Linux and macOS answer with all, Windows with the "
	    "first",
	    l.lint.items[0].text);
	lint_clear(&l);
}

static void byte_order_marks(void **unused)
{
	static const struct one t[] = {
		{ BOM "10.0.0.1 a.test\n", "1:13 error bom", "10.0.0.1 a.test",
		  true },
		{ "# c\n" BOM "10.0.0.1 a.test\n", "2:13 error bom",
		  "10.0.0.1 a.test", true },
		{ BOM BOM "10.0.0.1 a.test\n", "1:16 error bom",
		  "10.0.0.1 a.test", true },
		{ BOM "# c\n10.0.0.1 a.test\n", "1:1 info bom", NULL, true },
		{ BOM "\n", "1:1 info bom", NULL, true },
		{ BOM "10.0.0.4a.test\n", "1:12 error glued", "10.0.0.4 a.test",
		  true },
	};
	static const char *const silent[] = {
		"# c\n" BOM "# d\n10.0.0.1 a.test # " BOM "\n",
		NULL,
	};

	(void)unused;
	CHECK(t, LINUX);
	CHECK(t, WINDOWS);
	check_silent(silent, LINUX);
}

static void line_ends(void **unused)
{
	static const struct one t[] = {
		{ "10.0.0.1 a\n10.0.0.2 b\r\n10.0.0.3 c\n",
		  "2:11 info mixed-endings", NULL, true },
		{ "10.0.0.1 a\r\n10.0.0.2 b\n10.0.0.3 c\r\n",
		  "2:11 info mixed-endings", NULL, true },
		{ "10.0.0.1 a\n10.0.0.2 b", "2:11 info no-newline", NULL,
		  true },
		{ "10.0.0.1 a\n# b", "2:4 info no-newline", NULL, true },
		{ "10.0.0.1 a\r\n10.0.0.2 b\r", "2:11 info no-newline", NULL,
		  true },
	};
	static const char *const silent[] = {
		"",
		"\n",
		"\r\n\r\n",
		"10.0.0.1 a\r\n10.0.0.2 b\r\n",
		" \t\n",
		"10.0.0.1 a\n  \t",
		"10.0.0.1 a\r\r\n",
		NULL,
	};

	(void)unused;
	CHECK(t, LINUX);
	CHECK(t, WINDOWS);
	CHECK(t, MACOS);
	check_silent(silent, LINUX);
	check_silent(silent, WINDOWS);
}

static void bytes_that_are_not_utf8(void **unused)
{
	static const struct one t[] = {
		{ "10.0.0.1 a\n10.0.0.2 b # Z\xfcrich\n# T\xfcr\n",
		  "2:15 info not-utf8", NULL, false },
		{ "\xff\xfe"
		  "1\0000\000.\000\n",
		  "1:1 error not-utf8", NULL, false },
		{ "\xfe\xff\n10.0.0.1a.test\n", "1:1 error not-utf8", NULL,
		  false },
	};
	static const char *const silent[] = {
		"# T\xc3\xbcr, \xe6\x9c\xac, \xf0\x9f\x98\x80\n",
		NULL,
	};

	(void)unused;
	CHECK(t, LINUX);
	check_silent(silent, LINUX);
}

static void more_names_than_windows_reads(void **unused)
{
	static const struct one t[] = {
		{ "10.0.0.1 1 2 3 4 5 6 7 8 9 10 # c\n",
		  "1:28 error too-many-names",
		  "10.0.0.1 1 2 3 4 5 6 7 8 9\n10.0.0.1 10 # c", true },
		{ "fd00::1\ta b c d e f g h i\tj k l m n o p q r s\r\n",
		  "1:27 error too-many-names",
		  "fd00::1\ta b c d e f g h i\nfd00::1 j k l m n o p q r\n"
		  "fd00::1 s",
		  true },
	};
	static const char *const silent[] = {
		"10.0.0.1 1 2 3 4 5 6 7 8 9\n",
		"10.0.0.1 1 2 3 4 5 6 7 8 9 # 10 11\n",
		NULL,
	};
	static const char *const elsewhere[] = {
		"10.0.0.1 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19\n",
		NULL,
	};

	(void)unused;
	CHECK(t, WINDOWS);
	check_silent(silent, WINDOWS);
	check_silent(elsewhere, LINUX);
	check_silent(elsewhere, MACOS);
}

static void notebook_names_of_old(void **unused)
{
	static const struct one t[] = {
		{ "10.0.0.5 " OLD "\n", "1:10 info old-form",
		  "10.0.0.5 " OLD " " NEW, false },
	};
	static const char *const silent[] = {
		"10.0.0.5 " NEW "\n",
		"10.0.0.5 " OLD " " NEW "\n",
		"10.0.0.5 " OLD "\n10.0.0.5 " NEW "\n",
		"10.0.0.5 x.notebooks.azure.net\n",
		"10.0.0.5 notebooks.azure.net\n",
		"10.0.0.5 a.notebooks.example.com\n",
		NULL,
	};

	(void)unused;
	CHECK(t, LINUX);
	check_silent(silent, LINUX);
}

static void findings_come_in_order_and_are_counted(void **unused)
{
	static const char text[] =
	    "10.0.0.1 a.test. *.b.test c%d\n"
	    "10.1.0.5 db\n10.2.0.5 db\r\n10.0.0.4k.test e.test.\n"
	    "10.0.0.5 " OLD;
	struct linted l;

	(void)unused;
	lint_of(&l, text, sizeof(text) - 1, LINUX);
	assert_string_equal("1:10 error trailing-dot, 1:18 error wildcard, "
			    "1:27 warning bad-name, 3:10 info conflict, "
			    "3:12 info mixed-endings, 4:9 error glued, "
			    "4:16 error glued, 5:10 info old-form, "
			    "5:79 info no-newline",
			    diag_buf_str(&l.found));
	assert_int_equal(4, l.lint.n_errors);
	assert_int_equal(1, l.lint.n_warnings);
	assert_int_equal(4, l.lint.n_infos);
	assert_int_equal(5, l.lint.n_fixable);
	assert_false(l.lint.cut);
	/* the line that has a certain and an uncertain fault */
	assert_string_equal("10.0.0.1 a.test *.b.test c%d",
			    l.lint.items[1].corrected);
	assert_int_equal(0, l.lint.items[1].n_edits);
	lint_clear(&l);
}

static void a_flood_of_findings_is_cut(void **unused)
{
	struct diag_buf text;
	struct linted l;

	(void)unused;
	diag_buf_init(&text, (size_t)8 << 20);
	for (unsigned i = 0; i < DIAG_HOSTS_FAULTS; i++)
		diag_buf_puts(&text, "10.0.0.1 *.a\n");
	lint_of(&l, text.data, text.len, LINUX);
	assert_int_equal(DIAG_HOSTS_FAULTS, l.lint.n);
	assert_false(l.lint.cut);
	lint_clear(&l);
	diag_buf_puts(&text, "10.0.0.1 *.a\n");
	lint_of(&l, text.data, text.len, LINUX);
	assert_int_equal(DIAG_HOSTS_FAULTS, l.lint.n);
	assert_true(l.lint.cut);
	lint_clear(&l);
	diag_buf_clear(&text);
}

/* What a NUL hides is not judged, and a line of a megabyte is one line. */
static void strange_shapes(void **unused)
{
	static const char nul[] = "10.0.0.1 a.test\0 *.b\n\0010.0.0.1x.test\n";
	struct diag_buf text;

	(void)unused;
	lint_finds(nul, sizeof(nul) - 1, LINUX, "");
	diag_buf_init(&text, (size_t)8 << 20);
	diag_buf_puts(&text, "10.0.0.1");
	for (unsigned i = 0; i < 100000; i++)
		diag_buf_printf(&text, " n%u.test", i);
	diag_buf_puts(&text, " z.test.\n10.0.0.2 z2.test.\n");
	{
		struct linted l;

		lint_of(&l, text.data, text.len, LINUX);
		assert_int_equal(2, l.lint.n);
		assert_int_equal(1, l.lint.items[0].line);
		assert_int_equal(2, l.lint.items[1].line);
		lint_clear(&l);
	}
	diag_buf_clear(&text);
}

static void words_of_rules_and_kinds(void **unused)
{
	enum diag_hosts_fault_kind back;

	(void)unused;
	for (unsigned i = 0; i < DIAG_HOSTS_N_FAULT_KINDS; i++) {
		const char *key =
		    diag_hosts_fault_key((enum diag_hosts_fault_kind)i);

		assert_true(diag_hosts_fault_parse(key, &back));
		assert_int_equal(i, back);
	}
	assert_false(diag_hosts_fault_parse("no-such-fault", &back));
	assert_string_equal("linux", diag_hosts_rules_key(LINUX));
	assert_string_equal("windows", diag_hosts_rules_key(WINDOWS));
	assert_string_equal("macos", diag_hosts_rules_key(MACOS));
	assert_string_equal("linux",
			    diag_hosts_rules_key(diag_hosts_rules_here()));
}

static int end(void **unused)
{
	(void)unused;
	diag_cat_unload();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(address_and_name_that_run_together),
		cmocka_unit_test(a_dot_at_the_end),
		cmocka_unit_test(names_that_clients_never_ask),
		cmocka_unit_test(wildcards),
		cmocka_unit_test(first_words_that_are_no_address),
		cmocka_unit_test(words_that_are_no_name),
		cmocka_unit_test(words_that_are_names_after_all),
		cmocka_unit_test(what_is_wrong_with_a_word_is_said),
		cmocka_unit_test(
		    commas_and_comments_have_their_own_rule_on_macos),
		cmocka_unit_test(one_name_with_different_addresses),
		cmocka_unit_test(two_addresses_of_one_block_of_ours_are_a_hint),
		cmocka_unit_test(a_conflict_says_who_wins_where),
		cmocka_unit_test(byte_order_marks),
		cmocka_unit_test(line_ends),
		cmocka_unit_test(bytes_that_are_not_utf8),
		cmocka_unit_test(more_names_than_windows_reads),
		cmocka_unit_test(notebook_names_of_old),
		cmocka_unit_test(findings_come_in_order_and_are_counted),
		cmocka_unit_test(a_flood_of_findings_is_cut),
		cmocka_unit_test(strange_shapes),
		cmocka_unit_test(words_of_rules_and_kinds),
	};

	return cmocka_run_group_tests_name("hosts lint", tests, NULL, end);
}
