/* SPDX-License-Identifier: MIT */
/* item.c - the life of one step; run_internal.h draws it. */
#include "base/mem.h"
#include "run/run_internal.h"

#define NS_PER_MS UINT64_C(1000000)

void list_add(struct list *l, struct item *it)
{
	it->prev = l->tail;
	it->next = NULL;
	if (l->tail)
		l->tail->next = it;
	else
		l->head = it;
	l->tail = it;
	l->n++;
}

void list_remove(struct list *l, struct item *it)
{
	if (it->prev)
		it->prev->next = it->next;
	else
		l->head = it->next;
	if (it->next)
		it->next->prev = it->prev;
	else
		l->tail = it->prev;
	l->n--;
}

static struct item *item_of(struct diag_probe *p)
{
	return (struct item *)(void *)p; /* its first member */
}

void run_fail(struct diag_run *r)
{
	r->failed = true;
	r->cut = true;
}

void run_tell(struct diag_run *r, const struct diag_step *step,
	      struct diag_fact *f)
{
	const struct diag_sink *sink = &r->o->sink;

	if (r->failed)
		return;
	f->id = ++r->last_id;
	f->target = step->target;
	r->result->facts++;
	if ((sink->fact && !sink->fact(sink->ctx, f, r->err)) ||
	    (r->plan->learn && !r->plan->learn(r->plan->ctx, step, f, r->err)))
		run_fail(r);
}

void item_not_run(struct diag_run *r, const struct diag_step *step,
		  const struct diag_err *why)
{
	char text[NOT_RUN_TEXT], words[sizeof(why->what) + 100];
	struct diag_fact f;

	not_run_fact(step, &f, text);
	f.started_ms = diag_run_ms(r, diag_run_now_ns(r));
	if (why && why->code != DIAG_OK) {
		f.sys_errno = why->sys;
		f.error = diag_err_text(why, words, sizeof(words));
	}
	run_tell(r, step, &f);
}

void diag_probe_emit(struct diag_probe *p, struct diag_fact *f)
{
	struct item *it = item_of(p);

	if (it->ended)
		return;
	if (f->started_ms <= 0)
		f->started_ms = diag_run_ms(p->run, p->started_ns);
	if (f->took_ms <= 0)
		f->took_ms =
		    (double)(diag_run_now_ns(p->run) - p->started_ns) / 1e6;
	p->emitted++;
	run_tell(p->run, p->step, f);
}

void diag_probe_done(struct diag_probe *p)
{
	struct item *it = item_of(p);
	struct diag_run *r = p->run;

	if (it->ended)
		return;
	it->ended = true;
	if (p->emitted == 0)
		item_not_run(r, &it->step, NULL);
	heap_remove(&r->deadlines, &it->deadline);
	list_remove(&r->active, it);
	list_add(&r->ended, it);
}

static void item_free(struct item *it)
{
	it->kind->live--;
	list_remove(&it->probe.run->leaving, it);
	diag_free(it);
}

void diag_probe_released(struct diag_probe *p)
{
	struct item *it = item_of(p);

	it->released = true;
	if (!it->stopping)
		item_free(it);
}

static void item_stop(struct diag_run *r, struct item *it)
{
	list_remove(&r->ended, it);
	list_add(&r->leaving, it);
	it->stopping = true;
	if (it->started)
		it->probe.ops->stop(&it->probe);
	else
		it->released = true;
	if (r->plan->done)
		r->plan->done(r->plan->ctx, &it->step);
	it->stopping = false;
	it->probe.step = NULL;
	if (it->released)
		item_free(it);
}

void items_reap(struct diag_run *r)
{
	while (r->ended.head)
		item_stop(r, r->ended.head);
}

void item_expire(struct item *it)
{
	if (it->started && it->probe.ops->expire)
		it->probe.ops->expire(&it->probe);
	diag_probe_done(&it->probe);
}

/* What all probes of a kind share is made when the first of them starts. */
static bool kind_open(struct diag_run *r, struct kind *k)
{
	if (k->opened)
		return true;
	if (k->ops->open && !k->ops->open(r, &k->shared, r->err))
		return false;
	k->opened = true;
	return true;
}

static struct item *item_new(struct diag_run *r, struct kind *k,
			     const struct diag_step *step)
{
	struct item *it = diag_alloc(sizeof(*it) + k->ops->state_size);

	if (it == NULL) {
		(void)diag_fail_nomem(r->err, "run");
		return NULL;
	}
	it->step = *step;
	it->kind = k;
	it->probe = (struct diag_probe){
		.ops = k->ops,
		.run = r,
		.loop = &r->loop,
		.step = &it->step,
		.shared = k->shared,
		.state = it->state,
		.started_ns = diag_run_now_ns(r),
	};
	k->live++;
	list_add(&r->active, it);
	return it;
}

/* A step that cannot be asked is a fact; only our own failures end the run. */
static void item_begin(struct diag_run *r, struct item *it)
{
	struct diag_err err = { 0 };

	it->started = true;
	if (it->probe.ops->start(&it->probe, &err) || it->ended)
		return;
	if (it->probe.emitted == 0) {
		it->probe.emitted++;
		item_not_run(r, &it->step, &err);
	}
	diag_probe_done(&it->probe);
}

static void step_without_probe(struct diag_run *r, const struct diag_step *step)
{
	struct diag_err why = { 0 };

	(void)diag_fail(&why, DIAG_EUSAGE, "probe", "this tool has none");
	item_not_run(r, step, &why);
	if (r->plan->done)
		r->plan->done(r->plan->ctx, step);
}

bool item_start(struct diag_run *r, const struct diag_step *step)
{
	struct kind *k = &r->kinds[step->probe];
	struct item *it;

	r->result->steps++;
	if (k->ops == NULL) {
		step_without_probe(r, step);
		return !r->failed;
	}
	if (!kind_open(r, k))
		return false;
	it = item_new(r, k, step);
	if (it == NULL)
		return false;
	if (step->timeout_ms > 0) {
		it->deadline.due_ns = it->probe.started_ns +
				      (uint64_t)step->timeout_ms * NS_PER_MS;
		if (!heap_push(&r->deadlines, &it->deadline, r->err))
			return false;
	}
	item_begin(r, it);
	return !r->failed;
}
