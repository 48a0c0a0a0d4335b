/* SPDX-License-Identifier: MIT */
/* advice_azure.c - what to do about what Azure's documents say: exact commands
 * of the Azure CLI.  What must be filled in by hand is in CAPITALS.
 *
 * These findings are causes only where the facts fit them, or where nothing
 * worse is there; documents that are old are gathered again first.
 */
#include "verdict/advice_hosts.h"

#include <string.h>

static bool is_proven(const struct advice *a)
{
	return !a->d->beside;
}

static bool is_beside(const struct advice *a)
{
	return a->d->beside;
}

static bool explains(const struct advice *a, const char *code)
{
	for (size_t i = 0; a->cause && i < a->cause->n_explains; i++)
		if (strcmp(a->cause->explains[i]->info->code, code) == 0)
			return true;
	return false;
}

static bool keeps_old_answer(const struct advice *a)
{
	return explains(a, "dns.stale-cache");
}

static bool is_in_the_way(const struct advice *a)
{
	return explains(a, "net.local-overlap");
}

/* The record's present value is known. */
static bool knows_old(const struct advice *a)
{
	struct diag_addr at;

	return is_proven(a) && diag_addr_parse(a->d->subject, &at);
}

static bool knows_command(const struct advice *a)
{
	return a->d->repair != NULL;
}

static bool lacks_command(const struct advice *a)
{
	return a->d->repair == NULL;
}

/* Both need the names of things that only the administrator knows. */
#define GROUP "--resource-group RESOURCE-GROUP "

/* A document may be old: look before changing anything. */
#define GATHER(c)                                                              \
	{                                                                      \
		.code = (c), .when = is_beside, .kind = "gather",              \
		.who = DIAG_WHO_USER,                                          \
		.command =                                                     \
		    "pl-inventory gather --workspace {workspace} > gather.sh", \
		.text = "The documents may be old: run the script that this "  \
			"prints where az works, import what it collects "      \
			"with pl-inventory import, and run this again with "   \
			"it."                                                  \
	}

const struct advice_row advice_azure[] = {
	GATHER("endpoint.not-approved"),
	{ .code = "endpoint.not-approved",
	  .kind = "endpoint",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .command =
	      "az network private-endpoint-connection list --id RESOURCE-ID "
	      "--query \"[].{id:id,state:properties."
	      "privateLinkServiceConnectionState.status}\" -o table",
	  .text = "Look at the connections of the resource behind {names} "
		  "(portal: the resource, Networking, Private endpoint "
		  "connections).  A Rejected or Disconnected one cannot be "
		  "approved any more: delete its private endpoint and create "
		  "it anew." },
	{ .code = "endpoint.not-approved",
	  .kind = "endpoint",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .command = "az network private-endpoint-connection approve --id "
		     "CONNECTION-ID --description approved",
	  .text = "If it is Pending, approve it:" },
	GATHER("endpoint.zone-missing"),
	HOSTS_QUICK("endpoint.zone-missing"),
	{ .code = "endpoint.zone-missing",
	  .kind = "zone-record",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .command = "az network private-endpoint dns-zone-group add " GROUP
		     "--endpoint-name ENDPOINT --name default "
		     "--private-dns-zone {zone} --zone-name {zone}",
	  .text = "Let the private endpoint write into {zone} too (portal: the "
		  "endpoint, DNS configuration, Add configuration); it then "
		  "keeps the record of {names} by itself.  The zone must be "
		  "there and linked to the virtual network." },
	GATHER("zone.not-linked"),
	HOSTS_QUICK("zone.not-linked"),
	{ .code = "zone.not-linked",
	  .kind = "link-zone",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .command = "az network private-dns link vnet create " GROUP
		     "--zone-name {zone} --name LINK-NAME --virtual-network "
		     "VNET-ID --registration-enabled false",
	  .text = "Link {zones} to the virtual network in which names are "
		  "asked for (portal: the zone, Virtual network links, Add), "
		  "each zone once." },
	GATHER("inventory.stale-record"),
	HOSTS_QUICK("inventory.stale-record"),
	{ .code = "inventory.stale-record",
	  .kind = "zone-record",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .command = "az network private-dns record-set a add-record " GROUP
		     "--zone-name {zone} --record-set-name {record} "
		     "--ipv4-address {address}",
	  .text = "Give the record of {names} the endpoint's present address "
		  "(portal: the private DNS zone, Recordsets).  A DNS zone "
		  "group on the endpoint keeps it right for good." },
	{ .code = "inventory.stale-record",
	  .when = knows_old,
	  .kind = "zone-record",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .command = "az network private-dns record-set a remove-record " GROUP
		     "--zone-name {zone} --record-set-name {record} "
		     "--ipv4-address {subject}",
	  .text = "Take the old address out of it:" },
	{ .code = "vnet.docker-range",
	  .when = is_in_the_way,
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .text = "On this machine, for now: give Docker another address range "
		  "(default-address-pools or bip in "
		  "/etc/docker/daemon.json) and restart it." },
	{ .code = "vnet.docker-range",
	  .kind = "text",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .text = "Move the workspace's endpoints and compute to a virtual "
		  "network outside 172.17.0.0/16, which Docker takes for "
		  "itself on every compute; Azure Machine Learning does not "
		  "support that range." },
	{ .code = "zone.ttl",
	  .when = keeps_old_answer,
	  .kind = "flush",
	  .who = DIAG_WHO_USER,
	  .text = "This machine keeps an old answer: empty its cache "
		  "(resolvectl flush-caches; restart nscd or dnsmasq; on "
		  "Windows ipconfig /flushdns), then restart the browser." },
	{ .code = "zone.ttl",
	  .kind = "zone-record",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .command = "az network private-dns record-set a update " GROUP
		     "--zone-name {zone} --name {record} --set ttl=300",
	  .text = "Let the record live for 10 to 600 seconds, so that a change "
		  "is seen soon." },
	{ .code = "port.required-blocked",
	  .when = knows_command,
	  .kind = "firewall",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .command = "{repair}",
	  .text = "Let the connection through before the rule that denies it, "
		  "or correct that rule (portal: the network security group, "
		  "security rules):" },
	{ .code = "port.required-blocked",
	  .when = lacks_command,
	  .kind = "firewall",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .text = "Correct the rule that denies {addresses} (portal: the "
		  "network security group, security rules): no priority is "
		  "free before it, so it has to get a higher number." },
	{ .code = "nsg.too-wide",
	  .when = knows_command,
	  .kind = "firewall",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .command = "{repair}",
	  .text = "Narrow the rule to who needs it (the proof names every "
		  "one):" },
	{ .code = "nsg.too-wide",
	  .when = lacks_command,
	  .kind = "firewall",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .command = "az network nsg rule update " GROUP
		     "--nsg-name GROUP --name RULE "
		     "--source-address-prefixes WHO-NEEDS-IT",
	  .text = "Narrow the rule to who needs it: AzureMachineLearning for "
		  "44224, BatchNodeManagement for 29876-29877, your own "
		  "addresses for 22 and 3389.  A rule for more ports has to "
		  "become two." },
	{ .code = "azure.diagnose",
	  .kind = "text",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .command = "az ml workspace diagnose --name {workspace} "
		     "--resource-group RESOURCE-GROUP",
	  .text = "Read what Azure's diagnosis says, repair it there, and run "
		  "it again." },
	{ .code = NULL },
};
