/* SPDX-License-Identifier: MIT */
/* nsg.h - the parts of pl-nsg. */
#ifndef DIAG_TOOLS_PL_NSG_H
#define DIAG_TOOLS_PL_NSG_H

#include "nsg/nsg.h"
#include "tools/tool.h"

struct pl_nsg {
	int role; /* index in roles: enum diag_role; -1: not given */
	int era;  /* index in eras: enum diag_era */
	const char *region, *inventory, *service_tags;
	struct tool_list vnet, flow, group;
};

/* One way into a machine, or out of it, and what goes through. */
struct pl_nsg_way {
	const struct diag_nsg_list *groups; /* in series */
	struct diag_flow_verdict *verdicts; /* of each flow */
	const struct diag_flow_part **parts;
	size_t *n_parts;
	struct diag_nsg_repair_list repairs;
	struct diag_nsg_wide_list wide;
};

/* Everything that was given and found out; memory is the call's. */
struct pl_nsg_run {
	struct tool_call *call;
	enum diag_role role;
	enum diag_era era;
	bool by_role; /* the flows are those of role and era, and more */
	const char *region, *region_from;
	struct diag_nsg_list groups;
	unsigned skipped; /* documents and groups that were not readable */
	struct diag_cidr *vnet;
	size_t n_vnet;
	struct diag_service_tags *tags;
	struct diag_inventory *inventory;
	struct diag_flow *flows;
	size_t n_flows;
	struct pl_nsg_way *ways;
	size_t n_ways;
};

/* Read what was given (load.c).  false: nothing can be judged; what is
 * wrong with documents went to standard error. */
DIAG_MUST_USE
bool pl_nsg_load(struct pl_nsg_run *run, struct diag_err *err);
void pl_nsg_unload(struct pl_nsg_run *run);

enum tool_status pl_nsg_check(struct tool_call *call, struct diag_err *err);

/* "443", "29876-29877", "*" */
const char *pl_nsg_ports(struct pl_nsg_run *run, unsigned first, unsigned last);
/* "out tcp Storage.eastus 443" */
const char *pl_nsg_flow_text(struct pl_nsg_run *run,
			     const struct diag_flow *flow);

bool pl_nsg_text(struct pl_nsg_run *run, struct diag_buf *out);
bool pl_nsg_json(struct pl_nsg_run *run, struct diag_buf *out);
bool pl_nsg_junit(struct pl_nsg_run *run, struct diag_buf *out);

#endif
