/* SPDX-License-Identifier: MIT */
/* Name servers that are silent, fail, cut, or cannot tell the internet. */
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

static void all_with(struct build *b, const char *view, const char *status)
{
	build_dns(b, view, API, "A", status, "");
	build_dns(b, view, NOTEBOOK, "A", status, "");
	build_dns(b, view, BLOB, "A", status, "");
}

static void system_nothing(struct build *b, const char *status)
{
	build_system_status(b, API, status, "", "");
	build_system_status(b, NOTEBOOK, status, "", "");
	build_system_status(b, BLOB, status, "", "");
}

static void two_servers(struct build *b)
{
	b->servers = M_SRV_ISP "," M_SRV_CORP;
	b->views = "{\"view\":\"system\"},{\"view\":\"" ISP "\"},"
		   "{\"view\":\"" CORP "\"}";
}

static void the_only_server_silent_is_an_error(void **state)
{
	struct build *b = *state;

	system_nothing(b, "timeout");
	all_with(b, ISP, "timeout");
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "error dns.server-silent");
	assert_int_equal(3, build_finding(b, "dns.server-silent")->n_targets);
	build_status(b, API, DIAG_TARGET_FAIL);
}

static void a_dead_first_server_before_a_healthy_one_is_a_warning(void **state)
{
	struct build *b = *state;

	two_servers(b);
	build_healthy(b, CORP);
	all_with(b, ISP, "timeout");
	build_judge(b);
	build_expect(b, "warning dns.server-silent");
	assert_int_equal(DIAG_DEGRADED, b->v->outcome);
}

static void azures_server_is_silent_outside_of_azure(void **state)
{
	struct build *b = *state;

	b->views = "{\"view\":\"system\"},{\"view\":\"" ISP "\"},"
		   "{\"view\":\"" AZURE "\",\"added\":true}";
	build_healthy(b, ISP);
	all_with(b, AZURE, "timeout");
	build_judge(b);
	build_expect(b, "info dns.server-silent");
	assert_int_equal(DIAG_HEALTHY, b->v->outcome);
}

static void servfail_for_all_is_a_failing_server(void **state)
{
	struct build *b = *state;

	system_nothing(b, "failed");
	all_with(b, ISP, "servfail");
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "error dns.server-failing");
	build_status(b, BLOB, DIAG_TARGET_FAIL);
}

static void refused_while_another_serves_is_a_warning(void **state)
{
	struct build *b = *state;

	two_servers(b);
	build_healthy(b, CORP);
	all_with(b, ISP, "refused");
	build_judge(b);
	build_expect(b, "warning dns.server-failing");
}

static void a_closed_port_is_no_silence(void **state)
{
	struct build *b = *state;

	system_nothing(b, "failed");
	all_with(b, ISP, "port-closed");
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "error dns.server-failing");
}

static void a_cut_answer_without_tcp_is_told(void **state)
{
	struct build *b = *state;

	b->targets = T_API;
	build_system_status(b, API, "timeout", "", "");
	build_dns(b, ISP, API, "A", "truncated", "");
	build_fact(b, "\"probe\":\"dns\",\"target\":\"" API "\",\"status\":"
		      "\"timeout\",\"view\":\"" ISP "\",\"name\":\"" API "\","
		      "\"type\":\"A\",\"transport\":\"tcp\"");
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.tcp-blocked");
	assert_in_range(build_finding(b, "dns.tcp-blocked")->n_evidence, 1, 9);
}

static void a_cut_answer_completed_over_tcp_is_fine(void **state)
{
	struct build *b = *state;

	b->targets = T_API;
	build_system(b, API, "10.150.0.4");
	build_dns(b, ISP, API, "A", "truncated", "");
	build_fact(b, "\"probe\":\"dns\",\"target\":\"" API "\",\"status\":"
		      "\"answer\",\"view\":\"" ISP "\",\"name\":\"" API "\","
		      "\"type\":\"A\",\"transport\":\"tcp\",\"rcode\":0,"
		      "\"addresses\":[\"10.150.0.4\"]");
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "");
	build_status(b, API, DIAG_TARGET_OK);
}

/* --- public names --------------------------------------------------------- */

static void public_works(struct build *b, const char *name)
{
	build_system(b, name, "20.62.20.1");
	build_dns(b, ISP, name, "A", "answer", "20.62.20.1");
	build_open(b, name, "20.62.20.1");
}

static void public_missing(struct build *b, const char *name, const char *soa)
{
	build_system(b, name, "");
	build_dns_soa(b, ISP, name, "nxdomain", "", soa, "ns.corp.example");
}

