/* SPDX-License-Identifier: MIT */
/* ask.c - what is still missing, as commands to copy.
 *
 * Only what the documents themselves name is asked for, with the ids they
 * give.  What makes no difference to the inventory is not asked for.
 */
#include "import/merge.h"

#include <string.h>

#include "base/text.h"

#define WORKSPACES    "workspaces"
#define ASK_MAX	      256  /* commands: nobody types more */
#define RESOURCES_MAX 1024 /* looked at */

/* A word of a command; ids have no quotes in them (see object.c). */
static const char *word(struct import_merge *m, struct diag_slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || strchr("/._-", c) != NULL))
			return import_text(m->im, "'%.*s'", (int)s.len, s.p);
	}
	return import_text(m->im, "%.*s", (int)s.len, s.p);
}

static const char *whole(struct import_merge *m, const char *text)
{
	return word(m, diag_slice_of(text));
}

static const char *part(struct import_merge *m, const char *id,
			const char *kind)
{
	return word(m, import_part(id, kind));
}

static void ask(struct import_merge *m, const char *command)
{
	const char **place;

	for (size_t i = 0; i < m->n_ask; i++) {
		if (strcmp(m->ask[i], command) == 0)
			return;
	}
	if (m->n_ask == ASK_MAX)
		return;
	place = import_push(m->im, &m->ask, &m->n_ask, sizeof(*place));
	if (place != NULL)
		*place = command;
}

static void ask_ids(struct import_merge *m, const char *what, const char *id)
{
	ask(m,
	    import_text(m->im, "az %s --ids %s -o json", what, whole(m, id)));
}

/* az WHAT --OPTION NAME --resource-group G --subscription S -o json */
static void ask_in_group(struct import_merge *m, const char *what,
			 const char *option, const char *name, const char *id)
{
	ask(m, import_text(m->im,
			   "az %s --%s %s --resource-group %s "
			   "--subscription %s -o json",
			   what, option, name, part(m, id, "resourceGroups"),
			   part(m, id, "subscriptions")));
}

/* --- endpoints ------------------------------------------------------------ */

static void ask_interfaces(struct import_merge *m)
{
	const struct diag_import *im = m->im;

	for (size_t i = 0; i < im->n_nics; i++) {
		const struct import_nic *nic = &im->nics[i];
		const struct import_nic *n = IMPORT_FIRST(im, nics, nic->key);
		const struct import_pe *pe = import_pe_of(m, nic->key);
		bool read = nic->id[0] == '\0' || (pe != NULL && !pe->ours);

		for (; n != NULL; n = IMPORT_NEXT(im, nics, n))
			read = read || n->whole;
		if (!read)
			ask_ids(m, "network nic show", nic->id);
	}
}

static void ask_endpoint(struct import_merge *m, const struct import_pe *pe)
{
	const struct diag_import *im = m->im;

	if (!pe->whole && pe->id[0] != '\0')
		ask_ids(m, "network private-endpoint show", pe->id);
	if (pe->whole && !pe->has_custom && pe->id[0] != '\0' &&
	    IMPORT_FIRST(im, groups, pe->key) == NULL)
		ask_in_group(m, "network private-endpoint dns-zone-group list",
			     "endpoint-name",
			     part(m, pe->id, "privateEndpoints"), pe->id);
	if (pe->network[0] != '\0' &&
	    IMPORT_FIRST(im, networks, pe->network) == NULL)
		ask_ids(m, "network vnet show", pe->network_id);
}

/* --- zones ---------------------------------------------------------------- */

static bool is_held(const struct import_merge *m, const struct import_zone *z)
{
	const struct import_fact *h = IMPORT_FIRST(m, held, z->name);

	for (; h != NULL; h = IMPORT_NEXT(m, held, h)) {
		if (strcmp(h->from, z->key) == 0)
			return true;
	}
	return false;
}

/* One of a zone's entries with the bits of all of them. */
static void ask_zone(struct import_merge *m, const struct import_zone *zone)
{
	const struct diag_import *im = m->im;

	if (IMPORT_FIRST(im, links, zone->key) == NULL &&
	    !(zone->counted && zone->links == 0) && is_held(m, zone))
		ask_in_group(m, "network private-dns link vnet list",
			     "zone-name", part(m, zone->id, "privateDnsZones"),
			     zone->id);
}

