/* SPDX-License-Identifier: MIT */
/* link_ppp.c - PPP, as VPN clients have it.
 *
 * Source: RFC 1661, 2 (protocol field, one byte when compressed: 6.5) and
 * RFC 1662, 3.1 (address and control, which may be left out).  pppd writes the
 * direction in place of the address (LINKTYPE_PPP_PPPD).
 */
#include "capture/internal.h"

#define CONTROL 0x03

static unsigned type_of(unsigned protocol)
{
	if (protocol == 0x0021)
		return ETHERTYPE_IP4;
	return protocol == 0x0057 ? ETHERTYPE_IP6 : 0;
}

bool cap_ppp(struct diag_cursor *at, unsigned *ethertype)
{
	uint8_t first, second;

	if (diag_cursor_left(at) >= 2 && at->at[1] == CONTROL &&
	    (at->at[0] == 0xff || at->at[0] <= 1))
		at->at += 2;
	if (!diag_cursor_u8(at, &first))
		return false;
	if (first & 1) { /* compressed */
		*ethertype = type_of(first);
		return true;
	}
	if (!diag_cursor_u8(at, &second))
		return false;
	*ethertype = type_of((unsigned)first << 8 | second);
	return true;
}
