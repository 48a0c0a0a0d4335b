/* SPDX-License-Identifier: MIT */
/* listening.c - did a program listen while others were refused?
 *
 * Where nobody listens a kernel refuses, where a firewall rejects it does, and
 * both look alike.  But a port that answers somebody, and does so again soon
 * after, has a program all the while (the node itself may be that somebody,
 * through its loopback): then a refusal between is a firewall's.
 *
 * What else: the program was started anew between.  Then somebody who is
 * answered at another time is refused too, and that ends the span.
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

struct peer {
	struct diag_addr addr;
	size_t at; /* which port of which address */
	int64_t refused_us;
	bool used, answered, refused;
};

struct event {
	size_t at;
	int64_t at_us;
	const struct peer *refused; /* NULL: answered */
};

struct cap_listening {
	struct peer *peers;
	struct event *events;
	int64_t *answered_us; /* of each port of each address; 0: not yet */
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
	l->answered_us = diag_alloc_array(c->o.n_nodes * c->o.n_ports + 1,
					  sizeof(*l->answered_us));
	return l->peers != NULL && l->events != NULL && l->answered_us != NULL;
}

void cap_listening_free(struct diag_capture *c)
{
	if (c->listening != NULL) {
		diag_free(c->listening->peers);
		diag_free(c->listening->events);
		diag_free(c->listening->answered_us);
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
	int64_t *last = &l->answered_us[p->at];
	bool known;

	if (m->refused) {
		known = p->refused && is_soon(p->refused_us, m->at_us);
		p->refused = true;
		p->refused_us = known ? p->refused_us : m->at_us;
		return known;
	}
	p->answered = true;
	known = *last != 0 && is_soon(*last, m->at_us);
	*last = known ? *last : m->at_us;
	return known;
}

void cap_met(struct diag_capture *c, const struct cap_met *m)
{
	struct cap_listening *l = c->listening;
	struct peer *p;
	size_t at;

	if (l == NULL || l->full || !find_place(c, m, &at))
		return;
	p = peer_of(l, m->peer, at);
	if (p != NULL && is_known(l, p, m))
		return;
	l->full = p == NULL || l->n_events == EVENTS_MAX;
	if (!l->full)
		l->events[l->n_events++] =
		    (struct event){ at, m->at_us, m->refused ? p : NULL };
}

/* --- what it shows -------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->at_us > y->at_us) - (x->at_us < y->at_us);
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

void cap_listening_end(struct diag_capture *c)
{
	struct cap_listening *l = c->listening;
	struct cap_span span = { 0, 0 };
	bool open = false;

	if (l->full || l->n_events == 0 || !cap_node_spoke(c))
		return;
	qsort(l->events, l->n_events, sizeof(*l->events), by_place);
	for (size_t i = 0; i < l->n_events; i++) {
		const struct event *e = &l->events[i];
		bool stops = e->refused != NULL && e->refused->answered;

		if (open && (stops || e->at != l->events[i - 1].at ||
			     (!e->refused && e->at_us - span.to_us > GAP_US))) {
			tell(c, l->events[i - 1].at, &span);
			open = false;
		}
		if (e->refused != NULL)
			continue;
		span.from_us = open ? span.from_us : e->at_us;
		span.to_us = e->at_us;
		open = true;
	}
	if (open)
		tell(c, l->events[l->n_events - 1].at, &span);
}
