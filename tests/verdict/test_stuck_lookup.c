/* SPDX-License-Identifier: MIT */
/* A look-up of this machine's own that hangs must not be blamed on a name
 * server that answered, nor be taken for its NXDOMAIN. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/verdict/build.h"

static int set_up(void **state)
{
	static struct build b;

	build_init(&b);
	*state = &b;
	return 0;
}

static int tear_down(void **state)
{
	build_clear(*state);
	return 0;
}

static const struct diag_cause *cause_of(const struct build *b,
					 const char *code)
{
	for (size_t i = 0; i < b->v->n_causes; i++)
		if (strcmp(b->v->causes[i].finding->info->code, code) == 0)
			return &b->v->causes[i];
	fail_msg("no cause %s in %s", code, b->said);
	return NULL;
}

static void hangs(struct build *b, const char *name)
{
	build_system_status(b, name, "timeout", "", "");
}

static void servers_that_answered_are_not_to_be_taken_out(void **state)
{
	struct build *b = *state;
	const struct diag_cause *c;

	build_paths_open(b);
	build_private(b, ISP, API);
	build_private(b, ISP, NOTEBOOK);
	build_private(b, ISP, BLOB);
	hangs(b, API);
	hangs(b, NOTEBOOK);
	hangs(b, BLOB);
	build_judge(b);
	c = cause_of(b, "dns.server-silent");
	assert_string_equal("system", c->finding->subject);
	assert_non_null(strstr(c->fixes[0].text, "own look-up hangs"));
	for (size_t i = 0; i < c->n_fixes; i++)
		assert_null(strstr(c->fixes[i].text, "take it out"));
}

static void a_server_that_hangs_too_is_still_the_one(void **state)
{
	struct build *b = *state;

	b->targets = T_API;
	build_open(b, API, "10.150.0.4");
	build_dns(b, ISP, API, "A", "timeout", "");
	hangs(b, API);
	build_judge(b);
	assert_string_equal(ISP,
			    cause_of(b, "dns.server-silent")->finding->subject);
}

static void a_hanging_lookup_does_not_agree_with_nxdomain(void **state)
{
	struct build *b = *state;

	b->targets = T_INSTANCE;
	build_open(b, INSTANCE, "10.150.0.4");
	build_dns(b, ISP, INSTANCE, "A", "nxdomain", "");
	hangs(b, INSTANCE);
	build_judge(b);
	assert_string_equal("system",
			    cause_of(b, "dns.server-silent")->finding->subject);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(servers_that_answered_are_not_to_be_taken_out),
		CASE(a_server_that_hangs_too_is_still_the_one),
		CASE(a_hanging_lookup_does_not_agree_with_nxdomain),
	};

	return cmocka_run_group_tests_name("stuck_lookup", tests, NULL, NULL);
}
