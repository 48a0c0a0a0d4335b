/* SPDX-License-Identifier: MIT */
/* parse.c - one walk over argv.
 *
 * Options may stand anywhere: --name VALUE, --name=VALUE, -nVALUE, -n VALUE,
 * flags together as -qv.  "--" ends them, "-" is a positional.  With
 * sub-commands the first positional names one, and from there on its own
 * options count too.  Names are not abbreviated: an abbreviation in a script
 * breaks on the day a second option starts with the same letters.
 */
#include "tools/shell.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

struct walk {
	struct tool_line *line;
	struct tool_slots slots;
	char **at; /* next word; the list ends with NULL */
	char *problem;
	size_t size;
};

static bool unknown(struct walk *w, const char *what, const char *word,
		    const char *near)
{
	char safe[80];

	diag_text_safe_z(word, safe, sizeof(safe));
	(void)snprintf(w->problem, w->size,
		       "unknown %s %s%s%s%s; see %s --help", what, safe,
		       near ? " (did you mean " : "", near ? near : "",
		       near ? "?)" : "", w->line->tool->name);
	return false;
}

/* A name at most two slips away, else nothing: a wild guess is worse. */
static bool is_near(const char *a, const char *b, unsigned *best)
{
	unsigned distance = diag_text_distance(a, b);

	if (distance > 2 || distance >= *best || 2UL * distance >= strlen(b))
		return false;
	*best = distance;
	return true;
}

static bool unknown_long(struct walk *w, const char *name, size_t len)
{
	char word[64];
	char near[64] = "";
	unsigned best = 8;

	(void)snprintf(word, sizeof(word), "%.*s", (int)len, name);
	for (size_t i = 0; i < w->slots.n; i++) {
		const struct tool_option *row = w->slots.at[i].row;

		if (!row->hidden && is_near(word, row->name, &best))
			(void)snprintf(near, sizeof(near), "--%s", row->name);
	}
	(void)snprintf(word, sizeof(word), "--%.*s", (int)len, name);
	return unknown(w, "option", word, near[0] ? near : NULL);
}

static bool take(struct walk *w, const struct tool_slot *slot,
		 const char *value)
{
	if (tool_takes_value(slot->row) && !value) {
		value = *w->at;
		if (!value) {
			(void)snprintf(w->problem, w->size,
				       "--%s needs a value: %s",
				       slot->row->name, slot->row->arg);
			return false;
		}
		w->at++;
	}
	return tool_set_value(slot, value, w->line->arena, w->problem, w->size);
}

static bool long_option(struct walk *w, const char *name)
{
	const char *value = strchr(name, '=');
	size_t len = value ? (size_t)(value - name) : strlen(name);
	const struct tool_slot *slot = tool_slots_find(&w->slots, name, len);

	if (!slot)
		return unknown_long(w, name, len);
	if (value && !tool_takes_value(slot->row)) {
		(void)snprintf(w->problem, w->size, "--%s takes no value",
			       slot->row->name);
		return false;
	}
	return take(w, slot, value ? value + 1 : NULL);
}

static bool letters(struct walk *w, const char *word)
{
	for (; *word; word++) {
		const struct tool_slot *slot =
		    tool_slots_letter(&w->slots, *word);
		const char name[] = { '-', *word, '\0' };

		if (!slot)
			return unknown(w, "option", name, NULL);
		if (tool_takes_value(slot->row))
			return take(w, slot, word[1] ? word + 1 : NULL);
		if (!take(w, slot, NULL))
			return false;
	}
	return true;
}

static bool command(struct walk *w, const char *word)
{
	struct tool_line *line = w->line;
	const struct tool_cmd *cmd;
	const char *near = NULL;
	unsigned best = 8;

	for (cmd = line->tool->cmds; cmd->name; cmd++) {
		if (strcmp(cmd->name, word) == 0)
			break;
		if (is_near(word, cmd->name, &best))
			near = cmd->name;
	}
	if (!cmd->name)
		return unknown(w, "command", word, near);
	line->cmd = cmd;
	tool_slots_of(&w->slots, line->tool, cmd, line->options, &line->common);
	return true;
}

static bool positional(struct walk *w, char *word)
{
	if (w->line->tool->cmds && !w->line->cmd)
		return command(w, word);
	/* argv has room: we write at or before the place we read. */
	w->line->argv[w->line->argc++] = word;
	return true;
}

static bool one_word(struct walk *w, char *word, bool *only_positionals)
{
	if (*only_positionals || word[0] != '-' || word[1] == '\0')
		return positional(w, word);
	if (strcmp(word, "--") == 0) {
		*only_positionals = true;
		return true;
	}
	return word[1] == '-' ? long_option(w, word + 2) : letters(w, word + 1);
}

bool tool_parse(struct tool_line *line, int argc, char **argv, char *problem,
		size_t size)
{
	struct walk w = { .line = line, .problem = problem, .size = size };
	bool only_positionals = false;

	line->argc = 0;
	line->argv = argv;
	if (argc == 0)
		return true;
	w.at = argv + 1;
	tool_slots_of(&w.slots, line->tool, NULL, line->options, &line->common);
	while (*w.at)
		if (!one_word(&w, *w.at++, &only_positionals))
			return false;
	line->argv[line->argc] = NULL;
	return true;
}

bool tool_count_args(const struct tool_line *line, char *problem, size_t size)
{
	const struct tool *tool = line->tool;
	const struct tool_cmd *cmd = line->cmd;
	unsigned min = cmd ? cmd->argc_min : tool->argc_min;
	unsigned max = cmd ? cmd->argc_max : tool->argc_max;
	const char *args = cmd ? cmd->args : tool->args;
	unsigned n = (unsigned)line->argc;
	char safe[80];

	if (n >= min && n <= max)
		return true;
	if (n > max)
		(void)snprintf(
		    problem, size,
		    "one argument too many: \"%s\"; see %s --help",
		    diag_text_safe_z(line->argv[max], safe, sizeof(safe)),
		    tool->name);
	else
		(void)snprintf(problem, size, "%s%sneeds %s; see %s --help",
			       cmd ? cmd->name : "", cmd ? " " : "",
			       args ? args : "an argument", tool->name);
	return false;
}
