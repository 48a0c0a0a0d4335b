/* SPDX-License-Identifier: MIT */
/* read_zone.c - private DNS zones, their records and links, and zone groups.
 *
 * az network private-dns record-set a | zone | link vnet, list and show, and
 * az network private-endpoint dns-zone-group; the same from REST.  Traps
 * (azure.md 5): names end with a dot; "@" is the zone itself; aRecords may be
 * missing, null or empty; old versions print all other types as null.
 */
#include "import/internal.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define ZONES "privateDnsZones"

static bool has_type(const struct import_obj *o, const char *want)
{
	const cJSON *type = import_member(o, "type", NULL);

	return cJSON_IsString(type) &&
	       diag_text_eq_nocase(type->valuestring, want);
}

static const char *id_of(const struct import_obj *o)
{
	const cJSON *id = import_member(o, "id", NULL);

	return cJSON_IsString(id) ? id->valuestring : "";
}

void import_zone_named(struct diag_import *im, const char *id, const char *from,
		       bool listed)
{
	const char *own = import_upto(im, id, ZONES);
	struct import_zone *zone;

	if (own[0] == '\0')
		return;
	zone = IMPORT_PUSH(im, zones);
	if (zone == NULL)
		return;
	zone->id = own;
	zone->key = import_lower(im, own);
	zone->name = import_last(zone->key);
	zone->from = from;
	zone->listed = listed;
}

/* --- record sets ---------------------------------------------------------- */

bool import_is_record_set(const struct import_obj *o)
{
	struct diag_slice zone = import_part(id_of(o), ZONES);

	if (zone.len > 0 && zone.p[zone.len] == '/' &&
	    diag_text_find_nocase(zone.p, strlen(zone.p),
				  "/virtualNetworkLinks/") == NULL)
		return true;
	return has_type(o, "Microsoft.Network/privateDnsZones/A") ||
	       import_is_list(o, "aRecords");
}

/* "created by private endpoint NAME with resource guid GUID" */
static void read_creator(struct diag_import *im, const struct import_obj *o,
			 struct import_record_of *of)
{
	static const char by[] = "created by private endpoint ";
	static const char guid[] = " with resource guid ";
	struct diag_json_at at;
	struct import_obj meta;
	const char *text;
	const char *name;
	const char *end;

	if (!import_object(o, "metadata", &meta, &at))
		return;
	text = import_str(&meta, "creator");
	name = diag_text_find_nocase(text, strlen(text), by);
	if (name == NULL)
		return;
	name += strlen(by);
	end = diag_text_find_nocase(name, strlen(name), guid);
	if (end == NULL)
		return;
	of->creator = import_text(im, "%.*s", (int)(end - name), name);
	of->creator_id = import_lower(im, end + strlen(guid));
}

/* The name in full: as printed, or made of the record's and the zone's. */
static bool record_name(const struct import_obj *o, struct diag_slice zone,
			char out[DIAG_FQDN_MAX])
{
	struct diag_json_at at;
	const cJSON *fqdn = import_member(o, "fqdn", &at);
	const char *name;
	char full[2 * DIAG_FQDN_MAX];
	const char *why;

	if (fqdn != NULL)
		return import_fqdn(&at, fqdn, out);
	name = import_str(o, "name");
	if (name[0] == '\0' || zone.len == 0)
		return false;
	if (strcmp(name, "@") == 0)
		(void)snprintf(full, sizeof(full), "%.*s", (int)zone.len,
			       zone.p);
	else
		(void)snprintf(full, sizeof(full), "%s.%.*s", name,
			       (int)zone.len, zone.p);
	return diag_fqdn_normal(full, strlen(full), out, &why);
}

static unsigned read_ttl(const struct import_obj *o)
{
	struct diag_json_at at;
	const cJSON *ttl = import_member(o, "ttl", &at);

	if (ttl == NULL)
		return 0;
	if (cJSON_IsNumber(ttl) && ttl->valuedouble >= 0 &&
	    ttl->valuedouble <= 2147483647.0)
		return (unsigned)ttl->valuedouble;
	diag_json_wrong(&at, ttl, "expected seconds");
	return 0;
}

static void read_a(struct diag_import *im, const struct diag_json_at *at,
		   const cJSON *item, const char *fqdn,
		   const struct import_record_of *of)
{
	struct diag_json_at addr_at;
	struct import_obj a;
	const cJSON *value;
	struct diag_addr addr;

	if (!cJSON_IsObject(item)) {
		diag_json_wrong(at, item, "expected an object");
		return;
	}
	import_obj_init(&a, at, item);
	value = import_member(&a, "ipv4Address", &addr_at);
	if (value != NULL && import_addr(&addr_at, value, &addr))
		import_add_record(im, fqdn, &addr, import_from(im, &addr_at),
				  of);
}

void import_read_record_set(struct diag_import *im, const struct import_obj *o)
{
	const char *id = import_id(im, o, "id");
	const char *zone_id = import_upto(im, id, ZONES);
	struct diag_slice zone = import_part(id, ZONES);
	struct import_record_of of = {
		.rank = IMPORT_ZONE,
		.zone = import_lower(im, zone_id),
		.who = import_text(im, "the A record in zone %.*s",
				   (int)zone.len, zone.p),
		.ttl_s = read_ttl(o),
	};
	struct diag_json_at at;
	const cJSON *list = import_list(o, "aRecords", &at);
	char fqdn[DIAG_FQDN_MAX];
	unsigned i = 0;
	const cJSON *item;

	import_zone_named(im, id, import_from(im, &o->at), true);
	if (list == NULL || !record_name(o, zone, fqdn))
		return;
	read_creator(im, o, &of);
	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = import_at_index(&at, i++);

		read_a(im, &here, item, fqdn, &of);
	}
}

