/* SPDX-License-Identifier: MIT */
/* Whose certificate was met: an interceptor's, a stranger's, a neighbour's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/verdict/paths.h"

#define UNTRUSTED "\"untrusted\""
#define INSPECTOR "CN=Corp Inspection CA,O=Corp"

static const char answer[] = "\"answer\",\"code\":200,\"is_service\":true";

static const struct {
	const char *name, *address;
} three[] = {
	{ API, AT_API },
	{ NOTEBOOK, AT_NOTEBOOK },
	{ BLOB, AT_BLOB },
};

static void names_are_right(struct build *b)
{
	for (size_t i = 0; i < 3; i++)
		path_right(b, ISP, three[i].name, three[i].address);
}

/* All three show this certificate, each for its own name. */
static void all_show(struct build *b, struct path_cert c)
{
	names_are_right(b);
	for (size_t i = 0; i < 3; i++) {
		path_tls(b, three[i].name, three[i].address, &c);
		path_http(b, three[i].name, three[i].address, answer);
	}
}

static void two_are_fine(struct build *b)
{
	names_are_right(b);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
}

/* --- interception --------------------------------------------------------- */

static void a_root_that_the_owner_added_is_an_interceptor(void **state)
{
	struct build *b = *state;

	all_show(b, (struct path_cert){ .root = "local", .issuer = INSPECTOR });
	build_judge(b);
	build_expect(b, "warning tls.intercepted");
	path_blames(b, "tls.intercepted", API " " NOTEBOOK " " BLOB);
	build_status(b, API, DIAG_TARGET_WARN);
	assert_int_equal(DIAG_DEGRADED, b->v->outcome);
}

static void the_client_certificates_name_cannot_pass_it(void **state)
{
	struct build *b = *state;
	const struct path_cert c = { .root = "local", .issuer = INSPECTOR };

	b->targets = T_API "," T_CERT;
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, CERT, AT_API);
	path_tls(b, API, AT_API, &c);
	path_http(b, API, AT_API, answer);
	path_tls(b, CERT, AT_API, &c);
	path_http(b, CERT, AT_API, answer);
	build_judge(b);
	build_expect(b, "error tls.intercepted warning tls.intercepted");
	build_status(b, CERT, DIAG_TARGET_FAIL);
	build_status(b, API, DIAG_TARGET_WARN);
}

static void an_unknown_signer_of_everything_is_an_interceptor(void **state)
{
	struct build *b = *state;

	all_show(b, (struct path_cert){ .status = "untrusted",
					.faults = UNTRUSTED,
					.root = "unknown",
					.issuer = INSPECTOR });
	build_judge(b);
	build_expect(b, "error tls.intercepted");
	path_says(b, "tls.intercepted", "Corp Inspection CA");
}

static void an_unknown_signer_of_one_server_is_not(void **state)
{
	struct build *b = *state;
	const struct path_cert c = { .status = "untrusted",
				     .faults = UNTRUSTED,
				     .root = "unknown",
				     .issuer = INSPECTOR };

	two_are_fine(b);
	path_tls(b, BLOB, AT_BLOB, &c);
	path_http(b, BLOB, AT_BLOB, answer);
	build_judge(b);
	build_expect(b, "error tls.untrusted");
}

static void a_self_signed_certificate_is_not(void **state)
{
	struct build *b = *state;
	struct path_cert c = { .status = "untrusted",
			       .faults = UNTRUSTED,
			       .root = "unknown",
			       .subject = "box",
			       .issuer = "CN=box" };

	names_are_right(b);
	build_open(b, API, AT_API);
	c.san = NOTEBOOK;
	path_tls(b, NOTEBOOK, AT_NOTEBOOK, &c);
	path_http(b, NOTEBOOK, AT_NOTEBOOK, answer);
	c.san = BLOB;
	path_tls(b, BLOB, AT_BLOB, &c);
	path_http(b, BLOB, AT_BLOB, answer);
	build_judge(b);
	build_expect(b, "error tls.untrusted");
	path_says(b, "tls.untrusted", "(self-signed)");
}

