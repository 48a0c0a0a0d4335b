/* SPDX-License-Identifier: MIT */
/* No way at all, and who says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/verdict/paths.h"

static void names_are_right(struct build *b)
{
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, ISP, BLOB, AT_BLOB);
}

static void two_work(struct build *b)
{
	names_are_right(b);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
}

static void the_kernel_says_that_there_is_no_route(void **state)
{
	struct build *b = *state;

	two_work(b);
	path_route(b, AT_BLOB, "", "none");
	path_errno(b, BLOB, AT_BLOB, "unreachable", "ENETUNREACH");
	build_judge(b);
	build_expect(b, "error net.no-route");
	path_blames(b, "net.no-route", BLOB);
	build_status(b, BLOB, DIAG_TARGET_FAIL);
}

static void no_route_at_all_is_one_finding_and_no_missing_vpn(void **state)
{
	static const char *const names[] = { API, NOTEBOOK, BLOB };
	static const char *const at[] = { AT_API, AT_NOTEBOOK, AT_BLOB };
	struct build *b = *state;

	path_at_home(b);
	names_are_right(b);
	for (size_t i = 0; i < 3; i++) {
		path_route(b, at[i], "", "none");
		path_errno(b, names[i], at[i], "unreachable", "ENETUNREACH");
	}
	build_judge(b);
	build_expect(b, "error net.no-route");
	path_causes(b, "net.no-route");
}

/* ENETUNREACH with a sender is a router's word, not the kernel's. */
static void a_routers_word_is_not_a_missing_route(void **state)
{
	struct build *b = *state;

	two_work(b);
	path_route(b, AT_BLOB, "tun0", "tunnel");
	path_icmp(b, BLOB, AT_BLOB, 0, "10.200.0.1");
	build_judge(b);
	build_expect(b, "error net.unreachable");
	path_says(b, "net.unreachable", "10.200.0.1 says that the address");
	assert_string_equal("10.200.0.1",
			    build_finding(b, "net.unreachable")->subject);
}

static void a_prohibition_is_told_as_one(void **state)
{
	struct build *b = *state;

	two_work(b);
	path_route(b, AT_BLOB, "tun0", "tunnel");
	path_icmp(b, BLOB, AT_BLOB, 13, "10.200.0.1");
	build_judge(b);
	build_expect(b, "error net.unreachable");
	path_says(b, "net.unreachable", "a filter prohibits");
	assert_string_equal("firewall", b->v->causes[0].fixes[0].kind);
	assert_int_equal(1, b->v->causes[0].n_fixes);
}

static void a_filter_of_this_machine_itself_is_told_as_that(void **state)
{
	struct build *b = *state;

	two_work(b);
	path_route(b, AT_BLOB, "tun0", "tunnel");
	path_errno(b, BLOB, AT_BLOB, "unreachable", "EPERM");
	build_judge(b);
	build_expect(b, "error net.unreachable");
	path_says(b, "net.unreachable", "this machine itself");
	assert_string_equal("text", b->v->causes[0].fixes[0].kind);
}

static void nobody_on_the_link_is_told_as_that(void **state)
{
	struct build *b = *state;

	path_in_vnet(b);
	path_right(b, AZURE, API, AT_API);
	path_right(b, AZURE, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, AZURE, BLOB, AT_BLOB);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	path_route(b, AT_BLOB, "eth0", "on-link");
	path_errno(b, BLOB, AT_BLOB, "unreachable", "EHOSTUNREACH");
	build_judge(b);
	build_expect(b, "error net.unreachable");
	path_says(b, "net.unreachable", "Nobody on the local link");
}

/* Routes that were not asked for: the error itself tells. */
static void without_route_facts_the_error_tells(void **state)
{
	struct build *b = *state;

	two_work(b);
	path_errno(b, BLOB, AT_BLOB, "unreachable", "ENETUNREACH");
	build_judge(b);
	build_expect(b, "error net.no-route");

	path_errno(b, BLOB, AT_BLOB, "unreachable", "EHOSTUNREACH");
	build_judge(b);
	build_expect(b, "error net.unreachable");
}

/* RFC 6724: what has no route is not used while something else works. */
static void no_route_to_a_second_address_harms_nobody(void **state)
{
	struct build *b = *state;

	b->targets = T_STUDIO;
	path_right(b, ISP, STUDIO, "20.62.1.1");
	build_dns(b, ISP, STUDIO, "AAAA", "answer", "2603:1030::1");
	build_system(b, STUDIO, "20.62.1.1 2603:1030::1");
	build_open(b, STUDIO, "20.62.1.1");
	path_route(b, "2603:1030::1", "", "none");
	path_errno(b, STUDIO, "2603:1030::1", "unreachable", "ENETUNREACH");
	build_judge(b);
	build_expect(b, "");
	build_status(b, STUDIO, DIAG_TARGET_OK);
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(the_kernel_says_that_there_is_no_route),
		WITH_CASE(no_route_at_all_is_one_finding_and_no_missing_vpn),
		WITH_CASE(a_routers_word_is_not_a_missing_route),
		WITH_CASE(a_prohibition_is_told_as_one),
		WITH_CASE(a_filter_of_this_machine_itself_is_told_as_that),
		WITH_CASE(nobody_on_the_link_is_told_as_that),
		WITH_CASE(without_route_facts_the_error_tells),
		WITH_CASE(no_route_to_a_second_address_harms_nobody),
	};

	return cmocka_run_group_tests_name("rules_net", tests, NULL, NULL);
}
