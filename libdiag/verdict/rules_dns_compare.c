/* SPDX-License-Identifier: MIT */
/* rules_dns_compare.c - answers that only stand out next to each other. */
#include "verdict/rules_dns.h"

#include <string.h>

/* --- dns.rebinding-filter ------------------------------------------------- */

static void say_filtered(struct judge *j, const struct ev_target *t,
			 const struct ev_answer *a)
{
	struct draft *d = judge_find(j, "dns.rebinding-filter",
				     dns_severity(t, a), a->view->text);
	size_t i;

	draft_detail(j, d,
		     "%s removes the private address from its answer for %s "
		     "(protection against DNS rebinding): no address, and no "
		     "SOA as a true \"no such record\" has.",
		     dns_who(j, a->view), t->t->fqdn);
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
	for (i = 0; i < t->n_answers; i++)
		if (ev_kind_is_good(t->answers[i].kind) &&
		    t->answers[i].n_addrs > 0 && d->n_proof < 2)
			dns_prove(j, d, t, &t->answers[i]);
}

static void say_suspect(struct judge *j, const struct ev_target *t,
			const struct ev_answer *a)
{
	enum diag_severity s = dns_severity(t, a);
	struct draft *d;

	/* One answer alone cannot tell a filter from a missing record. */
	d = judge_find(j, "dns.rebinding-filter",
		       s == DIAG_ERROR ? DIAG_WARNING : s, a->view->text);
	draft_detail(j, d,
		     "%s gives no address and no SOA for %s. A filter against "
		     "DNS rebinding does that; no other view could be "
		     "compared.",
		     dns_who(j, a->view), t->t->fqdn);
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
}

static void rule_rebinding_filter(struct judge *j)
{
	dns_each(j, EV_FILTERED, say_filtered);
	dns_each(j, EV_FILTER_SUSPECT, say_suspect);
}

/* --- dns.flapping --------------------------------------------------------- */

static void say_flapping(struct judge *j, const struct ev_target *t,
			 const struct ev_answer *a)
{
	struct draft *d =
	    judge_find(j, "dns.flapping", dns_severity(t, a), a->view->text);
	size_t i;

	draft_detail(j, d,
		     "%s changes its mind about %s between a private and a "
		     "public address.",
		     dns_who(j, a->view), t->t->fqdn);
	draft_target(j, d, t);
	for (i = 0; i < a->n_rounds; i++)
		draft_fact(j, d, a->rounds[i]);
	dns_prove(j, d, t, a);
}

static void rule_flapping(struct judge *j)
{
	dns_each(j, EV_FLAPPING, say_flapping);
}

/* --- dns.stale-cache ------------------------------------------------------ */

static void prove_now(struct judge *j, struct draft *d,
		      const struct ev_target *t, const struct ev_answer *a)
{
	size_t i;

	for (i = 0; i < t->n_answers; i++)
		if (&t->answers[i] != a &&
		    t->answers[i].asked != DIAG_ASKED_NO &&
		    ev_kind_is_good(t->answers[i].kind) && d->n_proof < 2)
			dns_prove(j, d, t, &t->answers[i]);
}

/* What the old answer does to the name; the cache is the reason for it. */
static void say_old_is_wrong(struct judge *j, const struct ev_target *t,
			     const struct ev_answer *a)
{
	struct draft *d = judge_find(
	    j, a->n_addrs > 0 ? "dns.wrong-address" : "dns.name-not-found",
	    dns_severity(t, a), a->view->text);

	draft_detail(j, d, "%s still gives %s for %s; expected is %s.",
		     dns_who(j, a->view), dns_addrs(j, a), t->t->fqdn,
		     ev_wants_public(t->t) ? "a public address"
					   : dns_expected(j, t));
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
}

static void say_stale(struct judge *j, const struct ev_target *t,
		      const struct ev_answer *a)
{
	enum diag_severity s = dns_severity(t, a);
	struct draft *d =
	    judge_find(j, "dns.stale-cache", s == DIAG_ERROR ? DIAG_WARNING : s,
		       a->view->text);

	draft_detail(j, d,
		     "%s gives %s for %s; the name servers it would ask say "
		     "something else now.",
		     dns_who(j, a->view), dns_addrs(j, a), t->t->fqdn);
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
	prove_now(j, d, t, a);
	say_old_is_wrong(j, t, a);
}

