/* SPDX-License-Identifier: MIT */
/* dns_peer.h - a name server of a test, in a process of its own on a loopback
 * port, with one manner: above all those that no real server offers. */
#ifndef TESTS_PROBES_DNS_PEER_H
#define TESTS_PROBES_DNS_PEER_H

#include <sys/types.h>

#include "net/addr.h"

enum dns_manner {
	PEER_ANSWER, /* alias www.privatelink.example, A 10.150.0.4 */
	PEER_NODATA, /* with SOA */
	PEER_NXDOMAIN,
	PEER_SERVFAIL,
	PEER_REFUSED,
	PEER_NOTIMP,
	PEER_TRUNCATED,	 /* TC over UDP, the answer over TCP */
	PEER_GARBAGE,	 /* bytes that are no message */
	PEER_WRONG_ID,	 /* an answer with another id */
	PEER_WRONG_NAME, /* an answer to another question */
	PEER_SILENT,
	PEER_SECOND,   /* only the second copy of a question is answered */
	PEER_ONLY_UDP, /* a closed TCP port */
	PEER_HANGS_UP, /* TCP is closed without an answer */
	PEER_BY_NAME,  /* a.example 10.0.0.1; a.search.test 10.0.0.2; bad.*
			  SERVFAIL; others NXDOMAIN */
};

struct dns_peer {
	struct diag_endpoint at;
	char view[DIAG_ENDPOINT_TEXT];
	pid_t pid;
};

void dns_peer_start(struct dns_peer *peer, enum dns_manner manner);
void dns_peer_stop(struct dns_peer *peer);
/* A port of 127.0.0.1 where nobody listens (it was ours a moment ago). */
struct diag_endpoint dns_peer_closed_port(void);

#endif
