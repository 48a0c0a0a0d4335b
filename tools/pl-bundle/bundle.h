/* SPDX-License-Identifier: MIT */
/* bundle.h - the parts of pl-bundle: one command, one file. */
#ifndef DIAG_TOOLS_PL_BUNDLE_H
#define DIAG_TOOLS_PL_BUNDLE_H

#include "bundle/archive.h"
#include "mask/mask.h"
#include "tools/pl-bundle/seal.h"
#include "tools/pl-doctor/doctor.h"
#include "tools/tool.h"

/* collect */
struct pl_bundle_collect {
	unsigned for_ms;
	const char *note, *ticket;
	bool dry_run, no_capture;
};

/* Options of all commands; each command shows its own rows of them. */
struct pl_bundle {
	/* The first member, since parts of pl-doctor run in collect, and to
	 * them a call's options begin with these. */
	struct doctor doctor;
	struct pl_bundle_collect collect;

	/* verify and show */
	const char *sha256;  /* what the whole file should have */
	const char *extract; /* a folder to be made */

	/* mask, and collect */
	struct pl_bundle_mask_options mask;

	/* compare */
	const char *write_inventory;
};

extern const struct tool_group pl_bundle_collect_groups[];
extern const struct tool_option pl_bundle_mask_rows[]; /* of a bundle's mask */
extern const struct tool_group pl_bundle_mask_groups[];
extern const struct tool_group pl_bundle_verify_groups[];
extern const struct tool_group pl_bundle_show_groups[];
extern const struct tool_group pl_bundle_compare_groups[];
extern const char *const pl_bundle_compare_formats[];
extern const char *const pl_bundle_report_formats[];

enum tool_status pl_bundle_collect(struct tool_call *call,
				   struct diag_err *err);
enum tool_status pl_bundle_mask(struct tool_call *call, struct diag_err *err);
enum tool_status pl_bundle_verify(struct tool_call *call, struct diag_err *err);
enum tool_status pl_bundle_show(struct tool_call *call, struct diag_err *err);
enum tool_status pl_bundle_report(struct tool_call *call, struct diag_err *err);
enum tool_status pl_bundle_compare(struct tool_call *call,
				   struct diag_err *err);

/* The document that a command prints with --json, begun and ended. */
#define PL_BUNDLE_DOC_MAX ((size_t)1 << 30)
void pl_bundle_doc(struct diag_jw *w, struct diag_buf *out, const char *command,
		   const char *file);
DIAG_MUST_USE
bool pl_bundle_doc_end(struct tool_call *call, struct diag_jw *w,
		       struct diag_err *err);

/* extract.c: all items and the manifest into a new folder. */
DIAG_MUST_USE
bool pl_bundle_extract(const struct diag_bundle *b, const char *folder,
		       struct diag_err *err);
/* show_put.c: what is in a bundle that was just written. */
DIAG_MUST_USE
bool pl_bundle_show_made(struct tool_call *call, const char *path,
			 struct diag_err *err);
/* What is in it, as text or JSON. */
DIAG_MUST_USE
bool pl_bundle_show_put(struct tool_call *call, const char *file,
			const char *sha256, const struct diag_bundle *b,
			struct diag_err *err);

#endif
