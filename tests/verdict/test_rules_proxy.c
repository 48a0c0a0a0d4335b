/* SPDX-License-Identifier: MIT */
/* Names that the machine's settings send to a proxy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/verdict/paths.h"

#define SERVED \
	"\"answer\",\"connect_code\":200,\"code\":200,\"is_service\":true"

/* Public names go to the proxy, private ones do not; no way out directly. */
static void company(struct build *b)
{
	b->machine = M_ROOTS M_PROXY "\"no_proxy\":[\"" API "\"],";
	b->targets = T_API "," T_STUDIO "," T_SIGN_IN;
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, STUDIO, "20.62.1.1");
	path_right(b, ISP, SIGN_IN, "20.62.1.2");
	build_open(b, API, AT_API);
	build_tcp(b, STUDIO, "20.62.1.1", 443, "timeout");
	build_tcp(b, SIGN_IN, "20.62.1.2", 443, "timeout");
}

static void both_through(struct build *b, const char *members)
{
	path_proxied(b, STUDIO, members);
	path_proxied(b, SIGN_IN, members);
	build_judge(b);
}

static void a_working_proxy_is_only_told(void **state)
{
	struct build *b = *state;

	company(b);
	both_through(b, SERVED);
	build_expect(b, "info proxy.in-path");
	path_blames(b, "proxy.in-path", STUDIO " " SIGN_IN);
	build_status(b, STUDIO, DIAG_TARGET_OK);
	assert_int_equal(DIAG_HEALTHY, b->v->outcome);
}

static void public_names_may_not_resolve_behind_a_working_proxy(void **state)
{
	struct build *b = *state;

	b->machine = M_ROOTS M_PROXY "\"no_proxy\":[\"" API "\"],";
	b->targets = T_API "," T_STUDIO "," T_SIGN_IN;
	path_right(b, ISP, API, AT_API);
	build_open(b, API, AT_API);
	build_system(b, STUDIO, "");
	build_system(b, SIGN_IN, "");
	build_dns_soa(b, ISP, STUDIO, "nxdomain", "", "", "ns.corp.example");
	build_dns_soa(b, ISP, SIGN_IN, "nxdomain", "", "", "ns.corp.example");
	both_through(b, SERVED);
	build_expect(b, "info dns.no-internet-names info proxy.in-path");
	build_status(b, SIGN_IN, DIAG_TARGET_OK);
}

static void a_password_is_wanted(void **state)
{
	struct build *b = *state;

	company(b);
	both_through(b, "\"failed\",\"connect_code\":407");
	build_expect(b, "error proxy.auth-required info proxy.in-path");
	build_status(b, STUDIO, DIAG_TARGET_FAIL);
	build_status(b, API, DIAG_TARGET_OK);
}

static void a_refusal_is_told(void **state)
{
	struct build *b = *state;

	company(b);
	both_through(b, "\"failed\",\"connect_code\":403");
	build_expect(b, "error proxy.denied info proxy.in-path");
}

static void a_proxy_that_gets_no_further_is_told(void **state)
{
	struct build *b = *state;

	company(b);
	both_through(b, "\"failed\",\"connect_code\":502");
	build_expect(b, "error proxy.cannot-resolve info proxy.in-path");
}

static void a_dead_proxy_is_told(void **state)
{
	struct build *b = *state;

	company(b);
	both_through(b, "\"failed\",\"errno\":\"ECONNREFUSED\"");
	build_expect(b, "error proxy.unreachable info proxy.in-path");
}

/* It answers for one name and hangs over the other: it is there. */
static void a_proxy_that_hangs_over_one_name_is_not_dead(void **state)
{
	struct build *b = *state;

	company(b);
	path_proxied(b, STUDIO, SERVED);
	path_proxied(b, SIGN_IN, "\"timeout\"");
	build_judge(b);
	build_expect(b, "error proxy.cannot-resolve info proxy.in-path");
	path_blames(b, "proxy.cannot-resolve", SIGN_IN);
}

static void silence_behind_the_proxy_is_no_refusal(void **state)
{
	struct build *b = *state;

	company(b);
	both_through(b, "\"cut\",\"connect_code\":200");
	build_expect(b, "error http.no-answer info proxy.in-path");
	build_status(b, STUDIO, DIAG_TARGET_FAIL);
}

