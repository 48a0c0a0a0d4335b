/* SPDX-License-Identifier: MIT */
/* pl-probe's connection and pl-listen's port, met on loopback; and others in
 * their place. */
#include "fact/store.h"
#include "probes/probes.h"
#include "run/runner.h"
#include "tests/probes/peer.h"
#include "wire/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define NONCE "0123456789abcdef0123456789abcdef"

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

/* A port that nobody else has: it is bound, and given back. */
static uint16_t free_port(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(0, bind(fd, (struct sockaddr *)&sin, sizeof(sin)));
	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&sin, &len));
	(void)close(fd);
	return ntohs(sin.sin_port);
}

static uint16_t free_udp_port(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(0, bind(fd, (struct sockaddr *)&sin, sizeof(sin)));
	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&sin, &len));
	(void)close(fd);
	return ntohs(sin.sin_port);
}

/* --- a listener and those who come, in one run -----------------------------
 */

/* Said when all is bound. */
struct bound {
	int fd;
	const char *bytes;
	size_t len;
	unsigned times;
};

struct both {
	struct diag_step steps[3];
	size_t n, next;
	struct bound *bound;
	int caller; /* connects to `to` when all is bound, and stays */
	const struct sockaddr_in *to;
};

static bool both_next(void *ctx, struct diag_step *step)
{
	struct both *b = ctx;

	for (; b->next == b->n && b->bound && b->bound->times > 0;
	     b->bound->times--)
		(void)!send(b->bound->fd, b->bound->bytes, b->bound->len, 0);
	if (b->next == b->n && b->to)
		assert_int_equal(0, connect(b->caller,
					    (const struct sockaddr *)b->to,
					    sizeof(*b->to)));
	if (b->next == b->n) {
		b->to = NULL;
		return false;
	}
	*step = b->steps[b->next++];
	return true;
}

static void nothing(void *ctx)
{
	(void)ctx;
}

static void run_both(struct both *b)
{
	static const struct diag_probe_ops *const probes[] = {
		&probe_arrival, &probe_connect, &probe_arrival_udp, &probe_udp,
		NULL
	};
	struct diag_plan plan = { .ctx = b,
				  .next = both_next,
				  .free = nothing };
	struct diag_run_options o = { .probes = probes,
				      .sink = diag_store_sink(&facts),
				      .user_agent = "pldiag/test" };
	struct diag_run_result result;
	struct diag_err err = { 0 };

	assert_true(diag_run(&plan, &o, &result, &err));
}

static struct diag_step at(enum diag_probe_kind probe, uint16_t port,
			   unsigned timeout_ms)
{
	return (struct diag_step){ .probe = probe,
				   .addr = diag_addr_v4(127, 0, 0, 1),
				   .port = port,
				   .timeout_ms = timeout_ms };
}

static const struct diag_fact *only(enum diag_fact_kind kind,
				    enum diag_status status)
{
	const struct diag_fact *hit = NULL;

	for (size_t i = 0; i < facts.n; i++) {
		if (facts.facts[i]->kind != kind ||
		    facts.facts[i]->status != status)
			continue;
		assert_null(hit);
		hit = facts.facts[i];
	}
	assert_non_null(hit);
	return hit;
}

static void the_number_comes_back(void **unused)
{
	uint16_t port = free_port();
	struct both b = { .steps = { at(DIAG_PROBE_ARRIVAL, port, 400),
				     at(DIAG_PROBE_CONNECT, port, 2000) },
			  .n = 2 };
	const struct diag_fact *tcp, *came, *listened;

	(void)unused;
	b.steps[1].peer = true;
	run_both(&b);
	tcp = only(DIAG_FACT_TCP, DIAG_ST_OPEN);
	came = only(DIAG_FACT_ARRIVAL, DIAG_ST_ACCEPTED);
	listened = only(DIAG_FACT_ARRIVAL, DIAG_ST_LISTENED);
	assert_string_equal("met", tcp->tcp.peer);
	assert_string_equal(tcp->tcp.nonce, came->arrival.nonce);
	assert_int_equal(port, came->arrival.port);
	assert_int_equal(DIAG_IPV4, came->arrival.from.family);
	assert_string_equal("socket", came->arrival.seen_by);
	assert_int_equal(1, listened->arrival.came);
	assert_int_equal(0, listened->arrival.dropped);
	assert_true(listened->took_ms >= 400);
}

