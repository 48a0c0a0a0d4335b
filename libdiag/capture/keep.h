/* SPDX-License-Identifier: MIT */
/* keep.h - how much of a packet is needed to judge it.
 *
 * For a recorder that keeps what was negotiated and not what was said: headers
 * of everything, all of DNS and ICMP, and of a connection the beginning in
 * which TLS is set up or a proxy is asked.  What follows is only counted.  All
 * that diag_capture_feed() makes facts of is kept.
 */
#ifndef DIAG_CAPTURE_KEEP_H
#define DIAG_CAPTURE_KEEP_H

#include "capture/capture.h"

struct diag_keep;

/* dlt: a DLT_ number of libpcap.  Errors: DIAG_EPARSE (a link we do not read),
 * DIAG_ENOMEM.  Gives *out (diag_keep_free). */
DIAG_MUST_USE
bool diag_keep_new(int dlt, struct diag_keep **out, struct diag_err *err);
void diag_keep_free(struct diag_keep *k);

/* Bytes from the front of the packet; at most packet->len. */
size_t diag_keep_bytes(struct diag_keep *k,
		       const struct diag_capture_packet *packet);

#endif
