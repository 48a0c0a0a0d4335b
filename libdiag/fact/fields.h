/* SPDX-License-Identifier: MIT */
/* fields.h - the members of every kind of fact, as tables; private to this
 * room.
 *
 * A member is one row.  Printing (json_print.c), reading (json_parse.c) and
 * deep copying (store.c) are walks over these rows, so that a new member of a
 * fact is written down once.
 */
#ifndef DIAG_FACT_FIELDS_H
#define DIAG_FACT_FIELDS_H

#include "fact/fact.h"

enum diag_field_type {
	DIAG_FIELD_STR,	      /* const char *, NULL: absent */
	DIAG_FIELD_STRS,      /* const char *const *, size_t */
	DIAG_FIELD_ADDR,      /* struct diag_addr, DIAG_NOFAM: absent */
	DIAG_FIELD_ADDRS,     /* const struct diag_addr *, size_t */
	DIAG_FIELD_PORT,      /* uint16_t, 0: absent */
	DIAG_FIELD_INT,	      /* int; `absent` says which value means absent */
	DIAG_FIELD_UINT,      /* unsigned */
	DIAG_FIELD_U32,	      /* uint32_t */
	DIAG_FIELD_U64,	      /* uint64_t, at most 2^53 in JSON */
	DIAG_FIELD_BOOL,      /* false: absent unless ALWAYS */
	DIAG_FIELD_MS,	      /* double */
	DIAG_FIELD_TIME,      /* int64_t; RFC 3339 text in JSON */
	DIAG_FIELD_ERRNO,     /* int; a name in JSON, 0: absent */
	DIAG_FIELD_KIND,      /* the fact's own kind */
	DIAG_FIELD_STATUS,    /* the fact's own status */
	DIAG_FIELD_TRANSPORT, /* bool; "tcp" or "udp" in JSON */
	DIAG_FIELD_RRTYPE,
	DIAG_FIELD_ROOT,
	DIAG_FIELD_STATUSES, /* const enum diag_status *, size_t */
	DIAG_FIELD_OBJECT,   /* a struct inside; `of` are its members */
	DIAG_FIELD_LIST,     /* const struct *, size_t; `of`, `size` */
	DIAG_FIELD_HEADERS,  /* const struct diag_header *, size_t */
};
#define DIAG_N_FIELD_TYPES (DIAG_FIELD_HEADERS + 1)

enum {
	/* A fact without it says nothing; only one that was not run may lack
	 * it.  Such a string is never NULL in a store. */
	DIAG_FIELD_MUST = 1,
	/* Printed even when it is 0 or false. */
	DIAG_FIELD_ALWAYS = 2,
};

struct diag_field {
	const char *key;    /* NULL ends a table */
	const char *quoted; /* as JSON writes it: "key": */
	unsigned quoted_len;
	enum diag_field_type type;
	unsigned offset; /* bytes from the start of the fact, or of the struct
			    that `of` describes */
	unsigned n;	 /* lists: offset of their size_t */
	unsigned flags;
	int absent;   /* DIAG_FIELD_INT */
	unsigned max; /* largest number, or most items */
	/* DIAG_FIELD_OBJECT is there if its first member is: a string that is
	 * not NULL, or a bool (without a place in JSON) that is true. */
	const struct diag_field *of;
	size_t size; /* bytes of one item of a list */
};

struct diag_kind {
	const char *key;
	uint32_t statuses; /* bit 1 << enum diag_status */
	const struct diag_field *fields;
};

/* kinds.c, fields.c */
extern const struct diag_kind diag_fact_kinds[DIAG_N_FACT_KINDS];
extern const struct diag_field diag_fact_common[];
extern const struct diag_field diag_fact_dns[];
extern const struct diag_field diag_fact_system_dns[];
extern const struct diag_field diag_fact_route[];
extern const struct diag_field diag_fact_tcp[];
extern const struct diag_field diag_fact_tls[];
extern const struct diag_field diag_fact_http[];
extern const struct diag_field diag_fact_udp[];
extern const struct diag_field diag_fact_arrival[];
extern const struct diag_field diag_fact_mtu[];

bool diag_field_object_there(const struct diag_field *f, const void *object);
/* RFC 9110, 5.6.2: what a header may be called. */
bool diag_field_is_token(const char *s);

/* "ECONNREFUSED", or NULL for a number without a name here. */
const char *diag_errno_name(int number);
bool diag_errno_parse(const char *name, int *number);

#endif
