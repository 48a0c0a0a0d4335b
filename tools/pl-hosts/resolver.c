/* SPDX-License-Identifier: MIT */
/* resolver.c - addresses from a name server that sees the private
 * zones: what its answers are good for.  An answer counts as a whole: one
 * public address beside a private one means that it cannot be trusted. */
#include <stdlib.h>
#include <string.h>

#include "tools/pl-hosts/wanted.h"

static int by_name(const void *a, const void *b)
{
	const struct diag_fact *const *x = a;
	const struct diag_fact *const *y = b;
	int order = strcmp((*x)->dns.name, (*y)->dns.name);

	if (order != 0)
		return order;
	return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

static int name_against(const void *key, const void *item)
{
	const struct diag_fact *const *f = item;

	return strcmp(key, (*f)->dns.name);
}

/* The truncated answer that was asked again over TCP does not count. */
static bool counts(const struct diag_fact *f)
{
	return f->kind == DIAG_FACT_DNS && f->dns.type == DIAG_RR_A &&
	       f->status != DIAG_ST_TRUNCATED;
}

static const struct diag_fact *answer_of(const struct hosts_resolver *r,
					 const char *name)
{
	const struct diag_fact *const *found =
	    r->n > 0 ? bsearch(name, r->by_name, r->n, sizeof(*r->by_name),
			       name_against)
		     : NULL;

	return found ? *found : NULL;
}

struct row {
	enum diag_status status;
	const char *text;
	bool told; /* that there is no address; else nobody knows */
};

static const struct row failures[] = {
	{ DIAG_ST_NODATA, "says that it has no IPv4 address", true },
	{ DIAG_ST_NXDOMAIN, "says that there is no such name", true },
	{ DIAG_ST_TIMEOUT, "does not answer in time", false },
	{ DIAG_ST_PORT_CLOSED, "has no name server: the port is closed",
	  false },
	{ DIAG_ST_UNREACHABLE, "cannot be reached", false },
	{ DIAG_ST_SERVFAIL, "fails (SERVFAIL)", false },
	{ DIAG_ST_REFUSED, "refuses to answer (REFUSED)", false },
	{ DIAG_ST_MALFORMED, "sends what is no answer", false },
	{ DIAG_ST_NOT_RUN, "was not asked", false },
};

static const struct row *failure(const struct diag_fact *f)
{
	static const struct row other = { DIAG_ST_FAILED,
					  "gives no answer that can be used",
					  false };
	enum diag_status status = f ? f->status : DIAG_ST_NOT_RUN;

	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++)
		if (failures[i].status == status)
			return &failures[i];
	return &other;
}

static bool failed(const struct hosts_resolver *r, const struct diag_fact *f,
		   struct hosts_answer *out)
{
	const struct row *row = failure(f);

	out->unknown = !row->told;
	out->why_not =
	    diag_arena_printf(r->arena, "%s %s", r->server, row->text);
	return out->why_not != NULL;
}

static const char *unfit_answer(const struct hosts_resolver *r,
				const struct diag_target *t,
				const struct diag_fact *f)
{
	char text[DIAG_ADDR_TEXT];

	for (size_t i = 0; i < f->dns.n_addresses; i++) {
		const struct diag_addr *a = &f->dns.addresses[i];
		const char *unfit = hosts_unfit(r->inv, t, a);

		if (unfit)
			return diag_arena_printf(
			    r->arena, "%s answers with %s, which is %s",
			    r->server, diag_addr_text(a, text), unfit);
	}
	return NULL;
}

/* It was asked because it knows better; a difference is told. */
static const char *surprise(const struct hosts_resolver *r,
			    const struct diag_target *t,
			    const struct diag_fact *f)
{
	if (t->n_addresses == 0)
		return NULL;
	for (size_t i = 0; i < f->dns.n_addresses; i++)
		if (!hosts_expected(t, &f->dns.addresses[i]))
			return diag_arena_printf(
			    r->arena, "the inventory expects %s",
			    hosts_addresses_text(r->arena, t->addresses,
						 t->n_addresses));
	return NULL;
}

static bool ask_resolver(void *ctx, const struct diag_target *t,
			 struct hosts_answer *out)
{
	struct hosts_resolver *r = ctx;
	const struct diag_fact *f = answer_of(r, t->fqdn);

	if (f == NULL || f->status != DIAG_ST_ANSWER || f->dns.n_addresses == 0)
		return failed(r, f, out);
	out->why_not = unfit_answer(r, t, f);
	if (out->why_not)
		return true;
	out->addresses = f->dns.addresses;
	out->n = f->dns.n_addresses;
	out->warning = surprise(r, t, f);
	out->why = diag_arena_printf(r->arena, "%s says so", r->server);
	return out->why != NULL;
}

bool hosts_source_resolver(struct hosts_resolver *r, struct hosts_source *out,
			   struct diag_err *err)
{
	r->by_name =
	    diag_arena_array(r->arena, r->facts->n + 1, sizeof(*r->by_name));
	if (r->by_name == NULL)
		return diag_fail_nomem(err, "pl-hosts");
	r->n = 0;
	for (size_t i = 0; i < r->facts->n; i++)
		if (counts(r->facts->facts[i]))
			r->by_name[r->n++] = r->facts->facts[i];
	if (r->n > 0)
		qsort(r->by_name, r->n, sizeof(*r->by_name), by_name);
	*out = (struct hosts_source){ .ask = ask_resolver, .ctx = r };
	return true;
}
