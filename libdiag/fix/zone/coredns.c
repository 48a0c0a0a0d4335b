/* SPDX-License-Identifier: MIT */
/* coredns.c - CoreDNS.  Source: its plugins forward, file and hosts.
 *
 * Each zone gets a server block of its own, which beats the block for "." by
 * being longer.  The file plugin loads a changed zone only when the serial has
 * changed (parts.c sees to it). */
#include "fix/zone/config_internal.h"
#include "fix/zone/dialects.h"
#include "fix/zone/parts.h"

static bool forwarders(const struct diag_zone_job *job,
		       struct diag_arena *arena, struct diag_zone_text *out,
		       struct diag_err *err)
{
	struct parts p;

	parts_init(&p, job, arena);
	parts_begin(&p, true, "pldiag-forwarders.conf");
	parts_head(&p, "#", "import it in the Corefile");
	for (size_t i = 0; i < job->names->n_parents; i++) {
		parts_put(&p,
			  "%s:53 {\n    errors\n    cache 30\n    forward .",
			  job->names->parents[i]);
		for (size_t k = 0; k < job->n_to; k++) {
			struct parts_addr a;

			parts_put(&p, " %s", parts_addr(&job->to[k], &a));
		}
		parts_put(&p, "\n}\n");
	}
	return parts_end(&p, out, err);
}

static bool render(const struct diag_zone_job *job, struct diag_arena *arena,
		   struct diag_zone_text *out, struct diag_err *err)
{
	const struct parts_zone *zones;
	struct parts p;
	size_t n;

	if (job->style == DIAG_STYLE_PRIVATELINK)
		return diag_fail(err, DIAG_EUSAGE, "coredns",
				 "it does not look up where an alias from "
				 "elsewhere leads: leave --style out");
	if (!parts_zones(job, arena, &zones, &n, err))
		return false;
	parts_init(&p, job, arena);
	parts_begin(&p, true, "pldiag-zones.conf");
	parts_head(&p, "#", "import it in the Corefile");
	for (size_t i = 0; i < n; i++)
		parts_put(&p, "%s:53 {\n    errors\n    file %s.zone\n}\n",
			  zones[i].name, zones[i].name);
	parts_zone_files(&p, zones, n);
	return parts_end(&p, out, err);
}

const struct diag_dialect zone_coredns = {
	.key = "coredns",
	.title = "CoreDNS",
	.comment = "#",
	.forwarders = forwarders,
	.render = render,
	.reload = "kill -USR1 $(pidof coredns)",
	.editor = &zone_edit_hosts,
};
