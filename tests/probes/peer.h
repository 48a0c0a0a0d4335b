/* SPDX-License-Identifier: MIT */
/* peer.h - the other end of a connection, on loopback, in one thread.
 *
 * Real servers are met in the lab.  Here stand only behaviours that no server
 * offers on request, and TLS with a certificate made for the one test.
 */
#ifndef TESTS_PROBES_PEER_H
#define TESTS_PROBES_PEER_H

#include <stdint.h>

enum peer_does {
	PEER_TLS_ANSWERS,    /* handshake, then `answer` to the request */
	PEER_TLS_SILENT,     /* handshake, then nothing */
	PEER_TLS_CLOSES,     /* handshake, then FIN after the request */
	PEER_TLS_WANTS_CERT, /* asks for a client certificate, insists */
	PEER_SILENT,	     /* accepts and says nothing */
	PEER_FIN_AT_HELLO,   /* reads the ClientHello, closes */
	PEER_RST_AT_HELLO,   /* reads the ClientHello, resets */
	PEER_RST_AT_ACCEPT,
	PEER_FIN_AT_ACCEPT,
	PEER_SAYS, /* reads once, sends `answer` in clear */
};

struct peer_options {
	enum peer_does does;
	const char *answer;
	const char *san;	 /* "DNS:a.example,IP:127.0.0.1" */
	const char *ca_file;	 /* where to write the signing CA, or NULL */
	long from_days, to_days; /* validity around now; 0, 0: -1 … +30 */
};

struct peer;
/* Serves until peer_stop(); aborts the test on any trouble of its own. */
struct peer *peer_start(const struct peer_options *o);
uint16_t peer_port(const struct peer *p);
void peer_stop(struct peer *p);

#endif
