/* SPDX-License-Identifier: MIT */
/* ways.c - which groups stand one behind the other.
 *
 * A machine has one subnet and one network interface in question, and each has
 * one group at most.  Of several groups on subnets one is in the way, and the
 * same goes for interfaces; a group of unknown place is always taken to be in
 * it.  A group that hangs on both is met twice, which is the same as once.
 */
#include "nsg/evaluate.h"

#include <string.h>

struct places {
	const struct diag_nsg **subnet, **nic, **unknown;
	size_t n_subnet, n_nic, n_unknown;
};

static bool sort_places(const struct diag_nsg_list *groups,
			struct diag_arena *arena, struct places *p)
{
	size_t n = groups->n + 1;
	const struct diag_nsg **room =
	    diag_arena_array(arena, n * 3, sizeof(*room));

	if (room == NULL)
		return false;
	*p = (struct places){ room, room + n, room + 2 * n, 0, 0, 0 };
	for (size_t i = 0; i < groups->n; i++) {
		const struct diag_nsg *g = &groups->items[i];

		if (g->n_subnets > 0)
			p->subnet[p->n_subnet++] = g;
		if (g->n_nics > 0)
			p->nic[p->n_nic++] = g;
		if (g->n_subnets == 0 && g->n_nics == 0)
			p->unknown[p->n_unknown++] = g;
	}
	return true;
}

static bool add_way(const struct places *p, size_t subnet, size_t nic,
		    struct diag_arena *arena, struct nsg_ways *out)
{
	const struct diag_nsg **groups =
	    diag_arena_array(arena, p->n_unknown + 2, sizeof(*groups));
	struct nsg_way *way =
	    diag_arena_push(arena, &out->items, &out->n, sizeof(*way));
	size_t n = 0;

	if (groups == NULL || way == NULL)
		return false;
	if (subnet < p->n_subnet)
		groups[n++] = p->subnet[subnet];
	for (size_t i = 0; i < p->n_unknown; i++)
		groups[n++] = p->unknown[i];
	if (nic < p->n_nic && (n == 0 || groups[0] != p->nic[nic]))
		groups[n++] = p->nic[nic];
	*way = (struct nsg_way){ groups, n };
	return true;
}

bool nsg_ways_of(const struct diag_nsg_list *groups, struct diag_arena *arena,
		 struct nsg_ways *out)
{
	struct places p;
	size_t subnets;
	size_t nics;

	*out = (struct nsg_ways){ .n = 0 };
	if (groups == NULL || groups->n == 0)
		return true;
	if (!sort_places(groups, arena, &p))
		return false;
	subnets = p.n_subnet > 0 ? p.n_subnet : 1;
	nics = p.n_nic > 0 ? p.n_nic : 1;
	out->too_many = subnets * nics > NSG_WAYS_MAX;
	for (size_t i = 0; i < subnets && !out->too_many; i++) {
		for (size_t j = 0; j < nics; j++) {
			if (!add_way(&p, i, j, arena, out))
				return false;
		}
	}
	return true;
}

bool diag_nsg_ways(const struct diag_nsg_list *groups, struct diag_arena *arena,
		   const struct diag_nsg_list **out, size_t *n,
		   struct diag_err *err)
{
	struct diag_nsg_list *lists;
	struct nsg_ways ways;

	if (!nsg_ways_of(groups, arena, &ways))
		return diag_fail_nomem(err, "network security groups");
	if (ways.too_many)
		return diag_fail(err, DIAG_ELIMIT, "network security groups",
				 "more than %d pairs of a subnet's group and a "
				 "network interface's",
				 NSG_WAYS_MAX);
	lists = diag_arena_array(arena, ways.n + 1, sizeof(*lists));
	if (lists == NULL)
		return diag_fail_nomem(err, "network security groups");
	for (size_t i = 0; i < ways.n; i++) {
		lists[i].n = ways.items[i].n;
		lists[i].items = diag_arena_array(arena, lists[i].n,
						  sizeof(*lists[i].items));
		if (lists[i].items == NULL)
			return diag_fail_nomem(err, "network security groups");
		for (size_t j = 0; j < lists[i].n; j++)
			lists[i].items[j] = *ways.items[i].groups[j];
	}
	*out = lists;
	*n = ways.n;
	return true;
}
