/* SPDX-License-Identifier: MIT */
/* peer.h - what pl-probe and pl-listen say to each other.
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
#ifndef DIAG_WIRE_PEER_H
#define DIAG_WIRE_PEER_H

#include <stdbool.h>
#include <stddef.h>

#define DIAG_PEER_NONCE_TEXT 33 /* bytes with the NUL */
#define DIAG_PEER_LINE_MAX   64 /* bytes of a line with its LF */
#define DIAG_PEER_ANSWER_LEN                                  \
	49 /* bytes of an answer, and the least of a question \
	      over UDP */

enum diag_peer_word { DIAG_PEER_PROBE, DIAG_PEER_LISTEN };

enum diag_peer_parse {
	DIAG_PEER_MORE,	 /* no whole line yet */
	DIAG_PEER_LINE,	 /* the nonce is out */
	DIAG_PEER_OTHER, /* these bytes are not ours */
};

/* A new nonce.  false: the system gives no random bytes. */
bool diag_peer_nonce(char out[DIAG_PEER_NONCE_TEXT]);
/* The line with its LF; returns its length. */
size_t diag_peer_put(enum diag_peer_word word, const char *nonce,
		     char out[DIAG_PEER_LINE_MAX]);
/* The line of DIAG_PEER_PROBE and its padding; returns DIAG_PEER_ANSWER_LEN. */
size_t diag_peer_put_datagram(const char *nonce, char out[DIAG_PEER_LINE_MAX]);
/* Does this datagram, of which len bytes are here, ask for an answer? */
bool diag_peer_is_asked(const char *bytes, size_t len,
			char nonce[DIAG_PEER_NONCE_TEXT]);
/* Is it the beginning of a TLS ClientHello (RFC 8446, 5.1 and 4)?
 * DIAG_PEER_LINE: it is, and ends after *whole bytes. */
enum diag_peer_parse diag_peer_hello(const char *bytes, size_t len,
				     size_t *whole);
/* What pl-listen, which speaks no TLS, says to one: so the client knows that
 * its hello arrived.  Returns its length. */
size_t diag_peer_put_alert(char out[DIAG_PEER_LINE_MAX]);
/* Read the first line of what came. */
enum diag_peer_parse diag_peer_read(enum diag_peer_word word, const char *bytes,
				    size_t len,
				    char nonce[DIAG_PEER_NONCE_TEXT]);

#endif
