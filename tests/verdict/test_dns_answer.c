/* SPDX-License-Identifier: MIT */
/* An answer came: is it wrong, another endpoint, mixed, unusable, made up, or
 * simply not provable? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

/* The API's name is answered with this, by the server and the system. */
static void answered(struct build *b, const char *address)
{
	char words[512];

	build_system(b, API, address);
	(void)snprintf(words, sizeof(words), "%s %s", API_ALIAS, address);
	build_dns(b, ISP, API, "A", "answer", words);
	build_soa(b, ISP, API_ZONE, PRIVATE_MNAME);
	build_open(b, API, "10.150.0.4");
}

static void a_stale_record_where_somebody_else_answers_is_wrong(void **state)
{
	struct build *b = *state;

	answered(b, "10.150.0.99");
	build_stranger(b, API, "10.150.0.99");
	build_judge(b);
	build_expect(b, "error dns.wrong-address");
	build_status(b, API, DIAG_TARGET_FAIL);
	assert_string_equal(ISP,
			    build_finding(b, "dns.wrong-address")->subject);
}

static void a_stale_record_where_nobody_answers_is_wrong(void **state)
{
	struct build *b = *state;

	answered(b, "10.150.0.99");
	build_tcp(b, API, "10.150.0.99", 443, "timeout");
	build_judge(b);
	build_expect(b, "error dns.wrong-address");
}

static void another_endpoint_of_the_same_service_is_a_warning(void **state)
{
	struct build *b = *state;

	answered(b, "10.150.0.44");
	build_open(b, API, "10.150.0.44");
	build_judge(b);
	build_expect(b, "warning dns.other-endpoint");
	build_status(b, API, DIAG_TARGET_WARN);
	assert_int_equal(0, diag_verdict_exit(b->v, false));
	assert_int_equal(1, diag_verdict_exit(b->v, true));
}

static void a_strange_address_that_was_not_tried_is_unknown(void **state)
{
	struct build *b = *state;

	answered(b, "10.150.0.99");
	build_judge(b);
	build_expect(b, "info dns.unproven");
	build_status(b, API, DIAG_TARGET_UNKNOWN);
	assert_int_equal(3, diag_verdict_exit(b->v, false));
}

static void right_and_public_in_one_answer_is_mixed(void **state)
{
	struct build *b = *state;

	answered(b, "10.150.0.4 20.62.10.4");
	build_judge(b);
	build_expect(b, "error dns.mixed-answer");
	build_status(b, API, DIAG_TARGET_FAIL);
}

static void two_right_addresses_are_not_mixed(void **state)
{
	struct build *b = *state;

	b->targets = "{\"fqdn\":\"" API "\",\"service\":\"workspace-api\","
		     "\"addresses\":[\"10.150.0.4\",\"10.151.0.4\"],"
		     "\"expect\":\"private\",\"ports\":[443]}";
	answered(b, "10.150.0.4 10.151.0.4");
	build_open(b, API, "10.151.0.4");
	build_judge(b);
	build_expect(b, "");
	build_status(b, API, DIAG_TARGET_OK);
}

static void loopback_as_answer_is_unusable(void **state)
{
	struct build *b = *state;

	answered(b, "127.0.0.1");
	build_judge(b);
	build_expect(b, "error dns.unusable-address");
}

static void dockers_range_is_unusable_unless_it_is_ours(void **state)
{
	struct build *b = *state;

	answered(b, "172.17.0.4");
	build_judge(b);
	build_expect(b, "error dns.unusable-address");
}

#define T_API_ANY                                              \
	"{\"fqdn\":\"" API "\",\"service\":\"workspace-api\"," \
	"\"expect\":\"private\",\"ports\":[443]}"

static void a_public_range_that_the_customer_owns_is_right(void **state)
{
	struct build *b = *state;

	b->networks = "\"51.4.0.0/16\"";
	b->targets = T_API_ANY;
	answered(b, "51.4.0.4");
	build_open(b, API, "51.4.0.4");
	build_judge(b);
	build_expect(b, "");
	build_status(b, API, DIAG_TARGET_OK);
}

static void a_vnet_in_shared_space_is_not_synthetic(void **state)
{
	struct build *b = *state;

	b->networks = "\"100.64.0.0/16\"";
	b->targets = T_API_ANY;
	answered(b, "100.64.0.4");
	build_route(b, "100.64.0.4", "tun0", true);
	build_open(b, API, "100.64.0.4");
	build_judge(b);
	build_expect(b, "");
}

