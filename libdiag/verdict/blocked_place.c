/* SPDX-License-Identifier: MIT */
/* blocked_place.c - which groups stand before an address.
 *
 * A group hangs on subnets, on network interfaces, or nobody says where.  The
 * inventory may tell in which subnet an address lies; the interfaces of
 * machines it does not tell.  A private endpoint's interface takes no group,
 * and its subnet's holds it only with network policies for endpoints (azure.md
 * 3.3).
 */
#include "verdict/blocked.h"

#include <string.h>

static const struct diag_subnet *subnet_of(const struct judge *j,
					   const struct blocked_end *end)
{
	if (!end->addr || end->addr->family == DIAG_NOFAM)
		return NULL;
	return diag_inventory_subnet(j->c->inventory, end->addr);
}

enum diag_policies blocked_policies(const struct judge *j,
				    const struct blocked_end *end)
{
	const struct diag_subnet *s = subnet_of(j, end);

	return s && end->endpoint ? s->policies : DIAG_POLICIES_UNKNOWN;
}

/* The one of its subnets that is meant; NULL: none. */
static const char *const *hangs_on(const struct diag_nsg *g,
				   const struct diag_subnet *s)
{
	for (size_t i = 0; i < g->n_subnets; i++)
		if (strcmp(g->subnets[i], s->id) == 0)
			return &g->subnets[i];
	return NULL;
}

/* As it stands before this end; false: it does not. */
static bool trim(const struct judge *j, const struct blocked_end *end,
		 const struct diag_nsg *g, struct diag_nsg *out)
{
	const struct diag_subnet *s = subnet_of(j, end);
	bool nowhere = g->n_subnets == 0 && g->n_nics == 0;

	*out = *g;
	if (end->endpoint)
		out->n_nics = 0;
	if (s && g->n_subnets > 0) {
		out->subnets = hangs_on(g, s);
		out->n_subnets = out->subnets ? 1 : 0;
	}
	return nowhere || out->n_subnets > 0 || out->n_nics > 0;
}

bool blocked_is_before(const struct judge *j, const struct blocked_end *end,
		       const struct diag_nsg *g)
{
	struct diag_nsg trimmed;

	return blocked_policies(j, end) != DIAG_POLICIES_OFF &&
	       trim(j, end, g, &trimmed);
}

struct diag_nsg_list blocked_before(struct judge *j,
				    const struct blocked_end *end)
{
	const struct diag_nsg_list *all = blocked_groups(j);
	struct diag_nsg_list list = { .n = 0 };

	if (!all || blocked_policies(j, end) == DIAG_POLICIES_OFF)
		return list;
	list.items =
	    diag_arena_array(&j->v->arena, all->n, sizeof(*list.items));
	if (!list.items) {
		j->failed = true;
		return list;
	}
	for (size_t i = 0; i < all->n; i++)
		if (trim(j, end, &all->items[i], &list.items[list.n]))
			list.n++;
	return list;
}
