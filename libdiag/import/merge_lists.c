/* SPDX-License-Identifier: MIT */
/* merge_lists.c - the short form, and where each of its values came from.
 *
 * A value is listed because a source says so, so the list of sources is the
 * list of values.
 */
#include "import/merge.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* --- sources -------------------------------------------------------------- */

struct import_source *import_push_source(struct import_merge *m,
					 const char *section, const char *value,
					 const char *from)
{
	struct import_source *s;

	if (value[0] == '\0' || from == NULL)
		return NULL;
	s = import_push(m->im, &m->sources, &m->n_sources, sizeof(*s));
	if (s == NULL)
		return NULL;
	s->key = import_text(m->im, "%s %s", section, value);
	s->from = from;
	s->section = section;
	s->value = value;
	return s;
}

void import_add_source(struct import_merge *m, const char *section,
		       const char *value, const char *from)
{
	(void)import_push_source(m, section, value, from);
}

static void sort(struct import_merge *m)
{
	import_sort(m->sources, m->n_sources, sizeof(*m->sources));
	m->n_sorted = m->n_sources;
}

bool import_has_value(const struct import_merge *m, const char *section,
		      const char *value)
{
	const struct import_source *s;
	char key[2 * DIAG_FQDN_MAX];

	(void)snprintf(key, sizeof(key), "%s %s", section, value);
	s = import_first(m->sources, m->n_sorted, sizeof(*m->sources), key);
	for (; s != NULL;
	     s = import_next(m->sources, m->n_sorted, sizeof(*m->sources), s)) {
		if (!s->beside)
			return true;
	}
	return false;
}

const char *import_section(enum diag_service s)
{
	if (diag_storage_bit(s) != 0)
		return "storage";
	switch (s) {
	case DIAG_SVC_KEY_VAULT:
		return "key_vault";
	case DIAG_SVC_REGISTRY:
	case DIAG_SVC_REGISTRY_DATA:
		return "registry";
	case DIAG_SVC_COMPUTE_INSTANCE:
	case DIAG_SVC_COMPUTE_INSTANCE_SSH:
		return "compute_instances";
	case DIAG_SVC_ONLINE_ENDPOINT:
		return "online_endpoints";
	default:
		return NULL;
	}
}

/* --- what documents say --------------------------------------------------- */

static void of_resources(struct import_merge *m)
{
	const struct diag_import *im = m->im;

	for (size_t i = 0; i < im->n_resources; i++) {
		const struct import_resource *r = &im->resources[i];
		struct import_source *s;

		if (import_is_other(m, r->key, r->key))
			continue;
		s = import_push_source(m, r->section, r->name, r->from);
		/* The default account: blob and file, always (WV24). */
		if (s != NULL && strcmp(r->section, "storage") == 0)
			s->mask = diag_storage_bit(DIAG_SVC_STORAGE_BLOB) |
				  diag_storage_bit(DIAG_SVC_STORAGE_FILE);
	}
}

/* What leads to the workspace, or lies below it, knows its name. */
static void of_arm(struct import_merge *m, const char *arm, const char *from)
{
	if (arm[0] != '\0' && strcmp(arm, m->pick.arm) == 0)
		import_add_source(m, "workspace.name", m->pick.name, from);
}

static const struct {
	const char *provider, *kind, *section;
} kinds[] = {
	{ "Microsoft.Storage", "storageAccounts", "storage" },
	{ "Microsoft.KeyVault", "vaults", "key_vault" },
	{ "Microsoft.ContainerRegistry", "registries", "registry" },
};

static void of_endpoint(struct import_merge *m, const struct import_pe *pe)
{
	char label[64];

	of_arm(m, pe->target, pe->from);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (import_is_kind(pe->target, kinds[i].provider,
				   kinds[i].kind) &&
		    import_label(import_last(pe->target), label))
			import_add_source(m, kinds[i].section,
					  import_keep(m->im, label), pe->from);
	}
}

static void of_computes(struct import_merge *m)
{
	const struct diag_import *im = m->im;
	char text[DIAG_ADDR_TEXT];

	for (size_t i = 0; i < im->n_computes; i++) {
		const struct import_compute *c = &im->computes[i];

		if (import_is_other(m, c->key, ""))
			continue;
		of_arm(m, c->key, c->from);
		import_add_source(m, "compute_instances", c->name, c->from);
		if (c->addr_from != NULL)
			import_add_source(
			    m, "compute_nodes",
			    import_keep(m->im, diag_addr_text(&c->addr, text)),
			    c->addr_from);
	}
	for (size_t i = 0; i < im->n_onlines; i++) {
		if (import_is_other(m, im->onlines[i].key, ""))
			continue;
		of_arm(m, im->onlines[i].key, im->onlines[i].from);
		import_add_source(m, "online_endpoints", im->onlines[i].name,
				  im->onlines[i].from);
	}
}

static void of_prefixes(struct import_merge *m)
{
	const struct diag_import *im = m->im;
	char text[DIAG_ADDR_TEXT];

	for (size_t i = 0; i < im->n_prefixes; i++) {
		const struct import_prefix *p = &im->prefixes[i];

		/* A subnet lies inside its network. */
		if (p->kind != IMPORT_SUBNET)
			import_add_source(
			    m, "networks",
			    import_keep(m->im, diag_cidr_text(&p->cidr, text)),
			    p->from);
	}
}

