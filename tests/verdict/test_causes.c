/* SPDX-License-Identifier: MIT */
/* What explains what, and which cause is told first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/verdict/paths.h"
#include "verdict/relations.h"

/* --- the table ------------------------------------------------------------ */

static bool leads_to(const char *cause, const char *effect)
{
	for (const struct relation *r = relations; r->cause; r++)
		if (relation_covers(r, cause, effect))
			return true;
	return false;
}

/* Over any number of rows: depth is more than there are codes. */
static bool reaches(const char *from, const char *to, unsigned depth)
{
	const struct diag_code_info *codes;
	size_t n = diag_code_all(&codes);

	if (depth == 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!leads_to(from, codes[i].code))
			continue;
		if (strcmp(codes[i].code, to) == 0 ||
		    reaches(codes[i].code, to, depth - 1))
			return true;
	}
	return false;
}

static void no_code_is_its_own_cause(void **unused)
{
	const struct diag_code_info *codes;
	size_t n = diag_code_all(&codes);

	(void)unused;
	for (size_t i = 0; i < n; i++)
		if (reaches(codes[i].code, codes[i].code, 8))
			fail_msg("%s explains itself", codes[i].code);
}

static bool is_code(const char *pattern)
{
	const struct diag_code_info *codes;
	size_t n = diag_code_all(&codes), len = strlen(pattern);

	if (pattern[len - 1] != '*')
		return diag_code_find(pattern) != NULL;
	for (size_t i = 0; i < n; i++)
		if (strncmp(codes[i].code, pattern, len - 1) == 0)
			return true;
	return false;
}

static void relations_only_name_codes_that_exist(void **unused)
{
	(void)unused;
	for (const struct relation *r = relations; r->cause; r++) {
		if (!diag_code_find(r->cause))
			fail_msg("no code %s", r->cause);
		if (!is_code(r->effect))
			fail_msg("no code %s", r->effect);
	}
}

static void every_code_has_a_rank(void **unused)
{
	const struct diag_code_info *codes;
	size_t n = diag_code_all(&codes);

	(void)unused;
	for (size_t i = 0; i < n; i++)
		assert_non_null(cause_rank_of(codes[i].code));
	assert_int_equal(CAUSE_PATH, cause_rank_of("tcp.filtered")->group);
	assert_int_equal(CAUSE_DNS, cause_rank_of("dns.flapping")->group);
}

/* --- every error is a cause or explained ---------------------------------- */

static bool is_told(const struct diag_verdict *v, const struct diag_finding *f)
{
	for (size_t i = 0; i < v->n_causes; i++) {
		const struct diag_cause *c = &v->causes[i];

		if (c->finding == f)
			return true;
		for (size_t k = 0; k < c->n_explains; k++)
			if (c->explains[k] == f)
				return true;
	}
	return false;
}

static void every_error_is_told(const struct build *b)
{
	for (size_t i = 0; i < b->v->n_findings; i++)
		if (b->v->findings[i].severity == DIAG_ERROR &&
		    !is_told(b->v, &b->v->findings[i]))
			fail_msg("%s hangs under no cause",
				 b->v->findings[i].info->code);
}

static void lost(struct build *b, const char *name, const char *address)
{
	path_route(b, address, "tun0", "tunnel");
	build_tcp(b, name, address, 443, "timeout");
}

static void public_for(struct build *b, const char *name)
{
	build_system(b, name, "20.62.10.4");
	build_public(b, ISP, name);
}

/* --- the order ------------------------------------------------------------ */

static void a_path_fault_that_keeps_out_of_everything_is_first(void **state)
{
	struct build *b = *state;

	public_for(b, API);
	public_for(b, NOTEBOOK);
	public_for(b, BLOB);
	lost(b, API, AT_API);
	lost(b, NOTEBOOK, AT_NOTEBOOK);
	lost(b, BLOB, AT_BLOB);
	build_judge(b);
	path_causes(b, "tcp.filtered dns.zone-not-visible");
	every_error_is_told(b);
}

