/* SPDX-License-Identifier: MIT */
/* compare_answer.c - how each machine came to an address, and whether the two
 * came to the same. */
#include "bundle/compare_internal.h"

#include "base/text.h"

#include <string.h>

bool cmp_same_set(const struct diag_addr *a, size_t n_a,
		  const struct diag_addr *b, size_t n_b)
{
	for (size_t i = 0; i < n_a; i++) {
		size_t k = 0;

		while (k < n_b && !diag_addr_eq(&a[i], &b[k]))
			k++;
		if (k == n_b)
			return false;
	}
	return n_a == n_b;
}

static bool is_in(const struct diag_addr *a, const struct diag_addr *list,
		  size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (diag_addr_eq(a, &list[i]))
			return true;
	return false;
}

static enum cmp_class class_of_one(const struct cmp_side *s,
				   const struct diag_target *t,
				   const struct diag_addr *a)
{
	enum diag_scope scope = diag_scope_of(a);

	if (is_in(a, t->addresses, t->n_addresses))
		return CMP_RIGHT;
	if (s->s->c->inventory != NULL &&
	    diag_inventory_has_net(s->s->c->inventory, a))
		return CMP_PRIVATE;
	if (diag_scope_is_unusable(scope))
		return CMP_UNUSABLE;
	return diag_scope_is_private(scope) ? CMP_PRIVATE : CMP_PUBLIC;
}

enum cmp_class cmp_class_of(const struct cmp_side *s,
			    const struct diag_target *t,
			    const struct diag_addr *addrs, size_t n)
{
	enum cmp_class all = CMP_NONE;

	for (size_t i = 0; i < n; i++) {
		enum cmp_class one = class_of_one(s, t, &addrs[i]);

		if (all != CMP_NONE && one != all)
			return CMP_MIXED;
		all = one;
	}
	return all;
}

/* --- whose answer it is --------------------------------------------------- */

/* The less, the likelier that this is the question whose answer the machine
 * took: one that it would ask for this name and that says what it took; the
 * server itself rather than the stub before it. */
#define NOT_ASKED 16u
#define SAYS_ELSE 8u
#define FALLBACK  2u
#define IS_STUB	  1u

static unsigned unlikely(const struct cmp_side *s, const char *name,
			 const struct cmp_answer *a, const struct diag_fact *f,
			 const struct diag_endpoint *at)
{
	unsigned score = 0;
	enum diag_asked asked = DIAG_ASKED_YES;

	if (s->m->n_servers > 0)
		asked = diag_machine_asked(s->m, at, name);
	if (asked == DIAG_ASKED_NO)
		score += NOT_ASKED;
	if (asked == DIAG_ASKED_FALLBACK)
		score += FALLBACK;
	if (f->dns.n_addresses == 0
		? a->n_addrs > 0
		: !is_in(&f->dns.addresses[0], a->addrs, a->n_addrs))
		score += SAYS_ELSE;
	if (diag_scope_of(&at->addr) == DIAG_SCOPE_LOOPBACK)
		score += IS_STUB;
	return score;
}

static void find_asked(const struct cmp_side *s, const char *name,
		       struct cmp_answer *a)
{
	unsigned best = ~0u;
	size_t n;
	const struct diag_fact *const *facts = cmp_facts(s, name, &n);

	for (size_t i = 0; i < n; i++) {
		const struct diag_fact *f = facts[i];
		struct diag_endpoint at;
		unsigned score;

		if (f->status == DIAG_ST_NOT_RUN)
			continue;
		if (f->kind == DIAG_FACT_SYSTEM_DNS)
			a->system = f;
		if (f->kind != DIAG_FACT_DNS || f->dns.type != DIAG_RR_A ||
		    strcmp(f->dns.name, name) != 0 ||
		    !diag_endpoint_parse(f->dns.view, 53, &at))
			continue;
		score = unlikely(s, name, a, f, &at);
		if (score > best || (score == best && a->asked != NULL &&
				     !diag_endpoint_eq(&at, &a->at)))
			continue;
		best = score;
		a->asked = f;
		a->at = at;
		a->stub = diag_scope_of(&at.addr) == DIAG_SCOPE_LOOPBACK;
	}
}

static void fill(const struct cmp_side *s, const struct diag_target_verdict *t,
		 const char *name, struct cmp_answer *a)
{
	a->addrs = t->addresses;
	a->n_addrs = t->n_addresses;
	a->from_hosts = t->from_hosts;
	a->cls = cmp_class_of(s, t->target, a->addrs, a->n_addrs);
	find_asked(s, name, a);
}

void cmp_answers(struct cmp *x, struct cmp_pair *p)
{
	fill(&x->good, p->good, p->good_name, &p->ga);
	fill(&x->bad, p->bad, p->name, &p->ba);
}

/* --- the same? ------------------------------------------------------------ */

/* A private address that both expect or both were told. */
static bool share_private(const struct cmp_pair *p)
{
	const struct diag_target *g = p->good->target;
	const struct diag_target *b = p->bad->target;

	for (size_t i = 0; i < g->n_addresses; i++)
		if (is_in(&g->addresses[i], b->addresses, b->n_addresses))
			return true;
	for (size_t i = 0; i < p->ga.n_addrs; i++)
		if (diag_scope_is_private(diag_scope_of(&p->ga.addrs[i])) &&
		    is_in(&p->ga.addrs[i], p->ba.addrs, p->ba.n_addrs))
			return true;
	return false;
}