static void who_says_nothing_is_noted_too(void **unused)
{
	uint16_t port = free_port();
	struct both b = { .steps = { at(DIAG_PROBE_ARRIVAL, port, 400),
				     at(DIAG_PROBE_CONNECT, port, 2000) },
			  .n = 2 };

	(void)unused;
	run_both(&b);
	assert_null(only(DIAG_FACT_ARRIVAL, DIAG_ST_ACCEPTED)->arrival.nonce);
	assert_string_equal(
	    "nothing", only(DIAG_FACT_ARRIVAL, DIAG_ST_ACCEPTED)->arrival.said);
	assert_null(only(DIAG_FACT_TCP, DIAG_ST_OPEN)->tcp.peer);
}

static void who_had_no_time_to_speak_is_not_called_silent(void **unused)
{
	uint16_t port = free_port();
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(port) };
	struct both b = { .steps = { at(DIAG_PROBE_ARRIVAL, port, 100) },
			  .n = 1 };

	(void)unused;
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	b.caller = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	b.to = &to;
	run_both(&b);
	(void)close(b.caller);
	assert_null(only(DIAG_FACT_ARRIVAL, DIAG_ST_ACCEPTED)->arrival.said);
}

static void a_port_that_is_taken_is_said(void **unused)
{
	struct peer *p =
	    peer_start(&(struct peer_options){ .does = PEER_SILENT });
	struct both b = {
		.steps = { at(DIAG_PROBE_ARRIVAL, peer_port(p), 100) }, .n = 1
	};

	(void)unused;
	run_both(&b);
	peer_stop(p);
	assert_int_equal(EADDRINUSE,
			 only(DIAG_FACT_ARRIVAL, DIAG_ST_NOT_RUN)->sys_errno);
}

static void nobody_comes_and_that_is_said(void **unused)
{
	struct both b = { .steps = { at(DIAG_PROBE_ARRIVAL, free_port(), 50) },
			  .n = 1 };

	(void)unused;
	run_both(&b);
	assert_int_equal(1, facts.n);
	assert_int_equal(
	    0, only(DIAG_FACT_ARRIVAL, DIAG_ST_LISTENED)->arrival.came);
}

static struct both both_udp(uint16_t port)
{
	struct both b = { .steps = { at(DIAG_PROBE_ARRIVAL_UDP, port, 400),
				     at(DIAG_PROBE_UDP, port, 2000) },
			  .n = 2 };

	b.steps[1].peer = true;
	return b;
}

static void the_number_comes_back_in_a_datagram(void **unused)
{
	struct both b = both_udp(free_udp_port());
	const struct diag_fact *udp, *came, *listened;

	(void)unused;
	run_both(&b);
	udp = only(DIAG_FACT_UDP, DIAG_ST_REPLY);
	came = only(DIAG_FACT_ARRIVAL, DIAG_ST_ACCEPTED);
	listened = only(DIAG_FACT_ARRIVAL, DIAG_ST_LISTENED);
	assert_string_equal("met", udp->udp.peer);
	assert_string_equal(udp->udp.nonce, came->arrival.nonce);
	assert_string_equal("udp", came->arrival.protocol);
	assert_string_equal("reply", came->arrival.answered);
	assert_string_equal("udp", listened->arrival.protocol);
	assert_int_equal(1, listened->arrival.came);
}

/* Bound to all addresses it answers from the one that was asked, or the client
 * would not take it for an answer. */
