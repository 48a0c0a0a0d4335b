/* SPDX-License-Identifier: MIT */
/* unbound_conf.h - what an Unbound configuration says of our names.
 * Private to this room: unbound_read.c collects, config_unbound.c judges. */
#ifndef DIAG_FIX_ZONE_UNBOUND_CONF_H
#define DIAG_FIX_ZONE_UNBOUND_CONF_H

#include "fix/zone/conf_scan.h"
#include "fix/zone/config_internal.h"

/* One clause; those that forward or hold a zone have a name. */
struct unbound_clause {
	struct diag_slice key;
	char name[256];
	size_t begin, end;
	uint64_t to;		    /* forward-addr: as conf_is_to() */
	struct diag_slice zonefile; /* auth-zone */
	unsigned as_ours;	    /* its switches that are as ours: bits */
	bool differs;		    /* it says what ours does not */
	bool same;		    /* judged */
};
enum { /* as_ours, of an auth-zone */
       UNBOUND_DOWN = 1,
       UNBOUND_UP = 2,
       UNBOUND_FALLBACK = 4,
       UNBOUND_ALL = 7,
};

struct unbound_zone { /* local-zone */
	char name[256];
	struct diag_slice type;
	size_t begin, end;
	bool out;
};

struct unbound_data { /* local-data with a right address */
	const struct diag_zone_name *of;
	struct diag_addr addr;
};

struct unbound_exception { /* private-domain, domain-insecure */
	struct diag_slice key;
	char name[256];
};

struct unbound_conf {
	struct conf *c;
	struct unbound_clause *clauses;
	size_t n_clauses;
	struct unbound_zone *zones;
	size_t n_zones;
	struct unbound_data *datas;
	size_t n_datas;
	struct unbound_exception *exceptions;
	size_t n_exceptions;
	bool headless; /* statements before the first clause: an include */
};

/* false: an error is told.  Wrong local-data goes out as it is met. */
bool unbound_read(struct unbound_conf *u);
/* A local-data's value in its pieces; false: no record. */
bool unbound_record(struct diag_slice value, struct diag_slice *owner,
		    struct diag_slice *type, struct diag_slice *data);
bool unbound_is_named(const struct unbound_clause *clause);

#endif
