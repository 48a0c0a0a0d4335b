/* SPDX-License-Identifier: MIT */
/* See signals.h. */
#include "run/signals.h"

#include <signal.h>
#include <stdbool.h>

static const int numbers[RUN_N_SIGNALS] = { SIGINT, SIGTERM, SIGHUP };

void run_signals_init(struct run_signals *s, uv_loop_t *loop, void *data)
{
	for (int i = 0; i < RUN_N_SIGNALS; i++) {
		(void)uv_signal_init(loop, &s->handles[i]);
		s->handles[i].data = data;
	}
}

static bool is_ignored(int number)
{
	struct sigaction now;

	return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

int run_signals_start(struct run_signals *s, uv_signal_cb cb)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < RUN_N_SIGNALS; i++)
		if (!is_ignored(numbers[i]))
			rc = uv_signal_start(&s->handles[i], cb, numbers[i]);
	return rc;
}

void run_signals_close(struct run_signals *s)
{
	for (int i = 0; i < RUN_N_SIGNALS; i++)
		uv_close((uv_handle_t *)&s->handles[i], NULL);
}
