/* SPDX-License-Identifier: MIT */
/* arrive.c - a capture that was made on a node: what arrived there, and what
 * the node sent back.  The facts of pl-listen's capture, from packets.
 *
 * A recorder sees what comes before the node's own firewall does, and what the
 * node sends after it.  What else would look the same is asked of recorded.c.
 *
 * What is not known has no fact, but counts as come: so nobody is judged by
 * what is missing.  That a filter left a port out, no packet can tell: whoever
 * names the ports says that it did not.
 */
#include "capture/internal.h"

#include <string.h>

#include "base/mem.h"
#include "wire/peer.h"

#define ANSWER_US 1000000 /* a kernel answers at once, or not at all */

struct cap_arrivals {
	uint64_t *came; /* to each port of the options */
};

bool cap_arrivals_init(struct diag_capture *c)
{
	if (c->o.n_nodes == 0)
		return true;
	c->arrivals = diag_alloc(sizeof(*c->arrivals));
	if (c->arrivals == NULL)
		return false;
	c->arrivals->came =
	    diag_alloc_array(c->o.n_ports + 1, sizeof(*c->arrivals->came));
	return c->arrivals->came != NULL && cap_recorded_init(c) &&
	       cap_listening_init(c);
}

void cap_arrivals_free(struct diag_capture *c)
{
	if (c->arrivals != NULL)
		diag_free(c->arrivals->came);
	diag_free(c->arrivals);
	cap_recorded_free(c);
	cap_listening_free(c);
}

/* --- facts ---------------------------------------------------------------- */

static uint64_t *came_to(const struct diag_capture *c, uint16_t port, bool udp)
{
	for (size_t i = 0; i < c->o.n_ports; i++)
		if (c->o.ports[i].port == port && c->o.ports[i].udp == udp)
			return &c->arrivals->came[i];
	return NULL;
}

bool cap_is_port(const struct diag_capture *c, uint16_t port, bool udp)
{
	return c->arrivals != NULL && came_to(c, port, udp) != NULL;
}

void cap_unread(struct diag_capture *c, const struct cap_packet *p)
{
	for (size_t i = 0; c->arrivals != NULL && i < c->o.n_ports; i++)
		c->arrivals->came[i] +=
		    p->to_port == 0 || p->to_port == c->o.ports[i].port;
}

bool cap_is_watched(struct diag_capture *c, const struct diag_addr *from,
		    const struct diag_addr *to, uint16_t port, bool udp)
{
	return cap_is_port(c, port, udp) && cap_is_node(c, to) &&
	       !cap_is_node(c, from);
}

void cap_arrived(struct diag_capture *c, const struct cap_arrival *a)
{
	bool udp = a->protocol != NULL;
	struct diag_fact f = { .kind = DIAG_FACT_ARRIVAL,
			       .status = DIAG_ST_SEEN };

	++*came_to(c, a->port, udp);
	if (a->unread || c->seen.elsewhere ||
	    (a->answered == NULL &&
	     !cap_has_answers(c, &a->from, a->at_us, ANSWER_US)))
		return;
	f.started_ms = cap_ms(c, a->at_us);
	f.took_ms = (double)((a->answered != NULL ? a->answered_us - a->at_us
						  : ANSWER_US)) /
		    1000.0;
	f.arrival.from = a->from;
	f.arrival.from_port = a->from_port;
	f.arrival.address = a->address;
	f.arrival.port = a->port;
	f.arrival.protocol = a->protocol;
	f.arrival.answered = a->answered;
	f.arrival.seen_by = "capture";
	f.arrival.isn = a->isn;
	/* Over TCP the number comes after the handshake. */
	f.arrival.nonce = udp ? a->nonce : NULL;
	cap_emit(c, &f);
	if (!a->accepted)
		return;
	f.status = DIAG_ST_ACCEPTED;
	f.arrival.answered = NULL;
	f.arrival.nonce = a->nonce;
	f.arrival.said = a->said;
	cap_emit(c, &f);
}

void cap_late_arrived(struct diag_capture *c, const struct cap_flow *f)
{
	if (cap_is_watched(c, &f->client, &f->server, f->server_port, false))
		++*came_to(c, f->server_port, false);
	if (cap_is_watched(c, &f->server, &f->client, f->client_port, false))
		++*came_to(c, f->client_port, false);
}

