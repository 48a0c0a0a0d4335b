/* SPDX-License-Identifier: MIT */
/* flows.c - the table of connections.
 *
 * As many as FLOWS_MAX are kept; the one that was silent longest makes room.
 * It is judged by what was seen until then.
 */
#include "capture/internal.h"

#include <string.h>

#include "base/mem.h"

#define FLOWS_MAX 16384u
#define SLOTS	  32768u /* a power of two */
/* 2^64 by the golden ratio: spreads bits upwards (multiplicative hashing). */
#define HASH_ODD UINT64_C(0x9e3779b97f4a7c15)

static uint64_t end_hash(const struct diag_addr *a, uint16_t port)
{
	uint64_t words[2];

	memcpy(words, a->bytes, sizeof(words));
	words[0] = (words[0] ^ port) * HASH_ODD;
	words[0] ^= words[0] >> 32;
	return (words[0] + words[1]) * HASH_ODD;
}

/* The same for both directions. */
static uint32_t hash_of(const struct cap_packet *p)
{
	uint64_t sum =
	    end_hash(&p->from, p->from_port) + end_hash(&p->to, p->to_port);

	return (uint32_t)(sum >> 32);
}

static bool is_it(const struct cap_flow *f, const struct cap_packet *p,
		  bool *from_client)
{
	if (f->client_port == p->from_port && f->server_port == p->to_port &&
	    diag_addr_eq(&f->client, &p->from) &&
	    diag_addr_eq(&f->server, &p->to)) {
		*from_client = true;
		return true;
	}
	if (f->client_port == p->to_port && f->server_port == p->from_port &&
	    diag_addr_eq(&f->client, &p->to) &&
	    diag_addr_eq(&f->server, &p->from)) {
		*from_client = false;
		return true;
	}
	return false;
}

bool cap_flows_init(struct diag_capture *c)
{
	struct cap_flows *t = &c->flows;

	t->pool = diag_alloc_array(FLOWS_MAX, sizeof(*t->pool));
	t->table = diag_alloc_array(SLOTS, sizeof(struct cap_flow *));
	if (t->pool == NULL || t->table == NULL)
		return false;
	return true;
}

void cap_flow_forget(struct diag_capture *c, struct cap_flow *f)
{
	for (int i = 0; i < 2; i++)
		cap_stream_clear(&f->side[i].stream, &c->budget);
}

void cap_flows_free(struct diag_capture *c)
{
	struct cap_flow *f = c->flows.newest;

	for (; f != NULL; f = f->older)
		cap_flow_forget(c, f);
	diag_free(c->flows.pool);
	diag_free(c->flows.table);
}

struct cap_flow *cap_flow_find(struct diag_capture *c,
			       const struct cap_packet *p, bool *from_client)
{
	struct cap_flow *f = c->flows.newest;
	uint32_t h;

	/* Packets of one connection come in bunches. */
	if (f != NULL && is_it(f, p, from_client))
		return f;
	h = hash_of(p);
	f = c->flows.table[h & (SLOTS - 1)];
	while (f != NULL && (f->hash != h || !is_it(f, p, from_client)))
		f = f->chain;
	return f;
}

static void unlink_age(struct cap_flows *t, struct cap_flow *f)
{
	if (f->newer)
		f->newer->older = f->older;
	else
		t->newest = f->older;
	if (f->older)
		f->older->newer = f->newer;
	else
		t->oldest = f->newer;
	f->newer = f->older = NULL;
}

static void link_age(struct cap_flows *t, struct cap_flow *f)
{
	f->older = t->newest;
	if (t->newest)
		t->newest->newer = f;
	else
		t->oldest = f;
	t->newest = f;
}

void cap_flow_touch(struct diag_capture *c, struct cap_flow *f, int64_t at_us)
{
	f->last_us = at_us;
	if (c->flows.newest == f)
		return;
	unlink_age(&c->flows, f);
	link_age(&c->flows, f);
}

void cap_flow_drop(struct diag_capture *c, struct cap_flow *f)
{
	struct cap_flows *t = &c->flows;
	struct cap_flow **at = &t->table[f->hash & (SLOTS - 1)];

	cap_flow_end(c, f);
	while (*at != f)
		at = &(*at)->chain;
	*at = f->chain;
	unlink_age(t, f);
	f->chain = t->unused;
	t->unused = f;
}

/* The pool is touched only as far as it is needed. */
static struct cap_flow *take_unused(struct diag_capture *c)
{
	struct cap_flows *t = &c->flows;
	struct cap_flow *f;

	if (t->unused == NULL && t->n_pool < FLOWS_MAX)
		return &t->pool[t->n_pool++];
	if (t->unused == NULL) {
		c->seen.counts.no_room++;
		cap_flow_drop(c, t->oldest);
	}
	f = t->unused;
	t->unused = f->chain;
	memset(f, 0, sizeof(*f));
	return f;
}

struct cap_flow *cap_flow_new(struct diag_capture *c,
			      const struct cap_packet *p, bool reversed)
{
	struct cap_flows *t = &c->flows;
	struct cap_flow *f;
	uint32_t h = hash_of(p);

	f = take_unused(c);
	f->hash = h;
	f->client = reversed ? p->to : p->from;
	f->server = reversed ? p->from : p->to;
	f->client_port = reversed ? p->to_port : p->from_port;
	f->server_port = reversed ? p->from_port : p->to_port;
	f->who[CLIENT] = cap_who(c, &f->client);
	f->who[SERVER] = cap_who(c, &f->server);
	f->tls.alert = f->tls.client_alert = -1;
	f->connect_code = f->closed_by = -1;
	f->counts = cap_is_client(c, &f->client);
	f->last_us = p->at_us;
	f->side[CLIENT].stream.max = f->side[SERVER].stream.max = STREAM_MAX;
	if (f->server_port == DNS_PORT) {
		f->app = APP_DNS;
		f->side[CLIENT].stream.max = STREAM_DNS;
		f->side[SERVER].stream.max = STREAM_DNS;
	}
	f->chain = t->table[h & (SLOTS - 1)];
	t->table[h & (SLOTS - 1)] = f;
	link_age(t, f);
	return f;
}
