/* SPDX-License-Identifier: MIT */
/* merge_subnets.c - which addresses lie in which subnet.
 *
 * A virtual network tells the prefixes of its subnets, an endpoint its own
 * subnet.  Where only the endpoint's document is there, its addresses stand
 * for the prefix.
 */
#include "import/merge.h"

#define BITS_V4 32
#define BITS_V6 128

static void add(struct import_merge *m, const char *id, const char *from,
		const struct diag_cidr *cidr, enum diag_policies policies)
{
	struct import_subnet *s =
	    import_push(m->im, &m->subnets, &m->n_subnets, sizeof(*s));

	if (s != NULL)
		*s = (struct import_subnet){ .key = id,
					     .from = from,
					     .cidr = *cidr,
					     .policies = policies };
}

/* --- who tells it ----------------------------------------------------------
 */

static void of_networks(struct import_merge *m)
{
	const struct diag_import *im = m->im;

	for (size_t i = 0; i < im->n_subnets; i++) {
		const struct import_subnet *s = &im->subnets[i];

		add(m, s->key, s->from, &s->cidr, s->policies);
		import_add_source(m, "subnets", s->key, s->from);
	}
}

static void of_inventory(struct import_merge *m,
			 const struct diag_inventory *inv, const char *from)
{
	const struct diag_cidr none = { .len = 0 };

	for (size_t i = 0; i < inv->n_subnets; i++) {
		const struct diag_subnet *s = &inv->subnets[i];

		if (s->n_prefixes == 0)
			add(m, s->id, from, &none, s->policies);
		for (size_t k = 0; k < s->n_prefixes; k++)
			add(m, s->id, from, &s->prefixes[k], s->policies);
	}
}

static void of_inventories(struct import_merge *m)
{
	const struct diag_import *im = m->im;

	for (size_t i = 0; i < im->n_inventories; i++) {
		const struct import_inventory *of = &im->inventories[i];

		if (!import_is_other(m, "", of->inv->workspace_id))
			of_inventory(m, of->inv, of->from);
	}
}

static void of_record(struct import_merge *m, const struct import_record *r)
{
	const struct import_pe *pe = import_pe_of(m, r->endpoint);
	const struct diag_cidr alone = {
		.addr = r->addr,
		.len = r->addr.family == DIAG_IPV4 ? BITS_V4 : BITS_V6,
	};

	if (pe == NULL || !pe->ours || pe->subnet[0] == '\0')
		return;
	add(m, pe->subnet, pe->from, &alone, DIAG_POLICIES_UNKNOWN);
	import_add_source(m, "subnets", pe->subnet, pe->from);
}

static void of_endpoints(struct import_merge *m)
{
	for (size_t i = 0; i < m->n_names; i++) {
		const struct import_name *n = &m->names[i];

		for (size_t k = 0; n->kept && k < n->n_records; k++) {
			if (n->records[k].rank >= IMPORT_CUSTOM)
				of_record(m, &n->records[k]);
		}
	}
}

void import_gather_subnets(struct import_merge *m)
{
	m->n_subnets = 0;
	m->subnets = NULL;
	of_networks(m);
	of_inventories(m);
	of_endpoints(m);
}
