/* SPDX-License-Identifier: MIT */
/* advice_dns.c - what to do about names: zones, records, servers, hosts lines.
 *
 * Rows of one code are offered in the order of the table, each whose
 * conditions hold: first what helps here and now, then what lasts.  Hosts
 * lines name only addresses that the inventory knows, are never lasting, and
 * are no advice where a machine inside the VNet asks Azure's own resolver:
 * there the zone's link is the repair.
 *
 * A command is printed only if it exists and does what it says; what must be
 * filled in by hand is in CAPITALS.
 */
#include "verdict/advice_hosts.h"

#include <string.h>

/* --- conditions ----------------------------------------------------------- */

/* A name server of the virtual network itself. */
static bool asks_vnet(const struct advice *a)
{
	return a->server && !a->server->azure &&
	       diag_inventory_has_net(a->j->c->inventory, &a->server->at.addr);
}

/* A resolver of the internet, which nobody here can teach anything. */
static bool asks_internet(const struct advice *a)
{
	return a->server && !a->server->azure && !asks_vnet(a) &&
	       diag_scope_of(&a->server->at.addr) == DIAG_SCOPE_PUBLIC;
}

static bool is_teachable(const struct advice *a)
{
	return !asks_internet(a);
}

static bool asks_company(const struct advice *a)
{
	return !advice_asks_azure(a) && !asks_vnet(a) && !asks_internet(a);
}

/* One of the company or the VNet, which may hold records of its own. */
static bool has_own_server(const struct advice *a)
{
	return a->server && (asks_vnet(a) || asks_company(a));
}

static bool no_own_server(const struct advice *a)
{
	return !has_own_server(a);
}

/* The subject is the system view: no server is meant. */
static bool is_system(const struct advice *a)
{
	return strcmp(a->d->subject, "system") == 0;
}

/* Asked only because the user named it. */
static bool not_configured(const struct advice *a)
{
	return !is_system(a) && a->server && !a->server->server;
}

static bool configured_outside(const struct advice *a)
{
	return !is_system(a) && !not_configured(a) && advice_asks_azure(a) &&
	       !a->origin->inside;
}

/* A server that sent any DNS reply has an administrator to ask. */
static bool has_replied(const struct advice *a)
{
	return a->server && a->server->n_replies > 0;
}

static bool never_replied(const struct advice *a)
{
	return !has_replied(a);
}

static bool has_tunnel(const struct advice *a)
{
	return a->origin->tunnel_up;
}

static bool configured_inside(const struct advice *a)
{
	return !is_system(a) && !not_configured(a) && !configured_outside(a);
}

/* A policy of Windows sends other names where these should go too. */
static bool lacks_rule(const struct advice *a)
{
	return advice_policy(a) != NULL;
}

/* A VPN is up and names still go to a server outside of it. */
static bool vpn_without_dns(const struct advice *a)
{
	if (lacks_rule(a) || !has_tunnel(a) || advice_asks_azure(a) ||
	    asks_vnet(a))
		return false;
	return !a->server || !a->server->server ||
	       !a->server->server->interface ||
	       !diag_scope_is_private(diag_scope_of(&a->server->at.addr));
}

static bool has_stub(const struct advice *a)
{
	for (size_t i = 0; i < a->origin->n_views; i++)
		if (a->origin->views[i].stub)
			return true;
	return false;
}

static bool no_stub(const struct advice *a)
{
	return !has_stub(a);
}

/* --- the rows ------------------------------------------------------------- */

#define WRONG_RECORD                                                          \
	"Correct the A record of {names} to {addresses}: a private endpoint " \
	"that is made anew gets a new address, and records made by hand "     \
	"stay behind."
#define MIXED_RECORD \
	"Remove every address but {addresses} from the record of {names}."
/* It may also pass on what another holds. */
#define OWN_RECORD "  If {server} holds the record itself, {filechoices}:"

#define CLIENT (1u << DIAG_ROLE_CLIENT)