static void the_answer_comes_from_the_address_that_was_asked(void **unused)
{
	struct diag_addr asked = diag_addr_v4(127, 0, 0, 2);
	struct both b = both_udp(free_udp_port());
	const struct diag_fact *came;

	(void)unused;
	b.steps[0].addr = diag_addr_v4(0, 0, 0, 0);
	b.steps[1].addr = asked;
	run_both(&b);
	came = only(DIAG_FACT_ARRIVAL, DIAG_ST_ACCEPTED);
	assert_string_equal("met",
			    only(DIAG_FACT_UDP, DIAG_ST_REPLY)->udp.peer);
	assert_true(diag_addr_eq(&asked, &came->arrival.address));
}

static void ipv6_is_answered_too(void **unused)
{
	struct both b = both_udp(free_udp_port());

	(void)unused;
	b.steps[0].addr = (struct diag_addr){ .family = DIAG_IPV6 };
	assert_true(diag_addr_parse("::1", &b.steps[1].addr));
	run_both(&b);
	assert_string_equal("met",
			    only(DIAG_FACT_UDP, DIAG_ST_REPLY)->udp.peer);
	assert_int_equal(
	    DIAG_IPV6,
	    only(DIAG_FACT_ARRIVAL, DIAG_ST_ACCEPTED)->arrival.address.family);
}

/* A socket of ours, and a listener that is asked by it in one run. */
static ssize_t say(const char *bytes, size_t len, unsigned times, char out[200])
{
	uint16_t port = free_udp_port();
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct both b = { .steps = { at(DIAG_PROBE_ARRIVAL_UDP, port, 100) },
			  .n = 1 };
	struct bound bound = { fd, bytes, len, times };
	ssize_t n;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(0, connect(fd, (struct sockaddr *)&to, sizeof(to)));
	b.bound = &bound;
	run_both(&b);
	n = recv(fd, out, 200, MSG_DONTWAIT);
	for (bound.times = 0; n >= 0 && recv(fd, out, 200, MSG_DONTWAIT) >= 0;)
		bound.times++;
	assert_true(bound.times < 200); /* a second may end meanwhile */
	(void)close(fd);
	return n;
}

static void only_a_whole_question_is_answered_and_by_no_more(void **unused)
{
	char question[2 * DIAG_PEER_LINE_MAX], got[200],
	    nonce[DIAG_PEER_NONCE_TEXT];
	size_t n = diag_peer_put_datagram(NONCE, question);
	ssize_t len = say(question, n, 1, got);

	(void)unused;
	assert_int_equal(n, len);
	assert_int_equal(DIAG_PEER_LINE, diag_peer_read(DIAG_PEER_LISTEN, got,
							(size_t)len, nonce));
	assert_string_equal(NONCE, nonce);
	diag_store_clear(&facts);
	diag_store_init(&facts);
	/* one byte shorter than its answer would be */
	assert_int_equal(-1, say(question, n - 1, 1, got));
	assert_null(only(DIAG_FACT_ARRIVAL, DIAG_ST_ACCEPTED)->arrival.nonce);
	assert_int_equal(-1, say("GET / HTTP/1.1", 14, 1, got));
	(void)diag_peer_put(DIAG_PEER_LISTEN, NONCE,
			    question); /* no loop of two */
	assert_int_equal(-1, say(question, n, 1, got));
	assert_int_equal(-1, say("", 0, 1, got));
	/* padding is not looked at */
	memset(question, 'x', sizeof(question));
	(void)diag_peer_put(DIAG_PEER_PROBE, NONCE, question);
	assert_int_equal(n, say(question, sizeof(question), 1, got));
}

static void a_flood_is_answered_a_hundred_times_a_second(void **unused)
{
	char question[DIAG_PEER_LINE_MAX], got[200];
	size_t n = diag_peer_put_datagram(NONCE, question);

	(void)unused;
	assert_int_equal(n, say(question, n, 500, got));
	assert_int_equal(
	    1, only(DIAG_FACT_ARRIVAL, DIAG_ST_LISTENED)->arrival.came);
	(void)only(DIAG_FACT_ARRIVAL, DIAG_ST_ACCEPTED); /* told once */
}

