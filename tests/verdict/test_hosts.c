/* SPDX-License-Identifier: MIT */
/* Hosts lines beside DNS: which of them decides, and which is to blame? */
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

#define WILDCARD(zone)                                                    \
	"\"hosts\":{\"path\":\"/etc/hosts\",\"faults\":[{\"kind\":"       \
	"\"wildcard\",\"meant\":\"*." zone "\",\"line\":3,\"column\":13," \
	"\"text\":\"hosts files know no wildcards\"}]},"

/* It is meant for each name under its zone, and helps none of them. */
static void a_wildcard_line_is_an_error_if_a_name_under_it_fails(void **state)
{
	struct build *b = *state;

	b->machine = WILDCARD("workspace.eastus.api.azureml.ms");
	build_system(b, API, "20.62.10.4");
	build_public(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error hosts.malformed error dns.zone-not-visible");
	assert_non_null(
	    strstr(build_finding(b, "hosts.malformed")->detail, "wildcards"));
}

static void a_wildcard_line_of_another_zone_is_not_named(void **state)
{
	struct build *b = *state;

	b->machine = WILDCARD("workspace.westus.api.azureml.ms");
	build_system(b, API, "20.62.10.4");
	build_public(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible");
}

static void a_hosts_line_is_no_proof_of_a_filter(void **state)
{
	struct build *b = *state;

	b->machine = HOSTS("10.150.0.4");
	build_system(b, API, "10.150.0.4");
	build_dns(b, ISP, API, "A", "nodata", "");
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "info dns.rebinding-filter");
	assert_non_null(strstr(build_finding(b, "dns.rebinding-filter")->detail,
			       "no other view"));
}

static void
a_hosts_line_that_another_answer_replaces_is_not_blamed(void **state)
{
	struct build *b = *state;

	b->machine = HOSTS("10.150.0.99");
	build_system(b, API, "20.62.10.4");
	build_public(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_stale_hosts_line_overrides_dns),
		TEST(a_hosts_line_that_does_not_decide_is_not_blamed),
		TEST(a_malformed_line_is_an_error_if_its_name_fails),
		TEST(a_malformed_line_is_a_warning_if_its_name_works),
		TEST(a_wildcard_line_is_an_error_if_a_name_under_it_fails),
		TEST(a_wildcard_line_of_another_zone_is_not_named),
		TEST(a_hosts_line_is_no_proof_of_a_filter),
		TEST(a_hosts_line_that_another_answer_replaces_is_not_blamed),
	};

	return cmocka_run_group_tests_name("rules_hosts", tests, NULL, NULL);
}
