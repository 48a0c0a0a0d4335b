/* SPDX-License-Identifier: MIT */
/* What the service said to a stranger, and whether it was the service. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/verdict/paths.h"

#define STORAGE_DENIAL                                 \
	"\"answer\",\"code\":403,\"is_service\":true," \
	"\"denial\":\"x-ms-error-code: AuthorizationFailure\""
#define REGISTRY_DENIAL "\"answer\",\"code\":403,\"denial\":\"DENIED\""

static const struct path_cert fine = { .status = "ok" };

static void two_are_fine(struct build *b)
{
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
}

/* A fourth name beside API: answered with this address, and met there. */
static void registry_at(struct build *b, const char *address)
{
	b->targets = T_API "," T_REGISTRY;
	path_right(b, ISP, API, AT_API);
	build_open(b, API, AT_API);
	path_right(b, ISP, REGISTRY, address);
}

/* --- denial --------------------------------------------------------------- */

static void a_denial_over_a_public_address_follows_from_dns(void **state)
{
	struct build *b = *state;

	two_are_fine(b);
	build_system(b, BLOB, "20.62.10.8");
	build_public(b, ISP, BLOB);
	build_soa(b, ISP, BLOB_ZONE, PUBLIC_MNAME);
	path_tls(b, BLOB, "20.62.10.8", &fine);
	path_http(b, BLOB, "20.62.10.8", STORAGE_DENIAL);
	build_open(b, BLOB, AT_BLOB);
	build_judge(b);
	build_expect(b, "error dns.zone-not-visible "
			"error http.public-access-denied");
	path_causes(b, "dns.zone-not-visible");
}

static void a_denial_over_a_private_address_is_the_endpoint(void **state)
{
	struct build *b = *state;

	two_are_fine(b);
	path_right(b, ISP, BLOB, AT_BLOB);
	path_tls(b, BLOB, AT_BLOB, &fine);
	path_http(b, BLOB, AT_BLOB, STORAGE_DENIAL);
	build_judge(b);
	build_expect(b, "error http.wrong-endpoint");
	path_says(b, "http.wrong-endpoint", AT_BLOB);
	build_status(b, BLOB, DIAG_TARGET_FAIL);
}

/* 403 without the marker: storage says much with a 403. */
static void another_403_is_no_denial(void **state)
{
	struct build *b = *state;

	two_are_fine(b);
	path_right(b, ISP, BLOB, AT_BLOB);
	path_tls(b, BLOB, AT_BLOB, &fine);
	path_http(b, BLOB, AT_BLOB,
		  "\"answer\",\"code\":403,\"is_service\":true");
	build_judge(b);
	build_expect(b, "");
	build_status(b, BLOB, DIAG_TARGET_OK);
}

/* A marker that the catalogue does not know of accuses nobody for sure. */
static void an_unknown_marker_is_a_warning(void **state)
{
	struct build *b = *state;

	two_are_fine(b);
	path_right(b, ISP, BLOB, AT_BLOB);
	path_tls(b, BLOB, AT_BLOB, &fine);
	path_http(b, BLOB, AT_BLOB,
		  "\"answer\",\"code\":403,\"denial\":\"Go away\"");
	build_judge(b);
	build_expect(b, "warning http.wrong-endpoint");
}

/* "Access DENIED", says the inspecting proxy's own page. */
static void an_inspectors_page_is_no_denial(void **state)
{
	struct build *b = *state;
	const struct path_cert c = { .root = "local",
				     .issuer = "CN=Corp Inspection CA" };

	registry_at(b, AT_REGISTRY);
	path_tls(b, REGISTRY, AT_REGISTRY, &c);
	path_http(b, REGISTRY, AT_REGISTRY, REGISTRY_DENIAL);
	build_judge(b);
	build_expect(b, "error http.unexpected warning tls.intercepted");
	path_causes(b, "tls.intercepted");
}

static void a_strangers_page_is_no_denial(void **state)
{
	struct build *b = *state;
	const struct path_cert c = { .status = "name-mismatch",
				     .faults = "\"name-mismatch\"",
				     .subject = "portal.example" };

	registry_at(b, AT_REGISTRY);
	path_tls(b, REGISTRY, AT_REGISTRY, &c);
	path_http(b, REGISTRY, AT_REGISTRY, REGISTRY_DENIAL);
	build_judge(b);
	build_expect(b, "error tls.name-mismatch");
}

static void the_denial_of_a_public_name_is_its_own_affair(void **state)
{
	struct build *b = *state;

	b->targets = T_STUDIO;
	path_right(b, ISP, STUDIO, "20.62.1.1");
	path_tls(b, STUDIO, "20.62.1.1", &fine);
	path_http(b, STUDIO, "20.62.1.1", "\"answer\",\"code\":403");
	build_judge(b);
	build_expect(b, "");
}

/* --- another answer ------------------------------------------------------- */

