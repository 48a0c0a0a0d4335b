/* SPDX-License-Identifier: MIT */
/* Facts as JSON: what is printed comes back, and faults are told. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fact/json.h"
#include "tests/fact/make.h"
#include "tests/support/torture.h"

static const struct diag_json_limits limits = { 1 << 20, 32 };

static void print(const struct diag_fact *f, struct diag_buf *out)
{
	struct diag_jw w;

	diag_buf_init(out, 1 << 20);
	diag_jw_init(&w, out, 0);
	diag_fact_print(f, &w);
	assert_int_equal(DIAG_OK, out->code);
}

/* Reads one fact; gives how many problems there were. */
static unsigned parse(const char *text, struct diag_store *store, char *told,
		      size_t size)
{
	struct diag_problems problems;
	struct diag_json_at at = { .file = "f", .problems = &problems };
	struct diag_err err = { 0 };
	cJSON *obj = NULL;
	unsigned n;
	bool ok;

	diag_problems_init(&problems);
	assert_true(
	    diag_json_parse("f", text, strlen(text), &limits, &obj, &err));
	ok = diag_fact_parse(obj, &at, store, &err);
	n = problems.n;
	assert_int_equal(ok, n == 0);
	(void)snprintf(told, size, "%s", diag_buf_str(&problems.text));
	cJSON_Delete(obj);
	diag_problems_clear(&problems);
	return n;
}

static void what_is_printed_comes_back(void **unused)
{
	(void)unused;
	for (unsigned i = 0; i < 2000; i++) {
		struct make m = { .state = i + 1 };
		struct diag_store store;
		struct diag_buf text;
		struct diag_fact f;
		char told[1000];

		diag_arena_init(&m.arena, 0);
		diag_store_init(&store);
		(void)make_number(&m, 2); /* warm up */
		f = make_fact(&m, i % DIAG_N_FACT_KINDS);
		print(&f, &text);
		if (parse(text.data, &store, told, sizeof(told)) != 0)
			fail_msg("%s\n%s", text.data, told);
		if (!same_fact(&f, store.facts[0]))
			fail_msg("not the same: %s", text.data);
		diag_buf_clear(&text);
		diag_store_clear(&store);
		diag_arena_clear(&m.arena);
	}
}

static void a_fact_looks_like_this(void **unused)
{
	static const struct diag_rr chain[] = {
		{ "a.example", DIAG_RR_CNAME, 60, "b.example" },
		{ "b.example", DIAG_RR_A, 10, "192.0.2.1" },
	};
	struct diag_addr addr = diag_addr_v4(192, 0, 2, 1);
	struct diag_fact f = { .id = 3,
			       .kind = DIAG_FACT_DNS,
			       .status = DIAG_ST_ANSWER,
			       .target = "a.example",
			       .started_ms = 0.5,
			       .took_ms = 12.25 };
	struct diag_buf text;

	(void)unused;
	f.dns = (struct diag_dns_fact){ .view = "192.0.2.53:53",
					.name = "a.example",
					.type = DIAG_RR_A,
					.ede = -1,
					.chain = chain,
					.n_chain = 2,
					.addresses = &addr,
					.n_addresses = 1,
					.sends = 1,
					.received = 1,
					.edns = true };
	print(&f, &text);
	assert_string_equal(
	    "{\"id\":3,\"probe\":\"dns\",\"target\":\"a.example\","
	    "\"started_ms\":0.5,\"took_ms\":12.25,\"status\":\"answer\","
	    "\"view\":\"192.0.2.53:53\",\"name\":\"a.example\",\"type\":\"A\","
	    "\"transport\":\"udp\",\"rcode\":0,\"chain\":[{\"name\":"
	    "\"a.example\",\"type\":\"CNAME\",\"ttl\":60,\"value\":"
	    "\"b.example\"},{\"name\":\"b.example\",\"type\":\"A\",\"ttl\":10,"
	    "\"value\":\"192.0.2.1\"}],\"addresses\":[\"192.0.2.1\"],"
	    "\"sends\":1,\"received\":1,\"edns\":true}",
	    text.data);
	diag_buf_clear(&text);
}

