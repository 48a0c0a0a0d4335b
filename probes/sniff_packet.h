/* SPDX-License-Identifier: MIT */
/* sniff_packet.h - one IP packet, as far as the beginning of TCP or UDP goes.
 *
 * Pure.  Source: RFC 791, 3.1; RFC 8200, 3; RFC 9293, 3.1; RFC 768; RFC 792
 * and RFC 4443, 3.1 for refusals.
 */
#ifndef PROBES_SNIFF_PACKET_H
#define PROBES_SNIFF_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"

struct sniff_packet {
	struct diag_addr from, to;
	uint16_t from_port, to_port;
	bool udp; /* else TCP */
	bool syn, ack, rst;
	/* An ICMP "unreachable": the ends are those of the packet that it is
	 * about. */
	bool refusal;
	/* Of UDP: what is here of its data; borrowed from the packet. */
	const char *data;
	size_t len;
};

/* bytes begin with the IP header.  false: something else, a later fragment,
 * extension headers, or cut. */
bool sniff_read(const unsigned char *bytes, size_t len,
		struct sniff_packet *out);

#endif
