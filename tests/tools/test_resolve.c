/* SPDX-License-Identifier: MIT */
/* How pl-resolve judges one answer, and how it writes it down. */
#include "tools/pl-resolve/resolve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NAME "sa.blob.core.windows.net"

static struct diag_addr expected[1];
static struct diag_target target;
static struct diag_cidr network;
static struct diag_inventory inv;
static struct diag_addr answered[2];
static struct diag_rr chain[2];

static int set_up(void **unused)
{
	(void)unused;
	expected[0] = diag_addr_v4(10, 150, 0, 8);
	target = (struct diag_target){
		.fqdn = NAME,
		.service = DIAG_SVC_STORAGE_BLOB,
		.addresses = expected,
		.n_addresses = 1,
	};
	network = (struct diag_cidr){ diag_addr_v4(10, 150, 0, 0), 16 };
	inv = (struct diag_inventory){ .targets = &target,
				       .n_targets = 1,
				       .networks = &network,
				       .n_networks = 1 };
	return 0;
}

static struct diag_fact fact(enum diag_status status, size_t n)
{
	struct diag_fact f = { .kind = DIAG_FACT_DNS,
			       .status = status,
			       .target = NAME,
			       .took_ms = 1.5 };

	f.dns = (struct diag_dns_fact){
		.view = "10.0.0.53:53",
		.name = NAME,
		.type = DIAG_RR_A,
		.addresses = answered,
		.n_addresses = n,
	};
	return f;
}

static void expect(const struct diag_fact *f, enum resolve_worth worth,
		   const char *word)
{
	struct resolve_verdict v = resolve_judge(&inv, f);

	assert_int_equal(worth, v.worth);
	assert_string_equal(word, v.word);
}

static void the_expected_address_is_right_and_another_is_wrong(void **unused)
{
	struct diag_fact f = fact(DIAG_ST_ANSWER, 1);

	(void)unused;
	answered[0] = expected[0];
	expect(&f, RESOLVE_FINE, "right");
	answered[0] = diag_addr_v4(20, 60, 1, 2);
	expect(&f, RESOLVE_BAD, "wrong");
	answered[1] = expected[0];
	f = fact(DIAG_ST_ANSWER, 2);
	expect(&f, RESOLVE_BAD, "mixed");
}

static void without_expected_addresses_the_scope_judges(void **unused)
{
	struct diag_fact f = fact(DIAG_ST_ANSWER, 1);

	(void)unused;
	target.n_addresses = 0;
	answered[0] = diag_addr_v4(192, 168, 7, 7);
	expect(&f, RESOLVE_FINE, "right");
	answered[0] = diag_addr_v4(20, 60, 1, 2);
	expect(&f, RESOLVE_BAD, "wrong");
	network = (struct diag_cidr){ diag_addr_v4(20, 60, 0, 0), 16 };
	expect(&f, RESOLVE_FINE, "right");
	answered[0] = diag_addr_v4(127, 0, 0, 1);
	expect(&f, RESOLVE_BAD, "wrong");
	target.expect = DIAG_EXPECT_PUBLIC;
	answered[0] = diag_addr_v4(192, 168, 7, 7);
	expect(&f, RESOLVE_BAD, "wrong");
}

static void a_missing_name_is_bad_unless_it_was_a_guess(void **unused)
{
	struct diag_fact f = fact(DIAG_ST_NXDOMAIN, 0);

	(void)unused;
	expect(&f, RESOLVE_BAD, "missing");
	target.uncertain = true;
	expect(&f, RESOLVE_FINE, "may be");
	f.dns.type = DIAG_RR_AAAA;
	expect(&f, RESOLVE_FINE, "");
}

static void what_did_not_run_is_unknown_and_silence_has_failed(void **unused)
{
	struct diag_fact f = fact(DIAG_ST_NOT_RUN, 0);

	(void)unused;
	expect(&f, RESOLVE_UNKNOWN, "");
	f.status = DIAG_ST_TIMEOUT;
	expect(&f, RESOLVE_BAD, "failed");
	f.status = DIAG_ST_TRUNCATED;
	expect(&f, RESOLVE_FINE, "");
}

static void a_name_of_no_inventory_is_only_shown(void **unused)
{
	struct diag_fact f = fact(DIAG_ST_ANSWER, 1);
	struct resolve_verdict v;

	(void)unused;
	answered[0] = diag_addr_v4(20, 60, 1, 2);
	v = resolve_judge(NULL, &f);
	assert_int_equal(RESOLVE_FINE, v.worth);
	assert_string_equal("public", resolve_scope(NULL, NULL, &answered[0]));
}

