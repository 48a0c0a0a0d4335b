/* SPDX-License-Identifier: MIT */
/* What a connection must tell apart, each case made on loopback. */
#include "fact/store.h"
#include "probes/probes.h"
#include "run/runner.h"
#include "tests/probes/peer.h"

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct diag_store facts;
static char ca_file[64];

static int setup(void **unused)
{
	int fd;

	(void)unused;
	diag_store_init(&facts);
	(void)snprintf(ca_file, sizeof(ca_file), "/tmp/pldiag-ca-XXXXXX");
	fd = mkstemp(ca_file);
	return fd >= 0 ? close(fd) : -1;
}

static int teardown(void **unused)
{
	(void)unused;
	diag_store_clear(&facts);
	return unlink(ca_file);
}

static struct diag_step step_to(uint16_t port, enum diag_stage stage)
{
	return (struct diag_step){ .probe = DIAG_PROBE_CONNECT,
				   .target = "right.example",
				   .name = "right.example",
				   .addr = diag_addr_v4(127, 0, 0, 1),
				   .port = port,
				   .stage = stage,
				   .timeout_ms = 4000 };
}

static void probe_with(const struct diag_step *step, const char *ca)
{
	struct diag_run_options o = { .sink = diag_store_sink(&facts),
				      .ca_file = ca,
				      .user_agent = "pldiag/test" };
	struct diag_err err = { 0 };

	assert_true(diag_probe_run(&probe_connect, step, &o, &err));
	assert_int_equal(DIAG_OK, err.code);
}

/* Run one connection against this peer and look at its n facts. */
static void meet(const struct peer_options *o, enum diag_stage stage,
		 unsigned timeout_ms, size_t n)
{
	struct peer *p = peer_start(o);
	struct diag_step step = step_to(peer_port(p), stage);

	step.timeout_ms = timeout_ms;
	probe_with(&step, o->ca_file);
	peer_stop(p);
	assert_int_equal(n, facts.n);
	assert_int_equal(DIAG_FACT_TCP, facts.facts[0]->kind);
}

static const struct diag_fact *last(void)
{
	return facts.facts[facts.n - 1];
}

static void an_open_port_is_open(void **unused)
{
	(void)unused;
	meet(&(struct peer_options){ .does = PEER_SILENT }, DIAG_STAGE_TCP,
	     2000, 1);
	assert_int_equal(DIAG_ST_OPEN, last()->status);
	assert_int_equal(DIAG_IPV4, last()->tcp.local_address.family);
	assert_true(last()->tcp.local_port > 0);
	assert_null(last()->error);
}

static void a_closed_port_is_refused(void **unused)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct diag_step step;

	(void)unused;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(0, bind(fd, (struct sockaddr *)&sin, sizeof(sin)));
	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&sin, &len));
	step = step_to(ntohs(sin.sin_port), DIAG_STAGE_HTTP);
	probe_with(&step, NULL);
	(void)close(fd);
	assert_int_equal(1, facts.n);
	assert_int_equal(DIAG_ST_REFUSED, last()->status);
	assert_int_equal(ECONNREFUSED, last()->sys_errno);
	assert_false(last()->tcp.icmp.seen);
}

static void a_reset_after_open_is_a_reset_where_no_tls_was_tried(void **unused)
{
	(void)unused;
	meet(&(struct peer_options){ .does = PEER_RST_AT_ACCEPT },
	     DIAG_STAGE_TCP, 2000, 1);
	assert_int_equal(DIAG_ST_RESET, last()->status);
	assert_int_equal(ECONNRESET, last()->sys_errno);
}

static void a_port_that_closes_at_once_is_still_open(void **unused)
{
	(void)unused;
	meet(&(struct peer_options){ .does = PEER_FIN_AT_ACCEPT },
	     DIAG_STAGE_TCP, 2000, 1);
	assert_int_equal(DIAG_ST_OPEN, last()->status);
}

