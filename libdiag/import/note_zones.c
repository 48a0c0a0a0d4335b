/* SPDX-License-Identifier: MIT */
/* note_zones.c - zones that nobody sees, and what their records live by.
 *
 * A zone answers only in networks that are linked to it.  The network that
 * matters is the one of the endpoint, if it asks Azure's own name server; one
 * with servers of its own may resolve through a network that nobody showed
 * us, so nothing is said then.  A zone without any link is seen by nobody,
 * whoever asks.
 */
#include "import/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define NETWORKS_MAX 64 /* of our endpoints; nobody has more */
#define TWINS_MAX    64 /* zones of one name that are looked at */

/* --- links ---------------------------------------------------------------- */

static const struct import_link *links_of(const struct import_merge *m,
					  const char *zone)
{
	return IMPORT_FIRST(m->im, links, zone);
}

static bool is_done(const struct import_link *l)
{
	return l->state[0] == '\0' ||
	       diag_text_eq_nocase(l->state, "Completed");
}

/* Its link to the network, one that works if there is one. */
static const struct import_link *link_to(const struct import_merge *m,
					 const char *zone, const char *network)
{
	const struct import_link *found = NULL;
	const struct import_link *l = links_of(m, zone);

	for (; l != NULL; l = IMPORT_NEXT(m->im, links, l)) {
		if (strcmp(l->network, network) == 0 &&
		    (found == NULL || is_done(l)))
			found = l;
	}
	return found;
}

/* A document says that nobody is linked. */
static const struct import_zone *unlinked(const struct import_merge *m,
					  const char *zone)
{
	const struct diag_import *im = m->im;
	const struct import_zone *z = IMPORT_FIRST(im, zones, zone);
	const struct import_zone *found = NULL;

	for (; z != NULL; z = IMPORT_NEXT(im, zones, z)) {
		if (z->counted && z->links > 0)
			return NULL;
		if (z->counted && found == NULL)
			found = z;
	}
	return links_of(m, zone) == NULL ? found : NULL;
}

/* Another zone of the same name that holds our names and is linked. */
static bool has_twin(const struct import_merge *m, const char *zone,
		     const char *network)
{
	const char *name = import_last(zone);
	const struct import_fact *h = IMPORT_FIRST(m, held, name);

	for (size_t n = 0; h != NULL && n < TWINS_MAX;
	     h = IMPORT_NEXT(m, held, h), n++) {
		const struct import_link *l = link_to(m, h->from, network);

		if (strcmp(h->from, zone) != 0 && l != NULL && is_done(l))
			return true;
	}
	return false;
}

static void note(struct import_merge *m, const char *code, const char *zone,
		 const char *detail, const char *from)
{
	struct diag_names names;

	import_names_of_zone(m, import_last(zone), &names);
	import_add_note(m, code, detail, from, &names);
}

static void note_unlinked(struct import_merge *m, const char *zone)
{
	const struct import_zone *z = unlinked(m, zone);

	if (z != NULL)
		note(m, "zone.not-linked", zone,
		     import_text(m->im,
				 "The zone %s is linked to no virtual network, "
				 "so nobody sees its records.",
				 import_last(zone)),
		     z->from);
}

static void note_link(struct import_merge *m, const char *zone,
		      const char *network)
{
	const struct import_link *l = link_to(m, zone, network);
	const struct import_link *other = links_of(m, zone);

	if (l != NULL && !is_done(l))
		note(m, "zone.not-linked", zone,
		     import_text(m->im,
				 "The link %s of zone %s to the virtual "
				 "network %s is %s, not Completed.",
				 l->name, import_last(zone),
				 import_last(network), l->state),
		     l->from);
	else if (l == NULL && other != NULL &&
		 import_asks_azure(m->im, network) &&
		 !has_twin(m, zone, network))
		note(m, "zone.not-linked", zone,
		     import_text(m->im,
				 "The zone %s is linked to other networks and "
				 "not to %s, where the private endpoint lies "
				 "and which asks Azure's own name server.",
				 import_last(zone), import_last(network)),
		     other->from);
}

