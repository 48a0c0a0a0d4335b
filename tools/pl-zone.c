/* SPDX-License-Identifier: MIT */
/* pl-zone - tell a custom name server what private names need, and change its
 * files without losing a byte. */
#include "tools/pl-zone/zone.h"

static const char *const styles[] = { "name", "privatelink", "parent", NULL };
/* In the order of enum diag_serial. */
static const char *const serials[] = { "increment", "date", "unixtime", "keep",
				       NULL };

static const struct tool_option forward_rows[] = {
	{ TOOL_CHOICE(struct pl_zone, dialect, pl_zone_dialects), .name = "for",
	  .arg = "SERVER", .preset = "none",
	  .help = "Whose language to write" },
	{ TOOL_LIST(struct pl_zone, to), .name = "to", .arg = "ADDRESS",
	  .help = "Forward to this name server in the VNet; may be repeated" },
	{ TOOL_TEXT(struct pl_zone, resource_group), .name = "resource-group",
	  .arg = "GROUP", .help = "For azure-cli: where it is made" },
	{ .name = NULL },
};

static const struct tool_option render_rows[] = {
	{ TOOL_CHOICE(struct pl_zone, dialect, pl_zone_dialects), .name = "for",
	  .arg = "SERVER", .preset = "none",
	  .help = "Whose language to write" },
	{ TOOL_CHOICE(struct pl_zone, style, styles), .name = "style",
	  .arg = "STYLE", .preset = "name",
	  .help = "A small zone per full name, the privatelink zones, or "
		  "whole public parents" },
	{ TOOL_FLAG(struct pl_zone, yes_hide), .name = "yes-hide",
	  .help = "With --style parent: hide the public names below it" },
	{ TOOL_NUMBER(struct pl_zone, ttl_s, DIAG_ZONE_TTL_MIN,
		      DIAG_ZONE_TTL_MAX),
	  .name = "ttl", .arg = "S", .preset = "60",
	  .help = "How many seconds others may keep a record" },
	{ TOOL_TEXT(struct pl_zone, resource_group), .name = "resource-group",
	  .arg = "GROUP", .help = "For azure-cli: where it is made" },
	{ .name = NULL },
};

static const struct tool_option file_rows[] = {
	{ TOOL_TEXT(struct pl_zone, file), .name = "file", .arg = "FILE",
	  .help = "The zone file or configuration in question" },
	{ .name = NULL },
};

static const struct tool_option state_rows[] = {
	{ TOOL_TEXT(struct pl_zone, state), .name = "state", .arg = "DIR",
	  .preset = "$XDG_STATE_HOME/pldiag; /var/lib/pldiag for root",
	  .help = "Where journal, history and lock are kept" },
	{ .name = NULL },
};

static const struct tool_option zone_rows[] = {
	{ TOOL_TEXT(struct pl_zone, origin), .name = "origin", .arg = "ZONE",
	  .preset = "as the file says",
	  .help = "The file is the zone file of this zone" },
	{ TOOL_CHOICE(struct pl_zone, serial, serials), .name = "serial",
	  .arg = "HOW", .preset = "increment",
	  .help = "How the serial of a zone file that changes rises" },
	{ TOOL_FLAG(struct pl_zone, includes), .name = "includes",
	  .help = "Change files that the zone file includes, too" },
	{ TOOL_TEXT(struct pl_zone, include_dir), .name = "include-dir",
	  .arg = "DIR", .preset = "the zone file's folder",
	  .help = "Where the server seeks included files" },
	{ .name = NULL },
};

