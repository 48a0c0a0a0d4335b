/* SPDX-License-Identifier: MIT */
/* pl-hosts - make a hosts file say what the private zones should say, and
 * lose nothing that was in it. */
#include "tools/pl-hosts/hosts.h"

#include <stddef.h>

static const struct tool_option file_rows[] = {
	{ TOOL_TEXT(struct pl_hosts, hosts), .name = "hosts", .arg = "FILE",
	  .preset = "the system's", .help = "The hosts file in question" },
	{ TOOL_TEXT(struct pl_hosts, state), .name = "state", .arg = "DIR",
	  .preset = "$XDG_STATE_HOME/pldiag; /var/lib/pldiag for root",
	  .help = "Where journal, history and lock are kept" },
	{ .name = NULL },
};

static const struct tool_option address_rows[] = {
	{ TOOL_TEXT(struct pl_hosts, from_resolver), .name = "from-resolver",
	  .arg = "ADDR[:PORT]",
	  .help = "Ask this name server, which sees the private zones, for "
		  "the addresses" },
	{ TOOL_LIST(struct pl_hosts, from), .name = "from", .arg = "CASE",
	  .help = "Take the addresses that proved right from what pl-doctor "
		  "--save kept on a machine that is well; may be repeated" },
	{ TOOL_TEXT(struct pl_hosts, block), .name = "block", .arg = "NAME",
	  .preset = "the inventory's name",
	  .help = "What our block in the file is called" },
	{ .name = NULL },
};

static const struct tool_option check_rows[] = {
	{ TOOL_FLAG(struct pl_hosts, check), .name = "check",
	  .help = "Exit with 1 if something would change" },
	{ .name = NULL },
};

static const struct tool_option write_rows[] = {
	{ TOOL_FLAG(struct pl_hosts, yes), .name = "yes", .letter = 'y',
	  .help = "Write without asking" },
	{ TOOL_FLAG(struct pl_hosts, force), .name = "force",
	  .help = "Write even if more than 30 % of other people's lines "
		  "would change" },
	{ .name = NULL },
};

static const struct tool_option verify_rows[] = {
	{ TOOL_FLAG(struct pl_hosts, verify), .name = "verify",
	  .help = "Resolve every name afterwards, and take the change back if "
		  "one is not as planned (always for the system's file)" },
	{ TOOL_FLAG(struct pl_hosts, no_verify), .name = "no-verify",
	  .help = "Do not resolve afterwards" },
	{ .name = NULL },
};

static const struct tool_option undo_rows[] = {
	{ TOOL_NUMBER(struct pl_hosts, id, 1, 4294967295U), .name = "id",
	  .arg = "N", .preset = "the latest",
	  .help = "Take back change N of the history" },
	{ TOOL_FLAG(struct pl_hosts, yes), .name = "yes", .letter = 'y',
	  .help = "Write without asking" },
	{ TOOL_FLAG(struct pl_hosts, force), .name = "force",
	  .help = "Take it back even if somebody edited the file since" },
	{ .name = NULL },
};

/* Behind the first in the order of enum diag_hosts_rules. */
static const char *const rules[] = { "here", "linux", "windows", "macos",
				     NULL };

static const struct tool_option rules_rows[] = {
	{ TOOL_CHOICE(struct pl_hosts, rules, rules), .name = "for",
	  .arg = "SYSTEM", .preset = "this system",
	  .help = "Whose rules for hosts files count" },
	{ .name = NULL },
};

static const struct tool_option lint_rows[] = {
	{ TOOL_FLAG(struct pl_hosts, fix), .name = "fix",
	  .help = "Write the corrected lines" },
	{ TOOL_FLAG(struct pl_hosts, dry_run), .name = "dry-run",
	  .help = "With --fix: show the difference and write nothing" },
	{ .name = NULL },
};

