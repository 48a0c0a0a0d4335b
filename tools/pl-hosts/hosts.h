/* SPDX-License-Identifier: MIT */
/* hosts.h - the parts of pl-hosts: its options, one function per command,
 * and the one way in which a command changes a hosts file. */
#ifndef DIAG_TOOLS_PL_HOSTS_H
#define DIAG_TOOLS_PL_HOSTS_H

#include <stdint.h>

#include "fix/hosts.h"
#include "tools/change/change.h"
#include "tools/options_inventory.h"
#include "tools/tool.h"

#define PL_HOSTS_SCHEMA "pldiag.hosts/1"

struct pl_hosts {
	struct tool_inventory workspace;
	struct tool_list from;	   /* cases of pl-doctor --save */
	const char *from_resolver; /* ADDR[:PORT] */
	const char *hosts;	   /* --hosts; NULL: the system's */
	const char *state;	   /* --state; NULL: the writer's rule */
	const char *inventory;	   /* show */
	const char *block;	   /* NULL: the inventory's name */
	unsigned id;		   /* undo; 0: the latest */
	bool check;		   /* plan */
	int rules;	   /* lint; 0: this system's, else by one more */
	bool fix, dry_run; /* lint */
	bool yes, force, verify, no_verify;
};

/* --- commands ----------------------------------------------------------- */

enum tool_status pl_hosts_lint(struct tool_call *call, struct diag_err *err);
enum tool_status pl_hosts_show(struct tool_call *call, struct diag_err *err);
enum tool_status pl_hosts_plan(struct tool_call *call, struct diag_err *err);
enum tool_status pl_hosts_apply(struct tool_call *call, struct diag_err *err);
enum tool_status pl_hosts_undo(struct tool_call *call, struct diag_err *err);
enum tool_status pl_hosts_history(struct tool_call *call, struct diag_err *err);

/* --- the file ----------------------------------------------------------- */

/* The file in question: --hosts (or the FILE of lint), or the system's. */
const char *pl_hosts_path(const struct tool_call *call);
/* Its name made safe for a terminal, in the call's arena. */
const char *pl_hosts_path_text(struct tool_call *call);
/* Is it the one that this system resolves by (by any name it has)? */
bool pl_hosts_is_system(const struct tool_call *call);
struct change_subject pl_hosts_subject(const struct tool_call *call);
/* How to take a change of it back (tools/change/talk.h, talk_undo). */
void pl_hosts_talk_undo(struct tool_call *call);

/* --- changing it -------------------------------------------------------- */

/* A change of one command.  plan() runs in a child without rights and must
 * neither print nor touch anything; it fills the edits, and foreign_lines and
 * foreign_changed if a limit is to hold; states are of n_states items. */
struct pl_hosts_change {
	bool (*plan)(void *ctx, struct diag_arena *arena, const char *text,
		     size_t len, struct diag_hosts_plan *out,
		     struct diag_err *err);
	/* Once it is known what changes, before any of it is shown.  NULL:
	 * nothing more is to be said. */
	void (*tell)(void *ctx, struct tool_call *call,
		     const struct diag_hosts_plan *plan);
	/* After the write: is all as planned?  false (told, or err says why):
	 * the file becomes what it was.  NULL: nothing is to be proved. */
	bool (*prove)(void *ctx, struct tool_call *call, struct diag_err *err);
	void *ctx;
	size_t n_states;
	const char *tool;  /* for the history: "pl-hosts lint --fix" */
	const char *about; /* "3 lines corrected" */
	bool dry_run;	   /* only show */
};

struct hosts_draft;

struct pl_hosts_done {
	enum change_outcome outcome;
	uint64_t id;		     /* of the history; 0: none */
	struct diag_hosts_plan plan; /* in the call's arena */
	const char *diff;	     /* the same; "": no change */
	size_t diff_len;
	const struct hosts_draft *draft; /* all of it; NULL: not that far */
	const char *why; /* one line when it was refused or failed, or NULL */
	struct caches_flushed flushed;
};

/* change_make() with that; *out is filled in every case. */
enum tool_status pl_hosts_change(struct tool_call *call,
				 const struct pl_hosts_change *change,
				 struct pl_hosts_done *out,
				 struct diag_err *err);

#endif
