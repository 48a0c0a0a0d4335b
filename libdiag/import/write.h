/* SPDX-License-Identifier: MIT */
/* write.h - the inventory while it is filled in; private to write*.c. */
#ifndef DIAG_IMPORT_WRITE_H
#define DIAG_IMPORT_WRITE_H

#include "import/merge.h"

struct writing {
	struct import_merge *m;
	struct diag_inventory inv; /* borrows everything; has no arena */
	struct diag_names storage, key_vault, instances, endpoints;
	unsigned *masks;
	size_t n_masks;
	struct diag_cidr *networks;
	struct diag_subnet *subnets;
	struct diag_addr *nodes;
	struct diag_registry *registry;
	struct diag_target *targets;
	struct diag_note *notes;
	cJSON *nsgs, *sources;
};

void import_put_values(struct writing *w);
void import_put_subnets(struct writing *w);
void import_put_targets(struct writing *w);
void import_put_notes(struct writing *w);

#endif
