/* SPDX-License-Identifier: MIT */
/* advice_path.c - what to do about ways, ports, certificates, proxies and the
 * machine; and whatever has no row of its own.  See advice_dns.c. */
#include "verdict/advice.h"
#include "verdict/relations.h"
#include "verdict/where.h"

#include <string.h>

/* --- conditions ----------------------------------------------------------- */

static bool subject_is(const struct advice *a, const char *subject)
{
	return strcmp(a->d->subject, subject) == 0;
}

static bool is_smb(const struct advice *a)
{
	return subject_is(a, "port 445");
}

/* The machine sent an error back, and did not only drop it. */
static bool is_rejected(const struct advice *a)
{
	for (size_t i = 0; i < a->d->n_facts; i++) {
		const struct diag_fact *f =
		    diag_store_get(&a->j->c->facts, a->d->facts[i]);

		if (f && f->kind == DIAG_FACT_ARRIVAL && f->arrival.answered)
			return true;
	}
	return false;
}

static bool is_dropped(const struct advice *a)
{
	return !is_rejected(a);
}

static bool has_command(const struct advice *a)
{
	return a->d->repair != NULL;
}

static bool only_public(const struct advice *a)
{
	for (size_t i = 0; i < a->d->n_targets; i++)
		if (a->j->c->inventory->targets[a->d->targets[i]].expect !=
		    DIAG_EXPECT_PUBLIC)
			return false;
	return a->d->n_targets > 0;
}

static bool private_not_smb(const struct advice *a)
{
	return !is_smb(a) && !only_public(a);
}

static bool maybe_no_vpn(const struct advice *a)
{
	return !only_public(a) && where_vpn_is_unknown(a->j, a->origin);
}

static bool maybe_proxy(const struct advice *a)
{
	return only_public(a) && a->origin->sealed;
}

static bool by_itself(const struct advice *a)
{
	return subject_is(a, "this machine");
}

static bool by_other(const struct advice *a)
{
	return !by_itself(a);
}

static bool is_offline(const struct advice *a)
{
	return subject_is(a, CAUSE_OFFLINE);
}

static bool is_online(const struct advice *a)
{
	return !is_offline(a);
}

/* rules_cert: one address is the subject, or the stranger met everywhere. */
static bool at_one_address(const struct advice *a)
{
	struct diag_endpoint at;

	return diag_endpoint_parse(a->d->subject, 0, &at);
}

static bool met_everywhere(const struct advice *a)
{
	return !at_one_address(a);
}

static bool is_container(const struct advice *a)
{
	const struct diag_machine *m = a->origin->machine;
	const struct diag_interface *i =
	    m ? diag_machine_interface(m, a->d->subject) : NULL;

	return i && i->container;
}

static bool is_lan(const struct advice *a)
{
	return !is_container(a);
}

/* --- the rows ------------------------------------------------------------- */

