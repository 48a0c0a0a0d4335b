/* SPDX-License-Identifier: MIT */
/* options_inventory.c - which workspace: a file, a URL, or flags. */
#include "tools/options_inventory.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"

static const char *const clouds[] = { "public", "usgov", "china", NULL };

const struct tool_option tool_inventory_rows[] = {
	{ TOOL_TEXT(struct tool_inventory, workspace_id),
	  .name = "workspace-id", .arg = "GUID",
	  .help = "The workspace's id, the first label of its API name" },
	{ TOOL_TEXT(struct tool_inventory, region), .name = "region",
	  .arg = "REGION", .help = "Its region, such as eastus" },
	{ TOOL_TEXT(struct tool_inventory, workspace), .name = "workspace",
	  .arg = "NAME", .help = "Its name; needed for the notebook name" },
	{ TOOL_CHOICE(struct tool_inventory, cloud, clouds), .name = "cloud",
	  .arg = "CLOUD", .preset = "told by the name or region",
	  .help = "Its cloud" },
	{ TOOL_LIST(struct tool_inventory, storage), .name = "storage",
	  .arg = "ACCOUNT",
	  .help = "A storage account, or ACCOUNT:dfs,queue; may be repeated" },
	{ TOOL_LIST(struct tool_inventory, key_vault), .name = "key-vault",
	  .arg = "VAULT", .help = "A key vault; may be repeated" },
	{ TOOL_LIST(struct tool_inventory, registry), .name = "registry",
	  .arg = "REGISTRY",
	  .help = "A container registry, or REGISTRY:eastus,westus2; may be "
		  "repeated" },
	{ TOOL_LIST(struct tool_inventory, compute_instance),
	  .name = "compute-instance", .arg = "INSTANCE",
	  .help = "A compute instance; may be repeated" },
	{ TOOL_LIST(struct tool_inventory, network), .name = "network",
	  .arg = "CIDR", .help = "Address space of the VNet; may be repeated" },
	{ .name = NULL },
};

bool tool_is_inventory(const char *word)
{
	struct stat st;

	return strcmp(word, "-") == 0 || diag_text_ends(word, ".json") ||
	       stat(word, &st) == 0;
}

bool tool_inventory_given(const struct tool_inventory *flags)
{
	return flags->workspace_id || flags->region || flags->workspace ||
	       flags->cloud || flags->storage.n || flags->key_vault.n ||
	       flags->registry.n || flags->compute_instance.n ||
	       flags->network.n;
}

static bool of_flags(const struct tool_inventory *flags, const char *word,
		     struct diag_problems *problems,
		     struct diag_inventory **out, struct diag_err *err)
{
	const struct diag_inventory_flags all = {
		.workspace_id = flags->workspace_id,
		.region = flags->region,
		.workspace = flags->workspace,
		/* Not given: the name or the region tells it. */
		.cloud = flags->cloud > 0 ? clouds[flags->cloud] : NULL,
		.storage = flags->storage.at,
		.key_vault = flags->key_vault.at,
		.registry = flags->registry.at,
		.compute_instance = flags->compute_instance.at,
		.network = flags->network.at,
		.url_or_name = word,
	};

	return diag_inventory_of_flags(&all, problems, out, err);
}

bool tool_inventory_make(const struct tool_inventory *flags, const char *word,
			 const struct diag_buf *document,
			 struct diag_problems *problems,
			 struct diag_inventory **out, struct diag_err *err)
{
	const char *name =
	    word && strcmp(word, "-") == 0 ? "standard input" : word;

	if (!diag_cat_load(err))
		return false;
	if (!document)
		return of_flags(flags, word, problems, out, err);
	if (tool_inventory_given(flags))
		return diag_fail(err, DIAG_EUSAGE, "inventory",
				 "%s: give a document or flags, not both",
				 word);
	return diag_inventory_parse(name, diag_buf_str(document), document->len,
				    problems, out, err);
}

static bool load(const struct tool_inventory *flags, const char *word,
		 struct diag_problems *problems, struct diag_inventory **out,
		 struct diag_err *err)
{
	bool document = word && tool_is_inventory(word);
	struct diag_buf text;
	bool ok;

	diag_buf_init(&text, 0);
	/* Flags beside a document are a mistake whatever it holds. */
	if (!document || tool_inventory_given(flags))
		return tool_inventory_make(flags, word, document ? &text : NULL,
					   problems, out, err);
	ok = diag_file_read(word, DIAG_INVENTORY_BYTES, &text, err) &&
	     tool_inventory_make(flags, word, &text, problems, out, err);
	diag_buf_clear(&text);
	return ok;
}

bool tool_inventory_load(const struct tool_call *call,
			 const struct tool_inventory *flags, const char *word,
			 struct diag_inventory **out, struct diag_err *err)
{
	struct diag_problems problems;
	bool ok;

	diag_problems_init(&problems);
	ok = load(flags, word, &problems, out, err);
	if (!ok && problems.n > 0) {
		tool_error_lines(call, diag_buf_str(&problems.text));
		if (problems.n > problems.max)
			tool_error(call, "and %u more",
				   problems.n - problems.max);
		if (err->code != DIAG_ENOMEM)
			*err = (struct diag_err){ .code = DIAG_OK };
	}
	diag_problems_clear(&problems);
	return ok;
}
