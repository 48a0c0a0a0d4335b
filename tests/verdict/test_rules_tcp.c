/* SPDX-License-Identifier: MIT */
/* Ports: silence, refusal, reset; one endpoint or a whole subnet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/verdict/paths.h"

static void names_are_right(struct build *b)
{
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, ISP, BLOB, AT_BLOB);
}

static void with_files(struct build *b)
{
	b->targets = T_API "," T_FILES;
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, FILES, AT_FILES);
	build_open(b, API, AT_API);
}

static void one_silent_endpoint_among_neighbours_is_the_endpoint(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	build_tcp(b, BLOB, AT_BLOB, 443, "timeout");
	build_judge(b);
	build_expect(b, "error endpoint.silent error tcp.filtered");
	path_blames(b, "endpoint.silent", BLOB);
	path_says(b, "endpoint.silent", "while " AT_API);
	path_causes(b, "endpoint.silent");
	assert_int_equal(1, b->v->causes[0].n_explains);
}

static void a_node_is_no_endpoint(void **state)
{
	struct build *b = *state;

	b->targets = T_API ",{\"service\":\"compute-node\",\"addresses\":[\""
			   "10.150.0.20\"],\"ports\":[44224]}";
	path_right(b, ISP, API, AT_API);
	build_open(b, API, AT_API);
	build_fact(b, "\"probe\":\"tcp\",\"status\":\"timeout\","
		      "\"address\":\"10.150.0.20\",\"port\":44224");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
}

static void a_silent_subnet_is_the_path(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	build_tcp(b, API, AT_API, 443, "timeout");
	build_tcp(b, NOTEBOOK, AT_NOTEBOOK, 443, "timeout");
	build_tcp(b, BLOB, AT_BLOB, 443, "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
	path_blames(b, "tcp.filtered", API " " NOTEBOOK " " BLOB);
}

/* A firewall that rejects some and drops others shows no path. */
static void a_neighbours_refusal_shows_no_path(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	build_tcp(b, API, AT_API, 443, "refused");
	build_tcp(b, NOTEBOOK, AT_NOTEBOOK, 443, "refused");
	build_tcp(b, BLOB, AT_BLOB, 443, "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered error tcp.refused");
}

static void a_neighbour_in_another_subnet_shows_nothing(void **state)
{
	struct build *b = *state;

	b->targets =
	    T_API "," T_PRIVATE(VAULT, "key-vault", "10.150.9.9", "443");
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, VAULT, "10.150.9.9");
	build_open(b, API, AT_API);
	build_tcp(b, VAULT, "10.150.9.9", 443, "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
}

/* What answers at a wrong address is no neighbour of the right ones. */
static void a_stranger_nearby_is_no_neighbour(void **state)
{
	struct build *b = *state;

	b->targets = T_API "," T_BLOB;
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, BLOB, "10.150.0.99");
	build_tcp(b, API, AT_API, 443, "timeout");
	build_stranger(b, BLOB, "10.150.0.99");
	build_tcp(b, BLOB, AT_BLOB, 443, "timeout");
	build_judge(b);
	build_expect(b, "error dns.wrong-address error tcp.filtered");
}

/* Two names at one address: it answered one of them. */
static void an_address_that_answers_another_name_is_not_silent(void **state)
{
	struct build *b = *state;

	b->targets = T_API "," T_CERT "," T_BLOB;
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, CERT, AT_API);
	path_right(b, ISP, BLOB, AT_BLOB);
	build_open(b, API, AT_API);
	build_open(b, BLOB, AT_BLOB);
	build_tcp(b, CERT, AT_API, 443, "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
}

static void two_silent_endpoints_are_two_causes_and_no_third(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	build_open(b, API, AT_API);
	build_tcp(b, NOTEBOOK, AT_NOTEBOOK, 443, "timeout");
	build_tcp(b, BLOB, AT_BLOB, 443, "timeout");
	build_judge(b);
	path_causes(b, "endpoint.silent endpoint.silent");
}

static void port_445_may_be_blocked_while_443_works(void **state)
{
	struct build *b = *state;

	with_files(b);
	build_open(b, FILES, AT_FILES);
	build_tcp(b, FILES, AT_FILES, 445, "timeout");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
	assert_string_equal("port 445",
			    build_finding(b, "tcp.filtered")->subject);
	build_status(b, FILES, DIAG_TARGET_FAIL);
}

/* An open 445 says nothing about 443. */
static void port_443_may_be_blocked_while_445_works(void **state)
{
	struct build *b = *state;

	with_files(b);
	build_tcp(b, FILES, AT_FILES, 443, "timeout");
	build_tcp(b, FILES, AT_FILES, 445, "open");
	build_judge(b);
	build_expect(b, "error tcp.filtered");
	assert_string_equal("port 443",
			    build_finding(b, "tcp.filtered")->subject);
	build_status(b, FILES, DIAG_TARGET_FAIL);
}

static void an_optional_port_makes_no_finding(void **state)
{
	struct build *b = *state;

	b->targets = "{\"fqdn\":\"" INSTANCE "\",\"service\":"
		     "\"compute-instance\",\"addresses\":[\"" AT_API
		     "\"],\"expect\":\"private\",\"ports\":[443],"
		     "\"optional_ports\":[8787]}";
	path_right(b, ISP, INSTANCE, AT_API);
	build_open(b, INSTANCE, AT_API);
	build_tcp(b, INSTANCE, AT_API, 8787, "timeout");
	build_judge(b);
	build_expect(b, "");
	build_status(b, INSTANCE, DIAG_TARGET_OK);
}

