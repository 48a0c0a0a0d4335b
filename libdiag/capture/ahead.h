/* SPDX-License-Identifier: MIT */
/* ahead.h - a file that another thread reads in buffers.  Private to this
 * room. */
#ifndef DIAG_CAPTURE_AHEAD_H
#define DIAG_CAPTURE_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cap_ahead;

/* Begin to read fd (borrowed until cap_ahead_end) from where it stands, in
 * buffers of size bytes.  NULL: no memory or no thread for it; nothing is read
 * then. */
struct cap_ahead *cap_ahead_begin(int fd, size_t size);
/* NULL is allowed. */
void cap_ahead_end(struct cap_ahead *a);

struct cap_piece {
	uint8_t *at, *end;
	bool last; /* of the file, or of what can be read of it */
	int sys;   /* errno why no more can be read; 0: the file ends */
};

/* Wait for the next buffer.  The n bytes of rest, at most size, are put right
 * in front of its own; they may be of the piece before, which is given back.
 * Not to be asked for after the last one. */
struct cap_piece cap_ahead_next(struct cap_ahead *a, const uint8_t *rest,
				size_t n);

/* As read(2), until n bytes are there or no more come; *sys as above. */
size_t cap_read_fully(int fd, uint8_t *out, size_t n, int *sys);

#endif
