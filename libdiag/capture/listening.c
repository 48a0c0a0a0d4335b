/* SPDX-License-Identifier: MIT */
/* listening.c - did a program listen while others were refused?
 *
 * Where nobody listens a kernel refuses, where a firewall rejects it does, and
 * both look alike.  But a port that answers somebody, and does so again soon
 * after, has a program all the while (the node itself may be that somebody,
 * through its loopback): then a refusal between is a firewall's.
 *
 * What else: the program was started anew between.  Then somebody who is
 * answered at another time is refused too; where that is seen, it may happen
 * again unseen, and nothing is said of that port.  Or it takes one connection
 * at a time (nc -l, a server without fork) and listens to nobody while that
 * lasts: then nobody else is answered meanwhile, and the span ends there,
 * unless at some time two were there at once.
 */
#include "capture/internal.h"

#include <stdlib.h>

#include "base/mem.h"

#define SLOTS	   8192u /* a power of two */
#define PEERS_MAX  4096u
#define EVENTS_MAX 8192u
#define SPANS_MAX  256u
/* Programs are rarely started anew so fast that nobody notices. */
#define GAP_US	  10000000
#define SPARSE_US 1000000 /* of one kind, more than one in this time is one */
#define SHORT_US  100000  /* so long nobody is likely to be in the way */

struct peer {
	struct diag_addr addr;
	size_t at; /* which port of which address */
	int64_t refused_us;
	bool used, answered, refused;
};

enum kind { ANSWERED, REFUSED, HELD };

struct event {
	size_t at;
	int64_t at_us;
	enum kind kind;
	const struct peer *peer;
};

struct place {				       /* a port of an address */
	int64_t answered_us, answered_last_us; /* 0: not yet */
	bool many; /* it talks to one and answers another */
};

struct cap_listening {
	struct peer *peers;
	struct event *events;
	struct place *places; /* each port of each address */
	size_t n_peers, n_events, n_spans;
	bool full; /* not all is here, so nothing can be said */
};

bool cap_listening_init(struct diag_capture *c)
{
	struct cap_listening *l = diag_alloc(sizeof(*l));

	c->listening = l;
	if (l == NULL)
		return false;
	l->peers = diag_alloc_array(SLOTS, sizeof(*l->peers));
	l->events = diag_alloc_array(EVENTS_MAX, sizeof(*l->events));
	l->places = diag_alloc_array(c->o.n_nodes * c->o.n_ports + 1,
				     sizeof(*l->places));
	return l->peers != NULL && l->events != NULL && l->places != NULL;
}

void cap_listening_free(struct diag_capture *c)
{
	if (c->listening != NULL) {
		diag_free(c->listening->peers);
		diag_free(c->listening->events);
		diag_free(c->listening->places);
	}
	diag_free(c->listening);
}

/* --- what was seen -------------------------------------------------------- */

static bool find_place(const struct diag_capture *c, const struct cap_met *m,
		       size_t *at)
{
	for (size_t i = 0; i < c->o.n_nodes; i++)
		for (size_t k = 0; k < c->o.n_ports; k++) {
			if (c->o.ports[k].port != m->port ||
			    c->o.ports[k].udp != m->udp ||
			    !diag_addr_eq(&c->o.nodes[i], m->address))
				continue;
			*at = i * c->o.n_ports + k;
			return true;
		}
	return false;
}

static struct peer *peer_of(struct cap_listening *l, const struct diag_addr *a,
			    size_t at)
{
	uint64_t h = cap_hash(CAP_HASH_START, a->bytes, sizeof(a->bytes));
	size_t i = (size_t)cap_hash(h, &at, sizeof(at)) & (SLOTS - 1);

	while (l->peers[i].used &&
	       (l->peers[i].at != at || !diag_addr_eq(&l->peers[i].addr, a)))
		i = (i + 1) & (SLOTS - 1);
	if (!l->peers[i].used && l->n_peers == PEERS_MAX)
		return NULL;
	if (!l->peers[i].used)
		l->n_peers++;
	l->peers[i].used = true;
	l->peers[i].addr = *a;
	l->peers[i].at = at;
	return &l->peers[i];
}

static bool is_soon(int64_t after_us, int64_t at_us)
{
	return at_us >= after_us && at_us - after_us < SPARSE_US;
}

