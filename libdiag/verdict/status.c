/* SPDX-License-Identifier: MIT */
/* status.c - how each target stands, and what that makes of the whole.
 *
 * ok is a claim and needs proof: a good answer in the deciding view and, for
 * each port the role needs, a connection that went as far as it should.  What
 * was not seen is unknown.  So facts that are missing can turn a failure into
 * "could not tell", never into health.
 */
#include "verdict/judge.h"
#include "verdict/path.h"

#include <string.h>

/* --- proof that a target is fine ------------------------------------------ */

/* PATH_UNSEEN: not seen; PATH_BAD: seen, and a finding must say so. */
static enum path_proof lesser(enum path_proof a, enum path_proof b)
{
	return a < b ? a : b;
}

/* The best that some path address showed of this port. */
static enum path_proof port_proof(const struct ev_target *t, uint16_t port)
{
	enum path_proof best = PATH_UNSEEN;
	size_t i;

	for (i = 0; i < t->n_addrs; i++) {
		const struct ev_conn *c = ev_conn_of(&t->addrs[i], port);
		enum path_proof p;

		if (!t->addrs[i].path || c == NULL)
			continue;
		p = path_proof(t, c);
		if (p > best)
			best = p;
	}
	return best;
}

/* Only what one end can show: TCP, outbound, to the target itself. */
static bool is_provable(const struct diag_port *p)
{
	return p->proto == DIAG_TCP && p->dir == DIAG_OUT && p->peer == NULL &&
	       p->port_last <= p->port;
}

static enum path_proof udp_proof(const struct ev_target *t,
				 const struct diag_port *port)
{
	uint16_t last = port->port_last ? port->port_last : port->port;
	enum path_proof worst = PATH_GOOD;

	for (size_t i = 0; i < t->n_addrs; i++)
		for (size_t k = 0; k < t->addrs[i].n_udp; k++) {
			const struct diag_fact *f = t->addrs[i].udp[k];

			if (t->addrs[i].path && f->udp.port >= port->port &&
			    f->udp.port <= last)
				worst = lesser(worst, path_proof_udp(f));
		}
	return worst;
}

/* Most tools send no datagrams, and then nothing is claimed of them. */
static bool is_datagram(const struct diag_port *p)
{
	return p->proto == DIAG_UDP && p->dir == DIAG_OUT && p->peer == NULL;
}

static enum path_proof ports_proof(const struct ev_target *t)
{
	enum path_proof worst = PATH_GOOD;
	size_t i;

	if (t->origin->dns_only)
		return PATH_GOOD;
	for (i = 0; i < t->t->ports.n; i++) {
		const struct diag_port *p = &t->t->ports.items[i];

		if (is_provable(p))
			worst = lesser(worst, port_proof(t, p->port));
		else if (is_datagram(p))
			worst = lesser(worst, udp_proof(t, p));
	}
	return worst;
}

static enum path_proof name_proof(const struct ev_target *t)
{
	switch (t->kind) {
	case EV_NOT_ASKED:
	case EV_NOT_RUN:
	case EV_UNDECIDED:
	case EV_FILTER_SUSPECT:
		return PATH_UNSEEN;
	default:
		return ev_kind_is_good(t->kind) ? PATH_GOOD : PATH_BAD;
	}
}

/* An address without a name, and no port of it that one end could show: there
 * was nothing to ask, and nothing is claimed. */
static bool needs_nothing(const struct ev_target *t)
{
	size_t i;

	for (i = 0; i < t->t->ports.n; i++)
		if (is_provable(&t->t->ports.items[i]))
			return false;
	return t->t->fqdn == NULL;
}

static enum path_proof proxy_proof(const struct ev_target *t)
{
	if (t->proxy_works)
		return PATH_GOOD;
	return ev_ran(t->through_proxy) ? PATH_BAD : PATH_UNSEEN;
}

static enum path_proof target_proof(const struct ev_target *t)
{
	enum path_proof name;

