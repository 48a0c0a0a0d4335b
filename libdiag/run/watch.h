/* SPDX-License-Identifier: MIT */
/* watch.h - wait for one descriptor, for a tool that has no plan of steps.
 *
 * Ends by itself after for_ms, by a signal, when the other end of `leash` goes
 * away, or when ready() says so; each time it goes on to serve the descriptor
 * for linger_ms, because what happened before is on its way.
 */
#ifndef DIAG_RUN_WATCH_H
#define DIAG_RUN_WATCH_H

#include <stdbool.h>

#include "base/err.h"

struct diag_watch {
	int fd;
	int leash;	 /* a pipe that nothing is read from; -1: none */
	unsigned for_ms; /* 0: until something else ends it */
	unsigned linger_ms;
	bool (*begun)(void *ctx, struct diag_err *err); /* from now on signals
							   are ours */
	/* fd is readable; false: enough, or err is filled. */
	bool (*ready)(void *ctx, struct diag_err *err);
	void *ctx;
};

struct diag_watch_end {
	int signal;  /* SIGINT, SIGTERM or SIGHUP, or 0 */
	bool time;   /* for_ms are over */
	bool let_go; /* the leash is */
};

/* With a leash SIGINT is not ours: a terminal sends it to whoever holds the
 * leash as well. */
DIAG_MUST_USE
bool diag_watch(const struct diag_watch *what, struct diag_watch_end *end,
		struct diag_err *err);

#endif
