/* SPDX-License-Identifier: MIT */
/* A port tried from one machine and watched on another; and every reason not
 * to believe the watcher. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/verdict/ends_case.h"

static void nothing_arrived(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	ends_expect(e, "port.never-arrived");
	e.node_first = true;
	ends_expect(e, "port.never-arrived");
}

static void it_arrived_and_nothing_went_back(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.arrivals = SEEN(CLIENT, "5010", "");
	e.capture = CAME_1;
	ends_expect(e, "port.dropped-by-host");
	assert_true(ends_repair(e, "is there a way back"));
}

static void it_arrived_and_was_answered(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.arrivals = SEEN(CLIENT, "5010", ",\"answered\":\"syn-ack\"");
	e.capture = CAME_1;
	ends_expect(e, "port.answer-lost");
}

#define TWO_UNANSWERED SEEN(CLIENT, "5010", "") SEEN(CLIENT, "6010", "")

/* Fewer than there were tries were another's. */
static void what_the_kernel_counted_is_told(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.arrivals = TWO_UNANSWERED;
	e.capture = CAME_2 ",\"no_way_back\":2";
	ends_expect(e, "port.dropped-by-host");
	ends_proof(e, "the kernel of node dropped 2 packets that it had no");
	e.capture = CAME_2 ",\"reverse_path\":5";
	ends_proof(e, "dropped 5 packets as the way back leads through");
	e.capture = CAME_2 ",\"no_way_back\":1,\"reverse_path\":1";
	ends_no_proof(e, "the kernel");
	e.capture = CAME_2;
	ends_no_proof(e, "the kernel");
}

/* pl-listen takes what comes: it was another program's. */
static void a_queue_is_full_where_another_program_listens(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.arrivals = TWO_UNANSWERED;
	e.capture = CAME_2 ",\"queue_full\":2";
	ends_no_proof(e, "the kernel");
	e.socket = NULL;
	ends_proof(e, "dropped 2 connections as the queue of a program");
	/* what was answered was not dropped */
	e.arrivals = SEEN(CLIENT, "5010", ",\"answered\":\"syn-ack\"")
	    SEEN(CLIENT, "6010", ",\"answered\":\"syn-ack\"");
	ends_expect(e, "port.answer-lost");
	ends_no_proof(e, "the kernel");
}

static void a_reset_of_a_machine_that_listens_is_its_firewalls(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.tcp = "\"status\":\"refused\",\"errno\":\"ECONNREFUSED\"";
	e.arrivals = SEEN(CLIENT, "5010", ",\"answered\":\"rst\"");
	e.capture = CAME_1 ",\"no_way_back\":1";
	ends_expect(e, "port.dropped-by-host");
	ends_no_proof(e, "the kernel");
	e.socket = NULL; /* it did not: then nobody may */
	ends_expect(e, "port.refused-by-host");
}

/* In a recording: others were answered from when to when. */
#define ANSWERS(from, took, at)                                               \
	"{\"probe\":\"arrival\",\"status\":\"listened\",\"started_ms\":" from \
	",\"took_ms\":" took ",\"address\":\"" at                             \
	"\",\"port\":44224,\"seen_by\":\"answers\"}\n"

static void a_reset_while_others_are_answered_is_the_firewalls(void **unused)
{
	static const char *const others[] = {
		ANSWERS("0", "5000", NODE),    /* stopped before */
		ANSWERS("5020", "9000", NODE), /* began later */
		ANSWERS("0", "5500", NODE),    /* the second came later */
		ANSWERS("0", "9000", "10.150.0.21"),
	};
	struct ends e = ends_usual;
	char arrivals[1024];

	(void)unused;
	e.tcp = "\"status\":\"refused\",\"errno\":\"ECONNREFUSED\"";
	e.capture = CAME_2;
	e.socket = NULL;
	e.arrivals = SEEN(CLIENT, "5010", ",\"answered\":\"rst\"")
	    SEEN(CLIENT, "5990", ",\"answered\":\"rst\"")
		ANSWERS("1000", "9000", NODE);
	ends_expect(e, "port.dropped-by-host");
	ends_proof(e, "answered with a reset although a program listened");
	assert_true(ends_repair(e, "its own firewall, which rejects it"));
	ends_proof(e, "answered others on port 44224 before and after (for "
		      "9.0 s)");
	e.socket = "";
	ends_no_proof(e, "answered others");
	e.socket = NULL;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		(void)snprintf(arrivals, sizeof(arrivals), "%s%s%s",
			       SEEN(CLIENT, "5010", ",\"answered\":\"rst\""),
			       SEEN(CLIENT, "5990", ",\"answered\":\"rst\""),
			       others[i]);
		e.arrivals = arrivals;
		ends_expect(e, "port.refused-by-host");
	}
	/* that others were answered is no watch */
	e.arrivals = ANSWERS("1000", "9000", NODE);
	e.capture = NULL;
	ends_expect(e, "");
}

