/* SPDX-License-Identifier: MIT */
/* pl-inventory - what should be true of a workspace, and whether a document
 * that says so is a good one. */
#include "tools/pl-inventory/inventory.h"

#include <stdio.h>
#include <string.h>

static const char *const roles[] = { "client", "jumpbox", "compute", "aks",
				     NULL };
static const char *const eras[] = { "current", "2020", NULL };

static const struct tool_option expand_rows[] = {
	{ TOOL_CHOICE(struct pl_inventory, role, roles), .name = "role",
	  .arg = "ROLE", .preset = "client",
	  .help = "Where the machine stands whose view this is" },
	{ TOOL_CHOICE(struct pl_inventory, era, eras), .name = "era",
	  .arg = "ERA", .preset = "current",
	  .help = "Which rules for ports hold" },
	{ TOOL_FLAG(struct pl_inventory, no_public), .name = "no-public",
	  .help = "Leave out the names that must stay public" },
	{ .name = NULL },
};

static const struct tool_group expand_groups[] = {
	{ "Which workspace", tool_inventory_rows,
	  offsetof(struct pl_inventory, inventory) },
	{ "What it becomes", expand_rows, 0 },
	{ NULL, NULL, 0 },
};

static const char *const expand_formats[] = { "json", "text", NULL };
static const char *const check_formats[] = { "text", "json", NULL };
static const char *const import_formats[] = { "json", NULL };
static const char *const gather_formats[] = { "text", NULL };

bool pl_inventory_write(struct tool_call *call,
			const struct diag_inventory *inv, struct diag_err *err)
{
	struct diag_buf text;
	struct diag_jw w;
	bool ok;

	diag_buf_init(&text, (size_t)256 << 20);
	diag_jw_init(&w, &text, 2);
	diag_inventory_print(inv, &w);
	diag_buf_putc(&text, '\n');
	ok = diag_buf_ok(&text, err, "inventory");
	if (ok)
		tool_write_buf(call, &text);
	diag_buf_clear(&text);
	return ok;
}

static enum tool_status cmd_expand(struct tool_call *call, struct diag_err *err)
{
	const struct pl_inventory *opt = call->options;
	const char *word = call->argc > 0 ? call->argv[0] : NULL;
	struct diag_inventory *inv = NULL;
	struct diag_inventory *out = NULL;
	enum tool_status status = TOOL_GOOD;

	if (word == NULL && !tool_inventory_given(&opt->inventory))
		return tool_examples(call);
	if (!tool_inventory_load(call, &opt->inventory, word, &inv, err) ||
	    !diag_inventory_expand(inv, (enum diag_role)opt->role,
				   (enum diag_era)opt->era, opt->no_public,
				   &out, err))
		status = tool_bad_input(err);
	else if (strcmp(call->format, "text") == 0)
		pl_inventory_table(call, out);
	else if (!pl_inventory_write(call, out, err))
		status = TOOL_TROUBLE;
	diag_inventory_free(out);
	diag_inventory_free(inv);
	return status;
}

static const struct tool_cmd cmds[] = {
	{ .name = "expand",
	  .args = "[INVENTORY | URL]",
	  .help = "Show which names, addresses and ports follow from a file, "
		  "a URL or flags",
	  .argc_max = 1,
	  .groups = expand_groups,
	  .formats = expand_formats,
	  .run = cmd_expand },
	{ .name = "check",
	  .args = "FILE...",
	  .help = "Tell all faults of inventory files at once",
	  .argc_min = 1,
	  .argc_max = TOOL_ANY,
	  .formats = check_formats,
	  .run = pl_inventory_check },
	{ .name = "import",
	  .args = "FILE... | FOLDER | -",
	  .help = "Make an inventory of what az, REST, hosts files and "
		  "lookups say",
	  .argc_min = 1,
	  .argc_max = TOOL_ANY,
	  .groups = pl_inventory_import_groups,
	  .formats = import_formats,
	  .run = pl_inventory_import },
	{ .name = "gather",
	  .args = "",
	  .help = "Print a script that collects what import reads, for where "
		  "az works",
	  .groups = pl_inventory_gather_groups,
	  .formats = gather_formats,
	  .run = pl_inventory_gather },
	{ .name = NULL },
};

int main(int argc, char **argv)
{
	static const struct pl_inventory presets = { .role = 0 };
	static const struct tool pl_inventory = {
		.name = "pl-inventory",
		.about = "show and check what should be true of a workspace",
		.presets = &presets,
		.options_size = sizeof(presets),
		.formats = expand_formats,
		.examples =
		    "  pl-inventory expand https://GUID.workspace.eastus.api."
		    "azureml.ms/\n"
		    "  pl-inventory expand --workspace-id GUID --region eastus "
		    "--storage ACCOUNT\n"
		    "  pl-inventory check ws1103.json\n"
		    "  pl-inventory import gathered.json -o ws1103.json\n",
		.cmds = cmds,
	};

	return tool_main(&pl_inventory, argc, argv);
}
