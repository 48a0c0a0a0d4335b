/* SPDX-License-Identifier: MIT */
/* url.h - what people copy: an address bar, a network tab, a bare name.
 *
 * Private to this room.
 */
#ifndef DIAG_INVENTORY_URL_H
#define DIAG_INVENTORY_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "net/fqdn.h"

#define DIAG_URL_MAX 16384 /* bytes; browsers copy no more */

struct diag_url {
	char host[DIAG_FQDN_MAX]; /* normal form; "" for a resource id */
	uint16_t port;		  /* 0: not said */
	bool http;		  /* the scheme was http: port 80 */
	struct diag_slice rest;	  /* path, query and fragment, as they are */
};

/* Take a URL, a host with or without a port, or an Azure resource id apart.
 * User names and passwords are skipped and never kept.  false: *why says in
 * one clause what is wrong.  out->rest borrows from text. */
DIAG_MUST_USE
bool diag_url_parse(const char *text, struct diag_url *out, const char **why);

/* The name of the machine-learning workspace that a path, query or resource
 * id speaks of ("?wsid=/subscriptions/…/workspaces/W"); percent-encoding is
 * undone. */
bool diag_url_workspace(const struct diag_url *url, char out[64]);

/* The text as it may be shown again: no user part, no query, not too long. */
const char *diag_url_shown(const char *text, char *out, size_t size);

#endif
