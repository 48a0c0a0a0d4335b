/* SPDX-License-Identifier: MIT */
/* endpoint.c - all that is known of each private endpoint, and whose it is.
 *
 * Its own document, its interface, its zone group, and the resource it leads
 * to each tell a part.
 */
#include "import/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const char *import_endpoint_key(const struct diag_import *im, const char *key)
{
	const struct import_nic *nic = IMPORT_FIRST(im, nics, key);

	for (; nic != NULL; nic = IMPORT_NEXT(im, nics, nic)) {
		if (nic->endpoint[0] != '\0')
			return nic->endpoint;
	}
	return key;
}

const struct import_pe *import_pe_of(const struct import_merge *m,
				     const char *key)
{
	if (key[0] == '\0')
		return NULL;
	return IMPORT_FIRST(m, pes, import_endpoint_key(m->im, key));
}

/* --- put together --------------------------------------------------------- */

static void take(const char **to, const char *from)
{
	if ((*to)[0] == '\0')
		*to = from;
}

static void add_group(struct import_merge *m, struct import_pe *pe,
		      const char *group)
{
	struct diag_names names = { pe->groups, pe->n_groups };

	for (size_t i = 0; i < pe->n_groups; i++) {
		if (strcmp(pe->groups[i], group) == 0)
			return;
	}
	import_add_name(m->im, &names, group);
	pe->groups = names.items;
	pe->n_groups = names.n;
}

static bool is_approved(const char *status)
{
	return diag_text_eq_nocase(status, "Approved");
}

/* Of documents that contradict, the bad news is told, and that there are
 * others. */
static void take_state(struct import_pe *pe, const struct import_endpoint *e)
{
	if (e->status[0] == '\0')
		return;
	if (is_approved(e->status)) {
		take(&pe->approved_from, e->status_from);
		return;
	}
	take(&pe->status, e->status);
	take(&pe->status_from, e->status_from);
}

static void take_endpoint(struct import_merge *m, struct import_pe *pe,
			  const struct import_endpoint *e)
{
	take_state(pe, e);
	take(&pe->id, e->id);
	take(&pe->name, e->name);
	take(&pe->guid, e->guid);
	take(&pe->target, e->target);
	take(&pe->target_id, e->target_id);
	if (pe->network[0] == '\0') {
		pe->network_id =
		    import_upto(m->im, e->subnet, "virtualNetworks");
		pe->network = import_lower(m->im, pe->network_id);
		pe->subnet = pe->network[0] != '\0'
				 ? import_lower(m->im, e->subnet)
				 : "";
	}
	if (e->group[0] != '\0')
		add_group(m, pe, e->group);
	pe->whole = pe->whole || e->whole;
	pe->has_custom = pe->has_custom || e->has_custom;
}

static struct import_pe *start(struct import_merge *m, const char *key,
			       const char *from)
{
	struct import_pe *pe =
	    import_push(m->im, &m->pes, &m->n_pes, sizeof(*pe));

	if (pe == NULL)
		return NULL;
	*pe = (struct import_pe){ .key = key,
				  .from = from,
				  .id = "",
				  .name = "",
				  .guid = "",
				  .target = "",
				  .target_id = "",
				  .status = "",
				  .status_from = "",
				  .approved_from = "",
				  .network = "",
				  .network_id = "",
				  .subnet = "" };
	return pe;
}

static void gather(struct import_merge *m)
{
	const struct diag_import *im = m->im;
	struct import_pe *pe = NULL;

	for (size_t i = 0; i < im->n_endpoints; i++) {
		const struct import_endpoint *e = &im->endpoints[i];

		if (pe == NULL || strcmp(pe->key, e->key) != 0)
			pe = start(m, e->key, e->from);
		if (pe == NULL)
			return;
		take_endpoint(m, pe, e);
	}
}

/* A zone group may be all that is known of its endpoint. */
static void gather_groups(struct import_merge *m)
{
	const struct diag_import *im = m->im;
	size_t known = m->n_pes;

	for (size_t i = 0; i < im->n_groups; i++) {
		const struct import_group *g = &im->groups[i];

		if (g->key[0] == '\0' ||
		    (i > 0 && strcmp(g[-1].key, g->key) == 0) ||
		    import_first(m->pes, known, sizeof(*m->pes), g->key))
			continue;
		struct import_pe *pe = start(m, g->key, g->from);

		if (pe == NULL)
			return;
		pe->id = g->id;
		pe->name = import_last(g->id);
	}
	import_sort(m->pes, m->n_pes, sizeof(*m->pes));
}

