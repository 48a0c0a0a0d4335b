/* SPDX-License-Identifier: MIT */
/* evidence_answer.c - which facts are a view's answer for a name.
 *
 * A truncated answer gives way to its TCP retry (RFC 7766); of several rounds
 * the last one counts, unless nothing came back in it.
 */
#include "verdict/evidence_build.h"

#include <stdlib.h>
#include <string.h>

struct scan {
	struct build *b;
	struct ev_target *t;
	const struct fact_slice *s;
};

static bool is_round(const struct ev_answer *a, const struct diag_fact *f)
{
	if (a->view->system)
		return f->kind == DIAG_FACT_SYSTEM_DNS;
	return f->kind == DIAG_FACT_DNS && f->dns.type == DIAG_RR_A &&
	       strcmp(f->dns.view, a->view->text) == 0;
}

static void learn_rounds(struct scan *sc, struct ev_answer *a)
{
	const struct diag_fact **rounds;
	size_t i, n = 0;

	for (i = 0; i < sc->s->n; i++)
		n += is_round(a, sc->s->facts[i]);
	rounds = build_array(sc->b, n, sizeof(*rounds));
	if (rounds == NULL)
		return;
	for (i = 0; i < sc->s->n; i++)
		if (is_round(a, sc->s->facts[i]))
			rounds[a->n_rounds++] = sc->s->facts[i];
	a->rounds = rounds;
}

/* Does the later f replace what is known? */
static bool replaces(const struct diag_fact *old, const struct diag_fact *f)
{
	if (old == NULL)
		return true;
	if (!ev_ran(f))
		return false;
	/* TCP that did not work leaves the cut answer as what was heard. */
	if (old->kind == DIAG_FACT_DNS && old->status == DIAG_ST_TRUNCATED &&
	    f->dns.tcp)
		return f->status == DIAG_ST_ANSWER ||
		       f->status == DIAG_ST_NODATA ||
		       f->status == DIAG_ST_NXDOMAIN;
	return f->status != DIAG_ST_TIMEOUT || old->status == DIAG_ST_NOT_RUN;
}

static void learn_dns(struct ev_answer *a, const struct diag_fact *f)
{
	const struct diag_fact **slot = f->dns.type == DIAG_RR_A      ? &a->a
					: f->dns.type == DIAG_RR_AAAA ? &a->aaaa
								      : NULL;

	if (slot == NULL)
		return;
	if (f->status == DIAG_ST_TRUNCATED)
		a->truncated = f;
	if (replaces(*slot, f))
		*slot = f;
}

static struct ev_answer *answer_for(struct ev_target *t, const char *view)
{
	size_t i;

	for (i = 0; view != NULL && i < t->n_answers; i++)
		if (strcmp(t->answers[i].view->text, view) == 0)
			return &t->answers[i];
	return NULL;
}

static void learn_fact(struct ev_target *t, const struct diag_fact *f)
{
	struct ev_answer *a;

	if (f->kind == DIAG_FACT_DNS) {
		a = answer_for(t, f->dns.view);
		if (a != NULL)
			learn_dns(a, f);
	} else if (f->kind == DIAG_FACT_SYSTEM_DNS) {
		a = answer_for(t, "system");
		if (a != NULL && replaces(a->fact, f))
			a->fact = f;
	}
}

/* --- the chain ------------------------------------------------------------ */

static void learn_chain(struct ev_answer *a, const struct diag_dns_fact *d)
{
	size_t i;

	for (i = 0; i < d->n_chain; i++) {
		const struct diag_rr *rr = &d->chain[i];
		const char *name =
		    rr->type == DIAG_RR_CNAME ? rr->value : rr->name;

		a->last = name;
		if (a->alias == NULL && diag_fqdn_is_privatelink(name) &&
		    !diag_fqdn_is_privatelink(d->name))
			a->alias = name;
	}
}

static void learn_names(struct ev_answer *a)
{
	if (a->aaaa != NULL)
		learn_chain(a, &a->aaaa->dns);
	if (a->a != NULL && a->a->dns.n_chain > 0) {
		a->alias = NULL;
		learn_chain(a, &a->a->dns);
	}
	if (a->fact != NULL)
		a->last = a->fact->system_dns.canonical;
	if (a->alias != NULL)
		a->zone = diag_fqdn_privatelink_zone(a->alias);
}

/* --- the addresses -------------------------------------------------------- */

static int row_cmp(const void *a, const void *b)
{
	const struct ev_addr *const *x = a, *const *y = b;

	return (*x > *y) - (*x < *y); /* rows stand sorted in one array */
}

