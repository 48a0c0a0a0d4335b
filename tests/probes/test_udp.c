/* SPDX-License-Identifier: MIT */
/* The three ends of a datagram, made on loopback; what firewalls do to it is
 * met in the lab. */
#include "fact/store.h"
#include "probes/probes.h"
#include "run/runner.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

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

static int bound(uint16_t *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(0, bind(fd, (struct sockaddr *)&sin, sizeof(sin)));
	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&sin, &len));
	*port = ntohs(sin.sin_port);
	return fd;
}

static const struct diag_fact *ask_from(uint16_t port, unsigned timeout_ms,
					const struct diag_from *from)
{
	struct diag_step step = { .probe = DIAG_PROBE_UDP,
				  .addr = diag_addr_v4(127, 0, 0, 1),
				  .port = port,
				  .from = from,
				  .timeout_ms = timeout_ms };
	struct diag_run_options o = { .sink = diag_store_sink(&facts) };
	struct diag_err err = { 0 };

	assert_true(diag_probe_run(&probe_udp, &step, &o, &err));
	assert_int_equal(1, facts.n);
	assert_int_equal(DIAG_FACT_UDP, facts.facts[0]->kind);
	assert_int_equal(port, facts.facts[0]->udp.port);
	return facts.facts[0];
}

static const char another[] =
    "pldiag-listen/1 00000000000000000000000000000000\n";

/* Answers the second datagram: the first one got lost. */
static void *echo_second(void *arg)
{
	int fd = *(int *)arg;
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	char text[128];

	for (unsigned i = 0; i < 2; i++)
		if (recvfrom(fd, text, sizeof(text), 0,
			     (struct sockaddr *)&from, &len) <= 0)
			return NULL;
	(void)sendto(fd, another, sizeof(another) - 1, 0,
		     (struct sockaddr *)&from, len);
	return NULL;
}

static void a_reply_is_a_reply_even_to_the_second_question(void **unused)
{
	uint16_t port;
	int fd = bound(&port);
	pthread_t thread;

	(void)unused;
	assert_int_equal(0, pthread_create(&thread, NULL, echo_second, &fd));
	assert_int_equal(DIAG_ST_REPLY, ask_from(port, 10000, NULL)->status);
	assert_int_equal(0, pthread_join(thread, NULL));
	(void)close(fd);
	assert_int_equal(DIAG_IPV4, facts.facts[0]->udp.local_address.family);
}

static void a_reply_without_the_number_is_anothers(void **unused)
{
	uint16_t port;
	int fd = bound(&port);
	struct diag_step step = { .probe = DIAG_PROBE_UDP,
				  .addr = diag_addr_v4(127, 0, 0, 1),
				  .port = port,
				  .peer = true,
				  .timeout_ms = 10000 };
	struct diag_run_options o = { .sink = diag_store_sink(&facts) };
	struct diag_err err = { 0 };
	pthread_t thread;

	(void)unused;
	assert_int_equal(0, pthread_create(&thread, NULL, echo_second, &fd));
	assert_true(diag_probe_run(&probe_udp, &step, &o, &err));
	assert_int_equal(0, pthread_join(thread, NULL));
	(void)close(fd);
	assert_int_equal(DIAG_ST_REPLY, facts.facts[0]->status);
	assert_string_equal("other", facts.facts[0]->udp.peer);
}

static void nobody_there_is_closed_and_the_sender_is_told(void **unused)
{
	struct diag_addr lo = diag_addr_v4(127, 0, 0, 1);
	const struct diag_fact *f;
	uint16_t port;
	int fd = bound(&port);

	(void)unused;
	(void)close(fd);
	f = ask_from(port, 2000, NULL);
	assert_int_equal(DIAG_ST_CLOSED, f->status);
	assert_int_equal(ECONNREFUSED, f->sys_errno);
	assert_true(f->udp.icmp.seen);
	assert_int_equal(3, f->udp.icmp.type);
	assert_int_equal(3, f->udp.icmp.code);
	assert_true(diag_addr_eq(&lo, &f->udp.icmp.from));
}

static void taken_without_a_word_is_silent(void **unused)
{
	uint16_t port;
	int fd = bound(&port);
	const struct diag_fact *f = ask_from(port, 100, NULL);

	(void)unused;
	assert_int_equal(DIAG_ST_SILENT, f->status);
	assert_int_equal(0, f->sys_errno);
	(void)close(fd);
}

static void a_source_that_is_not_here_is_no_fact_about_the_port(void **unused)
{
	struct diag_from from = { .source = diag_addr_v4(192, 0, 2, 1) };
	const struct diag_fact *f = ask_from(9, 1000, &from);

	(void)unused;
	assert_int_equal(DIAG_ST_NOT_RUN, f->status);
	assert_int_equal(EADDRNOTAVAIL, f->sys_errno);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_reply_is_a_reply_even_to_the_second_question),
		CASE(a_reply_without_the_number_is_anothers),
		CASE(nobody_there_is_closed_and_the_sender_is_told),
		CASE(taken_without_a_word_is_silent),
		CASE(a_source_that_is_not_here_is_no_fact_about_the_port),
	};

	return cmocka_run_group_tests_name("probe_udp", tests, NULL, NULL);
}
