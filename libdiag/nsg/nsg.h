/* SPDX-License-Identifier: MIT */
/* nsg.h - network security groups: what the rules let through, and which rule
 * decides.
 *
 * Pure.  A group is read from Azure's own output or from an inventory, a flow
 * comes from the catalogue (role, era) or from a person, and the answer is one
 * of four: what cannot be known is `unknown`, never a guess.
 * Source: azure.md 3.1 to 3.3; Microsoft's "Network security groups".
 */
#ifndef DIAG_NSG_NSG_H
#define DIAG_NSG_NSG_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/json.h"
#include "inventory/inventory.h"

#define DIAG_NSG_RULES	2048 /* of one group, the defaults included */
#define DIAG_NSG_GROUPS 256
#define DIAG_NSG_PEERS	8192 /* entries of one end of one rule */

enum diag_nsg_place { DIAG_NSG_UNKNOWN_PLACE, DIAG_NSG_SUBNET, DIAG_NSG_NIC };

/* Ports, or all of them. */
struct diag_port_range {
	uint16_t first, last; /* 0, 65535: any */
};

enum diag_nsg_peer_kind {
	DIAG_PEER_ANY,	/* "*"; 0.0.0.0/0 and ::/0 are prefixes */
	DIAG_PEER_CIDR, /* an address, a prefix, a piece of a range */
	DIAG_PEER_TAG,	/* a service tag, with region or without */
	DIAG_PEER_ASG,	/* an application security group: members unknown */
};

/* A range of addresses becomes several prefixes with the same text. */
struct diag_nsg_peer {
	enum diag_nsg_peer_kind kind;
	struct diag_cidr cidr;
	const char *tag;    /* canonical spelling, without the region; of a
			       security group its id in lower case */
	const char *region; /* lower case, no blanks; "" for all, "?" for one
			       that is not known */
	const char *text;   /* as written */
	int tag_kind;	    /* of this room; 0: not looked at yet */
};

struct diag_nsg_rule {
	const char *name;
	unsigned priority;
	enum diag_dir dir;
	bool allow;
	bool is_default;      /* from defaultSecurityRules */
	bool tcp, udp, icmp;  /* protocols it speaks of; all for "*" */
	const char *protocol; /* "*", "tcp", "udp", "icmp", "esp", "ah" */
	const struct diag_nsg_peer *from, *to;
	size_t n_from, n_to;
	const struct diag_port_range *from_ports, *to_ports;
	size_t n_from_ports, n_to_ports;
};

/* Rules in the order they are tried: direction, priority, Deny before Allow.
 * Default rules that the document did not show are there all the same. */
struct diag_nsg {
	const char *name, *id, *resource_group; /* "" if unknown */
	const char *location; /* region, lower case; "" if unknown */
	const char *from;     /* file and path it was read from */
	/* Where attached; a group may hang on several. */
	const char *const *subnets; /* ARM ids, lower case */
	size_t n_subnets;
	const char *const *nics;
	size_t n_nics;
	const struct diag_nsg_rule *rules;
	size_t n_rules;
};

struct diag_nsg_list {
	struct diag_nsg *items;
	size_t n;
};

/* Read one group: the object of `az network nsg show`, one of `list`, of REST
 * (with `properties`), of `nsg create` (NewNSG), of PowerShell, or what
 * diag_nsg_print() wrote.  Problems are noted with their place; a rule that
 * cannot be read makes the whole group unreadable (false, DIAG_EPARSE):
 * judging with a rule missing would be judging wrongly.  into may hold groups
 * already; a group that it holds (same id) is not taken twice. */
DIAG_MUST_USE
bool diag_nsg_read(const struct diag_json_at *at, const cJSON *obj,
		   struct diag_arena *arena, struct diag_nsg_list *into,
		   struct diag_err *err);
/* Read a whole document: one group, a list of them, either in `value`, or an
 * inventory.
 * What is no readable group is noted and counted in *skipped; false only
 * without memory or over a limit. */
