/* SPDX-License-Identifier: MIT */
/* subnets.c - which addresses lie in which subnet, as a document says it, and
 * where an address lies. */
#include "base/text.h"
#include "inventory/reader.h"

/* --- read ------------------------------------------------------------------
 */

static const char *read_id(struct diag_reader *r, const struct diag_json_at *at,
			   const cJSON *item)
{
	struct diag_json_at here = diag_at_key(at, "id");
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(item, "id");
	const char *text = cJSON_GetStringValue(id);
	char *lower;

	if (text == NULL || text[0] != '/') {
		diag_json_wrong(&here, id,
				"expected the id of a subnet, "
				"\"/subscriptions/...\"");
		return "";
	}
	lower = diag_arena_strdup(r->arena, text);
	r->nomem = r->nomem || lower == NULL;
	if (lower == NULL)
		return "";
	diag_text_lower(lower);
	return lower;
}

static enum diag_policies read_policies(const struct diag_json_at *at,
					const cJSON *item)
{
	bool on = false;

	if (!diag_json_bool(at, item, "endpoint_policies", &on))
		return DIAG_POLICIES_UNKNOWN;
	return on ? DIAG_POLICIES_ON : DIAG_POLICIES_OFF;
}

void diag_read_subnets(struct diag_reader *r, const struct diag_json_at *at,
		       struct diag_inventory *inv)
{
	struct diag_json_at list_at = diag_at_key(at, "subnets");
	const cJSON *list = diag_read_list(at, inv->tree, "subnets");
	struct diag_subnet *subnets = diag_read_array(
	    r, (size_t)cJSON_GetArraySize(list), sizeof(*subnets));
	unsigned i = 0;
	const cJSON *item;

	inv->subnets = subnets;
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = diag_at_index(&list_at, i++);
		struct diag_subnet *s;

		if (subnets == NULL)
			return;
		if (!cJSON_IsObject(item)) {
			diag_json_wrong(&here, item, "expected an object");
			continue;
		}
		s = &subnets[inv->n_subnets++];
		s->id = read_id(r, &here, item);
		s->prefixes = diag_read_prefixes(r, &here, item, "prefixes",
						 &s->n_prefixes);
		s->policies = read_policies(&here, item);
	}
}

/* --- find ------------------------------------------------------------------
 */

/* Bits of the longest prefix that has the address; -1: none has. */
static int longest(const struct diag_subnet *s, const struct diag_addr *a)
{
	int best = -1;

	for (size_t i = 0; i < s->n_prefixes; i++) {
		int len = s->prefixes[i].len;

		if (len > best && diag_cidr_has(&s->prefixes[i], a))
			best = len;
	}
	return best;
}

const struct diag_subnet *
diag_inventory_subnet(const struct diag_inventory *inv,
		      const struct diag_addr *a)
{
	const struct diag_subnet *found = NULL;
	int best = -1;

	for (size_t i = 0; i < inv->n_subnets; i++) {
		int len = longest(&inv->subnets[i], a);

		if (len < 0 || len < best)
			continue;
		found = len > best ? &inv->subnets[i] : NULL;
		best = len;
	}
	return found;
}
