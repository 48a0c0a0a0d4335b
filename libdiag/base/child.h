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

#define DIAG_CHILD_CPU_S  60		       /* then it is ended */
#define DIAG_CHILD_MEMORY ((size_t)4096 << 20) /* bytes of address space */

/* What the child does: fill out, or fail with err.  It must not write to
 * standard output or error (both are closed), nor open any file. */
typedef bool diag_child_fn(void *ctx, struct diag_buf *out,
			   struct diag_err *err);

/* Run fn(ctx) in a forked child that first gives up everything: all uids and
 * gids become those of nobody when we are root, no capability, no new
 * privileges (PR_SET_NO_NEW_PRIVS), no descriptor but the pipe and no new one
 * (RLIMIT_NOFILE 0), no byte into any file (RLIMIT_FSIZE 0), no process of
 * its own, address space and CPU time limited (the former not under
 * sanitizers, which need all there is).  out is initialised here with the
 * ceiling max; the caller clears it.  The child's error comes back as err; its
 * op lives until the next call in this thread.  A child that dies is DIAG_EIO
 * ("ended by signal 11").  Nothing that fn writes to memory comes back.
 * Platforms without fork call fn in place. */
DIAG_MUST_USE
bool diag_child_run(diag_child_fn *fn, void *ctx, size_t max,
		    struct diag_buf *out, struct diag_err *err);

/* The same, with something that the parent does while the child is busy; it is
 * done once, unless there is no child.  Until it is done the child's answer
 * waits. */
struct diag_meanwhile {
	void (*work)(void *ctx);
	void *ctx;
};
DIAG_MUST_USE
bool diag_child_run_while(diag_child_fn *fn, void *ctx, size_t max,
			  const struct diag_meanwhile *meanwhile,
			  struct diag_buf *out, struct diag_err *err);

/* The same as diag_child_run() for work that has to ask the machine or the
 * network before it can answer: it may open what nobody may open (to write
 * nothing) and start threads; standard input, output and error are /dev/null;
 * only processor time is limited. */
DIAG_MUST_USE
bool diag_child_ask(diag_child_fn *fn, void *ctx, size_t max,
		    struct diag_buf *out, struct diag_err *err);

#endif
