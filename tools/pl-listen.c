/* SPDX-License-Identifier: MIT */
/* pl-listen - the other end: who arrives at these ports of this machine? */
#include "tools/pl-listen/listen.h"

static const char *const captures[] = { "auto", "always", "never", NULL };

static const struct tool_option rows[] = {
	{ TOOL_TEXT(struct listen, ports), .name = "ports", .letter = 'p',
	  .arg = "PORTS",
	  .help = "Listen on these ports: 29876-29877,44224,5831/udp" },
	{ TOOL_LIST(struct listen, address), .name = "address", .arg = "A",
	  .preset = "all of this machine",
	  .help = "Listen only on this address; may be repeated" },
	{ TOOL_SECONDS(struct listen, for_ms, 100, 86400000), .name = "for",
	  .arg = "S", .preset = "until ^C", .help = "Stop after S seconds" },
	{ TOOL_CHOICE(struct listen, capture, captures), .name = "capture",
	  .arg = "WHEN", .preset = "auto",
	  .help = "Also see connections that this machine's firewall drops; "
		  "needs the right to capture (auto: where we have it)" },
	{ TOOL_TEXT(struct listen, save), .name = "save", .arg = "FILE",
	  .help = "Keep everything that was seen in FILE, a case for "
		  "pl-doctor" },
	{ .name = NULL },
};

static const struct tool_group groups[] = {
	{ "What to do", rows, 0 },
	{ NULL, NULL, 0 },
};

static enum tool_status run(struct tool_call *call, struct diag_err *err)
{
	const struct listen *o = call->options;

	return o->ports ? listen_run(call, err) : tool_examples(call);
}

int main(int argc, char **argv)
{
	static const char *const formats[] = { "text", "json", "jsonl", NULL };
	static const struct listen presets = { .capture = LISTEN_AUTO };
	static const struct tool pl_listen = {
		.name = "pl-listen",
		.about = "listen on ports, answer pl-probe, and tell who came",
		.args = "",
		.groups = groups,
		.presets = &presets,
		.options_size = sizeof(presets),
		.formats = formats,
		.examples =
		    "  pl-listen --ports 44224\n"
		    "  pl-listen --ports 44224,5831/udp\n"
		    "  pl-listen --ports 29876-29877,44224 --for 60 --save "
		    "node.jsonl\n"
		    "      with sudo it also sees what the firewall drops\n"
		    "  pl-listen --ports 44224 --capture never --format "
		    "jsonl\n",
		.run = run,
	};

	return tool_main(&pl_listen, argc, argv);
}