static void an_icmp_error_for_a_syn_is_a_firewalls(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.tcp = "\"status\":\"unreachable\",\"errno\":\"ECONNREFUSED\","
		"\"icmp\":{\"type\":3,\"code\":3,\"from\":\"" NODE "\"}";
	e.arrivals = SEEN(CLIENT, "5010", ",\"answered\":\"icmp\"");
	e.capture = CAME_1;
	e.socket = NULL;
	ends_expect(e, "port.dropped-by-host");
	/* something on the way said it: it has a name, and is told by that */
	e.arrivals = "";
	e.capture = "";
	ends_expect(e, "");
}

static void a_reset_that_the_machine_never_sent_is_anothers(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.tcp = "\"status\":\"refused\",\"errno\":\"ECONNREFUSED\"";
	ends_expect(e, "tcp.answered-by-other");
	e.capture = NULL; /* who sent it is not known */
	ends_expect(e, "");
}

static void a_port_that_opens_elsewhere_is_anothers(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.tcp = "\"status\":\"open\"";
	ends_expect(e, "tcp.answered-by-other");
	e.capture = NULL;
	ends_expect(e, "tcp.answered-by-other");
	e.socket = NULL;
	ends_expect(e, "");
}

/* A recording of the node, on which nobody may have listened. */
static void a_capture_alone_knows_that_nothing_came(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.tcp = "\"status\":\"open\"";
	e.socket = NULL;
	ends_expect(e, "tcp.answered-by-other");
	ends_proof(e, "watched");
	/* more came than it tells, it lost packets, or it came */
	e.capture = CAME_1;
	ends_expect(e, "");
	e.capture = CAME_1 ",\"dropped\":1";
	ends_expect(e, "");
	e.capture = CAME_1;
	e.arrivals = SEEN(CLIENT, "5000", ",\"answered\":\"syn-ack\"");
	ends_expect(e, "");
	/* a stranger at that time may be the client, behind NAT; and near it,
	 * when the clocks are not known */
	e.arrivals = SEEN(NAT, "5000", ",\"answered\":\"syn-ack\"");
	ends_expect(e, "");
	e.arrivals = SEEN(NAT, "9000", ",\"answered\":\"syn-ack\"");
	ends_expect(e, "");
}

/* What a machine says to itself passes no interface. */
static void the_node_is_no_client_of_its_own(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.tcp = "\"status\":\"open\",\"local_address\":\"" NODE "\"";
	e.socket = NULL;
	ends_expect(e, "");
}

static void a_port_that_was_met_is_nobody_elses(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.tcp = "\"status\":\"open\",\"peer\":\"met\",\"nonce\":\"" NONCE "\"";
	ends_expect(e, "");
	/* its answer got lost; the number arrived, through NAT */
	e.tcp =
	    "\"status\":\"open\",\"peer\":\"silent\",\"nonce\":\"" NONCE "\"";
	e.arrivals = ACCEPTED(NAT, "900", ",\"nonce\":\"" NONCE "\"");
	e.capture = NULL;
	e.socket = CAME_1;
	ends_expect(e, "");
	/* without --peer somebody came at that time */
	e.tcp = "\"status\":\"open\"";
	e.arrivals = ACCEPTED(NAT, "5100", "");
	ends_expect(e, "");
}

static void from_one_end_another_answer_is_told(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.tcp =
	    "\"status\":\"open\",\"peer\":\"other\",\"nonce\":\"" NONCE "\"";
	e.capture = NULL;
	e.socket = NULL;
	ends_expect(e, "tcp.answered-by-other");
	/* silence is not enough */
	e.tcp =
	    "\"status\":\"open\",\"peer\":\"silent\",\"nonce\":\"" NONCE "\"";
	ends_expect(e, "");
}

