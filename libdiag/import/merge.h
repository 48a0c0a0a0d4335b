/* SPDX-License-Identifier: MIT */
/* merge.h - from facts to an inventory, step by step.  Private to this room.
 *
 *	pick.c		 which workspace, if the documents speak of several
 *	endpoint.c	 all that is known of each private endpoint
 *	merge_records.c	 the records that count: those of documents, of
 *			 inventories, of members whose names are worked out
 *	merge_names.c	 which names there are, and which are ours
 *	merge_addrs.c	 per name: which address is right
 *	merge_lists.c	 the short form and where each value came from
 *	merge_subnets.c	 which addresses lie in which subnet
 *	note_*.c	 contradictions and faults
 *	ask.c		 what is missing
 *	write*.c	 the inventory
 */
#ifndef DIAG_IMPORT_MERGE_H
#define DIAG_IMPORT_MERGE_H

#include "import/internal.h"

struct import_pick {
	const char *arm; /* lower case; all of them "" if unknown */
	const char *arm_id;
	const char *id, *name, *label, *region;
	bool weak; /* only from records that anybody may have written */
};

/* A private endpoint with all that any document says of it. */
struct import_pe {
	const char *key, *from;
	const char *id, *name, *guid, *target, *target_id;
	const char *const *groups; /* lower case */
	size_t n_groups;
	const char *status, *status_from; /* one that is not Approved; "" */
	const char *approved_from;	  /* who says that it is; "" */
	const char *network, *network_id; /* the VNet, lower case; as given */
	const char *subnet;		  /* lower case; "" */
	bool whole, has_custom;
	bool ours;
};

struct import_name {
	const char *key;
	const struct import_record *records; /* best first */
	size_t n_records;
	const struct diag_target *given; /* by an inventory; NULL */
	enum diag_service service;
	char region[64], name[64];     /* as the catalogue reads the name */
	const struct diag_addr *addrs; /* what is right */
	size_t n_addrs;
	enum import_rank rank; /* of what is right */
	bool computed;	       /* the name is worked out */
	bool legacy;	       /* of 2020 */
	bool kept;	       /* belongs to this workspace */
	bool target;	       /* becomes an explicit target */
};

/* A value of the inventory and one place that says so. */
struct import_source {
	const char *key; /* section, a blank, value */
	const char *from;
	const char *section, *value;
	unsigned mask; /* of a storage account: services that were seen */
	bool beside;   /* where something came from that is no value here */
};

struct import_merge {
	struct diag_import *im;
	const struct diag_import_options *o;
	struct import_pick pick;
	struct import_pick *others; /* workspaces that were not picked */
	size_t n_others;
	enum diag_cloud cloud;
	const char *region;
	const char *notebook; /* as a document of the workspace has it; "" */
	bool described;	      /* there is a document of the workspace */
	enum diag_public_access access;
	bool managed;
	struct import_fact *owned; /* a resource, and whose it is */
	size_t n_owned;
	struct import_fact *ids; /* endpoint, and a workspace id on it */
	size_t n_ids;
	struct import_pe *pes;
	size_t n_pes;
	struct import_record *records;
	size_t n_records;
	struct import_fact *on; /* endpoint, and a name on it */
	size_t n_on;
	struct import_fact *called; /* endpoint's name, lower case; its guid */
	size_t n_called;
	struct import_fact *covered; /* a name that a known endpoint has */
	size_t n_covered;
	struct import_name *names; /* by key */
	size_t n_names;
	struct import_fact *zoned; /* a private zone, and a target in it */
	size_t n_zoned;
	const char *api, *wildcard; /* names whose address others share; "" */
	struct import_source *sources;
	size_t n_sources;
	size_t n_sorted; /* of them, by key, then place */
	struct import_subnet *subnets;
	size_t n_subnets;
	struct import_fact *held; /* a zone that holds our names: its own
				     name, and its key */
	size_t n_held;
	struct diag_note *notes;
	size_t n_notes;
	const char **ask;
	size_t n_ask;
};

