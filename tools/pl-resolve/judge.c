/* SPDX-License-Identifier: MIT */
/* judge.c - is an answer what it should be?
 *
 * By itself and on one fact only: causes are pl-doctor's business.  Without an
 * inventory nothing is known of what should be, so only failures are bad.
 */
#include "tools/pl-resolve/resolve.h"

#include "net/scope.h"

const struct diag_addr *resolve_addresses(const struct diag_fact *f, size_t *n)
{
	if (f->kind == DIAG_FACT_DNS) {
		*n = f->dns.n_addresses;
		return f->dns.addresses;
	}
	*n = f->system_dns.n_addresses;
	return f->system_dns.addresses;
}

const char *resolve_view(const struct diag_fact *f)
{
	return f->kind == DIAG_FACT_DNS ? f->dns.view : "system";
}

const char *resolve_name(const struct diag_fact *f)
{
	return f->kind == DIAG_FACT_DNS ? f->dns.name : f->system_dns.name;
}

const struct diag_target *resolve_target(const struct diag_inventory *inv,
					 const char *name)
{
	return inv ? diag_inventory_target(inv, name) : NULL;
}

static bool is_expected(const struct diag_target *t, const struct diag_addr *a)
{
	for (size_t i = 0; t && i < t->n_addresses; i++)
		if (diag_addr_eq(&t->addresses[i], a))
			return true;
	return false;
}

static bool is_ours(const struct diag_inventory *inv, const struct diag_addr *a)
{
	return inv && diag_inventory_has_net(inv, a);
}

const char *resolve_scope(const struct diag_inventory *inv,
			  const struct diag_target *t,
			  const struct diag_addr *a)
{
	if (is_expected(t, a))
		return "expected";
	if (is_ours(inv, a))
		return "in the VNet";
	return diag_scope_name(diag_scope_of(a));
}

bool resolve_suits(const struct diag_inventory *inv,
		   const struct diag_target *t, const struct diag_addr *a)
{
	enum diag_scope scope = diag_scope_of(a);
	bool inside = is_ours(inv, a) || diag_scope_is_private(scope);

	if (is_expected(t, a))
		return true;
	if (diag_scope_is_unusable(scope) && !is_ours(inv, a))
		return false;
	if (t->n_addresses > 0)
		return false;
	if (t->expect == DIAG_EXPECT_PRIVATE)
		return inside;
	return t->expect == DIAG_EXPECT_ANY || !inside;
}

static struct resolve_verdict of_answer(const struct diag_inventory *inv,
					const struct diag_target *t,
					const struct diag_fact *f)
{
	size_t n = 0, good = 0;
	const struct diag_addr *a = resolve_addresses(f, &n);

	if (t == NULL)
		return (struct resolve_verdict){ RESOLVE_FINE, "" };
	for (size_t i = 0; i < n; i++)
		good += resolve_suits(inv, t, &a[i]);
	if (good == n)
		return (struct resolve_verdict){ RESOLVE_FINE, "right" };
	return (struct resolve_verdict){ RESOLVE_BAD,
					 good > 0 ? "mixed" : "wrong" };
}

/* A name that may be computed wrongly, or is one of several forms, may be
 * missing; and no private name has an IPv6 address. */
static struct resolve_verdict of_nothing(const struct diag_target *t,
					 const struct diag_fact *f)
{
	bool aaaa = f->kind == DIAG_FACT_DNS && f->dns.type == DIAG_RR_AAAA;

	if (aaaa)
		return (struct resolve_verdict){ RESOLVE_FINE, "" };
	if (t && (t->uncertain || t->any_of))
		return (struct resolve_verdict){ RESOLVE_FINE, "may be" };
	return (struct resolve_verdict){ RESOLVE_BAD, "missing" };
}

struct resolve_verdict resolve_judge(const struct diag_inventory *inv,
				     const struct diag_fact *f)
{
	const struct diag_target *t = resolve_target(inv, resolve_name(f));

	switch (f->status) {
	case DIAG_ST_ANSWER:
		return of_answer(inv, t, f);
	case DIAG_ST_NODATA:
	case DIAG_ST_NXDOMAIN:
	case DIAG_ST_NONE:
		return of_nothing(t, f);
	case DIAG_ST_TRUNCATED: /* the same question over TCP decides */
		return (struct resolve_verdict){ RESOLVE_FINE, "" };
	case DIAG_ST_NOT_RUN:
		return (struct resolve_verdict){ RESOLVE_UNKNOWN, "" };
	default:
		return (struct resolve_verdict){ RESOLVE_BAD, "failed" };
	}
}
