/* SPDX-License-Identifier: MIT */
/* peer_wire.h - what pl-probe and pl-listen say to each other.
 *
 *	pldiag-probe/1 NONCE\n		the one that connects
 *	pldiag-listen/1 NONCE\n		the one that accepts, the same NONCE
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
/* Read the first line of what came. */
enum peer_parse peer_read(enum peer_word word, const char *bytes, size_t len,
			  char nonce[PEER_NONCE_TEXT]);

#endif
