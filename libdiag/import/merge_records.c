/* SPDX-License-Identifier: MIT */
/* merge_records.c - the records that count.
 *
 * Those of documents, without other workspaces' names; those of inventories;
 * and addresses that an endpoint tells by member only (`fqdns` is empty on
 * old interfaces), whose names follow from the member and the resource.
 */
#include "import/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static struct import_record *push(struct import_merge *m)
{
	return import_push(m->im, &m->records, &m->n_records,
			   sizeof(*m->records));
}

/* --- documents ------------------------------------------------------------ */

static bool belongs(const struct import_merge *m, const struct import_record *r)
{
	const struct import_pe *pe = import_pe_of(m, r->endpoint);

	if (pe != NULL)
		return pe->ours;
	if (r->id[0] == '\0')
		return true;
	return m->pick.id[0] != '\0' ? strcmp(r->id, m->pick.id) == 0
				     : !import_is_other(m, "", r->id);
}

static void take_documents(struct import_merge *m)
{
	for (size_t i = 0; i < m->im->n_records; i++) {
		struct import_record *r;

		if (!belongs(m, &m->im->records[i])) {
			m->im->met[IMPORT_MET_OTHER]++;
			continue;
		}
		r = push(m);
		if (r == NULL)
			return;
		*r = m->im->records[i];
	}
}

/* --- members -------------------------------------------------------------- */

/* Which name of the workspace lies on a member of its endpoint. */
static const struct {
	const char *member;
	enum diag_service service;
} members[] = {
	{ "default", DIAG_SVC_WORKSPACE_API },
	{ "notebook", DIAG_SVC_NOTEBOOK },
	{ "inference", DIAG_SVC_ONLINE_ENDPOINT },
};

static const char *workspace_name(const struct import_merge *m,
				  const char *member)
{
	const struct diag_cat_fill fill = { .id = m->pick.id,
					    .region = m->region,
					    .name = "*" };
	const struct diag_cat_row *row = NULL;
	char name[DIAG_FQDN_MAX];

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		if (strcmp(member, members[i].member) == 0)
			row = diag_cat_row(m->cloud, members[i].service);
	}
	if (row == NULL)
		return "";
	if (row->service == DIAG_SVC_NOTEBOOK)
		return m->notebook;
	if (!diag_cat_fill(row->pattern, &fill, name, sizeof(name)))
		return "";
	return import_keep(m->im, name);
}

/* "registry_data_eastus" is the data name of that region. */
static const char *registry_region(const char *member)
{
	static const char data[] = "registry_data_";

	return strncmp(member, data, sizeof(data) - 1) == 0
		   ? member + sizeof(data) - 1
		   : NULL;
}

static const char *resource_name(const struct import_merge *m,
				 const struct import_member *member,
				 const char *target)
{
	const char *region = registry_region(member->member);
	const struct diag_cat_fill fill = {
		.name = import_last(target),
		.region = region != NULL ? region : m->region,
	};
	const struct diag_cat_row *row;
	char name[DIAG_FQDN_MAX];
	int s = 0;

	row = import_row_of_group(m->cloud, member->group, &s);
	if (region != NULL)
		row = import_row_of_group(m->cloud, member->group, &s);
	if (row == NULL || row->pattern == NULL ||
	    !diag_cat_fill(row->pattern, &fill, name, sizeof(name)))
		return "";
	return import_keep(m->im, name);
}

/* The first that a document of ours tells. */
static const char *notebook_of(const struct import_merge *m)
{
	const struct diag_import *im = m->im;

	for (size_t i = 0; i < im->n_workspaces; i++) {
		const struct import_workspace *w = &im->workspaces[i];

		if (w->notebook[0] != '\0' &&
		    !import_is_other(m, w->key, w->id))
			return w->notebook;
	}
	return "";
}

static void take_members(struct import_merge *m)
{
	const struct diag_import *im = m->im;

	for (size_t i = 0; i < im->n_members; i++) {
		const struct import_member *member = &im->members[i];
		const struct import_pe *pe = import_pe_of(m, member->key);
		const char *target = pe != NULL ? pe->target : "";
		const char *name;
		struct import_record *r;

		if (pe != NULL && !pe->ours)
			continue;
		if (strcmp(member->group, "amlworkspace") == 0)
			name = workspace_name(m, member->member);
		else
			name = resource_name(m, member, target);
		if (name[0] == '\0')
			continue;
		r = push(m);
		if (r == NULL)
			return;
		*r = (struct import_record){ .key = name,
					     .from = member->from,
					     .addr = member->addr,
					     .rank = IMPORT_MEMBER,
					     .stands = name,
					     .who = member->who,
					     .endpoint = member->key,
					     .zone = "",
					     .creator = "",
					     .creator_id = "",
					     .id = "" };
	}
}

/* --- inventories ---------------------------------------------------------- */

static void take_target(struct import_merge *m, const struct diag_target *t,
			const char *from)
{
	for (size_t i = 0; i < t->n_addresses; i++) {
		struct import_record *r = push(m);

		if (r == NULL)
			return;
		*r = (struct import_record){ .key = t->fqdn,
					     .from = from,
					     .addr = t->addresses[i],
					     .rank = IMPORT_INVENTORY,
					     .stands = t->fqdn,
					     .who = "an inventory",
					     .endpoint = "",
					     .zone = "",
					     .creator = "",
					     .creator_id = "",
					     .id = "" };
	}
}

static void take_inventories(struct import_merge *m)
{
	const struct diag_import *im = m->im;

	for (size_t i = 0; i < im->n_inventories; i++) {
		const struct diag_inventory *inv = im->inventories[i].inv;
		const char *from = im->inventories[i].from;

		if (import_is_other(m, "", inv->workspace_id))
			continue;
		for (size_t k = 0; k < inv->n_targets; k++) {
			if (inv->targets[k].fqdn == NULL)
				continue;
			take_target(
			    m, &inv->targets[k],
			    import_text(m->im, "%s.targets[%zu]", from, k));
		}
	}
}

static int best_first(const void *a, const void *b)
{
	const struct import_record *x = a;
	const struct import_record *y = b;
	int order = strcmp(x->key, y->key);

	if (order == 0)
		order = (int)y->rank - (int)x->rank;
	if (order == 0)
		order = strcmp(x->from, y->from);
	return order != 0 ? order : diag_addr_cmp(&x->addr, &y->addr);
}

/* Which names lie on which endpoint. */
static void take_places(struct import_merge *m)
{
	for (size_t i = 0; i < m->n_records; i++) {
		struct import_fact *f;

		if (m->records[i].endpoint[0] == '\0')
			continue;
		f = import_push(m->im, &m->on, &m->n_on, sizeof(*f));
		if (f == NULL)
			return;
		f->key = import_endpoint_key(m->im, m->records[i].endpoint);
		f->from = m->records[i].key;
	}
	import_sort(m->on, m->n_on, sizeof(*m->on));
}

void import_gather_records(struct import_merge *m)
{
	take_documents(m);
	m->notebook = notebook_of(m);
	take_members(m);
	take_inventories(m);
	if (m->n_records > 1)
		qsort(m->records, m->n_records, sizeof(*m->records),
		      best_first);
	take_places(m);
}
