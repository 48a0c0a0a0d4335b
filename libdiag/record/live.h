/* SPDX-License-Identifier: MIT */
/* live.h - packets as they pass this machine (libpcap).
 *
 * Opening needs the right to capture (CAP_NET_RAW on Linux); nothing after it
 * does.  Nothing here waits: whoever owns the loop waits for diag_live_fd()
 * and then takes what is there.
 */
#ifndef DIAG_RECORD_LIVE_H
#define DIAG_RECORD_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define DIAG_LIVE_ALL	   "any" /* every interface at once */
#define DIAG_LIVE_SNAP_MAX 262144u
/* The kernel hands packets over in blocks, at the latest after this; what
 * passed a moment ago is there when this time is over. */
#define DIAG_LIVE_DELAY_MS 20

struct diag_live;

/* Errors  DIAG_EIO with EPERM: the right is missing.
 *         DIAG_EIO with ENODEV: there is no such interface.
 *         DIAG_EIO: libpcap's own words.
 * Gives *out (diag_live_close). */
DIAG_MUST_USE
bool diag_live_open(const char *interface, unsigned snap,
		    struct diag_live **out, struct diag_err *err);
void diag_live_close(struct diag_live *live);

bool diag_live_is_ethernet(const struct diag_live *live);
int diag_live_link(const struct diag_live *live); /* a DLT_ number */
const char *diag_live_link_name(const struct diag_live *live);
/* Only what this text (pcap-filter(7)) lets through from now on. */
DIAG_MUST_USE
bool diag_live_filter(struct diag_live *live, const char *text,
		      struct diag_err *err);
/* Readable when packets are there. */
int diag_live_fd(const struct diag_live *live);

struct diag_live_packet {
	int64_t s; /* since the epoch */
	uint32_t ns;
	const uint8_t *bytes;
	size_t len;	 /* bytes there are */
	size_t wire_len; /* bytes there were */
};
/* false: no more for now. */
typedef bool diag_live_fn(void *ctx, const struct diag_live_packet *packet);

/* Hands over what is there.  false: the capture has ended by itself, because
 * its interface went away. */
DIAG_MUST_USE
bool diag_live_take(struct diag_live *live, diag_live_fn *fn, void *ctx,
		    struct diag_err *err);

struct diag_live_counts {
	uint64_t lost;	       /* the kernel's buffer had no room */
	uint64_t lost_earlier; /* by the interface or its driver */
};
void diag_live_counts(const struct diag_live *live,
		      struct diag_live_counts *out);

#endif