/* A list of roots that is too old does not know Microsoft's newer ones. */
static void azures_own_authorities_are_never_accused(void **state)
{
	struct build *b = *state;

	all_show(b, (struct path_cert){ .status = "untrusted",
					.faults = UNTRUSTED,
					.root = "unknown" });
	build_judge(b);
	build_expect(b, "error tls.untrusted");
	path_says(b, "tls.untrusted", "its list of roots is old");
}

static void a_machine_without_roots_blames_nobody(void **state)
{
	struct build *b = *state;

	b->machine = "";
	all_show(b, (struct path_cert){ .status = "untrusted",
					.faults = UNTRUSTED,
					.root = "unknown",
					.issuer = INSPECTOR });
	build_judge(b);
	build_expect(b, "");
	build_status(b, API, DIAG_TARGET_UNKNOWN);
	assert_int_equal(3, diag_verdict_exit(b->v, false));
}

static void a_private_service_may_have_a_private_root(void **state)
{
	struct build *b = *state;
	const struct path_cert c = { .root = "local", .issuer = INSPECTOR };

	b->targets =
	    T_API ",{\"fqdn\":\"wiki.corp.example\",\"service\":\"other\","
		  "\"addresses\":[\"10.150.0.30\"],\"expect\":\"private\","
		  "\"ports\":[443]}";
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, "wiki.corp.example", "10.150.0.30");
	build_open(b, API, AT_API);
	path_tls(b, "wiki.corp.example", "10.150.0.30", &c);
	path_http(b, "wiki.corp.example", "10.150.0.30", answer);
	build_judge(b);
	build_expect(b, "");
}

/* --- another name --------------------------------------------------------- */

static struct path_cert of(const char *name)
{
	return (struct path_cert){ .status = "name-mismatch",
				   .faults = "\"name-mismatch\"",
				   .subject = name };
}

static void swapped_addresses_are_told_as_that(void **state)
{
	struct build *b = *state;
	const struct path_cert notebook = of(NOTEBOOK), blob = of(BLOB);

	names_are_right(b);
	build_open(b, API, AT_API);
	path_tls(b, NOTEBOOK, AT_NOTEBOOK, &blob);
	path_tls(b, BLOB, AT_BLOB, &notebook);
	build_judge(b);
	build_expect(b, "error tls.name-mismatch error tls.name-mismatch");
	path_says(b, "tls.name-mismatch", "swapped");
	path_says(b, "tls.name-mismatch", BLOB);
}

/* A wildcard fits many accounts: only that the address is such a one. */
static void a_neighbours_certificate_alone_is_no_swap(void **state)
{
	struct build *b = *state;
	const struct path_cert blob = of("*.blob.core.windows.net");

	names_are_right(b);
	build_open(b, API, AT_API);
	build_open(b, BLOB, AT_BLOB);
	path_tls(b, NOTEBOOK, AT_NOTEBOOK, &blob);
	build_judge(b);
	build_expect(b, "error tls.name-mismatch");
	path_says(b, "tls.name-mismatch", "a certificate that fits " BLOB);
}

static void a_strangers_certificate_names_the_stranger(void **state)
{
	struct build *b = *state;
	const struct path_cert nas = of("nas.home.example");

	two_are_fine(b);
	path_tls(b, BLOB, AT_BLOB, &nas);
	build_judge(b);
	build_expect(b, "error tls.name-mismatch");
	path_says(b, "tls.name-mismatch", "nas.home.example");
	assert_string_equal("zone-record", b->v->causes[0].fixes[0].kind);
}

