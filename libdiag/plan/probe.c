/* SPDX-License-Identifier: MIT */
/* probe.c - pl-probe's plan: every port of every address, once a round.
 *
 * No list of steps is ever made: a place (host, address) is remembered when it
 * is met, and three counters walk over places, ports and rounds.  So a range
 * of 65,535 ports costs nothing before its turn comes.
 */
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "plan/again.h"

/* Of one name; who answers with more is not to make us a scanner. */
#define ADDRESSES_MAX 64
#define LARGE_HELLOS  2	   /* one alone may be lost by chance */
#define REPEAT_MS     3500 /* longer than a capture's patience */
#define MTU_MS	      8000 /* three searches over a way of 200 ms */

struct place {
	const struct diag_probe_host *host;
	struct diag_addr addr;
};

/* Where the walk stands: the next port of the next place. */
struct walk {
	size_t place, ports; /* indexes */
	unsigned port;	     /* 0: the range is not begun */
	unsigned more;	     /* of second questions: how many were given */
};

struct probe {
	struct diag_probe_options o;
	struct diag_arena arena;
	struct addrset routed;
	struct again again;
	struct queue queue; /* what facts called for */
	struct place *places;
	size_t n_places, n_routed, n_measured;
	size_t next_host; /* whose name is to be asked for */
	size_t asking;	  /* names whose answer is not there */
	struct walk at;
	unsigned round; /* from 1 */
	struct diag_err err;
};

/* --- places --------------------------------------------------------------- */

static bool add_place(struct probe *p, const struct diag_probe_host *host,
		      const struct diag_addr *a, struct diag_err *err)
{
	struct place *at;

	at = diag_arena_push(&p->arena, &p->places, &p->n_places, sizeof(*at));
	if (at == NULL)
		return diag_fail_nomem(err, "probe");
	*at = (struct place){ .host = host, .addr = *a };
	return true;
}

static bool has_way(const struct probe *p, const struct diag_addr *a)
{
	return a->family != DIAG_IPV6 || p->o.machine == NULL ||
	       diag_machine_route(p->o.machine, a) != NULL;
}

static bool is_among(const struct diag_addr *a, const struct diag_addr *list,
		     size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (diag_addr_eq(&list[i], a))
			return true;
	return false;
}

/* Without a way to any of them all are tried, so that it can be told. */
static bool add_answers(struct probe *p, const struct diag_probe_host *host,
			const struct diag_addr *a, size_t n,
			struct diag_err *err)
{
	bool some = host->n_addresses > 0;

	for (size_t i = 0; i < n; i++)
		some |= has_way(p, &a[i]);
	for (size_t i = 0; i < n && i < ADDRESSES_MAX; i++)
		if ((!some || has_way(p, &a[i])) && !is_among(&a[i], a, i) &&
		    !is_among(&a[i], host->addresses, host->n_addresses) &&
		    !add_place(p, host, &a[i], err))
			return false;
	return true;
}

/* --- the walk ------------------------------------------------------------- */

static bool ask_name(struct probe *p, struct diag_step *step)
{
	while (p->next_host < p->o.n_hosts) {
		const struct diag_probe_host *h = &p->o.hosts[p->next_host++];

		if (!h->ask || h->name == NULL)
			continue;
		p->asking++;
		*step = (struct diag_step){
			.probe = DIAG_PROBE_SYSTEM_DNS,
			.target = h->name,
			.timeout_ms = p->o.system_timeout_ms,
			.view = "system",
			.name = h->name,
			.cookie = (void *)(uintptr_t)h,
		};
		return true;
	}
	return false;
}

static bool ask_route(struct probe *p, struct diag_step *step)
{
	while (p->n_routed < p->n_places) {
		const struct place *at = &p->places[p->n_routed++];
		bool fresh = false;

		if (!addrset_add(&p->routed, &at->addr, &fresh, &p->err))
			return false;
		if (!fresh)
			continue;
		*step = (struct diag_step){
			.probe = DIAG_PROBE_ROUTE,
			.timeout_ms = p->o.timeout_ms,
			.addr = at->addr,
		};
		return true;
	}
	return false;
}

