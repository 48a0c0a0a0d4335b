/* SPDX-License-Identifier: MIT */
/* names.c - a stream of names for pl-resolve: any number, constant memory.
 *
 * A name is read when all questions about the one before are given out, and
 * forgotten when all questions about it are done; so what is held are the
 * names in flight, which the runner's cap bounds.
 */
#include <string.h>

#include "base/mem.h"
#include "plan/queue.h"

struct held {
	unsigned steps; /* given out, or still to be given */
	char name[];
};

struct names {
	struct diag_names_options o;
	struct queue again; /* truncated answers, over TCP */
	struct held *now;   /* the name whose questions are given out */
	size_t view;	    /* next view of it */
	bool aaaa;	    /* next type */
	bool waiting, ended;
	struct diag_err err;
};

static void let_go(struct held *h)
{
	if (--h->steps == 0)
		diag_free(h);
}

/* Read the next name; it is held once by us until all its steps are given. */
static bool read_name(struct names *n)
{
	char name[DIAG_FQDN_MAX];
	enum diag_names_got got;
	size_t len;

	if (n->ended || n->err.code != DIAG_OK)
		return false;
	got = n->o.name(n->o.ctx, name);
	n->waiting = got == DIAG_NAMES_LATER;
	n->ended = got == DIAG_NAMES_END;
	if (got != DIAG_NAMES_GOT)
		return false;
	len = strlen(name) + 1;
	n->now = diag_alloc(sizeof(*n->now) + len);
	if (n->now == NULL)
		return diag_fail_nomem(&n->err, "names");
	memcpy(n->now->name, name, len);
	n->now->steps = 1;
	n->view = 0;
	n->aaaa = !n->o.ask_a;
	return true;
}

static void to_next(struct names *n, bool system)
{
	if (!system && !n->aaaa && n->o.ask_aaaa) {
		n->aaaa = true;
		return;
	}
	n->view++;
	n->aaaa = !n->o.ask_a;
}

static void fill(struct names *n, struct diag_step *step)
{
	const struct diag_view_spec *view = &n->o.views[n->view];
	bool system = view->at.addr.family == DIAG_NOFAM;

	*step = (struct diag_step){
		.probe = system ? DIAG_PROBE_SYSTEM_DNS : DIAG_PROBE_DNS,
		.target = n->now->name,
		.timeout_ms =
		    system ? n->o.system_timeout_ms : n->o.dns_timeout_ms,
		.view = view->text,
		.server = view->at,
		.name = n->now->name,
		.type = n->aaaa ? DIAG_RR_AAAA : DIAG_RR_A,
		.cookie = n->now,
	};
	n->now->steps++;
	to_next(n, system);
}

static bool names_next(void *ctx, struct diag_step *step)
{
	struct names *n = ctx;

	if (queue_pop(&n->again, step))
		return true;
	if (n->now == NULL && !read_name(n))
		return false;
	fill(n, step);
	if (n->view == n->o.n_views) {
		let_go(n->now);
		n->now = NULL;
	}
	return true;
}

static bool names_learn(void *ctx, const struct diag_step *step,
			const struct diag_fact *f, struct diag_err *err)
{
	struct names *n = ctx;
	struct held *h = step->cookie;
	struct diag_step again = *step;

	if (f->kind != DIAG_FACT_DNS || f->status != DIAG_ST_TRUNCATED ||
	    step->tcp)
		return true;
	again.tcp = true;
	h->steps++;
	if (queue_push(&n->again, &again, err))
		return true;
	h->steps--;
	return false;
}

static void names_done(void *ctx, const struct diag_step *step)
{
	(void)ctx;
	let_go(step->cookie);
}

static bool names_waiting(void *ctx)
{
	const struct names *n = ctx;

	return n->waiting;
}

static void names_cancel(void *ctx)
{
	struct names *n = ctx;

	n->ended = true;
	n->waiting = false;
}

static bool names_failed(void *ctx, struct diag_err *err)
{
	const struct names *n = ctx;

	if (n->err.code == DIAG_OK)
		return false;
	return !diag_fail(err, n->err.code, "names", "%s", n->err.what);
}

static void names_free(void *ctx)
{
	struct names *n = ctx;
	struct diag_step step;

	while (queue_pop(&n->again, &step))
		let_go(step.cookie);
	queue_clear(&n->again);
	if (n->now)
		let_go(n->now);
	diag_free(n);
}

bool diag_plan_names(const struct diag_names_options *o, struct diag_plan *out,
		     struct diag_err *err)
{
	struct names *n;

	if (o->n_views == 0 || (!o->ask_a && !o->ask_aaaa))
		return diag_fail(err, DIAG_EUSAGE, "names", "nobody to ask");
	n = diag_alloc(sizeof(*n));
	if (n == NULL)
		return diag_fail_nomem(err, "names");
	n->o = *o;
	if (n->o.dns_timeout_ms == 0)
		n->o.dns_timeout_ms = 3000;
	if (n->o.system_timeout_ms == 0)
		n->o.system_timeout_ms = 9500;
	*out = (struct diag_plan){
		.ctx = n,
		.next = names_next,
		.learn = names_learn,
		.done = names_done,
		.waiting = names_waiting,
		.cancel = names_cancel,
		.failed = names_failed,
		.free = names_free,
	};
	return true;
}
