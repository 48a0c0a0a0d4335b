/* SPDX-License-Identifier: MIT */
/* collector.h - what a collector has to ask, as data for its script.
 *
 * The plan (plan/doctor.c) says what is asked on a machine that has pldiag.  A
 * script asks the same questions with the commands that its machine has.
 */
#ifndef DIAG_TOOLS_COLLECTOR_H
#define DIAG_TOOLS_COLLECTOR_H

#include "inventory/inventory.h"
#include "tools/tool.h"

#define COLLECTOR_PORTS_MAX 16 /* of one target, as in the plan */

struct collector {
	const struct diag_inventory *inv; /* expanded */
	enum diag_role role;
	enum diag_era era;
	bool no_public;
	unsigned timeout_ms; /* of one connection */
	const char *const *zones;
	size_t n_zones;
	const char *const *resolvers; /* ADDR:PORT, beside the configured */
	size_t n_resolvers;
	const char *roots; /* PEM that counts as the service's own, or "" */
};

/* Ports of the target itself that a client opens: TCP, each once. */
size_t collector_ports(const struct diag_target *t,
		       uint16_t out[COLLECTOR_PORTS_MAX]);
/* The question put over HTTPS, or NULL: the target speaks no TLS on 443. */
const struct diag_http_question *
collector_question(const struct diag_inventory *inv,
		   const struct diag_target *t, bool *tls);
/* "x-ms-error-code: AuthorizationFailure": what a fact calls a marker. */
void collector_marker(struct diag_buf *out, const struct diag_http_marker *m);

/* The inventory as one line of ASCII. */
void collector_inventory(struct diag_buf *out,
			 const struct diag_inventory *inv);
/* For sh: lines of fields with a tab between them.
 *	target FQDN SERVICE ADDRESSES PORTS TLS METHOD PATH WANTS
 *	marker SERVICE service|denial HEADER VALUE CODE WORDS
 *	zone NAME / resolver ADDR:PORT
 * A field that is empty is "-"; lists have commas. */
void collector_rows(struct diag_buf *out, const struct collector *c);
/* The same for PowerShell: one line of JSON, ASCII only. */
void collector_json(struct diag_buf *out, const struct collector *c);

#endif
