/* SPDX-License-Identifier: MIT */
/* inventory.h - the parts of pl-inventory. */
#ifndef DIAG_TOOLS_PL_INVENTORY_H
#define DIAG_TOOLS_PL_INVENTORY_H

#include "inventory/inventory.h"
#include "tools/options_inventory.h"
#include "tools/tool.h"

/* Options of the command import. */
struct pl_inventory_import {
	const char *workspace, *region;
};

/* Options of the command gather. */
struct pl_inventory_gather {
	const char *workspace, *group, *subscription;
	int shell; /* index in script_languages */
};

struct pl_inventory {
	struct tool_inventory inventory;
	struct pl_inventory_import import;
	struct pl_inventory_gather gather;
	int role; /* index in roles: enum diag_role */
	int era;  /* index in eras: enum diag_era */
	bool no_public;
};

/* The targets for people (table.c). */
void pl_inventory_table(struct tool_call *call,
			const struct diag_inventory *inv);

/* The inventory as JSON. */
DIAG_MUST_USE
bool pl_inventory_write(struct tool_call *call,
			const struct diag_inventory *inv, struct diag_err *err);

/* A file that cannot be read is a problem of that file (check.c). */
void pl_inventory_unread(struct diag_problems *problems,
			 const struct diag_err *why);

/* The command import (import.c). */
extern const struct tool_group pl_inventory_import_groups[];
enum tool_status pl_inventory_import(struct tool_call *call,
				     struct diag_err *err);

/* The command check (check.c). */
enum tool_status pl_inventory_check(struct tool_call *call,
				    struct diag_err *err);

/* The command gather (gather.c). */
extern const struct tool_group pl_inventory_gather_groups[];
enum tool_status pl_inventory_gather(struct tool_call *call,
				     struct diag_err *err);

#endif
