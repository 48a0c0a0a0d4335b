/* SPDX-License-Identifier: MIT */
/* pl_bundle.h - the parts of pl-bundle: one command, one file. */
#ifndef DIAG_TOOLS_PL_BUNDLE_H
#define DIAG_TOOLS_PL_BUNDLE_H

#include "bundle/archive.h"
#include "tools/tool.h"

/* Options of all commands; each command shows its own rows of them. */
struct pl_bundle {
	const char *format; /* of the archive: "tar.zst", "zip" */

	/* compare */
	const char *write_inventory;
};

enum tool_status pl_bundle_collect(struct tool_call *call,
				   struct diag_err *err);
enum tool_status pl_bundle_mask(struct tool_call *call, struct diag_err *err);
enum tool_status pl_bundle_verify(struct tool_call *call, struct diag_err *err);
enum tool_status pl_bundle_show(struct tool_call *call, struct diag_err *err);
enum tool_status pl_bundle_report(struct tool_call *call, struct diag_err *err);
enum tool_status pl_bundle_compare(struct tool_call *call,
				   struct diag_err *err);

extern const struct tool_group pl_bundle_compare_groups[];
extern const char *const pl_bundle_report_formats[];

#endif