/* The networks of our endpoints, each once. */
static size_t list_networks(const struct import_merge *m,
			    const char *out[NETWORKS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_pes && n < NETWORKS_MAX; i++) {
		const struct import_pe *pe = &m->pes[i];
		bool again = !pe->ours || pe->network[0] == '\0';

		for (size_t k = 0; k < n && !again; k++)
			again = strcmp(out[k], pe->network) == 0;
		if (!again)
			out[n++] = pe->network;
	}
	return n;
}

static void note_links(struct import_merge *m)
{
	const char *networks[NETWORKS_MAX];
	size_t n = list_networks(m, networks);

	for (size_t i = 0; i < m->n_held; i++) {
		note_unlinked(m, m->held[i].from);
		for (size_t k = 0; k < n; k++)
			note_link(m, m->held[i].from, networks[k]);
	}
}

static void note_redirects(struct import_merge *m)
{
	for (size_t i = 0; i < m->im->n_links; i++) {
		const struct import_link *l = &m->im->links[i];

		if (!diag_text_eq_nocase(l->policy, "NxDomainRedirect"))
			continue;
		note(m, "zone.nxdomain-redirect", l->key,
		     import_text(m->im,
				 "The link %s of zone %s has the policy "
				 "NxDomainRedirect: a name without a record "
				 "gets the public answer.",
				 l->name, import_last(l->key)),
		     l->from);
	}
}

/* --- time to live --------------------------------------------------------- */

struct ttl {
	const char *key; /* the zone */
	const char *from;
	const char *name;
	unsigned ttl_s;
};

static int by_ttl(const void *a, const void *b)
{
	const struct ttl *x = a;
	const struct ttl *y = b;
	int order = strcmp(x->key, y->key);

	if (order == 0)
		order = (x->ttl_s > y->ttl_s) - (x->ttl_s < y->ttl_s);
	if (order == 0)
		order = strcmp(x->name, y->name);
	return order != 0 ? order : strcmp(x->from, y->from);
}

static struct ttl *gather_ttls(struct import_merge *m, size_t *n)
{
	struct ttl *ttls = NULL;

	for (size_t i = 0; i < m->n_names; i++) {
		const struct import_name *name = &m->names[i];

		for (size_t k = 0; name->kept && k < name->n_records; k++) {
			const struct import_record *r = &name->records[k];
			struct ttl *t;

			if (r->zone[0] == '\0' || r->ttl_s == 0 ||
			    (r->ttl_s >= IMPORT_TTL_LEAST &&
			     r->ttl_s <= IMPORT_TTL_MOST))
				continue;
			t = import_push(m->im, &ttls, n, sizeof(*t));
			if (t == NULL)
				return ttls;
			*t = (struct ttl){ r->zone, r->from, name->key,
					   r->ttl_s };
		}
	}
	if (*n > 1)
		qsort(ttls, *n, sizeof(*ttls), by_ttl);
	return ttls;
}

/* One note for all records of a zone that live equally long. */
static size_t note_ttl(struct import_merge *m, const struct ttl *t, size_t n)
{
	struct diag_names names = { NULL, 0 };
	size_t i;

	for (i = 0; i < n && strcmp(t[i].key, t[0].key) == 0 &&
		    t[i].ttl_s == t[0].ttl_s;
	     i++) {
		if (i == 0 || strcmp(t[i].name, t[i - 1].name) != 0)
			import_add_name(m->im, &names, t[i].name);
	}
	import_add_note(
	    m, "zone.ttl",
	    import_text(m->im,
			"%s in zone %s has a TTL of %u seconds; "
			"%d to %d is advised, so that a change is "
			"seen soon.",
			names.n == 1 ? names.items[0] : "More than one record",
			import_last(t[0].key), t[0].ttl_s, IMPORT_TTL_LEAST,
			IMPORT_TTL_MOST),
	    t[0].from, &names);
	return i;
}

void import_note_zones(struct import_merge *m)
{
	size_t n = 0;
	const struct ttl *ttls;

	note_links(m);
	note_redirects(m);
	ttls = gather_ttls(m, &n);
	for (size_t i = 0; i < n && !m->im->nomem;)
		i += note_ttl(m, ttls + i, n - i);
}
