/* SPDX-License-Identifier: MIT */
/* options_inventory.h - which workspace: a file, a URL, or flags.
 *
 * A tool that wants an inventory puts struct tool_inventory into its own
 * options struct and the rows into its groups:
 *	{ "Which workspace", tool_inventory_rows,
 *	  offsetof(struct doctor, inventory) },
 */
#ifndef DIAG_TOOLS_OPTIONS_INVENTORY_H
#define DIAG_TOOLS_OPTIONS_INVENTORY_H

#include "inventory/inventory.h"
#include "tools/tool.h"

struct tool_inventory {
	const char *workspace_id;
	const char *region;
	const char *workspace;
	int cloud; /* index in the choices, 0: not given, means public */
	struct tool_list storage;
	struct tool_list key_vault;
	struct tool_list registry;
	struct tool_list compute_instance;
	struct tool_list network;
};

extern const struct tool_option tool_inventory_rows[];

/* Is the word a document ("-", an existing file, anything that ends in
 * .json), or else a name or URL? */
bool tool_is_inventory(const char *word);
/* Was any of the flags given? */
bool tool_inventory_given(const struct tool_inventory *flags);

/* Make the inventory of word (a document, a name, a URL, or NULL) and flags.
 * All faults go to standard error, one line each; err is then empty, because
 * nothing is left to be said.  A document and flags together are an error.
 * Gives *out (diag_inventory_free). */
DIAG_MUST_USE
bool tool_inventory_load(const struct tool_call *call,
			 const struct tool_inventory *flags, const char *word,
			 struct diag_inventory **out, struct diag_err *err);

/* The same, for a tool that parses where it has no rights:
 * from the bytes of a document (NULL: word is a name or URL, or there is
 * none), neither reading nor printing. */
DIAG_MUST_USE
bool tool_inventory_make(const struct tool_inventory *flags, const char *word,
			 const struct diag_buf *document,
			 struct diag_problems *problems,
			 struct diag_inventory **out, struct diag_err *err);

#endif
