/* SPDX-License-Identifier: MIT */
/* probe.h - the seam between the runner and a probe (design.md, section 3).
 *
 * A probe exports one symbol, its ops table; the rest of its file is static.
 * Every step leaves at least one fact: if a probe is done without having
 * emitted any, the runner notes `not-run`.
 */
#ifndef DIAG_RUN_PROBE_H
#define DIAG_RUN_PROBE_H

#include <uv.h>

#include "plan/plan.h"

struct diag_run;
struct diag_probe;

struct diag_probe_ops {
	enum diag_probe_kind kind;
	const char *name;    /* key in plans and reports; never renamed */
	const char *summary; /* one line, for listings */
	const enum diag_fact_kind *gives; /* kinds of fact it emits */
	size_t n_gives;
	size_t state_size; /* bytes, zeroed before start */

	/* Make and end what all probes of this kind share in one run; called
	 * before the first start and after the last release.  May be NULL. */
	bool (*open)(struct diag_run *run, void **shared, struct diag_err *err);
	void (*close)(void *shared);
	/* Ask, without blocking.  false: the question could not be asked at
	 * all, err says why, and the runner notes `not-run`; stop is called
	 * all the same. */
	bool (*start)(struct diag_probe *p, struct diag_err *err);
	/* Deadline (or cancel, p->cancelled): emit what is known by now, then
	 * diag_probe_done(). */
	void (*expire)(struct diag_probe *p);
	/* Release what start made, then call diag_probe_released(p), now or
	 * later.  Called once for every start, never from inside another of
	 * the probe's functions; cannot fail.  p->step is gone when it
	 * returns. */
	void (*stop)(struct diag_probe *p);
};

struct diag_probe {
	const struct diag_probe_ops *ops;
	struct diag_run *run;
	uv_loop_t *loop;
	const struct diag_step *step;
	void *shared; /* what open made */
	void *state;  /* ops->state_size bytes, lives until released */
	bool cancelled;
	uint64_t started_ns; /* diag_run_now_ns() at start */
	unsigned emitted;
};

/* Emit one fact: id and target are filled in; started_ms and took_ms too when
 * the probe left them 0 (since start).  Borrowed for the call.  Ignored after
 * diag_probe_done(). */
void diag_probe_emit(struct diag_probe *p, struct diag_fact *f);
/* No more facts will come; the runner will call stop, later.  Fine from
 * anywhere, start and expire included; a second call does nothing. */
void diag_probe_done(struct diag_probe *p);
/* Everything is released; p is gone after this. */
void diag_probe_released(struct diag_probe *p);

/* What a probe may ask of its run. */
uint64_t diag_run_now_ns(const struct diag_run *run); /* monotonic */
uv_loop_t *diag_run_loop(struct diag_run *run);
/* Milliseconds since the run started, as facts count them. */
double diag_run_ms(const struct diag_run *run, uint64_t at_ns);
int64_t diag_run_clock_s(const struct diag_run *run); /* wall, --clock aware */
const struct diag_machine *diag_run_machine(const struct diag_run *run);
const struct diag_inventory *diag_run_inventory(const struct diag_run *run);
const char *diag_run_ca_file(const struct diag_run *run); /* may be NULL */
const char *diag_run_user_agent(const struct diag_run *run);
/* Shared by several kinds of probe: opened by whoever asks first.  Every end
 * function names one slot (at first NULL); the runner calls it at the end,
 * after all close(), with what the slot holds.  NULL: more than DIAG_RUN_SLOTS.
 */
#define DIAG_RUN_SLOTS 8
void **diag_run_slot(struct diag_run *run, void (*end)(void *));

#endif
