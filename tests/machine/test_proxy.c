/* SPDX-License-Identifier: MIT */
/* Proxy variables: what is kept of them, and who goes past the proxy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "machine/internal.h"
#include "tests/machine/machine_test.h"

static void a_proxy_is_kept_without_its_credentials(void **unused)
{
	static const struct {
		const char *value, *url;
		bool credentials;
	} t[] = {
		{ "http://proxy:3128", "http://proxy:3128", false },
		{ "proxy.corp.example:8080", "http://proxy.corp.example:8080",
		  false },
		{ "HTTPS://Proxy:443/", "https://proxy:443", false },
		{ "socks5h://10.0.0.1:1080", "socks5h://10.0.0.1:1080", false },
		{ "http://[fd00::1]:3128/", "http://[fd00::1]:3128", false },
		{ "http://u:p@proxy:3128", "http://proxy:3128", true },
		{ "u:p@proxy:3128", "http://proxy:3128", true },
		{ "http://u:p%40ss@proxy:3128/", "http://proxy:3128", true },
		{ "http://u:p@s/s@proxy:3128/", "http://proxy:3128", true },
		{ "http://u:p/ss?x#y@proxy:3128", "http://proxy:3128", true },
		{ " http://proxy ", "http://proxy", false },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct diag_machine *m = machine_of("{}");

		assert_true(machine_add_proxy(m, "https", t[i].value,
					      "HTTPS_PROXY", NULL, NULL));
		assert_int_equal(1, m->n_proxies);
		assert_string_equal(t[i].url, m->proxies[0].url);
		assert_int_equal(t[i].credentials,
				 m->proxies[0].has_credentials);
		diag_machine_free(m);
	}
}

static void what_is_no_url_is_noted_without_its_text(void **unused)
{
	static const char *const t[] = { "http://user:secret@", "http://",
					 "http://se cret:1", "http://\x1b[1m",
					 ":secret" };

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct diag_machine *m = machine_of("{}");
		struct diag_problems notes;

		diag_problems_init(&notes);
		assert_true(machine_add_proxy(m, "https", t[i], "https_proxy",
					      &notes, NULL));
		assert_int_equal(0, m->n_proxies);
		assert_string_equal("https_proxy is no proxy URL\n",
				    diag_buf_str(&notes.text));
		diag_problems_clear(&notes);
		diag_machine_free(m);
	}
}

static void no_proxy_is_read_as_curl_reads_it(void **unused)
{
	static const struct {
		const char *no_proxy, *name;
		bool direct;
	} t[] = {
		{ "", "a.example", false },
		{ "*", "a.example", true },
		{ "*.example", "a.example", false },
		{ "example", "a.example", true },
		{ ".example", "a.example", true },
		{ ".a.example", "a.example", true },
		{ "a.example.", "a.example", true },
		{ "ample", "a.example", false },
		{ "A.EXAMPLE", "a.example", true },
		{ "x,a.example", "a.example", true },
		{ "x a.example", "a.example", true },
		{ "x, a.example ,y", "a.example", true },
		{ "a.example:443", "a.example", true },
		{ "a.example:8443", "a.example", false },
		{ "10.0.0.4", "10.0.0.4", true },
		{ "10.0.0.0/8", "10.1.2.3", true },
		{ "10.0.0.5/8", "10.1.2.3", true },
		{ "10.0.0.0/8", "11.1.2.3", false },
		{ "fd00::/8", "fd00::4", true },
		{ "[fd00::4]", "fd00::4", true },
		{ "[fd00::4]:443", "fd00::4", true },
		{ "[fd00::4]:80", "fd00::4", false },
		{ "fd00::4", "fd00::4", true },
		{ "4", "10.0.0.4", false },
		{ "api.azureml.ms", "g.workspace.eastus.api.azureml.ms", true },
		{ ".,,..", "a.example", false },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct diag_machine *m = machine_of(
		    "{'proxies':[{'scheme':'https','url':'http://p:1'}]}");
		const struct diag_proxy *p;

		assert_true(machine_set_no_proxy(m, t[i].no_proxy, NULL));
		p = diag_machine_proxy(m, t[i].name);
		assert_int_equal(t[i].direct, p == NULL);
		diag_machine_free(m);
	}
}

static void the_https_proxy_comes_before_the_one_for_all(void **unused)
{
	struct diag_machine *m =
	    machine_of("{'proxies':[{'scheme':'all','url':'http://a:1'},"
		       "{'scheme':'http','url':'http://h:1'},"
		       "{'scheme':'https','url':'http://s:1'}]}");
	struct diag_machine *all =
	    machine_of("{'proxies':[{'scheme':'http','url':'http://h:1'},"
		       "{'scheme':'all','url':'http://a:1'}]}");
	struct diag_machine *plain =
	    machine_of("{'proxies':[{'scheme':'http','url':'http://h:1'}]}");

	(void)unused;
	assert_string_equal("http://s:1", diag_machine_proxy(m, "x")->url);
	assert_string_equal("http://a:1", diag_machine_proxy(all, "x")->url);
	assert_null(diag_machine_proxy(plain, "x"));
	diag_machine_free(m);
	diag_machine_free(all);
	diag_machine_free(plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_proxy_is_kept_without_its_credentials),
		cmocka_unit_test(what_is_no_url_is_noted_without_its_text),
		cmocka_unit_test(no_proxy_is_read_as_curl_reads_it),
		cmocka_unit_test(the_https_proxy_comes_before_the_one_for_all),
	};

	return cmocka_run_group_tests_name("proxy", tests, NULL, NULL);
}