/* The best port to measure by is one that speaks TLS: others are sent nothing.
 */
static void measure_step(const struct probe *p, const struct place *at,
			 struct diag_step *step)
{
	const struct diag_probe_host *h = at->host;
	const struct diag_probe_ports *best = NULL;

	*step = (struct diag_step){ .target = h->name,
				    .addr = at->addr,
				    .from = p->o.from };
	for (size_t i = 0; i < h->n_ports; i++) {
		const struct diag_probe_ports *ports = &h->ports[i];

		if (ports->proto == DIAG_TCP &&
		    (best == NULL || ports->stage > best->stage))
			best = ports;
	}
	if (best == NULL)
		return;
	step->port = best->port;
	step->stage = p->o.peer ? DIAG_STAGE_TCP : best->stage;
}

static bool measure(struct probe *p, struct diag_step *step)
{
	while (p->o.mtu && p->n_measured < p->n_places) {
		struct diag_step of;

		measure_step(p, &p->places[p->n_measured++], &of);
		if (!again_measure(&p->again, &p->queue, &of, &p->err))
			return false;
		if (queue_pop(&p->queue, step))
			return true;
	}
	return false;
}

/* The next range begins at its first port, the next place at its first range.
 * false: all places have had their turn. */
static bool settle(struct probe *p)
{
	struct walk *w = &p->at;

	while (w->place < p->n_places) {
		const struct diag_probe_host *h = p->places[w->place].host;

		if (w->ports == h->n_ports) {
			w->place++;
			w->ports = 0;
			w->port = 0;
		} else if (w->port > h->ports[w->ports].last) {
			w->ports++;
			w->port = 0;
		} else {
			if (w->port == 0)
				w->port = h->ports[w->ports].port;
			return true;
		}
	}
	return false;
}

static void fill(struct probe *p, struct diag_step *step)
{
	const struct place *at = &p->places[p->at.place];
	const struct diag_probe_host *h = at->host;
	const struct diag_probe_ports *ports = &h->ports[p->at.ports];
	bool tcp = ports->proto == DIAG_TCP;

	*step = (struct diag_step){
		.probe = tcp ? DIAG_PROBE_CONNECT : DIAG_PROBE_UDP,
		.target = h->name,
		.timeout_ms = p->o.timeout_ms,
		.name = h->name,
		.addr = at->addr,
		.port = (uint16_t)p->at.port,
		.stage = tcp && !p->o.peer ? ports->stage : DIAG_STAGE_TCP,
		.from = p->o.from,
		.peer = p->o.peer,
	};
	if (step->stage == DIAG_STAGE_HTTP)
		step->http = h->http;
}

/* After the port itself, in the first round only: what a browser asks before
 * a page may read, and hellos larger than one packet.  false: no more. */
static bool second(struct probe *p, struct diag_step *step)
{
	const struct diag_probe_host *h = p->places[p->at.place].host;
	bool https = step->stage == DIAG_STAGE_HTTP && h->preflight != NULL;
	unsigned asks = https ? 1 : 0;
	unsigned large =
	    p->o.large && step->stage != DIAG_STAGE_TCP ? LARGE_HELLOS : 0;

	if (p->round > 1 || p->at.more > asks + large)
		return false;
	if (p->at.more <= asks && p->at.more > 0) {
		step->http = h->preflight;
	} else if (p->at.more > 0) {
		step->stage = DIAG_STAGE_TLS;
		step->http = NULL;
		step->large = true;
	}
	return true;
}

static bool connect_next(struct probe *p, struct diag_step *step)
{
	while (settle(p)) {
		fill(p, step);
		if (p->at.more == 0 || second(p, step)) {
			p->at.more++;
			return true;
		}
		p->at.more = 0;
		p->at.port++;
	}
	return false;
}

static bool is_due(const struct probe *p, unsigned round)
{
	return p->o.due == NULL || p->o.due(p->o.ctx, round);
}

