/* SPDX-License-Identifier: MIT */
/* A datagram sent by one machine and watched for on another; and what one end
 * alone may say of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/verdict/ends_case.h"

#define WITH(nonce) ",\"nonce\":\"" nonce "\""

static struct ends silent(void)
{
	struct ends e = ends_usual;

	e.udp = "\"status\":\"silent\"" WITH(NONCE);
	return e;
}

static void no_datagram_with_its_number_came(void **unused)
{
	struct ends e = silent();

	(void)unused;
	ends_expect(e, "port.never-arrived");
	e.node_first = true;
	ends_expect(e, "port.never-arrived");
	/* another try of the same client, or a stranger, is not it */
	e.arrivals =
	    SEEN(CLIENT, "5010", UDP WITH(NONCE2)) SEEN(NAT, "5020", UDP);
	e.capture = CAME_2;
	ends_expect(e, "port.never-arrived");
	/* nor is a SYN to the port of the same number */
	e.arrivals = SEEN(CLIENT, "5010", "");
	e.capture = "";
	ends_expect(e, "port.never-arrived");
}

static void its_number_came_and_nothing_went_back(void **unused)
{
	struct ends e = silent();

	(void)unused;
	e.arrivals = SEEN(NAT, "5010", UDP WITH(NONCE));
	e.capture = CAME_1;
	ends_expect(e, "port.dropped-by-host");
	e.socket = NULL; /* who had the port may have kept silent */
	ends_expect(e, "port.not-provable-from-here");
	e.socket = ",\"came\":200,\"dropped\":100"; /* or pl-listen itself */
	ends_expect(e, "port.not-provable-from-here");
}

static void its_number_came_and_was_answered(void **unused)
{
	struct ends e = silent();

	(void)unused;
	e.arrivals =
	    SEEN(NAT, "5010", UDP WITH(NONCE) ",\"answered\":\"reply\"");
	e.capture = CAME_1;
	ends_expect(e, "port.answer-lost");
	/* pl-listen knows what it answered; no capture is needed */
	e.capture = NULL;
	e.socket = CAME_1;
	e.arrivals =
	    ACCEPTED(NAT, "5010", UDP WITH(NONCE) ",\"answered\":\"reply\"");
	ends_expect(e, "port.answer-lost");
	e.arrivals =
	    ACCEPTED(NAT, "5010", UDP WITH(NONCE2) ",\"answered\":\"reply\"");
	ends_expect(e, "port.not-provable-from-here");
}

/* A recording in which others got a reply of pl-listen before and after. */
#define ANSWERS                                                          \
	"{\"probe\":\"arrival\",\"status\":\"listened\",\"started_ms\":" \
	"1000,\"took_ms\":9000,\"address\":\"" NODE                      \
	"\",\"port\":44224,\"protocol\":\"udp\",\"seen_by\":"            \
	"\"answers\"}\n"

static void silence_while_others_are_answered_is_the_firewalls(void **unused)
{
	struct ends e = silent();

	(void)unused;
	e.capture = CAME_1;
	e.socket = NULL;
	e.arrivals = SEEN(CLIENT, "5010", UDP WITH(NONCE)) ANSWERS;
	ends_expect(e, "port.dropped-by-host");
	ends_proof(e, "answered others on port 44224/udp before and after");
	e.arrivals = SEEN(CLIENT, "5010", UDP WITH(NONCE));
	ends_expect(e, "port.not-provable-from-here");
}

static void a_refusal_of_one_that_listens_is_its_firewalls(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.udp = "\"status\":\"closed\",\"errno\":\"ECONNREFUSED\"" WITH(NONCE);
	e.arrivals =
	    SEEN(CLIENT, "5010", UDP WITH(NONCE) ",\"answered\":\"icmp\"");
	e.capture = CAME_1;
	ends_expect(e, "port.dropped-by-host udp.closed");
	e.socket = NULL;
	ends_expect(e, "port.refused-by-host udp.closed");
	e.arrivals = SEEN(CLIENT, "5010",
			  UDP WITH(NONCE) ",\"answered\":\"icmp\"") ANSWERS;
	ends_expect(e, "port.dropped-by-host udp.closed");
	ends_proof(e, "an ICMP error although a program listened");
	/* never there: something on the way refuses */
	e.arrivals = "";
	e.capture = "";
	e.socket = "";
	ends_expect(e, "udp.answered-by-other udp.closed");
	e.capture = NULL;
	e.socket = NULL;
	ends_expect(e, "udp.closed");
}

