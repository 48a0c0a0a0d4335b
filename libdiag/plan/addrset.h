/* SPDX-License-Identifier: MIT */
/* addrset.h - addresses that were met; private to this room. */
#ifndef DIAG_PLAN_ADDRSET_H
#define DIAG_PLAN_ADDRSET_H

#include "base/err.h"
#include "net/addr.h"

/* Open addressing, never more than half full; a slot without family is free.
 */
struct addrset {
	struct diag_addr *at;
	size_t n, cap;
};

void addrset_clear(struct addrset *s);
/* *fresh: it was not in the set before. */
DIAG_MUST_USE
bool addrset_add(struct addrset *s, const struct diag_addr *a, bool *fresh,
		 struct diag_err *err);

#endif
