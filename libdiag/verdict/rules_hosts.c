/* SPDX-License-Identifier: MIT */
/* rules_hosts.c - the hosts file of the machine, where it decides. */
#include "verdict/rules_dns.h"

#include <string.h>

#include "net/fqdn.h"

static const char *path_of(const struct ev_origin *o)
{
	return o->machine != NULL && o->machine->hosts_path != NULL
		   ? o->machine->hosts_path
		   : "hosts";
}

/* --- hosts.overrides-dns -------------------------------------------------- */

static const char *dns_would_say(struct judge *j, const struct ev_target *t)
{
	size_t i;

	for (i = 0; i < t->n_answers; i++) {
		const struct ev_answer *a = &t->answers[i];

		if (a->view->system || a->asked == DIAG_ASKED_NO ||
		    a->kind <= EV_NOT_RUN || ev_kind_is_server(a->kind))
			continue;
		return judge_text(j, "; without it DNS would give %s",
				  dns_addrs(j, a));
	}
	return "";
}

static void say_overrides(struct judge *j, const struct ev_target *t,
			  const struct ev_answer *a)
{
	struct draft *d =
	    judge_find(j, "hosts.overrides-dns", judge_cap(t, DIAG_ERROR),
		       path_of(t->origin));
	size_t i;

	draft_detail(
	    j, d, "%s line %u gives %s for %s; expected is %s%s.",
	    path_of(t->origin), t->hosts[0]->line, dns_addrs(j, a), t->t->fqdn,
	    ev_wants_public(t->t) ? "the public service" : dns_expected(j, t),
	    dns_would_say(j, t));
	draft_target(j, d, t);
	for (i = 0; i < t->n_hosts; i++)
		draft_proof(j, d, a->fact, "%s:%u: %s %s", path_of(t->origin),
			    t->hosts[i]->line, judge_addr(j, t->hosts[i]->addr),
			    t->hosts[i]->name);
	dns_prove_path(j, d, t);
}

static void rule_overrides_dns(struct judge *j)
{
	dns_each(j, EV_HOSTS_WRONG, say_overrides);
}

/* --- hosts.malformed ------------------------------------------------------ */

/* A wildcard ("*.zone") is meant for every name under its zone. */
static bool is_meant(const struct diag_hosts_fault *f,
		     const struct ev_target *t)
{
	if (f->meant == NULL || !t->any_fact || t->unused)
		return false;
	if (f->kind == DIAG_HOSTS_WILDCARD && strncmp(f->meant, "*.", 2) == 0)
		return diag_fqdn_under(t->t->fqdn, f->meant + 2);
	return strcmp(t->t->fqdn, f->meant) == 0;
}

static struct draft *malformed(struct judge *j, const struct ev_origin *o,
			       const struct ev_target *t)
{
	bool fails = t->deciding != NULL && t->kind > EV_NOT_RUN &&
		     !ev_kind_is_good(t->kind);

	return judge_find(j, "hosts.malformed",
			  judge_cap(t, fails ? DIAG_ERROR : DIAG_WARNING),
			  path_of(o));
}

static void say_malformed(struct judge *j, const struct ev_origin *o,
			  const struct ev_target *t,
			  const struct diag_hosts_fault *f)
{
	struct draft *d = malformed(j, o, t);
	const struct diag_fact *fact =
	    t->deciding != NULL ? t->deciding->fact : NULL;

	draft_detail(j, d, "%s:%u:%u: %s", path_of(o), f->line, f->column,
		     f->text);
	draft_target(j, d, t);
	draft_proof(j, d, fact, "%s:%u:%u: %s: %s", path_of(o), f->line,
		    f->column, diag_hosts_fault_key(f->kind), f->text);
}

static void say_fault(struct judge *j, const struct ev_origin *o,
		      const struct diag_hosts_fault *f)
{
	const struct ev_target *last = NULL;
	size_t i;

	for (i = 0; i < j->c->inventory->n_targets; i++)
		if (is_meant(f, &o->targets[i])) {
			last = &o->targets[i];
			say_malformed(j, o, last, f);
		}
	if (last != NULL && f->corrected != NULL)
		draft_proof(j, malformed(j, o, last), NULL,
			    "the line should be: %s", f->corrected);
}

static void rule_malformed(struct judge *j)
{
	size_t i, k;

	for (i = 0; i < j->ev->n_origins; i++) {
		const struct ev_origin *o = &j->ev->origins[i];

		for (k = 0; o->machine && k < o->machine->hosts.n_faults; k++)
			say_fault(j, o, &o->machine->hosts.faults[k]);
	}
}

const struct diag_rule rules_hosts[] = {
	{ "hosts.overrides-dns", rule_overrides_dns },
	{ "hosts.malformed", rule_malformed },
	{ NULL, NULL },
};
