/* SPDX-License-Identifier: MIT */
/* rules_dns_zone.c - public or nothing where the private zone should answer.
 *
 * Three faults look alike in a browser and have three different owners:
 *	the zone is not seen		the resolver, or the link of the zone
 *	the zone has no record		the zone
 *	there is no endpoint		the resource
 * answer.c tells them apart by the chain and the SOA.
 */
#include "verdict/rules_dns.h"

#include <string.h>

/* --- dns.zone-not-visible ------------------------------------------------- */

static const char *zone_of(const struct ev_target *t, const struct ev_answer *a)
{
	if (a->zone != NULL)
		return a->zone;
	return t->row != NULL ? t->row->zone : NULL;
}

/* This server answers names of other private zones rightly: only this zone is
 * missing, and it is what the findings of all servers have in common. */
static bool only_this_zone(const struct ev_target *t, const struct ev_answer *a)
{
	return !a->view->system && a->view->n_private > 0 &&
	       zone_of(t, a) != NULL;
}

static void prove_soa(struct judge *j, struct draft *d,
		      const struct ev_target *t, const struct ev_answer *a)
{
	const char *zone = zone_of(t, a);
	const struct diag_fact *soa = NULL;

	if (zone == NULL || a->view->system)
		return;
	(void)ev_zone_seen(t->origin, a->view, zone, &soa);
	if (soa == NULL)
		return;
	if (soa->dns.soa.mname != NULL)
		draft_proof(j, d, soa,
			    "the zone %s, asked there, is that of %s, not "
			    "Azure's private one (azureprivatedns.net)",
			    zone, soa->dns.soa.mname);
	else
		draft_proof(j, d, soa, "the zone %s, asked there: %s", zone,
			    diag_status_key(soa->status));
}

static void detail_not_visible(struct judge *j, struct draft *d,
			       const struct ev_target *t,
			       const struct ev_answer *a)
{
	const char *who = dns_who(j, a->view);

	if (only_this_zone(t, a))
		draft_detail(j, d,
			     "%s sees other private zones, but not %s; it "
			     "answers the names in it with public addresses.",
			     who, zone_of(t, a));
	else if (a->view->system)
		draft_detail(j, d,
			     "%s gives public addresses where private ones "
			     "are due. No name server was asked, so why "
			     "cannot be seen: the private zones are not "
			     "visible, or the endpoint is not approved.",
			     who);
	else
		draft_detail(j, d,
			     "%s does not see the private DNS zones; it "
			     "answers with public addresses.",
			     who);
}

static void say_not_visible(struct judge *j, const struct ev_target *t,
			    const struct ev_answer *a)
{
	const char *subject =
	    only_this_zone(t, a) ? zone_of(t, a) : a->view->text;
	struct draft *d =
	    judge_find(j, "dns.zone-not-visible", dns_severity(t, a), subject);
	bool first = d->n_targets == 0;

	detail_not_visible(j, d, t, a);
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
	if (!first)
		return;
	prove_soa(j, d, t, a);
	dns_prove_path(j, d, t);
}

static void rule_zone_not_visible(struct judge *j)
{
	dns_each(j, EV_ZONE_NOT_VISIBLE, say_not_visible);
}

/* --- dns.record-missing --------------------------------------------------- */

static const char *missing_zone(const struct ev_target *t,
				const struct ev_answer *a)
{
	const struct diag_fact *f = a->a != NULL ? a->a : a->aaaa;

	if (f != NULL && f->dns.soa.owner != NULL &&
	    ev_soa_is_private(&f->dns.soa))
		return f->dns.soa.owner;
	return zone_of(t, a) != NULL ? zone_of(t, a) : a->view->text;
}

static void say_record_missing(struct judge *j, const struct ev_target *t,
			       const struct ev_answer *a)
{
	const char *zone = missing_zone(t, a);
	struct draft *d =
	    judge_find(j, "dns.record-missing", dns_severity(t, a), zone);
	bool first = d->n_targets == 0;
	const struct diag_fact *soa = NULL;

	if (a->n_addrs > 0)
		draft_detail(j, d,
			     "%s sees the private zone %s, and it has no "
			     "record for %s: the link falls back to the "
			     "internet (NxDomainRedirect) and the answer is "
			     "public.",
			     dns_who(j, a->view), zone, t->t->fqdn);
	else
		draft_detail(j, d,
			     "%s sees the private zone %s, and it has no "
			     "record for %s.",
			     dns_who(j, a->view), zone, t->t->fqdn);
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
	if (!first)
		return;
	if (ev_zone_seen(t->origin, a->view, zone, &soa) == EV_SEEN_YES &&
	    soa != NULL)
		draft_proof(j, d, soa,
			    "the zone %s is seen there: its SOA is that of %s",
			    zone, soa->dns.soa.mname);
	dns_prove_path(j, d, t);
}

