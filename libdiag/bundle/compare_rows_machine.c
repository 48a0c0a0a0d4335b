/* SPDX-License-Identifier: MIT */
/* compare_rows_machine.c - what the two machines are, and what they are told. */
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
		all[n++] = (double)theirs -
			   ((double)s->o->started_s +
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
	said.harmless =
	    good == NULL || !(carries_packets(x) || carries_questions(x));
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

/* --- what it is told ------------------------------------------------------ */

static const char *search_text(struct cmp *x, const struct diag_resolv *r)
{
	const char *all = r->n_search > 0 ? "search" : "no search list";

	for (size_t i = 0; i < r->n_search && all != NULL; i++)
		all = cmp_text(x, "%s %s", all, r->search[i]);
	return all != NULL ? cmp_text(x, "%s, ndots:%u", all, r->ndots) : NULL;
}

static bool same_search(const struct diag_resolv *a,
			const struct diag_resolv *b)
{
	if (a->n_search != b->n_search || a->ndots != b->ndots)
		return false;
	for (size_t i = 0; i < a->n_search; i++)
		if (strcmp(a->search[i], b->search[i]) != 0)
			return false;
	return true;
}

void cmp_row_search(struct cmp *x)
{
	struct cmp_said said = { .key = "" };

	if (x->good.m->n_servers == 0 || x->bad.m->n_servers == 0 ||
	    same_search(&x->good.m->resolv, &x->bad.m->resolv))
		return;
	said.there = search_text(x, &x->good.m->resolv);
	said.here = search_text(x, &x->bad.m->resolv);
	cmp_differ(x, NULL, &said);
}

static bool has_server(const struct diag_machine *m,
		       const struct diag_nameserver *s)
{
	for (size_t i = 0; i < m->n_servers; i++)
		if (diag_endpoint_eq(&m->servers[i].at, &s->at))
			return true;
	return false;
}

static const char *servers_text(struct cmp *x, const struct diag_machine *m)
{
	const char *all = "";
	char text[DIAG_ADDR_TEXT];

	for (size_t i = 0; i < m->n_servers && all != NULL; i++)
		all = cmp_text(x, "%s%s%s", all, i > 0 ? ", " : "",
			       diag_addr_text(&m->servers[i].at.addr, text));
	return all;
}

void cmp_row_servers(struct cmp *x)
{
	size_t missing = 0;
	struct cmp_said said = { .key = "" };

	if (x->good.m->n_servers == 0 || x->bad.m->n_servers == 0 ||
	    !x->addresses)
		return;
	for (size_t i = 0; i < x->bad.m->n_servers; i++)
		missing += !has_server(x->good.m, &x->bad.m->servers[i]);
	said.harmless = missing == 0;
	for (size_t i = 0; i < x->good.m->n_servers; i++)
		missing += !has_server(x->bad.m, &x->good.m->servers[i]);
	if (missing == 0)
		return;
	said.there = servers_text(x, x->good.m);
	said.here = servers_text(x, x->bad.m);
	cmp_differ(x, NULL, &said);
}

/* --- proxy ---------------------------------------------------------------- */

static const char *proxy_text(struct cmp *x, const struct diag_proxy *p)
{
	return p != NULL
		   ? cmp_text(x, "through the proxy %s (%s)", p->url, p->source)
		   : "goes there directly";
}

/* The last time the name was tried by the proxy. */
static const struct diag_fact *by_proxy(const struct cmp_side *s,
					const char *target)
{
	const struct diag_fact *last = NULL;
	size_t n;
	const struct diag_fact *const *facts = cmp_facts(s, target, &n);

	for (size_t i = 0; i < n; i++)
		if (facts[i]->kind == DIAG_FACT_HTTP &&
		    facts[i]->http.proxy != NULL)
			last = facts[i];
	return last;
}

void cmp_row_proxy(struct cmp *x, const struct cmp_pair *p)
{
	const struct diag_proxy *good =
	    diag_machine_proxy(x->good.m, p->good_name);
	const struct diag_proxy *bad = diag_machine_proxy(x->bad.m, p->name);
	struct cmp_said said = { .key = "" };

	if (good == bad ||
	    (good != NULL && bad != NULL && strcmp(good->url, bad->url) == 0))
		return;
	said.good = by_proxy(&x->good, p->good_name);
	said.bad = by_proxy(&x->bad, p->name);
	said.there = proxy_text(x, good);
	said.here = proxy_text(x, bad);
	/* A proxy here makes what is met through it; the way that is not
	 * taken there may be closed altogether. */
	if (good == NULL)
		said.only = "proxy.* http.* tls.*";
	cmp_differ(x, p, &said);
}
