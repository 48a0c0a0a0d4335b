/* SPDX-License-Identifier: MIT */
/* ip6.c - IPv6 and its extension headers (RFC 8200, 3 and 4; RFC 4302, 2.2).
 *
 * All extension headers but two have the same shape: next header, length in
 * units of eight bytes without the first.  The fragment header has eight bytes;
 * the authentication header counts in units of four, without the first two.
 */
#include "capture/internal.h"

#include <string.h>

#define HEADER	       40
#define EXTENSIONS_MAX 16

enum {
	HOP_BY_HOP = 0,
	ROUTING = 43,
	FRAGMENT = 44,
	AUTH = 51,
	OPTIONS = 60,
	MOBILITY = 135,
	HIP = 139,
	SHIM6 = 140
};

static struct diag_addr addr_of(const uint8_t *p)
{
	struct diag_addr a = { .family = DIAG_IPV6 };

	memcpy(a.bytes, p, 16);
	return a;
}

static bool is_extension(uint8_t next)
{
	return next == HOP_BY_HOP || next == ROUTING || next == FRAGMENT ||
	       next == AUTH || next == OPTIONS || next == MOBILITY ||
	       next == HIP || next == SHIM6;
}

static size_t size_of(uint8_t kind, const uint8_t *p)
{
	if (kind == FRAGMENT)
		return 8;
	if (kind == AUTH)
		return ((size_t)p[1] + 2) * 4;
	return ((size_t)p[1] + 1) * 8;
}

/* One extension header; *later: this is a piece without the beginning. */
static bool skip_one(struct cap_packet *p, bool *later)
{
	struct diag_cursor *c = &p->at;
	uint8_t kind = p->proto;
	size_t size;

	if (diag_cursor_left(c) < 8)
		return false;
	size = size_of(kind, c->at);
	if (kind == FRAGMENT) {
		unsigned piece = (unsigned)c->at[2] << 8 | c->at[3];

		*later = piece >> 3 != 0;
		p->fragment |= piece & 1;
	}
	p->proto = c->at[0];
	return diag_cursor_skip(c, size);
}

enum cap_ip cap_ip6(struct cap_packet *p)
{
	struct diag_cursor *c = &p->at;
	size_t left = diag_cursor_left(c), total;
	bool later = false;

	if (left < HEADER || c->at[0] >> 4 != 6)
		return CAP_IP_BAD;
	total = HEADER + ((size_t)c->at[4] << 8 | c->at[5]);
	if (total == HEADER) /* a jumbogram, or offload */
		total = left + p->missing;
	p->proto = c->at[6];
	p->hops = c->at[7];
	p->from = addr_of(c->at + 8);
	p->to = addr_of(c->at + 24);
	p->missing = total > left ? total - left : 0;
	if (total < left)
		c->end = c->at + total;
	c->at += HEADER;
	for (int i = 0; i < EXTENSIONS_MAX && is_extension(p->proto); i++) {
		if (!skip_one(p, &later))
			return CAP_IP_BAD;
		if (later)
			return CAP_IP_FRAGMENT;
	}
	return CAP_IP_WHOLE;
}
