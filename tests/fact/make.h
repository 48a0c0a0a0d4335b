/* SPDX-License-Identifier: MIT */
/* make.h - facts by chance, and whether two are the same.
 *
 * Written out member by member on purpose: the library walks tables, and a
 * member that is missing there must be missed here.
 */
#ifndef DIAG_TESTS_FACT_MAKE_H
#define DIAG_TESTS_FACT_MAKE_H

#include "base/arena.h"
#include "fact/fact.h"

struct make {
	struct diag_arena arena;
	uint64_t state; /* of the generator; any number but 0 */
};

unsigned make_number(struct make *m, unsigned below);
/* A fact of this kind with every member filled in by chance. */
struct diag_fact make_fact(struct make *m, enum diag_fact_kind kind);

bool same_fact(const struct diag_fact *a, const struct diag_fact *b);

#endif
