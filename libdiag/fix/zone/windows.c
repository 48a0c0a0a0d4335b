/* SPDX-License-Identifier: MIT */
/* windows.c - Windows DNS Server and the name resolution policy of clients, in
 * PowerShell.  Source: the DnsServer and DnsClient modules' reference.
 *
 * -UseRecursion $false is what "forward only" is elsewhere.  Names and
 * addresses hold no quote (they are normalised), so single quotes do. */
#include "fix/zone/dialects.h"
#include "fix/zone/parts.h"

static void put_to(struct parts *p, const char *quote)
{
	for (size_t i = 0; i < p->job->n_to; i++) {
		struct parts_addr a;

		parts_put(p, "%s%s%s%s", i > 0 ? "," : "", quote,
			  parts_addr(&p->job->to[i], &a), quote);
	}
}

static void put_server(struct parts *p)
{
	parts_begin(p, true, "pldiag-forwarders.ps1");
	parts_head(p, "#", "run it on the DNS server, as administrator");
	parts_put(p, "$to = ");
	put_to(p, "'");
	parts_put(p, "\nforeach ($zone in @(\n");
	for (size_t i = 0; i < p->job->names->n_parents; i++)
		parts_put(p, "    '%s'%s\n", p->job->names->parents[i],
			  i + 1 < p->job->names->n_parents ? "," : "");
	parts_put(p, "  )) {\n"
		     "  if (Get-DnsServerZone -Name $zone -ErrorAction "
		     "SilentlyContinue) {\n"
		     "    Set-DnsServerConditionalForwarderZone -Name $zone "
		     "-MasterServers $to -UseRecursion $false -ErrorAction "
		     "Stop\n"
		     "  } else {\n"
		     "    Add-DnsServerConditionalForwarderZone -Name $zone "
		     "-MasterServers $to -UseRecursion $false -ErrorAction "
		     "Stop\n"
		     "  }\n"
		     "}\n"
		     "Clear-DnsServerCache -Force\n");
}

static void put_client(struct parts *p)
{
	parts_begin(p, true, "pldiag-nrpt.ps1");
	parts_head(p, "#",
		   "or: run it on one Windows client, as administrator");
	for (size_t i = 0; i < p->job->names->n_parents; i++) {
		parts_put(p,
			  "Add-DnsClientNrptRule -Namespace '.%s' "
			  "-NameServers ",
			  p->job->names->parents[i]);
		put_to(p, "'");
		parts_put(p, " -Comment 'pldiag %s'\n", p->label);
	}
	parts_put(p,
		  "Clear-DnsClientCache\n"
		  "# Undo: Get-DnsClientNrptRule | Where-Object Comment -eq "
		  "'pldiag %s' | Remove-DnsClientNrptRule -Force\n",
		  p->label);
}

static bool forwarders(const struct diag_zone_job *job,
		       struct diag_arena *arena, struct diag_zone_text *out,
		       struct diag_err *err)
{
	struct parts p;

	parts_init(&p, job, arena);
	put_server(&p);
	put_client(&p);
	return parts_end(&p, out, err);
}

static void put_zone(struct parts *p, const struct parts_zone *zone)
{
	parts_put(p,
		  "if (-not (Get-DnsServerZone -Name '%s' -ErrorAction "
		  "SilentlyContinue)) {\n"
		  "  Add-DnsServerPrimaryZone -Name '%s' -ZoneFile '%s.dns' "
		  "-ErrorAction Stop\n}\n",
		  zone->name, zone->name, zone->name);
	for (size_t i = 0; i < zone->n; i++) {
		const char *owner = parts_owner(p, zone, zone->names[i]);

		parts_put(p,
			  "Get-DnsServerResourceRecord -ZoneName '%s' -Name "
			  "'%s' -RRType A -ErrorAction SilentlyContinue |\n"
			  "  Remove-DnsServerResourceRecord -ZoneName '%s' "
			  "-Force\n",
			  zone->name, owner, zone->name);
		for (size_t k = 0; k < zone->names[i]->n_addresses; k++) {
			const struct diag_addr *a =
			    &zone->names[i]->addresses[k];
			bool six = a->family == DIAG_IPV6;
			struct parts_addr text;

			parts_put(p,
				  "Add-DnsServerResourceRecord%s -ZoneName "
				  "'%s' -Name '%s' -%s '%s' -TimeToLive "
				  "00:%02u:%02u -ErrorAction Stop\n",
				  parts_type(a), zone->name, owner,
				  six ? "IPv6Address" : "IPv4Address",
				  parts_addr(a, &text), p->job->ttl_s / 60,
				  p->job->ttl_s % 60);
		}
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
	parts_begin(&p, true, "pldiag-zones.ps1");
	parts_head(&p, "#", "run it on the DNS server, as administrator");
	for (size_t i = 0; i < n; i++)
		put_zone(&p, &zones[i]);
	return parts_end(&p, out, err);
}

const struct diag_dialect zone_windows = {
	.key = "windows",
	.title = "Windows DNS Server, and NRPT on Windows clients",
	.comment = "#",
	.forwarders = forwarders,
	.render = render,
	.reload = "Clear-DnsServerCache -Force",
};
