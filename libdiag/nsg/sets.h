/* SPDX-License-Identifier: MIT */
/* sets.h - sets of addresses as sorted spans; private to this room. */
#ifndef DIAG_NSG_SETS_H
#define DIAG_NSG_SETS_H

#include "base/arena.h"
#include "net/addr.h"

/* From first to last, both included and of one family. */
struct nsg_span {
	struct diag_addr first, last;
};

/* Sorted, no two of them touch. */
struct nsg_set {
	const struct nsg_span *spans;
	size_t n;
};

/* How a span lies to a set. */
enum nsg_rel {
	NSG_NONE,  /* no address of it is in the set */
	NSG_FULL,  /* all are */
	NSG_SPLIT, /* some are: from the cut on it is otherwise */
	NSG_PART,  /* of sets known by name: the other lies within this one */
	NSG_MAYBE, /* not known */
};

struct nsg_span nsg_span_of(const struct diag_cidr *c);
/* cut: the first address that is not like those before it. */
enum nsg_rel nsg_span_in_cidr(const struct nsg_span *s,
			      const struct diag_cidr *c, struct diag_addr *cut);
enum nsg_rel nsg_span_in_set(const struct nsg_span *s,
			     const struct nsg_set *set, struct diag_addr *cut);
/* The address before; there is one. */
struct diag_addr nsg_addr_before(const struct diag_addr *a);
/* The address after; false behind the last of the family. */
bool nsg_addr_after(struct diag_addr *a);

/* Sort and join in place; the set borrows. */
struct nsg_set nsg_set_of(struct nsg_span *spans, size_t n);
/* What the set leaves of one family; false without memory. */
DIAG_MUST_USE
bool nsg_set_rest(const struct nsg_set *set, enum diag_family family,
		  struct diag_arena *arena, struct nsg_set *out);

#endif
