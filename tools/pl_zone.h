/* SPDX-License-Identifier: MIT */
/* pl_zone.h - the parts of pl-zone. */
#ifndef DIAG_TOOLS_PL_ZONE_H
#define DIAG_TOOLS_PL_ZONE_H

#include "fix/zone/dialect.h"
#include "tools/options_inventory.h"
#include "tools/tool.h"

struct pl_zone {
	struct tool_inventory workspace;
	struct tool_list to; /* forwarders: ADDR */
	const char *resource_group;
	unsigned ttl_s;
	int dialect; /* index in pl_zone_dialects; 0: none given */
	int style;   /* enum diag_zone_style */
	bool yes_hide;
	/* check, update, undo: a server that is asked */
	const char *server, *zone, *tsig_key, *state;
	unsigned timeout_ms, wait_ms;
	bool fingerprint, no_public;
	bool unsigned_, dry_run, yes, verify, no_verify;
};

/* The keys of all dialects behind "none", as --for takes them. */
extern const char *const pl_zone_dialects[];

enum tool_status pl_zone_forwarders(struct tool_call *call,
				    struct diag_err *err);
enum tool_status pl_zone_render(struct tool_call *call, struct diag_err *err);
enum tool_status pl_zone_check(struct tool_call *call, struct diag_err *err);
enum tool_status pl_zone_update(struct tool_call *call, struct diag_err *err);
enum tool_status pl_zone_undo_server(struct tool_call *call,
				     struct diag_err *err);

/* The inventory of the command line, as it was read and expanded; the caller
 * frees both, also after a failure. */
DIAG_MUST_USE
bool pl_zone_inventory(struct tool_call *call, struct diag_inventory **read,
		       struct diag_inventory **inv, struct diag_err *err);

/* Print the parts, or write them into the folder of -o. */
DIAG_MUST_USE
bool pl_zone_put(struct tool_call *call, const struct diag_dialect *dialect,
		 const struct diag_zone_text *text, struct diag_err *err);

#endif
