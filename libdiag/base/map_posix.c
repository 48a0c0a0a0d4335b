/* SPDX-License-Identifier: MIT */
/* map_posix.c - see map.h. */
#include "base/map.h"

#include <stdint.h>
#include <sys/mman.h>

bool diag_map_fd(int fd, size_t len, struct diag_map *out)
{
	void *p = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);

	*out = (struct diag_map){ .p = NULL };
	if (p == MAP_FAILED)
		return false;
	*out = (struct diag_map){ .p = p, .len = len };
	return true;
}

void diag_map_clear(struct diag_map *map)
{
	if (map->p != NULL)
		(void)munmap((void *)(uintptr_t)map->p, map->len);
	*map = (struct diag_map){ .p = NULL };
}
