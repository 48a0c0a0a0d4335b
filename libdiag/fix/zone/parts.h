/* SPDX-License-Identifier: MIT */
/* parts.h - what the dialects write with.  Private to this room.
 *
 * No memory is a state of the writer, told once by parts_end(); so no dialect
 * checks for it.
 */
#ifndef DIAG_FIX_ZONE_PARTS_H
#define DIAG_FIX_ZONE_PARTS_H

#include "fix/zone/dialect.h"

struct parts {
	struct diag_arena *arena;
	const struct diag_zone_job *job;
	const char *label; /* the inventory's name, harmless anywhere */
	struct diag_zone_part *items;
	size_t n;
	struct diag_buf text; /* of the part that is being written */
	bool failed;
};

void parts_init(struct parts *p, const struct diag_zone_job *job,
		struct diag_arena *arena);
/* A new part; the one before it is done.  The file name is a template for one
 * name: "%s.zone". */
void parts_begin(struct parts *p, bool include, const char *fmt, ...)
    DIAG_PRINTF(3, 4);
void parts_put(struct parts *p, const char *fmt, ...) DIAG_PRINTF(2, 3);
/* "COMMENT Written by pl-zone for INVENTORY: WHAT" */
void parts_head(struct parts *p, const char *comment, const char *what);
bool parts_end(struct parts *p, struct diag_zone_text *out,
	       struct diag_err *err);

/* The zones that hold the job's names in its style: each zone's name, and the
 * names in it. */
struct parts_zone {
	const char *name;
	const struct diag_zone_name *const *names;
	size_t n;
};
/* Sorted by name.  Style privatelink leaves out names that have no such zone
 * (compute instances): they get a zone of their own. */
bool parts_zones(const struct diag_zone_job *job, struct diag_arena *arena,
		 const struct parts_zone **out, size_t *n,
		 struct diag_err *err);
/* How name is called inside zone: "@", or relative. */
const char *parts_owner(struct parts *p, const struct parts_zone *zone,
			const struct diag_zone_name *name);

/* One zone file per zone (RFC 1035): "NAME.zone". */
void parts_zone_files(struct parts *p, const struct parts_zone *zones,
		      size_t n);

/* Addresses as text; the buffer is the caller's. */
struct parts_addr {
	char text[DIAG_ADDR_TEXT];
};
const char *parts_addr(const struct diag_addr *a, struct parts_addr *into);
const char *parts_type(const struct diag_addr *a); /* "A", "AAAA" */

#endif
