/* SPDX-License-Identifier: MIT */
/* merge_inventory.c - what inventories made before say of the short form.
 *
 * An inventory that import printed knows where its values came from, and that
 * is kept: importing it again gives the same bytes.  Where it does not say,
 * the inventory itself is the source.
 */
#include "import/merge.h"

#include <stdio.h>
#include <string.h>

/* One entry of the inventory's own sources. */
struct told {
	const char *key; /* section, a blank, value; or the section alone */
	const char *from;
	const char *section, *value;
};

struct taking {
	struct import_merge *m;
	const struct import_inventory *of;
	struct told *told; /* sorted */
	size_t n_told;
	const char *section;
};

/* --- its own sources ------------------------------------------------------ */

static void tell(struct taking *t, const cJSON *section, const cJSON *value,
		 const cJSON *from)
{
	struct diag_import *im = t->m->im;
	struct told *told;

	if (!cJSON_IsString(from))
		return;
	told = import_push(im, &t->told, &t->n_told, sizeof(*told));
	if (told == NULL)
		return;
	told->section = import_keep(im, section->string);
	told->value = value != NULL ? import_keep(im, value->string) : "";
	told->key = import_text(im, "%s %s", told->section, told->value);
	told->from = import_keep(im, from->valuestring);
}

/* "FILE: $.x" or a list of these. */
static void tell_all(struct taking *t, const cJSON *section, const cJSON *value,
		     const cJSON *froms)
{
	const cJSON *from;

	tell(t, section, value, froms);
	if (!cJSON_IsArray(froms))
		return;
	cJSON_ArrayForEach(from, froms)
	{
		tell(t, section, value, from);
	}
}

/* By section, by section and value: people write it in either way. */
static void gather_told(struct taking *t)
{
	const cJSON *section;
	const cJSON *value;

	cJSON_ArrayForEach(section, t->of->inv->sources)
	{
		if (!cJSON_IsObject(section)) {
			tell_all(t, section, NULL, section);
			continue;
		}
		cJSON_ArrayForEach(value, section)
		{
			tell_all(t, section, value, value);
		}
	}
	import_sort(t->told, t->n_told, sizeof(*t->told));
}

static struct import_source *take_key(struct taking *t, const char *key,
				      const char *value)
{
	const struct told *told = IMPORT_FIRST(t, told, key);
	struct import_source *last = NULL;

	for (; told != NULL; told = IMPORT_NEXT(t, told, told))
		last = import_push_source(t->m, t->section, value, told->from);
	return last;
}

static struct import_source *take_one(struct taking *t, const char *value,
				      const char *from)
{
	struct diag_import *im = t->m->im;
	struct import_source *s =
	    take_key(t, import_text(im, "%s %s", t->section, value), value);

	if (s == NULL)
		s = take_key(t, import_text(im, "%s ", t->section), value);
	return s != NULL ? s
			 : import_push_source(t->m, t->section, value, from);
}

/* --- its values ----------------------------------------------------------- */

static void begin(struct taking *t, const char *section)
{
	t->section = section;
}

static const char *place(const struct taking *t, const char *key, size_t i)
{
	return import_text(t->m->im, "%s.%s[%zu]", t->of->from, key, i);
}

static void take_names(struct taking *t, const char *section,
		       const struct diag_names *names)
{
	begin(t, section);
	for (size_t i = 0; i < names->n; i++)
		(void)take_one(t, names->items[i], place(t, section, i));
}

static void take_storage(struct taking *t)
{
	const struct diag_inventory *inv = t->of->inv;

	begin(t, "storage");
	for (size_t i = 0; i < inv->storage.n; i++) {
		struct import_source *s =
		    take_one(t, inv->storage.items[i], place(t, "storage", i));

		if (s == NULL)
			continue;
		s->mask = inv->storage_services != NULL
			      ? inv->storage_services[i]
			      : diag_storage_bit(DIAG_SVC_STORAGE_BLOB) |
				    diag_storage_bit(DIAG_SVC_STORAGE_FILE);
	}
}

