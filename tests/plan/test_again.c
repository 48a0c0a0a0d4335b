/* SPDX-License-Identifier: MIT */
/* What a handshake that got no answer calls for, and what it does not. */
#include "plan/again.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/torture.h"

struct world {
	struct again again;
	struct queue queue;
};

static int set_up(void **state)
{
	static struct world w;

	w = (struct world){ .again = { .timeout_ms = 2000,
				       .mtu_timeout_ms = 5000 } };
	*state = &w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	again_clear(&w->again);
	queue_clear(&w->queue);
	return 0;
}

static struct diag_step usual(uint8_t last)
{
	static const struct diag_http_question http = { .path = "/" };

	return (struct diag_step){ .probe = DIAG_PROBE_CONNECT,
				   .target = "a.example",
				   .name = "a.example",
				   .addr = diag_addr_v4(10, 150, 0, last),
				   .port = 443,
				   .stage = DIAG_STAGE_HTTP,
				   .http = &http,
				   .timeout_ms = 4000 };
}

static void learn(struct world *w, const struct diag_step *step,
		  enum diag_fact_kind kind, enum diag_status status)
{
	struct diag_fact f = { .kind = kind, .status = status };

	assert_true(again_learn(&w->again, &w->queue, step, &f, NULL));
}

static struct diag_step next(struct world *w, enum diag_probe_kind probe)
{
	struct diag_step step;

	assert_true(queue_pop(&w->queue, &step));
	assert_int_equal(probe, step.probe);
	assert_int_equal(443, step.port);
	assert_string_equal("a.example", step.target);
	return step;
}

static void expect_nothing(struct world *w)
{
	struct diag_step step;

	assert_false(queue_pop(&w->queue, &step));
}

static void silence_is_asked_again_in_small_packets_and_measured(void **state)
{
	struct diag_step step = usual(4), again, mtu;

	learn(*state, &step, DIAG_FACT_TLS, DIAG_ST_TIMEOUT);
	again = next(*state, DIAG_PROBE_CONNECT);
	assert_int_equal(AGAIN_PACKET_MAX, again.packet_max);
	assert_true(again.repeated);
	assert_int_equal(DIAG_STAGE_TLS, again.stage);
	assert_null(again.http);
	assert_string_equal("a.example", again.name);
	assert_int_equal(2000, again.timeout_ms);
	mtu = next(*state, DIAG_PROBE_MTU);
	assert_true(diag_addr_eq(&step.addr, &mtu.addr));
	assert_int_equal(DIAG_STAGE_HTTP, mtu.stage);
	assert_int_equal(5000, mtu.timeout_ms);
	expect_nothing(*state);
}

/* Silence twice with an answer between: that is no chance. */
static void an_answer_to_small_packets_asks_once_more_as_it_was(void **state)
{
	struct diag_step step = usual(4), again, control;

	learn(*state, &step, DIAG_FACT_TLS, DIAG_ST_CUT);
	again = next(*state, DIAG_PROBE_CONNECT);
	expect_nothing(*state); /* what somebody cuts need not be measured */
	learn(*state, &again, DIAG_FACT_TLS, DIAG_ST_UNTRUSTED);
	control = next(*state, DIAG_PROBE_CONNECT);
	assert_int_equal(0, control.packet_max);
	assert_true(control.repeated);
	learn(*state, &control, DIAG_FACT_TLS, DIAG_ST_CUT);
	expect_nothing(*state);
}

static void what_small_packets_do_not_mend_is_left_alone(void **state)
{
	static const enum diag_status lost[] = { DIAG_ST_TIMEOUT, DIAG_ST_CUT,
						 DIAG_ST_FAILED,
						 DIAG_ST_NOT_RUN };
	struct diag_step again = usual(4);

	again.repeated = true;
	again.packet_max = AGAIN_PACKET_MAX;
	for (size_t i = 0; i < sizeof(lost) / sizeof(lost[0]); i++)
		learn(*state, &again, DIAG_FACT_TLS, lost[i]);
	expect_nothing(*state);
}

static void other_facts_ask_for_nothing(void **state)
{
	struct diag_step step = usual(4), large = usual(4);

	large.large = true;
	learn(*state, &step, DIAG_FACT_TCP, DIAG_ST_TIMEOUT);
	learn(*state, &step, DIAG_FACT_HTTP, DIAG_ST_TIMEOUT);
	learn(*state, &step, DIAG_FACT_TLS, DIAG_ST_OK);
	learn(*state, &step, DIAG_FACT_TLS, DIAG_ST_FAILED);
	learn(*state, &step, DIAG_FACT_TLS, DIAG_ST_NOT_RUN);
	learn(*state, &large, DIAG_FACT_TLS, DIAG_ST_TIMEOUT);
	expect_nothing(*state);
}

static void a_shorter_time_limit_stays(void **state)
{
	struct diag_step step = usual(4);

	step.timeout_ms = 500;
	learn(*state, &step, DIAG_FACT_TLS, DIAG_ST_CUT);
	assert_int_equal(500, next(*state, DIAG_PROBE_CONNECT).timeout_ms);
}

static void a_way_is_measured_once_and_not_more_than_eight(void **state)
{
	struct world *w = *state;
	struct diag_step step;
	size_t measured = 0;

	for (uint8_t last = 1; last <= AGAIN_PATHS_MAX + 2; last++) {
		step = usual(last);
		learn(w, &step, DIAG_FACT_TLS, DIAG_ST_TIMEOUT);
	}
	while (queue_pop(&w->queue, &step))
		measured += step.probe == DIAG_PROBE_MTU;
	assert_int_equal(AGAIN_PATHS_MAX, measured);
	step = usual(1);
	assert_true(again_measure(&w->again, &w->queue, &step, NULL));
	expect_nothing(w);
}

static bool learn_without_memory(void *unused)
{
	struct diag_err err = { 0 };
	struct world w = { .again = { .timeout_ms = 1 } };
	struct diag_step step = usual(4);
	struct diag_fact f = { .kind = DIAG_FACT_TLS,
			       .status = DIAG_ST_TIMEOUT };
	bool ok = again_learn(&w.again, &w.queue, &step, &f, &err);

	(void)unused;
	assert_int_equal(ok ? DIAG_OK : DIAG_ENOMEM, err.code);
	again_clear(&w.again);
	queue_clear(&w.queue);
	return ok;
}

static void no_memory_is_told(void **state)
{
	(void)state;
	assert_true(torture(learn_without_memory, NULL) >= 2);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(silence_is_asked_again_in_small_packets_and_measured),
		CASE(an_answer_to_small_packets_asks_once_more_as_it_was),
		CASE(what_small_packets_do_not_mend_is_left_alone),
		CASE(other_facts_ask_for_nothing),
		CASE(a_shorter_time_limit_stays),
		CASE(a_way_is_measured_once_and_not_more_than_eight),
		CASE(no_memory_is_told),
	};

	return cmocka_run_group_tests_name("plan again", tests, NULL, NULL);
}
