/* SPDX-License-Identifier: MIT */
/* config.h - a server's configuration file, changed without touching another
 * byte.
 *
 * Pure.  Unbound, dnsmasq, BIND's named.conf and CoreDNS's hosts file each
 * have an editor (one file, one row): it finds what in the text speaks of our
 * names already (local-data, address=, host-record=, zone "…" …), puts out what
 * contradicts as marked comments, and keeps what we want in one marked block
 * where the language allows it (for Unbound: inside a server: clause).
 */
#ifndef DIAG_FIX_ZONE_CONFIG_H
#define DIAG_FIX_ZONE_CONFIG_H

#include "fix/edits.h"
#include "fix/zone/dialect.h"

struct diag_zone_config_job {
	const char *file;
	const char *block;
	const struct diag_dialect *dialect;
	const struct diag_zone_job *job; /* names n 0: take the block out */
	bool forwarders;		 /* else records of our own */
};

struct diag_zone_config_plan {
	struct diag_edits edits;
	size_t foreign; /* statements of others */
	size_t foreign_changed;
};

DIAG_MUST_USE
bool diag_zone_config_plan(struct diag_arena *arena, const char *text,
			   size_t len, const struct diag_zone_config_job *job,
			   struct diag_zone_config_plan *out,
			   struct diag_err *err);

#endif