/* The old answer is right, and what is said now is not: it will break. */
static bool is_right_but_old(const struct ev_target *t)
{
	const struct ev_answer *sys = t->deciding;
	size_t i;

	if (sys == NULL || !sys->view->system || t->from_hosts ||
	    t->explained_by != NULL || !ev_wants_private(t->t) ||
	    sys->n_addrs == 0 ||
	    (sys->kind != EV_RIGHT && sys->kind != EV_UNPROVEN))
		return false;
	for (i = 0; i < t->n_answers; i++) {
		const struct ev_answer *a = &t->answers[i];

		if (!a->view->system && a->asked != DIAG_ASKED_NO &&
		    a->kind > EV_NOT_RUN && !ev_kind_is_server(a->kind) &&
		    !t->unused)
			return true;
	}
	return false;
}

static void say_old(struct judge *j, const struct ev_target *t)
{
	struct draft *d =
	    judge_find(j, "dns.stale-cache", DIAG_WARNING, "system");

	draft_detail(j, d,
		     "The system still gives %s for %s; the name servers it "
		     "would ask no longer do.",
		     dns_addrs(j, t->deciding), t->t->fqdn);
	draft_target(j, d, t);
	dns_prove(j, d, t, t->deciding);
}

static void rule_stale_cache(struct judge *j)
{
	const struct ev_target *t;

	dns_each(j, EV_STALE, say_stale);
	for (t = judge_first(j); t != NULL; t = judge_next(j, t))
		if (is_right_but_old(t))
			say_old(j, t);
}

/* --- dns.resolvers-disagree ----------------------------------------------- */

/* An answer that takes a side: about the name, not about the server. */
static bool takes_side(const struct ev_target *t, const struct ev_answer *a)
{
	if (a->view->system || a->asked == DIAG_ASKED_NO ||
	    a->kind <= EV_NOT_RUN || ev_kind_is_server(a->kind) ||
	    a->kind == EV_UNDECIDED || a->kind == EV_FILTER_SUSPECT)
		return false;
	/* A stub and the servers behind it are one voice. */
	return !a->view->behind_stub || t->n_answers == 1;
}

static void look_for_disagreement(struct judge *j, const struct ev_target *t)
{
	const struct ev_answer *good = NULL, *bad = NULL;
	struct draft *d;
	size_t i;

	for (i = 0; i < t->n_answers; i++) {
		const struct ev_answer *a = &t->answers[i];

		if (!takes_side(t, a))
			continue;
		if (ev_kind_is_good(a->kind))
			good = good != NULL ? good : a;
		else
			bad = bad != NULL ? bad : a;
	}
	if (good == NULL || bad == NULL)
		return;
	d = judge_find(
	    j, "dns.resolvers-disagree",
	    t->from_hosts ? DIAG_INFO : DIAG_WARNING,
	    judge_text(j, "%s %s", good->view->text, bad->view->text));
	draft_detail(j, d,
		     "%s gives %s for %s, %s gives %s; this machine may ask "
		     "either.",
		     dns_who(j, good->view), dns_addrs(j, good), t->t->fqdn,
		     dns_who(j, bad->view), dns_addrs(j, bad));
	draft_target(j, d, t);
	dns_prove(j, d, t, good);
	dns_prove(j, d, t, bad);
}

static void rule_resolvers_disagree(struct judge *j)
{
	const struct ev_target *t;

	for (t = judge_first(j); t != NULL; t = judge_next(j, t))
		look_for_disagreement(j, t);
}

const struct diag_rule rules_dns_compare[] = {
	{ "dns.rebinding-filter", rule_rebinding_filter },
	{ "dns.flapping", rule_flapping },
	{ "dns.stale-cache", rule_stale_cache },
	{ "dns.resolvers-disagree", rule_resolvers_disagree },
	{ NULL, NULL },
};
