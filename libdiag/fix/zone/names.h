/* SPDX-License-Identifier: MIT */
/* names.h - what an inventory asks of a name server: names with addresses, and
 * the public parents to forward.
 *
 * Pure; what every dialect, editor and check starts from.
 */
#ifndef DIAG_FIX_ZONE_NAMES_H
#define DIAG_FIX_ZONE_NAMES_H

#include "base/arena.h"
#include "inventory/inventory.h"

#define DIAG_ZONE_TTL	  60 /* seconds, unless said otherwise */
#define DIAG_ZONE_TTL_MIN 10
#define DIAG_ZONE_TTL_MAX 600 /* azure.md 7.2: KV20 */

/* One name that must have a private address. */
struct diag_zone_name {
	const char *fqdn;   /* what clients ask */
	const char *zone;   /* its privatelink zone, or NULL (instances) */
	const char *record; /* its name below that zone, or NULL */
	const char *parent; /* the public parent that would be forwarded */
	const struct diag_addr *addresses;
	size_t n_addresses;
};

struct diag_zone_names {
	const struct diag_zone_name *items; /* by fqdn */
	size_t n;
	/* Names left out because no address is known; never guessed. */
	const char *const *unknown;
	size_t n_unknown;
	const char *const *parents; /* azure.md 7.1, no doubles, sorted */
	size_t n_parents;
	/* Public names that live below each parent and would be hidden by a
	 * zone for the whole of it. */
	const char *const *hidden;
	size_t n_hidden;
};

/* From an expanded inventory, which it borrows for as long as *out lives. */
DIAG_MUST_USE
bool diag_zone_names_of(const struct diag_inventory *inv,
			struct diag_arena *arena, struct diag_zone_names *out,
			struct diag_err *err);

#endif