static void fin_and_rst_after_client_hello_are_both_cut(void **unused)
{
	(void)unused;
	meet(&(struct peer_options){ .does = PEER_FIN_AT_HELLO },
	     DIAG_STAGE_HTTP, 2000, 2);
	assert_int_equal(DIAG_FACT_TLS, last()->kind);
	assert_int_equal(DIAG_ST_CUT, last()->status);
	assert_false(last()->tls.server_hello);
	meet(&(struct peer_options){ .does = PEER_RST_AT_HELLO },
	     DIAG_STAGE_HTTP, 2000, 4);
	assert_int_equal(DIAG_ST_CUT, last()->status);
}

static void silence_after_client_hello_is_a_tls_timeout(void **unused)
{
	(void)unused;
	meet(&(struct peer_options){ .does = PEER_SILENT }, DIAG_STAGE_HTTP,
	     150, 2);
	assert_int_equal(DIAG_ST_OPEN, facts.facts[0]->status);
	assert_int_equal(DIAG_ST_TIMEOUT, last()->status);
	assert_false(last()->tls.server_hello);
	assert_int_equal(0, last()->tls.bytes_in);
}

static void plain_http_on_a_tls_port_is_named(void **unused)
{
	(void)unused;
	meet(&(struct peer_options){ .does = PEER_SAYS,
				     .answer = "HTTP/1.1 400 Bad\r\n\r\n" },
	     DIAG_STAGE_HTTP, 2000, 2);
	assert_int_equal(DIAG_ST_FAILED, last()->status);
	assert_non_null(strstr(last()->error, "plain HTTP"));
}

static const char answer_ok[] = "HTTP/1.1 200 OK\r\nServer: test\r\n"
				"Content-Length: 2\r\n\r\nhi";

static void a_good_service_gives_three_good_facts(void **unused)
{
	(void)unused;
	meet(&(struct peer_options){ .does = PEER_TLS_ANSWERS,
				     .answer = answer_ok,
				     .ca_file = ca_file },
	     DIAG_STAGE_HTTP, 4000, 3);
	assert_int_equal(DIAG_ST_OPEN, facts.facts[0]->status);
	assert_int_equal(DIAG_ST_OK, facts.facts[1]->status);
	assert_int_equal(DIAG_ROOT_SERVICE, facts.facts[1]->tls.root);
	assert_string_equal("TLSv1.3", facts.facts[1]->tls.version);
	assert_int_equal(1, facts.facts[1]->tls.n_chain);
	assert_string_equal("right.example",
			    facts.facts[1]->tls.chain[0].san[0]);
	assert_int_equal(DIAG_ST_ANSWER, last()->status);
	assert_int_equal(200, last()->http.code);
	assert_string_equal("test", last()->http.server);
	assert_string_equal("https://right.example/", last()->http.url);
}

static void every_chain_fault_is_kept_and_http_still_asked(void **unused)
{
	const struct diag_fact *tls;

	(void)unused;
	meet(&(struct peer_options){ .does = PEER_TLS_ANSWERS,
				     .answer = answer_ok,
				     .san = "DNS:wrong.example",
				     .from_days = -10,
				     .to_days = -2 },
	     DIAG_STAGE_HTTP, 4000, 3);
	tls = facts.facts[1];
	assert_int_equal(DIAG_ST_UNTRUSTED, tls->status);
	assert_int_equal(3, tls->tls.n_faults);
	assert_int_equal(DIAG_ST_NAME_MISMATCH, tls->tls.faults[1]);
	assert_int_equal(DIAG_ST_EXPIRED, tls->tls.faults[2]);
	assert_int_equal(DIAG_ROOT_UNKNOWN, tls->tls.root);
	assert_int_equal(200, last()->http.code);
}

static void a_certificate_of_tomorrow_is_not_yet_valid(void **unused)
{
	(void)unused;
	meet(&(struct peer_options){ .does = PEER_TLS_ANSWERS,
				     .answer = answer_ok,
				     .ca_file = ca_file,
				     .from_days = 2,
				     .to_days = 9 },
	     DIAG_STAGE_HTTP, 4000, 3);
	assert_int_equal(1, facts.facts[1]->tls.n_faults);
	assert_int_equal(DIAG_ST_NOT_YET_VALID, facts.facts[1]->status);
}

