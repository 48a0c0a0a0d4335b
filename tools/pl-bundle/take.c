/* SPDX-License-Identifier: MIT */
/* take.c - all sources, a few at once, each with an end in time.
 *
 * A source is a thread that fills a slot and says so.  Who reads a file on a
 * server that is gone may never come back: the slot then stays his for ever
 * (nobody frees it), and the result says that there was no answer.
 */
#include "tools/pl-bundle/take.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "base/mem.h"
#include "base/time.h"

#define AT_ONCE	 8
#define LOOK_MS	 50   /* how often we look at clock and signals */
#define GRACE_MS 1000 /* a program's own limit comes before ours */
#define MS_NS	 1000000u

enum slot_state { SLOT_WAITS, SLOT_RUNS, SLOT_DONE, SLOT_LEFT };

struct crew;

struct slot {
	struct crew *crew;
	struct take_result r; /* the thread's until it is done */
	enum slot_state state;
	unsigned timeout_ms;
	uint64_t until_us;
	uv_thread_t thread;
};

/* On the heap, and never freed where a thread is left behind. */
struct crew {
	struct take_place place;
	uv_mutex_t lock; /* over every slot's state */
	uv_cond_t news;
	struct slot *slots;
	size_t n, next, running, done;
	bool left; /* somebody did not come back */
};

static void work(void *arg)
{
	struct slot *slot = arg;
	struct crew *crew = slot->crew;

	take_source(&crew->place, slot->timeout_ms, &slot->r);
	uv_mutex_lock(&crew->lock);
	if (slot->state == SLOT_RUNS) {
		slot->state = SLOT_DONE;
		uv_cond_signal(&crew->news);
	}
	uv_mutex_unlock(&crew->lock);
}

static void give_up(struct take_result *r, const char *reason)
{
	take_name(r);
	r->state = DIAG_ITEM_FAILED;
	(void)snprintf(r->reason, sizeof(r->reason), "%s", reason);
}

/* --- the crew ---------------------------------------------------------------
 */

static bool is_ours(const struct take_rows *rows, size_t i)
{
	return strcmp(rows->rows[i]->platform, rows->platform) == 0;
}

static size_t count_sources(const struct take_rows *rows)
{
	size_t all = 0;

	for (size_t i = 0; i < rows->n; i++)
		for (size_t k = 0; rows->rows[i]->sources[k].item != NULL; k++)
			all += is_ours(rows, i);
	return all;
}

static void fill_slot(struct crew *crew, const struct diag_collector *c,
		      const struct diag_source *s, unsigned each_ms)
{
	struct slot *slot = &crew->slots[crew->n++];

	slot->crew = crew;
	slot->r.collector = c;
	slot->r.source = s;
	slot->timeout_ms = c->timeout_ms > 0 ? c->timeout_ms : DIAG_COLLECT_MS;
	if (each_ms > 0)
		slot->timeout_ms = each_ms;
}

static void fill_slots(struct crew *crew, const struct take_rows *rows,
		       unsigned each_ms)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct diag_source *s = rows->rows[i]->sources;

		for (; is_ours(rows, i) && s->item != NULL; s++)
			fill_slot(crew, rows->rows[i], s, each_ms);
	}
}

static struct crew *crew_new(size_t n, const struct take_place *place)
{
	struct crew *crew = diag_alloc(sizeof(*crew));
	struct slot *slots = diag_alloc_array(n > 0 ? n : 1, sizeof(*slots));

	if (crew == NULL || slots == NULL || uv_mutex_init(&crew->lock) != 0) {
		diag_free(crew);
		diag_free(slots);
		return NULL;
	}
	if (uv_cond_init(&crew->news) != 0) {
		uv_mutex_destroy(&crew->lock);
		diag_free(crew);
		diag_free(slots);
		return NULL;
	}
	crew->slots = slots;
	crew->place = *place;
	return crew;
}

static void crew_free(struct crew *crew)
{
	uv_cond_destroy(&crew->news);
	uv_mutex_destroy(&crew->lock);
	diag_free(crew->slots);
	diag_free(crew);
}

/* --- one round, under the lock ----------------------------------------------
 */

