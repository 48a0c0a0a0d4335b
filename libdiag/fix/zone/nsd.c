/* SPDX-License-Identifier: MIT */
/* nsd.c - NSD, an authoritative server: zones, no forwarders.  Source:
 * nsd.conf(5). */
#include "fix/zone/dialects.h"
#include "fix/zone/parts.h"

static bool render(const struct diag_zone_job *job, struct diag_arena *arena,
		   struct diag_zone_text *out, struct diag_err *err)
{
	const struct parts_zone *zones;
	struct parts p;
	size_t n;

	if (!parts_zones(job, arena, &zones, &n, err))
		return false;
	parts_init(&p, job, arena);
	parts_begin(&p, true, "pldiag-zones.conf");
	parts_head(&p, "#", "include it in nsd.conf");
	for (size_t i = 0; i < n; i++)
		parts_put(&p,
			  "zone:\n\tname: \"%s\"\n\tzonefile: \"%s.zone\"\n",
			  zones[i].name, zones[i].name);
	parts_zone_files(&p, zones, n);
	return parts_end(&p, out, err);
}

static const char *const check_zone[] = { "nsd-checkzone", "{zone}", "{file}",
					  NULL };
static const char *const check_config[] = { "nsd-checkconf", "{file}", NULL };

const struct diag_dialect zone_nsd = {
	.key = "nsd",
	.title = "NSD",
	.comment = "#",
	.render = render,
	.check_zone = check_zone,
	.check_config = check_config,
	.reload = "nsd-control reload",
};
