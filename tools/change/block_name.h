/* SPDX-License-Identifier: MIT */
/* block_name.h - what the block of an inventory is called in a file. */
#ifndef DIAG_TOOLS_BLOCK_NAME_H
#define DIAG_TOOLS_BLOCK_NAME_H

#include "inventory/inventory.h"

/* given (of --block; NULL: none) if it is fit, or the inventory's name made
 * fit; in the arena, or given itself.  DIAG_EUSAGE, DIAG_ENOMEM. */
DIAG_MUST_USE
bool block_name(struct diag_arena *arena, const char *given,
		const struct diag_inventory *inv, const char **out,
		struct diag_err *err);

#endif
