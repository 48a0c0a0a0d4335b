/* SPDX-License-Identifier: MIT */
/* answer_system.c - the system's own answer, and which answer decides.
 *
 * getaddrinfo(3) gives addresses and no reasons.  The reasons stand in the
 * answer of the server that was asked: the first one (asked before fallback,
 * a stub before the servers behind it) that says the same.  Where no asked
 * server says the same and at least one answered, something between them and
 * the program keeps an older answer.
 */
#include "verdict/evidence_build.h"

#include <string.h>

/* --- do two answers say the same? ----------------------------------------- */

static bool all_public(const struct ev_answer *a)
{
	size_t i;

	for (i = 0; i < a->n_addrs; i++)
		if (a->addrs[i]->cls != EV_PUBLIC)
			return false;
	return a->n_addrs > 0;
}

static bool share_one(const struct ev_answer *x, const struct ev_answer *y)
{
	size_t i, k;

	for (i = 0; i < x->n_addrs; i++)
		for (k = 0; k < y->n_addrs; k++)
			if (x->addrs[i] == y->addrs[k])
				return true;
	return false;
}

static bool agree(const struct ev_answer *sys, const struct ev_answer *a)
{
	if (a->kind == EV_NOT_ASKED || a->kind == EV_NOT_RUN)
		return false;
	if (a->kind == EV_FLAPPING)
		return true;
	/* A look-up that hung says nothing about the name: only a server that
	 * did the same explains it. */
	if (sys->fact->status == DIAG_ST_TIMEOUT)
		return ev_kind_is_server(a->kind);
	if (sys->n_addrs == 0 || a->n_addrs == 0)
		return sys->n_addrs == a->n_addrs;
	/* Public front ends take turns: the addresses need not be the same. */
	return share_one(sys, a) || (all_public(sys) && all_public(a));
}

static const struct ev_answer *explains(const struct ev_target *t,
					const struct ev_answer *sys,
					enum diag_asked asked, bool behind)
{
	const struct ev_answer *best = NULL;
	size_t i;

	for (i = 0; i < t->n_answers; i++) {
		const struct ev_answer *a = &t->answers[i];

		if (a == sys || a->asked != asked ||
		    a->view->behind_stub != behind || !agree(sys, a))
			continue;
		if (best == NULL ||
		    (best->view->server && a->view->server &&
		     a->view->server->order < best->view->server->order))
			best = a;
	}
	return best;
}

static const struct ev_answer *explained_by(const struct ev_target *t,
					    const struct ev_answer *sys)
{
	const struct ev_answer *a;

	a = explains(t, sys, DIAG_ASKED_YES, false);
	if (a == NULL)
		a = explains(t, sys, DIAG_ASKED_FALLBACK, false);
	if (a == NULL)
		a = explains(t, sys, DIAG_ASKED_YES, true);
	return a != NULL ? a : explains(t, sys, DIAG_ASKED_FALLBACK, true);
}

/* A server that changes its mind may have told the system one thing and us
 * another: that is no old answer, but one more change. */
static struct ev_answer *flapping_server(struct ev_target *t)
{
	size_t i;

	for (i = 0; i < t->n_answers; i++) {
		struct ev_answer *a = &t->answers[i];

		if (a->view->flaps && a->asked != DIAG_ASKED_NO &&
		    a->kind > EV_NOT_RUN && !ev_kind_is_server(a->kind))
			return a;
	}
	return NULL;
}

/* What the system has, no server says. */
static bool is_unexplained(const struct ev_target *t,
			   const struct ev_answer *sys)
{
	return sys->kind == EV_STALE ||
	       (t->explained_by == NULL && !t->from_hosts &&
		sys->kind == EV_RIGHT && sys->n_addrs > 0);
}

static void blame_flapping(struct ev_target *t, struct ev_answer *sys)
{
	struct ev_answer *a = flapping_server(t);

	if (a == NULL || !ev_wants_private(t->t) || !is_unexplained(t, sys))
		return;
	a->kind = EV_FLAPPING;
	sys->kind = EV_FLAPPING;
	t->explained_by = a;
}

/* Some server that the system would ask gave an answer about the name. */
static bool asked_served(const struct ev_target *t)
{
	size_t i;

	for (i = 0; i < t->n_answers; i++) {
		const struct ev_answer *a = &t->answers[i];

		if (!a->view->system && a->asked != DIAG_ASKED_NO &&
		    a->kind > EV_NOT_RUN && !ev_kind_is_server(a->kind))
			return true;
	}
	return false;
}

/* --- the ladder ----------------------------------------------------------- */

/* glibc goes on to the search list when the name itself brought nothing, or
 * first when it has fewer dots than ndots (resolv.conf(5)). */
static bool is_suffixed(const struct ev_target *t, const struct ev_answer *sys)
{
	const struct diag_machine *m = t->origin->machine;
	const char *name = t->t->fqdn;
	size_t i, len;

	if (m == NULL || name == NULL || sys->last == NULL)
		return false;
	len = strlen(name);
	if (strncmp(sys->last, name, len) != 0 || sys->last[len] != '.')
		return false;
	for (i = 0; i < m->resolv.n_search; i++)
		if (strcmp(sys->last + len + 1, m->resolv.search[i]) == 0)
			return true;
	return false;
}