/* --- no proof ---------------------------------------------------------------
 */

static void a_socket_alone_does_not_see_what_is_dropped(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.capture = NULL;
	ends_expect(e, "");
}

static void another_machine_proves_nothing(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.node_at = "10.150.0.21";
	ends_expect(e, "");
}

static void what_came_to_another_interface_is_not_it(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.arrivals = "{\"probe\":\"arrival\",\"status\":\"seen\","
		     "\"started_ms\":5010,\"took_ms\":1,\"from\":\"" CLIENT
		     "\",\"from_port\":40000,\"address\":\"10.150.1.20\","
		     "\"port\":44224,\"seen_by\":\"capture\","
		     "\"answered\":\"syn-ack\"}\n";
	e.capture = CAME_1;
	ends_expect(e, "port.never-arrived");
}

static void another_time_proves_nothing(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.watched_ms = 5500; /* it stopped while the client waited */
	ends_expect(e, "");
	e.watched_ms = 20000;
	e.node_later_ms = 5000; /* it began as the client did */
	ends_expect(e, "");
	e.node_later_ms = 4000;
	ends_expect(e, "port.never-arrived");
}

static void a_capture_that_lost_some_proves_nothing(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.capture = ",\"came\":9,\"dropped\":9";
	ends_expect(e, "");
	e.capture = CAME_1; /* one that is not told */
	ends_expect(e, "");
}

static void somebody_elses_connection_is_not_the_clients(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.arrivals = SEEN(NAT, "12000", "");
	e.capture = CAME_1;
	ends_expect(e, "port.never-arrived");
	/* two recordings: the client behind NAT, by clocks that differ */
	e.socket = NULL;
	ends_expect(e, "");
	e.arrivals = SEEN(NAT, "400000", "");
	ends_expect(e, "port.never-arrived");
	e.socket = ends_usual.socket;
	/* its own, by clocks that differ */
	e.arrivals = SEEN(CLIENT, "12000", "");
	ends_expect(e, "port.dropped-by-host");
	/* at that time two strangers met different ends */
	e.arrivals = SEEN(NAT, "5100", "")
	    SEEN("198.51.100.10", "5200", ",\"answered\":\"syn-ack\"");
	e.capture = CAME_2;
	ends_expect(e, "");
	/* one of them is the client */
	e.arrivals = SEEN(NAT, "5100", "")
	    SEEN(CLIENT, "5200", ",\"answered\":\"syn-ack\"");
	ends_expect(e, "port.answer-lost");
}

/* --- behind NAT -------------------------------------------------------------
 */

#define TRY(ms)                                                      \
	"{\"probe\":\"tcp\",\"started_ms\":" ms ",\"took_ms\":1000," \
	"\"address\":\"" NODE "\",\"port\":44224,\"status\":\"timeout\"}\n"

static void a_stranger_at_that_time_may_be_the_client(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.arrivals = SEEN(NAT, "5010", "");
	e.capture = CAME_1;
	ends_expect(e, "");
	/* the same at each of two tries is no chance */
	e.more = TRY("8000");
	e.arrivals = SEEN(NAT, "5010", "") SEEN(NAT, "8010", "");
	e.capture = CAME_2;
	ends_expect(e, "port.dropped-by-host");
	ends_proof(e, "one at the time of each try");
	/* one more may be anybody */
	e.arrivals =
	    SEEN(NAT, "5010", "") SEEN(NAT, "8010", "") SEEN(NAT, "9999", "");
	e.capture = ",\"came\":3";
	ends_expect(e, "");
	/* two that are near enough to both tries tell nothing of either */
	e.more = TRY("6000");
	e.arrivals = SEEN(NAT, "5900", "") SEEN(NAT, "5950", "");
	e.capture = CAME_2;
	ends_expect(e, "");
	e.more = TRY("8000");
	/* both at the first try, none at the second */
	e.arrivals = SEEN(NAT, "5010", "") SEEN(NAT, "5200", "");
	e.capture = CAME_2;
	ends_expect(e, "port.never-arrived");
}

/* --- clocks -----------------------------------------------------------------
 */

#define MET_IN(took, ms)                                                      \
	"{\"probe\":\"tcp\",\"started_ms\":" ms ",\"took_ms\":" took          \
	",\"address\":\"" NODE "\",\"port\":22,\"status\":\"open\",\"peer\":" \
	"\"met\",\"nonce\":\"" NONCE "\"}\n"
