/* SPDX-License-Identifier: MIT */
/* link_cooked.c - Linux cooked capture, versions 1 and 2: what `-i any` gives.
 *
 * Sources: LINKTYPE_LINUX_SLL (16 bytes, the protocol last) and
 * LINKTYPE_LINUX_SLL2 (20 bytes, the protocol first) of tcpdump.org.
 */
#include "capture/internal.h"

/* if_packet.h and if_arp.h of Linux; the loopback sends and gets all of it. */
enum { TO_US = 0, FROM_US = 4, LOOPBACK = 772 };

void cap_cooked_way(cap_link_read *link, struct cap_packet *p)
{
	struct diag_cursor at = p->at;
	uint16_t way = 0, device = 0;
	uint8_t short_way = 0;
	bool known;

	if (link == cap_cooked1) {
		known =
		    diag_cursor_u16(&at, &way) && diag_cursor_u16(&at, &device);
	} else if (link == cap_cooked2) {
		known = diag_cursor_skip(&at, 8) &&
			diag_cursor_u16(&at, &device) &&
			diag_cursor_u8(&at, &short_way);
		way = short_way;
	} else {
		return;
	}
	p->got = known && device != LOOPBACK && way == TO_US;
	p->sent = known && device != LOOPBACK && way == FROM_US;
}

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
