/* SPDX-License-Identifier: MIT */
/* file_internal.h - private to this room: the zone-file planner at work.
 *
 * file_read.c goes over the entries of a text without our marks, file_edit.c
 * writes the edits, file.c puts it together. */
#ifndef DIAG_FIX_ZONE_FILE_INTERNAL_H
#define DIAG_FIX_ZONE_FILE_INTERNAL_H

#include "fix/zone/file.h"
#include "fix/zone/marks.h"
#include "fix/zone/owners.h"
#include "fix/zone/scan.h"

struct zone_planner {
	struct diag_arena *arena;
	const struct diag_zone_file_job *job;
	struct zone_marks marks;
	struct zone_owners owners;
	struct zone_scan scan; /* of the base */
	struct diag_zone_file_plan *out;
	struct diag_err *err;
	char origin[256];
	struct zone_owner *last; /* owner of the entry before; NULL: not ours */
	bool *seen;		 /* per record: the zone holds it */
	struct diag_edit *edits; /* for the base */
	size_t n_edits;
	struct diag_buf put;
	bool lf, crlf;	   /* endings met first */
	bool after_off;	   /* the entry before was put out, owner and all */
	size_t soa_serial; /* place of the token in the base, 0: none met */
	size_t soa_serial_len;
	bool failed; /* no memory */
};

/* All entries: what is there already, what contradicts.  Errors as
 * diag_zone_file_plan(). */
bool zone_file_read(struct zone_planner *p);

/* An address record of one of our owners that we do not want. */
void zone_edit_off(struct zone_planner *p, const struct zone_entry *e,
		   const struct zone_owner *owner, bool carry);
/* What no entry had, at the end. */
void zone_edit_append(struct zone_planner *p);
void zone_edit_add(struct zone_planner *p, size_t at, size_t len, bool foreign);

#endif
