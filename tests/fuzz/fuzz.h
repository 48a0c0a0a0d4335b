/* SPDX-License-Identifier: MIT */
/* fuzz.h - the one function a harness has, called by libFuzzer or replay.c. */
#ifndef DIAG_TESTS_FUZZ_FUZZ_H
#define DIAG_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