static const struct tool_option change_rows[] = {
	{ TOOL_CHOICE(struct pl_zone, dialect, pl_zone_dialects), .name = "for",
	  .arg = "SERVER", .preset = "none", .help = "Whose file it is" },
	{ TOOL_LIST(struct pl_zone, to), .name = "to", .arg = "ADDRESS",
	  .help =
	      "In a configuration: forward to this name server in the VNet, "
	      "instead of holding records; may be repeated" },
	{ TOOL_CHOICE(struct pl_zone, style, styles), .name = "style",
	  .arg = "STYLE", .preset = "name",
	  .help = "Records of a configuration: a small zone per full name, the "
		  "privatelink zones, or whole public parents" },
	{ TOOL_FLAG(struct pl_zone, yes_hide), .name = "yes-hide",
	  .help = "With --style parent: hide the public names below it" },
	{ TOOL_NUMBER(struct pl_zone, ttl_s, DIAG_ZONE_TTL_MIN,
		      DIAG_ZONE_TTL_MAX),
	  .name = "ttl", .arg = "S", .preset = "60",
	  .help = "How many seconds others may keep a record" },
	{ TOOL_TEXT(struct pl_zone, block), .name = "block", .arg = "NAME",
	  .preset = "the inventory's name",
	  .help = "What our records in the file are marked with" },
	{ .name = NULL },
};

static const struct tool_option exit_rows[] = {
	{ TOOL_FLAG(struct pl_zone, check), .name = "check",
	  .help = "Exit with 1 if something would change" },
	{ .name = NULL },
};

static const struct tool_option write_rows[] = {
	{ TOOL_FLAG(struct pl_zone, force), .name = "force",
	  .help = "Write even if more than 30 % of other people's records "
		  "would change" },
	{ .name = NULL },
};

static const struct tool_option checker_rows[] = {
	{ TOOL_TEXT(struct pl_zone, check_with), .name = "check-with",
	  .arg = "COMMAND", .preset = "the server's own checker",
	  .help = "Run this on the new text first; {file} and {zone} are "
		  "filled in" },
	{ TOOL_FLAG(struct pl_zone, no_check), .name = "no-check",
	  .help = "Run no checker" },
	{ .name = NULL },
};

static const struct tool_option reload_rows[] = {
	{ TOOL_TEXT(struct pl_zone, reload), .name = "reload", .arg = "COMMAND",
	  .help = "Run this when the file is written; if it fails, the change "
		  "is taken back" },
	{ TOOL_FLAG(struct pl_zone, verify), .name = "verify",
	  .help = "Ask --server for the names that were written, and take the "
		  "change back if one is not right (the default with "
		  "--server)" },
	{ TOOL_SECONDS(struct pl_zone, settle_ms, 0, 600000), .name = "wait",
	  .arg = "S", .preset = "10",
	  .help = "Ask it again until all is right, for at most S seconds" },
	{ .name = NULL },
};

static const struct tool_option undo_rows[] = {
	{ TOOL_NUMBER(struct pl_zone, id, 1, 4294967295U), .name = "id",
	  .arg = "N", .preset = "the latest",
	  .help = "Take back change N of the history" },
	{ TOOL_FLAG(struct pl_zone, force), .name = "force",
	  .help = "Take it back even if somebody edited the file since" },
	{ TOOL_TEXT(struct pl_zone, reload), .name = "reload", .arg = "COMMAND",
	  .help = "Run this when the file is written" },
	{ .name = NULL },
};

static const struct tool_option server_rows[] = {
	{ TOOL_TEXT(struct pl_zone, server), .name = "server",
	  .arg = "ADDR[:PORT]", .help = "The name server in question" },
	{ TOOL_SECONDS(struct pl_zone, timeout_ms, 100, 60000),
	  .name = "timeout", .arg = "S", .preset = "3",
	  .help = "Give one question S seconds" },
	{ .name = NULL },
};

static const struct tool_option check_rows[] = {
	{ TOOL_SECONDS(struct pl_zone, wait_ms, 0, 600000), .name = "wait",
	  .arg = "S", .preset = "0",
	  .help = "Ask again until all is right, for at most S seconds" },
	{ TOOL_FLAG(struct pl_zone, fingerprint), .name = "fingerprint",
	  .help = "Ask also which software it is (version.bind), and say "
		  "what that means for --for" },
	{ TOOL_FLAG(struct pl_zone, no_public), .name = "no-public",
	  .help = "Leave out the public names that it must not hide" },
	{ .name = NULL },
};