DIAG_MUST_USE
bool diag_nsg_read_all(const struct diag_json_at *at, const cJSON *doc,
		       struct diag_arena *arena, struct diag_nsg_list *into,
		       unsigned *skipped, struct diag_err *err);
/* Does this object look like a network security group? */
bool diag_nsg_recognise(const cJSON *obj);
/* The normal form that inventories keep under `nsgs`. */
void diag_nsg_print(const struct diag_nsg *g, struct diag_jw *w);
/* The groups of an inventory (its `nsgs`). */
DIAG_MUST_USE
bool diag_nsg_of_inventory(const struct diag_inventory *inv,
			   struct diag_arena *arena, struct diag_nsg_list *out,
			   struct diag_err *err);

/* --- service tags --------------------------------------------------------- */

/* Azure's published JSON (`values[].properties.addressPrefixes`), or NULL:
 * then a tag against plain addresses is unknown. */
struct diag_service_tags;
DIAG_MUST_USE
bool diag_service_tags_read(const struct diag_json_at *at, const cJSON *obj,
			    struct diag_service_tags **out,
			    struct diag_err *err);
void diag_service_tags_free(struct diag_service_tags *t);

/* --- evaluation ----------------------------------------------------------- */

/* What must get through.  peer: the other end (source of an inbound flow,
 * destination of an outbound one). */
struct diag_flow {
	enum diag_dir dir;
	enum diag_proto proto;
	struct diag_nsg_peer peer;
	struct diag_nsg_peer self; /* our end; kind ANY: not known */
	uint16_t port, port_last;  /* destination */
	const char *why;	   /* what needs it, for people */
	bool optional;
};
struct diag_flow_list {
	const struct diag_flow *items;
	size_t n;
};

enum diag_flow_result {
	DIAG_FLOW_ALLOWED,
	DIAG_FLOW_DENIED,
	DIAG_FLOW_PARTLY, /* some ports or addresses of it only */
	DIAG_FLOW_UNKNOWN,
};

/* Why something is not known. */
enum diag_flow_doubt {
	DIAG_DOUBT_NONE,
	DIAG_DOUBT_ADDRESSES, /* which addresses a service tag holds */
	DIAG_DOUBT_TAGS,      /* whether two tags overlap */
	DIAG_DOUBT_REGION,    /* which region is meant */
	DIAG_DOUBT_ASG,	      /* who is in a security group */
	DIAG_DOUBT_VNET,      /* what VirtualNetwork holds */
	DIAG_DOUBT_SELF,      /* which address our end has */
	DIAG_DOUBT_PLATFORM,  /* the host's own services, which rules pass by */
	DIAG_DOUBT_PLACE,     /* which group is in the way */
	DIAG_DOUBT_LIMIT,     /* too many pieces */
};

struct diag_flow_verdict {
	enum diag_flow_result result;
	/* What decided: of a denied or partly allowed flow the rule that
	 * denies, of an unknown one the rule nobody can tell of.  NULL: no
	 * group. */
	const struct diag_nsg *group;
	const struct diag_nsg_rule *rule;
	enum diag_flow_doubt doubt;
	const char *why_unknown; /* one sentence, or NULL */
};

struct diag_nsg_world {
	const struct diag_nsg_list *groups;
	/* VNet, peered, on-premises, clients.  Without any, what is in
	 * VirtualNetwork is not known; with some, a private address outside of
	 * them is unknown still and a public one is not in it. */
	const struct diag_cidr *vnet;
	size_t n_vnet;
	const struct diag_service_tags *tags; /* may be NULL */
	const char *region;		      /* "" if unknown */
};

/* One flow through the groups of a machine in series: inbound subnet then NIC,
 * outbound NIC then subnet; groups whose place is unknown are each taken to be
 * in the way.  Of groups on several subnets (or NICs) one is in the way and
 * nobody says which: what they do not agree on is unknown.
 *
 * A flow is a set: every address of its peer (of the IPv4 ones where it names
 * none), every port of its range, every source port from 1024 on.  The answer
 * is definite only if it holds whatever the tags and security groups contain;
 * `unknown` may also be said where a longer look could tell.  Memory from the
 * arena.  DIAG_EUSAGE: the ends are of two address families. */
