/* SPDX-License-Identifier: MIT */
/* zone.h - the parts of pl-zone. */
#ifndef DIAG_TOOLS_PL_ZONE_H
#define DIAG_TOOLS_PL_ZONE_H

#include "fix/zone/dialect.h"
#include "tools/change/change.h"
#include "tools/options_inventory.h"
#include "tools/tool.h"

#define PL_ZONE_SCHEMA "pldiag.zone/1"

struct pl_zone {
	struct tool_inventory workspace;
	struct tool_list to; /* forwarders: ADDR */
	const char *resource_group;
	unsigned ttl_s;
	int dialect; /* index in pl_zone_dialects; 0: none given */
	int style;   /* enum diag_zone_style */
	bool yes_hide;
	const char *state; /* NULL: the writer's rule */
	bool yes;
	/* plan, apply, undo, history: a file */
	const char *file, *origin, *block;
	const char *include_dir; /* NULL: the file's folder */
	const char *check_with, *reload;
	unsigned id; /* undo; 0: the latest */
	int serial;  /* enum diag_serial */
	bool includes, check, no_check, force;
	/* check, update, undo, and behind apply: a server that is asked */
	const char *server, *zone, *tsig_key;
	unsigned timeout_ms, wait_ms;
	unsigned settle_ms; /* apply: how long it may take to be right */
	bool fingerprint, no_public;
	bool unsigned_, dry_run, verify, no_verify;
};

/* The keys of all dialects behind "none", as --for takes them. */
extern const char *const pl_zone_dialects[];

enum tool_status pl_zone_forwarders(struct tool_call *call,
				    struct diag_err *err);
enum tool_status pl_zone_render(struct tool_call *call, struct diag_err *err);
enum tool_status pl_zone_plan(struct tool_call *call, struct diag_err *err);
enum tool_status pl_zone_apply(struct tool_call *call, struct diag_err *err);
enum tool_status pl_zone_undo(struct tool_call *call, struct diag_err *err);
enum tool_status pl_zone_history(struct tool_call *call, struct diag_err *err);

/* The dialect of --for. */
DIAG_MUST_USE
bool pl_zone_dialect(const struct pl_zone *o, const struct diag_dialect **out,
		     struct diag_err *err);
/* The addresses of --to, in the arena. */
DIAG_MUST_USE
bool pl_zone_to(const struct pl_zone *o, struct diag_arena *arena,
		const struct diag_addr **out, struct diag_err *err);

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

/* --- a file that is there (file.c) -------------------------------- */

/* Which of its files a server's dialect lets us change. */
enum zone_takes {
	ZONE_TAKES_NOTHING,
	ZONE_TAKES_ZONE = 1,
	ZONE_TAKES_CONFIG = 2,
};
unsigned zone_takes(const struct diag_dialect *dialect);
/* What to do instead, for a dialect that lets us change nothing; else NULL. */
const char *zone_instead(const struct diag_dialect *dialect);

/* --file is there; DIAG_EUSAGE. */
DIAG_MUST_USE
bool pl_zone_subject(const struct tool_call *call, struct change_subject *out,
		     struct diag_err *err);
/* Run the command of --reload, if there is one.  false: it failed, told. */
bool pl_zone_reload(struct tool_call *call);

#endif
