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

/* Most names are what clients ask, and that is told sooner. */
static bool meant_by(const char *name, char out[DIAG_FQDN_MAX])
{
	struct diag_cat_match match;

	if (!diag_fqdn_is_privatelink(name) && diag_cat_match(name, &match))
		return false;
	return diag_cat_meant(name, out, DIAG_FQDN_MAX);
}

void import_add_record(struct diag_import *im, const char *name,
		       const struct diag_addr *addr, const char *from,
		       const struct import_record_of *of)
{
	char meant[DIAG_FQDN_MAX];
	struct import_record *r = IMPORT_PUSH(im, records);

	if (r == NULL)
		return;
	r->stands = import_keep(im, name);
	r->key = meant_by(name, meant) ? import_keep(im, meant) : r->stands;
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
