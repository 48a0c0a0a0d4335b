/* SPDX-License-Identifier: MIT */
/* pl-zone - tell a custom name server what private names need. */
#include "tools/pl_zone.h"

static const char *const styles[] = { "name", "privatelink", "parent", NULL };

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

static const struct tool_option live_rows[] = {
	{ TOOL_TEXT(struct pl_zone, zone), .name = "zone", .arg = "ZONE",
	  .help = "Which zone of that server" },
	{ TOOL_TEXT(struct pl_zone, tsig_key), .name = "tsig-key",
	  .arg = "FILE",
	  .help = "Sign with the key of FILE (BIND's form, as tsig-keygen "
		  "writes it)" },
	{ TOOL_FLAG(struct pl_zone, unsigned_), .name = "unsigned",
	  .help = "Do not sign: the server knows us by our address" },
	{ TOOL_FLAG(struct pl_zone, yes), .name = "yes", .letter = 'y',
	  .help = "Send without asking" },
	{ TOOL_TEXT(struct pl_zone, state), .name = "state", .arg = "DIR",
	  .preset = "$XDG_STATE_HOME/pldiag; /var/lib/pldiag for root",
	  .help = "Where it is kept what names had before" },
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

static const struct tool_group update_groups[] = {
	{ "Which server", server_rows, 0 },
	{ "Which zone, and who we are", live_rows, 0 },
	{ "What to send", update_rows, 0 },
	{ "Which workspace", tool_inventory_rows,
	  offsetof(struct pl_zone, workspace) },
	{ NULL, NULL, 0 },
};

static const struct tool_group undo_groups[] = {
	{ "Which server", server_rows, 0 },
	{ "Which zone, and who we are", live_rows, 0 },
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
	{ .name = "undo",
	  .args = "",
	  .help = "Take the latest update of a live server back",
	  .groups = undo_groups,
	  .run = pl_zone_undo_server },
	{ .name = NULL },
};

static const char *const formats[] = { "text", "json", NULL };

int main(int argc, char **argv)
{
	static const struct pl_zone presets = { .ttl_s = DIAG_ZONE_TTL,
						.timeout_ms = 3000 };
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
		    "  pl-zone check ws1103.json --server 10.20.0.53\n",
		.cmds = cmds,
	};

	return tool_main(&pl_zone, argc, argv);
}