static void
a_hidden_public_name_is_told_with_the_zone_that_hides_it(void **state)
{
	struct build *b = *state;

	b->targets = T_API "," T_STUDIO "," T_SIGN_IN;
	build_system(b, API, "10.150.0.4");
	build_private(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	public_works(b, SIGN_IN);
	public_missing(b, STUDIO, "azure.com");
	build_judge(b);
	build_expect(b, "error dns.public-name-hidden");
	assert_string_equal(
	    "azure.com", build_finding(b, "dns.public-name-hidden")->subject);
	build_status(b, STUDIO, DIAG_TARGET_FAIL);
	build_status(b, SIGN_IN, DIAG_TARGET_OK);
}

static void no_public_name_at_all_is_one_finding(void **state)
{
	struct build *b = *state;

	b->targets = T_API "," T_STUDIO "," T_SIGN_IN;
	build_system(b, API, "10.150.0.4");
	build_private(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	public_missing(b, STUDIO, ".");
	public_missing(b, SIGN_IN, ".");
	build_judge(b);
	build_expect(b, "error dns.no-internet-names");
}

static void
a_name_with_a_private_endpoint_of_its_own_is_not_hidden(void **state)
{
	struct build *b = *state;

	b->targets = T_STUDIO "," T_SIGN_IN;
	public_works(b, SIGN_IN);
	build_system(b, STUDIO, "10.150.0.77");
	build_dns(b, ISP, STUDIO, "A", "answer", "10.150.0.77");
	build_open(b, STUDIO, "10.150.0.77");
	build_judge(b);
	build_expect(b, "");
}

static void a_private_address_for_a_public_name_hides_it(void **state)
{
	struct build *b = *state;

	b->targets = T_STUDIO "," T_SIGN_IN;
	public_works(b, SIGN_IN);
	build_system(b, STUDIO, "10.9.9.9");
	build_dns(b, ISP, STUDIO, "A", "answer", "10.9.9.9");
	build_stranger(b, STUDIO, "10.9.9.9");
	build_judge(b);
	build_expect(b, "error dns.public-name-hidden");
}

static void one_lost_public_name_does_not_stand_for_all(void **state)
{
	struct build *b = *state;

	b->targets = T_API "," T_STUDIO;
	build_system(b, API, "10.150.0.4");
	build_private(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	public_missing(b, STUDIO, ".");
	build_judge(b);
	build_expect(b, "error dns.public-name-hidden");
}

static void servfail_for_public_names_only_is_no_failing_server(void **state)
{
	struct build *b = *state;

	b->targets = T_API "," T_STUDIO "," T_SIGN_IN;
	build_system(b, API, "10.150.0.4");
	build_private(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_system_status(b, STUDIO, "failed", "", "");
	build_dns(b, ISP, STUDIO, "A", "servfail", "");
	build_system_status(b, SIGN_IN, "failed", "", "");
	build_dns(b, ISP, SIGN_IN, "A", "servfail", "");
	build_judge(b);
	build_expect(b, "error dns.no-internet-names");
	build_status(b, STUDIO, DIAG_TARGET_FAIL);
	build_status(b, API, DIAG_TARGET_OK);
}

static void azures_silence_is_expected_of_a_given_view_too(void **state)
{
	struct build *b = *state;

	b->views = "{\"view\":\"" ISP "\",\"added\":true},"
		   "{\"view\":\"" AZURE "\",\"added\":true}";
	build_private(b, ISP, API);
	build_private(b, ISP, NOTEBOOK);
	build_private(b, ISP, BLOB);
	build_paths_open(b);
	all_with(b, AZURE, "timeout");
	build_judge(b);
	build_expect(b, "info dns.server-silent");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_only_server_silent_is_an_error),
		TEST(a_dead_first_server_before_a_healthy_one_is_a_warning),
		TEST(azures_server_is_silent_outside_of_azure),
		TEST(servfail_for_all_is_a_failing_server),
		TEST(refused_while_another_serves_is_a_warning),
		TEST(a_closed_port_is_no_silence),
		TEST(a_cut_answer_without_tcp_is_told),
		TEST(a_cut_answer_completed_over_tcp_is_fine),
		TEST(a_hidden_public_name_is_told_with_the_zone_that_hides_it),
		TEST(no_public_name_at_all_is_one_finding),
		TEST(a_name_with_a_private_endpoint_of_its_own_is_not_hidden),
		TEST(a_private_address_for_a_public_name_hides_it),
		TEST(one_lost_public_name_does_not_stand_for_all),
		TEST(servfail_for_public_names_only_is_no_failing_server),
		TEST(azures_silence_is_expected_of_a_given_view_too),
	};

	return cmocka_run_group_tests_name("rules_dns_server", tests, NULL,
					   NULL);
}
