/* SPDX-License-Identifier: MIT */
/* ends_clock.c - how far two machines' clocks are apart.
 *
 * By a number (a nonce) that both cases hold: nothing else has it.
 *
 * Else by connections: the client tells its own port, and the node the port
 * from which a SYN came.  Systems use ports again, and after a restart the same
 * ones, so one such pair may be chance: two or more have to say the same, and
 * none anything else.  Two recordings also know the SYN's sequence number, and
 * 32 bits that agree are no chance (RFC 6528).  Behind NAT there are none.
 */
#include "verdict/ends.h"

#include <string.h>

#define ARRIVALS_MAX 256   /* looked at */
#define NEAR_MS	     250.0 /* a try that took longer tells no time */
#define AGREE_MS     100.0

double ends_at_ms(const struct ev_origin *o, double ms)
{
	return (double)o->o->started_s * 1000.0 + o->o->started_part_ms + ms;
}

const char *ends_nonce(const struct diag_fact *f)
{
	if (f->kind == DIAG_FACT_TCP)
		return f->tcp.nonce;
	return f->kind == DIAG_FACT_UDP ? f->udp.nonce : NULL;
}

typedef bool is_try(const struct diag_fact *f, const struct diag_fact *arrival);

/* The client's one try that this arrival was of; NULL: none, or several may. */
static const struct diag_fact *try_of(const struct judge *j,
				      const struct ends_clock *c,
				      const struct diag_fact *arrival,
				      is_try *is_it)
{
	const struct diag_fact *met = NULL;

	for (size_t i = c->from; i < c->to; i++) {
		const struct diag_fact *f = j->c->facts.facts[i];

		if (!is_it(f, arrival) ||
		    diag_case_origin(j->c, f) != c->here->o)
			continue;
		/* one of several names of an address is told for each */
		if (met && met->started_ms != f->started_ms)
			return NULL;
		met = f;
	}
	return met;
}

/* Between the try's beginning and its end it arrived. */
static double ahead_ms(const struct ends_clock *c, const struct diag_fact *a,
		       const struct diag_fact *f)
{
	return ends_at_ms(c->there, a->started_ms) -
	       ends_at_ms(c->here, f->started_ms) - f->took_ms / 2;
}

/* --- by numbers ----------------------------------------------------------- */

static bool has_number(const struct diag_fact *f,
		       const struct diag_fact *arrival)
{
	const char *nonce = ends_nonce(f);

	return nonce && strcmp(nonce, arrival->arrival.nonce) == 0;
}

/* The shortest of all tells best. */
static void by_numbers(const struct judge *j, struct ends_clock *c)
{
	double best_ms = NEAR_MS;
	size_t n = 0;

	for (size_t i = 0; i < c->there->n_others && n < ARRIVALS_MAX; i++) {
		const struct diag_fact *a = c->there->others[i], *f;

		if (a->kind != DIAG_FACT_ARRIVAL || !a->arrival.nonce)
			continue;
		n++;
		f = try_of(j, c, a, has_number);
		if (!f || f->took_ms >= best_ms)
			continue;
		best_ms = f->took_ms;
		c->known = true;
		c->ahead_ms = ahead_ms(c, a, f);
	}
}

/* --- by connections ------------------------------------------------------- */

static bool is_syn(const struct diag_fact *f)
{
	return f->kind == DIAG_FACT_ARRIVAL && f->status == DIAG_ST_SEEN &&
	       !f->arrival.protocol && f->arrival.from_port != 0;
}

bool ends_is_between(const struct diag_fact *f, const struct diag_fact *arrival)
{
	const struct diag_arrival_fact *a = &arrival->arrival;

	return f->kind == DIAG_FACT_TCP && ev_ran(f) &&
	       f->tcp.local_port == a->from_port && f->tcp.port == a->port &&
	       (f->tcp.isn == a->isn || f->tcp.isn == 0 || a->isn == 0) &&
	       diag_addr_eq(&f->tcp.local_address, &a->from) &&
	       diag_addr_eq(&f->tcp.address, &a->address);
}

/* Of two that a try may have been, neither tells. */
static bool is_alone(const struct ev_origin *there, const struct diag_fact *a,
		     const struct diag_fact *f)
{
	for (size_t i = 0; i < there->n_others; i++) {
		const struct diag_fact *b = there->others[i];

		if (b != a && is_syn(b) &&
		    b->arrival.from_port == a->arrival.from_port &&
		    (f->tcp.isn == 0 || b->arrival.isn == a->arrival.isn) &&
		    b->arrival.port == a->arrival.port &&
		    diag_addr_eq(&b->arrival.from, &a->arrival.from))
			return false;
	}
	return true;
}

struct agreed {
	size_t n;		  /* two are enough */
	double least_ms, most_ms; /* ahead */
	double best_ms, ahead_ms; /* of the shortest try */
};

static void take(struct agreed *g, const struct diag_fact *a,
		 const struct diag_fact *f, double ahead)
{
	if (g->n == 0 || ahead < g->least_ms)
		g->least_ms = ahead;
	if (g->n == 0 || ahead > g->most_ms)
		g->most_ms = ahead;
	if (g->n == 0 || f->took_ms < g->best_ms) {
		g->best_ms = f->took_ms;
		g->ahead_ms = ahead;
	}
	g->n += f->tcp.isn != 0 && f->tcp.isn == a->arrival.isn ? 2 : 1;
}

static void by_ports(const struct judge *j, struct ends_clock *c)
{
	struct agreed g = { .n = 0 };
	size_t n = 0;

	for (size_t i = 0; i < c->there->n_others && n < ARRIVALS_MAX; i++) {
		const struct diag_fact *a = c->there->others[i], *f;

		if (!is_syn(a))
			continue;
		n++;
		f = try_of(j, c, a, ends_is_between);
		if (f && f->took_ms < NEAR_MS && is_alone(c->there, a, f))
			take(&g, a, f, ahead_ms(c, a, f));
	}
	if (g.n < 2 || g.most_ms - g.least_ms > AGREE_MS)
		return;
	c->known = c->by_ports = true;
	c->ahead_ms = g.ahead_ms;
}

/* --- both ----------------------------------------------------------------- */

static void find_facts(const struct judge *j, struct ends_clock *c)
{
	for (size_t i = 0; i < j->c->facts.n; i++) {
		if (diag_case_origin(j->c, j->c->facts.facts[i]) != c->here->o)
			continue;
		c->from = c->to ? c->from : i;
		c->to = i + 1;
	}
}

/* Worked out once for two machines. */
void ends_learn_clock(struct judge *j, const struct ev_origin *here,
		      struct ends_watch *w)
{
	struct ends_clock *c = NULL;

	for (size_t i = 0; i < j->n_clocks && !c; i++)
		if (j->clocks[i].here == here && j->clocks[i].there == w->o)
			c = &j->clocks[i];
	if (!c) {
		c = diag_arena_push(&j->v->arena, &j->clocks, &j->n_clocks,
				    sizeof(*c));
		if (!c) {
			j->failed = true;
			return;
		}
		*c = (struct ends_clock){ .here = here, .there = w->o };
		find_facts(j, c);
		by_numbers(j, c);
		if (!c->known)
			by_ports(j, c);
	}
	w->clock_known = c->known;
	w->by_ports = c->by_ports;
	w->ahead_ms = c->ahead_ms;
}
