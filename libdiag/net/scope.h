/* SPDX-License-Identifier: MIT */
/* scope.h - what kind of address this is, by itself (design.md, section 6).
 *
 * Expected addresses and the owner's networks come first and are not known
 * here; the verdict asks this last.  Sources: RFC 1918, 6598, 4193, 6890,
 * 6052, and Azure's own rules for addresses inside a VNet.
 */
#ifndef DIAG_NET_SCOPE_H
#define DIAG_NET_SCOPE_H

#include "net/addr.h"

enum diag_scope {
	DIAG_SCOPE_NONE,	/* no address */
	DIAG_SCOPE_LOOPBACK,	/* 127/8, ::1 */
	DIAG_SCOPE_UNSPECIFIED, /* 0/8, :: */
	DIAG_SCOPE_LINK_LOCAL,	/* 169.254/16, fe80::/10 */
	DIAG_SCOPE_MULTICAST,	/* 224/4, 255.255.255.255, 240/4, ff00::/8 */
	DIAG_SCOPE_AZURE_DNS,	/* 168.63.129.16 */
	DIAG_SCOPE_DOCKER,	/* 172.17/16: forbidden for these VNets */
	DIAG_SCOPE_PRIVATE,	/* RFC 1918 */
	DIAG_SCOPE_SHARED,	/* RFC 6598, 100.64/10 */
	DIAG_SCOPE_ULA,		/* RFC 4193 */
	DIAG_SCOPE_PUBLIC, /* the rest; documentation ranges count here, and
			      244/6, which stands for more of them */
};

enum diag_scope diag_scope_of(const struct diag_addr *a);
const char *diag_scope_name(enum diag_scope s); /* "private", "public" … */
bool diag_scope_is_unusable(enum diag_scope s); /* loopback … docker */
bool diag_scope_is_private(enum diag_scope s);	/* private, shared, ula */
/* The ranges zero-trust clients answer with: 100.64/16, 6.6/16, 198.18/15. */
bool diag_scope_is_synthetic(const struct diag_addr *a);
/* The IPv4 address inside a NAT64 prefix (RFC 6052, /96 only); false if a is
 * in neither 64:ff9b::/96 nor *prefix (may be NULL). */
bool diag_scope_dns64(const struct diag_addr *a, const struct diag_cidr *prefix,
		      struct diag_addr *v4);

#endif
