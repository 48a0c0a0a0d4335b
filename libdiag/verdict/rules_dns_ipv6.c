/* SPDX-License-Identifier: MIT */
/* rules_dns_ipv6.c - private endpoints publish A records only. */
#include "verdict/rules_dns.h"

#include <string.h>

/* --- dns.ipv6-answer ------------------------------------------------------ */

static bool is_stranger(const struct ev_addr *a)
{
	return a->addr.family == DIAG_IPV6 && !a->dns64 && !a->expected;
}

/* Clients prefer IPv6 where both are there (RFC 6724; RFC 8305 gives it a head
 * start), provided the machine has an address that leads out. */
static enum diag_severity ipv6_severity(const struct ev_target *t,
					const struct ev_answer *a,
					const struct ev_addr *row)
{
	if (t->from_hosts && a != t->deciding)
		return DIAG_INFO;
	if (a->asked == DIAG_ASKED_NO && a != t->deciding)
		return DIAG_INFO;
	return a == t->deciding && row->cls == EV_PUBLIC && t->origin->has_ipv6
		   ? judge_cap(t, DIAG_ERROR)
		   : DIAG_WARNING;
}

static void say_ipv6(struct judge *j, const struct ev_target *t,
		     const struct ev_answer *a, const struct ev_addr *row)
{
	struct draft *d = judge_find(
	    j, "dns.ipv6-answer", ipv6_severity(t, a, row), dns_subject(t, a));

	draft_detail(j, d,
		     "%s also gives the IPv6 address %s (%s) for %s; private "
		     "endpoints have none.",
		     dns_who(j, dns_source(t, a)->view),
		     judge_addr(j, &row->addr), ev_class_word(row->cls),
		     t->t->fqdn);
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
}

static bool said_by_system(const struct ev_target *t, const struct ev_answer *a,
			   const struct ev_addr *row)
{
	return a == t->explained_by && t->deciding != a && row->deciding;
}

/* Next to a right IPv4 answer; beside a wrong one it is the same fault. */
static void look_at_ipv6(struct judge *j, const struct ev_target *t,
			 const struct ev_answer *a)
{
	size_t i;

	if (!ev_kind_is_good(a->kind) || a->n_addrs < 2)
		return;
	for (i = 0; i < a->n_addrs; i++)
		if (is_stranger(a->addrs[i]) &&
		    !said_by_system(t, a, a->addrs[i])) {
			say_ipv6(j, t, a, a->addrs[i]);
			return;
		}
}

static void rule_ipv6_answer(struct judge *j)
{
	const struct ev_target *t;
	size_t i;

	for (t = judge_first(j); t != NULL; t = judge_next(j, t))
		for (i = 0; i < t->n_answers && ev_wants_private(t->t); i++)
			look_at_ipv6(j, t, &t->answers[i]);
}

/* --- dns.dns64 ------------------------------------------------------------ */

static const struct ev_addr *dns64_in(const struct ev_answer *a)
{
	size_t i;

	for (i = 0; i < a->n_addrs; i++)
		if (a->addrs[i]->dns64)
			return a->addrs[i];
	return NULL;
}

static void look_for_dns64(struct judge *j, const struct ev_target *t,
			   const struct ev_answer *a)
{
	const struct ev_addr *row = dns64_in(a);
	struct draft *d;

	if (row == NULL || (a->asked == DIAG_ASKED_NO && a != t->deciding))
		return;
	d = judge_find(j, "dns.dns64", DIAG_INFO, dns_subject(t, a));
	draft_detail(j, d, "%s holds the IPv4 address %s; NAT64 carries it.",
		     judge_addr(j, &row->addr), judge_addr(j, &row->judged));
	draft_target(j, d, t);
	dns_prove(j, d, t, a);
}

static void rule_dns64(struct judge *j)
{
	const struct ev_target *t;
	size_t i;

	for (t = judge_first(j); t != NULL; t = judge_next(j, t))
		for (i = 0; i < t->n_answers; i++)
			look_for_dns64(j, t, &t->answers[i]);
}

/* --- net.no-ipv4 ---------------------------------------------------------- */

static bool has_dns64(const struct ev_target *t)
{
	size_t i;

	for (i = 0; i < t->n_addrs; i++)
		if (t->addrs[i].dns64)
			return true;
	return false;
}

/* A tcp fact to an IPv4 address that should carry this name, not open. */
static const struct diag_fact *closed_ipv4(const struct ev_target *t)
{
	size_t i;

	for (i = 0; i < t->n_addrs; i++) {
		const struct ev_addr *a = &t->addrs[i];

		if (a->path && a->addr.family == DIAG_IPV4 && a->n_conns > 0 &&
		    ev_ran(a->conns[0].tcp) &&
		    a->conns[0].tcp->status != DIAG_ST_OPEN)
			return a->conns[0].tcp;
	}
	return NULL;
}

/* Path rules need not add that these addresses have no route. */
static void tell_ipv4(struct ev_target *t)
{
	size_t i;

	for (i = 0; i < t->n_addrs; i++)
		t->addrs[i].told |= t->addrs[i].addr.family == DIAG_IPV4;
}

static void rule_no_ipv4(struct judge *j)
{
	struct ev_target *t;

	for (t = judge_first(j); t != NULL; t = judge_next(j, t)) {
		const struct diag_fact *tcp = closed_ipv4(t);
		struct draft *d;

		/* without IPv6 it is offline altogether: rules_net.c */
		if (t->origin->has_ipv4 || !t->origin->has_ipv6 ||
		    t->origin->nat64_known || t->path_open || has_dns64(t) ||
		    tcp == NULL)
			continue;
		d = judge_find(j, "net.no-ipv4", judge_cap(t, DIAG_ERROR),
			       NULL);
		draft_detail(j, d,
			     "This machine has no IPv4 address that leads "
			     "out, and no answer shows NAT64; %s has only "
			     "IPv4.",
			     t->t->fqdn != NULL ? t->t->fqdn : "the endpoint");
		draft_target(j, d, t);
		tell_ipv4(t);
		draft_proof(j, d, tcp, "%s: %s",
			    judge_addr(j, &tcp->tcp.address),
			    diag_status_key(tcp->status));
	}
}

const struct diag_rule rules_dns_ipv6[] = {
	{ "dns.ipv6-answer", rule_ipv6_answer },
	{ "dns.dns64", rule_dns64 },
	{ "net.no-ipv4", rule_no_ipv4 },
	{ NULL, NULL },
};