static void take_registry(struct taking *t)
{
	const struct diag_inventory *inv = t->of->inv;

	begin(t, "registry");
	for (size_t i = 0; i < inv->n_registry; i++)
		(void)take_one(t, inv->registry[i].name,
			       place(t, "registry", i));
	begin(t, "registry.regions");
	for (size_t i = 0; i < inv->n_registry; i++) {
		const struct diag_registry *r = &inv->registry[i];

		for (size_t k = 0; k < r->n_regions; k++)
			(void)take_one(t,
				       import_text(t->m->im, "%s/%s", r->name,
						   r->regions[k]),
				       place(t, "registry", i));
	}
}

static void take_networks(struct taking *t)
{
	const struct diag_inventory *inv = t->of->inv;
	char text[DIAG_ADDR_TEXT];

	begin(t, "networks");
	for (size_t i = 0; i < inv->n_networks; i++)
		(void)take_one(
		    t,
		    import_keep(t->m->im,
				diag_cidr_text(&inv->networks[i], text)),
		    place(t, "networks", i));
	begin(t, "compute_nodes");
	for (size_t i = 0; i < inv->n_compute_nodes; i++)
		(void)take_one(
		    t,
		    import_keep(t->m->im,
				diag_addr_text(&inv->compute_nodes[i], text)),
		    place(t, "compute_nodes", i));
}

static void take_subnets(struct taking *t)
{
	const struct diag_inventory *inv = t->of->inv;

	begin(t, "subnets");
	for (size_t i = 0; i < inv->n_subnets; i++)
		(void)take_one(t, inv->subnets[i].id, place(t, "subnets", i));
}

/* What has one value counts if it is the one that stands. */
static void take_value(struct taking *t, const char *section, const char *value,
		       const char *stands)
{
	begin(t, section);
	if (value[0] != '\0' && strcmp(value, stands) == 0)
		(void)take_one(
		    t, stands,
		    import_text(t->m->im, "%s.%s", t->of->from, section));
}

/* Targets that are worked out have no source. */
static void take_targets(struct taking *t)
{
	const struct diag_inventory *inv = t->of->inv;

	begin(t, "targets");
	for (size_t i = 0; i < inv->n_targets; i++) {
		const struct diag_target *target = &inv->targets[i];
		const struct import_name *n;
		bool right = target->n_addresses == 0;

		if (target->fqdn == NULL || target->computed || target->extra)
			continue;
		n = import_name_of(t->m, target->fqdn);
		for (size_t k = 0; n != NULL && k < target->n_addresses; k++)
			right =
			    right || import_has_addr(n, &target->addresses[k]);
		if (right)
			(void)take_one(t, target->fqdn, place(t, "targets", i));
	}
}

/* Sources of what is no value here, such as a wildcard after expanding. */
static void take_rest(struct taking *t)
{
	for (size_t i = 0; i < t->n_told; i++) {
		const struct told *told = &t->told[i];
		struct import_source *s;

		if (strcmp(told->section, "targets") == 0 &&
		    import_name_of(t->m, told->value) != NULL)
			continue;
		s = import_push_source(t->m, told->section, told->value,
				       told->from);
		if (s != NULL)
			s->beside = true;
	}
}

static void take_inventory(struct import_merge *m,
			   const struct import_inventory *of)
{
	const struct diag_inventory *inv = of->inv;
	struct taking t = { .m = m, .of = of };

	gather_told(&t);
	take_storage(&t);
	take_names(&t, "key_vault", &inv->key_vault);
	take_registry(&t);
	take_names(&t, "compute_instances", &inv->compute_instances);
	take_names(&t, "online_endpoints", &inv->online_endpoints);
	take_networks(&t);
	take_subnets(&t);
	take_value(&t, "region", inv->region, m->region);
	take_value(&t, "workspace.id", inv->workspace_id, m->pick.id);
	take_value(&t, "workspace.name", inv->workspace_name, m->pick.name);
	if (inv->public_access != DIAG_ACCESS_UNKNOWN)
		take_value(&t, "public_access",
			   diag_public_access_key(inv->public_access),
			   diag_public_access_key(m->access));
	if (inv->managed_network && m->managed)
		take_value(&t, "managed_network", "true", "true");
	take_targets(&t);
	take_rest(&t);
}

void import_inventory_values(struct import_merge *m)
{
	const struct diag_import *im = m->im;

	for (size_t i = 0; i < im->n_inventories; i++) {
		if (!import_is_other(m, "",
				     im->inventories[i].inv->workspace_id))
			take_inventory(m, &im->inventories[i]);
	}
}
