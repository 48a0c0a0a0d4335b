/* SPDX-License-Identifier: MIT */
/* internal.h - what the files of this room share.  Private to this room.
 *
 *	bytes     decode.c      any encoding becomes UTF-8
 *	text      documents.c   where documents begin and end; what is between
 *	document  readers.c     which reader knows this shape
 *	          read_*.c      one reader each: a document becomes facts
 *	          text_*.c      the same for what is not JSON
 *	facts     merge*.c      which record wins, what contradicts
 *	          note_*.c      contradictions and faults become notes
 *	          ask.c         what is still missing
 *	          write.c       the inventory, as a document that is parsed
 *again
 *
 * Facts live in one arena until the end.  Every fact begins with a key, by
 * which it is sorted and found, and with the place it was read from, which
 * orders facts of one key: so nothing depends on which file came first.
 */
#ifndef DIAG_IMPORT_INTERNAL_H
#define DIAG_IMPORT_INTERNAL_H

#include "base/arena.h"
#include "base/cursor.h"
#include "import/import.h"
#include "net/fqdn.h"
#include "nsg/nsg.h"

#define IMPORT_FACTS	 262144 /* of one kind */
#define IMPORT_READERS	 40	/* counts: rows of both tables, and others */
#define IMPORT_TTL_LEAST 10	/* seconds (KV20: 10 to 600 for own records) */
#define IMPORT_TTL_MOST	 600

/* Counts that are no reader's stand at the end. */
#define IMPORT_OTHERS	  3
#define IMPORT_MET_EMPTY  (IMPORT_READERS - 1) /* lists with nothing in them */
#define IMPORT_MET_OTHER  (IMPORT_READERS - 2) /* records of other things */
#define IMPORT_MET_PUBLIC (IMPORT_READERS - 3) /* answers nobody expects */

/* --- facts ---------------------------------------------------------------- */

struct import_fact {
	const char *key, *from;
};

/* What counts more, counts for the name; the rest must agree. */
enum import_rank {
	IMPORT_TEXT,	  /* a hosts line, an answer somebody was given */
	IMPORT_ZONE,	  /* a record of a private DNS zone */
	IMPORT_INVENTORY, /* an inventory made before */
	IMPORT_GROUP,	  /* what a zone group says that it writes */
	IMPORT_CUSTOM,	  /* customDnsConfigs of a private endpoint */
	IMPORT_MEMBER,	  /* an address of the endpoint, its name worked out */
	IMPORT_NIC, /* the endpoint's network interface, name and address */
};

struct import_record {
	const char *key; /* the name that clients ask */
	const char *from;
	struct diag_addr addr;
	enum import_rank rank;
	bool observed;		/* an answer, not a setting */
	const char *stands;	/* the name as it stands there */
	const char *id;		/* the workspace's, if the name has it; "" */
	const char *who;	/* "the network interface pe-ml.nic" */
	const char *endpoint;	/* its ARM id, lower case; "" unknown */
	const char *zone;	/* the zone's key; "" none */
	const char *creator;	/* the endpoint that made it, by name; "" */
	const char *creator_id; /* its resource guid; "" */
	unsigned ttl_s;		/* 0: not said */
};

/* A private endpoint, as far as one document tells of it. */
struct import_endpoint {
	const char *key; /* ARM id, lower case */
	const char *from;
	const char *id, *name, *guid;
	const char *group;  /* group id; "" */
	const char *target; /* ARM id of what it leads to, lower case; "" */
	const char *target_id;
	const char *status; /* "Approved", "Pending" ...; "" */
	const char *status_from;
	const char *subnet; /* ARM id; "" */
	bool whole;	    /* the endpoint's own document */
	bool has_custom;    /* customDnsConfigs: it has no zone group */
};

/* An address of an endpoint that is told by member and not by name. */
struct import_member {
	const char *key; /* the endpoint */
	const char *from;
	const char *group, *member, *who;
	struct diag_addr addr;
};

struct import_nic {
	const char *key;
	const char *from;
	const char *id;
	const char *endpoint; /* lower case; "" */
	bool whole;	      /* its own document */
};

