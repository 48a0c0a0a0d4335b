/* SPDX-License-Identifier: MIT */
/* Public or nothing where the private zone should answer: which of the three
 * faults is it, and whose view counts? */
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

static void all_public(struct build *b, const char *view)
{
	static const char *const names[] = { API, NOTEBOOK, BLOB };
	static const char *const zones[] = { API_ZONE, NB_ZONE, BLOB_ZONE };
	size_t i;

	for (i = 0; i < 3; i++) {
		build_public(b, view, names[i]);
		build_soa(b, view, zones[i], PUBLIC_MNAME);
	}
}

static void system_public(struct build *b)
{
	build_system(b, API, "20.62.10.4");
	build_system(b, NOTEBOOK, "20.62.10.5");
	build_system(b, BLOB, "20.62.10.8");
}

static void a_right_world_is_healthy(void **state)
{
	struct build *b = *state;

	build_healthy(b, ISP);
	build_judge(b);
	build_expect(b, "");
	build_status(b, API, DIAG_TARGET_OK);
	assert_int_equal(DIAG_HEALTHY, b->v->outcome);
}

static void public_answers_of_one_server_are_one_finding(void **state)
{
	struct build *b = *state;
	const struct diag_finding *f;

	system_public(b);
	all_public(b, ISP);
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible");
	f = build_finding(b, "dns.zone-not-visible");
	assert_int_equal(3, f->n_targets);
	assert_string_equal(ISP, f->subject);
	build_status(b, API, DIAG_TARGET_FAIL);
	assert_int_equal(1, diag_verdict_exit(b->v, false));
}

static void one_public_zone_among_private_ones_is_named(void **state)
{
	struct build *b = *state;
	const struct diag_finding *f;

	build_system(b, API, "10.150.0.4");
	build_system(b, BLOB, "10.150.0.8");
	build_system(b, NOTEBOOK, "20.62.10.5");
	build_private(b, ISP, API);
	build_private(b, ISP, BLOB);
	build_public(b, ISP, NOTEBOOK);
	build_soa(b, ISP, NB_ZONE, PUBLIC_MNAME);
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible");
	f = build_finding(b, "dns.zone-not-visible");
	assert_string_equal(NB_ZONE, f->subject);
	assert_int_equal(1, f->n_targets);
	build_status(b, API, DIAG_TARGET_OK);
}

static void right_hosts_lines_make_public_servers_an_info(void **state)
{
	struct build *b = *state;

	b->machine =
	    "\"hosts\":{\"path\":\"/etc/hosts\",\"edges\":["
	    "{\"name\":\"" API "\",\"address\":\"10.150.0.4\",\"line\":1},"
	    "{\"name\":\"" NOTEBOOK "\",\"address\":\"10.150.0.5\","
	    "\"line\":2},"
	    "{\"name\":\"" BLOB "\",\"address\":\"10.150.0.8\",\"line\":3}"
	    "]},";
	build_system(b, API, "10.150.0.4");
	build_system(b, NOTEBOOK, "10.150.0.5");
	build_system(b, BLOB, "10.150.0.8");
	all_public(b, ISP);
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "info dns.zone-not-visible");
	build_status(b, API, DIAG_TARGET_OK);
	assert_true(b->v->targets[0].from_hosts);
	assert_int_equal(DIAG_HEALTHY, b->v->outcome);
}

static void half_of_the_hosts_lines_leaves_the_other_half_broken(void **state)
{
	struct build *b = *state;

	b->machine =
	    "\"hosts\":{\"path\":\"/etc/hosts\",\"edges\":["
	    "{\"name\":\"" API "\",\"address\":\"10.150.0.4\",\"line\":1}"
	    "]},";
	build_system(b, API, "10.150.0.4");
	build_system(b, NOTEBOOK, "20.62.10.5");
	build_system(b, BLOB, "20.62.10.8");
	all_public(b, ISP);
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible "
			"info dns.zone-not-visible");
	assert_int_equal(2, b->v->findings[0].n_targets);
	build_status(b, API, DIAG_TARGET_OK);
	build_status(b, BLOB, DIAG_TARGET_FAIL);
}

