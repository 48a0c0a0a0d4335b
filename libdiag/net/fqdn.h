/* SPDX-License-Identifier: MIT */
/* fqdn.h - names, normalised once at the door: lower case, no trailing dot
 * (RFC 1035, 2.3.1 and RFC 1123, 2.1; '_' is let through, '*' only as a whole
 * first label). */
#ifndef DIAG_NET_FQDN_H
#define DIAG_NET_FQDN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define DIAG_FQDN_MAX 254 /* bytes with NUL */

/* false: not a host name; *why (may be NULL) is a literal that says so. */
bool diag_fqdn_normal(const char *text, size_t len, char out[DIAG_FQDN_MAX],
		      const char **why);
/* name is zone or ends with ".zone"; both normalised. */
bool diag_fqdn_under(const char *name, const char *zone);
/* Any label of name is exactly "privatelink". */
bool diag_fqdn_is_privatelink(const char *name);
/* The private zone of a privatelink name, pointing into it:
 * "G.workspace.eastus.privatelink.api.azureml.ms" → "privatelink.api…".
 * NULL when there is none. */
const char *diag_fqdn_privatelink_zone(const char *name);
/* RFC 6125 / 9525 match of a certificate name (one left-most wildcard). */
bool diag_fqdn_matches(const char *pattern, const char *name);

#endif
