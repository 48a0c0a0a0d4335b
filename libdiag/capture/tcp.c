/* SPDX-License-Identifier: MIT */
/* tcp.c - segments, brought to their connection (RFC 9293, 3.1 and 3.10.7).
 *
 * The client is who sends the SYN.  Of a connection whose beginning was not
 * seen the higher port is taken for the client's; nothing is told of it.
 */
#include "capture/internal.h"

enum { OPTION_END, OPTION_NOTHING, OPTION_MSS };

#define FIXED 20 /* bytes of a header without options */

/* The same packet seen twice by a capture of all interfaces, not a second
 * try: those come a second later (RFC 6298, 2.1), on Windows half of one. */
#define TWICE_US 50000

#define DOT_PORT 853

/* RFC 9293, 3.2: the options of a SYN, as far as they are there. */
static uint16_t read_mss(struct diag_cursor at)
{
	uint8_t kind, len;
	uint16_t mss;

	while (diag_cursor_u8(&at, &kind) && kind != OPTION_END) {
		if (kind == OPTION_NOTHING)
			continue;
		if (!diag_cursor_u8(&at, &len) || len < 2)
			break;
		if (kind == OPTION_MSS && len == 4)
			return diag_cursor_u16(&at, &mss) ? mss : 0;
		if (!diag_cursor_skip(&at, len - 2u))
			break;
	}
	return 0;
}

bool cap_tcp_header(struct cap_packet *p, struct cap_segment *s)
{
	size_t header;
	uint16_t bits;

	if (!diag_cursor_u16(&p->at, &p->from_port) ||
	    !diag_cursor_u16(&p->at, &p->to_port) ||
	    !diag_cursor_u32(&p->at, &s->seq) ||
	    !diag_cursor_u32(&p->at, &s->ack) ||
	    !diag_cursor_u16(&p->at, &bits))
		return false;
	header = (size_t)(bits >> 12) * 4;
	s->flags = bits & 0xff;
	if (header < FIXED)
		return false;
	/* Options that the snap length cut: the payload is cut as well. */
	header -= 14;
	if (header > diag_cursor_left(&p->at)) {
		if (header > diag_cursor_left(&p->at) + p->missing)
			return false;
		p->missing -= header - diag_cursor_left(&p->at);
		header = diag_cursor_left(&p->at);
	}
	s->mss = (s->flags & CAP_SYN) && header > FIXED - 14
		     ? read_mss(diag_cursor_of(p->at.at + FIXED - 14,
					       header - (FIXED - 14)))
		     : 0;
	p->at.at += header;
	s->wire_len = diag_cursor_left(&p->at) + p->missing;
	return true;
}

static bool is_after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

/* --- beginnings ----------------------------------------------------------- */

static void begin(struct diag_capture *c, const struct cap_packet *p,
		  const struct cap_segment *s)
{
	struct cap_flow *f = cap_flow_new(c, p, false);

	f->state = FLOW_SYN;
	f->syn_us = f->syn_last_us = p->at_us;
	f->syns = 1;
	f->mss = s->mss;
	f->syn_len = s->wire_len;
	f->side[CLIENT].first = s->seq + 1;
	f->side[CLIENT].reach = s->seq + 1 + (uint32_t)s->wire_len;
	f->side[CLIENT].known = true;
	if (!f->counts)
		return;
	c->seen.counts.tcp_syns++;
	c->seen.counts.encrypted_dns += f->server_port == DOT_PORT;
}

static void on_syn(struct diag_capture *c, const struct cap_packet *p,
		   const struct cap_segment *s, struct cap_flow *f,
		   bool from_client)
{
	bool again = f != NULL && from_client && f->state != FLOW_LATE &&
		     f->side[CLIENT].known &&
		     f->side[CLIENT].first == s->seq + 1;

	if (!again) {
		if (f != NULL)
			cap_flow_drop(c, f);
		begin(c, p, s);
		return;
	}
	if (p->at_us - f->syn_last_us < TWICE_US)
		return;
	f->syns++;
	f->syn_last_us = p->at_us;
	f->asked_again |= f->state == FLOW_OPEN;
	c->seen.counts.tcp_again += f->counts;
}

static void open_flow(struct diag_capture *c, struct cap_flow *f,
		      const struct cap_packet *p, const struct cap_segment *s)
{
	f->state = FLOW_OPEN;
	f->open_us = p->at_us;
	f->side[SERVER].first = s->seq + 1;
	f->side[SERVER].reach = s->seq + 1 + (uint32_t)s->wire_len;
	f->side[SERVER].known = true;
	c->seen.counts.tcp_open += f->counts;
	cap_met(c, &(struct cap_met){ .address = &f->server,
				      .peer = &f->client,
				      .port = f->server_port,
				      .at_us = p->at_us });
}

/* What came with the SYN may be taken at once (RFC 7413, 4.2.2), or with a
 * reset (RFC 9293, 3.10.7.1). */
static bool answers_syn(const struct cap_flow *f, const struct cap_segment *s)
{
	return s->ack - f->side[CLIENT].first <= (uint32_t)f->syn_len;
}

static void on_syn_ack(struct diag_capture *c, const struct cap_packet *p,
		       const struct cap_segment *s, struct cap_flow *f)
{
	if (f == NULL) {
		f = cap_flow_new(c, p, true);
		f->half = true;
		f->syn_us = p->at_us;
		f->side[CLIENT].first = f->side[CLIENT].reach = s->ack;
		f->side[CLIENT].known = true;
		open_flow(c, f, p, s);
	} else if (f->state == FLOW_SYN && answers_syn(f, s)) {
		open_flow(c, f, p, s);
	}
}

