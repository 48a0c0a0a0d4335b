/* SPDX-License-Identifier: MIT */
/* record.c - a name has an address: the fact that all others serve.
 *
 * Zones and clumsy hands write the name of a private zone or vaultcore; the
 * catalogue knows which name clients ask for it.
 */
#include "import/internal.h"

#include <string.h>

#include "net/scope.h"

static const char *or_none(const char *text)
{
	return text != NULL ? text : "";
}

/* "*.GUID.inference.REGION", which clients' names do not show. */
static void id_of_wildcard(const char *name, char out[64])
{
	char label[64];
	size_t len = strcspn(name + 2, ".");

	if (len >= sizeof(label))
		return;
	memcpy(label, name + 2, len);
	label[len] = '\0';
	if (!import_guid(label, out))
		out[0] = '\0';
}

/* The name clients ask, and the id of the workspace in it. */
static void look_up(struct diag_import *im, const char *name,
		    struct import_record *r)
{
	struct diag_cat_match match = { .id = "" };
	char meant[DIAG_FQDN_MAX];
	char id[64] = "";

	r->stands = import_keep(im, name);
	r->key = r->stands;
	/* Most names are what clients ask, and that is told sooner. */
	if ((diag_fqdn_is_privatelink(name) || !diag_cat_match(name, &match)) &&
	    diag_cat_meant(name, meant, sizeof(meant))) {
		r->key = import_keep(im, meant);
		(void)diag_cat_match(meant, &match);
	}
	if (match.id[0] != '\0')
		(void)import_guid(match.id, id);
	else if (strncmp(name, "*.", 2) == 0)
		id_of_wildcard(name, id);
	r->id = import_keep(im, id);
}

void import_add_record(struct diag_import *im, const char *name,
		       const struct diag_addr *addr, const char *from,
		       const struct import_record_of *of)
{
	struct import_record *r = IMPORT_PUSH(im, records);

	if (r == NULL)
		return;
	look_up(im, name, r);
	r->from = from;
	r->addr = *addr;
	r->rank = of->rank;
	r->observed = of->observed;
	r->who = or_none(of->who);
	r->endpoint = or_none(of->endpoint);
	r->zone = or_none(of->zone);
	r->creator = or_none(of->creator);
	r->creator_id = or_none(of->creator_id);
	r->ttl_s = of->ttl_s;
}

void import_answered(struct diag_import *im, const char *name,
		     const struct diag_addr *addr, const char *from,
		     const char *who)
{
	const struct import_record_of of = { .rank = IMPORT_TEXT,
					     .observed = true,
					     .who = who };

	import_add_record(im, name, addr, from, &of);
}
