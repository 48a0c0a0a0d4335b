/* SPDX-License-Identifier: MIT */
/* What a report shows of each name: its state, addresses and connection. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/verdict/paths.h"

static const struct diag_target_verdict *of(const struct build *b,
					    const char *fqdn)
{
	for (size_t i = 0; i < b->v->n_targets; i++)
		if (strcmp(b->v->targets[i].target->fqdn, fqdn) == 0)
			return &b->v->targets[i];
	fail_msg("no target %s", fqdn);
	return NULL;
}

static const struct diag_fact *fact(const struct build *b, uint32_t id)
{
	for (size_t i = 0; i < b->c->facts.n; i++)
		if (b->c->facts.facts[i]->id == id)
			return b->c->facts.facts[i];
	fail_msg("no fact %u", (unsigned)id);
	return NULL;
}

static void is_addr(const struct diag_addr *a, const char *text)
{
	char said[DIAG_ADDR_TEXT];

	assert_string_equal(text, diag_addr_text(a, said));
}

static void the_deciding_answer_and_its_connection_are_shown(void **state)
{
	struct build *b = *state;
	const struct diag_target_verdict *t;

	build_healthy(b, ISP);
	build_judge(b);
	t = of(b, BLOB);
	assert_int_equal(1, t->n_addresses);
	is_addr(&t->addresses[0], AT_BLOB);
	assert_int_equal(DIAG_FACT_TCP, fact(b, t->tcp)->kind);
	assert_int_equal(DIAG_FACT_TLS, fact(b, t->tls)->kind);
	assert_int_equal(DIAG_FACT_HTTP, fact(b, t->http)->kind);
	is_addr(&fact(b, t->tcp)->tcp.address, AT_BLOB);
}

static void port_443_is_shown_before_others(void **state)
{
	struct build *b = *state;

	b->targets = T_PRIVATE(FILES, "storage-file", AT_FILES, "445,443");
	path_right(b, ISP, FILES, AT_FILES);
	build_tcp(b, FILES, AT_FILES, 445, "open");
	build_tcp(b, FILES, AT_FILES, 443, "timeout");
	build_judge(b);
	assert_int_equal(443, fact(b, of(b, FILES)->tcp)->tcp.port);
	assert_int_equal(0, of(b, FILES)->tls);
}

static void what_got_furthest_is_shown(void **state)
{
	struct build *b = *state;

	b->targets = "{\"fqdn\":\"" BLOB "\",\"service\":\"storage-blob\","
		     "\"addresses\":[\"10.150.0.8\",\"10.150.0.18\"],"
		     "\"expect\":\"private\",\"ports\":[443]}";
	path_right(b, ISP, BLOB, "10.150.0.8 10.150.0.18");
	build_tcp(b, BLOB, "10.150.0.8", 443, "timeout");
	build_open(b, BLOB, "10.150.0.18");
	build_judge(b);
	is_addr(&fact(b, of(b, BLOB)->tcp)->tcp.address, "10.150.0.18");
	assert_int_not_equal(0, of(b, BLOB)->http);
}

static void a_name_without_answer_shows_none(void **state)
{
	struct build *b = *state;

	b->targets = T_BLOB;
	build_system(b, BLOB, "");
	build_dns_soa(b, ISP, BLOB, "nxdomain", "", "core.windows.net",
		      PUBLIC_MNAME);
	build_judge(b);
	assert_int_equal(0, of(b, BLOB)->n_addresses);
	assert_int_equal(0, of(b, BLOB)->tcp);
	build_status(b, BLOB, DIAG_TARGET_FAIL);
}

/* Each name lists the findings that concern it, and no others. */
static void findings_stand_with_their_names(void **state)
{
	struct build *b = *state;

	build_healthy(b, ISP);
	build_tcp(b, BLOB, AT_BLOB, 443, "refused");
	build_judge(b);
	assert_int_equal(1, of(b, BLOB)->n_findings);
	assert_ptr_equal(&b->v->findings[0], of(b, BLOB)->findings[0]);
	assert_int_equal(0, of(b, API)->n_findings);
}

static void a_port_that_was_not_tried_is_not_healthy(void **state)
{
	struct build *b = *state;

	b->targets = T_FILES;
	path_right(b, ISP, FILES, AT_FILES);
	build_open(b, FILES, AT_FILES);
	build_judge(b);
	build_expect(b, "");
	build_status(b, FILES, DIAG_TARGET_UNKNOWN);
	assert_int_equal(3, diag_verdict_exit(b->v, false));

	build_tcp(b, FILES, AT_FILES, 445, "open");
	build_judge(b);
	build_status(b, FILES, DIAG_TARGET_OK);
}

/* pl-resolve never meant to connect. */
static void names_alone_are_healthy_for_a_tool_that_only_asks(void **state)
{
	struct build *b = *state;

	b->tool = "pl-resolve";
	b->targets = T_BLOB;
	path_right(b, ISP, BLOB, AT_BLOB);
	build_judge(b);
	build_status(b, BLOB, DIAG_TARGET_OK);
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(the_deciding_answer_and_its_connection_are_shown),
		WITH_CASE(port_443_is_shown_before_others),
		WITH_CASE(what_got_furthest_is_shown),
		WITH_CASE(a_name_without_answer_shows_none),
		WITH_CASE(findings_stand_with_their_names),
		WITH_CASE(a_port_that_was_not_tried_is_not_healthy),
		WITH_CASE(names_alone_are_healthy_for_a_tool_that_only_asks),
	};

	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
