/* SPDX-License-Identifier: MIT */
/* common.c - the options that every tool has. */
#include "tools/shell.h"

static const char *const colors[] = { "auto", "always", "never", NULL };
static const char *const shells[] = { "none", "bash", "zsh", "fish", NULL };
static const char *const one_format[] = { "text", NULL };

static const struct tool_option rows[] = {
	{ TOOL_CHOICE(struct tool_common, format, one_format), .name = "format",
	  .arg = "FORMAT", .help = "How results are written" },
	{ TOOL_FLAG(struct tool_common, json), .name = "json",
	  .help = "The same as --format json" },
	{ TOOL_TEXT(struct tool_common, output), .name = "output",
	  .letter = 'o', .arg = "FILE", .file = TOOL_FILE_KEPT,
	  .help = "Write results to FILE; it is replaced only when all is "
		  "written" },
	{ TOOL_CHOICE(struct tool_common, color, colors), .name = "color",
	  .arg = "WHEN", .preset = "auto",
	  .help = "Colour in text results (auto: on a terminal, unless "
		  "NO_COLOR is set)" },
	{ TOOL_FLAG(struct tool_common, quiet), .name = "quiet", .letter = 'q',
	  .help = "Say nothing on standard error but errors" },
	{ TOOL_COUNT(struct tool_common, verbose), .name = "verbose",
	  .letter = 'v', .help = "Say more; twice: all there is" },
	{ TOOL_FLAG(struct tool_common, strict), .name = "strict",
	  .help = "Exit with 1 for warnings too" },
	{ TOOL_TEXT(struct tool_common, explain), .name = "explain",
	  .arg = "CODE", .help = "Explain a finding code and leave" },
	{ TOOL_FLAG(struct tool_common, help), .name = "help", .letter = 'h',
	  .help = "Show this help and leave" },
	{ TOOL_FLAG(struct tool_common, version), .name = "version",
	  .letter = 'V', .help = "Show the version and leave" },
	{ TOOL_CHOICE(struct tool_common, completion, shells),
	  .name = "completion", .arg = "SHELL", .hidden = true,
	  .help = "Print a completion script (for packagers)" },
	{ TOOL_FLAG(struct tool_common, man_options), .name = "man-options",
	  .hidden = true,
	  .help = "Print the manual's option list (for packagers)" },
	{ .name = NULL },
};

const struct tool_group tool_common_groups[] = {
	{ "In all tools", rows, 0 },
	{ NULL, NULL, 0 },
};
