/* SPDX-License-Identifier: MIT */
/* random.h - numbers for generated tests: the same seed, the same numbers. */
#ifndef DIAG_TESTS_SUPPORT_RANDOM_H
#define DIAG_TESTS_SUPPORT_RANDOM_H

#include <stdint.h>

uint64_t generate_next(uint64_t *state); /* xorshift64*; never from 0 */

#endif
