/* SPDX-License-Identifier: MIT */
/* Private endpoints have IPv4 only: what AAAA answers and networks without
 * IPv4 make of that. */
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
	b.targets = T_API;
	*state = &b;
	return 0;
}

static int tear_down(void **state)
{
	build_clear(*state);
	return 0;
}

/* --- IPv6 ----------------------------------------------------------------- */

#define M_WLAN6                                                         \
	"{\"name\":\"wlan0\",\"up\":true,\"addresses\":[{\"address\":"  \
	"\"192.168.1.20\",\"prefix\":\"192.168.1.0/24\"},{\"address\":" \
	"\"2001:db8::20\",\"prefix\":\"2001:db8::/64\"}]}"

static void a_public_ipv6_answer_that_clients_use_is_an_error(void **state)
{
	struct build *b = *state;

	b->interfaces = M_WLAN6 "," M_TUN;
	build_system(b, API, "10.150.0.4 2001:db8:1::4");
	build_private(b, ISP, API);
	build_dns(b, ISP, API, "AAAA", "answer",
		  API_ALIAS " " FRONT " 2001:db8:1::4");
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.ipv6-answer");
}

static void without_ipv6_the_same_answer_is_a_warning(void **state)
{
	struct build *b = *state;

	build_system(b, API, "10.150.0.4");
	build_private(b, ISP, API);
	build_dns(b, ISP, API, "AAAA", "answer",
		  API_ALIAS " " FRONT " 2001:db8:1::4");
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "warning dns.ipv6-answer");
}

static void ipv6_beside_a_public_ipv4_is_the_same_fault(void **state)
{
	struct build *b = *state;

	b->interfaces = M_WLAN6 "," M_TUN;
	build_system(b, API, "20.62.10.4 2001:db8:1::4");
	build_public(b, ISP, API);
	build_dns(b, ISP, API, "AAAA", "answer",
		  API_ALIAS " " FRONT " 2001:db8:1::4");
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible");
}

static void dns64_is_judged_by_the_address_inside(void **state)
{
	struct build *b = *state;

	build_system(b, API, "64:ff9b::a96:4");
	build_private(b, ISP, API);
	build_dns(b, ISP, API, "AAAA", "answer", API_ALIAS " 64:ff9b::a96:4");
	build_open(b, API, "64:ff9b::a96:4");
	build_judge(b);
	build_expect(b, "info dns.dns64");
	build_status(b, API, DIAG_TARGET_OK);
}

#define M_ONLY6                                                        \
	"{\"name\":\"wlan0\",\"up\":true,\"addresses\":[{\"address\":" \
	"\"2001:db8::20\",\"prefix\":\"2001:db8::/64\"}]}"

static void no_ipv4_and_no_nat64_is_told(void **state)
{
	struct build *b = *state;

	b->interfaces = M_ONLY6;
	b->routes = "{\"to\":\"::/0\",\"gateway\":\"fe80::1\","
		    "\"interface\":\"wlan0\"}";
	build_system(b, API, "10.150.0.4");
	build_private(b, ISP, API);
	build_tcp(b, API, "10.150.0.4", 443, "unreachable");
	build_judge(b);
	assert_int_equal(DIAG_ERROR, build_finding(b, "net.no-ipv4")->severity);
}

static void an_ipv6_answer_that_leads_nowhere_is_a_warning(void **state)
{
	struct build *b = *state;

	build_system(b, API, "10.150.0.4 2001:db8:1::4");
	build_private(b, ISP, API);
	build_dns(b, ISP, API, "AAAA", "answer",
		  API_ALIAS " " FRONT " 2001:db8:1::4");
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "warning dns.ipv6-answer");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_public_ipv6_answer_that_clients_use_is_an_error),
		TEST(without_ipv6_the_same_answer_is_a_warning),
		TEST(ipv6_beside_a_public_ipv4_is_the_same_fault),
		TEST(dns64_is_judged_by_the_address_inside),
		TEST(no_ipv4_and_no_nat64_is_told),
		TEST(an_ipv6_answer_that_leads_nowhere_is_a_warning),
	};

	return cmocka_run_group_tests_name("rules_dns_ipv6", tests, NULL, NULL);
}
