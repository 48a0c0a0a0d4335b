/* SPDX-License-Identifier: MIT */
/* slots.c - the rows that are in force for a tool and a command. */
#include "tools/shell.h"

#include <string.h>

static bool is_format(const struct tool_option *row)
{
	return strcmp(row->name, "format") == 0;
}

static bool has_format(const char *const *formats, const char *name)
{
	for (; *formats; formats++)
		if (strcmp(*formats, name) == 0)
			return true;
	return false;
}

/* --format and --json are rows of all tools, but not every tool has more
 * than one way to write its results. */
static bool is_useless(const struct tool_option *row,
		       const char *const *formats)
{
	if (is_format(row))
		return !formats;
	if (strcmp(row->name, "json") == 0)
		return !formats || !has_format(formats, "json");
	return false;
}

static void add_row(struct tool_slots *slots, const struct tool_group *group,
		    const struct tool_option *row, const char *const *formats,
		    char *base)
{
	struct tool_slot *slot = &slots->at[slots->n];

	if (slots->n == TOOL_SLOTS_MAX)
		return;
	slots->n++;
	slot->row = row;
	slot->group = group;
	slot->choices = row->choices;
	if (group == tool_common_groups && is_format(row))
		slot->choices = formats;
	slot->value = base ? base + group->offset + row->offset : NULL;
}

void tool_slots_add(struct tool_slots *slots, const struct tool_group *groups,
		    const char *const *formats, void *base)
{
	const struct tool_option *row;

	for (; groups && groups->options; groups++)
		for (row = groups->options; row->name; row++)
			if (groups != tool_common_groups ||
			    !is_useless(row, formats))
				add_row(slots, groups, row, formats, base);
}

const char *const *tool_formats(const struct tool *tool,
				const struct tool_cmd *cmd)
{
	const char *const *formats = tool->formats;

	if (cmd && cmd->formats)
		formats = cmd->formats;
	return formats && formats[0] && formats[1] ? formats : NULL;
}

void tool_slots_of(struct tool_slots *slots, const struct tool *tool,
		   const struct tool_cmd *cmd, void *base,
		   struct tool_common *common)
{
	const char *const *formats = tool_formats(tool, cmd);

	slots->n = 0;
	if (cmd)
		tool_slots_add(slots, cmd->groups, NULL, base);
	tool_slots_add(slots, tool->groups, NULL, base);
	tool_slots_add(slots, tool_common_groups, formats, common);
}

const struct tool_slot *tool_slots_find(const struct tool_slots *slots,
					const char *name, size_t len)
{
	for (size_t i = 0; i < slots->n; i++) {
		const char *row = slots->at[i].row->name;

		if (strlen(row) == len && strncmp(row, name, len) == 0)
			return &slots->at[i];
	}
	return NULL;
}

const struct tool_slot *tool_slots_letter(const struct tool_slots *slots,
					  char letter)
{
	for (size_t i = 0; i < slots->n; i++)
		if (slots->at[i].row->letter == letter)
			return &slots->at[i];
	return NULL;
}

bool tool_takes_value(const struct tool_option *row)
{
	return row->kind != TOOL_KIND_FLAG && row->kind != TOOL_KIND_COUNT;
}
