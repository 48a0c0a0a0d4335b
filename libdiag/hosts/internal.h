/* SPDX-License-Identifier: MIT */
/* internal.h - what the files of this room share. */
#ifndef DIAG_HOSTS_INTERNAL_H
#define DIAG_HOSTS_INTERNAL_H

#include <stdint.h>

#include "base/cursor.h"
#include "hosts/hosts.h"
#include "net/fqdn.h"

/* A line that deserves a second, slow look. */
struct hosts_suspect {
	size_t at; /* offset of its first byte */
	unsigned line;
};

/* How the bytes of a line are classed (isspace(3) in the C locale). */
enum { HOSTS_WORD, HOSTS_BLANK, HOSTS_END };
extern const uint8_t hosts_class[256];

/* Next word of a line that ends at `end`; false at a comment, a NUL or the
 * end.  *at moves behind the word. */
bool hosts_next_word(const char **at, const char *end, struct diag_slice *word);

/* Does name have a label that only names of private zones have? */
bool hosts_name_suspicious(const char *name, size_t len);

/* The name clients ask when name is one of a private zone, or the zone's name
 * without its privatelink label where that is not what clients ask.  name is
 * normalised.  false: name is fine as it is, as far as the catalogue knows. */
bool hosts_client_name(const char *name, char out[DIAG_FQDN_MAX]);

/* word is an address and a name with no blank (or one that only looks like
 * it) between them. */
struct hosts_glued {
	struct diag_slice addr, name;
};
bool hosts_split_glued(struct diag_slice word, struct hosts_glued *out);

/* Is word meant to be an address, and which?  out is "ADDRESS" when nobody
 * can know. */
bool hosts_address_like(struct diag_slice word);
void hosts_repair_address(struct diag_slice word, char out[DIAG_ADDR_TEXT]);

/* What the first word of a line makes of the whole line. */
enum hosts_start_kind {
	HOSTS_START_FINE,  /* an address: only the names can be at fault */
	HOSTS_START_GLUED, /* address and name run together */
	HOSTS_START_BAD,   /* no address, but meant to be one */
	HOSTS_START_OTHER, /* no line of ours */
};

struct hosts_start {
	enum hosts_start_kind kind;
	const char *why;	      /* one sentence, of a line that is lost */
	struct diag_slice cut;	      /* replace this piece ... */
	char put[DIAG_ADDR_TEXT + 1]; /* ... by this */
	struct diag_slice drop;	      /* and leave this piece out; behind cut */
	const char *names;	      /* names begin here */
	const char *no_names;	      /* and end here */
};
void hosts_judge_start(const char *line, const char *end,
		       struct hosts_start *out);

/* Faults of the suspect lines into h, whose edges and index are complete. */
DIAG_MUST_USE
bool hosts_find_faults(struct diag_arena *arena, struct diag_slice text,
		       const struct hosts_suspect *suspects, size_t n,
		       struct diag_hosts *h, struct diag_err *err);

#endif
