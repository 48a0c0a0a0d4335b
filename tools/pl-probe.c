/* SPDX-License-Identifier: MIT */
/* pl-probe - does every port that is needed open, and if not, how does it
 * end? */
#include "tools/pl-probe/probe.h"

#include "tools/pl-doctor/doctor.h"

static const struct tool_option rows[] = {
	{ TOOL_LIST(struct probe, address), .name = "address", .arg = "A",
	  .help = "Try the names at this address instead of asking for them; "
		  "may be repeated" },
	{ TOOL_FLAG(struct probe, tcp), .name = "tcp",
	  .help = "Open connections and say nothing" },
	{ TOOL_FLAG(struct probe, tls), .name = "tls",
	  .help = "Speak TLS on every port" },
	{ TOOL_FLAG(struct probe, http), .name = "http",
	  .help = "Speak TLS and ask one HTTP question on every port" },
	{ TOOL_FLAG(struct probe, udp), .name = "udp",
	  .help = "Send datagrams instead" },
	{ TOOL_FLAG(struct probe, large_hello), .name = "large-hello",
	  .help = "Where TLS is spoken, also say a hello larger than one "
		  "packet, as browsers do" },
	{ TOOL_FLAG(struct probe, mtu), .name = "mtu",
	  .help = "Find how large packets may be on the way to each "
		  "address; also does what --large-hello does" },
	{ TOOL_FLAG(struct probe, peer), .name = "peer",
	  .help = "Expect pl-listen at the other end, and check that it is" },
	{ TOOL_CHOICE(struct probe, role, tool_roles), .name = "role",
	  .arg = "ROLE",
	  .preset = "jumpbox with an address in the networks, else client",
	  .help = "Where this machine stands" },
	{ TOOL_CHOICE(struct probe, era, tool_eras), .name = "era",
	  .arg = "ERA", .preset = "current", .help = "Which port rules hold" },
	{ TOOL_FLAG(struct probe, no_public), .name = "no-public",
	  .help = "Leave out the names that must stay public" },
	{ .name = NULL },
};

static const struct tool_option ways[] = {
	{ TOOL_TEXT(struct probe, source), .name = "source", .arg = "A",
	  .help = "Connect from this address of this machine" },
	{ TOOL_TEXT(struct probe, interface), .name = "interface",
	  .arg = "NAME", .help = "Connect through this interface" },
	{ TOOL_TEXT(struct probe, ca_file), .name = "ca-file", .arg = "FILE",
	  .help = "Count these roots (PEM) as the service's own" },
	{ .name = NULL },
};

static const struct tool_option limits[] = {
	{ TOOL_NUMBER(struct probe, count, 1, 1000000), .name = "count",
	  .letter = 'c', .arg = "N", .preset = "1",
	  .help = "Try every port N times, and tell loss and times" },
	{ TOOL_SECONDS(struct probe, interval_ms, 10, 3600000),
	  .name = "interval", .arg = "S", .preset = "1",
	  .help = "Begin a try every S seconds" },
	{ TOOL_SECONDS(struct probe, timeout_ms, 10, 60000), .name = "timeout",
	  .arg = "S", .preset = "4",
	  .help = "Give one connection S seconds, from SYN to the HTTP head" },
	{ TOOL_NUMBER(struct probe, max_parallel, 1, 65000),
	  .name = "max-parallel", .arg = "N",
	  .preset = "64 above 100 ports, else all",
	  .help = "Have at most N connections under way" },
	{ TOOL_TEXT(struct probe, save), .name = "save", .arg = "FILE",
	  .file = TOOL_FILE_KEPT,
	  .help = "Keep everything that was seen in FILE, a case for "
		  "pl-doctor" },
	{ .name = NULL },
};

static const struct tool_group groups[] = {
	{ "What to try", rows, 0 },
	{ "How", ways, 0 },
	{ "Limits, rounds and keeping", limits, 0 },
	{ "Which workspace", tool_inventory_rows,
	  offsetof(struct probe, inventory) },
	{ "Another machine, for tests and chroots", tool_machine_rows,
	  offsetof(struct probe, machine) },
	{ NULL, NULL, 0 },
};

static bool check(const struct probe *o, struct diag_err *err)
{
	int kinds = (int)o->tcp + (int)o->tls + (int)o->http + (int)o->udp;

	if (kinds > 1)
		return diag_fail(err, DIAG_EUSAGE,
				 "--tcp, --tls, --http, --udp",
				 "give one of them");
	if (o->peer && (o->tls || o->http))
		return diag_fail(err, DIAG_EUSAGE, "--peer",
				 "pl-listen speaks neither TLS nor HTTP");
	return true;
}

static enum tool_status run(struct tool_call *call, struct diag_err *err)
{
	const struct probe *o = call->options;

	if (call->argc == 0 && !tool_inventory_given(&o->inventory))
		return tool_examples(call);
	return check(o, err) ? probe_run(call, err) : TOOL_USAGE;
}

int main(int argc, char **argv)
{
	static const char *const formats[] = { "text", "json", "jsonl", "junit",
					       NULL };
	static const struct probe presets = { .timeout_ms = 4000,
					      .count = 1,
					      .interval_ms = 1000 };
	static const struct tool pl_probe = {
		.name = "pl-probe",
		.about = "try the ports that a workspace needs, and tell how "
			 "each one ends",
		.args = "HOST[:PORTS]... | INVENTORY",
		.argc_max = TOOL_ANY,
		.groups = groups,
		.presets = &presets,
		.options_size = sizeof(presets),
		.formats = formats,
		.examples = "  pl-probe ws1103.json\n"
			    "  pl-probe ws1103sa.file.core.windows.net:443,445 "
			    "--count 20\n"
			    "  pl-probe 10.150.0.20:29876-29877,44224,5831/udp "
			    "--peer\n",
		.run = run,
	};

	return tool_main(&pl_probe, argc, argv);
}
