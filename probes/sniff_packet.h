/* SPDX-License-Identifier: MIT */
/* sniff_packet.h - one IP packet, as far as the beginning of TCP goes.
 *
 * Pure.  Source: RFC 791, 3.1; RFC 8200, 3; RFC 9293, 3.1.
 */
#ifndef PROBES_SNIFF_PACKET_H
#define PROBES_SNIFF_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"

struct sniff_tcp {
	struct diag_addr from, to;
	uint16_t from_port, to_port;
	bool syn, ack, rst;
};

/* bytes begin with the IP header.  false: no TCP, a later fragment, extension
 * headers, or cut. */
bool sniff_read(const unsigned char *bytes, size_t len, struct sniff_tcp *out);

#endif
