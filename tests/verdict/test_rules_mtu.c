/* SPDX-License-Identifier: MIT */
/* Packets that are larger than the way takes, and what only looks so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/verdict/paths.h"

#define HOLE                                           \
	"\"black-hole\",\"interface\":\"tun0\","       \
	"\"interface_mtu\":1500,\"mtu\":1400,\"how\":" \
	"\"tcp\",\"lost\":1401,\"resends\":3"

static void names_are_right(struct build *b)
{
	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, ISP, BLOB, AT_BLOB);
	build_open(b, API, AT_API);
	build_open(b, NOTEBOOK, AT_NOTEBOOK);
	path_route(b, AT_BLOB, "tun0", "tunnel");
	build_tcp(b, BLOB, AT_BLOB, 443, "open");
}

/* One handshake with BLOB; members after status. */
static void tls(struct build *b, const char *members)
{
	build_fact(b,
		   "\"probe\":\"tls\",\"target\":\"" BLOB "\",\"address\":"
		   "\"" AT_BLOB "\",\"port\":443,\"status\":%s",
		   members);
}

static void mtu(struct build *b, const char *address, const char *members)
{
	build_fact(b, "\"probe\":\"mtu\",\"address\":\"%s\",\"status\":%s",
		   address, members);
}

#define USUAL_LOST "\"timeout\",\"server_hello\":false"
#define SMALL_OK   "\"ok\",\"packet_max\":1000,\"repeated\":true"
#define AGAIN_LOST "\"timeout\",\"repeated\":true,\"hello_bytes\":317"

static const struct diag_fix *fix(const struct build *b, size_t i)
{
	assert_true(b->v->n_causes > 0 && b->v->causes[0].n_fixes > i);
	return &b->v->causes[0].fixes[i];
}

static void a_hole_explains_the_silence_and_tells_the_size(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	tls(b, USUAL_LOST);
	mtu(b, AT_BLOB, HOLE);
	build_judge(b);
	build_expect(b, "error net.mtu-black-hole error tls.no-answer");
	path_causes(b, "net.mtu-black-hole");
	path_blames(b, "net.mtu-black-hole", BLOB);
	path_says(b, "net.mtu-black-hole", "more than 1400 bytes vanish");
	path_says(b, "net.mtu-black-hole", "tun0 sends up to 1500");
	path_says(b, "net.mtu-black-hole", "those of 1401 never, sent 4 times");
	assert_string_equal("sudo ip link set dev tun0 mtu 1400",
			    fix(b, 0)->command);
	assert_int_equal(DIAG_WHO_USER, fix(b, 0)->who);
	assert_int_equal(DIAG_WHO_NETWORK_ADMIN, fix(b, 1)->who);
	assert_true(fix(b, 1)->lasting);
	assert_non_null(strstr(fix(b, 1)->text, "ICMP type 3 code 4"));
}

static void the_way_back_is_proven_by_small_packets(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	tls(b, USUAL_LOST);
	tls(b, SMALL_OK);
	tls(b, AGAIN_LOST);
	mtu(b, AT_BLOB,
	    "\"ok\",\"interface\":\"tun0\",\"interface_mtu\":1500,"
	    "\"mtu\":1500,\"how\":\"tcp\"");
	build_judge(b);
	build_expect(b, "error net.mtu-black-hole error tls.no-answer");
	path_causes(b, "net.mtu-black-hole");
	path_says(b, "net.mtu-black-hole", "on the way to this machine");
	path_says(b, "net.mtu-black-hole", "at most 1000 bytes");
	assert_string_equal("sudo ip link set dev tun0 mtu 1280",
			    fix(b, 0)->command);
}

/* It was slow, busy, or a path that loses now and then. */
static void who_answers_the_second_time_comes_and_goes(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	tls(b, USUAL_LOST);
	tls(b, SMALL_OK);
	tls(b, "\"ok\",\"repeated\":true,\"hello_bytes\":317");
	build_judge(b);
	build_expect(b, "error tls.no-answer");
	path_says(b, "tls.no-answer", "comes and goes");
}

/* In later rounds, too. */
static void who_ever_answered_the_usual_hello_can(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	tls(b, USUAL_LOST);
	tls(b, SMALL_OK);
	tls(b, AGAIN_LOST);
	tls(b, "\"ok\",\"server_hello\":true");
	tls(b, USUAL_LOST);
	build_judge(b);
	build_expect(b, "error tls.no-answer");
}

static void who_does_not_mind_the_size_has_another_reason(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	tls(b, USUAL_LOST);
	tls(b, "\"timeout\",\"packet_max\":1000,\"repeated\":true");
	build_judge(b);
	build_expect(b, "error tls.no-answer");
	path_says(b, "tls.no-answer", "it is not their size");
}

/* The control is missing: the run was ended. */
static void one_answer_to_small_packets_is_no_proof_yet(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	tls(b, USUAL_LOST);
	tls(b, SMALL_OK);
	tls(b, "\"not-run\",\"repeated\":true");
	build_judge(b);
	build_expect(b, "error tls.no-answer");
}

