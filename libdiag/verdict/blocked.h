/* SPDX-License-Identifier: MIT */
/* blocked.h - what the inventory's network security groups say of a
 * connection.  Private to this room.
 *
 * Which group stands before an address: those of its subnet, if the inventory
 * tells it (blocked_place.c), else any of those on subnets.  So a denial is
 * told only if all groups that may be in the way agree, and if it does not deny
 * something that was met: a connection to a neighbour, or to anybody where it
 * is the way out of this machine, that opened all the same.
 */
#ifndef DIAG_VERDICT_BLOCKED_H
#define DIAG_VERDICT_BLOCKED_H

#include "nsg/nsg.h"
#include "verdict/path.h"

struct blocked {
	/* ALLOWED: on both ends, by all; DENIED: by group and rule;
	 * UNKNOWN: nothing is claimed. */
	enum diag_flow_result result;
	enum diag_dir dir; /* OUT: on the way out of this machine's network */
	const struct diag_nsg *group;
	const struct diag_nsg_rule *rule;
	/* UNKNOWN: only which group is in the way is not; group's rule would
	 * deny it. */
	bool only_place;
	/* The subnet of the end that is held is known, and the groups on it
	 * hold private endpoints, or do not. */
	enum diag_policies policies;
};

/* Which end of a connection groups are asked about. */
struct blocked_end {
	enum diag_dir dir;
	const struct diag_addr *addr; /* of that end; NULL: not known */
	bool endpoint;		      /* a private endpoint, no machine */
};
/* The groups that may stand before it; they hang on nothing else.  Of a private
 * endpoint no group on a network interface does, and of a subnet without
 * network policies for endpoints none at all. */
struct diag_nsg_list blocked_before(struct judge *j,
				    const struct blocked_end *end);
bool blocked_is_before(const struct judge *j, const struct blocked_end *end,
		       const struct diag_nsg *g);
enum diag_policies blocked_policies(const struct judge *j,
				    const struct blocked_end *end);

/* The groups of the inventory, read once.  NULL: none. */
const struct diag_nsg_list *blocked_groups(struct judge *j);
/* p had no answer. */
struct blocked blocked_of(struct judge *j, const struct path *p);
/* ... and its denial is the story of the whole address, if that is silent. */
bool blocked_denies(struct judge *j, const struct path *p, struct blocked *b);
/* port.required-blocked, by the rule in b.  (rules_nsg.c) */
void blocked_tell(struct judge *j, const struct path *p,
		  const struct blocked *b);
/* What the rules say of it where they are not to blame.  (rules_tcp.c) */
void blocked_prove(struct judge *j, struct draft *d, const struct path *p,
		   const struct blocked *b);
/* What port.required-blocked and the silence it explains share. */
const char *blocked_subject(struct judge *j, const struct path *p,
			    const struct blocked *b);
/* One flow through one group. */
struct blocked blocked_alone(struct judge *j, const struct diag_nsg *g,
			     const struct diag_flow *flow);
/* A flow whose other end is a service tag. */
struct blocked blocked_flow(struct judge *j, const struct diag_port *port);
/* "rule deny-all (priority 300) of ws1103-nsg", with the subnet or network
 * interface it hangs on. */
const char *blocked_by(struct judge *j, const struct blocked *b);
/* The command that lets the connection through; NULL: there is none. */
const char *blocked_repair(struct judge *j, const struct blocked *b,
			   const struct path *p);
/* The one that lets only this source in. */
const char *blocked_narrow(struct judge *j, const struct blocked *b,
			   const char *source);

#endif
