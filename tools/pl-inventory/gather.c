/* SPDX-License-Identifier: MIT */
/* gather.c - a script that collects what import reads.
 *
 * It is printed and never run: az is the user's, and so is the login.  Names
 * come quoted into the script.  What no Azure name can contain is refused
 * before that: az on Windows is a batch file, and cmd.exe gives a meaning to
 * such characters that no quoting of PowerShell takes away.
 */
#include "tools/pl-inventory/inventory.h"

#include <string.h>

#include "base/version.h"
#include "script_gather_ps1.h"
#include "script_gather_sh.h"
#include "tools/script.h"

#define SCRIPT_BYTES ((size_t)1 << 20)
#define NAME_BYTES   256 /* resource groups: 90 characters */

static const struct tool_option rows[] = {
	{ TOOL_TEXT(struct pl_inventory, gather.workspace), .name = "workspace",
	  .arg = "NAME", .preset = "the only one there is",
	  .help = "The workspace to collect" },
	{ TOOL_TEXT(struct pl_inventory, gather.group),
	  .name = "resource-group", .arg = "GROUP",
	  .help = "Its resource group" },
	{ TOOL_TEXT(struct pl_inventory, gather.subscription),
	  .name = "subscription", .arg = "NAME|GUID",
	  .preset = "the one az is set to", .help = "Its subscription" },
	{ TOOL_CHOICE(struct pl_inventory, gather.shell, script_languages),
	  .name = "shell", .arg = "LANGUAGE", .preset = "sh",
	  .help = "What the script is written in" },
	{ .name = NULL },
};

const struct tool_group pl_inventory_gather_groups[] = {
	{ "What to collect", rows, 0 },
	{ NULL, NULL, 0 },
};

static bool is_fine(const struct tool_call *call, const char *option,
		    const char *value)
{
	static const char never[] = "\"%&|<>^!`$\\/*?;=,";

	if (value == NULL ||
	    (strlen(value) < NAME_BYTES && value[0] != '\0' &&
	     strpbrk(value, never) == NULL && script_is_text(value)))
		return true;
	tool_error(call, "--%s: no Azure name: \"%s\"", option, value);
	return false;
}

/* pldiag-ws1103.json: only what is a plain file name everywhere. */
static void file_name(struct diag_buf *out, const char *workspace)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	const char *name = workspace != NULL ? workspace : "workspace";

	diag_buf_puts(out, "pldiag-");
	for (; *name != '\0'; name++)
		diag_buf_putc(out, strchr(plain, *name) != NULL ? *name : '_');
	diag_buf_puts(out, ".json");
}

enum { WORKSPACE, GROUP, SUBSCRIPTION, FILE_NAME, N_TEXTS };

static void quote_all(const struct pl_inventory_gather *o,
		      struct diag_buf texts[N_TEXTS])
{
	enum script_language language = (enum script_language)o->shell;
	const char *values[N_TEXTS] = {
		[WORKSPACE] = o->workspace,
		[GROUP] = o->group,
		[SUBSCRIPTION] = o->subscription,
	};
	struct diag_buf name;

	diag_buf_init(&name, NAME_BYTES + 32);
	file_name(&name, o->workspace);
	values[FILE_NAME] = diag_buf_str(&name);
	for (int i = 0; i < N_TEXTS; i++) {
		diag_buf_init(&texts[i], SCRIPT_BYTES);
		script_quote(&texts[i], language,
			     values[i] != NULL ? values[i] : "");
	}
	diag_buf_clear(&name);
}

static void fill(const struct pl_inventory_gather *o, struct diag_buf *out)
{
	struct diag_buf texts[N_TEXTS];

	quote_all(o, texts);
	const struct script_value values[] = {
		{ "@VERSION@", DIAG_VERSION, strlen(DIAG_VERSION) },
		{ "@WORKSPACE@", texts[WORKSPACE].data, texts[WORKSPACE].len },
		{ "@GROUP@", texts[GROUP].data, texts[GROUP].len },
		{ "@SUBSCRIPTION@", texts[SUBSCRIPTION].data,
		  texts[SUBSCRIPTION].len },
		{ "@FILE@", texts[FILE_NAME].data, texts[FILE_NAME].len },
		{ NULL, NULL, 0 },
	};

	if (o->shell == SCRIPT_SH)
		script_put(out, script_gather_sh_bytes, script_gather_sh_len,
			   values);
	else
		script_put(out, script_gather_ps1_bytes, script_gather_ps1_len,
			   values);
	for (int i = 0; i < N_TEXTS; i++)
		diag_buf_clear(&texts[i]);
}

enum tool_status pl_inventory_gather(struct tool_call *call,
				     struct diag_err *err)
{
	const struct pl_inventory *opt = call->options;
	struct diag_buf out;
	bool ok;

	if (!is_fine(call, "workspace", opt->gather.workspace) ||
	    !is_fine(call, "resource-group", opt->gather.group) ||
	    !is_fine(call, "subscription", opt->gather.subscription))
		return TOOL_USAGE;
	diag_buf_init(&out, SCRIPT_BYTES);
	fill(&opt->gather, &out);
	ok = diag_buf_ok(&out, err, "pl-inventory gather");
	if (ok)
		tool_write_buf(call, &out);
	diag_buf_clear(&out);
	return ok ? TOOL_GOOD : TOOL_TROUBLE;
}
