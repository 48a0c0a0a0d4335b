/* SPDX-License-Identifier: MIT */
/* update_tsig.h - signatures of messages (RFC 8945); private to this room. */
#ifndef DIAG_FIX_UPDATE_TSIG_H
#define DIAG_FIX_UPDATE_TSIG_H

#include "fix/update.h"

#define TSIG_OP	  "tsig"
#define TSIG_TYPE 250u

/* RFC 8945, 3 */
#define TSIG_BADSIG  16u
#define TSIG_BADKEY  17u
#define TSIG_BADTIME 18u

/* What a TSIG record says beside key and algorithm. */
struct tsig {
	uint64_t time_s; /* 48 bits */
	uint16_t fudge_s, id, error;
	const unsigned char *mac, *other;
	size_t mac_len, other_len;
};

/* The MAC over a message without its TSIG record; request is NULL for a
 * request, else its MAC comes first (RFC 8945, 4.3). */
DIAG_MUST_USE
bool tsig_mac(const struct diag_tsig_key *key,
	      const struct diag_tsig_mac *request, const struct diag_buf *msg,
	      const struct tsig *t, struct diag_tsig_mac *out,
	      struct diag_err *err);
/* Sign what is in wire->bytes with wire->key, and note the MAC. */
DIAG_MUST_USE
bool tsig_sign(struct diag_update_wire *wire, int64_t now_s,
	       struct diag_err *err);
/* Name and algorithm are these; both are wire form, any case. */
bool tsig_key_is(const struct diag_tsig_key *key, const unsigned char *name,
		 size_t name_len, const unsigned char *alg, size_t alg_len);

#endif
