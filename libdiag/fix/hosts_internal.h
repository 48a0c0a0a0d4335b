/* SPDX-License-Identifier: MIT */
/* hosts_internal.h - private to this room: how the planner of hosts files
 * sees a file (hosts_scan.c, hosts_marks.c, hosts_names.c) and what it makes
 * of it (hosts_plan.c, hosts_lines.c). */
#ifndef DIAG_FIX_HOSTS_INTERNAL_H
#define DIAG_FIX_HOSTS_INTERNAL_H

#include <stdint.h>
#include <string.h>

#include "base/cursor.h"
#include "fix/hosts.h"
#include "hosts/marks.h"

/* --- words ----------------------------------------------------------------
 */

/* Next word of [*at, end); false at a comment, a NUL or the end. */
static inline bool hosts_word(const char **at, const char *end,
			      struct diag_slice *word)
{
	const char *p = *at;

	while (p < end && diag_hosts_blank(*p))
		p++;
	word->p = p;
	while (p < end && !diag_hosts_blank(*p) && *p != '#' && *p != '\0')
		p++;
	word->len = (size_t)(p - word->p);
	*at = p;
	return word->len > 0;
}

static inline bool hosts_same(struct diag_slice a, struct diag_slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

/* --- names ----------------------------------------------------------------
 */

/* Somebody's word that a name has an address. */
struct hosts_claim {
	struct diag_slice name; /* any case; no dot at the end */
	struct diag_addr addr;
	unsigned line; /* 0: not from the file */
	struct diag_slice block;
	uint32_t next; /* of the same name, index + 1 */
};

struct hosts_names {
	struct hosts_claim *claims;
	size_t n;
	uint32_t *slots; /* index + 1 of a claim, 0: free */
	size_t mask;
	uint32_t ends[256]; /* per length: last bytes that names have */
};

/* Claims by name; takes the vector, which must not grow any more. */
DIAG_MUST_USE
bool hosts_names_make(struct diag_arena *arena, struct hosts_claim *claims,
		      size_t n, struct hosts_names *out);
/* First claim on this name, index + 1; 0: none.  ASCII case and one dot at
 * the end make no difference. */
uint32_t hosts_names_find(const struct hosts_names *names,
			  struct diag_slice word);
/* Index + 1 of the claim that says this address, from first on; or 0. */
uint32_t hosts_names_with(const struct hosts_names *names, uint32_t first,
			  const struct diag_addr *addr);

/* Where names may stand: hosts_filter.c. */
#define HOSTS_FILTER_WINDOW 32	      /* of each name the last bytes, at most */
#define HOSTS_FILTER_MANY   64	      /* names: of more of them half as many */
#define HOSTS_FILTER_KEY    8	      /* and at least */
#define HOSTS_FILTER_KEYS   32	      /* different ones of that length */
#define HOSTS_FILTER_STEPS  (1 << 15) /* three bytes of five bits */
struct hosts_filter {
	size_t window; /* bytes; 0: these names cannot be searched for */
	uint64_t keys[HOSTS_FILTER_KEYS];
	size_t n_keys;
	uint8_t steps[HOSTS_FILTER_STEPS];
};
/* false: some name is too short, or they have too many ends. */
bool hosts_filter_make(struct hosts_filter *f, const struct hosts_names *names);
/* May one of them stand in there? */
bool hosts_filter_may(const struct hosts_filter *f, struct diag_slice text);

/* --- the file -------------------------------------------------------------
 */

struct hosts_line {
	size_t at, len, ending; /* bytes; ending 0, 1 (LF) or 2 (CRLF) */
	unsigned number;
};

/* A line of somebody else that we may have to touch: one that contradicts our
 * pins, or one that was put out, with the rest that we left behind it. */
struct hosts_spot {
	struct hosts_line line;
	struct diag_slice body; /* as its owner wrote it */
	bool off;
	struct diag_slice owner; /* the block it was put out for */
	struct hosts_line rest;	 /* number 0: there is none */
};

struct hosts_block {
	struct diag_slice name;
	struct hosts_line first, last; /* the marks */
	bool bare;
	/* Behind it begins another block at once: the end of that mark, where
	 * DIAG_HOSTS_BARE goes; else 0. */
	size_t next_mark_end;
};

enum {
	HOSTS_SEEN = 1,		/* some line says this pin */
	HOSTS_SEEN_OUTSIDE = 2, /* a line outside of all blocks */
	HOSTS_IN_BLOCK = 4,	/* ours */
	HOSTS_CONTRADICTED = 8, /* a line gives the name another address */
};

struct hosts_scan {
	struct hosts_spot *spots; /* in file order */
	size_t n_spots;
	bool has_block;	 /* ours */
	bool block_same; /* it says our pins and nothing else */
	struct hosts_block block;
	struct hosts_claim *old; /* what our block said */
	size_t n_old;
	struct hosts_claim *others; /* what other blocks say */
	size_t n_others;
	uint8_t *seen;	   /* per pin */
	size_t foreign;	   /* entry lines outside of blocks */
	size_t lf, crlf;   /* endings of lines that are not ours */
	bool ends_bare;	   /* the last line has no newline */
	size_t ends_block; /* the ending of a block that stands last */
};

/* Go once over the text.  pins are claims on our names.  Errors as
 * diag_hosts_plan(). */
DIAG_MUST_USE
bool hosts_scan(struct diag_arena *arena, struct diag_slice text,
		const char *block, const struct hosts_names *pins,
		struct hosts_scan *out, struct diag_err *err);

/* --- the plan -------------------------------------------------------------
 */

struct hosts_planner {
	struct diag_arena *arena;
	struct diag_slice text, block;
	struct hosts_names pins;   /* what our block will say */
	struct hosts_names old;	   /* what it said */
	struct hosts_names others; /* what other blocks say */
	struct hosts_scan scan;
	struct diag_hosts_plan *out;
	struct diag_edit *edits;
	size_t n_edits;
	const char *eol; /* of new lines */
	bool failed;	 /* no memory */
};

/* Bytes [at, at + len) become put, unless they are that already. */
void hosts_edit(struct hosts_planner *p, size_t at, size_t len,
		struct diag_slice put);
/* Does an entry give one of these names an address that nobody claims for it?
 * Gives the first such claim, index + 1; or 0. */
uint32_t hosts_contradicts(struct diag_slice body,
			   const struct hosts_names *names);
/* Edits for a line of somebody else. */
void hosts_plan_spot(struct hosts_planner *p, const struct hosts_spot *spot);

#endif
