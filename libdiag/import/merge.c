/* SPDX-License-Identifier: MIT */
/* merge.c - from facts to an inventory: the order of the steps. */
#include "import/merge.h"

#include <string.h>

#define SORT(im, name) \
	import_sort((im)->name, (im)->n_##name, sizeof(*(im)->name))

/* By key and place, so that nothing depends on which file came first. */
static void sort_facts(struct diag_import *im)
{
	SORT(im, records);
	SORT(im, endpoints);
	SORT(im, members);
	SORT(im, nics);
	SORT(im, groups);
	SORT(im, zones);
	SORT(im, links);
	SORT(im, networks);
	SORT(im, prefixes);
	SORT(im, servers);
	SORT(im, workspaces);
	SORT(im, resources);
	SORT(im, computes);
	SORT(im, onlines);
	SORT(im, diagnoses);
	SORT(im, inventories);
}

/* --- where and in which cloud --------------------------------------------- */

/* The first name that tells; the better ones of documents before those of
 * zones and texts. */
static bool match_any(const struct diag_import *im, bool need_region,
		      struct diag_cat_match *out)
{
	for (int weak = 0; weak < 2; weak++) {
		for (size_t i = 0; i < im->n_records; i++) {
			const struct import_record *r = &im->records[i];

			if ((r->rank < IMPORT_GROUP) != (weak == 1) ||
			    !diag_cat_match(r->key, out) ||
			    out->row->expect == DIAG_EXPECT_PUBLIC)
				continue;
			if (!need_region ||
			    (out->row->service <= DIAG_SVC_ONLINE_ENDPOINT &&
			     out->region[0] != '\0'))
				return true;
		}
	}
	return false;
}

static const char *region_of(struct import_merge *m)
{
	const struct diag_import *im = m->im;
	struct diag_cat_match match;

	if (m->pick.region[0] != '\0')
		return m->pick.region;
	for (size_t i = 0; i < im->n_inventories; i++) {
		if (im->inventories[i].inv->region[0] != '\0')
			return im->inventories[i].inv->region;
	}
	if (match_any(im, true, &match))
		return import_keep(m->im, match.region);
	return "";
}

static enum diag_cloud cloud_of(const struct import_merge *m)
{
	const struct diag_import *im = m->im;
	struct diag_cat_match match;

	if (match_any(im, false, &match))
		return match.row->cloud;
	for (size_t i = 0; i < im->n_inventories; i++) {
		if (!import_is_other(m, "",
				     im->inventories[i].inv->workspace_id))
			return im->inventories[i].inv->cloud;
	}
	if (strncmp(m->region, "china", 5) == 0)
		return DIAG_CLOUD_CHINA;
	if (strncmp(m->region, "usgov", 5) == 0 ||
	    strncmp(m->region, "usdod", 5) == 0)
		return DIAG_CLOUD_USGOV;
	return DIAG_CLOUD_PUBLIC;
}

static bool place(struct import_merge *m, struct diag_err *err)
{
	char region[64];

	m->region = region_of(m);
	if (m->o->region != NULL) {
		if (!import_region(m->o->region, region))
			return diag_fail(err, DIAG_EUSAGE, "import",
					 "--region: expected a region such as "
					 "\"eastus\", got \"%.60s\"",
					 m->o->region);
		m->region = import_keep(m->im, region);
	}
	m->cloud = cloud_of(m);
	return true;
}

/* --- the summary ---------------------------------------------------------- */

static const char *title_of(size_t i)
{
	if (i < import_n_readers)
		return import_readers[i].title;
	if (i - import_n_readers < import_n_text_readers)
		return import_text_readers[i - import_n_readers].title;
	switch (i) {
	case IMPORT_MET_EMPTY:
		return "empty list";
	case IMPORT_MET_OTHER:
		return "record of something else (not kept)";
	case IMPORT_MET_PUBLIC:
		return "answer with a public address (not kept)";
	default:
		return "";
	}
}

/* Two rows may have one title. */
static void add_seen(struct diag_import_seen *seen, size_t *n, size_t i,
		     size_t met)
{
	const char *title = title_of(i);

	for (size_t k = 0; k < *n; k++) {
		if (strcmp(seen[k].kind, title) != 0)
			continue;
		seen[k].n += met;
		return;
	}
	seen[*n].kind = title;
	seen[(*n)++].n = met;
}

static void summarise(const struct import_merge *m,
		      struct diag_import_summary *out)
{
	struct diag_import *im = m->im;
	struct diag_import_seen *seen =
	    diag_arena_array(&im->arena, IMPORT_READERS, sizeof(*seen));

	*out = (struct diag_import_summary){ .seen = seen,
					     .documents = im->documents,
					     .skipped = im->skipped,
					     .ask = m->ask,
					     .n_ask = m->n_ask };
	im->nomem = im->nomem || seen == NULL;
	for (size_t i = 0; seen != NULL && i < IMPORT_READERS; i++) {
		if (im->met[i] > 0)
			add_seen(seen, &out->n_seen, i, im->met[i]);
	}
}

bool diag_import_finish(struct diag_import *im,
			const struct diag_import_options *o,
			struct diag_inventory **out,
			struct diag_import_summary *summary,
			struct diag_err *err)
{
	struct import_merge m = {
		.im = im, .o = o, .notebook = "", .api = "", .wildcard = ""
	};

	im->met[IMPORT_MET_OTHER] = 0;
	sort_facts(im);
	if (!import_pick_workspace(&m, err) || !place(&m, err))
		return im->nomem ? diag_fail_nomem(err, "import") : false;
	import_gather_endpoints(&m);
	import_gather_records(&m);
	import_gather_settings(&m);
	import_gather_names(&m);
	import_gather_lists(&m);
	import_gather_held(&m);
	import_note_records(&m);
	import_note_endpoints(&m);
	import_note_zones(&m);
	import_note_networks(&m);
	import_gather_asks(&m);
	summarise(&m, summary);
	return import_write(&m, out, err);
}