/* --- somebody else at the other end ----------------------------------------
 */

static const struct diag_fact *meet(const struct peer_options *o,
				    unsigned timeout_ms)
{
	struct peer *p = peer_start(o);
	struct diag_step step =
	    at(DIAG_PROBE_CONNECT, peer_port(p), timeout_ms);
	struct diag_run_options run = { .sink = diag_store_sink(&facts),
					.user_agent = "pldiag/test" };
	struct diag_err err = { 0 };

	step.peer = true;
	assert_true(diag_probe_run(&probe_connect, &step, &run, &err));
	peer_stop(p);
	assert_int_equal(1, facts.n);
	return facts.facts[0];
}

static void another_answer_is_another(void **unused)
{
	const struct diag_fact *f =
	    meet(&(struct peer_options){ .does = PEER_SAYS,
					 .answer = "SSH-2.0-x\r\n" },
		 2000);

	(void)unused;
	assert_int_equal(DIAG_ST_OPEN, f->status);
	assert_string_equal("other", f->tcp.peer);
}

static void another_number_is_another(void **unused)
{
	const struct diag_fact *f = meet(
	    &(struct peer_options){ .does = PEER_SAYS,
				    .answer =
					"pldiag-listen/1 "
					"00000000000000000000000000000000\n" },
	    2000);

	(void)unused;
	assert_string_equal("other", f->tcp.peer);
}

static void silence_is_silent(void **unused)
{
	const struct diag_fact *f =
	    meet(&(struct peer_options){ .does = PEER_SILENT }, 150);

	(void)unused;
	assert_int_equal(DIAG_ST_OPEN, f->status);
	assert_string_equal("silent", f->tcp.peer);
}

static void a_close_is_silent_and_a_reset_a_reset(void **unused)
{
	const struct diag_fact *f =
	    meet(&(struct peer_options){ .does = PEER_FIN_AT_HELLO }, 2000);

	(void)unused;
	assert_int_equal(DIAG_ST_OPEN, f->status);
	assert_string_equal("silent", f->tcp.peer);
	diag_store_clear(&facts);
	diag_store_init(&facts);
	f = meet(&(struct peer_options){ .does = PEER_RST_AT_HELLO }, 2000);
	assert_int_equal(DIAG_ST_RESET, f->status);
	assert_string_equal("silent", f->tcp.peer);
}

/* --- the words --------------------------------------------------------------
 */

static enum diag_peer_parse read_text(const char *text)
{
	char nonce[DIAG_PEER_NONCE_TEXT] = "";
	enum diag_peer_parse got =
	    diag_peer_read(DIAG_PEER_PROBE, text, strlen(text), nonce);

	assert_int_equal(got == DIAG_PEER_LINE, strcmp(nonce, NONCE) == 0);
	return got;
}

static void only_a_whole_line_of_ours_is_one(void **unused)
{
	char line[DIAG_PEER_LINE_MAX], nonce[DIAG_PEER_NONCE_TEXT];
	size_t n = diag_peer_put(DIAG_PEER_PROBE, NONCE, line);

	(void)unused;
	assert_int_equal(DIAG_PEER_LINE,
			 diag_peer_read(DIAG_PEER_PROBE, line, n, nonce));
	for (size_t cut = 0; cut < n; cut++)
		assert_int_equal(
		    DIAG_PEER_MORE,
		    diag_peer_read(DIAG_PEER_PROBE, line, cut, nonce));
	assert_int_equal(DIAG_PEER_OTHER,
			 read_text("pldiag-listen/1 " NONCE "\n"));
	assert_int_equal(DIAG_PEER_OTHER,
			 read_text("pldiag-probe/1 " NONCE " x\n"));
	assert_int_equal(DIAG_PEER_OTHER,
			 read_text("pldiag-probe/1 " NONCE "0\n"));
	assert_int_equal(DIAG_PEER_OTHER, read_text("pldiag-probe/1 \n"));
	assert_int_equal(DIAG_PEER_OTHER, read_text("GET / HTTP/1.1"));
	assert_int_equal(DIAG_PEER_OTHER,
			 read_text("pldiag-probe/1 "
				   "0123456789ABCDEF0123456789ABCDEF\n"));
	/* longer than a line may be, and no end yet */
	assert_int_equal(DIAG_PEER_OTHER,
			 read_text("pldiag-probe/1 " NONCE
				   "                                "));
}

