/* SPDX-License-Identifier: MIT */
/* A machine out as JSON and in again, and what is told of a bad document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "tests/machine/machine_test.h"

/* A document with every key, as the printer writes it.  tests/e2e holds the
 * same file to docs/formats/machine.schema.json. */
static struct diag_buf full_text;
#define full diag_buf_str(&full_text)

static int read_full(void **unused)
{
	(void)unused;
	return diag_file_read(TEST_DATA "/machine/full.json", 65536, &full_text,
			      NULL)
		   ? 0
		   : -1;
}

static int clear_full(void **unused)
{
	(void)unused;
	diag_buf_clear(&full_text);
	return 0;
}

static void what_is_printed_reads_back_the_same(void **unused)
{
	const char *const t[] = { full, "{}" };

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

	(void)unused;
	assert_string_equal(full, text.data);
	diag_machine_free(m);
	diag_buf_clear(&text);
}

/* Whatever the reader of hosts files finds travels. */
static void faults_of_every_kind_read_back(void **unused)
{
	struct diag_buf doc;

	(void)unused;
	diag_buf_init(&doc, 65536);
	diag_buf_puts(&doc, "{'hosts':{'faults':[");
	for (unsigned i = 0; i < DIAG_HOSTS_N_FAULT_KINDS; i++)
		diag_buf_printf(
		    &doc, "%s{'kind':'%s','line':%u}", i > 0 ? "," : "",
		    diag_hosts_fault_key((enum diag_hosts_fault_kind)i), i + 1);
	diag_buf_puts(&doc, "]}}");
	{
		struct diag_machine *m = machine_of(doc.data);
		struct diag_buf text = machine_text(m);
		struct diag_machine *back = machine_of(text.data);

		assert_int_equal(DIAG_HOSTS_N_FAULT_KINDS,
				 back->hosts.n_faults);
		for (unsigned i = 0; i < DIAG_HOSTS_N_FAULT_KINDS; i++) {
			assert_int_equal(i, back->hosts.faults[i].kind);
			assert_null(back->hosts.faults[i].corrected);
		}
		diag_machine_free(m);
		diag_machine_free(back);
		diag_buf_clear(&text);
	}
	diag_buf_clear(&doc);
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
		{ "{'texts':[]}", "$.texts: " },
		{ "{'texts':{'hosts':7}}", "$.texts.hosts: " },
		{ "{'texts':{'resolv_conf':{}}}", "$.texts.resolv_conf: " },
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

static void parse_without_memory(const char *json)
{
	cJSON *tree = cJSON_Parse(json);
	bool ok = false;

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
}

static void without_memory_the_error_says_so(void **unused)
{
	(void)unused;
	parse_without_memory(full);
	parse_without_memory(
	    "{\"texts\":{\"hosts\":\"10.0.0.4 a.test\\n\","
	    "\"resolv_conf\":\"nameserver 10.0.0.53\\nsearch a b\\n\","
	    "\"nsswitch\":\"hosts: files dns\\n\"}}");
}

/* What a collector sends: files as they are, read here. */
static void files_that_came_as_they_are_are_read(void **unused)
{
	struct diag_machine *m = machine_of(
	    "{'platform':'linux','hosts':{'path':'/etc/hosts'},'texts':{"
	    "'hosts':'\\n10.0.0.4 A.test\\n\\n10.0.0.5b.vault.azure.net\\n',"
	    "'resolv_conf':'nameserver 10.0.0.53\\noptions ndots:3\\n',"
	    "'nsswitch':'hosts: files mdns4 [NOTFOUND=return] dns\\n'},"
	    "'servers':[{'at':'10.0.0.54','order':1}]}");

	(void)unused;
	assert_int_equal(m->hosts.n_edges, 1);
	assert_string_equal(m->hosts.edges[0].name, "a.test");
	assert_int_equal(m->hosts.edges[0].line, 2);
	assert_non_null(diag_hosts_lookup(&m->hosts, "a.test", DIAG_IPV4, 0));
	assert_int_equal(m->hosts.n_faults, 1);
	assert_int_equal(m->hosts.faults[0].kind, DIAG_HOSTS_GLUED);
	assert_int_equal(m->hosts.faults[0].line, 4);
	assert_int_equal(m->n_servers, 2);
	assert_string_equal(m->servers[0].source, "/etc/resolv.conf");
	assert_int_equal(m->resolv.ndots, 3);
	assert_int_equal(m->n_nss_hosts, 3);
	diag_machine_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_printed_reads_back_the_same),
		cmocka_unit_test(nothing_of_the_document_is_lost),
		cmocka_unit_test(faults_of_every_kind_read_back),
		cmocka_unit_test(
		    only_names_asked_for_are_printed_of_the_hosts_file),
		cmocka_unit_test(hosts_from_a_document_answer_lookups),
		cmocka_unit_test(every_problem_is_told_with_its_place),
		cmocka_unit_test(without_memory_the_error_says_so),
		cmocka_unit_test(files_that_came_as_they_are_are_read),
	};

	return cmocka_run_group_tests_name("machine JSON", tests, read_full,
					   clear_full);
}
