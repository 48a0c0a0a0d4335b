/* SPDX-License-Identifier: MIT */
/* effective.c - the groups in force at a network interface, as Azure lists
 * them: each with the rules, where it hangs, and its id.
 *
 * Rules are called "securityRules/NAME" (older answers: NAME), "*" is spelled
 * 0.0.0.0/0, 0-65535 and All, and service tags are expanded beside their names,
 * which is not looked at.  Rules of a virtual network manager come before those
 * of groups and do not end as they do; a list of them is no group.
 * Source: Microsoft.Network, effectiveNetworkSecurityGroups.
 */
#include "nsg/internal.h"

#include <string.h>

#include "base/text.h"

#define FIRST_DEFAULT 65000 /* priority; people's end at 4096 */

bool nsg_is_effective(const cJSON *obj)
{
	return cJSON_IsArray(nsg_field(obj, NSG_EFFECTIVE));
}

bool nsg_is_effective_default(const cJSON *rule)
{
	const cJSON *priority = nsg_field(rule, "priority");

	return cJSON_IsNumber(priority) &&
	       priority->valuedouble >= FIRST_DEFAULT;
}

/* { KEY: { "id": "…" } } */
static const char *id_in(const struct diag_json_at *up, const cJSON *obj,
			 const char *key)
{
	struct diag_json_at at = nsg_at_key(up, key);
	const cJSON *inner = nsg_field(obj, key);

	return cJSON_IsObject(inner) ? nsg_text_field(&at, inner, "id") : "";
}

static const char *const *one_place(struct nsg_reader *r, const char *id,
				    size_t *n)
{
	const char **place = diag_arena_array(r->arena, 1, sizeof(*place));
	char *lower = diag_arena_strdup(r->arena, id);

	if (place == NULL || lower == NULL) {
		r->nomem = true;
		return NULL;
	}
	diag_text_lower(lower);
	*place = lower;
	*n = 1;
	return place;
}

static void read_places(struct nsg_reader *r, const struct diag_json_at *up,
			const cJSON *obj, struct diag_nsg *out)
{
	struct diag_json_at at = nsg_at_key(up, "association");
	const cJSON *hangs = nsg_field(obj, "association");
	const char *subnet = id_in(&at, hangs, "subnet");
	const char *nic = id_in(&at, hangs, "networkInterface");

	if (id_in(&at, hangs, "networkManager")[0] != '\0')
		diag_json_wrong(&at, hangs,
				"expected a group; rules of a virtual network "
				"manager are not judged");
	if (subnet[0] != '\0')
		out->subnets = one_place(r, subnet, &out->n_subnets);
	if (nic[0] != '\0')
		out->nics = one_place(r, nic, &out->n_nics);
}

void nsg_read_effective(struct nsg_reader *r, const struct diag_json_at *at,
			const cJSON *obj, struct diag_nsg *out)
{
	const char *id = id_in(at, obj, "networkSecurityGroup");
	const char *slash = strrchr(id, '/');

	read_places(r, at, obj, out);
	if (id[0] == '\0')
		return;
	out->id = nsg_keep(r, id);
	out->name = nsg_keep(r, slash != NULL ? slash + 1 : id);
	out->resource_group = nsg_resource_group(r, out->id);
}