const struct advice_row advice_path[] = {
	/* ways */
	{ .code = "net.local-overlap",
	  .when = is_lan,
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .text = "Use another network (a phone's hotspot), or give the local "
		  "network on {subject} another address range." },
	{ .code = "net.local-overlap",
	  .when = is_lan,
	  .kind = "vpn",
	  .who = DIAG_WHO_VPN_ADMIN,
	  .lasting = true,
	  .text = "Let the VPN profile carry routes for the private endpoints "
		  "that are narrower than the local network's ({addresses}, "
		  "as /32)." },
	{ .code = "net.local-overlap",
	  .when = is_container,
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .lasting = true,
	  .text = "Give the container network on {subject} another address "
		  "range (Docker: default-address-pools or bip in "
		  "/etc/docker/daemon.json), or remove it." },
	{ .code = "vpn.down",
	  .kind = "vpn",
	  .who = DIAG_WHO_USER,
	  .text = "Connect the VPN and run this again: the VPN may bring its "
		  "own name server, so the DNS findings can change too." },
	{ .code = "net.no-route",
	  .when = is_offline,
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .text = "Connect this machine to a network, then to the VPN, and run "
		  "this again." },
	{ .code = "net.no-route",
	  .when = is_online,
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .text = "Connect this machine to its network or VPN: it has no route "
		  "to {addresses}." },
	{ .code = "net.no-route",
	  .when = is_online,
	  .kind = "route",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Give this machine a route to {networks}." },
	{ .code = "net.not-through-tunnel",
	  .kind = "vpn",
	  .who = DIAG_WHO_USER,
	  .text = "If the VPN that is up is not the one to this VNet, connect "
		  "that one and run this again." },
	{ .code = "net.not-through-tunnel",
	  .kind = "vpn",
	  .who = DIAG_WHO_VPN_ADMIN,
	  .lasting = true,
	  .text = "Add {networks} to the routes of the VPN profile (for a "
		  "peered network also: gateway transit on the peering), then "
		  "download the profile again." },
	{ .code = "net.unreachable",
	  .when = by_itself,
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .text = "This machine itself finds nobody at {addresses}, or refuses "
		  "to send: look at its packet filter, its link and whether "
		  "it stands in the right network." },
	{ .code = "net.unreachable",
	  .when = by_other,
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
	  .when = maybe_no_vpn,
	  .kind = "vpn",
	  .who = DIAG_WHO_USER,
	  .text = "Is the VPN connected? If not, connect it, and record again; "
		  "pl-doctor on that machine tells by itself." },
	{ .code = "tcp.filtered",
	  .when = maybe_proxy,
	  .kind = "proxy",
	  .who = DIAG_WHO_USER,
	  .text = "Look at the proxy settings of that machine. With a proxy, "
		  "what has to answer is the proxy; pl-doctor on that machine "
		  "tells by itself." },
	{ .code = "tcp.filtered",
	  .when = is_smb,
	  .kind = "firewall",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Let TCP port 445 (SMB) to {addresses} through, or carry it "
		  "in the VPN: many providers drop it on the open internet, "
		  "and many companies at their edge." },
	{ .code = "tcp.filtered",
	  .when = only_public,
	  .kind = "firewall",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Let TCP {subject} to {names} ({addresses}) through: these "
		  "are public names; look at the firewall towards the "
		  "internet, or send browsers through a proxy." },
	{ .code = "tcp.filtered",
	  .when = private_not_smb,
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
	{ .code = "tcp.answered-by-other",
	  .kind = "firewall",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Find what takes or refuses connections to {subject} on the "
		  "way (a proxy, a load balancer, a firewall), and let them "
		  "through to the machine itself." },
	{ .code = "udp.answered-by-other",
	  .kind = "firewall",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Find what answers or refuses datagrams to {subject} on the "
		  "way, and let them through to the machine itself." },
	{ .code = "udp.closed",
	  .kind = "text",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .text = "On the machine behind {addresses}, start what should listen "
		  "on UDP {subject}, or let it through its own firewall." },
	{ .code = "port.never-arrived",
	  .kind = "firewall",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Let {subject} through: look at the client's own firewall, "
		  "the network security groups of both subnets, the route "
		  "tables, and every firewall between them. The machine "
		  "itself is not to blame: nothing reaches it." },
	{ .code = "port.refused-by-host",
	  .kind = "text",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .text = "On the machine behind {subject}, start what should listen "
		  "there (ss -lntu shows what does), on that address; or let "
		  "it through its own firewall. The network is not to blame: "
		  "it carries it." },
	{ .code = "port.dropped-by-host",
	  .when = is_rejected,
	  .kind = "firewall",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .text = "On the machine behind {subject}, let the port through its "
		  "own firewall, which rejects it (nft list ruleset, "
		  "iptables -S, ufw status, firewall-cmd --list-all). The "
		  "network is not to blame: it arrives." },
	{ .code = "port.dropped-by-host",
	  .when = is_dropped,
	  .kind = "firewall",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .text = "On the machine behind {subject}, let the port through its "
		  "own firewall (nft list ruleset, iptables -S, ufw status, "
		  "firewall-cmd --list-all). If that lets it through: "
		  "is there a way back (ip route get CLIENT), and does one "
		  "of these counters grow with each try (nstat -az "
		  "TcpExtListenOverflows TcpExtIPReversePathFilter)? The "
		  "first is a program that hangs, the second a way back "
		  "through another interface. The network is not to blame: "
		  "it arrives." },
	{ .code = "port.answer-lost",
	  .kind = "route",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Make the answers of {subject} come back the way the "
		  "questions went: look at the route table of its subnet and "
		  "at firewalls that see only one direction." },
	/* TLS */
	{ .code = "tls.hello-lost",
	  .kind = "firewall",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Between the client and {subject}, allow the names of the "
		  "workspace in application rules, and look at the MTU of "
		  "tunnels: connections open, and what is said then is lost." },
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
	  .when = at_one_address,
	  .kind = "zone-record",
	  .who = DIAG_WHO_DNS_ADMIN,
	  .lasting = true,
	  .text = "Another service answers at {subject}: correct the address "
		  "of {names} in the inventory, the record or the hosts "
		  "file." },
	{ .code = "tls.name-mismatch",
	  .when = met_everywhere,
	  .kind = "text",
	  .who = DIAG_WHO_USER,
	  .text = "Sign in to this network first (open any page in the "
		  "browser), or use another network, and run this again." },
	{ .code = "tls.name-mismatch",
	  .when = met_everywhere,
	  .kind = "firewall",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Find what answers as {subject} in place of the servers, "
		  "and let {names} past it." },
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
	{ .code = "net.mtu-black-hole",
	  .when = has_command,
	  .kind = "vpn",
	  .who = DIAG_WHO_USER,
	  .command = "{repair}",
	  .text = "Let this machine send and ask for smaller packets through "
		  "{subject}; it holds until the interface is made anew." },
	{ .code = "net.mtu-black-hole",
	  .kind = "firewall",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Let ICMP type 3 code 4 (for IPv6: ICMPv6 type 2) come back "
		  "from the way to {addresses}, or set the VPN's MTU to what "
		  "the way takes, or clamp the TCP MSS at its gateway." },
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
	{ .code = "http.unexpected",
	  .kind = "text",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Find out what answers at {subject} in place of {names}: a "
		  "gateway, an inspecting proxy's block page, or another "
		  "server with the same certificate." },
	{ .code = "http.no-answer",
	  .kind = "text",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "{names} shows its certificate and then says nothing: run "
		  "this again; if it stays so, look at the gateway, firewall "
		  "or proxy on the way, then at the service's health." },
	{ .code = "tls.large-hello-cut",
	  .kind = "firewall",
	  .who = DIAG_WHO_NETWORK_ADMIN,
	  .lasting = true,
	  .text = "Find what drops or cuts TLS hellos of two packets on the "
		  "way to {addresses}: a firewall that reads SNI needs an "
		  "update or an exception; where large packets are lost, "
		  "lower the tunnel's MTU or clamp the MSS." },
	{ .code = "http.cors-missing",
	  .kind = "text",
	  .who = DIAG_WHO_AZURE_ADMIN,
	  .lasting = true,
	  .command = "{repair}",
	  .text = "Add a CORS rule for https://ml.azure.com to the storage "
		  "account of {names}; jobs work without it, the studio's "
		  "data and notebook pages do not." },
	/* proxy */
	{ .code = "proxy.auth-required",
	  .kind = "proxy",
	  .who = DIAG_WHO_USER,
	  .command = "export NO_PROXY={noproxy}",
	  .text = "Give the programs a user name and password for the proxy "
		  "{subject}, or send private names past it:" },
	{ .code = "proxy.denied",
	  .kind = "proxy",
	  .who = DIAG_WHO_PROXY_ADMIN,
	  .lasting = true,
	  .command = "export NO_PROXY={noproxy}",
	  .text = "Allow {names} on the proxy {subject}, or send private names "
		  "past it (in a PAC file: return \"DIRECT\" for them):" },
	{ .code = "proxy.cannot-resolve",
	  .kind = "proxy",
	  .who = DIAG_WHO_USER,
	  .command = "export NO_PROXY={noproxy}",
	  .text = "Send these names past the proxy {subject} (in a PAC file: "
		  "return \"DIRECT\" for them):" },
	{ .code = "proxy.unreachable",
	  .kind = "proxy",
	  .who = DIAG_WHO_USER,
	  .text = "The proxy {subject} does not answer: correct or remove the "
		  "proxy settings of this machine, or send private names past "
		  "it.",
	  .command = "export NO_PROXY={noproxy}" },
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
	{ .code = NULL },
};
