/* SPDX-License-Identifier: MIT */
/* config_hosts.c - a file of hosts(5) lines, as CoreDNS's plugin hosts reads
 * it: the planner of fix/hosts.h with the names as pins. */
#include "fix/zone/config_internal.h"

#include "fix/hosts.h"

static bool pins_of(struct diag_arena *arena,
		    const struct diag_zone_names *names, struct diag_pin **pins,
		    size_t *n)
{
	*pins = NULL;
	*n = 0;
	for (size_t i = 0; i < names->n; i++)
		for (size_t k = 0; k < names->items[i].n_addresses; k++) {
			struct diag_pin *pin =
			    diag_arena_push(arena, pins, n, sizeof(*pin));

			if (pin == NULL)
				return false;
			pin->name = names->items[i].fqdn;
			pin->addr = names->items[i].addresses[k];
		}
	return true;
}

static bool plan(struct diag_arena *arena, struct diag_slice text,
		 const struct diag_zone_config_job *job,
		 struct diag_zone_config_plan *out, struct diag_err *err)
{
	struct diag_err why = { .code = DIAG_OK };
	struct diag_hosts_plan hosts;
	struct diag_pin *pins;
	size_t n;

	if (job->job->names->n > 0 &&
	    (job->forwarders || job->job->style != DIAG_STYLE_NAME))
		return diag_fail(err, DIAG_EUSAGE, "configuration",
				 "%s: a hosts file has full names and "
				 "addresses, no forwarders and no zones",
				 job->file);
	if (!pins_of(arena, job->job->names, &pins, &n))
		return diag_fail_nomem(err, "configuration");
	if (!diag_hosts_plan(arena, text.p, text.len, job->block, pins, n,
			     &hosts, &why))
		return diag_fail(err, why.code, why.op, "%s: %s", job->file,
				 why.what);
	out->edits = hosts.edits;
	out->foreign = hosts.foreign_lines;
	out->foreign_changed = hosts.foreign_changed;
	return true;
}

const struct zone_editor zone_edit_hosts = { .plan = plan };