static void a_captive_portal_is_one_finding_and_no_wrong_record(void **state)
{
	struct build *b = *state;
	const struct path_cert portal = of("portal.hotel.example");

	names_are_right(b);
	for (size_t i = 0; i < 3; i++)
		path_tls(b, three[i].name, three[i].address, &portal);
	build_judge(b);
	build_expect(b, "error tls.name-mismatch");
	path_blames(b, "tls.name-mismatch", API " " NOTEBOOK " " BLOB);
	path_says(b, "tls.name-mismatch", "captive portal");
	assert_string_equal("text", b->v->causes[0].fixes[0].kind);
}

/* --- dates ---------------------------------------------------------------- */

static void an_expired_certificate_is_told_with_its_day(void **state)
{
	struct build *b = *state;
	const struct path_cert c = { .status = "expired",
				     .faults = "\"expired\"",
				     .not_after = "2026-10-01T00:00:00Z" };

	two_are_fine(b);
	path_tls(b, BLOB, AT_BLOB, &c);
	path_http(b, BLOB, AT_BLOB, answer);
	build_judge(b);
	build_expect(b, "error tls.expired");
	path_says(b, "tls.expired", "2026-10-01");
	build_status(b, BLOB, DIAG_TARGET_FAIL);
}

static void a_certificate_of_the_future_is_another_finding(void **state)
{
	struct build *b = *state;
	const struct path_cert c = { .status = "not-yet-valid",
				     .faults = "\"not-yet-valid\"",
				     .not_before = "2026-12-01T00:00:00Z" };

	two_are_fine(b);
	path_tls(b, BLOB, AT_BLOB, &c);
	path_http(b, BLOB, AT_BLOB, answer);
	build_judge(b);
	build_expect(b, "error tls.not-yet-valid");
}

/* Nothing else about a stranger's certificate matters. */
static void a_strangers_expired_certificate_is_a_stranger(void **state)
{
	struct build *b = *state;
	struct path_cert c = of("nas.home.example");

	c.faults = "\"name-mismatch\",\"untrusted\",\"expired\"";
	c.root = "unknown";
	two_are_fine(b);
	path_tls(b, BLOB, AT_BLOB, &c);
	build_judge(b);
	build_expect(b, "error tls.name-mismatch");
}

static void both_faults_of_one_certificate_are_told(void **state)
{
	struct build *b = *state;
	const struct path_cert c = { .status = "untrusted",
				     .faults = UNTRUSTED ",\"expired\"",
				     .root = "unknown",
				     .issuer = INSPECTOR,
				     .not_after = "2026-10-01T00:00:00Z" };

	two_are_fine(b);
	path_tls(b, BLOB, AT_BLOB, &c);
	path_http(b, BLOB, AT_BLOB, answer);
	build_judge(b);
	build_expect(b, "error tls.expired error tls.untrusted");
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(a_root_that_the_owner_added_is_an_interceptor),
		WITH_CASE(the_client_certificates_name_cannot_pass_it),
		WITH_CASE(an_unknown_signer_of_everything_is_an_interceptor),
		WITH_CASE(an_unknown_signer_of_one_server_is_not),
		WITH_CASE(a_self_signed_certificate_is_not),
		WITH_CASE(azures_own_authorities_are_never_accused),
		WITH_CASE(a_machine_without_roots_blames_nobody),
		WITH_CASE(a_private_service_may_have_a_private_root),
		WITH_CASE(swapped_addresses_are_told_as_that),
		WITH_CASE(a_neighbours_certificate_alone_is_no_swap),
		WITH_CASE(a_strangers_certificate_names_the_stranger),
		WITH_CASE(a_captive_portal_is_one_finding_and_no_wrong_record),
		WITH_CASE(an_expired_certificate_is_told_with_its_day),
		WITH_CASE(a_certificate_of_the_future_is_another_finding),
		WITH_CASE(a_strangers_expired_certificate_is_a_stranger),
		WITH_CASE(both_faults_of_one_certificate_are_told),
	};

	return cmocka_run_group_tests_name("rules_cert", tests, NULL, NULL);
}