static struct cap_flow *late_flow(struct diag_capture *c,
				  const struct cap_packet *p)
{
	struct cap_flow *f = cap_flow_new(c, p, p->from_port < p->to_port);

	f->state = FLOW_LATE;
	c->seen.counts.tcp_late += f->counts;
	cap_late_arrived(c, f);
	return f;
}

/* --- what follows --------------------------------------------------------- */

static void take_bytes(struct diag_capture *c, struct cap_flow *f,
		       struct cap_side *side, const struct cap_packet *p,
		       const struct cap_segment *s)
{
	uint32_t at = s->seq - side->first - side->base;
	const uint8_t *bytes = p->at.at;
	size_t len = diag_cursor_left(&p->at);

	side->bytes += s->wire_len;
	side->cut |= p->missing > 0 || p->fragment;
	if (!side->known)
		return;
	if (len == 0) { /* cut off, but the side has spoken */
		cap_app(c, f);
		return;
	}
	if ((int32_t)at < 0) { /* sent again, in part dropped already */
		size_t before = 0u - at;

		if (len <= before)
			return;
		bytes += before;
		len -= before;
		at = 0;
	}
	(void)cap_stream_put(&side->stream, &c->budget, at, bytes, len);
	cap_app(c, f);
}

/* RFC 9293, 3.4: FIN has a number, too. */
static void note_reach(struct cap_side *side, const struct cap_segment *s)
{
	uint32_t end =
	    s->seq + (uint32_t)s->wire_len + ((s->flags & CAP_FIN) ? 1 : 0);

	if (side->known && is_after(end, side->reach))
		side->reach = end;
}

static void take_ack(struct diag_capture *c, struct cap_flow *f,
		     bool from_client, const struct cap_segment *s)
{
	struct cap_side *other = &f->side[from_client ? SERVER : CLIENT];

	if (!(s->flags & CAP_ACK))
		return;
	f->client_acked |= from_client;
	if ((f->state == FLOW_SYN && from_client) ||
	    (f->state == FLOW_OPEN && other->known && !(s->flags & CAP_RST) &&
	     is_after(s->ack, other->reach)))
		cap_node_torn(c, f);
	if (!other->ack_known || is_after(s->ack, other->acked))
		other->acked = s->ack;
	other->ack_known = true;
}

/* Refused only if the reset answers this very SYN. */
static bool refuses(const struct cap_flow *f, bool from_client,
		    const struct cap_segment *s)
{
	return f->state == FLOW_SYN && !from_client && (s->flags & CAP_ACK) &&
	       answers_syn(f, s);
}

static void close_flow(struct diag_capture *c, struct cap_flow *f,
		       bool from_client, const struct cap_segment *s)
{
	struct cap_side *side = &f->side[from_client ? CLIENT : SERVER];

	if ((s->flags & CAP_RST) && f->state == FLOW_SYN &&
	    !refuses(f, from_client, s))
		return;
	side->fin |= (s->flags & CAP_FIN) != 0;
	side->rst |= (s->flags & CAP_RST) != 0;
	if (f->closed_by < 0) {
		f->closed_by = from_client ? CLIENT : SERVER;
		f->closed_us = f->last_us;
	}
	if (side->rst || (f->side[CLIENT].fin && f->side[SERVER].fin))
		cap_flow_end(c, f);
}

static void follow(struct diag_capture *c, struct cap_flow *f,
		   const struct cap_packet *p, const struct cap_segment *s,
		   bool from_client)
{
	if (f->state == FLOW_DONE || f->state == FLOW_LATE)
		return;
	note_reach(&f->side[from_client ? CLIENT : SERVER], s);
	take_ack(c, f, from_client, s);
	if (s->wire_len > 0 && !(s->flags & CAP_RST))
		take_bytes(c, f, &f->side[from_client ? CLIENT : SERVER], p, s);
	if (f->state != FLOW_DONE && (s->flags & (CAP_FIN | CAP_RST)))
		close_flow(c, f, from_client, s);
}

static void heard(struct diag_capture *c, struct cap_flow *f, bool from_client)
{
	struct cap_who *to = f->who[from_client ? SERVER : CLIENT];

	if (to != &c->nobody)
		to->heard = true;
}

void cap_tcp(struct diag_capture *c, struct cap_packet *p)
{
	bool from_client = true;
	struct cap_flow *f;
	struct cap_segment s;

	if (!cap_tcp_header(p, &s)) {
		c->seen.counts.malformed++;
		if (p->missing > 0)
			cap_unread(c, p);
		return;
	}
	f = cap_flow_find(c, p, &from_client);
	if ((s.flags & (CAP_SYN | CAP_ACK)) == CAP_SYN) {
		on_syn(c, p, &s, f, from_client);
		f = cap_flow_find(c, p, &from_client);
	} else if (s.flags & CAP_SYN) {
		if (f == NULL || !from_client)
			on_syn_ack(c, p, &s, f);
		f = cap_flow_find(c, p, &from_client);
	} else if (f == NULL) {
		f = late_flow(c, p);
		from_client = diag_addr_eq(&f->client, &p->from) &&
			      f->client_port == p->from_port;
	}
	if (f == NULL)
		return;
	heard(c, f, from_client);
	cap_flow_touch(c, f, p->at_us);
	if (!(s.flags & CAP_SYN))
		follow(c, f, p, &s, from_client);
}

void cap_tcp_icmp(struct diag_capture *c, const struct cap_packet *inner,
		  const struct diag_icmp_seen *icmp)
{
	bool from_client = false;
	struct cap_flow *f = cap_flow_find(c, inner, &from_client);

	if (f == NULL || !from_client || f->state != FLOW_SYN)
		return;
	f->icmp = *icmp;
	c->seen.counts.icmp_errors += f->counts;
	cap_flow_end(c, f);
}
