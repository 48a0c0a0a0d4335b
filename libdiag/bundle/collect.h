/* SPDX-License-Identifier: MIT */
/* collect.h - what of a machine is worth taking, as data.
 *
 * A collector is a file below collect/ and a row in collect.c: what it is
 * called, on which platform it stands, and its sources.  A source is a file,
 * some files, a program's output or the environment; each becomes one item,
 * machine/KEY/NAME.  What of a text is taken decides its pick: a list of keys,
 * all others stay where they are.  Nothing is opened or run here: that is the
 * business of tools/ (pl-bundle/take.h), which also keeps the list of what is
 * never taken (never.h).
 */
#ifndef DIAG_BUNDLE_COLLECT_H
#define DIAG_BUNDLE_COLLECT_H

#include "base/buf.h"
#include "base/cursor.h"
#include "bundle/bundle.h"

#define DIAG_COLLECT_MS	      10000u /* of one source; then it is given up */
#define DIAG_COLLECT_ALL_MS   60000u /* of all */
#define DIAG_COLLECT_CAP      ((size_t)256 << 10) /* bytes of an item */
#define DIAG_COLLECT_READ     ((size_t)8 << 20)	  /* bytes that are read */
#define DIAG_COLLECT_MATCHES  64		  /* files of one source */
#define DIAG_COLLECT_PATTERNS 16

enum diag_source_kind {
	DIAG_SOURCE_FILE,    /* the first path, as it is */
	DIAG_SOURCE_FILES,   /* all that fit, each below its name */
	DIAG_SOURCE_PROGRAM, /* what it says, out and error */
	DIAG_SOURCE_ENVIRON, /* this process's, a variable in each line */
};

struct diag_source;

/* What of a text is taken, put into out (whose failures are sticky).  false
 * with err (DIAG_EPARSE, DIAG_ENOMEM): it is not what it should be. */
typedef bool diag_pick_fn(const struct diag_source *s, struct diag_slice text,
			  struct diag_buf *out, struct diag_err *err);

struct diag_source {
	const char *item; /* its name below machine/KEY/; NULL ends the list */
	enum diag_source_kind kind;
	enum diag_item_sort sort;
	/* Absolute, '*' and '?' within a name (glob(7)); "~/" is the user's
	 * home.  Ends with NULL. */
	const char *const *paths;
	const char *const *argv; /* of a program; ends with NULL */
	diag_pick_fn *pick;	 /* NULL: all of it */
	const char *const *keys; /* that the pick takes; ends with NULL */
	size_t cap;		 /* bytes of the item; 0: DIAG_COLLECT_CAP */
	bool any_exit;		 /* what it says counts, however it ended */
};

struct diag_collector {
	const char *key;      /* "resolver" */
	const char *title;    /* one line for people */
	const char *platform; /* as in struct diag_machine: "linux" */
	const struct diag_source *sources;
	unsigned timeout_ms; /* of each source; 0: DIAG_COLLECT_MS */
};

size_t diag_collectors(const struct diag_collector *const **rows);

/* What remains of a text after its source's pick, with nothing in it that is
 * never taken; names and passwords in URLs are gone where there was a pick.
 * *why: a literal that says why nothing may be taken, else NULL.  out is
 * the caller's. */
DIAG_MUST_USE
bool diag_source_pick(const struct diag_source *s, struct diag_slice text,
		      struct diag_buf *out, const char **why,
		      struct diag_err *err);

/* How many of a text's first max bytes are whole lines: half a secret would be
 * known by no mask. */
size_t diag_source_cut(const char *text, size_t len, size_t max);

/* --- picks -----------------------------------------------------------------
 * Keys are compared without regard to case; a '*' at the end of one takes all
 * that begin with it. */

/* Lines "KEY value", "KEY=value", "KEY: value", after blanks. */
diag_pick_fn diag_pick_lines;
/* Such lines of an INI file below their "[section]"; keys "section.key". */
diag_pick_fn diag_pick_ini;
/* Firefox' user_pref("key", value); lines. */
diag_pick_fn diag_pick_prefs;
/* Members of a JSON object; "a.b" is b in a.  Gives an object. */
diag_pick_fn diag_pick_json;
/* Contents of XML elements, whatever is around them. */
diag_pick_fn diag_pick_tags;
/* Lines of ss(8) with one of the local ports named by keys. */
diag_pick_fn diag_pick_ports;
/* Certificates, PEM or DER: whose they are, no keys, no PEM. */
diag_pick_fn diag_pick_certs;

#endif
