/* SPDX-License-Identifier: MIT */
/* What came to a node, from packets that were recorded there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/capture/seen.h"

static struct seen *look(const char *name, uint8_t node)
{
	struct seen *s = calloc(1, sizeof(*s));
	struct diag_err err = { 0 };

	assert_non_null(s);
	assert_true(seen_node(name, node, s, &err));
	return s;
}

static void is(const char *name, const char *expected)
{
	struct seen *s = look(name, 20);

	if (strcmp(s->text, expected) != 0)
		print_error("%s gave:\n%s", name, s->text);
	assert_string_equal(s->text, expected);
	free(s);
}

/* clang-format off */
#define CAME	       "arrival - 44224 from 10.20.0.17 "
#define DATAGRAM(port) "arrival - " port "/udp from 10.20.0.17 "

#define ANSWERED \
	CAME "50001 syn-ack seen\n" \
	CAME "50001 0123 accepted\n" \
	CAME "50008 rst seen\n" \
	CAME "50011 icmp seen\n" \
	DATAGRAM("5831") "40001 0123 reply seen\n" \
	DATAGRAM("5831") "40002 0123 icmp seen\n" \
	DATAGRAM("5832") "40003 seen\n" \
	CAME "50002 syn-ack seen\n" \
	CAME "50002 said nothing accepted\n" \
	CAME "50003 syn-ack seen\n" \
	CAME "50003 said hello accepted\n" \
	CAME "50004 syn-ack seen\n" \
	CAME "50004 said nothing accepted\n" \
	CAME "50005 syn-ack seen\n" \
	CAME "50005 said part accepted\n" \
	CAME "50006 syn-ack seen\n" \
	CAME "50006 accepted\n" \
	CAME "50007 syn-ack seen\n" \
	CAME "50007 said other accepted\n"
#define LISTENED(a, b, c, d) \
	"arrival - 44224" a "listened\n" \
	"arrival - 29876" b "listened\n" \
	"arrival - 5831/udp" c "listened\n" \
	"arrival - 5832/udp" d "listened\n"
/* Of connection 50006 the node took bytes that are not here. */
#define LAST \
	CAME "50014 syn-ack seen\n" \
	CAME "50009 seen\n"
#define COUNTS \
	LISTENED(" 14-1 ", " 0-1 ", " 2-1 ", " 2-1 ")
/* clang-format on */

/* 50010 came from somebody to whom nothing was sent through this interface, so
 * it may have been answered elsewhere; 50015 when the recording ended. */
static void each_arrival_says_what_went_back(void **unused)
{
	(void)unused;
	is("node.pcap", ANSWERED LAST COUNTS);
}

static void where_all_interfaces_were_recorded_nothing_went_back(void **unused)
{
	(void)unused;
	is("node-any.pcap",
	   ANSWERED "arrival - 44224 from 10.20.0.99 50010 seen\n" LAST COUNTS);
}

/* Recorded with tcpdump -Q in. */
static void one_direction_does_not_say_that_nothing_went_back(void **unused)
{
	(void)unused;
	is("node-heard.pcap", LISTENED(" 13-8 ", " 0-8 ", " 2-8 ", " 2-8 "));
}

/* A number that was cut off is not "no number". */
static void a_datagram_that_was_cut_is_nobodys(void **unused)
{
	(void)unused;
	is("node-cut.pcap", DATAGRAM("5832") "40004 seen\n" DATAGRAM(
				"5832") "40003 seen\n"
					"arrival - 44224 listened\n"
					"arrival - 29876 listened\n"
					"arrival - 5831/udp 2-0 listened\n"
					"arrival - 5832/udp 2-0 listened\n");
}

static void a_recording_of_another_machine_says_nothing(void **unused)
{
	struct seen *s = look("node.pcap", 21);

	(void)unused;
	assert_string_equal(s->text, "");
	assert_false(s->node_heard);
	free(s);
}

static void what_the_recorder_lost_is_told_at_each_port(void **unused)
{
	(void)unused;
	is("node-lost.pcapng", "arrival - 44224 1-11 listened\n"
			       "arrival - 29876 0-11 listened\n"
			       "arrival - 5831/udp 0-11 listened\n"
			       "arrival - 5832/udp 0-11 listened\n");
}

/* What the client sent, and got, passed there and not at the node. */
static void a_recording_of_the_client_says_nothing(void **unused)
{
	static const char *const names[] = { "node-client.pcap",
					     "node-sent.pcap" };

	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		struct seen *s = look(names[i], 20);

		assert_string_equal(s->text, "");
		assert_true(s->elsewhere);
		free(s);
	}
}

/* An Ethernet link does not say who sent it; the hops that are left do. */
static void answers_that_passed_a_router_are_not_the_nodes_own(void **unused)
{
	(void)unused;
	is("node-far.pcap", LISTENED(" 1-0 ", " ", " ", " "));
}

/* RFC 7413: the answer acknowledges what came with the SYN. */
static void a_syn_with_bytes_is_answered_with_them(void **unused)
{
	(void)unused;
	is("node-fast-open.pcap",
	   CAME "50002 rst seen\n" CAME
		"50001 syn-ack seen\n" LISTENED(" 2-0 ", " ", " ", " "));
}