/* Programs go on to the address that answers. */
static void a_second_address_makes_it_a_warning(void **state)
{
	struct build *b = *state;

	b->targets = "{\"fqdn\":\"" BLOB "\",\"service\":\"storage-blob\","
		     "\"addresses\":[\"10.150.0.8\",\"10.150.0.18\"],"
		     "\"expect\":\"private\",\"ports\":[443]}";
	path_right(b, ISP, BLOB, "10.150.0.8 10.150.0.18");
	build_open(b, BLOB, "10.150.0.8");
	build_tcp(b, BLOB, "10.150.0.18", 443, "refused");
	build_judge(b);
	build_expect(b, "warning tcp.refused");
	build_status(b, BLOB, DIAG_TARGET_WARN);
}

static void a_refusal_is_not_silence(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	build_tcp(b, BLOB, AT_BLOB, 443, "refused");
	build_judge(b);
	build_expect(b, "error tcp.refused");
}

static void a_reset_on_a_port_without_tls_is_a_reset(void **state)
{
	struct build *b = *state;

	with_files(b);
	build_open(b, FILES, AT_FILES);
	build_tcp(b, FILES, AT_FILES, 445, "reset");
	build_judge(b);
	build_expect(b, "error tcp.reset");
}

static void a_reset_on_a_tls_port_is_a_cut(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	build_tcp(b, BLOB, AT_BLOB, 443, "reset");
	build_judge(b);
	build_expect(b, "error tls.cut");
}

/* What is wrong with a wrong address is the answer's fault. */
static void a_wrong_address_makes_no_port_finding(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	build_open(b, BLOB, AT_BLOB);
	build_system(b, BLOB, "10.150.0.99");
	build_dns(b, ISP, BLOB, "A", "answer", "10.150.0.99");
	build_tcp(b, BLOB, "10.150.0.99", 443, "timeout");
	build_judge(b);
	build_expect(b, "error dns.wrong-address");
}

static void flows_of_service_tags_are_not_judged(void **state)
{
	struct build *b = *state;

	b->role = "compute";
	b->targets = T_API
	    ",{\"service\":\"compute-node\",\"addresses\":[\"10.150.0.20\"],"
	    "\"expect\":\"private\",\"ports\":[{\"port\":44224,"
	    "\"direction\":\"in\",\"peer\":\"AzureMachineLearning\"},"
	    "{\"port\":443,\"peer\":\"AzureActiveDirectory\"},"
	    "{\"port\":5831,\"protocol\":\"udp\",\"peer\":"
	    "\"AzureMachineLearning\"}]}";
	path_right(b, ISP, API, AT_API);
	build_open(b, API, AT_API);
	build_judge(b);
	build_expect(b, "info port.not-provable-from-here "
			"info port.not-provable-from-here "
			"info port.not-provable-from-here");
	assert_int_equal(DIAG_HEALTHY, b->v->outcome);
}

static void a_refusal_meant_for_a_tag_blames_no_node(void **state)
{
	struct build *b = *state;

	b->role = "compute";
	b->targets = "{\"service\":\"compute-node\",\"addresses\":"
		     "[\"10.150.0.20\"],\"expect\":\"private\",\"ports\":"
		     "[{\"port\":443,\"peer\":\"AzureActiveDirectory\"}]}";
	build_fact(b, "\"probe\":\"tcp\",\"status\":\"refused\","
		      "\"address\":\"10.150.0.20\",\"port\":443");
	build_judge(b);
	build_expect(b, "info port.not-provable-from-here");
}

static void a_client_is_told_of_no_flows(void **state)
{
	struct build *b = *state;

	b->targets = T_API ",{\"service\":\"compute-node\",\"addresses\":"
			   "[\"10.150.0.20\"],\"expect\":\"private\","
			   "\"ports\":[]}";
	path_right(b, ISP, API, AT_API);
	build_open(b, API, AT_API);
	build_judge(b);
	build_expect(b, "");
	assert_int_equal(DIAG_HEALTHY, b->v->outcome);
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(one_silent_endpoint_among_neighbours_is_the_endpoint),
		WITH_CASE(a_node_is_no_endpoint),
		WITH_CASE(a_silent_subnet_is_the_path),
		WITH_CASE(a_neighbours_refusal_shows_no_path),
		WITH_CASE(a_neighbour_in_another_subnet_shows_nothing),
		WITH_CASE(a_stranger_nearby_is_no_neighbour),
		WITH_CASE(an_address_that_answers_another_name_is_not_silent),
		WITH_CASE(two_silent_endpoints_are_two_causes_and_no_third),
		WITH_CASE(port_445_may_be_blocked_while_443_works),
		WITH_CASE(port_443_may_be_blocked_while_445_works),
		WITH_CASE(an_optional_port_makes_no_finding),
		WITH_CASE(a_second_address_makes_it_a_warning),
		WITH_CASE(a_refusal_is_not_silence),
		WITH_CASE(a_reset_on_a_port_without_tls_is_a_reset),
		WITH_CASE(a_reset_on_a_tls_port_is_a_cut),
		WITH_CASE(a_wrong_address_makes_no_port_finding),
		WITH_CASE(flows_of_service_tags_are_not_judged),
		WITH_CASE(a_refusal_meant_for_a_tag_blames_no_node),
		WITH_CASE(a_client_is_told_of_no_flows),
	};

	return cmocka_run_group_tests_name("rules_tcp", tests, NULL, NULL);
}