#define MET(ms) MET_IN("2", ms)
#define ACCEPTED_22(ms)                                                     \
	"{\"probe\":\"arrival\",\"status\":\"accepted\",\"started_ms\":" ms \
	",\"took_ms\":1,\"from\":\"" CLIENT "\",\"address\":\"" NODE        \
	"\",\"port\":22,\"seen_by\":\"socket\",\"nonce\":\"" NONCE "\"}\n"

static void a_number_that_both_hold_sets_the_clocks(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	/* by their own words both were there; in truth the node came later */
	e.more = MET("40000");
	e.arrivals = ACCEPTED_22("10000");
	ends_expect(e, "");
	/* and here by their words it was too late, in truth it was there */
	e.node_later_ms = 50000;
	e.more = MET("5000");
	e.arrivals = ACCEPTED_22("5000");
	ends_expect(e, "port.never-arrived");
	ends_proof(e, "is 50 s ahead");
	/* one that came after a long while tells no time */
	e.more = MET_IN("900", "5000");
	ends_expect(e, "");
	/* and so does one that the node never heard */
	e.more = MET("5000");
	e.arrivals = "";
	ends_expect(e, "");
}

static void with_clocks_known_another_time_is_another_try(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.more = MET("5000");
	e.arrivals = ACCEPTED_22("5000") SEEN(CLIENT, "12000", "");
	e.capture = CAME_1;
	ends_expect(e, "port.never-arrived");
	e.arrivals = ACCEPTED_22("5000") SEEN(NAT, "12000", "");
	e.socket = NULL;
	ends_expect(e, "port.never-arrived");
}

/* A connection to another port, as the client tells of it and as the node does.
 */
#define CALLED_IN(took, ms, port, more)                             \
	"{\"probe\":\"tcp\",\"status\":\"open\",\"started_ms\":" ms \
	",\"took_ms\":" took ",\"address\":\"" NODE                 \
	"\",\"port\":22,\"local_address\":\"" CLIENT                \
	"\",\"local_port\":" port more "}\n"
#define CALLED(ms, port) CALLED_IN("10", ms, port, "")
#define CAME_WITH(from, ms, port, to, more)                             \
	"{\"probe\":\"arrival\",\"status\":\"seen\",\"started_ms\":" ms \
	",\"took_ms\":1,\"from\":\"" from "\",\"from_port\":" port      \
	",\"address\":\"" NODE "\",\"port\":" to ",\"seen_by\":"        \
	"\"capture\",\"answered\":\"syn-ack\"" more "}\n"
#define CAME_BY(from, ms, port) CAME_WITH(from, ms, port, "22", "")
#define ISN(n)			",\"isn\":" n
#define TRY_BY(port, more)                                   \
	"\"status\":\"timeout\",\"local_address\":\"" CLIENT \
	"\",\"local_port\":" port more
#define FIRST  CAME_BY(CLIENT, "4005", "51000")
#define SECOND CAME_BY(CLIENT, "4505", "51001")

static struct ends recorded(const char *more, const char *arrivals)
{
	struct ends e = ends_usual;

	e.socket = NULL;
	e.node_later_ms = 50000;
	e.more = more;
	e.arrivals = arrivals;
	return e;
}

#define BOTH CALLED("4000", "51000") CALLED("4500", "51001")

/* Nobody listened, so nobody can be asked for a number. */
static void connections_that_both_know_set_the_clocks(void **unused)
{
	struct ends e = recorded(BOTH, FIRST SECOND);

	(void)unused;
	ends_expect(e, "port.never-arrived");
	ends_proof(e, "is 50 s ahead: that is taken out (both cases hold the "
		      "same connections)");
	/* the same port to another one, and the same connection of two names */
	e.arrivals = FIRST SECOND CAME_WITH(CLIENT, "9000", "51001", "23", "");
	ends_expect(e, "port.never-arrived");
	e.more = BOTH CALLED("4500", "51001");
	ends_expect(e, "port.never-arrived");
}

