/* SPDX-License-Identifier: MIT */
/* single.c - a plan of one step, so that a test can hold one probe alone. */
#include "run/run_internal.h"

struct single {
	const struct diag_step *step;
	bool given;
};

static bool single_next(void *ctx, struct diag_step *step)
{
	struct single *s = ctx;

	if (s->given)
		return false;
	s->given = true;
	*step = *s->step;
	return true;
}

static void single_free(void *ctx)
{
	(void)ctx;
}

bool diag_probe_run(const struct diag_probe_ops *ops,
		    const struct diag_step *step,
		    const struct diag_run_options *o, struct diag_err *err)
{
	const struct diag_probe_ops *const probes[] = { ops, NULL };
	struct single single = { .step = step };
	struct diag_plan plan = {
		.ctx = &single,
		.next = single_next,
		.free = single_free,
	};
	struct diag_run_options with = *o;
	struct diag_run_result result;

	with.probes = probes;
	return diag_run(&plan, &with, &result, err);
}
