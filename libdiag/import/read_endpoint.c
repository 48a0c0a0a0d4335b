/* SPDX-License-Identifier: MIT */
/* read_endpoint.c - private endpoints, and connections told by the other side.
 *
 * az network private-endpoint show | list; REST; the connections of a
 * workspace or another resource (private-endpoint-connection list).
 * customDnsConfigs is empty once a zone group is attached (azure.md 2.3), so
 * one that is not says that there is none.
 */
#include "import/internal.h"

#include <string.h>

#include "base/text.h"

/* --- names and addresses -------------------------------------------------- */

bool import_is_custom_dns(const struct import_obj *o)
{
	return import_is_str(o, "fqdn") && import_is_list(o, "ipAddresses");
}

static void read_names(struct diag_import *im, const struct import_obj *o,
		       const char *endpoint, const char *who)
{
	/* A zone group's record looks the same but for its name. */
	bool group = import_is_str(o, "recordSetName");
	const struct import_record_of of = {
		.rank = group ? IMPORT_GROUP : IMPORT_CUSTOM,
		.who = who,
		.endpoint = endpoint,
	};
	struct diag_json_at name_at;
	struct diag_json_at at;
	const cJSON *name = import_member(o, "fqdn", &name_at);
	const cJSON *list = import_list(o, "ipAddresses", &at);
	char fqdn[DIAG_FQDN_MAX];
	unsigned i = 0;
	const cJSON *item;

	if (name == NULL || !import_fqdn(&name_at, name, fqdn))
		return;
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = import_at_index(&at, i++);
		struct diag_addr addr;

		if (import_addr(&here, item, &addr))
			import_add_record(im, fqdn, &addr,
					  import_from(im, &here), &of);
	}
}

void import_read_custom_dns(struct diag_import *im, const struct import_obj *o)
{
	read_names(im, o, "",
		   import_is_str(o, "recordSetName") ? "the zone group"
						     : "the private endpoint");
}

/* Call each for the objects of a list. */
static void each(struct diag_import *im, const struct import_obj *o,
		 const char *key, const struct import_endpoint *e,
		 void (*read)(struct diag_import *im,
			      const struct import_obj *item,
			      const struct import_endpoint *e))
{
	struct diag_json_at at;
	const cJSON *list = import_list(o, key, &at);
	unsigned i = 0;
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = import_at_index(&at, i++);
		struct import_obj inside;

		import_obj_init(&inside, &here, item);
		if (cJSON_IsObject(item))
			read(im, &inside, e);
		else
			diag_json_wrong(&here, item, "expected an object");
	}
}

static void read_custom(struct diag_import *im, const struct import_obj *o,
			const struct import_endpoint *e)
{
	read_names(im, o, e->key,
		   import_text(im, "the private endpoint %s", e->name));
}

static void read_nic(struct diag_import *im, const struct import_obj *o,
		     const struct import_endpoint *e)
{
	const char *id = import_id(im, o, "id");
	struct import_nic *nic;

	if (id[0] == '\0')
		return;
	nic = IMPORT_PUSH(im, nics);
	if (nic == NULL)
		return;
	nic->key = import_lower(im, id);
	nic->id = id;
	nic->from = e->from;
	nic->endpoint = e->key;
}

/* Addresses that the endpoint was given by hand, told by member. */
static void read_static(struct diag_import *im, const struct import_obj *o,
			const struct import_endpoint *e)
{
	struct diag_json_at at;
	const cJSON *value = import_member(o, "privateIPAddress", &at);
	struct diag_addr addr;
	struct import_member *m;

	if (value == NULL || !import_addr(&at, value, &addr))
		return;
	m = IMPORT_PUSH(im, members);
	if (m == NULL)
		return;
	m->key = e->key;
	m->from = import_from(im, &at);
	m->group = import_lower(im, import_str(o, "groupId"));
	m->member = import_lower(im, import_str(o, "memberName"));
	m->who = import_text(im, "the private endpoint %s", e->name);
	m->addr = addr;
}

/* --- connections ---------------------------------------------------------- */

static struct import_endpoint *push(struct diag_import *im,
				    const struct import_endpoint *e)
{
	struct import_endpoint *out = IMPORT_PUSH(im, endpoints);

	if (out != NULL)
		*out = *e;
	return out;
}

