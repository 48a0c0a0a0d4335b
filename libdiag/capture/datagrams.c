/* SPDX-License-Identifier: MIT */
/* datagrams.c - UDP to machines of the inventory that have no name: a compute
 * node's ports.  (What has names speaks TCP; QUIC to it is no port that anybody
 * needs.)
 *
 *   reply        a datagram came back
 *   closed       an ICMP port-unreachable from the address itself did
 *   unreachable  any other ICMP error did
 *   silent       nothing did: it was sent again, or the capture went on
 *   not-run      it cannot be told from this capture
 *
 * A capture made on a node tells what came to it instead (arrive.c).
 */
#include "capture/internal.h"

#include "base/mem.h"
#include "wire/peer.h"

#include <errno.h>
#include <string.h>

#define SLOTS 4096u /* a power of two */
#define TRIES 16u

struct asked {
	bool used, told;
	bool unread; /* the recorder cut off what would tell whose it is */
	bool met;    /* pl-listen said its number again */
	struct diag_addr client, server;
	uint16_t client_port, server_port;
	int64_t at_us, again_us;
	unsigned sends;
	char nonce[DIAG_PEER_NONCE_TEXT];
};

struct cap_datagrams {
	struct asked slots[SLOTS];
};

bool cap_datagrams_init(struct diag_capture *c)
{
	c->datagrams = diag_alloc(sizeof(*c->datagrams));
	return c->datagrams != NULL;
}

void cap_datagrams_free(struct diag_capture *c)
{
	diag_free(c->datagrams);
}

/* --- whose ---------------------------------------------------------------- */

static void see_bare(void *ctx, const char *name)
{
	if (name == NULL)
		*(bool *)ctx = true;
}

static bool is_node(struct diag_capture *c, const struct diag_addr *a)
{
	bool bare = false;

	cap_names_each(c, a, see_bare, &bare);
	return bare;
}

static bool is_looked_at(struct diag_capture *c, const struct cap_packet *p)
{
	if (c->arrivals != NULL) /* what it asks itself shows who listens */
		return cap_is_port(c, p->to_port, true) &&
		       cap_is_node(c, &p->to);
	return cap_is_client(c, &p->from) && is_node(c, &p->to);
}

/* --- what it came to ------------------------------------------------------ */

static void tell_arrival(struct diag_capture *c, const struct asked *a,
			 enum diag_status s, int64_t until_us,
			 const struct diag_icmp_seen *icmp)
{
	struct cap_arrival arrival = {
		.from = a->client,
		.address = a->server,
		.from_port = a->client_port,
		.port = a->server_port,
		.protocol = "udp",
		.nonce = a->nonce[0] != '\0' ? a->nonce : NULL,
		.unread = a->unread,
		.at_us = a->at_us,
		.answered_us = until_us,
	};

	if (s == DIAG_ST_REPLY)
		arrival.answered = "reply";
	else if (icmp != NULL && cap_is_node(c, &icmp->from))
		arrival.answered = "icmp";
	else
		arrival.unread |= icmp != NULL;
	if (a->met || icmp != NULL)
		cap_met(c, &(struct cap_met){ .address = &a->server,
					      .peer = &a->client,
					      .port = a->server_port,
					      .udp = true,
					      .refused = icmp != NULL,
					      .at_us = until_us });
	if (!cap_is_node(c, &a->client))
		cap_arrived(c, &arrival);
}

static void tell(struct diag_capture *c, struct asked *a, enum diag_status s,
		 int64_t until_us, const struct diag_icmp_seen *icmp)
{
	struct diag_fact f = { .kind = DIAG_FACT_UDP, .status = s };

	a->told = true;
	if (c->arrivals != NULL) {
		tell_arrival(c, a, s, until_us, icmp);
		return;
	}
	f.started_ms = cap_ms(c, a->at_us);
	f.took_ms = (double)(until_us - a->at_us) / 1000.0;
	f.udp.address = a->server;
	f.udp.port = a->server_port;
	f.udp.local_address = a->client;
	if (icmp)
		f.udp.icmp = *icmp;
	if (s == DIAG_ST_CLOSED)
		f.sys_errno = ECONNREFUSED;
	if (s == DIAG_ST_CLOSED || s == DIAG_ST_UNREACHABLE)
		f.error = "an ICMP error came back";
	if (s == DIAG_ST_NOT_RUN)
		f.error = "the capture does not show whether an answer came";
	cap_emit(c, &f);
}

static void end(struct diag_capture *c, struct asked *a)
{
	bool heard = cap_who(c, &a->client)->heard;
	bool waited = a->sends > 1 || cap_waited(c, a->at_us);

	if (a->used && !a->told)
		tell(c, a, heard && waited ? DIAG_ST_SILENT : DIAG_ST_NOT_RUN,
		     a->sends > 1 ? a->again_us : c->seen.last_us, NULL);
	a->used = false;
}

