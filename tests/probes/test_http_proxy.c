/* SPDX-License-Identifier: MIT */
/* What a proxy's answer to CONNECT becomes.  A proxy that really connects is
 * met in the lab. */
#include "fact/store.h"
#include "probes/probes.h"
#include "run/runner.h"
#include "tests/probes/peer.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct diag_store facts;

static int setup(void **unused)
{
	(void)unused;
	diag_store_init(&facts);
	return 0;
}

static int teardown(void **unused)
{
	(void)unused;
	diag_store_clear(&facts);
	return 0;
}

static void ask_through(uint16_t port, unsigned timeout_ms)
{
	char url[64];
	struct diag_proxy proxy = { .scheme = "https", .url = url };
	struct diag_step step = { .probe = DIAG_PROBE_HTTP_PROXY,
				  .target = "right.example",
				  .name = "right.example",
				  .port = 443,
				  .stage = DIAG_STAGE_HTTP,
				  .proxy = &proxy,
				  .timeout_ms = timeout_ms };
	struct diag_run_options o = { .sink = diag_store_sink(&facts),
				      .user_agent = "pldiag/test" };
	struct diag_err err = { 0 };

	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%u", port);
	assert_true(diag_probe_run(&probe_http_proxy, &step, &o, &err));
	assert_int_equal(1, facts.n);
	assert_int_equal(DIAG_FACT_HTTP, facts.facts[0]->kind);
	assert_string_equal(url, facts.facts[0]->http.proxy);
}

static void meet(const struct peer_options *o, unsigned timeout_ms)
{
	struct peer *p = peer_start(o);

	ask_through(peer_port(p), timeout_ms);
	peer_stop(p);
}

static void refused_with(const char *answer, int code)
{
	const struct diag_fact *f;

	meet(&(struct peer_options){ .does = PEER_SAYS, .answer = answer },
	     3000);
	f = facts.facts[0];
	assert_int_equal(DIAG_ST_FAILED, f->status);
	assert_int_equal(code, f->http.connect_code);
	assert_int_equal(0, f->http.code);
}

static void a_proxy_that_wants_a_password_says_407(void **unused)
{
	(void)unused;
	refused_with("HTTP/1.1 407 Auth\r\nProxy-Authenticate: Basic\r\n"
		     "Content-Length: 0\r\nConnection: close\r\n\r\n",
		     407);
}

static void a_proxy_that_refuses_says_403(void **unused)
{
	(void)unused;
	refused_with("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", 403);
}

static void a_proxy_that_cannot_resolve_says_502(void **unused)
{
	(void)unused;
	refused_with("HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n", 502);
}

static void a_proxy_that_is_not_there_gives_no_code(void **unused)
{
	struct peer *p =
	    peer_start(&(struct peer_options){ .does = PEER_SILENT });
	uint16_t port = peer_port(p);

	(void)unused;
	peer_stop(p); /* nobody listens there now */
	ask_through(port, 3000);
	assert_int_equal(DIAG_ST_FAILED, facts.facts[0]->status);
	assert_int_equal(0, facts.facts[0]->http.connect_code);
	assert_non_null(facts.facts[0]->error);
}

static void a_silent_proxy_is_a_timeout(void **unused)
{
	(void)unused;
	meet(&(struct peer_options){ .does = PEER_SILENT }, 200);
	assert_int_equal(DIAG_ST_TIMEOUT, facts.facts[0]->status);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_proxy_that_wants_a_password_says_407),
		CASE(a_proxy_that_refuses_says_403),
		CASE(a_proxy_that_cannot_resolve_says_502),
		CASE(a_proxy_that_is_not_there_gives_no_code),
		CASE(a_silent_proxy_is_a_timeout),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("probe_http_proxy", tests, NULL,
					   NULL);
}
