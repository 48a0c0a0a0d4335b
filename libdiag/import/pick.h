/* SPDX-License-Identifier: MIT */
/* pick.h - claims about workspaces; private to claims.c and pick.c. */
#ifndef DIAG_IMPORT_PICK_H
#define DIAG_IMPORT_PICK_H

#include "import/merge.h"

struct picking {
	struct import_merge *m;
	struct import_pick *groups;
	size_t n;
};

extern const struct import_pick import_pick_nothing;

/* What documents, endpoints and inventories claim; weak: what only records
 * do that anybody may have written. */
void import_claim_strong(struct picking *p);
void import_claim_weak(struct picking *p);
/* Two halves of one workspace. */
void import_absorb(struct import_pick *into, const struct import_pick *from);
void import_drop_group(struct picking *p, size_t i);
const struct import_fact *import_first_id(const struct import_merge *m,
					  const char *endpoint);

#endif
