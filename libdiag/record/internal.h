/* SPDX-License-Identifier: MIT */
/* internal.h - private to this room. */
#ifndef DIAG_RECORD_INTERNAL_H
#define DIAG_RECORD_INTERNAL_H

#include <pcap/pcap.h>

#include "record/live.h"

struct diag_live {
	pcap_t *pcap;
	int fd;
	diag_live_fn *fn;
	void *ctx;
};

#endif