static void a_private_answer_with_nothing_to_compare_is_unproven(void **state)
{
	struct build *b = *state;

	b->networks = "";
	b->targets = T_API_ANY;
	answered(b, "10.9.0.4");
	build_open(b, API, "10.9.0.4");
	build_judge(b);
	build_expect(b, "info dns.unproven");
	build_status(b, API, DIAG_TARGET_OK);
}

static void a_synthetic_address_that_works_is_an_info(void **state)
{
	struct build *b = *state;

	answered(b, "100.64.3.4");
	build_route(b, "100.64.3.4", "tun0", true);
	build_open(b, API, "100.64.3.4");
	build_judge(b);
	build_expect(b, "info dns.synthetic-address");
	build_status(b, API, DIAG_TARGET_OK);
}

static void a_synthetic_address_that_is_dead_is_an_error(void **state)
{
	struct build *b = *state;

	answered(b, "100.64.3.4");
	build_route(b, "100.64.3.4", "tun0", true);
	build_tcp(b, API, "100.64.3.4", 443, "timeout");
	build_judge(b);
	build_expect(b, "error dns.synthetic-address");
}

/* Nobody needs a way to the endpoint itself while the client carries it. */
static void a_client_that_carries_the_name_excuses_the_way(void **state)
{
	struct build *b = *state;

	b->routes = M_DEFAULT "," M_LAN;
	build_system(b, API, "100.64.3.4");
	build_dns(b, ISP, API, "A", "answer", API_ALIAS " 100.64.3.4");
	build_route(b, "10.150.0.4", "wlan0", false);
	build_tcp(b, API, "10.150.0.4", 443, "timeout");
	build_route(b, "100.64.3.4", "tun0", true);
	build_tcp(b, API, "100.64.3.4", 443, "timeout");
	build_judge(b);
	build_expect(b, "error dns.synthetic-address");
}

static void shared_space_without_a_tunnel_is_a_private_address(void **state)
{
	struct build *b = *state;

	answered(b, "100.64.3.4");
	build_route(b, "100.64.3.4", "wlan0", false);
	build_tcp(b, API, "100.64.3.4", 443, "timeout");
	build_judge(b);
	build_expect(b, "error dns.wrong-address");
}

static void a_search_domain_that_answers_is_told(void **state)
{
	struct build *b = *state;

	b->machine = "\"resolv\":{\"search\":[\"corp.example\"],\"ndots\":7},";
	build_system_status(b, API, "answer", "203.0.113.9",
			    API ".corp.example");
	build_private(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.search-suffix");
	assert_string_equal("corp.example",
			    build_finding(b, "dns.search-suffix")->subject);
}

static void an_alias_into_the_search_domain_is_no_suffix(void **state)
{
	struct build *b = *state;

	b->machine = "\"resolv\":{\"search\":[\"corp.example\"]},";
	build_system_status(b, API, "answer", "10.150.0.4",
			    "front.corp.example");
	build_dns(b, ISP, API, "A", "answer", "front.corp.example 10.150.0.4");
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "");
}

/* --- any_of --------------------------------------------------------------- */

#define T_FORM(name, address)                                      \
	"{\"fqdn\":\"" name "\",\"service\":\"compute-instance\"," \
	"\"addresses\":[\"" address "\"],\"expect\":\"private\","  \
	"\"ports\":[443],\"any_of\":\"ci1\",\"source\":\"computed\"}"
#define NEW_FORM "ws1103ci1.eastus.instances.ml.azure.ms"

static void the_unused_form_of_a_name_is_an_info(void **state)
{
	struct build *b = *state;

	b->targets =
	    T_FORM(INSTANCE, "10.150.0.4") "," T_FORM(NEW_FORM, "10.150.0.4");
	build_system(b, INSTANCE, "10.150.0.4");
	build_dns(b, ISP, INSTANCE, "A", "answer", "10.150.0.4");
	build_open(b, INSTANCE, "10.150.0.4");
	build_system(b, NEW_FORM, "");
	build_dns_soa(b, ISP, NEW_FORM, "nxdomain", "", "ml.azure.ms",
		      PUBLIC_MNAME);
	build_judge(b);
	build_expect(b, "info dns.alternative-unused");
	build_status(b, NEW_FORM, DIAG_TARGET_OK);
	assert_int_equal(DIAG_HEALTHY, b->v->outcome);
}

