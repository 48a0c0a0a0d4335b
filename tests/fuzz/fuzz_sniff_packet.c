/* SPDX-License-Identifier: MIT */
/* Packets as a capture hands them over: never read beyond their end, and what
 * is told has addresses of one family, and data that lies inside. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "probes/sniff_packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sniff_packet t;

	if (sniff_read(data, size, &t) &&
	    (t.from.family == DIAG_NOFAM || t.from.family != t.to.family))
		abort();
	if (t.len > 0 && (t.len > size || !t.udp || t.refusal))
		abort();
	return 0;
}
