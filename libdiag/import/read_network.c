/* SPDX-License-Identifier: MIT */
/* read_network.c - virtual networks, peerings, security groups. */
#include "import/internal.h"

#include <string.h>

#include "base/text.h"

#define NETWORKS    "virtualNetworks"
#define NSG_PRINTED ((size_t)16 << 20)

/* --- networks ------------------------------------------------------------- */

bool import_is_network(const struct import_obj *o)
{
	struct diag_json_at at;
	struct import_obj space;
	const cJSON *m = import_member(o, "addressSpace", &at);

	if (!cJSON_IsObject(m))
		return false;
	import_obj_init(&space, &at, m);
	return import_is_list(&space, "addressPrefixes");
}

static void add_prefix(struct diag_import *im, const struct diag_json_at *at,
		       const cJSON *item, const char *key,
		       enum import_prefix_kind kind)
{
	const char *text = cJSON_GetStringValue(item);
	struct diag_cidr cidr;
	struct import_prefix *prefix;

	if (text == NULL) {
		diag_json_wrong(at, item, "expected a network");
		return;
	}
	if (!diag_cidr_parse(text, true, &cidr)) {
		import_wrong(at, "not a network", text);
		return;
	}
	prefix = IMPORT_PUSH(im, prefixes);
	if (prefix == NULL)
		return;
	prefix->key = key;
	prefix->from = import_from(im, at);
	prefix->kind = kind;
	prefix->cidr = cidr;
}

static void add_prefixes(struct diag_import *im, const struct import_obj *o,
			 const char *member, const char *key,
			 enum import_prefix_kind kind)
{
	struct diag_json_at at;
	const cJSON *list = import_list(o, member, &at);
	unsigned i = 0;
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = import_at_index(&at, i++);

		add_prefix(im, &here, item, key, kind);
	}
}

/* { NAME: { "addressPrefixes": […] } } */
static bool add_space(struct diag_import *im, const struct import_obj *o,
		      const char *name, const char *key,
		      enum import_prefix_kind kind)
{
	struct diag_json_at at;
	struct import_obj space;

	if (!import_object(o, name, &space, &at))
		return false;
	add_prefixes(im, &space, "addressPrefixes", key, kind);
	return true;
}

static void read_servers(struct diag_import *im, const struct import_obj *o,
			 const char *key)
{
	struct diag_json_at at;
	struct diag_json_at list_at;
	struct import_obj options;
	const cJSON *list;
	unsigned i = 0;
	const cJSON *item;

	if (!import_object(o, "dhcpOptions", &options, &at))
		return;
	list = import_list(&options, "dnsServers", &list_at);
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = import_at_index(&list_at, i++);
		struct diag_addr addr;
		struct import_server *server;

		if (!import_addr(&here, item, &addr))
			continue;
		server = IMPORT_PUSH(im, servers);
		if (server == NULL)
			return;
		server->key = key;
		server->from = import_from(im, &here);
		server->addr = addr;
	}
}

/* Words of Azure: a security group holds endpoints in one of two cases. */
static enum diag_policies policies_of(const struct import_obj *o)
{
	const char *word = import_str(o, "privateEndpointNetworkPolicies");

	if (diag_text_eq_nocase(word, "Enabled") ||
	    diag_text_eq_nocase(word, "NetworkSecurityGroupEnabled"))
		return DIAG_POLICIES_ON;
	if (diag_text_eq_nocase(word, "Disabled") ||
	    diag_text_eq_nocase(word, "RouteTableEnabled"))
		return DIAG_POLICIES_OFF;
	return DIAG_POLICIES_UNKNOWN;
}

/* Its prefixes are those that were read last. */
static void keep_subnet(struct diag_import *im, const struct import_obj *o,
			size_t before)
{
	const char *id = import_id(im, o, "id");
	const char *key = import_lower(im, id);
	const char *from = import_from(im, &o->at);
	enum diag_policies policies = policies_of(o);

	for (size_t i = before; id[0] != '\0' && i < im->n_prefixes; i++) {
		struct import_subnet *s = IMPORT_PUSH(im, subnets);

		if (s == NULL)
			return;
		s->key = key;
		s->from = from;
		s->cidr = im->prefixes[i].cidr;
		s->policies = policies;
	}
}

