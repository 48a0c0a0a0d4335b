/* SPDX-License-Identifier: MIT */
/* See relations.h.
 *
 * A relation says: with this cause, that effect needs no culprit of its own.
 * It is a claim about the world, so each says why in a word.
 */
#include "verdict/relations.h"

#include <stddef.h>
#include <string.h>

const struct relation relations[] = {
	/* a wrong clock makes good certificates look bad */
	{ "clock.skewed", "tls.expired", REL_ALWAYS },
	{ "clock.skewed", "tls.not-yet-valid", REL_ALWAYS },

	/* packets that never leave this network meet nobody, or strangers */
	{ "net.local-overlap", "tcp.*", REL_INSIDE },
	{ "net.local-overlap", "udp.*", REL_INSIDE },
	{ "net.local-overlap", "tls.*", REL_INSIDE },
	{ "net.local-overlap", "http.*", REL_INSIDE },
	{ "net.local-overlap", "net.unreachable", REL_INSIDE },
	{ "net.local-overlap", "endpoint.silent", REL_INSIDE },

	/* without the VPN, names are answered by whoever is there instead */
	{ "vpn.down", "tcp.*", REL_INSIDE },
	{ "vpn.down", "udp.*", REL_INSIDE },
	{ "vpn.down", "net.unreachable", REL_INSIDE },
	{ "vpn.down", "port.never-arrived", REL_INSIDE },
	{ "vpn.down", "endpoint.silent", REL_INSIDE },
	{ "vpn.down", "dns.zone-not-visible", REL_INSIDE },
	{ "vpn.down", "dns.instance-not-private", REL_INSIDE },
	{ "vpn.down", "dns.name-not-found", REL_INSIDE },
	{ "vpn.down", "dns.rebinding-filter", REL_INSIDE },
	{ "vpn.down", "dns.ipv6-answer", REL_INSIDE },
	{ "vpn.down", "http.public-access-denied", REL_INSIDE },
	{ "vpn.down", "dns.resolvers-disagree", REL_SHARED },
	/* it lives behind the VPN */
	{ "vpn.down", "dns.server-silent", REL_DISTANT },

	{ "net.no-route", "tcp.*", REL_INSIDE },
	{ "net.no-route", "udp.*", REL_INSIDE },
	{ "net.no-route", "net.unreachable", REL_INSIDE },
	{ "net.no-route", "endpoint.silent", REL_INSIDE },
	{ "net.no-route", "dns.server-silent", REL_DISTANT },
	/* offline: every question fails, whoever is asked */
	{ "net.no-route", "dns.*", REL_OFFLINE },
	{ "net.no-route", "proxy.*", REL_OFFLINE },

	{ "net.not-through-tunnel", "tcp.*", REL_INSIDE },
	{ "net.not-through-tunnel", "udp.*", REL_INSIDE },
	{ "net.not-through-tunnel", "net.unreachable", REL_INSIDE },
	{ "net.not-through-tunnel", "endpoint.silent", REL_INSIDE },

	/* what is larger than the way takes never comes, and who waits for it
	 * gives up */
	{ "net.mtu-black-hole", "tls.no-answer", REL_INSIDE },
	{ "net.mtu-black-hole", "tls.cut", REL_INSIDE },
	{ "net.mtu-black-hole", "tls.large-hello-cut", REL_INSIDE },
	{ "net.mtu-black-hole", "http.no-answer", REL_INSIDE },

	{ "endpoint.silent", "tcp.filtered", REL_INSIDE },

	/* groups of rules drop; the port and the rule are the subject of both
	 */
	{ "port.required-blocked", "tcp.filtered", REL_SUBJECT },
	/* ... and the rule denies every port of the endpoint */
	{ "port.required-blocked", "endpoint.silent", REL_INSIDE },
	/* ... which is why nothing arrives at the other end */
	{ "port.required-blocked", "port.never-arrived", REL_PORT },

	/* seen from both ends, the end of a port has an owner; that of its
	 * neighbour is another story */
	{ "port.never-arrived", "tcp.filtered", REL_PORT },
	{ "port.never-arrived", "endpoint.silent", REL_INSIDE },
	{ "port.dropped-by-host", "tcp.filtered", REL_PORT },
	{ "port.dropped-by-host", "tcp.refused", REL_PORT },
	{ "port.dropped-by-host", "udp.closed", REL_PORT },
	{ "port.dropped-by-host", "net.unreachable", REL_INSIDE },
	{ "port.dropped-by-host", "endpoint.silent", REL_INSIDE },
	{ "port.refused-by-host", "tcp.refused", REL_PORT },
	{ "port.refused-by-host", "udp.closed", REL_PORT },
	{ "port.answer-lost", "tcp.filtered", REL_PORT },
	{ "port.answer-lost", "endpoint.silent", REL_INSIDE },
	/* what was said after the handshake is lost on the way */
	{ "tls.hello-lost", "tls.cut", REL_INSIDE },
	{ "tls.hello-lost", "tls.no-answer", REL_INSIDE },
	{ "tls.hello-lost", "tls.large-hello-cut", REL_INSIDE },
	/* who answers for another also refuses and resets for him */
	{ "tcp.answered-by-other", "tcp.refused", REL_PORT },
	{ "tcp.answered-by-other", "tcp.reset", REL_PORT },
	{ "tcp.answered-by-other", "tls.cut", REL_INSIDE },
	{ "tcp.answered-by-other", "tls.no-answer", REL_INSIDE },
	{ "udp.answered-by-other", "udp.closed", REL_PORT },

	/* What Azure's documents say is an error only where the facts fit it,
	 * and its names are those that they fit: the answers that decide, not
	 * what some other server says. */
	{ "endpoint.not-approved", "endpoint.silent", REL_INSIDE },
	{ "endpoint.not-approved", "tcp.filtered", REL_INSIDE },
	{ "endpoint.not-approved", "dns.no-private-endpoint", REL_ERROR },
	{ "endpoint.not-approved", "dns.wrong-address", REL_ERROR },
	{ "endpoint.not-approved", "http.wrong-endpoint", REL_INSIDE },
	{ "endpoint.zone-missing", "dns.zone-not-visible", REL_ERROR },
	{ "endpoint.zone-missing", "dns.record-missing", REL_ERROR },
	{ "zone.not-linked", "dns.zone-not-visible", REL_ERROR },
	{ "inventory.stale-record", "dns.wrong-address", REL_ERROR },
	{ "inventory.stale-record", "dns.mixed-answer", REL_ERROR },
	/* what is met at the old address, not at the right one */
	{ "inventory.stale-record", "endpoint.silent", REL_ADDRESS },
	{ "inventory.stale-record", "tls.name-mismatch", REL_ADDRESS },
	{ "vnet.docker-range", "net.local-overlap", REL_INSIDE },
	{ "vnet.docker-range", "tcp.filtered", REL_INSIDE },
	{ "vnet.docker-range", "endpoint.silent", REL_INSIDE },
	/* a long life is what keeps old answers */
	{ "zone.ttl", "dns.stale-cache", REL_INSIDE },

	/* who opens TLS also changes what is said inside */
	{ "tls.intercepted", "tls.untrusted", REL_SUBJECT },
	{ "tls.intercepted", "http.unexpected", REL_REASON_INSIDE },

	/* hosts lines that decide make the servers' answers idle, and what is
	 * met at the wrong address is their doing */
	{ "hosts.overrides-dns", "dns.stale-cache", REL_INSIDE },
	{ "hosts.overrides-dns", "dns.wrong-address", REL_INSIDE },
	{ "hosts.overrides-dns", "dns.unusable-address", REL_INSIDE },
	{ "hosts.overrides-dns", "dns.mixed-answer", REL_INSIDE },
	{ "hosts.overrides-dns", "http.public-access-denied", REL_SHARED },

	/* the public front end turns strangers away: that is how wrong
	 * answers feel */
	{ "dns.zone-not-visible", "http.public-access-denied", REL_SHARED },
	{ "dns.record-missing", "http.public-access-denied", REL_SHARED },
	{ "dns.no-private-endpoint", "http.public-access-denied", REL_SHARED },
	{ "dns.instance-not-private", "http.public-access-denied", REL_SHARED },
	{ "dns.mixed-answer", "http.public-access-denied", REL_SHARED },
	{ "dns.flapping", "http.public-access-denied", REL_SHARED },
	{ "dns.stale-cache", "http.public-access-denied", REL_SHARED },
	/* an old answer is told as a warning, what it does as an error */
	{ "dns.stale-cache", "dns.wrong-address", REL_REASON },
	{ "dns.stale-cache", "dns.name-not-found", REL_REASON },
	{ "dns.search-suffix", "http.public-access-denied", REL_SHARED },

	/* one server's blindness shows in every comparison with it */
	{ "dns.zone-not-visible", "dns.resolvers-disagree", REL_SHARED },
	{ "dns.record-missing", "dns.resolvers-disagree", REL_SHARED },
	{ "dns.rebinding-filter", "dns.resolvers-disagree", REL_SHARED },
	{ "dns.wrong-address", "dns.resolvers-disagree", REL_SHARED },
	{ "dns.public-name-hidden", "dns.resolvers-disagree", REL_SHARED },
	{ "dns.flapping", "dns.resolvers-disagree", REL_SHARED },
	{ "dns.server-failing", "dns.resolvers-disagree", REL_SHARED },

	/* the server that does not see the zones cannot know instances, which
	 * have no alias to show it */
	{ "dns.zone-not-visible", "dns.instance-not-private", REL_SUBJECT },
	{ "dns.zone-not-visible", "dns.ipv6-answer", REL_INSIDE },

	{ "dns.server-silent", "dns.no-internet-names", REL_ALWAYS },
	{ "dns.server-failing", "dns.no-internet-names", REL_ALWAYS },
	{ "net.no-ipv4", "tcp.*", REL_INSIDE },
	{ "net.no-ipv4", "udp.*", REL_INSIDE },
	{ "net.no-ipv4", "net.*", REL_INSIDE },

	{ "http.wrong-endpoint", "http.unexpected", REL_INSIDE },
	{ NULL, NULL, REL_ALWAYS },
};

