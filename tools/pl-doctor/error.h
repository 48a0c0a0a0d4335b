/* SPDX-License-Identifier: MIT */
/* error.h - what an error text that a user pasted tells us.
 *
 * Pure.  Texts come from browsers, Node, Python, curl and the Azure CLI, cut
 * and reformatted by chats and tickets.  What is taken: a host, a port, an
 * address, and the first word that says what went wrong.
 */
#ifndef DIAG_TOOLS_DOCTOR_ERROR_H
#define DIAG_TOOLS_DOCTOR_ERROR_H

#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"
#include "net/fqdn.h"

#define DOCTOR_ERROR_BYTES ((size_t)1 << 20)

enum error_kind {
	ERROR_UNKNOWN,	   /* no word we know */
	ERROR_VAGUE,	   /* "no answer came", whatever the reason */
	ERROR_NAME,	   /* the name was not resolved */
	ERROR_REFUSED,	   /* the port answered with a reset */
	ERROR_SILENT,	   /* nothing came back in time */
	ERROR_CUT,	   /* an open connection ended */
	ERROR_UNREACHABLE, /* no way there */
	ERROR_TLS,	   /* the certificate, or the handshake */
	ERROR_PROXY,	   /* the proxy said no */
	ERROR_DENIED,	   /* the service refuses the public way in */
	ERROR_NOT_NETWORK, /* signing in, permissions: not ours to judge */
};

struct doctor_error {
	enum error_kind kind;
	const char *word;	  /* of our table, as it stands in the text */
	const char *meaning;	  /* one sentence */
	char host[DIAG_FQDN_MAX]; /* "" none */
	struct diag_addr addr;	  /* DIAG_NOFAM none */
	uint16_t port;		  /* 0 none */
};

/* Never fails: a text that says nothing gives ERROR_UNKNOWN and no host.  Needs
 * the catalogue (diag_cat_load()). */
void doctor_error_read(const char *text, size_t len, struct doctor_error *out);

#endif
