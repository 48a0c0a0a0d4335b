/* SPDX-License-Identifier: MIT */
/* See sniff_packet.h. */
#include "probes/sniff_packet.h"

#include "base/cursor.h"

#define TCP	   6
#define IPV4_BYTES 20u
#define IPV6_BYTES 40u
#define FRAGMENT   0x1fffu /* offset, in the word with the flags */

enum { FLAG_SYN = 0x02, FLAG_RST = 0x04, FLAG_ACK = 0x10 };

static bool take_addr(struct diag_cursor *c, enum diag_family family,
		      struct diag_addr *out)
{
	*out = (struct diag_addr){ .family = family };
	return diag_cursor_bytes(c, out->bytes, family == DIAG_IPV4 ? 4 : 16);
}

static bool read_v4(struct diag_cursor *c, struct sniff_tcp *out)
{
	uint8_t version, proto;
	uint16_t fragment;
	size_t options;

	if (!diag_cursor_u8(c, &version) || (version & 0xf) < 5)
		return false;
	options = (size_t)(version & 0xf) * 4 - IPV4_BYTES;
	return diag_cursor_skip(c, 5) && diag_cursor_u16(c, &fragment) &&
	       (fragment & FRAGMENT) == 0 && diag_cursor_skip(c, 1) &&
	       diag_cursor_u8(c, &proto) && proto == TCP &&
	       diag_cursor_skip(c, 2) && take_addr(c, DIAG_IPV4, &out->from) &&
	       take_addr(c, DIAG_IPV4, &out->to) &&
	       diag_cursor_skip(c, options);
}

static bool read_v6(struct diag_cursor *c, struct sniff_tcp *out)
{
	uint8_t next;

	return diag_cursor_skip(c, 6) && diag_cursor_u8(c, &next) &&
	       next == TCP && diag_cursor_skip(c, 1) &&
	       take_addr(c, DIAG_IPV6, &out->from) &&
	       take_addr(c, DIAG_IPV6, &out->to);
}

bool sniff_read(const unsigned char *bytes, size_t len, struct sniff_tcp *out)
{
	struct diag_cursor c = diag_cursor_of(bytes, len);
	uint8_t flags;
	bool ok = false;

	*out = (struct sniff_tcp){ .from_port = 0 };
	if (len < IPV4_BYTES)
		return false;
	if (bytes[0] >> 4 == 4)
		ok = read_v4(&c, out);
	else if (bytes[0] >> 4 == 6 && len >= IPV6_BYTES)
		ok = read_v6(&c, out);
	/* sequence, acknowledgement, data offset; then the flags */
	if (!ok || !diag_cursor_u16(&c, &out->from_port) ||
	    !diag_cursor_u16(&c, &out->to_port) || !diag_cursor_skip(&c, 9) ||
	    !diag_cursor_u8(&c, &flags))
		return false;
	out->syn = (flags & FLAG_SYN) != 0;
	out->ack = (flags & FLAG_ACK) != 0;
	out->rst = (flags & FLAG_RST) != 0;
	return true;
}
