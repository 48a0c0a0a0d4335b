/* SPDX-License-Identifier: MIT */
/* ask.c - what a probe may ask of its run, and what main() owes it. */
#include <stdio.h>
#include <stdlib.h>

#include "run/run_internal.h"

#define NS_PER_S      INT64_C(1000000000)
#define THREADS_MAX   1024 /* libuv's own ceiling */
#define THREADS_LEAST 4

uint64_t diag_run_now_ns(const struct diag_run *run)
{
	(void)run;
	return uv_hrtime();
}

uv_loop_t *diag_run_loop(struct diag_run *run)
{
	return &run->loop;
}

double diag_run_ms(const struct diag_run *run, uint64_t at_ns)
{
	return at_ns > run->started_ns ? (double)(at_ns - run->started_ns) / 1e6
				       : 0;
}

int64_t diag_run_clock_s(const struct diag_run *run)
{
	int64_t ns = (int64_t)(diag_run_now_ns(run) - run->started_ns);

	return run->clock_s + ns / NS_PER_S;
}

const struct diag_machine *diag_run_machine(const struct diag_run *run)
{
	return run->o->machine;
}

const struct diag_inventory *diag_run_inventory(const struct diag_run *run)
{
	return run->o->inventory;
}

const char *diag_run_ca_file(const struct diag_run *run)
{
	return run->o->ca_file;
}

const char *diag_run_user_agent(const struct diag_run *run)
{
	return run->o->user_agent ? run->o->user_agent : "pldiag";
}

void **diag_run_slot(struct diag_run *run, void (*end)(void *))
{
	for (size_t i = 0; i < DIAG_RUN_SLOTS; i++) {
		struct slot *s = &run->slots[i];

		if (s->end == NULL)
			s->end = end;
		if (s->end == end)
			return &s->held;
	}
	return NULL;
}

void diag_run_prepare(size_t lookups)
{
	char threads[16];

	if (lookups < THREADS_LEAST)
		lookups = THREADS_LEAST;
	if (lookups > THREADS_MAX)
		lookups = THREADS_MAX;
	(void)snprintf(threads, sizeof(threads), "%zu", lookups);
	(void)setenv("UV_THREADPOOL_SIZE", threads, 0);
	(void)setenv("RES_OPTIONS", "timeout:1 attempts:3", 0);
}
