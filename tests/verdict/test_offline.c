/* SPDX-License-Identifier: MIT */
/* A machine without any network must not blame its name server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/verdict/paths.h"

#define NO_NETWORK "{\"name\":\"lo\",\"up\":true,\"loopback\":true}"

static int setup(void **state)
{
	static struct build b;

	build_init(&b);
	*state = &b;
	return 0;
}

static int teardown(void **state)
{
	build_clear(*state);
	return 0;
}

static bool has(const struct build *b, const char *code)
{
	for (size_t i = 0; i < b->v->n_findings; i++)
		if (strcmp(b->v->findings[i].info->code, code) == 0)
			return true;
	return false;
}

static void questions_fail(struct build *b, const char *status)
{
	static const char *const names[] = { API, NOTEBOOK, BLOB };

	for (size_t i = 0; i < 3; i++) {
		build_system_status(b, names[i], "failed", "", "");
		build_dns(b, ISP, names[i], "A", status, "");
	}
	build_tcp(b, API, "10.150.0.4", 443, "unreachable");
	build_tcp(b, NOTEBOOK, "10.150.0.5", 443, "unreachable");
	build_tcp(b, BLOB, "10.150.0.8", 443, "unreachable");
}

static void without_a_network_nobody_is_blamed(void **state)
{
	struct build *b = *state;

	b->interfaces = NO_NETWORK;
	b->routes = "";
	questions_fail(b, "unreachable");
	build_judge(b);
	assert_int_equal(1, b->v->n_causes);
	assert_string_equal("net.no-route",
			    b->v->causes[0].finding->info->code);
	assert_int_equal(3, b->v->causes[0].finding->n_targets);
	assert_true(has(b, "dns.server-failing"));
	assert_false(has(b, "net.no-ipv4"));
	assert_int_equal(1, b->v->causes[0].n_fixes);
	build_status(b, API, DIAG_TARGET_FAIL);
}

static void a_network_whose_server_is_gone_is_not_offline(void **state)
{
	struct build *b = *state;

	b->interfaces = M_WLAN;
	b->routes = M_DEFAULT "," M_LAN;
	questions_fail(b, "unreachable");
	build_judge(b);
	assert_true(has(b, "dns.server-failing"));
	assert_false(has(b, "net.no-route"));
}

static void a_server_that_answers_proves_a_network(void **state)
{
	struct build *b = *state;

	b->interfaces = NO_NETWORK;
	b->routes = "";
	questions_fail(b, "servfail");
	build_judge(b);
	for (size_t i = 0; i < b->v->n_causes; i++)
		assert_true(
		    strcmp("offline", b->v->causes[i].finding->subject
					  ? b->v->causes[i].finding->subject
					  : "") != 0);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(without_a_network_nobody_is_blamed),
		CASE(a_network_whose_server_is_gone_is_not_offline),
		CASE(a_server_that_answers_proves_a_network),
	};

	return cmocka_run_group_tests_name("offline", tests, NULL, NULL);
}
