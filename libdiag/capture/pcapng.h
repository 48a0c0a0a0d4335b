/* SPDX-License-Identifier: MIT */
/* pcapng.h - packets of a pcapng file, one after the other.  Private to this
 * room. */
#ifndef DIAG_CAPTURE_PCAPNG_H
#define DIAG_CAPTURE_PCAPNG_H

#include "capture/capture.h"
#include "capture/source.h"

/* The first byte of every such file, and of no pcap file. */
#define CAP_NG_FIRST 0x0a

struct cap_ng;

/* Borrows from.  *out is NULL when there is no memory. */
void cap_ng_open(struct cap_source *from, struct cap_ng **out);
void cap_ng_free(struct cap_ng *ng);
/* The next packet and its link type (DLT_...); its bytes hold until the next
 * call.  CAP_BROKEN: cap_ng_why(). */
DIAG_MUST_USE
enum cap_read cap_ng_next(struct cap_ng *ng, struct diag_capture_packet *p,
			  int *dlt);
/* Whether it began as such a file does. */
bool cap_ng_began(const struct cap_ng *ng);
/* Packets that its recorder says it lost, as far as it was read. */
uint64_t cap_ng_lost(const struct cap_ng *ng);
const char *cap_ng_why(const struct cap_ng *ng);

#endif
