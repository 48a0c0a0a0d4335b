/* SPDX-License-Identifier: MIT */
/* shell.h - what the files of the shell share; tools include tool.h. */
#ifndef DIAG_TOOLS_SHELL_H
#define DIAG_TOOLS_SHELL_H

#include "tools/tool.h"

/* --- common options ------------------------------------------------------- */

enum tool_color { TOOL_COLOR_AUTO, TOOL_COLOR_ALWAYS, TOOL_COLOR_NEVER };
enum tool_shell { TOOL_NO_SHELL, TOOL_BASH, TOOL_ZSH, TOOL_FISH };

struct tool_common {
	bool help;
	bool version;
	bool json;
	bool quiet;
	unsigned verbose;
	bool strict;
	bool man_options;
	int format;	/* index in the formats in force */
	int color;	/* enum tool_color */
	int completion; /* enum tool_shell */
	const char *output;
	const char *explain;
};

extern const struct tool_group tool_common_groups[];

/* --- slots: rows with the place their value goes to ----------------------- */

#define TOOL_SLOTS_MAX 128

struct tool_slot {
	const struct tool_option *row;
	const struct tool_group *group;
	const char *const *choices; /* the row's, or the formats in force */
	char *value;		    /* where it goes; NULL when only shown */
};

struct tool_slots {
	struct tool_slot at[TOOL_SLOTS_MAX];
	size_t n;
};

/* Add the rows of some groups (NULL: none).  Rows that a tool has no use for
 * are left out: --format of a tool with one format. */
void tool_slots_add(struct tool_slots *slots, const struct tool_group *groups,
		    const char *const *formats, void *base);
/* Slots of a tool, of one of its commands (or NULL), and the common ones, to
 * be shown or, with base and common, to be filled. */
void tool_slots_of(struct tool_slots *slots, const struct tool *tool,
		   const struct tool_cmd *cmd, void *base,
		   struct tool_common *common);
const struct tool_slot *tool_slots_find(const struct tool_slots *slots,
					const char *name, size_t len);
const struct tool_slot *tool_slots_letter(const struct tool_slots *slots,
					  char letter);
bool tool_takes_value(const struct tool_option *row);
/* Formats that a command, or the tool itself, can write; NULL if just one. */
const char *const *tool_formats(const struct tool *tool,
				const struct tool_cmd *cmd);

/* --- the command line ----------------------------------------------------- */

struct tool_line {
	const struct tool *tool;
	const struct tool_cmd *cmd;
	struct tool_common common;
	void *options; /* the tool's struct, in the arena */
	int argc;      /* positionals */
	char **argv;
	struct diag_arena *arena;
};

/* Read argv into line.  On a mistake *problem (size bytes) is one line for
 * the user, without the tool's name. */
DIAG_MUST_USE
bool tool_parse(struct tool_line *line, int argc, char **argv, char *problem,
		size_t size);
/* Convert one value and put it where the slot says. */
DIAG_MUST_USE
bool tool_set_value(const struct tool_slot *slot, const char *text,
		    struct diag_arena *arena, char *problem, size_t size);
/* The positionals that are there are as many as must be. */
DIAG_MUST_USE
bool tool_count_args(const struct tool_line *line, char *problem, size_t size);

/* --help and the like: it is answered, and nothing else is done. */
bool tool_has_answer(const struct tool_common *common);
/* Files that the options name, and that will be written now, can be, as far as
 * their names tell. */
DIAG_MUST_USE
bool tool_files_check(const struct tool_call *call,
		      const struct tool_line *line, struct diag_err *err);

/* --- texts made from the tables ------------------------------------------- */

void tool_help(const struct tool *tool, const struct tool_cmd *cmd,
	       struct diag_buf *out);
void tool_man_options(const struct tool *tool, struct diag_buf *out);
void tool_completion(const struct tool *tool, enum tool_shell shell,
		     struct diag_buf *out);
/* The section of docs/findings.md about a code; false: there is none, and
 * *out lists the codes that are most like it. */
bool tool_explain(const char *code, struct diag_buf *out);

/* --- output ----------------------------------------------------------------
 */

/* path NULL or "-": standard output.  Gives; NULL when memory is missing. */
struct tool_out *tool_out_open(const char *path, struct diag_err *err);
/* Write what is left and close.  The status is that of the output alone:
 * TOOL_GOOD, TOOL_TROUBLE with err, or 128 + SIGPIPE without. */
int tool_out_close(struct tool_out *out, bool keep, struct diag_err *err);
/* Colour, signs and width that suit where the results go. */
void tool_out_dress(struct tool_call *call, enum tool_color color,
		    bool to_file);
/* Lines on standard error: "NAME: TEXT". */
void tool_complain(const char *name, const char *text);

#endif
