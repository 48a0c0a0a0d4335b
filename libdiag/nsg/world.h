/* SPDX-License-Identifier: MIT */
/* world.h - one end of a flow against the entries of a rule; private to this
 * room. */
#ifndef DIAG_NSG_WORLD_H
#define DIAG_NSG_WORLD_H

#include "nsg/internal.h"

struct nsg_world {
	const struct diag_nsg_world *given;
	struct diag_arena *arena; /* for this flow */
	enum diag_family family;
	struct nsg_set vnet;   /* as given */
	struct nsg_set inside; /* what is not on the Internet */
};

/* A part of an end that is looked at elsewhere. */
struct nsg_piece {
	const struct nsg_piece *next;
	const struct diag_nsg_peer *peer;
};

/* Addresses that go together: a span, or all that a name stands for, less the
 * pieces.  as: what they are called; its kind is DIAG_PEER_ANY for our own
 * address, which is one and not known; NULL for a span without a name. */
struct nsg_end {
	const struct diag_nsg_peer *as;
	bool by_span;
	struct nsg_span span;
	const struct nsg_piece *removed; /* looked at by themselves */
	const struct nsg_piece *taken;	 /* earlier rules have them */
};

struct nsg_answer {
	enum nsg_rel rel;
	struct diag_addr cut;		   /* NSG_SPLIT */
	const struct diag_nsg_peer *entry; /* which one it was */
	enum diag_flow_doubt doubt;	   /* NSG_MAYBE */
};

DIAG_MUST_USE
bool nsg_world_open(struct nsg_world *w, const struct diag_nsg_world *given,
		    enum diag_family family, struct diag_arena *arena);
/* Is all of an entry within another? */
bool nsg_peer_within(const struct diag_nsg_peer *inner,
		     const struct diag_nsg_peer *outer);
struct nsg_answer nsg_end_rel(const struct nsg_world *w,
			      const struct nsg_end *end,
			      const struct diag_nsg_peer *entries, size_t n);

struct nsg_ends {
	struct nsg_end *items;
	size_t n;
};
/* What a peer of a flow stands for.  ours: ANY is our own address.  by_name:
 * a tag is not resolved, even if it could be.  false: no memory. */
DIAG_MUST_USE
bool nsg_ends_of(const struct nsg_world *w, const struct diag_nsg_peer *peer,
		 bool ours, bool by_name, struct nsg_ends *out);

#endif
