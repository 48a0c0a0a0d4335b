/* SPDX-License-Identifier: MIT */
/* evidence_zone.c - which view sees which private zone.
 *
 * Azure's private zones have an SOA whose MNAME is azureprivatedns.net.  The
 * public twin of a privatelink zone has an SOA too, with another MNAME, so
 * "there is an SOA" proves nothing.  A server that answers the apex with the
 * AA bit (RFC 1035, 4.1.1) hosts the zone itself: that is seen as well.
 *
 * Where the SOA was not asked or not answered, a private address that stands
 * at a name of the zone proves that the zone is seen.
 */
#include "verdict/evidence_build.h"

#include <string.h>

#define ZONES_MAX 1024

struct zone_cell {
	enum ev_seen seen;
	const struct diag_fact *soa;
};

struct zone_row {
	const char *zone;
	struct zone_cell *cells; /* one per view */
};

struct zones {
	struct zone_row *rows;
	size_t n;
};

static struct zone_row *row_of(const struct zones *z, const char *zone)
{
	size_t i;

	for (i = 0; i < z->n; i++)
		if (strcmp(z->rows[i].zone, zone) == 0)
			return &z->rows[i];
	return NULL;
}

static struct zone_row *row_new(struct build *b, struct zones *z,
				const char *zone, size_t n_views)
{
	struct zone_row *row = row_of(z, zone);

	if (row != NULL || z->n == ZONES_MAX)
		return row;
	row = &z->rows[z->n];
	row->cells = build_array(b, n_views, sizeof(*row->cells));
	if (row->cells == NULL)
		return NULL;
	row->zone = zone;
	z->n++;
	return row;
}

static enum ev_seen seen_by_soa(const struct diag_fact *f)
{
	const struct diag_soa *soa = &f->dns.soa;

	if (f->status != DIAG_ST_ANSWER && f->status != DIAG_ST_NODATA &&
	    f->status != DIAG_ST_NXDOMAIN)
		return EV_SEEN_UNKNOWN;
	if (f->status != DIAG_ST_ANSWER || soa->owner == NULL ||
	    strcmp(soa->owner, f->dns.name) != 0)
		return EV_SEEN_NO;
	if (ev_soa_is_private(soa) || f->dns.aa)
		return EV_SEEN_YES;
	return EV_SEEN_NO;
}

void build_zones(struct build *b, struct ev_origin *o,
		 const struct fact_cut *cut)
{
	struct zones *z = build_array(b, 1, sizeof(*z));
	size_t i;

	if (z == NULL)
		return;
	z->rows = build_array(b, ZONES_MAX, sizeof(*z->rows));
	for (i = 0; i < cut->zones.n && !b->nomem; i++) {
		const struct diag_fact *f = cut->zones.facts[i];
		const struct ev_view *v = ev_view_of(o, f->dns.view);
		struct zone_row *row = row_new(b, z, f->dns.name, o->n_views);
		enum ev_seen seen = seen_by_soa(f);

		if (row == NULL || v == NULL || seen == EV_SEEN_UNKNOWN)
			continue;
		row->cells[v - o->views] =
		    (struct zone_cell){ .seen = seen, .soa = f };
	}
	o->zones = z;
}

/* The answer ends at a name of the private zone, with private addresses. */
static bool proves_zone(const struct ev_answer *a)
{
	size_t i;

	if (a->zone == NULL || a->n_addrs == 0 || a->last == NULL ||
	    !diag_fqdn_under(a->last, a->zone))
		return false;
	for (i = 0; i < a->n_addrs; i++)
		if (!ev_class_is_private(a->addrs[i]->cls))
			return false;
	return true;
}

void build_zones_seen(struct build *b, struct ev_origin *o)
{
	/* Our own, made by build_zones(). */
	struct zones *z = (struct zones *)(uintptr_t)o->zones;
	size_t i, k;

	for (i = 0; i < o->n_targets && !b->nomem; i++) {
		const struct ev_target *t = &o->targets[i];

		for (k = 0; k < t->n_answers; k++) {
			const struct ev_answer *a = &t->answers[k];
			struct zone_row *row;

			if (a->view->system || !proves_zone(a))
				continue;
			row = row_new(b, z, a->zone, o->n_views);
			if (row && row->cells[k].seen == EV_SEEN_UNKNOWN)
				row->cells[k].seen = EV_SEEN_YES;
		}
	}
}

enum ev_seen ev_zone_seen(const struct ev_origin *o, const struct ev_view *v,
			  const char *zone, const struct diag_fact **soa)
{
	const struct zone_row *row =
	    zone != NULL ? row_of(o->zones, zone) : NULL;

	if (soa != NULL)
		*soa = NULL;
	if (row == NULL)
		return EV_SEEN_UNKNOWN;
	if (soa != NULL)
		*soa = row->cells[v - o->views].soa;
	return row->cells[v - o->views].seen;
}

bool ev_soa_is_private(const struct diag_soa *soa)
{
	return soa->mname != NULL &&
	       diag_fqdn_under(soa->mname, "azureprivatedns.net");
}
