/* SPDX-License-Identifier: MIT */
/* open.h - an archive taken apart where it can do no harm. */
#ifndef DIAG_TOOLS_PL_BUNDLE_OPEN_H
#define DIAG_TOOLS_PL_BUNDLE_OPEN_H

#include "bundle/verify.h"
#include "tools/tool.h"

/* Bytes of a file that is read at all. */
#define PL_BUNDLE_FILE ((size_t)576 << 20)

/* diag_verify() in a child without rights (base/child.h): decompressors and
 * readers of archives see somebody else's bytes.  Gives *out. */
DIAG_MUST_USE
bool pl_bundle_open(const struct diag_buf *file, const char *sha256,
		    struct diag_verified **out, struct diag_err *err);

/* What messages call a file. */
const char *pl_bundle_name(const char *path);

#endif