static void tls_that_never_answers_is_an_http_timeout(void **unused)
{
	(void)unused;
	meet(&(struct peer_options){ .does = PEER_TLS_SILENT,
				     .ca_file = ca_file },
	     DIAG_STAGE_HTTP, 400, 3);
	assert_int_equal(DIAG_ST_OK, facts.facts[1]->status);
	assert_int_equal(DIAG_FACT_HTTP, last()->kind);
	assert_int_equal(DIAG_ST_TIMEOUT, last()->status);
}

static void tls_that_closes_is_http_cut(void **unused)
{
	(void)unused;
	meet(&(struct peer_options){ .does = PEER_TLS_CLOSES,
				     .ca_file = ca_file },
	     DIAG_STAGE_HTTP, 4000, 3);
	assert_int_equal(DIAG_ST_CUT, last()->status);
}

static void a_wanted_client_certificate_is_no_tls_fault(void **unused)
{
	(void)unused;
	meet(&(struct peer_options){ .does = PEER_TLS_WANTS_CERT,
				     .ca_file = ca_file },
	     DIAG_STAGE_HTTP, 4000, 3);
	assert_int_equal(DIAG_ST_OK, facts.facts[1]->status);
	assert_true(facts.facts[1]->tls.client_cert_requested);
	assert_int_equal(DIAG_ST_CLIENT_CERT_WANTED, last()->status);
}

static void an_answer_that_is_not_http_fails(void **unused)
{
	(void)unused;
	meet(&(struct peer_options){ .does = PEER_TLS_ANSWERS,
				     .answer = "SSH-2.0-x\r\n",
				     .ca_file = ca_file },
	     DIAG_STAGE_HTTP, 4000, 3);
	assert_int_equal(DIAG_ST_FAILED, last()->status);
	assert_int_equal(0, last()->http.code);
}

static void tls_alone_asks_no_http(void **unused)
{
	(void)unused;
	meet(&(struct peer_options){ .does = PEER_TLS_ANSWERS,
				     .answer = answer_ok,
				     .ca_file = ca_file },
	     DIAG_STAGE_TLS, 4000, 2);
	assert_int_equal(DIAG_ST_OK, last()->status);
}

static const struct diag_fact *say_large(const struct peer_options *o)
{
	struct peer *p = peer_start(o);
	struct diag_step step = step_to(peer_port(p), DIAG_STAGE_TLS);

	step.large = true;
	probe_with(&step, o->ca_file);
	peer_stop(p);
	assert_int_equal(1, facts.n);
	assert_int_equal(DIAG_FACT_TLS, facts.facts[0]->kind);
	return facts.facts[0];
}

static void a_large_hello_gives_one_fact_and_is_larger_than_a_packet(void **un)
{
	const struct diag_fact *f =
	    say_large(&(struct peer_options){ .does = PEER_TLS_ANSWERS,
					      .answer = answer_ok,
					      .ca_file = ca_file });

	(void)un;
	assert_int_equal(DIAG_ST_OK, f->status);
	assert_in_range(f->tls.hello_bytes, 1800, 2900);
}

static void a_large_hello_that_is_cut_says_so(void **unused)
{
	const struct diag_fact *f =
	    say_large(&(struct peer_options){ .does = PEER_RST_AT_HELLO });

	(void)unused;
	assert_int_equal(DIAG_ST_CUT, f->status);
	assert_false(f->tls.server_hello);
	assert_true(f->tls.hello_bytes > 1800);
}

/* --- asked once more ------------------------------------------------------ */

static struct diag_step repeated(uint16_t port)
{
	struct diag_step step = step_to(port, DIAG_STAGE_TLS);

	step.repeated = true;
	step.packet_max = 1000;
	return step;
}

static void a_handshake_in_small_packets_gives_one_fact(void **unused)
{
	struct peer *p = peer_start(&(struct peer_options){
	    .does = PEER_TLS_ANSWERS, .answer = answer_ok });
	struct diag_step step = repeated(peer_port(p));

	(void)unused;
	probe_with(&step, NULL);
	peer_stop(p);
	assert_int_equal(1, facts.n);
	assert_int_equal(DIAG_FACT_TLS, last()->kind);
	assert_true(last()->tls.server_hello);
	assert_true(last()->tls.repeated);
	assert_int_equal(1000, last()->tls.packet_max);
	assert_in_range(last()->tls.hello_bytes, 100, 940);
}

