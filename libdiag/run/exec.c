/* SPDX-License-Identifier: MIT */
/* exec.c - see exec.h.
 *
 * A loop of its own for one child.  The child may leave a daemon behind that
 * keeps our pipes open, so after its end we read for a moment more and then
 * close them, whoever else holds them.
 */
#include "run/exec.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <uv.h>

#define TIMEOUT_MS 5000
#define DRAIN_MS   200 /* for what was written before the end */
#define CHUNK	   4096
#define N_PIPES	   2 /* standard output and error */
#define PATH_MAX_  1024

struct exec {
	uv_loop_t loop;
	uv_process_t process;
	uv_timer_t timer;
	uv_pipe_t pipes[N_PIPES];
	const struct diag_exec *what;
	struct diag_exec_result *result;
	char chunk[CHUNK];
	unsigned open; /* pipes that may still say something */
	bool exited;
};

static void close_once(uv_handle_t *handle)
{
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void close_all(struct exec *e)
{
	for (unsigned i = 0; i < N_PIPES; i++)
		close_once((uv_handle_t *)&e->pipes[i]);
	close_once((uv_handle_t *)&e->timer);
}

static void on_timer(uv_timer_t *timer)
{
	struct exec *e = timer->data;

	if (e->exited) {
		close_all(e);
		return;
	}
	e->result->timed_out = true;
	(void)uv_process_kill(&e->process, SIGKILL);
}

static void on_exit(uv_process_t *process, int64_t status, int signum)
{
	struct exec *e = process->data;

	e->exited = true;
	e->result->status = (int)status;
	e->result->signal = signum;
	uv_close((uv_handle_t *)process, NULL);
	if (e->open == 0)
		close_all(e);
	else
		(void)uv_timer_start(&e->timer, on_timer, DRAIN_MS, 0);
}

static void give_chunk(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	struct exec *e = handle->data;

	(void)size;
	*buf = uv_buf_init(e->chunk, sizeof(e->chunk));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct exec *e = stream->data;
	struct diag_buf *out = &e->result->out;

	if (n < 0) {
		close_once((uv_handle_t *)stream);
		if (--e->open == 0 && e->exited)
			close_all(e);
	} else if (out->len + (size_t)n > out->max) {
		diag_buf_put(out, buf->base, out->max - out->len);
		e->result->cut = true;
		if (e->what->end_when_full && !e->exited)
			(void)uv_process_kill(&e->process, SIGKILL);
	} else {
		diag_buf_put(out, buf->base, (size_t)n);
	}
}

static bool spawn(struct exec *e, struct diag_err *err)
{
	char path[PATH_MAX_];
	char locale[] = "LC_ALL=C";
	char *env[] = { path, locale, NULL };
	uv_stdio_container_t stdio[3] = { { .flags = UV_IGNORE } };
	uv_process_options_t options = { .exit_cb = on_exit };
	int rc;

	(void)snprintf(path, sizeof(path), "PATH=%s",
		       e->what->path ? e->what->path : DIAG_EXEC_PATH);
	for (unsigned i = 0; i < N_PIPES; i++) {
		stdio[i + 1].flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE;
		stdio[i + 1].data.stream = (uv_stream_t *)&e->pipes[i];
	}
	options.file = e->what->argv[0];
	/* libuv takes what execvp(3) takes and changes as little. */
	options.args = (char **)(uintptr_t)e->what->argv;
	options.env = env;
	options.cwd = e->what->folder;
	options.stdio = stdio;
	options.stdio_count = 3;
	rc = uv_spawn(&e->loop, &e->process, &options);
	if (rc == 0)
		return true;
	errno = -rc;
	return diag_fail_sys(err, "exec", "%s", e->what->argv[0]);
}

static void listen_to(struct exec *e)
{
	unsigned timeout_ms = e->what->timeout_ms;

	for (unsigned i = 0; i < N_PIPES; i++)
		if (uv_read_start((uv_stream_t *)&e->pipes[i], give_chunk,
				  on_read) == 0)
			e->open++;
	(void)uv_timer_start(&e->timer, on_timer,
			     timeout_ms ? timeout_ms : TIMEOUT_MS, 0);
}

static void prepare(struct exec *e)
{
	e->process.data = e;
	(void)uv_timer_init(&e->loop, &e->timer);
	e->timer.data = e;
	for (unsigned i = 0; i < N_PIPES; i++) {
		(void)uv_pipe_init(&e->loop, &e->pipes[i], 0);
		e->pipes[i].data = e;
	}
}

bool diag_exec(const struct diag_exec *what, struct diag_exec_result *out,
	       struct diag_err *err)
{
	struct exec e = { .what = what, .result = out };
	int rc = uv_loop_init(&e.loop);
	bool ok;

	*out = (struct diag_exec_result){ .status = 0 };
	diag_buf_init(&out->out, what->max_out);
	if (rc != 0) {
		errno = -rc;
		return diag_fail_sys(err, "exec", "event loop");
	}
	prepare(&e);
	ok = spawn(&e, err);
	if (ok) {
		listen_to(&e);
	} else {
		close_all(&e);
		close_once((uv_handle_t *)&e.process);
	}
	(void)uv_run(&e.loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&e.loop);
	return ok &&
	       (out->out.code != DIAG_ENOMEM || diag_fail_nomem(err, "exec"));
}
