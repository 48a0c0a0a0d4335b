/* SPDX-License-Identifier: MIT */
/* merge_names.c - which names there are, whether they are ours, and which of
 * them become targets.
 *
 * A private zone and a hosts file hold records of everybody, so their names
 * count only for what the workspace is known to stand on.
 */
#include "import/merge.h"

#include <stdlib.h>
#include <string.h>

const struct import_name *import_name_of(const struct import_merge *m,
					 const char *fqdn)
{
	return IMPORT_FIRST(m, names, fqdn);
}

/* --- which names there are ------------------------------------------------ */

static struct import_name *start(struct import_merge *m, const char *key)
{
	struct import_name *n =
	    import_push(m->im, &m->names, &m->n_names, sizeof(*n));
	struct diag_cat_match match;

	if (n == NULL)
		return NULL;
	n->key = key;
	n->service = DIAG_SVC_OTHER;
	if (diag_cat_match(key, &match)) {
		n->service = match.row->service;
		memcpy(n->region, match.region, sizeof(n->region));
		memcpy(n->name, match.name, sizeof(n->name));
	}
	return n;
}

static void names_of_records(struct import_merge *m)
{
	struct import_name *n = NULL;

	for (size_t i = 0; i < m->n_records; i++) {
		const struct import_record *r = &m->records[i];

		if (n == NULL || strcmp(n->key, r->key) != 0) {
			n = start(m, r->key);
			if (n == NULL)
				return;
			n->records = r;
		}
		n->n_records++;
	}
}

/* Of several that tell of one name, what was read counts first. */
static void given(struct import_name *n, const struct diag_target *t)
{
	if (t != NULL &&
	    (n->given == NULL || (n->given->computed && !t->computed)))
		n->given = t;
}

static void name_of_target(struct import_merge *m, size_t known,
			   const struct diag_target *t)
{
	const struct import_name *found =
	    import_first(m->names, known, sizeof(*m->names), t->fqdn);
	struct import_name *n =
	    found != NULL ? &m->names[found - m->names] : start(m, t->fqdn);

	if (n != NULL)
		given(n, t);
}

static void names_of_inventories(struct import_merge *m)
{
	const struct diag_import *im = m->im;
	size_t known = m->n_names;

	for (size_t i = 0; i < im->n_inventories; i++) {
		const struct diag_inventory *inv = im->inventories[i].inv;

		if (import_is_other(m, "", inv->workspace_id))
			continue;
		for (size_t k = 0; k < inv->n_targets; k++) {
			if (inv->targets[k].fqdn != NULL)
				name_of_target(m, known, &inv->targets[k]);
		}
	}
}

static int by_key(const void *a, const void *b)
{
	const struct import_name *x = a;
	const struct import_name *y = b;

	return strcmp(x->key, y->key);
}

static void join(struct import_name *into, const struct import_name *n)
{
	given(into, n->given);
	if (into->n_records > 0)
		return;
	into->records = n->records;
	into->n_records = n->n_records;
}

/* Two inventories may have brought the same name. */
static void drop_twins(struct import_merge *m)
{
	size_t kept = 0;

	if (m->n_names < 2)
		return;
	qsort(m->names, m->n_names, sizeof(*m->names), by_key);
	for (size_t i = 1; i < m->n_names; i++) {
		struct import_name *n = &m->names[i];

		if (strcmp(m->names[kept].key, n->key) == 0)
			join(&m->names[kept], n);
		else
			m->names[++kept] = *n;
	}
	m->n_names = kept + 1;
}

/* A notebook name can be read even where no address can. */
static void names_of_workspaces(struct import_merge *m)
{
	const struct diag_import *im = m->im;
	size_t known = m->n_names;

	for (size_t i = 0; i < im->n_workspaces; i++) {
		const struct import_workspace *w = &im->workspaces[i];

		if (w->notebook[0] != '\0' &&
		    !import_is_other(m, w->key, w->id) &&
		    import_first(m->names, known, sizeof(*m->names),
				 w->notebook) == NULL)
			(void)start(m, w->notebook);
	}
}

