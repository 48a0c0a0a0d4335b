/* SPDX-License-Identifier: MIT */
/* rules_dns_answer.c - an answer came, and it is not the right address. */
#include "verdict/rules_dns.h"

#include <string.h>

/* --- dns.wrong-address ---------------------------------------------------- */

/* What answers there, in words, with its fact. */
static void prove_stranger(struct judge *j, struct draft *d,
			   const struct ev_target *t, const struct ev_addr *a)
{
	const struct ev_conn *c = ev_conn_of(a, 443);
	const char *addr = judge_addr(j, &a->addr);

	if (c == NULL && a->n_conns > 0)
		c = &a->conns[0];
	if (c == NULL || !ev_ran(c->tcp))
		return;
	if (c->tcp->status != DIAG_ST_OPEN)
		draft_proof(j, d, c->tcp, "%s port %u: %s", addr, c->port,
			    diag_status_key(c->tcp->status));
	else if (ev_tls_fault(c->tls, DIAG_ST_NAME_MISMATCH) &&
		 c->tls->tls.n_chain > 0)
		draft_proof(j, d, c->tls,
			    "%s shows the certificate of %s, not of %s", addr,
			    c->tls->tls.chain[0].n_san > 0
				? c->tls->tls.chain[0].san[0]
				: c->tls->tls.chain[0].subject,
			    t->t->fqdn);
	else if (ev_ran(c->tls) && c->tls->status != DIAG_ST_OK)
		draft_proof(j, d, c->tls, "%s: TLS %s", addr,
			    diag_status_key(c->tls->status));
	else if (ev_ran(c->http))
		draft_proof(j, d, c->http,
			    "%s answers HTTP %d, not as this service does",
			    addr, c->http->http.code);
}

static void prove_strangers(struct judge *j, struct draft *d,
			    const struct ev_target *t,
			    const struct ev_answer *a)
{
	size_t i;

	for (i = 0; i < a->n_addrs; i++)
		if (!a->addrs[i]->expected &&
		    a->addrs[i]->service != EV_SERVICE_YES)
			prove_stranger(j, d, t, a->addrs[i]);
}

static void say_wrong(struct judge *j, const struct ev_target *t,
		      const struct ev_answer *a)
{
	struct draft *d = judge_find(j, "dns.wrong-address", dns_severity(t, a),
				     a->view->text);

	draft_detail(j, d, "%s gives %s for %s; expected is %s.",
		     dns_who(j, a->view), dns_addrs(j, a), t->t->fqdn,
		     dns_expected(j, t));
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
	prove_strangers(j, d, t, a);
	dns_prove_path(j, d, t);
}

static void rule_wrong_address(struct judge *j)
{
	dns_each(j, EV_WRONG_ADDRESS, say_wrong);
	dns_each(j, EV_PUBLIC_UNEXPLAINED, say_wrong);
}

/* --- dns.other-endpoint --------------------------------------------------- */

static void say_other(struct judge *j, const struct ev_target *t,
		      const struct ev_answer *a)
{
	struct draft *d = judge_find(j, "dns.other-endpoint", DIAG_WARNING,
				     dns_subject(t, a));
	size_t i;

	draft_detail(j, d,
		     "%s leads to %s, expected is %s; this very service "
		     "answers there: it has several private endpoints.",
		     t->t->fqdn, dns_addrs(j, a), dns_expected(j, t));
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
	for (i = 0; i < a->n_addrs; i++) {
		const struct ev_conn *c = ev_conn_of(a->addrs[i], 443);

		if (c != NULL && a->addrs[i]->service == EV_SERVICE_YES)
			draft_proof(j, d, c->http != NULL ? c->http : c->tls,
				    "%s shows the certificate of this service "
				    "and answers as it does",
				    judge_addr(j, &a->addrs[i]->addr));
	}
}

static void rule_other_endpoint(struct judge *j)
{
	dns_each_deciding(j, EV_OTHER_ENDPOINT, say_other);
}

/* --- dns.mixed-answer ----------------------------------------------------- */

static void say_mixed(struct judge *j, const struct ev_target *t,
		      const struct ev_answer *a)
{
	struct draft *d = judge_find(j, "dns.mixed-answer", dns_severity(t, a),
				     a->view->text);

	draft_detail(j, d,
		     "%s answers %s with right and wrong addresses together: "
		     "%s. Clients take any of them.",
		     dns_who(j, a->view), t->t->fqdn, dns_addrs(j, a));
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
	prove_strangers(j, d, t, a);
}

static void rule_mixed_answer(struct judge *j)
{
	dns_each(j, EV_MIXED, say_mixed);
}

/* --- dns.unusable-address ------------------------------------------------- */

static void say_unusable(struct judge *j, const struct ev_target *t,
			 const struct ev_answer *a)
{
	struct draft *d = judge_find(j, "dns.unusable-address",
				     dns_severity(t, a), a->view->text);

	draft_detail(j, d,
		     "%s gives %s for %s: an address that can never be the "
		     "service's. Block lists answer like this.",
		     dns_who(j, a->view), dns_addrs(j, a), t->t->fqdn);
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
}