#define LINK_ZONE(c)                                                          \
	{                                                                     \
		.code = (c), .when = advice_asks_azure, .kind = "link-zone",  \
		.who = DIAG_WHO_AZURE_ADMIN, .lasting = true,                 \
		.command =                                                    \
		    "az network private-dns link vnet create "                \
		    "--resource-group RESOURCE-GROUP --zone-name {zone} "     \
		    "--name LINK-NAME --virtual-network VNET-ID "             \
		    "--registration-enabled false",                           \
		.text = "Link {zones} to the virtual network whose machines " \
			"ask 168.63.129.16 here, each zone once."             \
	}

/* The public parents, never the privatelink zones (azure.md 7.1); without
 * "only", BIND falls back to the internet and its public answers. */
#define FORWARDERS(c)                                                          \
	{ .code = (c),                                                         \
	  .when = asks_vnet,                                                   \
	  .kind = "forwarder",                                                 \
	  .who = DIAG_WHO_DNS_ADMIN,                                           \
	  .lasting = true,                                                     \
	  .command = "{plzone}",                                               \
	  .text =                                                              \
	      "On {server} forward {parents} (the public parents, not the "    \
	      "privatelink zones) to 168.63.129.16, with no fallback to "      \
	      "the internet, and link {zones} to its virtual "                 \
	      "network.{choices}" },                                           \
	    { .code = (c),                                                     \
	      .when = asks_company,                                            \
	      .kind = "forwarder",                                             \
	      .who = DIAG_WHO_DNS_ADMIN,                                       \
	      .lasting = true,                                                 \
	      .command = "{plzone}",                                           \
	      .text =                                                          \
		  "On {server}, or on the server it asks, forward {parents} "  \
		  "(the public parents, not the privatelink zones) to a name " \
		  "server inside the VNet that asks 168.63.129.16, with no "   \
		  "fallback to the internet.{choices}" },                      \
	{                                                                      \
		.code = (c), .when = asks_internet, .kind = "forwarder",       \
		.who = DIAG_WHO_DNS_ADMIN, .lasting = true,                    \
		.text = "{server} is a server of the internet and never sees " \
			"private zones: let this machine ask a name server "   \
			"inside the VNet, or one of the company that "         \
			"forwards {parents} to it."                            \
	}

#define INSTANCE_TEXT                                                  \
	"Azure never makes a record for a compute instance.  Forward " \
	"{parents} to a name server inside the VNet that asks "        \
	"168.63.129.16, or give each instance an A record with the "   \
	"address of the workspace's API endpoint ({addresses})."

