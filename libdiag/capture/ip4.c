/* SPDX-License-Identifier: MIT */
/* ip4.c - IPv4 (RFC 791, 3.1).
 *
 * Options are skipped.  Fragments are not put together: the first one has the
 * ports, the others say nothing.  A total length of 0 is what the network card
 * is to fill in (segmentation offload): then the frame is all there is.
 */
#include "capture/internal.h"

#include <string.h>

#define MORE_FRAGMENTS 0x2000u
#define OFFSET_MASK    0x1fffu

/* In its place: a copy right behind the small write waits for it. */
static void set_addr(struct diag_addr *a, const uint8_t *p)
{
	a->family = DIAG_IPV4;
	memcpy(a->bytes, p, 4);
}

enum cap_ip cap_ip4(struct cap_packet *p)
{
	struct diag_cursor c = p->at;
	size_t left = diag_cursor_left(&c), header, total;
	uint16_t piece;

	if (left < 20 || c.at[0] >> 4 != 4)
		return CAP_IP_BAD;
	header = (size_t)(c.at[0] & 0xf) * 4;
	total = (size_t)c.at[2] << 8 | c.at[3];
	if (total == 0)
		total = left + p->missing;
	if (header < 20 || header > left || total < header)
		return CAP_IP_BAD;
	piece = (uint16_t)(c.at[6] << 8 | c.at[7]);
	p->hops = c.at[8];
	p->proto = c.at[9];
	set_addr(&p->from, c.at + 12);
	set_addr(&p->to, c.at + 16);
	p->missing = total > left ? total - left : 0;
	if (total < left)
		p->at.end = c.at + total;
	p->at.at = c.at + header;
	p->fragment = piece & MORE_FRAGMENTS;
	return (piece & OFFSET_MASK) ? CAP_IP_FRAGMENT : CAP_IP_WHOLE;
}
