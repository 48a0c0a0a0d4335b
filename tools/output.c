/* SPDX-License-Identifier: MIT */
/* output.c - where results go, and what suits the place.
 *
 * Standard output is written as we go.  A file named with -o is written to an
 * unnamed spool first and replaced in one step at the end, so that nobody
 * ever reads half a report and a run that fails leaves the old one alone.  A
 * spool and not memory, because pl-resolve streams any number of names.  What
 * is no regular file (a pipe, /dev/null) has no old one: it is written as we
 * go, too.
 */
#include "tools/shell.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

#define CHUNK 65536 /* bytes written at once */

struct tool_out {
	FILE *stream;
	const char *path; /* NULL: standard output; borrowed from argv */
	int failed;	  /* errno of the first write that failed */
	bool used;
	bool spool; /* what is written goes to path at the end */
};

static char chunk[CHUNK]; /* stdio's own is 4 KiB */

/* The stream for a named file. */
static bool open_file(struct tool_out *out, struct diag_err *err)
{
	int fd;

	if (!diag_file_straight(out->path, &fd, err))
		return false;
	out->spool = fd < 0;
	out->stream = out->spool ? tmpfile() : fdopen(fd, "w");
	if (out->stream == NULL && fd >= 0)
		(void)close(fd);
	return out->stream || diag_fail_sys(err, "output", "%s: %s", out->path,
					    fd < 0 ? "temporary file" : "open");
}

struct tool_out *tool_out_open(const char *path, struct diag_err *err)
{
	struct tool_out *out = diag_alloc(sizeof(*out));

	if (!out) {
		(void)diag_fail_nomem(err, "output");
		return NULL;
	}
	out->stream = stdout;
	if (!path || strcmp(path, "-") == 0) {
		if (!isatty(STDOUT_FILENO))
			(void)setvbuf(stdout, chunk, _IOFBF, sizeof(chunk));
		return out;
	}
	out->path = path;
	if (!open_file(out, err)) {
		diag_free(out);
		return NULL;
	}
	(void)setvbuf(out->stream, chunk, _IOFBF, sizeof(chunk));
	return out;
}

static void note_failure(struct tool_out *out)
{
	if (!out->failed)
		out->failed = errno ? errno : EIO;
}

void tool_write(struct tool_call *call, const void *data, size_t len)
{
	struct tool_out *out = call->out;

	out->used = true;
	if (!out->failed && fwrite(data, 1, len, out->stream) != len)
		note_failure(out);
}

void tool_write_buf(struct tool_call *call, const struct diag_buf *buf)
{
	if (buf->len)
		tool_write(call, buf->data, buf->len);
}

void tool_print(struct tool_call *call, const char *fmt, ...)
{
	struct tool_out *out = call->out;
	va_list args;

	out->used = true;
	va_start(args, fmt);
	if (!out->failed && vfprintf(out->stream, fmt, args) < 0)
		note_failure(out);
	va_end(args);
}

void tool_flush(struct tool_call *call)
{
	if (!call->out->failed && fflush(call->out->stream) != 0)
		note_failure(call->out);
}

bool tool_out_failed(const struct tool_call *call)
{
	return call->out->failed != 0;
}

bool tool_out_is_file(const struct tool_call *call)
{
	return call->out->spool;
}

/* Some file systems tell of a full disk only when the file is closed.  A
 * second descriptor lets us hear it and keep our own. */
static void finish_stdout(struct tool_out *out)
{
	int fd;

	if (fflush(stdout) != 0)
		note_failure(out);
	if (!out->used || out->failed)
		return;
	fd = dup(STDOUT_FILENO);
	if (fd < 0 || close(fd) != 0)
		note_failure(out);
}

static int close_file(struct tool_out *out, bool keep, struct diag_err *err)
{
	bool ok;

	if (!out->failed && fflush(out->stream) != 0)
		note_failure(out);
	errno = out->failed;
	ok = !out->failed || diag_fail_sys(err, "write", "%s", out->path);
	if (ok && out->spool && (keep || out->used))
		ok = diag_file_copy(out->path, fileno(out->stream), 0644, err);
	if (fclose(out->stream) != 0 && ok)
		ok = diag_fail_sys(err, "write", "%s", out->path);
	return ok ? TOOL_GOOD : TOOL_TROUBLE;
}

int tool_out_close(struct tool_out *out, bool keep, struct diag_err *err)
{
	int status = TOOL_GOOD;

	if (out->path) {
		status = close_file(out, keep, err);
		goto out;
	}
	finish_stdout(out);
	if (out->failed == EPIPE) {
		status = 128 + SIGPIPE;
	} else if (out->failed) {
		errno = out->failed;
		(void)diag_fail_sys(err, "write", "standard output");
		status = TOOL_TROUBLE;
	}
out:
	diag_free(out);
	return status;
}

/* --- what suits the place ---------------------------------------------------
 */

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

static bool wants_color(enum tool_color color, bool terminal)
{
	const char *term = getenv("TERM");

	if (color != TOOL_COLOR_AUTO)
		return color == TOOL_COLOR_ALWAYS;
	return terminal && !is_set("NO_COLOR") && term && *term &&
	       strcmp(term, "dumb") != 0;
}

/* The first of the three that is set decides (POSIX locale(7)). */
static bool locale_is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return diag_text_find_nocase(value, strlen(value),
						     "utf-8") ||
			       diag_text_find_nocase(value, strlen(value),
						     "utf8");
	}
	return false;
}

static unsigned terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return 80;
	return size.ws_col < 40 ? 40 : size.ws_col;
}

void tool_out_dress(struct tool_call *call, enum tool_color color, bool to_file)
{
	bool terminal = !to_file && isatty(STDOUT_FILENO);

	call->terminal = terminal;
	call->color = wants_color(color, terminal);
	call->utf8 = locale_is_utf8();
	call->width = terminal ? terminal_width() : 80;
	call->progress = !call->quiet && isatty(STDERR_FILENO);
}