static void read_subnet(struct diag_import *im, const struct import_obj *o,
			const char *key)
{
	struct diag_json_at at;
	const cJSON *one = import_member(o, "addressPrefix", &at);
	size_t before = im->n_prefixes;

	if (one != NULL)
		add_prefix(im, &at, one, key, IMPORT_SUBNET);
	else
		add_prefixes(im, o, "addressPrefixes", key, IMPORT_SUBNET);
	keep_subnet(im, o, before);
}

/* What is on the other side of a peering is ours too. */
static void read_peering(struct diag_import *im, const struct import_obj *o,
			 const char *key)
{
	if (!add_space(im, o, "remoteVirtualNetworkAddressSpace", key,
		       IMPORT_PEER))
		(void)add_space(im, o, "remoteAddressSpace", key, IMPORT_PEER);
}

static void each(struct diag_import *im, const struct import_obj *o,
		 const char *member, const char *key,
		 void (*read)(struct diag_import *im,
			      const struct import_obj *item, const char *key))
{
	struct diag_json_at at;
	const cJSON *list = import_list(o, member, &at);
	unsigned i = 0;
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = import_at_index(&at, i++);
		struct import_obj inside;

		import_obj_init(&inside, &here, item);
		if (cJSON_IsObject(item))
			read(im, &inside, key);
		else
			diag_json_wrong(&here, item, "expected an object");
	}
}

void import_read_network(struct diag_import *im, const struct import_obj *o)
{
	const char *id = import_id(im, o, "id");
	const char *name = import_str(o, "name");
	struct import_network *net = IMPORT_PUSH(im, networks);
	const char *key;

	if (net == NULL)
		return;
	net->id = id;
	net->name = import_keep(im, name[0] != '\0' ? name : import_last(id));
	key = import_lower(im, id[0] != '\0' ? id : net->name);
	net->key = key;
	net->from = import_from(im, &o->at);
	net->whole = true;
	(void)add_space(im, o, "addressSpace", key, IMPORT_OWN);
	read_servers(im, o, key);
	each(im, o, "subnets", key, read_subnet);
	each(im, o, "virtualNetworkPeerings", key, read_peering);
}

bool import_is_peering(const struct import_obj *o)
{
	return import_is_object(o, "remoteVirtualNetwork") &&
	       (import_is_object(o, "remoteAddressSpace") ||
		import_is_object(o, "remoteVirtualNetworkAddressSpace"));
}

void import_read_peering(struct diag_import *im, const struct import_obj *o)
{
	const char *id = import_upto(im, import_id(im, o, "id"), NETWORKS);

	read_peering(im, o, import_lower(im, id));
}

/* --- security groups ------------------------------------------------------ */

bool import_is_nsg(const struct import_obj *o)
{
	return diag_nsg_recognise(o->self);
}

void import_keep_nsg(struct diag_import *im, const char *key, const char *from,
		     const struct diag_buf *json, bool old)
{
	struct import_nsg *nsg = IMPORT_PUSH(im, nsgs);

	im->nomem = im->nomem || json->code == DIAG_ENOMEM;
	if (nsg == NULL)
		return;
	nsg->key = key;
	nsg->from = from;
	nsg->json = import_keep(im, diag_buf_str(json));
	nsg->old = old;
}

/* In the normal form that inventories keep. */
static void keep(struct diag_import *im, const struct import_obj *o,
		 const struct diag_nsg *group)
{
	const char *key = group->id[0] != '\0' ? group->id : group->name;
	struct diag_buf json;
	struct diag_jw w;

	diag_buf_init(&json, NSG_PRINTED);
	diag_jw_init(&w, &json, 0);
	diag_nsg_print(group, &w);
	import_keep_nsg(im, import_lower(im, key), import_from(im, &o->at),
			&json, false);
	diag_buf_clear(&json);
}

void import_read_nsg(struct diag_import *im, const struct import_obj *o)
{
	struct diag_nsg_list list = { NULL, 0 };
	struct diag_err err = { .code = DIAG_OK };

	if (diag_nsg_read(&o->at, o->self, &im->arena, &list, &err))
		keep(im, o, &list.items[0]);
	else if (err.code == DIAG_ENOMEM)
		im->nomem = true;
}
