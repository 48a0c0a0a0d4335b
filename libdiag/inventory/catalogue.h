/* SPDX-License-Identifier: MIT */
/* catalogue.h - what Azure documents about each service, as data.
 *
 * The data is catalogue.json, compiled in; this room only reads it.  A row
 * that no source confirms says so (`confirmed` false) and never makes an
 * error by itself.
 */
#ifndef DIAG_INVENTORY_CATALOGUE_H
#define DIAG_INVENTORY_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "inventory/service.h"

enum diag_alias { DIAG_ALIAS_UNKNOWN, DIAG_ALIAS_ALWAYS, DIAG_ALIAS_NEVER };
enum diag_proto { DIAG_TCP, DIAG_UDP };
enum diag_dir { DIAG_OUT, DIAG_IN };

/* One port a role needs.  peer: a service tag or NULL (the target itself).
 * tag and why stand in the catalogue's own rows only: how rules of networks
 * call the target, and what needs it; may be NULL. */
struct diag_port {
	uint16_t port;
	uint16_t port_last; /* same as port unless a range */
	enum diag_proto proto;
	enum diag_dir dir;
	const char *peer;
	const char *tag, *why;
};
struct diag_ports {
	const struct diag_port *items;
	size_t n;
};

/* The HTTPS question that tells one service from another (azure.md 3.4). */
struct diag_http_marker {
	const char *header; /* lower case; NULL: look in the body */
	const char *value;  /* substring, case ignored; NULL: header present */
	int code;	    /* and this status code; 0: any */
	bool confirmed;
};
struct diag_http_question {
	const char *method; /* "GET", "OPTIONS" */
	const char *path;
	const char *origin; /* a page of this site asks (CORS); may be NULL */
	const struct diag_http_marker
	    *service;	  /* any one: it is this service */
	size_t n_service; /* 0: any HTTP answer with a matching certificate */
	const struct diag_http_marker
	    *denial; /* any one: public access denied */
	size_t n_denial;
	bool confirmed; /* the service markers come from a source */
};

/* One service in one cloud.  Patterns use {G} workspace id, {R} region, {W}
 * cut workspace name, {N} the name (storage account, vault, registry,
 * instance, endpoint). */
struct diag_cat_row {
	enum diag_service service;
	enum diag_cloud cloud;
	const char *pattern;	   /* what clients ask; NULL: no name */
	const char *const *others; /* further forms (both instance suffixes,
				      old notebook label) */
	size_t n_others;
	const char *zone;   /* private DNS zone, NULL: none */
	const char *record; /* record in that zone, pattern; NULL: none */
	const char *group_id;
	const char *parent; /* public parent to forward (azure.md 7.1) */
	enum diag_alias alias;
	enum diag_expect expect;
	bool tls;	/* its 443 speaks TLS (else plain TCP) */
	bool confirmed; /* the row as a whole */
	struct diag_http_question http;
};

/* The row, or NULL when the cloud has no such service. */
const struct diag_cat_row *diag_cat_row(enum diag_cloud c, enum diag_service s);
/* The row for one name: a service may have several (the zones of a monitor
 * scope, the public names under "other"); without a better one the first. */
const struct diag_cat_row *
diag_cat_row_of(enum diag_cloud c, enum diag_service s, const char *fqdn);
/* Ports that role and era need of the service; optional ones apart. */
struct diag_ports diag_cat_ports(enum diag_service s, enum diag_role r,
				 enum diag_era e, bool optional);

/* Names that must stay public, for every role: patterns with {R}. */
struct diag_cat_public {
	const char *pattern;
	enum diag_service service;
	bool required;	/* false: telemetry and the like, never an error */
	unsigned roles; /* 1 << enum diag_role, the roles that ask for it */
};
size_t diag_cat_public(enum diag_cloud c, const struct diag_cat_public **rows);

/* Names of 2020 that are gone today, patterns of the service's row: only for
 * who still has machines of that time. */
size_t diag_cat_legacy(enum diag_cloud c, enum diag_service s,
		       const char *const **patterns);

/* Everything to forward for a cloud: the public parents (no duplicates). */
size_t diag_cat_parents(enum diag_cloud c, const char *const **parents);

/* What a name or URL host is: fits a pattern of any cloud?  The pieces are
 * empty strings where the pattern has none.  name is normalised. */
struct diag_cat_match {
	const struct diag_cat_row *row;
	char id[64];	 /* {G} */
	char region[64]; /* {R} */
	char name[64];	 /* {N} or {W} */
};
bool diag_cat_match(const char *fqdn, struct diag_cat_match *out);
/* A host that belongs to the studio or another always-public name. */
bool diag_cat_is_public(const char *fqdn, enum diag_cloud *cloud,
			enum diag_service *service);

/* The name that clients ask, for one that only stands in zones or is mistaken
 * for it: "S.privatelink.blob…", "K.vaultcore.azure.net".  false: fqdn is no
 * such name. */
bool diag_cat_meant(const char *fqdn, char *out, size_t size);

/* Fill a pattern; false when the result is no FQDN.  W is cut so that the
 * notebook label "ml-W-R-G" has at most 63 characters (azure.md 1.2). */
struct diag_cat_fill {
	const char *id, *region, *workspace, *name;
};
DIAG_MUST_USE
bool diag_cat_fill(const char *pattern, const struct diag_cat_fill *with,
		   char *out, size_t size);

/* Load the compiled-in data; once per process, before any other call; safe
 * to call again.  Gives nothing to free until diag_cat_unload(). */
DIAG_MUST_USE bool diag_cat_load(struct diag_err *err);
void diag_cat_unload(void);

#endif
