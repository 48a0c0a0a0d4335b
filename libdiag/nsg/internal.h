/* SPDX-License-Identifier: MIT */
/* internal.h - what the files of this room share; private to this room. */
#ifndef DIAG_NSG_INTERNAL_H
#define DIAG_NSG_INTERNAL_H

#include "base/cursor.h"
#include "nsg/nsg.h"
#include "nsg/sets.h"

#define NSG_PORT_LAST	   65535
#define NSG_REGION_UNKNOWN "?"

/* --- texts of rules (peer.c, port.c) -------------------------------------- */

enum nsg_text { NSG_TEXT_OK, NSG_TEXT_BAD, NSG_TEXT_NOMEM, NSG_TEXT_MANY };

struct nsg_peers {
	struct diag_nsg_peer *items;
	size_t n;
};

/* "*", "10.0.0.0/8", "10.0.0.4-10.0.0.9", "Storage.East US", "asg:ID"; more
 * of them with commas between.  Added to *out. */
enum nsg_text nsg_peers_parse(struct diag_arena *arena, const char *text,
			      struct nsg_peers *out);
/* One application security group by its id. */
enum nsg_text nsg_peers_asg(struct diag_arena *arena, const char *id,
			    struct nsg_peers *out);

struct nsg_ports {
	struct diag_port_range *items;
	size_t n;
};

/* "*", "443", "29876-29877"; more of them with commas between. */
enum nsg_text nsg_ports_parse(struct diag_arena *arena, const char *text,
			      struct nsg_ports *out);

/* "*", "443", "29876-29877"; returns out. */
#define NSG_PORTS_TEXT 16
const char *nsg_ports_text(const struct diag_port_range *p,
			   char out[NSG_PORTS_TEXT]);

/* "East US" to "eastus"; NULL without memory. */
const char *nsg_region(struct diag_arena *arena, struct diag_slice text);

/* The next of a list with commas, without blanks around it. */
bool nsg_next_of_list(struct diag_cursor *c, struct diag_slice *out);

/* --- tags (tags.c) ---------------------------------------------------------
 */

/* What people and older documents call a tag, and what Azure calls it; a tag
 * that needs no other name comes back as NULL. */
const char *nsg_tag_canonical(const char *name);
enum nsg_tag_kind {
	NSG_TAG_NOT_SEEN,
	NSG_TAG_SERVICE, /* of the published lists: some of Azure's addresses */
	NSG_TAG_FRESH,	 /* in no list that was read */
	NSG_TAG_CLOUD,	 /* AzureCloud: all datacenters */
	NSG_TAG_INTERNET,
	NSG_TAG_VNET,
	NSG_TAG_BALANCER, /* the host's address */
	NSG_TAG_PLATFORM, /* the host's DNS and metadata service */
};
enum nsg_tag_kind nsg_tag_kind(const struct diag_nsg_peer *p);
/* How the addresses of tag a lie to those of tag b, from the names alone.
 * NSG_PART: b lies within a and is not all of it. */
enum nsg_rel nsg_tag_rel(const struct diag_nsg_peer *a,
			 const struct diag_nsg_peer *b);
/* Out of the published lists (tag_data.c).  The spelling there, or NULL. */
const char *nsg_listed_tag(const char *name);
bool nsg_listed_region(const char *region);
/* Do two tags that are listed have addresses in common? */
bool nsg_tags_share(const char *a, const char *b);
/* Has a tag addresses outside of AzureCloud? */
bool nsg_tag_elsewhere(const char *name);
int nsg_compare_nocase(const char *a, const char *b);
/* The region behind a name that only some tags have ("germanywc"). */
const char *nsg_region_canonical(const char *region);
/* As Azure writes it behind the point of a tag. */
const char *nsg_region_spelling(const char *region);

/* The addresses of a tag, or NULL if the file (which may be NULL) has none. */
const struct nsg_set *nsg_service_tag(const struct diag_service_tags *t,
				      const struct diag_nsg_peer *peer);

/* --- reading (read.c, read_rule.c, defaults.c) ---------------------------- */

struct nsg_reader {
	struct diag_arena *arena;
	bool nomem;
};

struct diag_json_at nsg_at_key(const struct diag_json_at *up, const char *key);
struct diag_json_at nsg_at_index(const struct diag_json_at *up, unsigned index);
/* The member, its name in any case (PowerShell writes capitals); NULL if it is
 * absent or null. */
const cJSON *nsg_field(const cJSON *obj, const char *key);
/* The text of a member, "" if it has none; another type is a problem. */
const char *nsg_text_field(const struct diag_json_at *at, const cJSON *obj,
			   const char *key);
const char *nsg_keep(struct nsg_reader *r, const char *text);

/* "…/resourceGroups/rg-ml/…": "rg-ml", or "". */
const char *nsg_resource_group(struct nsg_reader *r, const char *id);

/* What is in force at a network interface (effective.c). */
#define NSG_EFFECTIVE "effectiveSecurityRules"
bool nsg_is_effective(const cJSON *obj);
/* One of the six, in whatever words: every group has them anyway. */
bool nsg_is_effective_default(const cJSON *rule);
/* The group's name and place, after its rules. */
void nsg_read_effective(struct nsg_reader *r, const struct diag_json_at *at,
			const cJSON *obj, struct diag_nsg *out);

/* Fill *out; what is wrong is noted. */
void nsg_read_rule(struct nsg_reader *r, const struct diag_json_at *up,
		   const cJSON *rule, struct diag_nsg_rule *out);
/* The rules every group has, each of them once. */
void nsg_add_defaults(struct nsg_reader *r, struct diag_nsg_rule **rules,
		      size_t *n);
/* One that a document need not show. */
bool nsg_is_plain_default(const struct diag_nsg_rule *rule);
/* Into the order in which they are tried. */
bool nsg_sort_rules(struct diag_arena *arena, struct diag_nsg_rule *rules,
		    size_t n);

#endif