/* Names of 2020 are gone, but machines of that time may still ask them. */
static void names_of_2020(struct import_merge *m, enum diag_service s)
{
	const struct diag_cat_fill fill = { .id = m->pick.id,
					    .region = m->region };
	const char *const *patterns = NULL;
	size_t n = diag_cat_legacy(m->cloud, s, &patterns);
	size_t known = m->n_names;

	for (size_t i = 0; i < n; i++) {
		char name[DIAG_FQDN_MAX];
		struct import_name *added;

		if (!diag_cat_fill(patterns[i], &fill, name, sizeof(name)) ||
		    import_first(m->names, known, sizeof(*m->names), name))
			continue;
		added = start(m, import_keep(m->im, name));
		if (added == NULL)
			return;
		added->computed = true;
		added->legacy = true;
	}
	if (m->n_names > 1)
		qsort(m->names, m->n_names, sizeof(*m->names), by_key);
}

/* --- ours? ---------------------------------------------------------------- */

static bool is_strong(const struct import_name *n)
{
	return n->given != NULL || n->n_records == 0 ||
	       n->records[0].rank >= IMPORT_INVENTORY;
}

/* A zone holds records of everybody, a hosts file too. */
static bool is_relevant(const struct import_merge *m,
			const struct import_name *n)
{
	const struct diag_cat_row *row =
	    diag_cat_row_of(m->cloud, n->service, n->key);
	const char *section = import_section(n->service);

	if (n->service == DIAG_SVC_OTHER || row == NULL ||
	    row->expect != DIAG_EXPECT_PRIVATE)
		return false;
	if (n->service <= DIAG_SVC_ONLINE_ENDPOINT || !m->described)
		return true;
	return section != NULL && import_has_value(m, section, n->name);
}

static void choose_kept(struct import_merge *m)
{
	for (size_t i = 0; i < m->n_names; i++) {
		struct import_name *n = &m->names[i];

		n->kept = is_strong(n) || is_relevant(m, n);
		if (!n->kept)
			m->im->met[IMPORT_MET_OTHER] += n->n_records;
	}
}

/* Instances and online endpoints follow from the short form: no form of their
 * name is settled by somebody's hosts line. */
static bool is_target(const struct import_merge *m, const struct import_name *n)
{
	if (!n->kept)
		return false;
	if (n->given != NULL)
		return true;
	if (n->service == DIAG_SVC_COMPUTE_INSTANCE ||
	    n->service == DIAG_SVC_COMPUTE_INSTANCE_SSH)
		return false;
	if (n->service == DIAG_SVC_ONLINE_ENDPOINT && n->key[0] != '*' &&
	    m->wildcard[0] != '\0')
		return false;
	return n->n_addrs > 0 || n->legacy || n->service == DIAG_SVC_NOTEBOOK;
}

/* Old workspaces have one form of the notebook name and clumsy hosts files the
 * other.  What the endpoint or the workspace says is the one in use. */
static unsigned notebook_weight(const struct import_name *n)
{
	if (n->given != NULL ||
	    (n->n_records > 0 && n->records[0].rank >= IMPORT_INVENTORY))
		return 3;
	return n->n_records == 0 ? 2 : 1; /* the workspace's word, or others' */
}

static unsigned best_notebook(const struct import_merge *m)
{
	unsigned best = 0;

	for (size_t i = 0; i < m->n_names; i++) {
		const struct import_name *n = &m->names[i];

		if (n->service == DIAG_SVC_NOTEBOOK && n->kept &&
		    notebook_weight(n) > best)
			best = notebook_weight(n);
	}
	return best;
}

static void choose_targets(struct import_merge *m)
{
	unsigned best = best_notebook(m);

	for (size_t i = 0; i < m->n_names; i++) {
		struct import_name *n = &m->names[i];

		n->target = is_target(m, n);
		if (n->target && n->service == DIAG_SVC_NOTEBOOK &&
		    notebook_weight(n) < best)
			n->target = false;
	}
}

void import_gather_names(struct import_merge *m)
{
	names_of_records(m);
	names_of_inventories(m);
	drop_twins(m);
	names_of_workspaces(m);
	drop_twins(m);
	if (m->o->era == DIAG_ERA_2020) {
		names_of_2020(m, DIAG_SVC_WORKSPACE_API);
		names_of_2020(m, DIAG_SVC_WORKSPACE_CERT);
	}
	import_gather_addrs(m);
	import_known_values(m);
	choose_kept(m);
	choose_targets(m);
}