/* Documents say it, else inventories made before. */
void import_gather_settings(struct import_merge *m)
{
	const struct diag_import *im = m->im;
	bool told = false;

	for (size_t i = 0; i < im->n_workspaces; i++) {
		const struct import_workspace *w = &im->workspaces[i];

		if (import_is_other(m, w->key, w->id))
			continue;
		m->described = true;
		if (m->access == DIAG_ACCESS_UNKNOWN)
			m->access = w->access;
		m->managed = m->managed || w->managed;
		told = told || w->managed_from != NULL;
	}
	for (size_t i = 0; i < im->n_inventories; i++) {
		const struct diag_inventory *inv = im->inventories[i].inv;

		if (import_is_other(m, "", inv->workspace_id))
			continue;
		if (m->access == DIAG_ACCESS_UNKNOWN)
			m->access = inv->public_access;
		m->managed = m->managed || (!told && inv->managed_network);
	}
}

static void of_settings(struct import_merge *m,
			const struct import_workspace *w)
{
	if (w->access != DIAG_ACCESS_UNKNOWN && w->access == m->access)
		import_add_source(m, "public_access",
				  diag_public_access_key(m->access),
				  w->access_from);
	if (w->managed && m->managed)
		import_add_source(m, "managed_network", "true",
				  w->managed_from);
}

/* The documents' word on what has one value. */
static void of_workspaces(struct import_merge *m)
{
	const struct diag_import *im = m->im;

	for (size_t i = 0; i < im->n_workspaces; i++) {
		const struct import_workspace *w = &im->workspaces[i];

		if (import_is_other(m, w->key, w->id))
			continue;
		if (strcmp(w->region, m->region) == 0)
			import_add_source(m, "region", w->region,
					  w->region_from);
		if (strcmp(w->id, m->pick.id) == 0)
			import_add_source(m, "workspace.id", w->id, w->id_from);
		if (diag_text_eq_nocase(w->name, m->pick.name))
			import_add_source(m, "workspace.name", m->pick.name,
					  w->name_from);
		of_settings(m, w);
	}
}

/* What the user said. */
static void of_options(struct import_merge *m)
{
	if (m->o->region != NULL)
		import_add_source(m, "region", m->region, "--region");
	if (m->pick.arm[0] == '\0' && m->pick.id[0] == '\0')
		import_add_source(m, "workspace.name", m->pick.name,
				  m->o->workspace != NULL ? "--workspace"
							  : NULL);
}

void import_known_values(struct import_merge *m)
{
	of_options(m);
	of_resources(m);
	for (size_t i = 0; i < m->n_pes; i++) {
		if (m->pes[i].ours)
			of_endpoint(m, &m->pes[i]);
	}
	of_computes(m);
	of_prefixes(m);
	of_workspaces(m);
	import_inventory_values(m);
	for (size_t i = 0; i < m->n_names; i++) {
		if (m->names[i].n_records > 0 &&
		    m->names[i].records[0].rank >= IMPORT_INVENTORY)
			import_name_values(m, &m->names[i]);
	}
	sort(m);
}

/* --- what names say ------------------------------------------------------- */

/* The records that agree on what is right. */
static void sources_of(struct import_merge *m, const struct import_name *n)
{
	for (size_t i = 0; i < n->n_records; i++) {
		const struct import_record *r = &n->records[i];

		if (r->rank != IMPORT_INVENTORY && import_has_addr(n, &r->addr))
			import_add_source(m, "targets", n->key, r->from);
	}
}

static void value_of(struct import_merge *m, const struct import_name *n,
		     const char *from)
{
	const char *section = import_section(n->service);
	struct import_source *s;

	if (section != NULL && n->name[0] != '\0' && n->name[0] != '*') {
		s = import_push_source(m, section, import_keep(m->im, n->name),
				       from);
		if (s != NULL)
			s->mask = diag_storage_bit(n->service);
	}
	if (n->service == DIAG_SVC_REGISTRY_DATA)
		import_add_source(
		    m, "registry.regions",
		    import_text(m->im, "%s/%s", n->name, n->region), from);
	if (n->service > DIAG_SVC_ONLINE_ENDPOINT || n->legacy)
		return;
	if (strcmp(n->region, m->region) == 0)
		import_add_source(m, "region", m->region, from);
	if (n->service > DIAG_SVC_NOTEBOOK)
		return;
	import_add_source(m, "workspace.id", m->pick.id,
			  strstr(n->key, m->pick.id) != NULL ? from : NULL);
}

void import_name_values(struct import_merge *m, const struct import_name *n)
{
	if (n->n_records > 0 && n->records[0].rank != IMPORT_INVENTORY)
		value_of(m, n, n->records[0].from);
}

void import_gather_lists(struct import_merge *m)
{
	const struct diag_import *im = m->im;

	for (size_t i = 0; i < m->n_names; i++) {
		const struct import_name *n = &m->names[i];

		if (!n->kept)
			continue;
		import_name_values(m, n);
		if (n->target)
			sources_of(m, n);
	}
	import_gather_subnets(m);
	for (size_t i = 0; i < im->n_workspaces; i++) {
		const struct import_workspace *w = &im->workspaces[i];
		const struct import_name *n = import_name_of(m, w->notebook);

		if (n != NULL && n->target)
			import_add_source(m, "targets", n->key,
					  w->notebook_from);
	}
	sort(m);
}
