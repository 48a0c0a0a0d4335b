/* SPDX-License-Identifier: MIT */
/* drops.h - what a kernel drops by itself, and counts.
 *
 * A connection that arrives and gets no answer was dropped by the machine's
 * firewall, or by its kernel for a reason that it counts (nstat(8) shows them).
 * The counters are of the whole network namespace: they tell that it happened,
 * not to whom.
 *
 * Source: proc(5), /proc/net/netstat and snmp; the kernel's
 * Documentation/networking/snmp_counter.rst.
 */
#ifndef PROBES_DROPS_H
#define PROBES_DROPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct drops {
	uint64_t queue_full;   /* TcpExtListenOverflows: a program does not
				  take its connections */
	uint64_t no_way_back;  /* IpOutNoRoutes, Ip6OutNoRoutes */
	uint64_t reverse_path; /* TcpExtIPReversePathFilter: the way back leads
				  through another interface */
};

/* The text of such a file: what it has is added. */
void drops_read(const char *text, size_t len, struct drops *out);
/* As of now.  false: this system does not tell. */
bool drops_now(struct drops *out);
/* What came since; a counter that went back (it was reset) gives 0. */
struct drops drops_since(const struct drops *then, const struct drops *now);

#endif