	if (t->unused)
		return PATH_GOOD;
	if (path_excused(t))
		return proxy_proof(t);
	if (t->undecided)
		return PATH_UNSEEN;
	if (t->t->fqdn == NULL)
		return ports_proof(t);
	/* A wrong answer is a fault whatever the path does. */
	name = name_proof(t);
	return name == PATH_GOOD ? ports_proof(t) : name;
}

/* --- states --------------------------------------------------------------- */

struct rank { /* per inventory target */
	enum diag_severity worst;
	size_t n_findings;
	enum path_proof proof; /* the least of the machines that looked */
	bool looked_at;
	bool optional; /* a finding never makes it fail */
};

static void rank_findings(struct judge *j, struct rank *r)
{
	size_t i, k;

	for (i = 0; i < j->n_drafts; i++) {
		const struct draft *d = j->drafts[i];

		for (k = 0; k < d->n_targets; k++) {
			struct rank *of = &r[d->targets[k]];

			of->n_findings++;
			if (d->severity > of->worst)
				of->worst = d->severity;
		}
	}
}

/* A second machine's case says nothing about names it did not look at. */
static void rank_evidence(struct judge *j, struct rank *r)
{
	size_t i, k;

	for (i = 0; i < j->ev->n_origins; i++) {
		const struct ev_origin *o = &j->ev->origins[i];

		for (k = 0; k < o->n_targets; k++) {
			enum path_proof p = target_proof(&o->targets[k]);

			r[k].optional = o->targets[k].optional;
			if (!o->targets[k].any_fact &&
			    !needs_nothing(&o->targets[k]))
				continue;
			r[k].proof = r[k].looked_at ? lesser(r[k].proof, p) : p;
			r[k].looked_at = true;
		}
	}
}

static enum diag_target_status status_of(const struct rank *r)
{
	if (r->worst == DIAG_ERROR && !r->optional)
		return DIAG_TARGET_FAIL;
	if (!r->looked_at || r->proof == PATH_UNSEEN ||
	    (r->proof == PATH_BAD && r->worst == DIAG_INFO))
		return DIAG_TARGET_UNKNOWN;
	return r->worst >= DIAG_WARNING ? DIAG_TARGET_WARN : DIAG_TARGET_OK;
}

/* --- what reports show beside the state ----------------------------------- */

static const struct ev_target *shown_target(const struct judge *j, size_t i)
{
	size_t k;

	for (k = 0; k < j->ev->n_origins; k++)
		if (j->ev->origins[k].targets[i].any_fact)
			return &j->ev->origins[k].targets[i];
	return &j->ev->origins[0].targets[i];
}

/* How far it came; of two that came as far, the one to the expected address
 * tells whether the path is open. */
static unsigned stage_of(const struct ev_conn *c, const struct ev_addr *a)
{
	unsigned stage = (ev_ran(c->tcp) ? 1u : 0u) +
			 (ev_ran(c->tls) ? 1u : 0u) +
			 (ev_ran(c->http) ? 1u : 0u) +
			 (c->tcp != NULL && c->tcp->status == DIAG_ST_OPEN);

	return 2 * stage + (a->expected ? 1u : 0u);
}

static const struct ev_conn *best_conn(const struct ev_target *t)
{
	uint16_t port = t->t->ports.n > 0 ? t->t->ports.items[0].port : 443;
	const struct ev_conn *best = NULL;
	unsigned best_stage = 0;
	size_t i;

	for (i = 0; i < t->t->ports.n; i++)
		if (t->t->ports.items[i].port == 443)
			port = 443;
	for (i = 0; i < t->n_addrs; i++) {
		const struct ev_conn *c = ev_conn_of(&t->addrs[i], port);

		if (!t->addrs[i].deciding && !t->addrs[i].path)
			continue;
		if (c == NULL ||
		    (best != NULL && stage_of(c, &t->addrs[i]) <= best_stage))
			continue;
		best = c;
		best_stage = stage_of(c, &t->addrs[i]);
	}
	return best;
}

static uint32_t id_of(const struct diag_fact *f)
{
	return f != NULL ? f->id : 0;
}

static bool fill_addresses(struct judge *j, const struct ev_target *t,
			   struct diag_target_verdict *v)
{
	const struct ev_answer *a = t->deciding;
	struct diag_addr *out;
	size_t i;