bool cmp_addresses_compare(const struct cmp *x)
{
	if (!x->out->by_service)
		return true;
	for (size_t i = 0; i < x->n_pairs; i++)
		if (share_private(&x->pairs[i]))
			return true;
	return false;
}

static bool was_asked(const struct cmp_answer *a)
{
	return a->system != NULL || a->asked != NULL || a->n_addrs > 0;
}

/* Without an address: why there is none. */
static bool same_failure(const struct cmp_answer *a, const struct cmp_answer *b)
{
	if (a->asked != NULL && b->asked != NULL)
		return a->asked->status == b->asked->status;
	if (a->system != NULL && b->system != NULL)
		return a->system->status == b->system->status;
	return true;
}

/* A private address of which nobody knows whether it is right is as good as a
 * right one where addresses say nothing. */
static enum cmp_class coarse(const struct cmp *x, enum cmp_class c)
{
	return c == CMP_RIGHT && !x->addresses ? CMP_PRIVATE : c;
}

/* One public address is as good as another, unless the verdict says that this
 * one is not what the name should lead to. */
static bool is_any_public(const struct cmp_pair *p)
{
	const struct diag_target_verdict *t = p->bad;

	if (p->ba.cls != CMP_PUBLIC)
		return false;
	for (size_t i = 0; i < t->n_findings; i++)
		if (t->target->expect == DIAG_EXPECT_PUBLIC &&
		    (diag_text_starts(t->findings[i]->info->code, "dns.") ||
		     diag_text_starts(t->findings[i]->info->code, "hosts.")) &&
		    cmp_only_bad(p, t->findings[i]->info->code))
			return false;
	return true;
}

static bool same_answer(const struct cmp *x, const struct cmp_pair *p)
{
	const struct cmp_answer *a = &p->ga;
	const struct cmp_answer *b = &p->ba;

	if (!was_asked(a) || !was_asked(b))
		return true;
	if (a->n_addrs == 0 && b->n_addrs == 0)
		return same_failure(a, b);
	if (cmp_same_set(a->addrs, a->n_addrs, b->addrs, b->n_addrs))
		return true;
	if (coarse(x, a->cls) != coarse(x, b->cls))
		return false;
	return a->cls == CMP_RIGHT || is_any_public(p) || !x->addresses;
}

/* --- the way -------------------------------------------------------------- */

static bool address_of(const struct cmp_side *s,
		       const struct diag_target_verdict *t,
		       struct diag_addr *out)
{
	const struct diag_fact *f =
	    t->tcp != 0 ? diag_store_get(&s->s->c->facts, t->tcp) : NULL;

	if (f != NULL)
		*out = f->tcp.address;
	else if (t->n_addresses > 0)
		*out = t->addresses[0];
	else if (t->target->n_addresses > 0)
		*out = t->target->addresses[0];
	return out->family != DIAG_NOFAM;
}

static bool was_tried(const struct cmp_side *s, const char *name,
		      const struct diag_addr *to)
{
	return cmp_fact_to(s, name, DIAG_FACT_TCP, to, 0) != NULL ||
	       cmp_route_to(s, to) != NULL;
}

/* The address at which it works there; if that was tried here, too, the way
 * to it.  Else the way to what is the same kind of address here. */
static void find_way(struct cmp *x, struct cmp_pair *p)
{
	struct cmp_way w = { .good.family = DIAG_NOFAM };

	if (!address_of(&x->good, p->good, &w.good))
		return;
	if (was_tried(&x->bad, p->name, &w.good))
		w.bad = w.good;
	else if (!p->same_answer || !address_of(&x->bad, p->bad, &w.bad))
		return;
	p->way = w;
}

void cmp_joined(struct cmp *x, struct cmp_pair *p)
{
	p->same_answer = same_answer(x, p);
	find_way(x, p);
}

/* --- the server ----------------------------------------------------------- */

enum cmp_same cmp_same_server(const struct cmp *x, const struct cmp_answer *a,
			      const struct cmp_answer *b)
{
	if (a->asked == NULL || b->asked == NULL)
		return CMP_NOT_KNOWN;
	if (a->stub && b->stub)
		return CMP_NOT_KNOWN;
	if (diag_endpoint_eq(&a->at, &b->at))
		return CMP_SAME;
	if (x->addresses ||
	    diag_scope_of(&a->at.addr) != diag_scope_of(&b->at.addr))
		return CMP_OTHER;
	return CMP_NOT_KNOWN;
}

bool cmp_depends_on_asker(const struct cmp *x, const struct cmp_pair *p)
{
	const struct diag_fact *there =
	    cmp_fact_of_view(&x->good, p->good_name, p->ba.asked->dns.view);
	const struct diag_fact *here =
	    cmp_fact_of_view(&x->bad, p->name, p->ga.asked->dns.view);

	if (!x->addresses || p->ga.n_addrs == 0)
		return false;
	if (there != NULL && there->dns.n_addresses > 0 &&
	    is_in(&there->dns.addresses[0], p->ga.addrs, p->ga.n_addrs))
		return true;
	return here != NULL && here->status == DIAG_ST_ANSWER &&
	       here->dns.n_addresses > 0 &&
	       is_in(&here->dns.addresses[0], p->ba.addrs, p->ba.n_addrs);
}