/* Steps, in this order.  Missing memory is noted in im. */
bool import_pick_workspace(struct import_merge *m, struct diag_err *err);
void import_gather_endpoints(struct import_merge *m);
void import_gather_records(struct import_merge *m);
void import_gather_names(struct import_merge *m);
void import_gather_addrs(struct import_merge *m); /* a part of it */
/* What documents say of the short form, and then what names say of it. */
void import_known_values(struct import_merge *m);
void import_gather_lists(struct import_merge *m);
void import_gather_subnets(struct import_merge *m);
void import_inventory_values(struct import_merge *m);
void import_name_values(struct import_merge *m, const struct import_name *n);
void import_note_records(struct import_merge *m);
void import_note_endpoints(struct import_merge *m);
void import_note_zones(struct import_merge *m);
void import_note_networks(struct import_merge *m);
void import_gather_asks(struct import_merge *m);
void import_gather_settings(struct import_merge *m);
bool import_write(struct import_merge *m, struct diag_inventory **out,
		  struct diag_err *err);

/* --- shared --------------------------------------------------------------- */

/* Is text ID of one of the groups that were not picked? */
bool import_is_other(const struct import_merge *m, const char *arm,
		     const char *id);
/* Does a name of this workspace lie on the endpoint? */
bool import_id_on(const struct import_merge *m, const char *endpoint,
		  const char *id);
const struct import_pe *import_pe_of(const struct import_merge *m,
				     const char *key);
/* The endpoint's key for an endpoint or its interface. */
const char *import_endpoint_key(const struct diag_import *im, const char *key);
const struct import_name *import_name_of(const struct import_merge *m,
					 const char *fqdn);
/* The name whose address another shares: the API's for certificate and
 * instances, the wildcard's for online endpoints.  NULL: none, or not known. */
const struct import_name *import_sibling(const struct import_merge *m,
					 const struct import_name *n);
bool import_has_addr(const struct import_name *n, const struct diag_addr *a);
/* Left behind by an endpoint that is gone: another one has the name now. */
bool import_is_orphan(const struct import_merge *m,
		      const struct import_record *r);
/* Inside an address space that a document tells. */
bool import_in_networks(const struct diag_import *im,
			const struct diag_addr *a);
void import_add_source(struct import_merge *m, const char *section,
		       const char *value, const char *from);
/* The list a service's name belongs to; NULL: none. */
const char *import_section(enum diag_service s);
/* Is there such a value? */
bool import_has_value(const struct import_merge *m, const char *section,
		      const char *value);
/* A row of the catalogue for a group id; the next one after *s. */
const struct diag_cat_row *import_row_of_group(enum diag_cloud c,
					       const char *group, int *s);
/* A value that stands; sources of inventories say where it came from. */
struct import_source *import_push_source(struct import_merge *m,
					 const char *section, const char *value,
					 const char *from);
/* A note; targets may be NULL.  Texts must be kept already. */
void import_add_note(struct import_merge *m, const char *code,
		     const char *detail, const char *from,
		     const struct diag_names *targets);
/* The targets whose record would lie in a zone of this name. */
void import_names_of_zone(const struct import_merge *m, const char *zone,
			  struct diag_names *out);
/* Zones that hold names of ours, or should (m->held). */
void import_gather_held(struct import_merge *m);
/* Does this network ask Azure's own name server?  false: no, or not known. */
bool import_asks_azure(const struct diag_import *im, const char *network);
bool import_is_azure_dns(const struct diag_addr *a);
void import_add_name(struct diag_import *im, struct diag_names *names,
		     const char *name);
/* Names of an endpoint: those it has, else those its group would have. */
void import_names_of_pe(const struct import_merge *m,
			const struct import_pe *pe, struct diag_names *out);

#endif
