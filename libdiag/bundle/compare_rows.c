/* SPDX-License-Identifier: MIT */
/* compare_rows.c - the table: what can differ, in the order in which one thing
 * makes the next.
 *
 * The clock is first because it spoils certificates whatever else is true; then
 * what the machine is told (tunnel, proxy, hosts file, search list, servers),
 * then what it hears, then the way that its packets take, then what is met at
 * the end of it.  A row names the findings that it can make and no others: a
 * different name server is no reason for a closed port.
 */
#include "bundle/compare_internal.h"

/* What an answer can make: of Azure's documents, too, as far as a name goes. */
#define OF_ANSWERS                                                           \
	"dns.* hosts.* zone.* inventory.stale-record endpoint.not-approved " \
	"endpoint.zone-missing vnet.custom-dns http.public-access-denied "   \
	"http.wrong-endpoint http.public-path-works tls.name-mismatch "      \
	"net.no-ipv4"

/* What a way can make. */
#define OF_WAYS                                                           \
	"tcp.* port.* net.* endpoint.silent endpoint.not-approved nsg.* " \
	"vnet.docker-range dns.synthetic-address dns.ipv6-answer"

const struct cmp_row cmp_rows[] = {
	{ .code = "clock.other",
	  .title = "the clocks differ",
	  .makes = "clock.skewed tls.expired tls.not-yet-valid",
	  .machine = cmp_row_clock },
	{ .code = "machine.offline",
	  .title = "one has no network at all",
	  .makes = "net.no-route net.unreachable vpn.down dns.* proxy.*",
	  .machine = cmp_row_offline },
	{ .code = "machine.container",
	  .title = "only one is a container",
	  .makes = "machine.not-the-browser",
	  .machine = cmp_row_container },
	{ .code = "machine.tunnel",
	  .title = "a VPN tunnel is up on one of them only",
	  .makes = "vpn.down net.no-route net.unreachable "
		   "net.not-through-tunnel dns.* http.public-access-denied "
		   "http.public-path-works",
	  .machine = cmp_row_tunnel },
	{ .code = "machine.ipv4",
	  .title = "only one has an IPv4 address",
	  .makes = "net.no-ipv4 net.no-route dns.dns64",
	  .machine = cmp_row_ipv4 },
	{ .code = "inventory.other",
	  .title = "other addresses are expected",
	  .makes = "dns.* inventory.*",
	  .target = cmp_row_expected },
	{ .code = "machine.proxy",
	  .title = "one goes through a proxy",
	  .makes = "*",
	  .target = cmp_row_proxy },
	{ .code = "hosts.other-line",
	  .title = "the hosts files say something else",
	  .makes = OF_ANSWERS " tcp.* endpoint.silent net.unreachable",
	  .target = cmp_row_hosts },
	{ .code = "hosts.other-order",
	  .title = "the hosts file is asked in another order",
	  .makes = OF_ANSWERS,
	  .target = cmp_row_hosts_order },
	{ .code = "dns.search-list",
	  .title = "the search lists differ",
	  .makes = "dns.search-suffix",
	  .machine = cmp_row_search },
	{ .code = "dns.stale-answer",
	  .title = "an old answer is kept on one of them",
	  .makes = "dns.stale-cache zone.ttl dns.wrong-address",
	  .target = cmp_row_stale },
	{ .code = "dns.no-reply",
	  .title = "the same name server does not answer one of them",
	  .makes = "dns.* net.no-route",
	  .target = cmp_row_no_reply },
	{ .code = "dns.other-server",
	  .title = "another name server is asked, and says something else",
	  .makes = OF_ANSWERS,
	  .target = cmp_row_other_server },
	{ .code = "dns.other-family",
	  .title = "an address of another family is answered",
	  .makes = "dns.ipv6-answer dns.dns64 net.no-ipv4",
	  .target = cmp_row_family },
	{ .code = "dns.other-answer",
	  .title = "the same name server says something else",
	  .makes = OF_ANSWERS,
	  .target = cmp_row_other_answer },
	{ .code = "dns.servers",
	  .title = "other name servers are configured",
	  .makes = "dns.*",
	  .machine = cmp_row_servers },
	{ .code = "net.other-route",
	  .title = "packets take another way",
	  .makes = "net.* vpn.down vnet.docker-range dns.synthetic-address",
	  .target = cmp_row_route },
	{ .code = "tcp.other-port",
	  .title = "the same port is not open",
	  .makes = OF_WAYS " vpn.down",
	  .target = cmp_row_port },
	{ .code = "tcp.port-asked",
	  .title = "a port is needed by one of them only",
	  .makes = "tcp.* port.* endpoint.silent",
	  .target = cmp_row_port_asked },
	{ .code = "tls.large-hello",
	  .title = "large packets are lost on one of them",
	  .makes = "tls.large-hello-cut tls.no-answer",
	  .target = cmp_row_large_hello },
	{ .code = "tls.cut",
	  .title = "TLS does not begin on one of them",
	  .makes = "tls.cut tls.no-answer tls.failed tcp.reset",
	  .target = cmp_row_tls },
	{ .code = "tls.other-certificate",
	  .title = "another certificate is met",
	  .makes = "tls.*",
	  .target = cmp_row_certificate },
	{ .code = "http.other-answer",
	  .title = "the same address answers otherwise",
	  .makes = "http.* endpoint.not-approved",
	  .target = cmp_row_http },
	{ .code = "inventory.documents",
	  .title = "only one inventory holds what Azure's documents say",
	  .makes = "nsg.* vnet.* zone.* endpoint.* inventory.* azure.*",
	  .machine = cmp_row_documents },
};
const size_t cmp_n_rows = sizeof(cmp_rows) / sizeof(cmp_rows[0]);
