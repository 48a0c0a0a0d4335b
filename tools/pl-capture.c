/* SPDX-License-Identifier: MIT */
/* pl-capture - packets that somebody recorded, judged as a live run would be.
 */
#include "tools/pl_capture.h"

static const struct tool_option what_rows[] = {
	{ TOOL_TEXT(struct pl_capture, inventory), .name = "inventory",
	  .arg = "FILE | URL",
	  .preset = "the names in the capture that Azure's patterns fit",
	  .help = "What should be true: an inventory, or an address from the "
		  "browser" },
	{ TOOL_LIST(struct pl_capture, client), .name = "client",
	  .arg = "ADDRESS", .preset = "everybody",
	  .help = "Look only at what this machine asks; may be given more "
		  "than once" },
	{ TOOL_CHOICE(struct pl_capture, role, tool_roles), .name = "role",
	  .arg = "ROLE",
	  .preset = "jumpbox with an address in the networks, else client",
	  .help = "Where the machine stands" },
	{ TOOL_CHOICE(struct pl_capture, era, tool_eras), .name = "era",
	  .arg = "ERA", .preset = "current", .help = "Which port rules hold" },
	{ TOOL_TEXT(struct pl_capture, ca_file), .name = "ca-file",
	  .arg = "FILE",
	  .help = "Count these roots (PEM) as the service's own" },
	{ TOOL_TEXT(struct pl_capture, save), .name = "save", .arg = "FILE",
	  .help = "Keep the facts in FILE, as pl-doctor --from reads them" },
	{ .name = NULL },
};

static const struct tool_group groups[] = {
	{ "What to look at", what_rows, 0 },
	{ "Which workspace", tool_inventory_rows,
	  offsetof(struct pl_capture, workspace) },
	{ NULL, NULL, 0 },
};

static const struct tool_cmd cmds[] = {
	{ .name = "analyze",
	  .args = "FILE...",
	  .help = "Judge what pcap or pcapng files show",
	  .argc_min = 1,
	  .argc_max = TOOL_ANY,
	  .groups = groups,
	  .run = pl_capture_analyze },
	{ .name = NULL },
};

static const char *const formats[] = { "text",	"json",	       "jsonl", "html",
				       "junit", "openmetrics", NULL };

int main(int argc, char **argv)
{
	static const struct pl_capture presets = { .role = 0 };
	static const struct tool pl_capture = {
		.name = "pl-capture",
		.about = "tell from recorded packets why a private-link "
			 "workspace cannot be reached",
		.presets = &presets,
		.options_size = sizeof(presets),
		.formats = formats,
		.examples =
		    "  pl-capture analyze laptop.pcapng --inventory "
		    "ws1103.json\n"
		    "  pl-capture analyze ring-*.pcap --client 10.20.0.17\n"
		    "  pl-capture analyze laptop.pcapng --save case.jsonl\n",
		.cmds = cmds,
	};

	return tool_main(&pl_capture, argc, argv);
}