static void a_reply_of_another_is_told(void **unused)
{
	struct ends e = ends_usual;

	(void)unused;
	e.udp = "\"status\":\"reply\",\"peer\":\"other\"" WITH(NONCE);
	ends_expect(e, "udp.answered-by-other");
	e.capture = NULL;
	e.socket = NULL;
	ends_expect(e, "udp.answered-by-other");
	e.udp = "\"status\":\"reply\",\"peer\":\"met\"" WITH(NONCE);
	ends_expect(e, "");
	/* not asked who he is: that nothing came there tells it */
	e.udp = "\"status\":\"reply\"" WITH(NONCE);
	e.socket = "";
	ends_expect(e, "udp.answered-by-other");
	e.arrivals = ACCEPTED(NAT, "900", UDP WITH(NONCE));
	e.socket = CAME_1;
	ends_expect(e, "");
}

static void one_end_says_nothing_of_silence(void **unused)
{
	struct ends e = silent();

	(void)unused;
	e.capture = NULL;
	e.socket = NULL;
	ends_expect(e, "port.not-provable-from-here");
	/* nor does a watch over another time, of another machine, with loss */
	e = silent();
	e.watched_ms = 5500;
	ends_expect(e, "port.not-provable-from-here");
	e = silent();
	e.node_at = "10.150.0.21";
	ends_expect(e, "port.not-provable-from-here");
	e = silent();
	e.capture = ",\"came\":1,\"dropped\":1";
	e.socket = NULL;
	ends_expect(e, "port.not-provable-from-here");
	e = silent();
	e.capture = NULL;
	ends_expect(e, "port.not-provable-from-here");
}

/* --- with groups in the inventory -------------------------------------------
 */

#define GROUP(access)                                                       \
	"\"nsgs\":[{\"name\":\"g1\",\"subnets\":[{\"id\":\"/x/subnets/"     \
	"training"                                                          \
	"\"}],\"securityRules\":[{\"name\":\"r1\",\"priority\":300,"        \
	"\"direction\":\"Inbound\",\"access\":\"" access "\",\"protocol\":" \
	"\"*\",\"sourceAddressPrefix\":\"*\",\"sourcePortRange\":\"*\","    \
	"\"destinationAddressPrefix\":\"*\",\"destinationPortRange\":"      \
	"\"44224\"}]"                                                       \
	"}],\"networks\":[\"10.150.0.0/16\"],"

static void the_rule_is_named_once_the_loss_is_known(void **unused)
{
	struct ends e = silent();

	(void)unused;
	e.inventory = GROUP("Deny");
	ends_expect(e, "port.required-blocked port.never-arrived");
	ends_proof(e, "rule r1 (priority 300) of g1");
	/* silence alone is no reason to blame it */
	e.capture = NULL;
	e.socket = NULL;
	ends_expect(e, "port.not-provable-from-here");
	/* one that allows is not to blame, and that is said */
	e = silent();
	e.inventory = GROUP("Allow");
	ends_expect(e, "port.never-arrived");
	ends_proof(e, "network security groups allow it, by rule r1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_datagram_with_its_number_came),
		cmocka_unit_test(its_number_came_and_nothing_went_back),
		cmocka_unit_test(its_number_came_and_was_answered),
		cmocka_unit_test(
		    silence_while_others_are_answered_is_the_firewalls),
		cmocka_unit_test(
		    a_refusal_of_one_that_listens_is_its_firewalls),
		cmocka_unit_test(a_reply_of_another_is_told),
		cmocka_unit_test(one_end_says_nothing_of_silence),
		cmocka_unit_test(the_rule_is_named_once_the_loss_is_known),
	};

	return cmocka_run_group_tests_name("rules ends udp", tests, NULL, NULL);
}