static void a_line_says_name_type_answer_scope_and_judgement(void **unused)
{
	struct diag_fact f = fact(DIAG_ST_ANSWER, 1);
	struct diag_buf out;

	(void)unused;
	diag_buf_init(&out, 4096);
	answered[0] = expected[0];
	resolve_put_line(&inv, &f, true, &out);
	assert_string_equal(NAME " A 10.0.0.53:53 10.150.0.8 expected right\n",
			    diag_buf_str(&out));
	diag_buf_reset(&out);
	f.status = DIAG_ST_SERVFAIL;
	resolve_put_line(NULL, &f, false, &out);
	assert_string_equal(NAME " A servfail failed\n", diag_buf_str(&out));
	diag_buf_clear(&out);
}

static void csv_has_as_many_fields_as_its_head(void **unused)
{
	struct diag_fact f = fact(DIAG_ST_ANSWER, 2);
	struct diag_buf out;
	size_t commas[2] = { 0 }, row = 0;

	(void)unused;
	chain[0] = (struct diag_rr){ NAME, DIAG_RR_CNAME, 60, "b.example" };
	chain[1] = (struct diag_rr){ "b.example", DIAG_RR_A, 60, "10.0.0.1" };
	answered[0] = expected[0];
	answered[1] = expected[0];
	f.dns.chain = chain;
	f.dns.n_chain = 2;
	diag_buf_init(&out, 4096);
	resolve_put_csv_head(&out);
	resolve_put_csv(&inv, &f, &out);
	for (const char *p = diag_buf_str(&out); *p; p++) {
		commas[row < 2 ? row : 1] += *p == ',';
		row += *p == '\n';
	}
	assert_int_equal(2, row);
	assert_int_equal(commas[0], commas[1]);
	assert_non_null(strstr(out.data, ",10.150.0.8 10.150.0.8,expected,"
					 "right,b.example\r\n"));
	diag_buf_clear(&out);
}

static void a_page_shows_every_view_and_hides_dull_lines(void **unused)
{
	static const struct diag_view_spec views[] = {
		{ .text = "system" }, { .text = "10.0.0.53:53" }
	};
	static const struct tool_call call = { .utf8 = false };
	struct resolve_page page = { &call, &inv, views, 2 };
	struct diag_fact a = fact(DIAG_ST_ANSWER, 1);
	struct diag_fact six = fact(DIAG_ST_NODATA, 0);
	struct diag_fact sys = { .kind = DIAG_FACT_SYSTEM_DNS,
				 .status = DIAG_ST_NONE,
				 .target = NAME,
				 .error = "Name \033[31mor" };
	const struct diag_fact *facts[] = { &a, &six, &sys };
	struct diag_buf out;

	(void)unused;
	sys.system_dns.name = NAME;
	six.dns.type = DIAG_RR_AAAA;
	answered[0] = expected[0];
	chain[0] = (struct diag_rr){ NAME, DIAG_RR_CNAME, 60,
				     "sa.privatelink.blob.core.windows.net" };
	a.dns.chain = chain;
	a.dns.n_chain = 1;
	diag_buf_init(&out, 4096);
	resolve_put_name(&page, NAME, facts, 3, &out);
	assert_string_equal(
	    NAME "  storage-blob  should be 10.150.0.8\n"
		 "  system                none: Name \\x1b[31mor  missing\n"
		 "  10.0.0.53:53          -> "
		 "sa.privatelink.blob.core.windows.net\n"
		 "                        10.150.0.8 expected  right  1.5 ms\n",
	    diag_buf_str(&out));
	diag_buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
		    the_expected_address_is_right_and_another_is_wrong, set_up),
		cmocka_unit_test_setup(
		    without_expected_addresses_the_scope_judges, set_up),
		cmocka_unit_test_setup(
		    a_missing_name_is_bad_unless_it_was_a_guess, set_up),
		cmocka_unit_test_setup(
		    what_did_not_run_is_unknown_and_silence_has_failed, set_up),
		cmocka_unit_test_setup(a_name_of_no_inventory_is_only_shown,
				       set_up),
		cmocka_unit_test_setup(
		    a_line_says_name_type_answer_scope_and_judgement, set_up),
		cmocka_unit_test_setup(csv_has_as_many_fields_as_its_head,
				       set_up),
		cmocka_unit_test_setup(
		    a_page_shows_every_view_and_hides_dull_lines, set_up),
	};

	return cmocka_run_group_tests_name("tools/resolve", tests, NULL, NULL);
}