void cap_datagrams_end(struct diag_capture *c)
{
	for (unsigned i = 0; i < SLOTS; i++)
		end(c, &c->datagrams->slots[i]);
}

/* --- finding one ---------------------------------------------------------- */

static uint32_t slot_of(const struct cap_packet *p)
{
	uint64_t h =
	    cap_hash(CAP_HASH_START, p->from.bytes, sizeof(p->from.bytes));

	h = cap_hash(h, p->to.bytes, sizeof(p->to.bytes));
	h = cap_hash(h, &p->from_port, sizeof(p->from_port));
	return (uint32_t)cap_hash(h, &p->to_port, sizeof(p->to_port));
}

static bool is_it(const struct asked *a, const struct cap_packet *p)
{
	return a->used && a->client_port == p->from_port &&
	       a->server_port == p->to_port &&
	       diag_addr_eq(&a->client, &p->from) &&
	       diag_addr_eq(&a->server, &p->to);
}

/* The question that this packet is; or the place for it, the oldest of those
 * near, which is told by what was seen until now. */
static struct asked *find(struct diag_capture *c, const struct cap_packet *p,
			  bool make)
{
	uint32_t h = slot_of(p);
	struct asked *place = NULL;

	for (uint32_t i = 0; i < TRIES; i++) {
		struct asked *a = &c->datagrams->slots[(h + i) & (SLOTS - 1)];

		if (is_it(a, p))
			return a;
		if (place == NULL ||
		    (place->used && (!a->used || a->at_us < place->at_us)))
			place = a;
	}
	if (!make)
		return NULL;
	if (place->used)
		c->seen.counts.no_room++;
	end(c, place);
	return place;
}

/* --- packets -------------------------------------------------------------- */

static void ask(struct diag_capture *c, const struct cap_packet *p)
{
	struct asked *a = find(c, p, true);
	char nonce[DIAG_PEER_NONCE_TEXT] = "";
	bool numbered = diag_peer_is_asked((const char *)p->at.at,
					   diag_cursor_left(&p->at), nonce);

	/* Another try of the same port, as behind NAT. */
	if (c->arrivals != NULL && a->used && numbered &&
	    strcmp(a->nonce, nonce) != 0)
		end(c, a);
	if (!a->used)
		*a = (struct asked){ .used = true,
				     .client = p->from,
				     .server = p->to,
				     .client_port = p->from_port,
				     .server_port = p->to_port,
				     .at_us = p->at_us };
	a->again_us = p->at_us;
	if (a->sends++ > 0)
		return;
	if (numbered)
		memcpy(a->nonce, nonce, sizeof(nonce));
	else
		a->unread = p->missing > 0 || p->fragment;
}

/* Any other program answers some datagrams, and not others. */
static bool is_pl_listen(const struct asked *a, const struct cap_packet *p)
{
	char nonce[DIAG_PEER_NONCE_TEXT];

	return a->nonce[0] != '\0' &&
	       diag_peer_read(DIAG_PEER_LISTEN, (const char *)p->at.at,
			      diag_cursor_left(&p->at),
			      nonce) == DIAG_PEER_LINE &&
	       strcmp(nonce, a->nonce) == 0;
}

void cap_datagram(struct diag_capture *c, const struct cap_packet *p)
{
	struct cap_packet back = { .from = p->to,
				   .to = p->from,
				   .from_port = p->to_port,
				   .to_port = p->from_port };
	struct asked *a = is_looked_at(c, &back) ? find(c, &back, false) : NULL;

	if (a != NULL)
		a->met |= is_pl_listen(a, p);
	if (a != NULL && !a->told)
		tell(c, a, DIAG_ST_REPLY, p->at_us, NULL);
	else if (a == NULL && is_looked_at(c, p))
		ask(c, p);
}

static bool is_closed(const struct cap_packet *inner,
		      const struct diag_icmp_seen *icmp)
{
	bool port = inner->to.family == DIAG_IPV6
			? icmp->type == 1 && icmp->code == 4
			: icmp->type == 3 && icmp->code == 3;

	return port && diag_addr_eq(&icmp->from, &inner->to);
}

void cap_datagram_icmp(struct diag_capture *c, const struct cap_packet *inner,
		       const struct diag_icmp_seen *icmp)
{
	struct asked *a = is_looked_at(c, inner) ? find(c, inner, false) : NULL;

	if (a == NULL || a->told)
		return;
	c->seen.counts.icmp_errors++;
	tell(c, a,
	     is_closed(inner, icmp) ? DIAG_ST_CLOSED : DIAG_ST_UNREACHABLE,
	     inner->at_us, icmp);
}
