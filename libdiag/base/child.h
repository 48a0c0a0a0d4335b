/* SPDX-License-Identifier: MIT */
/* child.h - work on bytes from outside in a process that can do nothing.
 *
 * A tool that runs as root because it must write a system file does not parse
 * that file with root's rights: a child without rights does, and gives back
 * bytes.
 */
#ifndef DIAG_BASE_CHILD_H
#define DIAG_BASE_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* What the child does: fill out, or fail with err.  It must not write to
 * standard output or error. */
typedef bool diag_child_fn(void *ctx, struct diag_buf *out,
			   struct diag_err *err);

/* Run fn(ctx) in a forked child that first gives up everything: all uids and
 * gids become those of nobody when we are root, no capability, no new
 * privileges (PR_SET_NO_NEW_PRIVS), no descriptor but the pipe, address space
 * and CPU time limited, no new files (RLIMIT_FSIZE 0).  out is initialised
 * here with the ceiling max; the caller clears it.  The child's error comes
 * back as err.  A child that dies is DIAG_EIO ("ended by signal 11").
 * Platforms without fork call fn in place. */
DIAG_MUST_USE
bool diag_child_run(diag_child_fn *fn, void *ctx, size_t max,
		    struct diag_buf *out, struct diag_err *err);

#endif