static void connections_that_may_be_others_do_not(void **unused)
{
	static const struct {
		const char *more, *arrivals;
	} doubts[] = {
		{ BOTH, FIRST },
		{ BOTH, FIRST CAME_BY(CLIENT, "4505", "51002") },
		{ BOTH, FIRST CAME_BY(NAT, "4505", "51001") },
		{ BOTH, FIRST CAME_WITH(CLIENT, "4505", "51001", "23", "") },
		{ BOTH, FIRST CAME_WITH(CLIENT, "4505", "51001", "22", UDP) },
		/* it disagrees; a port is used again, there and here */
		{ BOTH, FIRST CAME_BY(CLIENT, "4905", "51001") },
		{ BOTH, FIRST SECOND CAME_BY(CLIENT, "9000", "51001") },
		{ CALLED("1500", "51001") BOTH, FIRST SECOND },
		/* one connection, and another of its port */
		{ CALLED("4000", "51000"),
		  CAME_WITH(CLIENT, "4005", "51000", "22", ISN("7"))
		      CAME_WITH(CLIENT, "4055", "51000", "22", ISN("9")) },
		/* it took long, so when it arrived is not known */
		{ CALLED("4000", "51000") CALLED_IN("900", "4055", "51001", ""),
		  FIRST SECOND },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(doubts) / sizeof(*doubts); i++)
		ends_expect(recorded(doubts[i].more, doubts[i].arrivals), "");
}

static void a_sequence_number_is_no_chance(void **unused)
{
	struct ends e =
	    recorded(CALLED_IN("10", "4000", "51000", ISN("7")),
		     CAME_WITH(CLIENT, "4005", "51000", "22", ISN("7")));

	(void)unused;
	ends_expect(e, "port.never-arrived");
	e.arrivals = CAME_WITH(CLIENT, "4005", "51000", "22", ISN("7"))
	    CAME_WITH(CLIENT, "9005", "51000", "22", ISN("9"));
	ends_expect(e, "port.never-arrived");
	e.arrivals = CAME_WITH(CLIENT, "4005", "51000", "22", ISN("8"));
	ends_expect(e, "");
	/* two that both know, and of one it differs */
	e.more = CALLED_IN("10", "4000", "51000", ISN("7"))
	    CALLED_IN("10", "4500", "51001", ISN("5"));
	e.arrivals = CAME_WITH(CLIENT, "4005", "51000", "22", ISN("8"))
	    CAME_WITH(CLIENT, "4505", "51001", "22", ISN("6"));
	ends_expect(e, "");
}

/* A clock was set while all this went on: what both call the same connection is
 * the try, and what may be it blames nobody. */
static void a_clock_that_was_set_meanwhile_takes_nothing_away(void **unused)
{
	struct ends e =
	    recorded(BOTH, FIRST SECOND SEEN(CLIENT, "25000", ISN("7")));

	(void)unused;
	e.watched_ms = 100000;
	e.capture = CAME_1;
	e.tcp = TRY_BY("40000", ISN("7"));
	ends_expect(e, "port.dropped-by-host");
	e.tcp = TRY_BY("40000", "");
	ends_expect(e, "");
	e.tcp = TRY_BY("40001", "");
	ends_expect(e, "port.never-arrived");
	e.tcp = TRY_BY("40000", ISN("8"));
	ends_expect(e, "port.never-arrived");
}

static void so_a_stranger_minutes_later_is_no_client(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.socket = NULL;
	e.capture = CAME_1;
	e.watched_ms = 100000;
	e.arrivals = SEEN(NAT, "65000", "");
	ends_expect(e, "");
	e.more = CALLED("4000", "51000") CALLED("4500", "51001");
	e.arrivals = FIRST SECOND SEEN(NAT, "65000", "");
	ends_expect(e, "port.never-arrived");
	e.arrivals = FIRST SECOND SEEN(NAT, "5005", "");
	ends_expect(e, "");
}

/* --- what is said after the handshake ---------------------------------------
 */

#define TLS(more)                                                             \
	"{\"probe\":\"tls\",\"started_ms\":5002,\"took_ms\":900,"             \
	"\"address\":\"" NODE "\",\"port\":44224,\"sni\":\"a.example\"," more \
	"}\n"
#define SAID(ms, what) ACCEPTED(CLIENT, ms, ",\"said\":\"" what "\"")