static void read_state(struct diag_import *im, const struct import_obj *o,
		       struct import_endpoint *e)
{
	struct diag_json_at at;
	struct import_obj state;

	if (!import_object(o, "privateLinkServiceConnectionState", &state, &at))
		return;
	e->status = import_keep(im, import_str(&state, "status"));
	at = import_at_key(&state.at, "status");
	e->status_from = import_from(im, &at);
}

static void read_connection(struct diag_import *im, const struct import_obj *o,
			    const struct import_endpoint *base)
{
	struct import_endpoint e = *base;
	struct diag_json_at at;
	const cJSON *groups = import_list(o, "groupIds", &at);
	unsigned i = 0;
	const cJSON *item;

	/* An alias of somebody else's service is no id. */
	if (import_str(o, "privateLinkServiceId")[0] == '/')
		e.target_id = import_id(im, o, "privateLinkServiceId");
	e.target = import_lower(im, e.target_id);
	read_state(im, o, &e);
	cJSON_ArrayForEach(item, groups)
	{
		struct diag_json_at here = import_at_index(&at, i++);

		if (cJSON_IsString(item)) {
			e.group = import_lower(im, item->valuestring);
			(void)push(im, &e);
		} else {
			diag_json_wrong(&here, item, "expected text");
		}
	}
	if (e.group[0] == '\0')
		(void)push(im, &e);
}

static void start(struct diag_import *im, const struct import_obj *o,
		  const char *id, struct import_endpoint *e)
{
	*e = (struct import_endpoint){
		.from = import_from(im, &o->at),
		.id = id,
		.key = import_lower(im, id),
		.name = import_keep(im, import_last(id)),
		.guid = "",
		.group = "",
		.target = "",
		.target_id = "",
		.status = "",
		.status_from = "",
		.subnet = "",
	};
}

bool import_is_endpoint(const struct import_obj *o)
{
	const cJSON *type = import_member(o, "type", NULL);

	return import_is_list(o, "privateLinkServiceConnections") ||
	       import_is_list(o, "manualPrivateLinkServiceConnections") ||
	       (cJSON_IsString(type) &&
		diag_text_eq_nocase(type->valuestring,
				    "Microsoft.Network/privateEndpoints"));
}

void import_read_endpoint(struct diag_import *im, const struct import_obj *o)
{
	struct import_endpoint e;
	struct diag_json_at at;
	size_t before = im->n_endpoints;

	start(im, o, import_id(im, o, "id"), &e);
	e.whole = true;
	if (e.key[0] == '\0') {
		e.name = import_keep(im, import_str(o, "name"));
		e.key = import_lower(im, e.name);
	}
	e.guid = import_lower(im, import_str(o, "resourceGuid"));
	e.subnet = import_id_in(im, o, "subnet");
	e.has_custom =
	    cJSON_GetArraySize(import_list(o, "customDnsConfigs", &at)) > 0;
	each(im, o, "privateLinkServiceConnections", &e, read_connection);
	each(im, o, "manualPrivateLinkServiceConnections", &e, read_connection);
	if (im->n_endpoints == before)
		(void)push(im, &e);
	each(im, o, "customDnsConfigs", &e, read_custom);
	each(im, o, "networkInterfaces", &e, read_nic);
	each(im, o, "ipConfigurations", &e, read_static);
}

/* --- the other side ------------------------------------------------------- */

bool import_is_connection(const struct import_obj *o)
{
	return import_is_object(o, "privateEndpoint") &&
	       import_is_object(o, "privateLinkServiceConnectionState");
}

/* ".../workspaces/W/privateEndpointConnections/NAME" says whose it is. */
void import_read_connection(struct diag_import *im, const struct import_obj *o)
{
	static const char part[] = "/privateEndpointConnections/";
	const char *own = import_id(im, o, "id");
	const char *id = import_id_in(im, o, "privateEndpoint");
	const char *cut = diag_text_find_nocase(own, strlen(own), part);
	struct import_endpoint e;

	if (id[0] == '\0')
		return;
	start(im, o, id, &e);
	if (cut != NULL) {
		e.target_id = import_text(im, "%.*s", (int)(cut - own), own);
		e.target = import_lower(im, e.target_id);
	}
	read_connection(im, o, &e);
}
