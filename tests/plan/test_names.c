/* SPDX-License-Identifier: MIT */
/* A stream of names becomes questions, and what is done is forgotten. */
#include "plan/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

static const struct diag_view_spec views[] = {
	{ .text = "system" },
	{ .text = "10.0.0.53:53",
	  .at = { { .family = DIAG_IPV4, .bytes = { 10, 0, 0, 53 } }, 53 } },
};

struct source {
	unsigned n, given;
	bool later; /* the next call has nothing yet */
};

static enum diag_names_got next_name(void *ctx, char buf[DIAG_FQDN_MAX])
{
	struct source *s = ctx;

	if (s->later) {
		s->later = false;
		return DIAG_NAMES_LATER;
	}
	if (s->given == s->n)
		return DIAG_NAMES_END;
	(void)snprintf(buf, DIAG_FQDN_MAX, "n%u.example", s->given++);
	return DIAG_NAMES_GOT;
}

static struct diag_plan plan_of(struct source *s, size_t n_views, bool aaaa)
{
	struct diag_names_options o = {
		.name = next_name,
		.ctx = s,
		.views = views + (2 - n_views),
		.n_views = n_views,
		.ask_a = true,
		.ask_aaaa = aaaa,
	};
	struct diag_plan plan;

	assert_true(diag_plan_names(&o, &plan, NULL));
	return plan;
}

static void each_name_is_asked_of_every_view(void **unused)
{
	struct source s = { .n = 2 };
	struct diag_plan plan = plan_of(&s, 2, true);
	struct diag_step step[6];

	(void)unused;
	for (size_t i = 0; i < 6; i++)
		assert_true(plan.next(plan.ctx, &step[i]));
	assert_false(plan.next(plan.ctx, &step[0]));
	assert_false(plan.waiting(plan.ctx));
	assert_int_equal(DIAG_PROBE_SYSTEM_DNS, step[0].probe);
	assert_int_equal(DIAG_RR_A, step[1].type);
	assert_int_equal(DIAG_RR_AAAA, step[2].type);
	assert_string_equal("n0.example", step[2].name);
	assert_string_equal("n1.example", step[3].name);
	assert_string_equal("10.0.0.53:53", step[5].view);
	for (size_t i = 0; i < 6; i++)
		plan.done(plan.ctx, &step[i]);
	plan.free(plan.ctx);
}

static void a_name_is_forgotten_when_its_questions_are_done(void **unused)
{
	struct source s = { .n = 10000 };
	struct diag_plan plan = plan_of(&s, 1, false);
	struct diag_step step;
	size_t n = 0;

	(void)unused;
	/* What is not forgotten is a leak, which the sanitizer sees. */
	while (plan.next(plan.ctx, &step)) {
		plan.done(plan.ctx, &step);
		n++;
	}
	assert_int_equal(10000, n);
	plan.free(plan.ctx);
}

static void input_that_is_late_is_waited_for(void **unused)
{
	struct source s = { .n = 1, .later = true };
	struct diag_plan plan = plan_of(&s, 1, false);
	struct diag_step step;

	(void)unused;
	assert_false(plan.next(plan.ctx, &step));
	assert_true(plan.waiting(plan.ctx));
	assert_true(plan.next(plan.ctx, &step));
	assert_false(plan.waiting(plan.ctx));
	plan.done(plan.ctx, &step);
	plan.free(plan.ctx);
}

static void after_cancel_no_name_is_read(void **unused)
{
	struct source s = { .n = 5 };
	struct diag_plan plan = plan_of(&s, 2, false);
	struct diag_step a, b;

	(void)unused;
	assert_true(plan.next(plan.ctx, &a));
	plan.cancel(plan.ctx);
	/* The name that was begun is finished. */
	assert_true(plan.next(plan.ctx, &b));
	assert_string_equal(a.name, b.name);
	plan.done(plan.ctx, &a);
	plan.done(plan.ctx, &b);
	assert_false(plan.next(plan.ctx, &a));
	assert_int_equal(1, s.given);
	plan.free(plan.ctx);
}

static void a_truncated_answer_is_asked_again_over_tcp(void **unused)
{
	struct source s = { .n = 1 };
	struct diag_plan plan = plan_of(&s, 1, false);
	struct diag_fact f = { .kind = DIAG_FACT_DNS,
			       .status = DIAG_ST_TRUNCATED };
	struct diag_step step, again;

	(void)unused;
	assert_true(plan.next(plan.ctx, &step));
	assert_true(plan.learn(plan.ctx, &step, &f, NULL));
	plan.done(plan.ctx, &step);
	assert_true(plan.next(plan.ctx, &again));
	assert_true(again.tcp);
	assert_string_equal("n0.example", again.name);
	assert_true(plan.learn(plan.ctx, &again, &f, NULL));
	plan.done(plan.ctx, &again);
	assert_false(plan.next(plan.ctx, &step));
	plan.free(plan.ctx);
}

static void without_memory_it_ends_and_says_so(void **unused)
{
	struct source s = { .n = 5 };
	struct diag_plan plan = plan_of(&s, 1, false);
	struct diag_step step;
	struct diag_err err = { 0 };

	(void)unused;
	diag_mem_fail_nth(1);
	assert_false(plan.next(plan.ctx, &step));
	diag_mem_fail_nth(0);
	assert_false(plan.next(plan.ctx, &step));
	assert_true(plan.failed(plan.ctx, &err));
	assert_int_equal(DIAG_ENOMEM, err.code);
	plan.free(plan.ctx);
}

static void what_was_not_given_out_is_freed(void **unused)
{
	struct source s = { .n = 5 };
	struct diag_plan plan = plan_of(&s, 2, false);
	struct diag_step step;

	(void)unused;
	assert_true(plan.next(plan.ctx, &step));
	plan.done(plan.ctx, &step);
	plan.free(plan.ctx); /* the sanitizer sees a leak */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_name_is_asked_of_every_view),
		cmocka_unit_test(
		    a_name_is_forgotten_when_its_questions_are_done),
		cmocka_unit_test(input_that_is_late_is_waited_for),
		cmocka_unit_test(after_cancel_no_name_is_read),
		cmocka_unit_test(a_truncated_answer_is_asked_again_over_tcp),
		cmocka_unit_test(without_memory_it_ends_and_says_so),
		cmocka_unit_test(what_was_not_given_out_is_freed),
	};

	return cmocka_run_group_tests_name("plan/names", tests, NULL, NULL);
}