static void rule_record_missing(struct judge *j)
{
	dns_each(j, EV_RECORD_MISSING, say_record_missing);
}

/* --- dns.no-private-endpoint ---------------------------------------------- */

static void say_no_endpoint(struct judge *j, const struct ev_target *t,
			    const struct ev_answer *a)
{
	struct draft *d =
	    judge_find(j, "dns.no-private-endpoint", dns_severity(t, a), NULL);

	draft_detail(j, d,
		     "%s resolves publicly, and Azure gives it no privatelink "
		     "alias: the resource has no approved private endpoint.",
		     t->t->fqdn);
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
}

static void rule_no_private_endpoint(struct judge *j)
{
	dns_each(j, EV_NO_ENDPOINT, say_no_endpoint);
}

/* --- dns.instance-not-private --------------------------------------------- */

static void say_instance(struct judge *j, const struct ev_target *t,
			 const struct ev_answer *a)
{
	struct draft *d = judge_find(j, "dns.instance-not-private",
				     dns_severity(t, a), a->view->text);

	draft_detail(j, d,
		     "%s gives %s for %s. Compute instances never get a "
		     "private record by themselves: the name needs a record "
		     "of its own with the address of the workspace API, or "
		     "its suffix a forwarder into the VNet.",
		     dns_who(j, a->view), dns_addrs(j, a), t->t->fqdn);
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
	dns_prove_path(j, d, t);
}

static void rule_instance_not_private(struct judge *j)
{
	dns_each(j, EV_INSTANCE_NOT_PRIVATE, say_instance);
}

/* --- dns.name-not-found --------------------------------------------------- */

/* Computed in a form that may be guessed wrongly. */
static bool is_guess(const struct diag_target *t)
{
	return t->computed && (t->uncertain || t->any_of != NULL ||
			       t->service == DIAG_SVC_NOTEBOOK);
}

static const char *who_says_no(const struct ev_answer *a)
{
	const struct diag_fact *f = a->a != NULL ? a->a : a->aaaa;

	if (f != NULL && f->dns.soa.owner != NULL)
		return f->dns.soa.owner;
	return a->view->text;
}

static void say_not_found(struct judge *j, const struct ev_target *t,
			  const struct ev_answer *a)
{
	enum diag_severity s = dns_severity(t, a);
	const char *no = who_says_no(a);
	struct draft *d;

	if (s == DIAG_ERROR && is_guess(t->t))
		s = DIAG_WARNING;
	d = judge_find(j, "dns.name-not-found", s, no);
	if (a->view->system)
		draft_detail(j, d, "%s finds no address for %s.",
			     dns_who(j, a->view), t->t->fqdn);
	else if (a->kind == EV_EMPTY)
		draft_detail(j, d,
			     "%s has no address for %s (says the zone %s).",
			     dns_who(j, a->view), t->t->fqdn, no);
	else if (no == a->view->text)
		draft_detail(j, d, "%s says that %s does not exist.",
			     dns_who(j, a->view), t->t->fqdn);
	else
		draft_detail(j, d,
			     "%s says that %s does not exist (says the zone "
			     "%s).",
			     dns_who(j, a->view), t->t->fqdn, no);
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
}

static void rule_name_not_found(struct judge *j)
{
	dns_each(j, EV_NAME_NOT_FOUND, say_not_found);
	dns_each(j, EV_EMPTY, say_not_found);
}

const struct diag_rule rules_dns_zone[] = {
	{ "dns.zone-not-visible", rule_zone_not_visible },
	{ "dns.record-missing", rule_record_missing },
	{ "dns.no-private-endpoint", rule_no_private_endpoint },
	{ "dns.instance-not-private", rule_instance_not_private },
	{ "dns.name-not-found", rule_name_not_found },
	{ NULL, NULL },
};