static const struct tool_option yes_rows[] = {
	{ TOOL_FLAG(struct pl_zone, yes), .name = "yes", .letter = 'y',
	  .help = "Do it without asking" },
	{ .name = NULL },
};

static const struct tool_option live_rows[] = {
	{ TOOL_TEXT(struct pl_zone, zone), .name = "zone", .arg = "ZONE",
	  .help = "Which zone of that server" },
	{ TOOL_TEXT(struct pl_zone, tsig_key), .name = "tsig-key",
	  .arg = "FILE",
	  .help = "Sign with the key of FILE (BIND's form, as tsig-keygen "
		  "writes it)" },
	{ TOOL_FLAG(struct pl_zone, unsigned_), .name = "unsigned",
	  .help = "Do not sign: the server knows us by our address" },
	{ .name = NULL },
};

static const struct tool_option update_rows[] = {
	{ TOOL_NUMBER(struct pl_zone, ttl_s, DIAG_ZONE_TTL_MIN,
		      DIAG_ZONE_TTL_MAX),
	  .name = "ttl", .arg = "S", .preset = "60",
	  .help = "How many seconds others may keep a record" },
	{ TOOL_FLAG(struct pl_zone, dry_run), .name = "dry-run",
	  .help = "Print the update in nsupdate's language and send nothing" },
	{ TOOL_FLAG(struct pl_zone, verify), .name = "verify",
	  .help = "Ask for the changed names afterwards, and take the change "
		  "back if one is not as planned (the default)" },
	{ TOOL_FLAG(struct pl_zone, no_verify), .name = "no-verify",
	  .help = "Do not ask afterwards" },
	{ .name = NULL },
};

static const struct tool_group plan_groups[] = {
	{ "Which file", file_rows, 0 },
	{ "What to write", change_rows, 0 },
	{ "Zone files", zone_rows, 0 },
	{ "Which workspace", tool_inventory_rows,
	  offsetof(struct pl_zone, workspace) },
	{ "Exit status", exit_rows, 0 },
	{ "What is kept", state_rows, 0 },
	{ NULL, NULL, 0 },
};

static const struct tool_group apply_groups[] = {
	{ "Which file", file_rows, 0 },
	{ "What to write", change_rows, 0 },
	{ "Zone files", zone_rows, 0 },
	{ "Which workspace", tool_inventory_rows,
	  offsetof(struct pl_zone, workspace) },
	{ "Without a question", yes_rows, 0 },
	{ "Against caution", write_rows, 0 },
	{ "Checking before", checker_rows, 0 },
	{ "Afterwards", reload_rows, 0 },
	{ "Whom to ask afterwards", server_rows, 0 },
	{ "What is kept", state_rows, 0 },
	{ NULL, NULL, 0 },
};

static const struct tool_group update_groups[] = {
	{ "Which server", server_rows, 0 },
	{ "Which zone, and who we are", live_rows, 0 },
	{ "What to send", update_rows, 0 },
	{ "Which workspace", tool_inventory_rows,
	  offsetof(struct pl_zone, workspace) },
	{ "Without a question", yes_rows, 0 },
	{ "What is kept", state_rows, 0 },
	{ NULL, NULL, 0 },
};

static const struct tool_group undo_groups[] = {
	{ "A file", file_rows, 0 },
	{ "How to take it back", undo_rows, 0 },
	{ "Or a live server", server_rows, 0 },
	{ "Which zone of it, and who we are", live_rows, 0 },
	{ "Without a question", yes_rows, 0 },
	{ "What is kept", state_rows, 0 },
	{ NULL, NULL, 0 },
};