const struct advice_row advice_dns[] = {
	/* zones and records */
	HOSTS_QUICK("dns.zone-not-visible"),
	{ .code = "dns.zone-not-visible",
	  .roles = CLIENT,
	  .when = lacks_rule,
	  .kind = "policy",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .command = "Add-DnsClientNrptRule -Namespace {suffixes} "
		     "-NameServers {policyserver}",
	  .text = "The policy (NRPT) of {host} sends other names to "
		  "{policyserver}, and these not: add a rule for {lacking} "
		  "where the others come from (group policy, Intune, the VPN "
		  "profile).  The command, in PowerShell as administrator, "
		  "adds one by hand; it counts only where group policy has "
		  "none." },
	{ .code = "dns.zone-not-visible",
	  .roles = CLIENT,
	  .when = vpn_without_dns,
	  .kind = "vpn",
	  .who = DIAG_WHO_VPN_ADMIN,
	  .lasting = true,
	  .text = "The VPN is up but names go to {server}: let the VPN profile "
		  "hand out a name server of the VNet, for all names or for "
		  "{parents}." },
	LINK_ZONE("dns.zone-not-visible"),
	FORWARDERS("dns.zone-not-visible"),
	HOSTS_QUICK("dns.record-missing"),
	{ .code = "dns.record-missing",
	  .kind = "zone-record",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .command = "az network private-endpoint dns-zone-group create "
		     "--resource-group RESOURCE-GROUP --endpoint-name "
		     "ENDPOINT --name default --private-dns-zone {zone} "
		     "--zone-name {zone}",
	  .text = "The zone {zones} is there and has no record for {names}: "
		  "attach a DNS zone group to the private endpoint, or add "
		  "the A record by hand (pl-zone render {inv} --for azure-cli "
		  "--style privatelink prints the commands).  If the record "
		  "exists, it sits in a "
		  "second zone of the same name: link that one instead." },
	{ .code = "dns.no-private-endpoint",
	  .kind = "endpoint",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .text = "Create a private endpoint for {names}, or approve the one "
		  "that waits: without an approved endpoint Azure gives the "
		  "name no privatelink alias." },
	HOSTS_QUICK("dns.instance-not-private"),
	{ .code = "dns.instance-not-private",
	  .when = is_teachable,
	  .kind = "zone-record",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .command = "{plzone}",
	  .text = INSTANCE_TEXT "{choices}" },
	{ .code = "dns.instance-not-private",
	  .when = asks_internet,
	  .kind = "zone-record",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = INSTANCE_TEXT },
	{ .code = "dns.name-not-found",
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .lasting = true,
	  .text = "The name {first} does not exist anywhere: check the "
		  "workspace id, the region and the spelling against the "
		  "address bar or the portal." },
	/* addresses */
	HOSTS_QUICK("dns.wrong-address"),
	{ .code = "dns.wrong-address",
	  .when = no_own_server,
	  .kind = "zone-record",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = WRONG_RECORD },
	{ .code = "dns.wrong-address",
	  .when = has_own_server,
	  .kind = "zone-record",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .command = "{plzonefile}",
	  .text = WRONG_RECORD OWN_RECORD },
	HOSTS_QUICK("dns.mixed-answer"),
	{ .code = "dns.mixed-answer",
	  .when = no_own_server,
	  .kind = "zone-record",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = MIXED_RECORD },
	{ .code = "dns.mixed-answer",
	  .when = has_own_server,
	  .kind = "zone-record",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .command = "{plzonefile}",
	  .text = MIXED_RECORD OWN_RECORD },
	HOSTS_QUICK("dns.unusable-address"),
	{ .code = "dns.unusable-address",
	  .kind = "zone-record",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "{server} answers {names} with an address that can never be "
		  "a private endpoint: remove the block-list entry or record "
		  "that does it." },
	{ .code = "dns.other-endpoint",
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .lasting = true,
	  .text = "Nothing is broken.  Add the address that was met to "
		  "{inv}, or correct the record if {names} should lead to "
		  "{addresses}." },
	{ .code = "dns.synthetic-address",
	  .kind = "text",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "A zero-trust client on this machine takes these names over "
		  "and does not carry them: publish {networks} and {names} in "
		  "it, or exclude them from it." },
	{ .code = "dns.ipv6-answer",
	  .kind = "zone-record",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "Private endpoints have no IPv6 address: remove the AAAA "
		  "records of {names}, or stop DNS64 for these names." },
	{ .code = "net.no-ipv4",
	  .kind = "text",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "This network has IPv6 only and translates nothing: use a "
		  "network with IPv4 or NAT64, or a VPN that brings IPv4." },
	/* servers */
	HOSTS_QUICK("dns.rebinding-filter"),
	{ .code = "dns.rebinding-filter",
	  .kind = "text",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "{server} removes private addresses from answers (rebinding "
		  "protection).  Allow them for {parents}: dnsmasq "
		  "rebind-domain-ok=, Unbound private-domain:, or the router's "
		  "exception list." },
	{ .code = "dns.resolvers-disagree",
	  .kind = "text",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "Every server that this machine may ask must give the same "
		  "answer: remove the one that does not see the private "
		  "zones, or forward {parents} on it too." },
	{ .code = "dns.flapping",
	  .kind = "text",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "{server} gives private and public answers in turn: one of "
		  "the servers it forwards to does not see the private zones. "
		  "Forward {parents} only to servers inside the VNet." },
	{ .code = "dns.stale-cache",
	  .when = has_stub,
	  .kind = "flush",
	  .who = DIAG_WHO_USER,
	  .command = "sudo resolvectl flush-caches",
	  .text = "This machine keeps an old answer: empty its cache, then "
		  "restart the browser." },
	{ .code = "dns.stale-cache",
	  .when = no_stub,
	  .kind = "flush",
	  .who = DIAG_WHO_USER,
	  .text = "This machine keeps an old answer: empty its cache (restart "
		  "nscd or dnsmasq; on Windows ipconfig /flushdns), then "
		  "restart the browser." },
	{ .code = "dns.search-suffix",
	  .kind = "text",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "A search domain of this machine answers in place of the "
		  "name (a wildcard there, or ndots above the dots in the "
		  "name): remove the wildcard or the search domain, or lower "
		  "ndots in /etc/resolv.conf." },
	{ .code = "dns.public-name-hidden",
	  .kind = "zone-record",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "{server} hosts a parent zone of {names} and hides the "
		  "public names in it: remove that zone and forward it, or "
		  "host one small zone for each private name instead." },
	{ .code = "dns.no-internet-names",
	  .kind = "text",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "No public name resolves, and sign-in and the studio are "
		  "public: let {server} resolve internet names, or send "
		  "browsers through a proxy that does." },
	{ .code = "dns.server-silent",
	  .when = configured_outside,
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .lasting = true,
	  .text = "{server} answers only inside a virtual network: take it "
		  "out of this machine's configuration and ask a name server "
		  "of the VNet instead." },
	{ .code = "dns.server-silent",
	  .when = is_system,
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .text = "This machine's own look-up hangs.  If its name servers "
		  "answer, restart its cache (systemd-resolved, nscd, sssd) "
		  "and look at the hosts: line of /etc/nsswitch.conf." },
	{ .code = "dns.server-silent",
	  .when = not_configured,
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .text = "{server} was asked because you named it, and does not "
		  "answer from here: leave it out, or connect the network it "
		  "lives in." },
	{ .code = "dns.server-silent",
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .lasting = true,
	  .when = configured_inside,
	  .text = "{server} does not answer: take it out of this machine's "
		  "configuration, connect the VPN it lives behind, or have it "
		  "started again." },
	{ .code = "dns.server-failing",
	  .when = never_replied,
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .lasting = true,
	  .text = "Nothing at {server} answers DNS: connect the network or VPN "
		  "it lives in, or take it out of this machine's "
		  "configuration." },
	{ .code = "dns.server-failing",
	  .when = has_replied,
	  .kind = "text",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "{server} answers with a failure: look at its log for "
		  "{names} (a forwarder that cannot be reached, DNSSEC "
		  "validation of a private zone, an access list)." },
	{ .code = "dns.tcp-blocked",
	  .kind = "firewall",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Let TCP port 53 to {server} through: answers too long for "
		  "UDP come over TCP." },
	/* hosts */
	{ .code = "hosts.malformed",
	  .when = advice_file_is_here,
	  .kind = "hosts",
	  .who = DIAG_WHO_USER,
	  .lasting = true,
	  .with = ADVICE_OWN_LINES,
	  .command = "sudo pl-hosts lint --fix{hostsoption}",
	  .undo = "sudo pl-hosts undo{hostsoption}",
	  .text = "Let {hosts} be corrected, so that {names} stand there as "
		  "programs read them:" },
	{ .code = "hosts.overrides-dns",
	  .when = advice_own_here,
	  .kind = "hosts",
	  .who = DIAG_WHO_USER,
	  .lasting = true,
	  .with = ADVICE_OWN_LINES,
	  .command = "sudo pl-hosts apply {inv}{hostsoption}",
	  .undo = "sudo pl-hosts undo{hostsoption}",
	  .text = "Correct {hosts}: let {names} stand there with the right "
		  "address:" },
	{ .code = "hosts.*",
	  .kind = "hosts",
	  .who = DIAG_WHO_USER,
	  .lasting = true,
	  .with = ADVICE_OWN_LINES,
	  .text = "Correct {hosts}: let {names} stand there with the right "
		  "address, or not at all if DNS answers right without." },
	{ .code = NULL },
};