static void a_path_fault_of_some_names_comes_after_dns(void **state)
{
	struct build *b = *state;

	public_for(b, API);
	public_for(b, NOTEBOOK);
	public_for(b, BLOB);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	lost(b, BLOB, AT_BLOB);
	build_judge(b);
	path_causes(b, "dns.zone-not-visible endpoint.silent");
	every_error_is_told(b);
}

/* Port 445 keeps nobody out of the studio. */
static void a_side_port_comes_after_dns(void **state)
{
	struct build *b = *state;

	b->targets = T_API "," T_FILES;
	path_right(b, ISP, API, AT_API);
	build_open(b, API, AT_API);
	build_system(b, FILES, "20.62.10.7");
	build_dns(b, ISP, FILES, "A", "answer",
		  "ws1103sa.privatelink.file.core.windows.net 20.62.10.7");
	build_open(b, FILES, AT_FILES);
	build_tcp(b, FILES, AT_FILES, 445, "timeout");
	build_judge(b);
	path_causes(b, "dns.zone-not-visible tcp.filtered");
}

static void a_wrong_clock_is_first_of_all(void **state)
{
	static const struct path_cert late = { .status = "expired",
					       .faults = "\"expired\"",
					       .not_after =
						   "2026-11-23T10:30:00Z" };
	static const char http[] = "\"answer\",\"code\":200,\"is_service\":"
				   "true,\"date\":\"Mon, 23 Nov 2026 07:00:01 "
				   "GMT\"";
	struct build *b = *state;

	public_for(b, NOTEBOOK);
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, BLOB, AT_BLOB);
	path_tls(b, API, AT_API, &late);
	path_http(b, API, AT_API, http);
	path_tls(b, BLOB, AT_BLOB, &late);
	path_http(b, BLOB, AT_BLOB, http);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	build_judge(b);
	path_causes(b, "clock.skewed dns.zone-not-visible");
	assert_int_equal(2, b->v->causes[0].n_explains);
	every_error_is_told(b);
}

static void the_public_denial_hangs_under_its_dns_cause(void **state)
{
	static const struct path_cert fine = { .status = "ok" };
	struct build *b = *state;

	build_healthy(b, ISP);
	public_for(b, BLOB);
	path_tls(b, BLOB, "20.62.10.8", &fine);
	path_http(b, BLOB, "20.62.10.8",
		  "\"answer\",\"code\":403,\"denial\":\"x-ms-error-code: "
		  "AuthorizationFailure\"");
	build_judge(b);
	every_error_is_told(b);
	assert_int_equal(1, b->v->n_causes);
}

/* Two causes, each with its own: two expired certificates, one silence. */
static void each_cause_keeps_its_own(void **state)
{
	static const struct path_cert late = { .status = "expired",
					       .faults = "\"expired\"",
					       .not_after =
						   "2026-11-23T10:30:00Z" };
	static const char http[] = "\"answer\",\"code\":200,\"is_service\":"
				   "true,\"date\":\"Mon, 23 Nov 2026 07:00:01 "
				   "GMT\"";
	struct build *b = *state;

	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, ISP, BLOB, AT_BLOB);
	path_tls(b, API, AT_API, &late);
	path_http(b, API, AT_API, http);
	path_tls(b, NOTEBOOK, AT_NOTEBOOK, &late);
	path_http(b, NOTEBOOK, AT_NOTEBOOK, http);
	lost(b, BLOB, AT_BLOB);
	build_judge(b);
	path_causes(b, "clock.skewed endpoint.silent");
	assert_int_equal(2, b->v->causes[0].n_explains);
	assert_string_equal("tls.expired",
			    b->v->causes[0].explains[0]->info->code);
	assert_string_equal("tls.expired",
			    b->v->causes[0].explains[1]->info->code);
	assert_int_equal(1, b->v->causes[1].n_explains);
	assert_string_equal("tcp.filtered",
			    b->v->causes[1].explains[0]->info->code);
}

