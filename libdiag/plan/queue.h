/* SPDX-License-Identifier: MIT */
/* queue.h - steps that are decided and not yet taken, first in, first out;
 * private to this room.  A ring that grows; its size is what is decided at
 * once, not what a whole run asks. */
#ifndef DIAG_PLAN_QUEUE_H
#define DIAG_PLAN_QUEUE_H

#include "plan/plan.h"

struct queue {
	struct diag_step *at;
	size_t first, n, cap;
};

void queue_clear(struct queue *q);
DIAG_MUST_USE
bool queue_push(struct queue *q, const struct diag_step *step,
		struct diag_err *err);
bool queue_pop(struct queue *q, struct diag_step *step);

#endif
