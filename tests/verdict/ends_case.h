/* SPDX-License-Identifier: MIT */
/* ends_case.h - the cases of two ends: a client that tried one port, and a node
 * that watched it. */
#ifndef TESTS_VERDICT_ENDS_CASE_H
#define TESTS_VERDICT_ENDS_CASE_H

#include <stdbool.h>

#define NODE   "10.150.0.20"
#define NONCE  "0123456789abcdef0123456789abcdef"
#define NONCE2 "ffffffffffffffffffffffffffffffff"
#define CLIENT "10.20.0.50"
#define NAT    "198.51.100.9"

struct ends {
	const char *tcp;       /* members of the client's fact after port */
	const char *udp;       /* the same of a datagram, instead */
	const char *more;      /* whole lines of the client */
	const char *inventory; /* members of the client's, or NULL */
	const char *node_at;   /* the node's address */
	double tried_ms;       /* when, after the client began */
	double node_later_ms;  /* the node began so much later */
	double watched_ms;
	const char *capture; /* members of what was watched; NULL: no capture */
	const char *socket;  /* the same; NULL: it was not bound */
	const char *arrivals; /* whole lines */
	bool node_first;
};

/* The client met silence and nothing came to the node, which watched. */
extern const struct ends ends_usual;

/* Of the codes that two ends can give, exactly these come of it (blank
 * separated), the first is the first cause, and the status of the whole. */
void ends_expect(struct ends e, const char *codes);
/* Some proof of it says so; none does. */
void ends_proof(struct ends e, const char *says);
void ends_no_proof(struct ends e, const char *says);
/* The first cause has one repair, and its words say so or not. */
bool ends_repair(struct ends e, const char *says);

#define UDP ",\"protocol\":\"udp\""
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
#define CAME_1 ",\"came\":1"
#define CAME_2 ",\"came\":2"

#endif
