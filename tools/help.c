/* SPDX-License-Identifier: MIT */
/* help.c - --help and the manual's option list, from the tables. */
#include "tools/shell.h"

#include <string.h>

#include "base/version.h"

#define HELP_COLUMN 26
#define HELP_WIDTH  80

/* Words of text from the given column on, wrapped and indented. */
static void wrap(struct diag_buf *out, const char *text, size_t column,
		 size_t at)
{
	while (*text) {
		size_t len = strcspn(text, " ");

		if (at > column && at + 1 + len > HELP_WIDTH) {
			diag_buf_putc(out, '\n');
			at = 0;
		}
		if (at < column) {
			diag_buf_pad(out, ' ', column - at);
			at = column;
		} else if (at > column) {
			diag_buf_putc(out, ' ');
			at++;
		}
		diag_buf_put(out, text, len);
		at += len;
		text += len;
		text += strspn(text, " ");
	}
	diag_buf_putc(out, '\n');
}

static void choices(struct diag_buf *out, const struct tool_slot *slot)
{
	const char *const *choice = slot->choices;

	for (size_t i = 0; choice && choice[i]; i++)
		diag_buf_printf(out, "%s%s", i ? ", " : ": ", choice[i]);
}

static void full_help(struct diag_buf *out, const struct tool_slot *slot)
{
	const struct tool_option *row = slot->row;

	diag_buf_puts(out, row->help);
	choices(out, slot);
	if (row->preset)
		diag_buf_printf(out, " (default %s)", row->preset);
	else if (row->choices != slot->choices)
		diag_buf_printf(out, " (default %s)", slot->choices[0]);
}

static void option_line(struct diag_buf *out, const struct tool_slot *slot)
{
	const struct tool_option *row = slot->row;
	struct diag_buf help;
	size_t start = out->len;
	size_t at;

	if (row->letter)
		diag_buf_printf(out, "  -%c, --%s", row->letter, row->name);
	else
		diag_buf_printf(out, "      --%s", row->name);
	if (row->arg)
		diag_buf_printf(out, " %s", row->arg);
	at = out->len - start;
	if (at + 1 >= HELP_COLUMN) {
		diag_buf_putc(out, '\n');
		at = 0;
	}
	diag_buf_init(&help, 4096);
	full_help(&help, slot);
	wrap(out, diag_buf_str(&help), HELP_COLUMN, at);
	diag_buf_clear(&help);
}

static void option_lines(struct diag_buf *out, const struct tool_slots *slots)
{
	const struct tool_group *group = NULL;

	for (size_t i = 0; i < slots->n; i++) {
		if (slots->at[i].row->hidden)
			continue;
		if (slots->at[i].group != group) {
			group = slots->at[i].group;
			diag_buf_printf(out, "\n%s:\n", group->title);
		}
		option_line(out, &slots->at[i]);
	}
}

static void usage(struct diag_buf *out, const struct tool *tool,
		  const struct tool_cmd *cmd)
{
	const char *args = cmd ? cmd->args : tool->args;

	if (tool->cmds && !cmd)
		args = "COMMAND ...";
	diag_buf_printf(out, "Usage: %s%s%s [OPTION]...%s%s\n", tool->name,
			cmd ? " " : "", cmd ? cmd->name : "",
			args && *args ? " " : "", args ? args : "");
}

static void about(struct diag_buf *out, const struct tool *tool)
{
	size_t start = out->len;

	diag_buf_printf(out, "%s -", tool->name);
	wrap(out, tool->about, 0, out->len - start);
}

static void command_lines(struct diag_buf *out, const struct tool *tool)
{
	const struct tool_cmd *cmd;

	diag_buf_puts(out, "\nCommands:\n");
	for (cmd = tool->cmds; cmd->name; cmd++) {
		size_t start = out->len;
		size_t at;

		diag_buf_printf(out, "  %s %s", cmd->name,
				cmd->args ? cmd->args : "");
		at = out->len - start;
		if (at + 1 >= HELP_COLUMN) {
			diag_buf_putc(out, '\n');
			at = 0;
		}
		wrap(out, cmd->help, HELP_COLUMN, at);
	}
	diag_buf_printf(out, "\nA command's own options: %s COMMAND --help\n",
			tool->name);
}

