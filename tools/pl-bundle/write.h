/* SPDX-License-Identifier: MIT */
/* write.h - a bundle into a file. */
#ifndef DIAG_TOOLS_PL_BUNDLE_WRITE_H
#define DIAG_TOOLS_PL_BUNDLE_WRITE_H

#include "bundle/bundle.h"
#include "tools/tool.h"

/* Would pl_bundle_write() take this path?  To be asked before the work. */
DIAG_MUST_USE
bool pl_bundle_can_write(const char *path, bool force, struct diag_err *err);

/* Pack by the ending of path and write it (diag_file_create: 0600, never over
 * another file without force, never through a link, all of it or nothing).
 * sha256 is that of the file.  Errors: DIAG_EUSAGE (an ending that we do not
 * write, a name that is taken), DIAG_EIO, DIAG_ELIMIT, DIAG_ENOMEM. */
DIAG_MUST_USE
bool pl_bundle_write(struct tool_call *call, const struct diag_bundle *b,
		     const char *path, bool force,
		     char sha256[DIAG_SHA256_TEXT], struct diag_err *err);

/* When a bundle is made: now, or the second that SOURCE_DATE_EPOCH names
 * (reproducible-builds.org), so that the same items give the same bytes. */
DIAG_MUST_USE
bool pl_bundle_created(int64_t *created_s, struct diag_err *err);

#endif