static void an_errno_is_a_name_and_may_be_a_number(void **unused)
{
	struct diag_fact f = { .kind = DIAG_FACT_TCP,
			       .status = DIAG_ST_REFUSED,
			       .sys_errno = ECONNREFUSED };
	struct diag_store store;
	struct diag_buf text;
	char told[500];

	(void)unused;
	print(&f, &text);
	assert_non_null(strstr(text.data, "\"errno\":\"ECONNREFUSED\""));
	diag_buf_clear(&text);
	diag_store_init(&store);
	assert_int_equal(0, parse("{\"probe\":\"tcp\",\"status\":\"failed\","
				  "\"address\":\"10.0.0.1\",\"port\":1,"
				  "\"errno\":-3008}",
				  &store, told, sizeof(told)));
	assert_int_equal(-3008, store.facts[0]->sys_errno);
	assert_int_equal(1, parse("{\"probe\":\"tcp\",\"status\":\"failed\","
				  "\"address\":\"10.0.0.1\",\"port\":1,"
				  "\"errno\":\"ENOSUCHTHING\"}",
				  &store, told, sizeof(told)));
	assert_non_null(strstr(told, "$.errno"));
	diag_store_clear(&store);
}

static void all_faults_are_told_with_their_places(void **unused)
{
	struct diag_store store;
	char told[2000];

	(void)unused;
	diag_store_init(&store);
	assert_int_equal(
	    6, parse("{\"probe\":\"dns\",\"status\":\"answer\",\"view\":5,"
		     "\"type\":\"B\",\"transport\":\"quic\",\"addresses\":"
		     "[\"10.0.0.1\",\"x\"],\"chain\":[{\"name\":\"a\",\"type\":"
		     "\"A\",\"value\":\"b\"},{\"name\":\"a\",\"type\":\"A\"}]}",
		     &store, told, sizeof(told)));
	assert_non_null(strstr(told, "f: $.view: expected text, got 5"));
	assert_non_null(strstr(told, "f: $.name: expected text"));
	assert_non_null(strstr(told, "f: $.type: "));
	assert_non_null(strstr(told, "f: $.transport: expected udp or tcp"));
	assert_non_null(strstr(told, "f: $.addresses[1]: "));
	assert_non_null(strstr(told, "f: $.chain[1].value: "));
	assert_int_equal(0, store.n);
	diag_store_clear(&store);
}

static void what_is_no_fact_is_refused(void **unused)
{
	static const char *const texts[] = {
		"[]",
		"7",
		"{}",
		"{\"probe\":\"tcp\"}",
		"{\"status\":\"open\"}",
		"{\"probe\":\"tcp\",\"status\":\"nxdomain\"}",
		"{\"probe\":\"tcp\",\"status\":\"open\"}",
		"{\"probe\":\"tcp\",\"status\":\"open\",\"address\":"
		"\"10.0.0.1\",\"port\":0}",
		"{\"probe\":\"route\",\"status\":\"ok\",\"address\":[]}",
		"{\"probe\":\"http\",\"status\":\"answer\",\"url\":\"u\","
		"\"headers\":{\"a b\":\"c\"}}",
		"{\"probe\":\"http\",\"status\":\"answer\",\"url\":\"u\","
		"\"headers\":{\"a\":[1]}}",
		"{\"probe\":\"udp\",\"status\":\"silent\",\"address\":"
		"\"10.0.0.1\",\"port\":1,\"took_ms\":-1}",
	};
	struct diag_store store;
	char told[2000];

	(void)unused;
	diag_store_init(&store);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (parse(texts[i], &store, told, sizeof(told)) == 0)
			fail_msg("%s was taken", texts[i]);
	diag_store_clear(&store);
}

static void a_fact_not_run_may_lack_what_others_must_have(void **unused)
{
	struct diag_store store;
	char told[500];

	(void)unused;
	diag_store_init(&store);
	assert_int_equal(0, parse("{\"probe\":\"dns\",\"status\":\"not-run\"}",
				  &store, told, sizeof(told)));
	assert_string_equal("", store.facts[0]->dns.name);
	assert_int_equal(-1, store.facts[0]->dns.rcode);
	assert_int_equal(0, parse("{\"probe\":\"tcp\",\"status\":\"not-run\"}",
				  &store, told, sizeof(told)));
	diag_store_clear(&store);
}

