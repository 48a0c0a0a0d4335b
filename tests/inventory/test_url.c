/* SPDX-License-Identifier: MIT */
/* Taking apart what people copy. */
#include "inventory/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct url_case {
	const char *text;
	const char *host; /* NULL: refused */
	unsigned port;	  /* or, when refused, unused */
	const char *why;  /* a part of the reason */
};

#define LABEL63 \
	"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"

static const struct url_case urls[] = {
	{ "ml.azure.com", "ml.azure.com", 0, NULL },
	{ "https://ml.azure.com", "ml.azure.com", 0, NULL },
	{ "HTTPS://ML.Azure.Com./", "ml.azure.com", 0, NULL },
	{ "  https://ml.azure.com/  ", "ml.azure.com", 0, NULL },
	{ "\t<https://ml.azure.com/>\n", "ml.azure.com", 0, NULL },
	{ "\"https://ml.azure.com/a\"", "ml.azure.com", 0, NULL },
	{ "'ml.azure.com'", "ml.azure.com", 0, NULL },
	{ "//ml.azure.com/x", "ml.azure.com", 0, NULL },
	{ "ml.azure.com/x?y#z", "ml.azure.com", 0, NULL },
	{ "ml.azure.com?wsid=1", "ml.azure.com", 0, NULL },
	{ "ml.azure.com#frag", "ml.azure.com", 0, NULL },
	{ "https:\\\\ml.azure.com\\x", "ml.azure.com", 0, NULL },
	{ "https:/ml.azure.com", NULL, 0, "dots" },
	{ "https://ml.azure.com\\evil.org", "ml.azure.com", 0, NULL },
	{ "wss://a.eastus.nodes.azureml.ms:8889/x", "a.eastus.nodes.azureml.ms",
	  8889, NULL },
	{ "a.example.org:8787", "a.example.org", 8787, NULL },
	{ "a.example.org:", "a.example.org", 0, NULL },
	{ "a.example.org:65535/", "a.example.org", 65535, NULL },
	{ "a.example.org:0", NULL, 0, "no port" },
	{ "a.example.org:65536", NULL, 0, "no port" },
	{ "a.example.org:x", NULL, 0, "no port" },
	{ "a.example.org:-1", NULL, 0, "no port" },
	{ "https://u:p@a.example.org:444/x", "a.example.org", 444, NULL },
	{ "https://u:p@w@a.example.org/", "a.example.org", 0, NULL },
	{ "https://ml.azure.com@evil.example.org/", "evil.example.org", 0,
	  NULL },
	{ "abfss://fs@acct.dfs.core.windows.net/p", "acct.dfs.core.windows.net",
	  0, NULL },
	{ "https://[2001:db8::1]/", NULL, 0, "IPv6" },
	{ "https://[2001:db8::1]:443/", NULL, 0, "IPv6" },
	{ "2001:db8::1", NULL, 0, "IPv6" },
	{ "fe80::1%eth0", NULL, 0, "IPv6" },
	{ "https://10.150.0.4/", NULL, 0, "IP address" },
	{ "10.150.0.4:443", NULL, 0, "IP address" },
	{ "ws1103", NULL, 0, "dots" },
	{ "localhost:8080", NULL, 0, "dots" },
	{ "*.eastus.inference.ml.azure.com", NULL, 0, "\"*\"" },
	{ "", NULL, 0, "empty" },
	{ "   ", NULL, 0, "empty" },
	{ "https://", NULL, 0, "no host" },
	{ "https:///path", NULL, 0, "no host" },
	{ "/path/only", NULL, 0, "no host" },
	{ "a..b.org", NULL, 0, "dots" },
	{ "a b.org", NULL, 0, "blank" },
	{ "a.org\x01", NULL, 0, "control" },
	{ "a.org\nb.org", NULL, 0, "blank" },
	{ "m\xc3\xbcller.org", NULL, 0, "xn--" },
	{ "a%2eexample.org", NULL, 0, "character" },
	{ "-a.example.org", NULL, 0, "hyphen" },
	{ LABEL63 ".example.org", LABEL63 ".example.org", 0, NULL },
	{ LABEL63 "x.example.org", NULL, 0, "63" },
	{ "/subscriptions/1/resourceGroups/2", "", 0, NULL },
};