static const struct tool_option show_rows[] = {
	{ TOOL_TEXT(struct pl_hosts, inventory), .name = "inventory",
	  .arg = "FILE",
	  .help = "Mark names that are right, wrong or missing by this "
		  "inventory" },
	{ .name = NULL },
};

static const struct tool_group lint_groups[] = {
	{ "Which file", file_rows, 0 },
	{ "Judging", rules_rows, 0 },
	{ "Correcting", lint_rows, 0 },
	{ "Writing", write_rows, 0 },
	{ NULL, NULL, 0 },
};

static const struct tool_group show_groups[] = {
	{ "Which file", file_rows, 0 },
	{ "Marking", show_rows, 0 },
	{ NULL, NULL, 0 },
};

static const struct tool_group plan_groups[] = {
	{ "Which file", file_rows, 0 },
	{ "Which addresses", address_rows, 0 },
	{ "Which workspace", tool_inventory_rows,
	  offsetof(struct pl_hosts, workspace) },
	{ "Exit status", check_rows, 0 },
	{ NULL, NULL, 0 },
};

static const struct tool_group apply_groups[] = {
	{ "Which file", file_rows, 0 },
	{ "Which addresses", address_rows, 0 },
	{ "Which workspace", tool_inventory_rows,
	  offsetof(struct pl_hosts, workspace) },
	{ "Writing", write_rows, 0 },
	{ "Proving", verify_rows, 0 },
	{ NULL, NULL, 0 },
};

static const struct tool_group undo_groups[] = {
	{ "Which file", file_rows, 0 },
	{ "Taking back", undo_rows, 0 },
	{ NULL, NULL, 0 },
};

static const struct tool_group history_groups[] = {
	{ "Which file", file_rows, 0 },
	{ NULL, NULL, 0 },
};

static const char *const formats[] = { "text", "json", NULL };
static const char *const lint_formats[] = { "text", "gcc", "json", NULL };

static const struct tool_cmd cmds[] = {
	{ .name = "lint",
	  .args = "[FILE]",
	  .help = "Tell every line that cannot work, with the corrected line",
	  .argc_max = 1,
	  .groups = lint_groups,
	  .formats = lint_formats,
	  .run = pl_hosts_lint },
	{ .name = "show",
	  .args = "",
	  .help = "Show which name has which address, and who wins",
	  .groups = show_groups,
	  .run = pl_hosts_show },
	{ .name = "plan",
	  .args = "[INVENTORY | URL]",
	  .help = "Show what apply would change, and write nothing",
	  .argc_max = 1,
	  .groups = plan_groups,
	  .run = pl_hosts_plan },
	{ .name = "apply",
	  .args = "[INVENTORY | URL]",
	  .help = "Make the file say it, prove that it works, or take it back",
	  .argc_max = 1,
	  .groups = apply_groups,
	  .run = pl_hosts_apply },
	{ .name = "undo",
	  .args = "",
	  .help = "Put back, byte for byte, what was there before",
	  .groups = undo_groups,
	  .run = pl_hosts_undo },
	{ .name = "history",
	  .args = "",
	  .help = "Show what we changed in the file, and when",
	  .groups = history_groups,
	  .run = pl_hosts_history },
	{ .name = NULL },
};

int main(int argc, char **argv)
{
	static const struct pl_hosts presets = { .id = 0 };
	static const struct tool pl_hosts = {
		.name = "pl-hosts",
		.about = "make a hosts file say what the private zones should "
			 "say, and lose nothing",
		.presets = &presets,
		.options_size = sizeof(presets),
		.formats = formats,
		.examples = "  pl-hosts lint\n"
			    "  pl-hosts show --inventory ws1103.json\n"
			    "  pl-hosts plan ws1103.json\n"
			    "  sudo pl-hosts apply ws1103.json\n"
			    "  sudo pl-hosts undo\n",
		.cmds = cmds,
	};

	return tool_main(&pl_hosts, argc, argv);
}
