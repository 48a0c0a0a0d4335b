/* SPDX-License-Identifier: MIT */
/* link_ethernet.c - Ethernet II, VLAN tags and PPPoE.
 *
 * Sources: IEEE 802.3 (a type below 1536 is a length: LLC, no IP); IEEE 802.1Q
 * and 802.1ad (tags, stacked); RFC 2516, 4 (PPPoE session).
 */
#include "capture/internal.h"

#define ADDRESSES     12
#define VLANS_MAX     4
#define PPPOE_SESSION 0x8864u
#define PPPOE_HEADER  6

static bool is_tag(unsigned type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

bool cap_inner_type(struct diag_cursor *at, unsigned *ethertype)
{
	for (int i = 0; i < VLANS_MAX && is_tag(*ethertype); i++) {
		uint16_t type;

		if (!diag_cursor_skip(at, 2) || !diag_cursor_u16(at, &type))
			return false;
		*ethertype = type;
	}
	if (*ethertype != PPPOE_SESSION)
		return true;
	return diag_cursor_skip(at, PPPOE_HEADER) && cap_ppp(at, ethertype);
}

bool cap_ethernet(struct diag_cursor *at, unsigned *ethertype)
{
	uint16_t type;

	if (!diag_cursor_skip(at, ADDRESSES) || !diag_cursor_u16(at, &type))
		return false;
	*ethertype = type;
	return true;
}
