/* SPDX-License-Identifier: MIT */
/* rules_machine - what the machine itself gets wrong: its clock, and that it
 * may not be the machine the browser runs on.
 *
 * Clock: two or more hosts say by their HTTP Date (RFC 9110, 6.6.1) that it
 * is more than SKEW_S earlier or later than this machine believes, they agree
 * with each other, and none says that we are right.  One host alone may be
 * wrong itself, and two names at one address are one host.  Only where no Date
 * was seen do certificates speak: when every one that was met for its own
 * name, two different ones at least, is not yet valid, or every one has
 * expired.  (A captive portal shows one certificate to all names, and the
 * wrong one.)
 */
#include "verdict/path.h"

#include "base/time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SKEW_S 300

/* --- clock, by Date ------------------------------------------------------- */

struct date {
	double offset_s; /* theirs minus ours */
	const struct ev_target *t;
	const struct diag_fact *f;
};

struct dates {
	struct judge *j;
	const struct ev_origin *o;
	struct date *items;
	size_t n, n_fine;
};

static void take_date(struct dates *d, const struct ev_target *t,
		      const struct diag_fact *f)
{
	struct date *item;
	int64_t theirs;
	double s;

	if (!ev_ran(f) || !f->http.date ||
	    !diag_time_parse_http(f->http.date, &theirs))
		return;
	s = (double)theirs - ((double)d->o->o->started_s +
			      (f->started_ms + f->took_ms) / 1000.0);
	item =
	    diag_arena_push(&d->j->v->arena, &d->items, &d->n, sizeof(*item));
	if (!item) {
		d->j->failed = true;
		return;
	}
	*item = (struct date){ s, t, f };
	d->n_fine += fabs(s) <= SKEW_S ? 1 : 0;
}

static void take_dates(struct dates *d, const struct ev_target *t)
{
	take_date(d, t, t->through_proxy);
	for (size_t i = 0; i < t->n_addrs; i++)
		for (size_t k = 0; k < t->addrs[i].n_conns; k++)
			take_date(d, t, t->addrs[i].conns[k].http);
}

static int date_cmp(const void *a, const void *b)
{
	const struct date *x = a, *y = b;

	if (x->offset_s != y->offset_s)
		return x->offset_s < y->offset_s ? -1 : 1;
	return (x->f->id > y->f->id) - (x->f->id < y->f->id);
}

/* Through a proxy, the address met is the proxy's. */
static bool is_other_host(const struct date *a, const struct date *b)
{
	if (a->t == b->t)
		return false;
	if (a->f->http.proxy || b->f->http.proxy)
		return true;
	return !diag_addr_eq(&a->f->http.address, &b->f->http.address);
}

/* The first of the sorted dates from i on that agrees with it and comes from
 * another host. */
static const struct date *witness(const struct dates *d, size_t i)
{
	for (size_t k = i + 1; k < d->n; k++) {
		if (d->items[k].offset_s - d->items[i].offset_s > SKEW_S)
			return NULL;
		if (is_other_host(&d->items[i], &d->items[k]))
			return &d->items[k];
	}
	return NULL;
}

static const char *amount(struct judge *j, double s)
{
	double a = fabs(s);

	if (a < 2 * 3600)
		return judge_text(j, "%.0f minutes", a / 60);
	if (a < 2 * 86400)
		return judge_text(j, "%.1f hours", a / 3600);
	return judge_text(j, "%.0f days", a / 86400);
}

static void skewed(struct judge *j, const struct date *a, const struct date *b)
{
	struct draft *d = judge_find(j, "clock.skewed", DIAG_ERROR, "clock");

	draft_detail(j, d,
		     "The clock of this machine is %s %s: certificates and "
		     "sign-in tokens look expired or not yet valid.",
		     amount(j, a->offset_s), a->offset_s > 0 ? "slow" : "fast");
	draft_proof(j, d, a->f, "%s says %s", path_name(a->t), a->f->http.date);
	draft_proof(j, d, b->f, "%s says %s", path_name(b->t), b->f->http.date);
}

