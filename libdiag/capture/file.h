/* SPDX-License-Identifier: MIT */
/* file.h - a capture file, fed packet by packet (pcap by libpcap; pcapng). */
#ifndef DIAG_CAPTURE_FILE_H
#define DIAG_CAPTURE_FILE_H

#include "capture/capture.h"

struct diag_capture_file_end {
	uint64_t packets;
	uint64_t unread; /* of interfaces with a link that we do not read */
	char unread_link[48]; /* one of those, in words */
	bool broken;	      /* it ends in the middle, or in garbage */
	char why[160];
};

/* Feed all packets of path ("-": standard input).  A file that breaks off is
 * no error: what was read counts, and *end tells.
 * Errors  DIAG_EIO     cannot be opened
 *         DIAG_EPARSE  no capture at all, or a link type that we do not read
 *         those of diag_capture_feed() */
DIAG_MUST_USE
bool diag_capture_file(struct diag_capture *c, const char *path,
		       struct diag_capture_file_end *end, struct diag_err *err);

/* When the first packet was seen, in microseconds since the epoch, so that the
 * files of a ring can be read in order.  false: no packet, or no capture, or
 * standard input or a pipe, which can be read only once. */
bool diag_capture_file_first(const char *path, int64_t *at_us);

#endif