static void start_some(struct crew *crew, struct take_result *results)
{
	while (crew->running < AT_ONCE && crew->next < crew->n) {
		struct slot *slot = &crew->slots[crew->next++];

		slot->state = SLOT_RUNS;
		slot->until_us = diag_time_mono_us() +
				 ((uint64_t)slot->timeout_ms + GRACE_MS) * 1000;
		if (uv_thread_create(&slot->thread, work, slot) == 0) {
			crew->running++;
			continue;
		}
		slot->state = SLOT_LEFT;
		give_up(&results[slot - crew->slots], "no thread for it");
		crew->done++;
	}
}

/* Take home who is done; leave behind whose time is over. */
static void look_after(struct crew *crew, struct take_result *results)
{
	uint64_t now = diag_time_mono_us();

	for (size_t i = 0; i < crew->next; i++) {
		struct slot *slot = &crew->slots[i];

		if (slot->state == SLOT_DONE) {
			slot->state = SLOT_LEFT;
			results[i] = slot->r;
		} else if (slot->state == SLOT_RUNS && now > slot->until_us) {
			slot->state = SLOT_LEFT;
			crew->left = true;
			give_up(&results[i], "no answer in time");
			/* Not to be joined: it may never end. */
			slot->thread = 0;
		} else {
			continue;
		}
		crew->running--;
		crew->done++;
	}
}

/* What has not begun will not, and what runs is not waited for. */
static void give_up_all(struct crew *crew, struct take_result *results,
			const char *reason)
{
	for (size_t i = 0; i < crew->n; i++) {
		struct slot *slot = &crew->slots[i];

		if (slot->state == SLOT_RUNS) {
			crew->left = true;
			slot->thread = 0;
		} else if (slot->state != SLOT_WAITS) {
			continue;
		}
		slot->state = SLOT_LEFT;
		give_up(&results[i], reason);
		crew->done++;
	}
}

static void run_all(struct crew *crew, const struct take_limits *limits,
		    struct take_result *results)
{
	unsigned all_ms =
	    limits->all_ms > 0 ? limits->all_ms : DIAG_COLLECT_ALL_MS;
	uint64_t end = diag_time_mono_us() + (uint64_t)all_ms * 1000;

	uv_mutex_lock(&crew->lock);
	while (crew->done < crew->n) {
		start_some(crew, results);
		(void)uv_cond_timedwait(&crew->news, &crew->lock,
					(uint64_t)LOOK_MS * MS_NS);
		look_after(crew, results);
		if (limits->progress != NULL)
			limits->progress(limits->ctx, crew->done, crew->n);
		if (limits->stop != NULL && limits->stop(limits->ctx))
			give_up_all(crew, results, "interrupted");
		else if (diag_time_mono_us() > end)
			give_up_all(crew, results, "no time was left for it");
	}
	uv_mutex_unlock(&crew->lock);
}

static void join_all(struct crew *crew)
{
	for (size_t i = 0; i < crew->next; i++)
		if (crew->slots[i].thread != 0)
			(void)uv_thread_join(&crew->slots[i].thread);
}

bool take_collect(const struct take_rows *rows, const struct take_place *place,
		  const struct take_limits *limits, struct take_all *out,
		  struct diag_err *err)
{
	size_t n = count_sources(rows);
	struct crew *crew = crew_new(n, place);

	*out = (struct take_all){ .n = n };
	out->results = diag_alloc_array(n > 0 ? n : 1, sizeof(*out->results));
	if (crew == NULL || out->results == NULL) {
		if (crew != NULL)
			crew_free(crew);
		return diag_fail_nomem(err, "collect");
	}
	fill_slots(crew, rows, limits->each_ms);
	for (size_t i = 0; i < n; i++) {
		out->results[i].collector = crew->slots[i].r.collector;
		out->results[i].source = crew->slots[i].r.source;
	}
	run_all(crew, limits, out->results);
	out->abandoned = crew->left;
	join_all(crew);
	if (!crew->left)
		crew_free(crew);
	return true;
}

void take_all_clear(struct take_all *all)
{
	for (size_t i = 0; all->results != NULL && i < all->n; i++)
		diag_buf_clear(&all->results[i].bytes);
	diag_free(all->results);
	all->results = NULL;
	all->n = 0;
}
