/* SPDX-License-Identifier: MIT */
/* The clock, and whether this is where the browser runs.  A run starts at
 * 10:00:00 by its own clock (build.c). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/verdict/paths.h"

#define RIGHT "Mon, 23 Nov 2026 10:00:01 GMT"
#define LATER "Mon, 23 Nov 2026 11:00:01 GMT"
#define AGO   "Mon, 23 Nov 2026 09:00:01 GMT"
#define DAYS  "Thu, 26 Nov 2026 10:00:01 GMT"

static void dated(struct build *b, const char *name, const char *address,
		  const char *date)
{
	static const struct path_cert fine = { .status = "ok" };
	char members[256];

	(void)snprintf(members, sizeof(members),
		       "\"answer\",\"code\":200,\"is_service\":true,"
		       "\"date\":\"%s\"",
		       date);
	path_right(b, ISP, name, address);
	path_tls(b, name, address, &fine);
	path_http(b, name, address, members);
}

static void three(struct build *b, const char *x, const char *y, const char *z)
{
	dated(b, API, AT_API, x);
	dated(b, NOTEBOOK, AT_NOTEBOOK, y);
	dated(b, BLOB, AT_BLOB, z);
	build_judge(b);
}

static void a_clock_an_hour_slow_is_told(void **state)
{
	struct build *b = *state;

	three(b, LATER, LATER, LATER);
	build_expect(b, "error clock.skewed");
	path_says(b, "clock.skewed", "60 minutes slow");
	assert_int_equal(1, diag_verdict_exit(b->v, false));
}

static void a_clock_an_hour_fast_is_told(void **state)
{
	struct build *b = *state;

	three(b, AGO, AGO, AGO);
	build_expect(b, "error clock.skewed");
	path_says(b, "clock.skewed", "60 minutes fast");
}

static void one_host_with_a_wrong_clock_is_wrong_itself(void **state)
{
	struct build *b = *state;

	three(b, LATER, RIGHT, RIGHT);
	build_expect(b, "");
}

static void hosts_that_disagree_prove_nothing(void **state)
{
	struct build *b = *state;

	three(b, LATER, AGO, DAYS);
	build_expect(b, "");
}

/* The first one met is wrong in its own way; the others agree. */
static void two_that_agree_are_enough_beside_a_strange_one(void **state)
{
	struct build *b = *state;

	three(b, DAYS, LATER, LATER);
	build_expect(b, "error clock.skewed");
	path_says(b, "clock.skewed", "60 minutes slow");
}

static void two_names_at_one_address_are_one_host(void **state)
{
	struct build *b = *state;

	b->targets = T_API "," T_CERT;
	dated(b, API, AT_API, LATER);
	dated(b, CERT, AT_API, LATER);
	build_judge(b);
	build_expect(b, "");
}

static void five_minutes_are_allowed(void **state)
{
	struct build *b = *state;
	const char *date = "Mon, 23 Nov 2026 10:04:50 GMT";

	three(b, date, date, date);
	build_expect(b, "");
}

static void a_date_that_is_none_is_not_read(void **state)
{
	struct build *b = *state;

	three(b, "tomorrow", "tomorrow", "tomorrow");
	build_expect(b, "");
}

/* --- certificates --------------------------------------------------------- */

static void met(struct build *b, const char *name, const char *address,
		struct path_cert c)
{
	path_right(b, ISP, name, address);
	path_tls(b, name, address, &c);
	path_http(b, name, address,
		  "\"answer\",\"code\":200,\"is_service\":true");
}

static const struct path_cert late = { .status = "expired",
				       .faults = "\"expired\"",
				       .not_after = "2026-10-01T00:00:00Z" };

static void certificates_that_all_expired_tell_the_clock(void **state)
{
	struct build *b = *state;

	met(b, API, AT_API, late);
	met(b, NOTEBOOK, AT_NOTEBOOK, late);
	met(b, BLOB, AT_BLOB, late);
	build_judge(b);
	build_expect(b, "error tls.expired error tls.expired error tls.expired "
			"error clock.skewed");
	path_causes(b, "clock.skewed");
	assert_int_equal(3, b->v->causes[0].n_explains);
}

static void one_that_has_not_expired_clears_the_clock(void **state)
{
	struct build *b = *state;

	met(b, API, AT_API, late);
	met(b, NOTEBOOK, AT_NOTEBOOK, late);
	met(b, BLOB, AT_BLOB, (struct path_cert){ .status = "ok" });
	build_judge(b);
	build_expect(b, "error tls.expired error tls.expired");
}

/* A captive portal's certificate, expired long ago, on every name. */
static void one_strange_certificate_everywhere_is_no_clock(void **state)
{
	struct build *b = *state;
	const struct path_cert c = { .status = "name-mismatch",
				     .faults = "\"name-mismatch\",\"expired\"",
				     .subject = "portal.example",
				     .not_after = "2020-01-01T00:00:00Z" };

	met(b, API, AT_API, c);
	met(b, NOTEBOOK, AT_NOTEBOOK, c);
	met(b, BLOB, AT_BLOB, c);
	build_judge(b);
	build_expect(b, "error tls.name-mismatch");
}

/* Dates of answers count more than dates of certificates. */
static void a_right_date_clears_the_clock(void **state)
{
	struct build *b = *state;

	met(b, API, AT_API, late);
	met(b, NOTEBOOK, AT_NOTEBOOK, late);
	path_right(b, ISP, BLOB, AT_BLOB);
	path_tls(b, BLOB, AT_BLOB, &late);
	path_http(b, BLOB, AT_BLOB,
		  "\"answer\",\"code\":200,\"is_service\":true,"
		  "\"date\":\"" RIGHT "\"");
	build_judge(b);
	build_expect(b,
		     "error tls.expired error tls.expired error tls.expired");
}

/* --- not the browser ------------------------------------------------------ */

static void a_container_is_not_where_the_browser_runs(void **state)
{
	struct build *b = *state;

	b->machine = M_ROOTS "\"container\":\"docker\",";
	build_healthy(b, ISP);
	build_judge(b);
	build_expect(b, "warning machine.not-the-browser");
	path_causes(b, "machine.not-the-browser");
	assert_int_equal(DIAG_DEGRADED, b->v->outcome);
}

static void a_container_on_a_compute_node_is_at_home(void **state)
{
	struct build *b = *state;

	b->role = "compute";
	b->machine = M_ROOTS "\"container\":\"docker\",";
	build_healthy(b, ISP);
	build_judge(b);
	build_expect(b, "");
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(a_clock_an_hour_slow_is_told),
		WITH_CASE(a_clock_an_hour_fast_is_told),
		WITH_CASE(one_host_with_a_wrong_clock_is_wrong_itself),
		WITH_CASE(hosts_that_disagree_prove_nothing),
		WITH_CASE(two_that_agree_are_enough_beside_a_strange_one),
		WITH_CASE(two_names_at_one_address_are_one_host),
		WITH_CASE(five_minutes_are_allowed),
		WITH_CASE(a_date_that_is_none_is_not_read),
		WITH_CASE(certificates_that_all_expired_tell_the_clock),
		WITH_CASE(one_that_has_not_expired_clears_the_clock),
		WITH_CASE(one_strange_certificate_everywhere_is_no_clock),
		WITH_CASE(a_right_date_clears_the_clock),
		WITH_CASE(a_container_is_not_where_the_browser_runs),
		WITH_CASE(a_container_on_a_compute_node_is_at_home),
	};

	return cmocka_run_group_tests_name("rules_machine", tests, NULL, NULL);
}
