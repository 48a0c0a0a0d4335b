/* SPDX-License-Identifier: MIT */
/* note_endpoints.c - endpoints that nobody approved, zone groups that lack a
 * zone.
 *
 * A zone group writes the records of its zones and no others; built-in
 * policies attach only the API's zone to a workspace, and then nobody keeps
 * the notebook's record (azure.md 6).  No zone group at all is no fault: the
 * records may be made by hand, or by a name server of one's own.
 */
#include "import/merge.h"

#include <string.h>

#include "base/text.h"

static const char *leads_to(const struct import_merge *m,
			    const struct import_pe *pe)
{
	if (pe->target_id[0] == '\0')
		return "";
	return import_text(m->im, " to %s", import_last(pe->target_id));
}

static void note_state(struct import_merge *m, const struct import_pe *pe)
{
	const char *file = strstr(pe->approved_from, ": $");
	const char *other = file != NULL
				? import_text(m->im, " (but Approved in %.*s)",
					      (int)(file - pe->approved_from),
					      pe->approved_from)
				: "";
	struct diag_names names;
	const char *detail;

	if (pe->status[0] == '\0')
		return;
	import_names_of_pe(m, pe, &names);
	detail = import_text(m->im,
			     "The connection of private endpoint %s%s is %s, "
			     "not Approved%s; until it is, nothing answers at "
			     "its addresses.",
			     pe->name, leads_to(m, pe), pe->status, other);
	import_add_note(m, "endpoint.not-approved", detail, pe->status_from,
			&names);
}

/* --- zone groups ---------------------------------------------------------- */

static const struct import_group *groups_of(const struct import_merge *m,
					    const char *key)
{
	return IMPORT_FIRST(m->im, groups, key);
}

static const struct import_group *next_of(const struct import_merge *m,
					  const struct import_group *g)
{
	return IMPORT_NEXT(m->im, groups, g);
}

/* What a zone group says of a zone by its name. */
static const struct import_group *group_with(const struct import_merge *m,
					     const char *key, const char *zone)
{
	const struct import_group *g = groups_of(m, key);

	for (; g != NULL; g = next_of(m, g)) {
		if (strcmp(import_last(g->zone), zone) == 0)
			return g;
	}
	return NULL;
}

/* Names of the endpoint whose record would lie in the zone. */
static void names_in(const struct import_merge *m, const struct import_pe *pe,
		     const char *zone, struct diag_names *out)
{
	struct diag_names all;

	*out = (struct diag_names){ NULL, 0 };
	import_names_of_pe(m, pe, &all);
	for (size_t i = 0; i < all.n; i++) {
		struct diag_cat_match match;

		if (diag_cat_match(all.items[i], &match) &&
		    match.row->zone != NULL &&
		    strcmp(match.row->zone, zone) == 0)
			import_add_name(m->im, out, all.items[i]);
	}
	if (out->n == 0)
		import_names_of_zone(m, zone, out);
}

/* A record made by hand serves as well. */
static bool has_record(const struct import_merge *m, const char *fqdn)
{
	const struct import_name *n = import_name_of(m, fqdn);

	for (size_t i = 0; n != NULL && i < n->n_records; i++) {
		if (n->records[i].rank == IMPORT_ZONE &&
		    import_has_addr(n, &n->records[i].addr))
			return true;
	}
	return false;
}

static bool is_covered(const struct import_merge *m,
		       const struct diag_names *names)
{
	for (size_t i = 0; i < names->n; i++) {
		if (!has_record(m, names->items[i]))
			return false;
	}
	return names->n > 0;
}

static const char *concerns(const struct import_merge *m,
			    const struct diag_names *names)
{
	if (names->n == 0)
		return "its record there";
	if (names->n == 1)
		return import_text(m->im, "the record of %s", names->items[0]);
	return import_text(m->im, "the records of %s and %zu more names",
			   names->items[0], names->n - 1);
}

static void note_zone(struct import_merge *m, const struct import_pe *pe,
		      const char *zone)
{
	const struct import_group *g = group_with(m, pe->key, zone);
	const struct import_group *any = groups_of(m, pe->key);
	struct diag_names names;
	const char *detail;

	if (g != NULL && (g->records > 0 || pe->status[0] != '\0'))
		return;
	names_in(m, pe, zone, &names);
	if (is_covered(m, &names))
		return;
	if (g != NULL)
		detail = import_text(m->im,
				     "The zone group of private endpoint %s "
				     "names the zone %s and has written no "
				     "record there; %s is missing.",
				     pe->name, zone, concerns(m, &names));
	else
		detail = import_text(m->im,
				     "The zone group of private endpoint %s "
				     "lacks the zone %s, so nobody keeps %s.",
				     pe->name, zone, concerns(m, &names));
	import_add_note(m, "endpoint.zone-missing", detail,
			g != NULL ? g->from : any->from, &names);
}

#define ZONES_MAX 8 /* of one group id */

/* The zones that a group id needs.  A monitor scope has many, and which of
 * them somebody uses is not known. */
static void note_group(struct import_merge *m, const struct import_pe *pe,
		       const char *group)
{
	const char *seen[ZONES_MAX];
	const struct diag_cat_row *row;
	size_t n = 0;
	int s = 0;

	while ((row = import_row_of_group(m->cloud, group, &s)) != NULL) {
		bool twice = row->zone == NULL || n == ZONES_MAX ||
			     row->service == DIAG_SVC_MONITOR;

		for (size_t i = 0; i < n && !twice; i++)
			twice = strcmp(seen[i], row->zone) == 0;
		if (twice)
			continue;
		seen[n++] = row->zone;
		note_zone(m, pe, row->zone);
	}
}

/* The group id that a zone is for; NULL: not known. */
static const char *group_of_zone(const struct import_merge *m, const char *zone)
{
	for (int s = 0; s < DIAG_N_SERVICES; s++) {
		const struct diag_cat_row *row =
		    diag_cat_row(m->cloud, (enum diag_service)s);

		if (row != NULL && row->zone != NULL && row->group_id != NULL &&
		    strcmp(row->zone, zone) == 0)
			return row->group_id;
	}
	return NULL;
}

/* Without the endpoint's own document its zones tell what it is for. */
static void note_by_zones(struct import_merge *m, const struct import_pe *pe)
{
	const struct import_group *g = groups_of(m, pe->key);
	const char *told = "";

	for (; g != NULL; g = next_of(m, g)) {
		const char *group = group_of_zone(m, import_last(g->zone));

		if (group == NULL || strcmp(group, told) == 0)
			continue;
		note_group(m, pe, group);
		told = group;
	}
}

void import_note_endpoints(struct import_merge *m)
{
	for (size_t i = 0; i < m->n_pes; i++) {
		const struct import_pe *pe = &m->pes[i];

		if (!pe->ours)
			continue;
		note_state(m, pe);
		if (groups_of(m, pe->key) == NULL)
			continue;
		for (size_t k = 0; k < pe->n_groups; k++)
			note_group(m, pe, pe->groups[k]);
		if (pe->n_groups == 0)
			note_by_zones(m, pe);
	}
}