/* A zone that a zone group of an endpoint names. */
struct import_group {
	const char *key; /* the endpoint */
	const char *from;
	const char *id;	  /* the endpoint's, as given */
	const char *zone; /* key; "" for a group without any */
	unsigned records;
};

struct import_zone {
	const char *key; /* ARM id, lower case */
	const char *from;
	const char *id, *name; /* name lower case */
	bool counted;	       /* links is told */
	unsigned links;
	bool listed; /* its records were read */
};

struct import_link {
	const char *key; /* the zone */
	const char *from;
	const char *name, *network; /* network lower case */
	const char *state, *policy; /* "" unknown */
};

struct import_network {
	const char *key; /* ARM id, lower case */
	const char *from;
	const char *id, *name;
	bool whole;
};

enum import_prefix_kind { IMPORT_OWN, IMPORT_SUBNET, IMPORT_PEER };
struct import_prefix {
	const char *key; /* the network */
	const char *from;
	enum import_prefix_kind kind;
	struct diag_cidr cidr;
};

/* What is told of a subnet: one prefix of it, or none. */
struct import_subnet {
	const char *key; /* ARM id, lower case */
	const char *from;
	struct diag_cidr cidr; /* no family: none */
	enum diag_policies policies;
};

struct import_server {
	const char *key; /* the network */
	const char *from;
	struct diag_addr addr;
};

struct import_workspace {
	const char *key; /* ARM id, lower case; "" */
	const char *from;
	const char *arm, *name, *name_from;
	const char *id, *id_from; /* GUID; "" */
	const char *region, *region_from;
	const char *notebook, *notebook_from;
	enum diag_public_access access;
	const char *access_from;
	bool managed;
	const char *managed_from; /* NULL: not said */
};

/* What a workspace stands on: a storage account, a vault, a registry. */
struct import_resource {
	const char *key; /* the workspace; "" */
	const char *from;
	const char *section; /* "storage", "key_vault", "registry" */
	const char *name, *id;
};

struct import_compute {
	const char *key; /* the workspace */
	const char *from;
	const char *name; /* "": not an instance */
	struct diag_addr addr;
	const char *addr_from; /* NULL: none */
};

struct import_online {
	const char *key; /* the workspace */
	const char *from;
	const char *name;
};

struct import_diagnosis {
	const char *key; /* code */
	const char *from;
	const char *level, *message, *area;
};

struct import_nsg {
	const char *key; /* id or name, lower case */
	const char *from;
	const char *json; /* as the inventory keeps it */
	bool old;	  /* out of an inventory */
};

struct import_inventory {
	const char *key; /* the file */
	const char *from;
	struct diag_inventory *inv;
};

#define IMPORT_VECTOR(type, name) \
	struct type *name;        \
	size_t n_##name

struct diag_import {
	struct diag_arena arena;
	bool nomem;
	const char *over; /* a limit that was reached; a literal */
	struct diag_problems *problems; /* during diag_import_add() */
	const char *file; /* the file, and the line of a later document */
	size_t documents, skipped;
	size_t met[IMPORT_READERS]; /* by row: JSON, then text, then others */
	IMPORT_VECTOR(import_record, records);
	IMPORT_VECTOR(import_endpoint, endpoints);
	IMPORT_VECTOR(import_member, members);
	IMPORT_VECTOR(import_nic, nics);
	IMPORT_VECTOR(import_group, groups);
	IMPORT_VECTOR(import_zone, zones);
	IMPORT_VECTOR(import_link, links);
	IMPORT_VECTOR(import_network, networks);
	IMPORT_VECTOR(import_prefix, prefixes);
	IMPORT_VECTOR(import_subnet, subnets);
	IMPORT_VECTOR(import_server, servers);
	IMPORT_VECTOR(import_workspace, workspaces);
	IMPORT_VECTOR(import_resource, resources);
	IMPORT_VECTOR(import_compute, computes);
	IMPORT_VECTOR(import_online, onlines);
	IMPORT_VECTOR(import_diagnosis, diagnoses);
	IMPORT_VECTOR(import_nsg, nsgs);
	IMPORT_VECTOR(import_inventory, inventories);
};

