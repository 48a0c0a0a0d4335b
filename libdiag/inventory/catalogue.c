/* SPDX-License-Identifier: MIT */
/* catalogue.c - ask the catalogue. */
#include "inventory/catalogue.h"

#include <stdio.h>
#include <string.h>

#include "catalogue_json.h"
#include "inventory/cat_data.h"
#include "inventory/pattern.h"
#include "net/fqdn.h"

static struct cat cat;
static bool loaded;

bool diag_cat_load(struct diag_err *err)
{
	if (loaded)
		return true;
	memset(&cat, 0, sizeof(cat));
	diag_arena_init(&cat.arena, 0);
	loaded = diag_cat_read(&cat, (const char *)catalogue_json_bytes,
			       catalogue_json_len, err);
	if (!loaded)
		diag_cat_unload();
	return loaded;
}

void diag_cat_unload(void)
{
	cJSON_Delete(cat.tree);
	diag_arena_clear(&cat.arena);
	memset(&cat, 0, sizeof(cat));
	loaded = false;
}

const struct diag_cat_row *diag_cat_row(enum diag_cloud c, enum diag_service s)
{
	const struct cat_service *svc = &cat.services[s];

	return svc->n_rows[c] > 0 ? &svc->rows[c][0].row : NULL;
}

struct diag_ports diag_cat_ports(enum diag_service s, enum diag_role r,
				 enum diag_era e, bool optional)
{
	return cat.services[s].ports[r][e][optional ? 1 : 0];
}

size_t diag_cat_public(enum diag_cloud c, const struct diag_cat_public **rows)
{
	*rows = cat.publics[c];
	return cat.n_publics[c];
}

size_t diag_cat_legacy(enum diag_cloud c, enum diag_service s,
		       const char *const **patterns)
{
	const struct cat_service *svc = &cat.services[s];

	if (svc->n_rows[c] == 0)
		return 0;
	*patterns = svc->rows[c][0].legacy.items;
	return svc->rows[c][0].legacy.n;
}

size_t diag_cat_parents(enum diag_cloud c, const char *const **parents)
{
	*parents = cat.parents[c].items;
	return cat.parents[c].n;
}

/* --- which row is this name? ----------------------------------------------
 *
 * Several may fit: "ci1-22.eastus.instances.azureml.ms" is an instance called
 * ci1-22 or the SSH name of ci1.  The pattern that says more wins; then the
 * cloud that the region belongs to, because two clouds share a suffix; then
 * the order of the catalogue.
 */

struct best {
	struct diag_cat_match match;
	size_t weight;
	bool home; /* the region is one of the row's cloud */
	bool found;
};

enum diag_cloud diag_cloud_of_region(const char *region)
{
	if (strncmp(region, "china", 5) == 0)
		return DIAG_CLOUD_CHINA;
	if (strncmp(region, "usgov", 5) == 0 ||
	    strncmp(region, "usdod", 5) == 0)
		return DIAG_CLOUD_USGOV;
	return DIAG_CLOUD_PUBLIC;
}

static void try_form(const struct cat_form *f, const char *fqdn,
		     struct best *best)
{
	struct diag_cat_match match;
	bool home;

	if (!diag_pattern_match(f->pattern, fqdn, &match))
		return;
	home = match.region[0] != '\0' &&
	       diag_cloud_of_region(match.region) == f->row->cloud;
	if (best->found && (f->weight < best->weight ||
			    (f->weight == best->weight && best->home >= home)))
		return;
	best->match = match;
	best->match.row = f->row;
	best->weight = f->weight;
	best->home = home;
	best->found = true;
}

/* Which rows may be tried. */
struct among {
	bool (*may)(const struct among *among, const struct diag_cat_row *row);
	enum diag_cloud cloud;
	enum diag_service service;
};

static struct best find(const struct among *among, const char *fqdn)
{
	struct best best = { .found = false };
	size_t len = strlen(fqdn);

	for (size_t i = 0; i < cat.n_forms; i++) {
		const struct cat_form *f = &cat.forms[i];

		if (f->tail_len <= len &&
		    memcmp(fqdn + len - f->tail_len, f->tail, f->tail_len) ==
			0 &&
		    among->may(among, f->row))
			try_form(f, fqdn, &best);
	}
	return best;
}

static bool any_row(const struct among *among, const struct diag_cat_row *row)
{
	(void)among;
	(void)row;
	return true;
}