static void a_hello_is_known_by_its_first_bytes(void **unused)
{
	static const char hello[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03";
	size_t whole = 0;

	(void)unused;
	for (size_t n = 0; n < 6; n++)
		assert_int_equal(DIAG_PEER_MORE,
				 diag_peer_hello(hello, n, &whole));
	assert_int_equal(DIAG_PEER_LINE, diag_peer_hello(hello, 6, &whole));
	assert_int_equal(517, whole);
	assert_int_equal(DIAG_PEER_OTHER, diag_peer_hello("pldiag", 6, &whole));
	assert_int_equal(DIAG_PEER_OTHER,
			 diag_peer_hello("\x16\x01", 2, &whole));
	assert_int_equal(
	    DIAG_PEER_OTHER, /* a ServerHello */
	    diag_peer_hello("\x16\x03\x01\x02\x00\x02", 6, &whole));
	assert_int_equal(
	    DIAG_PEER_OTHER, /* larger than a record may be */
	    diag_peer_hello("\x16\x03\x01\x80\x00\x01", 6, &whole));
}

static void a_hello_that_arrives_is_answered_and_told(void **unused)
{
	uint16_t port = free_port();
	struct both b = { .steps = { at(DIAG_PROBE_ARRIVAL, port, 400),
				     at(DIAG_PROBE_CONNECT, port, 2000) },
			  .n = 2 };

	(void)unused;
	b.steps[1].stage = DIAG_STAGE_TLS;
	b.steps[1].name = "a.example";
	run_both(&b);
	assert_int_equal(40, only(DIAG_FACT_TLS, DIAG_ST_FAILED)->tls.alert);
	assert_string_equal(
	    "hello", only(DIAG_FACT_ARRIVAL, DIAG_ST_ACCEPTED)->arrival.said);
}

static void a_large_hello_is_whole_when_its_last_byte_is_there(void **unused)
{
	uint16_t port = free_port();
	struct both b = { .steps = { at(DIAG_PROBE_ARRIVAL, port, 400),
				     at(DIAG_PROBE_CONNECT, port, 2000) },
			  .n = 2 };

	(void)unused;
	b.steps[1].stage = DIAG_STAGE_TLS;
	b.steps[1].name = "a.example";
	b.steps[1].large = true;
	run_both(&b);
	assert_true(only(DIAG_FACT_TLS, DIAG_ST_FAILED)->tls.hello_bytes >
		    1400);
	assert_string_equal(
	    "hello", only(DIAG_FACT_ARRIVAL, DIAG_ST_ACCEPTED)->arrival.said);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_number_comes_back),
		CASE(who_says_nothing_is_noted_too),
		CASE(the_number_comes_back_in_a_datagram),
		CASE(the_answer_comes_from_the_address_that_was_asked),
		CASE(ipv6_is_answered_too),
		CASE(only_a_whole_question_is_answered_and_by_no_more),
		CASE(a_flood_is_answered_a_hundred_times_a_second),
		CASE(a_hello_is_known_by_its_first_bytes),
		CASE(a_hello_that_arrives_is_answered_and_told),
		CASE(a_large_hello_is_whole_when_its_last_byte_is_there),
		CASE(who_had_no_time_to_speak_is_not_called_silent),
		CASE(a_port_that_is_taken_is_said),
		CASE(nobody_comes_and_that_is_said),
		CASE(another_answer_is_another),
		CASE(another_number_is_another),
		CASE(silence_is_silent),
		CASE(a_close_is_silent_and_a_reset_a_reset),
		CASE(only_a_whole_line_of_ours_is_one),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("peer", tests, NULL, NULL);
}
