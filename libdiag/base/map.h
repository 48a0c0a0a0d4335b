/* SPDX-License-Identifier: MIT */
/* map.h - the bytes of an open file, without a copy of them.
 *
 * They are the file's: somebody who writes to it shows in them, and whoever
 * looks at a part that was cut off, or that the disk does not give, is ended by
 * a signal (mmap(2), SIGBUS).  So a map is for a child to look at (child.h).
 */
#ifndef DIAG_BASE_MAP_H
#define DIAG_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct diag_map {
	const char *p; /* NULL: there is none */
	size_t len;
};

/* The first len bytes, more than none; false with errno. */
DIAG_MUST_USE
bool diag_map_fd(int fd, size_t len, struct diag_map *out);
void diag_map_clear(struct diag_map *map);

#endif
