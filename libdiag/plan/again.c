/* SPDX-License-Identifier: MIT */
/* again.c - see again.h. */
#include "plan/again.h"

void again_clear(struct again *a)
{
	addrset_clear(&a->measured);
}

bool again_measure(struct again *a, struct queue *q,
		   const struct diag_step *step, struct diag_err *err)
{
	struct diag_step mtu = {
		.probe = DIAG_PROBE_MTU,
		.target = step->target,
		.timeout_ms = a->mtu_timeout_ms,
		.addr = step->addr,
		.port = step->port,
		.stage = step->stage,
		.from = step->from,
	};
	bool fresh = false;

	if (!addrset_add(&a->measured, &step->addr, &fresh, err))
		return false;
	return !fresh || queue_push(q, &mtu, err);
}

static bool repeat(struct again *a, struct queue *q,
		   const struct diag_step *step, unsigned packet_max,
		   struct diag_err *err)
{
	struct diag_step again = *step;

	again.stage = DIAG_STAGE_TLS;
	again.http = NULL;
	again.repeated = true;
	again.packet_max = packet_max;
	if (again.timeout_ms > a->timeout_ms)
		again.timeout_ms = a->timeout_ms;
	return queue_push(q, &again, err);
}

static bool has_no_answer(const struct diag_fact *f)
{
	return f->status == DIAG_ST_TIMEOUT || f->status == DIAG_ST_CUT;
}

static bool is_whole(const struct diag_fact *f)
{
	return !has_no_answer(f) && f->status != DIAG_ST_FAILED &&
	       f->status != DIAG_ST_NOT_RUN;
}

bool again_learn(struct again *a, struct queue *q, const struct diag_step *step,
		 const struct diag_fact *f, struct diag_err *err)
{
	if (f->kind != DIAG_FACT_TLS || step->large)
		return true;
	if (step->repeated)
		return step->packet_max == 0 || !is_whole(f) ||
		       repeat(a, q, step, 0, err);
	if (!has_no_answer(f))
		return true;
	if (!repeat(a, q, step, AGAIN_PACKET_MAX, err))
		return false;
	if (f->status != DIAG_ST_TIMEOUT || a->n_measured == AGAIN_PATHS_MAX)
		return true;
	a->n_measured++;
	return again_measure(a, q, step, err);
}
