/* SPDX-License-Identifier: MIT */
/* unbound.c - Unbound.  Source: unbound.conf(5).
 *
 * private-domain lets private addresses pass its rebinding protection,
 * domain-insecure lets unsigned answers pass DNSSEC.
 *
 * local-zone is asked only for the name of the question, never for where an
 * alias leads, so privatelink zones must be auth-zones (for-upstream). */
#include <string.h>

#include "fix/zone/config_internal.h"
#include "fix/zone/dialects.h"
#include "fix/zone/parts.h"

static void put_exceptions(struct parts *p)
{
	parts_put(p, "server:\n");
	for (size_t i = 0; i < p->job->names->n_parents; i++)
		parts_put(p,
			  "\tprivate-domain: \"%s\"\n"
			  "\tdomain-insecure: \"%s\"\n",
			  p->job->names->parents[i], p->job->names->parents[i]);
}

static bool forwarders(const struct diag_zone_job *job,
		       struct diag_arena *arena, struct diag_zone_text *out,
		       struct diag_err *err)
{
	struct parts p;

	parts_init(&p, job, arena);
	parts_begin(&p, true, "pldiag-forwarders.conf");
	parts_head(&p, "#", "include it in unbound.conf");
	put_exceptions(&p);
	for (size_t i = 0; i < job->names->n_parents; i++) {
		parts_put(&p, "forward-zone:\n\tname: \"%s.\"\n",
			  job->names->parents[i]);
		for (size_t k = 0; k < job->n_to; k++) {
			struct parts_addr a;

			parts_put(&p, "\tforward-addr: %s\n",
				  parts_addr(&job->to[k], &a));
		}
		parts_put(&p, "\tforward-first: no\n");
	}
	return parts_end(&p, out, err);
}

static void put_local(struct parts *p, const struct parts_zone *zone)
{
	parts_put(p, "\tlocal-zone: \"%s.\" static\n", zone->name);
	for (size_t i = 0; i < zone->n; i++)
		for (size_t k = 0; k < zone->names[i]->n_addresses; k++) {
			const struct diag_addr *a =
			    &zone->names[i]->addresses[k];
			struct parts_addr text;

			parts_put(p, "\tlocal-data: \"%s. %u IN %s %s\"\n",
				  zone->names[i]->fqdn, p->job->ttl_s,
				  parts_type(a), parts_addr(a, &text));
		}
}

static bool is_alias_target(const struct parts_zone *zone)
{
	return zone->names[0]->zone != NULL &&
	       strcmp(zone->name, zone->names[0]->zone) == 0;
}

static void put_auth(struct parts *p, const struct parts_zone *zone)
{
	parts_put(p,
		  "auth-zone:\n\tname: \"%s.\"\n\tzonefile: \"%s.zone\"\n"
		  "\tfor-downstream: no\n\tfor-upstream: yes\n"
		  "\tfallback-enabled: no\n",
		  zone->name, zone->name);
}

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
	parts_head(&p, "#", "include it in unbound.conf");
	if (job->style == DIAG_STYLE_PRIVATELINK)
		put_exceptions(&p);
	else
		parts_put(&p, "server:\n");
	for (size_t i = 0; i < n; i++)
		if (!is_alias_target(&zones[i]))
			put_local(&p, &zones[i]);
	for (size_t i = 0; i < n; i++)
		if (is_alias_target(&zones[i]))
			put_auth(&p, &zones[i]);
	for (size_t i = 0; i < n; i++)
		if (is_alias_target(&zones[i]))
			parts_zone_files(&p, &zones[i], 1);
	return parts_end(&p, out, err);
}

static const char *const check_config[] = { "unbound-checkconf", "{file}",
					    NULL };

const struct diag_dialect zone_unbound = {
	.key = "unbound",
	.title = "Unbound",
	.comment = "#",
	.forwarders = forwarders,
	.render = render,
	.check_config = check_config,
	.reload = "unbound-control reload",
	.editor = &zone_edit_unbound,
};
