/* SPDX-License-Identifier: MIT */
/* write_lists.c - values that stand become the lists of the inventory. */
#include <string.h>

#include "import/write.h"

static void put_storage(struct writing *w, const char *name, unsigned mask)
{
	const unsigned both = diag_storage_bit(DIAG_SVC_STORAGE_BLOB) |
			      diag_storage_bit(DIAG_SVC_STORAGE_FILE);
	unsigned *place;

	/* An account of which only a queue was seen may have no blob that
	 * anybody needs; its own targets say all. */
	if ((mask & both) == 0)
		return;
	import_add_name(w->m->im, &w->storage, name);
	place = import_push(w->m->im, &w->masks, &w->n_masks, sizeof(*place));
	if (place != NULL)
		*place = mask;
}

static void put_network(struct writing *w, const char *text)
{
	struct diag_cidr *place = import_push(
	    w->m->im, &w->networks, &w->inv.n_networks, sizeof(*place));

	if (place != NULL && !diag_cidr_parse(text, true, place))
		w->inv.n_networks--;
}

static void put_node(struct writing *w, const char *text)
{
	struct diag_addr *place = import_push(
	    w->m->im, &w->nodes, &w->inv.n_compute_nodes, sizeof(*place));

	if (place != NULL && !diag_addr_parse(text, place))
		w->inv.n_compute_nodes--;
}

static void put_registry(struct writing *w, const char *name)
{
	struct diag_registry *place = import_push(
	    w->m->im, &w->registry, &w->inv.n_registry, sizeof(*place));

	if (place != NULL)
		place->name = name;
}

static struct diag_registry *find_registry(const struct writing *w,
					   const char *name, size_t len)
{
	size_t low = 0;
	size_t high = w->inv.n_registry;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		struct diag_registry *r = &w->registry[mid];
		int order = strncmp(r->name, name, len);

		if (order == 0 && r->name[len] == '\0')
			return r;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* "registry/region"; these come behind all registries, which are sorted. */
static void put_region(struct writing *w, const char *text)
{
	size_t len = strcspn(text, "/");
	struct diag_registry *r = find_registry(w, text, len);
	struct diag_names names;

	if (r == NULL || text[len] == '\0')
		return;
	names = (struct diag_names){ r->regions, r->n_regions };
	import_add_name(w->m->im, &names, text + len + 1);
	r->regions = names.items;
	r->n_regions = names.n;
}

static void put_value(struct writing *w, const struct import_source *s,
		      unsigned mask)
{
	struct diag_import *im = w->m->im;
	bool placed = w->m->region[0] != '\0';

	if (strcmp(s->section, "storage") == 0)
		put_storage(w, s->value, mask);
	else if (strcmp(s->section, "key_vault") == 0)
		import_add_name(im, &w->key_vault, s->value);
	else if (strcmp(s->section, "registry") == 0)
		put_registry(w, s->value);
	else if (strcmp(s->section, "registry.regions") == 0)
		put_region(w, s->value);
	else if (strcmp(s->section, "networks") == 0)
		put_network(w, s->value);
	else if (strcmp(s->section, "compute_nodes") == 0)
		put_node(w, s->value);
	else if (strcmp(s->section, "compute_instances") == 0 && placed)
		import_add_name(im, &w->instances, s->value);
	else if (strcmp(s->section, "online_endpoints") == 0 && placed)
		import_add_name(im, &w->endpoints, s->value);
}

void import_put_values(struct writing *w)
{
	const struct import_merge *m = w->m;

	for (size_t i = 0; i < m->n_sources;) {
		const struct import_source *s = &m->sources[i];
		unsigned mask = 0;
		bool value = false;

		for (;
		     i < m->n_sources && strcmp(m->sources[i].key, s->key) == 0;
		     i++) {
			mask |= m->sources[i].mask;
			value = value || !m->sources[i].beside;
		}
		if (value)
			put_value(w, s, mask);
	}
	w->inv.storage = w->storage;
	w->inv.storage_services = w->masks;
	w->inv.key_vault = w->key_vault;
	w->inv.compute_instances = w->instances;
	w->inv.online_endpoints = w->endpoints;
	w->inv.networks = w->networks;
	w->inv.compute_nodes = w->nodes;
	w->inv.registry = w->registry;
}
