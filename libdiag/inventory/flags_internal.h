/* SPDX-License-Identifier: MIT */
/* flags_internal.h - what flags.c and flags_url.c share.
 *
 * Private to this room.
 */
#ifndef DIAG_INVENTORY_FLAGS_INTERNAL_H
#define DIAG_INVENTORY_FLAGS_INTERNAL_H

#include "inventory/inventory.h"
#include "inventory/reader.h"

struct diag_flag_read {
	struct diag_reader r;
	const struct diag_inventory_flags *flags;
	struct diag_inventory *inv;
	bool has_cloud;	 /* somebody said which */
	bool name_only;	 /* the URL gives a workspace name and no target */
	char shown[128]; /* the URL as it may be shown */
};

/* Take flags->url_or_name: a target, and what the name says of the workspace.
 * Runs after the other flags, so that it can contradict them. */
void diag_flags_url(struct diag_flag_read *f);

#endif
