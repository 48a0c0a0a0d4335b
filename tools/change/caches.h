/* SPDX-License-Identifier: MIT */
/* caches.h - programs that remember names, told to forget. */
#ifndef DIAG_TOOLS_CACHES_H
#define DIAG_TOOLS_CACHES_H

#include "tools/tool.h"

#define CACHES_MAX 8

/* For tests: where to look, and which programs; NULL: the machine's own. */
struct caches_env {
	const char *root; /* before every path, "" */
	const char *path; /* as PATH */
};

/* The names of those that were. */
struct caches_flushed {
	bool tried;
	const char *names[CACHES_MAX];
	size_t n;
};

/* Flush those that are there.  Never fails: a cache that could not be flushed
 * shows when the names are resolved; what went wrong is told with -v. */
void caches_flush(const struct tool_call *call, const struct caches_env *env,
		  struct caches_flushed *out);

#endif
