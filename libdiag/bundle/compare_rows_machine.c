/* SPDX-License-Identifier: MIT */
/* compare_rows_machine.c - what the two machines are: clock, network, tunnel.
 */
#include "bundle/compare_internal.h"

#include "base/time.h"

#include <stdlib.h>
#include <string.h>

/* --- clock ---------------------------------------------------------------- */

#define SKEW_S	  300 /* as the verdict's rule */
#define DATES_MAX 64

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

/* How far the others' clocks are ahead, by their HTTP Date: the middle one. */
static bool ahead_s(const struct cmp_side *s, double *out,
		    const struct diag_fact **fact)
{
	const struct diag_store *store = &s->s->c->facts;
	double all[DATES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < store->n && n < DATES_MAX; i++) {
		const struct diag_fact *f = store->facts[i];
		int64_t theirs;

		if (f->kind != DIAG_FACT_HTTP || f->http.date == NULL ||
		    !diag_time_parse_http(f->http.date, &theirs))
			continue;
		*fact = *fact != NULL ? *fact : f;
		all[n++] =
		    (double)theirs - ((double)s->o->started_s +
				      (f->started_ms + f->took_ms) / 1000.0);
	}
	if (n == 0)
		return false;
	qsort(all, n, sizeof(all[0]), by_value);
	*out = all[n / 2];
	return true;
}

static const char *clock_text(struct cmp *x, double ahead)
{
	if (ahead >= -SKEW_S && ahead <= SKEW_S)
		return "its clock is right";
	return cmp_text(x, "its clock is %.0f minutes %s",
			(ahead > 0 ? ahead : -ahead) / 60,
			ahead > 0 ? "slow" : "fast");
}

void cmp_row_clock(struct cmp *x)
{
	struct cmp_said said = { .key = "" };
	double good;
	double bad;

	if (!ahead_s(&x->good, &good, &said.good) ||
	    !ahead_s(&x->bad, &bad, &said.bad) ||
	    (bad - good <= SKEW_S && good - bad <= SKEW_S))
		return;
	said.there = clock_text(x, good);
	said.here = clock_text(x, bad);
	cmp_differ(x, NULL, &said);
}

/* --- what it is ----------------------------------------------------------- */

static bool is_online(const struct diag_machine *m)
{
	for (size_t i = 0; i < m->n_interfaces; i++) {
		const struct diag_interface *f = &m->interfaces[i];

		if (f->up && !f->loopback && !f->container &&
		    f->n_addresses > 0)
			return true;
	}
	return m->n_interfaces == 0; /* nobody looked */
}

static const char *online_text(bool online)
{
	return online ? "an interface is up" : "no interface is up";
}

void cmp_row_offline(struct cmp *x)
{
	bool good = is_online(x->good.m);
	bool bad = is_online(x->bad.m);
	struct cmp_said said = { .key = "" };

	if (good == bad)
		return;
	said.there = online_text(good);
	said.here = online_text(bad);
	said.harmless = bad;
	cmp_differ(x, NULL, &said);
}

static const char *container_of(const struct diag_machine *m)
{
	return m->container != NULL ? m->container : "";
}

static const char *container_text(struct cmp *x, const char *c)
{
	return c[0] != '\0' ? cmp_text(x, "runs in %s", c)
			    : "runs on the machine itself";
}

void cmp_row_container(struct cmp *x)
{
	const char *good = container_of(x->good.m);
	const char *bad = container_of(x->bad.m);
	struct cmp_said said = { .key = "" };

	if (strcmp(good, bad) == 0)
		return;
	said.there = container_text(x, good);
	said.here = container_text(x, bad);
	cmp_differ(x, NULL, &said);
}

/* The first tunnel that is up and has an address. */
static const struct diag_interface *tunnel(const struct diag_machine *m)
{
	for (size_t i = 0; i < m->n_interfaces; i++) {
		const struct diag_interface *f = &m->interfaces[i];

		if (f->up && f->tunnel && f->n_addresses > 0)
			return f;
	}
	return NULL;
}

static const char *tunnel_text(struct cmp *x, const struct diag_interface *f)
{
	return f != NULL ? cmp_text(x, "the tunnel %s is up", f->name)
			 : "no tunnel is up";
}

/* Is the way to this address through a tunnel, by the table of routes? */
static bool by_tunnel(const struct diag_machine *m, const struct diag_addr *a)
{
	const struct diag_route *r = diag_machine_route(m, a);
	const struct diag_interface *f =
	    r != NULL && r->interface != NULL
		? diag_machine_interface(m, r->interface)
		: NULL;

	return f != NULL && f->tunnel;
}

/* What the tunnel of the good case is good for: it carries the packets, or it
 * leads to the name server. */
static bool carries_packets(const struct cmp *x)
{
	for (size_t i = 0; i < x->n_pairs; i++)
		if (x->pairs[i].way.good.family != DIAG_NOFAM &&
		    by_tunnel(x->good.m, &x->pairs[i].way.good))
			return true;
	return false;
}

static bool carries_questions(const struct cmp *x)
{
	for (size_t i = 0; i < x->n_pairs; i++)
		if (x->pairs[i].ga.asked != NULL &&
		    by_tunnel(x->good.m, &x->pairs[i].ga.at.addr))
			return true;
	return false;
}

/* Some private endpoint was met here without a tunnel: none is needed. */
static bool needs_none(const struct cmp *x)
{
	for (size_t i = 0; i < x->n_pairs; i++) {
		const struct cmp_pair *p = &x->pairs[i];
		const struct diag_fact *f = cmp_fact_to(
		    &x->bad, p->name, DIAG_FACT_TCP, &p->way.bad, 0);

		if (f != NULL && f->status == DIAG_ST_OPEN &&
		    diag_addr_eq(&p->way.good, &p->way.bad) &&
		    by_tunnel(x->good.m, &p->way.good))
			return true;
	}
	return false;
}

void cmp_row_tunnel(struct cmp *x)
{
	const struct diag_interface *good = tunnel(x->good.m);
	const struct diag_interface *bad = tunnel(x->bad.m);
	struct cmp_said said = { .key = "" };

	if ((good == NULL) == (bad == NULL) || x->bad.m->n_interfaces == 0 ||
	    x->good.m->n_interfaces == 0)
		return;
	said.there = tunnel_text(x, good);
	said.here = tunnel_text(x, bad);
	said.harmless = good == NULL || needs_none(x) ||
			!(carries_packets(x) || carries_questions(x));
	if (!carries_questions(x))
		said.only = "vpn.down net.no-route net.unreachable "
			    "net.not-through-tunnel";
	cmp_differ(x, NULL, &said);
}

static bool has_ipv4(const struct diag_machine *m)
{
	for (size_t i = 0; i < m->n_interfaces; i++) {
		const struct diag_interface *f = &m->interfaces[i];

		for (size_t k = 0; k < f->n_addresses; k++)
			if (f->up && !f->loopback && !f->container &&
			    f->addresses[k].family == DIAG_IPV4)
				return true;
	}
	return false;
}

void cmp_row_ipv4(struct cmp *x)
{
	bool good = has_ipv4(x->good.m);
	struct cmp_said said = { .key = "" };

	if (x->good.m->n_interfaces == 0 || x->bad.m->n_interfaces == 0 ||
	    good == has_ipv4(x->bad.m))
		return;
	said.there = good ? "has an IPv4 address" : "has no IPv4 address";
	said.here = good ? "has no IPv4 address" : "has an IPv4 address";
	said.harmless = !good;
	cmp_differ(x, NULL, &said);
}