static void a_form_that_exists_is_the_one_to_blame(void **state)
{
	struct build *b = *state;

	b->targets =
	    T_FORM(INSTANCE, "10.150.0.4") "," T_FORM(NEW_FORM, "10.150.0.4");
	build_system(b, INSTANCE, "20.62.10.4");
	build_dns(b, ISP, INSTANCE, "A", "answer", "20.62.10.4");
	build_open(b, INSTANCE, "10.150.0.4");
	build_system(b, NEW_FORM, "");
	build_dns_soa(b, ISP, NEW_FORM, "nxdomain", "", "ml.azure.ms",
		      PUBLIC_MNAME);
	build_judge(b);
	build_expect(b, "error dns.instance-not-private "
			"info dns.alternative-unused");
	build_status(b, INSTANCE, DIAG_TARGET_FAIL);
}

static void a_form_that_a_filter_took_out_exists(void **state)
{
	struct build *b = *state;

	b->targets =
	    T_FORM(INSTANCE, "10.150.0.4") "," T_FORM(NEW_FORM, "10.150.0.4");
	b->views = "{\"view\":\"system\"},{\"view\":\"" ISP "\"},"
		   "{\"view\":\"" CORP "\",\"added\":true}";
	build_system(b, INSTANCE, "");
	build_dns(b, ISP, INSTANCE, "A", "nodata", "");
	build_dns(b, CORP, INSTANCE, "A", "answer", "10.150.0.4");
	build_open(b, INSTANCE, "10.150.0.4");
	build_system(b, NEW_FORM, "");
	build_dns_soa(b, ISP, NEW_FORM, "nxdomain", "", "ml.azure.ms",
		      PUBLIC_MNAME);
	build_dns_soa(b, CORP, NEW_FORM, "nxdomain", "", "ml.azure.ms",
		      PUBLIC_MNAME);
	build_judge(b);
	build_expect(b, "error dns.rebinding-filter "
			"info dns.alternative-unused");
}

static void a_strange_endpoint_that_denies_is_wrong(void **state)
{
	struct build *b = *state;

	answered(b, "10.150.0.99");
	build_tcp(b, API, "10.150.0.99", 443, "open");
	build_fact(b, "\"probe\":\"tls\",\"target\":\"" API
		      "\",\"status\":\"ok\",\"address\":\"10.150.0.99\","
		      "\"port\":443,\"server_hello\":true");
	build_fact(b, "\"probe\":\"http\",\"target\":\"" API
		      "\",\"status\":\"answer\",\"address\":"
		      "\"10.150.0.99\",\"port\":443,\"url\":\"https://" API
		      "/\",\"code\":403,\"denial\":\"denied\"");
	build_judge(b);
	build_expect(b, "error dns.wrong-address");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_stale_record_where_somebody_else_answers_is_wrong),
		TEST(a_stale_record_where_nobody_answers_is_wrong),
		TEST(another_endpoint_of_the_same_service_is_a_warning),
		TEST(a_strange_address_that_was_not_tried_is_unknown),
		TEST(right_and_public_in_one_answer_is_mixed),
		TEST(two_right_addresses_are_not_mixed),
		TEST(loopback_as_answer_is_unusable),
		TEST(dockers_range_is_unusable_unless_it_is_ours),
		TEST(a_public_range_that_the_customer_owns_is_right),
		TEST(a_vnet_in_shared_space_is_not_synthetic),
		TEST(a_private_answer_with_nothing_to_compare_is_unproven),
		TEST(a_synthetic_address_that_works_is_an_info),
		TEST(a_synthetic_address_that_is_dead_is_an_error),
		TEST(a_client_that_carries_the_name_excuses_the_way),
		TEST(shared_space_without_a_tunnel_is_a_private_address),
		TEST(a_search_domain_that_answers_is_told),
		TEST(an_alias_into_the_search_domain_is_no_suffix),
		TEST(the_unused_form_of_a_name_is_an_info),
		TEST(a_form_that_exists_is_the_one_to_blame),
		TEST(a_form_that_a_filter_took_out_exists),
		TEST(a_strange_endpoint_that_denies_is_wrong),
	};

	return cmocka_run_group_tests_name("rules_dns_answer", tests, NULL,
					   NULL);
}