/* The direct way works; programs that obey the settings do not take it. */
static void a_private_name_sent_to_the_proxy_is_broken(void **state)
{
	struct build *b = *state;

	b->machine = M_ROOTS M_PROXY;
	b->targets = T_API;
	path_right(b, ISP, API, AT_API);
	build_open(b, API, AT_API);
	path_proxied(b, API, "\"failed\",\"connect_code\":503");
	build_judge(b);
	build_expect(b, "error proxy.cannot-resolve info proxy.in-path");
	build_status(b, API, DIAG_TARGET_FAIL);
}

static void a_proxy_that_meets_the_public_front_end_sees_no_zones(void **state)
{
	struct build *b = *state;

	b->machine = M_ROOTS M_PROXY;
	b->targets = T_BLOB;
	path_right(b, ISP, BLOB, AT_BLOB);
	build_open(b, BLOB, AT_BLOB);
	path_proxied(b, BLOB,
		     "\"answer\",\"connect_code\":200,\"code\":403,"
		     "\"denial\":\"x-ms-error-code: AuthorizationFailure\"");
	build_judge(b);
	build_expect(b, "error proxy.cannot-resolve info proxy.in-path");
	path_says(b, "proxy.cannot-resolve", "public front end");
}

/* For private names the proxy's success does not hide a closed way. */
static void a_working_proxy_does_not_excuse_a_private_name(void **state)
{
	struct build *b = *state;

	b->machine = M_ROOTS M_PROXY;
	b->targets = T_API;
	path_right(b, ISP, API, AT_API);
	path_route(b, AT_API, "tun0", "tunnel");
	build_tcp(b, API, AT_API, 443, "timeout");
	path_proxied(b, API, SERVED);
	build_judge(b);
	build_expect(b, "error tcp.filtered info proxy.in-path");
}

static void a_proxy_that_was_not_asked_leaves_it_open(void **state)
{
	struct build *b = *state;

	company(b);
	both_through(b, "\"not-run\"");
	build_expect(b, "info proxy.in-path");
	build_status(b, STUDIO, DIAG_TARGET_UNKNOWN);
}

/* Settings, and a case that never asked through them. */
static void settings_alone_are_only_told(void **state)
{
	struct build *b = *state;

	b->machine = M_ROOTS M_PROXY;
	b->targets = T_STUDIO;
	path_right(b, ISP, STUDIO, "20.62.1.1");
	build_open(b, STUDIO, "20.62.1.1");
	build_judge(b);
	build_expect(b, "info proxy.in-path");
}

static void without_settings_nothing_is_said_of_proxies(void **state)
{
	struct build *b = *state;

	b->targets = T_STUDIO;
	path_right(b, ISP, STUDIO, "20.62.1.1");
	build_open(b, STUDIO, "20.62.1.1");
	build_judge(b);
	build_expect(b, "");
}

static void the_repair_names_private_names_and_instances(void **state)
{
	struct build *b = *state;
	const char *text;

	company(b);
	both_through(b, "\"failed\",\"connect_code\":403");
	text = b->v->causes[0].fixes[0].command;
	text = strstr(text, "NO_PROXY=" API ",");
	assert_non_null(text);
	assert_non_null(strstr(text, ".instances.azureml.ms"));
	assert_null(strstr(text, STUDIO));
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(a_working_proxy_is_only_told),
		WITH_CASE(public_names_may_not_resolve_behind_a_working_proxy),
		WITH_CASE(a_password_is_wanted),
		WITH_CASE(a_refusal_is_told),
		WITH_CASE(a_proxy_that_gets_no_further_is_told),
		WITH_CASE(a_dead_proxy_is_told),
		WITH_CASE(a_proxy_that_hangs_over_one_name_is_not_dead),
		WITH_CASE(silence_behind_the_proxy_is_no_refusal),
		WITH_CASE(a_private_name_sent_to_the_proxy_is_broken),
		WITH_CASE(
		    a_proxy_that_meets_the_public_front_end_sees_no_zones),
		WITH_CASE(a_working_proxy_does_not_excuse_a_private_name),
		WITH_CASE(a_proxy_that_was_not_asked_leaves_it_open),
		WITH_CASE(settings_alone_are_only_told),
		WITH_CASE(without_settings_nothing_is_said_of_proxies),
		WITH_CASE(the_repair_names_private_names_and_instances),
	};

	return cmocka_run_group_tests_name("rules_proxy", tests, NULL, NULL);
}