static void urls_and_names_are_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		const struct url_case *c = &urls[i];
		struct diag_url url;
		const char *why = "";
		bool ok = diag_url_parse(c->text, &url, &why);

		if (ok != (c->host != NULL))
			fail_msg("%s: %s", c->text, why);
		if (!ok) {
			if (strstr(why, c->why) == NULL)
				fail_msg("%s: %s", c->text, why);
			continue;
		}
		assert_string_equal(c->host, url.host);
		assert_int_equal(c->port, url.port);
	}
}

static void a_text_of_any_length_is_taken(void **state)
{
	static char text[DIAG_URL_MAX + 2];
	struct diag_url url;
	const char *why = "";

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "https://ml.azure.com/", 21);
	assert_false(diag_url_parse(text, &url, &why));
	text[DIAG_URL_MAX] = '\0';
	assert_true(diag_url_parse(text, &url, &why));
}

/* --- the workspace in a path ----------------------------------------------
 */

struct path_case {
	const char *text;
	const char *workspace; /* NULL: none */
};

#define SUB "/subscriptions/00000000-1111-2222-3333-444444444444"

static const struct path_case paths[] = {
	{ "https://ml.azure.com/?wsid=" SUB "/resourcegroups/rg/workspaces/ws1"
	  "&tid=t",
	  "ws1" },
	{ "https://ml.azure.com/runs/x?tid=t&wsid=" SUB
	  "/resourceGroups/rg/workspaces/ws1",
	  "ws1" },
	{ "https://ml.azure.com/?wsid=%2Fsubscriptions%2Fs%2Fresourcegroups"
	  "%2Frg%2fworkspaces%2fws%2D1&flight=x",
	  "ws-1" },
	{ "https://ml.azure.com/?wsid=" SUB "/resourceGroups/rg/providers/"
	  "Microsoft.MachineLearningServices/workspaces/WS1#main",
	  "WS1" },
	{ "https://portal.azure.com/#@t.org/resource" SUB
	  "/resourceGroups/rg/providers/Microsoft.MachineLearningServices"
	  "/workspaces/ws1/overview",
	  "ws1" },
	{ SUB "/resourceGroups/rg/providers/microsoft.machinelearningservices"
	      "/workspaces/ws1",
	  "ws1" },
	{ SUB "/resourceGroups/rg/providers/Microsoft.OperationalInsights"
	      "/workspaces/logs",
	  NULL },
	{ SUB "/resourceGroups/rg/providers/Microsoft.OperationalInsights"
	      "/workspaces/logs/providers/"
	      "Microsoft.MachineLearningServices/workspaces/ws1",
	  "ws1" },
	{ "https://example.org/workspaces/ws1", NULL },
	{ "https://ml.azure.com/?wsid=" SUB "/workspaces/", NULL },
	{ "https://ml.azure.com/?wsid=" SUB "/workspaces/%00%ff", NULL },
	{ "https://ml.azure.com/?wsid=" SUB "/workspaces/a%2", NULL },
	{ "https://ml.azure.com/", NULL },
};

static void a_path_names_its_workspace(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct diag_url url;
		const char *why = "";
		char name[64] = "";
		bool ok;

		assert_true(diag_url_parse(paths[i].text, &url, &why));
		ok = diag_url_workspace(&url, name);
		if (ok != (paths[i].workspace != NULL))
			fail_msg("%s", paths[i].text);
		if (ok)
			assert_string_equal(paths[i].workspace, name);
	}
}

static void what_is_shown_again_holds_no_secret(void **state)
{
	static const char *const texts[][2] = {
		{ "https://u:secret@a.example.org/p?sig=secret",
		  "a.example.org/p" },
		{ "https://u:se/cret@a.example.org/p#secret",
		  "a.example.org/p" },
		{ "a.example.org?token=secret", "a.example.org" },
		{ "", "" },
		{ "@@@", "" },
	};
	char out[128];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_string_equal(
		    texts[i][1], diag_url_shown(texts[i][0], out, sizeof(out)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls_and_names_are_taken_apart),
		cmocka_unit_test(a_text_of_any_length_is_taken),
		cmocka_unit_test(a_path_names_its_workspace),
		cmocka_unit_test(what_is_shown_again_holds_no_secret),
	};

	return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
