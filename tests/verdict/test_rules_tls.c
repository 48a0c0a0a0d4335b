/* SPDX-License-Identifier: MIT */
/* Handshakes that were never whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/verdict/paths.h"

static void two_are_fine(struct build *b)
{
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, ISP, BLOB, AT_BLOB);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
}

/* BLOB's port opens, then this; members after status. */
static void blob_says(struct build *b, const char *members)
{
	two_are_fine(b);
	build_tcp(b, BLOB, AT_BLOB, 443, "open");
	build_fact(b,
		   "\"probe\":\"tls\",\"target\":\"" BLOB "\",\"address\":"
		   "\"" AT_BLOB "\",\"port\":443,\"sni\":\"" BLOB "\","
		   "\"status\":%s",
		   members);
	build_judge(b);
}

static void a_fin_after_client_hello_is_a_cut(void **state)
{
	struct build *b = *state;

	blob_says(b, "\"cut\",\"server_hello\":false,"
		     "\"error\":\"closed by the peer\"");
	build_expect(b, "error tls.cut");
	path_blames(b, "tls.cut", BLOB);
	path_says(b, "tls.cut", "before any ServerHello");
	build_status(b, BLOB, DIAG_TARGET_FAIL);
}

static void a_cut_after_server_hello_says_so(void **state)
{
	struct build *b = *state;

	blob_says(b, "\"cut\",\"server_hello\":true,\"errno\":\"ECONNRESET\"");
	build_expect(b, "error tls.cut");
	path_says(b, "tls.cut", "after ServerHello");
}

/* RST at accept comes as a tcp fact or as a tls one, by race. */
static void a_reset_at_accept_is_the_same_cut(void **state)
{
	struct build *b = *state;

	two_are_fine(b);
	build_tcp(b, BLOB, AT_BLOB, 443, "reset");
	build_judge(b);
	build_expect(b, "error tls.cut");
	path_says(b, "tls.cut", "as soon as it was open");
}

static void cuts_of_several_names_are_one_finding(void **state)
{
	struct build *b = *state;

	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, ISP, BLOB, AT_BLOB);
	build_open(b, API, AT_API);
	build_tcp(b, NOTEBOOK, AT_NOTEBOOK, 443, "reset");
	build_tcp(b, BLOB, AT_BLOB, 443, "open");
	build_fact(b, "\"probe\":\"tls\",\"target\":\"" BLOB "\",\"address\":"
		      "\"" AT_BLOB "\",\"port\":443,\"status\":\"cut\"");
	build_judge(b);
	build_expect(b, "error tls.cut");
	path_blames(b, "tls.cut", NOTEBOOK " " BLOB);
}

static void silence_before_server_hello_is_no_answer(void **state)
{
	struct build *b = *state;

	blob_says(b, "\"timeout\",\"server_hello\":false,\"bytes_in\":0");
	build_expect(b, "error tls.no-answer");
	path_says(b, "tls.no-answer", "no ServerHello comes back");
}

static void silence_after_server_hello_is_a_small_mtu(void **state)
{
	struct build *b = *state;

	blob_says(b, "\"timeout\",\"server_hello\":true,\"bytes_in\":127");
	build_expect(b, "error tls.no-answer");
	path_says(b, "tls.no-answer", "MTU is smaller");
}

static void plain_http_is_not_tls(void **state)
{
	struct build *b = *state;

	blob_says(b, "\"failed\",\"error\":\"the peer speaks plain HTTP, not "
		     "TLS\"");
	build_expect(b, "error tls.failed");
	path_says(b, "tls.failed", "plain HTTP");
}

static void an_alert_is_told_by_number(void **state)
{
	struct build *b = *state;

	blob_says(b, "\"failed\",\"alert\":112,\"error\":\"alert\"");
	build_expect(b, "error tls.failed");
	path_says(b, "tls.failed", "alert 112: it does not know the name");
}

static void a_handshake_that_was_not_run_blames_nobody(void **state)
{
	struct build *b = *state;

	blob_says(b, "\"not-run\"");
	build_expect(b, "");
	build_status(b, BLOB, DIAG_TARGET_UNKNOWN);
}

/* The role does not need it. */
static void an_optional_443_makes_no_finding(void **state)
{
	struct build *b = *state;

	b->targets = T_API
	    ",{\"fqdn\":\"ws1103ci1-22.eastus.instances.azureml.ms\","
	    "\"service\":\"compute-instance-ssh\",\"addresses\":[\"" AT_API
	    "\"],\"expect\":\"private\",\"ports\":[],\"optional_ports\":"
	    "[443]}";
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, "ws1103ci1-22.eastus.instances.azureml.ms", AT_API);
	build_open(b, API, AT_API);
	build_tcp(b, "ws1103ci1-22.eastus.instances.azureml.ms", AT_API, 443,
		  "reset");
	build_judge(b);
	build_expect(b, "");
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

/* --- hellos larger than one packet ------------------------------------------
 */

static void large(struct build *b, const char *status)
{
	build_fact(b,
		   "\"probe\":\"tls\",\"target\":\"" BLOB
		   "\",\"status\":\"%s\",\"address\":\"" AT_BLOB
		   "\",\"port\":443,\"hello_bytes\":2100",
		   status);
}

static void blob_is_fine(struct build *b)
{
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, ISP, BLOB, AT_BLOB);
	build_paths_open(b);
	build_fact(b, "\"probe\":\"tls\",\"target\":\"" BLOB
		      "\",\"status\":\"ok\",\"address\":\"" AT_BLOB
		      "\",\"port\":443,\"server_hello\":true");
}

static void two_large_hellos_that_are_cut_are_told(void **state)
{
	struct build *b = *state;

	blob_is_fine(b);
	large(b, "cut");
	large(b, "timeout");
	build_judge(b);
	build_expect(b, "error tls.large-hello-cut");
	path_blames(b, "tls.large-hello-cut", BLOB);
	path_says(b, "tls.large-hello-cut", "2100 bytes");
}

static void one_large_hello_may_be_lost_by_chance(void **state)
{
	struct build *b = *state;

	blob_is_fine(b);
	large(b, "cut");
	large(b, "ok");
	build_judge(b);
	build_expect(b, "");
}

static void large_hellos_are_no_story_where_all_are_cut(void **state)
{
	struct build *b = *state;

	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, ISP, BLOB, AT_BLOB);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	path_tls(b, BLOB, AT_BLOB, &(struct path_cert){ .status = "cut" });
	large(b, "cut");
	large(b, "cut");
	build_judge(b);
	build_expect(b, "error tls.cut");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(a_fin_after_client_hello_is_a_cut),
		WITH_CASE(a_cut_after_server_hello_says_so),
		WITH_CASE(a_reset_at_accept_is_the_same_cut),
		WITH_CASE(cuts_of_several_names_are_one_finding),
		WITH_CASE(silence_before_server_hello_is_no_answer),
		WITH_CASE(silence_after_server_hello_is_a_small_mtu),
		WITH_CASE(plain_http_is_not_tls),
		WITH_CASE(an_alert_is_told_by_number),
		WITH_CASE(a_handshake_that_was_not_run_blames_nobody),
		WITH_CASE(an_optional_443_makes_no_finding),
		WITH_CASE(two_large_hellos_that_are_cut_are_told),
		WITH_CASE(one_large_hello_may_be_lost_by_chance),
		WITH_CASE(large_hellos_are_no_story_where_all_are_cut),
	};

	return cmocka_run_group_tests_name("rules_tls", tests, NULL, NULL);
}
