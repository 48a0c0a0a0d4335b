/* SPDX-License-Identifier: MIT */
/* sniff_filter.h - which packets wake us.
 *
 * TCP with SYN or RST set, ICMP "unreachable", and datagrams from and to the
 * ports that are watched.  Without it every packet of the machine would, and
 * the more there are the sooner the kernel loses some.
 */
#ifndef PROBES_SNIFF_FILTER_H
#define PROBES_SNIFF_FILTER_H

#include <linux/filter.h>
#include <stddef.h>

#include "plan/plan.h"

#define SNIFF_PACKET_READ 128 /* bytes: the longest beginning that we read */
#define SNIFF_FILTER_MAX  512 /* instructions */

/* For packets that begin with the IP header.  Ranges of UDP beyond those that
 * fit let all datagrams pass.  Returns how many instructions. */
size_t sniff_filter(const struct diag_probe_ports *ports, size_t n,
		    struct sock_filter out[SNIFF_FILTER_MAX]);

#endif