/* --- whose it is ---------------------------------------------------------- */

static bool is_workspace(const char *id)
{
	return import_is_kind(id, "Microsoft.MachineLearningServices",
			      "workspaces");
}

/* Which workspaces stand on which resource. */
static void gather_owned(struct import_merge *m)
{
	struct diag_import *im = m->im;

	for (size_t i = 0; m->n_others > 0 && i < im->n_resources; i++) {
		struct import_fact *f =
		    import_push(im, &m->owned, &m->n_owned, sizeof(*f));

		if (f == NULL)
			return;
		f->key = import_lower(im, im->resources[i].id);
		f->from = im->resources[i].key;
	}
	import_sort(m->owned, m->n_owned, sizeof(*m->owned));
	m->n_owned = import_unique(m->owned, m->n_owned);
}

/* Named by a document of another workspace and not by ours. */
static bool is_others_resource(const struct import_merge *m, const char *target)
{
	const struct import_fact *f = IMPORT_FIRST(m, owned, target);
	bool others = false;

	for (; f != NULL; f = IMPORT_NEXT(m, owned, f)) {
		if (!import_is_other(m, f->from, f->from))
			return false;
		others = true;
	}
	return others;
}

static bool is_ours(const struct import_merge *m, const struct import_pe *pe)
{
	const struct import_pick *pick = &m->pick;
	const struct import_fact *ids = IMPORT_FIRST(m, ids, pe->key);

	if (m->n_others == 0)
		return true;
	if (pick->id[0] != '\0' && import_id_on(m, pe->key, pick->id))
		return true;
	if (is_workspace(pe->target))
		return strcmp(pe->target, pick->arm) == 0;
	if (ids != NULL)
		return false;
	return !is_others_resource(m, pe->target);
}

void import_gather_endpoints(struct import_merge *m)
{
	gather(m);
	gather_groups(m);
	gather_owned(m);
	for (size_t i = 0; i < m->n_pes; i++)
		m->pes[i].ours = is_ours(m, &m->pes[i]);
}

/* --- names of an endpoint ------------------------------------------------- */

const struct diag_cat_row *import_row_of_group(enum diag_cloud c,
					       const char *group, int *s)
{
	while (*s < DIAG_N_SERVICES) {
		const struct diag_cat_row *row =
		    diag_cat_row(c, (enum diag_service)(*s)++);

		if (row != NULL && row->group_id != NULL &&
		    diag_text_eq_nocase(row->group_id, group))
			return row;
	}
	return NULL;
}

static void own_names(const struct import_merge *m, const char *key,
		      struct diag_names *out)
{
	const struct import_fact *f = IMPORT_FIRST(m, on, key);

	for (; f != NULL; f = IMPORT_NEXT(m, on, f)) {
		if (out->n == 0 || strcmp(out->items[out->n - 1], f->from) != 0)
			import_add_name(m->im, out, f->from);
	}
}

static void group_names(const struct import_merge *m,
			const struct import_pe *pe, const char *group,
			struct diag_names *out)
{
	const struct diag_cat_fill fill = {
		.id = m->pick.id,
		.region = m->region,
		.workspace = m->pick.name,
		.name =
		    is_workspace(pe->target) ? "*" : import_last(pe->target),
	};
	const struct diag_cat_row *row;
	int s = 0;

	while ((row = import_row_of_group(m->cloud, group, &s)) != NULL) {
		char name[DIAG_FQDN_MAX];

		if (row->pattern != NULL &&
		    diag_cat_fill(row->pattern, &fill, name, sizeof(name)))
			import_add_name(m->im, out, import_keep(m->im, name));
	}
}

void import_names_of_pe(const struct import_merge *m,
			const struct import_pe *pe, struct diag_names *out)
{
	*out = (struct diag_names){ NULL, 0 };
	own_names(m, pe->key, out);
	for (size_t i = 0; out->n == 0 && i < pe->n_groups; i++)
		group_names(m, pe, pe->groups[i], out);
}