static void a_server_that_nobody_asks_is_an_info(void **state)
{
	struct build *b = *state;

	b->servers = M_SRV_CORP;
	b->views = "{\"view\":\"system\"},{\"view\":\"" CORP "\"},"
		   "{\"view\":\"" ISP "\",\"added\":true}";
	build_healthy(b, CORP);
	all_public(b, ISP);
	build_judge(b);
	build_expect(b, "info dns.zone-not-visible");
	assert_int_equal(DIAG_HEALTHY, b->v->outcome);
}

static void a_given_view_decides_where_the_system_is_left_out(void **state)
{
	struct build *b = *state;

	b->views = "{\"view\":\"" CORP "\",\"added\":true}";
	all_public(b, CORP);
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible");
	build_status(b, API, DIAG_TARGET_FAIL);
}

static void without_any_server_the_reason_is_said_to_be_unseen(void **state)
{
	struct build *b = *state;
	const struct diag_finding *f;

	b->views = "{\"view\":\"system\"}";
	system_public(b);
	build_paths_open(b);
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible");
	f = build_finding(b, "dns.zone-not-visible");
	assert_string_equal("system", f->subject);
	assert_non_null(strstr(f->detail, "cannot be seen"));
}

static void public_access_that_works_is_no_dns_fault(void **state)
{
	struct build *b = *state;

	b->targets = T_API;
	b->inventory = "\"public_access\":\"enabled\",";
	build_system(b, API, "20.62.10.4");
	build_public(b, ISP, API);
	build_open(b, API, "20.62.10.4");
	build_judge(b);
	build_expect(b, "warning http.public-path-works");
	build_status(b, API, DIAG_TARGET_WARN);
}

static void
public_access_that_is_not_said_to_be_allowed_is_a_fault(void **state)
{
	struct build *b = *state;

	b->targets = T_API;
	build_system(b, API, "20.62.10.4");
	build_public(b, ISP, API);
	build_open(b, API, "20.62.10.4");
	build_judge(b);
	build_status(b, API, DIAG_TARGET_FAIL);
	assert_int_equal(DIAG_ERROR,
			 build_finding(b, "dns.zone-not-visible")->severity);
}

/* --- record-missing ------------------------------------------------------- */

static void nxdomain_of_the_private_zone_is_a_missing_record(void **state)
{
	struct build *b = *state;

	build_healthy(b, ISP);
	build_system(b, BLOB, "");
	build_dns_soa(b, ISP, BLOB, "nxdomain", BLOB_ALIAS, BLOB_ZONE,
		      PRIVATE_MNAME);
	build_judge(b);
	build_expect(b, "error dns.record-missing");
	assert_string_equal(BLOB_ZONE,
			    build_finding(b, "dns.record-missing")->subject);
	build_status(b, BLOB, DIAG_TARGET_FAIL);
	build_status(b, API, DIAG_TARGET_OK);
}

static void public_in_spite_of_a_seen_zone_is_a_missing_record(void **state)
{
	struct build *b = *state;

	b->targets = T_API;
	build_system(b, API, "20.62.10.4");
	build_public(b, ISP, API);
	build_soa(b, ISP, API_ZONE, PRIVATE_MNAME);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.record-missing");
	assert_non_null(strstr(build_finding(b, "dns.record-missing")->detail,
			       "NxDomainRedirect"));
}

static void the_public_twin_of_a_zone_is_not_the_private_zone(void **state)
{
	struct build *b = *state;

	b->targets = T_API;
	build_system(b, API, "");
	build_dns_soa(b, ISP, API, "nxdomain", API_ALIAS, API_ZONE,
		      PUBLIC_MNAME);
	build_soa(b, ISP, API_ZONE, PUBLIC_MNAME);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.name-not-found");
}

