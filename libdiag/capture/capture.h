/* SPDX-License-Identifier: MIT */
/* capture.h - packets that somebody recorded, turned into facts.
 *
 * Packets go in one by one; facts come out as soon as they are known, and what
 * is still open is told by diag_capture_end().  Memory does not depend on the
 * number of packets: every table has a ceiling, the oldest entry makes room.
 *
 * A fact here means what it means live: view is the server that answered,
 * status the outcome that the client met.  What a capture cannot show is never
 * guessed.  Where it saw a part of an exchange (it began too late, it has only
 * one direction, it cut the packets, it ended too soon) the fact says not-run
 * and why, and a count tells how often.  Silence is only claimed where packets
 * to that client were seen at all, and either the client itself asked again or
 * the capture went on for DIAG_CAPTURE_PATIENCE_MS.
 *
 * An outcome that is the same as the one before, for the same question to the
 * same peer, is told once.
 */
#ifndef DIAG_CAPTURE_CAPTURE_H
#define DIAG_CAPTURE_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

#include "fact/fact.h"
#include "net/addr.h"
#include "net/fqdn.h"
#include "wire/roots.h"

/* As long as a live question to a name server waits. */
#define DIAG_CAPTURE_PATIENCE_MS 3000
#define DIAG_CAPTURE_FACTS_MAX	 32768u
#define DIAG_CAPTURE_PEERS_MAX	 64u /* clients, name servers, proxies told */

/* An address that belongs to a name; NULL: to nobody but itself. */
struct diag_capture_pin {
	struct diag_addr addr;
	const char *name;
};

/* A port of which no packet was left out when the packets were recorded. */
struct diag_capture_port {
	uint16_t port;
	bool udp;
};

struct diag_capture_options {
	struct diag_sink sink;
	/* Does this name (normalised) matter?  Others leave no fact. */
	bool (*wanted)(void *ctx, const char *name);
	/* Roots to judge chains with; asked for when the first chain is met.
	 * NULL, or gives NULL: chains are not judged. */
	const struct diag_roots *(*roots)(void *ctx);
	void *ctx; /* of both */
	/* Only what these machines ask; n 0: everybody. */
	const struct diag_addr *clients;
	size_t n_clients;
	const struct diag_capture_pin *pins;
	size_t n_pins;
	/* The packets were recorded on the machine that has these addresses:
	 * what arrived there at these ports, and what went back, is told as
	 * facts "arrival".  n_nodes 0: not so. */
	const struct diag_addr *nodes;
	size_t n_nodes;
	const struct diag_capture_port *ports; /* none that is there twice */
	size_t n_ports;
};

/* What was met, and what could not be seen. */
struct diag_capture_counts {
	uint64_t packets, bytes; /* bytes as they were on the wire */
	uint64_t not_ip;	 /* no IP inside: ARP, LLDP ... */
	uint64_t malformed;	 /* headers that make no sense */
	uint64_t cut;		 /* shorter than on the wire: snap length */
	uint64_t fragments;	 /* not put together */
	uint64_t dns_queries;	 /* each sending counts */
	uint64_t dns_replies;	 /* to a question of ours */
	uint64_t dns_lone;	 /* replies whose question was not seen */
	uint64_t dns_unanswered; /* told as timeout */
	uint64_t dns_other;	 /* types we keep no fact of */
	uint64_t dns_unwanted;	 /* questions, for names that do not matter */
	uint64_t tcp_syns;	 /* connections that began */
	uint64_t tcp_open;	 /* ... and were answered */
	uint64_t tcp_again;	 /* SYNs sent again */
	uint64_t tcp_refused;	 /* reset at once */
	uint64_t tcp_silent;	 /* told as timeout */
	uint64_t tcp_late;	 /* begun before the capture did */
	uint64_t tcp_one_way;	 /* only one direction was seen */
	uint64_t tcp_unfinished; /* the capture ended too soon to tell */
	uint64_t tcp_lost;	 /* bytes missing that the peer had */
	uint64_t tls_hellos;	 /* ClientHellos */
	uint64_t tls_servers;	 /* ServerHellos */
	uint64_t connects;	 /* CONNECT requests to a proxy */
	uint64_t icmp_errors;	 /* about a flow of ours */
	uint64_t encrypted_dns;	 /* connections to port 853 */
	uint64_t no_room;	 /* flows and questions that made room */
	uint64_t lost;		 /* packets that the recorder says it lost */
	uint64_t torn; /* a node's connections with packets that are not here */
	uint64_t facts, facts_same, facts_left_out;
};

struct diag_capture_client {
	struct diag_addr addr;
	bool heard; /* some packet to it was seen */
};

/* An end that did not open, at a port that proxies have: whether it is one is
 * not to be seen, because nobody came to say CONNECT. */
struct diag_capture_dead {
	struct diag_endpoint at;
	uint64_t n;
};

/* Borrowed from the capture, good until the next packet. */
struct diag_capture_seen {
	struct diag_capture_counts counts;
	int64_t first_us, last_us; /* since the epoch; of packets */
	struct diag_endpoint servers[DIAG_CAPTURE_PEERS_MAX];
	size_t n_servers; /* name servers, in order of the first question */
	struct diag_endpoint proxies[DIAG_CAPTURE_PEERS_MAX];
	size_t n_proxies; /* that met a CONNECT */
	struct diag_capture_dead dead[DIAG_CAPTURE_PEERS_MAX];
	size_t n_dead;
	struct diag_capture_client clients[DIAG_CAPTURE_PEERS_MAX];
	size_t n_clients;  /* that asked for something wanted */
	bool *nodes_heard; /* by each node's place: some packet came to it */
	bool elsewhere;	   /* the nodes' packets were recorded on the way */
};

struct diag_capture_packet {
	int64_t at_us; /* since the epoch */
	const uint8_t *bytes;
	size_t len;	 /* bytes there are */
	size_t wire_len; /* bytes there were */
};

struct diag_capture;

/* Borrows what o points to until the capture is freed.  Gives *out. */
DIAG_MUST_USE
bool diag_capture_new(const struct diag_capture_options *o,
		      struct diag_capture **out, struct diag_err *err);
void diag_capture_free(struct diag_capture *c);

/* The packets that follow have this link type (a DLT_ number of libpcap).
 * false, DIAG_EPARSE: it is none that we read; name is for the message. */
DIAG_MUST_USE
bool diag_capture_link(struct diag_capture *c, int dlt, const char *name,
		       struct diag_err *err);
/* false: the sink refused, or no memory.  Strange bytes are no error. */
DIAG_MUST_USE
bool diag_capture_feed(struct diag_capture *c,
		       const struct diag_capture_packet *packet,
		       struct diag_err *err);
/* Packets that follow are another recording's: what passed between is not
 * known, unless both went on at that time. */
void diag_capture_pause(struct diag_capture *c);
/* The recorder says that it lost so many packets. */
void diag_capture_lost(struct diag_capture *c, uint64_t n);
/* No more packets follow, or none for a while: tell what is open. */
DIAG_MUST_USE
bool diag_capture_end(struct diag_capture *c, struct diag_err *err);
const struct diag_capture_seen *diag_capture_seen(const struct diag_capture *c);

#endif
