/* SPDX-License-Identifier: MIT */
/* update.h - RFC 2136 messages, made and read; no socket.
 *
 * Pure but for the caller's clock.  Wire form by ldns, MAC by OpenSSL (RFC
 * 8945), since ldns 1.8 cannot sign hmac-sha384.
 */
#ifndef DIAG_FIX_UPDATE_H
#define DIAG_FIX_UPDATE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "net/addr.h"

enum diag_tsig_alg { DIAG_HMAC_SHA256, DIAG_HMAC_SHA384, DIAG_HMAC_SHA512 };

struct diag_tsig_key {
	char name[256]; /* normalised */
	enum diag_tsig_alg alg;
	unsigned char secret[256];
	size_t secret_len;
};

/* BIND's key file: key "NAME" { algorithm A; secret "BASE64"; };  Only from a
 * file, never from argv.  Wipe with diag_tsig_key_clear(). */
DIAG_MUST_USE
bool diag_tsig_key_read(const char *file, const char *text, size_t len,
			struct diag_tsig_key *out, struct diag_err *err);
void diag_tsig_key_clear(struct diag_tsig_key *key);

/* What a name has and what it shall have; addresses of one family. */
struct diag_update_set {
	const char *owner; /* full name, normalised */
	enum diag_family family;
	const struct diag_addr *was; /* n 0: must not exist (prerequisite) */
	size_t n_was;
	const struct diag_addr *will; /* n 0: delete */
	size_t n_will;
	unsigned ttl_s, was_ttl_s;
};

struct diag_update {
	const char *zone;
	const struct diag_update_set *sets;
	size_t n;
};

/* The message, signed when key is not NULL; id and time are the caller's.
 * mac (out) is needed to check the reply. */
struct diag_update_wire {
	struct diag_buf bytes;
	unsigned char mac[64];
	size_t mac_len;
};
DIAG_MUST_USE
bool diag_update_make(const struct diag_update *u,
		      const struct diag_tsig_key *key, uint16_t id,
		      int64_t now_s, struct diag_update_wire *out,
		      struct diag_err *err);
/* The same in nsupdate's language. */
void diag_update_print(const struct diag_update *u, const char *server,
		       uint16_t port, struct diag_buf *out);
/* The inverse: the new state as prerequisite, the old as result. */
DIAG_MUST_USE
bool diag_update_inverse(const struct diag_update *u, struct diag_arena *arena,
			 struct diag_update *out, struct diag_err *err);

/* What a reply says.  Its TSIG is checked when key is given; a reply without
 * one to a signed message is DIAG_EPARSE, unless its rcode says why. */
struct diag_update_reply {
	unsigned rcode, tsig_error;
	const char *words; /* one sentence; static */
};
DIAG_MUST_USE
bool diag_update_read(const unsigned char *wire, size_t len, uint16_t id,
		      const struct diag_tsig_key *key,
		      const struct diag_update_wire *sent, int64_t now_s,
		      struct diag_update_reply *out, struct diag_err *err);

#endif
