/* SPDX-License-Identifier: MIT */
/* file.h - a zone file, changed without touching another byte.
 *
 * Pure.  The text is cut into tokens and entries (RFC 1035, section 5.1;
 * $TTL: RFC 2308, section 4) that keep their byte ranges; edits are worked out
 * against those, never by printing a model.  Our records stand in one marked
 * block at the end of the file; a record of somebody else that our records
 * contradict is put out as a marked comment.
 *
 * Files that the zone includes are read where they are included, if the caller
 * gives their texts; so a plan is made, what it lacks is read, and it is made
 * again until nothing is lacking.
 */
#ifndef DIAG_FIX_ZONE_FILE_H
#define DIAG_FIX_ZONE_FILE_H

#include <stdint.h>

#include "fix/edits.h"
#include "fix/zone/names.h"

#define DIAG_ZONE_BYTES	   ((size_t)512 << 20)
#define DIAG_ZONE_INCLUDES 64 /* $INCLUDE lines of a zone */
#define DIAG_ZONE_DEPTH	   10 /* files inside of files */

enum diag_serial {
	DIAG_SERIAL_INCREMENT,
	DIAG_SERIAL_DATE, /* YYYYMMDDnn; never backwards */
	DIAG_SERIAL_UNIXTIME,
	DIAG_SERIAL_KEEP,
};

/* One address record that the zone must hold. */
struct diag_zone_rr {
	const char *owner; /* full name, normalised */
	struct diag_addr addr;
	unsigned ttl_s;
};

/* The text of a file that a $INCLUDE line leads to. */
struct diag_zone_text_in {
	const char *file; /* for messages */
	const char *text;
	size_t len;
};

/* A name in a $INCLUDE line, as it is written there; several may lead to one
 * text. */
struct diag_zone_link {
	const char *path;
	size_t text;
};

struct diag_zone_file_job {
	const char *file;   /* for messages */
	const char *origin; /* normalised, no dot at the end */
	const char *block;  /* name of our block */
	const struct diag_zone_rr *rrs;
	size_t n; /* 0: take our block out, bring back what was put out */
	enum diag_serial serial;
	int64_t now_s; /* for date and unixtime */
	const struct diag_zone_text_in *texts;
	size_t n_texts;
	const struct diag_zone_link *links;
	size_t n_links;
	bool edit_includes; /* else what is wrong in one is an error */
};

/* What happens to one text. */
struct diag_zone_text_plan {
	struct diag_edits edits;
	size_t foreign; /* records of others */
	size_t foreign_changed;
};

struct diag_zone_file_plan {
	struct diag_edits edits; /* of the zone file itself */
	size_t foreign;		 /* records of others in it */
	size_t foreign_changed;
	uint32_t serial_old, serial_new;
	/* Of the job's texts. */
	const struct diag_zone_text_plan *texts;
	/* $INCLUDE lines met, in order: name as written and its origin. */
	const struct diag_zone_include {
		const char *path, *origin;
		const char *file; /* that it stands in */
		unsigned line;
		bool given; /* its text was there and was read */
		/* Where the name stands: 0 is the zone file, else the job's
		 * text in - 1. */
		size_t in, at, len, text;
	} * includes;
	size_t n_includes;
};

/* Errors: DIAG_EPARSE "FILE:LINE:COLUMN: expected …", DIAG_EUSAGE for a CNAME
 * (or DNAME, or delegation) that our owner would stand beside or below, with
 * line and explanation, or a name outside of the zone, or what would have to
 * change in an included file that is not to be edited; DIAG_ELIMIT;
 * DIAG_ENOMEM.  A text that needs no change gives no edits, and its serial
 * stays. */
DIAG_MUST_USE
bool diag_zone_file_plan(struct diag_arena *arena, const char *text, size_t len,
			 const struct diag_zone_file_job *job,
			 struct diag_zone_file_plan *out, struct diag_err *err);

/* Whose zone is a text, by its own words: the owner of its SOA record, or a
 * $ORIGIN that comes before any record. */
enum diag_zone_says {
	DIAG_ZONE_SAYS_NOTHING, /* it may be no zone file at all */
	DIAG_ZONE_SAYS_ZONE,	/* a zone file, and not whose */
	DIAG_ZONE_SAYS_ORIGIN,
};
enum diag_zone_says diag_zone_file_says(const char *text, size_t len,
					char origin[256]);

/* The next serial by a policy, RFC 1982 arithmetic; what is not greater than
 * old by that arithmetic becomes old + 1. */
uint32_t diag_zone_serial(uint32_t old, enum diag_serial policy, int64_t now_s);

#endif
