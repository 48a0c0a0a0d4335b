/* SPDX-License-Identifier: MIT */
/* read.h - a bundle from a file. */
#ifndef DIAG_TOOLS_PL_BUNDLE_READ_H
#define DIAG_TOOLS_PL_BUNDLE_READ_H

#include "bundle/bundle.h"
#include "tools/tool.h"

/* Read an archive (path "-": standard input), or a bare case, which is a bundle
 * of this one item.  An archive that cannot be relied on is an error, with all
 * its problems told; one whose bytes are not those that were packed is told of,
 * and read.  Errors: DIAG_EIO, DIAG_EPARSE, DIAG_ELIMIT, DIAG_ENOMEM; they mean
 * tool_bad_input(err).  Gives *out (diag_bundle_free). */
DIAG_MUST_USE
bool pl_bundle_read(struct tool_call *call, const char *path,
		    struct diag_bundle **out, struct diag_err *err);
/* The same, and what the file's bytes are called. */
DIAG_MUST_USE
bool pl_bundle_read_sum(struct tool_call *call, const char *path,
			struct diag_bundle **out, char sha256[DIAG_SHA256_TEXT],
			struct diag_err *err);

#endif
