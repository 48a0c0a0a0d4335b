/* SPDX-License-Identifier: MIT */
/* dns_pool.c - the name servers of one run, and their timers: c-ares is woken
 * to repeat what was lost, and questions that wait for room are let go. */
#include "base/mem.h"
#include "probes/dns_internal.h"

#define RETRY_MS      100 /* how often c-ares looks for questions to repeat */
#define PACE_MS	      2
#define NEAR_NS	      UINT64_C(5000000)
#define QUIET_NS      UINT64_C(1500000)
#define QUIET_NEAR_NS UINT64_C(50000000)

static void on_retry(uv_timer_t *timer)
{
	struct dns_pool *pool = timer->data;

	for (struct dns_server *s = pool->servers; s; s = s->next)
		for (struct dns_channel *c = s->channels; c; c = c->next)
			if (c->asks > 0)
				ares_process_fd(c->ares, ARES_SOCKET_BAD,
						ARES_SOCKET_BAD);
}

/* Room while nothing comes.  A server nearby that is quiet is busy, and more
 * would only overrun it; one far away is quiet for a round trip.  Before the
 * first answer we do not know which it is. */
static void make_room(struct dns_server *s)
{
	uint64_t now_ns = diag_run_now_ns(s->pool->run);
	bool near = s->rtt_ns > 0 && s->rtt_ns < NEAR_NS;

	if (now_ns - s->heard_ns < (near ? QUIET_NEAR_NS : QUIET_NS))
		return;
	s->heard_ns = now_ns;
	s->burst -= s->rtt_ns > 0 ? s->burst / 2 : s->burst / 4;
}

static void on_pace(uv_timer_t *timer)
{
	struct dns_pool *pool = timer->data;

	for (struct dns_server *s = pool->servers; s; s = s->next) {
		make_room(s);
		dns_pump(s); /* starts us again while something waits */
	}
}

void dns_pace(struct dns_pool *pool)
{
	if (!uv_is_active((uv_handle_t *)pool->pace))
		(void)uv_timer_start(pool->pace, on_pace, PACE_MS, 0);
}

static void free_handle(uv_handle_t *handle)
{
	diag_free(handle);
}

static void server_free(struct dns_server *s)
{
	struct dns_channel *c;

	while ((c = s->channels) != NULL) {
		s->channels = c->next;
		dns_channel_free(c);
	}
	diag_free(s);
}

static void pool_free(void *ptr)
{
	struct dns_pool *pool = ptr;
	struct dns_server *s;

	while ((s = pool->servers) != NULL) {
		pool->servers = s->next;
		server_free(s);
	}
	if (pool->retry)
		uv_close((uv_handle_t *)pool->retry, free_handle);
	if (pool->pace)
		uv_close((uv_handle_t *)pool->pace, free_handle);
	diag_arena_clear(&pool->scratch);
	diag_free(pool);
	ares_library_cleanup();
}

static uv_timer_t *timer_new(struct dns_pool *pool)
{
	uv_timer_t *timer = diag_alloc(sizeof(*timer));

	if (timer == NULL)
		return NULL;
	(void)uv_timer_init(pool->loop, timer);
	timer->data = pool;
	return timer;
}

static struct dns_pool *pool_new(struct diag_run *run)
{
	struct dns_pool *pool;

	if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS)
		return NULL;
	pool = diag_alloc(sizeof(*pool));
	if (pool == NULL) {
		ares_library_cleanup();
		return NULL;
	}
	pool->run = run;
	pool->loop = diag_run_loop(run);
	diag_arena_init(&pool->scratch, (size_t)4 << 20);
	pool->retry = timer_new(pool);
	pool->pace = timer_new(pool);
	if (pool->retry == NULL || pool->pace == NULL) {
		pool_free(pool);
		return NULL;
	}
	(void)uv_timer_start(pool->retry, on_retry, RETRY_MS, RETRY_MS);
	return pool;
}

struct dns_pool *dns_pool_of(struct diag_run *run, struct diag_err *err)
{
	void **slot = diag_run_slot(run, pool_free);

	if (slot && *slot == NULL)
		*slot = pool_new(run);
	if (slot == NULL || *slot == NULL) {
		(void)diag_fail_nomem(err, "dns");
		return NULL;
	}
	return *slot;
}

struct dns_server *dns_server_of(struct dns_pool *pool,
				 const struct dns_question *q,
				 struct diag_err *err)
{
	struct dns_server *s = pool->servers;

	while (s && (s->tcp != q->tcp || !diag_endpoint_eq(&s->at, &q->server)))
		s = s->next;
	if (s)
		return s;
	s = diag_alloc(sizeof(*s));
	if (s == NULL) {
		(void)diag_fail_nomem(err, "dns");
		return NULL;
	}
	s->pool = pool;
	s->at = q->server;
	s->tcp = q->tcp;
	s->next = pool->servers;
	pool->servers = s;
	return s;
}
