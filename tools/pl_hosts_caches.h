/* SPDX-License-Identifier: MIT */
/* pl_hosts_caches.h - programs that remember names, told to forget. */
#ifndef DIAG_TOOLS_PL_HOSTS_CACHES_H
#define DIAG_TOOLS_PL_HOSTS_CACHES_H

#include "tools/tool.h"

#define CACHES_MAX 8

/* For tests: where to look, and which programs; NULL: the machine's own. */
struct caches_env {
	const char *root; /* before every path, "" */
	const char *path; /* as PATH */
};

/* Flush those that are there.  Never fails: a cache that could not be flushed
 * shows when the names are resolved.  Gives how many were, with their names;
 * what went wrong is told with -v. */
size_t caches_flush(const struct tool_call *call, const struct caches_env *env,
		    const char *out[CACHES_MAX]);

#endif
