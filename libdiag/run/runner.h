/* SPDX-License-Identifier: MIT */
/* runner.h - the only room that waits.
 *
 * Pulls steps from the plan up to its cap, starts probes on one loop, hands
 * facts to the sink and back to the plan, enforces every deadline, ends when
 * the plan is dry and nothing is in flight, or at the run's deadline, or on
 * cancel.  Steps never started then leave a `not-run` fact too.
 */
#ifndef DIAG_RUN_RUNNER_H
#define DIAG_RUN_RUNNER_H

#include "fact/fact.h"
#include "plan/plan.h"
#include "run/probe.h"

struct diag_run_options {
	const struct diag_probe_ops *const *probes; /* NULL-terminated */
	struct diag_sink sink;
	const struct diag_machine *machine;
	const struct diag_inventory *inventory; /* may be NULL */
	const char *ca_file;
	const char *user_agent;
	int64_t clock_s;	/* wall clock at start; 0: read it */
	unsigned deadline_ms;	/* whole run; 0: none */
	unsigned max_in_flight; /* 0: 4096 */
	bool handle_signals;	/* SIGINT and SIGTERM cancel */
	/* Progress, called at most 10 times a second; may be NULL. */
	void (*progress)(void *ctx, size_t done, size_t in_flight);
	void *progress_ctx;
};

struct diag_run_result {
	bool complete;	/* every step ran to its own end */
	int signal;	/* that cancelled us, or 0 */
	bool deadline;	/* the run's deadline ended it */
	bool abandoned; /* threads are stuck: leave with _exit() */
	double took_ms;
	size_t steps, facts;
};

/* Borrows all of it for the call; frees the plan with plan->free. */
DIAG_MUST_USE
bool diag_run(struct diag_plan *plan, const struct diag_run_options *o,
	      struct diag_run_result *result, struct diag_err *err);

/* What must be set before the first loop of the process exists, from main():
 * a thread for each of this many look-ups of the system's own (getaddrinfo
 * blocks), and patience of 1 s and 3 tries for the system's resolver; both
 * unless the user set UV_THREADPOOL_SIZE or RES_OPTIONS. */
void diag_run_prepare(size_t lookups);

/* For tests: one step, one probe, facts into the sink. */
DIAG_MUST_USE
bool diag_probe_run(const struct diag_probe_ops *ops,
		    const struct diag_step *step,
		    const struct diag_run_options *o, struct diag_err *err);

#endif