	if (a == NULL || a->n_addrs == 0)
		return true;
	out = diag_arena_array(&j->v->arena, a->n_addrs, sizeof(*out));
	if (out == NULL)
		return false;
	for (i = 0; i < a->n_addrs; i++)
		out[i] = a->addrs[i]->addr;
	v->addresses = out;
	v->n_addresses = a->n_addrs;
	return true;
}

static void put_finding(struct diag_target_verdict *v,
			const struct diag_finding *f)
{
	/* Made by fill_findings(), which knows how many there are. */
	const struct diag_finding **list =
	    (const struct diag_finding **)(uintptr_t)v->findings;

	list[v->n_findings++] = f;
}

/* Room for the findings of each target, then the findings. */
static bool fill_findings(struct judge *j, const struct rank *r,
			  struct diag_target_verdict *v, size_t n)
{
	size_t i, k, at;

	for (i = 0; i < n; i++) {
		v[i].findings = diag_arena_array(
		    &j->v->arena, r[i].n_findings > 0 ? r[i].n_findings : 1,
		    sizeof(struct diag_finding *));
		if (v[i].findings == NULL)
			return false;
	}
	for (i = 0; i < j->n_drafts; i++)
		for (k = 0; k < j->drafts[i]->n_targets; k++) {
			at = j->drafts[i]->targets[k];
			put_finding(&v[at], &j->v->findings[i]);
		}
	return true;
}

static bool fill(struct judge *j, size_t i, const struct rank *r,
		 struct diag_target_verdict *v)
{
	const struct ev_target *t = shown_target(j, i);
	const struct ev_conn *c = best_conn(t);

	v->target = &j->c->inventory->targets[i];
	v->status = status_of(r);
	v->from_hosts = t->from_hosts;
	v->tcp = id_of(c != NULL ? c->tcp : NULL);
	v->tls = id_of(c != NULL ? c->tls : NULL);
	v->http = id_of(c != NULL ? c->http : NULL);
	return fill_addresses(j, t, v);
}

bool judge_targets(struct judge *j)
{
	size_t i, n = j->c->inventory->n_targets;
	struct diag_target_verdict *out =
	    diag_arena_array(&j->v->arena, n > 0 ? n : 1, sizeof(*out));
	struct rank *r =
	    diag_arena_array(&j->v->arena, n > 0 ? n : 1, sizeof(*r));

	if (out == NULL || r == NULL)
		return false;
	rank_findings(j, r);
	rank_evidence(j, r);
	for (i = 0; i < n; i++)
		if (!fill(j, i, &r[i], &out[i]))
			return false;
	if (!fill_findings(j, r, out, n))
		return false;
	j->v->targets = out;
	j->v->n_targets = n;
	return true;
}

/* --- the whole ------------------------------------------------------------ */

static bool any_status(const struct judge *j, enum diag_target_status s)
{
	size_t i;

	for (i = 0; i < j->v->n_targets; i++)
		if (j->v->targets[i].status == s)
			return true;
	return false;
}

static bool any_severity(const struct judge *j, enum diag_severity s)
{
	size_t i;

	for (i = 0; i < j->v->n_findings; i++)
		if (j->v->findings[i].severity == s)
			return true;
	return false;
}

static bool complete(const struct judge *j)
{
	size_t i;

	for (i = 0; i < j->c->n_origins; i++)
		if (!j->c->origins[i].complete)
			return false;
	return true;
}

void judge_outcome(struct judge *j)
{
	if (any_severity(j, DIAG_ERROR) || any_status(j, DIAG_TARGET_FAIL))
		j->v->outcome = DIAG_FAILED;
	else if (any_status(j, DIAG_TARGET_UNKNOWN) || !complete(j) ||
		 j->v->n_targets == 0)
		j->v->outcome = DIAG_UNKNOWN;
	else if (any_severity(j, DIAG_WARNING))
		j->v->outcome = DIAG_DEGRADED;
	else
		j->v->outcome = DIAG_HEALTHY;
}
