/* SPDX-License-Identifier: MIT */
/* cert.h - an X.509 certificate as a fact (RFC 5280). */
#ifndef DIAG_WIRE_CERT_H
#define DIAG_WIRE_CERT_H

#include <openssl/x509.h>

#include "base/arena.h"
#include "fact/fact.h"

#define CERT_CHAIN_MAX 16u  /* certificates of a chain kept */
#define CERT_SAN_MAX   256u /* names of a certificate kept */

/* Copies what a fact keeps into the arena.  Borrows x.  Strange content is
 * never an error: names that are not text come out escaped. */
DIAG_MUST_USE
bool diag_cert_read(X509 *x, struct diag_arena *arena, struct diag_cert *out,
		    struct diag_err *err);
/* At most CERT_CHAIN_MAX of the chain as sent, leaf first. */
DIAG_MUST_USE
bool diag_cert_chain(STACK_OF(X509) * chain, struct diag_arena *arena,
		     struct diag_tls_fact *f, struct diag_err *err);
/* Hex SHA-256 of the DER form. */
bool diag_cert_sha256(const X509 *x, char out[65]);

#endif