static bool of_cloud(const struct among *among, const struct diag_cat_row *row)
{
	return row->cloud == among->cloud;
}

static bool of_service(const struct among *among,
		       const struct diag_cat_row *row)
{
	return row->cloud == among->cloud && row->service == among->service;
}

bool diag_cat_match(const char *fqdn, struct diag_cat_match *out)
{
	static const struct among all = { .may = any_row };
	struct best best = find(&all, fqdn);

	if (best.found)
		*out = best.match;
	return best.found;
}

bool diag_cat_match_in(enum diag_cloud c, const char *fqdn,
		       struct diag_cat_match *out)
{
	const struct among among = { .may = of_cloud, .cloud = c };
	struct best best = find(&among, fqdn);

	if (best.found)
		*out = best.match;
	return best.found;
}

const struct diag_cat_row *
diag_cat_row_of(enum diag_cloud c, enum diag_service s, const char *fqdn)
{
	const struct among among = { of_service, c, s };
	struct best best = { .found = false };

	if (fqdn != NULL && cat.services[s].n_rows[c] > 1)
		best = find(&among, fqdn);
	return best.found ? best.match.row : diag_cat_row(c, s);
}

bool diag_cat_is_public(const char *fqdn, enum diag_cloud *cloud,
			enum diag_service *service)
{
	struct diag_cat_match match;

	if (!diag_cat_match(fqdn, &match) ||
	    match.row->expect != DIAG_EXPECT_PUBLIC)
		return false;
	if (cloud != NULL)
		*cloud = match.row->cloud;
	if (service != NULL)
		*service = match.row->service;
	return true;
}

/* --- which name was meant? ------------------------------------------------ */

/* The pieces of a record pattern as filling; a "*" label is the name. */
static bool meant_by_record(const struct diag_cat_row *row, const char *fqdn,
			    struct diag_cat_match *got)
{
	char pattern[2 * DIAG_FQDN_MAX];
	bool any;

	if (row->record == NULL || row->zone == NULL)
		return false;
	any = row->record[0] == '*';
	(void)snprintf(pattern, sizeof(pattern), "%s%s.%s", any ? "{N}" : "",
		       row->record + (any ? 1 : 0), row->zone);
	return diag_pattern_match(pattern, fqdn, got);
}

static bool meant_by_row(const struct cat_row *r, const char *fqdn,
			 struct diag_cat_match *got)
{
	if (meant_by_record(&r->row, fqdn, got))
		return true;
	for (size_t i = 0; i < r->mistaken.n; i++) {
		if (diag_pattern_match(r->mistaken.items[i], fqdn, got))
			return true;
	}
	return false;
}

static bool meant_in(const struct cat_service *svc, int c, const char *fqdn,
		     char *out, size_t size)
{
	for (size_t i = 0; i < svc->n_rows[c]; i++) {
		struct diag_cat_match got;
		struct diag_cat_fill fill = { got.id, got.region, got.name,
					      got.name };

		if (svc->rows[c][i].row.pattern != NULL &&
		    meant_by_row(&svc->rows[c][i], fqdn, &got) &&
		    diag_cat_fill(svc->rows[c][i].row.pattern, &fill, out,
				  size))
			return true;
	}
	return false;
}

/* Forms that have no record pattern (the notebook name of old workspaces):
 * the name without its privatelink label, if that is a name we know. */
static bool meant_without_label(const char *fqdn, char *out, size_t size)
{
	static const char label[] = ".privatelink.";
	const char *at = strstr(fqdn, label);
	const char *rest = at != NULL ? at + sizeof(label) - 2 : NULL;
	struct diag_cat_match got;

	if (at == NULL || (size_t)(at - fqdn) + strlen(rest) >= size)
		return false;
	memcpy(out, fqdn, (size_t)(at - fqdn));
	memcpy(out + (at - fqdn), rest, strlen(rest) + 1);
	return diag_cat_match(out, &got);
}

bool diag_cat_meant(const char *fqdn, char *out, size_t size)
{
	for (int s = 0; s < DIAG_N_SERVICES; s++) {
		for (int c = 0; c < DIAG_N_CLOUDS; c++) {
			if (meant_in(&cat.services[s], c, fqdn, out, size))
				return true;
		}
	}
	return meant_without_label(fqdn, out, size);
}
