/* SPDX-License-Identifier: MIT */
/* evaluate.h - a flow through groups in series; private to this room. */
#ifndef DIAG_NSG_EVALUATE_H
#define DIAG_NSG_EVALUATE_H

#include "nsg/world.h"

/* Groups one behind the other, as a packet meets them. */
struct nsg_way {
	const struct diag_nsg *const *groups;
	size_t n;
};

struct nsg_reason {
	const struct diag_nsg *group;
	const struct diag_nsg_rule *rule;
	const struct diag_nsg_peer *entry; /* that nobody can tell of */
	enum diag_flow_doubt doubt;
	bool self; /* the entry is about our end */
};

enum nsg_cell_end { NSG_CELL_ALLOWED, NSG_CELL_DENIED, NSG_CELL_UNKNOWN };

struct nsg_tally {
	bool seen[3], sure[3];
	struct nsg_reason why[3]; /* the first of each */
	bool too_many;
};

void nsg_tally_add(struct nsg_tally *t, enum nsg_cell_end end, bool sure,
		   const struct nsg_reason *why);
enum diag_flow_result nsg_tally_result(const struct nsg_tally *t);

/* by_name: tags of the flow are not resolved.  false: no memory. */
DIAG_MUST_USE
bool nsg_walk(const struct nsg_world *w, const struct nsg_way *way,
	      const struct diag_flow *flow, bool by_name,
	      struct nsg_tally *tally);

/* The ways there are; each in inbound order.  false: no memory. */
struct nsg_ways {
	struct nsg_way *items;
	size_t n;
	bool too_many;
};
#define NSG_WAYS_MAX 256
DIAG_MUST_USE
bool nsg_ways_of(const struct diag_nsg_list *groups, struct diag_arena *arena,
		 struct nsg_ways *out);

/* One sentence on what is not known. */
const char *nsg_doubt_text(const struct nsg_reason *why,
			   const struct diag_flow *flow,
			   struct diag_arena *arena);

#endif