/* false: no Date was seen. */
static bool clock_by_dates(struct judge *j, const struct ev_origin *o)
{
	struct dates d = { .j = j, .o = o };

	for (size_t i = 0; i < o->n_targets; i++)
		take_dates(&d, &o->targets[i]);
	if (d.n > 1)
		qsort(d.items, d.n, sizeof(*d.items), date_cmp);
	/* where hosts disagree about us, we cannot tell who is wrong */
	for (size_t i = 0; i < d.n && d.n_fine == 0; i++) {
		const struct date *b = witness(&d, i);

		if (b) {
			skewed(j, &d.items[i], b);
			break;
		}
	}
	return d.n > 0;
}

/* --- clock, by certificates ------------------------------------------------
 */

struct validity {
	size_t certs, early, late;
	const struct diag_fact *a, *b; /* different ones, of two names */
};

static bool is_other_cert(const struct diag_fact *a, const struct diag_fact *b)
{
	const char *x = a->tls.chain[0].sha256, *y = b->tls.chain[0].sha256;

	return a->target && b->target && strcmp(a->target, b->target) != 0 &&
	       x && y && strcmp(x, y) != 0;
}

static void take_validity(struct validity *v, const struct ev_target *t)
{
	for (size_t i = 0; i < t->n_addrs; i++) {
		const struct ev_conn *c = ev_conn_of(&t->addrs[i], 443);
		const struct diag_fact *f = c ? c->tls : NULL;

		if (!f || !ev_tls_named(f) || f->tls.n_chain == 0)
			continue;
		v->certs++;
		v->early += ev_tls_fault(f, DIAG_ST_NOT_YET_VALID) ? 1 : 0;
		v->late += ev_tls_fault(f, DIAG_ST_EXPIRED) ? 1 : 0;
		if (!v->a)
			v->a = f;
		else if (!v->b && is_other_cert(v->a, f))
			v->b = f;
	}
}

static void clock_by_certificates(struct judge *j, const struct ev_origin *o)
{
	struct validity v = { 0 };
	struct draft *d;

	for (size_t i = 0; i < o->n_targets; i++)
		take_validity(&v, &o->targets[i]);
	if (!v.b || (v.early != v.certs && v.late != v.certs))
		return;
	d = judge_find(j, "clock.skewed", DIAG_ERROR, "clock");
	draft_detail(j, d,
		     "Every certificate that was met %s: the clock of this "
		     "machine is %s.",
		     v.early ? "is not yet valid" : "has expired",
		     v.early ? "slow" : "fast");
	draft_proof(j, d, v.a, "%s: %s", v.a->target,
		    v.a->tls.verify_text ? v.a->tls.verify_text : "dates");
	draft_proof(j, d, v.b, "%s: %s", v.b->target,
		    v.b->tls.verify_text ? v.b->tls.verify_text : "dates");
}

static void run_clock(struct judge *j)
{
	for (size_t i = 0; i < j->ev->n_origins; i++)
		if (!clock_by_dates(j, &j->ev->origins[i]))
			clock_by_certificates(j, &j->ev->origins[i]);
}

/* --- not the browser ------------------------------------------------------ */

static void run_not_the_browser(struct judge *j)
{
	for (size_t i = 0; i < j->ev->n_origins; i++) {
		const struct diag_machine *m = j->ev->origins[i].machine;
		struct draft *d;

		if (!m || !m->container || m->container[0] == '\0' ||
		    j->c->role == DIAG_ROLE_COMPUTE ||
		    j->c->role == DIAG_ROLE_AKS)
			continue;
		d = judge_find(j, "machine.not-the-browser", DIAG_WARNING,
			       m->container);
		draft_detail(j, d,
			     "This ran inside %s: its resolver and hosts file "
			     "are not the ones the browser uses.  Run it "
			     "outside to judge the browser.",
			     m->container);
	}
}

const struct diag_rule rules_machine[] = {
	{ .code = "clock.skewed", .run = run_clock },
	{ .code = "machine.not-the-browser", .run = run_not_the_browser },
	{ .code = NULL },
};
