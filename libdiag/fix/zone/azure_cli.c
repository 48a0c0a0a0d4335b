/* SPDX-License-Identifier: MIT */
/* azure_cli.c - Azure's own DNS, as commands of the Azure CLI: private zones
 * and records, or rules of a DNS Private Resolver.  Source: the reference of
 * `az network private-dns` and of the extension `dns-resolver`.
 *
 * GROUP, VNET_ID and RULESET are left to the reader: nobody here knows them. */
#include "base/buf.h"
#include "fix/zone/dialects.h"
#include "fix/zone/parts.h"

static const char *group(const struct parts *p)
{
	return p->job->resource_group != NULL ? p->job->resource_group
					      : "GROUP";
}

/* A rule's name: letters, digits and dashes. */
static void put_rule_name(struct parts *p, const char *parent)
{
	for (; *parent != '\0'; parent++)
		parts_put(p, "%c", *parent == '.' ? '-' : *parent);
}

static void put_rule(struct parts *p, const char *parent)
{
	parts_put(p,
		  "az dns-resolver forwarding-rule create -g '%s' "
		  "--ruleset-name RULESET --name '",
		  group(p));
	put_rule_name(p, parent);
	parts_put(p,
		  "' --domain-name '%s.' --forwarding-rule-state Enabled "
		  "--target-dns-servers '[",
		  parent);
	for (size_t i = 0; i < p->job->n_to; i++) {
		struct parts_addr a;

		parts_put(p, "%s{\"ip-address\":\"%s\",\"port\":53}",
			  i > 0 ? "," : "", parts_addr(&p->job->to[i], &a));
	}
	parts_put(p, "]'\n");
}

static bool forwarders(const struct diag_zone_job *job,
		       struct diag_arena *arena, struct diag_zone_text *out,
		       struct diag_err *err)
{
	struct parts p;

	parts_init(&p, job, arena);
	parts_begin(&p, true, "pldiag-forwarders.sh");
	parts_head(&p, "#", "rules of a DNS Private Resolver");
	parts_put(&p, "# A private zone that is linked to the VNet beats a "
		      "rule for the same names.\n");
	for (size_t i = 0; i < job->names->n_parents; i++)
		put_rule(&p, job->names->parents[i]);
	return parts_end(&p, out, err);
}

static void put_record(struct parts *p, const struct parts_zone *zone,
		       const struct diag_zone_name *name,
		       const struct diag_addr *a)
{
	const char *kind = a->family == DIAG_IPV6 ? "aaaa" : "a";
	struct parts_addr text;

	parts_put(p,
		  "az network private-dns record-set %s add-record -g '%s' -z "
		  "'%s' -n '%s' -%c '%s'\n",
		  kind, group(p), zone->name, parts_owner(p, zone, name),
		  a->family == DIAG_IPV6 ? '6' : 'a', parts_addr(a, &text));
}

static void put_zone(struct parts *p, const struct parts_zone *zone)
{
	parts_put(p,
		  "az network private-dns zone create -g '%s' -n '%s'\n"
		  "az network private-dns link vnet create -g '%s' -z '%s' -n "
		  "pldiag -v VNET_ID -e false\n",
		  group(p), zone->name, group(p), zone->name);
	for (size_t i = 0; i < zone->n; i++) {
		const struct diag_zone_name *name = zone->names[i];

		parts_put(p,
			  "az network private-dns record-set a create -g '%s' "
			  "-z '%s' -n '%s' --ttl %u\n",
			  group(p), zone->name, parts_owner(p, zone, name),
			  p->job->ttl_s);
		for (size_t k = 0; k < name->n_addresses; k++)
			put_record(p, zone, name, &name->addresses[k]);
	}
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
	parts_begin(&p, true, "pldiag-zones.sh");
	parts_head(&p, "#", "private DNS zones, linked to the VNet");
	for (size_t i = 0; i < n; i++)
		put_zone(&p, &zones[i]);
	return parts_end(&p, out, err);
}

const struct diag_dialect zone_azure_cli = {
	.key = "azure-cli",
	.title = "Azure DNS, by the Azure CLI",
	.comment = "#",
	.forwarders = forwarders,
	.render = render,
};
