/* SPDX-License-Identifier: MIT */
/* read_answer.c - Resolve-DnsName NAME | ConvertTo-Json.
 *
 * One object or a list of them, one per record.  Type, QueryType and Section
 * are numbers, or words with -EnumsAsStrings; the address is IPAddress,
 * IP4Address or Address.  A record reached through an alias has the name at
 * the alias' end; the name of a private zone leads back to what clients ask,
 * so the chain need not be followed.
 */
#include "import/internal.h"

#include <string.h>

#include "base/text.h"

static const cJSON *address_of(const struct import_obj *o,
			       struct diag_json_at *at)
{
	static const char *const keys[] = { "IPAddress", "IP4Address",
					    "Address" };

	for (size_t i = 0; i < 3; i++) {
		const cJSON *m = import_member(o, keys[i], at);

		if (cJSON_IsString(m))
			return m;
	}
	return NULL;
}

bool import_is_answer(const struct import_obj *o)
{
	struct diag_json_at at;

	return import_is_str(o, "Name") &&
	       (import_member(o, "QueryType", NULL) != NULL ||
		import_member(o, "Section", NULL) != NULL ||
		import_member(o, "TTL", NULL) != NULL) &&
	       (address_of(o, &at) != NULL || import_is_str(o, "NameHost") ||
		import_is_str(o, "PrimaryServer"));
}

void import_read_answer(struct diag_import *im, const struct import_obj *o)
{
	struct diag_json_at name_at;
	struct diag_json_at at;
	const cJSON *name = import_member(o, "Name", &name_at);
	const cJSON *value = address_of(o, &at);
	char fqdn[DIAG_FQDN_MAX];
	struct diag_addr addr;

	if (value == NULL || !import_fqdn(&name_at, name, fqdn) ||
	    !import_addr(&at, value, &addr))
		return;
	import_answered(im, fqdn, &addr, import_from(im, &at),
			"the answer of Resolve-DnsName");
}
