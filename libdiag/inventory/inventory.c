/* SPDX-License-Identifier: MIT */
/* inventory.c - make, end and ask an inventory. */
#include "inventory/inventory.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "inventory/inventory_internal.h"
#include "inventory/pattern.h"
#include "net/fqdn.h"

struct diag_inventory *diag_inventory_new(void)
{
	struct diag_inventory *inv = diag_alloc(sizeof(*inv));

	if (inv == NULL)
		return NULL;
	diag_arena_init(&inv->arena, 0);
	inv->name = "";
	inv->region = "";
	inv->workspace_name = "";
	inv->workspace_id = "";
	return inv;
}

void diag_inventory_free(struct diag_inventory *inv)
{
	if (inv == NULL)
		return;
	cJSON_Delete(inv->tree);
	diag_arena_clear(&inv->arena);
	diag_free(inv);
}

unsigned diag_storage_bit(enum diag_service s)
{
	if (s < DIAG_SVC_STORAGE_BLOB || s > DIAG_SVC_STORAGE_WEB)
		return 0;
	return 1U << (s - DIAG_SVC_STORAGE_BLOB);
}

unsigned diag_storage_default(void)
{
	return diag_storage_bit(DIAG_SVC_STORAGE_BLOB) |
	       diag_storage_bit(DIAG_SVC_STORAGE_FILE);
}

unsigned diag_storage_whole(unsigned named)
{
	if ((named & diag_storage_default()) != 0)
		return named;
	return named | diag_storage_default();
}

bool diag_inventory_has_net(const struct diag_inventory *inv,
			    const struct diag_addr *a)
{
	for (size_t i = 0; i < inv->n_networks; i++) {
		if (diag_cidr_has(&inv->networks[i], a))
			return true;
	}
	return false;
}

static int by_name(const void *a, const void *b)
{
	const struct diag_target *const *x = a;
	const struct diag_target *const *y = b;

	return strcmp((*x)->fqdn, (*y)->fqdn);
}

bool diag_inventory_seal(struct diag_inventory *inv, struct diag_err *err)
{
	const struct diag_target **index = diag_arena_array(
	    &inv->arena, inv->n_targets + 1, sizeof(const void *));
	size_t n = 0;

	if (index == NULL)
		return diag_fail_nomem(err, "inventory");
	for (size_t i = 0; i < inv->n_targets; i++) {
		if (inv->targets[i].fqdn != NULL)
			index[n++] = &inv->targets[i];
	}
	if (n > 1)
		qsort(index, n, sizeof(const void *), by_name);
	inv->by_name = index;
	inv->n_by_name = n;
	return true;
}

static const struct diag_target *search_all(const struct diag_inventory *inv,
					    const char *fqdn)
{
	for (size_t i = 0; i < inv->n_targets; i++) {
		const struct diag_target *t = &inv->targets[i];

		if (t->fqdn != NULL && strcmp(t->fqdn, fqdn) == 0)
			return t;
	}
	return NULL;
}

const struct diag_target *
diag_inventory_target(const struct diag_inventory *inv, const char *fqdn)
{
	size_t low = 0;
	size_t high = inv->n_by_name;

	if (inv->by_name == NULL)
		return search_all(inv, fqdn);
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = strcmp(inv->by_name[mid]->fqdn, fqdn);

		if (order == 0)
			return inv->by_name[mid];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* --- what explicit targets say by themselves ------------------------------ */

/* The names of the workspace itself: their id and region are the
 * inventory's, whereas a registry may replicate to any region. */
static bool tells_region(enum diag_service s)
{
	return s <= DIAG_SVC_ONLINE_ENDPOINT || s == DIAG_SVC_REGIONAL_API;
}

static bool take(struct diag_inventory *inv, const char **to, const char *text,
		 struct diag_err *err)
{
	if ((*to)[0] != '\0' || text[0] == '\0')
		return true;
	*to = diag_arena_strdup(&inv->arena, text);
	if (*to != NULL)
		return true;
	*to = "";
	return diag_fail_nomem(err, "inventory");
}

bool diag_inventory_complete(struct diag_inventory *inv, bool has_cloud,
			     struct diag_err *err)
{
	for (size_t i = 0; i < inv->n_targets; i++) {
		const struct diag_target *t = &inv->targets[i];
		struct diag_cat_match match;

		if (t->fqdn == NULL || !diag_cat_match(t->fqdn, &match) ||
		    !tells_region(match.row->service))
			continue;
		if (!has_cloud)
			inv->cloud = match.row->cloud;
		has_cloud = true;
		if (match.row->cloud != inv->cloud)
			continue;
		if (!take(inv, &inv->region, match.region, err) ||
		    !take(inv, &inv->workspace_id, match.id, err))
			return false;
	}
	if (!has_cloud)
		inv->cloud = diag_cloud_of_region(inv->region);
	return take(inv, &inv->name, inv->workspace_name, err);
}

bool diag_inventory_is_optional(const struct diag_inventory *inv,
				const struct diag_target *t)
{
	const struct diag_cat_public *rows = NULL;
	struct diag_cat_fill with = { .region = inv->region };
	char name[DIAG_FQDN_MAX];
	size_t n, i;

	if (!t->extra || t->fqdn == NULL)
		return false;
	n = diag_cat_public(inv->cloud, &rows);
	for (i = 0; i < n; i++) {
		if (!diag_cat_fill(rows[i].pattern, &with, name, sizeof(name)))
			continue;
		if (strcmp(name, t->fqdn) == 0)
			return !rows[i].required;
	}
	return true;
}
