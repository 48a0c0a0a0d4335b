/* SPDX-License-Identifier: MIT */
/* resolved.h - between the two files that read systemd-resolved's state;
 * private to this room. */
#ifndef DIAG_MACHINE_RESOLVED_H
#define DIAG_MACHINE_RESOLVED_H

#include "machine/internal.h"

/* One file's settings, or several on top of each other. */
struct resolved_settings {
	struct machine_names servers; /* as written */
	struct machine_names domains;
	bool route_only;   /* one domain at least is only for routing */
	int default_route; /* -1: not told */
	bool off;	   /* the link has no carrier */
};

/* Add what the file says; a file that is not there says nothing.
 * false: no memory. */
DIAG_MUST_USE
bool resolved_settings(struct machine_reader *r, const char *path,
		       struct resolved_settings *s);

/* "10.0.0.4", "10.0.0.4:5353", "[fd00::1]:53%eth0#name": the name of a TLS
 * server is of no use here; the zone only for a link-local address, where
 * link (may be NULL) wins over what is written. */
bool resolved_server(const char *text, const char *link,
		     struct diag_endpoint *out);

#endif