static bool alias_known(const struct ev_target *t)
{
	size_t i;

	for (i = 0; i < t->n_answers; i++)
		if (t->answers[i].alias != NULL)
			return true;
	return false;
}

/* Public, and no server to say why.  An inventory that names the endpoint's
 * address, or a catalogue that says "always", makes an invisible zone the
 * reason by far; the rule says that it was not seen. */
static enum ev_kind bare_public(const struct ev_target *t)
{
	if (build_is_instance(t))
		return EV_INSTANCE_NOT_PRIVATE;
	if (alias_known(t) ||
	    (t->row != NULL && t->row->alias == DIAG_ALIAS_ALWAYS))
		return EV_ZONE_NOT_VISIBLE;
	return EV_PUBLIC_UNEXPLAINED;
}

static enum ev_kind tally_kind(const struct ev_target *t,
			       const struct ev_answer *sys)
{
	struct tally n = build_tally(t, sys);

	if (ev_wants_public(t->t))
		return build_public_kind(&n);
	if (ev_wants_private(t->t))
		return build_private_kind(t, &n);
	return n.unusable == n.n ? EV_UNUSABLE_ANSWER : EV_RIGHT;
}

/* Any public address is right for a public name, unless a hosts line gave it
 * and somebody else, or nobody, answers there. */
static bool hosts_mislead(const struct ev_target *t,
			  const struct ev_answer *sys)
{
	size_t i;

	if (!t->from_hosts || !ev_wants_public(t->t) || sys->n_addrs == 0)
		return false;
	for (i = 0; i < sys->n_addrs; i++)
		if (sys->addrs[i]->service != EV_SERVICE_NO)
			return false;
	return true;
}

static enum ev_kind with_addresses(const struct ev_target *t,
				   const struct ev_answer *sys)
{
	enum ev_kind k = tally_kind(t, sys);
	const struct ev_answer *by = t->explained_by;

	/* Right this time. */
	if (by != NULL && by->kind == EV_FLAPPING)
		return EV_FLAPPING;
	if (hosts_mislead(t, sys))
		return EV_HOSTS_WRONG;
	if (ev_kind_is_good(k))
		return k;
	if (is_suffixed(t, sys))
		return EV_SUFFIXED;
	if (k == EV_UNDECIDED)
		return k;
	if (t->from_hosts)
		return EV_HOSTS_WRONG;
	if (k == EV_PUBLIC_UNEXPLAINED && ev_public_works(t, sys))
		return EV_PUBLIC_WORKS;
	if (by != NULL && !ev_kind_is_good(by->kind))
		return by->kind;
	/* No cache makes a synthetic address: a client of its own does. */
	if (by == NULL && asked_served(t) && k != EV_SYNTHETIC_BROKEN)
		return EV_STALE;
	return k == EV_PUBLIC_UNEXPLAINED ? bare_public(t) : k;
}

static enum ev_kind without_addresses(const struct ev_target *t,
				      const struct ev_answer *sys)
{
	if (t->explained_by != NULL)
		return t->explained_by->kind;
	if (sys->fact->status == DIAG_ST_TIMEOUT)
		return EV_SILENT;
	if (sys->fact->status == DIAG_ST_FAILED)
		return EV_FAILING;
	if (asked_served(t))
		return EV_STALE;
	if (ev_wants_public(t->t))
		return EV_HIDDEN;
	return build_is_instance(t) ? EV_INSTANCE_NOT_PRIVATE
				    : EV_NAME_NOT_FOUND;
}

void build_system_kind(struct ev_target *t)
{
	struct ev_answer *sys = NULL;
	size_t i;

	for (i = 0; i < t->n_answers; i++)
		if (t->answers[i].view->system)
			sys = &t->answers[i];
	if (sys == NULL || sys->fact == NULL)
		return;
	if (!ev_ran(sys->fact)) {
		sys->kind = EV_NOT_RUN;
		return;
	}
	if (!t->from_hosts)
		t->explained_by = explained_by(t, sys);
	sys->kind = sys->n_addrs > 0 ? with_addresses(t, sys)
				     : without_addresses(t, sys);
	blame_flapping(t, sys);
}

/* --- what decides --------------------------------------------------------- */

static const struct ev_answer *first_asked(const struct ev_target *t)
{
	const struct ev_answer *best = NULL;
	size_t i;

	for (i = 0; i < t->n_answers; i++) {
		const struct ev_answer *a = &t->answers[i];

		if (a->kind == EV_NOT_ASKED || a->view->behind_stub)
			continue;
		if (best == NULL || a->asked > best->asked)
			best = a;
	}
	for (i = 0; i < t->n_answers && best == NULL; i++)
		if (t->answers[i].kind != EV_NOT_ASKED)
			best = &t->answers[i];
	return best;
}

void build_deciding(struct ev_target *t)
{
	const struct ev_answer *sys = build_system_answer(t);
	size_t i;

	if (sys != NULL && sys->kind != EV_NOT_ASKED) {
		t->deciding = sys;
	} else {
		t->deciding = first_asked(t);
		t->explained_by = t->deciding;
	}
	if (t->deciding == NULL)
		return;
	t->kind = t->deciding->kind;
	for (i = 0; i < t->deciding->n_addrs; i++)
		t->deciding->addrs[i]->deciding = true;
}
