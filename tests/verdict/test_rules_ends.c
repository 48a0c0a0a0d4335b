/* SPDX-License-Identifier: MIT */
/* A port tried from one machine and watched on another; and every reason not
 * to believe the watcher. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "tests/verdict/paths.h"

#define NODE  "10.150.0.20"
#define NONCE "0123456789abcdef0123456789abcdef"

struct ends {
	const char *tcp;      /* members of the client's fact after port */
	const char *node_at;  /* the node's address */
	double tried_ms;      /* when, after the client began */
	double node_later_ms; /* the node began so much later */
	double watched_ms;
	const char *capture; /* members of what was watched; NULL: no capture */
	const char *socket;  /* the same; NULL: it was not bound */
	const char *arrivals; /* whole lines */
	bool node_first;
	struct diag_case *c;
	struct diag_verdict *v;
};

static const struct ends usual = {
	.tcp = "\"status\":\"timeout\"",
	.node_at = NODE,
	.tried_ms = 5000,
	.watched_ms = 20000,
	.capture = "",
	.socket = "",
	.arrivals = "",
};

static void put_client(const struct ends *e, struct diag_buf *out)
{
	diag_buf_printf(
	    out,
	    "{\"schema\":\"pldiag.case/1\",\"tool\":\"pl-probe\","
	    "\"started\":\"2026-11-23T10:00:00Z\",\"complete\":true,"
	    "\"role\":\"client\",\"inventory\":{\"schema\":"
	    "\"pldiag.inventory/1\",\"targets\":[{\"service\":\"other\","
	    "\"expect\":\"any\",\"addresses\":[\"" NODE "\"],\"ports\":"
	    "[44224]}]},\"machine\":{\"interfaces\":[{\"name\":\"eth0\","
	    "\"up\":true,\"addresses\":[{\"address\":\"10.20.0.50\","
	    "\"prefix\":\"10.20.0.0/24\"}]}]}}\n"
	    "{\"probe\":\"tcp\",\"started_ms\":%d,\"took_ms\":1000,"
	    "\"address\":\"" NODE "\",\"port\":44224,%s}\n",
	    (int)e->tried_ms, e->tcp);
}

static void put_watch(const struct ends *e, const char *by, const char *more,
		      struct diag_buf *out)
{
	if (more == NULL)
		return;
	diag_buf_printf(out,
			"{\"probe\":\"arrival\",\"status\":\"listened\","
			"\"started_ms\":0,\"took_ms\":%d,\"port\":44224,"
			"\"seen_by\":\"%s\"%s}\n",
			(int)e->watched_ms, by, more);
}

static void put_node(const struct ends *e, struct diag_buf *out)
{
	diag_buf_printf(
	    out,
	    "{\"schema\":\"pldiag.case/1\",\"tool\":\"pl-listen\","
	    "\"started\":\"2026-11-23T10:00:%02dZ\",\"complete\":true,"
	    "\"host\":\"node\",\"role\":\"compute\",\"machine\":"
	    "{\"interfaces\":[{\"name\":\"eth0\",\"up\":true,\"addresses\":"
	    "[{\"address\":\"%s\",\"prefix\":\"10.150.0.0/24\"}]}]}}\n%s",
	    (int)e->node_later_ms / 1000, e->node_at, e->arrivals);
	put_watch(e, "capture", e->capture, out);
	put_watch(e, "socket", e->socket, out);
}

static void add(struct ends *e, const char *name, const struct diag_buf *text)
{
	struct diag_problems problems;
	struct diag_err err = { 0 };

	diag_problems_init(&problems);
	if (!diag_case_add(e->c, name, text->data, text->len, &problems, &err))
		fail_msg("%s", diag_buf_str(&problems.text));
	assert_int_equal(0, problems.n);
	diag_problems_clear(&problems);
}

static bool gives(const struct ends *e, const char *code)
{
	for (size_t i = 0; i < e->v->n_findings; i++)
		if (strcmp(e->v->findings[i].info->code, code) == 0)
			return true;
	return false;
}