static void repeated_handshakes_do_not_change_the_ports_state(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	tls(b, "\"ok\",\"server_hello\":true");
	tls(b, "\"timeout\",\"packet_max\":1000,\"repeated\":true");
	tls(b, "\"timeout\",\"repeated\":true,\"hello_bytes\":317");
	path_http(b, BLOB, AT_BLOB,
		  "\"answer\",\"code\":400,"
		  "\"is_service\":true");
	build_judge(b);
	build_expect(b, "");
	build_status(b, BLOB, DIAG_TARGET_OK);
}

static void what_is_told_is_no_fault(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	tls(b, "\"ok\",\"server_hello\":true");
	mtu(b, AT_BLOB,
	    "\"smaller\",\"mtu\":1400,\"told\":1400,\"how\":"
	    "\"icmp\"");
	mtu(b, AT_API, "\"silent\"");
	build_judge(b);
	build_expect(b, "");
}

/* Nothing that was tried needed a large packet there. */
static void a_hole_that_nobody_fell_into_is_a_warning(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	tls(b, "\"ok\",\"server_hello\":true");
	mtu(b, AT_BLOB, HOLE);
	build_judge(b);
	build_expect(b, "warning net.mtu-black-hole");
}

static void names_behind_one_interface_are_one_cause(void **state)
{
	struct build *b = *state;

	path_right(b, ISP, API, AT_API);
	path_right(b, ISP, NOTEBOOK, AT_NOTEBOOK);
	path_right(b, ISP, BLOB, AT_BLOB);
	for (size_t i = 0; i < 3; i++) {
		path_route(b, path_three[i].address, "tun0", "tunnel");
		path_tls(b, path_three[i].name, path_three[i].address,
			 &(struct path_cert){ .status = "timeout" });
	}
	mtu(b, AT_API, HOLE);
	mtu(b, AT_NOTEBOOK,
	    "\"black-hole\",\"interface\":\"tun0\",\"interface_mtu\":1500,"
	    "\"mtu\":1300,\"how\":\"tcp\",\"lost\":1301,\"resends\":2");
	tls(b, SMALL_OK);
	tls(b, AGAIN_LOST);
	build_judge(b);
	build_expect(b, "error net.mtu-black-hole error tls.no-answer");
	path_blames(b, "net.mtu-black-hole", API " " NOTEBOOK " " BLOB);
	assert_string_equal("sudo ip link set dev tun0 mtu 1300",
			    fix(b, 0)->command);
}

static void other_platforms_have_other_commands(void **state)
{
	struct build *b = *state;

	b->platform = "windows";
	names_are_right(b);
	tls(b, USUAL_LOST);
	mtu(b, AT_BLOB, HOLE);
	build_judge(b);
	assert_string_equal("netsh interface ipv4 set subinterface \"tun0\" "
			    "mtu=1400 store=active",
			    fix(b, 0)->command);
}

/* Newer libraries say hellos of two packets themselves. */
static void a_large_usual_hello_that_is_cut_is_told_as_such(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	tls(b, "\"cut\",\"server_hello\":false");
	tls(b, SMALL_OK);
	tls(b, "\"cut\",\"repeated\":true,\"hello_bytes\":1590");
	build_judge(b);
	build_expect(b, "error tls.large-hello-cut");
	path_says(b, "tls.large-hello-cut", "hello of 1590 bytes");
	path_says(b, "tls.large-hello-cut", "a small hello brought");
}

static void a_small_hello_that_is_cut_is_cut_for_another_reason(void **state)
{
	struct build *b = *state;

	names_are_right(b);
	tls(b, "\"cut\",\"server_hello\":false");
	tls(b, SMALL_OK);
	tls(b, "\"cut\",\"repeated\":true,\"hello_bytes\":317");
	build_judge(b);
	build_expect(b, "error tls.cut");
}

#define WITH_CASE(test) \
	cmocka_unit_test_setup_teardown(test, path_set_up, path_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CASE(a_hole_explains_the_silence_and_tells_the_size),
		WITH_CASE(the_way_back_is_proven_by_small_packets),
		WITH_CASE(who_answers_the_second_time_comes_and_goes),
		WITH_CASE(who_ever_answered_the_usual_hello_can),
		WITH_CASE(who_does_not_mind_the_size_has_another_reason),
		WITH_CASE(one_answer_to_small_packets_is_no_proof_yet),
		WITH_CASE(repeated_handshakes_do_not_change_the_ports_state),
		WITH_CASE(what_is_told_is_no_fault),
		WITH_CASE(a_hole_that_nobody_fell_into_is_a_warning),
		WITH_CASE(names_behind_one_interface_are_one_cause),
		WITH_CASE(other_platforms_have_other_commands),
		WITH_CASE(a_large_usual_hello_that_is_cut_is_told_as_such),
		WITH_CASE(a_small_hello_that_is_cut_is_cut_for_another_reason),
	};

	return cmocka_run_group_tests_name("rules_mtu", tests, NULL, NULL);
}
