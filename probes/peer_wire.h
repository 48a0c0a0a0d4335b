/* SPDX-License-Identifier: MIT */
/* peer_wire.h - what pl-probe and pl-listen say to each other.
 *
 *	pldiag-probe/1 NONCE\n		the one that connects
 *	pldiag-listen/1 NONCE\n		the one that accepts, the same NONCE
 *
 * Over UDP the same, a datagram each.  Behind the question's line there is
 * padding, so that an answer is never longer than what it answers: whoever
 * writes a stranger's address on his datagrams gains nothing by it.
 *
 * NONCE is 32 hexadecimal digits, made anew for each connection.  An answer
 * with it proves that these bytes reached pl-listen and came back; whoever
 * accepts for somebody else cannot know it, and whoever sends back what he
 * gets begins with the wrong word.  It proves no identity and no secret.
 */
#ifndef PROBES_PEER_WIRE_H
#define PROBES_PEER_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#define PEER_NONCE_TEXT 33 /* bytes with the NUL */
#define PEER_LINE_MAX	64 /* bytes of a line with its LF */
#define PEER_ANSWER_LEN                                       \
	49 /* bytes of an answer, and the least of a question \
	      over UDP */

enum peer_word { PEER_PROBE, PEER_LISTEN };

enum peer_parse {
	PEER_MORE,  /* no whole line yet */
	PEER_LINE,  /* the nonce is out */
	PEER_OTHER, /* these bytes are not ours */
};

/* A new nonce.  false: the system gives no random bytes. */
bool peer_nonce(char out[PEER_NONCE_TEXT]);
/* The line with its LF; returns its length. */
size_t peer_put(enum peer_word word, const char *nonce,
		char out[PEER_LINE_MAX]);
/* The line of PEER_PROBE and its padding; returns PEER_ANSWER_LEN. */
size_t peer_put_datagram(const char *nonce, char out[PEER_LINE_MAX]);
/* Does this datagram, of which len bytes are here, ask for an answer? */
bool peer_is_asked(const char *bytes, size_t len, char nonce[PEER_NONCE_TEXT]);
/* Is it the beginning of a TLS ClientHello (RFC 8446, 5.1 and 4)?  PEER_LINE:
 * it is, and ends after *whole bytes. */
enum peer_parse peer_hello(const char *bytes, size_t len, size_t *whole);
/* What pl-listen, which speaks no TLS, says to one: so the client knows that
 * its hello arrived.  Returns its length. */
size_t peer_put_alert(char out[PEER_LINE_MAX]);
/* Read the first line of what came. */
enum peer_parse peer_read(enum peer_word word, const char *bytes, size_t len,
			  char nonce[PEER_NONCE_TEXT]);

#endif
