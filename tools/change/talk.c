/* SPDX-License-Identifier: MIT */
/* talk.c - see talk.h. */
#include "tools/change/talk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define SAFE_PATH_MAX ((size_t)32 << 10)

#define DIFF_MAX ((size_t)1 << 30)

/* --- the file ------------------------------------------------------------ */

void talk_file(const struct tool_call *call, const char *path,
	       const struct diag_file_state *state)
{
	if (state->symlink)
		tool_note(call, "%s: a link; %s is written", path,
			  state->real_path);
	if (state->hard_links > 1)
		tool_note(call,
			  "%s: %u names lead to this file; the others keep "
			  "what it holds now",
			  path, state->hard_links);
	if (state->mount_point)
		tool_note(call,
			  "%s: mounted by itself, so it cannot be replaced in "
			  "one step; it is written in place, and the journal "
			  "mends it after a crash",
			  path);
	if (state->missing)
		tool_note(call, "%s: not there yet; it will be made", path);
}

const char *talk_path(struct tool_call *call, const char *path)
{
	struct diag_buf safe;
	const char *out;

	diag_buf_init(&safe, SAFE_PATH_MAX);
	diag_text_safe(&safe, path, strlen(path));
	out = diag_arena_strn(&call->arena, diag_buf_str(&safe), safe.len);
	diag_buf_clear(&safe);
	return out != NULL ? out : "the file";
}

/* A path as a word of a command. */
static const char *word_of(struct tool_call *call, const char *path)
{
	struct diag_buf word;
	const char *out;

	diag_buf_init(&word, SAFE_PATH_MAX);
	diag_text_word(&word, path);
	out = talk_path(call, diag_buf_str(&word));
	diag_buf_clear(&word);
	return out;
}

void talk_undo(struct tool_call *call, const struct change_subject *subject,
	       const char *option)
{
	bool sudo = geteuid() == 0 && getenv("SUDO_UID") != NULL;

	tool_print(call, "Take it back with: %s%s undo", sudo ? "sudo " : "",
		   call->tool->name);
	if (option)
		tool_print(call, " %s %s", option,
			   word_of(call, subject->path));
	if (subject->state)
		tool_print(call, " --state %s", word_of(call, subject->state));
	tool_print(call, "\n");
}

void talk_recovery(const struct tool_call *call, const char *path,
		   enum diag_recovery recovered)
{
	static const char *const words[] = {
		[DIAG_RECOVERED_OLD] = "a change that was cut short has been "
				       "taken back",
		[DIAG_RECOVERED_NEW] = "a change that was cut short had been "
				       "written whole",
	};

	if (recovered != DIAG_RECOVERED_NOTHING)
		tool_note(call, "%s: %s", path, words[recovered]);
}

void hint_rights(const struct tool_call *call, const char *path,
		 const struct diag_err *err)
{
	if ((err->sys == EACCES || err->sys == EPERM) && geteuid() != 0)
		tool_error(call, "writing %s needs rights: run it with sudo",
			   path);
}

/* --- differences --------------------------------------------------------- */

/* A tab is no danger. */
static void line_safe(struct diag_buf *out, const char *line, size_t len)
{
	for (size_t at = 0; at < len; at++) {
		const char *tab = memchr(line + at, '\t', len - at);
		size_t n = tab ? (size_t)(tab - line) - at : len - at;

		diag_text_safe(out, line + at, n);
		if (tab)
			diag_buf_putc(out, '\t');
		at += n;
	}
	diag_buf_putc(out, '\n');
}

void diff_safe(struct diag_buf *out, const char *diff, size_t len)
{
	while (len > 0) {
		const char *end = memchr(diff, '\n', len);
		size_t line = end ? (size_t)(end - diff) : len;
		size_t taken = line + (end ? 1 : 0);

		line_safe(out, diff, line);
		diff += taken;
		len -= taken;
	}
}

void talk_diff(const char *diff, size_t len)
{
	struct diag_buf safe;

	diag_buf_init(&safe, DIFF_MAX);
	diff_safe(&safe, diff, len);
	(void)fwrite(diag_buf_str(&safe), 1, safe.len, stderr);
	diag_buf_clear(&safe);
}

void put_diff(struct tool_call *call, const char *diff, size_t len)
{
	struct diag_buf safe;

	if (!call->terminal) {
		tool_write(call, diff, len);
		return;
	}
	diag_buf_init(&safe, DIFF_MAX);
	diff_safe(&safe, diff, len);
	tool_write_buf(call, &safe);
	diag_buf_clear(&safe);
}
