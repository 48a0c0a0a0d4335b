/* SPDX-License-Identifier: MIT */
/* queue.c - see queue.h. */
#include "plan/queue.h"

#include <string.h>

#include "base/mem.h"

#define QUEUE_FIRST 64

void queue_clear(struct queue *q)
{
	diag_free(q->at);
	*q = (struct queue){ 0 };
}

static bool grow(struct queue *q, struct diag_err *err)
{
	size_t cap = q->cap > 0 ? q->cap * 2 : QUEUE_FIRST;
	size_t tail = q->cap - q->first; /* from first to the ring's end */
	struct diag_step *at = diag_alloc_array(cap, sizeof(*at));

	if (at == NULL)
		return diag_fail_nomem(err, "plan");
	if (q->n > 0) {
		memcpy(at, q->at + q->first, tail * sizeof(*at));
		memcpy(at + tail, q->at, q->first * sizeof(*at));
	}
	diag_free(q->at);
	q->at = at;
	q->first = 0;
	q->cap = cap;
	return true;
}

bool queue_push(struct queue *q, const struct diag_step *step,
		struct diag_err *err)
{
	if (q->n == q->cap && !grow(q, err))
		return false;
	q->at[(q->first + q->n++) % q->cap] = *step;
	return true;
}

bool queue_pop(struct queue *q, struct diag_step *step)
{
	if (q->n == 0)
		return false;
	*step = q->at[q->first];
	q->first = (q->first + 1) % q->cap;
	q->n--;
	return true;
}
