/* SPDX-License-Identifier: MIT */
/* Answers that only stand out next to each other: filters, flapping, caches,
 * servers that disagree; IPv6 beside IPv4; hosts lines beside DNS. */
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

static void with_corp_added(struct build *b)
{
	b->views = "{\"view\":\"system\"},{\"view\":\"" ISP "\"},"
		   "{\"view\":\"" CORP "\",\"added\":true}";
}

static void two_servers(struct build *b)
{
	b->servers = M_SRV_ISP "," M_SRV_CORP;
	b->views = "{\"view\":\"system\"},{\"view\":\"" ISP "\"},"
		   "{\"view\":\"" CORP "\"}";
}

/* --- rebinding ------------------------------------------------------------ */

static void
no_address_and_no_soa_beside_a_private_answer_is_a_filter(void **state)
{
	struct build *b = *state;

	with_corp_added(b);
	build_system(b, API, "");
	build_dns(b, ISP, API, "A", "nodata", "");
	build_private(b, CORP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.rebinding-filter");
	assert_string_equal(ISP,
			    build_finding(b, "dns.rebinding-filter")->subject);
	build_status(b, API, DIAG_TARGET_FAIL);
}

static void unbounds_filter_keeps_the_chain(void **state)
{
	struct build *b = *state;

	with_corp_added(b);
	build_system(b, API, "");
	build_dns(b, ISP, API, "A", "nodata", API_ALIAS);
	build_private(b, CORP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.rebinding-filter");
}

static void refused_for_private_answers_only_is_a_filter(void **state)
{
	struct build *b = *state;

	with_corp_added(b);
	b->targets = T_API "," T_STUDIO;
	build_system_status(b, API, "failed", "", "");
	build_dns(b, ISP, API, "A", "refused", "");
	build_private(b, CORP, API);
	build_open(b, API, "10.150.0.4");
	build_system(b, STUDIO, "20.62.20.1");
	build_dns(b, ISP, STUDIO, "A", "answer", "20.62.20.1");
	build_open(b, STUDIO, "20.62.20.1");
	build_judge(b);
	build_expect(b, "error dns.rebinding-filter");
}

static void the_same_shape_alone_is_unknown(void **state)
{
	struct build *b = *state;

	build_system(b, API, "");
	build_dns(b, ISP, API, "A", "nodata", "");
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "warning dns.rebinding-filter");
	build_status(b, API, DIAG_TARGET_UNKNOWN);
	assert_int_equal(DIAG_UNKNOWN, b->v->outcome);
}

static void nodata_with_an_soa_is_no_filter(void **state)
{
	struct build *b = *state;

	with_corp_added(b);
	build_system(b, API, "");
	build_dns_soa(b, ISP, API, "nodata", API_ALIAS, API_ZONE,
		      PRIVATE_MNAME);
	build_private(b, CORP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.record-missing");
}

/* --- flapping, disagreeing ------------------------------------------------ */

static void a_server_that_changes_its_mind_flaps(void **state)
{
	struct build *b = *state;

	build_system(b, API, "10.150.0.4");
	build_private(b, ISP, API);
	build_public(b, ISP, API);
	build_private(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.flapping");
	build_status(b, API, DIAG_TARGET_FAIL);
}

static void the_same_answer_three_times_does_not_flap(void **state)
{
	struct build *b = *state;

	build_system(b, API, "10.150.0.4");
	build_private(b, ISP, API);
	build_private(b, ISP, API);
	build_private(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "");
}

static void a_flapping_server_is_no_cache(void **state)
{
	struct build *b = *state;

	b->targets = T_API "," T_BLOB;
	build_system(b, API, "10.150.0.4");
	build_private(b, ISP, API);
	build_public(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	/* Asked for this one, it happened to say the right thing to us only. */
	build_system(b, BLOB, "20.62.10.8");
	build_private(b, ISP, BLOB);
	build_private(b, ISP, BLOB);
	build_open(b, BLOB, "10.150.0.8");
	build_judge(b);
	build_expect(b, "error dns.flapping");
	assert_int_equal(2, build_finding(b, "dns.flapping")->n_targets);
}

static void a_wrong_first_server_is_the_cause_of_disagreement(void **state)
{
	struct build *b = *state;

	two_servers(b);
	build_system(b, API, "20.62.10.4");
	build_public(b, ISP, API);
	build_private(b, CORP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible "
			"warning dns.resolvers-disagree");
}

static void a_wrong_fallback_server_is_a_warning(void **state)
{
	struct build *b = *state;

	two_servers(b);
	build_system(b, API, "10.150.0.4");
	build_private(b, ISP, API);
	build_public(b, CORP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "warning dns.zone-not-visible "
			"warning dns.resolvers-disagree");
	assert_int_equal(DIAG_DEGRADED, b->v->outcome);
}

static void split_dns_is_no_disagreement(void **state)
{
	struct build *b = *state;

	b->nss = "\"files\",\"resolve\"";
	b->servers = "{\"at\":\"" ISP "\",\"source\":\"systemd-resolved\","
		     "\"interface\":\"wlan0\",\"default_route\":true,"
		     "\"behind_stub\":true},"
		     "{\"at\":\"" CORP "\",\"source\":\"systemd-resolved\","
		     "\"interface\":\"tun0\",\"behind_stub\":true,"
		     "\"domains\":[\"api.azureml.ms\"]}";
	b->views = "{\"view\":\"system\"},{\"view\":\"" ISP "\"},"
		   "{\"view\":\"" CORP "\"}";
	build_system(b, API, "10.150.0.4");
	build_private(b, CORP, API);
	build_public(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "info dns.zone-not-visible");
	assert_int_equal(DIAG_HEALTHY, b->v->outcome);
}

/* --- caches --------------------------------------------------------------- */

static void an_old_wrong_answer_is_the_caches_fault(void **state)
{
	struct build *b = *state;

	build_system(b, API, "20.62.10.4");
	build_private(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.wrong-address warning dns.stale-cache");
	build_status(b, API, DIAG_TARGET_FAIL);
	assert_string_equal("dns.stale-cache",
			    b->v->causes[0].finding->info->code);
	assert_int_equal(1, b->v->n_causes);
}

static void an_old_right_answer_is_a_warning(void **state)
{
	struct build *b = *state;

	build_system(b, API, "10.150.0.4");
	build_public(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "warning dns.zone-not-visible "
			"warning dns.stale-cache");
	build_status(b, API, DIAG_TARGET_WARN);
}

static void a_stub_older_than_its_server_is_stale(void **state)
{
	struct build *b = *state;

	b->servers = "{\"at\":\"" STUB "\",\"source\":\"/etc/resolv.conf\","
		     "\"order\":0,\"stub\":true,\"default_route\":true},"
		     "{\"at\":\"" CORP "\",\"source\":\"systemd-resolved\","
		     "\"interface\":\"tun0\",\"behind_stub\":true,"
		     "\"default_route\":true}";
	b->views = "{\"view\":\"system\"},{\"view\":\"" STUB "\"},"
		   "{\"view\":\"" CORP "\"}";
	build_system(b, API, "20.62.10.4");
	build_public(b, STUB, API);
	build_private(b, CORP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.wrong-address warning dns.stale-cache");
}

static void a_stub_and_its_server_alike_are_one_fault(void **state)
{
	struct build *b = *state;

	b->servers = "{\"at\":\"" STUB "\",\"source\":\"/etc/resolv.conf\","
		     "\"order\":0,\"stub\":true,\"default_route\":true},"
		     "{\"at\":\"" CORP "\",\"source\":\"systemd-resolved\","
		     "\"interface\":\"tun0\",\"behind_stub\":true,"
		     "\"default_route\":true}";
	b->views = "{\"view\":\"system\"},{\"view\":\"" STUB "\"},"
		   "{\"view\":\"" CORP "\"}";
	build_system(b, API, "20.62.10.4");
	build_public(b, STUB, API);
	build_public(b, CORP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible "
			"info dns.zone-not-visible");
	assert_string_equal(STUB, b->v->findings[0].subject);
}

/* --- hosts ---------------------------------------------------------------- */

#define HOSTS(address)                                                   \
	"\"hosts\":{\"path\":\"/etc/hosts\",\"edges\":[{\"name\":\"" API \
	"\",\"address\":\"" address "\",\"line\":7}]},"

static void a_stale_hosts_line_overrides_dns(void **state)
{
	struct build *b = *state;

	b->machine = HOSTS("10.150.0.99");
	build_system(b, API, "10.150.0.99");
	build_private(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_tcp(b, API, "10.150.0.99", 443, "timeout");
	build_judge(b);
	build_expect(b, "error hosts.overrides-dns");
	assert_non_null(
	    strstr(build_finding(b, "hosts.overrides-dns")->detail, "line 7"));
	build_status(b, API, DIAG_TARGET_FAIL);
}

static void a_hosts_line_that_does_not_decide_is_not_blamed(void **state)
{
	struct build *b = *state;

	b->machine = HOSTS("10.150.0.99");
	build_system(b, API, "10.150.0.4");
	build_private(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "");
}

#define GLUED                                                                 \
	"\"hosts\":{\"path\":\"/etc/hosts\",\"faults\":[{\"kind\":\"glued\"," \
	"\"meant\":\"" API "\",\"line\":3,\"column\":1,\"text\":\"address "   \
	"and name run together\",\"corrected\":\"10.150.0.4 " API "\"}]},"

static void a_malformed_line_is_an_error_if_its_name_fails(void **state)
{
	struct build *b = *state;

	b->machine = GLUED;
	build_system(b, API, "20.62.10.4");
	build_public(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error hosts.malformed error dns.zone-not-visible");
}

static void a_malformed_line_is_a_warning_if_its_name_works(void **state)
{
	struct build *b = *state;

	b->machine = GLUED;
	build_system(b, API, "10.150.0.4");
	build_private(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "warning hosts.malformed");
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_address_and_no_soa_beside_a_private_answer_is_a_filter),
		TEST(unbounds_filter_keeps_the_chain),
		TEST(refused_for_private_answers_only_is_a_filter),
		TEST(the_same_shape_alone_is_unknown),
		TEST(nodata_with_an_soa_is_no_filter),
		TEST(a_server_that_changes_its_mind_flaps),
		TEST(the_same_answer_three_times_does_not_flap),
		TEST(a_flapping_server_is_no_cache),
		TEST(a_wrong_first_server_is_the_cause_of_disagreement),
		TEST(a_wrong_fallback_server_is_a_warning),
		TEST(split_dns_is_no_disagreement),
		TEST(an_old_wrong_answer_is_the_caches_fault),
		TEST(an_old_right_answer_is_a_warning),
		TEST(a_stub_older_than_its_server_is_stale),
		TEST(a_stub_and_its_server_alike_are_one_fault),
		TEST(a_stale_hosts_line_overrides_dns),
		TEST(a_hosts_line_that_does_not_decide_is_not_blamed),
		TEST(a_malformed_line_is_an_error_if_its_name_fails),
		TEST(a_malformed_line_is_a_warning_if_its_name_works),
		TEST(a_public_ipv6_answer_that_clients_use_is_an_error),
		TEST(without_ipv6_the_same_answer_is_a_warning),
		TEST(ipv6_beside_a_public_ipv4_is_the_same_fault),
		TEST(dns64_is_judged_by_the_address_inside),
		TEST(no_ipv4_and_no_nat64_is_told),
	};

	return cmocka_run_group_tests_name("rules_dns_compare", tests, NULL,
					   NULL);
}
