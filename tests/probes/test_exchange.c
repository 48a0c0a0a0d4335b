/* SPDX-License-Identifier: MIT */
/* What exchange_run() must tell apart, each case made on loopback.  The
 * message is a question, because that is what the peers of these tests
 * understand; what comes back is judged by id, opcode and question alone. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probes/exchange.h"
#include "tests/probes/dns_peer.h"
#include "tests/support/torture.h"

#define TIMEOUT_MS 3000
#define PATIENT_MS 60000 /* an end before it is not the deadline's */
#define ANSWERS_AT 7	 /* the low byte of the answers' count */

/* RFC 1035, 4.1: id 0x1234, RD, one question: www.example A IN */
static const unsigned char question[] = "\x12\x34\x01\0\0\1\0\0\0\0\0\0"
					"\3www\7example\0\0\1\0\1";
#define QUESTION_LEN (sizeof(question) - 1)

static struct exchange to(const struct diag_endpoint *at, bool tcp)
{
	return (struct exchange){
		.server = *at,
		.wire = question,
		.len = QUESTION_LEN,
		.tcp = tcp,
		.timeout_ms = TIMEOUT_MS,
	};
}

static struct exchange_answer ask(enum dns_manner manner, bool tcp,
				  unsigned timeout_ms)
{
	struct exchange_answer out;
	struct dns_peer peer;
	struct diag_err err = { .code = DIAG_OK };
	struct exchange x;

	dns_peer_start(&peer, manner);
	x = to(&peer.at, tcp);
	x.timeout_ms = timeout_ms;
	assert_true(exchange_run(&x, &out, &err));
	dns_peer_stop(&peer);
	return out;
}

static void expect(enum dns_manner manner, bool tcp, enum diag_status status)
{
	struct exchange_answer out = ask(manner, tcp, TIMEOUT_MS);

	assert_int_equal(status, out.status);
	assert_int_equal(status == DIAG_ST_REPLY, out.bytes.len > 0);
	assert_true(out.sent);
	diag_buf_clear(&out.bytes);
}

static void an_answer_comes_back_by_both_ways(void **unused)
{
	(void)unused;
	for (int tcp = 0; tcp < 2; tcp++) {
		struct exchange_answer out = ask(PEER_ANSWER, tcp, TIMEOUT_MS);

		assert_int_equal(DIAG_ST_REPLY, out.status);
		assert_int_equal(tcp, out.tcp);
		assert_memory_equal(question, out.bytes.data, 2);
		assert_int_equal(2, out.bytes.data[ANSWERS_AT]);
		diag_buf_clear(&out.bytes);
	}
}

static void a_truncated_answer_is_fetched_by_tcp(void **unused)
{
	struct exchange_answer out = ask(PEER_TRUNCATED, false, TIMEOUT_MS);

	(void)unused;
	assert_int_equal(DIAG_ST_REPLY, out.status);
	assert_true(out.tcp);
	assert_int_equal(2, out.bytes.data[ANSWERS_AT]);
	diag_buf_clear(&out.bytes);
}

static void a_second_copy_is_sent(void **unused)
{
	(void)unused;
	expect(PEER_SECOND, false, DIAG_ST_REPLY);
}

static void what_is_no_answer_is_passed_over(void **unused)
{
	static const enum dns_manner manners[] = { PEER_GARBAGE, PEER_WRONG_ID,
						   PEER_WRONG_NAME };

	(void)unused;
	for (size_t i = 0; i < 3; i++) {
		struct exchange_answer out = ask(manners[i], false, 200);

		assert_int_equal(DIAG_ST_MALFORMED, out.status);
		assert_int_equal(0, out.bytes.len);
		diag_buf_clear(&out.bytes);
		expect(manners[i], true, DIAG_ST_MALFORMED);
	}
}

static void silence_ends_at_the_deadline(void **unused)
{
	(void)unused;
	for (int tcp = 0; tcp < 2; tcp++) {
		struct exchange_answer out = ask(PEER_SILENT, tcp, 200);

		assert_int_equal(DIAG_ST_TIMEOUT, out.status);
		assert_true(out.sent);
		diag_buf_clear(&out.bytes);
	}
}

static void a_closed_port_is_told_at_once(void **unused)
{
	struct diag_endpoint at = dns_peer_closed_port();
	struct diag_err err = { .code = DIAG_OK };
	struct exchange_answer out;

	(void)unused;
	for (int tcp = 0; tcp < 2; tcp++) {
		struct exchange x = to(&at, tcp);

		x.timeout_ms = PATIENT_MS;
		assert_true(exchange_run(&x, &out, &err));
		assert_int_equal(DIAG_ST_PORT_CLOSED, out.status);
		assert_int_equal(ECONNREFUSED, out.sys_errno);
		/* It never left us, so nothing can have happened. */
		assert_int_equal(!tcp, out.sent);
		diag_buf_clear(&out.bytes);
	}
}

static void one_who_hangs_up_gave_no_answer(void **unused)
{
	(void)unused;
	expect(PEER_HANGS_UP, true, DIAG_ST_PORT_CLOSED);
}

static void lengths_that_no_message_has_are_refused(void **unused)
{
	static const size_t lens[] = { 0, EXCHANGE_MIN - 1, EXCHANGE_MAX + 1 };
	struct diag_endpoint at = dns_peer_closed_port();

	(void)unused;
	for (size_t i = 0; i < 3; i++) {
		struct diag_err err = { .code = DIAG_OK };
		struct exchange x = to(&at, false);
		struct exchange_answer out;

		x.len = lens[i];
		assert_false(exchange_run(&x, &out, &err));
		assert_int_equal(DIAG_EUSAGE, err.code);
		diag_buf_clear(&out.bytes);
	}
}

static bool asked(void *arg)
{
	const struct exchange *x = arg;
	struct diag_err err = { .code = DIAG_OK };
	struct exchange_answer out;
	bool ok = exchange_run(x, &out, &err);

	ok = ok && out.status == DIAG_ST_REPLY;
	diag_buf_clear(&out.bytes);
	return ok;
}

static void missing_memory_is_survived(void **unused)
{
	struct dns_peer peer;
	struct exchange x;

	(void)unused;
	dns_peer_start(&peer, PEER_ANSWER);
	x = to(&peer.at, false);
	x.timeout_ms = 200;
	assert_true(torture(asked, &x) > 1);
	dns_peer_stop(&peer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_back_by_both_ways),
		cmocka_unit_test(a_truncated_answer_is_fetched_by_tcp),
		cmocka_unit_test(a_second_copy_is_sent),
		cmocka_unit_test(what_is_no_answer_is_passed_over),
		cmocka_unit_test(silence_ends_at_the_deadline),
		cmocka_unit_test(a_closed_port_is_told_at_once),
		cmocka_unit_test(one_who_hangs_up_gave_no_answer),
		cmocka_unit_test(lengths_that_no_message_has_are_refused),
		cmocka_unit_test(missing_memory_is_survived),
	};

	return cmocka_run_group_tests_name("exchange", tests, NULL, NULL);
}
