/* SPDX-License-Identifier: MIT */
/* keep.c - see keep.h.
 *
 * Which bytes of a connection are its beginning is known by their sequence
 * numbers, and whether it begins with TLS or CONNECT by its first byte; both
 * stand in one row of a table that the connection's hash leads to.  Two
 * connections that share a row push each other out, and the older one is cut
 * to headers: a loss, but never a leak.
 */
#include "capture/keep.h"

#include <string.h>

#include "base/mem.h"
#include "capture/internal.h"
#include "wire/peer.h"

#define ROWS 16384u /* a power of two */
/* Hellos and chain as the dissectors take them, and a proxy's words before. */
#define BEGINNING  (STREAM_MAX + 8192u)
#define FIRST_WORD 8u /* bytes: "CONNECT " */
/* The rest of a large ClientHello that overtook its beginning: whether it is
 * one is not known yet. */
#define OUT_OF_ORDER 4096u
#define NOT_IP	     64u /* of what is not read */

enum what { UNKNOWN, HANDSHAKE, PEER, OTHER };

struct row {
	uint64_t key; /* 0: free */
	uint64_t client;
	uint32_t first[2];
	bool known[2];
	enum what what;
};

struct diag_keep {
	cap_link_read *link;
	struct row *rows;
};

bool diag_keep_new(int dlt, struct diag_keep **out, struct diag_err *err)
{
	struct diag_keep *k;
	cap_link_read *link = cap_link_of(dlt);

	if (link == NULL)
		return diag_fail(err, DIAG_EPARSE, "record",
				 "packets of link type %d cannot be cut", dlt);
	k = diag_alloc(sizeof(*k));
	if (k != NULL)
		k->rows = diag_alloc_array(ROWS, sizeof(*k->rows));
	if (k == NULL || k->rows == NULL) {
		diag_free(k);
		return diag_fail_nomem(err, "record");
	}
	k->link = link;
	*out = k;
	return true;
}

void diag_keep_free(struct diag_keep *k)
{
	if (k == NULL)
		return;
	diag_free(k->rows);
	diag_free(k);
}

/* --- connections ---------------------------------------------------------- */

static uint64_t end_of(const struct diag_addr *a, uint16_t port)
{
	uint64_t h = cap_hash(CAP_HASH_START, a->bytes, sizeof(a->bytes));

	return cap_hash(h, &port, sizeof(port));
}

static void begin(struct row *row, uint64_t key, uint64_t client,
		  const struct cap_segment *s)
{
	*row = (struct row){ .key = key, .client = client };
	row->first[CLIENT] = s->seq + 1;
	row->known[CLIENT] = true;
}

/* The server's first number; that of the client follows from it, should its
 * SYN not have been seen. */
static void answer(struct row *row, uint64_t key, uint64_t client,
		   const struct cap_segment *s)
{
	if (row->key != key)
		*row = (struct row){ .key = key, .client = client };
	row->first[CLIENT] = s->ack;
	row->first[SERVER] = s->seq + 1;
	row->known[CLIENT] = row->known[SERVER] = true;
}

/* What pl-probe says to pl-listen, and it says again: a number, which tells
 * whose it is. */
static bool is_peer(const struct cap_packet *p)
{
	const char *bytes = (const char *)p->at.at;
	size_t len = diag_cursor_left(&p->at);
	char nonce[DIAG_PEER_NONCE_TEXT];

	return diag_peer_read(DIAG_PEER_PROBE, bytes, len, nonce) ==
		   DIAG_PEER_LINE ||
	       diag_peer_read(DIAG_PEER_LISTEN, bytes, len, nonce) ==
		   DIAG_PEER_LINE;
}

static enum what what_of(const struct cap_packet *p)
{
	uint8_t first = diag_cursor_left(&p->at) > 0 ? p->at.at[0] : 0;

	if (is_peer(p))
		return PEER;
	return first == 0x16 || first == 'C' ? HANDSHAKE : OTHER;
}

/* Bytes of the payload. */
static size_t payload(struct row *row, int side, const struct cap_packet *p,
		      const struct cap_segment *s)
{
	size_t left = diag_cursor_left(&p->at), most = 0;
	uint32_t at = s->seq - row->first[side];

	if (!row->known[side])
		return 0;
	if (side == CLIENT && at == 0 && left > 0 && row->what == UNKNOWN)
		row->what = what_of(p);
	if (row->what == HANDSHAKE)
		most = BEGINNING;
	else if (row->what == PEER)
		most = DIAG_PEER_LINE_MAX;
	else if (side == CLIENT)
		most = row->what == UNKNOWN ? OUT_OF_ORDER : FIRST_WORD;
	if (at >= most)
		return 0;
	return left < most - at ? left : most - at;
}

static size_t tcp(struct diag_keep *k, struct cap_packet *p)
{
	struct cap_segment s;
	uint64_t from, to, key;
	struct row *row;

	if (!cap_tcp_header(p, &s))
		return 0;
	if (p->from_port == DNS_PORT || p->to_port == DNS_PORT)
		return diag_cursor_left(&p->at);
	from = end_of(&p->from, p->from_port);
	to = end_of(&p->to, p->to_port);
	key = (from + to) * 2 + 1; /* the same for both directions, never 0 */
	row = &k->rows[(key >> 17) & (ROWS - 1)];
	if ((s.flags & (CAP_SYN | CAP_ACK)) == CAP_SYN)
		begin(row, key, from, &s);
	else if (s.flags & CAP_SYN)
		answer(row, key, to, &s);
	else if (row->key == key)
		return payload(row, row->client == from ? CLIENT : SERVER, p,
			       &s);
	return 0;
}

static size_t udp(struct cap_packet *p)
{
	if (!diag_cursor_u16(&p->at, &p->from_port) ||
	    !diag_cursor_u16(&p->at, &p->to_port) ||
	    !diag_cursor_skip(&p->at, 4))
		return 0;
	if (is_peer(p))
		return DIAG_PEER_ANSWER_LEN < diag_cursor_left(&p->at)
			   ? DIAG_PEER_ANSWER_LEN
			   : diag_cursor_left(&p->at);
	return p->from_port == DNS_PORT || p->to_port == DNS_PORT
		   ? diag_cursor_left(&p->at)
		   : 0;
}

/* Moves p to where the payload begins; gives what is kept of it. */
static size_t transport(struct diag_keep *k, struct cap_packet *p)
{
	switch (p->proto) {
	case PROTO_TCP:
		return tcp(k, p);
	case PROTO_UDP:
		return udp(p);
	case PROTO_ICMP:
	case PROTO_ICMP6:
		return diag_cursor_left(&p->at);
	default:
		return 0;
	}
}

size_t diag_keep_bytes(struct diag_keep *k,
		       const struct diag_capture_packet *packet)
{
	size_t least = packet->len < NOT_IP ? packet->len : NOT_IP, kept;
	struct cap_packet p = { .at_us = packet->at_us };
	unsigned type = 0;
	enum cap_ip ip;

	p.at = diag_cursor_of(packet->bytes, packet->len);
	if (packet->wire_len > packet->len)
		p.missing = packet->wire_len - packet->len;
	if (!k->link(&p.at, &type) || !cap_inner_type(&p.at, &type))
		return least;
	if (type != ETHERTYPE_IP4 && type != ETHERTYPE_IP6)
		return least;
	ip = type == ETHERTYPE_IP4 ? cap_ip4(&p) : cap_ip6(&p);
	if (ip == CAP_IP_BAD)
		return least;
	kept = ip == CAP_IP_WHOLE ? transport(k, &p) : 0;
	return kept + (size_t)(p.at.at - packet->bytes);
}
