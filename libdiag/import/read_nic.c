/* SPDX-License-Identifier: MIT */
/* read_nic.c - network interfaces of private endpoints, the best there is.
 *
 * The interface keeps names and addresses in every mode (azure.md 2.3).
 * az network nic show | list; what the documentation's --query makes of it;
 * privateIpAddress before CLI 2.49.  An endpoint to somebody's own Private
 * Link service has no names, and old ones have members only.
 */
#include "import/internal.h"

#include <string.h>

#include "base/text.h"

/* --- one address ---------------------------------------------------------- */

static bool has_text(const cJSON *list)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		if (!cJSON_IsString(item) || item->valuestring[0] != '\0')
			return true;
	}
	return false;
}

/* Names of one address; from is the place of the address. */
static void add_names(struct diag_import *im, const struct diag_json_at *at,
		      const cJSON *list, const struct diag_addr *addr,
		      const char *from, const struct import_record_of *of)
{
	char fqdn[DIAG_FQDN_MAX];
	unsigned i = 0;
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = import_at_index(at, i++);

		if (import_fqdn(&here, item, fqdn))
			import_add_record(im, fqdn, addr, from, of);
	}
}

static void add_member(struct diag_import *im, const struct import_obj *link,
		       const struct diag_addr *addr, const char *from,
		       const struct import_record_of *of)
{
	const char *group = import_lower(im, import_str(link, "groupId"));
	struct import_member *m;

	if (group[0] == '\0')
		return;
	m = IMPORT_PUSH(im, members);
	if (m == NULL)
		return;
	m->key = of->endpoint;
	m->from = from;
	m->group = group;
	m->member = import_lower(im, import_str(link, "requiredMemberName"));
	m->who = of->who;
	m->addr = *addr;
}

static void read_config(struct diag_import *im, const struct import_obj *o,
			const struct import_record_of *of)
{
	struct diag_json_at at;
	struct diag_json_at link_at;
	struct diag_json_at names_at;
	const cJSON *value = import_member(o, "privateIPAddress", &at);
	struct import_obj link;
	struct diag_addr addr;
	const cJSON *names;
	const char *from;

	if (!import_object(o, "privateLinkConnectionProperties", &link,
			   &link_at))
		return;
	if (value == NULL || !import_addr(&at, value, &addr))
		return;
	from = import_from(im, &at);
	names = import_list(&link, "fqdns", &names_at);
	if (has_text(names))
		add_names(im, &names_at, names, &addr, from, of);
	else
		add_member(im, &link, &addr, from, of);
}

void import_ip_configs(struct diag_import *im, const struct import_obj *nic,
		       const char *endpoint, const char *who)
{
	const struct import_record_of of = { .rank = IMPORT_NIC,
					     .who = who,
					     .endpoint = endpoint };
	struct diag_json_at at;
	const cJSON *list = import_list(nic, "ipConfigurations", &at);
	unsigned i = 0;
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = import_at_index(&at, i++);
		struct import_obj config;

		import_obj_init(&config, &here, item);
		if (cJSON_IsObject(item))
			read_config(im, &config, &of);
		else
			diag_json_wrong(&here, item, "expected an object");
	}
}

/* --- the interface -------------------------------------------------------- */

static bool is_link_config(const cJSON *list)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		const struct diag_json_at nowhere = { 0 };
		struct import_obj config;

		import_obj_init(&config, &nowhere, item);
		if (import_is_object(&config,
				     "privateLinkConnectionProperties"))
			return true;
	}
	return false;
}

bool import_is_nic(const struct import_obj *o)
{
	const cJSON *type = import_member(o, "type", NULL);
	const cJSON *configs = import_member(o, "ipConfigurations", NULL);

	if (!cJSON_IsArray(configs))
		return false;
	return (cJSON_IsString(type) &&
		diag_text_eq_nocase(type->valuestring,
				    "Microsoft.Network/networkInterfaces")) ||
	       is_link_config(configs);
}

/* The subnet of an endpoint stands at the addresses of its interface. */
static const char *subnet_of(struct diag_import *im, const struct import_obj *o)
{
	struct diag_json_at at;
	const cJSON *list = import_list(o, "ipConfigurations", &at);
	struct diag_json_at here = import_at_index(&at, 0);
	struct import_obj config;

	if (list == NULL || !cJSON_IsObject(list->child))
		return "";
	import_obj_init(&config, &here, list->child);
	return import_id_in(im, &config, "subnet");
}

static void note_endpoint(struct diag_import *im, const struct import_obj *o,
			  const char *id)
{
	struct import_endpoint *e;

	if (id[0] == '\0')
		return;
	e = IMPORT_PUSH(im, endpoints);
	if (e == NULL)
		return;
	*e = (struct import_endpoint){ .key = import_lower(im, id),
				       .from = import_from(im, &o->at),
				       .id = id,
				       .name = import_last(id),
				       .guid = "",
				       .group = "",
				       .target = "",
				       .target_id = "",
				       .status = "",
				       .status_from = "",
				       .subnet = subnet_of(im, o) };
}

void import_read_nic(struct diag_import *im, const struct import_obj *o)
{
	const char *endpoint = import_id_in(im, o, "privateEndpoint");
	const char *name = import_str(o, "name");
	struct import_nic *nic = IMPORT_PUSH(im, nics);

	if (nic == NULL)
		return;
	nic->id = import_id(im, o, "id");
	nic->key = import_lower(im, nic->id);
	nic->from = import_from(im, &o->at);
	nic->endpoint = import_lower(im, endpoint);
	nic->whole = true;
	note_endpoint(im, o, endpoint);
	import_ip_configs(im, o, nic->endpoint,
			  import_text(im, "the network interface%s%s",
				      name[0] != '\0' ? " " : "", name));
}

bool import_is_ip_config(const struct import_obj *o)
{
	return import_is_object(o, "privateLinkConnectionProperties");
}

void import_read_ip_config(struct diag_import *im, const struct import_obj *o)
{
	const struct import_record_of of = {
		.rank = IMPORT_NIC,
		.who = "the network interface",
	};

	read_config(im, o, &of);
}

/* --- --query 'ipConfigurations[*].{IPAddress: …, FQDNs: …}' ----------------
 */

static const cJSON *query_addr(const struct import_obj *o,
			       struct diag_json_at *at)
{
	const cJSON *value = import_member(o, "IPAddress", at);

	return value != NULL ? value : import_member(o, "privateIPAddress", at);
}

bool import_is_query(const struct import_obj *o)
{
	struct diag_json_at at;
	const cJSON *names = cJSON_GetObjectItem(o->self, "FQDNs");

	return names != NULL && query_addr(o, &at) != NULL &&
	       (cJSON_IsArray(names) || cJSON_IsNull(names));
}

void import_read_query(struct diag_import *im, const struct import_obj *o)
{
	const struct import_record_of of = {
		.rank = IMPORT_NIC,
		.who = "the network interface",
	};
	struct diag_json_at at;
	struct diag_json_at names_at;
	const cJSON *value = query_addr(o, &at);
	const cJSON *names = import_list(o, "FQDNs", &names_at);
	struct diag_addr addr;

	if (names != NULL && import_addr(&at, value, &addr))
		add_names(im, &names_at, names, &addr, import_from(im, &at),
			  &of);
}
