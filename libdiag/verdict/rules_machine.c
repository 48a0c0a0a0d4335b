/* SPDX-License-Identifier: MIT */
/* rules_machine - what the machine itself gets wrong: its clock, and that it
 * may not be the machine the browser runs on.
 *
 * Clock: two or more hosts say by their HTTP Date (RFC 9110, 6.6.1) that it
 * is more than SKEW_S earlier or later than this machine believes, and they
 * agree with each other; one host alone may be wrong itself.  Only where no
 * Date was seen do certificates speak: when every one that was met, from two
 * or more names, is not yet valid, or every one has expired.
 */
#include "verdict/path.h"

#include "base/time.h"

#include <math.h>
#include <string.h>

#define SKEW_S 300

/* --- clock ---------------------------------------------------------------- */

static bool offset_of(const struct ev_origin *o, const struct diag_fact *f,
		      double *s)
{
	int64_t theirs;

	if (!ev_ran(f) || !f->http.date ||
	    !diag_time_parse_http(f->http.date, &theirs))
		return false;
	*s = (double)theirs -
	     ((double)o->o->started_s + (f->started_ms + f->took_ms) / 1000.0);
	return true;
}

struct clock {
	const struct ev_origin *o;
	const struct diag_fact *facts[2]; /* two hosts that agree */
	const struct ev_target *hosts[2];
	double offset_s;
	size_t n;	/* of those */
	size_t n_dates; /* facts with a Date */
	size_t n_fine;	/* that say our clock is right */
};

static void take_date(struct clock *c, const struct ev_target *t,
		      const struct diag_fact *f)
{
	double s;

	if (!offset_of(c->o, f, &s))
		return;
	c->n_dates++;
	if (fabs(s) <= SKEW_S) {
		c->n_fine++;
		return;
	}
	if (c->n == 0)
		c->offset_s = s;
	if (c->n == 2 || (c->n == 1 && c->hosts[0] == t) ||
	    fabs(s - c->offset_s) > SKEW_S)
		return;
	c->facts[c->n] = f;
	c->hosts[c->n++] = t;
}

static void take_dates(struct clock *c, const struct ev_target *t)
{
	take_date(c, t, t->through_proxy);
	for (size_t i = 0; i < t->n_addrs; i++)
		for (size_t k = 0; k < t->addrs[i].n_conns; k++)
			take_date(c, t, t->addrs[i].conns[k].http);
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

static void skewed(struct judge *j, const struct clock *c)
{
	struct draft *d = judge_find(j, "clock.skewed", DIAG_ERROR, "clock");

	draft_detail(j, d,
		     "The clock of this machine is %s %s: certificates and "
		     "sign-in tokens look expired or not yet valid.",
		     amount(j, c->offset_s), c->offset_s > 0 ? "slow" : "fast");
	for (size_t i = 0; i < c->n; i++)
		draft_proof(j, d, c->facts[i], "%s says %s",
			    c->hosts[i]->t->fqdn ? c->hosts[i]->t->fqdn : "-",
			    c->facts[i]->http.date);
}

static void clock_by_dates(struct judge *j, struct clock *c)
{
	for (size_t i = 0; i < c->o->n_targets; i++)
		take_dates(c, &c->o->targets[i]);
	/* where hosts disagree about us, we cannot tell who is wrong */
	if (c->n == 2 && c->n_fine == 0)
		skewed(j, c);
}

struct validity {
	size_t certs, early, late;
	const struct diag_fact *a, *b; /* from two names */
};

static void take_validity(struct validity *v, const struct ev_target *t)
{
	for (size_t i = 0; i < t->n_addrs; i++) {
		const struct ev_conn *c = ev_conn_of(&t->addrs[i], 443);
		const struct diag_fact *f = c ? c->tls : NULL;

		if (!ev_ran(f) || f->tls.n_chain == 0)
			continue;
		v->certs++;
		v->early += ev_tls_fault(f, DIAG_ST_NOT_YET_VALID) ? 1 : 0;
		v->late += ev_tls_fault(f, DIAG_ST_EXPIRED) ? 1 : 0;
		if (!v->a)
			v->a = f;
		else if (!v->b && v->a->target && f->target &&
			 strcmp(v->a->target, f->target) != 0)
			v->b = f;
		return;
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
	draft_fact(j, d, v.a);
	draft_fact(j, d, v.b);
}

static void run_clock(struct judge *j)
{
	for (size_t i = 0; i < j->ev->n_origins; i++) {
		struct clock c = { .o = &j->ev->origins[i] };

		clock_by_dates(j, &c);
		if (c.n_dates == 0)
			clock_by_certificates(j, c.o);
	}
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
