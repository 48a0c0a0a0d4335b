/* SPDX-License-Identifier: MIT */
/* completion.c - completion scripts for bash, zsh and fish from the tables.
 *
 * All three offer the long options, the values of options that have a fixed
 * set, files where FILE is wanted, and the sub-commands.  With sub-commands
 * the options of all of them are offered; the tool itself says which fit.
 */
#include "tools/shell.h"

#include <string.h>

/* Everything that may be typed, each name once. */
static void all_slots(struct tool_slots *slots, const struct tool *tool)
{
	const struct tool_cmd *cmd = tool->cmds;

	tool_slots_of(slots, tool, NULL, NULL, NULL);
	for (; cmd && cmd->name; cmd++) {
		struct tool_slots own = { .n = 0 };

		tool_slots_add(&own, cmd->groups, NULL, NULL);
		for (size_t i = 0; i < own.n; i++) {
			const char *name = own.at[i].row->name;

			if (slots->n < TOOL_SLOTS_MAX &&
			    !tool_slots_find(slots, name, strlen(name)))
				slots->at[slots->n++] = own.at[i];
		}
	}
}

static bool wants_file(const struct tool_option *row)
{
	return row->arg && (strcmp(row->arg, "FILE") == 0 ||
			    strcmp(row->arg, "INVENTORY") == 0);
}

static void words(struct diag_buf *out, const char *const *list)
{
	for (size_t i = 0; list && list[i]; i++)
		diag_buf_printf(out, "%s%s", i ? " " : "", list[i]);
}

static void commands(struct diag_buf *out, const struct tool *tool)
{
	const struct tool_cmd *cmd = tool->cmds;

	for (; cmd && cmd->name; cmd++)
		diag_buf_printf(out, "%s%s", cmd == tool->cmds ? "" : " ",
				cmd->name);
}

/* pl-doctor -> pl_doctor, a name for a shell function. */
static void function_name(struct diag_buf *out, const char *name)
{
	for (; *name; name++)
		diag_buf_putc(out, (char)(*name == '-' ? '_' : *name));
}

/* --- bash ------------------------------------------------------------------
 */

static void bash_values(struct diag_buf *out, const struct tool_slots *slots)
{
	for (size_t i = 0; i < slots->n; i++) {
		const struct tool_slot *slot = &slots->at[i];
		const struct tool_option *row = slot->row;

		if (row->hidden || !tool_takes_value(row))
			continue;
		diag_buf_printf(out, "\t--%s", row->name);
		if (row->letter)
			diag_buf_printf(out, "|-%c", row->letter);
		diag_buf_puts(out, ") COMPREPLY=(");
		if (slot->choices) {
			diag_buf_puts(out, "$(compgen -W '");
			words(out, slot->choices);
			diag_buf_puts(out, "' -- \"$cur\")");
		} else if (wants_file(row)) {
			diag_buf_puts(out, "$(compgen -f -- \"$cur\")");
		}
		diag_buf_puts(out, "); return;;\n");
	}
}

static void bash(const struct tool *tool, const struct tool_slots *slots,
		 struct diag_buf *out)
{
	diag_buf_printf(out, "# bash completion for %s\n_", tool->name);
	function_name(out, tool->name);
	diag_buf_puts(out, "() {\n"
			   "\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n"
			   "\tlocal prev=${COMP_WORDS[COMP_CWORD-1]}\n"
			   "\tcase $prev in\n");
	bash_values(out, slots);
	diag_buf_puts(out, "\tesac\n\tcase $cur in\n"
			   "\t-*) COMPREPLY=($(compgen -W '");
	for (size_t i = 0; i < slots->n; i++)
		if (!slots->at[i].row->hidden)
			diag_buf_printf(out, "%s--%s", i ? " " : "",
					slots->at[i].row->name);
	diag_buf_puts(out, "' -- \"$cur\"));;\n");
	if (tool->cmds) {
		diag_buf_puts(out, "\t*) if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
				   "\t\tCOMPREPLY=($(compgen -W '");
		commands(out, tool);
		diag_buf_puts(out, "' -- \"$cur\"))\n\telse\n"
				   "\t\tCOMPREPLY=($(compgen -f -- "
				   "\"$cur\"))\n\tfi;;\n");
	} else {
		diag_buf_puts(out, "\t*) COMPREPLY=($(compgen -f -- "
				   "\"$cur\"));;\n");
	}
	diag_buf_puts(out, "\tesac\n}\ncomplete -o filenames -F _");
	function_name(out, tool->name);
	diag_buf_printf(out, " %s\n", tool->name);
}