static const struct tool_group history_groups[] = {
	{ "Which file", file_rows, 0 },
	{ "What is kept", state_rows, 0 },
	{ NULL, NULL, 0 },
};

static const struct tool_group check_groups[] = {
	{ "Whom to ask", server_rows, 0 },
	{ "How to ask", check_rows, 0 },
	{ "Which workspace", tool_inventory_rows,
	  offsetof(struct pl_zone, workspace) },
	{ NULL, NULL, 0 },
};

static const struct tool_group forward_groups[] = {
	{ "What to write", forward_rows, 0 },
	{ "Which workspace", tool_inventory_rows,
	  offsetof(struct pl_zone, workspace) },
	{ NULL, NULL, 0 },
};

static const struct tool_group render_groups[] = {
	{ "What to write", render_rows, 0 },
	{ "Which workspace", tool_inventory_rows,
	  offsetof(struct pl_zone, workspace) },
	{ NULL, NULL, 0 },
};

static const struct tool_cmd cmds[] = {
	{ .name = "forwarders",
	  .args = "INVENTORY | URL",
	  .help = "Print conditional forwarders for the public parents",
	  .argc_max = 1,
	  .groups = forward_groups,
	  .folders = true,
	  .run = pl_zone_forwarders },
	{ .name = "render",
	  .args = "INVENTORY | URL",
	  .help = "Print records of your own for the private names",
	  .argc_max = 1,
	  .groups = render_groups,
	  .folders = true,
	  .run = pl_zone_render },
	{ .name = "plan",
	  .args = "INVENTORY | URL",
	  .help = "Show what apply would change in a file, and write nothing",
	  .argc_max = 1,
	  .groups = plan_groups,
	  .run = pl_zone_plan },
	{ .name = "apply",
	  .args = "INVENTORY | URL",
	  .help = "Make a zone file or configuration say it, and lose nothing",
	  .argc_max = 1,
	  .groups = apply_groups,
	  .run = pl_zone_apply },
	{ .name = "undo",
	  .args = "",
	  .help = "Take a change back: of a file, byte for byte, or of a live "
		  "server",
	  .groups = undo_groups,
	  .run = pl_zone_undo },
	{ .name = "history",
	  .args = "",
	  .help = "Show what we changed in the file, and when",
	  .groups = history_groups,
	  .run = pl_zone_history },
	{ .name = "check",
	  .args = "INVENTORY | URL",
	  .help = "Ask a name server whether it says what it should",
	  .argc_max = 1,
	  .groups = check_groups,
	  .run = pl_zone_check },
	{ .name = "update",
	  .args = "INVENTORY | URL",
	  .help = "Change the records of a live server (RFC 2136)",
	  .argc_max = 1,
	  .groups = update_groups,
	  .run = pl_zone_update },
	{ .name = NULL },
};

static const char *const formats[] = { "text", "json", NULL };

int main(int argc, char **argv)
{
	static const struct pl_zone presets = {
		.ttl_s = DIAG_ZONE_TTL,
		.timeout_ms = 3000,
		.settle_ms = 10000,
	};
	static const struct tool pl_zone = {
		.name = "pl-zone",
		.about = "tell a custom name server what private names need",
		.presets = &presets,
		.options_size = sizeof(presets),
		.formats = formats,
		.examples =
		    "  pl-zone forwarders ws1103.json --for bind --to "
		    "10.150.0.53\n"
		    "  pl-zone render ws1103.json --for unbound\n"
		    "  pl-zone render ws1103.json --for knot -o zones/\n"
		    "  pl-zone plan ws1103.json --for dnsmasq --file az.conf\n"
		    "  sudo pl-zone apply ws1103.json --for dnsmasq --file "
		    "az.conf\n"
		    "  sudo pl-zone undo --file az.conf\n"
		    "  pl-zone check ws1103.json --server 10.20.0.53\n",
		.cmds = cmds,
	};

	return tool_main(&pl_zone, argc, argv);
}