static void an_answer_without_marks_is_unexpected(void **state)
{
	struct build *b = *state;

	registry_at(b, AT_REGISTRY);
	path_tls(b, REGISTRY, AT_REGISTRY, &fine);
	path_http(b, REGISTRY, AT_REGISTRY,
		  "\"answer\",\"code\":200,\"server\":\"nginx\"");
	build_judge(b);
	build_expect(b, "error http.unexpected");
	path_says(b, "http.unexpected", "HTTP 200 from nginx");
	build_status(b, REGISTRY, DIAG_TARGET_FAIL);
}

/* Nobody documents what the notebook servers say to strangers. */
static void a_row_without_source_takes_any_answer(void **state)
{
	struct build *b = *state;

	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, ISP, BLOB, AT_BLOB);
	build_open(b, API, AT_API);
	build_open(b, BLOB, AT_BLOB);
	path_tls(b, NOTEBOOK, AT_NOTEBOOK, &fine);
	path_http(b, NOTEBOOK, AT_NOTEBOOK, "\"answer\",\"code\":418");
	build_judge(b);
	build_expect(b, "");
	build_status(b, NOTEBOOK, DIAG_TARGET_OK);
}

/* --- no answer ------------------------------------------------------------ */

static void silence_behind_good_tls_is_told(void **state)
{
	struct build *b = *state;

	registry_at(b, AT_REGISTRY);
	path_tls(b, REGISTRY, AT_REGISTRY, &fine);
	path_http(b, REGISTRY, AT_REGISTRY, "\"timeout\"");
	build_judge(b);
	build_expect(b, "error http.no-answer");
}

static void silence_of_a_row_without_source_is_a_warning(void **state)
{
	struct build *b = *state;

	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, ISP, BLOB, AT_BLOB);
	build_open(b, API, AT_API);
	build_open(b, BLOB, AT_BLOB);
	path_tls(b, NOTEBOOK, AT_NOTEBOOK, &fine);
	path_http(b, NOTEBOOK, AT_NOTEBOOK, "\"cut\"");
	build_judge(b);
	build_expect(b, "warning http.no-answer");
	build_status(b, NOTEBOOK, DIAG_TARGET_WARN);
}

static void a_wish_for_a_client_certificate_is_an_answer(void **state)
{
	struct build *b = *state;

	b->targets = T_CERT;
	path_right(b, ISP, CERT, AT_API);
	path_tls(b, CERT, AT_API, &fine);
	path_http(b, CERT, AT_API, "\"client-cert-wanted\"");
	build_judge(b);
	build_expect(b, "");
	build_status(b, CERT, DIAG_TARGET_OK);
}

static void a_question_that_was_not_run_blames_nobody(void **state)
{
	struct build *b = *state;

	registry_at(b, AT_REGISTRY);
	path_tls(b, REGISTRY, AT_REGISTRY, &fine);
	path_http(b, REGISTRY, AT_REGISTRY, "\"not-run\"");
	build_judge(b);
	build_expect(b, "");
	build_status(b, REGISTRY, DIAG_TARGET_UNKNOWN);
}

/* --- the public path ------------------------------------------------------ */

static void blob_over_public(struct build *b, const char *http)
{
	two_are_fine(b);
	build_system(b, BLOB, "20.62.10.8");
	build_public(b, ISP, BLOB);
	build_soa(b, ISP, BLOB_ZONE, PUBLIC_MNAME);
	path_tls(b, BLOB, "20.62.10.8", &fine);
	path_http(b, BLOB, "20.62.10.8", http);
	build_judge(b);
}

#define SERVED "\"answer\",\"code\":400,\"is_service\":true"

static void a_public_path_that_is_allowed_and_works_is_a_warning(void **state)
{
	struct build *b = *state;

	b->inventory = "\"public_access\":\"enabled\",";
	blob_over_public(b, SERVED);
	build_expect(b, "warning http.public-path-works");
	build_status(b, BLOB, DIAG_TARGET_WARN);
	assert_int_equal(0, diag_verdict_exit(b->v, false));
}

static void selected_networks_are_allowed_too(void **state)
{
	struct build *b = *state;

	b->inventory = "\"public_access\":\"selected\",";
	blob_over_public(b, SERVED);
	build_expect(b, "warning http.public-path-works");
}

/* The private way is shut; nobody needs it. */
static void a_missing_vpn_does_not_matter_then(void **state)
{
	struct build *b = *state;

	path_at_home(b);
	b->targets = T_BLOB;
	b->inventory = "\"public_access\":\"enabled\",";
	build_system(b, BLOB, "20.62.10.8");
	build_public(b, ISP, BLOB);
	path_tls(b, BLOB, "20.62.10.8", &fine);
	path_http(b, BLOB, "20.62.10.8", SERVED);
	path_route(b, AT_BLOB, "wlan0", "default");
	build_tcp(b, BLOB, AT_BLOB, 443, "timeout");
	build_judge(b);
	build_expect(b, "warning http.public-path-works");
}

static void a_public_path_that_is_forbidden_stays_a_fault(void **state)
{
	struct build *b = *state;

	b->inventory = "\"public_access\":\"disabled\",";
	blob_over_public(b, SERVED);
	build_expect(b, "error dns.zone-not-visible");
}