/* The codes of this file that come of it, blank separated, and the cause. */
static void expect(struct ends e, const char *code)
{
	static const char *const codes[] = { "port.never-arrived",
					     "port.dropped-by-host",
					     "port.answer-lost",
					     "tcp.answered-by-other" };
	struct diag_buf client, node;
	struct diag_err err = { 0 };

	diag_buf_init(&client, 65536);
	diag_buf_init(&node, 65536);
	put_client(&e, &client);
	put_node(&e, &node);
	assert_true(diag_cat_load(&err));
	assert_true(diag_case_new(&e.c, &err));
	add(&e, e.node_first ? "node" : "client",
	    e.node_first ? &node : &client);
	add(&e, e.node_first ? "client" : "node",
	    e.node_first ? &client : &node);
	assert_true(diag_judge(e.c, NULL, &e.v, &err));
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (gives(&e, codes[i]) != (strcmp(codes[i], code) == 0))
			fail_msg("%s: %s", codes[i],
				 gives(&e, codes[i]) ? "not wanted"
						     : "is missing");
	if (code[0])
		assert_string_equal(code, e.v->causes[0].finding->info->code);
	diag_verdict_free(e.v);
	diag_case_free(e.c);
	diag_buf_clear(&client);
	diag_buf_clear(&node);
}

#define SEEN(from, ms, more)                                            \
	"{\"probe\":\"arrival\",\"status\":\"seen\",\"started_ms\":" ms \
	",\"took_ms\":1,\"from\":\"" from "\",\"from_port\":40000,"     \
	"\"address\":\"" NODE "\",\"port\":44224,\"seen_by\":"          \
	"\"capture\"" more "}\n"
#define ACCEPTED(from, ms, more)                                  \
	"{\"probe\":\"arrival\",\"status\":\"accepted\","         \
	"\"started_ms\":" ms ",\"took_ms\":1,\"from\":\"" from    \
	"\",\"address\":\"" NODE "\",\"port\":44224,\"seen_by\":" \
	"\"socket\"" more "}\n"
#define CLIENT "10.20.0.50"
#define NAT    "198.51.100.9"
#define CAME_1 ",\"came\":1"
#define CAME_2 ",\"came\":2"

static void nothing_arrived(void **unused)
{
	struct ends e = usual;

	(void)unused;
	expect(e, "port.never-arrived");
	e.node_first = true;
	expect(e, "port.never-arrived");
}

static void it_arrived_and_nothing_went_back(void **unused)
{
	struct ends e = usual;

	(void)unused;
	e.arrivals = SEEN(CLIENT, "5010", "");
	e.capture = CAME_1;
	expect(e, "port.dropped-by-host");
}

static void it_arrived_and_was_answered(void **unused)
{
	struct ends e = usual;

	(void)unused;
	e.arrivals = SEEN(CLIENT, "5010", ",\"answered\":\"syn-ack\"");
	e.capture = CAME_1;
	expect(e, "port.answer-lost");
}

static void a_reset_of_a_machine_that_listens_is_its_firewalls(void **unused)
{
	struct ends e = usual;

	(void)unused;
	e.tcp = "\"status\":\"refused\",\"errno\":\"ECONNREFUSED\"";
	e.arrivals = SEEN(CLIENT, "5010", ",\"answered\":\"rst\"");
	e.capture = CAME_1;
	expect(e, "port.dropped-by-host");
	e.socket = NULL; /* nobody listened: then it is only refused */
	expect(e, "");
}

static void a_reset_that_the_machine_never_sent_is_anothers(void **unused)
{
	struct ends e = usual;

	(void)unused;
	e.tcp = "\"status\":\"refused\",\"errno\":\"ECONNREFUSED\"";
	expect(e, "tcp.answered-by-other");
	e.capture = NULL; /* who sent it is not known */
	expect(e, "");
}

static void a_port_that_opens_elsewhere_is_anothers(void **unused)
{
	struct ends e = usual;

	(void)unused;
	e.tcp = "\"status\":\"open\"";
	expect(e, "tcp.answered-by-other");
	e.capture = NULL;
	expect(e, "tcp.answered-by-other");
	e.socket = NULL;
	expect(e, "");
}

