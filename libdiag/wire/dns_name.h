/* SPDX-License-Identifier: MIT */
/* dns_name.h - uncompressed names of a DNS message (RFC 1035, 3.1).
 *
 * Text follows RFC 1035, 5.1: lower case, no dot at the end, and a byte that
 * no host name has is written \DDD, so that nothing strange gets further.
 * Private to this room.
 */
#ifndef DIAG_WIRE_DNS_NAME_H
#define DIAG_WIRE_DNS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define WNAME_MAX 255 /* bytes */

struct wname {
	const uint8_t *p;
	size_t len; /* 0: no name */
};

/* As names are compared: ASCII case ignored (RFC 4343). */
bool wname_eq(struct wname a, struct wname b);
/* A normalised name to the wire, in room; len 0 when it does not fit. */
struct wname wname_make(const char *name, uint8_t room[WNAME_MAX]);
/* In the arena; the root is ".".  NULL: no memory. */
const char *wname_text(struct diag_arena *arena, struct wname w);

#endif
