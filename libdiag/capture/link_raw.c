/* SPDX-License-Identifier: MIT */
/* link_raw.c - links without EtherTypes: bare IP, and BSD's loopback.
 *
 * Sources: LINKTYPE_RAW (the version field decides); LINKTYPE_NULL (an address
 * family, four bytes in the order of the machine that captured) and
 * LINKTYPE_LOOP (the same in network order) of tcpdump.org.  AF_INET is 2
 * everywhere; AF_INET6 is 10 on Linux, 24, 28 or 30 on the BSDs and macOS, 23
 * on Windows.
 */
#include "capture/internal.h"

bool cap_raw(struct diag_cursor *at, unsigned *ethertype)
{
	unsigned version;

	if (diag_cursor_left(at) < 1)
		return false;
	version = at->at[0] >> 4;
	if (version != 4 && version != 6)
		return false;
	*ethertype = version == 4 ? ETHERTYPE_IP4 : ETHERTYPE_IP6;
	return true;
}

static unsigned type_of_family(uint32_t family)
{
	switch (family) {
	case 2:
		return ETHERTYPE_IP4;
	case 10:
	case 23:
	case 24:
	case 28:
	case 30:
		return ETHERTYPE_IP6;
	default:
		return 0;
	}
}

bool cap_loop(struct diag_cursor *at, unsigned *ethertype)
{
	uint32_t family;

	if (!diag_cursor_u32(at, &family))
		return false;
	*ethertype = type_of_family(family);
	return true;
}

bool cap_null(struct diag_cursor *at, unsigned *ethertype)
{
	uint32_t family;

	if (!diag_cursor_u32(at, &family))
		return false;
	if (family > UINT16_MAX)
		family = __builtin_bswap32(family);
	*ethertype = type_of_family(family);
	return true;
}
