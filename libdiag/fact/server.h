/* SPDX-License-Identifier: MIT */
/* server.h - which name server software answers, as it says itself.
 *
 * A server may answer the question "version.bind CH TXT" with its own name
 * (RFC 4892, 2); BIND gives its version alone.  Many say nothing, or something
 * else: then nobody knows, and nothing is guessed.
 */
#ifndef DIAG_FACT_SERVER_H
#define DIAG_FACT_SERVER_H

#include "fact/fact.h"

#define DIAG_SERVER_QUESTION "version.bind" /* TXT; class CH */

/* A fact of that question (any transport, any status). */
bool diag_fact_is_server(const struct diag_fact *f);
/* What the server says of itself, made harmless; NULL: nothing. */
const char *diag_fact_server_text(const struct diag_fact *f);
/* The word for pl-zone --for: "bind", "unbound" ...; NULL: it cannot be
 * told. */
const char *diag_server_key(const char *text);

#endif
