/* SPDX-License-Identifier: MIT */
/* source.h - a capture file's bytes, each record in one piece.  Private to this
 * room. */
#ifndef DIAG_CAPTURE_SOURCE_H
#define DIAG_CAPTURE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes; the largest packet of a pcap file is as large. */
#define CAP_SOURCE_BUFFER ((size_t)256 << 10)

struct cap_source {
	const uint8_t *at, *end; /* what is there, in one piece */
	int sys; /* errno why no more can be read; 0: none, or it ends */
	/* What follows is source.c's own. */
	bool last; /* no more comes */
	bool full; /* the last buffer was: more is likely */
	bool may_read_ahead;
	int fd;
	size_t size;
	uint8_t *room; /* as those of ahead.c */
	uint8_t *large;
	size_t large_size;
	struct cap_ahead *ahead; /* NULL: nobody else reads */
};

/* Borrows fd until it is cleared, and reads it from where it stands, in buffers
 * of size bytes (CAP_SOURCE_BUFFER; 64 at least).  false: no memory. */
bool cap_source_init(struct cap_source *s, int fd, size_t size);
void cap_source_clear(struct cap_source *s);

/* n bytes in one piece are at s->at; n is at most the size of a buffer.  false:
 * the file ends before, or cannot be read (s->sys); what there is of them is
 * there. */
bool cap_source_has(struct cap_source *s, size_t n);
/* See cap_source_take(). */
const uint8_t *cap_source_fetch(struct cap_source *s, size_t n);

static inline size_t cap_source_left(const struct cap_source *s)
{
	return (size_t)(s->end - s->at);
}

/* The next n bytes (the caller has a limit for them), in one piece that holds
 * until the next call.  NULL: as above, or no memory for so many (s->sys is
 * ENOMEM). */
static inline const uint8_t *cap_source_take(struct cap_source *s, size_t n)
{
	const uint8_t *p = s->at;

	if (cap_source_left(s) < n)
		return cap_source_fetch(s, n);
	s->at += n;
	return p;
}

/* What a reader of records gives. */
enum cap_read {
	CAP_PACKET,
	CAP_END,
	CAP_BROKEN, /* it ends in the middle, or in garbage */
};

static inline uint32_t cap_turned(uint32_t n)
{
	return n >> 24 | (n >> 8 & 0xff00) | (n << 8 & 0xff0000) | n << 24;
}

#endif
