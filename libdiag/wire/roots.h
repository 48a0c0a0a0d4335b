/* SPDX-License-Identifier: MIT */
/* roots.h - the roots of a run, and a chain judged against them (RFC 5280, 6).
 *
 * Used by whoever meets a certificate: a live handshake and a recorded one are
 * judged by the same code.  A fault never ends anything; all are collected.
 */
#ifndef DIAG_WIRE_ROOTS_H
#define DIAG_WIRE_ROOTS_H

#include <openssl/x509_vfy.h>

#include "base/arena.h"
#include "fact/fact.h"

#define DIAG_SERVICE_ROOTS_MAX 256u

struct diag_roots {
	X509_STORE *store;
	char (*service)[65]; /* SHA-256 of the --ca-file certificates */
	size_t n_service;
	/* SHA-256 of roots the machine's owner added; borrowed */
	const char *const *local;
	size_t n_local;
};

/* Ended by diag_roots_clear() in every case.  ca_file: roots that count as
 * the service's own, or NULL.  Errors: DIAG_EIO, DIAG_EPARSE, DIAG_ELIMIT
 * about ca_file; DIAG_ENOMEM. */
DIAG_MUST_USE
bool diag_roots_init(struct diag_roots *r, const char *ca_file,
		     struct diag_err *err);
void diag_roots_clear(struct diag_roots *r);
/* Add the distribution's list.  One that cannot be read is no error: chains
 * then end at no root, and that is what the facts will say. */
void diag_roots_load(struct diag_roots *r, const char *path);

/* What the check of one chain found. */
struct diag_chain_seen {
	bool untrusted, expired, not_yet_valid;
	enum diag_root root;
	const char *text; /* OpenSSL's words for the first fault; static */
};
/* Judge the chain that ctx is about, as of this time. */
void diag_roots_judge(const struct diag_roots *r, X509_STORE_CTX *ctx,
		      int64_t now_s, struct diag_chain_seen *out);

/* Root and faults of a fact: those of the chain, and whether its leaf is for
 * name (a name or an address).  Copies into the arena. */
DIAG_MUST_USE
bool diag_roots_fill(const struct diag_chain_seen *seen, X509 *leaf,
		     const char *name, struct diag_arena *arena,
		     struct diag_tls_fact *f);

#endif