static void a_public_path_of_which_nothing_is_said_stays_a_fault(void **state)
{
	struct build *b = *state;

	blob_over_public(b, SERVED);
	build_expect(b, "error dns.zone-not-visible");
}

static void a_public_path_that_denies_stays_a_fault(void **state)
{
	struct build *b = *state;

	b->inventory = "\"public_access\":\"selected\",";
	blob_over_public(b, STORAGE_DENIAL);
	build_expect(b, "error dns.zone-not-visible "
			"error http.public-access-denied");
	build_status(b, BLOB, DIAG_TARGET_FAIL);
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

/* --- the browser's question ------------------------------------------------
 */

#define NO_CORS "\"answer\",\"code\":403,\"is_service\":true"

static void preflight(struct build *b, const char *members)
{
	build_fact(b,
		   "\"probe\":\"http\",\"target\":\"" BLOB
		   "\",\"method\":\"OPTIONS\",\"address\":\"" AT_BLOB
		   "\",\"port\":443,\"url\":\"https://" BLOB
		   "/\",\"status\":%s",
		   members);
}

static void blob_says(struct build *b, const struct path_cert *cert,
		      const char *http, const char *options)
{
	two_are_fine(b);
	path_right(b, ISP, BLOB, AT_BLOB);
	path_tls(b, BLOB, AT_BLOB, cert);
	preflight(b, options); /* before the other: they run side by side */
	path_http(b, BLOB, AT_BLOB, http);
	build_judge(b);
}

static void an_account_that_denies_a_page_has_no_cors_rule(void **state)
{
	struct build *b = *state;

	blob_says(b, &fine, SERVED, NO_CORS);
	build_expect(b, "warning http.cors-missing");
	path_blames(b, "http.cors-missing", BLOB);
	path_says(b, "http.cors-missing", "HTTP 400");
	path_causes(b, "http.cors-missing");
	assert_non_null(strstr(b->v->causes[0].fixes[0].command,
			       "--account-name ws1103sa --services b"));
}

static void an_account_that_allows_a_page_is_fine(void **state)
{
	struct build *b = *state;

	blob_says(b, &fine, SERVED,
		  "\"answer\",\"code\":403,\"is_service\":true,\"headers\":{"
		  "\"access-control-allow-origin\":\"*\"}");
	build_expect(b, "");
}

static void a_gateways_403_is_not_the_accounts(void **state)
{
	struct build *b = *state;

	blob_says(b, &fine, SERVED, "\"answer\",\"code\":403");
	build_expect(b, "");
}

static void an_account_that_denies_everybody_is_not_told_twice(void **state)
{
	struct build *b = *state;

	blob_says(b, &fine, STORAGE_DENIAL, NO_CORS);
	build_expect(b, "error http.wrong-endpoint");
}

static void what_an_inspecting_proxy_says_is_not_the_accounts(void **state)
{
	struct build *b = *state;

	blob_says(b, &(struct path_cert){ .status = "ok", .root = "local" },
		  SERVED, NO_CORS);
	build_expect(b, "warning tls.intercepted");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(a_denial_over_a_public_address_follows_from_dns),
		WITH_CASE(a_denial_over_a_private_address_is_the_endpoint),
		WITH_CASE(another_403_is_no_denial),
		WITH_CASE(an_unknown_marker_is_a_warning),
		WITH_CASE(an_inspectors_page_is_no_denial),
		WITH_CASE(a_strangers_page_is_no_denial),
		WITH_CASE(the_denial_of_a_public_name_is_its_own_affair),
		WITH_CASE(an_answer_without_marks_is_unexpected),
		WITH_CASE(a_row_without_source_takes_any_answer),
		WITH_CASE(silence_behind_good_tls_is_told),
		WITH_CASE(silence_of_a_row_without_source_is_a_warning),
		WITH_CASE(a_wish_for_a_client_certificate_is_an_answer),
		WITH_CASE(a_question_that_was_not_run_blames_nobody),
		WITH_CASE(a_public_path_that_is_allowed_and_works_is_a_warning),
		WITH_CASE(selected_networks_are_allowed_too),
		WITH_CASE(a_missing_vpn_does_not_matter_then),
		WITH_CASE(a_public_path_that_is_forbidden_stays_a_fault),
		WITH_CASE(a_public_path_of_which_nothing_is_said_stays_a_fault),
		WITH_CASE(a_public_path_that_denies_stays_a_fault),
		WITH_CASE(an_account_that_denies_a_page_has_no_cors_rule),
		WITH_CASE(an_account_that_allows_a_page_is_fine),
		WITH_CASE(a_gateways_403_is_not_the_accounts),
		WITH_CASE(an_account_that_denies_everybody_is_not_told_twice),
		WITH_CASE(what_an_inspecting_proxy_says_is_not_the_accounts),
	};

	return cmocka_run_group_tests_name("rules_http", tests, NULL, NULL);
}
