/* SPDX-License-Identifier: MIT */
/* options.c - what a run can be told, by whichever tool runs it. */
#include "tools/pl-doctor/doctor.h"

const struct tool_option doctor_check_rows[] = {
	{ TOOL_CHOICE(struct doctor, role, tool_roles), .name = "role",
	  .arg = "ROLE",
	  .preset = "jumpbox with an address in the networks, else client",
	  .help = "Where this machine stands" },
	{ TOOL_CHOICE(struct doctor, era, tool_eras), .name = "era",
	  .arg = "ERA", .preset = "current", .help = "Which port rules hold" },
	{ TOOL_FLAG(struct doctor, no_public), .name = "no-public",
	  .help = "Leave out the names that must stay public" },
	{ TOOL_FLAG(struct doctor, fingerprint), .name = "fingerprint",
	  .help = "Ask the name servers also which software they are "
		  "(version.bind), so that repairs are told in its language" },
	{ TOOL_TEXT(struct doctor, error_text), .name = "error",
	  .arg = "TEXT|-",
	  .help = "Check only what this error text from a browser, Python, "
		  "Node or the Azure CLI names" },
	{ .name = NULL },
};

const struct tool_option doctor_limit_rows[] = {
	{ TOOL_SECONDS(struct doctor, timeout_ms, 100, 60000),
	  .name = "timeout", .arg = "S", .preset = "4",
	  .help = "Give one connection S seconds, from SYN to the HTTP head" },
	{ TOOL_SECONDS(struct doctor, deadline_ms, 500, 600000),
	  .name = "deadline", .arg = "S", .preset = "10",
	  .help = "Give the whole run S seconds" },
	{ TOOL_TEXT(struct doctor, clock), .name = "clock", .arg = "TIME",
	  .help = "Believe that it is now TIME (RFC 3339)" },
	{ TOOL_NUMBER(struct doctor, repeat, 1, 20), .name = "repeat",
	  .arg = "N", .preset = "1",
	  .help = "Ask every DNS question N times, to see answers change" },
	{ TOOL_TEXT(struct doctor, ca_file), .name = "ca-file", .arg = "FILE",
	  .help = "Count these roots (PEM) as the service's own" },
	{ .name = NULL },
};
