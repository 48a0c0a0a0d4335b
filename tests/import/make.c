/* SPDX-License-Identifier: MIT */
#include "tests/import/make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct doc {
	struct diag_buf text;
	struct diag_jw w;
};

static void start(struct doc *d)
{
	diag_buf_init(&d->text, 1 << 20);
	diag_jw_init(&d->w, &d->text, 0);
	diag_jw_open(&d->w, '{');
}

static void add(struct imported *x, const char *file, struct doc *d)
{
	diag_jw_close(&d->w, '}');
	add_bytes(x, file, d->text.data, d->text.len);
	diag_buf_clear(&d->text);
}

static void put_id(struct doc *d, const char *key, const char *id)
{
	diag_jw_kopen(&d->w, key, '{');
	diag_jw_kstr(&d->w, "id", id);
	diag_jw_close(&d->w, '}');
}

static void put_config(struct doc *d, const char *fqdn, const char *addr,
		       const char *group, const char *member)
{
	diag_jw_kopen(&d->w, "ipConfigurations", '[');
	diag_jw_open(&d->w, '{');
	diag_jw_kstr(&d->w, "privateIPAddress", addr);
	diag_jw_kopen(&d->w, "privateLinkConnectionProperties", '{');
	diag_jw_kopen(&d->w, "fqdns", '[');
	if (fqdn != NULL)
		diag_jw_str(&d->w, fqdn);
	diag_jw_close(&d->w, ']');
	diag_jw_kstr(&d->w, "groupId", group);
	diag_jw_kstr(&d->w, "requiredMemberName", member);
	diag_jw_close(&d->w, '}');
	diag_jw_close(&d->w, '}');
	diag_jw_close(&d->w, ']');
}

void add_nic(struct imported *x, const char *file, const char *endpoint,
	     const char *fqdn, const char *addr)
{
	struct doc d;

	start(&d);
	diag_jw_kstr(&d.w, "name", "nic1");
	put_config(&d, fqdn, addr, "", "");
	if (endpoint != NULL)
		put_id(&d, "privateEndpoint", endpoint);
	add(x, file, &d);
}

void add_member(struct imported *x, const char *file, const char *endpoint,
		const char *group, const char *member, const char *addr)
{
	struct doc d;

	start(&d);
	diag_jw_kstr(&d.w, "name", "nic1");
	put_config(&d, NULL, addr, group, member);
	put_id(&d, "privateEndpoint", endpoint);
	add(x, file, &d);
}

static void put_connection(struct doc *d, const struct endpoint_doc *e)
{
	diag_jw_kopen(&d->w, "privateLinkServiceConnections", '[');
	diag_jw_open(&d->w, '{');
	diag_jw_kopen(&d->w, "groupIds", '[');
	if (e->group != NULL)
		diag_jw_str(&d->w, e->group);
	diag_jw_close(&d->w, ']');
	diag_jw_kstr(&d->w, "privateLinkServiceId", e->target);
	diag_jw_kopen(&d->w, "privateLinkServiceConnectionState", '{');
	diag_jw_kstr(&d->w, "status",
		     e->status != NULL ? e->status : "Approved");
	diag_jw_close(&d->w, '}');
	diag_jw_close(&d->w, '}');
	diag_jw_close(&d->w, ']');
}

void add_endpoint(struct imported *x, const char *file,
		  const struct endpoint_doc *e)
{
	struct doc d;

	start(&d);
	diag_jw_kstr(&d.w, "id", e->id);
	put_connection(&d, e);
	diag_jw_kopen(&d.w, "customDnsConfigs", '[');
	if (e->fqdn != NULL) {
		diag_jw_open(&d.w, '{');
		diag_jw_kstr(&d.w, "fqdn", e->fqdn);
		diag_jw_kopen(&d.w, "ipAddresses", '[');
		diag_jw_str(&d.w, e->addr);
		diag_jw_close(&d.w, ']');
		diag_jw_close(&d.w, '}');
	}
	diag_jw_close(&d.w, ']');
	if (e->nic != NULL) {
		diag_jw_kopen(&d.w, "networkInterfaces", '[');
		diag_jw_open(&d.w, '{');
		diag_jw_kstr(&d.w, "id", e->nic);
		diag_jw_close(&d.w, '}');
		diag_jw_close(&d.w, ']');
	}
	if (e->network != NULL) {
		diag_jw_kopen(&d.w, "subnet", '{');
		diag_jw_key(&d.w, "id");
		diag_jw_str(&d.w, e->network);
		diag_jw_close(&d.w, '}');
	}
	add(x, file, &d);
}