static const char exit_status[] =
    "\nExit status: 0 good, 1 something is wrong, 2 usage or bad input, "
    "3 could not\ndecide, 4 trouble of our own, 128+n ended by a signal.\n";

void tool_help(const struct tool *tool, const struct tool_cmd *cmd,
	       struct diag_buf *out)
{
	struct tool_slots slots;

	tool_slots_of(&slots, tool, cmd, NULL, NULL);
	usage(out, tool, cmd);
	if (cmd)
		wrap(out, cmd->help, 0, 0);
	else
		about(out, tool);
	if (tool->cmds && !cmd)
		command_lines(out, tool);
	option_lines(out, &slots);
	if (tool->examples && !cmd)
		diag_buf_printf(out, "\nExamples:\n%s", tool->examples);
	diag_buf_puts(out, exit_status);
}

/* --- scdoc(5) --------------------------------------------------------------
 * scdoc reads *, _, and a leading # or - as its own; a backslash takes the
 * meaning away. */
static void scdoc_text(struct diag_buf *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("*_\\#-`[]|<>.", *text))
			diag_buf_putc(out, '\\');
		diag_buf_putc(out, *text);
	}
}

static void scdoc_option(struct diag_buf *out, const struct tool_slot *slot)
{
	const struct tool_option *row = slot->row;
	struct diag_buf help;

	if (row->letter)
		diag_buf_printf(out, "*-%c*, ", row->letter);
	diag_buf_printf(out, "*--%s*", row->name);
	if (row->arg)
		diag_buf_printf(out, " _%s_", row->arg);
	diag_buf_puts(out, "\n\t");
	diag_buf_init(&help, 4096);
	full_help(&help, slot);
	scdoc_text(out, diag_buf_str(&help));
	diag_buf_clear(&help);
	diag_buf_puts(out, "\n\n");
}

static void scdoc_options(struct diag_buf *out, const struct tool_slots *slots)
{
	const struct tool_group *group = NULL;

	for (size_t i = 0; i < slots->n; i++) {
		if (slots->at[i].row->hidden)
			continue;
		if (slots->at[i].group != group) {
			group = slots->at[i].group;
			diag_buf_printf(out, "## %s\n\n", group->title);
		}
		scdoc_option(out, &slots->at[i]);
	}
}

static void scdoc_command(struct diag_buf *out, const struct tool *tool,
			  const struct tool_cmd *cmd)
{
	struct tool_slots slots = { .n = 0 };

	diag_buf_printf(out, "## %s\n\n*%s %s* [options] ", cmd->name,
			tool->name, cmd->name);
	scdoc_text(out, cmd->args ? cmd->args : "");
	diag_buf_puts(out, "\n\n");
	scdoc_text(out, cmd->help);
	diag_buf_puts(out, "\n\n");
	tool_slots_add(&slots, cmd->groups, NULL, NULL);
	for (size_t i = 0; i < slots.n; i++)
		if (!slots.at[i].row->hidden)
			scdoc_option(out, &slots.at[i]);
}

void tool_man_options(const struct tool *tool, struct diag_buf *out)
{
	const struct tool_cmd *cmd;
	struct tool_slots slots;

	if (tool->cmds) {
		diag_buf_puts(out, "# COMMANDS\n\n");
		for (cmd = tool->cmds; cmd->name; cmd++)
			scdoc_command(out, tool, cmd);
	}
	diag_buf_puts(out, "# OPTIONS\n\n");
	tool_slots_of(&slots, tool, NULL, NULL, NULL);
	scdoc_options(out, &slots);
}
