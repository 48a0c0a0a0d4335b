/* SPDX-License-Identifier: MIT */
/* See sniff_packet.h. */
#include "probes/sniff_packet.h"

#include "base/cursor.h"

#define IPV4_BYTES 20u
#define IPV6_BYTES 40u
#define FRAGMENT   0x1fffu /* offset, in the word with the flags */

#define ICMP_UNREACHABLE   3
#define ICMPV6_UNREACHABLE 1

enum { PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_ICMPV6 = 58 };
enum { FLAG_SYN = 0x02, FLAG_RST = 0x04, FLAG_ACK = 0x10 };

static bool take_addr(struct diag_cursor *c, enum diag_family family,
		      struct diag_addr *out)
{
	*out = (struct diag_addr){ .family = family };
	return diag_cursor_bytes(c, out->bytes, family == DIAG_IPV4 ? 4 : 16);
}

static bool read_v4(struct diag_cursor *c, uint8_t *proto,
		    struct sniff_packet *out)
{
	uint8_t version;
	uint16_t fragment;
	size_t options;

	if (!diag_cursor_u8(c, &version) || (version & 0xf) < 5)
		return false;
	options = (size_t)(version & 0xf) * 4 - IPV4_BYTES;
	return diag_cursor_skip(c, 5) && diag_cursor_u16(c, &fragment) &&
	       (fragment & FRAGMENT) == 0 && diag_cursor_skip(c, 1) &&
	       diag_cursor_u8(c, proto) && diag_cursor_skip(c, 2) &&
	       take_addr(c, DIAG_IPV4, &out->from) &&
	       take_addr(c, DIAG_IPV4, &out->to) &&
	       diag_cursor_skip(c, options);
}

static bool read_v6(struct diag_cursor *c, uint8_t *proto,
		    struct sniff_packet *out)
{
	return diag_cursor_skip(c, 6) && diag_cursor_u8(c, proto) &&
	       diag_cursor_skip(c, 1) && take_addr(c, DIAG_IPV6, &out->from) &&
	       take_addr(c, DIAG_IPV6, &out->to);
}

static bool read_ip(struct diag_cursor *c, uint8_t *proto,
		    struct sniff_packet *out)
{
	size_t left = diag_cursor_left(c);

	if (left < IPV4_BYTES)
		return false;
	if (c->at[0] >> 4 == 4)
		return read_v4(c, proto, out);
	return c->at[0] >> 4 == 6 && left >= IPV6_BYTES &&
	       read_v6(c, proto, out);
}

static bool read_ports(struct diag_cursor *c, struct sniff_packet *out)
{
	return diag_cursor_u16(c, &out->from_port) &&
	       diag_cursor_u16(c, &out->to_port);
}

/* sequence, acknowledgement, data offset; then the flags */
static bool read_tcp(struct diag_cursor *c, struct sniff_packet *out)
{
	uint8_t flags;

	if (!read_ports(c, out) || !diag_cursor_skip(c, 9) ||
	    !diag_cursor_u8(c, &flags))
		return false;
	out->syn = (flags & FLAG_SYN) != 0;
	out->ack = (flags & FLAG_ACK) != 0;
	out->rst = (flags & FLAG_RST) != 0;
	return true;
}

static bool read_udp(struct diag_cursor *c, struct sniff_packet *out)
{
	out->udp = true;
	if (!read_ports(c, out) || !diag_cursor_skip(c, 4))
		return false;
	out->data = (const char *)c->at;
	out->len = diag_cursor_left(c);
	return true;
}

/* Of the packet that it is about at least eight bytes are inside. */
static bool read_refusal(struct diag_cursor *c, uint8_t unreachable,
			 struct sniff_packet *out)
{
	uint8_t type, proto;

	if (!diag_cursor_u8(c, &type) || type != unreachable ||
	    !diag_cursor_skip(c, 7) || !read_ip(c, &proto, out))
		return false;
	out->refusal = true;
	out->udp = proto == PROTO_UDP;
	return (out->udp || proto == PROTO_TCP) && read_ports(c, out);
}

bool sniff_read(const unsigned char *bytes, size_t len,
		struct sniff_packet *out)
{
	struct diag_cursor c = diag_cursor_of(bytes, len);
	uint8_t proto = 0;

	*out = (struct sniff_packet){ .from_port = 0 };
	if (!read_ip(&c, &proto, out))
		return false;
	switch (proto) {
	case PROTO_TCP:
		return read_tcp(&c, out);
	case PROTO_UDP:
		return read_udp(&c, out);
	case PROTO_ICMP:
		return read_refusal(&c, ICMP_UNREACHABLE, out);
	case PROTO_ICMPV6:
		return read_refusal(&c, ICMPV6_UNREACHABLE, out);
	default:
		return false;
	}
}
