/* SPDX-License-Identifier: MIT */
/* Any bytes as the kernel's counters: they only grow by what stands there. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "probes/drops.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct drops none = { .queue_full = 0 }, some = none, delta;

	drops_read((const char *)data, size, &some);
	delta = drops_since(&none, &some);
	if (delta.queue_full != some.queue_full ||
	    delta.no_way_back != some.no_way_back ||
	    delta.reverse_path != some.reverse_path)
		abort();
	return 0;
}