static void a_port_that_was_met_is_nobody_elses(void **unused)
{
	struct ends e = usual;

	(void)unused;
	e.tcp = "\"status\":\"open\",\"peer\":\"met\",\"nonce\":\"" NONCE "\"";
	expect(e, "");
	/* its answer got lost; the number arrived, through NAT */
	e.tcp =
	    "\"status\":\"open\",\"peer\":\"silent\",\"nonce\":\"" NONCE "\"";
	e.arrivals = ACCEPTED(NAT, "900", ",\"nonce\":\"" NONCE "\"");
	e.capture = NULL;
	e.socket = CAME_1;
	expect(e, "");
	/* without --peer somebody came at that time */
	e.tcp = "\"status\":\"open\"";
	e.arrivals = ACCEPTED(NAT, "5100", "");
	expect(e, "");
}

static void from_one_end_another_answer_is_told(void **unused)
{
	struct ends e = usual;

	(void)unused;
	e.tcp =
	    "\"status\":\"open\",\"peer\":\"other\",\"nonce\":\"" NONCE "\"";
	e.capture = NULL;
	e.socket = NULL;
	expect(e, "tcp.answered-by-other");
	/* silence is not enough */
	e.tcp =
	    "\"status\":\"open\",\"peer\":\"silent\",\"nonce\":\"" NONCE "\"";
	expect(e, "");
}

/* --- no proof ---------------------------------------------------------------
 */

static void a_socket_alone_does_not_see_what_is_dropped(void **unused)
{
	struct ends e = usual;

	(void)unused;
	e.capture = NULL;
	expect(e, "");
}

static void another_machine_proves_nothing(void **unused)
{
	struct ends e = usual;

	(void)unused;
	e.node_at = "10.150.0.21";
	expect(e, "");
}

static void another_time_proves_nothing(void **unused)
{
	struct ends e = usual;

	(void)unused;
	e.watched_ms = 5500; /* it stopped while the client waited */
	expect(e, "");
	e.watched_ms = 20000;
	e.node_later_ms = 5000; /* it began as the client did */
	expect(e, "");
	e.node_later_ms = 4000;
	expect(e, "port.never-arrived");
}

static void a_capture_that_lost_some_proves_nothing(void **unused)
{
	struct ends e = usual;

	(void)unused;
	e.capture = ",\"came\":9,\"dropped\":9";
	expect(e, "");
	e.capture = CAME_1; /* one that is not told */
	expect(e, "");
}

static void somebody_elses_connection_is_not_the_clients(void **unused)
{
	struct ends e = usual;

	(void)unused;
	e.arrivals = SEEN(NAT, "12000", "");
	e.capture = CAME_1;
	expect(e, "port.never-arrived");
	/* its own, by clocks that differ */
	e.arrivals = SEEN(CLIENT, "12000", "");
	expect(e, "port.dropped-by-host");
	/* at that time two strangers met different ends */
	e.arrivals = SEEN(NAT, "5100", "")
	    SEEN("198.51.100.10", "5200", ",\"answered\":\"syn-ack\"");
	e.capture = CAME_2;
	expect(e, "");
	/* one of them is the client */
	e.arrivals = SEEN(NAT, "5100", "")
	    SEEN(CLIENT, "5200", ",\"answered\":\"syn-ack\"");
	expect(e, "port.answer-lost");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_arrived),
		cmocka_unit_test(it_arrived_and_nothing_went_back),
		cmocka_unit_test(it_arrived_and_was_answered),
		cmocka_unit_test(
		    a_reset_of_a_machine_that_listens_is_its_firewalls),
		cmocka_unit_test(
		    a_reset_that_the_machine_never_sent_is_anothers),
		cmocka_unit_test(a_port_that_opens_elsewhere_is_anothers),
		cmocka_unit_test(a_port_that_was_met_is_nobody_elses),
		cmocka_unit_test(from_one_end_another_answer_is_told),
		cmocka_unit_test(a_socket_alone_does_not_see_what_is_dropped),
		cmocka_unit_test(another_machine_proves_nothing),
		cmocka_unit_test(another_time_proves_nothing),
		cmocka_unit_test(a_capture_that_lost_some_proves_nothing),
		cmocka_unit_test(somebody_elses_connection_is_not_the_clients),
	};

	return cmocka_run_group_tests_name("rules ends", tests, NULL, NULL);
}
