/* SPDX-License-Identifier: MIT */
/* trust.h - one trust store and one TLS client context for a whole run.
 *
 * Loading the distribution's roots costs 22 ms, so it happens once, in the
 * run's shared slot, whichever probe asks first.
 *
 * The handshake is never stopped by a bad certificate: the verify callback
 * collects every fault and lets it go on, because a diagnosis wants to know
 * whose certificate it was and what the service behind it said.
 */
#ifndef PROBES_TRUST_H
#define PROBES_TRUST_H

#include <openssl/ssl.h>

#include "base/arena.h"
#include "fact/fact.h"
#include "run/probe.h"
#include "wire/roots.h"

struct trust;

/* The run's own; made at the first call.  Borrowed from the run. */
DIAG_MUST_USE
bool trust_of_run(struct diag_run *run, struct trust **out,
		  struct diag_err *err);

/* What the chain check of one handshake found.  Lives in the caller's state
 * and is tied to an SSL by trust_watch(). */
struct trust_seen {
	struct trust *trust;
	struct diag_chain_seen chain;
	int alert; /* received, -1 none */
	bool server_hello, cert_request;
	bool large;
};

SSL_CTX *trust_ssl_ctx(struct trust *t);
/* Install the verify callback on a context made by somebody else (libcurl). */
void trust_adopt(struct trust *t, SSL_CTX *ctx);
/* Tie *seen to ssl: chain faults, alerts and handshake messages go there. */
DIAG_MUST_USE bool trust_watch(struct trust *t, SSL *ssl,
			       struct trust_seen *seen);

/* Before the handshake: let its hello be larger than one packet, as those of
 * browsers are since they bring keys that no quantum computer breaks. */
void trust_enlarge(struct trust_seen *seen);

/* Fill version, cipher, alpn, chain, faults, root and alert of *f from a
 * handshake that got as far as it did; name is what the certificate must
 * match (a name or an address).  Copies into arena. */
DIAG_MUST_USE
bool trust_fill(const SSL *ssl, const struct trust_seen *seen, const char *name,
		struct diag_arena *arena, struct diag_tls_fact *f,
		struct diag_err *err);

#endif
