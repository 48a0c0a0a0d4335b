/* SPDX-License-Identifier: MIT */
/* copy.c - an inventory once more, in an arena of its own.
 *
 * Memory that was missing is noted once; the caller throws the half away.
 */
#include <string.h>

#include "inventory/inventory_internal.h"

struct copy {
	struct diag_arena *to;
	bool nomem;
};

static const char *copy_text(struct copy *c, const char *text)
{
	const char *copy = diag_arena_strdup(c->to, text);

	c->nomem = c->nomem || (text != NULL && copy == NULL);
	return copy;
}

static void *copy_items(struct copy *c, const void *items, size_t n,
			size_t size)
{
	void *copy = n > 0 ? diag_arena_array(c->to, n, size) : NULL;

	if (copy != NULL)
		memcpy(copy, items, n * size);
	c->nomem = c->nomem || (n > 0 && copy == NULL);
	return copy;
}

static const char *const *copy_texts(struct copy *c, const char *const *items,
				     size_t n)
{
	const char **copy = copy_items(c, items, n, sizeof(*copy));

	for (size_t i = 0; copy != NULL && i < n; i++)
		copy[i] = copy_text(c, items[i]);
	return copy;
}

static struct diag_names copy_names(struct copy *c, struct diag_names names)
{
	return (struct diag_names){ copy_texts(c, names.items, names.n),
				    names.n };
}

static const struct diag_registry *
copy_registry(struct copy *c, const struct diag_registry *items, size_t n)
{
	struct diag_registry *copy = copy_items(c, items, n, sizeof(*copy));

	for (size_t i = 0; copy != NULL && i < n; i++) {
		copy[i].name = copy_text(c, items[i].name);
		copy[i].regions =
		    copy_texts(c, items[i].regions, items[i].n_regions);
	}
	return copy;
}

static const struct diag_note *
copy_notes(struct copy *c, const struct diag_note *items, size_t n)
{
	struct diag_note *copy = copy_items(c, items, n, sizeof(*copy));

	for (size_t i = 0; copy != NULL && i < n; i++) {
		copy[i].code = copy_text(c, items[i].code);
		copy[i].detail = copy_text(c, items[i].detail);
		copy[i].from = copy_text(c, items[i].from);
		copy[i].targets =
		    copy_texts(c, items[i].targets, items[i].n_targets);
	}
	return copy;
}

static const struct diag_subnet *
copy_subnets(struct copy *c, const struct diag_subnet *items, size_t n)
{
	struct diag_subnet *copy = copy_items(c, items, n, sizeof(*copy));

	for (size_t i = 0; copy != NULL && i < n; i++) {
		copy[i].id = copy_text(c, items[i].id);
		copy[i].prefixes =
		    copy_items(c, items[i].prefixes, items[i].n_prefixes,
			       sizeof(*items[i].prefixes));
	}
	return copy;
}

/* The two parts that stay as they were read hang on a tree of their own. */
static void copy_tree(struct copy *c, const struct diag_inventory *inv,
		      struct diag_inventory *out)
{
	cJSON *nsgs = NULL;
	cJSON *sources = NULL;

	if (inv->nsgs == NULL && inv->sources == NULL)
		return;
	out->tree = cJSON_CreateArray();
	if (inv->nsgs != NULL)
		nsgs = cJSON_Duplicate(inv->nsgs, true);
	if (inv->sources != NULL)
		sources = cJSON_Duplicate(inv->sources, true);
	if (out->tree == NULL || (inv->nsgs != NULL && nsgs == NULL) ||
	    (inv->sources != NULL && sources == NULL)) {
		c->nomem = true;
		cJSON_Delete(nsgs);
		cJSON_Delete(sources);
		return;
	}
	if (nsgs != NULL)
		(void)cJSON_AddItemToArray(out->tree, nsgs);
	if (sources != NULL)
		(void)cJSON_AddItemToArray(out->tree, sources);
	out->nsgs = nsgs;
	out->sources = sources;
}

static void copy_all(struct copy *c, const struct diag_inventory *in,
		     struct diag_inventory *out)
{
	out->name = copy_text(c, in->name);
	out->cloud = in->cloud;
	out->region = copy_text(c, in->region);
	out->networks =
	    copy_items(c, in->networks, in->n_networks, sizeof(*in->networks));
	out->n_networks = in->n_networks;
	out->subnets = copy_subnets(c, in->subnets, in->n_subnets);
	out->n_subnets = in->n_subnets;
	out->public_access = in->public_access;
	out->managed_network = in->managed_network;
	out->workspace_name = copy_text(c, in->workspace_name);
	out->workspace_id = copy_text(c, in->workspace_id);
	out->storage = copy_names(c, in->storage);
	if (in->storage_services != NULL)
		out->storage_services =
		    copy_items(c, in->storage_services, in->storage.n,
			       sizeof(*in->storage_services));
	out->key_vault = copy_names(c, in->key_vault);
	out->registry = copy_registry(c, in->registry, in->n_registry);
	out->n_registry = in->n_registry;
	out->compute_instances = copy_names(c, in->compute_instances);
	out->online_endpoints = copy_names(c, in->online_endpoints);
	out->compute_nodes =
	    copy_items(c, in->compute_nodes, in->n_compute_nodes,
		       sizeof(*in->compute_nodes));
	out->n_compute_nodes = in->n_compute_nodes;
	out->notes = copy_notes(c, in->notes, in->n_notes);
	out->n_notes = in->n_notes;
	copy_tree(c, in, out);
}

bool diag_inventory_copy(const struct diag_inventory *inv,
			 struct diag_inventory **out, struct diag_err *err)
{
	struct diag_inventory *copy = diag_inventory_new();
	struct copy c = { 0 };

	if (copy == NULL)
		return diag_fail_nomem(err, "inventory");
	c.to = &copy->arena;
	copy_all(&c, inv, copy);
	if (c.nomem) {
		diag_inventory_free(copy);
		return diag_fail_nomem(err, "inventory");
	}
	*out = copy;
	return true;
}
