/* SPDX-License-Identifier: MIT */
/* read_lists.c - the short form: accounts, vaults, registries, instances. */
#include "inventory/reader.h"

#include <string.h>

#include "inventory/inventory_internal.h"

static bool read_name(struct diag_reader *r, const struct diag_json_at *at,
		      const cJSON *item, const char *what,
		      struct diag_names *names)
{
	const char *text = cJSON_GetStringValue(item);
	char label[64];

	if (text == NULL || !diag_read_label(text, label)) {
		diag_json_wrong(at, item, "expected %s, without a domain",
				what);
		return false;
	}
	diag_read_add(r, names, label);
	return true;
}

static void read_names(struct diag_reader *r, const struct diag_json_at *at,
		       const cJSON *doc, const char *key, const char *what,
		       struct diag_names *names)
{
	struct diag_json_at list_at = diag_at_key(at, key);
	unsigned i = 0;
	const cJSON *item;

	cJSON_ArrayForEach(item, diag_read_list(at, doc, key))
	{
		struct diag_json_at here = diag_at_index(&list_at, i++);

		(void)read_name(r, &here, item, what, names);
	}
}

/* "acct", or { "name": "acct", "services": ["blob", "dfs"] }. */
static unsigned storage_mask(const struct diag_json_at *at, const cJSON *item)
{
	struct diag_json_at list_at = diag_at_key(at, "services");
	unsigned i = 0;
	unsigned mask = 0;
	const cJSON *svc;

	if (!cJSON_IsObject(item))
		return diag_storage_default();
	cJSON_ArrayForEach(svc, diag_read_list(at, item, "services"))
	{
		struct diag_json_at here = diag_at_index(&list_at, i++);
		const char *text = cJSON_GetStringValue(svc);

		if (text == NULL ||
		    !diag_read_storage_service(text, strlen(text), &mask))
			diag_json_wrong(&here, svc,
					"expected blob, file, queue, table, "
					"dfs or web");
	}
	return diag_storage_whole(mask);
}

static void read_storage(struct diag_reader *r, const struct diag_json_at *at,
			 struct diag_inventory *inv)
{
	struct diag_json_at list_at = diag_at_key(at, "storage");
	const cJSON *list = diag_read_list(at, inv->tree, "storage");
	unsigned *masks = diag_read_array(r, (size_t)cJSON_GetArraySize(list),
					  sizeof(*masks));
	unsigned i = 0;
	const cJSON *item;

	inv->storage_services = masks;
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = diag_at_index(&list_at, i++);
		struct diag_json_at name_at = diag_at_key(&here, "name");
		bool object = cJSON_IsObject(item);
		const cJSON *name =
		    object ? cJSON_GetObjectItemCaseSensitive(item, "name")
			   : item;
		unsigned mask = storage_mask(&here, item);

		if (masks != NULL &&
		    read_name(r, object ? &name_at : &here, name,
			      "the name of a storage account", &inv->storage) &&
		    inv->storage.n > 0)
			masks[inv->storage.n - 1] = mask;
	}
}

static void read_regions(struct diag_reader *r, const struct diag_json_at *at,
			 const cJSON *item, struct diag_registry *reg)
{
	struct diag_json_at list_at = diag_at_key(at, "regions");
	struct diag_names regions = { 0 };
	unsigned i = 0;
	const cJSON *one;

	cJSON_ArrayForEach(one, diag_read_list(at, item, "regions"))
	{
		struct diag_json_at here = diag_at_index(&list_at, i++);
		const char *text = cJSON_GetStringValue(one);
		char region[64];

		if (text != NULL && diag_read_region(text, region))
			diag_read_add(r, &regions, region);
		else
			diag_json_wrong(&here, one,
					"expected a region such as \"eastus\"");
	}
	reg->regions = regions.items;
	reg->n_regions = regions.n;
}

/* "acr", or { "name": "acr", "regions": ["eastus"] }. */
static void read_registry(struct diag_reader *r, const struct diag_json_at *at,
			  struct diag_inventory *inv)
{
	struct diag_json_at list_at = diag_at_key(at, "registry");
	const cJSON *list = diag_read_list(at, inv->tree, "registry");
	struct diag_registry *regs =
	    diag_read_array(r, (size_t)cJSON_GetArraySize(list), sizeof(*regs));
	unsigned i = 0;
	const cJSON *item;

	inv->registry = regs;
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = diag_at_index(&list_at, i++);
		struct diag_json_at name_at = diag_at_key(&here, "name");
		bool object = cJSON_IsObject(item);
		struct diag_names one = { 0 };

		if (regs == NULL)
			return;
		if (!read_name(
			r, object ? &name_at : &here,
			object ? cJSON_GetObjectItemCaseSensitive(item, "name")
			       : item,
			"the name of a registry", &one) ||
		    one.n == 0)
			continue;
		regs[inv->n_registry].name = one.items[0];
		if (object)
			read_regions(r, &here, item, &regs[inv->n_registry]);
		inv->n_registry++;
	}
}

static void read_nodes(struct diag_reader *r, const struct diag_json_at *at,
		       struct diag_inventory *inv)
{
	struct diag_json_at list_at = diag_at_key(at, "compute_nodes");
	const cJSON *list = diag_read_list(at, inv->tree, "compute_nodes");
	struct diag_addr *nodes = diag_read_array(
	    r, (size_t)cJSON_GetArraySize(list), sizeof(*nodes));
	unsigned i = 0;
	const cJSON *item;

	inv->compute_nodes = nodes;
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = diag_at_index(&list_at, i++);
		const char *text = cJSON_GetStringValue(item);

		if (nodes == NULL)
			return;
		if (text != NULL &&
		    diag_addr_parse(text, &nodes[inv->n_compute_nodes]))
			inv->n_compute_nodes++;
		else
			diag_json_wrong(&here, item, "expected an address");
	}
}

void diag_read_lists(struct diag_reader *r, const struct diag_json_at *at,
		     struct diag_inventory *inv)
{
	read_storage(r, at, inv);
	read_names(r, at, inv->tree, "key_vault", "the name of a key vault",
		   &inv->key_vault);
	read_registry(r, at, inv);
	read_names(r, at, inv->tree, "compute_instances",
		   "the name of a compute instance", &inv->compute_instances);
	read_names(r, at, inv->tree, "online_endpoints",
		   "the name of an online endpoint", &inv->online_endpoints);
	read_nodes(r, at, inv);
}
