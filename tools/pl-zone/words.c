/* SPDX-License-Identifier: MIT */
/* words.c - see words.h. */
#include "tools/pl-zone/words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TIMEOUT_MS  120000 /* a zone of a million records takes seconds */
#define OUT_MAX	    ((size_t)65536)
#define LINES_SHOWN 20
#define LINE_SHOWN  1000
/* Servers from source live in /usr/local. */
#define PATH	   "/usr/local/sbin:/usr/local/bin:" DIAG_EXEC_PATH
#define NO_PROGRAM 127 /* of a shell: not found */
#define NO_RUN	   126 /* of a shell: found, and cannot be run */

static void tell_end(struct words *w)
{
	const struct diag_exec_result *r = &w->result;

	if (r->timed_out)
		(void)snprintf(w->end, sizeof(w->end),
			       "no end after %d s, stopped", TIMEOUT_MS / 1000);
	else if (r->signal != 0)
		(void)snprintf(w->end, sizeof(w->end), "ended by signal %d",
			       r->signal);
	else
		(void)snprintf(w->end, sizeof(w->end), "exit status %d",
			       r->status);
	w->good = !r->timed_out && r->signal == 0 && r->status == 0;
}

bool words_argv(const char *const *argv, const char *folder, struct words *out)
{
	const struct diag_exec what = { .argv = argv,
					.path = PATH,
					.folder = folder,
					.timeout_ms = TIMEOUT_MS,
					.max_out = OUT_MAX };
	struct diag_err err = { .code = DIAG_OK };

	memset(out, 0, sizeof(*out));
	if (diag_exec(&what, &out->result, &err)) {
		tell_end(out);
		return true;
	}
	out->missing = err.sys == ENOENT;
	(void)snprintf(out->end, sizeof(out->end), "%s",
		       err.sys != 0 ? strerror(err.sys) : "out of memory");
	return false;
}

bool words_run(const char *command, const char *folder, struct words *out)
{
	const char *const argv[] = { "sh", "-c", command, NULL };

	if (!words_argv(argv, folder, out))
		return false;
	if (!out->good && (out->result.status == NO_PROGRAM ||
			   out->result.status == NO_RUN)) {
		out->missing = true;
		(void)snprintf(out->end, sizeof(out->end),
			       "it could not be run");
		return false;
	}
	return true;
}

void words_clear(struct words *w)
{
	diag_buf_clear(&w->result.out);
}

static void tell_line(const struct tool_call *call, const char *line,
		      size_t len, const char *from, const char *to)
{
	struct diag_buf text;
	size_t n = from ? strlen(from) : 0;

	diag_buf_init(&text, LINE_SHOWN);
	for (size_t i = 0; i < len;) {
		if (n > 0 && len - i >= n && memcmp(line + i, from, n) == 0) {
			diag_buf_puts(&text, to);
			i += n;
		} else {
			diag_buf_putc(&text, line[i++]);
		}
	}
	tool_error(call, "  %s", diag_buf_str(&text));
	diag_buf_clear(&text);
}

void words_tell(const struct tool_call *call, const struct words *w,
		const char *from, const char *to)
{
	const char *p = diag_buf_str(&w->result.out);
	const char *end = p + w->result.out.len;
	unsigned shown = 0;

	for (; p < end && shown < LINES_SHOWN; shown++) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		size_t len = (size_t)((lf ? lf : end) - p);

		tell_line(call, p, len, from, to);
		p += len + (lf ? 1 : 0);
	}
	if (p < end || w->result.cut)
		tool_error(call, "  and more");
}
