/* SPDX-License-Identifier: MIT */
/* Answers that only stand out next to each other: filters, flapping, caches,
 * servers that disagree. */
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

static void a_mixed_answer_is_not_one_half_of_flapping(void **state)
{
	struct build *b = *state;

	build_system(b, API, "10.150.0.4 20.62.10.4");
	build_public(b, ISP, API);
	build_dns(b, ISP, API, "A", "answer",
		  API_ALIAS " 10.150.0.4 20.62.10.4");
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.mixed-answer");
}

static void public_front_ends_that_take_turns_are_no_cache(void **state)
{
	struct build *b = *state;

	build_system(b, API, "20.62.10.44");
	build_public(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible");
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
		TEST(a_mixed_answer_is_not_one_half_of_flapping),
		TEST(public_front_ends_that_take_turns_are_no_cache),
	};

	return cmocka_run_group_tests_name("rules_dns_compare", tests, NULL,
					   NULL);
}
