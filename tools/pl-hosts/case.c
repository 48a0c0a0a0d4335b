/* SPDX-License-Identifier: MIT */
/* case.c - addresses from what pl-doctor saw on another machine.
 *
 * Taken are the addresses that decided there for a name that is well, if they
 * are expected, inside the networks, or met this very service over TLS.  For a
 * name that is not well there: the expected addresses that answered TLS with
 * the right certificate, because then only DNS was wrong.
 */
#include <string.h>

#include "tools/pl-hosts/wanted.h"

/* Did this service show its certificate at this address? */
static bool met(const struct hosts_case *h, const char *name,
		const struct diag_addr *a)
{
	for (size_t i = 0; i < h->c->facts.n; i++) {
		const struct diag_fact *f = h->c->facts.facts[i];

		if (f->kind == DIAG_FACT_TLS && f->status == DIAG_ST_OK &&
		    f->target && strcmp(f->target, name) == 0 &&
		    diag_addr_eq(&f->tls.address, a))
			return true;
	}
	return false;
}

static bool proved(const struct hosts_case *h, const struct diag_target *t,
		   const struct diag_addr *a)
{
	const struct diag_inventory *inv = h->c->inventory;

	return hosts_unfit(inv, t, a) == NULL &&
	       (hosts_expected(t, a) || diag_inventory_has_net(inv, a) ||
		met(h, t->fqdn, a));
}

/* Copy those of some addresses that fit. */
static bool take(const struct hosts_case *h, const struct diag_target *t,
		 const struct diag_addr *from, size_t n,
		 bool (*fits)(const struct hosts_case *,
			      const struct diag_target *,
			      const struct diag_addr *),
		 struct hosts_answer *out)
{
	struct diag_addr *copy =
	    diag_arena_array(h->arena, n + 1, sizeof(*copy));

	if (copy == NULL)
		return false;
	out->addresses = copy;
	for (size_t i = 0; i < n; i++)
		if (fits(h, t, &from[i]))
			copy[out->n++] = from[i];
	return true;
}

static bool answered(const struct hosts_case *h, const struct diag_target *t,
		     const struct diag_addr *a)
{
	return met(h, t->fqdn, a);
}

/* The verdict keeps the order of the inventory. */
static const struct diag_target_verdict *verdict_of(const struct hosts_case *h,
						    const struct diag_target *t)
{
	size_t at = t ? (size_t)(t - h->c->inventory->targets) : 0;

	if (t == NULL || at >= h->v->n_targets || h->v->targets[at].target != t)
		return NULL;
	return &h->v->targets[at];
}

static const char *where(const struct hosts_case *h)
{
	const struct diag_origin *o = &h->c->origins[0];

	if (h->c->n_origins > 1)
		return "the cases";
	return o->host && o->host[0] != '\0' ? o->host : "the case";
}

static bool is_well(const struct diag_target_verdict *tv)
{
	return tv->status == DIAG_TARGET_OK || tv->status == DIAG_TARGET_WARN;
}

static bool ask_case(void *ctx, const struct diag_target *t,
		     struct hosts_answer *out)
{
	struct hosts_case *h = ctx;
	const struct diag_target *theirs =
	    diag_inventory_target(h->c->inventory, t->fqdn);
	const struct diag_target_verdict *tv = verdict_of(h, theirs);

	out->why_not = diag_arena_printf(
	    h->arena,
	    tv ? "%s proved no private address of it" : "%s does not know it",
	    where(h));
	out->unknown = true; /* a case never says that there is none */
	if (out->why_not == NULL)
		return false;
	if (tv == NULL)
		return true;
	if (is_well(tv) &&
	    !take(h, theirs, tv->addresses, tv->n_addresses, proved, out))
		return false;
	out->why = diag_arena_printf(h->arena, "proved right on %s", where(h));
	if (out->n > 0 || out->why == NULL)
		return out->why != NULL;
	out->why = diag_arena_printf(
	    h->arena, "expected, and answered TLS on %s", where(h));
	return out->why != NULL && take(h, theirs, theirs->addresses,
					theirs->n_addresses, answered, out);
}

struct hosts_source hosts_source_case(struct hosts_case *c)
{
	return (struct hosts_source){ .ask = ask_case, .ctx = c };
}
