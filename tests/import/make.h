/* SPDX-License-Identifier: MIT */
/* make.h - small documents in Azure's shapes, made to measure. */
#ifndef DIAG_TESTS_IMPORT_MAKE_H
#define DIAG_TESTS_IMPORT_MAKE_H

#include "tests/import/support.h"

#define SUB(group)	  "/subscriptions/s1/resourceGroups/" group "/providers/"
#define PE(name)	  SUB("rg") "Microsoft.Network/privateEndpoints/" name
#define NIC(name)	  SUB("rg") "Microsoft.Network/networkInterfaces/" name
#define VNET(name)	  SUB("rg") "Microsoft.Network/virtualNetworks/" name
#define ZONE(group, name) SUB(group) "Microsoft.Network/privateDnsZones/" name
#define WS(name)	  SUB("rg") "Microsoft.MachineLearningServices/workspaces/" name

/* All are called FILE; NULL leaves a member out. */
void add_nic(struct imported *x, const char *file, const char *endpoint,
	     const char *fqdn, const char *addr);
/* An interface with a member instead of a name. */
void add_member(struct imported *x, const char *file, const char *endpoint,
		const char *group, const char *member, const char *addr);
struct endpoint_doc {
	const char *id, *group, *target, *status, *network;
	const char *fqdn, *addr; /* customDnsConfigs */
	const char *nic;
};
void add_endpoint(struct imported *x, const char *file,
		  const struct endpoint_doc *d);
/* One zone; fqdn NULL: without records. */
void add_group(struct imported *x, const char *file, const char *endpoint,
	       const char *zone, const char *fqdn, const char *addr);
struct record_doc {
	const char *zone; /* ARM id */
	const char *name; /* in the zone */
	const char *addr;
	const char *creator; /* the whole text */
	unsigned ttl;	     /* 0: 10 */
};
void add_record(struct imported *x, const char *file,
		const struct record_doc *d);
void add_link(struct imported *x, const char *file, const char *zone,
	      const char *network, const char *state);
/* servers and subnet may be NULL. */
void add_network(struct imported *x, const char *file, const char *id,
		 const char *prefix, const char *subnet, const char *servers);
/* guid NULL: as the second extension prints it. */
void add_workspace(struct imported *x, const char *file, const char *name,
		   const char *guid, const char *storage);

#endif
