/* SPDX-License-Identifier: MIT */
/* pl-capture - packets that somebody recorded, judged as a live run would be.
 */
#include "tools/pl-capture/capture.h"

#include <limits.h>

#include "record/ring.h"

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
	{ TOOL_LIST(struct pl_capture, node), .name = "node", .arg = "ADDRESS",
	  .help = "The packets were recorded on the machine that has this "
		  "address: tell what arrived there, as pl-listen does" },
	{ TOOL_TEXT(struct pl_capture, ports), .name = "ports", .arg = "PORTS",
	  .help = "With --node: the ports to look at, like "
		  "29876-29877,44224,5831/udp; the recording has to have "
		  "every packet of them" },
	{ TOOL_TEXT(struct pl_capture, ca_file), .name = "ca-file",
	  .arg = "FILE",
	  .help = "Count these roots (PEM) as the service's own" },
	{ TOOL_TEXT(struct pl_capture, save), .name = "save", .arg = "FILE",
	  .file = TOOL_FILE_KEPT,
	  .help = "Keep the facts in FILE, as pl-doctor --from reads them" },
	{ .name = NULL },
};

static const struct tool_option where_rows[] = {
	{ TOOL_TEXT(struct pl_capture, write), .name = "write", .letter = 'w',
	  .arg = "FILE",
	  .help = "Where the packets go: a new file, or - for standard "
		  "output" },
	{ TOOL_FLAG(struct pl_capture, force), .name = "force",
	  .help = "Replace files that are there already" },
	{ TOOL_NUMBER(struct pl_capture, files, 2, DIAG_RING_FILES_MAX),
	  .name = "ring", .arg = "FILES",
	  .help = "Write FILE-1 to FILE-n in turn, over the oldest again and "
		  "again" },
	{ TOOL_NUMBER(struct pl_capture, size_mb, 1, 1000000), .name = "size",
	  .arg = "MB", .preset = "no end, and 64 in a ring",
	  .help = "Megabytes of a file; the next one follows, or the end" },
	{ .name = NULL },
};

static const struct tool_option packet_rows[] = {
	{ TOOL_TEXT(struct pl_capture, interface), .name = "interface",
	  .letter = 'i', .arg = "NAME", .preset = "all of them",
	  .help = "Record on this interface" },
	{ TOOL_TEXT(struct pl_capture, snap), .name = "snap", .letter = 's',
	  .arg = "HOW", .preset = "headers",
	  .help = "headers: DNS, ICMP, and of connections the handshake; "
		  "full: everything; or bytes of each packet" },
	{ TOOL_SECONDS(struct pl_capture, for_ms, 100, 86400000), .name = "for",
	  .arg = "S", .preset = "until ^C", .help = "Stop after S seconds" },
	{ TOOL_NUMBER(struct pl_capture, count, 1, UINT_MAX), .name = "count",
	  .letter = 'c', .arg = "N", .help = "Stop after N packets" },
	{ TOOL_TEXT(struct pl_capture, ports), .name = "ports", .arg = "PORTS",
	  .help = "Record these as well, like 29876-29877,44224,5831/udp" },
	{ TOOL_FLAG(struct pl_capture, print_filter), .name = "print-filter",
	  .help = "Only print the filter, for tcpdump or Wireshark elsewhere" },
	{ TOOL_FLAG(struct pl_capture, leashed), .name = "leashed",
	  .hidden = true,
	  .help = "Say when it has begun, and end with standard input" },
	{ .name = NULL },
};

static const struct tool_option machine_rows[] = {
	{ TOOL_CHOICE(struct pl_capture, role, tool_roles), .name = "role",
	  .arg = "ROLE",
	  .preset = "jumpbox with an address in the networks, else client",
	  .help = "Where the machine stands" },
	{ TOOL_CHOICE(struct pl_capture, era, tool_eras), .name = "era",
	  .arg = "ERA", .preset = "current", .help = "Which port rules hold" },
	{ .name = NULL },
};

#define WORKSPACE                                       \
	{ "The machine", machine_rows, 0 },             \
	    { "Which workspace", tool_inventory_rows,   \
	      offsetof(struct pl_capture, workspace) }, \
	{                                               \
		NULL, NULL, 0                           \
	}

static const struct tool_group analyze_groups[] = {
	{ "What to look at", what_rows, 0 },
	WORKSPACE,
};

static const struct tool_group record_groups[] = {
	{ "Files", where_rows, 0 },
	{ "Packets", packet_rows, 0 },
	WORKSPACE,
};

static const char *const no_formats[] = { "text", NULL };

static const struct tool_cmd cmds[] = {
	{ .name = "analyze",
	  .args = "FILE...",
	  .help = "Judge what pcap or pcapng files show",
	  .argc_min = 1,
	  .argc_max = TOOL_ANY,
	  .groups = analyze_groups,
	  .run = pl_capture_analyze },
	{ .name = "record",
	  .args = "[INVENTORY | URL] -w FILE",
	  .help = "Record the packets that tell; needs the right to capture",
	  .argc_max = 1,
	  .groups = record_groups,
	  .formats = no_formats,
	  .run = pl_capture_record },
	{ .name = NULL },
};

static const char *const formats[] = { "text",	"json",	       "jsonl", "html",
				       "junit", "openmetrics", NULL };

int main(int argc, char **argv)
{
	static const struct pl_capture presets = { .role = 0 };
	static const struct tool pl_capture = {
		.name = "pl-capture",
		.about =
		    "record packets, and tell from them why a private-link "
		    "workspace cannot be reached",
		.presets = &presets,
		.options_size = sizeof(presets),
		.formats = formats,
		.examples =
		    "  pl-capture analyze laptop.pcapng --inventory "
		    "ws1103.json\n"
		    "  pl-capture analyze ring-*.pcap --client 10.20.0.17\n"
		    "  pl-capture analyze laptop.pcapng --save case.jsonl\n"
		    "  pl-capture analyze node.pcap --node 10.150.0.20 --ports "
		    "44224\n"
		    "  sudo pl-capture record ws1103.json -w laptop.pcap\n",
		.cmds = cmds,
	};

	return tool_main(&pl_capture, argc, argv);
}
