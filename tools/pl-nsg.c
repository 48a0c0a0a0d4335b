/* SPDX-License-Identifier: MIT */
/* pl-nsg - what network security groups let through, and which rule decides.
 */
#include "tools/pl-nsg/nsg.h"

static const char *const roles[] = { "client", "jumpbox", "compute", "aks",
				     NULL };
static const char *const eras[] = { "current", "2020", NULL };

static const struct tool_option flow_rows[] = {
	{ TOOL_CHOICE(struct pl_nsg, role, roles), .name = "role",
	  .arg = "ROLE", .preset = "compute, unless there is a --flow",
	  .help = "Whose flows are needed: those of a machine of this role" },
	{ TOOL_CHOICE(struct pl_nsg, era, eras), .name = "era", .arg = "ERA",
	  .preset = "current", .help = "Which rules for ports hold" },
	{ TOOL_LIST(struct pl_nsg, flow), .name = "flow", .arg = "FLOW",
	  .help = "A flow that is needed, as 'in|out tcp|udp SOURCE "
		  "DESTINATION PORTS'; may be repeated" },
	{ .name = NULL },
};

static const struct tool_option world_rows[] = {
	{ TOOL_TEXT(struct pl_nsg, region), .name = "region", .arg = "REGION",
	  .preset = "the inventory's, or that of the groups",
	  .help = "The workspace's region, such as eastus" },
	{ TOOL_TEXT(struct pl_nsg, inventory), .name = "inventory",
	  .arg = "FILE",
	  .help = "Take region, networks and groups from an inventory" },
	{ TOOL_LIST(struct pl_nsg, vnet), .name = "vnet", .arg = "CIDR",
	  .help = "What VirtualNetwork holds: the network, peered ones, those "
		  "on premises, VPN clients; may be repeated" },
	{ TOOL_TEXT(struct pl_nsg, service_tags), .name = "service-tags",
	  .arg = "FILE",
	  .help = "The addresses of service tags, as Azure publishes them" },
	{ TOOL_LIST(struct pl_nsg, group), .name = "group", .arg = "NAME",
	  .help = "Look at this group only; may be repeated" },
	{ .name = NULL },
};

static const struct tool_group groups[] = {
	{ "What has to get through", flow_rows, 0 },
	{ "What is known of the network", world_rows, 0 },
	{ NULL, NULL, 0 },
};

static const char *const formats[] = { "text", "json", "junit", NULL };

static const struct tool_cmd cmds[] = {
	{ .name = "check",
	  .args = "[NSG.json]...",
	  .help = "Tell for each needed flow whether it gets through, by which "
		  "rule, and what repairs it",
	  .argc_max = TOOL_ANY,
	  .groups = groups,
	  .run = pl_nsg_check },
	{ .name = NULL },
};

int main(int argc, char **argv)
{
	static const struct pl_nsg presets = { .role = -1 };
	static const struct tool pl_nsg = {
		.name = "pl-nsg",
		.about = "tell what network security groups let through",
		.presets = &presets,
		.options_size = sizeof(presets),
		.formats = formats,
		.examples =
		    "  pl-nsg check nsg.json\n"
		    "  pl-nsg check --era 2020 --region eastus nsg.json\n"
		    "  pl-nsg check nsg.json --flow 'in tcp "
		    "BatchNodeManagement * 29876-29877'\n",
		.cmds = cmds,
	};

	return tool_main(&pl_nsg, argc, argv);
}
