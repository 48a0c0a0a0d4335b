/* SPDX-License-Identifier: MIT */
/* scope.c - a table of ranges; the first that fits decides.
 *
 * The exact addresses stand before the ranges that hold them.  Azure keeps
 * 168.63.129.16 for its own DNS and agent in every VNet, and an Azure Machine
 * Learning VNet cannot use 172.17.0.0/16: it is the Docker bridge of compute
 * instances, so an endpoint there is never reached.
 */
#include "net/scope.h"

#include <string.h>

struct range {
	struct diag_cidr net;
	enum diag_scope scope;
};

#define V4(a, b, c, d, n)                                           \
	{                                                           \
		{ .family = DIAG_IPV4, .bytes = { a, b, c, d } }, n \
	}
#define V6(a, b, n)                                           \
	{                                                     \
		{ .family = DIAG_IPV6, .bytes = { a, b } }, n \
	}

static const struct range ranges[] = {
	{ V4(127, 0, 0, 0, 8), DIAG_SCOPE_LOOPBACK },	   /* RFC 1122 */
	{ V4(0, 0, 0, 0, 8), DIAG_SCOPE_UNSPECIFIED },	   /* RFC 1122 */
	{ V4(169, 254, 0, 0, 16), DIAG_SCOPE_LINK_LOCAL }, /* RFC 3927 */
	{ V4(224, 0, 0, 0, 4), DIAG_SCOPE_MULTICAST },	   /* RFC 5771 */
	/* Stands for public addresses in masked cases (bundle/mask.h). */
	{ V4(244, 0, 0, 0, 6), DIAG_SCOPE_PUBLIC },
	{ V4(240, 0, 0, 0, 4), DIAG_SCOPE_MULTICAST }, /* RFC 1112, 919 */
	{ V4(168, 63, 129, 16, 32), DIAG_SCOPE_AZURE_DNS },
	{ V4(172, 17, 0, 0, 16), DIAG_SCOPE_DOCKER },
	{ V4(10, 0, 0, 0, 8), DIAG_SCOPE_PRIVATE },	/* RFC 1918 */
	{ V4(172, 16, 0, 0, 12), DIAG_SCOPE_PRIVATE },	/* RFC 1918 */
	{ V4(192, 168, 0, 0, 16), DIAG_SCOPE_PRIVATE }, /* RFC 1918 */
	{ V4(100, 64, 0, 0, 10), DIAG_SCOPE_SHARED },	/* RFC 6598 */
	{ V6(0xfe, 0x80, 10), DIAG_SCOPE_LINK_LOCAL },	/* RFC 4291 */
	{ V6(0xff, 0, 8), DIAG_SCOPE_MULTICAST },	/* RFC 4291 */
	{ V6(0xfc, 0, 7), DIAG_SCOPE_ULA },		/* RFC 4193 */
};

/* What zero-trust clients hand out in place of the real address. */
static const struct diag_cidr synthetic[] = {
	V4(100, 64, 0, 0, 16),
	V4(6, 6, 0, 0, 16),
	V4(198, 18, 0, 0, 15),
};

/* RFC 6052, 2.1: the well-known prefix. */
static const struct diag_cidr nat64 = {
	{ .family = DIAG_IPV6, .bytes = { 0, 0x64, 0xff, 0x9b } }, 96
};
/* RFC 4291, 2.5.5.2: a mapped address is its IPv4 address to a socket. */
static const struct diag_cidr mapped = {
	{ .family = DIAG_IPV6, .bytes = { [10] = 0xff, [11] = 0xff } }, 96
};

static struct diag_addr last_four(const struct diag_addr *a)
{
	return diag_addr_v4(a->bytes[12], a->bytes[13], a->bytes[14],
			    a->bytes[15]);
}

/* :: and ::1 are single addresses; a table row would be all zeros. */
static enum diag_scope scope_of_v6(const struct diag_addr *a)
{
	static const uint8_t zeros[15];

	if (memcmp(a->bytes, zeros, sizeof(zeros)) != 0 || a->bytes[15] > 1)
		return DIAG_SCOPE_PUBLIC;
	return a->bytes[15] == 1 ? DIAG_SCOPE_LOOPBACK : DIAG_SCOPE_UNSPECIFIED;
}

static enum diag_scope scope_of_plain(const struct diag_addr *a)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (diag_cidr_has(&ranges[i].net, a))
			return ranges[i].scope;
	return a->family == DIAG_IPV6 ? scope_of_v6(a) : DIAG_SCOPE_PUBLIC;
}

enum diag_scope diag_scope_of(const struct diag_addr *a)
{
	struct diag_addr v4;

	if (a->family == DIAG_NOFAM)
		return DIAG_SCOPE_NONE;
	if (!diag_cidr_has(&mapped, a))
		return scope_of_plain(a);
	v4 = last_four(a);
	return scope_of_plain(&v4);
}

const char *diag_scope_name(enum diag_scope s)
{
	static const char *const names[] = {
		[DIAG_SCOPE_NONE] = "none",
		[DIAG_SCOPE_LOOPBACK] = "loopback",
		[DIAG_SCOPE_UNSPECIFIED] = "unspecified",
		[DIAG_SCOPE_LINK_LOCAL] = "link-local",
		[DIAG_SCOPE_MULTICAST] = "multicast",
		[DIAG_SCOPE_AZURE_DNS] = "azure-dns",
		[DIAG_SCOPE_DOCKER] = "docker",
		[DIAG_SCOPE_PRIVATE] = "private",
		[DIAG_SCOPE_SHARED] = "shared",
		[DIAG_SCOPE_ULA] = "ula",
		[DIAG_SCOPE_PUBLIC] = "public",
	};

	return (unsigned)s <= DIAG_SCOPE_PUBLIC ? names[s] : "none";
}

bool diag_scope_is_unusable(enum diag_scope s)
{
	return s >= DIAG_SCOPE_LOOPBACK && s <= DIAG_SCOPE_DOCKER;
}

bool diag_scope_is_private(enum diag_scope s)
{
	return s >= DIAG_SCOPE_PRIVATE && s <= DIAG_SCOPE_ULA;
}

bool diag_scope_is_synthetic(const struct diag_addr *a)
{
	for (size_t i = 0; i < sizeof(synthetic) / sizeof(synthetic[0]); i++)
		if (diag_cidr_has(&synthetic[i], a))
			return true;
	return false;
}

bool diag_scope_dns64(const struct diag_addr *a, const struct diag_cidr *prefix,
		      struct diag_addr *v4)
{
	bool own = prefix != NULL && prefix->addr.family == DIAG_IPV6 &&
		   prefix->len == 96 && diag_cidr_has(prefix, a);

	if (!own && !diag_cidr_has(&nat64, a))
		return false;
	*v4 = last_four(a);
	return true;
}
