/* SPDX-License-Identifier: MIT */
/* pcap.h - packets of a pcap file as it is written today.  Private to this
 * room. */
#ifndef DIAG_CAPTURE_PCAP_H
#define DIAG_CAPTURE_PCAP_H

#include "base/err.h"
#include "capture/capture.h"
#include "capture/source.h"

struct cap_pcap {
	struct cap_source *from;
	int dlt;      /* DLT_... */
	bool swapped; /* written by a machine of the other byte order */
	uint32_t per_us;
	uint32_t snap;
	char why[96];
};

/* Borrows from, and takes the file's header off it.  false: it begins in a way
 * that libpcap has to look at; nothing is taken then. */
DIAG_MUST_USE
bool cap_pcap_begin(struct cap_pcap *f, struct cap_source *from);
/* The next packet; its bytes hold until the next call.  CAP_BROKEN: f->why. */
DIAG_MUST_USE
enum cap_read cap_pcap_next(struct cap_pcap *f, struct diag_capture_packet *p);

#endif