static void rule_unusable_address(struct judge *j)
{
	dns_each(j, EV_UNUSABLE_ANSWER, say_unusable);
}

/* --- dns.synthetic-address ------------------------------------------------ */

static const char *tunnel_of(const struct ev_target *t,
			     const struct ev_answer *a)
{
	const struct diag_interface *f;
	size_t i;

	for (i = 0; i < a->n_addrs; i++) {
		if (a->addrs[i]->cls != EV_SYNTHETIC)
			continue;
		if (a->addrs[i]->route != NULL &&
		    a->addrs[i]->route->route.interface != NULL)
			return a->addrs[i]->route->route.interface;
		f = ev_interface_to(t->origin, a->addrs[i]);
		if (f != NULL)
			return f->name;
	}
	return "a tunnel";
}

static void say_synthetic(struct judge *j, const struct ev_target *t,
			  const struct ev_answer *a)
{
	bool works = a->kind == EV_SYNTHETIC_WORKS;
	const char *tunnel = tunnel_of(t, a);
	struct draft *d =
	    judge_find(j, "dns.synthetic-address",
		       works ? DIAG_INFO : dns_severity(t, a), tunnel);

	draft_detail(j, d,
		     "%s leads to %s, which a zero-trust client makes up and "
		     "carries through %s; %s.",
		     t->t->fqdn, dns_addrs(j, a), tunnel,
		     works ? "the service answers through it"
			   : "the service does not answer through it");
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
	if (!works)
		prove_strangers(j, d, t, a);
}

static void rule_synthetic_address(struct judge *j)
{
	dns_each(j, EV_SYNTHETIC_BROKEN, say_synthetic);
	dns_each_deciding(j, EV_SYNTHETIC_WORKS, say_synthetic);
}

/* --- dns.search-suffix ---------------------------------------------------- */

static void say_suffix(struct judge *j, const struct ev_target *t,
		       const struct ev_answer *a)
{
	/* answer_system.c made sure that the canonical name is "NAME.DOMAIN" */
	const char *domain = a->last + strlen(t->t->fqdn) + 1;
	struct draft *d =
	    judge_find(j, "dns.search-suffix", dns_severity(t, a), domain);

	draft_detail(j, d,
		     "Not %s answered but %s: the search domain %s was "
		     "appended, and a record there answers anything.",
		     t->t->fqdn, a->last, domain);
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
}

static void rule_search_suffix(struct judge *j)
{
	dns_each(j, EV_SUFFIXED, say_suffix);
}

/* --- dns.unproven, dns.alternative-unused ----------------------------------
 */

static void say_unproven(struct judge *j, const struct ev_target *t,
			 const struct ev_answer *a)
{
	struct draft *d =
	    judge_find(j, "dns.unproven", DIAG_INFO, dns_subject(t, a));

	draft_detail(j, d,
		     a->kind == EV_UNDECIDED
			 ? "%s leads to %s, expected is %s; what answers "
			   "there could not be seen."
			 : "%s leads to %s; nothing in the inventory says "
			   "whether that is %s (pl-inventory gather and "
			   "import would).",
		     t->t->fqdn, dns_addrs(j, a), dns_expected(j, t));
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
}

static void rule_unproven(struct judge *j)
{
	dns_each_deciding(j, EV_UNPROVEN, say_unproven);
	dns_each_deciding(j, EV_UNDECIDED, say_unproven);
}

static void say_unused(struct judge *j, const struct ev_target *t)
{
	struct draft *d =
	    judge_find(j, "dns.alternative-unused", DIAG_INFO, t->t->any_of);

	draft_detail(j, d, "Another form of %s is the one in use.", t->t->fqdn);
	draft_target(j, d, t);
	if (t->deciding != NULL)
		dns_prove(j, d, t, t->deciding);
}

/* Rules leave unused names alone, so judge_next() leaves them out. */
static void rule_alternative_unused(struct judge *j)
{
	size_t i, k;

	for (i = 0; i < j->ev->n_origins; i++)
		for (k = 0; k < j->ev->origins[i].n_targets; k++)
			if (j->ev->origins[i].targets[k].unused)
				say_unused(j, &j->ev->origins[i].targets[k]);
}

const struct diag_rule rules_dns_answer[] = {
	{ "dns.mixed-answer", rule_mixed_answer },
	{ "dns.wrong-address", rule_wrong_address },
	{ "dns.unusable-address", rule_unusable_address },
	{ "dns.synthetic-address", rule_synthetic_address },
	{ "dns.search-suffix", rule_search_suffix },
	{ "dns.other-endpoint", rule_other_endpoint },
	{ "dns.unproven", rule_unproven },
	{ "dns.alternative-unused", rule_alternative_unused },
	{ NULL, NULL },
};
