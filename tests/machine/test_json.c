/* SPDX-License-Identifier: MIT */
/* A machine out as JSON and in again, and what is told of a bad document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tests/machine/machine_test.h"

static const char full[] =
    "{'schema':'pldiag.machine/1','host':'vpn-laptop','platform':'linux',"
    "'os':'Debian GNU/Linux 12 (bookworm)','container':'wsl',"
    "'nss_hosts':['files','dns'],"
    "'servers':[{'at':'127.0.0.53:53','source':'/etc/resolv.conf','order':0,"
    "'stub':true},{'at':'[fe80::1%eth0]:53','interface':'eth0',"
    "'source':'systemd-resolved','order':0,'behind_stub':true,"
    "'domains':['api.azureml.ms','.'],'default_route':true}],"
    "'resolv':{'search':['example.com'],'ndots':2,'timeout_ms':3000,"
    "'attempts':3,'rotate':true,'use_vc':true,'edns0':true,'trust_ad':true,"
    "'single_request':true},"
    "'hosts':{'path':'/etc/hosts','edges':[{'name':'localhost',"
    "'address':'127.0.0.1','line':1,'column':11,'canonical':true},"
    "{'name':'a.test','address':'fd00::4','line':2,'column':9}],"
    "'faults':[{'kind':'glued','line':3,'column':12,'meant':'b.test',"
    "'text':'run together','corrected':'10.0.0.4 b.test'}]},"
    "'interfaces':[{'name':'lo','up':true,'loopback':true,'mtu':65536,"
    "'addresses':[{'address':'127.0.0.1','prefix':'127.0.0.0/8'},"
    "{'address':'::1','prefix':'::1/128'}]},"
    "{'name':'tun0','up':false,'tunnel':true,'mtu':1400},"
    "{'name':'docker0','up':true,'container':true,'mtu':1500}],"
    "'routes':[{'to':'0.0.0.0/0','gateway':'192.168.1.1',"
    "'interface':'eth0','metric':100},{'to':'10.0.0.0/8',"
    "'interface':'tun0','metric':0}],"
    "'proxies':[{'scheme':'https','url':'http://proxy:3128',"
    "'has_credentials':true,'source':'HTTPS_PROXY'}],"
    "'no_proxy':['.example.com'],"
    "'roots':{'path':'/etc/ssl/certs/ca-certificates.crt',"
    "'local':['9bcc','e60e']},"
    "'clock':{'time':'2026-11-23T10:00:00Z','synchronised':false},"
    "'emulated':true}";

static void what_is_printed_reads_back_the_same(void **unused)
{
	static const char *const t[] = { full, "{}" };

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct diag_machine *m = machine_of(t[i]);
		struct diag_buf first = machine_text(m);
		struct diag_machine *back = machine_of(first.data);
		struct diag_buf second = machine_text(back);

		assert_string_equal(first.data, second.data);
		diag_machine_free(m);
		diag_machine_free(back);
		diag_buf_clear(&first);
		diag_buf_clear(&second);
	}
}

static void nothing_of_the_document_is_lost(void **unused)
{
	struct diag_machine *m = machine_of(full);
	struct diag_buf text = machine_text(m);
	char want[sizeof(full)];

	(void)unused;
	for (size_t i = 0; i < sizeof(full); i++)
		want[i] = full[i] == '\'' ? '"' : full[i];
	assert_string_equal(want, text.data);
	diag_machine_free(m);
	diag_buf_clear(&text);
}

static bool keep_a(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "a.test") == 0;
}

static void only_names_asked_for_are_printed_of_the_hosts_file(void **unused)
{
	struct diag_machine *m = machine_of(full);
	struct diag_buf out;
	struct diag_jw w;

	(void)unused;
	diag_buf_init(&out, 65536);
	diag_jw_init(&w, &out, 0);
	diag_machine_print(m, keep_a, NULL, &w);
	assert_non_null(strstr(out.data, "\"a.test\""));
	assert_null(strstr(out.data, "\"localhost\""));
	assert_null(strstr(out.data, "b.test"));
	diag_buf_clear(&out);
	diag_machine_free(m);
}

static void hosts_from_a_document_answer_lookups(void **unused)
{
	struct diag_machine *m = machine_of(full);

	(void)unused;
	assert_non_null(diag_hosts_lookup(&m->hosts, "a.test", DIAG_IPV6, 0));
	assert_null(diag_hosts_lookup(&m->hosts, "a.test", DIAG_IPV4, 0));
	diag_machine_free(m);
}

static bool parse_bad(const char *json, struct diag_problems *problems,
		      struct diag_err *err)
{
	const struct diag_json_limits limits = { 65536, 32 };
	struct diag_json_at at = { .file = "m.json", .problems = problems };
	struct diag_machine *m = NULL;
	struct diag_buf text;
	cJSON *tree = NULL;
	bool ok;

	diag_buf_init(&text, 65536);
	for (; *json != '\0'; json++)
		diag_buf_putc(&text, *json == '\'' ? '"' : *json);
	assert_true(diag_json_parse("m.json", diag_buf_str(&text), text.len,
				    &limits, &tree, NULL));
	ok = diag_machine_parse(tree, &at, &m, err);
	cJSON_Delete(tree);
	diag_buf_clear(&text);
	diag_machine_free(m);
	return ok;
}

static void every_problem_is_told_with_its_place(void **unused)
{
	static const struct {
		const char *json, *place;
	} t[] = {
		{ "[]", "m.json: $: " },
		{ "{'schema':'x/1'}", "$.schema: " },
		{ "{'host':1}", "$.host: " },
		{ "{'servers':{}}", "$.servers: " },
		{ "{'servers':[{'at':'10.0.0.1'},{}]}", "$.servers[1].at: " },
		{ "{'servers':[{'at':'nowhere'}]}", "$.servers[0].at: " },
		{ "{'servers':[7]}", "$.servers[0].at: " },
		{ "{'resolv':{'ndots':99}}", "$.resolv.ndots: " },
		{ "{'hosts':{'edges':[{'name':'a'}]}}",
		  "$.hosts.edges[0].address: " },
		{ "{'hosts':{'edges':[{'address':'10.0.0.1'}]}}",
		  "$.hosts.edges[0].name: " },
		{ "{'hosts':{'edges':[{'name':'a','address':'x'}]}}",
		  "$.hosts.edges[0].address: " },
		{ "{'hosts':{'faults':[{'kind':'x'}]}}",
		  "$.hosts.faults[0].kind: " },
		{ "{'interfaces':[{}]}", "$.interfaces[0].name: " },
		{ "{'interfaces':[{'name':'a','addresses':[{'address':'::1'}]}]"
		  "}",
		  "$.interfaces[0].addresses[0].prefix: " },
		{ "{'routes':[{'to':'x'}]}", "$.routes[0].to: " },
		{ "{'routes':[{'to':'::/0','gateway':'x'}]}",
		  "$.routes[0].gateway: " },
		{ "{'proxies':[{'scheme':'https'}]}", "$.proxies[0].url: " },
		{ "{'no_proxy':[1]}", "$.no_proxy" },
		{ "{'clock':{'time':'noon'}}", "$.clock.time: " },
		{ "{'emulated':'yes'}", "$.emulated: " },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct diag_problems problems;
		struct diag_err err = { 0 };

		diag_problems_init(&problems);
		assert_false(parse_bad(t[i].json, &problems, &err));
		assert_int_equal(1, problems.n);
		assert_non_null(
		    strstr(diag_buf_str(&problems.text), t[i].place));
		assert_int_equal(DIAG_EPARSE, err.code);
		assert_non_null(strstr(err.what, t[i].place));
		diag_problems_clear(&problems);
	}
}

static void without_memory_the_error_says_so(void **unused)
{
	struct diag_machine *m = machine_of(full);
	struct diag_buf text = machine_text(m);
	cJSON *tree = cJSON_Parse(text.data);
	bool ok = false;

	(void)unused;
	for (unsigned n = 1; !ok && n < 1000; n++) {
		struct diag_problems problems;
		struct diag_json_at at = { .problems = &problems };
		struct diag_machine *back = NULL;
		struct diag_err err = { 0 };

		diag_problems_init(&problems);
		diag_mem_fail_nth(n);
		ok = diag_machine_parse(tree, &at, &back, &err);
		diag_mem_fail_nth(0);
		assert_int_equal(ok ? DIAG_OK : DIAG_ENOMEM, err.code);
		diag_machine_free(back);
		diag_problems_clear(&problems);
	}
	assert_true(ok);
	cJSON_Delete(tree);
	diag_buf_clear(&text);
	diag_machine_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_printed_reads_back_the_same),
		cmocka_unit_test(nothing_of_the_document_is_lost),
		cmocka_unit_test(
		    only_names_asked_for_are_printed_of_the_hosts_file),
		cmocka_unit_test(hosts_from_a_document_answer_lookups),
		cmocka_unit_test(every_problem_is_told_with_its_place),
		cmocka_unit_test(without_memory_the_error_says_so),
	};

	return cmocka_run_group_tests_name("machine JSON", tests, NULL, NULL);
}
