/* SPDX-License-Identifier: MIT */
/* hosts_internal.h - private to this room: what the planner of hosts files
 * sees (hosts_scan.c) and what it makes of it (hosts_plan.c). */
#ifndef DIAG_FIX_HOSTS_INTERNAL_H
#define DIAG_FIX_HOSTS_INTERNAL_H

#include <stdint.h>

#include "base/cursor.h"
#include "fix/hosts.h"

/* The marks.  A person reads them, so they are words; what follows "off" is
 * the line as it was, byte for byte. */
#define HOSTS_MARK  "# pldiag: "
#define HOSTS_BEGIN "begin "
#define HOSTS_END   "end "
#define HOSTS_OFF   "off "
#define HOSTS_ON    "on "

/* Pins by name, for one look per word of the file. */
struct hosts_pins {
	const struct diag_pin *pins;
	size_t n;
	uint32_t *slots; /* index + 1 of a pin, 0: free; size a power of 2 */
	uint32_t *next;	 /* of the same name: index + 1 */
	size_t mask;
	bool lengths[256]; /* of names; a filter before hashing */
};
DIAG_MUST_USE
bool hosts_pins_make(struct diag_arena *arena, const struct diag_pin *pins,
		     size_t n, struct hosts_pins *out, struct diag_err *err);
/* First pin of this name (ASCII case ignored), index + 1; 0: not ours. */
uint32_t hosts_pins_find(const struct hosts_pins *p, struct diag_slice word);

/* A line, without its ending. */
struct hosts_line {
	size_t at, len, ending; /* bytes; ending 0, 1 (LF) or 2 (CRLF) */
	unsigned number;
};

/* An entry line of somebody else that speaks of our names; or one that we had
 * put out (was_off), with the line that we left in its place (on). */
struct hosts_entry {
	struct hosts_line line;
	size_t body, body_len; /* the line as its owner wrote it */
	bool was_off, has_on;
	struct hosts_line on;
};

struct hosts_block {
	const char *name;
	size_t name_len;
	size_t begin, end; /* bytes, both mark lines and the last ending */
	size_t ending;	   /* of its first line: how it was written */
	unsigned line;
};

struct hosts_scan {
	struct hosts_entry *entries;
	size_t n_entries;
	size_t foreign; /* entry lines of others, those put out included */
	bool has_block;
	struct hosts_block block; /* ours */
	bool *in_block;		  /* per pin: our block holds it */
	bool *elsewhere;	  /* per pin: another line holds it */
	bool *contradicted;	  /* per pin: a line gives another address */
	size_t lf, crlf;	  /* endings counted */
};

/* Go once over the text.  Errors as diag_hosts_plan(). */
DIAG_MUST_USE
bool hosts_scan(struct diag_arena *arena, struct diag_slice text,
		const char *block, const struct hosts_pins *pins,
		struct hosts_scan *out, struct diag_err *err);

/* Next word of [*at, end): false at a comment, a NUL or the end. */
bool hosts_word(const char **at, const char *end, struct diag_slice *word);
/* Does this pair stand among the pins that begin with first? */
bool hosts_pins_has(const struct hosts_pins *p, uint32_t first,
		    const struct diag_addr *addr, size_t *which);

#endif
