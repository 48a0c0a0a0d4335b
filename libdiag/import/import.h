/* SPDX-License-Identifier: MIT */
/* import.h - what Azure says of itself becomes an inventory.
 *
 * Pure.  Documents are recognised by their shape, not by their names.  Each
 * reader (one file, one row) turns one kind of document into records that keep
 * where they came from; merge.c decides which record wins, and what
 * contradicts becomes a note that the verdict turns into a finding.
 */
#ifndef DIAG_IMPORT_IMPORT_H
#define DIAG_IMPORT_IMPORT_H

#include "base/buf.h"
#include "base/json.h"
#include "inventory/inventory.h"

#define DIAG_IMPORT_BYTES ((size_t)64 << 20) /* one file */
#define DIAG_IMPORT_DEPTH 64
#define DIAG_IMPORT_FILES 4096

struct diag_import; /* everything read so far */

DIAG_MUST_USE
bool diag_import_new(struct diag_import **out, struct diag_err *err);
void diag_import_free(struct diag_import *im);

/* Read one file: any number of documents, JSON or text, in UTF-8 or UTF-16.
 * What cannot be read is a line in problems ("FILE: $.path: expected …") and
 * counted as skipped; the others of the file still count.  false only without
 * memory or over a limit. */
DIAG_MUST_USE
bool diag_import_add(struct diag_import *im, const char *file, const char *text,
		     size_t len, struct diag_problems *problems,
		     struct diag_err *err);

struct diag_import_options {
	enum diag_era era;     /* 2020 adds the names of that time */
	const char *region;    /* given by the user, or NULL */
	const char *workspace; /* which one, when documents hold several */
};

/* What was met, for the summary on standard error. */
struct diag_import_seen {
	const char *kind; /* "network interface", "private DNS records" … */
	size_t n;
};
struct diag_import_summary {
	const struct diag_import_seen *seen;
	size_t n_seen;
	size_t documents, skipped;
	/* What is still missing, as exact commands to run. */
	const char *const *ask;
	size_t n_ask;
};

/* Merge: NIC beats customDnsConfigs beats zone-group records beats zone
 * records beats text beats computed names.  The inventory is deterministic:
 * same documents, in whatever order, same inventory.  Gives *out; the summary
 * lives in im. */
DIAG_MUST_USE
bool diag_import_finish(struct diag_import *im,
			const struct diag_import_options *o,
			struct diag_inventory **out,
			struct diag_import_summary *summary,
			struct diag_err *err);

#endif
