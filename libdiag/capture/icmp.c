/* SPDX-License-Identifier: MIT */
/* icmp.c - errors, brought back to the flow they are about.
 *
 * An error holds the beginning of the packet that caused it: IP header and at
 * least eight bytes (RFC 792; RFC 4443, 2.4), so both ports.  Those that end a
 * question: unreachable (3, 1) and time exceeded (11, 3), and for IPv6 a
 * parameter problem is nothing that anybody on the way says.  "Packet too big"
 * (3/4, RFC 1191, 4; 2, RFC 4443, 3.2) is advice about sizes and ends nothing:
 * it is a fact of its own.
 */
#include "capture/internal.h"

#define TOO_BIG_CODE 4

static bool ends_a_question(enum diag_family family, int type, int code)
{
	if (family == DIAG_IPV4)
		return (type == 3 && code != TOO_BIG_CODE) || type == 11;
	return type == 1 || type == 3;
}

static bool is_too_big(enum diag_family family, int type, int code)
{
	return family == DIAG_IPV4 ? type == 3 && code == TOO_BIG_CODE
				   : type == 2;
}

void cap_icmp(struct diag_capture *c, struct cap_packet *p)
{
	struct diag_icmp_seen seen = { .seen = true, .from = p->from };
	struct cap_packet inner = { .at_us = p->at_us };
	uint8_t type, code;
	uint16_t high, low;
	bool too_big;
	enum cap_ip ip;

	/* checksum; then what only "too big" uses: 32 bits, of which the upper
	 * half has another meaning in IPv4 (RFC 4884, 4.1) */
	if (!diag_cursor_u8(&p->at, &type) || !diag_cursor_u8(&p->at, &code) ||
	    !diag_cursor_skip(&p->at, 2) || !diag_cursor_u16(&p->at, &high) ||
	    !diag_cursor_u16(&p->at, &low))
		return;
	seen.type = type;
	seen.code = code;
	too_big = is_too_big(p->from.family, type, code);
	if (!too_big && !ends_a_question(p->from.family, type, code))
		return;
	inner.at = p->at;
	ip = p->from.family == DIAG_IPV4 ? cap_ip4(&inner) : cap_ip6(&inner);
	if (too_big && ip == CAP_IP_WHOLE &&
	    (high == 0 || p->from.family == DIAG_IPV4))
		cap_too_big(c, &inner, &seen, low);
	if (too_big || ip != CAP_IP_WHOLE ||
	    !diag_cursor_u16(&inner.at, &inner.from_port) ||
	    !diag_cursor_u16(&inner.at, &inner.to_port))
		return;
	cap_heard(c, &inner.from);
	if (inner.proto == PROTO_TCP)
		cap_tcp_icmp(c, &inner, &seen);
	else if (inner.proto == PROTO_UDP && inner.to_port == DNS_PORT &&
		 !cap_is_port(c, DNS_PORT, true))
		cap_dns_icmp(c, &inner, &seen);
	else if (inner.proto == PROTO_UDP)
		cap_datagram_icmp(c, &inner, &seen);
}
