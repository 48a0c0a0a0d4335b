/* SPDX-License-Identifier: MIT */
/* See ends.h. */
#include "verdict/ends.h"

#include <string.h>

/* Two clocks that nothing compares may differ by so much: behind NAT, what came
 * to a recorder by then may be the try's.  (More, and people notice; and who
 * runs pl-listen can run pl-probe --peer, which compares them.) */
#define CLOCKS_MS 300000.0

static bool is_word(const char *a, const char *b)
{
	return a && strcmp(a, b) == 0;
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* --- clocks --------------------------------------------------------------- */

/* By the client's clock. */
static double there_ms(const struct ends_watch *w, double ms)
{
	return ends_at_ms(w->o, ms) - w->ahead_ms;
}

static bool covers(const struct ends_watch *w, const struct diag_fact *watch,
		   const struct path *p)
{
	const struct diag_fact *f = path_fact(p);
	double from = there_ms(w, watch->started_ms);
	double to = from + watch->took_ms;
	double began = ends_at_ms(p->t->origin, f->started_ms);

	return from + ENDS_SLACK_MS <= began &&
	       began + f->took_ms + ENDS_SLACK_MS <= to;
}

static bool is_within(const struct ends_watch *w, const struct diag_fact *a,
		      const struct ev_origin *here, const struct diag_fact *f,
		      double slack_ms)
{
	double came = there_ms(w, a->started_ms);
	double began = ends_at_ms(here, f->started_ms);

	return came + slack_ms >= began &&
	       came <= began + f->took_ms + slack_ms;
}

static bool in_time(const struct ends_watch *w, const struct diag_fact *a,
		    const struct ev_origin *here, const struct diag_fact *f)
{
	return is_within(w, a, here, f, ENDS_SLACK_MS);
}

/* --- who watched ---------------------------------------------------------- */

static bool owns(const struct ev_origin *o, const struct diag_addr *a)
{
	const struct diag_machine *m = o->machine;

	for (size_t i = 0; m && i < m->n_interfaces; i++)
		for (size_t k = 0; k < m->interfaces[i].n_addresses; k++)
			if (diag_addr_eq(&m->interfaces[i].addresses[k], a))
				return true;
	return false;
}

static bool is_any(const struct diag_addr *a)
{
	static const uint8_t none[16];

	return memcmp(a->bytes, none, sizeof(none)) == 0;
}

static bool is_port(const struct diag_fact *f, const struct path *p,
		    enum diag_status status)
{
	return f->kind == DIAG_FACT_ARRIVAL && f->status == status &&
	       f->arrival.port == path_port(p) &&
	       is_word(f->arrival.protocol, "udp") == (p->c == NULL);
}

/* Bound to this address, or to all of its kind; a capture says none. */
static bool is_at(const struct diag_fact *f, const struct diag_addr *a)
{
	const struct diag_addr *bound = &f->arrival.address;

	return bound->family == DIAG_NOFAM || diag_addr_eq(bound, a) ||
	       (bound->family == a->family && is_any(bound));
}

static void look_at(struct ends_watch *w, const struct path *p)
{
	for (size_t i = 0; i < w->o->n_others; i++) {
		const struct diag_fact *f = w->o->others[i];

		if (!is_port(f, p, DIAG_ST_LISTENED) ||
		    f->arrival.dropped > 0 || !is_at(f, &p->a->addr) ||
		    !covers(w, f, p))
			continue;
		if (is_word(f->arrival.seen_by, "capture"))
			w->capture = f;
		else if (!is_word(f->arrival.seen_by, "answers"))
			w->socket = f;
	}
}

/* The client is that machine, and no network lies between. */
static bool is_own(const struct path *p)
{
	return owns(p->t->origin, &p->a->addr) ||
	       diag_addr_eq(path_local(p), &p->a->addr);
}

bool ends_find(struct judge *j, const struct path *p, struct ends_watch *w)
{
	*w = (struct ends_watch){ .o = NULL };
	for (size_t i = 0; i < j->ev->n_origins; i++) {
		const struct ev_origin *o = &j->ev->origins[i];

		if (o == p->t->origin || o->n_others == 0 ||
		    !owns(o, &p->a->addr) || is_own(p))
			continue;
		*w = (struct ends_watch){ .o = o };
		ends_learn_clock(j, p->t->origin, w);
		look_at(w, p);
		if (w->socket || w->capture)
			return true;
	}
	return false;
}

/* --- what came ------------------------------------------------------------ */

/* Fewer facts than it counted: the rest was too young, or too many. */
bool ends_saw_all(const struct ends_watch *w, const struct path *p)
{
	uint64_t n = 0;

	for (size_t i = 0; i < w->o->n_others; i++)
		n += is_port(w->o->others[i], p, DIAG_ST_SEEN) ? 1 : 0;
	return n >= w->capture->arrival.came;
}

static bool is_arrival(const struct diag_fact *f, const struct path *p,
		       enum diag_status status)
{
	return is_port(f, p, status) &&
	       (f->arrival.address.family == DIAG_NOFAM ||
		diag_addr_eq(&f->arrival.address, &p->a->addr));
}

static bool is_from_client(const struct diag_fact *f, const struct path *p)
{
	return owns(p->t->origin, &f->arrival.from) ||
	       diag_addr_eq(&f->arrival.from, path_local(p));
}

enum whose { WHOSE_ANOTHERS, WHOSE_ANY, WHOSE_OURS };

/* A number tells it all.  Else what came from the client's own address is its
 * own, whenever it was if the clocks are not known; and in its time, or near it
 * if all is a recorder's, it may be anybody's.  Clocks may be set meanwhile:
 * the same SYN (by its number) is the try's at any time, and what came from the
 * same port may be. */
static enum whose whose_is(const struct ends_watch *w,
			   const struct diag_fact *f, const struct path *p)
{
	const char *nonce = ends_nonce(path_fact(p));
	const struct diag_fact *try = path_fact(p);
	bool then = in_time(w, f, p->t->origin, try);
	bool alike = ends_is_between(try, f);
	bool same = alike && try->tcp.isn != 0 && f->arrival.isn != 0;

	if (nonce && (!p->c || f->arrival.nonce))
		return is_same(nonce, f->arrival.nonce) ? WHOSE_OURS
							: WHOSE_ANOTHERS;
	if (is_from_client(f, p) && (then || same || !w->clock_known))
		return WHOSE_OURS;
	if (!w->clock_known && !w->socket)
		then = is_within(w, f, p->t->origin, try, CLOCKS_MS);
	return then || alike ? WHOSE_ANY : WHOSE_ANOTHERS;
}

static void take(struct ends_arrived *a, const struct diag_fact *f, bool ours)
{
	if (ours && !a->ours)
		*a = (struct ends_arrived){ .ours = true };
	else if (!ours && a->ours)
		return;
	if (a->first)
		a->mixed |=
		    !is_same(a->first->arrival.answered, f->arrival.answered);
	else
		a->first = f;
	if (!a->last || f->started_ms > a->last->started_ms)
		a->last = f;
	a->n++;
}

/* --- behind NAT ----------------------------------------------------------- */

static bool is_try(const struct judge *j, const struct diag_fact *f,
		   const struct path *p)
{
	return f->kind == DIAG_FACT_TCP && ev_ran(f) &&
	       f->tcp.port == path_port(p) &&
	       diag_addr_eq(&f->tcp.address, &p->a->addr) &&
	       diag_case_origin(j->c, f) == p->t->origin->o;
}

static size_t at_that_time(const struct ends_watch *w, const struct path *p,
			   const struct diag_fact *f, enum diag_status status)
{
	size_t n = 0;

	for (size_t i = 0; i < w->o->n_others; i++)
		n += is_arrival(w->o->others[i], p, status) &&
		     in_time(w, w->o->others[i], p->t->origin, f);
	return n;
}

/* Each of two tries or more met one, and there were no others. */
static bool is_each_met(const struct judge *j, const struct ends_watch *w,
			const struct path *p, enum diag_status status)
{
	size_t tries = 0, came = 0;

	if (!p->c)
		return false; /* the number would have told */
	for (size_t i = 0; i < w->o->n_others; i++)
		came += is_arrival(w->o->others[i], p, status) ? 1 : 0;
	for (size_t i = 0; i < j->c->facts.n && tries <= came; i++) {
		const struct diag_fact *f = j->c->facts.facts[i];

		if (!is_try(j, f, p))
			continue;
		tries++;
		if (at_that_time(w, p, f, status) != 1)
			return false;
	}
	return tries >= 2 && tries == came;
}

struct ends_arrived ends_arrived(const struct judge *j,
				 const struct ends_watch *w,
				 const struct path *p, enum diag_status status)
{
	struct ends_arrived a = { .first = NULL };

	for (size_t i = 0; i < w->o->n_others; i++) {
		const struct diag_fact *f = w->o->others[i];
		enum whose whose = is_arrival(f, p, status) ? whose_is(w, f, p)
							    : WHOSE_ANOTHERS;

		if (whose != WHOSE_ANOTHERS)
			take(&a, f, whose == WHOSE_OURS);
	}
	if (a.first && !a.ours)
		a.by_nat = is_each_met(j, w, p, status);
	return a;
}

const struct diag_fact *ends_others_answered(const struct ends_watch *w,
					     const struct path *p,
					     const struct ends_arrived *a)
{
	for (size_t i = 0; i < w->o->n_others; i++) {
		const struct diag_fact *f = w->o->others[i];

		if (is_port(f, p, DIAG_ST_LISTENED) &&
		    is_word(f->arrival.seen_by, "answers") &&
		    is_at(f, &p->a->addr) &&
		    f->started_ms <= a->first->started_ms &&
		    a->last->started_ms <= f->started_ms + f->took_ms)
			return f;
	}
	return NULL;
}

/* --- what they said ------------------------------------------------------- */

struct ends_said ends_said(const struct ends_watch *w, const struct path *p,
			   const struct diag_fact *f)
{
	struct ends_said s = { .lost = NULL };

	for (size_t i = 0; i < w->o->n_others; i++) {
		const struct diag_fact *a = w->o->others[i];

		if (!is_arrival(a, p, DIAG_ST_ACCEPTED) ||
		    !is_from_client(a, p) || !in_time(w, a, p->t->origin, f))
			continue;
		if (is_word(a->arrival.said, "hello")) {
			s.n_whole++;
		} else if (is_word(a->arrival.said, "nothing") ||
			   is_word(a->arrival.said, "part")) {
			s.n_lost++;
			s.lost = a;
		}
	}
	return s;
}