static bool code_matches(const char *pattern, const char *code)
{
	size_t n = strlen(pattern);

	if (n > 0 && pattern[n - 1] == '*')
		return strncmp(pattern, code, n - 1) == 0;
	return strcmp(pattern, code) == 0;
}

bool relation_covers(const struct relation *r, const char *cause,
		     const char *effect)
{
	return strcmp(r->cause, cause) == 0 && strcmp(cause, effect) != 0 &&
	       code_matches(r->effect, effect);
}

static const struct cause_rank ranks[] = {
	{ "clock.skewed", CAUSE_FIRST, 1 },
	{ "net.no-ipv4", CAUSE_PATH, 1 },
	{ "vnet.docker-range", CAUSE_PATH, 2 },
	{ "net.local-overlap", CAUSE_PATH, 3 },
	{ "vpn.down", CAUSE_PATH, 4 },
	{ "net.no-route", CAUSE_PATH, 5 },
	{ "net.not-through-tunnel", CAUSE_PATH, 6 },
	{ "net.unreachable", CAUSE_PATH, 7 },
	{ "endpoint.not-approved", CAUSE_PATH, 8 },
	{ "port.*", CAUSE_PATH, 9 },
	{ "endpoint.silent", CAUSE_PATH, 10 },
	{ "net.mtu-black-hole", CAUSE_PATH, 11 },
	{ "tcp.*", CAUSE_PATH, 11 },
	{ "udp.*", CAUSE_PATH, 11 },
	{ "tls.*", CAUSE_PATH, 12 },
	{ "hosts.overrides-dns", CAUSE_DNS, 1 },
	{ "hosts.malformed", CAUSE_DNS, 2 },
	{ "dns.server-silent", CAUSE_DNS, 3 },
	{ "dns.server-failing", CAUSE_DNS, 4 },
	{ "dns.tcp-blocked", CAUSE_DNS, 5 },
	{ "dns.search-suffix", CAUSE_DNS, 6 },
	{ "zone.ttl", CAUSE_DNS, 7 },
	{ "dns.stale-cache", CAUSE_DNS, 8 },
	{ "dns.rebinding-filter", CAUSE_DNS, 9 },
	{ "endpoint.zone-missing", CAUSE_DNS, 10 },
	{ "zone.not-linked", CAUSE_DNS, 11 },
	{ "dns.zone-not-visible", CAUSE_DNS, 12 },
	{ "dns.record-missing", CAUSE_DNS, 13 },
	{ "inventory.stale-record", CAUSE_DNS, 14 },
	{ "dns.public-name-hidden", CAUSE_DNS, 15 },
	{ "dns.flapping", CAUSE_DNS, 16 },
	{ "dns.resolvers-disagree", CAUSE_DNS, 20 },
	{ "dns.*", CAUSE_DNS, 17 },
	{ "zone.*", CAUSE_SERVICE, 7 },
	{ "azure.*", CAUSE_SERVICE, 8 },
	{ "nsg.*", CAUSE_SERVICE, 8 },
	{ "proxy.*", CAUSE_SERVICE, 1 },
	{ "http.*", CAUSE_SERVICE, 2 },
	{ "machine.*", CAUSE_SERVICE, 9 },
	{ "*", CAUSE_SERVICE, 5 },
};

const struct cause_rank *cause_rank_of(const char *code)
{
	const struct cause_rank *r = ranks;

	while (!code_matches(r->code, code))
		r++;
	return r;
}
