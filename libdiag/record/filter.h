/* SPDX-License-Identifier: MIT */
/* filter.h - which packets are worth recording, as a text for libpcap.
 *
 * Pure.  A name may resolve to any address, the wrong ones are what we look
 * for; so connections are chosen by port and not by peer.  On top of that all
 * that goes to or comes from an expected address is taken, whatever its port.
 * The kernel runs at most 4096 instructions (BPF_MAXINSNS), and libpcap's
 * optimiser takes a minute long before that: where the addresses are too many
 * their networks stand in for them, and without networks the ports alone.
 */
#ifndef DIAG_RECORD_FILTER_H
#define DIAG_RECORD_FILTER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "net/addr.h"

#define DIAG_FILTER_TEXT_MAX ((size_t)64 << 10) /* bytes */

struct diag_filter_ports {
	uint16_t first, last;
	bool udp; /* else TCP */
};

struct diag_filter_want {
	const struct diag_filter_ports *ports; /* besides DNS; may overlap */
	size_t n_ports;
	const struct diag_addr *addresses;
	size_t n_addresses;
	const struct diag_cidr *networks; /* that the addresses lie in */
	size_t n_networks;
	/* The link is Ethernet: look behind one VLAN tag as well.  On others
	 * libpcap has no word for it, and Linux has taken the tag off. */
	bool ethernet;
};

/* What stands for the expected addresses. */
enum diag_filter_grain {
	DIAG_FILTER_ADDRESSES,
	DIAG_FILTER_NETWORKS,
	DIAG_FILTER_PORTS,
};

/* Puts the text; *out then tells by diag_buf_ok() whether there was room.
 * What is taken:
 *   DNS (port 53, TCP and UDP) and the SYNs of DNS over TLS (853); not mDNS
 *   (5353), which no name of Azure is asked by
 *   the ports
 *   ICMP and ICMPv6 errors: unreachable, too big, time exceeded, parameter
 *   the addresses or their networks */
enum diag_filter_grain diag_filter_text(const struct diag_filter_want *want,
					struct diag_buf *out);

#endif
