/* SPDX-License-Identifier: MIT */
/* watch.c - see watch.h. */
#include "run/watch.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>
#include <uv.h>

#include "run/signals.h"

struct watch {
	uv_loop_t loop;
	uv_poll_t fd, leash;
	uv_timer_t timer;
	struct run_signals signals;
	const struct diag_watch *what;
	struct diag_watch_end *end;
	struct diag_err *err;
	bool fd_made, leash_made, ending, failed;
};

static void stop(struct watch *w)
{
	uv_stop(&w->loop);
}

static void on_time(uv_timer_t *timer)
{
	struct watch *w = timer->data;

	if (w->ending)
		stop(w);
}

/* Nothing new ends it from now on but the time for what is on its way. */
static void begin_end(struct watch *w)
{
	if (w->ending)
		return;
	w->ending = true;
	if (w->failed || w->what->linger_ms == 0)
		stop(w);
	else
		(void)uv_timer_start(&w->timer, on_time, w->what->linger_ms, 0);
}

static void on_over(uv_timer_t *timer)
{
	struct watch *w = timer->data;

	w->end->time = true;
	begin_end(w);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct watch *w = handle->data;

	if (number == SIGINT && w->what->leash >= 0)
		return;
	if (!w->ending)
		w->end->signal = number;
	begin_end(w);
}

static void on_ready(uv_poll_t *handle, int status, int events)
{
	struct watch *w = handle->data;
	struct diag_err before = *w->err;

	(void)status;
	(void)events;
	if (w->what->ready(w->what->ctx, w->err))
		return;
	w->failed = w->err->code != before.code;
	(void)uv_poll_stop(&w->fd);
	begin_end(w);
	stop(w); /* it wants no more */
}

/* Nobody writes to a leash; it only ends. */
static void on_leash(uv_poll_t *handle, int status, int events)
{
	struct watch *w = handle->data;
	char byte;

	(void)events;
	if (status == 0 && read(w->what->leash, &byte, 1) == 1)
		return;
	(void)uv_poll_stop(&w->leash);
	w->end->let_go = true;
	begin_end(w);
}

static int start(struct watch *w)
{
	int rc = uv_poll_init(&w->loop, &w->fd, w->what->fd);

	w->fd_made = rc == 0;
	if (rc == 0)
		rc = uv_poll_start(&w->fd, UV_READABLE, on_ready);
	if (rc == 0 && w->what->leash >= 0) {
		rc = uv_poll_init(&w->loop, &w->leash, w->what->leash);
		w->leash_made = rc == 0;
	}
	if (rc == 0 && w->leash_made)
		rc = uv_poll_start(&w->leash, UV_READABLE | UV_DISCONNECT,
				   on_leash);
	if (rc == 0)
		rc = run_signals_start(&w->signals, on_signal);
	if (rc == 0 && w->what->for_ms > 0)
		rc = uv_timer_start(&w->timer, on_over, w->what->for_ms, 0);
	return rc;
}

static void make(struct watch *w)
{
	(void)uv_timer_init(&w->loop, &w->timer);
	w->timer.data = w->fd.data = w->leash.data = w;
	run_signals_init(&w->signals, &w->loop, w);
}

static void unmake(struct watch *w)
{
	uv_close((uv_handle_t *)&w->timer, NULL);
	run_signals_close(&w->signals);
	if (w->fd_made)
		uv_close((uv_handle_t *)&w->fd, NULL);
	if (w->leash_made)
		uv_close((uv_handle_t *)&w->leash, NULL);
	(void)uv_run(&w->loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&w->loop);
}

bool diag_watch(const struct diag_watch *what, struct diag_watch_end *end,
		struct diag_err *err)
{
	struct diag_err spare = { .code = DIAG_OK };
	struct watch w = { .what = what, .end = end, .err = err };
	int rc = uv_loop_init(&w.loop);

	*end = (struct diag_watch_end){ .signal = 0 };
	if (w.err == NULL)
		w.err = &spare;
	if (rc == 0) {
		make(&w);
		rc = start(&w);
		w.failed = rc == 0 && what->begun != NULL &&
			   !what->begun(what->ctx, w.err);
		if (rc == 0 && !w.failed)
			(void)uv_run(&w.loop, UV_RUN_DEFAULT);
		unmake(&w);
	}
	if (rc == 0)
		return !w.failed;
	errno = -rc;
	return diag_fail_sys(err, "watch", "descriptor %d", what->fd);
}
