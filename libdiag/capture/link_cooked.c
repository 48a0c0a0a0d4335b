/* SPDX-License-Identifier: MIT */
/* link_cooked.c - Linux cooked capture, versions 1 and 2: what `-i any` gives.
 *
 * Sources: LINKTYPE_LINUX_SLL (16 bytes, the protocol last) and
 * LINKTYPE_LINUX_SLL2 (20 bytes, the protocol first) of tcpdump.org.
 */
#include "capture/internal.h"

bool cap_cooked1(struct diag_cursor *at, unsigned *ethertype)
{
	uint16_t type;

	if (!diag_cursor_skip(at, 14) || !diag_cursor_u16(at, &type))
		return false;
	*ethertype = type;
	return true;
}

bool cap_cooked2(struct diag_cursor *at, unsigned *ethertype)
{
	uint16_t type;

	if (!diag_cursor_u16(at, &type) || !diag_cursor_skip(at, 18))
		return false;
	*ethertype = type;
	return true;
}