static bool is_known(struct cap_listening *l, struct peer *p,
		     const struct cap_met *m)
{
	struct place *place = &l->places[p->at];
	bool known;

	if (m->refused) {
		known = p->refused && is_soon(p->refused_us, m->at_us);
		p->refused = true;
		p->refused_us = known ? p->refused_us : m->at_us;
		return known;
	}
	p->answered = true;
	known =
	    place->answered_us != 0 && is_soon(place->answered_us, m->at_us);
	place->answered_us = known ? place->answered_us : m->at_us;
	place->answered_last_us = m->at_us;
	return known;
}

static void put(struct cap_listening *l, const struct event *e)
{
	l->full = e->peer == NULL || l->n_events == EVENTS_MAX;
	if (!l->full)
		l->events[l->n_events++] = *e;
}

void cap_met(struct diag_capture *c, const struct cap_met *m)
{
	struct cap_listening *l = c->listening;
	struct event e = { .at_us = m->at_us };
	struct peer *p;

	if (l == NULL || l->full || !find_place(c, m, &e.at))
		return;
	p = peer_of(l, m->peer, e.at);
	e.peer = p;
	e.kind = m->refused ? REFUSED : ANSWERED;
	if (p == NULL || !is_known(l, p, m))
		put(l, &e);
}

/* A connection that was answered is over. */
void cap_parted(struct diag_capture *c, const struct cap_met *m)
{
	struct cap_listening *l = c->listening;
	struct event e = { .at_us = m->at_us, .kind = HELD };
	struct place *place;

	if (l == NULL || l->full || !find_place(c, m, &e.at))
		return;
	place = &l->places[e.at];
	place->many |= place->answered_last_us > m->at_us &&
		       place->answered_last_us < m->until_us;
	e.peer = peer_of(l, m->peer, e.at);
	if (!place->many && m->until_us - m->at_us > SHORT_US)
		put(l, &e);
}

/* --- what it shows -------------------------------------------------------- */

/* Who is answered and stays comes after the answer. */
static int by_place(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->at_us != y->at_us)
		return x->at_us < y->at_us ? -1 : 1;
	return (x->kind > y->kind) - (x->kind < y->kind);
}

static void tell(struct diag_capture *c, size_t at, const struct cap_span *span)
{
	const struct diag_capture_port *port = &c->o.ports[at % c->o.n_ports];
	struct diag_fact f = { .kind = DIAG_FACT_ARRIVAL,
			       .status = DIAG_ST_LISTENED };

	if (span->to_us == span->from_us || c->listening->n_spans == SPANS_MAX)
		return;
	c->listening->n_spans++;
	f.started_ms = cap_ms(c, span->from_us);
	f.took_ms = (double)(span->to_us - span->from_us) / 1000.0;
	f.arrival.address = c->o.nodes[at / c->o.n_ports];
	f.arrival.port = port->port;
	f.arrival.protocol = port->udp ? "udp" : NULL;
	f.arrival.seen_by = "answers";
	cap_emit(c, &f);
}

/* It refused who is answered at other times. */
static bool is_closed(const struct event *e)
{
	return e->kind == REFUSED && e->peer->answered;
}

static bool is_started_anew(const struct event *e, size_t n)
{
	bool open = false, closed = false;

	for (size_t i = 0; i < n; i++) {
		if (closed && e[i].kind == ANSWERED)
			return true;
		closed |= open && is_closed(&e[i]);
		open |= e[i].kind == ANSWERED;
	}
	return false;
}

/* All events of one place, in order. */
static void tell_place(struct diag_capture *c, const struct event *e, size_t n)
{
	const struct place *place = &c->listening->places[e->at];
	struct cap_span span = { 0, 0 };
	bool open = false;

	for (size_t i = 0; i < n; i++) {
		bool stops =
		    e[i].kind == HELD ? !place->many : is_closed(&e[i]);

		if (open && (stops || (e[i].kind == ANSWERED &&
				       e[i].at_us - span.to_us > GAP_US))) {
			tell(c, e->at, &span);
			open = false;
		}
		if (e[i].kind != ANSWERED)
			continue;
		span.from_us = open ? span.from_us : e[i].at_us;
		span.to_us = e[i].at_us;
		open = true;
	}
	if (open)
		tell(c, e->at, &span);
}

void cap_listening_end(struct diag_capture *c)
{
	struct cap_listening *l = c->listening;
	size_t n;

	if (l->full || l->n_events == 0 || !cap_node_spoke(c))
		return;
	qsort(l->events, l->n_events, sizeof(*l->events), by_place);
	for (size_t i = 0; i < l->n_events; i += n) {
		const struct event *first = &l->events[i];

		for (n = 1; i + n < l->n_events && first[n].at == first->at;)
			n++;
		if (!is_started_anew(first, n))
			tell_place(c, first, n);
	}
}
