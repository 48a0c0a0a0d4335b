/* SPDX-License-Identifier: MIT */
/* talk.c - what a tool says on standard error. */
#include "tools/shell.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define LINE_MAX_BYTES 1024

void tool_complain(const char *name, const char *text)
{
	struct diag_buf line;

	diag_buf_init(&line, (size_t)16 * LINE_MAX_BYTES);
	diag_text_safe(&line, text, strlen(text));
	(void)fprintf(stderr, "%s: %s\n", name, diag_buf_str(&line));
	diag_buf_clear(&line);
}

static void say(const struct tool_call *call, const char *fmt, va_list args)
    DIAG_PRINTF(2, 0);

static void say(const struct tool_call *call, const char *fmt, va_list args)
{
	char text[LINE_MAX_BYTES];

	(void)vsnprintf(text, sizeof(text), fmt, args);
	tool_complain(call->tool->name, text);
}

void tool_error(const struct tool_call *call, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(call, fmt, args);
	va_end(args);
}

void tool_note(const struct tool_call *call, const char *fmt, ...)
{
	va_list args;

	if (call->quiet)
		return;
	va_start(args, fmt);
	say(call, fmt, args);
	va_end(args);
}

void tool_detail(const struct tool_call *call, const char *fmt, ...)
{
	va_list args;

	if (call->quiet || !call->verbose)
		return;
	va_start(args, fmt);
	say(call, fmt, args);
	va_end(args);
}

void tool_error_lines(const struct tool_call *call, const char *text)
{
	(void)call;
	while (*text) {
		size_t len = strcspn(text, "\n");
		struct diag_buf line;

		diag_buf_init(&line, (size_t)16 * LINE_MAX_BYTES);
		diag_text_safe(&line, text, len);
		(void)fprintf(stderr, "%s\n", diag_buf_str(&line));
		diag_buf_clear(&line);
		text += len;
		text += *text == '\n';
	}
}

enum tool_status tool_examples(const struct tool_call *call)
{
	const struct tool *tool = call->tool;

	(void)fprintf(stderr, "%s: say what to look at, for example:\n%s",
		      tool->name, tool->examples ? tool->examples : "");
	(void)fprintf(stderr, "See %s --help.\n", tool->name);
	return TOOL_USAGE;
}

enum tool_status tool_bad_input(const struct diag_err *err)
{
	return err->code == DIAG_ENOMEM ? TOOL_TROUBLE : TOOL_USAGE;
}

void tool_progress_line(const char *line)
{
	(void)fprintf(stderr, "\r%s \x1b[K", line);
	(void)fflush(stderr);
}

void tool_progress(void *ctx, size_t done, size_t in_flight)
{
	char line[64];

	(void)ctx;
	(void)snprintf(line, sizeof(line), "%zu done, %zu under way", done,
		       in_flight);
	tool_progress_line(line);
}

void tool_progress_end(const struct tool_call *call)
{
	if (call->progress)
		(void)fputs("\r\x1b[K", stderr);
}
