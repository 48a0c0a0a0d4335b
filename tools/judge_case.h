/* SPDX-License-Identifier: MIT */
/* judge_case.h - a case judged and told: the same for a live run, a saved file
 * and a capture. */
#ifndef DIAG_TOOLS_JUDGE_CASE_H
#define DIAG_TOOLS_JUDGE_CASE_H

#include "case/case.h"
#include "tools/tool.h"
#include "verdict/verdict.h"

/* Words of --role (the first: work it out) and --era. */
extern const char *const tool_roles[];
extern const char *const tool_eras[];

/* index into tool_roles; 0: jumpbox if the machine stands inside. */
enum diag_role tool_role_of(int index, bool inside);
enum diag_era tool_era_of(int index);
/* A machine with an address in the inventory's networks stands in the VNet, as
 * far as an address tells. */
bool tool_stands_inside(const struct diag_machine *m,
			const struct diag_inventory *inv);

/* Judge and print in the call's format; gives the exit status.  inventory_arg
 * as in diag_judge(). */
enum tool_status tool_judge_case(struct tool_call *call,
				 const struct diag_case *c,
				 const char *inventory_arg,
				 struct diag_err *err);

/* Print a verdict of it in the call's format, with what an older report said
 * (before: may be NULL); gives the exit status. */
struct diag_before;
enum tool_status tool_tell_verdict(struct tool_call *call,
				   const struct diag_case *c,
				   const struct diag_verdict *v,
				   const struct diag_before *before,
				   struct diag_err *err);

/* What --from reads; path NULL: nothing is kept, and that is fine. */
DIAG_MUST_USE
bool tool_save_case(const char *path, const struct diag_case *c,
		    struct diag_err *err);

#endif