/* --- zsh --------------------------------------------------------------------
 */

/* Inside '...[text]...': quotes, brackets and colons mean something there. */
static void zsh_text(struct diag_buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			diag_buf_puts(out, "'\\''");
		else if (strchr("[]:\\", *text))
			diag_buf_printf(out, "\\%c", *text);
		else
			diag_buf_putc(out, *text);
	}
}

static void zsh_option(struct diag_buf *out, const struct tool_slot *slot)
{
	const struct tool_option *row = slot->row;
	const char *many = row->kind == TOOL_KIND_LIST ? "*" : "";

	diag_buf_printf(out, " \\\n\t'%s--%s%s[", many, row->name,
			tool_takes_value(row) ? "=" : "");
	zsh_text(out, row->help);
	diag_buf_putc(out, ']');
	if (tool_takes_value(row)) {
		diag_buf_putc(out, ':');
		zsh_text(out, row->arg);
		diag_buf_putc(out, ':');
		if (slot->choices) {
			diag_buf_putc(out, '(');
			words(out, slot->choices);
			diag_buf_putc(out, ')');
		} else if (wants_file(row)) {
			diag_buf_puts(out, "_files");
		}
	}
	diag_buf_putc(out, '\'');
}

static void zsh(const struct tool *tool, const struct tool_slots *slots,
		struct diag_buf *out)
{
	diag_buf_printf(out, "#compdef %s\n_arguments", tool->name);
	for (size_t i = 0; i < slots->n; i++)
		if (!slots->at[i].row->hidden)
			zsh_option(out, &slots->at[i]);
	if (tool->cmds) {
		diag_buf_puts(out, " \\\n\t'1:command:(");
		commands(out, tool);
		diag_buf_puts(out, ")'");
	}
	diag_buf_puts(out, " \\\n\t'*:file:_files'\n");
}

/* --- fish -------------------------------------------------------------------
 */

static void fish_text(struct diag_buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			diag_buf_putc(out, '\\');
		diag_buf_putc(out, *text);
	}
}

static void fish_option(struct diag_buf *out, const struct tool *tool,
			const struct tool_slot *slot)
{
	const struct tool_option *row = slot->row;

	diag_buf_printf(out, "complete -c %s -l %s", tool->name, row->name);
	if (row->letter)
		diag_buf_printf(out, " -s %c", row->letter);
	if (slot->choices) {
		diag_buf_puts(out, " -x -a '");
		words(out, slot->choices);
		diag_buf_putc(out, '\'');
	} else if (wants_file(row)) {
		diag_buf_puts(out, " -r -F");
	} else if (tool_takes_value(row)) {
		diag_buf_puts(out, " -x");
	}
	diag_buf_puts(out, " -d '");
	fish_text(out, row->help);
	diag_buf_puts(out, "'\n");
}

static void fish(const struct tool *tool, const struct tool_slots *slots,
		 struct diag_buf *out)
{
	const struct tool_cmd *cmd = tool->cmds;

	for (size_t i = 0; i < slots->n; i++)
		if (!slots->at[i].row->hidden)
			fish_option(out, tool, &slots->at[i]);
	for (; cmd && cmd->name; cmd++) {
		diag_buf_printf(out,
				"complete -c %s -n __fish_use_subcommand "
				"-f -a %s -d '",
				tool->name, cmd->name);
		fish_text(out, cmd->help);
		diag_buf_puts(out, "'\n");
	}
}

void tool_completion(const struct tool *tool, enum tool_shell shell,
		     struct diag_buf *out)
{
	struct tool_slots slots;

	all_slots(&slots, tool);
	if (shell == TOOL_BASH)
		bash(tool, &slots, out);
	else if (shell == TOOL_ZSH)
		zsh(tool, &slots, out);
	else if (shell == TOOL_FISH)
		fish(tool, &slots, out);
}
