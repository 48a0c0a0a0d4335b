/* SPDX-License-Identifier: MIT */
/* udp.c - UDP (RFC 768); only DNS is looked into; of the others to nodes of the
 * inventory it is noted whether they are answered (datagrams.c). */
#include "capture/internal.h"

void cap_udp(struct diag_capture *c, struct cap_packet *p)
{
	bool from_client;
	struct cap_question q;
	uint16_t len;

	if (!diag_cursor_u16(&p->at, &p->from_port) ||
	    !diag_cursor_u16(&p->at, &p->to_port) ||
	    !diag_cursor_u16(&p->at, &len) || !diag_cursor_skip(&p->at, 2)) {
		c->seen.counts.malformed++;
		if (p->missing > 0)
			cap_unread(c, p);
		return;
	}
	cap_heard(c, &p->to);
	if ((p->to_port != DNS_PORT && p->from_port != DNS_PORT) ||
	    cap_is_port(c, DNS_PORT, true)) {
		cap_datagram(c, p);
		return;
	}
	from_client = p->to_port == DNS_PORT;
	q = (struct cap_question){
		.client = from_client ? &p->from : &p->to,
		.server = from_client ? &p->to : &p->from,
		.client_port = from_client ? p->from_port : p->to_port,
		.server_port = DNS_PORT,
		.at_us = p->at_us,
		.cut = p->missing > 0 || p->fragment,
	};
	if (len >= 8 && (size_t)len - 8 < diag_cursor_left(&p->at))
		p->at.end = p->at.at + (len - 8);
	cap_dns_message(c, &q, p->at.at, diag_cursor_left(&p->at), from_client);
}
