/* SPDX-License-Identifier: MIT */
/* exec.h - run a program of this machine: an argv, no shell, an end in time.
 *
 * Nothing of the caller's environment reaches it but what is named here: PATH
 * (fixed) and LC_ALL=C, so that a tool that runs as root does not start
 * somebody's program.
 */
#ifndef DIAG_RUN_EXEC_H
#define DIAG_RUN_EXEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define DIAG_EXEC_PATH "/usr/sbin:/usr/bin:/sbin:/bin"

struct diag_exec {
	const char *const *argv; /* ends with NULL; argv[0] is sought in path */
	const char *path;	 /* NULL: DIAG_EXEC_PATH */
	const char *folder;	 /* where it runs; NULL: where we are */
	unsigned timeout_ms;	 /* then it is killed; 0: 5000 */
	size_t max_out;		 /* bytes of its output that are kept */
	bool end_when_full;	 /* who says more than that is killed */
};

struct diag_exec_result {
	int status; /* as it left, when signal is 0 */
	int signal; /* that ended it */
	bool timed_out;
	bool cut;	     /* it said more than max_out */
	struct diag_buf out; /* standard output and error, as they came */
};

/* Run it and wait.  *out is initialised here in every case; the caller clears
 * out->out.  How the program ended is a result and no error.  Errors: DIAG_EIO
 * (sys ENOENT: there is no such program), DIAG_ENOMEM. */
DIAG_MUST_USE
bool diag_exec(const struct diag_exec *what, struct diag_exec_result *out,
	       struct diag_err *err);

#endif