static void a_hello_that_never_came_is_lost(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.tcp = "\"status\":\"open\"";
	e.more = TLS("\"status\":\"cut\",\"errno\":\"ECONNRESET\"");
	e.capture = NULL;
	e.socket = CAME_1;
	e.arrivals = SAID("5001", "nothing");
	ends_expect(e, "tls.hello-lost");
	e.more = TLS("\"status\":\"timeout\"");
	e.arrivals = SAID("5001", "part");
	ends_expect(e, "tls.hello-lost");
	ends_proof(e, "heard only a part of it");
	/* it came whole: then it is not lost */
	e.arrivals = SAID("5001", "hello");
	ends_expect(e, "");
	e.arrivals = SAID("5001", "nothing") SAID("5003", "hello");
	ends_expect(e, "");
	/* another's, and another time */
	e.arrivals = ACCEPTED(NAT, "5001", ",\"said\":\"nothing\"");
	ends_expect(e, "");
	e.arrivals = SAID("5001", "nothing");
	e.more = TLS("\"status\":\"failed\",\"alert\":40");
	ends_expect(e, "");
}

#define LARGE(ms, status)                                               \
	"{\"probe\":\"tls\",\"started_ms\":" ms ",\"took_ms\":900,"     \
	"\"address\":\"" NODE "\",\"port\":44224,\"hello_bytes\":1800," \
	"\"status\":\"" status "\"}\n"

static void a_large_hello_that_never_came_is_too_large(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.tcp = "\"status\":\"open\"";
	e.more = TLS("\"status\":\"failed\",\"alert\":40")
	    LARGE("5010", "timeout") LARGE("5011", "timeout");
	e.socket = ",\"came\":3";
	e.capture = NULL;
	e.arrivals = SAID("5001", "hello") SAID("5010", "nothing")
	    SAID("5011", "nothing");
	ends_expect(e, "tls.hello-lost");
	ends_proof(e, "a hello of 1800 bytes");
	ends_proof(e, "heard nothing of it");
	/* one of two arrived: chance */
	e.more = TLS("\"status\":\"failed\",\"alert\":40")
	    LARGE("5010", "timeout") LARGE("5011", "failed");
	ends_expect(e, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_arrived),
		cmocka_unit_test(it_arrived_and_nothing_went_back),
		cmocka_unit_test(it_arrived_and_was_answered),
		cmocka_unit_test(what_the_kernel_counted_is_told),
		cmocka_unit_test(a_queue_is_full_where_another_program_listens),
		cmocka_unit_test(
		    a_reset_of_a_machine_that_listens_is_its_firewalls),
		cmocka_unit_test(
		    a_reset_while_others_are_answered_is_the_firewalls),
		cmocka_unit_test(an_icmp_error_for_a_syn_is_a_firewalls),
		cmocka_unit_test(
		    a_reset_that_the_machine_never_sent_is_anothers),
		cmocka_unit_test(a_port_that_opens_elsewhere_is_anothers),
		cmocka_unit_test(a_capture_alone_knows_that_nothing_came),
		cmocka_unit_test(the_node_is_no_client_of_its_own),
		cmocka_unit_test(a_port_that_was_met_is_nobody_elses),
		cmocka_unit_test(from_one_end_another_answer_is_told),
		cmocka_unit_test(a_socket_alone_does_not_see_what_is_dropped),
		cmocka_unit_test(another_machine_proves_nothing),
		cmocka_unit_test(what_came_to_another_interface_is_not_it),
		cmocka_unit_test(another_time_proves_nothing),
		cmocka_unit_test(a_capture_that_lost_some_proves_nothing),
		cmocka_unit_test(somebody_elses_connection_is_not_the_clients),
		cmocka_unit_test(a_stranger_at_that_time_may_be_the_client),
		cmocka_unit_test(a_number_that_both_hold_sets_the_clocks),
		cmocka_unit_test(with_clocks_known_another_time_is_another_try),
		cmocka_unit_test(connections_that_both_know_set_the_clocks),
		cmocka_unit_test(connections_that_may_be_others_do_not),
		cmocka_unit_test(a_sequence_number_is_no_chance),
		cmocka_unit_test(
		    a_clock_that_was_set_meanwhile_takes_nothing_away),
		cmocka_unit_test(so_a_stranger_minutes_later_is_no_client),
		cmocka_unit_test(a_hello_that_never_came_is_lost),
		cmocka_unit_test(a_large_hello_that_never_came_is_too_large),
	};

	return cmocka_run_group_tests_name("rules ends", tests, NULL, NULL);
}
