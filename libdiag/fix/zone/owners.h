/* SPDX-License-Identifier: MIT */
/* owners.h - our records by owner, for one look per record of a zone.  Private
 * to this room. */
#ifndef DIAG_FIX_ZONE_OWNERS_H
#define DIAG_FIX_ZONE_OWNERS_H

#include "fix/zone/file.h"

enum zone_owner_kind {
	ZONE_OWNER_NONE,  /* nothing of ours */
	ZONE_OWNER_OURS,  /* one of our owners */
	ZONE_OWNER_ABOVE, /* an ancestor of one, below the zone's top */
	ZONE_OWNER_TOP,	  /* the zone's top; may be ours as well */
};

struct zone_owner {
	const char *name;
	enum zone_owner_kind kind;
	bool ours;	/* has records of ours */
	uint32_t first; /* index + 1 of the first of them */
};

struct zone_owners {
	const struct diag_zone_file_job *job;
	struct zone_owner *slots;
	size_t mask, n;
	uint32_t *next; /* of the same owner: index + 1 */
};

/* Errors: DIAG_EUSAGE for an owner outside of the zone or a pair twice. */
DIAG_MUST_USE
bool zone_owners_make(struct diag_arena *arena,
		      const struct diag_zone_file_job *job,
		      struct zone_owners *out, struct diag_err *err);
/* NULL: nothing of ours. */
struct zone_owner *zone_owners_find(const struct zone_owners *o,
				    const char *name);

#endif
