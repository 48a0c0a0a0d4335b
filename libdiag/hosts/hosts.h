/* SPDX-License-Identifier: MIT */
/* hosts.h - hosts text: lines, edges, who wins, and lines that cannot work.
 *
 * Pure.  Source: hosts(5), glibc nss_files (a name on several lines gives all
 * their addresses of the family; a BOM makes the first line no entry; a name
 * with a trailing dot only answers the dotted spelling; an address with a zone
 * or with leading zeros is no address; a NUL ends the line), Windows (first
 * line wins).
 */
#ifndef DIAG_HOSTS_HOSTS_H
#define DIAG_HOSTS_HOSTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "net/addr.h"

#define DIAG_HOSTS_BYTES  ((size_t)64 << 20)
#define DIAG_HOSTS_LINES  ((size_t)4 << 20)
#define DIAG_HOSTS_FAULTS 65536 /* more are not kept */

/* One (name, address) pair that the system would use. */
struct diag_hosts_edge {
	const char *name; /* lower case; as written otherwise */
	struct diag_addr addr;
	unsigned line, column; /* from 1; column in bytes */
	bool canonical;	       /* first name of its line */
};

enum diag_hosts_fault_kind {
	DIAG_HOSTS_GLUED,	 /* address and name run together */
	DIAG_HOSTS_TRAILING_DOT, /* answers only the dotted spelling */
	DIAG_HOSTS_WRONG_SUFFIX, /* vaultcore for vault, a privatelink. name */
	DIAG_HOSTS_BAD_ADDRESS,
};

/* A line that was meant for a name and cannot work. */
struct diag_hosts_fault {
	enum diag_hosts_fault_kind kind;
	unsigned line, column;
	const char *meant; /* the name clients ask for, normalised, or NULL */
	const char *text;  /* one sentence */
	const char *corrected; /* the whole line as it should be */
};

struct diag_hosts {
	const struct diag_hosts_edge *edges; /* in file order */
	size_t n_edges;
	const struct diag_hosts_fault *faults; /* in file order */
	size_t n_faults;		       /* at most DIAG_HOSTS_FAULTS */
	const struct diag_hosts_index *index;  /* NULL: lookups walk edges */
};

/* Read hosts text (any bytes, any line ending) into the arena.  Borrows text
 * for the call.  A fault that another line of the file makes harmless is not
 * told.  Errors: DIAG_ELIMIT, DIAG_ENOMEM; strange bytes are never an error. */
DIAG_MUST_USE
bool diag_hosts_parse(struct diag_arena *arena, const char *text, size_t len,
		      struct diag_hosts *out, struct diag_err *err);

/* Make lookups fast for edges that came from elsewhere than a text. */
DIAG_MUST_USE
bool diag_hosts_make_index(struct diag_arena *arena, struct diag_hosts *h,
			   struct diag_err *err);

const char *diag_hosts_fault_key(enum diag_hosts_fault_kind k);
bool diag_hosts_fault_parse(const char *key, enum diag_hosts_fault_kind *out);

/* Who wins for a name under glibc's rule: the i-th edge that answers, or NULL
 * (call with i = 0, 1, … until NULL).  family DIAG_NOFAM: both.  name is lower
 * case; its final dot counts. */
const struct diag_hosts_edge *diag_hosts_lookup(const struct diag_hosts *h,
						const char *name,
						enum diag_family family,
						size_t i);

#endif
