/* SPDX-License-Identifier: MIT */
/* tool.c - from argv to an exit status. */
#include "tools/shell.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/version.h"

#define TEXT_MAX ((size_t)1 << 20) /* bytes of a help text or a section */

/* A tool may be started with standard descriptors closed.  The next socket
 * would then take the number of standard output, and results would go to a
 * peer.  The wrong direction is meant: writing fails as it should. */
static void hold_descriptors(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

static void prepare(void)
{
	hold_descriptors();
	/* A reader that goes away is an errno, not a death. */
	(void)signal(SIGPIPE, SIG_IGN);
}

static bool make_options(struct tool_line *line)
{
	const struct tool *tool = line->tool;

	if (tool->options_size == 0)
		return true;
	line->options = diag_arena_alloc(line->arena, tool->options_size);
	if (line->options && tool->presets)
		memcpy(line->options, tool->presets, tool->options_size);
	return line->options != NULL;
}

/* --- answers that need no work ----------------------------------------------
 */

static enum tool_status answer_explain(const struct tool_line *line,
				       struct diag_buf *text)
{
	const char *name = line->tool->name;
	struct diag_buf near;
	enum tool_status status = TOOL_GOOD;
	char safe[80];

	diag_buf_init(&near, TEXT_MAX);
	if (tool_explain(line->common.explain, &near)) {
		diag_buf_puts(text, diag_buf_str(&near));
	} else {
		(void)fprintf(
		    stderr, "%s: there is no finding code \"%s\"%s\n%s", name,
		    diag_text_safe_z(line->common.explain, safe, sizeof(safe)),
		    near.len ? "; there is:" : "", diag_buf_str(&near));
		status = TOOL_USAGE;
	}
	diag_buf_clear(&near);
	return status;
}

bool tool_has_answer(const struct tool_common *common)
{
	return common->help || common->version || common->explain ||
	       common->completion || common->man_options;
}

static enum tool_status answer_text(const struct tool_line *line,
				    struct diag_buf *text)
{
	const struct tool_common *common = &line->common;

	if (common->help)
		tool_help(line->tool, line->cmd, text);
	else if (common->version)
		diag_buf_printf(text, "%s (pldiag) %s\n", line->tool->name,
				DIAG_VERSION);
	else if (common->completion)
		tool_completion(line->tool, (enum tool_shell)common->completion,
				text);
	else if (common->man_options)
		tool_man_options(line->tool, text);
	else
		return answer_explain(line, text);
	return TOOL_GOOD;
}

static enum tool_status answer(struct tool_call *call,
			       const struct tool_line *line,
			       struct diag_err *err)
{
	enum tool_status status;
	struct diag_buf text;

	diag_buf_init(&text, TEXT_MAX);
	status = answer_text(line, &text);
	if (diag_buf_ok(&text, err, "help"))
		tool_write_buf(call, &text);
	else
		status = TOOL_TROUBLE;
	diag_buf_clear(&text);
	return status;
}

/* --- the work ----------------------------------------------------------------
 */

static const char *format_name(const struct tool_line *line)
{
	const char *const *formats = tool_formats(line->tool, line->cmd);

	if (line->common.json)
		return "json";
	if (formats)
		return formats[line->common.format];
	return line->tool->formats && line->tool->formats[0]
		   ? line->tool->formats[0]
		   : "text";
}

/* -o names a folder, or what will be one, and the command makes files; only
 * what is there and no folder (a device, an old file) takes all of it. */
static bool is_folder(const struct tool_line *line)
{
	const char *path = line->common.output;
	struct stat st;

	if (path == NULL || line->cmd == NULL || !line->cmd->folders)
		return false;
	return diag_text_ends(path, "/") || stat(path, &st) != 0 ||
	       S_ISDIR(st.st_mode);
}

static const char *made_file(const struct tool_line *line)
{
	return line->cmd != NULL && line->cmd->makes ? line->common.output
						     : NULL;
}

static void make_call(struct tool_call *call, const struct tool_line *line)
{
	call->tool = line->tool;
	call->cmd = line->cmd;
	call->options = line->options;
	call->argc = line->argc;
	call->argv = line->argv;
	call->format = format_name(line);
	call->quiet = line->common.quiet;
	call->verbose = line->common.verbose;
	call->strict = line->common.strict;
	call->folder = is_folder(line) ? line->common.output : NULL;
	call->made = made_file(line);
	tool_out_dress(call, (enum tool_color)line->common.color,
		       line->common.output != NULL && call->made == NULL);
}

static enum tool_status work(struct tool_call *call,
			     const struct tool_line *line, struct diag_err *err)
{
	char problem[400];

	if (tool_has_answer(&line->common))
		return answer(call, line, err);
	if ((line->tool->cmds && !line->cmd && line->argc == 0) ||
	    (!line->cmd && line->tool->examples && line->tool->argc_min > 0 &&
	     line->argc == 0))
		return tool_examples(call);
	if (!tool_count_args(line, problem, sizeof(problem))) {
		tool_complain(line->tool->name, problem);
		return TOOL_USAGE;
	}
	return line->cmd ? line->cmd->run(call, err)
			 : line->tool->run(call, err);
}

static void complain_err(const char *name, const struct diag_err *err)
{
	char text[400];

	tool_complain(name, diag_err_text(err, text, sizeof(text)));
}

/* An output that could not be written outweighs what was found out. */
static int merge(enum tool_status status, int output, int by_signal)
{
	if (output == TOOL_TROUBLE)
		return output;
	if (by_signal)
		return 128 + by_signal;
	return output != TOOL_GOOD ? output : (int)status;
}

static int call_tool(struct tool_call *call, const struct tool_line *line)
{
	const char *name = line->tool->name;
	struct diag_err err = { .code = DIAG_OK };
	struct diag_err out_err = { .code = DIAG_OK };
	enum tool_status status;
	int output;

	make_call(call, line);
	if (!tool_files_check(call, line, &err)) {
		complain_err(name, &err);
		return TOOL_USAGE;
	}
	call->out = tool_out_open(call->folder != NULL || call->made != NULL
				      ? NULL
				      : line->common.output,
				  &err);
	if (!call->out) {
		complain_err(name, &err);
		return TOOL_TROUBLE;
	}
	status = work(call, line, &err);
	if (err.code != DIAG_OK && status != TOOL_GOOD)
		complain_err(name, &err);
	output = tool_out_close(call->out,
				status != TOOL_USAGE && status != TOOL_TROUBLE,
				&out_err);
	if (out_err.code != DIAG_OK)
		complain_err(name, &out_err);
	return merge(status, output, call->signal);
}

int tool_main(const struct tool *tool, int argc, char **argv)
{
	struct tool_call call = { .signal = 0 };
	struct tool_line line = { .tool = tool, .arena = &call.arena };
	char problem[400];
	int status = TOOL_USAGE;

	prepare();
	diag_arena_init(&call.arena, 0);
	if (!make_options(&line)) {
		tool_complain(tool->name, "out of memory");
		status = TOOL_TROUBLE;
	} else if (!tool_parse(&line, argc, argv, problem, sizeof(problem))) {
		tool_complain(tool->name, problem);
	} else {
		status = call_tool(&call, &line);
	}
	diag_arena_clear(&call.arena);
	/* Threads that wait for the system's resolver cannot be ended: a
	 * return from main() would join them. */
	if (call.abandoned)
		_exit(status);
	return status;
}
