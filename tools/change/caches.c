/* SPDX-License-Identifier: MIT */
/* caches.c - see caches.h.  A cache is a row: how it is seen
 * that it runs, and the program or the signal that empties it. */
#include "tools/change/caches.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/file.h"
#include "base/text.h"
#include "run/exec.h"

#define PATH_LEN   4096
#define SMALL_FILE ((size_t)65536)
#define OUTPUT_MAX ((size_t)4096)
#define TIMEOUT_MS 3000

struct row {
	const char *name;
	const char *const *marks; /* any of these is there while it runs */
	const char *const *argv;  /* this empties it ... */
	int signal;		  /* ... or this, to the pid in the mark */
};

static const char *const resolved_marks[] = { "/run/systemd/resolve", NULL };
static const char *const resolved_argv[] = { "resolvectl", "flush-caches",
					     NULL };
/* nscd.h: _PATH_NSCDPID */
static const char *const nscd_marks[] = { "/run/nscd/nscd.pid",
					  "/var/run/nscd/nscd.pid", NULL };
static const char *const nscd_argv[] = { "nscd", "-i", "hosts", NULL };
/* Debian's, the program's own, and NetworkManager's. */
static const char *const dnsmasq_marks[] = {
	"/run/dnsmasq/dnsmasq.pid", "/run/dnsmasq.pid", "/var/run/dnsmasq.pid",
	"/run/NetworkManager/dnsmasq.pid", NULL
};

static const struct row rows[] = {
	{ "systemd-resolved", resolved_marks, resolved_argv, 0 },
	{ "nscd", nscd_marks, nscd_argv, 0 },
	/* dnsmasq(8), NOTES: SIGHUP clears the cache and reads /etc/hosts */
	{ "dnsmasq", dnsmasq_marks, NULL, SIGHUP },
};

static const char *at_root(const struct caches_env *env, const char *path,
			   char out[PATH_LEN])
{
	(void)snprintf(out, PATH_LEN, "%s%s", env && env->root ? env->root : "",
		       path);
	return out;
}

static const char *mark_of(const struct row *row, const struct caches_env *env,
			   char out[PATH_LEN])
{
	for (size_t i = 0; row->marks[i]; i++)
		if (access(at_root(env, row->marks[i], out), F_OK) == 0)
			return out;
	return NULL;
}

/* --- a program ----------------------------------------------------------- */

static bool run_it(const struct tool_call *call, const struct row *row,
		   const struct caches_env *env)
{
	const struct diag_exec what = { .argv = row->argv,
					.path = env ? env->path : NULL,
					.timeout_ms = TIMEOUT_MS,
					.max_out = OUTPUT_MAX };
	struct diag_exec_result result;
	struct diag_err err = { .code = DIAG_OK };
	char text[400];
	bool ok = diag_exec(&what, &result, &err);

	if (!ok)
		tool_detail(call, "%s",
			    diag_err_text(&err, text, sizeof(text)));
	else if (result.status != 0 || result.signal != 0)
		tool_detail(call, "%s: %s %s left with %d: %s", row->name,
			    row->argv[0], row->argv[1],
			    result.signal ? 128 + result.signal : result.status,
			    diag_buf_str(&result.out));
	ok = ok && result.status == 0 && result.signal == 0;
	diag_buf_clear(&result.out);
	return ok;
}

/* --- a signal ------------------------------------------------------------ */

/* A small file of /proc or /run; NUL bytes become line ends. */
static bool read_small(const char *path, struct diag_buf *out)
{
	bool ok = diag_file_read(path, SMALL_FILE, out, NULL);

	for (size_t i = 0; ok && i < out->len; i++)
		if (out->data[i] == '\0')
			out->data[i] = '\n';
	return ok;
}

static bool read_pid(const char *path, pid_t *pid)
{
	struct diag_cursor c;
	struct diag_slice line;
	struct diag_buf text;
	uint64_t n = 0;
	bool ok = read_small(path, &text);

	c = diag_cursor_of(diag_buf_str(&text), text.len);
	ok = ok && diag_cursor_line(&c, &line) &&
	     diag_slice_number(diag_slice_trim(line), 2, 0x7fffffff, &n);
	diag_buf_clear(&text);
	*pid = (pid_t)n;
	return ok;
}

static bool has_line(const char *path, const char *const lines[])
{
	struct diag_cursor c;
	struct diag_slice line;
	struct diag_buf text;
	bool found = false;

	if (read_small(path, &text)) {
		c = diag_cursor_of(diag_buf_str(&text), text.len);
		while (!found && diag_cursor_line(&c, &line))
			for (size_t i = 0; lines[i]; i++)
				found |= diag_slice_eq(diag_slice_trim(line),
						       lines[i]);
	}
	diag_buf_clear(&text);
	return found;
}

/* A pid file outlives its process, and a number is given to another one: it
 * must be the program, and one that reads the hosts file at all. */
static bool may_signal(const struct row *row, const struct caches_env *env,
		       pid_t pid)
{
	static const char *const no_hosts[] = { "--no-hosts", "-h", "no-hosts",
						NULL };
	const char *const name[] = { row->name, NULL };
	char path[PATH_LEN], short_path[64];

	(void)snprintf(short_path, sizeof(short_path), "/proc/%ld/comm",
		       (long)pid);
	if (!has_line(at_root(env, short_path, path), name))
		return false;
	(void)snprintf(short_path, sizeof(short_path), "/proc/%ld/cmdline",
		       (long)pid);
	return !has_line(at_root(env, short_path, path), no_hosts) &&
	       !has_line(at_root(env, "/etc/dnsmasq.conf", path), no_hosts);
}

static bool signal_it(const struct tool_call *call, const struct row *row,
		      const struct caches_env *env, const char *mark)
{
	pid_t pid;

	if (!read_pid(mark, &pid) || !may_signal(row, env, pid))
		return false;
	if (kill(pid, row->signal) == 0)
		return true;
	tool_detail(call, "%s: process %ld may not be signalled", row->name,
		    (long)pid);
	return false;
}

void caches_flush(const struct tool_call *call, const struct caches_env *env,
		  struct caches_flushed *out)
{
	char path[PATH_LEN];

	*out = (struct caches_flushed){ .tried = true };
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *mark = mark_of(&rows[i], env, path);

		if (mark &&
		    (rows[i].argv ? run_it(call, &rows[i], env)
				  : signal_it(call, &rows[i], env, mark)))
			out->names[out->n++] = rows[i].name;
	}
}