/* One more zeroed fact; NULL without memory or over IMPORT_FACTS, which is
 * noted in im.  items is the address of a vector's pointer. */
void *import_push(struct diag_import *im, void *items, size_t *n, size_t size);
#define IMPORT_PUSH(im, name) \
	import_push((im), &(im)->name, &(im)->n_##name, sizeof(*(im)->name))

/* Sort facts by key, then place; find the first of a key in sorted ones.
 * Items begin with a struct import_fact. */
void import_sort(void *items, size_t n, size_t size);
/* Bare facts, sorted: each once.  Gives how many are left. */
size_t import_unique(struct import_fact *facts, size_t n);
const void *import_first(const void *items, size_t n, size_t size,
			 const char *key);

/* The one behind it, if it has the same key; else NULL. */
const void *import_next(const void *items, size_t n, size_t size,
			const void *at);
#define IMPORT_FIRST(owner, name, key)                                         \
	import_first((owner)->name, (owner)->n_##name, sizeof(*(owner)->name), \
		     key)
#define IMPORT_NEXT(owner, name, at)                                          \
	import_next((owner)->name, (owner)->n_##name, sizeof(*(owner)->name), \
		    at)

/* Copies in im's arena; "" without memory (noted).  Lower: ASCII. */
const char *import_keep(struct diag_import *im, const char *text);
const char *import_lower(struct diag_import *im, const char *text);
const char *import_text(struct diag_import *im, const char *fmt, ...)
    DIAG_PRINTF(2, 3);

/* --- objects of documents (object.c) -------------------------------------- */

/* An object as Azure prints it: flattened, or with `properties`.  Points into
 * itself: do not copy. */
struct import_obj {
	struct diag_json_at at;	      /* of the object */
	struct diag_json_at inner_at; /* of its properties */
	const cJSON *self, *inner;    /* inner NULL: flattened */
};

struct diag_json_at import_at_key(const struct diag_json_at *up,
				  const char *key);
struct diag_json_at import_at_index(const struct diag_json_at *up,
				    unsigned index);
void import_obj_init(struct import_obj *o, const struct diag_json_at *at,
		     const cJSON *value);
/* The member in the object or its properties, its name in any case; NULL if
 * it is absent or null.  *at (may be NULL) is its place. */
const cJSON *import_member(const struct import_obj *o, const char *key,
			   struct diag_json_at *at);
/* As import_member(); the wrong type is a problem. */
const char *import_str(const struct import_obj *o, const char *key); /* "" */
const cJSON *import_list(const struct import_obj *o, const char *key,
			 struct diag_json_at *at);
/* false: absent, or no object, which is a problem. */
bool import_object(const struct import_obj *o, const char *key,
		   struct import_obj *out, struct diag_json_at *at);
bool import_is_list(const struct import_obj *o, const char *key);
bool import_is_object(const struct import_obj *o, const char *key);
bool import_is_str(const struct import_obj *o, const char *key);

/* "FILE: $.path", kept. */
const char *import_from(struct diag_import *im, const struct diag_json_at *at);
/* "FILE: $.path: WHAT: "TEXT"". */
void import_wrong(const struct diag_json_at *at, const char *what,
		  const char *text);
/* Values that must be of some kind; false is noted, if there is a value. */
bool import_addr(const struct diag_json_at *at, const cJSON *value,
		 struct diag_addr *out);
bool import_fqdn(const struct diag_json_at *at, const cJSON *value,
		 char out[DIAG_FQDN_MAX]);
/* A member that is an ARM id; "" if absent or no id (noted).  Kept. */
const char *import_id(struct diag_import *im, const struct import_obj *o,
		      const char *key);
/* The id inside a member such as { "subnet": { "id": … } }. */
const char *import_id_in(struct diag_import *im, const struct import_obj *o,
			 const char *key);

/* --- ARM ids and small words (arm.c) ---------------------------------------
 */

/* What follows /KIND/ (any case), empty if nothing does. */
struct diag_slice import_part(const char *id, const char *kind);
/* The id up to and with what follows /KIND/, kept; "" if it has no such. */
const char *import_upto(struct diag_import *im, const char *id,
			const char *kind);
bool import_is_kind(const char *id, const char *provider, const char *kind);
const char *import_last(const char *id); /* behind the last '/' */
/* "East US" to "eastus", a label, a GUID: false if text is none.  Lower. */
bool import_region(const char *text, char out[64]);
bool import_label(const char *text, char out[64]);
bool import_guid(const char *text, char out[64]);
bool import_workspace_name(const char *text);

/* --- records (record.c) ----------------------------------------------------
 */

/* What stands beside a record. */
struct import_record_of {
	enum import_rank rank;
	bool observed;
	const char *who, *endpoint, *zone, *creator, *creator_id;
	unsigned ttl_s;
};
/* name is in normal form, from is kept already. */
void import_add_record(struct diag_import *im, const char *name,
		       const struct diag_addr *addr, const char *from,
		       const struct import_record_of *of);

/* --- readers (readers.c and read_*.c) --------------------------------------
 */

struct import_reader {
	const char *key;
	const char *title; /* for the summary; also of several */
	bool (*recognise)(const struct import_obj *o);
	void (*read)(struct diag_import *im, const struct import_obj *o);
};
extern const struct import_reader import_readers[];
extern const size_t import_n_readers;

/* A document, whatever it is made of. */
void import_document(struct diag_import *im, const cJSON *doc);

#define IMPORT_READER(name)                                \
	bool import_is_##name(const struct import_obj *o); \
	void import_read_##name(struct diag_import *im,    \
				const struct import_obj *o)
