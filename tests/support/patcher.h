/* SPDX-License-Identifier: MIT */
/* patcher.h - what patch(1) does, with no mercy: for bytes it is unsure about
 * and for fuzzing. */
#ifndef DIAG_TESTS_SUPPORT_PATCHER_H
#define DIAG_TESTS_SUPPORT_PATCHER_H

#include "base/buf.h"
#include "base/cursor.h"

/* old with a unified diff of it becomes *out (initialised here, the caller
 * clears it).  Every line number, count and line of context must be true.
 * NULL, or what is wrong. */
const char *patcher_apply(struct diag_slice old, struct diag_slice diff,
			  struct diag_buf *out);

#endif
