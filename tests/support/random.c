/* SPDX-License-Identifier: MIT */
#include "tests/support/random.h"

uint64_t generate_next(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * 2685821657736338717ULL;
}
