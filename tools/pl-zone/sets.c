/* SPDX-License-Identifier: MIT */
/* sets.c - which records a zone has to hold for an inventory.
 *
 * A name that lies in the zone is its own owner.  In a privatelink zone the
 * owner is the record that the alias leads to; several names may share it.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/pl-zone/update.h"

struct wanted {
	const char *owner;
	const struct diag_addr *addrs;
	size_t n;
};

static const char *owner_in(struct zone_change *c,
			    const struct diag_zone_name *name)
{
	if (name->zone != NULL && strcmp(name->zone, c->zone) == 0)
		return diag_arena_printf(&c->call->arena, "%s.%s", name->record,
					 c->zone);
	return name->fqdn;
}

static bool is_ours(const struct zone_change *c,
		    const struct diag_zone_name *name)
{
	return (name->zone != NULL && strcmp(name->zone, c->zone) == 0) ||
	       diag_fqdn_under(name->fqdn, c->zone);
}

static int by_owner(const void *a, const void *b)
{
	return strcmp(((const struct wanted *)a)->owner,
		      ((const struct wanted *)b)->owner);
}

/* --- sets ------------------------------------------------------------------
 */

static bool has_addr(const struct diag_addr *list, size_t n,
		     const struct diag_addr *a)
{
	for (size_t i = 0; i < n; i++)
		if (diag_addr_eq(&list[i], a))
			return true;
	return false;
}

static size_t count(const struct wanted *w, size_t n)
{
	size_t all = 0;

	for (size_t i = 0; i < n; i++)
		all += w[i].n;
	return all;
}

/* The addresses of one family that names with this owner have. */
static bool put_set(struct zone_change *c, const struct wanted *w, size_t n,
		    enum diag_family family, struct diag_update_set *out)
{
	struct diag_addr *will =
	    diag_arena_array(&c->call->arena, count(w, n) + 1, sizeof(*will));

	if (will == NULL)
		return false;
	*out = (struct diag_update_set){ .owner = w[0].owner,
					 .family = family,
					 .will = will,
					 .ttl_s = c->o->ttl_s };
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < w[i].n; k++)
			if (w[i].addrs[k].family == family &&
			    !has_addr(will, out->n_will, &w[i].addrs[k]))
				will[out->n_will++] = w[i].addrs[k];
	return true;
}

static size_t same_owner(const struct wanted *w, size_t n)
{
	size_t k = 1;

	while (k < n && strcmp(w[k].owner, w[0].owner) == 0)
		k++;
	return k;
}

static bool make_sets(struct zone_change *c, const struct wanted *w, size_t n)
{
	static const enum diag_family families[] = { DIAG_IPV4, DIAG_IPV6 };
	struct diag_update_set *sets =
	    diag_arena_array(&c->call->arena, 2 * n + 1, sizeof(*sets));
	size_t n_sets = 0, step;

	if (sets == NULL)
		return false;
	for (size_t i = 0; i < n; i += step) {
		step = same_owner(&w[i], n - i);
		for (size_t f = 0; f < 2; f++) {
			if (!put_set(c, &w[i], step, families[f],
				     &sets[n_sets]))
				return false;
			n_sets += sets[n_sets].n_will > 0;
		}
	}
	c->update.sets = sets;
	c->update.n = n_sets;
	return true;
}

bool zone_sets_of(struct zone_change *c, const struct diag_zone_names *names,
		  struct diag_err *err)
{
	struct wanted *w =
	    diag_arena_array(&c->call->arena, names->n + 1, sizeof(*w));
	size_t n = 0;

	if (w == NULL)
		return diag_fail_nomem(err, "pl-zone");
	for (size_t i = 0; i < names->n; i++) {
		const struct diag_zone_name *name = &names->items[i];

		if (!is_ours(c, name))
			continue;
		w[n].owner = owner_in(c, name);
		w[n].addrs = name->addresses;
		w[n].n = name->n_addresses;
		if (w[n++].owner == NULL)
			return diag_fail_nomem(err, "pl-zone");
	}
	if (n > 1)
		qsort(w, n, sizeof(*w), by_owner);
	c->update.zone = c->zone;
	if (!make_sets(c, w, n))
		return diag_fail_nomem(err, "pl-zone");
	return n > 0 ||
	       diag_fail(err, DIAG_EUSAGE, "--zone",
			 "no name of this inventory with a known address lies "
			 "in %s",
			 c->zone);
}