void add_group(struct imported *x, const char *file, const char *endpoint,
	       const char *zone, const char *fqdn, const char *addr)
{
	char id[512];
	struct doc d;

	start(&d);
	(void)snprintf(id, sizeof(id), "%s/privateDnsZoneGroups/default",
		       endpoint);
	diag_jw_kstr(&d.w, "id", id);
	diag_jw_kopen(&d.w, "privateDnsZoneConfigs", '[');
	diag_jw_open(&d.w, '{');
	diag_jw_kstr(&d.w, "privateDnsZoneId", zone);
	diag_jw_kopen(&d.w, "recordSets", '[');
	if (fqdn != NULL) {
		diag_jw_open(&d.w, '{');
		diag_jw_kstr(&d.w, "fqdn", fqdn);
		diag_jw_kopen(&d.w, "ipAddresses", '[');
		diag_jw_str(&d.w, addr);
		diag_jw_close(&d.w, ']');
		diag_jw_kuint(&d.w, "ttl", 10);
		diag_jw_close(&d.w, '}');
	}
	diag_jw_close(&d.w, ']');
	diag_jw_close(&d.w, '}');
	diag_jw_close(&d.w, ']');
	add(x, file, &d);
}

void add_record(struct imported *x, const char *file,
		const struct record_doc *r)
{
	char id[1024];
	struct doc d;

	start(&d);
	(void)snprintf(id, sizeof(id), "%s/A/%s", r->zone, r->name);
	diag_jw_kstr(&d.w, "id", id);
	diag_jw_kstr(&d.w, "name", r->name);
	diag_jw_kuint(&d.w, "ttl", r->ttl > 0 ? r->ttl : 10);
	diag_jw_kopen(&d.w, "aRecords", '[');
	diag_jw_open(&d.w, '{');
	diag_jw_kstr(&d.w, "ipv4Address", r->addr);
	diag_jw_close(&d.w, '}');
	diag_jw_close(&d.w, ']');
	if (r->creator != NULL) {
		diag_jw_kopen(&d.w, "metadata", '{');
		diag_jw_kstr(&d.w, "creator", r->creator);
		diag_jw_close(&d.w, '}');
	}
	add(x, file, &d);
}

void add_link(struct imported *x, const char *file, const char *zone,
	      const char *network, const char *state)
{
	char id[512];
	struct doc d;

	start(&d);
	(void)snprintf(id, sizeof(id), "%s/virtualNetworkLinks/link1", zone);
	diag_jw_kstr(&d.w, "id", id);
	diag_jw_kstr(&d.w, "name", "link1");
	put_id(&d, "virtualNetwork", network);
	diag_jw_kstr(&d.w, "virtualNetworkLinkState", state);
	add(x, file, &d);
}

static void put_prefix(struct doc *d, const char *key, const char *prefix)
{
	diag_jw_kopen(&d->w, key, '{');
	diag_jw_kopen(&d->w, "addressPrefixes", '[');
	diag_jw_str(&d->w, prefix);
	diag_jw_close(&d->w, ']');
	diag_jw_close(&d->w, '}');
}

void add_network(struct imported *x, const char *file, const char *id,
		 const char *prefix, const char *subnet, const char *server)
{
	struct doc d;

	start(&d);
	diag_jw_kstr(&d.w, "id", id);
	put_prefix(&d, "addressSpace", prefix);
	if (subnet != NULL) {
		diag_jw_kopen(&d.w, "subnets", '[');
		diag_jw_open(&d.w, '{');
		diag_jw_kstr(&d.w, "addressPrefix", subnet);
		diag_jw_close(&d.w, '}');
		diag_jw_close(&d.w, ']');
	}
	if (server != NULL) {
		diag_jw_kopen(&d.w, "dhcpOptions", '{');
		diag_jw_kopen(&d.w, "dnsServers", '[');
		diag_jw_str(&d.w, server);
		diag_jw_close(&d.w, ']');
		diag_jw_close(&d.w, '}');
	}
	add(x, file, &d);
}

void add_workspace(struct imported *x, const char *file, const char *name,
		   const char *guid, const char *storage)
{
	char id[512];
	struct doc d;

	start(&d);
	(void)snprintf(id, sizeof(id), "%s", WS(""));
	(void)snprintf(id + strlen(id), sizeof(id) - strlen(id), "%s", name);
	diag_jw_kstr(&d.w, "id", id);
	diag_jw_kstr(&d.w, "name", name);
	diag_jw_kstr(&d.w, "location", "eastus");
	diag_jw_kstr(&d.w, "workspaceId", guid);
	if (storage != NULL) {
		(void)snprintf(id, sizeof(id),
			       SUB("RG") "microsoft.storage/storageaccounts/%s",
			       storage);
		diag_jw_kstr(&d.w, "storageAccount", id);
	}
	add(x, file, &d);
}