static void nodata_with_the_zones_soa_is_a_missing_record(void **state)
{
	struct build *b = *state;

	b->targets = T_API;
	build_system(b, API, "");
	build_dns_soa(b, ISP, API, "nodata", API_ALIAS, API_ZONE,
		      "dns1.corp.example");
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.record-missing");
}

#define CERT	   GUID ".workspace.eastus.cert.api.azureml.ms"
#define CERT_ALIAS GUID ".workspace.eastus.cert.privatelink.api.azureml.ms"
#define T_CERT                                                   \
	"{\"fqdn\":\"" CERT "\",\"service\":\"workspace-cert\"," \
	"\"addresses\":[\"10.150.0.4\"],\"expect\":\"private\"," \
	"\"ports\":[443]}"

/* Nobody was asked for the SOA; the API's own answer proves the zone. */
static void a_sibling_in_the_zone_proves_that_it_is_seen(void **state)
{
	struct build *b = *state;

	b->targets = T_API "," T_CERT;
	build_system(b, API, "10.150.0.4");
	build_private(b, ISP, API);
	build_open(b, API, "10.150.0.4");
	build_system(b, CERT, "20.62.10.4");
	build_dns(b, ISP, CERT, "A", "answer",
		  CERT_ALIAS " " FRONT " 20.62.10.4");
	build_open(b, CERT, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.record-missing");
}

/* --- no-private-endpoint -------------------------------------------------- */

static void public_without_alias_is_no_endpoint(void **state)
{
	struct build *b = *state;

	b->targets = T_BLOB;
	build_system(b, BLOB, "20.62.10.8");
	build_dns(b, ISP, BLOB, "A", "answer",
		  "blob.bl6prdstr05a.store.core.windows.net 20.62.10.8");
	build_soa(b, ISP, BLOB_ZONE, PRIVATE_MNAME);
	build_judge(b);
	assert_int_equal(DIAG_ERROR,
			 build_finding(b, "dns.no-private-endpoint")->severity);
	build_status(b, BLOB, DIAG_TARGET_FAIL);
}

static void
a_resolver_that_hides_the_chain_proves_no_missing_endpoint(void **state)
{
	struct build *b = *state;

	b->targets = T_BLOB;
	build_system(b, BLOB, "20.62.10.8");
	build_dns(b, ISP, BLOB, "A", "answer", "20.62.10.8");
	build_open(b, BLOB, "10.150.0.8");
	build_judge(b);
	build_expect(b, "error dns.wrong-address");
}

static void an_alias_seen_elsewhere_proves_the_endpoint(void **state)
{
	struct build *b = *state;
	size_t i;

	b->targets = T_BLOB;
	b->views = "{\"view\":\"system\"},{\"view\":\"" ISP "\"},"
		   "{\"view\":\"" CORP "\",\"added\":true}";
	build_system(b, BLOB, "20.62.10.8");
	build_dns(b, ISP, BLOB, "A", "answer", "front.example 20.62.10.8");
	build_public(b, CORP, BLOB);
	build_open(b, BLOB, "10.150.0.8");
	build_judge(b);
	for (i = 0; i < b->v->n_findings; i++)
		assert_string_equal("dns.zone-not-visible",
				    b->v->findings[i].info->code);
}

/* --- instances ------------------------------------------------------------ */

static void an_instance_needs_no_alias_to_be_wrong(void **state)
{
	struct build *b = *state;

	b->targets = T_INSTANCE;
	build_system(b, INSTANCE, "20.62.10.4");
	build_dns(b, ISP, INSTANCE, "A", "answer", "20.62.10.4");
	build_open(b, INSTANCE, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.instance-not-private");
}

static void an_instance_without_any_record_is_told_the_same(void **state)
{
	struct build *b = *state;

	b->targets = T_INSTANCE;
	build_system(b, INSTANCE, "");
	build_dns_soa(b, ISP, INSTANCE, "nxdomain", "", "instances.azureml.ms",
		      PUBLIC_MNAME);
	build_open(b, INSTANCE, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.instance-not-private");
}

static void an_instance_with_its_own_record_is_right(void **state)
{
	struct build *b = *state;

	b->targets = T_INSTANCE;
	build_system(b, INSTANCE, "10.150.0.4");
	build_dns(b, ISP, INSTANCE, "A", "answer", "10.150.0.4");
	build_open(b, INSTANCE, "10.150.0.4");
	build_judge(b);
	build_expect(b, "");
	build_status(b, INSTANCE, DIAG_TARGET_OK);
}

/* --- name-not-found ------------------------------------------------------- */

static void a_misspelt_id_is_a_name_that_does_not_exist(void **state)
{
	struct build *b = *state;
	const struct diag_finding *f;

	b->targets = T_API;
	build_system(b, API, "");
	build_dns_soa(b, ISP, API, "nxdomain", "", "api.azureml.ms",
		      PUBLIC_MNAME);
	build_open(b, API, "10.150.0.4");
	build_judge(b);
	build_expect(b, "error dns.name-not-found");
	f = build_finding(b, "dns.name-not-found");
	assert_string_equal("api.azureml.ms", f->subject);
}

#define T_GUESS                                                           \
	"{\"fqdn\":\"" NOTEBOOK "\",\"service\":\"notebook\",\"expect\":" \
	"\"private\",\"ports\":[443],\"source\":\"computed\"}"

static void a_guessed_name_that_does_not_exist_is_a_warning(void **state)
{
	struct build *b = *state;

	b->targets = T_GUESS;
	build_system(b, NOTEBOOK, "");
	build_dns_soa(b, ISP, NOTEBOOK, "nxdomain", "", "notebooks.azure.net",
		      PUBLIC_MNAME);
	build_judge(b);
	build_expect(b, "warning dns.name-not-found");
	build_status(b, NOTEBOOK, DIAG_TARGET_WARN);
	assert_int_equal(DIAG_DEGRADED, b->v->outcome);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_right_world_is_healthy),
		TEST(public_answers_of_one_server_are_one_finding),
		TEST(one_public_zone_among_private_ones_is_named),
		TEST(right_hosts_lines_make_public_servers_an_info),
		TEST(half_of_the_hosts_lines_leaves_the_other_half_broken),
		TEST(a_server_that_nobody_asks_is_an_info),
		TEST(a_given_view_decides_where_the_system_is_left_out),
		TEST(without_any_server_the_reason_is_said_to_be_unseen),
		TEST(public_access_that_works_is_no_dns_fault),
		TEST(public_access_that_is_not_said_to_be_allowed_is_a_fault),
		TEST(nxdomain_of_the_private_zone_is_a_missing_record),
		TEST(public_in_spite_of_a_seen_zone_is_a_missing_record),
		TEST(the_public_twin_of_a_zone_is_not_the_private_zone),
		TEST(nodata_with_the_zones_soa_is_a_missing_record),
		TEST(public_without_alias_is_no_endpoint),
		TEST(
		    a_resolver_that_hides_the_chain_proves_no_missing_endpoint),
		TEST(an_alias_seen_elsewhere_proves_the_endpoint),
		TEST(an_instance_needs_no_alias_to_be_wrong),
		TEST(an_instance_without_any_record_is_told_the_same),
		TEST(an_instance_with_its_own_record_is_right),
		TEST(a_misspelt_id_is_a_name_that_does_not_exist),
		TEST(a_guessed_name_that_does_not_exist_is_a_warning),
		TEST(a_sibling_in_the_zone_proves_that_it_is_seen),
	};

	return cmocka_run_group_tests_name("rules_dns_zone", tests, NULL, NULL);
}
