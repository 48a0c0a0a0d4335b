/* SPDX-License-Identifier: MIT */
/* signals.h - the signals that end a run: SIGINT, SIGTERM, and SIGHUP of a
 * terminal or an ssh session that went away.  One that whoever started us has
 * ignored (nohup(1), a shell's background job) stays ignored.  Private to this
 * room. */
#ifndef DIAG_RUN_SIGNALS_H
#define DIAG_RUN_SIGNALS_H

#include <uv.h>

#define RUN_N_SIGNALS 3

struct run_signals {
	uv_signal_t handles[RUN_N_SIGNALS];
};

/* The handles' data is data.  They are the loop's until they are closed. */
void run_signals_init(struct run_signals *s, uv_loop_t *loop, void *data);
/* 0, or an error of libuv's. */
int run_signals_start(struct run_signals *s, uv_signal_cb cb);
void run_signals_close(struct run_signals *s);

#endif
