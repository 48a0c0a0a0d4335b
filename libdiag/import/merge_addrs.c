/* SPDX-License-Identifier: MIT */
/* merge_addrs.c - per name: which address is right?
 *
 * The best rank decides; all addresses of that rank are right, because one
 * resource may have several endpoints.  Below that:
 *
 *	- An address that no endpoint can have decides nothing.
 *	- A record of a zone that another endpoint made than the one we know
 *	  decides nothing: it is what a deleted endpoint leaves behind.
 *	- An answer somebody was given, or a hosts line, decides only if it is
 *	  private: a public one is the very fault that is looked for.
 *	- API, certificate and instances share one address, online endpoints
 *	  share that of the wildcard (azure.md 1.1).
 */
#include "import/merge.h"

#include <string.h>

#include "net/scope.h"

#define ADDRESSES_MAX 256 /* an inventory has no more for one name */
#define NETWORKS_MAX  8192

bool import_has_addr(const struct import_name *n, const struct diag_addr *a)
{
	for (size_t i = 0; i < n->n_addrs; i++) {
		if (diag_addr_eq(&n->addrs[i], a))
			return true;
	}
	return false;
}

bool import_in_networks(const struct diag_import *im, const struct diag_addr *a)
{
	size_t n = 0;

	for (size_t i = 0; i < im->n_prefixes && n++ < NETWORKS_MAX; i++) {
		if (diag_cidr_has(&im->prefixes[i].cidr, a))
			return true;
	}
	for (size_t i = 0; i < im->n_inventories; i++) {
		const struct diag_inventory *inv = im->inventories[i].inv;

		for (size_t k = 0; k < inv->n_networks && n++ < NETWORKS_MAX;
		     k++) {
			if (diag_cidr_has(&inv->networks[k], a))
				return true;
		}
	}
	return false;
}

/* --- which address is right ----------------------------------------------- */

/* Names of endpoints, and which names endpoints are known to have. */
static void gather_covered(struct import_merge *m)
{
	for (size_t i = 0; i < m->n_pes; i++) {
		struct diag_names names;
		struct import_fact *f =
		    import_push(m->im, &m->called, &m->n_called, sizeof(*f));

		if (f == NULL)
			return;
		f->key = import_lower(m->im, m->pes[i].name);
		f->from = m->pes[i].guid;
		import_names_of_pe(m, &m->pes[i], &names);
		for (size_t k = 0; k < names.n; k++) {
			f = import_push(m->im, &m->covered, &m->n_covered,
					sizeof(*f));
			if (f == NULL)
				return;
			f->key = names.items[k];
			f->from = m->pes[i].key;
		}
	}
	import_sort(m->called, m->n_called, sizeof(*m->called));
	import_sort(m->covered, m->n_covered, sizeof(*m->covered));
}

bool import_is_orphan(const struct import_merge *m,
		      const struct import_record *r)
{
	const struct import_fact *f;
	const char *name;

	if (r->creator[0] == '\0')
		return false;
	name = import_lower(m->im, r->creator);
	f = IMPORT_FIRST(m, called, name);
	if (f == NULL)
		return IMPORT_FIRST(m, covered, r->key) != NULL;
	for (; f != NULL; f = IMPORT_NEXT(m, called, f)) {
		if (f->from[0] == '\0' || r->creator_id[0] == '\0' ||
		    strcmp(f->from, r->creator_id) == 0)
			return false;
	}
	return true;
}

static bool decides(const struct import_merge *m, const struct import_record *r)
{
	enum diag_scope scope = diag_scope_of(&r->addr);

	if (r->rank >= IMPORT_INVENTORY)
		return true;
	if (diag_scope_is_unusable(scope) && scope != DIAG_SCOPE_DOCKER)
		return false;
	if (r->rank == IMPORT_TEXT)
		return diag_scope_is_private(scope) ||
		       import_in_networks(m->im, &r->addr);
	return !import_is_orphan(m, r);
}

static void decide(struct import_merge *m, struct import_name *n)
{
	struct diag_addr *addrs = NULL;

	for (size_t i = 0; i < n->n_records; i++) {
		const struct import_record *r = &n->records[i];

		if (n->n_addrs == ADDRESSES_MAX ||
		    (n->n_addrs > 0 && r->rank < n->rank) || !decides(m, r) ||
		    import_has_addr(n, &r->addr))
			continue;
		n->rank = r->rank;
		struct diag_addr *place = diag_arena_push(
		    &m->im->arena, &addrs, &n->n_addrs, sizeof(*place));

		if (place == NULL) {
			m->im->nomem = true;
			return;
		}
		*place = r->addr;
		n->addrs = addrs;
	}
}

/* --- names that share an address ------------------------------------------ */

/* The name itself, or the certificate's, if only that has an address. */
static const char *find_api(const struct import_merge *m)
{
	const struct diag_cat_fill fill = { .id = m->pick.id,
					    .region = m->region };
	const enum diag_service try[] = { DIAG_SVC_WORKSPACE_API,
					  DIAG_SVC_WORKSPACE_CERT };

	for (size_t i = 0; i < 2; i++) {
		const struct diag_cat_row *row = diag_cat_row(m->cloud, try[i]);
		const struct import_name *n;
		char name[DIAG_FQDN_MAX];

		if (row == NULL ||
		    !diag_cat_fill(row->pattern, &fill, name, sizeof(name)))
			return "";
		n = import_name_of(m, name);
		if (n != NULL && n->n_addrs > 0)
			return n->key;
	}
	return "";
}

static const char *find_wildcard(const struct import_merge *m)
{
	for (size_t i = 0; i < m->n_names; i++) {
		const struct import_name *n = &m->names[i];

		if (n->key[0] == '*' && n->n_addrs > 0 &&
		    n->service == DIAG_SVC_ONLINE_ENDPOINT)
			return n->key;
	}
	return "";
}

const struct import_name *import_sibling(const struct import_merge *m,
					 const struct import_name *n)
{
	const char *key = "";

	switch (n->service) {
	case DIAG_SVC_WORKSPACE_API:
	case DIAG_SVC_WORKSPACE_CERT:
	case DIAG_SVC_COMPUTE_INSTANCE:
	case DIAG_SVC_COMPUTE_INSTANCE_SSH:
		key = m->api;
		break;
	case DIAG_SVC_ONLINE_ENDPOINT:
		key = m->wildcard;
		break;
	default:
		break;
	}
	if (key[0] == '\0' || strcmp(key, n->key) == 0)
		return NULL;
	return import_name_of(m, key);
}

static void share(struct import_merge *m, struct import_name *n)
{
	const struct import_name *sibling = import_sibling(m, n);

	if (sibling == NULL || sibling->n_addrs == 0 ||
	    (n->n_addrs > 0 && n->rank >= sibling->rank))
		return;
	n->addrs = sibling->addrs;
	n->n_addrs = sibling->n_addrs;
	n->rank = sibling->rank;
}

void import_gather_addrs(struct import_merge *m)
{
	gather_covered(m);
	for (size_t i = 0; i < m->n_names; i++)
		decide(m, &m->names[i]);
	m->api = find_api(m);
	m->wildcard = find_wildcard(m);
	for (size_t i = 0; i < m->n_names; i++)
		share(m, &m->names[i]);
}
