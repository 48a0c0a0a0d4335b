/* SPDX-License-Identifier: MIT */
/* run_internal.h - what the files of this room share.
 *
 * The life of a step (struct item):
 *
 *	pulled from the plan ── start ──> active ── done ──> ended ──┐
 *	                                                             │ reap
 *	              freed <── released ── leaving <── ops->stop <──┘
 *
 * Done is only noted when the probe says so; stop comes from the pump, once
 * per turn of the loop, so that no probe is taken apart under its own feet.
 * Slots of the cap are held while active; memory until released.
 */
#ifndef DIAG_RUN_RUN_INTERNAL_H
#define DIAG_RUN_RUN_INTERNAL_H

#include <stddef.h>

#include "run/heap.h"
#include "run/runner.h"
#include "run/signals.h"

struct item {
	struct diag_probe probe;
	struct diag_step step;
	struct kind *kind;
	struct item *prev, *next; /* in the list it is in */
	struct heap_node deadline;
	bool started;  /* ops->start was called: stop must be */
	bool ended;    /* diag_probe_done() */
	bool stopping; /* ops->stop is on the stack */
	bool released;
	_Alignas(max_align_t) unsigned char state[];
};

struct list {
	struct item *head, *tail;
	size_t n;
};
void list_add(struct list *l, struct item *it);
void list_remove(struct list *l, struct item *it);

/* All probes of one kind in this run. */
struct kind {
	const struct diag_probe_ops *ops;
	void *shared;
	size_t live; /* items not yet released */
	bool opened;
};

struct slot {
	void (*end)(void *);
	void *held;
};

struct diag_run {
	uv_loop_t loop;
	uv_prepare_t pump;
	uv_timer_t alarm; /* the earliest deadline */
	uv_timer_t tick;  /* progress, and plans that wait for input */
	struct run_signals signals;
	struct diag_run *next_abandoned;

	const struct diag_run_options *o;
	struct diag_plan *plan;
	struct kind kinds[DIAG_N_PROBES];
	struct slot slots[DIAG_RUN_SLOTS];
	struct list active, ended, leaving;
	struct heap deadlines;
	struct diag_run_result *result;
	struct diag_err *err;
	size_t cap; /* steps in flight */
	uint64_t started_ns;
	uint64_t due_ns;      /* of the whole run; UINT64_MAX: none */
	uint64_t alarm_ns;    /* what the alarm is set to; 0: off */
	uint64_t progress_ns; /* when it was last told */
	int64_t clock_s;      /* wall clock at started_ns */
	uint32_t last_id;
	bool cut;    /* cancelled, or out of time: start nothing more */
	bool failed; /* err is filled: tell nothing more either */
	bool dry;    /* the plan gave nothing when last asked */
	bool ticking;
};

/* item.c */
/* Make and start one step; false: the run cannot go on. */
DIAG_MUST_USE
bool item_start(struct diag_run *r, const struct diag_step *step);
/* Ask it to say what it knows; it has ended when this returns. */
void item_expire(struct item *it);
/* Stop everything that has ended. */
void items_reap(struct diag_run *r);
/* A fact that the step was never asked.  why may be NULL. */
void item_not_run(struct diag_run *r, const struct diag_step *step,
		  const struct diag_err *why);
/* Hand a finished fact to the sink and the plan. */
void run_tell(struct diag_run *r, const struct diag_step *step,
	      struct diag_fact *f);
/* The first failure of ours: nothing is started or told after it. */
void run_fail(struct diag_run *r);

/* pump.c */
void pump_turn(uv_prepare_t *pump);
void pump_signal(uv_signal_t *handle, int signum);
/* Nothing is in flight and nothing more will come. */
bool run_over(const struct diag_run *r);

/* notrun.c */
#define NOT_RUN_TEXT 512
/* What can be said of a step that did not run; text is room for it. */
void not_run_fact(const struct diag_step *step, struct diag_fact *f,
		  char text[NOT_RUN_TEXT]);

#endif