/* --- severity ------------------------------------------------------------- */

static void warnings_are_causes_only_without_errors(void **state)
{
	struct build *b = *state;

	b->machine = M_ROOTS "\"container\":\"docker\",";
	build_healthy(b, ISP);
	build_judge(b);
	path_causes(b, "machine.not-the-browser");

	build_tcp(b, BLOB, AT_BLOB, 443, "refused");
	build_judge(b);
	build_expect(b, "error tcp.refused warning machine.not-the-browser");
	path_causes(b, "tcp.refused");
}

static void infos_have_no_cause(void **state)
{
	struct build *b = *state;

	b->machine = M_ROOTS M_PROXY "\"no_proxy\":[\"*.ms\"],";
	b->targets = T_STUDIO;
	path_right(b, ISP, STUDIO, "20.62.1.1");
	path_proxied(b, STUDIO, "\"answer\",\"connect_code\":200,\"code\":200");
	build_judge(b);
	build_expect(b, "info proxy.in-path");
	path_causes(b, "");
	assert_int_equal(0, b->v->n_causes);
}

static void a_healthy_case_has_none(void **state)
{
	struct build *b = *state;

	build_healthy(b, ISP);
	build_judge(b);
	path_causes(b, "");
}

/* --- many ----------------------------------------------------------------- */

#define MANY 200

/* One endpoint of the subnet answers, the others are silent: each is a finding
 * with a twin (tcp.filtered) that hangs under it and under nothing else. */
static void hundreds_of_causes_each_explain_their_own(void **state)
{
	struct build *b = *state;
	struct diag_buf targets;

	diag_buf_init(&targets, (size_t)1 << 20);
	diag_buf_puts(&targets, T_API);
	path_right(b, ISP, API, AT_API);
	build_open(b, API, AT_API);
	for (unsigned i = 0; i < MANY; i++) {
		char name[64], at[32];

		(void)snprintf(name, sizeof(name), "s%u.blob.core.windows.net",
			       i);
		(void)snprintf(at, sizeof(at), "10.150.0.%u", 10 + i);
		diag_buf_puts(&targets, ",");
		diag_buf_printf(&targets,
				"{\"fqdn\":\"%s\",\"service\":"
				"\"storage-blob\",\"addresses\":[\"%s\"],"
				"\"expect\":\"private\",\"ports\":[443]}",
				name, at);
		path_right(b, ISP, name, at);
		build_tcp(b, name, at, 443, "timeout");
	}
	b->targets = diag_buf_str(&targets);
	build_judge(b);
	assert_int_equal(MANY, b->v->n_causes);
	assert_int_equal(2 * MANY, b->v->n_findings);
	for (size_t i = 0; i < b->v->n_causes; i++) {
		const struct diag_cause *c = &b->v->causes[i];

		assert_int_equal(1, c->n_explains);
		assert_string_equal(c->finding->targets[0],
				    c->explains[0]->targets[0]);
	}
	diag_buf_clear(&targets);
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_code_is_its_own_cause),
		cmocka_unit_test(relations_only_name_codes_that_exist),
		cmocka_unit_test(every_code_has_a_rank),
		WITH_CASE(a_path_fault_that_keeps_out_of_everything_is_first),
		WITH_CASE(a_path_fault_of_some_names_comes_after_dns),
		WITH_CASE(a_side_port_comes_after_dns),
		WITH_CASE(a_wrong_clock_is_first_of_all),
		WITH_CASE(the_public_denial_hangs_under_its_dns_cause),
		WITH_CASE(each_cause_keeps_its_own),
		WITH_CASE(warnings_are_causes_only_without_errors),
		WITH_CASE(infos_have_no_cause),
		WITH_CASE(a_healthy_case_has_none),
		WITH_CASE(hundreds_of_causes_each_explain_their_own),
	};

	return cmocka_run_group_tests_name("causes", tests, NULL, NULL);
}
