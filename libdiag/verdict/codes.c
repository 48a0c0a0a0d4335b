/* SPDX-License-Identifier: MIT */
/* codes.c - every code this library can give, with its one-line title and its
 * section of docs/findings.md.  A code without a section does not compile. */
#include "verdict/verdict.h"

#include <string.h>

#include "findings_explain.h"

#define CODE(symbol, code, title)             \
	{                                     \
		code, title, explain_##symbol \
	}

static const struct diag_code_info codes[] = {
	CODE(dns_zone_not_visible, "dns.zone-not-visible",
	     "the private DNS zones are not visible"),
	CODE(dns_record_missing, "dns.record-missing",
	     "the private DNS zone has no record for the name"),
	CODE(dns_no_private_endpoint, "dns.no-private-endpoint",
	     "the resource has no approved private endpoint"),
	CODE(dns_instance_not_private, "dns.instance-not-private",
	     "the compute instance's name has no private answer"),
	CODE(dns_name_not_found, "dns.name-not-found", "the name is not found"),
	CODE(dns_wrong_address, "dns.wrong-address",
	     "the name leads to the wrong address"),
	CODE(dns_other_endpoint, "dns.other-endpoint",
	     "another endpoint of the same service answers"),
	CODE(dns_mixed_answer, "dns.mixed-answer",
	     "right and wrong addresses in one answer"),
	CODE(dns_unusable_address, "dns.unusable-address",
	     "the answer is an address that can never work"),
	CODE(dns_synthetic_address, "dns.synthetic-address",
	     "a zero-trust client answers with an address of its own"),
	CODE(dns_ipv6_answer, "dns.ipv6-answer",
	     "an IPv6 address for a name that has none"),
	CODE(dns_dns64, "dns.dns64", "IPv4 is reached through NAT64"),
	CODE(net_no_ipv4, "net.no-ipv4",
	     "no IPv4 and no NAT64 on this network"),
	CODE(dns_rebinding_filter, "dns.rebinding-filter",
	     "a rebinding filter removes private addresses from answers"),
	CODE(dns_resolvers_disagree, "dns.resolvers-disagree",
	     "name servers of this machine disagree"),
	CODE(dns_flapping, "dns.flapping",
	     "the same name server changes its answer"),
	CODE(dns_stale_cache, "dns.stale-cache",
	     "an old answer is kept on this machine"),
	CODE(dns_search_suffix, "dns.search-suffix",
	     "a search domain answered in place of the name"),
	CODE(dns_public_name_hidden, "dns.public-name-hidden",
	     "a name that must stay public is hidden"),
	CODE(dns_no_internet_names, "dns.no-internet-names",
	     "no public name resolves"),
	CODE(dns_server_silent, "dns.server-silent",
	     "a name server does not answer"),
	CODE(dns_server_failing, "dns.server-failing",
	     "a name server answers with failures"),
	CODE(dns_tcp_blocked, "dns.tcp-blocked",
	     "answers are cut and DNS over TCP is blocked"),
	CODE(dns_unproven, "dns.unproven",
	     "private, but nothing to compare it with"),
	CODE(dns_alternative_unused, "dns.alternative-unused",
	     "another form of the name is the one in use"),
	CODE(hosts_overrides_dns, "hosts.overrides-dns",
	     "the hosts file gives the wrong address"),
	CODE(hosts_malformed, "hosts.malformed", "a hosts line cannot work"),
	CODE(net_local_overlap, "net.local-overlap",
	     "the local network overlaps with the VNet"),
	CODE(net_not_through_tunnel, "net.not-through-tunnel",
	     "the route does not go through the VPN tunnel"),
	CODE(vpn_down, "vpn.down", "no VPN tunnel is up"),
	CODE(net_no_route, "net.no-route", "there is no route"),
	CODE(net_unreachable, "net.unreachable", "the address is unreachable"),
	CODE(endpoint_silent, "endpoint.silent",
	     "one private endpoint is silent"),
	CODE(tcp_filtered, "tcp.filtered", "a required port does not answer"),
	CODE(tcp_refused, "tcp.refused", "a required port is refused"),
	CODE(tcp_reset, "tcp.reset", "a required port opens and is reset"),
	CODE(tcp_answered_by_other, "tcp.answered-by-other",
	     "somebody else answers at the port"),
	CODE(port_never_arrived, "port.never-arrived",
	     "connections are lost on the way"),
	CODE(port_dropped_by_host, "port.dropped-by-host",
	     "the other machine's own firewall drops them"),
	CODE(port_answer_lost, "port.answer-lost",
	     "the answer does not come back"),
	CODE(port_required_blocked, "port.required-blocked",
	     "a security rule blocks a required port"),
	CODE(nsg_too_wide, "nsg.too-wide",
	     "a security rule lets more in than is needed"),
	CODE(port_not_provable_from_here, "port.not-provable-from-here",
	     "a flow cannot be judged from here"),
	CODE(net_mtu_black_hole, "net.mtu-black-hole",
	     "large packets vanish on the way"),
	CODE(tls_intercepted, "tls.intercepted", "TLS is opened on the way"),
	CODE(tls_untrusted, "tls.untrusted", "the certificate is not trusted"),
	CODE(tls_name_mismatch, "tls.name-mismatch",
	     "another server's certificate was met"),
	CODE(tls_expired, "tls.expired", "the certificate has expired"),
	CODE(tls_not_yet_valid, "tls.not-yet-valid",
	     "the certificate is not yet valid"),
	CODE(tls_cut, "tls.cut", "the connection is cut when TLS begins"),
	CODE(tls_no_answer, "tls.no-answer", "TLS gets no answer"),
	CODE(tls_failed, "tls.failed", "what answers does not speak TLS"),
	CODE(tls_large_hello_cut, "tls.large-hello-cut",
	     "a TLS hello as large as a browser's is lost"),
	CODE(http_public_access_denied, "http.public-access-denied",
	     "the public front end denies access"),
	CODE(http_wrong_endpoint, "http.wrong-endpoint",
	     "the private endpoint denies access"),
	CODE(http_public_path_works, "http.public-path-works",
	     "it works over the public path"),
	CODE(http_unexpected, "http.unexpected", "something else answers"),
	CODE(http_no_answer, "http.no-answer", "no HTTP answer"),
	CODE(http_cors_missing, "http.cors-missing",
	     "the storage account has no CORS rule for the studio"),
	CODE(proxy_in_path, "proxy.in-path", "a proxy is in the path"),
	CODE(proxy_auth_required, "proxy.auth-required",
	     "the proxy wants a password"),
	CODE(proxy_denied, "proxy.denied", "the proxy refuses"),
	CODE(proxy_cannot_resolve, "proxy.cannot-resolve",
	     "the proxy cannot reach the private names"),
	CODE(proxy_unreachable, "proxy.unreachable",
	     "the proxy does not answer"),
	CODE(clock_skewed, "clock.skewed", "the clock is wrong"),
	CODE(inventory_stale_record, "inventory.stale-record",
	     "a DNS record holds an old address"),
	CODE(endpoint_not_approved, "endpoint.not-approved",
	     "the private endpoint's connection is not approved"),
	CODE(endpoint_zone_missing, "endpoint.zone-missing",
	     "the private endpoint writes no record into its zone"),
	CODE(zone_not_linked, "zone.not-linked",
	     "the private DNS zone is not linked to the network"),
	CODE(zone_ttl, "zone.ttl", "a record's lifetime is a bad one"),
	CODE(zone_nxdomain_redirect, "zone.nxdomain-redirect",
	     "the zone's link falls back to the internet"),
	CODE(vnet_docker_range, "vnet.docker-range",
	     "the network uses Docker's own addresses"),
	CODE(vnet_custom_dns, "vnet.custom-dns",
	     "the network has name servers of its own"),
	CODE(azure_diagnose, "azure.diagnose",
	     "Azure's own diagnosis has something to say"),
	CODE(machine_not_the_browser, "machine.not-the-browser",
	     "this is not where the browser runs"),
};

const struct diag_code_info *diag_code_find(const char *code)
{
	size_t i;

	for (i = 0; code != NULL && i < sizeof(codes) / sizeof(*codes); i++)
		if (strcmp(codes[i].code, code) == 0)
			return &codes[i];
	return NULL;
}

size_t diag_code_all(const struct diag_code_info **rows)
{
	*rows = codes;
	return sizeof(codes) / sizeof(*codes);
}
