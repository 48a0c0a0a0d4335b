/* SPDX-License-Identifier: MIT */
/* tracer.h - run a piece of code in a child and interfere at its system calls.
 *
 * ptrace(2) stops the child on its way into and out of each call.  It can be
 * killed on its way into the Nth call (so what is between two calls needs no
 * stop of its own), or the Nth call can be made to fail without being done.
 * Where no program is started, a run costs little more than a fork and the
 * code; where one is (execve(2) in body), its calls are the child's.
 */
#ifndef DIAG_TESTS_SUPPORT_TRACER_H
#define DIAG_TESTS_SUPPORT_TRACER_H

#include <stdbool.h>

typedef void tracer_body(void *ctx);

struct tracer_plan {
	unsigned kill_at; /* call, from 1; 0: never */
	unsigned fail_at; /* call that may fail, from 1; 0: none */
	int sys;	  /* errno of the call that fails */
	bool for_good;	  /* all that may fail do from then on */
	/* Which calls may fail (numbers of <sys/syscall.h>); NULL: none. */
	bool (*may_fail)(long call);
	/* Calls that always fail with that errno, 0: it is done. */
	int (*always)(long call);
	/* Told of each call before it is done; true: kill the child now.  What
	 * somebody else does in just that moment. */
	bool (*before)(long call, void *ctx);
};

struct tracer_end {
	bool completed; /* body returned */
	unsigned calls; /* that there were */
	unsigned tries; /* of those that may fail */
	long failed;	/* the call that was made to fail, -1: none */
};

/* Can a child be traced here, and can a call be made to fail? */
bool tracer_works(void);
bool tracer_can_fail(void);
/* Runs body(ctx) in a child.  Fails the test if the child ends otherwise than
 * by returning or by being killed as planned. */
struct tracer_end tracer_run(tracer_body *body, void *ctx,
			     const struct tracer_plan *plan);

#endif
