/* SPDX-License-Identifier: MIT */
/* generate.h - hosts files as nobody would write them, from a seed. */
#ifndef DIAG_TESTS_FIX_GENERATE_H
#define DIAG_TESTS_FIX_GENERATE_H

#include <stdint.h>

#include "base/buf.h"
#include "fix/hosts.h"
#include "tests/support/random.h"

#define GENERATED_PINS 8

struct generated {
	uint64_t seed;
	struct diag_buf text;
	struct diag_pin pins[GENERATED_PINS];
	size_t n_pins;
};

/* Text and pins for this seed; generated_clear() ends them.  Lines of every
 * kind: entries with our names right and wrong, aliases, comments, almost our
 * marks, garbage, CRLF, NUL, a byte-order mark, no final newline, now and then
 * a line of 100,000 bytes or of a million. */
void generate(uint64_t seed, struct generated *out);
void generated_clear(struct generated *g);

/* Pins of another inventory: some of g's (all addresses of a name or none:
 * blocks that disagree cannot stand in one file) and some of their own. */
size_t generate_shared(uint64_t seed, const struct generated *g,
		       struct diag_pin *pins);

/* What somebody makes of a text by hand: lines go, come and get longer.  The
 * caller clears out. */
void generate_edit(uint64_t *state, const struct diag_buf *text,
		   struct diag_buf *out);

#endif
