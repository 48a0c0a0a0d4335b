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

/* --- the zones that hold our names ---------------------------------------- */

struct holders {
	struct import_merge *m;
	const char **keys;
	size_t n;
};

static int by_text(const void *a, const void *b)
{
	const char *const *x = a;
	const char *const *y = b;

	return strcmp(*x, *y);
}

static void add_holder(struct holders *h, const char *key)
{
	const char **place;

	if (key[0] == '\0' || (h->n > 0 && h->keys[h->n - 1] == key))
		return;
	place = import_push(h->m->im, &h->keys, &h->n, sizeof(*place));
	if (place != NULL)
		*place = key;
}

static void gather_holders(struct holders *h)
{
	const struct import_merge *m = h->m;
	size_t kept = 0;

	for (size_t i = 0; i < m->n_names; i++) {
		const struct import_name *n = &m->names[i];

		for (size_t k = 0; n->kept && k < n->n_records; k++)
			add_holder(h, n->records[k].zone);
	}
	for (size_t i = 0; i < m->im->n_groups; i++) {
		const struct import_group *g = &m->im->groups[i];
		const struct import_pe *pe = import_pe_of(m, g->key);

		if (pe == NULL || pe->ours)
			add_holder(h, g->zone);
	}
	if (h->n < 2)
		return;
	qsort(h->keys, h->n, sizeof(*h->keys), by_text);
	for (size_t i = 1; i < h->n; i++) {
		if (strcmp(h->keys[kept], h->keys[i]) != 0)
			h->keys[++kept] = h->keys[i];
	}
	h->n = kept + 1;
}

/* --- links ---------------------------------------------------------------- */

static const struct import_link *links_of(const struct import_merge *m,
					  const char *zone)
{
	const struct diag_import *im = m->im;

	return import_first(im->links, im->n_links, sizeof(*im->links), zone);
}

static bool is_of(const struct import_merge *m, const struct import_link *l,
		  const char *zone)
{
	return l != NULL && l < m->im->links + m->im->n_links &&
	       strcmp(l->key, zone) == 0;
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

	for (; is_of(m, l, zone); l++) {
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
	const struct import_zone *z =
	    import_first(im->zones, im->n_zones, sizeof(*im->zones), zone);
	const struct import_zone *found = NULL;

	for (; z != NULL && z < im->zones + im->n_zones &&
	       strcmp(z->key, zone) == 0;
	     z++) {
		if (z->counted && z->links > 0)
			return NULL;
		if (z->counted && found == NULL)
			found = z;
	}
	return links_of(m, zone) == NULL ? found : NULL;
}

/* Another zone of the same name that holds our names and is linked. */
static bool has_twin(const struct holders *h, const char *zone,
		     const char *network)
{
	for (size_t i = 0; i < h->n; i++) {
		const struct import_link *l;

		if (strcmp(h->keys[i], zone) == 0 ||
		    strcmp(import_last(h->keys[i]), import_last(zone)) != 0)
			continue;
		l = link_to(h->m, h->keys[i], network);
		if (l != NULL && is_done(l))
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

static void note_link(const struct holders *h, const char *zone,
		      const char *network)
{
	struct import_merge *m = h->m;
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
		 !has_twin(h, zone, network))
		note(m, "zone.not-linked", zone,
		     import_text(m->im,
				 "The zone %s is linked to other networks and "
				 "not to %s, where the private endpoint lies "
				 "and which asks Azure's own name server.",
				 import_last(zone), import_last(network)),
		     other->from);
}

/* Each network of our endpoints once. */
static void note_links(const struct holders *h, const char *zone)
{
	const struct import_merge *m = h->m;

	for (size_t i = 0; i < m->n_pes; i++) {
		bool again = !m->pes[i].ours || m->pes[i].network[0] == '\0';

		for (size_t k = 0; k < i && !again; k++)
			again =
			    m->pes[k].ours &&
			    strcmp(m->pes[k].network, m->pes[i].network) == 0;
		if (!again)
			note_link(h, zone, m->pes[i].network);
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
	struct holders h = { .m = m };
	size_t n = 0;
	const struct ttl *ttls;

	gather_holders(&h);
	for (size_t i = 0; i < h.n; i++) {
		note_unlinked(m, h.keys[i]);
		note_links(&h, h.keys[i]);
	}
	note_redirects(m);
	ttls = gather_ttls(m, &n);
	for (size_t i = 0; i < n && !m->im->nomem;)
		i += note_ttl(m, ttls + i, n - i);
}
