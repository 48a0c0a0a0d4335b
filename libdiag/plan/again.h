/* SPDX-License-Identifier: MIT */
/* again.h - what a handshake that got no answer calls for; private to this
 * room.
 *
 * The same hello in small packets, and, where that is answered, the first one
 * once more: a peer that was only slow, or a path that loses now and then,
 * answers it this time.  Silence also asks how large packets may be on the way.
 */
#ifndef DIAG_PLAN_AGAIN_H
#define DIAG_PLAN_AGAIN_H

#include "plan/addrset.h"
#include "plan/queue.h"

/* Less than any path takes, and no need to be more. */
#define AGAIN_PACKET_MAX 1000u
/* Addresses that are measured because of a silence. */
#define AGAIN_PATHS_MAX 8

struct again {
	struct addrset measured;
	size_t n_measured;
	unsigned timeout_ms;	 /* of a repeated handshake */
	unsigned mtu_timeout_ms; /* of a measurement */
};

void again_clear(struct again *a);
/* A fact of this step came: put what it calls for into the queue. */
DIAG_MUST_USE
bool again_learn(struct again *a, struct queue *q, const struct diag_step *step,
		 const struct diag_fact *f, struct diag_err *err);
/* Measure the way to the step's address, unless that was asked for before. */
DIAG_MUST_USE
bool again_measure(struct again *a, struct queue *q,
		   const struct diag_step *step, struct diag_err *err);

#endif