IMPORT_READER(inventory);
IMPORT_READER(endpoint);
IMPORT_READER(connection);
IMPORT_READER(zone_group);
IMPORT_READER(nic);
IMPORT_READER(ip_config);
IMPORT_READER(query);
IMPORT_READER(custom_dns);
IMPORT_READER(workspace);
IMPORT_READER(compute);
IMPORT_READER(online);
IMPORT_READER(record_set);
IMPORT_READER(link);
IMPORT_READER(zone);
IMPORT_READER(network);
IMPORT_READER(peering);
IMPORT_READER(nsg);
IMPORT_READER(diagnosis);
IMPORT_READER(outbound);
IMPORT_READER(service_tags);
IMPORT_READER(link_resource);
IMPORT_READER(answer);

/* The named parts that several readers share. */
void import_ip_configs(struct diag_import *im, const struct import_obj *nic,
		       const char *endpoint, const char *who);
void import_keep_nsg(struct diag_import *im, const char *key, const char *from,
		     const struct diag_buf *json, bool old);
void import_zone_named(struct diag_import *im, const char *id, const char *from,
		       bool listed);

/* --- text (texts.c and text_*.c) -------------------------------------------
 */

struct import_text_reader {
	const char *key;
	const char *title;
	bool (*recognise)(struct diag_slice text);
	void (*read)(struct diag_import *im, struct diag_slice text);
};
extern const struct import_text_reader import_text_readers[];
extern const size_t import_n_text_readers;

/* What is left of a text besides its JSON.  false: nobody knows it. */
bool import_any_text(struct diag_import *im, struct diag_slice text);
/* "FILE:LINE", kept. */
const char *import_line(struct diag_import *im, unsigned line);

#define IMPORT_TEXT_READER(name)                             \
	bool import_text_is_##name(struct diag_slice text);  \
	void import_text_read_##name(struct diag_import *im, \
				     struct diag_slice text)
IMPORT_TEXT_READER(dig);
IMPORT_TEXT_READER(host);
IMPORT_TEXT_READER(nslookup);
IMPORT_TEXT_READER(hosts);

/* An answer somebody was given: name has this address. */
void import_answered(struct diag_import *im, const char *name,
		     const struct diag_addr *addr, const char *from,
		     const char *who);

/* --- bytes (decode.c, python.c) --------------------------------------------
 */

/* Any encoding to UTF-8; what cannot be read becomes U+FFFD.  NULs and blanks
 * at the end are gone. */
void import_decode(const char *bytes, size_t len, struct diag_buf *out);
/* A Python literal at text becomes JSON in *out; *used tells how long it was.
 * false: it is none. */
bool import_python(const char *text, size_t len, struct diag_buf *out,
		   size_t *used);

#endif
