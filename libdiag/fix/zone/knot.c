/* SPDX-License-Identifier: MIT */
/* knot.c - Knot DNS (knotd), an authoritative server: zones, no forwarders.
 * Source: Knot DNS, "Configuration reference", section zone. */
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
	parts_head(&p, "#", "include it in knot.conf");
	parts_put(&p, "zone:\n");
	for (size_t i = 0; i < n; i++)
		parts_put(&p, "  - domain: \"%s\"\n    file: \"%s.zone\"\n",
			  zones[i].name, zones[i].name);
	parts_zone_files(&p, zones, n);
	return parts_end(&p, out, err);
}

static const char *const check_zone[] = { "kzonecheck", "-o", "{zone}",
					  "{file}", NULL };
static const char *const check_config[] = { "knotc", "-c", "{file}",
					    "conf-check", NULL };

const struct diag_dialect zone_knot = {
	.key = "knot",
	.title = "Knot DNS",
	.comment = "#",
	.render = render,
	.check_zone = check_zone,
	.check_config = check_config,
	.reload = "knotc reload",
};