/* --- connections ---------------------------------------------------------- */

static const char *answer_of(const struct diag_capture *c,
			     const struct cap_flow *f)
{
	if (f->state == FLOW_OPEN)
		return "syn-ack";
	if (f->side[SERVER].rst)
		return "rst";
	return f->icmp.seen && cap_is_node(c, &f->icmp.from) ? "icmp" : NULL;
}

/* The node has more than is here: the recorder lost it, or cut it off. */
static bool is_less_than_came(const struct cap_side *client, size_t len)
{
	uint32_t end = client->first + client->base + (uint32_t)len;

	return client->ack_known && (int32_t)(client->acked - end) > 0;
}

/* What the node's program could read.  NULL: it is pl-probe, or not known. */
static const char *said_of(const struct cap_flow *f, char *nonce)
{
	const struct cap_side *client = &f->side[CLIENT];
	size_t len = cap_stream_len(&client->stream), whole = 0;
	const char *bytes = (const char *)client->stream.data;

	if (f->tls.client_hello)
		return "hello";
	if (is_less_than_came(client, len))
		return NULL;
	if (len == 0)
		return client->cut ? NULL : "nothing";
	if (diag_peer_read(DIAG_PEER_PROBE, bytes, len, nonce) ==
	    DIAG_PEER_LINE)
		return NULL;
	nonce[0] = '\0';
	if (diag_peer_hello(bytes, len, &whole) == DIAG_PEER_OTHER)
		return "other";
	return client->cut ? NULL : "part";
}

/* By somebody's error; by an ACK, because the node still has a connection of
 * these ports (RFC 9293, 3.10.7.4); or by what is not here. */
static bool is_answered_otherwise(const struct cap_flow *f)
{
	return f->torn || f->icmp.seen || f->side[CLIENT].ack_known;
}

void cap_flow_arrived(struct diag_capture *c, const struct cap_flow *f)
{
	char nonce[DIAG_PEER_NONCE_TEXT] = "";
	struct cap_arrival a = {
		.from = f->client,
		.address = f->server,
		.from_port = f->client_port,
		.port = f->server_port,
		.at_us = f->syn_us,
		.isn = cap_flow_isn(f),
		.answered = answer_of(c, f),
		.answered_us = f->state == FLOW_OPEN ? f->open_us : f->last_us,
		.accepted = f->state == FLOW_OPEN && f->client_acked,
	};
	struct cap_met met = {
		.address = &f->server,
		.peer = &f->client,
		.port = f->server_port,
		.refused = f->state != FLOW_OPEN,
		.at_us = f->state == FLOW_OPEN ? f->open_us : f->last_us,
		.until_us = f->last_us,
	};

	if (f->state == FLOW_OPEN)
		cap_parted(c, &met);
	if (!cap_is_watched(c, &f->client, &f->server, f->server_port, false))
		return;
	if (a.accepted)
		a.said = said_of(f, nonce);
	a.nonce = nonce[0] != '\0' ? nonce : NULL;
	a.unread = a.answered == NULL && is_answered_otherwise(f);
	if (f->state != FLOW_OPEN && a.answered != NULL)
		cap_met(c, &met);
	cap_arrived(c, &a);
}

/* --- the end -------------------------------------------------------------- */

static void tell_port(struct diag_capture *c, size_t i,
		      const struct cap_span *span)
{
	struct diag_fact f = { .kind = DIAG_FACT_ARRIVAL,
			       .status = DIAG_ST_LISTENED };

	f.started_ms = cap_ms(c, span->from_us);
	f.took_ms = (double)(span->to_us - span->from_us) / 1000.0;
	f.arrival.port = c->o.ports[i].port;
	f.arrival.protocol = c->o.ports[i].udp ? "udp" : NULL;
	f.arrival.seen_by = "capture";
	f.arrival.came = c->arrivals->came[i];
	f.arrival.dropped = c->seen.counts.lost + c->seen.counts.torn;
	cap_emit(c, &f);
}

void cap_arrivals_end(struct diag_capture *c)
{
	const struct cap_span *spans = NULL;
	size_t n;

	if (c->arrivals == NULL)
		return;
	n = cap_spans(c, &spans);
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < c->o.n_ports; i++)
			tell_port(c, i, &spans[k]);
	if (n > 0)
		cap_listening_end(c);
}
