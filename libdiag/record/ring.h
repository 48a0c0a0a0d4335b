/* SPDX-License-Identifier: MIT */
/* ring.h - packets into a pcap file, or into a ring of them.
 *
 * All files are made at the beginning, because whoever records gives up the
 * right to make more.  They are new (O_EXCL), readable by their owner alone,
 * and never what a link points to.  At every moment each of them is a capture
 * that others read, but for the packet that is being written; what a full disk
 * leaves of one is cut off again.
 */
#ifndef DIAG_RECORD_RING_H
#define DIAG_RECORD_RING_H

#include <sys/types.h>

#include "record/live.h"

#define DIAG_RING_FILES_MAX 1000u

struct diag_ring_options {
	const char *path;   /* "-": standard output, of one file only */
	unsigned files;	    /* 1: no ring */
	uint64_t max_bytes; /* of each; 0: no end */
	bool force;	    /* replace files that are there */
	bool give;	    /* the files are to belong to uid and gid */
	uid_t uid;
	gid_t gid;
};

struct diag_ring;

/* The name of file number i (from 0): "laptop.pcap", and of a ring of 12
 * "laptop-01.pcap". */
#define DIAG_RING_PATH 4096
bool diag_ring_path(const struct diag_ring_options *o, unsigned i,
		    char out[DIAG_RING_PATH]);

/* Make the files, empty.  Errors: DIAG_EUSAGE (one is there already, or is no
 * regular file), DIAG_EIO.  Gives *out (diag_ring_free). */
DIAG_MUST_USE
bool diag_ring_open(const struct diag_ring_options *o, struct diag_ring **out,
		    struct diag_err *err);
void diag_ring_free(struct diag_ring *ring);

/* Their headers, for the packets of this capture. */
DIAG_MUST_USE
bool diag_ring_begin(struct diag_ring *ring, const struct diag_live *live,
		     struct diag_err *err);
/* One packet, of which keep bytes are written.  After a failure the file ends
 * with the last whole packet and takes no more. */
DIAG_MUST_USE
bool diag_ring_put(struct diag_ring *ring, const struct diag_live_packet *p,
		   size_t keep, struct diag_err *err);
/* Others see what was put. */
DIAG_MUST_USE
bool diag_ring_flush(struct diag_ring *ring, struct diag_err *err);
/* Force it to disk; nothing can be put after this. */
DIAG_MUST_USE
bool diag_ring_end(struct diag_ring *ring, struct diag_err *err);

uint64_t diag_ring_packets(const struct diag_ring *ring); /* put and kept */
bool diag_ring_is_full(const struct diag_ring *ring); /* no ring, and max_bytes
							 are reached */
/* How often the first file was begun anew. */
uint64_t diag_ring_rounds(const struct diag_ring *ring);

#endif
