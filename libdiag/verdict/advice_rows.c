/* SPDX-License-Identifier: MIT */
/* advice_rows.c - one row per (cause, role) and what was found: who does what.
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
#include "verdict/advice.h"

/* --- conditions ----------------------------------------------------------- */

static bool asks_azure(const struct advice *a)
{
	return a->server && a->server->azure;
}

static bool asks_other(const struct advice *a)
{
	return !asks_azure(a);
}

static bool has_lines(const struct advice *a)
{
	return a->n_lines > 0;
}

/* Hosts lines as the quick repair. */
static bool quick_lines(const struct advice *a)
{
	return has_lines(a) &&
	       !(asks_azure(a) && a->j->c->role != DIAG_ROLE_CLIENT);
}

static bool has_tunnel(const struct advice *a)
{
	return a->origin->tunnel_up;
}

/* A VPN is up and names still go to a server outside of it. */
static bool vpn_without_dns(const struct advice *a)
{
	if (!has_tunnel(a) || asks_azure(a))
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

#define CLIENT (1u << DIAG_ROLE_CLIENT)

#define HOSTS_QUICK(c)                                                         \
	{                                                                      \
		.code = (c), .when = quick_lines, .kind = "hosts",             \
		.who = DIAG_WHO_USER, .lines = true,                           \
		.text = "Quick repair on this machine: add these lines to "    \
			"{hosts}; "                                            \
			"take them out again once the lasting repair is made." \
	}

#define LINK_ZONE(c)                                                           \
	{                                                                      \
		.code = (c), .when = asks_azure, .kind = "link-zone",          \
		.who = DIAG_WHO_AZURE_ADMIN, .lasting = true,                  \
		.command =                                                     \
		    "az network private-dns link vnet create "                 \
		    "--resource-group RESOURCE-GROUP --zone-name {zone} "      \
		    "--name LINK-NAME --virtual-network VNET-ID "              \
		    "--registration-enabled false",                            \
		.text = "Link {zones} to the virtual network of this machine." \
	}

#define FORWARDER(c)                                                           \
	{                                                                      \
		.code = (c), .when = asks_other, .kind = "forwarder",          \
		.who = DIAG_WHO_DNS_ADMIN, .lasting = true,                    \
		.text =                                                        \
		    "On {server}, or on the server it asks, forward "          \
		    "{parents} "                                               \
		    "(the public parents, not the privatelink zones) to a "    \
		    "name "                                                    \
		    "server inside the VNet that asks 168.63.129.16; forward " \
		    "only, no fallback to the internet."                       \
	}

const struct advice_row advice_rows[] = {
	/* zones and records */
	HOSTS_QUICK("dns.zone-not-visible"),
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
	FORWARDER("dns.zone-not-visible"),
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
		  "the A record by hand.  If the record exists, it sits in a "
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
	  .kind = "zone-record",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "Azure never makes a record for a compute instance.  Forward "
		  "{parents} to a name server inside the VNet that asks "
		  "168.63.129.16, or give each instance an A record with the "
		  "address of the workspace's API endpoint ({addresses})." },
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
	  .kind = "zone-record",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "Correct the A record of {names} to {addresses}: a private "
		  "endpoint that is made anew gets a new address, and records "
		  "made by hand stay behind." },
	HOSTS_QUICK("dns.mixed-answer"),
	{ .code = "dns.mixed-answer",
	  .kind = "zone-record",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "Remove every address but {addresses} from the record of "
		  "{names}." },
	HOSTS_QUICK("dns.unusable-address"),
	{ .code = "dns.unusable-address",
	  .kind = "zone-record",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "{server} answers {names} with an address that can never be "
		  "a private endpoint: remove the block-list entry or record "
		  "that does it." },
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
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .lasting = true,
	  .text = "{server} does not answer: take it out of this machine's "
		  "configuration, connect the VPN it lives behind, or have it "
		  "started again." },
	{ .code = "dns.server-failing",
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
	{ .code = "hosts.*",
	  .kind = "hosts",
	  .who = DIAG_WHO_USER,
	  .lasting = true,
	  .lines = true,
	  .text = "Correct {hosts}: replace the lines of {names} by these, or "
		  "remove them if DNS answers right without." },
	/* ways */
	{ .code = "net.local-overlap",
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .text = "Use another network (a phone's hotspot), or give the local "
		  "network on {subject} another address range." },
	{ .code = "net.local-overlap",
	  .kind = "vpn",
	  .who = DIAG_WHO_VPN_ADMIN,
	  .lasting = true,
	  .text = "Let the VPN profile carry routes for the private endpoints "
		  "that are narrower than the local network's ({addresses}, "
		  "as /32)." },
	{ .code = "vpn.down",
	  .kind = "vpn",
	  .who = DIAG_WHO_USER,
	  .text = "Connect the VPN and run this again: the VPN may bring its "
		  "own name server, so the DNS findings can change too." },
	{ .code = "net.no-route",
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .text = "Connect this machine to its network or VPN: it has no route "
		  "to {addresses}." },
	{ .code = "net.no-route",
	  .kind = "route",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Give this machine a route to {networks}." },
	{ .code = "net.not-through-tunnel",
	  .kind = "vpn",
	  .who = DIAG_WHO_VPN_ADMIN,
	  .lasting = true,
	  .text = "Add {networks} to the routes of the VPN profile (for a "
		  "peered network also: gateway transit on the peering), then "
		  "download the profile again." },
	{ .code = "net.unreachable",
	  .kind = "firewall",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "{subject} turns packets to {addresses} away: mend the "
		  "route or the firewall rule there." },
	/* ports */
	{ .code = "endpoint.silent",
	  .kind = "endpoint",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .command = "az network private-endpoint list --query "
		     "\"[].{name:name,state:privateLinkServiceConnections[0]."
		     "privateLinkServiceConnectionState.status}\" -o table",
	  .text = "Look at the private endpoint behind {subject}: its "
		  "connection must be Approved, and no network security group "
		  "may drop it." },
	{ .code = "tcp.filtered",
	  .kind = "firewall",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Let TCP {subject} to {addresses} through: look at the "
		  "network security groups of the subnet and every firewall "
		  "between here and there." },
	{ .code = "tcp.refused",
	  .kind = "firewall",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "TCP {subject} of {addresses} is refused: check that the "
		  "address is the endpoint's, and look for a firewall that "
		  "rejects." },
	{ .code = "tcp.reset",
	  .kind = "firewall",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Find the middlebox that accepts TCP {subject} to "
		  "{addresses} and resets it, and let the traffic through." },
	/* TLS */
	{ .code = "tls.intercepted",
	  .kind = "firewall",
	  .who = DIAG_WHO_PROXY_ADMIN,
	  .lasting = true,
	  .text = "Exempt {parents} from TLS inspection: private endpoints and "
		  "client certificates do not survive it." },
	{ .code = "tls.intercepted",
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .text = "Until then give programs the inspecting root by hand: "
		  "REQUESTS_CA_BUNDLE for Python, NODE_EXTRA_CA_CERTS for "
		  "Node, ssl_verify for conda." },
	{ .code = "tls.untrusted",
	  .kind = "text",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "The certificate of {names} ends at no known root: find out "
		  "which device answers there.  If the root is your own, give "
		  "it with --ca-file." },
	{ .code = "tls.name-mismatch",
	  .kind = "zone-record",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "Another service answers at {subject}: correct the address "
		  "of {names} in the inventory, the record or the hosts "
		  "file." },
	{ .code = "tls.expired",
	  .kind = "text",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "The certificate at {subject} must be renewed by whoever "
		  "runs the server met there." },
	{ .code = "tls.not-yet-valid",
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .text = "Check the clock of this machine first; if it is right, the "
		  "certificate at {subject} is too new." },
	{ .code = "tls.*",
	  .kind = "firewall",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Let TLS to {names} through unopened: look for an "
		  "application rule that lacks these names, a middlebox, or a "
		  "tunnel whose MTU is too large." },
	/* HTTP */
	{ .code = "http.public-access-denied",
	  .kind = "text",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .text = "Reach {names} through a private endpoint, or let this "
		  "client's address in by the resource's firewall." },
	{ .code = "http.wrong-endpoint",
	  .kind = "endpoint",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .text = "The private endpoint at {subject} is not approved by this "
		  "resource, or belongs to another one: approve it or correct "
		  "the record." },
	{ .code = "http.public-path-works",
	  .kind = "text",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "It works because public access is on.  To use the private "
		  "path, forward {parents} to a name server in the VNet." },
	/* proxy */
	{ .code = "proxy.auth-required",
	  .kind = "proxy",
	  .who = DIAG_WHO_USER,
	  .text = "Give the programs a user name and password for the proxy "
		  "{subject}, or send private names past it: "
		  "NO_PROXY={noproxy}" },
	{ .code = "proxy.denied",
	  .kind = "proxy",
	  .who = DIAG_WHO_PROXY_ADMIN,
	  .lasting = true,
	  .text = "Allow {names} on the proxy {subject}, or send private names "
		  "past it: NO_PROXY={noproxy} (in a PAC file: return "
		  "\"DIRECT\" for them)." },
	{ .code = "proxy.cannot-resolve",
	  .kind = "proxy",
	  .who = DIAG_WHO_USER,
	  .text = "Send these names past the proxy {subject}: "
		  "NO_PROXY={noproxy} (in a PAC file: return \"DIRECT\" for "
		  "them)." },
	{ .code = "proxy.unreachable",
	  .kind = "proxy",
	  .who = DIAG_WHO_USER,
	  .text = "The proxy {subject} does not answer: correct or remove the "
		  "proxy settings of this machine." },
	/* machine */
	{ .code = "clock.skewed",
	  .kind = "clock",
	  .who = DIAG_WHO_USER,
	  .lasting = true,
	  .command = "sudo timedatectl set-ntp true",
	  .text = "Set the clock of this machine, best by network time." },
	{ .code = "machine.not-the-browser",
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .text = "Run pl-doctor on the machine where the browser runs." },
	/* whatever has no row of its own */
	{ .code = "*",
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .text = "Read what this finding means with --explain, and send the "
		  "file that --save writes to your administrator." },
};

const size_t advice_n_rows = sizeof(advice_rows) / sizeof(advice_rows[0]);