static size_t add_rows(struct ev_target *t, struct ev_addr **rows, size_t n,
		       const struct diag_addr *a, size_t n_addrs)
{
	size_t i;

	for (i = 0; i < n_addrs; i++) {
		struct ev_addr *row = ev_addr_of(t, &a[i]);

		if (row != NULL)
			rows[n++] = row;
	}
	return n;
}

static size_t count_of(const struct diag_fact *f)
{
	if (f == NULL)
		return 0;
	return f->kind == DIAG_FACT_DNS ? f->dns.n_addresses
					: f->system_dns.n_addresses;
}

static void learn_addrs(struct build *b, struct ev_target *t,
			struct ev_answer *a)
{
	size_t cap = count_of(a->a) + count_of(a->aaaa) + count_of(a->fact);
	struct ev_addr **rows;
	size_t i, n = 0, kept = 0;

	if (cap == 0)
		return;
	rows = build_array(b, cap, sizeof(*rows));
	if (rows == NULL)
		return;
	if (a->a != NULL)
		n = add_rows(t, rows, n, a->a->dns.addresses,
			     a->a->dns.n_addresses);
	if (a->aaaa != NULL)
		n = add_rows(t, rows, n, a->aaaa->dns.addresses,
			     a->aaaa->dns.n_addresses);
	if (a->fact != NULL)
		n = add_rows(t, rows, n, a->fact->system_dns.addresses,
			     a->fact->system_dns.n_addresses);
	qsort(rows, n, sizeof(struct ev_addr *), row_cmp);
	for (i = 0; i < n; i++)
		if (kept == 0 || rows[kept - 1] != rows[i])
			rows[kept++] = rows[i];
	a->addrs = rows;
	a->n_addrs = kept;
}

static enum diag_asked asked_of(const struct ev_target *t,
				const struct ev_view *v)
{
	if (v->system)
		return DIAG_ASKED_YES;
	if (t->origin->machine == NULL || t->t->fqdn == NULL)
		return DIAG_ASKED_NO;
	return diag_machine_asked(t->origin->machine, &v->at, t->t->fqdn);
}

void build_answers(struct build *b, const struct fact_cut *cut,
		   struct ev_target *t)
{
	struct scan sc = { .b = b, .t = t, .s = &cut->targets[t->index] };
	size_t i;

	t->n_answers = t->origin->n_views;
	t->answers = build_array(b, t->n_answers, sizeof(*t->answers));
	if (b->nomem)
		return;
	for (i = 0; i < t->n_answers; i++) {
		t->answers[i].view = &t->origin->views[i];
		t->answers[i].asked = asked_of(t, t->answers[i].view);
	}
	for (i = 0; i < sc.s->n; i++)
		learn_fact(t, sc.s->facts[i]);
	for (i = 0; i < t->n_answers && !b->nomem; i++) {
		learn_rounds(&sc, &t->answers[i]);
		learn_names(&t->answers[i]);
		if (!b->nomem)
			learn_addrs(b, t, &t->answers[i]);
	}
}

/* --- hosts lines ---------------------------------------------------------- */

static bool in_hosts(const struct ev_target *t, const struct diag_addr *a)
{
	size_t i;

	for (i = 0; i < t->n_hosts; i++)
		if (diag_addr_eq(t->hosts[i]->addr, a))
			return true;
	return false;
}

void build_hosts(struct build *b, struct ev_target *t)
{
	const struct diag_machine *m = t->origin->machine;
	const struct diag_hosts_edge **edges;
	size_t n = 0;

	if (m == NULL || t->t->fqdn == NULL)
		return;
	while (diag_hosts_lookup(&m->hosts, t->t->fqdn, DIAG_NOFAM, n))
		n++;
	if (n == 0)
		return;
	edges = build_array(b, n, sizeof(*edges));
	if (edges == NULL)
		return;
	for (; t->n_hosts < n; t->n_hosts++)
		edges[t->n_hosts] = diag_hosts_lookup(&m->hosts, t->t->fqdn,
						      DIAG_NOFAM, t->n_hosts);
	t->hosts = edges;
}

/* The system's answer is what the hosts lines say, and they come first.  With
 * "dns" first they count only where the answer has nothing else in it, which
 * the caller cannot see: so they do not. */
bool build_from_hosts(const struct ev_target *t, const struct ev_answer *sys)
{
	const struct diag_machine *m = t->origin->machine;
	size_t i;

	if (sys == NULL || sys->fact == NULL || t->n_hosts == 0 ||
	    sys->n_addrs == 0)
		return false;
	if (sys->fact->system_dns.from_hosts)
		return true;
	if (m == NULL || !diag_machine_files_first(m))
		return false;
	for (i = 0; i < sys->n_addrs; i++)
		if (!in_hosts(t, &sys->addrs[i]->addr))
			return false;
	return true;
}