/* A filter that passes SYNs alone: the node's own are no answers. */
static void what_a_node_begins_is_no_answer(void **unused)
{
	(void)unused;
	is("node-syns.pcap", LISTENED(" 1-0 ", " ", " ", " "));
}

/* They may have come while the recorder lost packets. */
static void connections_without_a_beginning_count_as_come(void **unused)
{
	(void)unused;
	is("node-late.pcap", LISTENED(" 2-0 ", " ", " ", " "));
	is("node-late-low.pcap", LISTENED(" 1-0 ", " ", " ", " "));
}

static void a_hello_that_the_recorder_cut_is_not_lost(void **unused)
{
	(void)unused;
	is("node-cut-hello.pcap", CAME
	   "50004 syn-ack seen\n" CAME "50004 accepted\n" CAME
	   "50005 syn-ack seen\n" CAME
	   "50005 said nothing accepted\n" LISTENED(" 2-0 ", " ", " ", " "));
	is("node-cut-part.pcap", CAME
	   "50004 syn-ack seen\n" CAME "50004 accepted\n" CAME
	   "50005 syn-ack seen\n" CAME
	   "50005 said nothing accepted\n" LISTENED(" 2-0 ", " ", " ", " "));
}

/* With the ports it may have come to that one, without them to any. */
static void headers_that_the_recorder_cut_count_as_come(void **unused)
{
	(void)unused;
	is("node-cut-ports.pcap", LISTENED(" 6-0 ", " ", " 1-0 ", " "));
	is("node-cut-all.pcap", LISTENED(" 9-0 ", " 9-0 ", " 9-0 ", " 9-0 "));
}

static void another_number_from_the_same_port_is_another_try(void **unused)
{
	(void)unused;
	is("node-again.pcap",
	   DATAGRAM("5831") "40001 1111 reply seen\n" DATAGRAM(
	       "5831") "40001 2222 seen\n" LISTENED(" ", " ", " 2-0 ", " "));
}

static void an_ack_is_no_silence(void **unused)
{
	(void)unused;
	is("node-old.pcap", LISTENED(" 1-0 ", " ", " ", " "));
}

/* --- did a program listen? -------------------------------------------------
 */

#define WATCHED(came) "arrival - 5832/udp " came "-0 listened\n"

static void listens(const char *name, const char *last, const char *expected)
{
	struct seen *s = look(name, 20);
	const char *at = strstr(s->text, last);

	if (at == NULL)
		print_error("%s gave:\n%s", name, s->text);
	assert_string_equal(at ? at + strlen(last) : "nothing watched",
			    expected);
	free(s);
}

/* 44224: the node itself is answered before and after; not soon enough for what
 * comes later.  29876: others are refused in between, so the program is started
 * anew now and then.  5832: too short to cover a try. */
static void a_port_that_answers_others_is_listened_on(void **unused)
{
	(void)unused;
	listens("node-listens.pcap", WATCHED("7"),
		"arrival - 44224 answers 10 to 11910 ms listened\n"
		"arrival - 5831/udp answers 10 to 2010 ms listened\n");
}

/* While it talks to somebody it may not listen (nc -l), unless it is seen to.
 */
static void a_program_that_takes_one_at_a_time_does_not_listen(void **unused)
{
	(void)unused;
	listens("node-one-at-a-time.pcap", WATCHED("1"),
		"arrival - 44224 answers 10 to 1010 ms listened\n"
		"arrival - 29876 answers 10 to 4010 ms listened\n");
}

/* Nobody knows who answered there. */
static void answers_from_afar_do_not_tell(void **unused)
{
	(void)unused;
	listens("node-listens-far.pcap", WATCHED("7"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_arrival_says_what_went_back),
		cmocka_unit_test(
		    where_all_interfaces_were_recorded_nothing_went_back),
		cmocka_unit_test(
		    one_direction_does_not_say_that_nothing_went_back),
		cmocka_unit_test(a_datagram_that_was_cut_is_nobodys),
		cmocka_unit_test(a_recording_of_another_machine_says_nothing),
		cmocka_unit_test(what_the_recorder_lost_is_told_at_each_port),
		cmocka_unit_test(a_recording_of_the_client_says_nothing),
		cmocka_unit_test(
		    answers_that_passed_a_router_are_not_the_nodes_own),
		cmocka_unit_test(a_syn_with_bytes_is_answered_with_them),
		cmocka_unit_test(what_a_node_begins_is_no_answer),
		cmocka_unit_test(an_ack_is_no_silence),
		cmocka_unit_test(connections_without_a_beginning_count_as_come),
		cmocka_unit_test(a_hello_that_the_recorder_cut_is_not_lost),
		cmocka_unit_test(headers_that_the_recorder_cut_count_as_come),
		cmocka_unit_test(
		    another_number_from_the_same_port_is_another_try),
		cmocka_unit_test(a_port_that_answers_others_is_listened_on),
		cmocka_unit_test(
		    a_program_that_takes_one_at_a_time_does_not_listen),
		cmocka_unit_test(answers_from_afar_do_not_tell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
