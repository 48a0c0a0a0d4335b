/* SPDX-License-Identifier: MIT */
/* rules_dns_public.c - names that must stay public. */
#include "verdict/rules_dns.h"

/* A proxy that works resolves for us. */
static enum diag_severity public_severity(const struct ev_target *t,
					  const struct ev_answer *a)
{
	return t->proxy_works ? DIAG_INFO : dns_severity(t, a);
}

static bool is_lost(const struct ev_target *t)
{
	return ev_wants_public(t->t) &&
	       (t->kind == EV_HIDDEN || ev_kind_is_server(t->kind));
}

/* --- dns.no-internet-names ------------------------------------------------ */

static bool proxy_works_somewhere(const struct ev_origin *o)
{
	size_t i;

	for (i = 0; i < o->n_targets; i++)
		if (o->targets[i].proxy_works)
			return true;
	return false;
}

static void say_no_internet(struct judge *j, const struct ev_target *t,
			    bool proxied)
{
	const struct ev_answer *a = dns_source(t, t->deciding);
	struct draft *d = judge_find(j, "dns.no-internet-names",
				     proxied ? DIAG_INFO : DIAG_ERROR, NULL);

	draft_detail(j, d, "%s resolves no public name at all%s.",
		     dns_who(j, a->view),
		     proxied ? "; the proxy does that for you" : "");
	draft_target(j, d, t);
	dns_prove(j, d, t, t->deciding);
}

static void look_for_lost_names(struct judge *j, const struct ev_origin *o)
{
	bool proxied = proxy_works_somewhere(o);
	size_t i;

	for (i = 0; i < o->n_targets; i++) {
		const struct ev_target *t = &o->targets[i];

		if (t->any_fact && !t->unused && is_lost(t))
			say_no_internet(j, t, proxied);
	}
}

static void rule_no_internet_names(struct judge *j)
{
	size_t i;

	for (i = 0; i < j->ev->n_origins; i++)
		if (j->ev->origins[i].no_internet)
			look_for_lost_names(j, &j->ev->origins[i]);
}

/* --- dns.public-name-hidden ----------------------------------------------- */

static const char *hider(const struct ev_answer *a)
{
	const struct diag_fact *f = a->a != NULL ? a->a : a->aaaa;

	if (f != NULL && f->dns.soa.owner != NULL)
		return f->dns.soa.owner;
	return a->view->text;
}

static void say_hidden(struct judge *j, const struct ev_target *t,
		       const struct ev_answer *a)
{
	struct draft *d;

	if (t->origin->no_internet && is_lost(t))
		return;
	d = judge_find(j, "dns.public-name-hidden", public_severity(t, a),
		       hider(a));
	if (hider(a) != a->view->text)
		draft_detail(j, d,
			     "%s gives %s for %s, which must stay public: the "
			     "zone %s is hosted there and hides it.",
			     dns_who(j, a->view), dns_addrs(j, a), t->t->fqdn,
			     hider(a));
	else
		draft_detail(j, d,
			     "%s gives %s for %s, which must stay public.",
			     dns_who(j, a->view), dns_addrs(j, a), t->t->fqdn);
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
}

static void rule_public_name_hidden(struct judge *j)
{
	dns_each(j, EV_HIDDEN, say_hidden);
}

const struct diag_rule rules_dns_public[] = {
	{ "dns.public-name-hidden", rule_public_name_hidden },
	{ "dns.no-internet-names", rule_no_internet_names },
	{ NULL, NULL },
};