/* A zone group that wrote nothing: what is in its zone? */
static void ask_empty(struct import_merge *m)
{
	const struct diag_import *im = m->im;

	for (size_t i = 0; i < im->n_groups; i++) {
		const struct import_group *g = &im->groups[i];
		const struct import_pe *pe = import_pe_of(m, g->key);
		const struct import_zone *z = IMPORT_FIRST(im, zones, g->zone);
		const char *id = z != NULL ? z->id : "";
		bool listed =
		    g->records > 0 || z == NULL || (pe != NULL && !pe->ours);

		for (; z != NULL; z = IMPORT_NEXT(im, zones, z))
			listed = listed || z->listed;
		if (!listed)
			ask_in_group(m, "network private-dns record-set a list",
				     "zone-name",
				     part(m, id, "privateDnsZones"), id);
	}
}

static void ask_zones(struct import_merge *m)
{
	const struct diag_import *im = m->im;

	for (size_t i = 0; i < im->n_zones;) {
		struct import_zone zone = im->zones[i];

		for (;
		     i < im->n_zones && strcmp(im->zones[i].key, zone.key) == 0;
		     i++) {
			if (im->zones[i].counted)
				zone = im->zones[i];
		}
		ask_zone(m, &zone);
	}
	ask_empty(m);
}

/* --- the workspace and what it stands on ---------------------------------- */

static bool has_endpoint(const struct import_merge *m, const char *id)
{
	for (size_t i = 0; i < m->n_pes; i++) {
		if (diag_text_eq_nocase(m->pes[i].target, id))
			return true;
	}
	return false;
}

/* A name with an address, of this service and resource. */
static bool has_address(const struct import_merge *m, enum diag_service s,
			const char *name)
{
	for (size_t i = 0; i < m->n_names; i++) {
		const struct import_name *n = &m->names[i];

		if (n->service == s && n->n_addrs > 0 &&
		    (name == NULL || strcmp(n->name, name) == 0))
			return true;
	}
	return false;
}

static bool is_answered(const struct import_merge *m,
			const struct import_resource *r)
{
	if (strcmp(r->section, "storage") == 0)
		return has_address(m, DIAG_SVC_STORAGE_BLOB, r->name) &&
		       has_address(m, DIAG_SVC_STORAGE_FILE, r->name);
	if (strcmp(r->section, "key_vault") == 0)
		return has_address(m, DIAG_SVC_KEY_VAULT, r->name);
	return has_address(m, DIAG_SVC_REGISTRY, r->name);
}

static void ask_connections(struct import_merge *m, const char *id)
{
	ask(m, import_text(m->im,
			   "az network private-endpoint-connection list --id "
			   "%s -o json",
			   whole(m, id)));
}

static void ask_resources(struct import_merge *m)
{
	const struct diag_import *im = m->im;

	for (size_t i = 0; i < im->n_resources && i < RESOURCES_MAX; i++) {
		const struct import_resource *r = &im->resources[i];

		if (r->id[0] != '\0' && !import_is_other(m, r->key, r->key) &&
		    !is_answered(m, r) && !has_endpoint(m, r->id))
			ask_connections(m, r->id);
	}
}

/* Instances and online endpoints stand on no endpoint's list. */
static void ask_children(struct import_merge *m)
{
	const struct diag_import *im = m->im;
	const char *arm = m->pick.arm_id;

	if (im->n_computes == 0 && im->n_inventories == 0)
		ask_in_group(m, "ml compute list", "workspace-name",
			     part(m, arm, WORKSPACES), arm);
	if (im->n_onlines == 0 && im->n_inventories == 0)
		ask_in_group(m, "ml online-endpoint list", "workspace-name",
			     part(m, arm, WORKSPACES), arm);
}

static void ask_workspace(struct import_merge *m)
{
	const struct import_pick *pick = &m->pick;

	if (pick->arm[0] != '\0') {
		if (!m->described || pick->id[0] == '\0')
			ask_ids(m, "resource show", pick->arm_id);
		if (!has_endpoint(m, pick->arm) &&
		    !has_address(m, DIAG_SVC_WORKSPACE_API, NULL))
			ask_connections(m, pick->arm_id);
		ask_children(m);
	} else if (pick->id[0] != '\0' && m->im->n_inventories == 0) {
		ask(m, "az resource list --resource-type "
		       "Microsoft.MachineLearningServices/workspaces -o json");
	}
}

void import_gather_asks(struct import_merge *m)
{
	ask_workspace(m);
	for (size_t i = 0; i < m->n_pes; i++) {
		if (m->pes[i].ours)
			ask_endpoint(m, &m->pes[i]);
	}
	ask_interfaces(m);
	ask_resources(m);
	ask_zones(m);
	if (m->region[0] == '\0' && m->pick.id[0] != '\0')
		ask(m, "pl-inventory import FILE... --region REGION");
}
