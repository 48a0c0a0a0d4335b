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
	{ "net.local-overlap", "tls.*", REL_INSIDE },
	{ "net.local-overlap", "http.*", REL_INSIDE },
	{ "net.local-overlap", "net.unreachable", REL_INSIDE },
	{ "net.local-overlap", "endpoint.silent", REL_INSIDE },

	/* without the VPN, names are answered by whoever is there instead */
	{ "vpn.down", "tcp.*", REL_INSIDE },
	{ "vpn.down", "net.unreachable", REL_INSIDE },
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
	{ "net.no-route", "net.unreachable", REL_INSIDE },
	{ "net.no-route", "endpoint.silent", REL_INSIDE },
	{ "net.no-route", "dns.server-silent", REL_DISTANT },
	/* offline: every question fails, whoever is asked */
	{ "net.no-route", "dns.*", REL_OFFLINE },
	{ "net.no-route", "proxy.*", REL_OFFLINE },

	{ "net.not-through-tunnel", "tcp.*", REL_INSIDE },
	{ "net.not-through-tunnel", "net.unreachable", REL_INSIDE },
	{ "net.not-through-tunnel", "endpoint.silent", REL_INSIDE },

	{ "endpoint.silent", "tcp.filtered", REL_INSIDE },

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
	{ "net.local-overlap", CAUSE_PATH, 2 },
	{ "vpn.down", CAUSE_PATH, 3 },
	{ "net.no-route", CAUSE_PATH, 4 },
	{ "net.not-through-tunnel", CAUSE_PATH, 5 },
	{ "net.unreachable", CAUSE_PATH, 6 },
	{ "endpoint.silent", CAUSE_PATH, 7 },
	{ "tcp.*", CAUSE_PATH, 8 },
	{ "tls.*", CAUSE_PATH, 9 },
	{ "hosts.overrides-dns", CAUSE_DNS, 1 },
	{ "hosts.malformed", CAUSE_DNS, 2 },
	{ "dns.server-silent", CAUSE_DNS, 3 },
	{ "dns.server-failing", CAUSE_DNS, 4 },
	{ "dns.tcp-blocked", CAUSE_DNS, 5 },
	{ "dns.search-suffix", CAUSE_DNS, 6 },
	{ "dns.stale-cache", CAUSE_DNS, 7 },
	{ "dns.rebinding-filter", CAUSE_DNS, 8 },
	{ "dns.zone-not-visible", CAUSE_DNS, 9 },
	{ "dns.record-missing", CAUSE_DNS, 10 },
	{ "dns.public-name-hidden", CAUSE_DNS, 11 },
	{ "dns.flapping", CAUSE_DNS, 12 },
	{ "dns.resolvers-disagree", CAUSE_DNS, 20 },
	{ "dns.*", CAUSE_DNS, 15 },
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