static void unknown_keys_are_fine(void **unused)
{
	struct diag_store store;
	char told[500];

	(void)unused;
	diag_store_init(&store);
	assert_int_equal(
	    0, parse("{\"probe\":\"tcp\",\"status\":\"open\",\"address\":"
		     "\"10.0.0.1\",\"port\":1,\"icmp\":null,\"new\":[{}]}",
		     &store, told, sizeof(told)));
	diag_store_clear(&store);
}

static void a_list_has_a_limit(void **unused)
{
	struct diag_store store;
	struct diag_buf text;
	char told[500];

	(void)unused;
	diag_buf_init(&text, 1 << 20);
	diag_store_init(&store);
	diag_buf_puts(&text, "{\"probe\":\"http\",\"status\":\"answer\","
			     "\"url\":\"u\",\"headers\":{\"a\":[\"\"");
	for (int i = 0; i < 256; i++)
		diag_buf_puts(&text, ",\"\"");
	diag_buf_puts(&text, "]}}");
	assert_int_equal(1, parse(text.data, &store, told, sizeof(told)));
	diag_buf_clear(&text);
	diag_store_clear(&store);
}

static void any_bytes_give_valid_json(void **unused)
{
	static const struct diag_header headers[] = { { "\xff", "lost" },
						      { "\xfe", "lost" },
						      { "", "lost" },
						      { "ok", "\xff\x1b" } };
	struct diag_fact f = { .kind = DIAG_FACT_HTTP,
			       .status = DIAG_ST_ANSWER,
			       .target = "\xc3",
			       .error = "\xed\xa0\x80\x01" };
	struct diag_store store;
	struct diag_buf text;
	char told[500];

	(void)unused;
	f.http.url = "\xf8\x88\x80\x80\x80";
	f.http.headers = headers;
	f.http.n_headers = 4;
	print(&f, &text);
	diag_store_init(&store);
	assert_int_equal(0, parse(text.data, &store, told, sizeof(told)));
	assert_int_equal(1, store.facts[0]->http.n_headers);
	assert_string_equal("ok", store.facts[0]->http.headers[0].name);
	diag_store_clear(&store);
	diag_buf_clear(&text);
}

static bool read_lines(void *arg)
{
	const struct diag_buf *texts = arg;
	struct diag_store store;
	bool ok = true;

	diag_store_init(&store);
	for (unsigned i = 0; ok && i < DIAG_N_FACT_KINDS; i++) {
		struct diag_problems problems;
		struct diag_json_at at = { .file = "f", .problems = &problems };
		cJSON *obj = NULL;

		diag_problems_init(&problems);
		ok = diag_json_parse("f", texts[i].data, texts[i].len, &limits,
				     &obj, NULL) &&
		     diag_fact_parse(obj, &at, &store, NULL);
		cJSON_Delete(obj);
		diag_problems_clear(&problems);
	}
	diag_store_clear(&store);
	return ok;
}

static void no_allocation_that_fails_breaks_reading(void **unused)
{
	struct make m = { .state = 77 };
	struct diag_buf texts[DIAG_N_FACT_KINDS];

	(void)unused;
	diag_arena_init(&m.arena, 0);
	for (unsigned i = 0; i < DIAG_N_FACT_KINDS; i++) {
		struct diag_fact f = make_fact(&m, i);

		print(&f, &texts[i]);
	}
	assert_true(torture(read_lines, texts) > DIAG_N_FACT_KINDS);
	for (unsigned i = 0; i < DIAG_N_FACT_KINDS; i++)
		diag_buf_clear(&texts[i]);
	diag_arena_clear(&m.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_printed_comes_back),
		cmocka_unit_test(a_fact_looks_like_this),
		cmocka_unit_test(an_errno_is_a_name_and_may_be_a_number),
		cmocka_unit_test(all_faults_are_told_with_their_places),
		cmocka_unit_test(what_is_no_fact_is_refused),
		cmocka_unit_test(a_fact_not_run_may_lack_what_others_must_have),
		cmocka_unit_test(unknown_keys_are_fine),
		cmocka_unit_test(a_list_has_a_limit),
		cmocka_unit_test(any_bytes_give_valid_json),
		cmocka_unit_test(no_allocation_that_fails_breaks_reading),
	};

	return cmocka_run_group_tests_name("fact json", tests, NULL, NULL);
}
