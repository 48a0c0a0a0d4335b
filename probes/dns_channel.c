/* SPDX-License-Identifier: MIT */
/* dns_channel.c - one c-ares channel per name server and transport.
 *
 * How a channel is set up decides what can be told apart (measured on c-ares
 * 1.18 and 1.34):
 *
 *   NOCHECKRESP  else SERVFAIL, REFUSED and NOTIMP come without a reply
 *   IGNTC	  else a truncated answer whose TCP is blocked is a failure;
 *		  TCP is a channel of its own (USEVC) and a fact of its own
 *   NOSEARCH, NOALIASES, lookups "b", no domains: the name as it is, from
 *		  the network only
 *   STAYOPEN	  one socket for all questions
 *   700 ms, 3 tries: sends at 0, 0.7 and 2.1 s; the runner ends it at 3 s
 *   no cache	  later versions answer a repeated question from memory
 *
 * Everything that c-ares would otherwise look up in /etc/resolv.conf is given,
 * so that it reads no file.
 */
#include <string.h>

#include "base/mem.h"
#include "probes/dns_internal.h"

#define TRY_MS	   700
#define TRIES	   3
#define UDP_SIZE   1232 /* what DNS Flag Day 2020 settled on */
#define RETRY_MS   100	/* how often c-ares looks for questions to repeat */
#define PACE_MS	   2
#define NEAR_NS	   UINT64_C(5000000)
#define QUIET_NEAR 25 /* ticks */

#define FLAGS                                                               \
	(ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP | \
	 ARES_FLAG_IGNTC | ARES_FLAG_STAYOPEN | ARES_FLAG_EDNS)

static bool set_server(struct dns_channel *c)
{
	struct ares_addr_port_node node = {
		.udp_port = c->server.port,
		.tcp_port = c->server.port,
	};

	if (c->server.addr.family == DIAG_IPV4) {
		node.family = AF_INET;
		memcpy(&node.addr.addr4, c->server.addr.bytes, 4);
	} else {
		node.family = AF_INET6;
		memcpy(&node.addr.addr6, c->server.addr.bytes, 16);
	}
	return ares_set_servers_ports(c->ares, &node) == ARES_SUCCESS;
}

static bool init_ares(struct dns_channel *c)
{
	static char lookups[] = "b";
	struct in_addr server = { 0 };
	struct ares_options options = {
		.flags = FLAGS | (c->tcp ? ARES_FLAG_USEVC : 0),
		.timeout = TRY_MS,
		.tries = TRIES,
		.ndots = 1,
		.servers = &server,
		.nservers = 1, /* replaced by set_server() */
		.lookups = lookups,
		.sock_state_cb = dns_sock_state,
		.sock_state_cb_data = c,
		.ednspsz = UDP_SIZE,
	};
	int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
		   ARES_OPT_NDOTS | ARES_OPT_SERVERS | ARES_OPT_DOMAINS |
		   ARES_OPT_LOOKUPS | ARES_OPT_SORTLIST |
		   ARES_OPT_SOCK_STATE_CB | ARES_OPT_EDNSPSZ |
		   ARES_OPT_NOROTATE;

#ifdef ARES_OPT_QUERY_CACHE
	mask |= ARES_OPT_QUERY_CACHE;
	options.qcache_max_ttl = 0;
#endif
	return ares_init_options(&c->ares, &options, mask) == ARES_SUCCESS;
}

void dns_channel_free(struct dns_channel *c)
{
	/* Fires what is left of the questions; all are dropped by now. */
	if (c->ares)
		ares_destroy(c->ares);
	diag_free(c->by_id);
	diag_free(c);
}

static struct dns_channel *channel_new(struct dns_pool *pool,
				       const struct dns_question *q)
{
	struct dns_channel *c = diag_alloc(sizeof(*c));

	if (c == NULL)
		return NULL;
	c->pool = pool;
	c->server = q->server;
	c->tcp = q->tcp;
	if (!c->tcp) {
		c->by_id = diag_alloc_array(DNS_IDS, sizeof(struct dns_ask *));
		if (c->by_id == NULL)
			goto fail;
	}
	if (!init_ares(c))
		goto fail;
	dns_sock_install(c);
	if (!set_server(c))
		goto fail;
	return c;
fail:
	dns_channel_free(c);
	return NULL;
}

struct dns_channel *dns_channel_of(struct dns_pool *pool,
				   const struct dns_question *q,
				   struct diag_err *err)
{
	struct dns_channel *c = pool->channels;

	while (c &&
	       (c->tcp != q->tcp || !diag_endpoint_eq(&c->server, &q->server)))
		c = c->next;
	if (c)
		return c;
	c = channel_new(pool, q);
	if (c == NULL) {
		(void)diag_fail_nomem(err, "dns");
		return NULL;
	}
	c->next = pool->channels;
	pool->channels = c;
	return c;
}

/* --- the pool
 * ----------------------------------------------------------------- */

static void on_retry(uv_timer_t *timer)
{
	struct dns_pool *pool = timer->data;

	for (struct dns_channel *c = pool->channels; c; c = c->next)
		if (c->asks > 0)
			ares_process_fd(c->ares, ARES_SOCKET_BAD,
					ARES_SOCKET_BAD);
}

/* Room while nothing comes.  A server nearby that is quiet is busy, and more
 * would only overrun it; one far away is quiet for a round trip.  Before the
 * first answer we do not know which it is. */
static void make_room(struct dns_channel *c)
{
	bool near = c->rtt_ns > 0 && c->rtt_ns < NEAR_NS;

	c->quiet = c->heard ? 0 : c->quiet + 1;
	c->heard = false;
	if (c->quiet < (near ? QUIET_NEAR : 1))
		return;
	c->quiet = 0;
	c->burst -= c->rtt_ns > 0 ? c->burst / 2 : c->burst / 4;
}

static void on_pace(uv_timer_t *timer)
{
	struct dns_pool *pool = timer->data;

	for (struct dns_channel *c = pool->channels; c; c = c->next) {
		make_room(c);
		dns_pump(c); /* starts us again while something waits */
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

static void pool_free(void *ptr)
{
	struct dns_pool *pool = ptr;
	struct dns_channel *c;

	while ((c = pool->channels) != NULL) {
		pool->channels = c->next;
		dns_channel_free(c);
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
