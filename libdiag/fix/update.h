/* SPDX-License-Identifier: MIT */
/* update.h - RFC 2136 messages, made and read; no socket.
 *
 * Pure; id and time come from the caller.  Wire form by ldns, MAC by OpenSSL
 * (RFC 8945), since ldns 1.8 cannot sign hmac-sha384.
 */
#ifndef DIAG_FIX_UPDATE_H
#define DIAG_FIX_UPDATE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "net/addr.h"
#include "net/fqdn.h"

#define DIAG_UPDATE_MAX	     ((size_t)65535)	/* bytes TCP can carry */
#define DIAG_TSIG_FUDGE_S    300		/* RFC 8945, 10 */
#define DIAG_TSIG_KEY_BYTES  ((size_t)64 << 10) /* largest key file */
#define DIAG_TSIG_SECRET_MAX 256
#define DIAG_TSIG_MAC_MAX    64

enum diag_tsig_alg { DIAG_HMAC_SHA256, DIAG_HMAC_SHA384, DIAG_HMAC_SHA512 };

struct diag_tsig_key {
	char name[DIAG_FQDN_MAX]; /* normalised */
	enum diag_tsig_alg alg;
	unsigned char secret[DIAG_TSIG_SECRET_MAX];
	size_t secret_len;
};

/* BIND's key file: key "NAME" { algorithm A; secret "BASE64"; };  Only from a
 * file, never from argv; one key, and nothing else.  Errors: DIAG_EPARSE with
 * "FILE:LINE:COLUMN: expected ...", which never shows a word of the text.
 * Wipe with diag_tsig_key_clear(). */
DIAG_MUST_USE
bool diag_tsig_key_read(const char *file, const char *text, size_t len,
			struct diag_tsig_key *out, struct diag_err *err);
void diag_tsig_key_clear(struct diag_tsig_key *key);
const char *diag_tsig_alg_key(enum diag_tsig_alg alg); /* "hmac-sha256" */

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
 * *out is needed to check the reply.  For each set the state it has now
 * is a prerequisite: if one does not hold, the server changes nothing.
 * *out is filled here in every case; the caller clears out->bytes.  Errors:
 * DIAG_ELIMIT for more than DIAG_UPDATE_MAX bytes, DIAG_EPARSE for a name that
 * is none, DIAG_ENOMEM. */
struct diag_tsig_mac {
	unsigned char bytes[DIAG_TSIG_MAC_MAX];
	size_t len;
};
struct diag_update_wire {
	struct diag_buf bytes;
	uint16_t id;
	const struct diag_tsig_key *key; /* borrowed; NULL: not signed */
	struct diag_tsig_mac mac;
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

/* What the reply to a message says.  Its TSIG is checked when the message was
 * signed; a reply without one is DIAG_EPARSE then, unless its rcode says why.
 * DIAG_EPARSE also for bytes that are no reply to it: what the server did is
 * not known. */
struct diag_update_reply {
	unsigned rcode, tsig_error;
	const char *words; /* one sentence; static */
	int64_t server_s;  /* the server's clock when ours is the fault, or 0 */
};
DIAG_MUST_USE
bool diag_update_read(const unsigned char *wire, size_t len,
		      const struct diag_update_wire *sent, int64_t now_s,
		      struct diag_update_reply *out, struct diag_err *err);

#endif