/* --- zones and links ------------------------------------------------------ */

bool import_is_zone(const struct import_obj *o)
{
	return has_type(o, "Microsoft.Network/privateDnsZones") ||
	       import_is_kind(id_of(o), "Microsoft.Network", ZONES) ||
	       import_member(o, "numberOfVirtualNetworkLinks", NULL) != NULL;
}

void import_read_zone(struct diag_import *im, const struct import_obj *o)
{
	struct diag_json_at at;
	const cJSON *links =
	    import_member(o, "numberOfVirtualNetworkLinks", &at);
	const char *id = import_id(im, o, "id");
	size_t before = im->n_zones;

	if (links != NULL &&
	    (!cJSON_IsNumber(links) || links->valuedouble < 0 ||
	     links->valuedouble > 1e6)) {
		diag_json_wrong(&at, links, "expected a count");
		links = NULL;
	}
	import_zone_named(im, id, import_from(im, links != NULL ? &at : &o->at),
			  false);
	if (im->n_zones == before || links == NULL)
		return;
	im->zones[before].counted = true;
	im->zones[before].links = (unsigned)links->valuedouble;
}

bool import_is_link(const struct import_obj *o)
{
	return import_member(o, "virtualNetworkLinkState", NULL) != NULL ||
	       has_type(o, "Microsoft.Network/privateDnsZones/"
			   "virtualNetworkLinks");
}

void import_read_link(struct diag_import *im, const struct import_obj *o)
{
	const char *id = import_id(im, o, "id");
	const char *zone = import_upto(im, id, ZONES);
	struct import_link *link;

	if (zone[0] == '\0')
		return;
	import_zone_named(im, id, import_from(im, &o->at), false);
	link = IMPORT_PUSH(im, links);
	if (link == NULL)
		return;
	link->key = import_lower(im, zone);
	link->from = import_from(im, &o->at);
	link->name = import_keep(im, import_str(o, "name"));
	link->network = import_lower(im, import_id_in(im, o, "virtualNetwork"));
	link->state = import_keep(im, import_str(o, "virtualNetworkLinkState"));
	link->policy = import_keep(im, import_str(o, "resolutionPolicy"));
}

/* --- zone groups ---------------------------------------------------------- */

bool import_is_zone_group(const struct import_obj *o)
{
	return import_is_list(o, "privateDnsZoneConfigs");
}

struct group_read {
	struct diag_import *im;
	const char *id, *who;
	const char *endpoint, *zone; /* keys, lower case */
	unsigned records;
};

static void read_addresses(struct group_read *g, const struct import_obj *set,
			   const char *fqdn)
{
	const struct import_record_of of = { .rank = IMPORT_GROUP,
					     .who = g->who,
					     .endpoint = g->endpoint,
					     .zone = g->zone,
					     .ttl_s = read_ttl(set) };
	struct diag_json_at at;
	const cJSON *list = import_list(set, "ipAddresses", &at);
	unsigned i = 0;
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = import_at_index(&at, i++);
		struct diag_addr addr;

		if (import_addr(&here, item, &addr))
			import_add_record(g->im, fqdn, &addr,
					  import_from(g->im, &here), &of);
	}
	g->records++;
}

static void read_set(struct group_read *g, const struct diag_json_at *at,
		     const cJSON *item)
{
	struct diag_json_at name_at;
	struct import_obj set;
	const cJSON *name;
	char fqdn[DIAG_FQDN_MAX];

	import_obj_init(&set, at, item);
	name = import_member(&set, "fqdn", &name_at);
	if (!cJSON_IsObject(item))
		diag_json_wrong(at, item, "expected an object");
	else if (name != NULL && import_fqdn(&name_at, name, fqdn))
		read_addresses(g, &set, fqdn);
}

static void push_group(struct group_read *g, const char *from)
{
	struct import_group *group = IMPORT_PUSH(g->im, groups);

	if (group == NULL)
		return;
	group->key = g->endpoint;
	group->from = from;
	group->id = g->id;
	group->zone = g->zone;
	group->records = g->records;
}

static void read_config(struct group_read *g, const struct diag_json_at *at,
			const cJSON *item)
{
	struct diag_json_at sets_at;
	struct import_obj config;
	const char *id;
	const cJSON *sets;
	unsigned i = 0;

	import_obj_init(&config, at, item);
	if (!cJSON_IsObject(item)) {
		diag_json_wrong(at, item, "expected an object");
		return;
	}
	id = import_id(g->im, &config, "privateDnsZoneId");
	g->zone = import_lower(g->im, import_upto(g->im, id, ZONES));
	g->records = 0;
	import_zone_named(g->im, id, import_from(g->im, at), false);
	sets = import_list(&config, "recordSets", &sets_at);
	cJSON_ArrayForEach(item, sets)
	{
		struct diag_json_at here = import_at_index(&sets_at, i++);

		read_set(g, &here, item);
	}
	push_group(g, import_from(g->im, at));
}

void import_read_zone_group(struct diag_import *im, const struct import_obj *o)
{
	const char *id =
	    import_upto(im, import_id(im, o, "id"), "privateEndpoints");
	struct group_read g = {
		.im = im,
		.id = id,
		.endpoint = import_lower(im, id),
		.who = import_text(im, "the zone group of %s",
				   id[0] != '\0' ? import_last(id)
						 : "the private endpoint"),
		.zone = "",
	};
	struct diag_json_at at;
	const cJSON *list = import_list(o, "privateDnsZoneConfigs", &at);
	unsigned i = 0;
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	{
		struct diag_json_at here = import_at_index(&at, i++);

		read_config(&g, &here, item);
	}
	if (i == 0)
		push_group(&g, import_from(im, &o->at));
}
