/* SPDX-License-Identifier: MIT */
/* Any bytes as a pcapng file. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "capture/pcapng.h"
#include "tests/fuzz/fuzz.h"

static void read_all(struct cap_ng *ng)
{
	struct diag_capture_packet p = { .len = 0 };
	enum cap_ng_read end;
	size_t sum = 0;
	int dlt = 0;

	while ((end = cap_ng_next(ng, &p, &dlt)) == CAP_NG_PACKET) {
		if (p.at_us < 0 || p.wire_len < p.len)
			__builtin_trap();
		for (size_t i = 0; i < p.len; i++)
			sum += p.bytes[i];
	}
	if ((end == CAP_NG_BROKEN) != (cap_ng_why(ng) != NULL) ||
	    sum > SIZE_MAX / 2)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *file =
	    size > 0 ? fmemopen((void *)(uintptr_t)data, size, "rb") : NULL;
	struct cap_ng *ng = NULL;

	if (!file)
		return 0;
	cap_ng_open(file, &ng);
	if (ng)
		read_all(ng);
	cap_ng_free(ng);
	(void)fclose(file);
	return 0;
}
