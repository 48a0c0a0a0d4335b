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

#define DIAG_HOSTS_BYTES      ((size_t)64 << 20)
#define DIAG_HOSTS_LINES      ((size_t)4 << 20)
#define DIAG_HOSTS_FAULTS     65536 /* more are not kept */
#define DIAG_HOSTS_COLUMN_MAX 0x7fffffffU

/* One (name, address) pair that the system would use. */
struct diag_hosts_edge {
	const char *name;	      /* lower case; as written otherwise */
	const struct diag_addr *addr; /* edges may share it */
	unsigned line;		      /* from 1 */
	unsigned column : 31;	      /* from 1, in bytes */
	bool canonical : 1;	      /* first name of its line */
};

enum diag_hosts_fault_kind {
	DIAG_HOSTS_GLUED,	 /* address and name run together */
	DIAG_HOSTS_TRAILING_DOT, /* answers only the dotted spelling */
	DIAG_HOSTS_WRONG_SUFFIX, /* vaultcore for vault, a privatelink. name */
	DIAG_HOSTS_WILDCARD,	 /* '*': hosts files know none */
	DIAG_HOSTS_BAD_ADDRESS,
	DIAG_HOSTS_BAD_NAME, /* a URL, a comma, an invisible character … */
	DIAG_HOSTS_CONFLICT, /* one name, different addresses */
	DIAG_HOSTS_BOM,	     /* byte-order mark */
	DIAG_HOSTS_MIXED_ENDINGS,
	DIAG_HOSTS_NOT_UTF8,
	DIAG_HOSTS_NO_NEWLINE,	   /* at the end of the file */
	DIAG_HOSTS_TOO_MANY_NAMES, /* more than Windows reads */
	DIAG_HOSTS_OLD_FORM,	   /* notebook name without its region label */
};
#define DIAG_HOSTS_N_FAULT_KINDS (DIAG_HOSTS_OLD_FORM + 1)

enum diag_hosts_severity {
	DIAG_HOSTS_INFO,    /* works; good to know */
	DIAG_HOSTS_WARNING, /* may not do what was meant */
	DIAG_HOSTS_ERROR,   /* cannot work */
};

/* Bytes [at, at + len) of the text become put. */
struct diag_hosts_edit {
	size_t at, len;
	const char *put;
	size_t put_len;
};

struct diag_hosts_fault {
	enum diag_hosts_fault_kind kind;
	enum diag_hosts_severity severity;
	unsigned line, column; /* from 1; column in bytes */
	const char *meant; /* the name clients ask for, normalised, or NULL */
	const char *text;  /* one sentence, without a full stop */
	/* The whole line as it should be, without its end (several where one
	 * becomes several, with LF between), or NULL: nobody can know. */
	const char *corrected;
	/* What corrects it for certain, in text order; n_edits == 0: a person
	 * has to look.  Findings of one line share one array. */
	const struct diag_hosts_edit *edits;
	size_t n_edits;
};

struct diag_hosts {
	const struct diag_hosts_edge *edges; /* in file order */
	size_t n_edges;
	/* In file order, at most DIAG_HOSTS_FAULTS; those of lint.h that say
	 * of a known name that its line cannot work under Linux. */
	const struct diag_hosts_fault *faults;
	size_t n_faults;
	const struct diag_hosts_index *index; /* NULL: lookups walk edges */
};

/* Read hosts text (any bytes, any line ending) into the arena, which grows by
 * about twice the text.  Borrows text for the call.  A fault that another line
 * of the file makes harmless is not told.  Errors: DIAG_ELIMIT, DIAG_ENOMEM;
 * strange bytes are never an error. */
DIAG_MUST_USE
bool diag_hosts_parse(struct diag_arena *arena, const char *text, size_t len,
		      struct diag_hosts *out, struct diag_err *err);

/* Make lookups fast for edges that came from elsewhere than a text. */
DIAG_MUST_USE
bool diag_hosts_make_index(struct diag_arena *arena, struct diag_hosts *h,
			   struct diag_err *err);

const char *diag_hosts_fault_key(enum diag_hosts_fault_kind k);
bool diag_hosts_fault_parse(const char *key, enum diag_hosts_fault_kind *out);
const char *diag_hosts_severity_key(enum diag_hosts_severity s);

/* Who wins for a name under glibc's rule: the i-th edge that answers, or NULL
 * (call with i = 0, 1, … until NULL).  family DIAG_NOFAM: both.  name is lower
 * case; its final dot counts. */
const struct diag_hosts_edge *diag_hosts_lookup(const struct diag_hosts *h,
						const char *name,
						enum diag_family family,
						size_t i);

#endif