DIAG_MUST_USE
bool diag_nsg_evaluate(const struct diag_nsg_world *world,
		       const struct diag_flow *flow, struct diag_arena *arena,
		       struct diag_flow_verdict *out, struct diag_err *err);

/* The pieces of a flow's port range on which the answer differs, in order; one
 * piece where it does not.  At most DIAG_FLOW_PARTS pieces, else one. */
#define DIAG_FLOW_PARTS 64
struct diag_flow_part {
	uint16_t port, port_last;
	struct diag_flow_verdict verdict;
};
DIAG_MUST_USE
bool diag_nsg_parts(const struct diag_nsg_world *world,
		    const struct diag_flow *flow, struct diag_arena *arena,
		    const struct diag_flow_part **out, size_t *n,
		    struct diag_err *err);

/* What may be in a machine's way, as lists of groups in series (inbound
 * order): one list for each subnet's group and NIC's group.  No groups give no
 * way. */
DIAG_MUST_USE
bool diag_nsg_ways(const struct diag_nsg_list *groups, struct diag_arena *arena,
		   const struct diag_nsg_list **out, size_t *n,
		   struct diag_err *err);

/* --- repairs ---------------------------------------------------------------
 */

/* The rule that lets a flow through one group. */
struct diag_nsg_repair {
	size_t flow; /* which one */
	const struct diag_nsg *group;
	const char *rule; /* its name */
	unsigned priority;
	const char *command; /* `az network nsg rule create …`, or NULL */
	const char *problem; /* why there is no such rule, or NULL */
};
struct diag_nsg_repair_list {
	struct diag_nsg_repair *items;
	size_t n;
};

/* For each flow that verdicts call denied or partly allowed, and each group of
 * the world's single way that does not let all of it through: a rule that
 * does.  Its priority is free (also among these repairs) and comes before
 * every rule that denies any of the flow. */
DIAG_MUST_USE
bool diag_nsg_repairs(const struct diag_nsg_world *world,
		      const struct diag_flow_list *flows,
		      const struct diag_flow_verdict *verdicts,
		      struct diag_arena *arena,
		      struct diag_nsg_repair_list *out, struct diag_err *err);

/* A rule that lets in what flows need from a service, and lets it in from more
 * than that: from all of Azure or the Internet (nsg.too-wide). */
struct diag_nsg_wide {
	const struct diag_nsg *group;
	const struct diag_nsg_rule *rule;
	const char *lets_in;	      /* "Internet", "AzureCloud" */
	const struct diag_flow *need; /* one of the flows */
	const char *command; /* `az network nsg rule update …`; NULL if the rule
				has more ports than are needed */
};
struct diag_nsg_wide_list {
	struct diag_nsg_wide *items;
	size_t n;
};
DIAG_MUST_USE
bool diag_nsg_too_wide(const struct diag_nsg_world *world,
		       const struct diag_flow_list *flows,
		       struct diag_arena *arena, struct diag_nsg_wide_list *out,
		       struct diag_err *err);

/* "allowed", "denied", "partly", "unknown" */
const char *diag_flow_result_key(enum diag_flow_result r);

/* The flows that role and era need (azure.md 3.1, 3.2), region filled in. */
DIAG_MUST_USE
bool diag_flows_needed(enum diag_role role, enum diag_era era,
		       const char *region, struct diag_arena *arena,
		       struct diag_flow_list *out, struct diag_err *err);
/* "in tcp BatchNodeManagement * 29876-29877": direction, protocol, source,
 * destination, ports. */
DIAG_MUST_USE
bool diag_flow_parse(const char *text, struct diag_arena *arena,
		     struct diag_flow *out, struct diag_err *err);

#endif
