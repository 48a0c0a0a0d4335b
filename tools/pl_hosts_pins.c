/* SPDX-License-Identifier: MIT */
/* pl_hosts_pins.c - names and addresses as the planner takes them. */
#include "tools/pl_hosts_wanted.h"

bool hosts_pins(struct diag_arena *arena, const struct hosts_wanted *wanted,
		struct hosts_pinned *out, struct diag_err *err)
{
	struct diag_pin *pins;
	size_t n = 0;

	for (size_t i = 0; i < wanted->n_names; i++)
		n += wanted->names[i].n;
	pins = diag_arena_array(arena, n + 1, sizeof(*pins));
	if (pins == NULL)
		return diag_fail_nomem(err, "pl-hosts");
	*out = (struct hosts_pinned){ .wanted = wanted, .pins = pins };
	for (size_t i = 0; i < wanted->n_names; i++)
		for (size_t k = 0; k < wanted->names[i].n; k++)
			pins[out->n++] = (struct diag_pin){
				.name = wanted->names[i].name,
				.addr = wanted->names[i].addresses[k],
			};
	return true;
}

bool hosts_plan_pins(void *ctx, struct diag_arena *arena, const char *text,
		     size_t len, struct diag_hosts_plan *out,
		     struct diag_err *err)
{
	const struct hosts_pinned *p = ctx;

	return diag_hosts_plan(arena, text, len, p->wanted->block, p->pins,
			       p->n, out, err);
}