/* All of this round is given out, and all places are known. */
static bool next_round(struct probe *p)
{
	if (p->round >= p->o.rounds || p->asking > 0 || p->n_places == 0 ||
	    !is_due(p, p->round + 1))
		return false;
	p->round++;
	p->at = (struct walk){ 0 };
	return true;
}

static bool probe_next(void *ctx, struct diag_step *step)
{
	struct probe *p = ctx;

	do {
		if (ask_name(p, step) || ask_route(p, step) ||
		    queue_pop(&p->queue, step) || measure(p, step) ||
		    (p->err.code == DIAG_OK && connect_next(p, step)))
			return true;
	} while (p->err.code == DIAG_OK && next_round(p));
	return false;
}

static bool probe_learn(void *ctx, const struct diag_step *step,
			const struct diag_fact *f, struct diag_err *err)
{
	struct probe *p = ctx;

	if (f->kind != DIAG_FACT_SYSTEM_DNS)
		return p->round > 1 ||
		       again_learn(&p->again, &p->queue, step, f, err);
	return add_answers(p, step->cookie, f->system_dns.addresses,
			   f->system_dns.n_addresses, err);
}

static void probe_done(void *ctx, const struct diag_step *step)
{
	struct probe *p = ctx;

	if (step->probe == DIAG_PROBE_SYSTEM_DNS)
		p->asking--;
}

static bool probe_waiting(void *ctx)
{
	const struct probe *p = ctx;

	return p->round < p->o.rounds && p->n_places > 0 &&
	       p->err.code == DIAG_OK;
}

static void probe_cancel(void *ctx)
{
	struct probe *p = ctx;

	p->o.rounds = p->round;
}

static bool probe_failed(void *ctx, struct diag_err *err)
{
	const struct probe *p = ctx;

	if (p->err.code == DIAG_OK)
		return false;
	return !diag_fail(err, p->err.code, "probe", "%s", p->err.what);
}

static void probe_free(void *ctx)
{
	struct probe *p = ctx;

	addrset_clear(&p->routed);
	again_clear(&p->again);
	queue_clear(&p->queue);
	diag_arena_clear(&p->arena);
	diag_free(p);
}

static void presets(struct diag_probe_options *o)
{
	if (o->timeout_ms == 0)
		o->timeout_ms = 4000;
	if (o->system_timeout_ms == 0)
		o->system_timeout_ms = 9500;
	if (o->rounds == 0)
		o->rounds = 1;
}

/* An address that is given twice is tried once. */
static bool add_given_of(struct probe *p, const struct diag_probe_host *h,
			 struct addrset *seen, struct diag_err *err)
{
	for (size_t k = 0; k < h->n_addresses; k++) {
		bool fresh = false;

		if (!addrset_add(seen, &h->addresses[k], &fresh, err) ||
		    (fresh && !add_place(p, h, &h->addresses[k], err)))
			return false;
	}
	return true;
}

static bool add_given(struct probe *p, struct diag_err *err)
{
	bool ok = true;

	for (size_t i = 0; ok && i < p->o.n_hosts; i++) {
		struct addrset seen = { 0 };

		ok = add_given_of(p, &p->o.hosts[i], &seen, err);
		addrset_clear(&seen);
	}
	return ok;
}

bool diag_plan_probe(const struct diag_probe_options *o, struct diag_plan *out,
		     struct diag_err *err)
{
	struct probe *p = diag_alloc(sizeof(*p));

	if (p == NULL)
		return diag_fail_nomem(err, "probe");
	p->o = *o;
	p->round = 1;
	presets(&p->o);
	p->again.timeout_ms = REPEAT_MS;
	p->again.mtu_timeout_ms = MTU_MS;
	diag_arena_init(&p->arena, 0);
	if (!add_given(p, err)) {
		probe_free(p);
		return false;
	}
	*out = (struct diag_plan){
		.ctx = p,
		.next = probe_next,
		.learn = probe_learn,
		.done = probe_done,
		.waiting = probe_waiting,
		.cancel = probe_cancel,
		.failed = probe_failed,
		.free = probe_free,
	};
	return true;
}