static void one_that_could_not_be_asked_says_nothing_of_the_port(void **unused)
{
	struct diag_from from = { .source = diag_addr_v4(192, 0, 2, 1) };
	struct diag_step step = repeated(9);

	(void)unused;
	step.from = &from;
	probe_with(&step, NULL);
	step.from = NULL;
	probe_with(&step, NULL);
	assert_int_equal(2, facts.n);
	for (size_t i = 0; i < facts.n; i++) {
		const struct diag_fact *f = facts.facts[i];

		assert_int_equal(DIAG_FACT_TLS, f->kind);
		assert_int_equal(DIAG_ST_NOT_RUN, f->status);
		assert_int_equal(1000, f->tls.packet_max);
		assert_true(f->tls.repeated);
	}
	assert_int_equal(EADDRNOTAVAIL, facts.facts[0]->sys_errno);
	assert_int_equal(ECONNREFUSED, facts.facts[1]->sys_errno);
}

static void a_second_question_gives_one_fact(void **unused)
{
	static const struct diag_http_question preflight = {
		.method = "OPTIONS", .path = "/", .origin = "https://a.example"
	};
	struct peer *p = peer_start(&(struct peer_options){
	    .does = PEER_TLS_ANSWERS, .answer = answer_ok });
	struct diag_step step = step_to(peer_port(p), DIAG_STAGE_HTTP);

	(void)unused;
	step.http = &preflight;
	probe_with(&step, NULL);
	peer_stop(p);
	assert_int_equal(1, facts.n);
	assert_int_equal(DIAG_ST_ANSWER, last()->status);
	assert_string_equal("OPTIONS", last()->http.method);
	/* and one where there is nobody */
	probe_with(&step, NULL);
	assert_int_equal(2, facts.n);
	assert_int_equal(DIAG_FACT_HTTP, last()->kind);
	assert_int_equal(DIAG_ST_FAILED, last()->status);
	assert_int_equal(ECONNREFUSED, last()->sys_errno);
}

static void a_ca_file_that_is_none_is_an_error_of_ours(void **unused)
{
	struct diag_step step = step_to(9, DIAG_STAGE_TCP);
	struct diag_run_options o = { .sink = diag_store_sink(&facts),
				      .ca_file = "/nonexistent/ca.pem",
				      .user_agent = "pldiag/test" };
	struct diag_err err = { 0 };

	(void)unused;
	assert_false(diag_probe_run(&probe_connect, &step, &o, &err));
	assert_int_equal(DIAG_EIO, err.code);
	assert_int_equal(ENOENT, err.sys);
	assert_non_null(strstr(err.what, "/nonexistent/ca.pem"));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(an_open_port_is_open),
		CASE(a_closed_port_is_refused),
		CASE(a_reset_after_open_is_a_reset_where_no_tls_was_tried),
		CASE(a_port_that_closes_at_once_is_still_open),
		CASE(fin_and_rst_after_client_hello_are_both_cut),
		CASE(silence_after_client_hello_is_a_tls_timeout),
		CASE(plain_http_on_a_tls_port_is_named),
		CASE(a_good_service_gives_three_good_facts),
		CASE(every_chain_fault_is_kept_and_http_still_asked),
		CASE(a_certificate_of_tomorrow_is_not_yet_valid),
		CASE(tls_that_never_answers_is_an_http_timeout),
		CASE(tls_that_closes_is_http_cut),
		CASE(a_wanted_client_certificate_is_no_tls_fault),
		CASE(an_answer_that_is_not_http_fails),
		CASE(tls_alone_asks_no_http),
		CASE(a_large_hello_gives_one_fact_and_is_larger_than_a_packet),
		CASE(a_large_hello_that_is_cut_says_so),
		CASE(a_handshake_in_small_packets_gives_one_fact),
		CASE(one_that_could_not_be_asked_says_nothing_of_the_port),
		CASE(a_second_question_gives_one_fact),
		CASE(a_ca_file_that_is_none_is_an_error_of_ours),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("probe_connect", tests, NULL, NULL);
}
